package store

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// LatestCause is failures that have category, stage, type and fingerprint in
// common, with the latest of them.
type LatestCause struct {
	Category    batch.Category
	Stage       batch.Stage
	Type        string
	Fingerprint string
	Count       int

	// Of the latest failure.
	At      time.Time
	Batch   string
	Row     int
	Message string
}

// LatestCauses groups by cause the failed rows that finished at since or later, the
// cause of the latest failure first. A limit of 0 lists them all.
func (s *Store) LatestCauses(ctx context.Context, since time.Time, limit int) ([]LatestCause, error) {
	var latest []struct {
		Category, Stage, ErrorType, Fingerprint, Message, Batch string
		Failures, RowNo                                         int
		FinishedAt                                              int64
	}
	err := s.view(ctx, "group latest failures", func(ctx context.Context, tx bun.Tx) error {
		cause := "PARTITION BY r.category, r.stage, r.error_type, r.fingerprint"
		// A batch that ended before has no row that finished since.
		numbered := FailureFilter{Since: since}.from(tx).Where("(b.finished_at = 0 OR b.finished_at >= ?)", toMicros(since)).
			ColumnExpr("r.category, r.stage, r.error_type, r.fingerprint, r.message, r.batch, r.row_no, r.finished_at").
			ColumnExpr("count(*) OVER (" + cause + ") AS failures").
			ColumnExpr("row_number() OVER (" + cause + " ORDER BY r.finished_at DESC, r.batch, r.row_no) AS place")
		return tx.NewSelect().TableExpr("(?) AS f", numbered).
			Column("category", "stage", "error_type", "fingerprint", "message", "batch", "row_no", "finished_at", "failures").
			Where("place = 1").OrderExpr("finished_at DESC, batch, row_no").Limit(int64(limit)).Scan(ctx, &latest)
	})
	causes := make([]LatestCause, len(latest))
	for i, l := range latest {
		causes[i] = LatestCause{
			Category: batch.Category(l.Category), Stage: batch.Stage(l.Stage), Type: l.ErrorType, Fingerprint: l.Fingerprint,
			Count: l.Failures, At: fromMicros(l.FinishedAt), Batch: l.Batch, Row: l.RowNo, Message: l.Message,
		}
	}
	return causes, err
}
