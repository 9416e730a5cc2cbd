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

// cancelGrace is how long a cancelled document waits for its activity to stop.
const cancelGrace = 30 * time.Second

// stageAttempts bounds the attempts of a document's activity. Activities decide
// when to give up, by the retries of each category and by the workers that died;
// this is for when they cannot.
const stageAttempts = 1000

// stageOptions are for activities that run a document's stages: long, with
// heartbeats, retried as the activity says.
func stageOptions(ctx workflow.Context, in batch.DocumentInput, group stageGroup) workflow.Context {
	queue, priority := in.Priority.Queue(), in.Priority.Temporal(in.Project, in.Weight)
	if group.queue != "" {
		queue, priority.PriorityKey = group.queue, in.Priority.AcrossBands()
	}
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           queue,
		Priority:            priority,
		StartToCloseTimeout: 2 * time.Hour,
		HeartbeatTimeout:    heartbeatTimeout,
		WaitForCancellation: true,
		Summary:             group.summary,
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
		TaskQueue:           batch.ControlQueue,
		StartToCloseTimeout: 2 * time.Minute,
		Summary:             summary,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    500 * time.Millisecond,
			BackoffCoefficient: 2,
			MaximumInterval:    time.Minute,
		},
	})
}

// moveOptions are for the activity that moves documents. What it did not move in
// a few attempts stays where it is queued.
func moveOptions(ctx workflow.Context, to batch.Priority) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           batch.ControlQueue,
		StartToCloseTimeout: 2 * time.Minute,
		Summary:             "move documents to priority " + to.String(),
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval:    500 * time.Millisecond,
			BackoffCoefficient: 2,
			MaximumAttempts:    5,
		},
	})
}

// documentOptions are for a document's child workflow. A batch that is cancelled
// waits for its documents to record how they ended.
func documentOptions(ctx workflow.Context, id, project string, row int, p batch.Priority, weight float64) workflow.Context {
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            batch.DocumentWorkflowID(id, row),
		TaskQueue:             p.Queue(),
		Priority:              p.Temporal(project, weight),
		WaitForCancellation:   true,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		StaticSummary:         rowSummary(row),
		TypedSearchAttributes: childAttributes(id, project, p),
	})
}

// shardOptions are for a shard's child workflow.
func shardOptions(ctx workflow.Context, in shardInput) workflow.Context {
	return workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            batch.ShardWorkflowID(in.Batch, in.Shard),
		TaskQueue:             in.Control.Priority.Queue(),
		Priority:              in.Control.Priority.Temporal(in.Project, in.Weight),
		WaitForCancellation:   true,
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_REQUEST_CANCEL,
		StaticSummary:         shardSummary(in.Rows),
		TypedSearchAttributes: childAttributes(in.Batch, in.Project, in.Control.Priority),
	})
}

func childAttributes(id, project string, p batch.Priority) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(
		batch.AttrBatch.ValueSet(id),
		batch.AttrProject.ValueSet(project),
		batch.AttrPriority.ValueSet(int64(p)),
	)
}
