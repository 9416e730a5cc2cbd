package activities_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

// seen keeps what is emitted, by kind.
type seen struct {
	mu     sync.Mutex
	events map[metrics.Kind][]metrics.Event
}

func (s *seen) Emit(e metrics.Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.events == nil {
		s.events = map[metrics.Kind][]metrics.Event{}
	}
	s.events[e.Kind] = append(s.events[e.Kind], e)
}

// listened is a bundle whose events are seen.
func listened(t *testing.T, texts ...string) (*bundle, *seen) {
	b, s := setup(t, texts...), &seen{}
	b.Metrics, b.batches.Metrics = s, s
	return b, s
}

func TestADocumentThatIsReadIsTold(t *testing.T) {
	t.Parallel()
	b, s := listened(t, order)
	got := b.process(t, 1, batch.StageFetch)
	require.Len(t, s.events[metrics.StageDone], len(got.Result.Stages))
	for i, timing := range got.Result.Stages {
		e := s.events[metrics.StageDone][i]
		assert.Equal(t, timing, batch.StageTiming{Stage: e.Stage, Duration: e.Duration})
		assert.Equal(t, batch.OutcomeCompleted, e.Outcome)
		assert.Equal(t, batchID, e.Batch)
		assert.Equal(t, 1, e.Row)
	}
	require.Len(t, s.events[metrics.DocumentDone], 1)
	done, row := s.events[metrics.DocumentDone][0], b.row(t, 1)
	assert.Equal(t, batch.OutcomeCompleted, done.Outcome)
	assert.Equal(t, batch.PriorityNormal, done.Priority)
	assert.True(t, done.At.Equal(row.FinishedAt), "by the store's time")
	assert.Equal(t, row.FinishedAt.Sub(row.StartedAt), done.Duration)
	assert.Empty(t, s.events[metrics.ErrorSeen])

	b.process(t, 1, batch.StageFetch) // the answer of the first attempt was lost
	require.Len(t, s.events[metrics.DocumentDone], 2)
	again := s.events[metrics.DocumentDone][1]
	assert.True(t, done.At.Equal(again.At))
	assert.Equal(t, done.Duration, again.Duration)
	assert.Equal(t, done.Outcome, again.Outcome)
	assert.Equal(t, done.ID, again.ID, "the same event")
	assert.Len(t, s.events[metrics.StageDone], len(got.Result.Stages), "no stage ran again")
}

func TestAnErrorIsToldWithItsStageAlsoWhenARetryMayCureIt(t *testing.T) {
	t.Parallel()
	b, s := listened(t, order)
	b.extractor.answer = func(context.Context) error { return batch.NewError(batch.Transient, "Timeout", "no answer in time") }
	_, f := fails(t, b.Process, b.input(1, batch.StageFetch))
	require.Len(t, s.events[metrics.StageDone], 2)
	assert.Equal(t, batch.OutcomeCompleted, s.events[metrics.StageDone][0].Outcome, "fetch")
	assert.Equal(t, batch.StageExtract, s.events[metrics.StageDone][1].Stage)
	assert.Equal(t, batch.OutcomeFailed, s.events[metrics.StageDone][1].Outcome)
	require.Len(t, s.events[metrics.ErrorSeen], 1)
	e := s.events[metrics.ErrorSeen][0]
	assert.Equal(t, batch.Transient, e.Category)
	assert.Equal(t, f.Category, e.Category)
	assert.Equal(t, f.Fingerprint, e.Fingerprint)
	assert.Equal(t, f.Type, e.Type)
	assert.Equal(t, batch.StageExtract, e.Stage)
	assert.Empty(t, s.events[metrics.DocumentDone], "it has not ended")

	b.record(t, 1, batch.OutcomeFailed, &f)
	require.Len(t, s.events[metrics.DocumentDone], 1)
	assert.Equal(t, batch.OutcomeFailed, s.events[metrics.DocumentDone][0].Outcome)
	assert.Equal(t, time.Minute, s.events[metrics.DocumentDone][0].Duration)
	_, _ = fails(t, b.Process, b.input(1, batch.StageFetch))
	assert.Len(t, s.events[metrics.ErrorSeen], 1, "a row that ended has no new error")
}

