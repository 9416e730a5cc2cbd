package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/caseload/caseload/batch"
)

// throttledLedger has a service that two of three rows need, and that asks to be
// left alone from after on, until later.
func throttledLedger(t *testing.T, rows int, after, later time.Duration) (l *ledger, env *testsuite.TestWorkflowEnvironment) {
	t.Helper()
	l = newLedger(rows)
	env = newBatchEnv(t, l)
	began := env.Now()
	env.RegisterDelayedCallback(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.throttled = began.Add(later)
		l.needs = func(row int) bool { return row%3 != 0 }
	}, after)
	return l, env
}

// What needs a service that is left alone fills no place in the window, and no
// shard: all else is read meanwhile.
func TestDocumentsOfOtherServicesGoOnWhileOneIsLeftAlone(t *testing.T) {
	for name, rows := range map[string]int{"in one workflow": 90, "through shards": 900} {
		t.Run(name, func(t *testing.T) {
			l, env := throttledLedger(t, rows, 90*time.Second, 24*time.Hour)
			at(t, env, 20*time.Hour, func(p batch.Progress) {
				assert.Equal(t, batch.StatusRunning, p.Status)
				assert.Zero(t, p.Counts.Running)
				for row := 3; row <= rows; row += 3 {
					assert.Equal(t, batch.OutcomeCompleted, l.outcomes[row], "row %d", row)
				}
				assert.Less(t, p.Counts.Completed, rows/2)
				if rows > 500 {
					assert.Less(t, len(l.begun), rows, "rows that need it are not even begun, but for those listed before")
				}
			})
			env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(rows, 4))
			var got batch.Summary
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, batch.Counts{Total: rows, Completed: rows}, got.Counts)
		})
	}
}

func TestBatchThatWaitsForAServiceCanBePausedAndCancelled(t *testing.T) {
	l, env := throttledLedger(t, 90, 90*time.Second, 24*time.Hour)
	command(env, 10*time.Hour, batch.CommandPause, batch.Pause{})
	at(t, env, 30*time.Hour, func(p batch.Progress) {
		assert.Equal(t, batch.StatusPaused, p.Status)
		assert.Zero(t, p.Counts.Running, "although the service may be asked again")
	})
	command(env, 31*time.Hour, batch.CommandCancel, batch.Cancel{})
	began := env.Now()
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(90, 4))
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	assert.Less(t, env.Now().Sub(began), 32*time.Hour)
	c := l.counts()
	assert.Equal(t, 90, c.Completed+c.Cancelled)
	assert.GreaterOrEqual(t, c.Completed, 30)
}

// The service asks while the canaries are listed, and may be asked again before
// the others of them have ended.
func TestCanariesThatArePutOffAreReadBeforeTheyAreJudged(t *testing.T) {
	l := twoCauses(40)
	env := newBatchEnv(t, l)
	l.throttled = env.Now().Add(30 * time.Second)
	l.needs = func(row int) bool { return row%2 == 0 }
	env.ExecuteWorkflow(batch.BatchWorkflow, canaryIn(40))
	var s batch.Summary
	require.NoError(t, env.GetWorkflowResult(&s))
	assert.Equal(t, batch.Counts{Total: 40, Completed: 20, Failed: 2, Skipped: 18}, s.Counts)
}

// More often than rows without outcome are run in rounds.
func TestServiceMayAskToBeLeftAloneAgainAndAgain(t *testing.T) {
	l := newLedger(300)
	env := newBatchEnv(t, l)
	l.needs = func(row int) bool { return row <= 200 }
	left := 10
	l.read = func(row int) (batch.Outcome, error) {
		if l.needs(row) && left > 0 {
			left--
			l.throttled = env.Now().Add(time.Hour)
		}
		return batch.OutcomeCompleted, nil
	}
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(300, 4))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.Counts{Total: 300, Completed: 300}, got.Counts)
	assert.Zero(t, left)
}
