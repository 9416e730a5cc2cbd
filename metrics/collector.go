package metrics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
)

// ErrNoBatch says that nothing is kept of a batch: there is none, it has not been
// started, or what was kept of it has expired.
var ErrNoBatch = errors.New("no metrics of the batch")

// ErrUnreachable says that Redis does not answer.
var ErrUnreachable = errors.New("no answer from Redis")

// Collector sums up what Emitters have written.
type Collector struct {
	redis *redis.Client
	o     Options
	keys  keys
}

// NewCollector reads from r, which stays the caller's to close. Of o it needs the
// prefixes.
func NewCollector(r *redis.Client, o Options) *Collector {
	o = o.WithDefaults()
	return &Collector{redis: r, o: o, keys: keys{o.Prefix}}
}

// failed is err as what reading Redis came to.
func (c *Collector) failed(err error) error {
	var reply redis.Error
	if errors.As(err, &reply) || errors.Is(err, context.Canceled) {
		return fmt.Errorf("read metrics: %w", err)
	}
	return fmt.Errorf("%w: %w", ErrUnreachable, err)
}

// checkInterval refuses an interval that ends before it begins.
func checkInterval(start, end time.Time) error {
	if !start.Before(end) {
		return fmt.Errorf("interval from %s to %s: it must end after it begins", start.Format(time.RFC3339), end.Format(time.RFC3339))
	}
	return nil
}

// BatchMetrics is what batches and their documents did from start up to end. What
// is later than now counts as now.
func (c *Collector) BatchMetrics(ctx context.Context, start, end time.Time) (BatchMetrics, error) {
	out := BatchMetrics{Start: start, End: end, ByPriority: []BatchGroup{}}
	if err := checkInterval(start, end); err != nil {
		return out, err
	}
	parts, err := c.read(ctx, ofBatches, start, end, false)
	if err != nil {
		return out, err
	}
	all, seconds := together(parts), end.Sub(start).Seconds()
	var documents, batches dist
	for p := batch.MaxPriority; p >= batch.MinPriority; p-- {
		g, d, b := group(all, p, seconds)
		if g.Started == 0 && g.Ended == 0 && g.Documents.Total == 0 {
			continue
		}
		out.ByPriority = append(out.ByPriority, g)
		out.Total.add(g)
		documents.merge(d)
		batches.merge(b)
	}
	out.Total.Document, out.Total.Duration = documents.distribution(), batches.distribution()
	out.Total.rate(seconds)
	out.Hours = hours(parts)
	return out, nil
}

// group is what t holds of the batches of priority p, with its histograms.
func group(t *tally, p batch.Priority, seconds float64) (g BatchGroup, documents, batches *dist) {
	level := strconv.Itoa(int(p))
	g = BatchGroup{
		Priority: &p, Started: t.counts[fieldStarted+level], Ended: t.counts[fieldEnded+level], Succeeded: t.counts[fieldSucceeded+level],
		Documents: outcomes(t, level), Refused: t.counts[fieldRefused+level],
	}
	documents, batches = t.hists[histDocument+level], t.hists[histBatch+level]
	g.Document, g.Duration = documents.distribution(), batches.distribution()
	g.rate(seconds)
	return g, documents, batches
}

// outcomes counts the documents that ended at a priority level.
func outcomes(t *tally, level string) batch.Counts {
	of := func(o batch.Outcome) int { return int(t.counts[fieldOutcome+level+":"+string(o)]) }
	c := batch.Counts{
		Completed: of(batch.OutcomeCompleted), Skipped: of(batch.OutcomeSkipped),
		Failed: of(batch.OutcomeFailed), Cancelled: of(batch.OutcomeCancelled),
	}
	c.Total = c.Done()
	return c
}

func (g *BatchGroup) add(o BatchGroup) {
	g.Started += o.Started
	g.Ended += o.Ended
	g.Succeeded += o.Succeeded
	g.Refused += o.Refused
	g.Documents = plus(g.Documents, o.Documents)
}

func plus(a, b batch.Counts) batch.Counts {
	return batch.Counts{
		Total: a.Total + b.Total, Completed: a.Completed + b.Completed, Skipped: a.Skipped + b.Skipped,
		Failed: a.Failed + b.Failed, Cancelled: a.Cancelled + b.Cancelled,
	}
}

func (g *BatchGroup) rate(seconds float64) {
	d := g.Documents
	if judged := d.Completed + d.Skipped + d.Failed; judged > 0 {
		g.SuccessRate = float64(d.Completed+d.Skipped) / float64(judged)
	}
	g.Throughput = float64(d.Done()-d.Cancelled) / seconds
}

