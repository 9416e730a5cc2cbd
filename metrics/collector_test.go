package metrics_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/test/redistest"
)

func TestBatchMetrics(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		emit(t, r, aBatch("acme-1", noon)...)
		urgent := document("other-1", 1, noon, batch.OutcomeSkipped, 3*time.Second)
		urgent.Priority = batch.PriorityHigh
		unread := metrics.Event{Kind: metrics.DocumentDone, At: noon, Batch: "other-1", Priority: batch.PriorityHigh, Outcome: batch.OutcomeCancelled, Rows: 40}
		refused := metrics.Event{Kind: metrics.DocumentDone, ID: "refused", At: noon, Batch: "acme-1", Priority: batch.PriorityNormal, Outcome: batch.OutcomeFailed, Rows: 3}
		emit(t, r, urgent, unread, refused)

		m, err := collector(r).BatchMetrics(t.Context(), noon, noon.Add(100*time.Second))
		require.NoError(t, err)
		assert.Equal(t, batch.Counts{Total: 54, Completed: 8, Failed: 5, Skipped: 1, Cancelled: 40}, m.Total.Documents)
		assert.EqualValues(t, 3, m.Total.Refused)
		assert.InDelta(t, 9.0/14, m.Total.SuccessRate, 1e-9, "of those that were not cancelled")
		assert.InDelta(t, 0.14, m.Total.Throughput, 1e-9)
		assert.EqualValues(t, 11, m.Total.Document.Count)
		assert.Equal(t, 10*time.Second, m.Total.Document.Max)
		assert.InDelta(t, (55+3)*time.Second/11, m.Total.Document.Mean, float64(time.Microsecond))
		require.Len(t, m.ByPriority, 2)
		high, normal := m.ByPriority[0], m.ByPriority[1]
		assert.Equal(t, batch.PriorityHigh, *high.Priority)
		assert.Equal(t, 40, high.Documents.Cancelled)
		assert.Zero(t, high.Refused)
		assert.EqualValues(t, 3, normal.Refused)
		assert.Zero(t, high.Started)
		assert.EqualValues(t, 1, normal.Started)
		assert.EqualValues(t, 1, normal.Ended)
		assert.Zero(t, normal.Succeeded, "two documents failed")
		assert.EqualValues(t, 1, normal.Duration.Count)
		assert.InEpsilon(t, 20*time.Second, normal.Duration.P50, metrics.PercentileError)
		assert.Equal(t, []metrics.Point{{At: noon, Count: 11, Mean: m.Total.Document.Mean}}, m.Hours)
	})
}

// What had failed and was read again ends once: its failure is taken back where it
// was counted, however often that is told.
func TestADocumentThatIsReopenedCountsOnce(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		failed := document("acme-1", 9, noon.Add(9*time.Second), batch.OutcomeFailed, 9*time.Second)
		back := metrics.Event{Kind: metrics.DocumentDone, ID: "reopened1", At: failed.At, Batch: "acme-1", Row: 9, Priority: batch.PriorityNormal, Outcome: batch.OutcomeFailed, Rows: -1}
		emit(t, r, aBatch("acme-1", noon)[:34]...) // without its end
		emit(t, r, back)
		emit(t, r, back, document("acme-1", 9, noon.Add(10*time.Minute), batch.OutcomeCompleted, 2*time.Second))
		for _, span := range []struct {
			start, end time.Duration
			want       batch.Counts
		}{
			{0, 24 * time.Hour, batch.Counts{Total: 10, Completed: 9, Failed: 1}},
			{0, 5 * time.Minute, batch.Counts{Total: 9, Completed: 8, Failed: 1}},
			{8500 * time.Millisecond, 9500 * time.Millisecond, batch.Counts{}},
			{9 * time.Minute, 11 * time.Minute, batch.Counts{Total: 1, Completed: 1}},
		} {
			m, err := collector(r).BatchMetrics(t.Context(), noon.Add(span.start), noon.Add(span.end))
			require.NoError(t, err)
			assert.Equal(t, span.want, m.Total.Documents, "%s to %s", span.start, span.end)
			assert.Zero(t, m.Total.Refused)
		}
		report, err := collector(r).PerformanceReport(t.Context(), "acme-1")
		require.NoError(t, err)
		assert.Equal(t, batch.Counts{Total: 10, Completed: 9, Failed: 1}, report.Counts)
		ended := int64(0)
		for _, p := range report.Throughput {
			ended += p.Count
		}
		assert.EqualValues(t, 10, ended)
	})
}

