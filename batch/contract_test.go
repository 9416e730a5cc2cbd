package batch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestCheckName(t *testing.T) {
	for _, ok := range []string{"a", "acme", "acme-7", "a.b_c-d", "0x"} {
		assert.NoError(t, batch.CheckName("project", ok), ok)
	}
	for _, bad := range []string{"", "Acme", "a b", "-a", "a-", "a/b", "ü", string(make([]byte, 81))} {
		assert.ErrorContains(t, batch.CheckName("project", bad), "project", bad)
	}
}

func TestNewIDIsAName(t *testing.T) {
	long := "a-very-long-project-name-that-goes-on-and-on-and-on-and-on-and-on-and-on-to-80-abc"[:80]
	for _, project := range []string{"acme", long} {
		id := batch.NewID(project, time.Date(2026, 11, 23, 14, 25, 1, 0, time.UTC))
		assert.NoError(t, batch.CheckName("batch ID", id))
		assert.Contains(t, id, "-20261123-142501-")
	}
	assert.NotEqual(t, batch.NewID("a", time.Time{})+batch.NewID("a", time.Time{}), batch.NewID("a", time.Time{})+batch.NewID("a", time.Time{}))
}

func TestRowOf(t *testing.T) {
	row, ok := batch.RowOf(batch.DocumentWorkflowID("acme-1", 17))
	assert.True(t, ok)
	assert.Equal(t, 17, row)
	_, ok = batch.RowOf(batch.WorkflowID("acme-1"))
	assert.False(t, ok)
}

func TestInputIsValidated(t *testing.T) {
	good := batch.Input{ID: "b", Project: "p", Rows: 1, Priority: 5, Options: batch.Options{}.WithDefaults()}
	assert.NoError(t, good.Validate())
	for want, spoil := range map[string]func(*batch.Input){
		"batch ID":    func(in *batch.Input) { in.ID = "A B" },
		"project":     func(in *batch.Input) { in.Project = "" },
		"one row":     func(in *batch.Input) { in.Rows = 0 },
		"weight -1":   func(in *batch.Input) { in.Weight = -1 },
		"priority 10": func(in *batch.Input) { in.Priority = 10 },
		"concurrency": func(in *batch.Input) { in.Options.Concurrency = batch.MaxConcurrency + 1 },
	} {
		in := good
		spoil(&in)
		assert.ErrorContains(t, in.Validate(), want)
	}
}

func TestCountsReconcile(t *testing.T) {
	c := batch.Counts{Total: 5, Pending: 5}
	assert.True(t, c.Reconciles())
	for _, o := range batch.Outcomes() {
		c.Pending--
		c.Add(o)
	}
	assert.True(t, c.Reconciles())
	assert.InDelta(t, 80, c.Percent(), 0.01)
	c.Add(batch.OutcomeCompleted)
	assert.False(t, c.Reconciles(), "a row is counted twice")
}
