package workflows_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/workflows"
)

// group adds a failed row to its cause.
func (l *ledger) group(row int, err error) {
	var app *temporal.ApplicationError
	var f batch.Failure
	if !errors.As(err, &app) || app.Details(&f) != nil {
		return
	}
	for i, g := range l.groups {
		if g.Fingerprint == f.Fingerprint {
			l.groups[i].Count++
			l.groups[i].Rows = append(l.groups[i].Rows, row)
			return
		}
	}
	l.groups = append(l.groups, batch.ErrorGroup{Category: f.Category, Fingerprint: f.Fingerprint, Count: 1, Rows: []int{row}})
}

func batchIn(rows, concurrency int) batch.Input {
	return batch.Input{ID: "b1", Project: "acme", Rows: rows, Priority: batch.PriorityHigh,
		Options: batch.Options{Concurrency: concurrency}}
}

// ledger stands for the rows of a batch in the store: it answers the batch's
// activities from what has been recorded.
type ledger struct {
	rows     int
	outcomes map[int]batch.Outcome
	groups   []batch.ErrorGroup                   // as the store groups failures
	read     func(row int) (batch.Outcome, error) // how a row's document ends, after a minute
	window   peak
}

func newLedger(rows int) *ledger {
	return &ledger{rows: rows, outcomes: map[int]batch.Outcome{}, read: completed}
}

func (l *ledger) counts() batch.Counts {
	c := batch.Counts{Total: l.rows, Pending: l.rows - len(l.outcomes)}
	for _, o := range l.outcomes {
		c.Add(o)
	}
	return c
}

// newBatchEnv is a test environment with the Batch workflow, whose rows l keeps
// and whose Document workflows end as l says.
func newBatchEnv(t *testing.T, l *ledger) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := bareEnv(t)
	env.RegisterWorkflowWithOptions(workflows.Batch, workflow.RegisterOptions{Name: batch.BatchWorkflow})
	env.RegisterWorkflowWithOptions(l.document, workflow.RegisterOptions{Name: batch.DocumentWorkflow})
	l.serve(env)
	return env
}

func (l *ledger) document(ctx workflow.Context, in batch.DocumentInput) (batch.DocumentResult, error) {
	l.window.enter()
	defer l.window.leave()
	if err := workflow.Sleep(ctx, time.Minute); err != nil {
		l.outcomes[in.Row] = batch.OutcomeCancelled
		return batch.DocumentResult{}, err
	}
	o, err := l.read(in.Row)
	if err == nil || temporal.IsApplicationError(err) {
		l.outcomes[in.Row] = o
	}
	l.group(in.Row, err)
	return batch.DocumentResult{Outcome: o, Pages: 2, Stages: timing(batch.StageExtract)}, err
}

// serve answers env's batch activities from l and marks the batch.
func (l *ledger) serve(env *testsuite.TestWorkflowEnvironment) {
	env.OnActivity(batches.OpenBatch, mock.Anything, mock.Anything).Return(func(context.Context, activities.OpenInput) (activities.OpenResult, error) {
		return activities.OpenResult{Counts: l.counts(), Groups: l.groups}, nil
	})
	env.OnActivity(batches.PendingRows, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.RowsInput) ([]int, error) {
		var rows []int
		for r := in.After + 1; r <= l.rows && len(rows) < in.Limit; r++ {
			if _, ended := l.outcomes[r]; !ended {
				rows = append(rows, r)
			}
		}
		return rows, nil
	})
	env.OnActivity(batches.CloseBatch, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.CloseInput) (batch.Summary, error) {
		status := batch.StatusCompleted
		if in.Cancelled {
			status = batch.StatusCancelled
			for r := 1; r <= l.rows; r++ {
				if _, ended := l.outcomes[r]; !ended {
					l.outcomes[r] = batch.OutcomeCancelled
				}
			}
		}
		return batch.Summary{Batch: in.Batch, Status: status, Counts: l.counts()}, nil
	}).Maybe()
	env.OnUpsertTypedSearchAttributes(mock.Anything).Return(nil).Maybe()
}

// peak is the greatest number of documents that ran at once.
type peak struct{ now, most int }

func (p *peak) enter() { p.now++; p.most = max(p.most, p.now) }
func (p *peak) leave() { p.now-- }

func completed(int) (batch.Outcome, error) { return batch.OutcomeCompleted, nil }

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
	env.OnActivity(docs.RecordOutcome, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.OutcomeInput) (activities.OutcomeResult, error) {
		l.outcomes[in.Row] = in.Outcome
		return activities.OutcomeResult{Outcome: in.Outcome}, nil
	}).Once()
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

func TestCancelledBatchAccountsForEveryRow(t *testing.T) {
	l := newLedger(50)
	env := newBatchEnv(t, l)
	env.RegisterDelayedCallback(env.CancelWorkflow, 90*time.Second)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(50, 10))
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	assert.Equal(t, batch.Counts{Total: 50, Completed: 10, Cancelled: 40}, l.counts())
	p := query[batch.Progress](t, env, batch.QueryProgress)
	assert.Equal(t, batch.StatusCancelled, p.Status)
	assert.True(t, p.Counts.Reconciles())
}

func TestProgressWhileABatchRuns(t *testing.T) {
	l := newLedger(40)
	env := newBatchEnv(t, l)
	checked := false
	env.RegisterDelayedCallback(func() {
		checked = true
		p := query[batch.Progress](t, env, batch.QueryProgress)
		assert.True(t, p.Counts.Reconciles(), "%+v", p.Counts)
		assert.Equal(t, 20, p.Counts.Completed)
		assert.Equal(t, 10, p.Counts.Running)
		assert.Equal(t, 40, p.Pages)
		assert.InDelta(t, 50, p.Percent, 0.01)
		require.NotNil(t, p.ETA)
		assert.InDelta(t, 120, p.ETA.Remaining.Seconds(), 15)
		assert.LessOrEqual(t, p.ETA.Low, p.ETA.High)
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

func query[T any](t *testing.T, env *testsuite.TestWorkflowEnvironment, name string) T {
	t.Helper()
	var out T
	v, err := env.QueryWorkflow(name)
	require.NoError(t, err)
	require.NoError(t, get(v, &out))
	return out
}

func get(v converter.EncodedValue, out any) error { return v.Get(out) }

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
