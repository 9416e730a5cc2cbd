package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/sdk/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/caseload/caseload/batch"
)

// toolMissing fails the documents of rows that need a tool while it is missing.
type toolMissing struct {
	needs   func(row int) bool
	missing bool
	reads   map[int]int
}

func missing(needs func(row int) bool) *toolMissing {
	return &toolMissing{needs: needs, missing: true, reads: map[int]int{}}
}

func (m *toolMissing) read(row int) (batch.Outcome, error) {
	m.reads[row]++
	if m.missing && m.needs(row) {
		return batch.OutcomeFailed, categoryError(batch.Configuration, "ToolMissing", "tesseract is not installed; install it")
	}
	return batch.OutcomeCompleted, nil
}

func every(int) bool { return true }

func kinds(ds []batch.Decision) []string {
	out := make([]string, len(ds))
	for i, d := range ds {
		out[i] = d.Kind
	}
	return out
}

func TestBurstOfConfigurationFailuresHoldsTheBatch(t *testing.T) {
	for name, rows := range map[string]int{"one workflow": 90, "shards": 350} {
		t.Run(name, func(t *testing.T) {
			l, m := newLedger(rows), missing(every)
			l.read = m.read
			env := newBatchEnv(t, l)
			at(t, env, time.Hour, func(p batch.Progress) {
				assert.Equal(t, batch.StatusHeld, p.Status)
				assert.Equal(t, batch.Counts{Total: rows, Pending: rows}, p.Counts, "nothing failed: all of it can be read later")
				assert.Contains(t, p.Control.Reason, "tesseract is not installed; install it")
				assert.Equal(t, batch.ByBatch, p.Control.By)
				assert.Nil(t, p.ETA)
			})
			env.RegisterDelayedCallback(func() { m.missing = false }, 2*time.Hour)
			a := command(env, 3*time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
			again := command(env, 3*time.Hour+time.Second, batch.CommandResume, batch.Resume{By: "ben"})
			at(t, env, 3*time.Hour+30*time.Second, func(p batch.Progress) {
				assert.Equal(t, batch.StatusHeld, p.Status)
				assert.Equal(t, 1, p.Counts.Running, "a single probe")
			})
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(rows, 20))
			var got batch.Summary
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, batch.Counts{Total: rows, Completed: rows}, got.Counts)
			assert.Contains(t, a.result.Message, "read as a probe")
			assert.Contains(t, again.result.Message, "already")
			assert.Equal(t, []string{batch.DecisionHold, batch.CommandResume, batch.DecisionProbe}, kinds(l.decisions))
		})
	}
}

func TestProbeThatFailsKeepsTheBatchHeld(t *testing.T) {
	for name, rows := range map[string]int{"one workflow": 60, "shards": 250} {
		t.Run(name, func(t *testing.T) {
			l, m := newLedger(rows), missing(every)
			l.read = m.read
			env := newBatchEnv(t, l)
			command(env, time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
			at(t, env, 90*time.Minute, func(p batch.Progress) {
				assert.Equal(t, batch.StatusHeld, p.Status)
				assert.Equal(t, batch.Counts{Total: rows, Pending: rows}, p.Counts)
			})
			env.RegisterDelayedCallback(func() { m.missing = false }, 2*time.Hour)
			command(env, 3*time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(rows, 20))
			require.NoError(t, env.GetWorkflowError())
			assert.Equal(t, rows, l.counts().Completed)
			assert.Equal(t, []string{batch.DecisionHold, batch.CommandResume, batch.DecisionProbe, batch.CommandResume, batch.DecisionProbe}, kinds(l.decisions))
			assert.Contains(t, l.decisions[2].Detail, "still held: tesseract is not installed")
		})
	}
}

func TestConfigurationFailuresApartFailAlone(t *testing.T) {
	l, m := newLedger(60), missing(func(row int) bool { return row%3 == 0 })
	l.read = m.read
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(60, 1))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 60, Completed: 40, Failed: 20}, got.Counts)
	assert.Empty(t, l.decisions)
	report := query[batch.ErrorReport](t, env, batch.QueryErrors)
	require.Len(t, report.Groups, 1)
	assert.Equal(t, 20, report.Groups[0].Count)
}

// beforeTheHold needs the tool for every row but the fourth: an interrupted burst comes
// before the one that holds the batch.
func beforeTheHold(row int) bool { return row != 4 }

