package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

const (
	// watchEvery is how often a watched batch is asked how it stands.
	watchEvery = 500 * time.Millisecond
	// lineEvery is how often that is told where no terminal can redraw it.
	lineEvery = 5 * time.Second
)

type watchOptions struct {
	id, format string
}

func (a *app) watchCmd() *cobra.Command {
	var o watchOptions
	cmd := &cobra.Command{
		Use:   "watch BATCH",
		Short: "Watch a batch to its end",
		Long:  "Watch a batch to its end, then print its outcome. Ctrl-C stops watching; the batch goes on.",
		Example: `  starter watch acme-20261123-142501-9f3a
  starter watch acme-20261123-142501-9f3a -o json > outcome.json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id = args[0]
			return a.withBatch(cmd.Context(), func(ctx context.Context, st *store.Store, s *server) error {
				return a.watch(ctx, st, s, o)
			})
		},
	}
	outputFlag(cmd, &o.format)
	return cmd
}

// withBatch runs do with the store and, where Temporal answers, a server; s is
// nil where it does not.
func (a *app) withBatch(ctx context.Context, do func(ctx context.Context, st *store.Store, s *server) error) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	s, err := a.connect(ctx)
	if err != nil {
		return do(ctx, st, nil)
	}
	defer s.close()
	return do(ctx, st, s)
}

func (a *app) watch(ctx context.Context, st *store.Store, s *server, o watchOptions) error {
	p, err := a.awaitEnd(ctx, st, s, o.id)
	if err != nil {
		return err
	}
	return a.outcome(ctx, st, p, o.format)
}

// awaitEnd draws how a batch goes until it has ended.
func (a *app) awaitEnd(ctx context.Context, st *store.Store, s *server, id string) (batch.Progress, error) {
	bar := newBar(a.err)
	defer bar.end()
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	quietSince, done, told := time.Now(), -1, false
	waits := ""
	for {
		p, err := a.progress(ctx, st, s, id)
		if err != nil {
			return p, err
		}
		bar.draw(p, time.Now())
		if p.Status.Terminal() {
			return p, nil
		}
		if line := heldLine(p.Control); line != waits {
			if waits = line; line != "" {
				bar.end()
				fmt.Fprintln(a.err, line)
			}
		}
		if p.Status == batch.StatusStopped {
			return p, fmt.Errorf("batch %s has stopped: %s", id, p.Stopped)
		}
		if s == nil {
			return p, fmt.Errorf("batch %s is %s, and nothing works on it: no Temporal server answers: start it (`starter dev`, or the one at temporal.address)", id, p.Status)
		}
		if p.Counts.Done() != done {
			quietSince, done = time.Now(), p.Counts.Done()
		}
		if !told && time.Since(quietSince) > quietFor {
			told = true
			bar.end()
			a.tellIfUnserved(ctx, s, p)
		}
		select {
		case <-ctx.Done():
			bar.end()
			fmt.Fprintf(a.err, "The batch goes on; `starter watch %s` watches it again.\n", id)
			return p, ctx.Err()
		case <-tick.C:
		}
	}
}

// quietFor is how long a batch may stand still before the reason is looked for.
const quietFor = 5 * time.Second

// tellIfUnserved tells which of the batch's queues no worker serves.
func (a *app) tellIfUnserved(ctx context.Context, s *server, p batch.Progress) {
	if queues, err := s.unserved(ctx, p.Batch, p.Priority); err == nil && len(queues) > 0 {
		fmt.Fprintf(a.err, "No worker serves %s, so the batch waits: start one with `%s`.\n", strings.Join(queues, " and "), a.workerCall())
	}
}

// outcome prints how a batch ended. Failed documents are an error.
func (a *app) outcome(ctx context.Context, st *store.Store, p batch.Progress, format string) error {
	if format == formatJSON {
		if err := a.json(p); err != nil {
			return err
		}
	} else if err := a.outcomeTable(ctx, st, p); err != nil {
		return err
	}
	switch {
	case p.Status == batch.StatusCancelled:
		return fmt.Errorf("batch %s was cancelled", p.Batch)
	case p.Status == batch.StatusFailed:
		return fmt.Errorf("batch %s %s", p.Batch, gaveUp(p.Decisions))
	case p.Counts.Failed > 0:
		return errFailedDocuments
	}
	return nil
}

// gaveUp says why a batch did.
func gaveUp(decisions []batch.Decision) string {
	for _, d := range slices.Backward(decisions) {
		if d.Kind == batch.DecisionThreshold {
			return "gave up: " + printable(d.Detail)
		}
	}
	return "failed"
}

func (a *app) outcomeTable(ctx context.Context, st *store.Store, p batch.Progress) error {
	t := newTable(a.out, "outcome", "documents")
	c := p.Counts
	t.AppendRows([]tableRow{
		{"completed", c.Completed}, {"skipped", c.Skipped}, {"failed", c.Failed}, {"cancelled", c.Cancelled},
	})
	t.AppendFooter(tableRow{"total", c.Total})
	t.Render()
	writeModelUse(a.out, p.Model)
	if c.Failed > 0 {
		fmt.Fprintln(a.out)
		if err := a.errorTable(ctx, st, p.Batch); err != nil {
			return err
		}
	}
	return nil
}
