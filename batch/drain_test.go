package batch_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

// varying changes how fast documents are read as a batch goes on: by half up or down,
// from one eighth of it to the next.
func varying(d durations) durations {
	draw := d.draw
	speeds := []float64{1, 1.3, 0.8, 1.1, 0.7, 1.2, 0.9, 1}
	d.draw = func(r *rand.Rand, i, n int) float64 { return draw(r, i, n) * speeds[8*i/n] }
	return d
}

// ran is a document's time from its beginning to its end.
type ran struct{ began, ended float64 }

// simulateRuns is simulate with when each document began, by the order of ends.
func simulateRuns(r *rand.Rand, d durations, n, w int) []ran {
	free := make([]float64, w)
	runs := make([]ran, n)
	for i := range runs {
		next := 0
		for j := range free {
			if free[j] < free[next] {
				next = j
			}
		}
		runs[i] = ran{free[next], free[next] + d.draw(r, i, n)}
		free[next] = runs[i].ended
	}
	slices.SortFunc(runs, func(a, b ran) int {
		if a.ended < b.ended {
			return -1
		}
		return 1
	})
	return runs
}

// kinds of batches, as progress tells of them after done of their documents.
var evidence = map[string]func(runs []ran, done int) batch.Progress{
	"no scans": func(runs []ran, done int) batch.Progress { return progressOf(runs, done, batch.StageExtract) },
	"scans": func(runs []ran, done int) batch.Progress {
		p := progressOf(runs, done, batch.StageOCR)
		p.InWork = &batch.InWork{Scans: len(runs) - done, Ended: done}
		return p
	},
	"scans, none ended": func(runs []ran, done int) batch.Progress {
		p := progressOf(runs, done, batch.StageOCR)
		p.InWork = &batch.InWork{Scans: len(runs), Stages: p.Stages}
		p.Stages, p.Evidence = nil, batch.NewEstimator(epoch)
		p.Counts = batch.Counts{Total: len(runs), Running: len(runs)}
		return p
	},
}

func progressOf(runs []ran, done int, s batch.Stage) batch.Progress {
	p := batch.Progress{
		Counts:    batch.Counts{Total: len(runs), Completed: done, Running: min(20, len(runs)-done)},
		StartedAt: epoch, Evidence: batch.NewEstimator(epoch),
	}
	p.Counts.Pending = len(runs) - done - p.Counts.Running
	sum := batch.StageProgress{Stage: s, Documents: done}
	for _, r := range runs[:done] {
		took := time.Duration((r.ended - r.began) * float64(time.Minute))
		sum.Total, sum.Slowest = sum.Total+took, max(sum.Slowest, took)
		p.Evidence.Done(minutes(r.ended))
	}
	p.Stages = []batch.StageProgress{sum}
	return p
}

// How often batches end within the bounds that they were given when 25, 50 and 75 % of
// their documents were done, and how wide those are; -v shows the table.
func TestBoundsHoldWhateverRunsAtOnce(t *testing.T) {
	t.Parallel()
	widest := map[int]float64{30: 3.5, 120: 1.75} // median, in times that remained
	for _, c := range []struct {
		name string
		took durations
	}{
		{"exponential", exponential}, {"log-normal, sigma 1", logNormal(1)}, {"log-normal, sigma 0.3", logNormal(0.3)},
		{"exponential, varying", varying(exponential)}, {"log-normal, sigma 1, varying", varying(logNormal(1))},
	} {
		for _, kind := range []string{"no scans", "scans", "scans, none ended"} {
			for _, n := range []int{30, 120} {
				for _, w := range []int{1, 4, 8} {
					line := fmt.Sprintf("%-28s %-17s n=%3d %d at once", c.name, kind, n, w)
					for _, quarter := range []int{1, 2, 3} {
						got := bounded(c.took, evidence[kind], n, w, n*quarter/4)
						line += fmt.Sprintf(" | %d %%: %2.0f %% (%2.0f above) width %.2f mid %.2f", 25*quarter, got.within, got.above, got.width, got.middle)
						what := fmt.Sprintf("%s, %s, %d of %d, %d at once", c.name, kind, n*quarter/4, n, w)
						assert.GreaterOrEqual(t, got.within, 70.0, what)
						assert.LessOrEqual(t, got.width, widest[n], what)
					}
					t.Log(line)
				}
			}
		}
	}
}

// bound is coverage with the median of Remaining over the time that remained.
type bound struct {
	coverage
	middle float64
}

func bounded(d durations, tell func([]ran, int) batch.Progress, n, w, done int) (got bound) {
	const batches = 300
	var widths, middles []float64
	for i := range batches {
		runs := simulateRuns(rand.New(rand.NewPCG(uint64(n), uint64(i))), d, n, w)
		now, end := runs[done-1].ended, runs[n-1].ended
		eta := tell(runs, done).At(minutes(now)).ETA
		if eta == nil {
			continue
		}
		left := end - now
		switch {
		case left > eta.High.Minutes():
			got.above++
		case left >= eta.Low.Minutes():
			got.within++
		}
		widths = append(widths, (eta.High-eta.Low).Minutes()/left)
		middles = append(middles, eta.Remaining.Minutes()/left)
	}
	if len(widths) == 0 {
		return got
	}
	slices.Sort(widths)
	slices.Sort(middles)
	got.within *= 100 / float64(len(widths))
	got.above *= 100 / float64(len(widths))
	got.width, got.middle = widths[len(widths)/2], middles[len(middles)/2]
	return got
}
