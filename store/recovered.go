package store

import (
	"context"

	"github.com/uptrace/bun"
)

// selectRecovered tells add, by cause and batch, which batches recovered the failed
// rows of f or have them in work. A row that is recovered counts where it was
// first by the batches' IDs, one that is not where it is pending.
func selectRecovered(ctx context.Context, tx bun.Tx, f FailureFilter,
	add func(category, stage, errorType, fingerprint, batchID string, r CauseRecovery)) error {
	// Only batches that are, or have, recoveries.
	failed := f.from(tx).Column("r.batch", "r.row_no", "r.category", "r.stage", "r.error_type", "r.fingerprint").
		Where("(b.recovers <> '' OR EXISTS (SELECT 1 FROM batches AS c WHERE c.recovers = b.id))")
	var sums []struct {
		Category, Stage, ErrorType, Fingerprint, Batch, ByBatch string
		Recovered, Recovering                                   int
	}
	err := tx.NewRaw(`WITH RECURSIVE failed AS (?),
		up(batch, row_no, at_batch, at_row) AS (
			SELECT batch, row_no, batch, row_no FROM failed
		UNION ALL
			SELECT u.batch, u.row_no, p.id, r.origin_row FROM up AS u
			JOIN batches AS b ON b.id = u.at_batch JOIN batches AS p ON p.id = b.recovers
			JOIN batch_rows AS r ON r.batch = u.at_batch AND r.row_no = u.at_row
		),
		family(batch, row_no, at_batch, at_row) AS (
			SELECT u.batch, u.row_no, u.at_batch, u.at_row FROM up AS u JOIN batches AS b ON b.id = u.at_batch
			WHERE NOT EXISTS (SELECT 1 FROM batches AS p WHERE p.id = b.recovers)
		UNION ALL
			SELECT f.batch, f.row_no, r.batch, r.row_no FROM family AS f
			JOIN batches AS b ON b.recovers = f.at_batch
			JOIN batch_rows AS r ON r.batch = b.id AND r.origin_row = f.at_row AND r.origin_row > 0
		),
		stands AS (
			SELECT f.batch, f.row_no,
				min(CASE WHEN `+isRecovered+` THEN f.at_batch END) AS recovered,
				min(CASE WHEN r.outcome = '' THEN f.at_batch END) AS recovering
			FROM family AS f JOIN batch_rows AS r ON r.batch = f.at_batch AND r.row_no = f.at_row
			GROUP BY f.batch, f.row_no
		)
		SELECT d.category, d.stage, d.error_type, d.fingerprint, d.batch, coalesce(s.recovered, s.recovering) AS by_batch,
			count(s.recovered) AS recovered, count(CASE WHEN s.recovered IS NULL THEN 1 END) AS recovering
		FROM failed AS d JOIN stands AS s ON s.batch = d.batch AND s.row_no = d.row_no
		WHERE s.recovered IS NOT NULL OR s.recovering IS NOT NULL
		GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY count(*) DESC, 6`, failed).Scan(ctx, &sums)
	for _, g := range sums {
		add(g.Category, g.Stage, g.ErrorType, g.Fingerprint, g.Batch, CauseRecovery{Batch: g.ByBatch, Recovered: g.Recovered, Recovering: g.Recovering})
	}
	return err
}
