package workflows

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// ScheduledIntake is a run of a schedule: it looks for what is new at a source
// and, if there is something, runs a batch of it to its end. The batch goes on if
// the run is cancelled.
func ScheduledIntake(ctx workflow.Context, in batch.IntakeInput) (batch.IntakeResult, error) {
	r, err := newIntakeRun(ctx, in)
	if err != nil {
		return batch.IntakeResult{}, err
	}
	return r.run(ctx)
}

// intakeRun is the state of a schedule's run.
type intakeRun struct {
	in    batch.IntakeInput
	batch string // the ID of its batch, should there be one
}

func newIntakeRun(ctx workflow.Context, in batch.IntakeInput) (*intakeRun, error) {
	in.Options = in.Options.WithDefaults()
	if err := in.Validate(); err != nil {
		return nil, temporal.NewNonRetryableApplicationError(err.Error(), string(batch.Configuration), nil)
	}
	// After a reset the run still goes by its original ID, so that it finds the
	// batch that it registered before.
	info := workflow.GetInfo(ctx)
	runID := cmp.Or(info.OriginalRunID, info.WorkflowExecution.RunID)
	return &intakeRun{in: in, batch: batch.IntakeBatchID(in.Name, scheduledTime(ctx), runID)}, nil
}

// scheduledStart is the search attribute in which Temporal tells the time that a
// run was scheduled for.
var scheduledStart = temporal.NewSearchAttributeKeyTime("TemporalScheduledStartTime")

// scheduledTime is the time that the run was scheduled for; of one that no
// schedule started, when it did.
func scheduledTime(ctx workflow.Context) time.Time {
	if at, ok := workflow.GetTypedSearchAttributes(ctx).GetTime(scheduledStart); ok {
		return at
	}
	return workflow.GetInfo(ctx).WorkflowStartTime
}

func (r *intakeRun) run(ctx workflow.Context) (batch.IntakeResult, error) {
	var found activities.GatherResult
	err := workflow.ExecuteActivity(gatherOptions(ctx), intakeActs.Gather,
		activities.GatherInput{Intake: r.in, Batch: r.batch, At: workflow.Now(ctx)}).Get(ctx, &found)
	if temporal.IsCanceledError(err) {
		return batch.IntakeResult{}, err
	}
	if err != nil {
		return batch.IntakeResult{}, failureError(failureOf(batch.StageFetch, err))
	}
	result := batch.IntakeResult{Listed: found.Listed, New: found.Rows, Unchanged: found.Unchanged, Unreadable: found.Unreadable}
	if found.Rows == 0 {
		workflow.SetCurrentDetails(ctx, intakeDetails(result))
		return result, nil
	}
	result.Batch = r.batch
	workflow.SetCurrentDetails(ctx, intakeDetails(result))
	result.Status, err = r.runBatch(ctx, found)
	return result, err
}

// runBatch runs the batch to its end. Its status is "" if the batch was started
// otherwise before.
func (r *intakeRun) runBatch(ctx workflow.Context, found activities.GatherResult) (batch.Status, error) {
	in := batch.Input{
		ID: r.batch, Project: r.in.Project, Rows: found.Rows, Priority: r.in.Priority, Weight: found.Weight, Options: r.in.Options,
	}
	// What is registered is run, whatever becomes of this run.
	apart, _ := workflow.NewDisconnectedContext(ctx)
	child := workflow.ExecuteChildWorkflow(intakeBatchOptions(apart, in), batch.BatchWorkflow, in)
	err := child.GetChildWorkflowExecution().Get(apart, nil)
	var already *temporal.ChildWorkflowExecutionAlreadyStartedError
	if errors.As(err, &already) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("start batch: %w", err)
	}
	if err := workflow.Await(ctx, child.IsReady); err != nil {
		return "", err
	}
	var summary batch.Summary
	err = child.Get(apart, &summary)
	if temporal.IsCanceledError(err) {
		return batch.StatusCancelled, nil // as its record says
	}
	if err != nil {
		return "", fmt.Errorf("run batch: %w", err)
	}
	return summary.Status, nil
}

// intakeDetails is what the Temporal Web UI shows of the run.
func intakeDetails(r batch.IntakeResult) string {
	md := "| listed | new | unchanged | unreadable |\n|---|---|---|---|\n" +
		fmt.Sprintf("| %d | %d | %d | %d |\n", r.Listed, r.New, r.Unchanged, r.Unreadable)
	if r.Batch != "" {
		md += fmt.Sprintf("\nBatch `%s`\n", r.Batch)
	}
	return md
}

// gatherOptions are for the activity that lists a source: as long as that takes,
// with heartbeats, retried as the activity says. A cancelled run waits for it: it
// may have registered a batch.
func gatherOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 24 * time.Hour,
		HeartbeatTimeout:    heartbeatTimeout,
		WaitForCancellation: true,
		Summary:             "look for new documents",
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
			MaximumAttempts:    stageAttempts,
		},
	})
}

// intakeBatchOptions start the batch as batch.Client does.
func intakeBatchOptions(ctx workflow.Context, in batch.Input) workflow.Context {
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            batch.WorkflowID(in.ID),
		TaskQueue:             in.Priority.Queue(),
		Priority:              in.Priority.Temporal(in.Project, in.Weight),
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
		StaticSummary:         in.Summary(),
		TypedSearchAttributes: in.SearchAttributes(),
	})
}
