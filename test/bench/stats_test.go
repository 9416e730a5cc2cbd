package main

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheMedianIsTheMiddleOrBetweenTheTwo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		xs                []float64
		median, low, high float64
	}{
		{nil, 0, 0, 0},
		{[]float64{7}, 7, 7, 7},
		{[]float64{3, 1, 2}, 2, 1, 3},
		{[]float64{4, 1, 3, 2}, 2.5, 1, 4},
	} {
		s := spreadOf(c.xs)
		assert.Equal(t, []float64{c.median, c.low, c.high}, []float64{s.median, s.low, s.high}, "%v", c.xs)
		assert.Equal(t, len(c.xs), s.n)
	}
}

func TestASpreadLeavesWhatItSumsUpInOrder(t *testing.T) {
	t.Parallel()
	xs := []float64{3, 1, 2}
	spreadOf(xs)
	assert.Equal(t, []float64{3, 1, 2}, xs, "turns are paired by their place")
}

func TestRatiosAreOfTheSameTurn(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []float64{2, 0.5}, ratios([]float64{4, 3}, []float64{2, 6}))
	assert.Equal(t, []float64{3}, ratios([]float64{4, 3, 9}, []float64{0, 1}), "a side that measured nothing gives none")
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	for x, want := range map[float64]float64{0: 0, 2.31449: 2.314, 0.0123456: 0.01235, 98766: 98770, -1.00049: -1} {
		assert.InDelta(t, want, rounded(x), 1e-12, "%g", x)
	}
	assert.Zero(t, rounded(math.NaN()))
	assert.Zero(t, rounded(math.Inf(1)))
	for x, want := range map[float64]string{1234.5: "1234", 31.24: "31.2", 2.314: "2.31", 3: "3", 0: "0"} {
		assert.Equal(t, want, number(x))
	}
}

func TestAResultEndsInOneLineOfJSON(t *testing.T) {
	t.Parallel()
	r := newResult(2.31449, "ratio", atLeast, 2.2)
	r.Scenario, r.Scale = "orchestration", 1
	r.Sides["plain"] = spreadOf([]float64{30, 32})
	line, err := json.Marshal(r)
	require.NoError(t, err)
	assert.JSONEq(t, `{"scenario":"orchestration","value":2.314,"unit":"ratio","target":2.2,"bound":"at least","holds":true,"scale":1,
		"sides":{"plain":{"median":31,"low":30,"high":32,"n":2}}}`, string(line))
}

func TestAResultHoldsOnTheRightSideOfItsTarget(t *testing.T) {
	t.Parallel()
	assert.True(t, newResult(2.2, "", atLeast, 2.2).Holds)
	assert.False(t, newResult(2.19999, "", atLeast, 2.2).Holds, "not by rounding")
	assert.True(t, newResult(1.3, "", atMost, 1.3).Holds)
	assert.False(t, newResult(1.30001, "", atMost, 1.3).Holds)
}

func TestRatesAreCountedInsideAndOutsideTheSpans(t *testing.T) {
	t.Parallel()
	zero := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	at := func(s float64) time.Time { return zero.Add(time.Duration(s * float64(time.Second))) }
	ends := []time.Time{at(-1), at(1), at(2), at(3), at(4.5), at(6), at(7), at(8), at(9), at(10)}
	inside, outside := ratesOf(ends, []span{{at(4), at(6)}}, zero)
	assert.InDelta(t, 0.5, inside, 1e-9, "one in two seconds; the span's end is not part of it")
	assert.InDelta(t, 1, outside, 1e-9, "eight in eight seconds; what ended before the beginning does not count")
}

func TestRatesOfNothingAreZero(t *testing.T) {
	t.Parallel()
	inside, outside := ratesOf(nil, nil, time.Time{})
	assert.Zero(t, inside)
	assert.Zero(t, outside)
}
