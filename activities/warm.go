package activities

import (
	"context"
	"log/slog"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/store"
)

// WarmStore is what warming the cache needs of a store; see store.Store.
type WarmStore interface {
	cachewarm.WarmStore
	Batch(ctx context.Context, id string) (store.Batch, error)
	Project(ctx context.Context, id string) (store.Project, error)
}

// Warmer loads the cache.
type Warmer struct {
	Store WarmStore
	Cache *cachewarm.Cache // nil for none
	Log   *slog.Logger
}

// WarmInput names the batch that the cache is loaded for.
type WarmInput struct {
	Batch   string `json:"batch"`
	Project string `json:"project"`
}

// WarmCache loads what the batch's documents will look up. It never fails: what
// kept it from loading all of it is in the result.
func (a *Warmer) WarmCache(ctx context.Context, in WarmInput) (batch.Warming, error) {
	if a.Cache == nil {
		return batch.Warming{Skipped: "there is no cache"}, nil
	}
	p, err := a.Store.Project(ctx, in.Project)
	var w batch.Warming
	if err == nil {
		w, err = a.Cache.Warm(ctx, a.Store, cachewarm.Scope{Batch: in.Batch, Project: p.ID, Since: p.CreatedAt}, document.PipelineVersion)
	}
	if err != nil {
		f := pipeline.FailureOf(batch.StageStore, err)
		w.Skipped = "it failed: " + f.Type
		a.Log.Warn("cache not warmed", "batch", in.Batch, "type", f.Type, "error", f.Message)
	}
	return w, nil
}
