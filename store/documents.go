package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// DocumentFilter selects documents: those of a project, or those that a batch's
// rows became, with their attachments, whichever batch read them first. Other
// zero fields select all.
type DocumentFilter struct {
	Project string // needed, unless Batch is given
	Batch   string
	Format  document.Format
	After   string // document IDs above this one
	Limit   int
}

// Documents lists documents by ID.
func (s *Store) Documents(ctx context.Context, f DocumentFilter) ([]Document, error) {
	const what = "list documents"
	numbers, err := s.numbers(ctx, f.Project, f.Batch)
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	var ms []documentModel
	q := s.read.NewSelect().Model(&ms).Where("d.n IN (?)", numbers).Order("d.id").Limit(int64(f.Limit))
	if f.After != "" {
		q.Where("d.id > ?", f.After)
	}
	if f.Format != "" {
		q.Where("d.format = ?", string(f.Format))
	}
	if err := q.Scan(ctx); err != nil {
		return nil, s.failed(ctx, what, err)
	}
	docs := make([]Document, len(ms))
	for i := range ms {
		if docs[i], err = ms[i].document(); err != nil {
			return nil, s.failed(ctx, what, err)
		}
	}
	return docs, nil
}

// Document is the project's document with this ID, or ErrNotFound.
func (s *Store) Document(ctx context.Context, project, id string) (Document, error) {
	m, err := selectDocument(ctx, s.read, project, id)
	if err != nil {
		return Document{}, s.failed(ctx, "read document", err)
	}
	d, err := m.document()
	return d, s.failed(ctx, "read document", err)
}

// Links lists the attachments of a document, in its order. A document without
// attachments has none, and so has one that the project does not hold.
func (s *Store) Links(ctx context.Context, project, parent string) ([]Link, error) {
	const what = "list attachments"
	var ms []linkModel
	err := s.read.NewSelect().Model(&ms).Where("project = ?", project).Where("parent = ?", parent).Order("ordinal").Scan(ctx)
	if err != nil {
		return nil, s.failed(ctx, what, err)
	}
	links := make([]Link, len(ms))
	for i := range ms {
		if links[i], err = ms[i].link(); err != nil {
			return nil, s.failed(ctx, what, err)
		}
	}
	return links, nil
}

// Attached sums up the attachments of the batch's completed documents, as the
// project holds them now.
func (s *Store) Attached(ctx context.Context, batchID string) (a Attached, err error) {
	var sums []struct {
		Outcome                                string
		N                                      int
		Bytes                                  int64
		Pages, Chunks, Mentions, Relationships int
	}
	err = s.read.NewRaw(`SELECT l.outcome, count(*) AS n, sum(l.bytes) AS bytes, coalesce(sum(d.pages), 0) AS pages, coalesce(sum(d.chunks), 0) AS chunks,
			coalesce(sum(d.mentions), 0) AS mentions, coalesce(sum(d.relationships), 0) AS relationships
		FROM batch_rows AS r JOIN batches AS b ON b.id = r.batch
		JOIN document_links AS l ON l.project = b.project AND l.parent = r.document
		LEFT JOIN documents AS d ON d.project = l.project AND d.id = l.child
		WHERE r.batch = ? AND r.outcome = ? AND r.attachments > 0 GROUP BY l.outcome`, batchID, string(batch.OutcomeCompleted)).Scan(ctx, &sums)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return a, s.failed(ctx, "sum up attachments", err)
	}
	for _, g := range sums {
		switch batch.Outcome(g.Outcome) {
		case batch.OutcomeSkipped:
			a.Unchanged = g.N
		case batch.OutcomeFailed:
			a.Failed = g.N
		case batch.OutcomeCompleted:
			a.Read, a.Bytes = g.N, g.Bytes
			a.Pages, a.Chunks, a.Mentions, a.Relationships = g.Pages, g.Chunks, g.Mentions, g.Relationships
		case batch.OutcomeCancelled: // none is
		}
	}
	return a, nil
}

func selectDocument(ctx context.Context, db bun.IDB, project, id string) (*documentModel, error) {
	m := new(documentModel)
	err := db.NewSelect().Model(m).Where("project = ?", project).Where("id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = noDocument(id)
	}
	return m, err
}

// numbers selects the numbers of a project's documents, or of those of a batch.
func (s *Store) numbers(ctx context.Context, project, batchID string) (*bun.SelectQuery, error) {
	if project == "" && batchID == "" {
		return nil, invalid("a project or a batch is needed")
	}
	q := s.read.NewSelect().TableExpr("documents AS sd").ColumnExpr("sd.n")
	if batchID == "" {
		return q.Where("sd.project = ?", project), nil
	}
	b, err := s.Batch(ctx, batchID)
	if err != nil {
		return nil, err
	}
	if project != "" && project != b.Project {
		return nil, invalid("the batch is of another project")
	}
	return q.Where("sd.project = ?", b.Project).Where(`sd.id IN (
		SELECT document FROM batch_rows WHERE batch = ?0
		UNION SELECT child FROM document_links
		WHERE project = ?1 AND parent IN (SELECT document FROM batch_rows WHERE batch = ?0))`, batchID, b.Project), nil
}
