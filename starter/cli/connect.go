package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"time"

	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config/stack"
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
	t, err := a.telemetry(ctx)
	if err != nil {
		return nil, err
	}
	return process.Dial(ctx, a.cfg, t, quiet())
}

// webUI is the address of a page of the Temporal Web UI, under the namespace's; ""
// where it is not known, which is unless the dev stack on the data folder is used.
func (a *app) webUI(page string) string {
	if a.cfg.Temporal.Address != "" {
		return ""
	}
	s, ok, err := stack.Read(a.cfg.DataDir)
	if err != nil || !ok || s.UI == "" {
		return ""
	}
	return fmt.Sprintf("%s/namespaces/%s/%s", s.UI, url.PathEscape(a.cfg.Temporal.Namespace), page)
}

// batchPage is a batch's page, for webUI.
func batchPage(id string) string { return "workflows/" + url.PathEscape(batch.WorkflowID(id)) }

// batchesPage is the list of all batches, without their documents, for webUI.
func batchesPage() string {
	return "workflows?query=" + url.QueryEscape(fmt.Sprintf("WorkflowType=%q", batch.BatchWorkflow))
}

// telemetry traces the command, where that is configured. run closes it.
func (a *app) telemetry(ctx context.Context) (*process.Telemetry, error) {
	var err error
	if a.traced == nil {
		a.traced, err = process.NewTelemetry(ctx, a.cfg, "caseload-starter", a.log)
	}
	return a.traced, err
}

// span begins the trace of a batch that the command starts, where commands are
// traced. The caller ends it.
func (a *app) span(ctx context.Context, name, batchID string) (context.Context, func(error)) {
	if a.traced == nil {
		return ctx, func(error) {}
	}
	return a.traced.Tracer.Start(ctx, name, batchID)
}

// closeTelemetry sends the traces that are left. The command has done its work
// all the same if they cannot be.
func (a *app) closeTelemetry(t *process.Telemetry) {
	if t == nil {
		return
	}
	if err := t.Close(); err != nil {
		a.log.Warn("traces not sent", "error", err)
	}
}

func (a *app) batchError(id string, err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("no batch %q in this store: `starter list` shows those there are", id)
	}
	return err
}
