package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// BatchFilter selects batches. Zero fields select all.
type BatchFilter struct {
	Project string
	Status  batch.Status
	Since   time.Time // those that have not ended, and those that ended then or later
	Limit   int
}

// terminal are the statuses that a batch does not leave.
var terminal = []batch.Status{
	batch.StatusCompleted, batch.StatusCompletedWithFailures, batch.StatusFailed, batch.StatusCancelled,
}

// Batch is the batch with this ID, or ErrNotFound.
func (s *Store) Batch(ctx context.Context, id string) (Batch, error) {
	b, err := selectBatch(ctx, s.read, id)
	return b, s.failed(ctx, "read batch", err)
}

// ListBatches lists batches, newest first.
func (s *Store) ListBatches(ctx context.Context, f BatchFilter) ([]Batch, error) {
	const what = "list batches"
	var ms []batchModel
	q := s.read.NewSelect().Model(&ms).OrderExpr("created_at DESC, id DESC").Limit(int64(f.Limit))
	if f.Project != "" {
		q.Where("project = ?", f.Project)
	}
	if f.Status != "" {
		q.Where("status = ?", string(f.Status))
	}
	if !f.Since.IsZero() {
		q.Where("(finished_at = 0 OR finished_at >= ?)", toMicros(f.Since))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	batches := make([]Batch, len(ms))
	for i := range ms {
		var err error
		if batches[i], err = ms[i].batch(); err != nil {
			return nil, s.failed(ctx, what, err)
		}
	}
	return batches, nil
}

// SetBatchStatus records that the batch reached status at a time: running, that
// it was opened, which sets when it started and ends a pause or a cancellation;
// a terminal status, when it finished; each time once. A terminal status is never
// left again, nor any status for registered; then nothing changes. SetControl
// sets the statuses between.
func (s *Store) SetBatchStatus(ctx context.Context, id string, status batch.Status, at time.Time) error {
	const what = "set batch status"
	if status != batch.StatusRegistered && status != batch.StatusRunning && !status.Terminal() {
		return s.failed(ctx, what, invalid("%q is not a status of a batch", string(status)))
	}
	return s.update(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		held, err := selectBatchToChange(ctx, tx, id)
		if err != nil || held.Status.Terminal() || status == batch.StatusRegistered {
			return err
		}
		q := tx.NewUpdate().Model((*batchModel)(nil)).Set("status = ?", string(status)).
			Where("id = ?", id).Where("status NOT IN (?)", bun.List(terminal))
		if status == batch.StatusRunning {
			control, err := encodeControl(reopened(held.Control))
			if err != nil {
				return err
			}
			q.Set("started_at = CASE WHEN started_at = 0 THEN ? ELSE started_at END", toMicros(at)).Set("control = ?", control)
		} else {
			q.Set("finished_at = ?", toMicros(at))
		}
		_, err = q.Exec(ctx)
		return err
	})
}

// reopened is c for a batch that runs again: nobody holds it any more.
func reopened(c batch.Control) batch.Control {
	if !c.Status.Waiting() && !c.Status.Ending() {
		return c
	}
	return batch.Control{Status: batch.StatusRunning, Priority: c.Priority, Concurrency: c.Concurrency}
}

func selectBatch(ctx context.Context, db bun.IDB, id string) (Batch, error) {
	return scanBatch(ctx, db.NewSelect(), id)
}

// selectBatchToChange is selectBatch, and the batch stays so until the transaction
// ends.
func selectBatchToChange(ctx context.Context, tx bun.Tx, id string) (Batch, error) {
	return scanBatch(ctx, keep(tx.NewSelect(), "b"), id)
}

func scanBatch(ctx context.Context, q *bun.SelectQuery, id string) (Batch, error) {
	var m batchModel
	err := q.Model(&m).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = noBatch(id)
	}
	if err != nil {
		return Batch{}, err
	}
	return m.batch()
}

// batchExists is ErrNotFound if there is no such batch.
func batchExists(ctx context.Context, db bun.IDB, id string) error {
	ok, err := db.NewSelect().Model((*batchModel)(nil)).Where("id = ?", id).Exists(ctx)
	if err == nil && !ok {
		err = noBatch(id)
	}
	return err
}
