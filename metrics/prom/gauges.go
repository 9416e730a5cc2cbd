package prom

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/caseload/caseload/batch"
)

// Backlog is what waits in a task queue for a worker.
type Backlog struct {
	Queue string
	Type  string // of its tasks: activity or workflow
	Tasks int64
	Age   time.Duration // of the oldest
}

// Standing is how all batches of a store stand.
type Standing struct {
	Batches map[batch.Status]int
	// Idle is the longest that a running batch has gone without a document's end.
	Idle time.Duration
	// Held is the longest that a held batch has been so.
	Held time.Duration
	// Throttled is how many services are being left alone.
	Throttled int
}

// CoreUsage is how a worker's cores are lent to documents.
type CoreUsage struct {
	Cores         int
	Held, Waiting map[batch.Band]int // documents
}

// Source is where samples come from.
type Source string

// The sources of samples.
const (
	SourceStore    Source = "store"
	SourceTemporal Source = "temporal"
	SourceRedis    Source = "redis"
)

// gauges are the metrics that are sampled. What has not been sampled, or could
// not be, is not shown: an old value would pass for a current one.
type gauges struct {
	up            *prometheus.GaugeVec
	tasks, age    *prometheus.GaugeVec
	batches       *prometheus.GaugeVec
	idle, held    *prometheus.GaugeVec
	throttled     *prometheus.GaugeVec
	sampled       *prometheus.GaugeVec
	sampleFailure *prometheus.CounterVec
}

func newGauges() gauges {
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
	}
	return gauges{
		up:        gauge("up", "Whether the store, Temporal and Redis answered the latest sample: 1 or 0.", "source"),
		tasks:     gauge("queue_backlog_tasks", "Tasks that wait in a task queue, about.", "queue", "type"),
		age:       gauge("queue_backlog_age_seconds", "How long the oldest task of a task queue has waited, about.", "queue", "type"),
		batches:   gauge("batches", "Batches of the store, by status.", "status"),
		idle:      gauge("batch_idle_seconds", "The longest that a running batch has gone without a document's end; 0 if none runs."),
		held:      gauge("batch_held_seconds", "The longest that a held batch has been so; 0 if none is."),
		throttled: gauge("throttled_services", "Services that are left alone because they asked for fewer requests."),
		sampled:   gauge("sample_timestamp_seconds", "When the gauges of a source were last sampled.", "source"),
		sampleFailure: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "sample_failures_total", Help: "Samples that could not be taken.",
		}, []string{"source"}),
	}
}

func (g *gauges) collectors() []prometheus.Collector {
	return []prometheus.Collector{g.up, g.tasks, g.age, g.batches, g.idle, g.held, g.throttled, g.sampled, g.sampleFailure}
}

// Backlogs shows what waits in the task queues, as sampled now.
func (m *Metrics) Backlogs(bs []Backlog) {
	m.Answered(SourceTemporal)
	for _, b := range bs {
		m.gauges.tasks.WithLabelValues(b.Queue, b.Type).Set(float64(b.Tasks))
		m.gauges.age.WithLabelValues(b.Queue, b.Type).Set(b.Age.Seconds())
	}
}

// Standing shows how the batches stand, as sampled now.
func (m *Metrics) Standing(s Standing) {
	m.Answered(SourceStore)
	for _, status := range batch.Statuses() {
		m.gauges.batches.WithLabelValues(string(status)).Set(float64(s.Batches[status]))
	}
	m.gauges.idle.WithLabelValues().Set(s.Idle.Seconds())
	m.gauges.held.WithLabelValues().Set(s.Held.Seconds())
	m.gauges.throttled.WithLabelValues().Set(float64(s.Throttled))
}

// Answered notes that the source was there.
func (m *Metrics) Answered(s Source) {
	m.gauges.up.WithLabelValues(string(s)).Set(1)
	m.gauges.sampled.WithLabelValues(string(s)).SetToCurrentTime()
	m.gauges.sampleFailure.WithLabelValues(string(s))
}

// Silent notes that the source did not answer: what came from it is shown no
// longer.
func (m *Metrics) Silent(s Source) {
	m.gauges.up.WithLabelValues(string(s)).Set(0)
	m.gauges.sampleFailure.WithLabelValues(string(s)).Inc()
	var stale []*prometheus.GaugeVec
	switch s {
	case SourceTemporal:
		stale = []*prometheus.GaugeVec{m.gauges.tasks, m.gauges.age}
	case SourceStore:
		stale = []*prometheus.GaugeVec{m.gauges.batches, m.gauges.idle, m.gauges.held, m.gauges.throttled}
	case SourceRedis:
	}
	for _, g := range stale {
		g.Reset()
	}
}

// Cores shows how the worker's cores are lent out, asked of usage at each scrape.
func (m *Metrics) Cores(usage func() CoreUsage) error {
	return m.Register(&cores{
		usage:   usage,
		total:   prometheus.NewDesc(namespace+"_cores", "Cores that the worker lends to documents.", nil, nil),
		held:    prometheus.NewDesc(namespace+"_cores_held", "Documents that hold cores.", []string{"band"}, nil),
		waiting: prometheus.NewDesc(namespace+"_cores_waiting", "Documents that wait for a core.", []string{"band"}, nil),
	})
}

type cores struct {
	usage                func() CoreUsage
	total, held, waiting *prometheus.Desc
}

func (c *cores) Describe(ch chan<- *prometheus.Desc) {
	ch <- c.total
	ch <- c.held
	ch <- c.waiting
}

func (c *cores) Collect(ch chan<- prometheus.Metric) {
	u := c.usage()
	ch <- prometheus.MustNewConstMetric(c.total, prometheus.GaugeValue, float64(u.Cores))
	for _, b := range batch.Bands() {
		ch <- prometheus.MustNewConstMetric(c.held, prometheus.GaugeValue, float64(u.Held[b]), string(b))
		ch <- prometheus.MustNewConstMetric(c.waiting, prometheus.GaugeValue, float64(u.Waiting[b]), string(b))
	}
}

// Readers shows the memory that the processes hold that read documents, asked of
// resident at each scrape; process_resident_memory_bytes leaves it out.
func (m *Metrics) Readers(resident func() int64) error {
	return m.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Namespace: namespace, Name: "readers_resident_memory_bytes", Help: "Resident memory of the processes that read documents for the worker.",
	}, func() float64 { return float64(resident()) }))
}

// Dropped shows how many events never reached Redis, asked of n at each scrape.
func (m *Metrics) Dropped(n func() int64) error {
	return m.Register(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Namespace: namespace, Name: "metrics_dropped_total", Help: "Events that were dropped on their way to Redis.",
	}, func() float64 { return float64(n()) }))
}
