package activities_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func failure(typ string) *batch.Failure {
	f := batch.NewFailure(batch.StageExtract, batch.NewError(batch.Data, typ, "the file is damaged"))
	f.Attempts = 3
	return &f
}

func (b *bundle) record(t *testing.T, row int, o batch.Outcome, f *batch.Failure) activities.OutcomeResult {
	t.Helper()
	return run[activities.OutcomeResult](t, b.RecordOutcome, activities.OutcomeInput{
		Batch: batchID, Project: project, Row: row, Outcome: o, Failure: f,
		Stages: []batch.StageTiming{{Stage: batch.StageFetch, Duration: time.Second}}, StartedAt: start, At: start.Add(time.Minute),
	})
}

func (b *bundle) close(t *testing.T, cancelled bool) batch.Summary {
	t.Helper()
	return run[batch.Summary](t, b.batches.CloseBatch, activities.CloseInput{Batch: batchID, Cancelled: cancelled, At: start.Add(time.Hour)})
}

func TestRecordOutcomeStoresHowADocumentEnded(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	left := filepath.Join(b.WorkDir, batchID+"-1", "fetch-1")
	require.NoError(t, os.MkdirAll(left, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(left, "source"), []byte(order), 0o600))
	want := failure("CorruptDocument")
	got := b.record(t, 1, batch.OutcomeFailed, want)
	assert.Equal(t, activities.OutcomeResult{Outcome: batch.OutcomeFailed}, got)
	row := b.row(t, 1)
	assert.Equal(t, want, row.Failure)
	assert.Equal(t, 3, row.Attempts)
	assert.Equal(t, start, row.StartedAt)
	assert.Equal(t, start.Add(time.Minute), row.FinishedAt)
	assert.Equal(t, []batch.StageTiming{{Stage: batch.StageFetch, Duration: time.Second}}, row.Stages)
	assert.Equal(t, "document-1", row.Name, "what was registered stays")
	b.noFiles(t)
}

func TestOnlyWhatWasCancelledEndsAsCancelled(t *testing.T) {
	t.Parallel()
	b := setup(t, order, order, order)
	run[activities.OpenResult](t, b.batches.OpenBatch, activities.OpenInput{Batch: batchID, At: start})
	assert.Empty(t, b.record(t, 1, batch.OutcomeCancelled, nil).Outcome, "the batch's workflow was terminated: nobody cancelled it")
	assert.Empty(t, b.row(t, 1).Outcome)
	alone := run[activities.OutcomeResult](t, b.RecordOutcome, activities.OutcomeInput{
		Batch: batchID, Project: project, Row: 2, Outcome: batch.OutcomeCancelled, Alone: true, StartedAt: start, At: start})
	assert.Equal(t, batch.OutcomeCancelled, alone.Outcome, "a person cancelled the document itself")
	require.NoError(t, b.Store.SetControl(ctx, batchID, batch.Control{Status: batch.StatusCancelling, Concurrency: 1}, nil))
	assert.Equal(t, batch.OutcomeCancelled, b.record(t, 3, batch.OutcomeCancelled, nil).Outcome)
}

func TestTheFirstOutcomeWins(t *testing.T) {
	t.Parallel()
	b := setup(t, order, order)
	b.process(t, 1, batch.StageFetch)
	b.process(t, 2, batch.StageFetch)
	for row, want := range map[int]activities.OutcomeResult{
		1: {Outcome: batch.OutcomeCompleted},
		2: {Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged},
	} {
		stored := b.row(t, row)
		assert.Equal(t, want, b.record(t, row, batch.OutcomeFailed, failure("CorruptDocument")))
		assert.Equal(t, want, b.record(t, row, batch.OutcomeCancelled, nil))
		assert.Equal(t, stored, b.row(t, row))
	}
}

func TestRecordingTheSameOutcomeAgainIsNoError(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	b.record(t, 1, batch.OutcomeFailed, failure("CorruptDocument"))
	stored := b.row(t, 1)
	assert.Equal(t, batch.OutcomeFailed, b.record(t, 1, batch.OutcomeFailed, failure("CorruptDocument")).Outcome)
	assert.Equal(t, stored, b.row(t, 1))
}

func TestOpenBatchTellsHowItsRowsStand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(t, batchID, b.source(t, 1, order), store.Row{Row: 2, URI: "/b", Name: "b", Failure: failure("NotFound")}, b.source(t, 3, order))
	got := run[activities.OpenResult](t, b.batches.OpenBatch, activities.OpenInput{Batch: batchID, At: start})
	assert.Equal(t, batch.Counts{Total: 3, Pending: 2, Failed: 1}, got.Counts)
	require.Len(t, got.Groups, 1)
	assert.Equal(t, "NotFound", got.Groups[0].Type)
	assert.Equal(t, []int{2}, got.Groups[0].Rows)
	stored, err := b.Store.Batch(ctx, batchID)
	require.NoError(t, err)
	assert.Equal(t, batch.StatusRunning, stored.Status)
	assert.Equal(t, start, stored.StartedAt)

	assert.Empty(t, run[activities.OpenResult](t, b.batches.OpenBatch, activities.OpenInput{Batch: batchID, At: start}).Decisions, "the activity may run again")
	paused := batch.Decision{At: start.Add(time.Minute), By: "ana", Kind: batch.CommandPause, Detail: "paused"}
	require.NoError(t, b.Store.SetControl(ctx, batchID, batch.Control{Status: batch.StatusPaused, Priority: 7, Concurrency: 20}, &paused))
	for range 2 {
		again := run[activities.OpenResult](t, b.batches.OpenBatch, activities.OpenInput{Batch: batchID, At: start.Add(time.Hour)})
		assert.Equal(t, []batch.Decision{paused, {
			At: start.Add(time.Hour), By: batch.ByBatch, Kind: batch.DecisionStart, Detail: "started again: 2 rows to read",
		}}, again.Decisions)
	}
	stored, err = b.Store.Batch(ctx, batchID)
	require.NoError(t, err)
	assert.Equal(t, start, stored.StartedAt, "a batch starts once")
}

