package store

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// DocumentKind is what sort of document one is, and how sure that is, from 0 to 1.
type DocumentKind struct {
	Kind      document.Kind
	Certainty float64
}

// kindsAtOnce is how many documents are asked for in one statement.
const kindsAtOnce = 500

// Kinds are the kinds of a project's documents, by ID. One whose kind nothing told is
// left out.
func (s *Store) Kinds(ctx context.Context, project string, ids []string) (map[string]DocumentKind, error) {
	kinds := map[string]DocumentKind{}
	for some := range slices.Chunk(ids, kindsAtOnce) {
		var ms []documentModel
		err := s.read.NewSelect().Model(&ms).Column("id", "kind", "kind_confidence").
			Where("project = ?", project).Where("id IN (?)", bun.List(some)).Where("kind <> ''").Scan(ctx)
		if err != nil {
			return nil, s.failed(ctx, "list kinds", err)
		}
		for _, m := range ms {
			kinds[m.ID] = DocumentKind{document.Kind(m.Kind), m.Certainty}
		}
	}
	return kinds, nil
}
