package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// PlanRecovery groups the failed rows of a batch by cause, and by whether a
// recovery with this selection takes them or why it leaves them out: those that
// it takes first, then the most frequent.
func (s *Store) PlanRecovery(ctx context.Context, id string, sel batch.Selection) ([]batch.RecoveryGroup, error) {
	const what = "plan recovery"
	sel = sel.WithDefaults()
	if err := sel.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	if err := batchExists(ctx, s.read, id); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	var sums []struct {
		Category, Stage, ErrorType, Fingerprint, Message, Why, Holder string
		N                                                             int
		FailedAt                                                      int64
	}
	ctes, args := judged(id, sel)
	err := s.read.NewRaw("WITH RECURSIVE "+ctes+` SELECT category, stage, error_type, fingerprint, min(message) AS message,
			why, CASE WHEN why = 'recovering' THEN holder ELSE '' END AS holder, count(*) AS n, max(finished_at) AS failed_at
		FROM judged GROUP BY 1, 2, 3, 4, 6, 7
		ORDER BY CASE WHEN why = '' THEN 0 ELSE 1 END, n DESC, min(row_no)`, args...).Scan(ctx, &sums)
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	groups := make([]batch.RecoveryGroup, len(sums))
	for i, g := range sums {
		groups[i] = batch.RecoveryGroup{
			Category: batch.Category(g.Category), Stage: batch.Stage(g.Stage), Type: g.ErrorType, Fingerprint: g.Fingerprint,
			Message: g.Message, Count: g.N, FailedAt: fromMicros(g.FailedAt), Why: batch.LeftOut(g.Why), Batch: g.Holder,
		}
	}
	return groups, nil
}

// RegisterRecovery writes b, which recovers b.Recovers, with a row for each failed
// row that the selection takes, and with the checkpoints of its latest failure, if
// the same version of the pipeline made them: all or nothing. Its project is the
// original's.
//
// The ID is the idempotency key, as of RegisterBatch. ErrNoRows says that no row
// is taken, ErrNotEnded that the original still runs; then nothing is registered.
// A row is in one recovery at a time, however many are registered at once.
//
// Rows come in the original's order; with a positive canary, so many of each cause
// come before all others.
func (s *Store) RegisterRecovery(ctx context.Context, b Batch, sel batch.Selection, canary int) (stored Batch, created bool, err error) {
	const what = "register recovery"
	sel = sel.WithDefaults()
	if err := errors.Join(batch.CheckName("batch ID", b.ID), sel.Validate()); err != nil {
		return Batch{}, false, fmt.Errorf("%s: %w", what, err)
	}
	if b.CreatedAt.IsZero() {
		b.CreatedAt = time.Now()
	}
	b.Status = batch.StatusRegistered
	if stored, err = s.Batch(ctx, b.ID); !errors.Is(err, ErrNotFound) {
		return stored, false, err
	}
	original, err := s.Batch(ctx, b.Recovers)
	if err != nil {
		return Batch{}, false, err
	}
	if !original.Status.Terminal() {
		return Batch{}, false, fmt.Errorf("%s of %s: %w", what, b.Recovers, ErrNotEnded)
	}
	b.Project = original.Project

	db, err := s.detached()
	if err != nil {
		return Batch{}, false, s.failed(ctx, what, err)
	}
	defer func() {
		if closeErr := db.Close(); err == nil && closeErr != nil {
			err = s.failed(ctx, what, closeErr)
		}
	}()
	err = s.write.alone(ctx, db, func(ctx context.Context, tx bun.Tx) error {
		created, err = insertRecovery(ctx, tx, b, sel, canary)
		return err
	})
	if err != nil {
		return Batch{}, false, s.failed(ctx, what, err)
	}
	stored, err = s.Batch(ctx, b.ID)
	return stored, created, err
}

