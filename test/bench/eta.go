package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/caseload/caseload/batch"
)

const (
	etaBatches = 30
	etaRows    = 150
	etaTarget  = 0.7
	etaEvery   = 50 * time.Millisecond
	etaSeed    = 100 // of the first batch's documents
)

// quartiles are the shares of a batch at which its ETA is looked at, in percent.
var quartiles = []float64{25, 50, 75}

// forecast is an ETA with what came true. Times are in seconds from when it was
// asked for.
type forecast struct {
	percent        float64 // of the batch that was done
	known          bool    // an estimate was given
	low, mid, high float64
	truth          float64
}

func (f forecast) holds() bool { return f.known && f.low <= f.truth && f.truth <= f.high }

// eta looks how often the true end of a batch lies within its ETA's bounds.
func eta(ctx context.Context, r *rig) (result, error) {
	batches, rows := r.times(r.size(etaBatches, 3)), r.size(etaRows, 20)
	byQuartile := make([][]forecast, len(quartiles))
	err := r.withSite(ctx, "site", func(s *site) error {
		w, err := s.realWorker()
		if err != nil {
			return err
		}
		return w.during(ctx, func(ctx context.Context) error {
			for i := range batches + 1 {
				fs, err := s.etaRun(ctx, etaSeed+uint64(i), rows)
				if err != nil {
					return err
				}
				if i == 0 {
					continue // warmed up
				}
				for q, f := range fs {
					byQuartile[q] = append(byQuartile[q], f)
				}
				r.say("batch %d of %d: %s", i, batches, outcomes(fs))
			}
			return nil
		})
	})
	if err != nil {
		return result{}, err
	}
	var all []forecast
	for _, fs := range byQuartile {
		all = append(all, fs...)
	}
	res := newResult(coverage(all), "share of bounds that held", atLeast, etaTarget)
	res.about = fmt.Sprintf(`%d batches of %d generated documents each, of log-normal length, every batch of other documents, on the worker program with its defaults.
The progress query is asked every %s; the first answer at or after 25, 50 and 75 %% counts, and so does none (as missed).
The end is when the batch's result is there. The ETA's bounds mean to hold in 80 %% of the cases.`, batches, rows, etaEvery)
	res.table.header = []any{"at", "held", "ended sooner", "ended later", "none given", "width, s", "width / time left", "error of the estimate / time left"}
	for q, fs := range byQuartile {
		res.table.add(etaRow(fmt.Sprintf("%g %%", quartiles[q]), fs)...)
		res.Sides[fmt.Sprintf("at_%g", quartiles[q])] = etaSide(fs)
	}
	res.table.add(etaRow("all", all)...)
	res.Sides["all"] = etaSide(all)
	return res, nil
}

// etaRun runs a batch of documents of its own, and answers its forecasts at the
// quartiles.
func (s *site) etaRun(ctx context.Context, seed uint64, rows int) ([]forecast, error) {
	files, err := s.generated(ctx, seed, rows)
	if err != nil {
		return nil, err
	}
	in, err := s.register(ctx, spec{name: "eta", priority: batch.PriorityNormal, rows: rowsOf(files)})
	if err != nil {
		return nil, err
	}
	wait, err := s.start(ctx, in)
	if err != nil {
		return nil, err
	}
	var asked []time.Time
	var fs []forecast
	err = poll(ctx, etaEvery, func() (bool, error) {
		p, err := s.batches.Progress(ctx, in.ID)
		at := time.Now()
		for err == nil && len(fs) < len(quartiles) && p.Percent >= quartiles[len(fs)] {
			f := forecast{percent: p.Percent}
			if p.ETA != nil {
				f.known, f.low, f.mid, f.high = true, p.ETA.Low.Seconds(), p.ETA.Remaining.Seconds(), p.ETA.High.Seconds()
			}
			asked, fs = append(asked, at), append(fs, f)
		}
		return len(fs) == len(quartiles), err
	})
	if err != nil {
		return nil, err
	}
	if _, err := wait(); err != nil {
		return nil, err
	}
	end := time.Now()
	for i := range fs {
		fs[i].truth = end.Sub(asked[i]).Seconds()
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			return nil, err
		}
	}
	return fs, nil
}

func outcomes(fs []forecast) string {
	text := ""
	for _, f := range fs {
		text += fmt.Sprintf(" at %.0f %%: %s to %s s, in truth %s", f.percent, number(f.low), number(f.high), number(f.truth))
	}
	return text[1:]
}

// coverage is the share of forecasts that held.
func coverage(fs []forecast) float64 { return share(fs, forecast.holds) }

func share(fs []forecast, of func(forecast) bool) float64 {
	if len(fs) == 0 {
		return 0
	}
	n := 0
	for _, f := range fs {
		if of(f) {
			n++
		}
	}
	return float64(n) / float64(len(fs))
}

func sooner(f forecast) bool { return f.known && f.truth < f.low }
func later(f forecast) bool  { return f.known && f.truth > f.high }
func none(f forecast) bool   { return !f.known }

// widths are the mean width of the bounds, in seconds and relative to the time
// that was left, and the mean error of the estimate, relative to it.
func widths(fs []forecast) (seconds, relative, wrong float64) {
	n := 0.0
	for _, f := range fs {
		if !f.known || f.truth <= 0 {
			continue
		}
		n++
		seconds += f.high - f.low
		relative += (f.high - f.low) / f.truth
		wrong += max(f.mid-f.truth, f.truth-f.mid) / f.truth
	}
	if n == 0 {
		return 0, 0, 0
	}
	return seconds / n, relative / n, wrong / n
}

func etaRow(name string, fs []forecast) []any {
	width, relative, wrong := widths(fs)
	return []any{name, number(coverage(fs)), number(share(fs, sooner)), number(share(fs, later)), number(share(fs, none)),
		number(width), number(relative), number(wrong)}
}

func etaSide(fs []forecast) map[string]any {
	width, relative, wrong := widths(fs)
	return map[string]any{
		"forecasts": len(fs), "held": rounded(coverage(fs)), "ended_sooner": rounded(share(fs, sooner)), "ended_later": rounded(share(fs, later)),
		"none_given": rounded(share(fs, none)), "width_seconds": rounded(width), "relative_width": rounded(relative), "relative_error": rounded(wrong),
	}
}
