package report

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func texts(all []Tick) []string {
	var out []string
	for _, t := range all {
		out = append(out, t.Text)
	}
	return out
}

func TestTicksNeitherTouchNorLeaveTheAxis(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		at      []float64
		want    []float64
		anchors []string
	}{
		"room for all":             {[]float64{60, 160, 260}, []float64{60, 160, 260}, []string{"middle", "middle", "middle"}},
		"at both ends":             {[]float64{0, 150, 300}, []float64{0, 150, 300}, []string{"start", "middle", "end"}},
		"near both ends":           {[]float64{9, 150, 295}, []float64{0, 150, 300}, []string{"start", "middle", "end"}},
		"one on another":           {[]float64{60, 60, 60, 300}, []float64{60, 300}, []string{"middle", "end"}},
		"the last before its last": {[]float64{0, 240, 290}, []float64{0, 300}, []string{"start", "end"}},
		"no room for two":          {[]float64{10, 20}, []float64{0}, []string{"start"}},
	} {
		var all, want []Tick
		for _, at := range test.at {
			all = append(all, Tick{At: at, Text: "12:00:00"})
		}
		for i, at := range test.want {
			want = append(want, Tick{At: at, Text: "12:00:00", Anchor: test.anchors[i]})
		}
		assert.Equal(t, want, ticks(all, 300, 6), name)
	}
}

func TestThroughputOfAShortBatchHasEachTimeOnce(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 12, 0, 0, 0, time.Local)
	for took, want := range map[time.Duration][]string{
		900 * time.Millisecond: {"12:00:00", "12:00:01"},
		2 * time.Second:        {"12:00:00", "12:00:01", "12:00:02"},
		time.Minute:            {"12:00:00", "12:00:15", "12:00:30", "12:00:45", "12:01:00"},
		60 * time.Hour:         {"Nov 24 12:00", "Nov 25 03:00", "Nov 25 18:00", "Nov 26 09:00", "Nov 27 00:00"},
	} {
		r := &Report{Throughput: newThroughput(start, start.Add(took))}
		r.Throughput.add(batch.OutcomeCompleted, start)
		c := view{r}.Flow()
		assert.Equal(t, want, texts(c.X), "%s", took)
		assert.Equal(t, Tick{At: chartWidth, Text: want[len(want)-1], Anchor: "end"}, c.X[len(c.X)-1])
	}
}

func TestHistogramLabelsStayOnTheirAxis(t *testing.T) {
	t.Parallel()
	r := &Report{all: map[batch.Stage][]time.Duration{batch.StageFetch: {time.Microsecond, 10 * time.Millisecond}, batch.StageStore: {3 * time.Millisecond}}}
	r.sumStages()
	histograms := view{r}.Histograms()
	require.Len(t, histograms, 2)
	for _, h := range histograms {
		require.Len(t, h.X, 5)
		assert.Equal(t, Tick{At: histWidth, Text: "16 ms", Anchor: "end"}, h.X[4], "it would be cut")
	}
}

func TestNumbersBelowNothing(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"-123", "-1,234", "-2 min 3 s", "-5 ms"},
		[]string{grouped(-123), grouped(-1234), short(-123 * time.Second), short(-5 * time.Millisecond)})
}
