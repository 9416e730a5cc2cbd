package activities

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"

	activitypb "go.temporal.io/api/activity/v1"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/activity"
	"golang.org/x/sync/errgroup"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// movesAtOnce bounds the documents that are moved at the same time.
const movesAtOnce = 8

// RecordControl stores how the batch is run from now on, and why.
func (b *Batches) RecordControl(ctx context.Context, in ControlInput) error {
	if err := b.Store.SetControl(ctx, in.Batch, in.Control, &in.Decision); err != nil {
		return recordError(b.Errors, "record control", err)
	}
	if in.Decision.Kind != batch.DecisionRefused { // that put nothing in force
		if err := b.audit(ctx, in); err != nil {
			return recordError(b.Errors, "write audit log", err)
		}
	}
	emit(b.Metrics, metrics.Event{Kind: metrics.BatchChanged, At: in.Decision.At, Batch: in.Batch})
	return nil
}

// byNobody stands in the audit log for a caller that did not say who it was.
const byNobody = "unknown"

// audit notes that what was decided is in force. The reason is left to the
// decision: a person wrote it, and may have named a document.
func (b *Batches) audit(ctx context.Context, in ControlInput) error {
	d := in.Decision
	key := sha256.Sum256(fmt.Appendf(nil, "%q %d %q %q", in.Batch, d.At.UnixMicro(), d.Kind, d.Detail))
	return b.Store.Audit(ctx, store.AuditLine{
		At: d.At, Actor: cmp.Or(d.By, byNobody), Phase: store.AuditInForce, Action: d.Kind, Batch: in.Batch, Detail: map[string]string{
			"status": string(in.Control.Status), "priority": strconv.Itoa(int(in.Control.Priority)),
			"concurrency": strconv.Itoa(in.Control.Concurrency),
		},
	}, hex.EncodeToString(key[:]))
}

// MoveDocuments takes documents in flight to another priority. An activity that
// waits in a task queue is queued anew, with the new queue and key; one that
// waits for a retry keeps its attempts and its delay, and only the queue
// changes, since the server cannot change its key; one that is being worked on
// goes on, and what follows it moves. A document that has ended is left alone.
func (b *Batches) MoveDocuments(ctx context.Context, in MoveInput) (MoveResult, error) {
	var queued, inWork atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(movesAtOnce)
	for _, row := range in.Rows {
		g.Go(func() error {
			working, err := b.move(ctx, batch.DocumentWorkflowID(in.Batch, row), in.Priority)
			var gone *serviceerror.NotFound
			switch {
			case errors.As(err, &gone):
				return nil
			case err != nil:
				return fmt.Errorf("move row %d: %w", row, err)
			case working:
				inWork.Add(1)
			default:
				queued.Add(1)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return MoveResult{}, recordError(b.Errors, "move documents", err)
	}
	return MoveResult{Moved: int(queued.Load()), InWork: int(inWork.Load())}, nil
}

// askModelActivity is the type of Documents.AskModel.
const askModelActivity = "AskModel"

// move moves one document, and says whether it is being worked on.
func (b *Batches) move(ctx context.Context, id string, to batch.Priority) (working bool, err error) {
	c := activity.GetClient(ctx)
	d, err := c.DescribeWorkflowExecution(ctx, id, "")
	if err != nil {
		return false, err
	}
	m := Move{Priority: to}
	var retried *workflowpb.PendingActivityInfo
	for _, a := range d.GetPendingActivities() {
		switch {
		case a.GetState() != enumspb.PENDING_ACTIVITY_STATE_SCHEDULED:
			working = true
		case a.GetAttempt() > 1:
			if a.GetActivityType().GetName() != askModelActivity { // its queue is that of all bands
				retried = a
			}
		default:
			m.Requeue = true
		}
	}
	execution := d.GetWorkflowExecutionInfo().GetExecution()
	// The signal goes first: what is scheduled after it goes to the new queue.
	if err := c.SignalWorkflow(ctx, id, execution.GetRunId(), SignalMove, m); err != nil || retried == nil {
		return working, err
	}
	return working, redirect(ctx, execution, retried.GetActivityId(), to.Queue())
}

// redirect sends an activity that waits for a retry to another task queue. One
// that has ended meanwhile needs it no more.
func redirect(ctx context.Context, execution *commonpb.WorkflowExecution, activityID, queue string) error {
	_, err := activity.GetClient(ctx).WorkflowService().UpdateActivityOptions(ctx, &workflowservice.UpdateActivityOptionsRequest{
		Namespace:       activity.GetInfo(ctx).Namespace,
		Execution:       execution,
		Activity:        &workflowservice.UpdateActivityOptionsRequest_Id{Id: activityID},
		ActivityOptions: &activitypb.ActivityOptions{TaskQueue: &taskqueuepb.TaskQueue{Name: queue}},
		UpdateMask:      &fieldmaskpb.FieldMask{Paths: []string{"task_queue.name"}},
	})
	return err
}
