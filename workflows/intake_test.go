package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/workflows"
)

var (
	intakes  *activities.Intake
	intakeIn = batch.IntakeInput{
		Name: "nightly", Project: "acme", Source: "s3://intake/acme", Priority: batch.PriorityHigh, Options: batch.Options{Concurrency: 7},
	}
	intakeBatch  = "nightly-20261123-020000-n-id" // of the environment's run ID
	scheduledFor = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
)

// childBatch stands for the Batch workflow: it notes how it was started, and
// ends after an hour.
type childBatch struct {
	in    []batch.Input
	info  *workflow.Info
	attrs temporal.SearchAttributes
	end   func() (batch.Summary, error)
}

func (c *childBatch) run(ctx workflow.Context, in batch.Input) (batch.Summary, error) {
	c.in, c.info, c.attrs = append(c.in, in), workflow.GetInfo(ctx), workflow.GetTypedSearchAttributes(ctx)
	if err := workflow.Sleep(ctx, time.Hour); err != nil {
		return batch.Summary{}, err
	}
	return c.end()
}

// newIntakeEnv is a test environment with a schedule's run whose Gather finds
// what is given, and whose batch is child.
func newIntakeEnv(t *testing.T, found activities.GatherResult, child *childBatch) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := bareEnv(t)
	env.RegisterActivity(&activities.Intake{})
	env.RegisterWorkflowWithOptions(workflows.ScheduledIntake, workflow.RegisterOptions{Name: batch.IntakeWorkflow})
	env.RegisterWorkflowWithOptions(child.run, workflow.RegisterOptions{Name: batch.BatchWorkflow})
	require.NoError(t, env.SetTypedSearchAttributesOnStart(temporal.NewSearchAttributes(
		temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime").ValueSet(scheduledFor))))
	if child.end == nil {
		child.end = func() (batch.Summary, error) { return batch.Summary{Status: batch.StatusCompletedWithFailures}, nil }
	}
	env.OnActivity(intakes.Gather, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.GatherInput) (activities.GatherResult, error) {
		assert.Equal(t, intakeBatch, in.Batch)
		want := intakeIn
		want.Options = want.Options.WithDefaults()
		assert.Equal(t, want, in.Intake)
		return found, nil
	}).Once()
	return env
}

func TestRunThatFindsNothingNewStartsNoBatch(t *testing.T) {
	child := &childBatch{}
	env := newIntakeEnv(t, activities.GatherResult{Listed: 9, Unchanged: 8, Unreadable: 1}, child)
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	var got batch.IntakeResult
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.IntakeResult{Listed: 9, Unchanged: 8, Unreadable: 1}, got)
	assert.Empty(t, child.in)
}

func TestRunStartsABatchOfWhatIsNewAndWaitsForItsEnd(t *testing.T) {
	child := &childBatch{}
	env := newIntakeEnv(t, activities.GatherResult{Rows: 3, Weight: 2.5, Listed: 9, Unchanged: 6}, child)
	began := env.Now()
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	var got batch.IntakeResult
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.IntakeResult{
		Batch: intakeBatch, Listed: 9, New: 3, Unchanged: 6, Status: batch.StatusCompletedWithFailures,
	}, got)
	assert.Equal(t, time.Hour, env.Now().Sub(began).Truncate(time.Minute))

	require.Len(t, child.in, 1)
	assert.Equal(t, batch.Input{
		ID: intakeBatch, Project: "acme", Rows: 3, Priority: batch.PriorityHigh, Weight: 2.5,
		Options: batch.Options{Concurrency: 7}.WithDefaults(),
	}, child.in[0])
	assert.Equal(t, "batch/"+intakeBatch, child.info.WorkflowExecution.ID)
	assert.Equal(t, "caseload.high", child.info.TaskQueueName)
	id, _ := child.attrs.GetKeyword(batch.AttrBatch)
	assert.Equal(t, intakeBatch, id)
}

