package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAForecastHoldsWithinItsBounds(t *testing.T) {
	t.Parallel()
	f := forecast{known: true, low: 2, mid: 4, high: 6}
	for truth, want := range map[float64]bool{1.9: false, 2: true, 6: true, 6.1: false} {
		f.truth = truth
		assert.Equal(t, want, f.holds(), "%g", truth)
	}
	assert.False(t, forecast{low: 0, high: 9, truth: 5}.holds(), "an estimate that was not given holds never")
}

func TestCoverageCountsMissingForecastsAsMissed(t *testing.T) {
	t.Parallel()
	fs := []forecast{
		{known: true, low: 1, high: 3, truth: 2},
		{known: true, low: 1, high: 3, truth: 4},
		{known: true, low: 5, high: 7, truth: 4},
		{truth: 4},
	}
	assert.InDelta(t, 0.25, coverage(fs), 0)
	assert.InDelta(t, 0.25, share(fs, later), 0)
	assert.InDelta(t, 0.25, share(fs, sooner), 0)
	assert.InDelta(t, 0.25, share(fs, none), 0)
	assert.Zero(t, coverage(nil))
}

func TestWidthsAreMeansOverGivenForecasts(t *testing.T) {
	t.Parallel()
	seconds, relative, wrong := widths([]forecast{
		{known: true, low: 1, mid: 3, high: 5, truth: 4},
		{known: true, low: 2, mid: 3, high: 4, truth: 2},
		{truth: 100},
	})
	assert.InDelta(t, 3, seconds, 1e-9)
	assert.InDelta(t, 1, relative, 1e-9)
	assert.InDelta(t, (0.25+0.5)/2, wrong, 1e-9)
}
