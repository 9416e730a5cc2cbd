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

// relistAfter is how old a page must be to be read anew because a service asked
// for fewer requests: a younger one knew of it, but for what came in between.
const relistAfter = time.Second

// window runs the documents of a range of rows, a bounded number at a time, each
// in a Document child workflow.
type window struct {
	batch, project string
	weight         float64
	reread         bool
	rows           rowRange
	maxHistory     int // events

	control *batch.Control                                  // in force; others change it
	update  func(ctx workflow.Context, change func(*Tally)) // counts

	after    int              // rows up to this one were started, or had an outcome
	page     []int            // rows to start, read ahead
	listedAt time.Time        // the page
	again    []int            // rows that were given back unread
	running  map[int]struct{} // rows in flight
	putOff   time.Time        // a service may be asked again that rows left over need; zero for none
	holder   holder
}

// rowRange is the rows First to Last, both included.
type rowRange struct {
	First int `json:"first"`
	Last  int `json:"last"`
}

// run starts every row of the range that has no outcome and waits for those
// started to end. Rows whose service is left alone are left over: w.putOff says
// until when. It stops starting when the batch is cancelled, when ctx ends,
// or when the history grows long: more says that rows may be left to run, in a
// new run of the workflow.
func (w *window) run(ctx workflow.Context) (more bool, err error) {
	w.after, w.running = w.rows.First-1, map[int]struct{}{}
	err = w.startAll(ctx)
	more = err == nil && w.full(ctx) && !w.control.Status.Ending()
	calm, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	if waitErr := workflow.Await(calm, func() bool { return len(w.running) == 0 && w.holder.settling == 0 }); err == nil {
		err = waitErr
	}
	w.release(calm) // they stay pending: this run of the workflow starts no more
	return more, err
}

func (w *window) startAll(ctx workflow.Context) error {
	for {
		if err := workflow.Await(ctx, func() bool { return w.admits() || w.stopped(ctx) }); err != nil {
			return err
		}
		if w.stopped(ctx) {
			return nil
		}
		row, ok, err := w.next(ctx)
		if err != nil {
			return err
		}
		if ok {
			w.start(ctx, row)
			continue
		}
		err = workflow.Await(ctx, func() bool { return len(w.running) == 0 || len(w.again) > 0 })
		if err != nil {
			return err
		}
		if len(w.again) == 0 {
			w.settle(ctx)
			return nil
		}
	}
}

// admits says whether a document may start now.
func (w *window) admits() bool {
	switch w.control.Status {
	case batch.StatusRunning:
		return !w.holder.asked && len(w.running) < w.control.Concurrency
	case batch.StatusHeld:
		return w.holder.wanted && w.holder.probing == 0
	}
	return false
}

// stopped says whether no more documents start in this run of the workflow.
func (w *window) stopped(ctx workflow.Context) bool {
	return w.control.Status.Ending() || w.full(ctx)
}

// full says whether the history has room for no more than the documents in
// flight, at up to 6 events each. Half of it is used in any case.
func (w *window) full(ctx workflow.Context) bool {
	room := max(w.maxHistory-6*max(w.control.Concurrency, len(w.running)), w.maxHistory/2)
	return workflow.GetInfo(ctx).GetCurrentHistoryLength() > room
}

// waiting is how many rows are still to be started, at most: those that had an
// outcome count until their place is reached.
func (w *window) waiting() int { return w.rows.Last - w.after + len(w.again) }

// next is the next row to start; not ok says that all were started.
func (w *window) next(ctx workflow.Context) (row int, ok bool, err error) {
	if len(w.again) > 0 {
		row, w.again = w.again[0], w.again[1:]
		return row, true, nil
	}
	if len(w.page) == 0 {
		var res activities.RowsResult
		err := workflow.ExecuteActivity(recordOptions(ctx, "list rows"), batchActs.PendingRows, activities.RowsInput{
			Batch: w.batch, After: w.after, Last: w.rows.Last, Limit: rowsPage, Priority: w.control.Priority,
		}).Get(ctx, &res)
		if err != nil {
			return 0, false, fmt.Errorf("list rows: %w", err)
		}
		w.putOff, w.listedAt = earlier(w.putOff, res.PutOffUntil), workflow.Now(ctx)
		if w.page = res.Rows; len(w.page) == 0 {
			w.after = w.rows.Last
			return 0, false, nil
		}
	}
	row, w.page = w.page[0], w.page[1:]
	w.after = row
	return row, true, nil
}

