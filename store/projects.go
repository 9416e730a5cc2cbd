package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

// Projects lists the projects by ID.
func (s *Store) Projects(ctx context.Context) ([]Project, error) {
	var ms []projectModel
	if err := s.selectProjects(&ms).Order("p.id").Scan(ctx); err != nil {
		return nil, s.failed(ctx, "list projects", err)
	}
	projects := make([]Project, len(ms))
	for i, m := range ms {
		projects[i] = m.project()
	}
	return projects, nil
}

// Project is the project with this ID, or ErrNotFound.
func (s *Store) Project(ctx context.Context, id string) (Project, error) {
	var m projectModel
	err := s.selectProjects(&m).Where("p.id = ?", id).Scan(ctx)
	if errors.Is(err, sql.ErrNoRows) {
		err = fmt.Errorf("project %q: %w", id, ErrNotFound)
	}
	if err != nil {
		return Project{}, s.failed(ctx, "read project", err)
	}
	return m.project(), nil
}

func (s *Store) selectProjects(into any) *bun.SelectQuery {
	return s.read.NewSelect().Model(into).Column("p.id", "p.weight", "p.created_at").
		ColumnExpr("(SELECT count(*) FROM batches AS b WHERE b.project = p.id) AS batches").
		ColumnExpr("(SELECT count(*) FROM documents AS d WHERE d.project = p.id) AS documents")
}

// SetWeight sets the project's weight: see batch.CheckWeight; 0 is 1. The project
// is made if it is new.
func (s *Store) SetWeight(ctx context.Context, project string, w float64) error {
	const what = "set weight"
	if err := errors.Join(batch.CheckName("project", project), batch.CheckWeight(w)); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if w == 0 {
		w = 1
	}
	return s.update(ctx, what, func(ctx context.Context, tx bun.Tx) error {
		_, err := tx.NewInsert().Model(&projectModel{ID: project, Weight: w, CreatedAt: toMicros(time.Now())}).
			On("CONFLICT (id) DO UPDATE").Set("weight = EXCLUDED.weight").Exec(ctx)
		return err
	})
}
