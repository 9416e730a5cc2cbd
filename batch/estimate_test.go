package batch_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

var epoch = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestNoEstimateWithoutEvidence(t *testing.T) {
	e := batch.NewEstimator(epoch)
	for i := 1; i <= 4; i++ {
		e.Done(epoch.Add(time.Duration(i) * time.Second))
		assert.Nil(t, e.Estimate(100, epoch.Add(time.Duration(i)*time.Second)))
	}
	e.Done(epoch.Add(5 * time.Second))
	assert.NotNil(t, e.Estimate(100, epoch.Add(5*time.Second)))
	assert.Nil(t, e.Estimate(0, epoch.Add(5*time.Second)), "nothing is left to estimate")
}

func TestSteadyThroughputGivesANarrowEstimate(t *testing.T) {
	e := batch.NewEstimator(epoch)
	now := epoch
	for range 1000 {
		now = now.Add(100 * time.Millisecond)
		e.Done(now)
	}
	got := e.Estimate(500, now)
	assert.InDelta(t, 50, got.Remaining.Seconds(), 0.5)
	assert.InDelta(t, got.Low.Seconds(), got.High.Seconds(), 1)
}

func TestVaryingThroughputWidensTheEstimate(t *testing.T) {
	width := func(jitter float64) time.Duration {
		r := rand.New(rand.NewPCG(1, 2))
		e, now := batch.NewEstimator(epoch), epoch
		for range 200 {
			now = now.Add(time.Duration((1 + jitter*(r.Float64()*2-1)) * float64(time.Second)))
			e.Done(now)
		}
		got := e.Estimate(200, now)
		assert.LessOrEqual(t, got.Low, got.Remaining)
		assert.LessOrEqual(t, got.Remaining, got.High)
		return got.High - got.Low
	}
	assert.Greater(t, width(0.9), 2*width(0.2))
}

func TestEstimatorStaysSmall(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch
	for range 100_000 {
		now = now.Add(time.Millisecond)
		e.Done(now)
	}
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	assert.Less(t, len(raw), 2000)
	var back batch.Estimator
	require.NoError(t, json.Unmarshal(raw, &back))
	assert.Equal(t, e.Estimate(10, now), back.Estimate(10, now))
	assert.InDelta(t, 1.0, e.Estimate(1000, now).Remaining.Seconds(), 0.05)
}

func TestAStallLengthensTheEstimate(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch
	for range 20 {
		now = now.Add(time.Second)
		e.Done(now)
	}
	before, after := e.Estimate(10, now), e.Estimate(10, now.Add(5*time.Minute))
	assert.Greater(t, after.Remaining, 2*before.Remaining)
	assert.Greater(t, after.High-after.Low, before.High-before.Low)
}

func TestAStallOfTheLastDocumentLengthensTheEstimateOfALargeBatch(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch
	for range 9999 {
		now = now.Add(time.Second)
		e.Done(now)
	}
	got := e.Estimate(1, now.Add(5*time.Minute))
	assert.Greater(t, got.Remaining, 4*time.Minute)
	assert.Greater(t, got.High, 15*time.Minute)
	assert.InDelta(t, 33, got.Low.Seconds(), 5, "it may end soon")
}

func TestAReportOfManyDocumentsIsSpreadOverItsTime(t *testing.T) {
	one, many := batch.NewEstimator(epoch), batch.NewEstimator(epoch)
	now := epoch
	for range 30 {
		for range 20 {
			now = now.Add(time.Second)
			one.Done(now)
		}
		many.DoneN(now, 20)
	}
	assert.Equal(t, one.Blocks, many.Blocks)
	got := many.Estimate(100, now)
	assert.InDelta(t, 100, got.Remaining.Seconds(), 5)
	assert.Equal(t, got.Remaining, many.Estimate(100, now.Add(time.Second)).Remaining+time.Second, "between two reports time just passes")
	assert.InDelta(t, 80, many.Estimate(100, now.Add(20*time.Second)).Remaining.Seconds(), 5, "it is no stall")
}

