package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// Ending is how a row of a batch ended, as far as a reconciliation needs it.
type Ending struct {
	Row         int
	Name, URI   string
	SHA256      string        // of the content; "" if it was never fetched
	Outcome     batch.Outcome // "" while pending
	Reason      string
	Category    batch.Category // of the failure; "" if there is none
	Fingerprint string         // likewise
	Attempts    int
	FinishedAt  time.Time
	// Pipeline is the version that read the row's document or, where the row's
	// reading is not what the project holds of it, the one the batch was
	// registered with.
	Pipeline string
}

// Endings gives begin the batch, and then each its rows, ascending, one by one
// and all of one moment. An error of either ends it and is returned as it is. A
// batch that does not exist is ErrNotFound. Neither may use the store.
func (s *Store) Endings(ctx context.Context, batchID string, begin func(Batch) error, each func(Ending) error) error {
	var theirs error
	err := s.view(ctx, "read how rows ended", func(ctx context.Context, tx bun.Tx) error {
		b, err := selectBatch(ctx, tx, batchID)
		if err != nil {
			return err
		}
		if theirs = begin(b); theirs != nil {
			return theirs
		}
		rows, err := tx.QueryContext(ctx, `SELECT r.row_no, r.name, r.uri, r.sha256, r.outcome, r.reason, r.category, r.fingerprint,
				r.attempts, r.finished_at, coalesce(d.pipeline, ?) AS pipeline
			FROM batch_rows AS r
			LEFT JOIN documents AS d ON d.project = ? AND d.id = r.document AND d.batch = r.batch AND d.row_no = r.row_no
			WHERE r.batch = ? ORDER BY r.row_no`, b.Pipeline, b.Project, batchID)
		if err != nil {
			return err
		}
		defer rows.Close()
		return eachEnding(rows, func(e Ending) error {
			theirs = each(e)
			return theirs
		})
	})
	if theirs != nil {
		return theirs
	}
	return err
}

func eachEnding(rows *sql.Rows, each func(Ending) error) error {
	for rows.Next() {
		var (
			e  Ending
			at int64
		)
		err := rows.Scan(&e.Row, &e.Name, &e.URI, &e.SHA256, &e.Outcome, &e.Reason, &e.Category, &e.Fingerprint,
			&e.Attempts, &at, &e.Pipeline)
		if err != nil {
			return err
		}
		e.FinishedAt = fromMicros(at)
		if err := each(e); err != nil {
			return err
		}
	}
	return rows.Err()
}
