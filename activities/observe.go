package activities

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.temporal.io/sdk/temporal"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// emit hands e to s, which may be nil.
func emit(s metrics.Sink, e metrics.Event) {
	if s != nil {
		s.Emit(e)
	}
}

// told emits what an attempt came to: its stages, and the error that it ended
// with, of which stageErr tells the stage and answer what the server hears.
func (d *Documents) told(w *work, stageErr, answer error) {
	e := metrics.Event{
		At: time.Now(), Batch: w.in.Document.Batch, Project: w.in.Document.Project, Row: w.in.Document.Row, Priority: w.in.Document.Priority,
	}
	attempt := fmt.Sprintf("%s%d", w.in.From, w.tries.Attempt)
	took := w.timings()
	failed := -1
	var at *pipeline.StageError
	if errors.As(stageErr, &at) {
		for i, t := range took {
			if t.Stage == at.Stage {
				failed = i
			}
		}
	}
	for i, t := range took {
		s := e
		s.Kind, s.ID, s.Stage, s.Duration, s.Outcome = metrics.StageDone, fmt.Sprintf("%s.%d", attempt, i), t.Stage, t.Duration, batch.OutcomeCompleted
		if i == failed {
			s.Outcome = batch.OutcomeFailed
		}
		emit(d.Metrics, s)
	}
	if f, ok := failureIn(answer); ok {
		e.Kind, e.ID = metrics.ErrorSeen, attempt
		e.Category, e.Type, e.Stage, e.Fingerprint = f.Category, f.Type, f.Stage, f.Fingerprint
		emit(d.Metrics, e)
	}
}

// failureIn is the failure that an activity's error tells of, unless an earlier
// attempt did.
func failureIn(err error) (f batch.Failure, ok bool) {
	var app *temporal.ApplicationError
	var ended bool
	if !errors.As(err, &app) || app.Details(&f, &ended) != nil {
		return batch.Failure{}, false
	}
	return f, !ended
}

// documentDone emits how a row ended, by the times that the store has: told
// again, it is the same event.
func documentDone(s metrics.Sink, p batch.Priority, project string, r store.Row) {
	start, end := r.StartedAt.Truncate(time.Microsecond), r.FinishedAt.Truncate(time.Microsecond)
	e := metrics.Event{
		Kind: metrics.DocumentDone, At: end, Batch: r.Batch, Project: project, Priority: p, Row: r.Row,
		Outcome: r.Outcome, Pages: r.Pages, Bytes: r.Bytes,
	}
	if !start.IsZero() {
		e.Duration = max(0, end.Sub(start))
	}
	emit(s, e)
}

// rowsDone emits that n rows of b ended at once, unread. why tells them from
// others of the batch.
func rowsDone(s metrics.Sink, b store.Batch, o batch.Outcome, n int, why string, at time.Time) {
	if n > 0 {
		emit(s, metrics.Event{
			Kind: metrics.DocumentDone, ID: why, At: at, Batch: b.ID, Project: b.Project, Priority: b.Priority, Outcome: o, Rows: n,
		})
	}
}

// rowsReopened takes back that rows of b have failed, each at the time at which that
// was told: no interval counts it then.
func rowsReopened(s metrics.Sink, b store.Batch, rows []store.ReopenedRow) {
	for _, r := range rows {
		emit(s, metrics.Event{
			Kind: metrics.DocumentDone, ID: "reopened" + strconv.FormatInt(r.FailedAt.UnixMilli(), 36), At: r.FailedAt,
			Batch: b.ID, Project: b.Project, Priority: b.Priority, Row: r.Row, Outcome: batch.OutcomeFailed, Rows: -1,
		})
	}
}

// batchStarted emits that b, as it was before, begins, and how many of its rows
// were refused at submission. An attempt that is made again finds b as having
// begun at that time; one that has begun before goes on.
func batchStarted(s metrics.Sink, b store.Batch, c batch.Counts, at time.Time) {
	again := b.StartedAt.Equal(at.Truncate(time.Microsecond))
	if b.Status == batch.StatusRunning && !again {
		return
	}
	emit(s, metrics.Event{
		Kind: metrics.BatchStarted, ID: strconv.FormatInt(at.UnixMilli(), 36), At: at,
		Batch: b.ID, Project: b.Project, Priority: b.Priority, Counts: c,
	})
	if b.StartedAt.IsZero() || again {
		rowsDone(s, b, batch.OutcomeFailed, c.Failed, "refused", at)
	}
}

// batchCompleted emits how b ended.
func batchCompleted(s metrics.Sink, b store.Batch, sum batch.Summary, at time.Time) {
	emit(s, metrics.Event{
		Kind: metrics.BatchCompleted, ID: strconv.FormatInt(at.UnixMilli(), 36), At: at,
		Batch: b.ID, Project: b.Project, Priority: b.Priority, Status: sum.Status, Counts: sum.Counts, Duration: sum.Duration, Pages: sum.Pages,
	})
}