func TestReportsOfManyDocumentsLeaveTheIntervalWide(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	one, many := batch.NewEstimator(epoch), batch.NewEstimator(epoch)
	now := epoch
	for range 40 {
		for range 25 {
			now = now.Add(time.Duration(r.ExpFloat64() * float64(time.Second)))
			one.Done(now)
		}
		many.DoneN(now, 25)
	}
	width := func(e *batch.Estimator) float64 {
		got := e.Estimate(1000, now)
		return (got.High - got.Low).Seconds()
	}
	assert.InEpsilon(t, width(one), width(many), 0.4)
}

func TestTimePausedIsNoEvidence(t *testing.T) {
	straight, paused := batch.NewEstimator(epoch), batch.NewEstimator(epoch)
	now, later := epoch, epoch
	for i := range 50 {
		if i == 20 {
			paused.Pause(later)
			later = later.Add(time.Hour)
			paused.Resume(later)
		}
		now, later = now.Add(time.Second), later.Add(time.Second)
		straight.Done(now)
		paused.Done(later)
	}
	assert.Equal(t, straight.Blocks, paused.Blocks)
	assert.Equal(t, straight.Estimate(50, now.Add(time.Second)), paused.Estimate(50, later.Add(time.Second)))
}

func TestAPauseKeepsTheEstimateBackAndSurvivesSerialisation(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch
	for range 20 {
		now = now.Add(time.Second)
		e.Done(now)
	}
	before := e.Estimate(10, now)
	e.Pause(now)
	e.Pause(now.Add(time.Minute)) // again: it is paused since the first time
	raw, err := json.Marshal(e)
	require.NoError(t, err)
	var back batch.Estimator
	require.NoError(t, json.Unmarshal(raw, &back))
	now = now.Add(time.Hour)
	assert.Nil(t, back.Estimate(10, now))
	back.Resume(now)
	back.Resume(now.Add(time.Hour)) // again: it goes on since the first time
	assert.Equal(t, before, back.Estimate(10, now))
}

func TestDocumentsThatEndInAPauseCountAsOfItsBeginning(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch
	for range 20 {
		now = now.Add(time.Second)
		e.Done(now)
	}
	e.Pause(now.Add(time.Second))
	e.DoneN(now.Add(10*time.Minute), 2)
	e.Resume(now.Add(time.Hour))
	var total time.Duration
	for _, d := range e.Blocks {
		total += d
	}
	assert.Equal(t, 21*time.Second, total)
	assert.Equal(t, now.Add(time.Hour), e.LastAt)
}

func TestAnEarlierPaceIsForgotten(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch
	for i := range 600 {
		took := time.Second
		if i >= 400 {
			took = 3 * time.Second
		}
		now = now.Add(took)
		e.Done(now)
	}
	got := e.Estimate(100, now)
	assert.InDelta(t, 300, got.Remaining.Seconds(), 10)
	assert.Less(t, got.High-got.Low, 60*time.Second)
}

func TestTheStartOfAWorkerIsNoEvidence(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch.Add(30*time.Second)
	for range 50 {
		e.Done(now)
		now = now.Add(time.Second)
	}
	assert.InDelta(t, 20, e.Estimate(20, now).Remaining.Seconds(), 2)
}

func TestProgressIsBroughtUpToNow(t *testing.T) {
	e, now := batch.NewEstimator(epoch), epoch
	for range 10 {
		now = now.Add(time.Second)
		e.Done(now)
	}
	p := batch.Progress{Counts: batch.Counts{Total: 20, Completed: 10, Pending: 10}, StartedAt: epoch, Evidence: e, DoneHere: 10}
	assert.InDelta(t, 1.0, p.At(now).Rate, 1e-9)
	assert.InDelta(t, 0.5, p.At(now.Add(10*time.Second)).Rate, 1e-9)
	p.FinishedAt = &now
	assert.Nil(t, p.At(now).ETA, "a batch that has ended needs no estimate")
}
