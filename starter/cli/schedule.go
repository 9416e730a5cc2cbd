package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/batch/manifest"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/worker/process"
)

func (a *app) scheduleCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schedule",
		Short: "Take in new documents of a folder or bucket on a schedule",
		Long: `Take in new documents of a folder or bucket on a schedule. Each run makes a batch of the files whose
content is new, told by its SHA-256; a run that finds nothing new makes none.`,
		Example: `  starter schedule create nightly --cron "0 2 * * *" --source s3://intake/acme --project acme
  starter schedule list
  starter schedule show nightly
  starter schedule trigger nightly --wait`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("schedule has no command %q; `starter schedule --help` lists them", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		a.scheduleCreateCmd(), a.scheduleListCmd(), a.scheduleShowCmd(),
		a.schedulePauseCmd(), a.scheduleResumeCmd(), a.scheduleTriggerCmd(), a.scheduleBackfillCmd(), a.scheduleDeleteCmd(),
	)
	return cmd
}

type scheduleOptions struct {
	name, source, project, root, priority, overlap, timeZone, format string
	cron, retry                                                      []string
	concurrency                                                      int
	catchUp, jitter                                                  time.Duration
	model                                                            modelOptions
}

func (a *app) scheduleCreateCmd() *cobra.Command {
	var o scheduleOptions
	cmd := &cobra.Command{
		Use:   "create NAME --cron EXPR --source FOLDER|BUCKET",
		Short: "Create a schedule",
		Long: `Create a schedule. Creating it again with the same settings changes nothing; to change one, delete it
and create it anew: what it has taken in stays known.

A run that is due while an earlier one, with its batch, has not ended is skipped: the next takes what is
new by then. --overlap buffer-one lets one run wait for the end instead, and allow runs it at once.

With --model each batch has its documents read by the language model too, within a --model-budget of its own.

The source is kept in histories and shown in the Temporal Web UI: choose one whose name tells nothing.`,
		Example: `  starter schedule create nightly --cron "0 2 * * *" --source s3://intake/acme --project acme
  starter schedule create hourly --cron "0 8-18 * * 1-5" --time-zone Europe/Berlin --source /srv/scans --priority high
  starter schedule create often --cron "@every 15m" --jitter 1m --source /srv/scans --project acme --concurrency 20
  starter schedule create nightly --cron "@daily" --source /srv/scans --project acme --model --model-budget 5.00`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.name = args[0]
			if cmd.Flags().Changed("concurrency") && o.concurrency == 0 {
				return usagef("--concurrency 0: want 1 to %d", batch.MaxConcurrency)
			}
			return a.createSchedule(cmd.Context(), o)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.cron, "cron", nil, `when: 5 to 7 cron fields, @daily, "@every 12h" …; more than one add up`)
	f.StringVar(&o.source, "source", "", "the folder or bucket (s3://, gs://, azblob://) to look at")
	f.StringVar(&o.project, "project", "", "the matter or client (default: the source's name)")
	f.StringVar(&o.root, "root", "", "folder that a local source must lie in, symbolic links resolved")
	f.StringVar(&o.priority, "priority", "normal", "of each batch: high, normal, low, or a level from 0 to 9")
	f.IntVar(&o.concurrency, "concurrency", 0, fmt.Sprintf("documents in flight at once, 1 to %d (default: batch.concurrency)", batch.MaxConcurrency))
	retryFlag(cmd, &o.retry)
	o.model.flags(cmd)
	f.StringVar(&o.overlap, "overlap", string(batch.OverlapSkip), "a run that is due while one has not ended: skip, buffer-one or allow")
	f.StringVar(&o.timeZone, "time-zone", "", "IANA time zone of the cron fields, such as Europe/Berlin (default: UTC)")
	f.DurationVar(&o.catchUp, "catch-up", batch.DefaultCatchUp, "how late a run may start that was missed because the server was down")
	f.DurationVar(&o.jitter, "jitter", 0, "delay each run by a random time up to this")
	outputFlag(cmd, &o.format)
	return cmd
}

func (a *app) createSchedule(ctx context.Context, o scheduleOptions) error {
	s, err := a.newSchedule(o)
	if err != nil {
		return err
	}
	detail := scheduleDetail(o.name)
	detail["project"], detail["priority"] = s.Project, strconv.Itoa(int(s.Priority))
	if m := s.Options.Model; m != nil {
		detail["model"], detail["model_budget"] = "yes", m.Budget.String()
		a.tellModel(m)
	}
	return a.withAudited(ctx, "schedule create", detail, func(ctx context.Context, srv *server) error {
		err := a.scheduleIs(ctx, srv, s, o.format)
		if errors.Is(err, batch.ErrBadSchedule) {
			return badTimes(o, err)
		}
		return err
	})
}

// scheduleIs creates a schedule, unless it is there as it is to be, and says so.
func (a *app) scheduleIs(ctx context.Context, srv *server, s batch.Schedule, format string) error {
	created, err := srv.CreateSchedule(ctx, s)
	if errors.Is(err, batch.ErrBadSchedule) {
		return err
	}
	if err != nil {
		return scheduleError(s.Name, err)
	}
	state, err := srv.DescribeSchedule(ctx, s.Name)
	if err != nil {
		return scheduleError(s.Name, err)
	}
	if created {
		fmt.Fprintf(a.err, "Schedule %s takes in what is new at %s; next run: %s.\n", s.Name, printable(s.Source), nextRun(state, moment))
	} else {
		fmt.Fprintf(a.err, "Schedule %s exists already, with these settings; next run: %s.\n", s.Name, nextRun(state, moment))
	}
	if format == formatJSON {
		return a.json(state)
	}
	fmt.Fprintln(a.out, s.Name)
	return nil
}

