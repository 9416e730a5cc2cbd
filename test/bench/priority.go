package main

import (
	"context"
	"fmt"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

const (
	priorityLow    = 1000
	priorityHigh   = 20
	priorityTurns  = 3 // of each: arrivals on the idle system, then on the loaded one
	arrivals       = 4 // in a turn, on each side
	priorityTarget = 1.3
	lowShareTarget = 0.05

	priorityLowSeed  = 1
	priorityHighSeed = 2
)

// span is a time during which an urgent batch ran.
type span struct{ from, to time.Time }

func (s span) seconds() float64 { return s.to.Sub(s.from).Seconds() }

// priority compares an urgent batch's time on a loaded system with its time on
// an idle one, and what it leaves to the load.
func priority(ctx context.Context, r *rig) (result, error) {
	low, err := r.generated(ctx, priorityLowSeed, r.size(priorityLow, 60))
	if err != nil {
		return result{}, err
	}
	high, err := r.generated(ctx, priorityHighSeed, r.size(priorityHigh, 5))
	if err != nil {
		return result{}, err
	}
	var idle, loaded, shares, rates []float64
	err = r.withSite(ctx, "site", func(s *site) error {
		w, err := s.realWorker()
		if err != nil {
			return err
		}
		return w.during(ctx, func(ctx context.Context) error {
			if _, err := s.urgent(ctx, high); err != nil { // warms up
				return err
			}
			for i := range r.times(priorityTurns) {
				var alone []float64
				for range arrivals {
					sp, err := s.urgent(ctx, high)
					if err != nil {
						return err
					}
					alone = append(alone, sp.seconds())
				}
				t, err := s.loadedTurn(ctx, low, high)
				if err != nil {
					return err
				}
				idle, loaded = append(idle, alone...), append(loaded, t.urgent...)
				shares, rates = append(shares, t.share), append(rates, t.rate)
				r.say("turn %d: %d urgent documents idle %s s, loaded %s s; the load kept %s of its %s documents/s",
					i+1, len(high), spreadOf(alone), spreadOf(t.urgent), number(t.share), number(t.rate))
			}
			return nil
		})
	})
	if err != nil {
		return result{}, err
	}
	share := spreadOf(shares)
	res := newResult(spreadOf(loaded).median/spreadOf(idle).median, "ratio", atMost, priorityTarget)
	res.Holds = res.Holds && share.median >= lowShareTarget
	res.about = fmt.Sprintf(`the time of a batch of %d documents at priority high, on the idle system and while a batch of %d at priority low runs.
Generated documents, each batch in a project of its own; one worker program with its defaults serves all queues.
In turns: %d arrivals on the idle system, then %d at intervals on the loaded one, from when a twentieth of the low batch is done.
Timed from the start of the urgent batch's workflow to its result. The value is the ratio of the medians.
The load's rate counts its documents by when they ended: while an urgent batch ran, and while none did.`, len(high), len(low), arrivals, arrivals)
	res.table.header = []any{"side", "urgent batch, s", "low batch, documents/s", "share that it keeps"}
	res.table.add("idle", spreadOf(idle), "", "")
	res.table.add("loaded", spreadOf(loaded), spreadOf(rates), share)
	res.notes = []string{fmt.Sprintf("the low batch keeps %s of its rate while an urgent one runs (median); target: at least %s", number(share.median), number(lowShareTarget))}
	res.Sides["idle_seconds"], res.Sides["loaded_seconds"] = spreadOf(idle), spreadOf(loaded)
	res.Sides["low_share"], res.Sides["low_share_target"], res.Sides["low_documents_per_second"] = share, lowShareTarget, spreadOf(rates)
	return res, nil
}

// urgent runs a batch of high priority and answers when it ran.
func (s *site) urgent(ctx context.Context, files []string) (span, error) {
	in, err := s.register(ctx, spec{name: "urgent", priority: batch.PriorityHigh, rows: rowsOf(files)})
	if err != nil {
		return span{}, err
	}
	from := time.Now()
	_, err = s.complete(ctx, in)
	return span{from, time.Now()}, err
}

// loadedTurn is what several urgent batches took during one low batch.
type loadedTurn struct {
	urgent []float64 // seconds
	rate   float64   // of the low batch while no urgent one ran, documents per second
	share  float64   // of that rate that it kept meanwhile
}

func (s *site) loadedTurn(ctx context.Context, low, high []string) (t loadedTurn, err error) {
	in, err := s.register(ctx, spec{name: "load", priority: batch.PriorityLow, rows: rowsOf(low)})
	if err != nil {
		return t, err
	}
	wait, err := s.start(ctx, in)
	if err != nil {
		return t, err
	}
	steady := in.Rows / 20
	if err := s.awaitEnded(ctx, in.ID, steady); err != nil {
		return t, err
	}
	from := time.Now()
	var spans []span
	for i := range arrivals {
		// Evenly over the first part of the low batch, which outlasts them all.
		if err := s.awaitEnded(ctx, in.ID, steady+i*in.Rows/(2*arrivals)); err != nil {
			return t, err
		}
		sp, err := s.urgent(ctx, high)
		if err != nil {
			return t, err
		}
		spans = append(spans, sp)
		t.urgent = append(t.urgent, sp.seconds())
	}
	now, err := s.store.Tally(ctx, in.ID)
	if err != nil {
		return t, err
	}
	if now.Counts.Pending < in.Rows/20 {
		return t, errNotLoaded
	}
	if _, err := wait(); err != nil {
		return t, err
	}
	rows, err := s.store.Rows(ctx, in.ID, store.RowFilter{})
	if err != nil {
		return t, err
	}
	ends := make([]time.Time, len(rows))
	for i, r := range rows {
		ends[i] = r.FinishedAt
	}
	inside, outside := ratesOf(ends, spans, from)
	t.rate = outside
	if outside > 0 {
		t.share = inside / outside
	}
	return t, nil
}

// ratesOf is how many of ends there are a second inside the spans, and outside
// them, between from and the last of ends.
func ratesOf(ends []time.Time, spans []span, from time.Time) (inside, outside float64) {
	to := from
	in, out := 0, 0
	for _, e := range ends {
		if e.Before(from) {
			continue
		}
		if e.After(to) {
			to = e
		}
		if within(e, spans) {
			in++
		} else {
			out++
		}
	}
	var held float64
	for _, s := range spans {
		held += s.seconds()
	}
	if rest := to.Sub(from).Seconds() - held; rest > 0 {
		outside = float64(out) / rest
	}
	if held > 0 {
		inside = float64(in) / held
	}
	return inside, outside
}

func within(t time.Time, spans []span) bool {
	for _, s := range spans {
		if !t.Before(s.from) && t.Before(s.to) {
			return true
		}
	}
	return false
}

// awaitEnded waits until n documents of a batch have ended, by the store.
func (s *site) awaitEnded(ctx context.Context, id string, n int) error {
	return poll(ctx, pollEvery, func() (bool, error) {
		t, err := s.store.Tally(ctx, id)
		return err == nil && t.Counts.Done() >= n, err
	})
}
