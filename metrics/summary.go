package metrics

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// Summary is what happened over an interval.
type Summary struct {
	Batches BatchMetrics   `json:"batches"`
	Stages  []StageMetrics `json:"stages"`
	Errors  ErrorSummary   `json:"errors"`
	Workers []WorkerUsage  `json:"workers"`
	Cache   []CacheCount   `json:"cache"`
}

// Summary sums up the time from start up to end, all of it.
func (c *Collector) Summary(ctx context.Context, start, end time.Time) (s Summary, err error) {
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { s.Stages, err = c.StageMetrics(ctx, start, end); return err })
	g.Go(func() (err error) { s.Batches, err = c.BatchMetrics(ctx, start, end); return err })
	g.Go(func() (err error) { s.Errors, err = c.ErrorSummary(ctx, start, end); return err })
	g.Go(func() (err error) { s.Workers, err = c.ResourceUsage(ctx, start, end); return err })
	g.Go(func() (err error) { s.Cache, err = c.CacheUse(ctx, start, end); return err })
	return s, g.Wait()
}

// Empty says whether nothing happened.
func (s Summary) Empty() bool {
	b := s.Batches.Total
	return b.Started+b.Ended == 0 && b.Documents.Total == 0 && len(s.Stages)+len(s.Workers)+len(s.Cache) == 0 && s.Errors.Total == 0
}
