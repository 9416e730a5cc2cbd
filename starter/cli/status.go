package cli

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

type statusOptions struct {
	id, format string
	decisions  int
}

func (a *app) statusCmd() *cobra.Command {
	var o statusOptions
	cmd := &cobra.Command{
		Use:   "status BATCH",
		Short: "Show how a batch stands",
		Long: `Show how a batch stands: its counts, rates, ETA with the bounds of an 80 % interval, deadline, stages,
and the latest decisions on it: commands, and what it did by itself for its deadline; and the services
that are left alone for a while since they asked for fewer requests.`,
		Example: `  starter status acme-20261123-142501-9f3a
  starter status acme-20261123-142501-9f3a --decisions 50
  starter status acme-20261123-142501-9f3a -o json | jq .counts`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.id = args[0]
			if o.decisions < 0 || o.decisions > batch.MaxDecisions {
				return usagef("--decisions %d: want 0 to %d", o.decisions, batch.MaxDecisions)
			}
			return a.withBatch(cmd.Context(), func(ctx context.Context, st *store.Store, s *server) error {
				return a.status(ctx, st, s, o)
			})
		},
	}
	cmd.Flags().IntVar(&o.decisions, "decisions", 10, fmt.Sprintf("show the latest decisions, so many, up to %d; JSON has all of those", batch.MaxDecisions))
	outputFlag(cmd, &o.format)
	return cmd
}

func (a *app) status(ctx context.Context, st *store.Store, s *server, o statusOptions) error {
	p, err := a.progress(ctx, st, s, o.id)
	if err != nil {
		return err
	}
	a.addCache(ctx, &p)
	if o.format == formatJSON {
		return a.json(p)
	}
	writeStatus(a.out, p, o.decisions, time.Now())
	if p.Status.Terminal() || p.Status == batch.StatusStopped {
		return nil
	}
	throttled, err := st.Throttled(ctx, time.Now())
	if err != nil {
		return err
	}
	writeThrottled(a.out, throttled)
	if s == nil {
		fmt.Fprintln(a.err, "No Temporal server answers, so nothing works on this batch: start it (`starter dev`, or the one at temporal.address).")
		return nil
	}
	a.tellIfUnserved(ctx, s, p)
	return nil
}

// writeThrottled writes which services are left alone, for all batches.
func writeThrottled(w io.Writer, all []store.Throttle) {
	for _, t := range all {
		fmt.Fprintf(w, "%s asked for fewer requests and is left alone until %s; documents of other services go on\n", printable(t.Service), clock(t.Until))
	}
}

// writeStatus writes how a batch stands for a person, with the last decisions.
func writeStatus(w io.Writer, p batch.Progress, decisions int, now time.Time) {
	fmt.Fprintf(w, "%s  project %s  priority %s  %s\n%s\n", p.Batch, p.Project, p.Priority, p.Status, barLine(p, 30))
	if p.Recovers != "" {
		fmt.Fprintf(w, "recovers what failed in %s\n", p.Recovers)
	}
	if line := cmp.Or(stoppedLine(p), heldLine(p.Control)); line != "" {
		fmt.Fprintln(w, line)
	}
	if !p.StartedAt.IsZero() {
		fmt.Fprintf(w, "started %s", moment(p.StartedAt))
		if p.FinishedAt != nil {
			fmt.Fprintf(w, ", took %s", short(p.FinishedAt.Sub(p.StartedAt)))
		}
		if p.Control != nil {
			fmt.Fprintf(w, ", concurrency %d", p.Control.Concurrency)
		}
		fmt.Fprintln(w)
	}
	if p.ETA != nil && p.Status == batch.StatusRunning {
		fmt.Fprintf(w, "ends about %s, between %s and %s\n", clock(now.Add(p.ETA.Remaining)), clock(now.Add(p.ETA.Low)), clock(now.Add(p.ETA.High)))
	}
	if p.Deadline != nil && !p.Status.Ending() && p.Status != batch.StatusStopped {
		fmt.Fprintf(w, "deadline %s: %s\n", clock(*p.Deadline), deadlineVerdict(p, now))
	}
	n := p.Counts
	fmt.Fprintf(w, "completed %s  skipped %d  failed %s  cancelled %d  in flight %d  pending %d  pages %d\n",
		completedWords(n), n.Skipped, failedWords(n), n.Cancelled, n.Running, n.Pending, p.Pages)
	writeWarnings(w, p)
	writeModelUse(w, p.Model)
	if p.Cache != nil {
		writeCacheUse(w, *p.Cache)
	}
	writeWarming(w, p.Warming)
	writeRecoveries(w, p)
	writeStages(w, p.Stages)
	writeDecisions(w, p.Decisions[max(0, len(p.Decisions)-decisions):])
}

