package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

const (
	metricsEvents  = 1_000_000
	metricsAsked   = 20    // summaries
	metricsTarget  = 50    // ms
	metricsWorkers = 4     // that sample what they use
	metricsBatch   = 1_000 // documents
	metricsWaiting = 8_000 // events, at most, so that none is dropped
)

// metricsRun is what events of a day come to.
type metricsRun struct {
	events    int
	rate      float64 // events per second
	bytes     float64 // per event
	server    float64 // processor time of Redis, microseconds per event
	summaries map[string][]float64
}

// metricsScenario writes a day's events to a Redis server of its own, and sums
// them up.
func metricsScenario(ctx context.Context, r *rig) (result, error) {
	var run metricsRun
	err := r.withRedis(ctx, func(ctx context.Context, server *child, c *redis.Client) (err error) {
		run, err = r.measureMetrics(ctx, server, c)
		return err
	})
	if err != nil {
		return result{}, err
	}
	day := spreadOf(run.summaries["24h"])
	res := newResult(day.median, "ms", atMost, metricsTarget)
	res.about = fmt.Sprintf(`%d events over 24 hours, as %d workers emit them for batches of %d documents: 7 stages a document and its end, 2 %% of
them failed, starts and ends of batches, samples of the workers. A real redis-server, over loopback.
The value is the median of %d calls of what `+"`starter metrics --since 24h`"+` reads: batches, stages, errors, workers, cache.`,
		run.events, metricsWorkers, metricsBatch, metricsAsked)
	res.table.header = []any{"what", "figure"}
	res.table.add("events taken per second", number(run.rate))
	res.table.add("Redis CPU µs/event", number(run.server))
	res.table.add("bytes/event in Redis", number(run.bytes))
	for _, name := range []string{"24h", "24h, its end not now", "5m", "one batch"} {
		res.table.add(name+", ms", spreadOf(run.summaries[name]))
	}
	res.Sides["metrics"] = map[string]any{
		"events": run.events, "events_per_second": rounded(run.rate), "redis_cpu_us_per_event": rounded(run.server), "bytes_per_event": rounded(run.bytes),
		"day_ms": day, "shifted_day_ms": spreadOf(run.summaries["24h, its end not now"]), "minutes_ms": spreadOf(run.summaries["5m"]), "batch_ms": spreadOf(run.summaries["one batch"]),
	}
	return res, nil
}

// day makes events from start on, about n of them, and hands each to emit in the
// order of their times. It answers how many documents there were.
func day(start time.Time, n int, emit func(metrics.Event)) (documents int) {
	random := rand.New(rand.NewPCG(1, 1))
	const perDocument = 8.02
	samples := int(24 * time.Hour / metrics.SampleEvery)
	documents = max(10, int((float64(n)-float64(samples*metricsWorkers))/perDocument))
	step, sampled := 24*time.Hour/time.Duration(documents), -1
	var stages []batch.Stage
	for _, s := range batch.Stages() {
		if s != batch.StageOCR {
			stages = append(stages, s)
		}
	}
	for i := range documents {
		at := start.Add(time.Duration(i) * step)
		for s := int(at.Sub(start) / metrics.SampleEvery); sampled < s; {
			sampled++
			for w := range metricsWorkers {
				emit(metrics.Event{Kind: metrics.Resources, At: start.Add(time.Duration(sampled) * metrics.SampleEvery), Usage: &metrics.Usage{
					Worker: fmt.Sprintf("%d@worker-%d", 1000+w, w), CPU: 2 * random.Float64(), Resident: int64(200<<20 + random.IntN(100<<20)), Goroutines: 80 + random.IntN(40), Cores: 2,
					Slots: map[string]metrics.Slots{"caseload.high": {Used: random.IntN(6), Total: 5}, "caseload.low": {Used: random.IntN(4), Total: 3}},
				}})
			}
		}
		id := batchOf(i)
		priority := []batch.Priority{batch.PriorityHigh, batch.PriorityNormal, batch.PriorityLow}[i/metricsBatch%3]
		e := metrics.Event{At: at, Batch: id, Project: "acme", Priority: priority, Row: i%metricsBatch + 1}
		if i%metricsBatch == 0 {
			begin := e
			begin.Kind, begin.ID, begin.Counts = metrics.BatchStarted, "1", batch.Counts{Total: metricsBatch}
			emit(begin)
		}
		var took time.Duration
		fails := random.IntN(50) == 0
		for j, stage := range stages {
			s := e
			s.Kind, s.ID, s.Stage, s.Outcome = metrics.StageDone, fmt.Sprintf("fetch1.%d", j), stage, batch.OutcomeCompleted
			s.Duration = time.Duration(random.ExpFloat64() * float64(time.Duration(1+j*j)*3*time.Millisecond))
			took += s.Duration
			if fails && j == 1 {
				s.Outcome = batch.OutcomeFailed
			}
			emit(s)
			if fails && j == 1 {
				break
			}
		}
		e.Kind, e.Outcome, e.Duration = metrics.DocumentDone, batch.OutcomeCompleted, took+time.Duration(random.IntN(2000))*time.Millisecond
		if fails {
			f := e
			f.Kind, f.ID, f.Category, f.Type, f.Stage = metrics.ErrorSeen, "fetch1", batch.Data, "CorruptPDF", batch.StageExtract
			f.Fingerprint = fmt.Sprintf("%012x", random.IntN(60))
			emit(f)
			e.Outcome = batch.OutcomeFailed
		}
		emit(e)
		if i%metricsBatch == metricsBatch-1 {
			end := e
			end.Kind, end.ID, end.Status, end.Duration = metrics.BatchCompleted, "1", batch.StatusCompletedWithFailures, metricsBatch*step
			end.Counts = batch.Counts{Total: metricsBatch, Completed: metricsBatch - 20, Failed: 20}
			emit(end)
		}
	}
	return documents
}

