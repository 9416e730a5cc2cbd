package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

const (
	// A document that waits in a worker looks every second how its batch stands, and
	// one that waits in a queue as soon as a worker has a place for it: once none
	// has been given back for settleQuiet, those in flight are being read. A pause is
	// in force before that, and its answer waits for settleAtMost.
	settleQuiet  = 1500 * time.Millisecond
	settleAtMost = 5 * time.Second

	// changeSettle marks the histories of batches and shards that wait for documents to
	// be given back before they answer a pause.
	changeSettle = "settle-on-pause"
)

// settleDown waits until the documents in flight that were queued, or waited for OCR,
// have been given back.
func (w *window) settleDown(ctx workflow.Context) error {
	if len(w.running) == 0 || workflow.GetVersion(ctx, changeSettle, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return nil
	}
	for end := workflow.Now(ctx).Add(settleAtMost); len(w.running) > 0; {
		before := len(w.running)
		wait := min(settleQuiet, end.Sub(workflow.Now(ctx)))
		if wait <= 0 {
			return nil
		}
		changed, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return len(w.running) < before })
		if err != nil || !changed {
			return err
		}
	}
	return nil
}
