package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/worker/process"
)

// dialTimeout bounds how long a command waits for Temporal.
const dialTimeout = 5 * time.Second

// quiet is a logger for commands whose errors are told, not logged.
func quiet() sdklog.Logger {
	return sdklog.NewStructuredLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))
}

func (a *app) openStore(ctx context.Context) (*store.Store, error) {
	return process.OpenStore(ctx, a.cfg)
}

// readStore opens the store of a command that only reads: it makes none.
func (a *app) readStore(ctx context.Context) (*store.Store, error) {
	if a.cfg.Database.URL == "" {
		if _, err := os.Stat(process.StorePath(a.cfg)); errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("no batches are kept in %s: name the folder with --data-dir, or run `starter dev` to begin", a.cfg.DataDir)
		}
	}
	return a.openStore(ctx)
}

// dial connects to the Temporal server that is configured, or else to the dev
// stack on the data folder.
func (a *app) dial(ctx context.Context) (client.Client, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	return process.Dial(ctx, a.cfg, quiet())
}

// progress is how a batch stands: as its workflow knows while it runs, and as
// the store knows otherwise.
func (a *app) progress(ctx context.Context, st *store.Store, c *batch.Client, id string) (batch.Progress, error) {
	b, err := st.Batch(ctx, id)
	if err != nil {
		return batch.Progress{}, a.batchError(id, err)
	}
	if !b.Status.Terminal() && c != nil {
		live, cancel := context.WithTimeout(ctx, dialTimeout)
		defer cancel()
		if p, err := c.Progress(live, id); err == nil {
			return p, nil
		}
		if ctx.Err() != nil {
			return batch.Progress{}, ctx.Err()
		}
	}
	return storedProgress(ctx, st, b)
}

func storedProgress(ctx context.Context, st *store.Store, b store.Batch) (batch.Progress, error) {
	t, err := st.Tally(ctx, b.ID)
	if err != nil {
		return batch.Progress{}, err
	}
	p := batch.Progress{
		Batch: b.ID, Project: b.Project, Status: b.Status, Priority: b.Priority,
		Counts: t.Counts, Percent: t.Counts.Percent(), Pages: t.Pages,
		StartedAt: b.StartedAt, UpdatedAt: time.Now().UTC(),
	}
	if !b.FinishedAt.IsZero() {
		p.FinishedAt, p.UpdatedAt = &b.FinishedAt, b.FinishedAt
	}
	if p.Stages, err = st.StageTimings(ctx, b.ID); err != nil {
		return batch.Progress{}, err
	}
	if took := p.UpdatedAt.Sub(b.StartedAt).Seconds(); !b.StartedAt.IsZero() && took > 0 {
		p.Rate = float64(t.Counts.Done()) / took
	}
	return p, nil
}

func (a *app) batchError(id string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("no batch %q in this store: `starter list` shows those there are", id)
	}
	return err
}
