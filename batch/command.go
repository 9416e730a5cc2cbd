package batch

import (
	"context"
	"errors"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// Errors of commands.
var (
	// ErrEnded says that the batch has ended, so that no command reaches it.
	ErrEnded = errors.New("the batch has ended")
	// ErrNoWorker says that no worker answered in time. One that comes soon may
	// still carry the command out; a server that restarts forgets it.
	ErrNoWorker = errors.New("no worker answered in time")
	// ErrRefused says that the batch refused the command; the error tells why.
	ErrRefused = errors.New("refused")
)

// Reprioritize moves everything of the batch that has not run: rows not
// started, queued documents, and the next stages of those in work. It answers
// when all of it is moved.
func (c *Client) Reprioritize(ctx context.Context, id string, cmd Reprioritize) (CommandResult, error) {
	return c.command(ctx, id, CommandReprioritize, cmd)
}

// Pause stops the batch from starting documents. Pausing a paused batch changes
// nothing.
func (c *Client) Pause(ctx context.Context, id string, cmd Pause) (CommandResult, error) {
	return c.command(ctx, id, CommandPause, cmd)
}

// Resume lets a paused batch go on.
func (c *Client) Resume(ctx context.Context, id string, cmd Resume) (CommandResult, error) {
	return c.command(ctx, id, CommandResume, cmd)
}

// Cancel ends the batch. It answers when no more documents are started; Wait
// waits for the end.
func (c *Client) Cancel(ctx context.Context, id string, cmd Cancel) (CommandResult, error) {
	return c.command(ctx, id, CommandCancel, cmd.WithDefaults())
}

// SetConcurrency changes how many documents are in flight at once.
func (c *Client) SetConcurrency(ctx context.Context, id string, cmd SetConcurrency) (CommandResult, error) {
	return c.command(ctx, id, CommandSetConcurrency, cmd)
}

// command sends an update and waits for its answer, as long as ctx lasts.
func (c *Client) command(ctx context.Context, id, name string, cmd any) (CommandResult, error) {
	var res CommandResult
	h, err := c.temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: WorkflowID(id), UpdateName: name, Args: []any{cmd}, WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = h.Get(ctx, &res)
	}
	if err == nil {
		return res, nil
	}
	return res, c.commandError(ctx, id, name, err)
}

func (c *Client) commandError(ctx context.Context, id, name string, err error) error {
	var (
		what     = fmt.Sprintf("%s batch %s", name, id)
		missing  *serviceerror.NotFound
		app      *temporal.ApplicationError
		timedOut *client.WorkflowUpdateServiceTimeoutOrCanceledError
		deadline *serviceerror.DeadlineExceeded
	)
	switch {
	case errors.As(err, &app):
		return fmt.Errorf("%s: %w: %s", what, ErrRefused, app.Message())
	case errors.As(err, &missing):
		return fmt.Errorf("%s: %w", what, c.whyMissing(ctx, id))
	case errors.As(err, &timedOut), errors.As(err, &deadline), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s: %w", what, ErrNoWorker)
	default:
		return fmt.Errorf("%s: %w", what, err)
	}
}

// whyMissing tells a batch that has ended from one that never was.
func (c *Client) whyMissing(ctx context.Context, id string) error {
	d, err := c.temporal.DescribeWorkflowExecution(ctx, WorkflowID(id), "")
	if err != nil {
		return ErrUnknownBatch
	}
	if s := d.GetWorkflowExecutionInfo().GetStatus(); s != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		return ErrEnded
	}
	return ErrUnknownBatch
}
