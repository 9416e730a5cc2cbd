package metrics_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/test/redistest"
)

// stands answers how a batch of a hundred stands, of which done have ended.
func stands(done *atomic.Int64) metrics.ReadProgress {
	return func(_ context.Context, id string) (metrics.Progress, error) {
		n := int(done.Load())
		p := metrics.Progress{
			Batch: id, Project: "acme", Priority: batch.PriorityHigh, Status: batch.StatusRunning,
			Counts: batch.Counts{Total: 100, Completed: n, Pending: 100 - n}, Started: noon,
		}
		if n == 100 {
			p.Status, p.Ended = batch.StatusCompleted, noon.Add(time.Hour)
		}
		return p, nil
	}
}

func TestProgressEndsExact(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		var done atomic.Int64
		first, second := metrics.NewMirror(r, metrics.Options{}, stands(&done)), metrics.NewMirror(r, metrics.Options{}, stands(&done))
		first.Emit(metrics.Event{Kind: metrics.BatchStarted, Batch: "acme-1"})
		for done.Load() < 100 {
			done.Add(1)
			first.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: "acme-1"})
			second.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: "acme-1"})
		}
		first.Emit(metrics.Event{Kind: metrics.BatchCompleted, Batch: "acme-1"})
		first.Close()
		second.Close()
		p, err := collector(r).Progress(t.Context(), "acme-1")
		require.NoError(t, err)
		assert.WithinDuration(t, time.Now(), p.Updated, time.Minute)
		p.Updated = time.Time{}
		assert.Equal(t, metrics.Progress{
			Batch: "acme-1", Project: "acme", Priority: batch.PriorityHigh, Status: batch.StatusCompleted,
			Counts: batch.Counts{Total: 100, Completed: 100}, Started: noon, Ended: noon.Add(time.Hour),
		}, p)
		for _, key := range everyKey(t, r) {
			ttl, err := r.PTTL(t.Context(), key).Result()
			require.NoError(t, err)
			assert.Positive(t, ttl, key)
		}
	})
}

func TestProgressIsWrittenTwiceASecondAtMostByAllProcesses(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	var done, reads atomic.Int64
	counted := func(ctx context.Context, id string) (metrics.Progress, error) {
		reads.Add(1)
		return stands(&done)(ctx, id)
	}
	begin := time.Now()
	var mirrors []*metrics.Mirror
	for range 4 {
		mirrors = append(mirrors, metrics.NewMirror(r, metrics.Options{}, counted))
	}
	require.Eventually(t, func() bool {
		for _, m := range mirrors {
			m.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: "acme-1"})
		}
		return reads.Load() >= 4
	}, 20*time.Second, time.Millisecond)
	assert.GreaterOrEqual(t, time.Since(begin), 1500*time.Millisecond, "four writes are three intervals")
	for _, m := range mirrors {
		m.Close()
	}
}

func TestAnOlderStateDoesNotReplaceALaterOne(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	ctx := t.Context()
	waits, goOn := make(chan struct{}), make(chan struct{})
	var done atomic.Int64
	slow := metrics.NewMirror(r, metrics.Options{Timeout: time.Minute}, func(ctx context.Context, id string) (metrics.Progress, error) {
		p, err := stands(&done)(ctx, id)
		close(waits)
		<-goOn
		return p, err
	})
	slow.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: "acme-1"})
	<-waits // it has read an empty batch
	done.Store(100)
	quick := metrics.NewMirror(r, metrics.Options{}, stands(&done))
	quick.Emit(metrics.Event{Kind: metrics.BatchCompleted, Batch: "acme-1"})
	quick.Close()
	close(goOn)
	slow.Close()
	p, err := collector(r).Progress(ctx, "acme-1")
	require.NoError(t, err)
	assert.Equal(t, 100, p.Counts.Completed)
}

func TestLiveListsBatchesThatRunOrHaveJustEnded(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	var none, all atomic.Int64
	all.Store(100)
	running := metrics.NewMirror(r, metrics.Options{}, stands(&none))
	ended := metrics.NewMirror(r, metrics.Options{}, stands(&all))
	running.Emit(metrics.Event{Kind: metrics.BatchChanged, Batch: "runs"})
	ended.Emit(metrics.Event{Kind: metrics.BatchCompleted, Batch: "ended"})
	running.Close()
	ended.Close()
	names := func(since time.Time) (ids []string) {
		live, err := collector(r).Live(t.Context(), since)
		require.NoError(t, err)
		for _, p := range live {
			ids = append(ids, p.Batch)
		}
		return ids
	}
	assert.ElementsMatch(t, []string{"runs", "ended"}, names(noon.Add(time.Hour)))
	assert.Equal(t, []string{"runs"}, names(noon.Add(time.Hour+time.Millisecond)))
}

func TestProgressComesBackWithRedis(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	r := server.Client(t)
	var done atomic.Int64
	done.Store(42)
	m := metrics.NewMirror(r, metrics.Options{Timeout: time.Second}, stands(&done))
	server.Kill()
	m.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: "acme-1"})
	server.Restart(t)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		p, err := collector(r).Progress(t.Context(), "acme-1")
		assert.NoError(c, err)
		assert.Equal(c, 42, p.Counts.Completed)
	}, 20*time.Second, 20*time.Millisecond)
	m.Close()
}

func TestABatchThatCannotBeReadIsReadAgain(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	log := &logged{}
	var reads, done atomic.Int64
	m := metrics.NewMirror(r, metrics.Options{Log: log.logger()}, func(ctx context.Context, id string) (metrics.Progress, error) {
		if reads.Add(1) == 1 {
			return metrics.Progress{}, errors.New("busy")
		}
		return stands(&done)(ctx, id)
	})
	m.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: "acme-1"})
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		_, err := collector(r).Progress(t.Context(), "acme-1")
		assert.NoError(c, err)
	}, 20*time.Second, 20*time.Millisecond)
	m.Close()
	assert.Contains(t, log.String(), "busy")
}

func TestANilMirrorIsASink(t *testing.T) {
	t.Parallel()
	var s metrics.Sink = metrics.NewMirror(nil, metrics.Options{}, nil)
	s.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: "acme-1"})
	var none *redis.Client
	metrics.NewMirror(none, metrics.Options{}, nil).Close()
}
