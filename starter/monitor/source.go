// Package monitor is the live dashboard: what it shows (a Source), what it may do
// (Actions), and the terminal program over both. A panel whose source does not
// answer says so, and the others go on.
package monitor

import (
	"context"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

// Source is where the monitor's numbers come from. Its methods are called at the
// same time, and again and again: one that fails is asked again. An error is
// shown to a person as it is.
type Source interface {
	// Batches are those that have not ended, and the latest that have.
	Batches(ctx context.Context) ([]Batch, error)
	// Queues are the task queues, most urgent first.
	Queues(ctx context.Context) ([]Queue, error)
	// Metrics are what workers report.
	Metrics(ctx context.Context) (Metrics, error)
	// Errors are the causes of the last day's failures, the newest first.
	Errors(ctx context.Context) (Errors, error)
	// Batch is one batch.
	Batch(ctx context.Context, id string) (Detail, error)
	// Documents lists documents of a batch by row number, ascending.
	Documents(ctx context.Context, id string, q Page) ([]Document, error)
}

// Actions are what a person may have the monitor do. They answer in words.
type Actions interface {
	Pause(ctx context.Context, id string) (string, error)
	Resume(ctx context.Context, id string) (string, error)
	Reprioritize(ctx context.Context, id string, p batch.Priority) (string, error)
	// PlanRecovery is what Recover would do.
	PlanRecovery(ctx context.Context, id string) (Plan, error)
	Recover(ctx context.Context, id string) (string, error)
}

// Batch is a batch as the list shows it.
type Batch struct {
	batch.Progress
	Heard
}

// Heard is what is heard of a batch's workflow, which answers between other work.
type Heard struct {
	// Live says that its workflow has told how the batch stands; otherwise the store
	// has, which knows rows with an outcome alone.
	Live bool `json:"live"`
	// ToldAt is when the workflow told it, if Live.
	ToldAt time.Time `json:"told_at,omitzero"`
	// SilentSince is since when there is no answer, if not Live. Zero if the workflow
	// was not asked.
	SilentSince time.Time `json:"silent_since,omitzero"`
}

// Queue is a task queue.
type Queue struct {
	Name     string        `json:"name"`    // of the band, or "control"
	Waiting  int64         `json:"waiting"` // tasks that no worker has taken, about
	Oldest   time.Duration `json:"oldest_ns"`
	Added    float64       `json:"added"`  // tasks per second over the last 30 s
	Taken    float64       `json:"taken"`  // likewise; those that a worker keeps for itself are not counted
	Workers  int           `json:"served"` // workers that ask it for tasks
	Priority map[int]int64 `json:"by_priority_key,omitempty"`
}

// Metrics are what workers report.
type Metrics struct {
	Workers []metrics.WorkerUsage  `json:"workers"`
	Stages  []metrics.StageMetrics `json:"stages"` // over StagesSpan
	Day     metrics.BatchMetrics   `json:"day"`    // the last 24 hours
	Seen    int64                  `json:"seen"`   // errors in the last 24 hours, those included that a retry cured
}

// StagesSpan is how far back stage latencies go.
const StagesSpan = time.Hour

// Errors are why documents failed lately.
type Errors struct {
	Causes    []Cause    `json:"causes"`              // newest first
	Throttled []Throttle `json:"throttled,omitempty"` // services left alone for a while
}

// Cause is the failures of one fingerprint.
type Cause struct {
	Fingerprint string         `json:"fingerprint"`
	Category    batch.Category `json:"category"`
	Stage       batch.Stage    `json:"stage"`
	Type        string         `json:"type"`
	Message     string         `json:"message"`
	Count       int            `json:"count"`
	Last        time.Time      `json:"last"`
	Batch       string         `json:"batch"` // of the last one
}

// Throttle is a service that asked for fewer requests.
type Throttle struct {
	Service string    `json:"service"`
	Until   time.Time `json:"until"`
}

// Detail is one batch.
type Detail struct {
	Progress batch.Progress `json:"progress"`
	Heard
	Errors []batch.ErrorGroup `json:"errors"` // most frequent first
}

// Page selects documents.
type Page struct {
	Outcome batch.Outcome // "" for all
	After   int           // row numbers above this one
	Limit   int
}

// Document is a row of a batch.
type Document struct {
	Row      int
	ID       string        // of the document; the caller's, or "" while there is none
	Name     string        // of the file
	Outcome  batch.Outcome // "" while pending
	Reason   string
	Took     time.Duration // from its start to its outcome
	Pages    int
	Failure  *batch.Failure
	Attempts int
}

// Plan is what a recovery would do.
type Plan struct {
	Rows  int // that it takes
	Words string
}

// Snapshot is everything that the overview shows.
type Snapshot struct {
	At      time.Time         `json:"at"`
	Batches []Batch           `json:"batches"`
	Queues  []Queue           `json:"queues"`
	Metrics *Metrics          `json:"metrics"` // null if they are missing
	Errors  Errors            `json:"errors"`
	Missing map[string]string `json:"missing,omitempty"` // what did not answer, by source, and why
}