func batchOf(document int) string {
	return fmt.Sprintf("acme-20261123-%06d-9f3a", document/metricsBatch)
}

// measureMetrics writes a day's events that ends now, and times summaries of it.
func (r *rig) measureMetrics(ctx context.Context, server *child, c *redis.Client) (run metricsRun, err error) {
	before, err := usedMemory(ctx, c)
	if err != nil {
		return run, err
	}
	e := metrics.NewEmitter(c, metrics.Options{Log: slog.New(slog.DiscardHandler)})
	cpu, began := server.cpuSeconds(), time.Now()
	now := began
	documents := day(now.Add(-24*time.Hour+time.Second), r.size(metricsEvents, 50_000), func(ev metrics.Event) {
		for e.Waiting() >= metricsWaiting && ctx.Err() == nil {
			<-time.After(time.Millisecond)
		}
		e.Emit(ev)
		if run.events++; run.events%200_000 == 0 {
			r.say("%d events, %s per second", run.events, number(float64(run.events)/time.Since(began).Seconds()))
		}
	})
	e.Close()
	seconds := time.Since(began).Seconds()
	if n := e.Dropped(); n > 0 || ctx.Err() != nil {
		return run, fmt.Errorf("%d events were dropped: %w", n, errCounts)
	}
	after, err := usedMemory(ctx, c)
	if err != nil {
		return run, err
	}
	n := float64(run.events)
	run.rate, run.bytes, run.server = n/seconds, float64(after-before)/n, 1e6*(server.cpuSeconds()-cpu)/n
	run.summaries = map[string][]float64{}
	col := metrics.NewCollector(c, metrics.Options{})
	for range r.times(metricsAsked) {
		for name, ask := range map[string]func() error{
			"24h": func() error {
				got, err := col.Summary(ctx, now.Add(-24*time.Hour), now.Add(time.Second))
				if n := got.Batches.Total.Documents.Total; err == nil && n != documents {
					err = fmt.Errorf("%d documents were emitted, the summary has %d: %w", documents, n, errCounts)
				}
				return err
			},
			"24h, its end not now": func() error {
				_, err := col.Summary(ctx, now.Add(-24*time.Hour+time.Second), now.Add(-2*time.Minute))
				return err
			},
			"5m":        func() error { _, err := col.Summary(ctx, now.Add(-5*time.Minute), now); return err },
			"one batch": func() error { _, err := col.PerformanceReport(ctx, batchOf(documents/2)); return err },
		} {
			asked := time.Now()
			if err := ask(); err != nil {
				return run, err
			}
			run.summaries[name] = append(run.summaries[name], 1000*time.Since(asked).Seconds())
		}
	}
	return run, nil
}

// usedMemory is what Redis has taken for its data, in bytes.
func usedMemory(ctx context.Context, c *redis.Client) (int64, error) {
	info, err := c.Info(ctx, "memory").Result()
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(info) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "used_memory:"); ok {
			return strconv.ParseInt(v, 10, 64)
		}
	}
	return 0, errors.New("no used_memory in what Redis says of itself")
}
