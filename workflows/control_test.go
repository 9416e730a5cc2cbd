package workflows_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/caseload/caseload/batch"
)

// command sends an update after a time; its answer is there when the workflow
// has ended.
func command(env *testsuite.TestWorkflowEnvironment, after time.Duration, name string, cmd any) *answer {
	a := &answer{}
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflow(name, "", &testsuite.TestUpdateCallback{
			OnAccept: func() {},
			OnReject: func(err error) { a.rejected = err },
			OnComplete: func(result any, err error) {
				a.result, _ = result.(batch.CommandResult)
				a.err = err
			},
		}, cmd)
	}, after)
	return a
}

type answer struct {
	result   batch.CommandResult
	err      error
	rejected error
}

// at looks at the progress after a time.
func at(t *testing.T, env *testsuite.TestWorkflowEnvironment, after time.Duration, look func(batch.Progress)) {
	t.Helper()
	looked := false
	env.RegisterDelayedCallback(func() {
		looked = true
		look(query[batch.Progress](t, env, batch.QueryProgress))
	}, after)
	t.Cleanup(func() { assert.True(t, looked, "the batch had ended before %s", after) })
}

func TestPausedBatchStartsNothingUntilItIsResumed(t *testing.T) {
	for _, by := range []string{"update", "signal"} {
		t.Run(by, func(t *testing.T) {
			l := newLedger(40)
			env := newBatchEnv(t, l)
			if by == "update" {
				command(env, 90*time.Second, batch.CommandPause, batch.Pause{By: "ana@office", Reason: "OCR is down"})
				command(env, time.Hour, batch.CommandResume, batch.Resume{By: "ben@office"})
			} else {
				env.RegisterDelayedCallback(func() { env.SignalWorkflow(batch.CommandPause, nil) }, 90*time.Second)
				env.RegisterDelayedCallback(func() { env.SignalWorkflow(batch.CommandResume, nil) }, time.Hour)
			}
			at(t, env, 30*time.Minute, func(p batch.Progress) {
				assert.Equal(t, batch.StatusPaused, p.Status)
				assert.Equal(t, batch.Counts{Total: 40, Completed: 20, Pending: 20}, p.Counts, "those in work were read to their end")
				assert.Nil(t, p.ETA)
				require.NotNil(t, p.Control)
				if by == "update" {
					assert.Equal(t, "ana@office", p.Control.By)
					assert.Equal(t, "OCR is down", p.Control.Reason)
				} else {
					assert.Equal(t, "signal", p.Control.By)
				}
			})
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
			var got batch.Summary
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, batch.Counts{Total: 40, Completed: 40}, got.Counts)
			kinds := []string{}
			for _, d := range query[batch.Progress](t, env, batch.QueryProgress).Decisions {
				kinds = append(kinds, d.Kind)
			}
			assert.Equal(t, []string{batch.CommandPause, batch.CommandResume}, kinds)
			require.Len(t, l.decisions, 2, "the store has them too")
		})
	}
}

func TestDocumentsGivenBackUnreadRunAfterThePause(t *testing.T) {
	l := newLedger(10)
	env := newBatchEnv(t, l)
	// The store says paused before the workflow does: the next documents give their rows back.
	env.RegisterDelayedCallback(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.control.Status = batch.StatusPaused
	}, 30*time.Second)
	command(env, 60*time.Second+time.Millisecond, batch.CommandPause, batch.Pause{})
	command(env, 10*time.Minute, batch.CommandResume, batch.Resume{})
	at(t, env, 5*time.Minute, func(p batch.Progress) {
		assert.Equal(t, batch.Counts{Total: 10, Completed: 3, Pending: 7}, p.Counts)
	})
	l.read = func(int) (batch.Outcome, error) { return batch.OutcomeCompleted, nil }
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(10, 3))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 10, Completed: 10}, got.Counts)
	assert.Greater(t, len(l.begun), 10, "some were begun twice")
}

