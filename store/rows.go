package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// RowFilter selects rows of a batch. Zero fields select all.
type RowFilter struct {
	Outcome  batch.Outcome
	Category batch.Category // of the failure
	Warning  string         // a code: of those whose documents, or attachments, have such a warning
	Kind     document.Kind  // of those whose documents, or attachments, are of this kind
	After    int            // row numbers above this one
	Limit    int
}

// RowRange is a range of row numbers. Zero fields do not bound it.
type RowRange struct {
	After int // numbers above this one
	Last  int // numbers up to this one, itself included
	Limit int // no more than so many, the lowest ones
	// Without leaves out rows that need one of these services.
	Without []Throttle
}

// PendingRows lists the numbers of the rows in a range that have no outcome,
// ascending.
func (s *Store) PendingRows(ctx context.Context, batchID string, r RowRange) ([]int, error) {
	const what = "list pending rows"
	rows := []int{}
	q := s.selectPending(batchID, r).Order("row_no").Limit(int64(r.Limit))
	for _, t := range r.Without {
		q.Where("NOT (?)", needs(t.Service))
	}
	err := q.Scan(ctx, &rows)
	if errors.Is(err, sql.ErrNoRows) || err == nil && len(rows) == 0 {
		err = batchExists(ctx, s.read, batchID)
	}
	return rows, s.failed(ctx, what, err)
}

// PutOff is when the first of the services may be asked again that PendingRows
// leaves rows of the range out for, whatever its Limit. It is zero if it leaves
// out none.
func (s *Store) PutOff(ctx context.Context, batchID string, r RowRange) (until time.Time, err error) {
	const what = "list rows put off"
	for _, t := range r.Without {
		left, err := s.selectPending(batchID, r).Where("?", needs(t.Service)).Exists(ctx)
		if err != nil {
			return until, s.failed(ctx, what, err)
		}
		if left && (until.IsZero() || t.Until.Before(until)) {
			until = t.Until
		}
	}
	return until, nil
}

// selectPending selects rows of a range without outcome.
func (s *Store) selectPending(batchID string, r RowRange) *bun.SelectQuery {
	q := s.read.NewSelect().Model((*rowModel)(nil)).Column("row_no").
		Where("batch = ?", batchID).Where("outcome = ''").Where("row_no > ?", r.After)
	if r.Last > 0 {
		q.Where("row_no <= ?", r.Last)
	}
	return q
}

// needs says in SQL whether a row's document lies at a service: a URI, whose
// query is not compared.
func needs(service string) schema.QueryWithArgs {
	at, _, _ := strings.Cut(service, "?")
	return bun.SafeQuery("substr(uri, 1, ?) IN (?, ?) OR uri = ?", utf8.RuneCountInString(at)+1, at+"/", at+"?", at)
}

// Row is one row of a batch, or ErrNotFound.
func (s *Store) Row(ctx context.Context, batchID string, row int) (Row, error) {
	m, err := selectRow(ctx, s.read, batchID, row)
	if err != nil {
		return Row{}, s.failed(ctx, "read row", err)
	}
	r, err := m.row()
	return r, s.failed(ctx, "read row", err)
}

// Rows lists rows of a batch, ascending.
func (s *Store) Rows(ctx context.Context, batchID string, f RowFilter) ([]Row, error) {
	const what = "list rows"
	var ms []rowModel
	q := s.read.NewSelect().Model(&ms).Where("batch = ?", batchID).Where("row_no > ?", f.After).Order("row_no").Limit(int64(f.Limit))
	if f.Outcome != "" {
		q.Where("outcome = ?", string(f.Outcome))
	}
	if f.Category != "" {
		q.Where("category = ?", string(f.Category))
	}
	if f.Warning != "" {
		whereDocument(q, "d.warnings LIKE ?", likeCode(f.Warning))
	}
	if f.Kind != "" {
		whereDocument(q, "d.kind = ?", string(f.Kind))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	if len(ms) == 0 {
		if err := batchExists(ctx, s.read, batchID); err != nil {
			return nil, s.failed(ctx, what, err)
		}
	}
	rows := make([]Row, len(ms))
	for i := range ms {
		var err error
		if rows[i], err = ms[i].row(); err != nil {
			return nil, s.failed(ctx, what, err)
		}
	}
	return rows, nil
}

func selectRow(ctx context.Context, db bun.IDB, batchID string, row int) (*rowModel, error) {
	m := new(rowModel)
	err := db.NewSelect().Model(m).Where("batch = ?", batchID).Where("row_no = ?", row).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = noRow(batchID, row)
	}
	return m, err
}
