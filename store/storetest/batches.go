package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func registerTwice(t *testing.T, s *store.Store) {
	b := newBatch("b1")
	stored, created, err := s.RegisterBatch(t.Context(), b, rows(3))
	require.NoError(t, err)
	assert.True(t, created)
	b.Rows = 3
	assert.Equal(t, b, stored)
	before := dump(t, s)

	again := newBatch("b1")
	again.Source, again.Priority = "other.csv", batch.PriorityLow
	stored, created, err = s.RegisterBatch(t.Context(), again, func(func(store.Row, error) bool) { t.Error("rows are read") })
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, b, stored)
	assert.Equal(t, before, dump(t, s))
}

func registerBroken(t *testing.T, s *store.Store) {
	broken := errors.New("line 3 cannot be read")
	_, created, err := s.RegisterBatch(t.Context(), newBatch("b1"), func(yield func(store.Row, error) bool) {
		_ = yield(store.Row{Row: 1}, nil) && yield(store.Row{Row: 2}, nil) && yield(store.Row{}, broken)
	})
	require.ErrorIs(t, err, broken)
	assert.False(t, created)
	_, _, err = s.RegisterBatch(t.Context(), newBatch("b1"), listed(store.Row{Row: 2}, store.Row{Row: 2}))
	require.ErrorContains(t, err, "row 2 comes after row 2")
	_, _, err = s.RegisterBatch(t.Context(), newBatch("b1"), rows(0))
	require.ErrorIs(t, err, store.ErrNoRows)
	bad := newBatch("Not An ID")
	_, _, err = s.RegisterBatch(t.Context(), bad, rows(1))
	require.ErrorContains(t, err, "batch ID")

	_, err = s.Batch(t.Context(), "b1")
	require.ErrorIs(t, err, store.ErrNotFound)
	for _, table := range []string{"projects", "batches", "batch_rows"} {
		assert.Zero(t, count(t, s, table), table)
	}
	register(t, s, newBatch("b1"), 1)
}

func registerStreams(t *testing.T, s *store.Store) {
	const n = 5_000
	// Another writer goes on while the rows are read.
	register(t, s, newBatch("other"), 1)
	stored, _, err := s.RegisterBatch(t.Context(), newBatch("b1"), func(yield func(store.Row, error) bool) {
		for r, err := range rows(n) {
			if r.Row == n/2 {
				require.NoError(t, s.SetBatchStatus(t.Context(), "other", batch.StatusRunning, start))
			}
			if !yield(r, err) {
				return
			}
		}
	})
	require.NoError(t, err)
	assert.Equal(t, n, stored.Rows)
	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: n, Pending: n}, tally.Counts)
	counts, err := s.Counts(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, tally.Counts, counts)
	last, err := s.Row(t.Context(), "b1", n)
	require.NoError(t, err)
	assert.Equal(t, store.Row{Batch: "b1", Row: n, Line: n + 1, URI: "file:///matters/5000.pdf", Name: "5000.pdf"}, last)
}

func registerConcurrently(t *testing.T, s *store.Store) {
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			stored, created, err := s.RegisterBatch(t.Context(), newBatch("b1"), rows(50))
			if assert.NoError(t, err) {
				assert.Equal(t, 50, stored.Rows)
			}
			if created {
				made.Add(1)
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 1, made.Load())
	assert.Equal(t, 50, count(t, s, "batch_rows"))
}

func registerFailedRows(t *testing.T, s *store.Store) {
	f := failure(batch.Data, batch.StageFetch, "BadRow", "the path leaves the folder")
	_, _, err := s.RegisterBatch(t.Context(), newBatch("b1"), listed(
		store.Row{URI: "file:///1", DocumentID: "exhibit 1", Metadata: map[string]string{"custodian": "O'Neil"}},
		store.Row{URI: "file:///2", Failure: f},
		store.Row{URI: "file:///\xff"},
	))
	require.NoError(t, err)

	good, err := s.Row(t.Context(), "b1", 1)
	require.NoError(t, err)
	assert.Equal(t, store.Row{Batch: "b1", Row: 1, URI: "file:///1", DocumentID: "exhibit 1", Metadata: map[string]string{"custodian": "O'Neil"}}, good)
	bad, err := s.Row(t.Context(), "b1", 2)
	require.NoError(t, err)
	assert.Equal(t, store.Row{Batch: "b1", Row: 2, URI: "file:///2", Outcome: batch.OutcomeFailed, Failure: f, FinishedAt: start}, bad)
	unreadable, err := s.Row(t.Context(), "b1", 3)
	require.NoError(t, err)
	require.NotNil(t, unreadable.Failure)
	assert.Equal(t, "InvalidURI", unreadable.Failure.Type)

	pending, err := s.PendingRows(t.Context(), "b1", store.RowRange{})
	require.NoError(t, err)
	assert.Equal(t, []int{1}, pending)
}

