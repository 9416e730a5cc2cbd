package metrics_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/test/redistest"
)

// noon is a time that no clock moves.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// servers are the two that the scripts must run on.
func servers(t *testing.T, test func(t *testing.T, r *redis.Client)) {
	t.Run("real", func(t *testing.T) {
		t.Parallel()
		test(t, redistest.Start(t).Client(t))
	})
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		r := redis.NewClient(&redis.Options{Addr: miniredis.RunT(t).Addr(), MaxRetries: -1})
		t.Cleanup(func() { _ = r.Close() })
		test(t, r)
	})
}

// emit has an Emitter of its own write events, and waits until it has.
func emit(t *testing.T, r *redis.Client, events ...metrics.Event) {
	t.Helper()
	e := metrics.NewEmitter(r, metrics.Options{Log: slog.New(slog.DiscardHandler)})
	for _, ev := range events {
		e.Emit(ev)
	}
	e.Close()
	require.Zero(t, e.Dropped())
}

func collector(r *redis.Client) *metrics.Collector { return metrics.NewCollector(r, metrics.Options{}) }

func document(id string, row int, at time.Time, o batch.Outcome, took time.Duration) metrics.Event {
	return metrics.Event{Kind: metrics.DocumentDone, At: at, Batch: id, Row: row, Priority: batch.PriorityNormal, Outcome: o, Duration: took}
}

func stage(id string, row int, at time.Time, s batch.Stage, o batch.Outcome, took time.Duration) metrics.Event {
	return metrics.Event{Kind: metrics.StageDone, At: at, ID: "f1", Batch: id, Row: row, Stage: s, Outcome: o, Duration: took}
}

func failure(id string, row int, at time.Time, c batch.Category, fingerprint string) metrics.Event {
	return metrics.Event{
		Kind: metrics.ErrorSeen, At: at, ID: "f1", Batch: id, Row: row,
		Category: c, Type: "CorruptPDF", Stage: batch.StageExtract, Fingerprint: fingerprint,
	}
}

func usage(worker string, at time.Time, cpu float64) metrics.Event {
	return metrics.Event{Kind: metrics.Resources, At: at, Usage: &metrics.Usage{
		Worker: worker, CPU: cpu, Resident: 100 << 20, Readers: 300 << 20, Goroutines: 40, Cores: 2, Dropped: 7,
		Slots: map[string]metrics.Slots{"caseload.high": {Used: 1, Total: 5}, "caseload.low": {Used: 2, Total: 3}},
	}}
}

// aBatch is all events of a batch of ten documents.
func aBatch(id string, at time.Time) []metrics.Event {
	events := []metrics.Event{{
		Kind: metrics.BatchStarted, ID: "1", At: at, Batch: id, Project: "acme", Priority: batch.PriorityNormal, Counts: batch.Counts{Total: 10},
	}}
	for row := 1; row <= 10; row++ {
		done := at.Add(time.Duration(row) * time.Second)
		outcome := batch.OutcomeCompleted
		if row > 8 {
			outcome = batch.OutcomeFailed
			events = append(events, failure(id, row, done, batch.Data, "0123456789ab"))
		}
		events = append(events,
			stage(id, row, done, batch.StageFetch, batch.OutcomeCompleted, 5*time.Millisecond),
			stage(id, row, done, batch.StageExtract, outcome, time.Duration(row)*100*time.Millisecond),
			document(id, row, done, outcome, time.Duration(row)*time.Second))
	}
	return append(events, metrics.Event{
		Kind: metrics.CacheUsed, ID: "1", At: at.Add(5 * time.Second), Batch: id,
		Cache: &metrics.CacheCount{Kind: "entities", Hits: 90, Misses: 10, Queries: 9, Times: cacheTimes},
	}, metrics.Event{
		Kind: metrics.BatchCompleted, ID: "1", At: at.Add(20 * time.Second), Batch: id, Project: "acme", Priority: batch.PriorityNormal,
		Status: batch.StatusCompletedWithFailures, Counts: batch.Counts{Total: 10, Completed: 8, Failed: 2}, Duration: 20 * time.Second,
	})
}

// everyKey lists the keys of the server.
func everyKey(t *testing.T, r *redis.Client) []string {
	t.Helper()
	keys, err := r.Keys(context.Background(), "*").Result()
	require.NoError(t, err)
	return keys
}

// dump is all that the server holds of metrics: sorted sets and hashes.
func dump(t *testing.T, r *redis.Client) map[string]string {
	t.Helper()
	ctx, all := t.Context(), map[string]string{}
	for _, key := range everyKey(t, r) {
		kind, err := r.Type(ctx, key).Result()
		require.NoError(t, err)
		switch kind {
		case "zset":
			z, err := r.ZRangeWithScores(ctx, key, 0, -1).Result()
			require.NoError(t, err)
			all[key] = fmt.Sprint(z)
		case "hash":
			h, err := r.HGetAll(ctx, key).Result()
			require.NoError(t, err)
			all[key] = fmt.Sprint(h)
		default:
			all[key] = kind
		}
	}
	return all
}

// logged is a log that a test reads.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// cacheTimes are of nine reads that hit, and two that read the store for 6 ms each.
var cacheTimes = metrics.CacheTimes{Hits: 9, HitTime: 9 * time.Millisecond, Stores: 2, StoreTime: 12 * time.Millisecond}
