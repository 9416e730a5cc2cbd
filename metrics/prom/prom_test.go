package prom_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/metrics/prom"
)

func setup(t *testing.T) *prom.Metrics {
	t.Helper()
	m, err := prom.New()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.Close(t.Context())) })
	return m
}

// scrape is the lines of what Prometheus would get.
func scrape(t *testing.T, m *prom.Metrics) []string {
	t.Helper()
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	require.Equal(t, http.StatusOK, w.Code)
	return strings.Split(w.Body.String(), "\n")
}

func TestEventsAreCounted(t *testing.T) {
	t.Parallel()
	m := setup(t)
	for _, e := range []metrics.Event{
		{Kind: metrics.BatchStarted, Priority: 9},
		{Kind: metrics.DocumentDone, Priority: 9, Outcome: batch.OutcomeCompleted, Duration: 700 * time.Millisecond, Pages: 3, Bytes: 2048},
		{Kind: metrics.DocumentDone, Priority: 7, Outcome: batch.OutcomeCompleted, Duration: 90 * time.Second, Pages: 1},
		{Kind: metrics.DocumentDone, Priority: 0, Outcome: batch.OutcomeFailed, Duration: time.Second},
		{Kind: metrics.DocumentDone, Priority: 5, Outcome: batch.OutcomeCancelled, Rows: 40},
		{Kind: metrics.StageDone, Stage: batch.StageOCR, Outcome: batch.OutcomeFailed, Duration: 20 * time.Millisecond},
		{Kind: metrics.ErrorSeen, Stage: batch.StageFetch, Category: batch.Transient, Fingerprint: "f00d"},
		{Kind: metrics.BatchCompleted, Priority: 5, Status: batch.StatusCancelled, Duration: time.Minute},
		{Kind: metrics.ModelAsked, Model: &metrics.ModelCall{Result: metrics.ModelAnswered, Input: 1000, Output: 200, Nanos: 250_000_000}},
		{Kind: metrics.ModelAsked, Model: &metrics.ModelCall{Result: metrics.ModelRefused}},
		{Kind: metrics.CacheUsed, Cache: &metrics.CacheCount{Kind: "entity", Hits: 4, Misses: 1, Queries: 3}},
	} {
		m.Emit(e)
	}
	got := scrape(t, m)
	for _, want := range []string{
		`caseload_batches_started_total{band="high"} 1`,
		`caseload_documents_total{band="high",outcome="completed"} 2`,
		`caseload_documents_total{band="low",outcome="failed"} 1`,
		`caseload_documents_total{band="normal",outcome="failed"} 0`,
		`caseload_documents_total{band="normal",outcome="cancelled"} 40`,
		`caseload_document_duration_seconds_bucket{band="high",outcome="completed",le="1"} 1`,
		`caseload_document_duration_seconds_sum{band="high",outcome="completed"} 90.7`,
		`caseload_pages_total{band="high"} 4`,
		`caseload_model_calls_total{result="answered"} 1`,
		`caseload_model_calls_total{result="refused"} 1`,
		`caseload_model_calls_total{result="over_budget"} 0`,
		`caseload_model_tokens_total{direction="input"} 1000`,
		`caseload_model_tokens_total{direction="output"} 200`,
		`caseload_model_cost_dollars_total 0.25`,
		`caseload_bytes_total{band="high"} 2048`,
		`caseload_stage_duration_seconds_sum{outcome="failed",stage="ocr"} 0.02`,
		`caseload_errors_total{category="TRANSIENT",stage="fetch"} 1`,
		`caseload_errors_total{category="DATA",stage="fetch"} 0`,
		`caseload_batches_ended_total{band="normal",status="cancelled"} 1`,
		`caseload_batch_duration_seconds_sum{band="normal"} 60`,
		`caseload_cache_reads_total{kind="entity",result="hit"} 4`,
		`caseload_cache_saved_queries_total{kind="entity"} 3`,
	} {
		assert.Contains(t, got, want)
	}
}

