package workflows

import (
	"fmt"
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// changeReopen is the version of reopening what had failed before a hold: since 1
// for the cause that the batch was held for first, since 2 for all of them.
const changeReopen = "reopen-failed"

// holder decides on documents that failed as CONFIGURATION, for a window. They
// have no outcome yet: a burst of them with one cause asks for a hold, and they
// are read again after it; other documents in between settle that they failed.
type holder struct {
	after int // documents in a row; not positive means never
	// hold asks for the batch to be held. It answers at once.
	hold func(ctx workflow.Context, f batch.Failure)
	// probed tells how the probe ended: f is nil if the cause is gone.
	probed func(ctx workflow.Context, row int, f *batch.Failure)

	stuck    []stuckRow // of one cause, in a row
	settling int        // rows whose failure is being recorded
	asked    bool       // for a hold, which is not in force yet
	wanted   bool       // a probe
	probing  int        // the row that is one; 0 for none
}

// stuckRow is a row whose document failed as CONFIGURATION.
type stuckRow struct {
	row       int
	failure   batch.Failure
	startedAt time.Time
}

// hit takes up a document that failed as CONFIGURATION.
func (w *window) hit(ctx workflow.Context, s stuckRow) {
	h := &w.holder
	if s.row == h.probing {
		h.probing = 0
		w.giveBack(ctx, s.row)
		h.probed(ctx, s.row, &s.failure)
		return
	}
	if h.asked || w.control.Status == batch.StatusHeld {
		w.giveBack(ctx, s.row)
		return
	}
	if len(h.stuck) > 0 && h.stuck[0].failure.Fingerprint != s.failure.Fingerprint {
		w.settle(ctx)
	}
	if h.stuck = append(h.stuck, s); len(h.stuck) < h.after {
		return
	}
	h.asked = true
	w.release(ctx)
	h.hold(ctx, s.failure)
}

// passed takes up a document that ended otherwise: what is stuck is no burst.
func (w *window) passed(ctx workflow.Context, row int) {
	w.settle(ctx)
	if row == w.holder.probing {
		w.holder.probing = 0
		w.holder.probed(ctx, row, nil)
	}
}

// unprobe notes that a row was no probe after all; another is to be one.
func (w *window) unprobe(row int) {
	if row == w.holder.probing {
		w.holder.probing, w.holder.wanted = 0, true
	}
}

// giveBack lets a row run again, before those not started yet.
func (w *window) giveBack(ctx workflow.Context, rows ...int) {
	w.again = append(rows, w.again...)
	for range rows {
		w.update(ctx, (*Tally).returned)
	}
}

// release gives the stuck rows back.
func (w *window) release(ctx workflow.Context) {
	rows := make([]int, len(w.holder.stuck))
	for i, s := range w.holder.stuck {
		rows[i] = s.row
	}
	w.holder.stuck = nil
	w.giveBack(ctx, rows...)
}

// settle records that the stuck rows failed.
func (w *window) settle(ctx workflow.Context) {
	for _, s := range w.holder.stuck {
		w.holder.settling++
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer func() { w.holder.settling-- }()
			w.recordLost(ctx, s.row, s.startedAt, s.failure)
			w.update(ctx, func(t *Tally) { t.failed(s.row, s.failure) })
		})
	}
	w.holder.stuck = nil
}

// askHold asks the batch of this workflow to be held.
func (b *batchRun) askHold(ctx workflow.Context, f batch.Failure) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		res, err := b.command(ctx, order{kind: batch.DecisionHold, by: batch.ByBatch, reason: f.Message,
			change: func(c *batch.Control) (string, string, error) {
				if c.Status.Ending() || c.Status == batch.StatusHeld {
					return "", "the batch is " + string(c.Status), nil
				}
				c.Status = batch.StatusHeld
				return fmt.Sprintf("held after %s in a row failed in stage %s (%s, cause %s)",
					batch.Counted(b.in.Options.HoldAfter, "document"), f.Stage, f.Type, f.Fingerprint), "", nil
			}})
		if err != nil {
			workflow.GetLogger(ctx).Warn("batch not held", "error", err)
		} else if res.Changed || b.progress.Control.Status == batch.StatusHeld {
			b.holdFor(f)
		}
		b.documents.holdDecided()
	})
}

