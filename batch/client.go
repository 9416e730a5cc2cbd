package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
)

// ErrUnknownBatch says that Temporal has no workflow of a batch.
var ErrUnknownBatch = errors.New("unknown batch")

// ErrTooManyFailures says that a batch gave up: more documents failed than its
// Options.MaxFailures allows.
var ErrTooManyFailures = errors.New("too many failures")

// Client starts batches and asks how they stand.
type Client struct {
	temporal client.Client
	data     converter.DataConverter
}

// NewClient is a Client over a Temporal connection, which stays the caller's to
// close.
func NewClient(c client.Client) *Client {
	return &Client{temporal: c, data: converter.GetDefaultDataConverter()}
}

// WithDataConverter is the client for a connection whose options have the data
// converter dc: Temporal's own client does not tell it.
func (c *Client) WithDataConverter(dc converter.DataConverter) *Client {
	return &Client{temporal: c.temporal, data: dc}
}

// Start starts the workflow of a batch whose rows are in the store. A batch
// that runs, or has ended well, is left as it is; one whose workflow failed or
// was terminated starts again with the rows that have no outcome. started says
// whether a workflow was started by this call.
func (c *Client) Start(ctx context.Context, in Input) (started bool, err error) {
	return c.StartAfter(ctx, in, 0)
}

// StartAfter is Start, but the workflow does nothing before delay has passed,
// unless a command reaches it.
func (c *Client) StartAfter(ctx context.Context, in Input, delay time.Duration) (started bool, err error) {
	in.Options = in.Options.WithDefaults()
	if err := in.Validate(); err != nil {
		return false, fmt.Errorf("start batch: %w", err)
	}
	_, err = c.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                                       WorkflowID(in.ID),
		TaskQueue:                                in.Priority.Queue(),
		Priority:                                 in.Priority.Temporal(in.Project, in.Weight),
		WorkflowIDReusePolicy:                    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		WorkflowExecutionErrorWhenAlreadyStarted: true,
		StartDelay:                               max(delay, 0),
		StaticSummary:                            in.Summary(),
		TypedSearchAttributes:                    in.SearchAttributes(),
	}, BatchWorkflow, in)
	var already *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &already) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("start batch %s: %w", in.ID, err)
	}
	return true, nil
}

// Progress asks a batch's workflow how it stands. It needs a worker; the store
// answers for batches that have ended. ErrEnded says that the workflow was
// terminated, failed or was cancelled.
func (c *Client) Progress(ctx context.Context, id string) (Progress, error) {
	var p Progress
	if err := c.query(ctx, id, QueryProgress, &p); err != nil {
		return p, err
	}
	p = p.At(time.Now())
	p.Evidence, p.DoneHere, p.PagesHere = nil, 0, 0
	return p, nil
}

// Errors asks a batch's workflow for its failures by cause.
func (c *Client) Errors(ctx context.Context, id string) (ErrorReport, error) {
	var r ErrorReport
	err := c.query(ctx, id, QueryErrors, &r)
	return r, err
}

func (c *Client) query(ctx context.Context, id, name string, out any) error {
	res, err := c.temporal.QueryWorkflowWithOptions(ctx, &client.QueryWorkflowWithOptionsRequest{
		WorkflowID: WorkflowID(id), QueryType: name,
		// A worker would answer for one that was terminated as if it ran.
		QueryRejectCondition: enumspb.QUERY_REJECT_CONDITION_NOT_COMPLETED_CLEANLY,
	})
	switch {
	case err == nil && res.QueryRejected != nil:
		err = ErrEnded
	case err == nil:
		err = res.QueryResult.Get(out)
	}
	return describe(err, "ask batch %s for its %s", id, name)
}

// Closed says whether nothing works on the batch any more: ErrEnded if its workflow
// has closed, ErrUnknownBatch if Temporal has none, nil while it runs. Other errors
// leave that open.
func (c *Client) Closed(ctx context.Context, id string) error {
	d, err := c.temporal.DescribeWorkflowExecution(ctx, WorkflowID(id), "")
	if err == nil && d.GetWorkflowExecutionInfo().GetStatus() != enumspb.WORKFLOW_EXECUTION_STATUS_RUNNING {
		err = ErrEnded
	}
	return describe(err, "look at the workflow of batch %s", id)
}

// pollerGone is how long after its last request a worker counts as gone: a
// request waits for work for a minute at most.
const pollerGone = 90 * time.Second

// Served says whether a worker asks the band's task queue for work.
func (c *Client) Served(ctx context.Context, b Band) (bool, error) {
	q, err := c.temporal.DescribeTaskQueue(ctx, b.Queue(), enumspb.TASK_QUEUE_TYPE_WORKFLOW)
	served := slices.ContainsFunc(q.GetPollers(), func(p *taskqueuepb.PollerInfo) bool {
		return time.Since(p.GetLastAccessTime().AsTime()) < pollerGone
	})
	return served, describe(err, "ask who serves %s", b.Queue())
}

// Wait waits until the batch has ended and answers with its summary. A
// cancelled batch is an error that temporal.IsCanceledError recognises; one that
// gave up has a summary as well, and is an error with ErrTooManyFailures in it.
func (c *Client) Wait(ctx context.Context, id string) (Summary, error) {
	var s Summary
	err := c.temporal.GetWorkflow(ctx, WorkflowID(id), "").Get(ctx, &s)
	var app *temporal.ApplicationError
	if errors.As(err, &app) && app.Type() == TypeMaxFailures {
		if detailErr := app.Details(&s); detailErr != nil {
			err = errors.Join(err, detailErr)
		}
		err = fmt.Errorf("%w: %w", ErrTooManyFailures, err)
	}
	return s, describe(err, "wait for batch %s", id)
}

func describe(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf(format, args...)
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return fmt.Errorf("%s: %w", what, ErrUnknownBatch)
	}
	return fmt.Errorf("%s: %w", what, err)
}
