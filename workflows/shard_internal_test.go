package workflows

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"
)

// TestWhatCameWithATaskIsHeardBeforeARunEnds sends as a signal is sent: to a coroutine
// that waits, and has not run since.
func TestWhatCameWithATaskIsHeardBeforeARunEnds(t *testing.T) {
	t.Parallel()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.ExecuteWorkflow(func(ctx workflow.Context) (int, error) {
		orders, got, busy := workflow.NewChannel(ctx), 0, false
		waiting := false
		workflow.Go(ctx, func(ctx workflow.Context) {
			waiting = true
			orders.Receive(ctx, &got)
			busy = true
			if err := workflow.Sleep(ctx, 1); err == nil {
				busy = false
			}
		})
		if err := workflow.Await(ctx, func() bool { return waiting }); err != nil {
			return 0, err
		}
		orders.SendAsync(7)
		err := hearOthers(ctx, func() bool { return !busy })
		if busy {
			got = -1
		}
		return got, err
	})
	var got int
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, 7, got)
}
