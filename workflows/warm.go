package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

const (
	// warmWait bounds how long documents wait for the cache to be warmed, and
	// warmTime how long that may take.
	warmWait = 15 * time.Second
	warmTime = time.Minute

	// changeWarm marks the histories of batches that warm the cache.
	changeWarm = "warm-cache"
)

// warmOptions are for warming the cache, which is tried once: what it does not
// load is read of the store.
func warmOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              batch.ControlQueue,
		ScheduleToCloseTimeout: warmTime,
		Summary:                "warm the cache",
		RetryPolicy:            &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}

// warm warms the cache for a batch that has just begun. Documents wait for it, for
// a while; those of low priority do not. It answers whether rows ended meanwhile,
// without having been read.
func (b *batchRun) warm(ctx workflow.Context) (ended bool) {
	over := b.in.Options.WarmOver
	if over < 0 || b.in.Rows <= over || b.warming || b.goesOn {
		return false
	}
	if workflow.GetVersion(ctx, changeWarm, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return false
	}
	b.warming = true
	warmed := workflow.ExecuteActivity(warmOptions(ctx), warmActs.WarmCache, activities.WarmInput{
		Batch: b.in.ID, Project: b.in.Project, Unchanged: !b.in.Options.Reread && b.in.Options.Canary == 0,
	})
	workflow.Go(ctx, func(ctx workflow.Context) {
		var w batch.Warming
		if err := warmed.Get(ctx, &w); err != nil {
			w = batch.Warming{Skipped: "it failed or took too long"}
		}
		b.progress.Warming = &w
	})
	if b.progress.Control.Priority.Band() == batch.BandLow {
		return false
	}
	_, err := workflow.AwaitWithTimeout(ctx, warmWait, func() bool { return b.progress.Warming != nil })
	if err != nil {
		workflow.GetLogger(ctx).Debug("stopped waiting for the cache", "error", err)
	}
	return b.progress.Warming == nil || b.progress.Warming.Unchanged > 0
}

// warmingAtEnd is how the cache was warmed, for the batch's summary; nil if it was
// not to be.
func (b *batchRun) warmingAtEnd() *batch.Warming {
	if b.progress.Warming == nil && b.warming {
		return &batch.Warming{Skipped: "it had not ended when the batch did"}
	}
	return b.progress.Warming
}
