package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
)

func (a *app) schedulePauseCmd() *cobra.Command {
	var reason, format string
	cmd := &cobra.Command{
		Use:   "pause NAME",
		Short: "Pause a schedule",
		Long: `Pause a schedule: it starts no more runs. One in progress goes on, with its batch, and a paused
schedule can still be triggered. Pausing a paused schedule changes nothing.`,
		Example: `  starter schedule pause nightly --reason "the scanner moves house"`,
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withAudited(cmd.Context(), "schedule pause", scheduleDetail(args[0]), func(ctx context.Context, s *server) error {
				before, err := s.DescribeSchedule(ctx, args[0])
				if err != nil {
					return scheduleError(args[0], err)
				}
				if before.Paused {
					fmt.Fprintf(a.err, "Schedule %s is already paused: %s.\n", args[0], printable(before.Note))
					return a.scheduleNow(ctx, s, args[0], format)
				}
				if err := s.PauseSchedule(ctx, args[0], note("paused", reason)); err != nil {
					return scheduleError(args[0], err)
				}
				fmt.Fprintf(a.err, "Schedule %s is paused; `starter schedule resume %[1]s` lets it run again.\n", args[0])
				return a.scheduleNow(ctx, s, args[0], format)
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why; shown with the schedule")
	outputFlag(cmd, &format)
	return cmd
}

func (a *app) scheduleResumeCmd() *cobra.Command {
	var reason, format string
	cmd := &cobra.Command{
		Use:     "resume NAME",
		Aliases: []string{"unpause"},
		Short:   "Let a paused schedule run again",
		Long:    "Let a paused schedule run again. Runs that were due meanwhile are not made up: the next takes all that is new.",
		Example: "  starter schedule resume nightly",
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withAudited(cmd.Context(), "schedule resume", scheduleDetail(args[0]), func(ctx context.Context, s *server) error {
				before, err := s.DescribeSchedule(ctx, args[0])
				if err != nil {
					return scheduleError(args[0], err)
				}
				if !before.Paused {
					fmt.Fprintf(a.err, "Schedule %s already runs; next run: %s.\n", args[0], nextRun(before, moment))
					return a.scheduleNow(ctx, s, args[0], format)
				}
				if err := s.ResumeSchedule(ctx, args[0], note("resumed", reason)); err != nil {
					return scheduleError(args[0], err)
				}
				state, err := s.DescribeSchedule(ctx, args[0])
				if err != nil {
					return scheduleError(args[0], err)
				}
				fmt.Fprintf(a.err, "Schedule %s runs again; next run: %s.\n", args[0], nextRun(state, moment))
				if format == formatJSON {
					return a.json(state)
				}
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&reason, "reason", "", "why; shown with the schedule")
	outputFlag(cmd, &format)
	return cmd
}

// scheduleNow prints a schedule as it stands, if as JSON.
func (a *app) scheduleNow(ctx context.Context, s *server, name, format string) error {
	if format != formatJSON {
		return nil
	}
	state, err := s.DescribeSchedule(ctx, name)
	if err != nil {
		return scheduleError(name, err)
	}
	return a.json(state)
}

// scheduleDetail is what the audit log says of a schedule.
func scheduleDetail(name string) map[string]string { return map[string]string{"schedule": name} }

// note is what a schedule says of its state.
func note(what, reason string) string {
	s := fmt.Sprintf("%s by %s at %s", what, whoami(), time.Now().UTC().Format(time.RFC3339))
	if reason = strings.TrimSpace(reason); reason != "" {
		s += ": " + reason
	}
	return s
}

func (a *app) scheduleDeleteCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a schedule",
		Long: `Delete a schedule. A run in progress goes on, with its batch. What was taken in stays known: another
schedule of the project does not take it again.`,
		Example: "  starter schedule delete nightly",
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withAudited(cmd.Context(), "schedule delete", scheduleDetail(args[0]), func(ctx context.Context, s *server) error {
				if err := s.DeleteSchedule(ctx, args[0]); err != nil {
					return scheduleError(args[0], err)
				}
				fmt.Fprintf(a.err, "Schedule %s is deleted.\n", args[0])
				if format == formatJSON {
					return a.json(map[string]any{"name": args[0], "deleted": true})
				}
				return nil
			})
		},
	}
	outputFlag(cmd, &format)
	return cmd
}

type triggerOptions struct {
	name, overlap, format string
	wait                  bool
}

func (a *app) scheduleTriggerCmd() *cobra.Command {
	var o triggerOptions
	cmd := &cobra.Command{
		Use:   "trigger NAME",
		Short: "Run a schedule now",
		Long: `Run a schedule now, also a paused one. With --wait it waits for the run and its batch to end, and prints
the batch's ID if there was something new.`,
		Example: `  starter schedule trigger nightly
  starter schedule trigger nightly --wait -o json | jq .result`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			if cmd.Flags().Changed("output") && !o.wait {
				return usagef("-o: there is an outcome to print only with --wait")
			}
			return a.trigger(cmd.Context(), o)
		},
	}
	overlapFlag(cmd, &o.overlap)
	cmd.Flags().BoolVar(&o.wait, "wait", false, "wait for the run's end, and its batch's")
	outputFlag(cmd, &o.format)
	return cmd
}

func overlapFlag(cmd *cobra.Command, overlap *string) {
	cmd.Flags().StringVar(overlap, "overlap", "", "skip, buffer-one or allow, this time (default: as the schedule says)")
}

// readOverlap reads --overlap of one time; "" leaves it to the schedule.
func readOverlap(s string) (batch.Overlap, error) {
	if s == "" {
		return "", nil
	}
	o, err := batch.ParseOverlap(s)
	if err != nil {
		return "", usageError{err}
	}
	return o, nil
}

func (a *app) trigger(ctx context.Context, o triggerOptions) error {
	overlap, err := readOverlap(o.overlap)
	if err != nil {
		return err
	}
	return a.withAudited(ctx, "schedule trigger", scheduleDetail(o.name), func(ctx context.Context, s *server) error {
		before, err := s.DescribeSchedule(ctx, o.name)
		if err != nil {
			return scheduleError(o.name, err)
		}
		if err := s.TriggerSchedule(ctx, o.name, overlap); err != nil {
			return scheduleError(o.name, err)
		}
		if before.Paused {
			fmt.Fprintf(a.err, "Schedule %s is paused, and runs once all the same; `starter schedule resume %[1]s` lets it run again by itself.\n", o.name)
		}
		if !o.wait {
			fmt.Fprintf(a.err, "Schedule %s runs now; `starter schedule show %[1]s` tells what it finds.\n", o.name)
			return nil
		}
		r, err := awaitRun(ctx, s, before)
		if err != nil {
			return scheduleError(o.name, err)
		}
		return a.runOutcome(r, before.Source, o.format)
	})
}

// awaitRun waits for the end of a run that has come since the schedule was as
// before.
func awaitRun(ctx context.Context, s *server, before batch.ScheduleState) (batch.IntakeRun, error) {
	known := map[string]bool{}
	for _, r := range before.Runs {
		known[r.RunID] = true
	}
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		now, err := s.DescribeSchedule(ctx, before.Name)
		if err != nil {
			return batch.IntakeRun{}, err
		}
		started := false
		for _, r := range now.Runs {
			if known[r.RunID] {
				continue
			}
			if started = true; r.Status != "running" {
				return r, nil
			}
		}
		if !started && now.Skipped > before.Skipped {
			return batch.IntakeRun{}, batch.ErrRunInProgress
		}
		select {
		case <-ctx.Done():
			return batch.IntakeRun{}, ctx.Err()
		case <-tick.C:
		}
	}
}

