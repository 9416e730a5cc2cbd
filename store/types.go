package store

import (
	"encoding/json"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// Project is a tenant: a matter or a client.
type Project struct {
	ID        string
	Weight    float64 // its share of a queue that several projects wait in, relative to theirs; 1 unless set
	CreatedAt time.Time
	Batches   int
	Documents int
}

// Batch is a batch as registered. Times are UTC, in microseconds, and zero where
// there is none.
type Batch struct {
	ID       string
	Project  string
	Source   string // what was submitted; shown to people only
	Priority batch.Priority
	Status   batch.Status
	Options  json.RawMessage
	Rows     int
	Pipeline string
	Control  batch.Control // as it was last set, also of a batch that has ended; zero before
	Recovers string        // ID of the batch whose failed rows these are; "" if none

	Decision      int64     // the latest on the project's entities; Work alone tells it,
	EntityVersion int64     // of the project's entities, and when
	ProjectSince  time.Time // the project was made

	CreatedAt, StartedAt, FinishedAt time.Time
}

// Row is one row of a batch's manifest and how it ended.
type Row struct {
	Batch      string
	Row        int // from 1
	Line       int // of the manifest; 0 if there is none
	URI        string
	Name       string
	DocumentID string // the caller's; may be empty
	Metadata   map[string]string
	Origin     int // the row in the batch that this one's recovers; 0 if none

	Checkpoints int // that are kept of it; Work alone tells

	Outcome  batch.Outcome // "" while pending
	Reason   string
	Failure  *batch.Failure
	Document string // ID of the document it became
	SHA256   string
	Bytes    int64
	// Pages to Relationships count what was read from the document itself: its
	// attachments are documents of their own.
	Pages, Chunks, Mentions, Entities, Relationships int
	Attachments                                      int

	Attempts              int
	StartedAt, FinishedAt time.Time
	Stages                []batch.StageTiming
}

// Document is what is kept of a document besides its content.
type Document struct {
	Project, ID, SHA256, Pipeline     string
	Name, URI, Format, MediaType      string // URI is empty for an attachment
	Kind                              document.Kind
	Certainty                         float64 // of Kind, 0 to 1
	KindSource                        string  // of Kind: document.SourceModel, or "" for the rules
	Model                             string  // language model that has read all of it, as document.Result has it
	Bytes                             int64
	Pages, Characters, Chunks         int
	Mentions, Entities, Relationships int
	Metadata                          map[string]string
	Warnings                          []document.Warning
	Batch                             string // this and Row: what read it
	Row                               int
	CreatedAt                         time.Time // when it was read
}

// Attachment is a document within a document, as SaveResult is given it.
type Attachment struct {
	Name      string
	MediaType string
	SHA256    string
	Bytes     int64
	Result    *document.Result // nil if it failed
	Failure   *batch.Failure   // why it failed
}

// Link is an attachment of a stored document.
type Link struct {
	Project, Parent string
	Ordinal         int    // from 0, in the parent's order
	Child           string // document ID; empty if the attachment failed
	Name            string
	MediaType       string
	SHA256          string
	Bytes           int64
	Outcome         batch.Outcome // completed, skipped (the project held it already) or failed
	Reason          string
	Failure         *batch.Failure
}

// EntityKey names an entity within a project.
type EntityKey struct {
	Type document.EntityType
	Key  string
}

// EntityCount is an entity and how often it is named.
type EntityCount struct {
	document.Entity
	Documents int `json:"documents"`
	Mentions  int `json:"mentions"`
}

// RelationshipCount is a relationship between two entities and how often
// documents state it.
type RelationshipCount struct {
	Type       document.RelationType `json:"type"`
	From       string                `json:"from"` // entity ID
	FromType   document.EntityType   `json:"from_type"`
	FromName   string                `json:"from_name"`
	To         string                `json:"to"` // entity ID
	ToType     document.EntityType   `json:"to_type"`
	ToName     string                `json:"to_name"`
	Documents  int                   `json:"documents"`
	Count      int                   `json:"count"`      // of passages
	Confidence float64               `json:"confidence"` // of the surest passage, 0 to 1
}

// Tally is how a batch stands. Bytes to Attachments sum over its completed rows.
type Tally struct {
	Counts                                           batch.Counts // Running is 0: a row that runs has no outcome yet, and is pending
	Bytes                                            int64
	Pages, Chunks, Mentions, Entities, Relationships int
	Attachments                                      int
}

// Attached is what a batch's completed documents brought as attachments, and what
// was read from those, none of which a Tally sums up.
type Attached struct {
	Read, Unchanged, Failed                int // Unchanged: the project held the content already
	Bytes                                  int64
	Pages, Chunks, Mentions, Relationships int // of those read
}

// Total is how many there are.
func (a Attached) Total() int { return a.Read + a.Unchanged + a.Failed }
