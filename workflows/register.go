// Package workflows orchestrates: a Batch fans out a Document child workflow
// for each row of its manifest. Nothing here does I/O or reads a clock; a
// history replays to the same commands.
package workflows

import (
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// Activities are called through these; the worker registers real ones.
var (
	batchActs    *activities.Batches
	documentActs *activities.Documents
	intakeActs   *activities.Intake
	warmActs     *activities.Warmer
)

// Register registers the workflows under their contract names, on a worker, a
// test environment or a replayer.
func Register(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(Batch, workflow.RegisterOptions{Name: batch.BatchWorkflow})
	r.RegisterWorkflowWithOptions(BatchShard, workflow.RegisterOptions{Name: batch.ShardWorkflow})
	r.RegisterWorkflowWithOptions(Document, workflow.RegisterOptions{Name: batch.DocumentWorkflow})
	r.RegisterWorkflowWithOptions(ScheduledIntake, workflow.RegisterOptions{Name: batch.IntakeWorkflow})
	r.RegisterWorkflowWithOptions(ScheduledWarming, workflow.RegisterOptions{Name: batch.WarmWorkflow})
}
