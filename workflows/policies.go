package workflows

import (
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
)

// heartbeatTimeout is how soon a dead worker's document goes to another.
const heartbeatTimeout = 20 * time.Second

// stageAttempts bounds the attempts of a document's activity. Activities decide
// by category when to give up; this bounds the attempts that end without an
// answer, because the worker died.
const stageAttempts = 20

// stageOptions are for activities that run a document's stages: long, with
// heartbeats, retried as the activity says.
func stageOptions(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Hour,
		HeartbeatTimeout:    heartbeatTimeout,
		WaitForCancellation: true,
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    time.Second,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
			MaximumAttempts:    stageAttempts,
		},
	})
}

// recordOptions are for short writes and reads of the store, which must succeed
// in the end: they are retried for as long as it takes.
func recordOptions(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute,
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    500 * time.Millisecond,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
		},
	})
}

// documentOptions are for a document's child workflow. A batch that is cancelled
// waits for its documents to record how they ended.
func documentOptions(ctx workflow.Context, in batch.Input, row int) workflow.Context {
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:          batch.DocumentWorkflowID(in.ID, row),
		TaskQueue:           in.Priority.Queue(),
		Priority:            in.Priority.Temporal(in.Project),
		WaitForCancellation: true,
		ParentClosePolicy:   enumspb.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		StaticSummary:       rowSummary(row),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			batch.AttrBatch.ValueSet(in.ID),
			batch.AttrProject.ValueSet(in.Project),
			batch.AttrPriority.ValueSet(int64(in.Priority)),
		),
	})
}