func TestPendingRowsComeByPage(t *testing.T) {
	t.Parallel()
	b := setup(t, "One.", "Two.", "Three.", "Four.", "Five.")
	b.process(t, 2, batch.StageFetch)
	page := func(after, limit int) []int {
		return run[activities.RowsResult](t, b.batches.PendingRows, activities.RowsInput{Batch: batchID, After: after, Limit: limit}).Rows
	}
	assert.Equal(t, []int{1, 3}, page(0, 2))
	assert.Equal(t, []int{4, 5}, page(3, 2))
	assert.Empty(t, page(5, 2))
}

func TestCloseBatchRefusesWhileRowsHaveNoOutcome(t *testing.T) {
	t.Parallel()
	b := setup(t, order, "Two.")
	run[activities.OpenResult](t, b.batches.OpenBatch, activities.OpenInput{Batch: batchID, At: start})
	b.process(t, 1, batch.StageFetch)
	app, f := fails(t, b.batches.CloseBatch, activities.CloseInput{Batch: batchID, At: start})
	assert.Equal(t, "CountsDoNotReconcile", f.Type)
	assert.Contains(t, app.Message(), "1 of 2 rows have no outcome")
	stored, err := b.Store.Batch(ctx, batchID)
	require.NoError(t, err)
	assert.Equal(t, batch.StatusRunning, stored.Status)
	assert.Empty(t, b.row(t, 2).Outcome)
}

func TestCloseBatchSettlesItsStatus(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		end       func(*testing.T, *bundle)
		cancelled bool
		status    batch.Status
		counts    batch.Counts
	}{
		"completed": {
			func(t *testing.T, b *bundle) { b.process(t, 1, batch.StageFetch); b.process(t, 2, batch.StageFetch) },
			false, batch.StatusCompleted, batch.Counts{Total: 2, Completed: 1, Skipped: 1},
		},
		"with a failure": {
			func(t *testing.T, b *bundle) {
				b.process(t, 1, batch.StageFetch)
				b.record(t, 2, batch.OutcomeFailed, failure("CorruptDocument"))
			},
			false, batch.StatusCompletedWithFailures, batch.Counts{Total: 2, Completed: 1, Failed: 1},
		},
		"cancelled": {
			func(t *testing.T, b *bundle) { b.process(t, 1, batch.StageFetch) },
			true, batch.StatusCancelled, batch.Counts{Total: 2, Completed: 1, Cancelled: 1},
		},
		"cancelled after its last document": {
			func(t *testing.T, b *bundle) { b.process(t, 1, batch.StageFetch); b.process(t, 2, batch.StageFetch) },
			true, batch.StatusCancelled, batch.Counts{Total: 2, Completed: 1, Skipped: 1},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, order, order)
			run[activities.OpenResult](t, b.batches.OpenBatch, activities.OpenInput{Batch: batchID, At: start})
			tt.end(t, b)
			got := b.close(t, tt.cancelled)
			assert.Equal(t, tt.status, got.Status)
			assert.Equal(t, tt.counts, got.Counts)
			first := b.row(t, 1)
			assert.Equal(t, batch.Summary{
				Batch: batchID, Project: project, Status: tt.status, Counts: tt.counts, Duration: time.Hour,
				Pages: first.Pages, Chunks: first.Chunks, Mentions: first.Mentions, Relationships: first.Relationships,
			}, got)
			assert.Positive(t, got.Mentions)
			stored, err := b.Store.Batch(ctx, batchID)
			require.NoError(t, err)
			assert.Equal(t, tt.status, stored.Status)
			assert.Equal(t, start.Add(time.Hour), stored.FinishedAt)
			assert.Equal(t, got, b.close(t, tt.cancelled), "a lost answer is given again")
		})
	}
}

func TestDocumentsInWorkAreCounted(t *testing.T) {
	t.Parallel()
	b := setup(t, scan, scan+"2", scan+"3", order)
	for row := 1; row <= 4; row++ {
		b.process(t, row, batch.StageFetch)
	}
	b.recognize(t, 2)
	b.Documents.Store = failingStore{b.Store}
	_, f := fails(t, b.Recognize, b.input(3, batch.StageOCR))
	assert.Equal(t, batch.StageStore, f.Stage)
	got := run[batch.InWork](t, b.batches.CountInWork, activities.InWorkInput{Batch: batchID, At: start})
	assert.Equal(t, start, got.At)
	assert.Equal(t, 2, got.Scans)
	counted := map[batch.Stage]int{}
	for _, s := range got.Stages {
		counted[s.Stage] = s.Documents
		assert.Positive(t, s.Total, "%s", s.Stage)
	}
	assert.Equal(t, map[batch.Stage]int{batch.StageFetch: 2, batch.StageExtract: 2, batch.StageOCR: 1}, counted)
}
