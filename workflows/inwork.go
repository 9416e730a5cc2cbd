package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

const (
	// A batch whose documents' ends do not tell how long it will take counts what
	// they have done at this share of the time that has passed, and no more often
	// than this: some forty times in ten hours.
	countShare   = 4
	countAtLeast = 10 * time.Second

	// changeInWork marks the histories of batches that count what is in work.
	changeInWork = "count-in-work"
)

// countInWork counts what documents in work have done, until enough of them have
// ended for an ETA, and for what waits for OCR. A batch that ends sooner counts
// nothing.
func (b *batchRun) countInWork(ctx workflow.Context) {
	if workflow.GetVersion(ctx, changeInWork, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return
	}
	for began := workflow.Now(ctx); ; {
		wait := max(workflow.Now(ctx).Sub(began)/countShare, countAtLeast)
		if _, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return b.ended }); err != nil {
			return
		}
		runs := func() bool { return b.progress.Control.Status == batch.StatusRunning }
		if err := workflow.Await(ctx, func() bool { return b.ended || runs() }); err != nil || b.ended || !b.progress.countsInWork() {
			return
		}
		var counted batch.InWork
		err := workflow.ExecuteActivity(countOptions(ctx), batchActs.CountInWork,
			activities.InWorkInput{Batch: b.in.ID, At: workflow.Now(ctx)}).Get(ctx, &counted)
		if err != nil {
			workflow.GetLogger(ctx).Debug("documents in work not counted", "error", err)
			continue
		}
		b.progress.counted(workflow.Now(ctx), counted)
		b.show(ctx)
	}
}

// countsInWork says whether what is in work is worth counting: it never was, ends
// tell nothing, or they tell nothing of the OCR that documents wait for.
func (t *tracker) countsInWork() bool {
	return t.InWork == nil || t.Estimator.Estimate(1, t.UpdatedAt) == nil || t.InWork.Scans > 0 && !batch.RecognizedEnough(t.Tally.Stages)
}

// counted notes what is in work.
func (t *tracker) counted(now time.Time, w batch.InWork) {
	for _, s := range t.Tally.Stages {
		if s.Stage == batch.StageOCR {
			w.Ended = s.Documents
		}
	}
	t.InWork, t.UpdatedAt = &w, now
}

// countOptions are for counting what is in work. The next time makes up for one
// that fails.
func countOptions(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:              batch.ControlQueue,
		ScheduleToCloseTimeout: time.Minute,
		Summary:                "count documents in work",
		RetryPolicy:            &temporal.RetryPolicy{MaximumAttempts: 1},
	})
}