func TestRunOutsideAScheduleTakesItsOwnTime(t *testing.T) {
	env := bareEnv(t)
	env.RegisterActivity(&activities.Intake{})
	env.RegisterWorkflowWithOptions(workflows.ScheduledIntake, workflow.RegisterOptions{Name: batch.IntakeWorkflow})
	env.SetStartTime(time.Date(2026, 5, 6, 7, 8, 9, 0, time.UTC))
	env.OnActivity(intakes.Gather, mock.Anything, mock.MatchedBy(func(in activities.GatherInput) bool {
		return strings.HasPrefix(in.Batch, "nightly-20260506-070809-")
	})).Return(activities.GatherResult{}, nil).Once()
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	require.NoError(t, env.GetWorkflowError())
}

func TestCancelledRunLeavesItsBatchRunning(t *testing.T) {
	ended := false
	child := &childBatch{}
	child.end = func() (batch.Summary, error) { ended = true; return batch.Summary{}, nil }
	env := newIntakeEnv(t, activities.GatherResult{Rows: 3, Listed: 3}, child)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	assert.True(t, ended, "the environment runs children on that their parent abandons")
}

func TestRunCancelledOnceItsBatchIsRegisteredStartsIt(t *testing.T) {
	child := &childBatch{}
	env := newIntakeEnv(t, activities.GatherResult{Rows: 3, Listed: 3}, child)
	env.SetOnActivityCompletedListener(func(*activity.Info, converter.EncodedValue, error) { env.CancelWorkflow() })
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
	assert.Len(t, child.in, 1)
}

func TestRunCancelledWhileItGathersEndsAsCancelled(t *testing.T) {
	env := bareEnv(t)
	env.RegisterActivity(&activities.Intake{})
	env.RegisterWorkflowWithOptions(workflows.ScheduledIntake, workflow.RegisterOptions{Name: batch.IntakeWorkflow})
	env.OnActivity(intakes.Gather, mock.Anything, mock.Anything).After(time.Hour).Return(activities.GatherResult{}, nil)
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
}

func TestRunTellsThatItsBatchWasCancelled(t *testing.T) {
	child := &childBatch{end: func() (batch.Summary, error) { return batch.Summary{}, temporal.NewCanceledError() }}
	env := newIntakeEnv(t, activities.GatherResult{Rows: 3, Listed: 3}, child)
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	var got batch.IntakeResult
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.StatusCancelled, got.Status)
	assert.Equal(t, 3, got.New)
}

func TestRunWhoseBatchFailsFails(t *testing.T) {
	child := &childBatch{end: func() (batch.Summary, error) {
		return batch.Summary{}, temporal.NewNonRetryableApplicationError("no", "PERMANENT", nil)
	}}
	env := newIntakeEnv(t, activities.GatherResult{Rows: 3, Listed: 3}, child)
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	require.ErrorContains(t, env.GetWorkflowError(), "run batch")
}

func TestRunFailsAsItsSourceDoes(t *testing.T) {
	env := bareEnv(t)
	env.RegisterActivity(&activities.Intake{})
	env.RegisterWorkflowWithOptions(workflows.ScheduledIntake, workflow.RegisterOptions{Name: batch.IntakeWorkflow})
	env.OnActivity(intakes.Gather, mock.Anything, mock.Anything).Return(activities.GatherResult{},
		categoryError(batch.Configuration, "BucketNotFound", "there is no such bucket")).Once()
	env.ExecuteWorkflow(batch.IntakeWorkflow, intakeIn)
	var app *temporal.ApplicationError
	require.ErrorAs(t, env.GetWorkflowError(), &app)
	assert.Equal(t, "CONFIGURATION", app.Type())
	assert.Equal(t, "there is no such bucket", app.Message())
}

func TestRunRefusesABadInput(t *testing.T) {
	env := bareEnv(t)
	env.RegisterWorkflowWithOptions(workflows.ScheduledIntake, workflow.RegisterOptions{Name: batch.IntakeWorkflow})
	env.ExecuteWorkflow(batch.IntakeWorkflow, batch.IntakeInput{Name: "nightly", Project: "Not A Name", Source: "/in"})
	var app *temporal.ApplicationError
	require.ErrorAs(t, env.GetWorkflowError(), &app)
	assert.True(t, app.NonRetryable())
	assert.Contains(t, app.Message(), "project")
}
