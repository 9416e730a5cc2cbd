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
// test environment or a replayer. On versioned workers a document ends on the
// version that it began with; what runs for long goes over to the current one.
func Register(r worker.WorkflowRegistry) {
	for name, w := range map[string]struct {
		run      any
		versions workflow.VersioningBehavior
	}{
		batch.BatchWorkflow:    {Batch, workflow.VersioningBehaviorAutoUpgrade},
		batch.ShardWorkflow:    {BatchShard, workflow.VersioningBehaviorAutoUpgrade},
		batch.DocumentWorkflow: {Document, workflow.VersioningBehaviorPinned},
		batch.IntakeWorkflow:   {ScheduledIntake, workflow.VersioningBehaviorAutoUpgrade},
		batch.WarmWorkflow:     {ScheduledWarming, workflow.VersioningBehaviorAutoUpgrade},
	} {
		r.RegisterWorkflowWithOptions(w.run, workflow.RegisterOptions{Name: name, VersioningBehavior: w.versions})
	}
}
