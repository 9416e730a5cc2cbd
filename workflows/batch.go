package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// rowsPage is how many row numbers are read from the store at once.
const rowsPage = 500

// Batch reads a batch's documents, each in a Document child workflow, a bounded
// number at a time. Documents fail alone; the batch's result counts them.
func Batch(ctx workflow.Context, in batch.Input) (batch.Summary, error) {
	b, err := newBatchRun(ctx, in)
	if err != nil {
		return batch.Summary{}, err
	}
	return b.run(ctx)
}

// batchRun is the state of a batch workflow.
type batchRun struct {
	in       batch.Input
	progress *tracker
}

func newBatchRun(ctx workflow.Context, in batch.Input) (*batchRun, error) {
	if err := in.Validate(); err != nil {
		return nil, temporal.NewNonRetryableApplicationError(err.Error(), string(batch.Configuration), nil)
	}
	b := &batchRun{in: in, progress: newTracker(in, workflow.Now(ctx))}
	if err := workflow.SetQueryHandlerWithOptions(ctx, batch.QueryProgress, b.progress.report,
		workflow.QueryHandlerOptions{Description: "counts by outcome, percent, rate, ETA and stage timings"}); err != nil {
		return nil, fmt.Errorf("register query: %w", err)
	}
	if err := workflow.SetQueryHandlerWithOptions(ctx, batch.QueryErrors, b.progress.errorReport,
		workflow.QueryHandlerOptions{Description: "failures by category and cause, with example rows"}); err != nil {
		return nil, fmt.Errorf("register query: %w", err)
	}
	return b, nil
}

func (b *batchRun) run(ctx workflow.Context) (batch.Summary, error) {
	return b.close(ctx, b.rounds(ctx))
}

// maxRounds bounds how often rows are run that have no outcome in the store
// although their documents ended. One round is the rule; the store having been
// set back to an earlier state makes it two.
const maxRounds = 3

// rounds fans out until every row has an outcome in the store.
func (b *batchRun) rounds(ctx workflow.Context) error {
	for range maxRounds {
		var opened activities.OpenResult
		err := workflow.ExecuteActivity(recordOptions(ctx, "open batch"), batchActs.OpenBatch,
			activities.OpenInput{Batch: b.in.ID, At: workflow.Now(ctx)}).Get(ctx, &opened)
		if err != nil {
			return fmt.Errorf("open batch: %w", err)
		}
		b.progress.resume(opened)
		b.show(ctx)
		if opened.Counts.Pending == 0 {
			return nil
		}
		if err := b.fanOut(ctx); err != nil {
			return err
		}
	}
	return nil
}

// fanOut runs the rows that have no outcome and returns when each has one, or
// with the first error that stops the batch as a whole.
func (b *batchRun) fanOut(ctx workflow.Context) error {
	slots := workflow.NewSemaphore(ctx, int64(b.in.Options.Concurrency))
	running := workflow.NewWaitGroup(ctx)
	err := b.startAll(ctx, slots, running)
	running.Wait(ctx)
	return err
}

func (b *batchRun) startAll(ctx workflow.Context, slots workflow.Semaphore, running workflow.WaitGroup) error {
	for after := 0; ; {
		rows, err := b.pendingRows(ctx, after)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			if err := slots.Acquire(ctx, 1); err != nil {
				return err
			}
			b.progress.started()
			running.Add(1)
			workflow.Go(ctx, func(ctx workflow.Context) {
				defer running.Done()
				defer slots.Release(1)
				b.document(ctx, row)
			})
		}
		after = rows[len(rows)-1]
	}
}

func (b *batchRun) pendingRows(ctx workflow.Context, after int) ([]int, error) {
	var rows []int
	err := workflow.ExecuteActivity(recordOptions(ctx, "list rows"), batchActs.PendingRows,
		activities.RowsInput{Batch: b.in.ID, After: after, Limit: rowsPage}).Get(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("list rows: %w", err)
	}
	return rows, nil
}

// document runs one row's child workflow and counts how it ended.
func (b *batchRun) document(ctx workflow.Context, row int) {
	var result batch.DocumentResult
	startedAt := workflow.Now(ctx)
	err := workflow.ExecuteChildWorkflow(documentOptions(ctx, b.in, row), batch.DocumentWorkflow, batch.DocumentInput{
		Batch: b.in.ID, Project: b.in.Project, Row: row, Priority: b.in.Priority, Reread: b.in.Options.Reread,
	}).Get(ctx, &result)
	switch {
	case err == nil:
		b.progress.ended(workflow.Now(ctx), result)
	case temporal.IsCanceledError(err):
		b.progress.cancelled(workflow.Now(ctx))
	default:
		failure := failureOf(batch.StageFetch, err)
		if !temporal.IsApplicationError(err) {
			b.recordLost(ctx, row, startedAt, failure)
		}
		b.progress.failed(workflow.Now(ctx), row, failure)
	}
	b.show(ctx)
}

// recordLost writes the outcome of a document whose workflow could not do so
// itself: it was terminated, or never started.
func (b *batchRun) recordLost(ctx workflow.Context, row int, startedAt time.Time, f batch.Failure) {
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	err := workflow.ExecuteActivity(recordOptions(ctx, "record outcome"), documentActs.RecordOutcome, activities.OutcomeInput{
		Batch: b.in.ID, Project: b.in.Project, Row: row,
		Outcome: batch.OutcomeFailed, Failure: &f,
		StartedAt: startedAt, At: workflow.Now(ctx),
	}).Get(ctx, nil)
	if err != nil {
		workflow.GetLogger(ctx).Error("outcome not recorded", "row", row, "error", err)
	}
}

// close settles the batch in the store and sums it up. cause is why it stopped,
// nil when every row was run.
func (b *batchRun) close(ctx workflow.Context, cause error) (batch.Summary, error) {
	cancelled := temporal.IsCanceledError(cause)
	if cause != nil && !cancelled {
		return batch.Summary{}, cause
	}
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	var summary batch.Summary
	err := workflow.ExecuteActivity(recordOptions(ctx, "close batch"), batchActs.CloseBatch,
		activities.CloseInput{Batch: b.in.ID, Cancelled: cancelled, At: workflow.Now(ctx)}).Get(ctx, &summary)
	if err != nil {
		return batch.Summary{}, fmt.Errorf("close batch: %w", err)
	}
	b.progress.closed(workflow.Now(ctx), summary)
	b.show(ctx)
	if err := workflow.UpsertTypedSearchAttributes(ctx, batch.AttrStatus.ValueSet(string(summary.Status))); err != nil {
		return batch.Summary{}, fmt.Errorf("mark batch: %w", err)
	}
	if cancelled {
		return summary, temporal.NewCanceledError(summary)
	}
	return summary, nil
}

// show puts the state of the batch on its page in the Temporal Web UI.
func (b *batchRun) show(ctx workflow.Context) {
	details, err := b.progress.markdown(workflow.Now(ctx))
	if err != nil {
		workflow.GetLogger(ctx).Warn("current details not shown", "error", err)
		return
	}
	workflow.SetCurrentDetails(ctx, details)
}