func TestPercentilesAreWithinTheirError(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	rnd := rand.New(rand.NewPCG(1, 2))
	var events []metrics.Event
	var took []time.Duration
	for row := range 5000 {
		d := time.Duration(rnd.ExpFloat64()*float64(800*time.Millisecond)) + time.Duration(rnd.IntN(3))*time.Microsecond
		if row%500 == 0 {
			d = time.Duration(row+1) * time.Minute
		}
		took = append(took, d)
		events = append(events, stage("acme-1", row+1, noon.Add(time.Duration(row)*3*time.Second), batch.StageOCR, batch.OutcomeCompleted, d))
	}
	emit(t, r, events...)
	stages, err := collector(r).StageMetrics(t.Context(), noon, noon.Add(24*time.Hour))
	require.NoError(t, err)
	require.Len(t, stages, 1)
	slices.Sort(took)
	d := stages[0].Duration
	assert.EqualValues(t, 5000, d.Count)
	assert.InEpsilon(t, took[2499], d.P50, metrics.PercentileError+1e-6)
	assert.InEpsilon(t, took[4749], d.P95, metrics.PercentileError+1e-6)
	assert.InEpsilon(t, took[4949], d.P99, metrics.PercentileError+1e-6)
	assert.Equal(t, took[4999].Truncate(time.Microsecond), d.Max)
	assert.Less(t, metrics.PercentileError, 0.05)
}

// An interval is read from hours, five minutes and events: any must come to what
// its events come to.
func TestAnyIntervalHoldsItsEventsAlone(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	rnd := rand.New(rand.NewPCG(3, 4))
	var events []metrics.Event
	for row := range 3000 {
		at := noon.Add(time.Duration(rnd.Int64N(int64(6 * time.Hour)))).Truncate(time.Millisecond)
		events = append(events, stage("acme-1", row+1, at, batch.StageChunk, batch.OutcomeCompleted, time.Second))
	}
	emit(t, r, events...)
	check := func(start, end time.Time) {
		want := 0
		for _, e := range events {
			if !e.At.Before(start) && e.At.Before(end) {
				want++
			}
		}
		stages, err := collector(r).StageMetrics(t.Context(), start, end)
		require.NoError(t, err)
		var got, inSeries int64
		if len(stages) > 0 {
			got = stages[0].Runs
			for _, p := range stages[0].Series {
				inSeries += p.Count
			}
		}
		assert.EqualValues(t, want, got, "%s to %s", start, end)
		assert.Equal(t, got, inSeries, "%s to %s", start, end)
	}
	for range 100 {
		a, b := rnd.Int64N(int64(7*time.Hour)), rnd.Int64N(int64(7*time.Hour))
		if rnd.IntN(3) == 0 {
			b = a + rnd.Int64N(int64(10*time.Minute)) // within few five minutes
		}
		if a != b {
			check(noon.Add(time.Duration(min(a, b))), noon.Add(time.Duration(max(a, b))))
		}
	}
	check(noon, noon.Add(6*time.Hour))
	check(noon.Add(5*time.Minute), noon.Add(10*time.Minute))
	check(events[0].At, events[0].At.Add(time.Millisecond))
	_, err := collector(r).StageMetrics(t.Context(), noon, noon)
	assert.ErrorContains(t, err, "must end after it begins")
}

