package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/worker/process"
)

type metricsOptions struct {
	since, batch, format string
}

func (a *app) metricsCmd() *cobra.Command {
	var o metricsOptions
	cmd := &cobra.Command{
		Use:   "metrics [--since TIME | --batch ID]",
		Short: "Show throughput, durations, errors and workers over time",
		Long: fmt.Sprintf(`Show what workers have kept in Redis of how things went: batches and documents by priority, stages with
their durations, errors by cause with those that a retry cured, and what each worker uses of its machine.
With --batch, one batch: throughput, stages, errors, the slowest documents, what the cache spared.

Failed documents include rows that were refused at submission, which are shown by themselves too. A stage's
runs are all of its attempts on any document, those that failed included; its durations are of them all.

Percentiles are off by %.1f %% at most. What is kept expires after metrics.ttl_days, and what workers could
not write is missing (their column dropped): the store, which `+"`starter status`"+` reads, is what counts.`, 100*metrics.PercentileError),
		Example: `  starter metrics                                     # the last 24 hours
  starter metrics --since 5m
  starter metrics --since 7d -o json | jq '.stages[] | {stage, p95: .duration.p95_ns}'
  starter metrics --batch acme-20261123-142501-9f3a`,
		Args: exactArgs(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if o.batch != "" && cmd.Flags().Changed("since") {
				return usagef("--batch and --since do not go together: leave one out")
			}
			return a.metrics(cmd.Context(), o, time.Now())
		},
	}
	cmd.Flags().StringVar(&o.since, "since", "24h", "what happened since then: 5m, 24h, 7d, or a date or time")
	cmd.Flags().StringVar(&o.batch, "batch", "", "one batch alone")
	outputFlag(cmd, &o.format)
	return cmd
}

func (a *app) metrics(ctx context.Context, o metricsOptions, now time.Time) error {
	since, err := parseSince(o.since, now)
	if err != nil {
		return usageError{err}
	}
	r, err := a.openRedis()
	if err != nil {
		return err
	}
	defer r.Close()
	c := metrics.NewCollector(r, process.MetricsOptions(a.cfg, a.log))
	if o.batch != "" {
		return a.batchMetrics(ctx, c, r, o)
	}
	s, err := c.Summary(ctx, since, now)
	if err != nil {
		return unreachable(r, err)
	}
	if o.format == formatJSON {
		return a.json(s)
	}
	if s.Empty() {
		fmt.Fprintf(a.err, "Nothing has happened since %s, as far as metrics are kept: they expire after %d days.\n", clock(since), a.cfg.Metrics.TTLDays)
		return nil
	}
	writeSummary(a.out, s)
	return nil
}

func (a *app) batchMetrics(ctx context.Context, c *metrics.Collector, r *redis.Client, o metricsOptions) error {
	rep, err := c.PerformanceReport(ctx, o.batch)
	if errors.Is(err, metrics.ErrNoBatch) {
		return fmt.Errorf("no metrics of batch %q: it has not been started, its metrics have expired (after %d days), Redis has lost them, or there is no such batch; `starter list` shows those there are",
			o.batch, a.cfg.Metrics.TTLDays)
	}
	if err != nil {
		return unreachable(r, err)
	}
	out := batchReport{PerformanceReport: rep}
	if cache, err := a.batchCache(ctx, o.batch); err != nil {
		fmt.Fprintf(a.err, "What the cache spared is not known: %v\n", err)
	} else {
		out.Cache = &cache
	}
	if o.format == formatJSON {
		return a.json(out)
	}
	writePerformance(a.out, rep)
	if out.Cache != nil {
		writeCacheKinds(a.out, *out.Cache)
	}
	return nil
}

// batchReport is what `metrics --batch` writes: what the cache spared is what `status`
// shows.
type batchReport struct {
	metrics.PerformanceReport

	Cache *batch.CacheUse `json:"cache"`
}

// openRedis is the Redis server that metrics are kept on.
func (a *app) openRedis() (*redis.Client, error) {
	r, err := process.OpenRedis(a.cfg)
	if err == nil && r == nil {
		err = fmt.Errorf("no Redis, so no metrics: no stack runs on %s and redis.address is not set; "+
			"run `starter dev` in another terminal, or set CASELOAD_REDIS_ADDRESS", a.cfg.DataDir)
	}
	return r, err
}

// unreachable is err with what to do if Redis does not answer.
func unreachable(r *redis.Client, err error) error {
	if errors.Is(err, metrics.ErrUnreachable) {
		return fmt.Errorf("no answer from Redis at %s: start it, or set redis.address (CASELOAD_REDIS_ADDRESS): %w", r.Options().Addr, err)
	}
	return err
}