func TestAFailureThatIsTakenBackIsTold(t *testing.T) {
	t.Parallel()
	b, s := listened(t, order, order)
	f := failure("ToolMissing")
	b.record(t, 1, batch.OutcomeFailed, f)
	b.record(t, 2, batch.OutcomeFailed, failure("BadURI"))
	require.NoError(t, b.Store.SetControl(ctx, batchID, batch.Control{Status: batch.StatusHeld, Priority: batch.PriorityNormal}, nil))
	told := s.events[metrics.DocumentDone]
	require.Len(t, told, 2)
	in := activities.ReopenInput{Batch: batchID, Fingerprint: f.Fingerprint}
	assert.Equal(t, activities.ReopenResult{Reopened: 1}, run[activities.ReopenResult](t, b.batches.ReopenFailed, in))
	assert.Equal(t, activities.ReopenResult{}, run[activities.ReopenResult](t, b.batches.ReopenFailed, in))
	require.Len(t, s.events[metrics.DocumentDone], 3)
	back := s.events[metrics.DocumentDone][2]
	assert.True(t, back.At.Equal(told[0].At), "where it was counted")
	assert.Equal(t, []any{1, -1, batch.OutcomeFailed, told[0].Priority}, []any{back.Row, back.Rows, back.Outcome, back.Priority})
}

func TestTheStageThatFailsIsTheOneToldAsFailed(t *testing.T) {
	t.Parallel()
	b, s := listened(t, scan)
	b.process(t, 1, batch.StageFetch)
	b.recognizer.answer = func() error { return errors.New("the page is blank") }
	_, _ = fails(t, b.Recognize, b.input(1, batch.StageOCR))
	failed := map[batch.Stage]int{}
	for _, e := range s.events[metrics.StageDone] {
		if e.Outcome == batch.OutcomeFailed {
			failed[e.Stage]++
		}
	}
	assert.Equal(t, map[batch.Stage]int{batch.StageOCR: 1}, failed)
}

func TestABatchIsToldWhenItBeginsAndEnds(t *testing.T) {
	t.Parallel()
	b, s := listened(t, order, order, order)
	refused := b.source(t, 4, order)
	refused.Outcome, refused.Failure = batch.OutcomeFailed, failure("BadURI")
	b.register(t, "b2", b.source(t, 1, order), b.source(t, 2, order), b.source(t, 3, order), refused)
	open := activities.OpenInput{Batch: "b2", At: start}
	run[activities.OpenResult](t, b.batches.OpenBatch, open)
	open.Again = true
	run[activities.OpenResult](t, b.batches.OpenBatch, open)
	require.Len(t, s.events[metrics.BatchStarted], 1, "a workflow that goes on begins no batch")
	require.Len(t, s.events[metrics.DocumentDone], 1)
	was := s.events[metrics.DocumentDone][0]
	assert.Equal(t, []any{batch.OutcomeFailed, 1}, []any{was.Outcome, was.Rows}, "refused")
	open.Again = false
	run[activities.OpenResult](t, b.batches.OpenBatch, open)
	require.Len(t, s.events[metrics.DocumentDone], 2)
	assert.Equal(t, was, s.events[metrics.DocumentDone][1], "an attempt whose answer was lost tells the same")
	s.events[metrics.DocumentDone] = s.events[metrics.DocumentDone][1:]
	open.At = start.Add(time.Minute) // what warming has skipped is counted
	run[activities.OpenResult](t, b.batches.OpenBatch, open)
	assert.Len(t, s.events[metrics.BatchStarted], 2, "it has begun")
	assert.Len(t, s.events[metrics.DocumentDone], 1)
	begun := s.events[metrics.BatchStarted][0]
	assert.Equal(t, project, begun.Project)
	assert.Equal(t, 4, begun.Counts.Total)
	assert.Equal(t, batch.PriorityNormal, begun.Priority)

	in := b.input(1, batch.StageFetch)
	in.Document.Batch = "b2"
	run[activities.ProcessResult](t, b.Process, in)
	sum := run[batch.Summary](t, b.batches.CloseBatch, activities.CloseInput{Batch: "b2", Cancelled: true, At: start.Add(time.Hour)})
	ended := map[batch.Outcome]int{}
	for _, e := range s.events[metrics.DocumentDone] {
		ended[e.Outcome] += max(1, e.Rows)
	}
	assert.Equal(t, map[batch.Outcome]int{batch.OutcomeFailed: 1, batch.OutcomeCompleted: 1, batch.OutcomeCancelled: 2}, ended, "every row")
	require.Len(t, s.events[metrics.BatchCompleted], 1)
	done := s.events[metrics.BatchCompleted][0]
	assert.Equal(t, sum.Counts, done.Counts)
	assert.Equal(t, batch.StatusCancelled, done.Status)
	assert.Equal(t, time.Hour, done.Duration)

	run[activities.OpenResult](t, b.batches.OpenBatch, activities.OpenInput{Batch: batchID, At: start})
	get, err := execute(b.batches.RecordControl, activities.ControlInput{
		Batch: batchID, Control: batch.Control{Status: batch.StatusPaused, Priority: batch.PriorityHigh, Concurrency: 1},
		Decision: batch.Decision{Kind: batch.CommandPause, At: start},
	})
	require.NoError(t, err, "%v", get)
	assert.Equal(t, batchID, s.events[metrics.BatchChanged][0].Batch)
}
