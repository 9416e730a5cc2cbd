package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"github.com/caseload/caseload/batch"
)

// SetOutcome records how a row ended. r names the row and how it ended; what it
// leaves zero, and what was registered, stays as it is stored. A failed row keeps
// its checkpoints, for a recovery to go on from; another outcome drops them, and
// those of the rows that this one recovers if it is unchanged. The first outcome
// wins: recorded says whether the row's outcome is r's, by this call or an
// earlier one with the same outcome, reason and failure; otherwise nothing
// changes, and Row tells the outcome there is, if any. A row is unchanged, and
// becomes a document, only if the project still holds that with the row's hash.
func (s *Store) SetOutcome(ctx context.Context, r Row) (recorded bool, err error) {
	const what = "set outcome"
	if !r.Outcome.Valid() {
		return false, s.failed(ctx, what, invalid("%q is not an outcome", string(r.Outcome)))
	}
	if (r.Outcome == batch.OutcomeFailed) != (r.Failure != nil) {
		return false, s.failed(ctx, what, invalid("a failure goes with the outcome failed, and with no other"))
	}
	r.Line, r.URI, r.Name, r.DocumentID, r.Metadata, r.Origin = 0, "", "", "", nil, 0 // as registered
	m, err := newRowModel(r)
	if err != nil {
		return false, s.failed(ctx, what, err)
	}
	err = s.update(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		if recorded, err = endRow(ctx, tx, m, stillHeld(r)...); err != nil {
			return err
		}
		if recorded {
			return new(script).add(endingCheckpoints(tx, m.Batch, m.RowNo, r.Outcome, r.Reason)).run(ctx, tx)
		}
		held, err := selectRow(ctx, tx, r.Batch, r.Row)
		if err != nil {
			return err
		}
		recorded = held.Outcome == m.Outcome && held.Reason == m.Reason && held.Fingerprint == m.Fingerprint
		return nil
	})
	return recorded && err == nil, err
}

// NoteStages records how long each stage of a row that has ended took, once the
// last of them, which ended it, is known too. It does not wait for that to be
// written: that is soon, and a crash may lose it.
func (s *Store) NoteStages(batchID string, row int, stages []batch.StageTiming) {
	encoded, err := encode(stages, len(stages))
	if err != nil {
		return // numbers and words can be encoded
	}
	s.write.later(func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model((*rowModel)(nil)).Set("stages = ?", encoded).
			Where("batch = ?", batchID).Where("row_no = ?", row).Where("outcome <> ''").Exec(ctx)
		return err
	})
}

// NoteContent records which content a row without outcome was read from, by its
// SHA-256 in hexadecimal and its size: for how it may fail. A row that has ended
// stays as it is.
func (s *Store) NoteContent(ctx context.Context, batchID string, row int, sha256 string, bytes int64) error {
	return s.update(ctx, "note content", func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewUpdate().Model((*rowModel)(nil)).Set("sha256 = ?", sha256).Set("bytes = ?", bytes).
			Where("batch = ?", batchID).Where("row_no = ?", row).Where("outcome = ''").Exec(ctx)
		return err
	})
}

// CancelPending ends all rows of the batch that have no outcome as cancelled, and
// returns how many those were.
func (s *Store) CancelPending(ctx context.Context, batchID string, at time.Time) (int, error) {
	var n int64
	err := s.updateRows(ctx, "cancel pending rows", batchID, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewUpdate().Model((*rowModel)(nil)).
			Set("outcome = ?", string(batch.OutcomeCancelled)).Set("finished_at = ?", toMicros(at)).
			Where("batch = ?", batchID).Where("outcome = ''").Exec(ctx)
		if err != nil {
			return err
		}
		if n, err = res.RowsAffected(); err != nil {
			return err
		}
		// Rows that failed before keep theirs.
		_, err = tx.NewRaw(`DELETE FROM checkpoints WHERE batch = ? AND row_no IN
			(SELECT row_no FROM batch_rows WHERE batch = ? AND outcome = ?)`, batchID, batchID, string(batch.OutcomeCancelled)).Exec(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}

// Reopen takes the outcome back from the rows of a held batch that failed with this
// fingerprint, all or none: they are pending again, with their checkpoints. It
// returns those, by row number, and how many are failed still: all, if the batch is
// not held, and those that were refused at submission.
func (s *Store) Reopen(ctx context.Context, batchID, fingerprint string) (reopened []ReopenedRow, left int, err error) {
	err = s.update(ctx, "reopen rows", func(ctx context.Context, tx bun.Tx) error {
		b, err := selectBatch(ctx, tx, batchID)
		if err != nil {
			return err
		}
		reopened = nil
		if b.Status == batch.StatusHeld {
			var failed []struct {
				RowNo      int
				FinishedAt int64
			}
			if err := tx.NewSelect().Model((*rowModel)(nil)).Column("row_no", "finished_at").
				Where("batch = ?", batchID).Where("outcome = ?", string(batch.OutcomeFailed)).
				Where("fingerprint = ?", fingerprint).Where("refused = 0").Order("row_no").Scan(ctx, &failed); err != nil {
				return err
			}
			for _, f := range failed {
				reopened = append(reopened, ReopenedRow{f.RowNo, fromMicros(f.FinishedAt)})
			}
			_, err := tx.NewUpdate().Model((*rowModel)(nil)).
				Set("outcome = '', category = '', stage = '', error_type = '', fingerprint = '', message = ''").
				Set("failure_attempts = 0, rule = '', attempts = 0, stages = '', started_at = 0, finished_at = 0").
				Where("batch = ?", batchID).Where("outcome = ?", string(batch.OutcomeFailed)).
				Where("fingerprint = ?", fingerprint).Where("refused = 0").Exec(ctx)
			if err != nil {
				return err
			}
		}
		n, err := tx.NewSelect().Model((*rowModel)(nil)).Where("batch = ?", batchID).
			Where("outcome = ?", string(batch.OutcomeFailed)).Where("fingerprint = ?", fingerprint).Count(ctx)
		left = int(n)
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	return reopened, left, nil
}

// ReopenedRow is a row whose failure is taken back, and when it had failed.
type ReopenedRow struct {
	Row      int
	FailedAt time.Time
}

// stillHeld says of a row that is skipped since the project holds its content that
// this must be so: what a cache knows of a document may be out of date.
func stillHeld(r Row) []schema.QueryWithArgs {
	if r.Reason != batch.ReasonUnchanged || r.Document == "" {
		return nil
	}
	return []schema.QueryWithArgs{bun.SafeQuery(`EXISTS (SELECT 1 FROM batches AS b JOIN documents AS d ON d.project = b.project
		WHERE b.id = ? AND d.id = ? AND d.sha256 = ?)`, r.Batch, r.Document, r.SHA256)}
}

// endingRow writes what is not zero of m to its row, if that has no outcome yet and
// the conditions hold.
func endingRow(tx bun.Tx, m *rowModel, conditions ...schema.QueryWithArgs) *bun.UpdateQuery {
	q := tx.NewUpdate().Model(m).OmitZero().WherePK().Where("outcome = ''")
	for _, c := range conditions {
		q.Where("?", c)
	}
	return q
}

func endRow(ctx context.Context, tx bun.Tx, m *rowModel, conditions ...schema.QueryWithArgs) (ended bool, err error) {
	res, err := endingRow(tx, m, conditions...).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}
