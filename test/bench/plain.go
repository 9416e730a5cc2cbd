package main

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// plainQueue is the task queue of the plain pattern.
const plainQueue = "bench.plain"

// plainBatch is a batch of the plain pattern.
type plainBatch struct {
	Batch  string
	Rows   int
	Window int
}

// plainDocument is one document of it.
type plainDocument struct {
	Batch     string
	Row       int
	StartedAt time.Time
}

// plainBatchWorkflow is how one usually runs many documents on Temporal: a parent
// with a window of child workflows, one for each document.
func plainBatchWorkflow(ctx workflow.Context, in plainBatch) (int, error) {
	window := workflow.NewSemaphore(ctx, int64(in.Window))
	wg := workflow.NewWaitGroup(ctx)
	completed := 0
	for row := 1; row <= in.Rows; row++ {
		if err := window.Acquire(ctx, 1); err != nil {
			return completed, err
		}
		wg.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer wg.Done()
			defer window.Release(1)
			child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{WorkflowID: plainDocumentID(in.Batch, row)})
			err := workflow.ExecuteChildWorkflow(child, plainDocumentWorkflow, plainDocument{Batch: in.Batch, Row: row}).Get(ctx, nil)
			if err != nil {
				workflow.GetLogger(ctx).Error("document failed", "row", row, "error", err)
				return
			}
			completed++
		})
	}
	wg.Wait(ctx)
	return completed, nil
}

func plainDocumentID(id string, row int) string { return fmt.Sprintf("plain/%s/doc/%d", id, row) }

// plainDocumentWorkflow runs an activity for each of five stages.
func plainDocumentWorkflow(ctx workflow.Context, in plainDocument) error {
	in.StartedAt = workflow.Now(ctx)
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Minute,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute, MaximumAttempts: 20,
		},
	})
	var a *plainActivities
	for _, stage := range []any{a.Fetch, a.Extract, a.Entities, a.Relate, a.Store} {
		if err := workflow.ExecuteActivity(ctx, stage, in).Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

// plainActivities are stages that do nothing; the last one stores the outcome.
type plainActivities struct{ store *store.Store }

// Fetch does nothing.
func (*plainActivities) Fetch(context.Context, plainDocument) error { return nil }

// Extract does nothing.
func (*plainActivities) Extract(context.Context, plainDocument) error { return nil }

// Entities does nothing.
func (*plainActivities) Entities(context.Context, plainDocument) error { return nil }

// Relate does nothing.
func (*plainActivities) Relate(context.Context, plainDocument) error { return nil }

// Store records that the row was completed.
func (a *plainActivities) Store(ctx context.Context, in plainDocument) error {
	stages, err := noStages(ctx)
	if err != nil {
		return err
	}
	return recordCompleted(ctx, a.store, in.Batch, in.Row, in.StartedAt, stages)
}

func registerPlain(w worker.Worker, st *store.Store) {
	w.RegisterWorkflow(plainBatchWorkflow)
	w.RegisterWorkflow(plainDocumentWorkflow)
	w.RegisterActivity(&plainActivities{st})
}

// defaultWindow is how many documents both sides keep in flight.
const defaultWindow = batch.DefaultConcurrency
