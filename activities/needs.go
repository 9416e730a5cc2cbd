package activities

import (
	"context"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// DocumentStore is what reading documents needs of a store; see store.Store.
type DocumentStore interface {
	Batch(ctx context.Context, id string) (store.Batch, error)
	Work(ctx context.Context, batchID string, row int) (store.Row, store.Batch, error)
	SetOutcome(ctx context.Context, r store.Row) (recorded bool, err error)

	NoteContent(ctx context.Context, batchID string, row int, sha256 string, bytes int64) error
	FindContent(ctx context.Context, project, sha256, pipeline string) (d store.Document, ok bool, err error)
	Lookup(ctx context.Context, req store.LookupRequest) (store.Lookup, error)
	EntityChanges(ctx context.Context, project string, since int64, limit int) (store.EntityChanges, error)
	PinnedNames(ctx context.Context, project string, decision int64) (store.PinnedNames, error)
	SaveResult(ctx context.Context, req store.SaveRequest) (store.Saved, error)
	NoteStages(batchID string, row int, stages []batch.StageTiming)

	Checkpoint(ctx context.Context, batchID string, row int, stage batch.Stage) (payload []byte, ok bool, err error)
	SaveCheckpoint(ctx context.Context, batchID string, row int, stage batch.Stage, payload []byte, took ...batch.StageTiming) error

	throttleStore
	modelStore
}

// BatchStore is what running batches needs of a store; see store.Store.
type BatchStore interface {
	Batch(ctx context.Context, id string) (store.Batch, error)
	SetBatchStatus(ctx context.Context, id string, status batch.Status, at time.Time) error
	SetControl(ctx context.Context, id string, c batch.Control, d *batch.Decision) error
	Audit(ctx context.Context, l store.AuditLine, key string) error
	Decisions(ctx context.Context, id string, limit int) ([]batch.Decision, error)

	Tally(ctx context.Context, batchID string) (store.Tally, error)
	ModelUse(ctx context.Context, batchID string) (batch.ModelUse, error)
	InWork(ctx context.Context, batchID string) (batch.InWork, error)
	Errors(ctx context.Context, batchID string) ([]batch.ErrorGroup, error)
	PendingRows(ctx context.Context, batchID string, r store.RowRange) ([]int, error)
	Throttled(ctx context.Context, at time.Time) ([]store.Throttle, error)
	PutOff(ctx context.Context, batchID string, r store.RowRange) (until time.Time, err error)
	CancelPending(ctx context.Context, batchID string, at time.Time) (int, error)
	Reopen(ctx context.Context, batchID, fingerprint string) (reopened []store.ReopenedRow, left int, err error)

	Canaries(ctx context.Context, id string, n int) (canaries int, err error)
	HoldBack(ctx context.Context, id string, canaries int, at time.Time) (int, error)
}

// Fetcher brings a document's file to a folder; see source.Source.
type Fetcher interface {
	Fetch(ctx context.Context, uri, dir string, progress func(bytes int64)) (source.File, error)
}