func TestWhatFailedForTheCauseOfAHoldIsReadAgain(t *testing.T) {
	for name, rows := range map[string]int{"one workflow": 40, "shards": 250} {
		t.Run(name, func(t *testing.T) {
			l, m := newLedger(rows), missing(beforeTheHold)
			l.read = m.read
			env := newBatchEnv(t, l)
			held := batch.Counts{Total: rows, Completed: 1, Failed: 3, Pending: rows - 4}
			for _, after := range []time.Duration{time.Hour, 2 * time.Hour} {
				at(t, env, after, func(p batch.Progress) {
					assert.Equal(t, batch.StatusHeld, p.Status)
					assert.Equal(t, held, p.Counts, "after %s: those before it have failed, until the cause is known to be gone", after)
				})
			}
			command(env, 90*time.Minute, batch.CommandResume, batch.Resume{By: "ana"})
			env.RegisterDelayedCallback(func() { m.missing = false }, 150*time.Minute)
			command(env, 3*time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
			at(t, env, 3*time.Hour+62*time.Second, func(p batch.Progress) {
				assert.Equal(t, batch.StatusRunning, p.Status)
				assert.Zero(t, p.Counts.Failed)
				assert.True(t, p.Counts.Reconciles(), "%+v", p.Counts)
				assert.Equal(t, l.counts().Done(), p.Counts.Done())
			})
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(rows, 1))
			var got batch.Summary
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, batch.Counts{Total: rows, Completed: rows}, got.Counts)
			assert.Equal(t, 2, m.reads[1], "once before, and once after")
			assert.Equal(t, 1, m.reads[4], "what had passed is not read again")
			last := l.decisions[len(l.decisions)-1]
			assert.Contains(t, last.Detail, "passed: running again, and reading again 3 documents that had failed for the same cause before")
			assert.Empty(t, query[batch.ErrorReport](t, env, batch.QueryErrors).Groups)
		})
	}
}

// Two causes hold one batch: the first is put right, a probe then meets the second,
// and what had failed for either before is read again once that is gone, too.
func TestWhatFailedForEachCauseOfAHoldIsReadAgain(t *testing.T) {
	for name, rows := range map[string]int{"one workflow": 40, "shards": 250} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(rows)
			tool, language, reads := true, true, map[int]int{}
			l.read = func(row int) (batch.Outcome, error) {
				reads[row]++
				switch {
				case row == 4:
				case row != 3 && tool:
					return batch.OutcomeFailed, categoryError(batch.Configuration, "ToolMissing", "tesseract is not installed; install it")
				case language && (row == 3 || row > 4):
					return batch.OutcomeFailed, categoryError(batch.Configuration, "LanguageMissing", "the language pack is not installed; install it")
				}
				return batch.OutcomeCompleted, nil
			}
			env := newBatchEnv(t, l)
			env.RegisterDelayedCallback(func() { tool = false }, time.Hour)
			command(env, 2*time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
			at(t, env, 150*time.Minute, func(p batch.Progress) {
				assert.Equal(t, batch.StatusHeld, p.Status)
				assert.Equal(t, batch.Counts{Total: rows, Completed: 1, Failed: 3, Pending: rows - 4}, p.Counts)
			})
			env.RegisterDelayedCallback(func() { language = false }, 3*time.Hour)
			command(env, 4*time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(rows, 1))
			var got batch.Summary
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, batch.Counts{Total: rows, Completed: rows}, got.Counts)
			assert.Equal(t, []int{2, 2, 2, 1}, []int{reads[1], reads[2], reads[3], reads[4]})
			last := l.decisions[len(l.decisions)-1]
			assert.Contains(t, last.Detail, "reading again 3 documents that had failed for the same causes before")
			assert.Empty(t, query[batch.ErrorReport](t, env, batch.QueryErrors).Groups)
		})
	}
}

func TestWhatFailedBeforeAHoldStaysSoIfTheBatchIsCancelled(t *testing.T) {
	l, m := newLedger(40), missing(beforeTheHold)
	l.read = m.read
	env := newBatchEnv(t, l)
	command(env, time.Hour, batch.CommandCancel, batch.Cancel{By: "ana"})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 1))
	assert.Equal(t, batch.Counts{Total: 40, Completed: 1, Failed: 3, Cancelled: 36}, l.counts())
}

func TestFewFailuresAtTheEndFailAsTheyAre(t *testing.T) {
	l, m := newLedger(4), missing(every)
	l.read = m.read
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(4, 10))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 4, Failed: 4}, got.Counts)
}

