package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// ScheduledWarming warms a project's cache before a batch needs it. What keeps it
// from loading all is in the result.
func ScheduledWarming(ctx workflow.Context, in batch.WarmingInput) (batch.Warming, error) {
	if err := in.Validate(); err != nil {
		return batch.Warming{}, temporal.NewNonRetryableApplicationError(err.Error(), string(batch.Configuration), nil)
	}
	var w batch.Warming
	err := workflow.ExecuteActivity(warmOptions(ctx), warmActs.WarmCache,
		activities.WarmInput{Project: in.Project, Ahead: batch.AheadSchedule}).Get(ctx, &w)
	if err != nil {
		return batch.Warming{}, fmt.Errorf("warm the cache: %w", err)
	}
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("%d of %d entries loaded %s", w.Warmed, w.Planned, w.Skipped))
	return w, nil
}
