package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/intake"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// Intake are the activities on the sources that schedules look at.
type Intake struct {
	Store    *store.Store
	Source   *source.Source
	Policies batch.Policies       // a schedule's own go before them
	Errors   *classify.Classifier // nil for the built-in rules
	Log      *slog.Logger

	throttles throttles
}

// GatherInput asks for a batch of what is new at a source.
type GatherInput struct {
	Intake batch.IntakeInput `json:"intake"`
	Batch  string            `json:"batch"` // the ID it is to have
	At     time.Time         `json:"at"`
}

// GatherResult counts what was found, as a batch.IntakeResult does. A batch is
// registered if it has rows.
type GatherResult struct {
	Rows       int     `json:"rows"`
	Weight     float64 `json:"weight"` // of the project
	Listed     int     `json:"listed"`
	Unchanged  int     `json:"unchanged"`
	Unreadable int     `json:"unreadable"`
}

// Gather lists the source and registers a batch of the files whose content is
// new: that the project does not hold, and that no row of an earlier run took,
// other than a cancelled one. Content is told by its SHA-256; a file whose
// version is the one seen before is not read again. Two new files with the same
// content are one row.
//
// A file that cannot be read becomes a failed row, once for each version and
// type of error. If the cause is one that passes, the activity is retried as the
// category's policy says; then the file becomes a row like any other. A service
// that asked for fewer requests, this run's or a document's, is left alone.
//
// The batch's ID is the idempotency key: a run that is repeated answers with the
// batch there is, and counts its rows alone.
func (i *Intake) Gather(ctx context.Context, in GatherInput) (GatherResult, error) {
	g := &gathering{
		Intake: i, in: in, attempt: attempt(ctx), taken: map[contentKey]bool{},
		policies: overridden(i.Log, i.Policies, in.Batch, in.Intake.Options.Retry),
	}
	stop := g.heartbeat(ctx)
	defer stop()
	res, err := g.run(ctx)
	if err != nil {
		return GatherResult{}, newJudge(i.Errors, g.policies).stageError(ctx, uncounted(attempt(ctx)), batch.StageFetch, err)
	}
	return res, nil
}

func (g *gathering) run(ctx context.Context) (GatherResult, error) {
	stored, err := g.Store.Batch(ctx, g.in.Batch)
	if err == nil {
		g.found = GatherResult{Listed: stored.Rows}
	} else if errors.Is(err, store.ErrNotFound) {
		stored, err = g.register(ctx)
	}
	if errors.Is(err, intake.ErrEmpty) || errors.Is(err, store.ErrNoRows) {
		return g.found, nil
	}
	if err != nil {
		return GatherResult{}, err
	}
	if stored.Project != g.in.Intake.Project || stored.Source != g.in.Intake.Source {
		return GatherResult{}, batch.NewError(batch.Configuration, "BatchIDTaken",
			"batch %s, which this run is to make, exists already, of other documents; rename the schedule", g.in.Batch)
	}
	// What is registered must be run, even if this run was cancelled meanwhile.
	project, err := g.Store.Project(context.WithoutCancel(ctx), stored.Project)
	if err != nil {
		return GatherResult{}, err
	}
	g.found.Rows, g.found.Weight = stored.Rows, project.Weight
	return g.found, nil
}

// register registers the batch, or returns store.ErrNoRows if nothing is new.
func (g *gathering) register(ctx context.Context) (store.Batch, error) {
	in := g.in.Intake
	if err := g.throttles.mayAsk(ctx, g.Store, in.Source); err != nil {
		return store.Batch{}, err
	}
	src, err := intake.Open(ctx, g.Source, intake.Request{Target: in.Source, Root: in.Root, Folder: true})
	if err != nil {
		g.asked(ctx, in.Source, err)
		return store.Batch{}, err
	}
	if src.Kind != intake.KindFolder {
		return store.Batch{}, batch.NewError(batch.Configuration, "NotAFolder", "the schedule's source is neither a folder nor a bucket")
	}
	options, err := json.Marshal(in.Options)
	if err != nil {
		return store.Batch{}, fmt.Errorf("write options: %w", err)
	}
	stored, _, err := g.Store.RegisterBatch(ctx, store.Batch{
		ID: g.in.Batch, Project: in.Project, Source: in.Source, Priority: in.Priority,
		Options: options, Pipeline: document.PipelineVersion, CreatedAt: g.in.At,
	}, g.rows(ctx, src))
	if err != nil && ctx.Err() != nil {
		// The end of ctx may have hidden that it was registered.
		if stored, lookErr := g.Store.Batch(context.WithoutCancel(ctx), g.in.Batch); lookErr == nil {
			return stored, nil
		}
	}
	return stored, err
}
