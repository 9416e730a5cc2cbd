package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// registerRows is how many rows one statement inserts.
const registerRows = 500

// RegisterBatch writes the batch and its rows, all or none. The ID is the
// idempotency key: if it exists, the stored batch is returned, rows are not read
// and created is false. The project is made if it is new. A status of "" means
// registered.
//
// Rows come in ascending order of their number, which is their place if 0. Those
// with a Failure are registered as failed, which no recovery takes. They are read one by one, without
// holding up other writers; none, or an error among them, registers nothing.
func (s *Store) RegisterBatch(ctx context.Context, b Batch, rows iter.Seq2[Row, error]) (stored Batch, created bool, err error) {
	const what = "register batch"
	if err := errors.Join(batch.CheckName("batch ID", b.ID), batch.CheckName("project", b.Project)); err != nil {
		return Batch{}, false, fmt.Errorf("%s: %w", what, err)
	}
	if b.Status == "" {
		b.Status = batch.StatusRegistered
	}
	if b.CreatedAt.IsZero() {
		b.CreatedAt = time.Now()
	}
	if stored, err = s.Batch(ctx, b.ID); !errors.Is(err, ErrNotFound) {
		return stored, false, err
	}

	db, err := s.detached()
	if err != nil {
		return Batch{}, false, s.failed(ctx, what, err)
	}
	defer func() {
		if closeErr := db.Close(); err == nil && closeErr != nil {
			err = s.failed(ctx, what, closeErr)
		}
	}()
	if b.Rows, err = spool(ctx, db, b, rows); err != nil {
		return Batch{}, false, s.failed(ctx, what, err)
	}
	err = s.write.alone(ctx, db, func(ctx context.Context, tx bun.Tx) error {
		created, err = insertBatch(ctx, tx, b)
		return err
	})
	if err != nil {
		return Batch{}, false, s.failed(ctx, what, err)
	}
	stored, err = s.Batch(ctx, b.ID)
	return stored, created, err
}

// spool writes rows to a temporary table of db's connection, and returns how
// many there are.
func spool(ctx context.Context, db *bun.DB, b Batch, rows iter.Seq2[Row, error]) (int, error) {
	if _, err := db.NewRaw("CREATE TEMPORARY TABLE new_rows AS SELECT * FROM batch_rows WHERE 1 = 0").Exec(ctx); err != nil {
		return 0, err
	}
	n, last := 0, 0
	buf := make([]*rowModel, 0, registerRows)
	flush := func() error {
		if len(buf) == 0 {
			return nil
		}
		_, err := db.NewInsert().Model(&buf).ModelTableExpr("new_rows").Exec(ctx)
		n += len(buf)
		buf = buf[:0]
		return err
	}
	for r, err := range rows {
		if err != nil {
			return 0, err
		}
		if r.Row == 0 {
			r.Row = last + 1
		}
		if r.Row <= last {
			return 0, invalid("row %d comes after row %d", r.Row, last)
		}
		last = r.Row
		m, err := registeredRow(b, r)
		if err != nil {
			return 0, err
		}
		if buf = append(buf, m); len(buf) == registerRows {
			if err := flush(); err != nil {
				return 0, err
			}
		}
	}
	if err := flush(); err != nil {
		return 0, err
	}
	if n == 0 {
		return 0, ErrNoRows
	}
	return n, nil
}

func registeredRow(b Batch, r Row) (*rowModel, error) {
	r.Batch = b.ID
	if !utf8.ValidString(r.URI) || strings.IndexByte(r.URI, 0) >= 0 {
		r.URI = clean(r.URI)
		if r.Failure == nil {
			f := batch.NewFailure(batch.StageFetch, batch.NewError(batch.Data, "InvalidURI", "the URI is not valid UTF-8: percent-encode it"))
			r.Failure = &f
		}
	}
	if r.Failure != nil {
		r.Outcome = batch.OutcomeFailed
	}
	if r.Outcome != "" && r.FinishedAt.IsZero() {
		r.FinishedAt = b.CreatedAt
	}
	m, err := newRowModel(r)
	if err == nil && r.Failure != nil {
		m.Refused = 1
	}
	return m, err
}

// insertBatch writes the batch with the rows spooled on its connection, unless
// the batch exists.
func insertBatch(ctx context.Context, tx bun.Tx, b Batch) (created bool, err error) {
	_, err = tx.NewRaw("INSERT INTO projects (id, created_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING", b.Project, toMicros(b.CreatedAt)).Exec(ctx)
	if err != nil {
		return false, err
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
		return false, err
	}
	_, err = tx.NewRaw("INSERT INTO batch_rows SELECT * FROM new_rows").Exec(ctx)
	return true, err
}
