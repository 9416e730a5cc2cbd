package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
)

func (a *app) scheduleListCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List schedules",
		Long:  "List schedules. One that was created or paused a moment ago may show it a second later.",
		Example: `  starter schedule list
  starter schedule list -o json | jq '.[] | select(.paused) | .schedule'`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withServer(cmd.Context(), func(ctx context.Context, s *server) error {
				list, err := s.ListSchedules(ctx)
				if err != nil {
					return err
				}
				return a.listSchedules(list, format)
			})
		},
	}
	outputFlag(cmd, &format)
	return cmd
}

// withServer runs do with a connection to Temporal.
func (a *app) withServer(ctx context.Context, do func(context.Context, *server) error) error {
	s, err := a.connect(ctx)
	if err != nil {
		return err
	}
	defer s.close()
	return do(ctx, s)
}

func (a *app) listSchedules(list []batch.ScheduleState, format string) error {
	if format == formatJSON {
		return a.json(list)
	}
	if len(list) == 0 {
		fmt.Fprintln(a.err, `No schedules. `+"`"+`starter schedule create NAME --cron "0 2 * * *" --source FOLDER`+"`"+` makes one.`)
		return nil
	}
	t := newTable(a.out, "schedule", "project", "source", "when", zoned("next run"), zoned("last run"))
	for _, s := range list {
		last := "-"
		if n := len(s.Runs); n > 0 {
			last = clock(s.Runs[n-1].StartedAt)
		}
		next := nextRun(s, clock)
		if s.Paused {
			next = "paused"
		}
		t.AppendRow(tableRow{s.Name, s.Project, printable(s.Source), when(s.Schedule), next, last})
	}
	t.Render()
	return nil
}

// when is the times of a schedule for a person.
func when(s batch.Schedule) string {
	return strings.Join(s.Cron, " and ") + " " + cmp.Or(s.TimeZone, "UTC")
}

func (a *app) scheduleShowCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:     "show NAME",
		Aliases: []string{"describe"},
		Short:   "Show a schedule and what its latest runs came to",
		Example: `  starter schedule show nightly
  starter schedule show nightly -o json | jq '.runs[-1].result'`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withServer(cmd.Context(), func(ctx context.Context, srv *server) error {
				s, err := srv.DescribeSchedule(ctx, args[0])
				if err != nil {
					return scheduleError(args[0], err)
				}
				if format == formatJSON {
					return a.json(s)
				}
				a.showSchedule(s)
				return nil
			})
		},
	}
	outputFlag(cmd, &format)
	return cmd
}

// shownRuns bounds the next runs that are shown.
const shownRuns = 3

func (a *app) showSchedule(s batch.ScheduleState) {
	fmt.Fprintf(a.out, "%s  project %s  priority %s  concurrency %d\n", s.Name, s.Project, s.Priority, s.Options.Concurrency)
	line := func(what, value string) { fmt.Fprintf(a.out, "%-9s %s\n", what, value) }
	line("source", printable(s.Source))
	if s.Root != "" {
		line("root", printable(s.Root))
	}
	line("when", when(s.Schedule)+jitterWords(s.Jitter))
	line("overlap", fmt.Sprintf("%s; a run missed by an outage starts up to %s late", s.Overlap, short(s.CatchUp)))
	if m := s.Options.Model; m != nil {
		line("model", "asked; budget of each batch: "+m.Budget.String())
	}
	if s.Paused {
		line("paused", printable(s.Note))
	} else {
		var next []string
		for _, t := range s.Next[:min(shownRuns, len(s.Next))] {
			next = append(next, moment(t))
		}
		line("next", strings.Join(next, ", "))
	}
	line("runs", fmt.Sprintf("%d started, %d skipped as one had not ended, %d missed", s.Started, s.Skipped, s.Missed))
	if len(s.Runs) == 0 {
		return
	}
	fmt.Fprintln(a.out)
	t := newTable(a.out, zoned("scheduled"), "run", "listed", "new", "unchanged", "unreadable", "batch")
	for _, r := range s.Runs {
		row := tableRow{clock(r.ScheduledAt), runStatus(r)}
		if res := r.Result; res != nil {
			row = append(row, res.Listed, res.New, res.Unchanged, res.Unreadable, batchWords(*res))
		}
		t.AppendRow(row)
	}
	t.Render()
}

func jitterWords(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return fmt.Sprintf(", up to %s later", short(d))
}

func runStatus(r batch.IntakeRun) string {
	switch {
	case r.Failure != "":
		return r.Status + ": " + printable(r.Failure)
	case r.Status == "":
		return "forgotten by Temporal"
	}
	return r.Status
}

func batchWords(r batch.IntakeResult) string {
	switch {
	case r.Batch == "":
		return "none"
	case r.Status == "":
		return r.Batch
	}
	return fmt.Sprintf("%s (%s)", r.Batch, r.Status)
}
