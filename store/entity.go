package store

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// EntityForm is a way in which an entity's mentions are written.
type EntityForm struct {
	Text       string
	Normalized string
	Documents  int
	Mentions   int
	// Found is the entity that the documents' own resolution found, and Decision that by
	// which it is this one; 0 if the two are the same.
	Found    document.Entity
	Decision int64
	Joined   bool  // Decision is nobody's: it follows from what documents say
	Pinned   int64 // the decision that pinned Found's key; 0 if none did
}

// NamedIn is a way in which a document writes an entity.
type NamedIn struct {
	Document string `bun:"id"`
	Name     string `bun:"name"`
	Page     int    `bun:"page"` // of the first of them; 0 if that is unknown
	Text     string `bun:"text"`
	Mentions int    `bun:"mentions"`
}

// EntityDetail is all that is known of an entity.
type EntityDetail struct {
	EntityCount
	MergedInto    string // ID of the entity that it is part of; "" if none
	MergedBy      int64  // the decision
	Forms         []EntityForm
	Documents     []NamedIn
	Relationships []RelationshipCount
}

// Entity answers what is known of a project's entity, with at most limit forms, ways
// in which documents write it, and relationships, the most frequent first; 0 for all.
// ErrNotFound if the project has no such entity.
func (s *Store) Entity(ctx context.Context, project, id string, limit int) (d EntityDetail, err error) {
	err = s.view(ctx, "read entity", func(ctx context.Context, tx bun.Tx) error {
		d = EntityDetail{}
		e, err := selectHeld(ctx, tx, project, id)
		if err != nil {
			return err
		}
		d.Entity, d.MergedBy = e.entity(), e.MergedBy
		if e.MergedInto != 0 {
			merged, err := selectMerged(ctx, tx, project)
			if err != nil {
				return err
			}
			if d.MergedInto, err = entityID(ctx, tx, merged.root(e.N)); err != nil {
				return err
			}
		}
		aliases, err := selectAliases(ctx, tx, []entityModel{e.entityModel})
		if err != nil {
			return err
		}
		if err := addMerged(ctx, tx, []entityModel{e.entityModel}, aliases); err != nil {
			return err
		}
		d.Aliases = aliases[e.N]
		return d.read(ctx, tx, e, limit)
	})
	return d, err
}

func (d *EntityDetail) read(ctx context.Context, tx bun.Tx, e *heldEntity, limit int) error {
	err := tx.NewRaw("SELECT count(DISTINCT document), count(*) FROM mentions WHERE entity = ?", e.N).Scan(ctx, &d.EntityCount.Documents, &d.Mentions)
	if err != nil {
		return err
	}
	if d.Forms, err = selectForms(ctx, tx, e, limit); err != nil {
		return err
	}
	err = tx.NewSelect().TableExpr("mentions AS m").Join("JOIN documents AS d ON d.n = m.document").
		ColumnExpr("d.id, d.name, m.text, count(*) AS mentions").
		ColumnExpr(`coalesce((SELECT min(p.number) FROM pages AS p WHERE p.document = d.n
			AND p.char_start <= min(m.char_start) AND p.char_end > min(m.char_start)), 0) AS page`).
		Where("m.entity = ?", e.N).GroupExpr("d.n, d.id, d.name, m.text").
		OrderExpr("d.id, mentions DESC, m.text").Limit(int64(limit)).Scan(ctx, &d.Documents)
	if err != nil {
		return err
	}
	return relationshipCounts(tx, &d.Relationships, limit).
		Where("(rel.from_entity = ?0 OR rel.to_entity = ?0)", e.N).
		Where("rel.document IN (SELECT document FROM mentions WHERE entity = ?)", e.N).Scan(ctx)
}

func selectForms(ctx context.Context, tx bun.Tx, e *heldEntity, limit int) ([]EntityForm, error) {
	var found []struct {
		Text, Normalized    string
		Found               int64
		Documents, Mentions int
	}
	err := tx.NewSelect().TableExpr("mentions AS m").
		ColumnExpr("m.text, m.normalized, coalesce(m.resolved, m.entity) AS found, count(DISTINCT m.document) AS documents, count(*) AS mentions").
		Where("m.entity = ?", e.N).GroupExpr("m.text, m.normalized, coalesce(m.resolved, m.entity)").
		OrderExpr("mentions DESC, m.text, m.normalized, found").Limit(int64(limit)).Scan(ctx, &found)
	if err != nil {
		return nil, err
	}
	known := map[int64]EntityForm{}
	forms := make([]EntityForm, len(found))
	for i, f := range found {
		as, ok := known[f.Found]
		if !ok {
			if as, err = foundAs(ctx, tx, e, f.Found); err != nil {
				return nil, err
			}
			known[f.Found] = as
		}
		as.Text, as.Normalized, as.Documents, as.Mentions = f.Text, f.Normalized, f.Documents, f.Mentions
		forms[i] = as
	}
	return forms, nil
}

// foundAs is why what is found as entity n is e's.
func foundAs(ctx context.Context, tx bun.Tx, e *heldEntity, n int64) (f EntityForm, err error) {
	var held heldEntity
	if err := tx.NewSelect().Model(&held).Where("n = ?", n).Scan(ctx); err != nil {
		return f, err
	}
	aliases, err := selectAliases(ctx, tx, []entityModel{held.entityModel})
	if err != nil {
		return f, err
	}
	f.Found = held.entity()
	f.Found.Aliases = aliases[n]
	err = tx.NewRaw("SELECT coalesce(max(decision), 0) FROM entity_pins WHERE project = ? AND type = ? AND key = ?",
		e.Project, held.Type, held.Key).Scan(ctx, &f.Pinned)
	if err != nil || n == e.N {
		return f, err
	}
	if f.Decision = held.MergedBy; f.Decision != 0 {
		err = tx.NewRaw("SELECT automatic = 1 FROM entity_decisions WHERE n = ?", f.Decision).Scan(ctx, &f.Joined)
	} else { // it was split off
		err = tx.NewRaw(`SELECT coalesce(max(ed.n), 0) FROM entity_decisions AS ed WHERE ed.other = ? AND ed.action = ?
			AND NOT EXISTS (SELECT 1 FROM entity_decisions AS u WHERE u.undoes = ed.n)`, e.N, string(EntitySplit)).Scan(ctx, &f.Decision)
	}
	return f, err
}

// EntitiesLike lists a project's entities whose name, key or an alias holds like, in
// any case, as Entities does.
func (s *Store) EntitiesLike(ctx context.Context, f EntityFilter, like string) ([]EntityCount, error) {
	pattern := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(strings.ToLower(clean(like))) + "%"
	q := s.entityCounts(f)
	q.Where(`(lower(e.name) LIKE ?0 ESCAPE '\' OR e.key LIKE ?0 ESCAPE '\'
		OR EXISTS (SELECT 1 FROM entity_aliases AS a WHERE a.entity = e.n AND a.seen = 1 AND a.key LIKE ?0 ESCAPE '\')
		OR EXISTS (SELECT 1 FROM entities AS o LEFT JOIN entity_aliases AS oa ON oa.entity = o.n AND oa.seen = 1
			WHERE o.merged_into = e.n AND (lower(o.name) LIKE ?0 ESCAPE '\' OR o.key LIKE ?0 ESCAPE '\' OR oa.key LIKE ?0 ESCAPE '\')))`, pattern)
	return s.listEntities(ctx, "list entities", f, q)
}
