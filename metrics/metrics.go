// Package metrics keeps what happened as time series in Redis, counts it by the
// hour, and sums it up. It holds IDs, counts, durations and the words of package
// batch: nothing of a document. What is here may be lost: no document depends on
// it.
package metrics

import (
	"time"

	"github.com/caseload/caseload/batch"
)

// Kind is what an Event tells of.
type Kind string

// The kinds of events.
const (
	BatchStarted   Kind = "batch_started"
	BatchCompleted Kind = "batch_completed"
	DocumentDone   Kind = "document_done"
	StageDone      Kind = "stage_done"
	ErrorSeen      Kind = "error"
	Resources      Kind = "resources"
	CacheUsed      Kind = "cache"
	// ModelAsked tells of one call of a language model, or that a budget had no room for
	// one. It is not kept: the store counts by batch.
	ModelAsked Kind = "model"
	// BatchChanged says that a batch's state or priority did. It is not kept: it
	// has the live progress brought up to date.
	BatchChanged Kind = "batch_changed"
)

// Event is one thing that happened. Which fields count depends on Kind.
type Event struct {
	Kind Kind
	At   time.Time
	// ID tells this event from others of its kind, batch and row: one emitted again
	// with the same ID, time and content adds nothing.
	ID string

	Batch    string
	Project  string
	Priority batch.Priority
	Row      int // from 1
	// Rows is how many documents ended this way at once, unread; 0 for the one of Row;
	// -1 if that one has not ended after all: At is then when it was told to have. That
	// it was read, and how long that took, stays counted.
	Rows int

	Stage    batch.Stage
	Outcome  batch.Outcome // of a document; of a stage: completed or failed
	Status   batch.Status  // of a batch that has ended
	Counts   batch.Counts  // likewise; of one that starts, Total
	Duration time.Duration // of the stage, document or batch
	Pages    int
	Bytes    int64

	Category    batch.Category
	Type        string
	Fingerprint string

	Usage *Usage // of a worker
	Cache *CacheCount
	Model *ModelCall
}

// ModelResult is what a call of a language model came to.
type ModelResult string

// The results. Only an answer, of whatever form, and what nothing came back of cost.
const (
	ModelAnswered   ModelResult = "answered"
	ModelRefused    ModelResult = "refused"     // the text, for its content or its length
	ModelThrottled  ModelResult = "throttled"   // the service asked for fewer requests
	ModelFailed     ModelResult = "failed"      // an error of the service, or the configuration
	ModelUnanswered ModelResult = "unanswered"  // nothing came back: the tokens are the most that it may have taken
	ModelOverBudget ModelResult = "over_budget" // not made, since the batch's budget had no room
)

// ModelResults are all results.
func ModelResults() []ModelResult {
	return []ModelResult{ModelAnswered, ModelRefused, ModelThrottled, ModelFailed, ModelUnanswered, ModelOverBudget}
}

// ModelCall is one call of a language model.
type ModelCall struct {
	Result        ModelResult
	Input, Output int   // tokens
	Nanos         int64 // billionths of a US dollar; 0 if no prices are configured
}

// Usage is what a worker process takes of its machine.
type Usage struct {
	Worker     string           `json:"worker"`     // identity: process ID and host
	CPU        float64          `json:"cpu"`        // cores, mean since the sample before
	Resident   int64            `json:"resident"`   // bytes that the process itself holds
	Readers    int64            `json:"readers"`    // bytes that the processes hold that read documents for it
	Goroutines int              `json:"goroutines"` //
	Cores      int              `json:"cores"`      // documents worked on at once, at most
	Slots      map[string]Slots `json:"slots"`      // by task queue
	Dropped    int64            `json:"dropped"`    // events that this worker has dropped since it started
}

// Slots are a worker's places for activities of one task queue.
type Slots struct {
	Used  int `json:"used"`
	Total int `json:"total"`
}

// CacheCount is how often a kind of cached value was read, and what that spared.
type CacheCount struct {
	Kind    string        `json:"kind"`
	Hits    int64         `json:"hits"`
	Misses  int64         `json:"misses"`
	Queries int64         `json:"queries"`  // of the store, that hits spared
	Saved   time.Duration `json:"saved_ns"` // what Times come to; of an Event it is not read
	Times   CacheTimes    `json:"times"`
}

// CacheTimes are what reads of the cache took: those that hit, and those that had
// to read the store, for as long as the store took.
type CacheTimes struct {
	Hits      int64         `json:"hits"`
	HitTime   time.Duration `json:"hit_ns"`
	Stores    int64         `json:"stores"`
	StoreTime time.Duration `json:"store_ns"`
}

// Saved is the time that hits spared: their number, times the mean time of those
// that read the store, less the time they took. It is negative where the store was
// faster, and 0 if nothing hit or nothing read the store.
func (t CacheTimes) Saved() time.Duration {
	if t.Hits == 0 || t.Stores == 0 {
		return 0
	}
	return time.Duration(t.Hits)*(t.StoreTime/time.Duration(t.Stores)) - t.HitTime
}

// Sink takes events. Emit never blocks and never fails; a Sink may drop.
type Sink interface{ Emit(e Event) }

// Tee is a Sink that hands events to each of sinks; a nil one is left out.
func Tee(sinks ...Sink) Sink {
	var t tee
	for _, s := range sinks {
		if s != nil {
			t = append(t, s)
		}
	}
	return t
}

type tee []Sink

