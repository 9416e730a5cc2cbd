package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// Canaries is how many of a recovery's rows, from the first, are its canaries: n
// of each cause, or all that there are. See RegisterRecovery.
func (s *Store) Canaries(ctx context.Context, id string, n int) (canaries int, err error) {
	err = s.read.NewRaw(`SELECT coalesce(sum(CASE WHEN c.n < ? THEN c.n ELSE ? END), 0) FROM
		(SELECT count(*) AS n FROM batch_rows WHERE batch = ? AND origin_row > 0 GROUP BY cause) AS c`, n, n, id).Scan(ctx, &canaries)
	return canaries, s.failed(ctx, "count canaries", err)
}

// HoldBack ends the rows of a recovery that have no outcome as skipped, with
// batch.ReasonCanaryFailed, if one of the same cause among its first canaries rows
// failed or was cancelled. It returns how many it ended.
func (s *Store) HoldBack(ctx context.Context, id string, canaries int, at time.Time) (int, error) {
	var n int64
	err := s.updateRows(ctx, "hold rows back", id, func(ctx context.Context, tx bun.Tx) error {
		res, err := tx.NewRaw(`UPDATE batch_rows SET outcome = ?, reason = ?, finished_at = ?
			WHERE batch = ? AND outcome = '' AND row_no > ? AND cause IN
				(SELECT cause FROM batch_rows WHERE batch = ? AND row_no <= ? AND outcome IN (?, ?))`,
			string(batch.OutcomeSkipped), batch.ReasonCanaryFailed, toMicros(at), id, canaries,
			id, canaries, string(batch.OutcomeFailed), string(batch.OutcomeCancelled)).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err = res.RowsAffected(); err != nil {
			return err
		}
		_, err = tx.NewRaw(`DELETE FROM checkpoints WHERE batch = ? AND row_no IN
			(SELECT row_no FROM batch_rows WHERE batch = ? AND outcome = ? AND reason = ?)`,
			id, id, string(batch.OutcomeSkipped), batch.ReasonCanaryFailed).Exec(ctx)
		return err
	})
	if err != nil {
		return 0, err
	}
	return int(n), nil
}
