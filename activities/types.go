// Package activities is what Caseload's workflows do to the world: thin
// methods over the store and the document pipeline, one struct of dependencies
// a group, which classify every error they return.
package activities

import (
	"time"

	"github.com/caseload/caseload/batch"
)

// OpenInput opens a batch.
type OpenInput struct {
	Batch string    `json:"batch"`
	At    time.Time `json:"at"`
}

// OpenResult is how the batch stands when its workflow begins: rows that were
// refused at submission, or had ended before a restart, have their outcome.
type OpenResult struct {
	Counts batch.Counts       `json:"counts"`
	Groups []batch.ErrorGroup `json:"groups,omitempty"`
}

// RowsInput asks for a page of the rows that have no outcome yet.
type RowsInput struct {
	Batch string `json:"batch"`
	After int    `json:"after"` // row numbers above this one
	Limit int    `json:"limit"`
}

// CloseInput closes a batch.
type CloseInput struct {
	Batch     string    `json:"batch"`
	Cancelled bool      `json:"cancelled"` // rows without outcome end as cancelled
	At        time.Time `json:"at"`
}

// ProcessInput runs local stages on a document, from one stage on.
type ProcessInput struct {
	Document  batch.DocumentInput `json:"document"`
	From      batch.Stage         `json:"from"`
	StartedAt time.Time           `json:"started_at"`
	// Stages are the timings of the stages before From.
	Stages []batch.StageTiming `json:"stages,omitempty"`
}

// ProcessResult says which stage is next, or how the document ended.
type ProcessResult struct {
	Next   batch.Stage          `json:"next,omitempty"` // "" when the document has ended
	Result batch.DocumentResult `json:"result"`         // its Stages hold the timings of this run
}

// OutcomeInput records how a document ended other than by its results being
// stored.
type OutcomeInput struct {
	Batch     string              `json:"batch"`
	Project   string              `json:"project"`
	Row       int                 `json:"row"`
	Outcome   batch.Outcome       `json:"outcome"`
	Failure   *batch.Failure      `json:"failure,omitempty"`
	Stages    []batch.StageTiming `json:"stages,omitempty"`
	StartedAt time.Time           `json:"started_at"`
	At        time.Time           `json:"at"`
}

// OutcomeResult is the outcome the store holds, which is an earlier one if the
// row had ended before.
type OutcomeResult struct {
	Outcome batch.Outcome `json:"outcome"`
	Reason  string        `json:"reason,omitempty"`
}
