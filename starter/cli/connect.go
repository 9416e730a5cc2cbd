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

func (a *app) batchError(id string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("no batch %q in this store: `starter list` shows those there are", id)
	}
	return err
}
