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
	in        batch.DocumentInput
	startedAt time.Time
	stages    []batch.StageTiming // of the stages done
	running   batch.Stage         // where the stages in flight began
}

func (d *document) run(ctx workflow.Context) (batch.DocumentResult, error) {
	result, err := d.read(ctx)
	if err == nil {
		return result, nil
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

// read runs the stages: local ones together in one activity, OCR in its own.
func (d *document) read(ctx workflow.Context) (batch.DocumentResult, error) {
	var res activities.ProcessResult
	for next := batch.StageFetch; next != ""; next = res.Next {
		d.running = next
		in := activities.ProcessInput{Document: d.in, From: next, StartedAt: d.startedAt, Stages: d.stages}
		res = activities.ProcessResult{}
		var err error
		if next == batch.StageOCR {
			err = workflow.ExecuteActivity(stageOptions(ctx, "recognise scanned pages"), documentActs.Recognize, in).Get(ctx, &res)
		} else {
			err = workflow.ExecuteActivity(stageOptions(ctx, readSummary(next)), documentActs.Process, in).Get(ctx, &res)
		}
		if err != nil {
			return batch.DocumentResult{}, err
		}
		d.stages = append(d.stages, res.Result.Stages...)
	}
	res.Result.Stages = d.stages
	return res.Result, nil
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

// readSummary tells a person what the activity that runs from stage on does.
func readSummary(stage batch.Stage) string {
	if stage == batch.StageFetch {
		return "read the document"
	}
	return "read on, from stage " + string(stage)
}

func rowSummary(row int) string { return fmt.Sprintf("row %d", row) }