func TestCommandsThatChangeNothingSaySo(t *testing.T) {
	l := newLedger(40)
	env := newBatchEnv(t, l)
	idle := command(env, 20*time.Second, batch.CommandResume, batch.Resume{})
	same := command(env, 21*time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: batch.PriorityHigh})
	window := command(env, 22*time.Second, batch.CommandSetConcurrency, batch.SetConcurrency{Concurrency: 10})
	first := command(env, 30*time.Second, batch.CommandPause, batch.Pause{By: "ana"})
	again := command(env, 40*time.Second, batch.CommandPause, batch.Pause{By: "ben"})
	command(env, 50*time.Second, batch.CommandResume, batch.Resume{})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
	require.NoError(t, env.GetWorkflowError())
	assert.True(t, first.result.Changed)
	for what, a := range map[string]*answer{"not paused": idle, "already": same, "in flight already": window, "paused already, by ana since": again} {
		require.NoError(t, a.err)
		assert.False(t, a.result.Changed, what)
		assert.Contains(t, a.result.Message, what)
	}
	assert.Len(t, l.decisions, 2, "only what changed something is recorded")
}

func TestBadCommandsAreRejected(t *testing.T) {
	l := newLedger(20)
	env := newBatchEnv(t, l)
	bad := map[string]*answer{
		`priority "10"`:   command(env, time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: 10}),
		"concurrency 501": command(env, time.Second, batch.CommandSetConcurrency, batch.SetConcurrency{Concurrency: 501}),
		`mode "maybe"`:    command(env, time.Second, batch.CommandCancel, batch.Cancel{Mode: "maybe"}),
	}
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(20, 10))
	require.NoError(t, env.GetWorkflowError())
	for what, a := range bad {
		assert.ErrorContains(t, a.rejected, what)
	}
	assert.Empty(t, l.decisions)
}

func TestWrongSignalsAreRefusedWhereItIsSeen(t *testing.T) {
	for name, payload := range map[string]any{
		"level": 99, "word": "urgent", "object": json.RawMessage(`{"priority": 99}`), "list": []int{9}, "none": nil,
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(20)
			env := newBatchEnv(t, l)
			env.RegisterDelayedCallback(func() { env.SignalWorkflow(batch.CommandReprioritize, payload) }, time.Second)
			env.RegisterDelayedCallback(func() { env.SignalWorkflow(batch.CommandReprioritize, "low") }, 2*time.Second)
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(20, 10))
			require.NoError(t, env.GetWorkflowError())
			require.Len(t, l.decisions, 2)
			d := l.decisions[0]
			assert.Equal(t, batch.DecisionRefused, d.Kind)
			assert.Equal(t, "signal", d.By)
			assert.Equal(t, "reprioritize refused: want high, normal, low or a level from 0 to 9", d.Detail, "what was sent is not told")
			assert.Equal(t, "priority 9 (high) to 1 (low)", l.decisions[1].Detail, "the next one is heard")
			assert.Len(t, query[batch.Progress](t, env, batch.QueryProgress).Decisions, 2)
		})
	}
}

func TestReprioritizeMovesAllThatHasNotRun(t *testing.T) {
	for name, send := range map[string]func(*testsuite.TestWorkflowEnvironment){
		"update": func(env *testsuite.TestWorkflowEnvironment) {
			command(env, 90*time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: 2})
		},
		"signal":        signalAt(90*time.Second, `{"priority": 2}`),
		"signal, bare":  signalAt(90*time.Second, `2`),
		"signal, named": signalAt(90*time.Second, `{"priority": "2"}`),
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(40)
			env := newBatchEnv(t, l)
			send(env)
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
			require.NoError(t, env.GetWorkflowError())
			require.Len(t, l.begun, 40)
			for i, in := range l.begun {
				want := batch.PriorityHigh
				if i >= 20 {
					want = 2
				}
				assert.Equal(t, want, in.Priority, "document %d", i)
			}
			require.Len(t, l.moves, 1)
			assert.Equal(t, []int{11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, l.moves[0].Rows, "those in flight")
			assert.EqualValues(t, 2, l.moves[0].Priority)
			assert.EqualValues(t, 2, l.recorded().Priority)
			assert.Equal(t, "priority 9 (high) to 2 (low)", l.decisions[0].Detail)
		})
	}
}

