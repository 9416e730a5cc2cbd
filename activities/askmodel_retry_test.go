package activities_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/model"
	"github.com/caseload/caseload/test/modelserver"
)

// attempts runs activity, and again as often as it says.
func attempts(t *testing.T, activity any, in activities.ProcessInput) (res activities.ProcessResult, err error) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(activity)
	env.SetTestTimeout(time.Minute)
	again := func(ctx workflow.Context, in activities.ProcessInput) (res activities.ProcessResult, err error) {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
			StartToCloseTimeout: time.Hour, HeartbeatTimeout: time.Minute,
			RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Second, MaximumAttempts: 100},
		})
		err = workflow.ExecuteActivity(ctx, activity, in).Get(ctx, &res)
		return res, err
	}
	env.RegisterWorkflow(again)
	env.ExecuteWorkflow(again, in)
	require.True(t, env.IsWorkflowCompleted())
	if err := env.GetWorkflowError(); err != nil {
		return res, err
	}
	return res, env.GetWorkflowResult(&res)
}

func TestEachCallOfTheModelHasRetriesOfItsOwn(t *testing.T) {
	t.Parallel()
	const pieces = 4
	for name, c := range map[string]struct {
		fail func(call int) bool // call counts from 0
		ok   bool
		want int // calls
	}{
		"each fails twice":    {func(call int) bool { return call%3 != 2 }, true, 3 * pieces},
		"the second for good": {func(call int) bool { return call > 0 }, false, 1 + 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var text strings.Builder
			for i := range pieces {
				fmt.Fprintf(&text, "Ada Lovelace met Charles Babbage %s for the time of number %d.\n\n", strings.Repeat("again and ", 80), i)
			}
			b, server := withModel(t, batch.ModelOptions{}, text.String())
			var calls atomic.Int64
			flaky := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if c.fail(int(calls.Add(1)) - 1) {
					server.Set(modelserver.Away, 1)
				}
				server.ServeHTTP(w, r)
			}))
			t.Cleanup(flaky.Close)
			var err error
			b.Documents.Model, err = model.New(model.Config{BaseURL: flaky.URL + "/v1", Model: "double", MaxInput: 1000})
			require.NoError(t, err)
			p := steady()
			p[batch.Transient] = batch.RetryPolicy{Immediate: 3}
			b.Policies = p

			require.Equal(t, batch.StageModel, b.process(t, 1, batch.StageFetch).Next)
			res, err := attempts(t, b.AskModel, b.input(1, batch.StageModel))
			assert.Len(t, server.Calls(), c.want)
			if !c.ok {
				require.ErrorContains(t, err, "service failed")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, batch.OutcomeCompleted, res.Result.Outcome)
			assert.Equal(t, pieces, b.use(t, batchID).Calls)
		})
	}
}