func TestStageMetrics(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		emit(t, r, aBatch("acme-1", noon)...)
		stages, err := collector(r).StageMetrics(t.Context(), noon, noon.Add(time.Hour))
		require.NoError(t, err)
		require.Len(t, stages, 2)
		fetch, extract := stages[0], stages[1]
		assert.Equal(t, batch.StageFetch, fetch.Stage, "in the order they run")
		assert.EqualValues(t, 10, fetch.Runs)
		assert.Zero(t, fetch.Failed)
		assert.Equal(t, 5*time.Millisecond, fetch.Duration.Mean)
		assert.EqualValues(t, 10, extract.Runs)
		assert.EqualValues(t, 2, extract.Failed)
		assert.Equal(t, time.Second, extract.Duration.Max)
		assert.Equal(t, []metrics.Point{{At: noon, Count: 10, Mean: 5 * time.Millisecond}}, fetch.Series)
	})
}

func TestErrorSummary(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		emit(t, r, aBatch("acme-1", noon)...)
		other := failure("other-1", 1, noon.Add(30*time.Minute), batch.Data, "0123456789ab")
		network := failure("other-1", 2, noon.Add(31*time.Minute), batch.Transient, "ba9876543210")
		network.Type, network.Stage = "Timeout", batch.StageFetch
		emit(t, r, other, network)
		for name, end := range map[string]time.Time{"hour": noon.Add(time.Hour), "five minutes and events": noon.Add(33 * time.Minute)} {
			s, err := collector(r).ErrorSummary(t.Context(), noon, end)
			require.NoError(t, err)
			assert.Equal(t, metrics.ErrorSummary{
				Total:      4,
				ByCategory: map[string]int64{"DATA": 3, "TRANSIENT": 1},
				ByStage:    map[string]int64{"extract": 3, "fetch": 1},
				Causes: []metrics.Cause{
					{Fingerprint: "0123456789ab", Category: batch.Data, Stage: batch.StageExtract, Type: "CorruptPDF", Count: 3, Last: noon.Add(30 * time.Minute), Batch: "other-1"},
					{Fingerprint: "ba9876543210", Category: batch.Transient, Stage: batch.StageFetch, Type: "Timeout", Count: 1, Last: noon.Add(31 * time.Minute), Batch: "other-1"},
				},
			}, s, name)
		}
	})
}

func TestCausesBeyondTheBoundAreCountedAsOther(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	var events []metrics.Event
	for i := range 1100 {
		events = append(events, failure("acme-1", i+1, noon, batch.Data, fmt.Sprintf("%012x", i)))
	}
	emit(t, r, events...)
	emit(t, r, failure("acme-1", 2000, noon, batch.Data, fmt.Sprintf("%012x", 5))) // one that is known
	s, err := collector(r).ErrorSummary(t.Context(), noon, noon.Add(time.Hour))
	require.NoError(t, err)
	assert.EqualValues(t, 1101, s.Total)
	require.Len(t, s.Causes, 1001)
	assert.Equal(t, "other", s.Causes[0].Fingerprint)
	assert.EqualValues(t, 100, s.Causes[0].Count)
	assert.EqualValues(t, 2, s.Causes[1].Count)
}

func TestPerformanceReport(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		events := aBatch("acme-1", noon)
		emit(t, r, events[:len(events)-1]...)
		running, err := collector(r).PerformanceReport(t.Context(), "acme-1")
		require.NoError(t, err)
		assert.Nil(t, running.End)
		assert.Equal(t, batch.Counts{Total: 10, Completed: 8, Failed: 2}, running.Counts)

		emit(t, r, events[len(events)-1])
		emit(t, r, aBatch("acme-2", noon)...) // which is no part of it
		rep, err := collector(r).PerformanceReport(t.Context(), "acme-1")
		require.NoError(t, err)
		require.NotNil(t, rep.End)
		assert.Equal(t, noon.Add(20*time.Second), *rep.End)
		assert.Equal(t, noon, rep.Start)
		assert.Equal(t, "acme", rep.Project)
		assert.Equal(t, batch.PriorityNormal, rep.Priority)
		assert.Equal(t, batch.Counts{Total: 10, Completed: 8, Failed: 2}, rep.Counts)
		assert.Equal(t, 10*time.Second, rep.Step)
		assert.Equal(t, []metrics.Point{{At: noon, Count: 9}, {At: noon.Add(10 * time.Second), Count: 1}}, rep.Throughput)
		assert.EqualValues(t, 10, rep.Document.Count)
		require.Len(t, rep.Stages, 2)
		assert.EqualValues(t, 2, rep.Stages[1].Failed)
		assert.EqualValues(t, 2, rep.Errors.Total)
		require.Len(t, rep.Slowest, 10)
		assert.Equal(t, metrics.SlowDocument{Row: 10, Duration: 10 * time.Second}, rep.Slowest[0])
		assert.Equal(t, []metrics.CacheCount{{Kind: "entities", Hits: 90, Misses: 10, Queries: 9, Saved: 45 * time.Millisecond, Times: cacheTimes}}, rep.Cache)

		_, err = collector(r).PerformanceReport(t.Context(), "none")
		require.ErrorIs(t, err, metrics.ErrNoBatch)
	})
}