// completedWords is how many completed, and how many of them are partial.
func completedWords(c batch.Counts) string {
	if c.Partial == 0 {
		return fmt.Sprint(c.Completed)
	}
	return fmt.Sprintf("%d, of them partial %d", c.Completed, c.Partial)
}

// failedWords is how many failed, and how many of them were recovered since.
func failedWords(c batch.Counts) string {
	if c.Recovered == 0 {
		return fmt.Sprint(c.Failed)
	}
	return fmt.Sprintf("%d, of them recovered %d", c.Failed, c.Recovered)
}

// writeWarnings writes of how many documents there is something to know. That some
// lack something stands with the counts.
func writeWarnings(w io.Writer, p batch.Progress) {
	for _, c := range p.Warnings {
		if c.Code != document.WarnPartial {
			fmt.Fprintf(w, "warning %s on %d of the documents: starter documents %s --warning %s\n", c.Code, c.Documents, p.Batch, c.Code)
		}
	}
}

func writeRecoveries(w io.Writer, p batch.Progress) {
	if len(p.Recoveries) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "recovery", "of", "status", "documents")
	for _, r := range p.Recoveries {
		t.AppendRow(tableRow{r.Batch, r.Recovers, r.Status, r.Rows})
	}
	t.Render()
}

// stoppedLine says that nothing works on a batch that has not ended, and the remedy; ""
// if something does.
func stoppedLine(p batch.Progress) string {
	if p.Status != batch.StatusStopped {
		return ""
	}
	return "nothing works on it: " + p.Stopped
}

// heldLine says who stopped a batch from starting documents, when and why; "" if
// it runs.
func heldLine(c *batch.Control) string {
	if c == nil || !c.Status.Waiting() && !c.Status.Ending() {
		return ""
	}
	line := string(c.Status)
	if c.By != "" {
		line += " by " + bySince(*c)
	}
	if c.Reason != "" {
		line += ": " + printable(c.Reason)
	}
	if c.Status == batch.StatusHeld {
		line += "\nput that right, then `starter resume`: one document is read as a probe, and the others follow if it passes"
	}
	return line
}

// deadlineVerdict says whether the batch meets its deadline, as far as that can
// be told.
func deadlineVerdict(p batch.Progress, now time.Time) string {
	end, deadline := now, *p.Deadline
	if p.FinishedAt != nil {
		end = *p.FinishedAt
	}
	switch {
	case end.After(deadline):
		return "missed by " + short(end.Sub(deadline))
	case p.Status == batch.StatusCancelled:
		return fmt.Sprintf("cancelled %s before it", short(deadline.Sub(end)))
	case p.FinishedAt != nil:
		return fmt.Sprintf("met, with %s to spare", short(deadline.Sub(end)))
	case p.ETA == nil:
		return fmt.Sprintf("%s left, no ETA to tell by", short(deadline.Sub(now)))
	}
	high, low := now.Add(p.ETA.High), now.Add(p.ETA.Low)
	switch {
	case !high.After(deadline):
		return fmt.Sprintf("will be met; the ETA's high bound is %s before it", short(deadline.Sub(high)))
	case low.After(deadline):
		return fmt.Sprintf("will be missed; the ETA's low bound is %s after it", short(low.Sub(deadline)))
	default:
		return fmt.Sprintf("may be missed; the ETA's high bound is %s after it", short(high.Sub(deadline)))
	}
}

func writeStages(w io.Writer, stages []batch.StageProgress) {
	if len(stages) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "stage", "documents", "mean", "slowest", "total")
	for _, s := range stages {
		t.AppendRow(tableRow{s.Stage, s.Documents, short(s.Mean()), short(s.Slowest), short(s.Total)})
	}
	t.Render()
}

func writeDecisions(w io.Writer, decisions []batch.Decision) {
	if len(decisions) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, zoned("when"), "who", "decision", "what")
	for _, d := range decisions {
		t.AppendRow(tableRow{clock(d.At), printable(d.By), d.Kind, printable(d.Detail)})
	}
	t.Render()
}
