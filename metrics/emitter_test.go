package metrics_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/test/redistest"
)

func TestAnEventEmittedAgainAddsNothing(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		events := append(aBatch("acme-1", noon), usage("1@host", noon, 1.5))
		emit(t, r, events...)
		before := dump(t, r)
		require.NotEmpty(t, before)
		emit(t, r, append(events, events...)...)
		assert.Equal(t, before, dump(t, r))

		emit(t, r, document("acme-1", 11, noon, batch.OutcomeCompleted, time.Second))
		assert.NotEqual(t, before, dump(t, r), "another one does")
	})
}

func TestEveryKeyExpires(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		e := metrics.NewEmitter(r, metrics.Options{TTL: 3 * 24 * time.Hour})
		for _, ev := range append(aBatch("acme-1", noon), usage("1@host", noon, 1.5)) {
			e.Emit(ev)
		}
		e.Close()
		keys := everyKey(t, r)
		require.Greater(t, len(keys), 10)
		for _, key := range keys {
			ttl, err := r.PTTL(t.Context(), key).Result()
			require.NoError(t, err)
			assert.Greater(t, ttl, 71*time.Hour, key)
			assert.LessOrEqual(t, ttl, 72*time.Hour, key)
		}
	})
}

func TestKeysAreByTheHourUnderThePrefix(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	e := metrics.NewEmitter(r, metrics.Options{Prefix: "here:"})
	e.Emit(document("acme-1", 1, noon.Add(59*time.Minute), batch.OutcomeCompleted, time.Second))
	e.Emit(document("acme-1", 2, noon.Add(61*time.Minute), batch.OutcomeCompleted, time.Second))
	e.Close()
	for _, key := range everyKey(t, r) {
		assert.True(t, strings.HasPrefix(key, "here:"), key)
	}
	for _, key := range []string{"here:events:document_done:2026112312", "here:events:document_done:2026112313"} {
		z, err := r.ZRangeWithScores(t.Context(), key, 0, -1).Result()
		require.NoError(t, err)
		require.Len(t, z, 1, key)
		assert.InDelta(t, float64(noon.Add(time.Hour).UnixMilli()), z[0].Score, 61*1000, "the time in ms")
	}
}

func TestWithRedisGoneEventsAreDroppedAndCounted(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	r, log := server.Client(t), &logged{}
	server.Kill()
	e := metrics.NewEmitter(r, metrics.Options{Buffer: 100, Every: 10 * time.Millisecond, Timeout: time.Second, Log: log.logger()})
	const more = 50
	for row := range 100 + more {
		e.Emit(document("acme-1", row+1, noon, batch.OutcomeCompleted, time.Second))
	}
	assert.EqualValues(t, more, e.Dropped(), "beyond those that wait")
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		assert.Contains(c, log.String(), "Redis takes no metrics")
		assert.Contains(c, log.String(), "metrics are being dropped")
	}, 10*time.Second, 10*time.Millisecond)

	server.Restart(t)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		assert.Contains(c, log.String(), `msg="metrics resume" dropped=50`)
	}, 10*time.Second, 10*time.Millisecond)
	m, err := collector(r).BatchMetrics(t.Context(), noon, noon.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, 100, m.Total.Documents.Completed, "those that waited are there")
	e.Close()
	assert.Equal(t, 1, strings.Count(log.String(), "Redis takes no metrics"), "said once")
	assert.Equal(t, 1, strings.Count(log.String(), "metrics are being dropped"), "said once")
}

func TestCloseDropsWhatRedisDoesNotTake(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	r, log := server.Client(t), &logged{}
	server.Kill()
	e := metrics.NewEmitter(r, metrics.Options{Every: time.Hour, Timeout: time.Second, Log: log.logger()})
	for row := range 3 {
		e.Emit(document("acme-1", row+1, noon, batch.OutcomeCompleted, time.Second))
	}
	e.Close()
	e.Emit(document("acme-1", 4, noon, batch.OutcomeCompleted, time.Second))
	assert.EqualValues(t, 4, e.Dropped())
	assert.Contains(t, log.String(), "events=3")
	e.Close() // again does nothing
}

func TestEventsThatRedisRefusesDoNotHoldUpOthers(t *testing.T) {
	t.Parallel()
	r, log := redistest.Start(t).Client(t), &logged{}
	require.NoError(t, r.Set(t.Context(), "metrics:events:document_done:2026112312", "no sorted set", 0).Err())
	e := metrics.NewEmitter(r, metrics.Options{Every: 10 * time.Millisecond, Log: log.logger()})
	e.Emit(document("acme-1", 1, noon, batch.OutcomeCompleted, time.Second))
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		assert.Contains(c, log.String(), "Redis refuses metrics")
	}, 10*time.Second, 10*time.Millisecond)
	e.Emit(document("acme-1", 2, noon.Add(time.Hour), batch.OutcomeCompleted, time.Second))
	e.Close()
	assert.EqualValues(t, 1, e.Dropped())
	m, err := collector(r).BatchMetrics(t.Context(), noon.Add(time.Hour), noon.Add(2*time.Hour))
	require.NoError(t, err)
	assert.Equal(t, 1, m.Total.Documents.Completed)
}

func TestANilEmitterIsASink(t *testing.T) {
	t.Parallel()
	var s metrics.Sink = metrics.NewEmitter(nil, metrics.Options{})
	s.Emit(metrics.Event{Kind: metrics.DocumentDone})
	metrics.NewEmitter(nil, metrics.Options{}).Close()
}
