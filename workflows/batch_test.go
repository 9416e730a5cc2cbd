package workflows_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/caseload/caseload/batch"
)

func TestBatchRunsEveryRowOnceWithinItsWindow(t *testing.T) {
	l := newLedger(37)
	seen := map[int]int{}
	l.read = func(row int) (batch.Outcome, error) {
		seen[row]++
		return batch.OutcomeCompleted, nil
	}
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(37, 5))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 37, Completed: 37}, got.Counts)
	assert.Equal(t, 5, l.window.most)
	require.Len(t, seen, 37)
	for row, n := range seen {
		assert.Equal(t, 1, n, "row %d", row)
	}
}

func TestBatchGoesOnPastFailedDocuments(t *testing.T) {
	l := newLedger(10)
	l.read = func(row int) (batch.Outcome, error) {
		if row%3 == 0 {
			return batch.OutcomeFailed, categoryError(batch.Data, "CorruptPDF", fmt.Sprintf("page %d is damaged", row))
		}
		return batch.OutcomeCompleted, nil
	}
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(10, 4))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 10, Completed: 7, Failed: 3}, got.Counts)
	report := query[batch.ErrorReport](t, env, batch.QueryErrors)
	require.Len(t, report.Groups, 1, "one cause, one group")
	assert.Equal(t, 3, report.Groups[0].Count)
	assert.ElementsMatch(t, []int{3, 6, 9}, report.Groups[0].Rows)
	assert.Equal(t, batch.Data, report.Groups[0].Category)
}

func TestBatchRecordsADocumentThatWasTerminated(t *testing.T) {
	l := newLedger(3)
	l.read = func(row int) (batch.Outcome, error) {
		if row == 2 {
			return "", temporal.NewTimeoutError(0, nil)
		}
		return batch.OutcomeCompleted, nil
	}
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(3, 3))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 3, Completed: 2, Failed: 1}, got.Counts)
}

func TestBatchLeavesRowsAloneThatHaveEnded(t *testing.T) {
	l := newLedger(6)
	l.outcomes[2], l.outcomes[5] = batch.OutcomeFailed, batch.OutcomeCompleted
	var ran []int
	l.read = func(row int) (batch.Outcome, error) {
		ran = append(ran, row)
		return batch.OutcomeCompleted, nil
	}
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(6, 10))
	require.NoError(t, env.GetWorkflowError())
	assert.ElementsMatch(t, []int{1, 3, 4, 6}, ran)
}

func TestBatchWhoseWorkflowIsCancelledDrainsAndSaysWhoAskedForIt(t *testing.T) {
	l := newLedger(50)
	env := newBatchEnv(t, l)
	env.RegisterDelayedCallback(env.CancelWorkflow, 90*time.Second)
	resumed := command(env, 95*time.Second, batch.CommandResume, batch.Resume{})
	at(t, env, 100*time.Second, func(p batch.Progress) {
		assert.Equal(t, batch.StatusCancelling, p.Status, "at once")
		assert.Equal(t, batch.StatusCancelling, l.recorded().Status, "in the store too")
		require.NotNil(t, p.Control)
		assert.Equal(t, batch.ByTemporal, p.Control.By)
		assert.Equal(t, 10, p.Counts.Running, "they are read to their end")
	})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(50, 10))
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	require.ErrorContains(t, resumed.err, "the batch is being cancelled")
	assert.Equal(t, batch.Counts{Total: 50, Completed: 20, Cancelled: 30}, l.counts())
	p := query[batch.Progress](t, env, batch.QueryProgress)
	assert.Equal(t, batch.StatusCancelled, p.Status)
	assert.True(t, p.Counts.Reconciles())
	require.Len(t, l.decisions, 1)
	assert.Equal(t, batch.CommandCancel, l.decisions[0].Kind)
	assert.Equal(t, batch.ByTemporal, l.decisions[0].By)
}

func TestDrainingOfACancelledWorkflowIsBoundedInTime(t *testing.T) {
	l := newLedger(50)
	l.takes = time.Hour
	env := newBatchEnv(t, l)
	env.RegisterDelayedCallback(env.CancelWorkflow, 90*time.Second)
	at(t, env, 10*time.Minute, func(p batch.Progress) { assert.Equal(t, 10, p.Counts.Running) })
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(50, 10))
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	assert.Equal(t, batch.Counts{Total: 50, Cancelled: 50}, l.counts())
	require.Len(t, l.decisions, 2)
	assert.Equal(t, batch.ByBatch, l.decisions[1].By)
}

func TestProgressWhileABatchRuns(t *testing.T) {
	l := newLedger(40)
	l.reasons = map[int]string{3: batch.PartialReason("the text is cut off")}
	env := newBatchEnv(t, l)
	checked := false
	env.RegisterDelayedCallback(func() {
		checked = true
		p := query[batch.Progress](t, env, batch.QueryProgress)
		assert.True(t, p.Counts.Reconciles(), "%+v", p.Counts)
		assert.Equal(t, 20, p.Counts.Completed)
		assert.Equal(t, 1, p.Counts.Partial)
		assert.Equal(t, 10, p.Counts.Running)
		assert.Equal(t, 40, p.Pages)
		assert.InDelta(t, 50, p.Percent, 0.01)
		require.NotNil(t, p.ETA)
		assert.LessOrEqual(t, p.ETA.Low, 2*time.Minute)
		assert.GreaterOrEqual(t, p.ETA.High, 2*time.Minute)
		assert.InDelta(t, 120, p.ETA.Remaining.Seconds(), 60)
		require.Len(t, p.Stages, 1)
		assert.Equal(t, time.Second, p.Stages[0].Mean())
	}, 150*time.Second)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
	require.NoError(t, env.GetWorkflowError())
	assert.True(t, checked)
	assert.Equal(t, 100.0, query[batch.Progress](t, env, batch.QueryProgress).Percent)
}

func TestBatchRefusesABadInput(t *testing.T) {
	env := newEnv(t)
	env.ExecuteWorkflow(batch.BatchWorkflow, batch.Input{ID: "b1", Project: "acme", Options: batch.Options{Concurrency: 1}})
	var app *temporal.ApplicationError
	require.ErrorAs(t, env.GetWorkflowError(), &app)
	assert.Equal(t, "CONFIGURATION", app.Type())
}

func TestRowsWhoseOutcomeTheStoreLostRunAgain(t *testing.T) {
	l := newLedger(5)
	ran := map[int]int{}
	l.read = func(row int) (batch.Outcome, error) {
		ran[row]++
		return batch.OutcomeCompleted, nil
	}
	env := newBatchEnv(t, l)
	env.RegisterDelayedCallback(func() { delete(l.outcomes, 3) }, 65*time.Second)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(5, 3))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 5, Completed: 5}, got.Counts)
	assert.Equal(t, map[int]int{1: 1, 2: 1, 3: 2, 4: 1, 5: 1}, ran)
}
