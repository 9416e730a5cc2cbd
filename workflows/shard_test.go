package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
)

func TestLargeBatchRunsEveryRowOnceThroughShards(t *testing.T) {
	l := newLedger(530)
	l.outcomes[150] = batch.OutcomeFailed
	seen := map[int]int{}
	l.read = func(row int) (batch.Outcome, error) {
		seen[row]++
		if row%50 == 0 {
			return batch.OutcomeFailed, categoryError(batch.Data, "CorruptPDF", "a page is damaged")
		}
		return batch.OutcomeCompleted, nil
	}
	env := newBatchEnv(t, l)
	at(t, env, 5*time.Minute+30*time.Second, func(p batch.Progress) {
		assert.True(t, p.Counts.Reconciles(), "%+v", p.Counts)
		assert.InDelta(t, 250, p.Counts.Done(), 50, "shards report as they go")
		assert.InDelta(t, 50, p.Counts.Running, 25)
		require.NotNil(t, p.ETA)
		assert.InDelta(t, 6, p.ETA.Remaining.Minutes(), 3)
	})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(530, 50))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 530, Completed: 520, Failed: 10}, got.Counts)
	assert.LessOrEqual(t, l.window.most, 50, "the shards share the batch's concurrency")
	assert.GreaterOrEqual(t, l.window.most, 45)
	require.Len(t, seen, 529)
	for row, n := range seen {
		assert.Equal(t, 1, n, "row %d", row)
	}
	report := query[batch.ErrorReport](t, env, batch.QueryErrors)
	require.Len(t, report.Groups, 1, "one cause over all shards")
	assert.Equal(t, 9, report.Groups[0].Count)
	assert.Len(t, report.Groups[0].Rows, batch.MaxExampleRows)
	p := query[batch.Progress](t, env, batch.QueryProgress)
	assert.Equal(t, 520*2, p.Pages)
	require.Len(t, p.Stages, 1)
	assert.Equal(t, 520, p.Stages[0].Documents)
}

func TestCommandsReachEveryShard(t *testing.T) {
	l := newLedger(700)
	env := newBatchEnv(t, l)
	a := command(env, 90*time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: 2})
	command(env, 150*time.Second, batch.CommandPause, batch.Pause{})
	at(t, env, time.Hour, func(p batch.Progress) {
		assert.Equal(t, batch.StatusPaused, p.Status)
		assert.Zero(t, p.Counts.Running)
	})
	command(env, 2*time.Hour, batch.CommandSetConcurrency, batch.SetConcurrency{Concurrency: 80})
	command(env, 2*time.Hour, batch.CommandResume, batch.Resume{})
	at(t, env, 2*time.Hour+90*time.Second, func(batch.Progress) { assert.InDelta(t, 80, l.window.now, 2) })
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(700, 40))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 700, Completed: 700}, got.Counts)
	assert.Equal(t, 39, a.result.Moved, "of the 40 in flight, as the one shard says that one is in work")
	assert.Equal(t, 1, a.result.InWork)
	require.Len(t, l.moves, 1)
	assert.EqualValues(t, 2, l.begun[len(l.begun)-1].Priority, "shards started later have it too")
}

func TestCommandIsAnsweredWhenItIsCarriedOut(t *testing.T) {
	l := newLedger(300)
	l.moveTakes = 10 * time.Second
	env := newBatchEnv(t, l)
	// Documents end, and shards report that, while the others are moved.
	a := command(env, 55*time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: 2})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(300, 40))
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, 39, a.result.Moved)
	assert.Equal(t, 1, a.result.InWork)
}

func TestCancelledLargeBatchAccountsForEveryRow(t *testing.T) {
	for name, cmd := range map[string]batch.Cancel{"drain": {}, "now": {Mode: batch.CancelNow}} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(500)
			env := newBatchEnv(t, l)
			start := env.Now()
			command(env, 90*time.Second, batch.CommandCancel, cmd)
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(500, 40))
			assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
			want := batch.Counts{Total: 500, Completed: 80, Cancelled: 420}
			if cmd.Mode == batch.CancelNow {
				want = batch.Counts{Total: 500, Completed: 40, Cancelled: 460}
			}
			assert.Equal(t, want, l.counts())
			assert.Less(t, env.Now().Sub(start), 3*time.Minute)
		})
	}
}

func TestTheLastShardsHaveTheWholeConcurrency(t *testing.T) {
	l := newLedger(310)
	env := newBatchEnv(t, l)
	start := env.Now()
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(310, 40))
	require.NoError(t, env.GetWorkflowError())
	// The fourth shard has 10 rows; then three share what it leaves.
	assert.Less(t, env.Now().Sub(start), 10*time.Minute)
}

func TestLongHistoryGoesOnInANewRun(t *testing.T) {
	l := newLedger(250)
	env := newBatchEnv(t, l)
	command(env, 90*time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: 3})
	env.RegisterDelayedCallback(func() { env.SetCurrentHistoryLength(9000) }, 3*time.Minute)
	in := batchIn(250, 30)
	in.Options.Concurrency = 1
	env.ExecuteWorkflow(batch.BatchWorkflow, in)
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	assert.Equal(t, batch.BatchWorkflow, again.WorkflowType.Name)
	assert.Less(t, l.counts().Done(), 250)
	done := l.counts().Done()

	next := newBatchEnv(t, l)
	next.ExecuteWorkflow(batch.BatchWorkflow, decoded(t, again)...)
	var got batch.Summary
	require.NoError(t, next.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 250, Completed: 250}, got.Counts)
	p := query[batch.Progress](t, next, batch.QueryProgress)
	assert.Equal(t, 500, p.Pages, "what the first run counted is kept")
	assert.Len(t, p.Decisions, 1)
	assert.EqualValues(t, 3, p.Priority)
	assert.Positive(t, done)
	assert.Len(t, l.begun, 250, "each document once")
}
