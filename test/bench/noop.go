package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/store"
)

// noopDocuments are the activities on a document with stages that do nothing.
// What stands around the stages is as in activities.Documents: a core is waited
// for, the row is read and left alone if it has ended, stages are timed, and the
// outcome is stored.
type noopDocuments struct {
	store *store.Store
	cores *cores.Gate
}

// Process stands for activities.Documents.Process.
func (d *noopDocuments) Process(ctx context.Context, in activities.ProcessInput) (activities.ProcessResult, error) {
	release, err := d.cores.Acquire(ctx, in.Document.Priority)
	if err != nil {
		return activities.ProcessResult{}, err
	}
	defer release()
	row, b, err := d.store.Work(ctx, in.Document.Batch, in.Document.Row)
	if err != nil {
		return activities.ProcessResult{}, err
	}
	if row.Outcome != "" {
		return activities.ProcessResult{Result: batch.DocumentResult{Outcome: row.Outcome, Reason: row.Reason}}, nil
	}
	if b.Status.Waiting() || b.Status.Ending() {
		return activities.ProcessResult{Held: true}, nil
	}
	stages, err := noStages(ctx)
	if err != nil {
		return activities.ProcessResult{}, err
	}
	err = recordCompleted(ctx, d.store, in.Document.Batch, in.Document.Row, in.StartedAt, stages)
	return activities.ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeCompleted, Stages: stages}}, err
}

// RecordOutcome stands for activities.Documents.RecordOutcome.
func (d *noopDocuments) RecordOutcome(ctx context.Context, in activities.OutcomeInput) (activities.OutcomeResult, error) {
	return (&activities.Documents{Store: d.store}).RecordOutcome(ctx, in)
}

var quietPipeline = pipeline.New(nil, nil, nil)

// noStages runs the local stages, which do nothing, and times them.
func noStages(ctx context.Context) ([]batch.StageTiming, error) {
	var stages []batch.StageTiming
	observe := func(s batch.Stage, took time.Duration) {
		stages = append(stages, batch.StageTiming{Stage: s, Duration: took})
	}
	for _, s := range batch.Stages() {
		if s == batch.StageOCR {
			continue // most documents need none
		}
		if err := quietPipeline.Run(ctx, s, observe, func(context.Context) error { return nil }); err != nil {
			return nil, err
		}
	}
	return stages, nil
}

// recordCompleted stores that a row was completed. Both sides of a comparison
// record it so.
func recordCompleted(ctx context.Context, st *store.Store, id string, row int, started time.Time, stages []batch.StageTiming) error {
	_, err := st.SetOutcome(ctx, store.Row{
		Batch: id, Row: row, Outcome: batch.OutcomeCompleted, Attempts: int(activity.GetInfo(ctx).Attempt),
		Stages: stages, StartedAt: started, FinishedAt: time.Now(),
	})
	return err
}