func TestHoldCanBeTurnedOffAndTuned(t *testing.T) {
	for after, want := range map[int]batch.Counts{-1: {Total: 30, Failed: 30}, 3: {Total: 30, Cancelled: 30}} {
		l, m := newLedger(30), missing(every)
		l.read = m.read
		env := newBatchEnv(t, l)
		if after > 0 {
			command(env, time.Hour, batch.CommandCancel, batch.Cancel{By: "ana"})
		}
		in := batchIn(30, 1)
		in.Options.HoldAfter = after
		env.ExecuteWorkflow(batch.BatchWorkflow, in)
		assert.Equal(t, want, l.counts(), "hold after %d", after)
		if after > 0 {
			assert.Len(t, m.reads, after)
		}
	}
}

func TestHeldBatchSaysWhyItDoesNotPause(t *testing.T) {
	l, m := newLedger(30), missing(every)
	l.read = m.read
	env := newBatchEnv(t, l)
	a := command(env, time.Hour, batch.CommandPause, batch.Pause{By: "ana"})
	command(env, 2*time.Hour, batch.CommandCancel, batch.Cancel{By: "ana"})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(30, 10))
	assert.False(t, a.result.Changed)
	assert.Contains(t, a.result.Message, "held since")
	assert.Equal(t, batch.Counts{Total: 30, Cancelled: 30}, l.counts())
}

func TestTooManyFailuresStopTheBatch(t *testing.T) {
	for name, rows := range map[string]int{"one workflow": 90, "shards": 350} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(rows)
			l.read = func(row int) (batch.Outcome, error) {
				if row%2 == 0 {
					return batch.OutcomeFailed, categoryError(batch.Data, "CorruptPDF", "a page is damaged")
				}
				return batch.OutcomeCompleted, nil
			}
			in := batchIn(rows, 10)
			in.Options.MaxFailures = batch.FailureLimits{"data": {Count: 7}}
			env := newBatchEnv(t, l)
			env.ExecuteWorkflow(batch.BatchWorkflow, in)
			var app *temporal.ApplicationError
			require.ErrorAs(t, env.GetWorkflowError(), &app)
			assert.Equal(t, batch.TypeMaxFailures, app.Type())
			assert.Regexp(t, `7 may; in flight then: [1-9]`, app.Message())
			details := currentDetails(t, env)
			assert.Regexp(t, `(?s)\| in flight \| pending \|.*\| failed \| category \|.*\| when \(UTC\) \| who \|`, details)
			assert.Regexp(t, `\|\n\n\x{a0}\n(\n\x{a0}\n)+$`, details, "room below, which the page cuts off")
			var sum batch.Summary
			require.NoError(t, app.Details(&sum))
			assert.Equal(t, batch.StatusFailed, sum.Status)
			c := l.counts()
			assert.Equal(t, c, sum.Counts)
			assert.Zero(t, c.Pending, "every row has its outcome")
			assert.Greater(t, c.Failed, 7)
			assert.Less(t, c.Failed+c.Completed, 80, "what was done is kept, and little more was begun")
			assert.True(t, slices.Contains(kinds(l.decisions), batch.DecisionThreshold))
		})
	}
}

func TestShardThatEndsWithItsProbeLeavesTheBatchToAnother(t *testing.T) {
	l, m := newLedger(250), missing(every)
	l.read = m.read
	env := newBatchEnv(t, l)
	// The shard that reads the probe is ended from outside, as an operator may.
	asked := command(env, time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
	env.RegisterDelayedCallback(func() {
		env.CancelWorkflowByID(batch.ShardWorkflowID("b1", 0), "")
	}, time.Hour+20*time.Second)
	again := command(env, 2*time.Hour, batch.CommandResume, batch.Resume{By: "ben"})
	command(env, 3*time.Hour, batch.CommandCancel, batch.Cancel{By: "ana"})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(250, 20))
	assert.True(t, asked.result.Changed)
	assert.True(t, again.result.Changed, "it can be asked for another probe: %s", again.result.Message)
	assert.Equal(t, batch.Counts{Total: 250, Cancelled: 250}, l.counts())
}

// currentDetails is what the Temporal Web UI shows of a workflow.
func currentDetails(t *testing.T, env *testsuite.TestWorkflowEnvironment) string {
	t.Helper()
	v, err := env.QueryWorkflow("__temporal_workflow_metadata")
	require.NoError(t, err)
	var m sdk.WorkflowMetadata
	require.NoError(t, v.Get(&m))
	return m.GetCurrentDetails()
}
