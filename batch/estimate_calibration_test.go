package batch_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

// How often a batch ends within the bounds that it was given when 25, 50 and 75 %
// of its documents were done; -v shows the table. Batches are simulated: each document goes to the first of w processes that is
// free, and the estimator hears of nothing but its end. Durations are in units of
// their mean. The seeds are fixed.
func TestEstimatesAreCalibrated(t *testing.T) {
	t.Parallel()
	sizes := []int{50, 200, 1000, 5000}
	const most = 92.0 // percent
	for _, c := range []struct {
		name      string
		took      durations
		processes []int
		least     []float64 // percent, by size; 80 is aimed at
	}{
		{"exponential", exponential, []int{2, 4}, []float64{80, 80, 80, 75}},
		{"log-normal, sigma 1", logNormal(1), []int{2, 4}, []float64{72, 75, 78, 78}},
		// What completions do not tell costs coverage: how many documents are in
		// work, and how long those take that end last.
		{"exponential", exponential, []int{8, 16}, []float64{30, 40, 60, 72}},
		{"log-normal, sigma 1", logNormal(1), []int{8, 16}, []float64{10, 15, 40, 60}},
		{"log-normal, sigma 2", logNormal(2), []int{2, 4}, []float64{35, 45, 60, 60}},
		{"2 % take 50 times as long", fewLong, []int{2, 4}, []float64{30, 18, 65, 80}},
		{"folders of 25 alike", folders(), []int{2, 4}, []float64{35, 35, 65, 78}},
		{"reported by 25", inReports(logNormal(1)), []int{2, 4}, []float64{30, 55, 72, 80}},
		{"workers start late", late(logNormal(1)), []int{2, 4}, []float64{60, 75, 75, 80}},
		// A change of pace is seen afterwards.
		{"half as fast from the middle on", paced(2), []int{2, 4}, []float64{40, 24, 18, 25}},
		{"twice as fast from the middle on", paced(0.5), []int{2, 4}, []float64{45, 14, 18, 25}},
	} {
		for _, w := range c.processes {
			line := fmt.Sprintf("%-32s %2d at once", c.name, w)
			for i, n := range sizes {
				got := calibrate(c.took, n, w)
				line += fmt.Sprintf(" | n=%d: %2.0f %% (%2.0f above) width %.2f", n, got.within, got.above, got.width)
				assert.GreaterOrEqual(t, got.within, c.least[i], "%s, %d of %d at once", c.name, n, w)
				assert.LessOrEqual(t, got.within, most, "%s, %d of %d at once", c.name, n, w)
			}
			t.Log(line)
		}
	}
}

func TestTheIntervalNarrowsAsBatchesGrow(t *testing.T) {
	t.Parallel()
	last := math.Inf(1)
	for _, n := range []int{50, 200, 1000, 5000} {
		width := calibrate(logNormal(1), n, 4).width
		assert.Less(t, width, last*0.7)
		last = width
	}
	assert.Less(t, last, 0.15)
}

// durations is how long documents take; report is how many are reported at once,
// and start the time until the first begins.
type durations struct {
	draw   func(r *rand.Rand, i, n int) float64
	report int
	start  float64
}

var exponential = durations{draw: func(r *rand.Rand, _, _ int) float64 { return r.ExpFloat64() }}

func logNormal(sigma float64) durations {
	return durations{draw: func(r *rand.Rand, _, _ int) float64 { return math.Exp(sigma*r.NormFloat64() - sigma*sigma/2) }}
}

var fewLong = durations{draw: func(r *rand.Rand, _, _ int) float64 {
	took := math.Exp(0.5*r.NormFloat64() - 0.125)
	if r.Float64() < 0.02 {
		took *= 50
	}
	return took / 1.98
}}

func folders() durations {
	folder := 1.0
	return durations{draw: func(r *rand.Rand, i, _ int) float64 {
		if i%25 == 0 {
			folder = math.Exp(r.NormFloat64() - 0.5)
		}
		return folder * math.Exp(0.7*r.NormFloat64()-0.245)
	}}
}

func paced(later float64) durations {
	return durations{draw: func(r *rand.Rand, i, n int) float64 {
		took := logNormal(1).draw(r, i, n)
		if i >= n/2 {
			took *= later
		}
		return took
	}}
}

func inReports(d durations) durations {
	d.report = 25
	return d
}

func late(d durations) durations {
	d.start = 10
	return d
}

// coverage is in percent; width is the median of High - Low over the time that
// remained.
type coverage struct{ within, above, width float64 }

func calibrate(d durations, n, w int) (got coverage) {
	batches := max(40, min(200, 60_000/n))
	var widths []float64
	for i := range batches {
		r := rand.New(rand.NewPCG(uint64(n), uint64(i)))
		ends := simulate(r, d, n, w)
		e, told := batch.NewEstimator(epoch), 0
		for _, quarter := range []int{1, 2, 3} {
			done := n * quarter / 4
			for report := max(d.report, 1); told+report <= done; {
				told += report
				e.DoneN(after(ends[told-1]), report)
			}
			now := ends[done-1] + r.Float64()*(ends[done]-ends[done-1])
			estimate := e.Estimate(n-told, after(now))
			if estimate == nil {
				continue
			}
			remained := ends[n-1] - now
			switch {
			case remained > estimate.High.Seconds():
				got.above++
			case remained >= estimate.Low.Seconds():
				got.within++
			}
			widths = append(widths, (estimate.High-estimate.Low).Seconds()/remained)
		}
	}
	slices.Sort(widths)
	got.within *= 100 / float64(len(widths))
	got.above *= 100 / float64(len(widths))
	got.width = widths[len(widths)/2]
	return got
}

func after(s float64) time.Time { return epoch.Add(time.Duration(s * float64(time.Second))) }

// simulate is the times, in order, at which the documents of a batch end that w
// processes work on.
func simulate(r *rand.Rand, d durations, n, w int) []float64 {
	free := make([]float64, w)
	for i := range free {
		free[i] = d.start
	}
	ends := make([]float64, n)
	for i := range ends {
		next := 0
		for j := range free {
			if free[j] < free[next] {
				next = j
			}
		}
		free[next] += d.draw(r, i, n)
		ends[i] = free[next]
	}
	slices.Sort(ends)
	return ends
}