func TestLabelsHaveValuesThatAreKnownBeforehand(t *testing.T) {
	t.Parallel()
	m := setup(t)
	before := len(scrape(t, m))
	for i := range 100 {
		id := strings.Repeat("x", i+1)
		m.Emit(metrics.Event{Kind: metrics.DocumentDone, Batch: id, Project: id, Row: i, Priority: batch.Priority(10 + i), Outcome: batch.Outcome(id), Duration: 1})
		m.Emit(metrics.Event{Kind: metrics.StageDone, Batch: id, Stage: batch.Stage(id), Outcome: batch.Outcome(id), Duration: 1})
		m.Emit(metrics.Event{Kind: metrics.ErrorSeen, Batch: id, Stage: batch.Stage(id), Category: batch.Category(id), Type: id, Fingerprint: id})
		m.Emit(metrics.Event{Kind: metrics.BatchCompleted, Batch: id, Status: batch.Status(id), Duration: 1})
	}
	got := scrape(t, m)
	assert.Less(t, len(got)-before, 60, "one more series each, however many values")
	assert.Contains(t, got, `caseload_documents_total{band="unknown",outcome="unknown"} 100`)
	assert.Contains(t, got, `caseload_errors_total{category="unknown",stage="unknown"} 100`)
}

func TestWhatCouldNotBeSampledIsNotShown(t *testing.T) {
	t.Parallel()
	m := setup(t)
	m.Standing(prom.Standing{Batches: map[batch.Status]int{batch.StatusHeld: 2}, Idle: time.Minute, Held: time.Hour, Throttled: 1})
	m.Backlogs([]prom.Backlog{{Queue: "caseload.high", Type: "activity", Tasks: 7, Age: 90 * time.Second}})
	standing := []string{
		`caseload_batches{status="held"} 2`, `caseload_batches{status="running"} 0`,
		`caseload_batch_idle_seconds 60`, `caseload_batch_held_seconds 3600`, `caseload_throttled_services 1`,
	}
	backlog := `caseload_queue_backlog_age_seconds{queue="caseload.high",type="activity"} 90`
	assert.Subset(t, scrape(t, m), append(standing, backlog, `caseload_up{source="store"} 1`))

	m.Silent(prom.SourceStore)
	got := scrape(t, m)
	for _, line := range standing {
		assert.NotContains(t, got, line)
	}
	assert.Subset(t, got, []string{backlog, `caseload_up{source="store"} 0`, `caseload_sample_failures_total{source="store"} 1`})

	m.Silent(prom.SourceTemporal)
	assert.NotContains(t, scrape(t, m), backlog)
}

func TestWhatIsAskedAtAScrapeIsCurrent(t *testing.T) {
	t.Parallel()
	m := setup(t)
	u := prom.CoreUsage{Cores: 4, Held: map[batch.Band]int{}, Waiting: map[batch.Band]int{batch.BandLow: 3}}
	var dropped, held int64
	require.NoError(t, m.Readers(func() int64 { return held }))
	require.NoError(t, m.Cores(func() prom.CoreUsage { return u }))
	require.NoError(t, m.Dropped(func() int64 { return dropped }))
	assert.Subset(t, scrape(t, m), []string{`caseload_cores 4`, `caseload_cores_waiting{band="low"} 3`, `caseload_metrics_dropped_total 0`, `caseload_readers_resident_memory_bytes 0`})
	u.Waiting[batch.BandLow], u.Held[batch.BandLow], dropped, held = 2, 1, 5, 1024
	assert.Subset(t, scrape(t, m), []string{`caseload_cores_held{band="low"} 1`, `caseload_cores_waiting{band="low"} 2`, `caseload_metrics_dropped_total 5`, `caseload_readers_resident_memory_bytes 1024`})
}

func TestTheSDKsMetricsAreCountersAndSeconds(t *testing.T) {
	t.Parallel()
	m := setup(t)
	h := m.SDK().WithTags(map[string]string{"task_queue": "caseload.high"})
	h.Counter("temporal_request").Inc(3)
	h.Timer("temporal_request_latency").Record(40 * time.Millisecond)
	h.Gauge("temporal_num_pollers").Update(2)
	assert.Subset(t, scrape(t, m), []string{
		`# TYPE temporal_request_total counter`,
		`temporal_request_total{task_queue="caseload.high"} 3`,
		`temporal_request_latency_seconds_bucket{task_queue="caseload.high",le="0.025"} 0`,
		`temporal_request_latency_seconds_bucket{task_queue="caseload.high",le="0.05"} 1`,
		`temporal_num_pollers{task_queue="caseload.high"} 2`,
	})
}
