// Package activities is what Caseload's workflows do to the world: thin
// methods over the store and the document pipeline, one struct of dependencies
// a group, which classify every error they return.
package activities

import (
	"bytes"
	"encoding/json"
	"time"

	"github.com/caseload/caseload/batch"
)

// OpenInput opens a batch.
type OpenInput struct {
	Batch  string    `json:"batch"`
	At     time.Time `json:"at"`
	Canary int       `json:"canary,omitempty"` // rows of each cause that are read first
	// Again says that the batch was opened before in this run of its workflow, so
	// that its status is what commands made of it since.
	Again bool `json:"again,omitempty"`
	// Priority is the batch's, so that less urgent documents wait for its own.
	Priority batch.Priority `json:"priority,omitempty"`
}

// OpenResult is how the batch stands when its workflow begins: rows that were
// refused at submission, or had ended before a restart, have their outcome.
type OpenResult struct {
	Counts batch.Counts       `json:"counts"`
	Groups []batch.ErrorGroup `json:"groups,omitempty"`
	// Canaries is the number of rows, from the first, that are read before others.
	Canaries int `json:"canaries,omitempty"`
	// Decisions are, of a batch that is started again, those there were, and that one.
	Decisions []batch.Decision `json:"decisions,omitempty"`
}

// JudgeInput skips the rows whose canaries, the rows up to Canaries, did not pass.
type JudgeInput struct {
	Batch    string    `json:"batch"`
	Canaries int       `json:"canaries"`
	At       time.Time `json:"at"`
}

// InWorkInput asks for what documents in work have done, as of At.
type InWorkInput struct {
	Batch string    `json:"batch"`
	At    time.Time `json:"at"`
}

// RowsInput asks for a page of the rows that have no outcome yet.
type RowsInput struct {
	Batch string `json:"batch"`
	After int    `json:"after"`          // row numbers above this one
	Last  int    `json:"last,omitempty"` // up to this one; 0 for all
	Limit int    `json:"limit"`

	Priority batch.Priority `json:"priority,omitempty"` // as of OpenInput
}

// RowsResult is a page of rows.
type RowsResult struct {
	Rows []int `json:"rows,omitempty"` // none at the end of the range
	// PutOffUntil is when the first of the services may be asked again that rows
	// need which were left out of the page. Zero for none.
	PutOffUntil time.Time `json:"put_off_until,omitzero"`
}

// UnmarshalJSON also reads a bare list of rows, which is what the histories of
// earlier versions hold.
func (r *RowsResult) UnmarshalJSON(b []byte) error {
	type plain RowsResult
	if bytes.HasPrefix(bytes.TrimSpace(b), []byte("{")) {
		return json.Unmarshal(b, (*plain)(r))
	}
	return json.Unmarshal(b, &r.Rows)
}

// CloseInput closes a batch.
type CloseInput struct {
	Batch     string    `json:"batch"`
	Cancelled bool      `json:"cancelled"`        // rows without outcome end as cancelled
	Failed    bool      `json:"failed,omitempty"` // as with Cancelled, and the batch has failed: it gave up
	At        time.Time `json:"at"`

	Priority batch.Priority `json:"priority,omitempty"` // as of OpenInput
}

// ControlInput records a decision on how a batch is run.
type ControlInput struct {
	Batch    string         `json:"batch"`
	Control  batch.Control  `json:"control"`
	Decision batch.Decision `json:"decision"`
}

// ReopenInput takes back the failures of one cause in a held batch.
type ReopenInput struct {
	Batch       string `json:"batch"`
	Fingerprint string `json:"fingerprint"`
}

// ReopenResult says how many rows are pending again by this call, and how many have
// failed for the cause still. An activity that is tried again may answer 0
// Reopened, as it did them before; Left holds in any case.
type ReopenResult struct {
	Reopened int `json:"reopened"`
	Left     int `json:"left"`
}

// SignalMove takes a Document workflow to another priority; it carries a Move.
const SignalMove = "move"

// Move is the priority that a document goes to. Requeue says that its activity is
// queued, and must be queued anew to go there as well.
type Move struct {
	Priority batch.Priority `json:"priority"`
	Requeue  bool           `json:"requeue,omitempty"`
}

// MoveInput moves documents in flight to another priority.
type MoveInput struct {
	Batch    string         `json:"batch"`
	Rows     []int          `json:"rows"`
	Priority batch.Priority `json:"priority"`
}

// MoveResult says how many documents were queued, and moved, and how many are
// being read, whose next stages move.
type MoveResult struct {
	Moved  int `json:"moved"`
	InWork int `json:"in_work"`
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
	Held   bool                 `json:"held,omitempty"` // nothing was done, since the batch is paused or held
	Result batch.DocumentResult `json:"result"`         // its Stages hold the timings of this run
	// PutOffUntil is set if nothing was done, since the document's service is left
	// alone until then.
	PutOffUntil time.Time `json:"put_off_until,omitzero"`
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
	// Alone says of a cancelled document that a person cancelled it, and not its batch.
	Alone bool `json:"alone,omitempty"`
}

// OutcomeResult is the outcome the store holds, which is an earlier one if the
// row had ended before. It is "" of a cancelled document that is to be read all the
// same, when its batch goes on.
type OutcomeResult struct {
	Outcome batch.Outcome `json:"outcome"`
	Reason  string        `json:"reason,omitempty"`
}
