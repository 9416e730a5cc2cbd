package batch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestRatesLeaveOutPauses(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	e := batch.NewEstimator(start)
	p := batch.Progress{Status: batch.StatusRunning, StartedAt: start, Evidence: e, DoneHere: 60, PagesHere: 120}
	e.Pause(start.Add(time.Minute))
	assert.InDelta(t, 1, p.At(start.Add(time.Hour)).Rate, 1e-9, "it does not fall in a pause")
	e.Resume(start.Add(time.Hour))
	p = p.At(start.Add(time.Hour + time.Minute))
	assert.InDelta(t, 0.5, p.Rate, 1e-9)
	assert.InDelta(t, 1, p.PageRate, 1e-9)
}
