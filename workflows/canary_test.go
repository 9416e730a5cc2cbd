package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
)

// twoCauses is a recovery of rows of two causes, odd and even, of which the even
// one is not cured; two rows of each are its canaries.
func twoCauses(rows int) *ledger {
	l := newLedger(rows)
	l.canaries = 4
	l.cause = func(row int) string { return []string{"even", "odd"}[row%2] }
	l.read = func(row int) (batch.Outcome, error) {
		if row%2 == 0 {
			return batch.OutcomeFailed, categoryError(batch.Data, "EncryptedPDF", "encrypted")
		}
		return batch.OutcomeCompleted, nil
	}
	return l
}

func canaryIn(rows int) batch.Input {
	in := batchIn(rows, 50)
	in.Options.Canary = 2
	return in
}

func TestCanariesAreReadFirstAndHoldBackWhatTheyFailedFor(t *testing.T) {
	for name, rows := range map[string]int{"one workflow": 40, "shards": 350} {
		t.Run(name, func(t *testing.T) {
			l := twoCauses(rows)
			env := newBatchEnv(t, l)
			at(t, env, 30*time.Second, func(p batch.Progress) {
				assert.Equal(t, batch.Counts{Total: rows, Running: 4, Pending: rows - 4}, p.Counts, "nothing else starts before they have ended")
			})
			env.ExecuteWorkflow(batch.BatchWorkflow, canaryIn(rows))
			require.NoError(t, env.GetWorkflowError())
			var s batch.Summary
			require.NoError(t, env.GetWorkflowResult(&s))
			assert.Equal(t, batch.Counts{Total: rows, Completed: rows / 2, Failed: 2, Skipped: rows/2 - 2}, s.Counts)
			assert.Len(t, l.begun, rows/2+2, "each row once, and those held back never")
		})
	}
}

func TestCanariesThatPassLetAllOthersRun(t *testing.T) {
	l := twoCauses(40)
	l.read = completed
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, canaryIn(40))
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, batch.Counts{Total: 40, Completed: 40}, l.counts())
	assert.Len(t, l.begun, 40)
}

func TestARecoveryWithoutCanariesJudgesNone(t *testing.T) {
	l := twoCauses(40)
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 50))
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, batch.Counts{Total: 40, Completed: 20, Failed: 20}, l.counts())
}

func TestCanariesAreGoneOnWithInANewRun(t *testing.T) {
	l := twoCauses(40)
	l.canaries = 12
	in := canaryIn(40)
	in.Options.Concurrency = 2
	env := newBatchEnv(t, l)
	env.RegisterDelayedCallback(func() { env.SetCurrentHistoryLength(9000) }, 90*time.Second)
	env.ExecuteWorkflow(batch.BatchWorkflow, in)
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, env.GetWorkflowError(), &again)
	require.Less(t, len(l.begun), 12, "in the middle of the canaries")

	env = newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, in, decoded(t, again)[1])
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, batch.Counts{Total: 40, Completed: 20, Failed: 6, Skipped: 14}, l.counts())
	assert.Len(t, l.begun, 26, "each row once, and those held back never")
}

func TestACanaryThatIsReadAgainAfterAHoldIsJudgedByThat(t *testing.T) {
	l, m := newLedger(30), missing(beforeTheHold)
	l.canaries, l.cause = 12, func(int) string { return "a" }
	l.read = func(row int) (batch.Outcome, error) {
		if o, err := m.read(row); row != 1 || m.reads[1] < 2 {
			return o, err
		}
		return batch.OutcomeFailed, categoryError(batch.Data, "CorruptPDF", "a page is damaged")
	}
	env := newBatchEnv(t, l)
	env.RegisterDelayedCallback(func() { m.missing = false }, time.Hour)
	command(env, 2*time.Hour, batch.CommandResume, batch.Resume{By: "ana"})
	in := batchIn(30, 1)
	in.Options.Canary = 12
	env.ExecuteWorkflow(batch.BatchWorkflow, in)
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, batch.Counts{Total: 30, Completed: 11, Failed: 1, Skipped: 18}, l.counts())
	assert.Equal(t, 2, m.reads[1])
}
