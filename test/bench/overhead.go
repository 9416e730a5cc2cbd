package main

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
)

const (
	overheadRows   = 300
	overheadTurns  = 6
	overheadSeed   = 4
	overheadTarget = 0.03
)

// The sides of the scenario overhead.
const (
	sideBare      = "without Redis"
	sideMetrics   = "metrics"
	sideMetricsTo = "metrics and cache"
)

// overheadTurn is one batch on one side.
type overheadTurn struct {
	rate          float64 // documents per second
	worker, redis float64 // processor time, milliseconds per document
}

// cost is the processor time of what the sides differ in.
func (t overheadTurn) cost() float64 { return t.worker + t.redis }

// overhead reads the same documents with metrics and cache off and on.
func overhead(ctx context.Context, r *rig) (result, error) {
	files, err := r.generated(ctx, overheadSeed, r.size(overheadRows, 20))
	if err != nil {
		return result{}, err
	}
	warm, err := r.generated(ctx, realWarmSeed, r.size(realWarmUp, 10))
	if err != nil {
		return result{}, err
	}
	sides := []string{sideBare, sideMetrics, sideMetricsTo}
	turns := map[string][]overheadTurn{}
	err = r.withRedis(ctx, func(ctx context.Context, server *child, c *redis.Client) error {
		for n := range r.times(overheadTurns) {
			for i := range sides {
				side := sides[(i+n)%len(sides)] // each is first, second and last equally often
				t, err := r.overheadTurn(ctx, side, server, c, files, warm)
				if err != nil {
					return err
				}
				turns[side] = append(turns[side], t)
				r.say("turn %d, %s: %s documents/s, %s ms of the worker's and Redis's processor time a document", n+1, side, number(t.rate), number(t.cost()))
			}
		}
		return nil
	})
	if err != nil {
		return result{}, err
	}
	return overheadResult(turns, sides, len(files)), nil
}

func overheadResult(turns map[string][]overheadTurn, sides []string, rows int) result {
	cost := func(t overheadTurn) float64 { return t.cost() }
	rate := func(t overheadTurn) float64 { return t.rate }
	more := func(side string) spread {
		s := spreadOf(ratios(each(turns[side], cost), each(turns[sideBare], cost)))
		return spread{median: s.median - 1, low: s.low - 1, high: s.high - 1, n: s.n}
	}
	res := newResult(more(sideMetrics).median, "more processor time", atMost, overheadTarget)
	res.about = fmt.Sprintf(`processor time of the worker and of Redis for a batch of %d real documents, each new to its project: without Redis, with
metrics, and with metrics and cache (which is empty at first). The value is what metrics add to it, turn by turn: documents a
second say the same, but with the noise of the machine. The worker program with its defaults, a Redis server.`, rows)
	res.table.header = []any{"side", "documents/s", "worker CPU ms/document", "Redis CPU ms/document", "more CPU"}
	for _, side := range sides {
		worker := spreadOf(each(turns[side], func(t overheadTurn) float64 { return t.worker }))
		inRedis := spreadOf(each(turns[side], func(t overheadTurn) float64 { return t.redis }))
		rates, m := spreadOf(each(turns[side], rate)), more(side)
		res.table.add(side, rates, worker, inRedis, fmt.Sprintf("%.1f %% (%.1f-%.1f)", 100*m.median, 100*m.low, 100*m.high))
		res.Sides[side] = map[string]any{"documents_per_second": rates, "worker_cpu_ms": worker, "redis_cpu_ms": inRedis, "more": m}
	}
	for _, side := range sides[1:] {
		res.notes = append(res.notes, fmt.Sprintf("%s, documents/s against %s, turn by turn: %s", side, sideBare,
			spreadOf(ratios(each(turns[side], rate), each(turns[sideBare], rate)))))
	}
	return res
}

// overheadTurn runs a batch on a fresh store, worker and, if it has one, database
// of Redis.
func (r *rig) overheadTurn(ctx context.Context, side string, server *child, c *redis.Client, files, warm []string) (t overheadTurn, err error) {
	if err := c.FlushAll(ctx).Err(); err != nil {
		return t, err
	}
	var env []string
	if side != sideBare {
		env = append(env, "CASELOAD_REDIS_ADDRESS="+c.Options().Addr, fmt.Sprintf("CASELOAD_CACHE_ENABLED=%t", side == sideMetricsTo))
	}
	r.ids++
	err = r.withSite(ctx, fmt.Sprintf("site-%d", r.ids), func(s *site) error {
		warmUp, err := s.register(ctx, spec{name: "warm-up", priority: batch.PriorityNormal, rows: rowsOf(warm)})
		if err != nil {
			return err
		}
		in, err := s.register(ctx, spec{name: "overhead", priority: batch.PriorityNormal, rows: rowsOf(files)})
		if err != nil {
			return err
		}
		w, err := s.realWorker(env...)
		if err != nil {
			return err
		}
		return w.during(ctx, func(ctx context.Context) error {
			if _, err := s.complete(ctx, warmUp); err != nil {
				return err
			}
			work, inRedis := w.cpuSeconds(), server.cpuSeconds()
			d, err := s.complete(ctx, in)
			perDocument := 1000 / float64(in.Rows)
			t.rate = d.rate()
			t.worker, t.redis = (w.cpuSeconds()-work)*perDocument, (server.cpuSeconds()-inRedis)*perDocument
			return err
		})
	})
	return t, err
}