func TestALongBatchsThroughputHasFewPoints(t *testing.T) {
	t.Parallel()
	r := redistest.Start(t).Client(t)
	events := []metrics.Event{{Kind: metrics.BatchStarted, At: noon, Batch: "acme-1", Project: "acme", Counts: batch.Counts{Total: 600}}}
	for row := range 600 {
		events = append(events, document("acme-1", row+1, noon.Add(time.Duration(row)*time.Minute), batch.OutcomeCompleted, time.Second))
	}
	emit(t, r, events...)
	rep, err := collector(r).PerformanceReport(t.Context(), "acme-1")
	require.NoError(t, err)
	assert.Equal(t, 5*time.Minute, rep.Step)
	require.Len(t, rep.Throughput, 120)
	for _, p := range rep.Throughput {
		assert.EqualValues(t, 5, p.Count)
	}
	assert.Len(t, rep.Slowest, 20)
}

func TestResourceUsage(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		now := time.Now()
		emit(t, r, usage("1@host.example", now.Add(-2*time.Hour), 0.5), usage("1@host.example", now.Add(-2*time.Hour+time.Second), 0.7),
			usage("2@host.example", now.Add(-10*time.Second), 1.25))
		workers, err := collector(r).ResourceUsage(t.Context(), now.Add(-12*time.Hour), now)
		require.NoError(t, err)
		require.Len(t, workers, 2)
		alive, gone := workers[0], workers[1]
		assert.Equal(t, *usage("2@host.example", now, 1.25).Usage, alive.Usage)
		assert.True(t, alive.Alive)
		assert.WithinDuration(t, now.Add(-10*time.Second), alive.At, time.Millisecond)
		assert.Equal(t, "1@host.example", gone.Worker)
		assert.False(t, gone.Alive)
		assert.InDelta(t, 0.7, gone.CPU, 1e-9, "the latest")
		var cpu float64
		for _, p := range gone.Series { // two, if the hour turned in between
			cpu += p.CPU / float64(len(gone.Series))
			assert.EqualValues(t, 100<<20, p.Resident)
			assert.EqualValues(t, 300<<20, p.Readers)
			assert.Equal(t, 3, p.Used)
		}
		assert.InDelta(t, 0.6, cpu, 1e-9)
	})
}

func TestCacheUse(t *testing.T) {
	t.Parallel()
	servers(t, func(t *testing.T, r *redis.Client) {
		emit(t, r, aBatch("acme-1", noon)...)
		emit(t, r, aBatch("acme-2", noon.Add(time.Minute))...)
		use, err := collector(r).CacheUse(t.Context(), noon, noon.Add(time.Hour))
		require.NoError(t, err)
		twice := metrics.CacheTimes{Hits: 18, HitTime: 18 * time.Millisecond, Stores: 4, StoreTime: 24 * time.Millisecond}
		assert.Equal(t, []metrics.CacheCount{{Kind: "entities", Hits: 180, Misses: 20, Queries: 18, Saved: 90 * time.Millisecond, Times: twice}}, use)
	})
}

func TestWithRedisGoneACollectorSaysSo(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	c := collector(server.Client(t))
	server.Kill()
	_, err := c.BatchMetrics(t.Context(), noon, noon.Add(time.Hour))
	require.ErrorIs(t, err, metrics.ErrUnreachable)
	_, err = c.Live(t.Context(), noon)
	require.ErrorIs(t, err, metrics.ErrUnreachable)
}