// runOutcome prints how a run over source ended.
func (a *app) runOutcome(r batch.IntakeRun, source, format string) error {
	if format == formatJSON {
		if err := a.json(r); err != nil {
			return err
		}
	}
	res := r.Result
	switch {
	case res == nil:
		return fmt.Errorf("the run over %s did not complete: %s", printable(source), runStatus(r))
	case res.Batch == "":
		fmt.Fprintf(a.err, "Nothing new: %s listed, %d unchanged, %d unreadable as before.\n", batch.Counted(res.Listed, "file"), res.Unchanged, res.Unreadable)
		return nil
	}
	fmt.Fprintf(a.err, "%d new of %s listed; batch %s is %s.\n", res.New, batch.Counted(res.Listed, "file"), res.Batch, res.Status)
	if format != formatJSON {
		fmt.Fprintln(a.out, res.Batch)
	}
	if res.Status == batch.StatusCompletedWithFailures {
		return errFailedDocuments
	}
	return nil
}

func (a *app) scheduleBackfillCmd() *cobra.Command {
	var from, to, overlap string
	cmd := &cobra.Command{
		Use:   "backfill NAME --from TIME [--to TIME]",
		Short: "Run a schedule now for times that have passed",
		Long: `Run a schedule now for the times it has between two others, such as those of an outage or a pause.
A run takes what the source holds now, so one of them takes all that is new; a time that has
had its batch gets no second one.`,
		Example: `  starter schedule backfill nightly --from 2026-11-20T00:00
  starter schedule backfill nightly --from 2026-11-20T00:00:00Z --to 2026-11-23T00:00:00Z --overlap buffer-one`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			policy, err := readOverlap(overlap)
			if err != nil {
				return err
			}
			start, end, err := readPeriod(from, to, time.Now())
			if err != nil {
				return err
			}
			return a.withAudited(cmd.Context(), "schedule backfill", scheduleDetail(args[0]), func(ctx context.Context, s *server) error {
				if err := s.BackfillSchedule(ctx, args[0], start, end, policy); err != nil {
					return scheduleError(args[0], err)
				}
				fmt.Fprintf(a.err, "Schedule %s runs now for its times from %s to %s; `starter schedule show %[1]s` tells what it finds.\n",
					args[0], clock(start), clock(end))
				return nil
			})
		},
	}
	cmd.Flags().StringVar(&from, "from", "", "the first time: 2026-11-20T00:00 (here), RFC 3339, or a duration before now such as -72h")
	cmd.Flags().StringVar(&to, "to", "", "the last time (default: now)")
	overlapFlag(cmd, &overlap)
	return cmd
}

// readPeriod reads the times of a backfill.
func readPeriod(from, to string, now time.Time) (start, end time.Time, err error) {
	if from == "" {
		return start, end, usagef("no time to begin at: add --from, such as --from -72h")
	}
	start, ok := readTime(from, now)
	if !ok {
		return start, end, usagef("--from %q: want a time such as 2026-11-20T00:00 (here), 2026-11-20T00:00:00Z, or -72h", from)
	}
	end = now
	if to != "" {
		if end, ok = readTime(to, now); !ok {
			return start, end, usagef("--to %q: want a time such as 2026-11-20T00:00 (here), 2026-11-20T00:00:00Z, or -1h", to)
		}
	}
	if !start.Before(end) {
		return start, end, usagef("--from %s is not before --to %s", start.Format(time.RFC3339), end.Format(time.RFC3339))
	}
	return start, end, nil
}