// probeEnded decides on a held batch whose probe has ended.
func (b *batchRun) probeEnded(ctx workflow.Context, row int, f *batch.Failure) {
	workflow.Go(ctx, func(ctx workflow.Context) {
		b.probing = false
		again := 0
		causes := len(b.heldFor)
		if f == nil {
			again = b.reopen(ctx)
		} else if b.progress.Control.Status == batch.StatusHeld {
			b.holdFor(*f)
		}
		o := order{kind: batch.DecisionProbe, by: batch.ByBatch, change: func(c *batch.Control) (string, string, error) {
			if c.Status != batch.StatusHeld {
				return "", "the batch is " + string(c.Status), nil
			}
			if f == nil {
				c.Status = batch.StatusRunning
				detail := fmt.Sprintf("row %d passed: running again", row)
				if again > 0 {
					detail += fmt.Sprintf(", and reading again %s that had failed for the same %s before",
						batch.Counted(again, "document"), causesWord(causes))
				}
				return detail, "", nil
			}
			return fmt.Sprintf("row %d failed: still held", row), "", nil
		}}
		if f != nil {
			o.reason = f.Message
		}
		if _, err := b.command(ctx, o); err != nil {
			workflow.GetLogger(ctx).Warn("probe not heeded", "error", err)
		}
	})
}

func causesWord(n int) string {
	if n == 1 {
		return "cause"
	}
	return "causes"
}

// holdFor notes that the batch is held for f, too: of several causes one is met
// first, and another by a probe, or by another shard.
func (b *batchRun) holdFor(f batch.Failure) {
	if !slices.Contains(b.heldFor, f.Fingerprint) {
		b.heldFor = append(b.heldFor, f.Fingerprint)
	}
}

// reopen makes the documents pending again that failed for the causes which the
// batch is held for, before or between those that held it, and returns how many. They
// are read when all others have been.
func (b *batchRun) reopen(ctx workflow.Context) int {
	causes := b.heldFor
	if len(causes) == 0 {
		return 0
	}
	switch workflow.GetVersion(ctx, changeReopen, workflow.DefaultVersion, 2) {
	case workflow.DefaultVersion:
		return 0
	case 1:
		causes = causes[:1]
	}
	b.heldFor, b.reopened = nil, true
	again := 0
	for _, cause := range causes {
		var res activities.ReopenResult
		err := workflow.ExecuteActivity(recordOptions(ctx, "reopen rows"), batchActs.ReopenFailed,
			activities.ReopenInput{Batch: b.in.ID, Fingerprint: cause}).Get(ctx, &res)
		if err != nil {
			workflow.GetLogger(ctx).Warn("failed documents not reopened", "error", err)
			continue
		}
		n := 0
		b.update(ctx, func(t *Tally) { n = t.reopened(cause, res.Left) })
		again += max(n, res.Reopened)
	}
	return again
}

// checkFailures makes the batch give up when more documents have failed than
// may.
func (b *batchRun) checkFailures(ctx workflow.Context) {
	limits := b.in.Options.MaxFailures
	if b.over || len(limits) == 0 || b.progress.Control.Status.Ending() {
		return
	}
	why, over := limits.Exceeded(b.in.Rows, b.progress.Tally.Failed)
	if !over {
		return
	}
	b.over = true
	why += fmt.Sprintf("; in flight then: %d", b.progress.Tally.Counts.Running)
	workflow.Go(ctx, func(ctx workflow.Context) {
		_, err := b.command(ctx, order{kind: batch.DecisionThreshold, by: batch.ByBatch, reason: why,
			change: func(c *batch.Control) (string, string, error) {
				if c.Status.Ending() {
					return "", "the batch is " + string(c.Status), nil
				}
				c.Status, b.drainFor = batch.StatusStopping, batch.DefaultDrain
				return "too many failures: no more documents are started", "", nil
			}})
		if err != nil {
			workflow.GetLogger(ctx).Warn("batch not stopped", "error", err)
		}
	})
}
