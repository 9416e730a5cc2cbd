package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// control is a control with every field set.
func control(status batch.Status) batch.Control {
	return batch.Control{
		Status: status, Priority: batch.PriorityLow, Concurrency: 20, By: "ann", Since: start.Add(time.Minute), Reason: "it's the court's \"holiday\"",
	}
}

func decision(after time.Duration, kind, detail string) *batch.Decision {
	return &batch.Decision{At: start.Add(after), By: "ann", Kind: kind, Detail: detail}
}

func setControl(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	register(t, s, newBatch("b2"), 1)
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, start.Add(time.Second)))
	want, err := s.Batch(t.Context(), "b1")
	require.NoError(t, err)
	assert.Zero(t, want.Control)
	other, err := s.Batch(t.Context(), "b2")
	require.NoError(t, err)

	for i, status := range []batch.Status{batch.StatusPaused, batch.StatusRunning, batch.StatusCancelling} {
		d := decision(time.Duration(i)*time.Minute, string(status), "because")
		require.NoError(t, s.SetControl(t.Context(), "b1", control(status), d))
		want.Status, want.Priority, want.Control = status, batch.PriorityLow, control(status)
		got, err := s.Batch(t.Context(), "b1")
		require.NoError(t, err)
		assert.Equal(t, want, got, "started when it was opened")
		latest, err := s.Decisions(t.Context(), "b1", 1)
		require.NoError(t, err)
		assert.Equal(t, []batch.Decision{*d}, latest)
	}
	require.NoError(t, s.SetControl(t.Context(), "b1", control(batch.StatusPaused), nil))
	decisions, err := s.Decisions(t.Context(), "b1", 0)
	require.NoError(t, err)
	assert.Len(t, decisions, 3)

	got, err := s.Batch(t.Context(), "b2")
	require.NoError(t, err)
	assert.Equal(t, other, got, "another batch")
	decisions, err = s.Decisions(t.Context(), "b2", 0)
	require.NoError(t, err)
	assert.Equal(t, []batch.Decision{}, decisions)
}

func decisionOnce(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	first := decision(0, batch.CommandPause, "why")
	later := decision(time.Second, batch.CommandPause, "why")
	kind := decision(0, batch.CommandCancel, "why")
	detail := decision(0, batch.CommandPause, "why not")
	for _, d := range []*batch.Decision{first, first, later, kind, first, detail, later} {
		require.NoError(t, s.SetControl(t.Context(), "b1", control(batch.StatusPaused), d))
	}
	got, err := s.Decisions(t.Context(), "b1", 0)
	require.NoError(t, err)
	assert.Equal(t, []batch.Decision{*first, *kind, *detail, *later}, got)
}

func latestDecisions(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	var all []batch.Decision
	for i := range 5 {
		d := decision(time.Duration(i/2)*time.Second, batch.CommandPause, string(rune('z'-i)))
		all = append(all, *d)
		require.NoError(t, s.SetControl(t.Context(), "b1", control(batch.StatusPaused), d))
	}
	for limit, want := range map[int][]batch.Decision{0: all, 2: all[3:], 5: all, 50: all} {
		got, err := s.Decisions(t.Context(), "b1", limit)
		require.NoError(t, err)
		assert.Equal(t, want, got, "limit %d", limit)
	}
}

func controlAfterEnd(t *testing.T, s *store.Store) {
	for _, status := range []batch.Status{batch.StatusCompleted, batch.StatusCompletedWithFailures, batch.StatusFailed, batch.StatusCancelled} {
		id := "b-" + string(status)
		register(t, s, newBatch(id), 1)
		require.NoError(t, s.SetControl(t.Context(), id, control(batch.StatusCancelling), nil))
		require.NoError(t, s.SetBatchStatus(t.Context(), id, status, start))
		before := dump(t, s)
		require.NoError(t, s.SetControl(t.Context(), id, control(batch.StatusPaused), decision(0, batch.CommandPause, "late")))
		require.NoError(t, s.SetBatchStatus(t.Context(), id, batch.StatusRunning, start))
		assert.Equal(t, before, dump(t, s))
	}
}

func impossibleControl(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	before := dump(t, s)
	for _, c := range []batch.Control{{}, control(batch.StatusCompleted), control(batch.StatusRegistered), control("lost"), {Status: batch.StatusPaused, Priority: 10}} {
		require.Error(t, s.SetControl(t.Context(), "b1", c, decision(0, batch.CommandPause, "why")), "%+v", c)
	}
	assert.Equal(t, before, dump(t, s))
}

func reopen(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, start))
	for _, status := range []batch.Status{batch.StatusPaused, batch.StatusCancelling} {
		require.NoError(t, s.SetControl(t.Context(), "b1", control(status), nil))
		require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, start.Add(time.Hour)))
		b, err := s.Batch(t.Context(), "b1")
		require.NoError(t, err)
		assert.Equal(t, batch.StatusRunning, b.Status)
		assert.Equal(t, start, b.StartedAt)
		assert.Equal(t, batch.Control{Status: batch.StatusRunning, Priority: batch.PriorityLow, Concurrency: 20}, b.Control)
	}
	running := control(batch.StatusRunning)
	require.NoError(t, s.SetControl(t.Context(), "b1", running, nil))
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, start))
	b, err := s.Batch(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, running, b.Control, "it was running already")
}

func work(t *testing.T, s *store.Store) {
	_, _, err := s.RegisterBatch(t.Context(), newBatch("b1"), listed(
		store.Row{URI: "file:///1", Name: "1", Metadata: map[string]string{"custodian": "O'Neil"}}, store.Row{URI: "file:///2"}))
	require.NoError(t, err)
	check := func(want store.Batch) {
		t.Helper()
		for n := 1; n <= 2; n++ {
			row, b, err := s.Work(t.Context(), "b1", n)
			require.NoError(t, err)
			assert.Equal(t, start, b.ProjectSince)
			b.ProjectSince = time.Time{}
			assert.Equal(t, want, b)
			wantRow, err := s.Row(t.Context(), "b1", n)
			require.NoError(t, err)
			assert.Equal(t, wantRow, row)
		}
	}
	options := newBatch("b1").Options
	check(store.Batch{ID: "b1", Project: project, Status: batch.StatusRegistered, Priority: batch.PriorityHigh, Options: options})
	require.NoError(t, s.SetControl(t.Context(), "b1", control(batch.StatusPaused), nil))
	check(store.Batch{ID: "b1", Project: project, Status: batch.StatusPaused, Priority: batch.PriorityLow, Options: options})
}
