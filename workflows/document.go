package workflows

import (
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// Document reads one document and stores what it found. A document that cannot
// be read fails its workflow with an ApplicationError whose type is the error's
// category and whose detail is a batch.Failure; its outcome is in the store
// before the workflow closes.
func Document(ctx workflow.Context, in batch.DocumentInput) (batch.DocumentResult, error) {
	d := &document{in: in, startedAt: workflow.Now(ctx)}
	return d.run(ctx)
}

type document struct {
	in        batch.DocumentInput // its Priority is the one in force
	startedAt time.Time
	stages    []batch.StageTiming // of the stages done
	running   batch.Stage         // where the stages in flight began
	giveUp    func()              // gives up the activity in flight
	requeue   bool                // because it is to be queued anew
}

func (d *document) run(ctx workflow.Context) (batch.DocumentResult, error) {
	workflow.Go(ctx, d.hearMoves)
	result, err := d.read(ctx)
	if err == nil {
		return result, nil
	}
	if f, ok := d.gaveBack(err); ok {
		return batch.DocumentResult{Failure: &f}, nil
	}
	outcome, recordErr := d.record(ctx, err)
	switch {
	case recordErr != nil:
		return batch.DocumentResult{}, recordErr
	case outcome.Outcome == batch.OutcomeCompleted, outcome.Outcome == batch.OutcomeSkipped:
		// The results were stored, and only the answer was lost.
		return batch.DocumentResult{Outcome: outcome.Outcome, Reason: outcome.Reason, Stages: d.stages}, nil
	case temporal.IsCanceledError(err):
		return batch.DocumentResult{}, err
	}
	return batch.DocumentResult{}, failureError(failureOf(d.running, err))
}

// gaveBack says whether err leaves the row without an outcome, for its batch to
// decide on.
func (d *document) gaveBack(err error) (batch.Failure, bool) {
	var app *temporal.ApplicationError
	var f batch.Failure
	var ended bool
	if !d.in.GiveBack || !errors.As(err, &app) || app.Details(&f, &ended) != nil {
		return f, false
	}
	return f, f.Category == batch.Configuration && !ended
}

// hearMoves takes the document to another priority: what is scheduled from then
// on, and the activity in flight if it is still queued.
func (d *document) hearMoves(ctx workflow.Context) {
	moves := workflow.GetSignalChannel(ctx, activities.SignalMove)
	for {
		var m activities.Move
		if !moves.Receive(ctx, &m) {
			return
		}
		d.in.Priority = m.Priority
		if m.Requeue && d.giveUp != nil {
			d.requeue = true
			d.giveUp()
		}
	}
}

// read runs the stages in the groups that fused says.
func (d *document) read(ctx workflow.Context) (batch.DocumentResult, error) {
	var res activities.ProcessResult
	for next := batch.StageFetch; next != ""; next = res.Next {
		d.running = next
		var err error
		if res, err = d.runFrom(ctx, next); err != nil {
			return batch.DocumentResult{}, err
		}
		if res.Held || !res.PutOffUntil.IsZero() {
			return batch.DocumentResult{PutOffUntil: res.PutOffUntil}, nil
		}
		d.stages = append(d.stages, res.Result.Stages...)
	}
	res.Result.Stages = d.stages
	return res.Result, nil
}

// runFrom runs the activity of stage and those fused with it, anew each time it
// is to be queued anew.
func (d *document) runFrom(ctx workflow.Context, stage batch.Stage) (activities.ProcessResult, error) {
	group := groupOf(ctx, stage)
	in := activities.ProcessInput{Document: d.in, From: stage, StartedAt: d.startedAt, Stages: d.stages}
	for {
		in.Document.Priority = d.in.Priority
		d.requeue = false
		attempt, giveUp := workflow.WithCancel(ctx)
		d.giveUp = giveUp
		f := workflow.ExecuteActivity(stageOptions(attempt, in.Document, group), group.activity, in)
		var res activities.ProcessResult
		err := d.await(ctx, f, &res)
		d.giveUp = nil
		if d.requeue && temporal.IsCanceledError(err) && ctx.Err() == nil {
			continue
		}
		return res, err
	}
}

// await waits for f; once ctx is cancelled, no longer than cancelGrace.
func (d *document) await(ctx workflow.Context, f workflow.Future, res *activities.ProcessResult) error {
	if workflow.Await(ctx, f.IsReady) != nil {
		calm, cancel := workflow.NewDisconnectedContext(ctx)
		defer cancel()
		if stopped, err := workflow.AwaitWithTimeout(calm, cancelGrace, f.IsReady); err != nil || !stopped {
			return temporal.NewCanceledError()
		}
	}
	return f.Get(ctx, res)
}

// record writes how the document ended, even when the workflow is cancelled.
func (d *document) record(ctx workflow.Context, cause error) (activities.OutcomeResult, error) {
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	in := activities.OutcomeInput{
		Batch: d.in.Batch, Project: d.in.Project, Row: d.in.Row,
		Outcome: batch.OutcomeCancelled, Stages: d.stages,
		StartedAt: d.startedAt, At: workflow.Now(ctx),
	}
	if !temporal.IsCanceledError(cause) {
		f := failureOf(d.running, cause)
		in.Outcome, in.Failure = batch.OutcomeFailed, &f
		if err := workflow.UpsertTypedSearchAttributes(ctx, batch.AttrErrorCategory.ValueSet(string(f.Category))); err != nil {
			return activities.OutcomeResult{}, fmt.Errorf("mark document: %w", err)
		}
	}
	var out activities.OutcomeResult
	err := workflow.ExecuteActivity(recordOptions(ctx, "record outcome"), documentActs.RecordOutcome, in).Get(ctx, &out)
	if err != nil {
		return out, fmt.Errorf("record outcome: %w", err)
	}
	return out, nil
}

// failureOf is what is kept of an activity's or a child workflow's error. stage
// is where it was when the error does not say.
func failureOf(stage batch.Stage, err error) batch.Failure {
	var app *temporal.ApplicationError
	if errors.As(err, &app) && app.HasDetails() {
		var f batch.Failure
		if app.Details(&f) == nil && f.Category.Valid() {
			return f
		}
	}
	var timeout *temporal.TimeoutError
	switch {
	case errors.As(err, &timeout):
		return batch.NewFailure(stage, batch.NewError(batch.Transient, "Timeout",
			"no answer in time (%s); the worker may have died", timeout.TimeoutType()))
	case isTerminated(err):
		return batch.NewFailure(stage, batch.NewError(batch.Permanent, "Terminated", "the document's workflow was terminated"))
	}
	return batch.NewFailure(stage, batch.NewError(batch.Permanent, "Unclassified", "unclassified workflow error"))
}

func isTerminated(err error) bool {
	var terminated *temporal.TerminatedError
	return errors.As(err, &terminated)
}

// failureError is the error that a failed document's workflow closes with.
func failureError(f batch.Failure) error {
	return temporal.NewApplicationErrorWithOptions(f.Message, string(f.Category),
		temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{f}})
}

func rowSummary(row int) string { return fmt.Sprintf("row %d", row) }

func shardSummary(r rowRange) string { return fmt.Sprintf("rows %d to %d", r.First, r.Last) }
