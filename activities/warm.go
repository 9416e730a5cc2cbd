package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/store"
)

// WarmStore is what warming the cache needs of a store; see store.Store.
type WarmStore interface {
	cachewarm.WarmStore
	Batch(ctx context.Context, id string) (store.Batch, error)
	Project(ctx context.Context, id string) (store.Project, error)
	ReadBefore(ctx context.Context, batchID, pipeline string, limit int) ([]store.ReadBefore, error)
	SetOutcome(ctx context.Context, r store.Row) (recorded bool, err error)
}

// Hasher hashes a document where it lies; see source.Source.
type Hasher interface {
	Hash(ctx context.Context, uri string) (source.File, error)
}

// Warmer loads the cache, and skips what need not be read.
type Warmer struct {
	Store  WarmStore
	Source Hasher
	Cache  *cachewarm.Cache // nil for none
	Log    *slog.Logger

	Metrics metrics.Sink // nil for none
}

// WarmInput names the batch that the cache is loaded for, or a project alone.
type WarmInput struct {
	Batch   string `json:"batch"`
	Project string `json:"project"`
	// Ahead says on whose account the cache is loaded before a batch; see
	// batch.Warming.
	Ahead string `json:"ahead,omitempty"`
	// Unchanged has rows skipped at once whose files on this machine are what the
	// project read of them before.
	Unchanged bool `json:"unchanged,omitempty"`
}

// WarmCache loads what the batch's documents will look up. It never fails: what
// kept it from loading all of it is in the result.
func (a *Warmer) WarmCache(ctx context.Context, in WarmInput) (batch.Warming, error) {
	unchanged := 0
	if in.Unchanged && a.Source != nil && !a.asksModel(ctx, in.Batch) {
		var err error
		if unchanged, err = a.skipUnchanged(ctx, in.Batch); err != nil {
			a.tell("unchanged documents not skipped at once", in, err)
		}
	}
	w, err := a.warm(ctx, in)
	if err != nil {
		w.Skipped = "it failed: " + a.tell("cache not warmed", in, err)
	}
	w.Unchanged = unchanged
	return w, nil
}

// asksModel says whether a batch asks a language model: each of its documents is
// looked at by itself then, for whether the model has read it.
func (a *Warmer) asksModel(ctx context.Context, id string) bool {
	b, err := a.Store.Batch(ctx, id)
	var o batch.Options
	return err != nil || len(b.Options) > 0 && (json.Unmarshal(b.Options, &o) != nil || o.Model != nil)
}

// tell logs why something was not done, and answers it in words.
func (a *Warmer) tell(what string, in WarmInput, err error) string {
	f := pipeline.FailureOf(batch.StageStore, err)
	if ofRedis(err) {
		f.Message = strings.ReplaceAll(f.Message, "the service", "Redis")
	}
	a.Log.Warn(what, "batch", in.Batch, "type", f.Type, "error", f.Message)
	return fmt.Sprintf("%s (%s)", f.Message, f.Type)
}

// ofRedis says whether an error of the cache or the store before it is Redis's:
// those of the store say their category themselves.
func ofRedis(err error) bool {
	var connection net.Error
	var reply redis.Error
	_, ours := batch.AsError(err)
	return !ours && (errors.As(err, &connection) || errors.As(err, &reply) || errors.Is(err, io.EOF))
}

func (a *Warmer) warm(ctx context.Context, in WarmInput) (batch.Warming, error) {
	if a.Cache == nil {
		return batch.Warming{Skipped: "there is no cache"}, nil
	}
	p, err := a.Store.Project(ctx, in.Project)
	if err != nil {
		return batch.Warming{}, err
	}
	of := cachewarm.Scope{Batch: in.Batch, Project: p.ID, Since: p.CreatedAt}
	if in.Ahead != "" {
		return a.Cache.WarmAhead(ctx, a.Store, of, document.PipelineVersion, in.Ahead)
	}
	return a.Cache.Warm(ctx, a.Store, of, document.PipelineVersion)
}

const (
	unchangedRows    = 100_000 // of a batch that are compared at once
	unchangedReaders = 16      // that hash, and record: their writes share transactions
)

// skipUnchanged ends rows as skipped whose files are what the project read of them
// before, and answers how many. It hashes files on this machine alone: others it
// would fetch for nothing if they have changed. What cannot be read is left to the
// row's own workflow.
func (a *Warmer) skipUnchanged(ctx context.Context, id string) (int, error) {
	rows, err := a.Store.ReadBefore(ctx, id, document.PipelineVersion, unchangedRows)
	if err != nil {
		return 0, err
	}
	var n atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(unchangedReaders)
	for _, r := range rows {
		if source.Service(r.URI) != "" {
			continue
		}
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			began := time.Now()
			f, err := a.Source.Hash(ctx, r.URI)
			if err != nil || f.SHA256 != r.SHA256 {
				return nil //nolint:nilerr // its own workflow reads it
			}
			recorded, err := a.Store.SetOutcome(ctx, store.Row{
				Batch: id, Row: r.Row, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged,
				Document: r.Document, SHA256: r.SHA256, Bytes: f.Bytes, Pages: r.Pages, Attempts: 1, StartedAt: began, FinishedAt: time.Now(),
			})
			if recorded {
				n.Add(1)
			}
			return err
		})
	}
	err = g.Wait()
	a.told(context.WithoutCancel(ctx), id, int(n.Load()))
	return int(n.Load()), err
}

// told emits that n rows of the batch were skipped at once.
func (a *Warmer) told(ctx context.Context, id string, n int) {
	if n == 0 || a.Metrics == nil {
		return
	}
	if b, err := a.Store.Batch(ctx, id); err == nil { // metrics may miss them
		rowsDone(a.Metrics, b, batch.OutcomeSkipped, n, batch.ReasonUnchanged, time.Now())
	}
}
