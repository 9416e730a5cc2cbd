package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/cachewarm"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

type cacheWarmOptions struct {
	project, timeZone, format string
	cron                      []string
	stop                      bool
}

func (a *app) cacheWarmCmd() *cobra.Command {
	var o cacheWarmOptions
	cmd := &cobra.Command{
		Use:   "warm PROJECT",
		Short: "Load a project's entities and documents into the cache, now or at set times",
		Long: `Load a project's entities and documents into the cache: now, or with --cron at set times, before the batches that need
them. A worker then does it, and what does not fit is chosen by what documents looked up last, where cache.predictive
is set for the workers. A project has one schedule: --cron again replaces its times, and --stop ends it.`,
		Example: `  starter cache warm acme
  starter cache warm acme --cron "30 1 * * *" --time-zone Europe/Berlin
  starter cache warm acme --stop`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.project = args[0]
			switch {
			case o.stop && len(o.cron) > 0:
				return usagef("--stop and --cron: give one of them")
			case o.timeZone != "" && len(o.cron) == 0:
				return usagef("--time-zone is of --cron: add that")
			case o.stop:
				return a.stopWarming(cmd.Context(), o.project)
			case len(o.cron) > 0:
				return a.scheduleWarming(cmd.Context(), o)
			}
			return a.cacheWarm(cmd.Context(), o.project, o.format)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.cron, "cron", nil, `when: 5 to 7 cron fields, @daily, "@every 12h" …; more than one add up`)
	f.StringVar(&o.timeZone, "time-zone", "", "IANA time zone of the cron fields, such as Europe/Berlin (default: UTC)")
	f.BoolVar(&o.stop, "stop", false, "warm the project's cache at set times no more")
	outputFlag(cmd, &o.format)
	return cmd
}

func (a *app) cacheWarm(ctx context.Context, project, format string) error {
	var w batch.Warming
	err := a.onProject(ctx, "cache warm", project, func(c *cachewarm.Cache, st *store.Store, of cachewarm.Scope) (err error) {
		if w, err = c.Warm(ctx, st, of, document.PipelineVersion); err != nil {
			return fmt.Errorf("warm the cache: %w", err)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if format == formatJSON {
		return a.json(w)
	}
	writeWarming(a.out, &w)
	return nil
}

func (a *app) scheduleWarming(ctx context.Context, o cacheWarmOptions) error {
	st, err := a.readStore(ctx)
	if err != nil {
		return err
	}
	_, err = st.Project(ctx, o.project)
	if err := errors.Join(projectError(o.project, err), st.Close()); err != nil {
		return err
	}
	return a.withAudited(ctx, "cache warm schedule", map[string]string{"project": o.project, "cron": strings.Join(o.cron, ", ")}, func(ctx context.Context, s *server) error {
		created, err := s.SetWarmSchedule(ctx, batch.WarmSchedule{
			WarmingInput: batch.WarmingInput{Project: o.project}, Cron: o.cron, TimeZone: o.timeZone,
		})
		if errors.Is(err, batch.ErrBadSchedule) {
			return usageError{err}
		}
		if err != nil {
			return err
		}
		verb := "is warmed"
		if !created {
			verb = "is warmed from now on"
		}
		fmt.Fprintf(a.err, "The cache of project %s %s at: %s.\n", o.project, verb, strings.Join(o.cron, ", "))
		if !a.cfg.Cache.Predictive {
			fmt.Fprintln(a.err, "cache.predictive is off here: unless the workers have it on, no history of access says what is needed next, and what is named most often is loaded.")
		}
		return nil
	})
}

func (a *app) stopWarming(ctx context.Context, project string) error {
	return a.withAudited(ctx, "cache warm stop", map[string]string{"project": project}, func(ctx context.Context, s *server) error {
		was, err := s.DeleteWarmSchedule(ctx, project)
		if err != nil {
			return err
		}
		if !was {
			return fmt.Errorf("the cache of project %s is not warmed at set times: `starter cache schedules` shows those that are", project)
		}
		fmt.Fprintf(a.err, "The cache of project %s is warmed at set times no more.\n", project)
		return nil
	})
}

func (a *app) cacheSchedulesCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "schedules",
		Short: "List the projects whose cache is warmed at set times",
		Example: `  starter cache schedules
  starter cache schedules -o json`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.withServer(cmd.Context(), func(ctx context.Context, s *server) error {
				list, err := s.ListWarmSchedules(ctx)
				if err != nil {
					return err
				}
				if format == formatJSON {
					return a.json(list)
				}
				t := newTable(a.out, "project", "when", zoned("next"), zoned("latest"))
				for _, w := range list {
					next, latest := "none", "none"
					if len(w.Next) > 0 {
						next = clock(w.Next[0])
					}
					if !w.Latest.IsZero() {
						latest = clock(w.Latest)
					}
					zone := ""
					if w.TimeZone != "" {
						zone = " " + w.TimeZone
					}
					t.AppendRow(tableRow{w.Project, strings.Join(w.Cron, ", ") + zone, next, latest})
				}
				t.Render()
				return nil
			})
		},
	}
	outputFlag(cmd, &format)
	return cmd
}

// warmedBy sums up batches by whether the history of access had a part in warming
// their cache.
type warmedBy struct {
	Predicted bool          `json:"predicted"`
	Batches   int           `json:"batches"`
	HitRate   float64       `json:"hit_rate"`
	Queries   int64         `json:"queries_saved"` // per batch, mean
	Saved     time.Duration `json:"saved_ns"`      // likewise
	// PerRead is the time saved by one entry that was asked for, mean: batches differ
	// in size.
	PerRead time.Duration `json:"saved_per_read_ns"`
	// Took is how long a batch's own warming took, which its documents may wait for,
	// mean.
	Took time.Duration `json:"warming_ns"`
}

// compareWarmed sums up the batches without predictive warming and those with it, in
// that order; the ones of which there are none are left out.
func compareWarmed(batches []batch.CacheUse) []warmedBy {
	out := []warmedBy{}
	for _, predicted := range []bool{false, true} {
		g := warmedBy{Predicted: predicted}
		var hits, all int64
		for _, u := range batches {
			if u.Warming.Predictive() != predicted || u.Hits+u.Misses == 0 {
				continue
			}
			g.Batches++
			hits, all = hits+u.Hits, all+u.Hits+u.Misses
			g.Queries, g.Saved = g.Queries+u.Queries, g.Saved+u.Saved
			if u.Warming != nil {
				g.Took += u.Warming.Duration
			}
		}
		if n := int64(g.Batches); n > 0 {
			g.HitRate, g.PerRead = float64(hits)/float64(all), g.Saved/time.Duration(all)
			g.Queries, g.Saved, g.Took = g.Queries/n, g.Saved/time.Duration(n), g.Took/time.Duration(n)
			out = append(out, g)
		}
	}
	return out
}

// writeWarmed writes the comparison, if predictive warming had a part in any batch.
func writeWarmed(w io.Writer, groups []warmedBy) {
	if len(groups) == 0 || !groups[len(groups)-1].Predicted {
		return
	}
	for _, g := range groups {
		how := "without"
		if g.Predicted {
			how = "with"
		}
		fmt.Fprintf(w, "batches %s predictive warming: %d; %s hit; spared a batch: %d queries and %s, %s a read; warmed in %s\n",
			how, g.Batches, hitRate(g.HitRate), g.Queries, short(g.Saved), g.PerRead, short(g.Took))
	}
	if len(groups) == 1 {
		fmt.Fprintln(w, "no batch without predictive warming to compare with")
	}
}