func listBatches(t *testing.T, s *store.Store) {
	for i, id := range []string{"b1", "b2", "b3", "b4"} {
		b := newBatch(id)
		b.CreatedAt = start.Add(time.Duration(i) * time.Minute)
		if id == "b2" {
			b.Project = "beta"
		}
		register(t, s, b, 1)
	}
	require.NoError(t, s.SetBatchStatus(t.Context(), "b3", batch.StatusRunning, start))
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusCancelled, start.Add(time.Hour)))
	for _, test := range []struct {
		filter store.BatchFilter
		want   []string
	}{
		{store.BatchFilter{}, []string{"b4", "b3", "b2", "b1"}},
		{store.BatchFilter{Limit: 2}, []string{"b4", "b3"}},
		{store.BatchFilter{Project: project}, []string{"b4", "b3", "b1"}},
		{store.BatchFilter{Status: batch.StatusRunning}, []string{"b3"}},
		{store.BatchFilter{Project: "none"}, []string{}},
		{store.BatchFilter{Since: start.Add(time.Hour)}, []string{"b4", "b3", "b2", "b1"}},
		{store.BatchFilter{Since: start.Add(time.Hour + time.Microsecond)}, []string{"b4", "b3", "b2"}},
	} {
		list, err := s.ListBatches(t.Context(), test.filter)
		require.NoError(t, err)
		ids := []string{}
		for _, b := range list {
			ids = append(ids, b.ID)
		}
		assert.Equal(t, test.want, ids, "%+v", test.filter)
	}
}

func terminalStatus(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	set := func(status batch.Status, after time.Duration) store.Batch {
		require.NoError(t, s.SetBatchStatus(t.Context(), "b1", status, start.Add(after)))
		b, err := s.Batch(t.Context(), "b1")
		require.NoError(t, err)
		return b
	}
	set(batch.StatusRunning, time.Second)
	b := set(batch.StatusRunning, 2*time.Second)
	assert.Equal(t, start.Add(time.Second), b.StartedAt)
	assert.True(t, b.FinishedAt.IsZero())
	assert.Equal(t, batch.StatusRunning, set(batch.StatusRegistered, 3*time.Second).Status)

	want := set(batch.StatusCompletedWithFailures, 4*time.Second)
	assert.Equal(t, batch.StatusCompletedWithFailures, want.Status)
	assert.Equal(t, start.Add(4*time.Second), want.FinishedAt)
	for _, later := range []batch.Status{
		batch.StatusCompletedWithFailures, batch.StatusCompleted, batch.StatusCancelled, batch.StatusFailed, batch.StatusRunning, batch.StatusRegistered,
	} {
		assert.Equal(t, want, set(later, 5*time.Second), later)
	}
	require.Error(t, s.SetBatchStatus(t.Context(), "b1", "paused", start))
}

func pendingRows(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 10)
	for _, n := range []int{2, 3, 10} {
		_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: n, Outcome: batch.OutcomeCancelled})
		require.NoError(t, err)
	}
	for _, test := range []struct {
		rows store.RowRange
		want []int
	}{
		{store.RowRange{Limit: 3}, []int{1, 4, 5}},
		{store.RowRange{After: 5, Limit: 3}, []int{6, 7, 8}},
		{store.RowRange{After: 8, Limit: 3}, []int{9}},
		{store.RowRange{After: 9, Limit: 3}, []int{}},
		{store.RowRange{}, []int{1, 4, 5, 6, 7, 8, 9}},
		{store.RowRange{After: 4, Last: 6}, []int{5, 6}},
		{store.RowRange{After: 1, Last: 8, Limit: 2}, []int{4, 5}},
		{store.RowRange{After: 1, Last: 3}, []int{}},
	} {
		got, err := s.PendingRows(t.Context(), "b1", test.rows)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, "%+v", test.rows)
	}
}

