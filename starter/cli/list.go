package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

type tableRow = table.Row

func (a *app) listCmd() *cobra.Command {
	var (
		format, project, status string
		limit                   int
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List batches, newest first",
		Example: `  starter list
  starter list --project acme --status completed_with_failures -o json
  starter list --status paused`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkList(status, limit); err != nil {
				return err
			}
			st, err := a.readStore(cmd.Context())
			if err != nil {
				return err
			}
			defer st.Close()
			if project != "" {
				if _, err := st.Project(cmd.Context(), project); err != nil {
					return projectError(project, err)
				}
			}
			batches, err := a.batches(cmd.Context(), st, project, batch.Status(status), limit)
			if err != nil {
				return err
			}
			return a.list(cmd.Context(), st, batches, format)
		},
	}
	cmd.Flags().StringVar(&project, "project", "", "only this project's")
	cmd.Flags().StringVar(&status, "status", "", "only those in this state: "+statusNames())
	cmd.Flags().IntVar(&limit, "limit", 50, "at most this many")
	outputFlag(cmd, &format)
	return cmd
}

// statusNames lists the states of a batch.
func statusNames() string {
	names := make([]string, len(listStatuses()))
	for i, s := range listStatuses() {
		names[i] = string(s)
	}
	return strings.Join(names, ", ")
}

// listStatuses are the states that a batch is listed in.
func listStatuses() []batch.Status { return append(batch.Statuses(), batch.StatusStopped) }

// askedAtOnceForList bounds how many workflows are looked at at once.
const askedAtOnceForList = 8

// batches lists batches in a state, or in any; those that nothing works on are stopped.
func (a *app) batches(ctx context.Context, st *store.Store, project string, status batch.Status, limit int) ([]store.Batch, error) {
	f := store.BatchFilter{Project: project, Status: status, Limit: limit}
	open := !status.Terminal() && status != batch.StatusRegistered
	if status != "" && open {
		f.Limit = 0 // stopped ones are among them, or are looked for
	}
	if status == batch.StatusStopped {
		f.Status = ""
	}
	list, err := st.ListBatches(ctx, f)
	if err != nil || !open {
		return list, err
	}
	a.lookForStopped(ctx, st, list)
	if status != "" {
		list = slices.DeleteFunc(list, func(b store.Batch) bool { return b.Status != status })
	}
	return list[:min(limit, len(list))], nil
}

// lookForStopped marks the batches of list that have not ended and on which nothing
// works, as far as Temporal answers.
func (a *app) lookForStopped(ctx context.Context, st *store.Store, list []store.Batch) {
	begun := func(b store.Batch) bool { return !b.Status.Terminal() && b.Status != batch.StatusRegistered }
	if !slices.ContainsFunc(list, begun) {
		return
	}
	s, err := a.connect(ctx)
	if err != nil {
		return
	}
	defer s.close()
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	var g errgroup.Group
	g.SetLimit(askedAtOnceForList)
	for i := range list {
		if begun(list[i]) {
			g.Go(func() error {
				if whyStopped(list[i], s.Closed(ctx, list[i].ID)) == "" {
					return nil
				}
				now, err := st.Batch(ctx, list[i].ID)
				if err != nil {
					return nil // as it was
				}
				if list[i].Status, list[i].FinishedAt = now.Status, now.FinishedAt; !now.Status.Terminal() { // else it has ended meanwhile
					list[i].Status = batch.StatusStopped
				}
				return nil
			})
		}
	}
	_ = g.Wait() // none fails
}

func checkList(status string, limit int) error {
	if status != "" && !slices.Contains(listStatuses(), batch.Status(status)) {
		return usagef("--status %s: want one of %s", status, statusNames())
	}
	if limit < 1 {
		return usagef("--limit %d: want 1 or more", limit)
	}
	return nil
}

// listed is a batch in list's output.
type listed struct {
	Batch     string         `json:"batch"`
	Project   string         `json:"project"`
	Priority  batch.Priority `json:"priority"`
	Status    batch.Status   `json:"status"`
	Counts    batch.Counts   `json:"counts"`
	Source    string         `json:"source"`
	CreatedAt time.Time      `json:"created_at"`
}

func (a *app) list(ctx context.Context, st *store.Store, batches []store.Batch, format string) error {
	rows := make([]listed, 0, len(batches))
	for _, b := range batches {
		t, err := st.Tally(ctx, b.ID)
		if err != nil {
			return err
		}
		rows = append(rows, listed{b.ID, b.Project, b.Priority, b.Status, t.Counts, b.Source, b.CreatedAt})
	}
	if format == formatJSON {
		return a.json(rows)
	}
	if len(rows) == 0 {
		fmt.Fprintln(a.err, "No batches. `starter submit FOLDER --project NAME` makes one.")
		return nil
	}
	t := newTable(a.out, "batch", "project", "priority", "status", "done", "failed", zoned("created"))
	for _, r := range rows {
		t.AppendRow(tableRow{r.Batch, r.Project, r.Priority, r.Status,
			fmt.Sprintf("%d/%d", r.Counts.Done(), r.Counts.Total), r.Counts.Failed, clock(r.CreatedAt)})
	}
	t.Render()
	return nil
}

func (a *app) errorsCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "errors BATCH",
		Short: "Show a batch's failures by cause",
		Example: `  starter errors acme-20261123-142501-9f3a
  starter errors acme-20261123-142501-9f3a -o json | jq '.groups[].fingerprint'`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			st, err := a.readStore(ctx)
			if err != nil {
				return err
			}
			defer st.Close()
			if _, err := st.Batch(ctx, args[0]); err != nil {
				return a.batchError(args[0], err)
			}
			if format != formatJSON {
				return a.errorTable(ctx, st, args[0])
			}
			groups, err := st.Errors(ctx, args[0])
			if err != nil {
				return err
			}
			report := batch.ErrorReport{Batch: args[0], Groups: groups}
			for _, g := range groups {
				report.Failed += g.Count
			}
			return a.json(report)
		},
	}
	outputFlag(cmd, &format)
	return cmd
}

func (a *app) errorTable(ctx context.Context, st *store.Store, id string) error {
	groups, err := st.Errors(ctx, id)
	if err != nil {
		return err
	}
	if len(groups) == 0 {
		fmt.Fprintln(a.err, "No failures.")
		return nil
	}
	t := newTable(a.out, "failed", "category", "stage", "cause", "for example")
	for _, g := range groups {
		var names []string
		for _, n := range g.Rows {
			row, err := st.Row(ctx, id, n)
			if err != nil {
				return err
			}
			names = append(names, strings.TrimSpace(fmt.Sprintf("row %d %s", n, printable(row.Name))))
		}
		if len(names) > 2 {
			names = append(names[:2], "…")
		}
		t.AppendRow(tableRow{g.Count, g.Category, g.Stage, g.Message, strings.Join(names, ", ")})
	}
	t.Render()
	return nil
}
