package metrics

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// SampleEvery is how often workers tell what they use.
	SampleEvery = 15 * time.Second
	// aliveFor is how old a worker's latest sample may be.
	aliveFor = 3 * SampleEvery
)

// ResourceUsage is the workers that told what they use from start up to end, with
// what they told last, by name. Their series are by five minutes over up to three
// hours, else by hour: means of what was told.
func (c *Collector) ResourceUsage(ctx context.Context, start, end time.Time) ([]WorkerUsage, error) {
	if err := checkInterval(start, end); err != nil {
		return nil, err
	}
	finely, step := end.Sub(start) <= finelyUpTo, time.Hour
	if finely {
		step = fine
	}
	parts, err := c.read(ctx, ofWorkers, start, end, finely)
	if err != nil {
		return nil, err
	}
	by := map[string]map[time.Time]*usageSum{} // by worker
	for _, p := range parts {
		p.named(fieldSamples, func(w string, n int64) {
			if by[w] == nil {
				by[w] = map[time.Time]*usageSum{}
			}
			at := p.at.Truncate(step)
			if by[w][at] == nil {
				by[w][at] = &usageSum{}
			}
			s := by[w][at]
			s.n += n
			s.cpu += p.counts[fieldCPU+w]
			s.resident += p.counts[fieldResident+w]
			s.readers += p.counts[fieldReaders+w]
			s.used += p.counts[fieldUsed+w]
		})
	}
	return c.latest(ctx, by)
}

// usageSum adds up samples of a worker.
type usageSum struct{ n, cpu, resident, readers, used int64 }

func (s usageSum) point(at time.Time) UsagePoint {
	n := float64(s.n)
	return UsagePoint{
		At: at, CPU: float64(s.cpu) / n / 1000, Used: int(float64(s.used)/n + 0.5),
		Resident: int64(float64(s.resident) / n * 1024), Readers: int64(float64(s.readers) / n * 1024),
	}
}

// latest adds to each worker what it told last.
func (c *Collector) latest(ctx context.Context, by map[string]map[time.Time]*usageSum) ([]WorkerUsage, error) {
	names := slices.Sorted(maps.Keys(by))
	told := make([]*redis.StringCmd, len(names))
	out := []WorkerUsage{}
	if len(names) == 0 {
		return out, nil
	}
	var now *redis.TimeCmd
	_, err := c.redis.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, name := range names {
			told[i] = p.HGet(ctx, c.keys.worker(name), attrLatest)
		}
		now = p.Time(ctx)
		return nil
	})
	if err != nil && !errors.Is(err, redis.Nil) { // a worker has told nothing since its key expired
		return nil, c.failed(err)
	}
	for i, name := range names {
		w := WorkerUsage{Usage: Usage{Worker: name}, Series: []UsagePoint{}}
		if s := told[i].Val(); s != "" {
			ms, rest, _ := strings.Cut(s, bar)
			if w.Usage, err = parseSample(rest); err != nil {
				return nil, err
			}
			var at int64
			if _, err := fmt.Sscan(ms, &at); err != nil {
				return nil, fmt.Errorf("sample of worker %s: damaged", name)
			}
			w.At = time.UnixMilli(at).UTC()
			w.Alive = now.Val().Sub(w.At) <= aliveFor
		}
		for at, s := range by[name] {
			w.Series = append(w.Series, s.point(at))
		}
		slices.SortFunc(w.Series, func(a, b UsagePoint) int { return a.At.Compare(b.At) })
		out = append(out, w)
	}
	slices.SortStableFunc(out, func(a, b WorkerUsage) int { return -cmp.Compare(b2i(a.Alive), b2i(b.Alive)) })
	return out, nil
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