// insertRecovery writes the batch and its rows, unless the batch exists.
func insertRecovery(ctx context.Context, tx bun.Tx, b Batch, sel batch.Selection, canary int) (created bool, err error) {
	if err := take(ctx, tx, turnRecovery, b.Project); err != nil {
		return false, err
	}
	if exists, err := tx.NewSelect().Model((*batchModel)(nil)).Where("id = ?", b.ID).Exists(ctx); err != nil || exists {
		return false, err
	}
	ctes, args := judged(b.Recovers, sel)
	_, err = tx.NewRaw("CREATE TEMPORARY TABLE taken AS WITH RECURSIVE "+ctes+`,
		placed AS (
			SELECT row_no, from_batch, from_row, fingerprint,
				CASE WHEN row_number() OVER (PARTITION BY fingerprint ORDER BY row_no) <= ? THEN 0 ELSE 1 END AS later
			FROM judged WHERE why = ''
		)
		SELECT row_number() OVER (ORDER BY CASE WHEN ? > 0 THEN later ELSE 0 END, row_no) AS new_row,
			row_no, from_batch, from_row, fingerprint FROM placed`, append(args, canary, canary)...).Exec(ctx)
	if err != nil {
		return false, err
	}
	if err := tx.NewRaw("SELECT count(*) FROM taken").Scan(ctx, &b.Rows); err != nil {
		return false, err
	}
	if b.Rows == 0 {
		return false, ErrNoRows
	}
	m, err := newBatchModel(b)
	if err != nil {
		return false, err
	}
	res, err := tx.NewInsert().Model(m).On("CONFLICT (id) DO NOTHING").Exec(ctx)
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err // registered meanwhile, in another project
	}
	_, err = tx.NewRaw(`INSERT INTO batch_rows (batch, row_no, line, uri, name, document_id, metadata, bytes, origin_row, cause,
			outcome, reason, category, stage, error_type, fingerprint, message, failure_attempts, document, sha256,
			pages, chunks, mentions, entities, relationships, attachments, attempts, stages, started_at, finished_at)
		SELECT ?, t.new_row, r.line, r.uri, r.name, r.document_id, r.metadata, r.bytes, r.row_no, t.fingerprint,
			'', '', '', '', '', '', '', 0, '', '', 0, 0, 0, 0, 0, 0, 0, '', 0, 0
		FROM taken AS t JOIN batch_rows AS r ON r.batch = ? AND r.row_no = t.row_no ORDER BY t.new_row`, b.ID, b.Recovers).Exec(ctx)
	if err != nil {
		return false, err
	}
	_, err = tx.NewRaw(`INSERT INTO checkpoints (batch, row_no, stage, encoding, payload)
		SELECT ?, t.new_row, c.stage, c.encoding, c.payload
		FROM taken AS t JOIN checkpoints AS c ON c.batch = t.from_batch AND c.row_no = t.from_row
		JOIN batches AS b ON b.id = t.from_batch WHERE b.pipeline = ?`, b.ID, b.Pipeline).Exec(ctx)
	return err == nil, err
}

// Recoveries lists the batches that recover a batch, and those that recover these,
// oldest first.
func (s *Store) Recoveries(ctx context.Context, id string) ([]Batch, error) {
	const what = "list recoveries"
	var ms []batchModel
	err := s.read.NewRaw(`WITH RECURSIVE later(id) AS (
			SELECT id FROM batches WHERE recovers = ?
		UNION
			SELECT b.id FROM later AS l JOIN batches AS b ON b.recovers = l.id
		)
		SELECT b.* FROM later AS l JOIN batches AS b ON b.id = l.id ORDER BY b.created_at, b.id`, id).Scan(ctx, &ms)
	if err == nil && len(ms) == 0 {
		err = batchExists(ctx, s.read, id)
	}
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	batches := make([]Batch, len(ms))
	for i := range ms {
		if batches[i], err = ms[i].batch(); err != nil {
			return nil, s.failed(ctx, what, err)
		}
	}
	return batches, nil
}

// countRecovered counts the failed rows of a batch that a recovery of it, or a
// recovery of that, has recovered.
func countRecovered(ctx context.Context, db bun.IDB, id string) (n int, err error) {
	err = db.NewRaw(`WITH RECURSIVE later(row_no, batch, at_row) AS (
			SELECT r.origin_row, r.batch, r.row_no FROM batches AS b
			JOIN batch_rows AS r ON r.batch = b.id AND r.origin_row > 0 WHERE b.recovers = ?
		UNION ALL
			SELECT l.row_no, r.batch, r.row_no FROM later AS l
			JOIN batches AS b ON b.recovers = l.batch
			JOIN batch_rows AS r ON r.batch = b.id AND r.origin_row = l.at_row AND r.origin_row > 0
		)
		SELECT count(DISTINCT l.row_no) FROM later AS l
		JOIN batch_rows AS r ON r.batch = l.batch AND r.row_no = l.at_row WHERE `+isRecovered, id).Scan(ctx, &n)
	return n, err
}
