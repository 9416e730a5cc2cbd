package prom

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

const namespace = "caseload"

// unknown stands for a label's value that is none of those known.
const unknown = "unknown"

// Upper bounds in seconds.
var (
	documentBuckets = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600, 14400}
	stageBuckets    = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}
	batchBuckets    = []float64{1, 10, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 86400, 3 * 86400, 7 * 86400}
)

// events are the metrics that events are counted in.
type events struct {
	documents, pages, bytes, errors, started, ended, cache, saved, calls, tokens *prometheus.CounterVec
	document, stage, batch                                                       *prometheus.HistogramVec
	cost                                                                         prometheus.Counter
}

func newEvents() events {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets}, labels)
	}
	e := events{
		documents: counter("documents_total", "Documents that ended, by outcome.", "outcome", "band"),
		pages:     counter("pages_total", "Pages of the documents that ended.", "band"),
		bytes:     counter("bytes_total", "Bytes of the documents that ended.", "band"),
		errors:    counter("errors_total", "Errors that were seen, those that a retry cured included.", "category", "stage"),
		started:   counter("batches_started_total", "Batches that began.", "band"),
		ended:     counter("batches_ended_total", "Batches that ended, by status.", "status", "band"),
		cache:     counter("cache_reads_total", "Values looked up in the cache, by result: hit or miss.", "kind", "result"),
		saved:     counter("cache_saved_queries_total", "Queries of the store that the cache spared.", "kind"),
		calls:     counter("model_calls_total", "Calls of the language model, by result; over_budget are those that were not made.", "result"),
		tokens:    counter("model_tokens_total", "Tokens of those calls, by direction: input or output.", "direction"),
		cost: prometheus.NewCounter(prometheus.CounterOpts{
			Namespace: namespace, Name: "model_cost_dollars_total", Help: "What those calls cost in US dollars, by the configured prices.",
		}),
		document: histogram("document_duration_seconds", "From a document's start to its outcome.", documentBuckets, "outcome", "band"),
		stage:    histogram("stage_duration_seconds", "One stage on one document.", stageBuckets, "stage", "outcome"),
		batch:    histogram("batch_duration_seconds", "From a batch's start to its end.", batchBuckets, "band"),
	}
	e.beginAtZero()
	return e
}

// beginAtZero makes the series whose labels are known beforehand, so that the
// first failure after a start is an increase from 0, and a dashboard has no gaps.
func (e *events) beginAtZero() {
	for _, r := range metrics.ModelResults() {
		e.calls.WithLabelValues(string(r))
	}
	e.tokens.WithLabelValues("input")
	e.tokens.WithLabelValues("output")
	for _, b := range batch.Bands() {
		band := string(b)
		e.pages.WithLabelValues(band)
		e.bytes.WithLabelValues(band)
		e.started.WithLabelValues(band)
		e.batch.WithLabelValues(band)
		for _, o := range batch.Outcomes() {
			e.documents.WithLabelValues(string(o), band)
			e.document.WithLabelValues(string(o), band)
		}
		for _, s := range batch.Statuses() {
			if s.Terminal() {
				e.ended.WithLabelValues(string(s), band)
			}
		}
	}
	for _, s := range batch.Stages() {
		for _, c := range batch.Categories() {
			e.errors.WithLabelValues(string(c), string(s))
		}
		for _, o := range []batch.Outcome{batch.OutcomeCompleted, batch.OutcomeFailed} {
			e.stage.WithLabelValues(string(s), string(o))
		}
	}
}

func (e *events) collectors() []prometheus.Collector {
	return []prometheus.Collector{
		e.documents, e.pages, e.bytes, e.errors, e.started, e.ended, e.cache, e.saved, e.calls, e.tokens, e.cost, e.document, e.stage, e.batch,
	}
}

// Emit counts e. An event that is emitted twice, as an activity that runs again
// may, is counted twice.
func (m *Metrics) Emit(e metrics.Event) {
	band := bandOf(e.Priority)
	switch c := &m.events; e.Kind {
	case metrics.BatchStarted:
		c.started.WithLabelValues(band).Inc()
	case metrics.BatchCompleted:
		c.ended.WithLabelValues(known(e.Status, e.Status.Terminal()), band).Inc()
		observe(c.batch, e.Duration, band)
	case metrics.DocumentDone:
		if e.Rows < 0 {
			return // a counter is not taken back
		}
		outcome := known(e.Outcome, e.Outcome.Valid())
		c.documents.WithLabelValues(outcome, band).Add(float64(max(e.Rows, 1)))
		c.pages.WithLabelValues(band).Add(float64(max(e.Pages, 0)))
		c.bytes.WithLabelValues(band).Add(float64(max(e.Bytes, 0)))
		observe(c.document, e.Duration, outcome, band)
	case metrics.StageDone:
		observe(c.stage, e.Duration, stageOf(e.Stage), known(e.Outcome, e.Outcome.Valid()))
	case metrics.ErrorSeen:
		c.errors.WithLabelValues(known(e.Category, e.Category.Valid()), stageOf(e.Stage)).Inc()
	case metrics.CacheUsed:
		if u := e.Cache; u != nil {
			c.cache.WithLabelValues(u.Kind, "hit").Add(float64(max(u.Hits, 0)))
			c.cache.WithLabelValues(u.Kind, "miss").Add(float64(max(u.Misses, 0)))
			c.saved.WithLabelValues(u.Kind).Add(float64(max(u.Queries, 0)))
		}
	case metrics.ModelAsked:
		if call := e.Model; call != nil {
			c.calls.WithLabelValues(known(call.Result, slices.Contains(metrics.ModelResults(), call.Result))).Inc()
			c.tokens.WithLabelValues("input").Add(float64(max(call.Input, 0)))
			c.tokens.WithLabelValues("output").Add(float64(max(call.Output, 0)))
			c.cost.Add(float64(max(call.Nanos, 0)) / 1e9)
		}
	case metrics.Resources, metrics.BatchChanged: // Prometheus reads them from the process, and the store's batches are sampled
	}
}

// observe leaves out a duration that is not known.
func observe(h *prometheus.HistogramVec, d time.Duration, labels ...string) {
	if d > 0 {
		h.WithLabelValues(labels...).Observe(d.Seconds())
	}
}

func bandOf(p batch.Priority) string {
	return known(p.Band(), batch.CheckPriority(p) == nil)
}

func stageOf(s batch.Stage) string {
	for _, known := range batch.Stages() {
		if s == known {
			return string(s)
		}
	}
	return unknown
}

func known[T ~string](value T, ok bool) string {
	if !ok {
		return unknown
	}
	return string(value)
}