// newSchedule is the schedule that the options describe.
func (a *app) newSchedule(o scheduleOptions) (batch.Schedule, error) {
	priority, err := batch.ParsePriority(o.priority)
	if err != nil {
		return batch.Schedule{}, usageError{err}
	}
	overlap, err := batch.ParseOverlap(o.overlap)
	if err != nil {
		return batch.Schedule{}, usageError{err}
	}
	from, err := a.watchedSource(o.source)
	if err != nil {
		return batch.Schedule{}, err
	}
	if len(o.cron) == 0 {
		return batch.Schedule{}, usagef(`no times: add --cron with an expression, such as --cron "0 2 * * *"`)
	}
	for _, c := range o.cron {
		if err := batch.CheckCron(c); err != nil {
			return batch.Schedule{}, usagef("--cron %w (--time-zone)", err)
		}
	}
	retry, err := parseRetry(o.retry, a.cfg.Retry.Policies())
	if err != nil {
		return batch.Schedule{}, err
	}
	asks, err := o.model.batchOptions()
	if err != nil {
		return batch.Schedule{}, err
	}
	s := batch.Schedule{
		IntakeInput: batch.IntakeInput{
			Name: o.name, Project: o.project, Source: from, Priority: priority, Options: batch.Options{Concurrency: o.concurrency, Retry: retry, WarmOver: a.warmOver(), Model: asks},
		},
		Cron: o.cron, TimeZone: o.timeZone, Overlap: overlap, CatchUp: o.catchUp, Jitter: o.jitter,
	}
	if s.Project == "" {
		s.Project = projectOf(strings.SplitN(from, "?", 2)[0])
	}
	if s.Options.Concurrency == 0 {
		s.Options.Concurrency = a.cfg.Batch.Concurrency
	}
	if o.root != "" {
		s.Root = sourceOf(o.root)
	}
	s = s.WithDefaults()
	if err := s.Validate(); err != nil {
		return s, usageError{err}
	}
	return s, nil
}

// watchedSource is the source as it is kept: a local path absolute. It refuses
// what a run could not list. A folder that is not on this machine may be on the
// workers'.
func (a *app) watchedSource(given string) (string, error) {
	if strings.TrimSpace(given) == "" {
		return "", usagef("no source: add --source with a folder, or a bucket such as s3://intake/acme")
	}
	at := sourceOf(given)
	if local, ok := source.LocalPath(at); ok {
		switch info, err := os.Stat(local); {
		case errors.Is(err, fs.ErrNotExist):
			fmt.Fprintf(a.err, "There is no folder %s on this machine; the workers' need one.\n", printable(local))
		case err == nil && !info.IsDir():
			return "", usagef("--source %s: it is a file; a schedule looks at a folder or a bucket", printable(given))
		}
		return local, nil
	}
	src := process.NewSource(a.cfg)
	defer src.Close()
	if err := src.Check(at); err != nil {
		return "", usagef("--source: %w", err) // it may hold credentials
	}
	path, _, _ := strings.Cut(at, "?")
	if _, isManifest := manifest.FormatOf(path); isManifest || strings.HasPrefix(strings.ToLower(at), "http") {
		return "", usagef("--source %s: it is a file; a schedule looks at a folder or a bucket", printable(given))
	}
	return at, nil
}

// nextRun is when a schedule runs next, as at writes times.
func nextRun(s batch.ScheduleState, at func(time.Time) string) string {
	if s.Paused {
		return "none while it is paused"
	}
	if len(s.Next) == 0 {
		return "none"
	}
	return at(s.Next[0])
}

// badTimes names the flag whose value the server refused: which times a cron
// expression and a zone stand for only it can tell.
func badTimes(o scheduleOptions, err error) error {
	if o.timeZone != "" && strings.Contains(strings.ToLower(err.Error()), "time zone") {
		return usagef("--time-zone %q: %w; want an IANA name such as Europe/Berlin", o.timeZone, err)
	}
	quoted := make([]string, len(o.cron))
	for i, c := range o.cron {
		quoted[i] = fmt.Sprintf("%q", c)
	}
	return usagef(`--cron %s: %w; want minute, hour, day, month and weekday such as "0 2 * * *", or @daily, "@every 12h"`, strings.Join(quoted, ", "), err)
}

// scheduleError says what went wrong with the schedule called name, and what to
// do.
func scheduleError(name string, err error) error {
	switch {
	case errors.Is(err, batch.ErrUnknownSchedule):
		return fmt.Errorf("no schedule %q on this Temporal server: `starter schedule list` shows those there are", name)
	case errors.Is(err, batch.ErrBadSchedule):
		return usageError{err}
	case errors.Is(err, batch.ErrScheduleExists):
		return fmt.Errorf("%w: choose another name, or `starter schedule delete %s` first", err, name)
	case errors.Is(err, batch.ErrRunInProgress):
		return fmt.Errorf("schedule %s: %w, and another would be skipped: wait for its end (`starter schedule show %[1]s`), "+
			"or add --overlap buffer-one", name, batch.ErrRunInProgress)
	}
	return err
}
