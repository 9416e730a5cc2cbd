// Package certificate is the reconciliation of a batch with its manifest in a
// form that can be kept and checked: one line of JSON for each row, the totals,
// and a SHA-256 over all of it. docs/failures.md defines the form byte by byte.
// It reads no store.
package certificate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/caseload/caseload/batch"
)

// Version is the version of the form.
const Version = 1

// Header is the first line: the batch. Times are as Time writes them.
type Header struct {
	Version    int    `json:"certificate"`
	Batch      string `json:"batch"`
	Project    string `json:"project"`
	Status     string `json:"status"`
	Rows       int    `json:"rows"`     // of the manifest
	Pipeline   string `json:"pipeline"` // that the batch was registered with
	CreatedAt  string `json:"created_at"`
	StartedAt  string `json:"started_at"`
	FinishedAt string `json:"finished_at"`
	Names      bool   `json:"names"` // whether rows have name and URI
}

// Row is a row of the manifest and how it ended.
type Row struct {
	Row         int    `json:"row"`    // from 1
	SHA256      string `json:"sha256"` // of the content, 64 hex digits; "" if it was never fetched
	Outcome     string `json:"outcome"`
	Reason      string `json:"reason"`      // of a skipped row; of a completed one, why it is partial
	Category    string `json:"category"`    // of a failed row
	Fingerprint string `json:"fingerprint"` // of a failed row
	Attempts    int    `json:"attempts"`
	FinishedAt  string `json:"finished_at"`
	Pipeline    string `json:"pipeline"`
	// Name and URI are nil, and their keys left out, unless the header has Names.
	Name *string `json:"name,omitempty"`
	URI  *string `json:"uri,omitempty"`
}

// Totals is the line after the rows.
type Totals struct {
	Completed int `json:"completed"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"`
	Cancelled int `json:"cancelled"`
	Rows      int `json:"rows"` // the sum
}

func (t *Totals) add(outcome string) error {
	switch batch.Outcome(outcome) {
	case batch.OutcomeCompleted:
		t.Completed++
	case batch.OutcomeSkipped:
		t.Skipped++
	case batch.OutcomeFailed:
		t.Failed++
	case batch.OutcomeCancelled:
		t.Cancelled++
	default:
		return fmt.Errorf("%q is no outcome", outcome)
	}
	t.Rows++
	return nil
}

// totalsLine and sealLine wrap what the last two lines hold.
type totalsLine struct {
	Totals Totals `json:"totals"`
}

type sealLine struct {
	SHA256 string `json:"sha256"` // of all bytes before this line
}

// timeForm is RFC 3339 in UTC with six digits of the second.
const timeForm = "2006-01-02T15:04:05.000000Z"

// Time is t as a certificate has it: in UTC, to the microsecond; "" if it is zero.
func Time(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(timeForm)
}

// encode is v's line in canonical form, with the line feed.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}