func (w *window) start(ctx workflow.Context, row int) {
	w.running[row] = struct{}{}
	if w.control.Status == batch.StatusHeld {
		w.holder.wanted, w.holder.probing = false, row
	}
	w.update(ctx, (*Tally).started)
	workflow.Go(ctx, func(ctx workflow.Context) {
		w.document(ctx, row)
		delete(w.running, row)
	})
}

// document runs one row's child workflow and counts how it ended.
func (w *window) document(ctx workflow.Context, row int) {
	var result batch.DocumentResult
	startedAt := workflow.Now(ctx)
	err := runChild(ctx, func() workflow.ChildWorkflowFuture {
		return workflow.ExecuteChildWorkflow(w.options(ctx, row), batch.DocumentWorkflow, batch.DocumentInput{
			Batch: w.batch, Project: w.project, Row: row, Priority: w.control.Priority, Weight: w.weight, Reread: w.reread,
			GiveBack: w.holder.after > 0, Probe: row == w.holder.probing,
		})
	}, &result)
	switch {
	case err == nil && result.Failure != nil:
		w.hit(ctx, stuckRow{row, *result.Failure, startedAt})
	case err == nil && result.Outcome == "":
		if result.PutOffUntil.IsZero() {
			w.again = append(w.again, row)
		} else {
			w.putOff = earlier(w.putOff, result.PutOffUntil)
			if workflow.Now(ctx).Sub(w.listedAt) > relistAfter {
				w.page = nil // to be listed without the rows of that service
			}
		}
		w.update(ctx, (*Tally).returned)
		w.unprobe(row)
	case err == nil:
		w.update(ctx, func(t *Tally) { t.ended(result) })
		w.passed(ctx, row)
	case temporal.IsCanceledError(err):
		w.recordAlone(ctx, row, startedAt)
		w.update(ctx, (*Tally).cancelled)
		w.unprobe(row)
	default:
		failure := failureOf(batch.StageFetch, err)
		if !temporal.IsApplicationError(err) {
			w.recordLost(ctx, row, startedAt, failure)
		}
		w.update(ctx, func(t *Tally) { t.failed(row, failure) })
		w.passed(ctx, row)
	}
}

// earlier is the earlier of two times, of which zero is none.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

func (w *window) options(ctx workflow.Context, row int) workflow.Context {
	return documentOptions(ctx, w.batch, w.project, row, w.control.Priority, w.weight)
}

// recordLost writes the outcome of a document whose workflow could not do so
// itself: it was terminated, or never started.
func (w *window) recordLost(ctx workflow.Context, row int, startedAt time.Time, f batch.Failure) {
	w.recordOutcome(ctx, activities.OutcomeInput{Row: row, Outcome: batch.OutcomeFailed, Failure: &f, StartedAt: startedAt})
}

// changeAlone is the version of who records that a document was cancelled: since 1
// its batch, if the batch is not.
const changeAlone = "cancelled-alone"

// recordAlone writes that a document was cancelled by itself, in a batch that goes on.
func (w *window) recordAlone(ctx workflow.Context, row int, startedAt time.Time) {
	if ctx.Err() != nil || w.control.Status.Ending() ||
		workflow.GetVersion(ctx, changeAlone, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return
	}
	w.recordOutcome(ctx, activities.OutcomeInput{Row: row, Outcome: batch.OutcomeCancelled, Alone: true, StartedAt: startedAt})
}

func (w *window) recordOutcome(ctx workflow.Context, in activities.OutcomeInput) {
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	in.Batch, in.Project, in.At = w.batch, w.project, workflow.Now(ctx)
	row := in.Row
	err := workflow.ExecuteActivity(recordOptions(ctx, "record outcome"), documentActs.RecordOutcome, in).Get(ctx, nil)
	if err != nil {
		workflow.GetLogger(ctx).Error("outcome not recorded", "row", row, "error", err)
	}
}

// moved counts what moving documents did.
type moved struct {
	Moved  int `json:"moved"`
	InWork int `json:"in_work"`
}

// move moves the documents in flight to the priority in force.
func (w *window) move(ctx workflow.Context) (moved, error) {
	rows := workflow.DeterministicKeys(w.running)
	if len(rows) == 0 {
		return moved{}, nil
	}
	var res activities.MoveResult
	err := workflow.ExecuteActivity(moveOptions(ctx, w.control.Priority), batchActs.MoveDocuments,
		activities.MoveInput{Batch: w.batch, Rows: rows, Priority: w.control.Priority}).Get(ctx, &res)
	if err != nil {
		return moved{}, fmt.Errorf("move documents: %w", err)
	}
	return moved{Moved: res.Moved, InWork: res.InWork}, nil
}
