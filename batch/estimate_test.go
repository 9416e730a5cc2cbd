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
	assert.InDelta(t, got.Low.Seconds(), got.High.Seconds(), 0.5)
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