func (t tee) Emit(e Event) {
	for _, s := range t {
		s.Emit(e)
	}
}

// Distribution sums up durations.
type Distribution struct {
	Count int64         `json:"count"`
	Mean  time.Duration `json:"mean_ns"`
	P50   time.Duration `json:"p50_ns"`
	P95   time.Duration `json:"p95_ns"`
	P99   time.Duration `json:"p99_ns"`
	Max   time.Duration `json:"max_ns"`
}

// Point is a value over an interval that begins At.
type Point struct {
	At    time.Time     `json:"at"`
	Count int64         `json:"count"`
	Mean  time.Duration `json:"mean_ns,omitempty"`
}

// BatchMetrics is what batches and their documents did from Start to End.
type BatchMetrics struct {
	Start      time.Time    `json:"start"`
	End        time.Time    `json:"end"`
	Total      BatchGroup   `json:"total"`
	ByPriority []BatchGroup `json:"by_priority"` // most urgent first; levels that had none left out
	Hours      []Point      `json:"hours"`       // documents that ended, but for those cancelled, by hour; hours without any left out
}

// BatchGroup is the batches of one priority level, or of all.
type BatchGroup struct {
	Priority    *batch.Priority `json:"priority,omitempty"` // nil for all
	Started     int64           `json:"started"`
	Ended       int64           `json:"ended"`
	Succeeded   int64           `json:"succeeded"`    // ended with every document completed or skipped
	Documents   batch.Counts    `json:"documents"`    // that ended
	Refused     int64           `json:"refused"`      // of Documents.Failed: rows that were refused at submission, and never read
	SuccessRate float64         `json:"success_rate"` // of the documents that ended other than cancelled, 0 to 1
	Duration    Distribution    `json:"duration"`     // of batches
	Document    Distribution    `json:"document"`     // of documents, from start to outcome; those cancelled, or refused at submission, left out
	Throughput  float64         `json:"throughput"`   // documents that ended other than cancelled, per second of the interval
}

// StageMetrics is one stage.
type StageMetrics struct {
	Stage    batch.Stage  `json:"stage"`
	Runs     int64        `json:"runs"`     // how often it ran, each attempt once, failed or not
	Failed   int64        `json:"failed"`   // of Runs
	Duration Distribution `json:"duration"` // of all of Runs
	Series   []Point      `json:"series"`   // by hour, or by 5 minutes over up to 3 hours; intervals without any left out
}

// ErrorSummary is the errors that were seen, those that a retry cured included.
type ErrorSummary struct {
	Total      int64            `json:"total"`
	ByCategory map[string]int64 `json:"by_category"`
	ByStage    map[string]int64 `json:"by_stage"`
	Causes     []Cause          `json:"causes"` // most frequent first; "other" stands for those beyond 1,000 an hour
}

// Cause is the errors of one fingerprint.
type Cause struct {
	Fingerprint string         `json:"fingerprint"`
	Category    batch.Category `json:"category"`
	Stage       batch.Stage    `json:"stage"`
	Type        string         `json:"type"`
	Count       int64          `json:"count"`
	Last        time.Time      `json:"last"`
	Batch       string         `json:"batch"` // of the last one
}

// PerformanceReport is one batch.
type PerformanceReport struct {
	Batch      string         `json:"batch"`
	Project    string         `json:"project"`
	Priority   batch.Priority `json:"priority"`
	Start      time.Time      `json:"start"`
	End        *time.Time     `json:"end,omitempty"` // nil while it runs
	Counts     batch.Counts   `json:"counts"`
	Refused    int64          `json:"refused"`    // of Counts.Failed, as of a BatchGroup
	Throughput []Point        `json:"throughput"` // documents that ended, those cancelled or refused left out, by interval
	Step       time.Duration  `json:"step_ns"`    // of Throughput
	Document   Distribution   `json:"document"`
	Stages     []StageMetrics `json:"stages"`
	Errors     ErrorSummary   `json:"errors"`
	Slowest    []SlowDocument `json:"slowest"` // slowest first
	// Cache is what workers told of the cache's use, but for what was dropped; see
	// cachewarm.Cache.Use for what the cache itself has counted.
	Cache []CacheCount `json:"cache"`
}

// Progress is how a batch stands, as it was when Updated.
type Progress struct {
	Batch    string         `json:"batch"`
	Project  string         `json:"project"`
	Priority batch.Priority `json:"priority"`
	Status   batch.Status   `json:"status"`
	Counts   batch.Counts   `json:"counts"` // Pending holds those in work too: Running is 0
	Started  time.Time      `json:"started,omitzero"`
	Ended    time.Time      `json:"ended,omitzero"` // zero while it runs
	Updated  time.Time      `json:"updated"`        // by the clock of Redis
}

// SlowDocument is a document of a batch that took long.
type SlowDocument struct {
	Row      int           `json:"row"`
	Duration time.Duration `json:"duration_ns"`
}

// WorkerUsage is a worker process over an interval.
type WorkerUsage struct {
	Usage
	At     time.Time    `json:"at"`    // of the latest sample, which Usage is
	Alive  bool         `json:"alive"` // it has sampled lately
	Series []UsagePoint `json:"series"`
}

// UsagePoint is one sample of a worker.
type UsagePoint struct {
	At       time.Time `json:"at"`
	CPU      float64   `json:"cpu"`
	Resident int64     `json:"resident"`
	Readers  int64     `json:"readers"`
	Used     int       `json:"used"` // slots
}
