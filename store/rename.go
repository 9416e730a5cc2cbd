package store

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// rename gives the entity that was split the best of the names that it is still written
// by, if none of those is the one that it goes by.
func (s *splitting) rename(ctx context.Context, tx bun.Tx) error {
	var forms []writtenForm
	err := tx.NewSelect().Model((*mentionModel)(nil)).Distinct().Column("text", "normalized").
		Where("entity = ?", s.from.N).Order("text", "normalized").Scan(ctx, &forms)
	if err != nil || len(forms) == 0 || s.Naming.Name == nil {
		return err
	}
	known := s.key(s.from.Name)
	mentions := make([]document.Mention, len(forms))
	for i, f := range forms {
		mentions[i] = document.Mention{Type: document.EntityType(s.from.Type), Text: f.Text, Normalized: f.Normalized}
		if clean(s.Naming.Key(mentions[i])) == known {
			return nil
		}
	}
	name := clean(s.Naming.Name(mentions))
	if name == "" || name == s.from.Name {
		return nil
	}
	s.detail.Renamed = name
	return setName(ctx, tx, s.from.N, name)
}

func setName(ctx context.Context, tx bun.Tx, n int64, name string) error {
	_, err := tx.NewRaw("UPDATE entities SET name = ? WHERE n = ?", name, n).Exec(ctx)
	return err
}

// rename gives the entity that was split the name back that the split took, unless
// documents have a better one since.
func (u *undoing) rename(ctx context.Context, tx bun.Tx) error {
	if u.of.Renamed == "" {
		return nil
	}
	var now string
	if err := tx.NewRaw("SELECT name FROM entities WHERE n = ?", u.from).Scan(ctx, &now); err != nil {
		return err
	}
	if before := u.of.Before[0].Name; now == u.of.Renamed || fuller(before, now) {
		return setName(ctx, tx, u.from, before)
	}
	return nil
}
