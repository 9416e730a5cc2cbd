package cli

import (
	"context"
	"fmt"
	"io"
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
			return a.withBatch(cmd.Context(), func(ctx context.Context, st *store.Store, c *batch.Client) error {
				return a.watch(ctx, st, c, o)
			})
		},
	}
	outputFlag(cmd, &o.format)
	return cmd
}

// withBatch runs do with the store and, where Temporal answers, a client; c is
// nil where it does not.
func (a *app) withBatch(ctx context.Context, do func(context.Context, *store.Store, *batch.Client) error) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	defer st.Close()
	var c *batch.Client
	if tc, err := a.dial(ctx); err == nil {
		defer tc.Close()
		c = batch.NewClient(tc)
	}
	return do(ctx, st, c)
}

func (a *app) watch(ctx context.Context, st *store.Store, c *batch.Client, o watchOptions) error {
	bar := newBar(a.err)
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	quietSince, done, told := time.Now(), -1, false
	for {
		p, err := a.progress(ctx, st, c, o.id)
		if err != nil {
			bar.end()
			return err
		}
		bar.draw(p, time.Now())
		if p.Status.Terminal() {
			bar.end()
			return a.outcome(ctx, st, p, o.format)
		}
		if c == nil {
			bar.end()
			return fmt.Errorf("batch %s is %s, and nothing works on it: no Temporal server answers; run `starter dev`", o.id, p.Status)
		}
		if p.Counts.Done() != done {
			quietSince, done = time.Now(), p.Counts.Done()
		}
		if !told && time.Since(quietSince) > quietFor {
			told = true
			bar.end()
			a.tellIfUnserved(ctx, c, p)
		}
		select {
		case <-ctx.Done():
			bar.end()
			fmt.Fprintf(a.err, "The batch goes on; `starter watch %s` watches it again.\n", o.id)
			return ctx.Err()
		case <-tick.C:
		}
	}
}

// quietFor is how long a batch may stand still before the reason is looked for.
const quietFor = 5 * time.Second

// tellIfUnserved tells that no worker serves the batch's queue, if none does.
func (a *app) tellIfUnserved(ctx context.Context, c *batch.Client, p batch.Progress) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	band := p.Priority.Band()
	if served, err := c.Served(ctx, band); err == nil && !served {
		fmt.Fprintf(a.err, "No worker serves %s, so the batch waits: start one with `bin/worker --data-dir %s`.\n", band.Queue(), a.cfg.DataDir)
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
	case p.Counts.Failed > 0:
		return errFailedDocuments
	}
	return nil
}

func (a *app) outcomeTable(ctx context.Context, st *store.Store, p batch.Progress) error {
	t := newTable(a.out, "outcome", "documents")
	c := p.Counts
	t.AppendRows([]tableRow{
		{"completed", c.Completed}, {"skipped (unchanged)", c.Skipped}, {"failed", c.Failed}, {"cancelled", c.Cancelled},
	})
	t.AppendFooter(tableRow{"total", c.Total})
	t.Render()
	if c.Failed > 0 {
		fmt.Fprintln(a.out)
		if err := a.errorTable(ctx, st, p.Batch); err != nil {
			return err
		}
	}
	return nil
}

// bar draws a batch's progress: redrawn in place on a terminal, now and then a
// line elsewhere.
type bar struct {
	w      io.Writer
	width  int // of the terminal, 0 if there is none
	drawn  bool
	lastAt time.Time
}

func newBar(w io.Writer) *bar { return &bar{w: w, width: terminalWidth(w)} }

func (b *bar) draw(p batch.Progress, now time.Time) {
	if b.width == 0 {
		if now.Sub(b.lastAt) >= lineEvery || p.Status.Terminal() {
			b.lastAt = now
			fmt.Fprintln(b.w, barLine(p, 20))
		}
		return
	}
	line := barLine(p, min(30, max(b.width-70, 5)))
	if r := []rune(line); len(r) >= b.width {
		line = string(r[:b.width-1])
	}
	fmt.Fprintf(b.w, "\r\x1b[K%s", line)
	b.drawn = true
}

func (b *bar) end() {
	if b.drawn {
		fmt.Fprintln(b.w)
		b.drawn = false
	}
}

// barLine is one line of progress with a bar of width cells.
func barLine(p batch.Progress, width int) string {
	full := int(p.Percent / 100 * float64(width))
	parts := []string{
		fmt.Sprintf("[%s%s] %3.0f %%", strings.Repeat("█", full), strings.Repeat("░", width-full), p.Percent),
		fmt.Sprintf("%d/%d", p.Counts.Done(), p.Counts.Total),
	}
	if p.Counts.Skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d skipped", p.Counts.Skipped))
	}
	if p.Counts.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", p.Counts.Failed))
	}
	if p.Rate > 0 {
		parts = append(parts, fmt.Sprintf("%.1f/s", p.Rate))
	}
	switch {
	case p.Status.Terminal():
		parts = append(parts, string(p.Status))
	case p.ETA != nil:
		parts = append(parts, fmt.Sprintf("ETA %s (%s to %s)", short(p.ETA.Remaining), short(p.ETA.Low), short(p.ETA.High)))
	}
	return strings.Join(parts, "  ")
}