func filterRows(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 5)
	for n, f := range map[int]*batch.Failure{
		1: failure(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted"),
		3: failure(batch.Transient, batch.StageFetch, "Timeout", "no answer"),
		4: failure(batch.Data, batch.StageExtract, "NoText", "no text"),
	} {
		_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: n, Outcome: batch.OutcomeFailed, Failure: f})
		require.NoError(t, err)
	}
	for _, test := range []struct {
		filter store.RowFilter
		want   []int
	}{
		{store.RowFilter{}, []int{1, 2, 3, 4, 5}},
		{store.RowFilter{Outcome: batch.OutcomeFailed}, []int{1, 3, 4}},
		{store.RowFilter{Category: batch.Data}, []int{1, 4}},
		{store.RowFilter{Outcome: batch.OutcomeFailed, After: 1, Limit: 1}, []int{3}},
		{store.RowFilter{Outcome: batch.OutcomeSkipped}, []int{}},
	} {
		list, err := s.Rows(t.Context(), "b1", test.filter)
		require.NoError(t, err)
		got := []int{}
		for _, r := range list {
			got = append(got, r.Row)
		}
		assert.Equal(t, test.want, got, "%+v", test.filter)
	}
}

func notFound(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	ctx := t.Context()
	for name, ask := range map[string]func() error{
		"batch":        func() error { _, err := s.Batch(ctx, "b2"); return err },
		"status":       func() error { return s.SetBatchStatus(ctx, "b2", batch.StatusRunning, start) },
		"pending rows": func() error { _, err := s.PendingRows(ctx, "b2", store.RowRange{Limit: 1}); return err },
		"control":      func() error { return s.SetControl(ctx, "b2", batch.Control{Status: batch.StatusPaused}, nil) },
		"decisions":    func() error { _, err := s.Decisions(ctx, "b2", 0); return err },
		"project":      func() error { _, err := s.Project(ctx, "beta"); return err },
		"work":         func() error { _, _, err := s.Work(ctx, "b1", 2); return err },
		"row":          func() error { _, err := s.Row(ctx, "b1", 2); return err },
		"rows":         func() error { _, err := s.Rows(ctx, "b2", store.RowFilter{}); return err },
		"counts":       func() error { _, err := s.Counts(ctx, "b2"); return err },
		"tally":        func() error { _, err := s.Tally(ctx, "b2"); return err },
		"errors":       func() error { _, err := s.Errors(ctx, "b2"); return err },
		"failures":     func() error { _, err := s.Failures(ctx, store.FailureFilter{Batch: "b2"}); return err },
		"endings":      func() error { return s.Endings(ctx, "b2", nil, nil) },
		"diff":         func() error { _, err := s.Diff(ctx, "b1", "b2", 0); return err },
		"diff, turned": func() error { _, err := s.Diff(ctx, "b2", "b1", 0); return err },
		"stages":       func() error { _, err := s.StageTimings(ctx, "b2"); return err },
		"cancel":       func() error { _, err := s.CancelPending(ctx, "b2", start); return err },
		"outcome": func() error {
			_, err := s.SetOutcome(ctx, store.Row{Batch: "b1", Row: 2, Outcome: batch.OutcomeCancelled})
			return err
		},
		"save":          func() error { _, err := s.SaveResult(ctx, request("b1", 2, result("x"))); return err },
		"checkpoint":    func() error { return s.SaveCheckpoint(ctx, "b1", 2, batch.StageOCR, []byte("x")) },
		"document":      func() error { _, err := s.Document(ctx, project, "d"); return err },
		"result":        func() error { _, err := s.Result(ctx, project, "d"); return err },
		"documents":     func() error { _, err := s.Documents(ctx, store.DocumentFilter{Batch: "b2"}); return err },
		"entities":      func() error { _, err := s.Entities(ctx, store.EntityFilter{Batch: "b2"}); return err },
		"relationships": func() error { _, err := s.Relationships(ctx, store.RelationshipFilter{Batch: "b2"}); return err },
	} {
		require.ErrorIs(t, ask(), store.ErrNotFound, name)
	}
	_, err := s.Batch(ctx, "b2")
	require.ErrorContains(t, err, `"b2"`)
	_, err = s.Entities(ctx, store.EntityFilter{})
	require.ErrorContains(t, err, "a project or a batch is needed")
}
