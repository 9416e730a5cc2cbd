package main

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// spread is what several measurements of one thing say.
type spread struct {
	median, low, high float64
	n                 int
}

// spreadOf is the spread of xs, which may be empty.
func spreadOf(xs []float64) spread {
	n := len(xs)
	if n == 0 {
		return spread{}
	}
	sorted := slices.Sorted(slices.Values(xs))
	return spread{median: (sorted[(n-1)/2] + sorted[n/2]) / 2, low: sorted[0], high: sorted[n-1], n: n}
}

// String is the median with the range, such as "31.2 (30.0-33.1)".
func (s spread) String() string {
	if s.n < 2 {
		return number(s.median)
	}
	return fmt.Sprintf("%s (%s-%s)", number(s.median), number(s.low), number(s.high))
}

// MarshalJSON gives the numbers to 4 digits.
func (s spread) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"median": rounded(s.median), "low": rounded(s.low), "high": rounded(s.high), "n": s.n})
}

// each is f of every x.
func each[T any](xs []T, f func(T) float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}

// ratios are a[i]/b[i], of two sides measured in turns.
func ratios(a, b []float64) []float64 {
	var out []float64
	for i := range min(len(a), len(b)) {
		if b[i] != 0 {
			out = append(out, a[i]/b[i])
		}
	}
	return out
}

// rounded is x to 4 significant digits, which JSON takes: 0 if it is no number.
func rounded(x float64) float64 {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return 0
	}
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	if err != nil {
		return x
	}
	return y
}

// number is x for people: 3 significant digits, and all of them before the point.
func number(x float64) string {
	switch a := math.Abs(x); {
	case a >= 100 || x == math.Trunc(x):
		return strconv.FormatFloat(x, 'f', 0, 64)
	case a >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	default:
		return strconv.FormatFloat(x, 'f', 2, 64)
	}
}
