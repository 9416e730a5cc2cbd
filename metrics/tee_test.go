package metrics_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/metrics"
)

// heard is the rows of the events that a sink took.
type heard []int

func (h *heard) Emit(e metrics.Event) { *h = append(*h, e.Row) }

func TestATeePassesEventsToEverySink(t *testing.T) {
	t.Parallel()
	var a, b heard
	sink := metrics.Tee(&a, nil, &b)
	sink.Emit(metrics.Event{Row: 1})
	sink.Emit(metrics.Event{Row: 2})
	assert.Equal(t, heard{1, 2}, a)
	assert.Equal(t, heard{1, 2}, b)
}
