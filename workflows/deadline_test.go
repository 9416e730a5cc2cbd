package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func withDeadline(at time.Time, max batch.Priority) batch.Input {
	in := batchIn(300, 5)
	in.Priority = batch.PriorityNormal
	in.Options.ShardRows = 300
	in.Options.Deadline, in.Options.MaxPriority = at, max
	return in
}

func TestBatchRaisesItsPriorityToMeetItsDeadline(t *testing.T) {
	l := newLedger(300) // an hour at 5 documents a minute
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, withDeadline(env.Now().Add(30*time.Minute), batch.DefaultMaxPriority))
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, l.decisions, 4)
	for i, detail := range []string{"priority 5 (normal) to 6 (normal)", "priority 6 (normal) to 7 (high)", "priority 7 (high) to 8 (high)", "priority stays 8 (high), the highest allowed"} {
		d := l.decisions[i]
		assert.Contains(t, d.Detail, detail, "a step at a time")
		assert.Contains(t, d.Detail, "after its deadline")
		assert.Equal(t, "batch", d.By)
		assert.Equal(t, batch.DecisionDeadline, d.Kind)
		if i > 0 {
			assert.Greater(t, d.At, l.decisions[i-1].At)
		}
	}
	assert.EqualValues(t, 8, l.begun[len(l.begun)-1].Priority)
	assert.EqualValues(t, 8, query[batch.Progress](t, env, batch.QueryProgress).Priority)
}

func TestBatchThatMeetsItsDeadlineKeepsItsPriority(t *testing.T) {
	l := newLedger(300)
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, withDeadline(env.Now().Add(3*time.Hour), batch.DefaultMaxPriority))
	require.NoError(t, env.GetWorkflowError())
	assert.Empty(t, l.decisions)
}

func TestBatchGoesToTheHighestPriorityOnlyIfAsked(t *testing.T) {
	l := newLedger(300)
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, withDeadline(env.Now().Add(30*time.Minute), 9))
	require.NoError(t, env.GetWorkflowError())
	assert.EqualValues(t, 9, query[batch.Progress](t, env, batch.QueryProgress).Priority)
}

func TestPausedBatchDoesNotRaiseItself(t *testing.T) {
	l := newLedger(300)
	env := newBatchEnv(t, l)
	command(env, 10*time.Minute, batch.CommandPause, batch.Pause{})
	command(env, 150*time.Minute, batch.CommandResume, batch.Resume{})
	at(t, env, 149*time.Minute, func(p batch.Progress) { assert.Equal(t, batch.PriorityNormal, p.Priority) })
	env.ExecuteWorkflow(batch.BatchWorkflow, withDeadline(env.Now().Add(180*time.Minute), batch.DefaultMaxPriority))
	require.NoError(t, env.GetWorkflowError())
	assert.EqualValues(t, 8, query[batch.Progress](t, env, batch.QueryProgress).Priority, "after the pause it did")
}