// hours is the documents that ended, by hour.
func hours(parts []part) []Point {
	return series(parts, time.Hour, func(t *tally) []*dist {
		var all []*dist
		for name, d := range t.hists {
			if strings.HasPrefix(name, histDocument) {
				all = append(all, d)
			}
		}
		return all
	})
}

// finelyUpTo is the longest interval whose series are by five minutes.
const finelyUpTo = 3 * time.Hour

// StageMetrics is what each stage did from start up to end, in the order they run.
// Stages that did not run are left out.
func (c *Collector) StageMetrics(ctx context.Context, start, end time.Time) ([]StageMetrics, error) {
	if err := checkInterval(start, end); err != nil {
		return nil, err
	}
	finely, step := end.Sub(start) <= finelyUpTo, time.Hour
	if finely {
		step = fine
	}
	parts, err := c.read(ctx, ofStages, start, end, finely)
	if err != nil {
		return nil, err
	}
	stages := stagesOf(together(parts))
	for i, s := range stages {
		stages[i].Series = series(parts, step, func(t *tally) []*dist { return []*dist{t.hists[histStage+string(s.Stage)]} })
	}
	return stages, nil
}

func stagesOf(t *tally) []StageMetrics {
	stages := []StageMetrics{}
	for _, s := range batch.Stages() {
		d := t.hists[histStage+string(s)]
		if d.count() > 0 {
			stages = append(stages, StageMetrics{Stage: s, Runs: d.count(), Failed: t.counts[fieldFailed+string(s)], Duration: d.distribution(), Series: []Point{}})
		}
	}
	return stages
}

// ErrorSummary is the errors that were seen from start up to end.
func (c *Collector) ErrorSummary(ctx context.Context, start, end time.Time) (ErrorSummary, error) {
	if err := checkInterval(start, end); err != nil {
		return ErrorSummary{}, err
	}
	parts, err := c.read(ctx, ofErrors, start, end, false)
	if err != nil {
		return ErrorSummary{}, err
	}
	return errorsOf(together(parts)), nil
}

func errorsOf(t *tally) ErrorSummary {
	s := ErrorSummary{ByCategory: map[string]int64{}, ByStage: map[string]int64{}, Causes: []Cause{}}
	t.named(fieldCategory, func(c string, n int64) {
		s.ByCategory[c] = n
		s.Total += n
	})
	t.named(fieldErrorStage, func(stage string, n int64) { s.ByStage[stage] = n })
	t.named(fieldCause, func(fp string, n int64) {
		cause := Cause{Fingerprint: fp, Count: n}
		if l, ok := t.causes[fp]; ok {
			cause.Category, cause.Stage, cause.Type = batch.Category(l.category), batch.Stage(l.stage), l.typ
			cause.Last, cause.Batch = time.UnixMilli(l.ms).UTC(), l.batch
		}
		s.Causes = append(s.Causes, cause)
	})
	slices.SortFunc(s.Causes, func(a, b Cause) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	return s
}

// CacheUse is how the cache was used from start up to end, by kind of value.
func (c *Collector) CacheUse(ctx context.Context, start, end time.Time) ([]CacheCount, error) {
	if err := checkInterval(start, end); err != nil {
		return nil, err
	}
	parts, err := c.read(ctx, ofCache, start, end, false)
	if err != nil {
		return nil, err
	}
	return cacheOf(together(parts)), nil
}

func cacheOf(t *tally) []CacheCount {
	kinds := []CacheCount{}
	t.named(fieldHits, func(kind string, hits int64) {
		c := CacheCount{Kind: kind, Hits: hits, Misses: t.counts[fieldMisses+kind], Queries: t.counts[fieldQueries+kind]}
		c.Times = CacheTimes{
			Hits: t.counts[fieldHitReads+kind], HitTime: time.Duration(t.counts[fieldHitTime+kind]),
			Stores: t.counts[fieldStoreReads+kind], StoreTime: time.Duration(t.counts[fieldStoreTime+kind]),
		}
		c.Saved = c.Times.Saved()
		kinds = append(kinds, c)
	})
	slices.SortFunc(kinds, func(a, b CacheCount) int { return cmp.Compare(a.Kind, b.Kind) })
	return kinds
}

func sortPoints(p []Point) {
	slices.SortFunc(p, func(a, b Point) int { return a.At.Compare(b.At) })
}

func num10(n int64) string { return strconv.FormatInt(n, 10) }
