package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
)

// A batch with a deadline looks at its ETA at this share of the time that is
// left, and no more often than this: a few hundred times in all, whatever the
// time.
const (
	checkShare   = 50
	checkAtLeast = 10 * time.Second
)

// meetDeadline raises the batch's priority, a level at a time, while the high
// bound of its ETA lies beyond its deadline.
func (b *batchRun) meetDeadline(ctx workflow.Context) {
	deadline := b.in.Options.Deadline
	if deadline.IsZero() {
		return
	}
	for !b.late {
		wait := max(deadline.Sub(workflow.Now(ctx))/checkShare, checkAtLeast)
		if _, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return b.ended }); err != nil || b.ended {
			return
		}
		b.checkDeadline(ctx, deadline)
	}
}

func (b *batchRun) checkDeadline(ctx workflow.Context, deadline time.Time) {
	now := workflow.Now(ctx)
	eta := b.progress.at(now).ETA
	if b.progress.Control.Status != batch.StatusRunning || eta == nil || !now.Add(eta.High).After(deadline) {
		return
	}
	why := fmt.Sprintf("the batch may end as late as %s, after its deadline %s",
		now.Add(eta.High).UTC().Format(time.RFC3339), deadline.UTC().Format(time.RFC3339))
	_, err := b.command(ctx, order{kind: batch.DecisionDeadline, by: batch.ByBatch, reason: why,
		change: func(c *batch.Control) (string, string, error) {
			if c.Status != batch.StatusRunning {
				return "", "the batch is " + string(c.Status), nil
			}
			if c.Priority >= b.in.Options.MaxPriority {
				b.late = true
				return fmt.Sprintf("priority stays %s, the highest allowed", c.Priority), "", nil
			}
			detail := fmt.Sprintf("priority %s to %s", c.Priority, c.Priority+1)
			c.Priority++
			return detail, "", nil
		}})
	if err != nil {
		workflow.GetLogger(ctx).Warn("priority not raised for the deadline", "error", err)
	}
}