func signalAt(after time.Duration, payload string) func(*testsuite.TestWorkflowEnvironment) {
	return func(env *testsuite.TestWorkflowEnvironment) {
		env.RegisterDelayedCallback(func() { env.SignalWorkflow(batch.CommandReprioritize, json.RawMessage(payload)) }, after)
	}
}

func TestReprioritizeAnswersWhatItMoved(t *testing.T) {
	env := newBatchEnv(t, newLedger(40))
	a := command(env, 90*time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: 2, By: "ana", Reason: "trial moved"})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
	require.NoError(t, env.GetWorkflowError())
	assert.True(t, a.result.Changed)
	assert.Equal(t, 9, a.result.Moved)
	assert.Equal(t, 1, a.result.InWork)
	assert.Equal(t, 20, a.result.Unstarted)
	assert.Equal(t, "priority 9 (high) to 2 (low): trial moved", a.result.Message)
}

func TestConcurrencyChangesWhileABatchRuns(t *testing.T) {
	l := newLedger(60)
	env := newBatchEnv(t, l)
	command(env, 90*time.Second, batch.CommandSetConcurrency, batch.SetConcurrency{Concurrency: 3})
	at(t, env, 150*time.Second, func(p batch.Progress) {
		assert.Equal(t, 3, p.Counts.Running, "fewer at once")
		assert.Equal(t, 3, p.Control.Concurrency)
	})
	command(env, 155*time.Second, batch.CommandSetConcurrency, batch.SetConcurrency{Concurrency: 30})
	at(t, env, 156*time.Second, func(p batch.Progress) { assert.Equal(t, 30, p.Counts.Running, "more at once") })
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(60, 10))
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, 60, l.counts().Completed)
}

func TestDrainedBatchReadsDocumentsInWorkToTheirEnd(t *testing.T) {
	l := newLedger(40)
	env := newBatchEnv(t, l)
	a := command(env, 90*time.Second, batch.CommandCancel, batch.Cancel{By: "ana"})
	late := command(env, 95*time.Second, batch.CommandPause, batch.Pause{})
	again := command(env, 96*time.Second, batch.CommandCancel, batch.Cancel{})
	at(t, env, 100*time.Second, func(p batch.Progress) {
		assert.Equal(t, batch.StatusCancelling, p.Status)
		assert.Equal(t, 10, p.Counts.Running)
	})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	assert.True(t, a.result.Changed)
	assert.ErrorContains(t, late.err, "being cancelled")
	assert.Contains(t, again.result.Message, "being cancelled already, by ana")
	assert.Equal(t, batch.Counts{Total: 40, Completed: 20, Cancelled: 20}, l.counts())
	p := query[batch.Progress](t, env, batch.QueryProgress)
	assert.Equal(t, batch.StatusCancelled, p.Status)
	assert.True(t, p.Counts.Reconciles())
}

func TestDrainingIsBoundedInTime(t *testing.T) {
	l := newLedger(40)
	l.takes = 10 * time.Hour
	env := newBatchEnv(t, l)
	start := env.Now()
	command(env, 90*time.Second, batch.CommandCancel, batch.Cancel{Within: 5 * time.Minute})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()))
	assert.Less(t, env.Now().Sub(start), 10*time.Minute)
	assert.Equal(t, batch.Counts{Total: 40, Cancelled: 40}, l.counts())
	assert.Equal(t, "batch", l.decisions[len(l.decisions)-1].By, "it says that the time was over")
}

func TestCancelNowStopsDocumentsInWork(t *testing.T) {
	l := newLedger(40)
	env := newBatchEnv(t, l)
	start := env.Now()
	command(env, 90*time.Second, batch.CommandCancel, batch.Cancel{Mode: batch.CancelNow})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 10))
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()))
	assert.Less(t, env.Now().Sub(start), 100*time.Second)
	assert.Equal(t, batch.Counts{Total: 40, Completed: 10, Cancelled: 30}, l.counts())
}
