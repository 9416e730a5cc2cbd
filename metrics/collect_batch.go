package metrics

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
)

// maxPoints bounds a report's throughput.
const maxPoints = 120

// steps are the intervals of a report's throughput.
var steps = []time.Duration{
	slot, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 24 * time.Hour,
}

// PerformanceReport is how a batch did, or does. Its error is ErrNoBatch if
// nothing is kept of it.
func (c *Collector) PerformanceReport(ctx context.Context, id string) (PerformanceReport, error) {
	r := PerformanceReport{Batch: id}
	var hash, slots *redis.MapStringStringCmd
	var slowest *redis.ZSliceCmd
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		hash, slots = p.HGetAll(ctx, c.keys.batch(id)), p.HGetAll(ctx, c.keys.slots(id))
		slowest = p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: c.keys.slowest(id), Start: 0, Stop: -1, Rev: true})
		return nil
	})
	if err != nil {
		return r, c.failed(err)
	}
	t := newTally()
	if err := t.read(hash.Val()); err != nil {
		return r, err
	}
	if len(hash.Val()) == 0 {
		return r, fmt.Errorf("%w %q", ErrNoBatch, id)
	}
	if err := r.throughput(slots.Val()); err != nil {
		return r, err
	}
	if err := r.about(t); err != nil {
		return r, err
	}
	for p := batch.MinPriority; p <= batch.MaxPriority; p++ {
		r.Refused += t.counts[fieldRefused+strconv.Itoa(int(p))]
	}
	documents := &dist{}
	for name, d := range t.hists {
		if strings.HasPrefix(name, histDocument) {
			documents.merge(d)
		}
	}
	r.Document, r.Stages, r.Errors, r.Cache = documents.distribution(), stagesOf(t), errorsOf(t), cacheOf(t)
	r.Slowest = []SlowDocument{}
	for _, z := range slowest.Val() {
		name, _ := z.Member.(string)
		row, err := strconv.Atoi(name)
		if err != nil {
			return r, fmt.Errorf("slowest rows of batch %s: damaged", id)
		}
		r.Slowest = append(r.Slowest, SlowDocument{Row: row, Duration: micros(int64(z.Score))})
	}
	return r, nil
}

// about takes what a batch's hash says of it. Of one whose start was lost with
// Redis, the first document that is known began it.
func (r *PerformanceReport) about(t *tally) error {
	damaged := fmt.Errorf("metrics of batch %s: damaged", r.Batch)
	if len(r.Throughput) > 0 {
		r.Start = r.Throughput[0].At
	}
	if s := t.attrs[attrStart]; s != "" {
		start, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return damaged
		}
		r.Start = time.UnixMilli(start).UTC()
	}
	r.Project = t.attrs[attrProject]
	if s := t.attrs[attrPriority]; s != "" {
		level, err := strconv.Atoi(s)
		if err != nil {
			return damaged
		}
		r.Priority = batch.Priority(level)
	}
	if s := t.attrs[attrEnd]; s != "" {
		end, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return damaged
		}
		at := time.UnixMilli(end).UTC()
		r.End = &at
		f := &reader{rest: t.attrs[attrCounts]}
		r.Counts = batch.Counts{Total: int(f.num()), Completed: int(f.num()), Skipped: int(f.num()), Failed: int(f.num()), Cancelled: int(f.num())}
		return nil
	}
	for p := batch.MinPriority; p <= batch.MaxPriority; p++ {
		r.Counts = plus(r.Counts, outcomes(t, strconv.Itoa(int(p))))
	}
	if total, err := strconv.Atoi(t.attrs[attrTotal]); err == nil {
		r.Counts.Total = total
		r.Counts.Pending = max(0, total-r.Counts.Done())
	}
	return nil
}

// throughput takes the documents that ended, by slot, in steps from the first
// that had one to the last.
func (r *PerformanceReport) throughput(slots map[string]string) error {
	by := map[int64]int64{}
	var first, last int64
	for at, n := range slots {
		s, err := strconv.ParseInt(at, 10, 64)
		if err != nil {
			return fmt.Errorf("throughput of batch %s: damaged", r.Batch)
		}
		if by[s], err = strconv.ParseInt(n, 10, 64); err != nil {
			return fmt.Errorf("throughput of batch %s: damaged", r.Batch)
		}
		if first == 0 || s < first {
			first = s
		}
		last = max(last, s)
	}
	r.Throughput, r.Step = []Point{}, slot
	if len(by) == 0 {
		return nil
	}
	from, to := time.Unix(first, 0).UTC(), time.Unix(last, 0).UTC()
	for _, r.Step = range steps {
		if to.Sub(from.Truncate(r.Step)) < maxPoints*r.Step {
			break
		}
	}
	from = from.Truncate(r.Step)
	for at := from; !at.After(to); at = at.Add(r.Step) {
		r.Throughput = append(r.Throughput, Point{At: at})
	}
	for s, n := range by {
		r.Throughput[int(time.Unix(s, 0).Sub(from)/r.Step)].Count += n
	}
	return nil
}
