package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// Naming is how mentions become entities; see document/resolve, which the store does
// not know.
type Naming struct {
	Key func(document.Mention) string
	ID  func(project string, t document.EntityType, key string) string
	// Name is the best name that mentions of one entity have.
	Name func(mentions []document.Mention) string
}

// SplitRequest has a part of an entity become an entity of its own.
type SplitRequest struct {
	Project string
	Entity  string // ID
	// Names has what is written so in any document be split off, or Document what that
	// document, by its ID, says of the entity.
	Names    []string
	Document string
	Naming   Naming
	Decide
}

// SplitEntity splits the project's entity, in one transaction. With names, what later
// documents write so belongs to the new entity, and is not joined with other names of
// those documents; the entity that has such a name as its own key is the new one, if
// there is one. With a document, what it says when it is read again does. made is
// false if it was split so already. ErrNotFound if the project has no such entity, or
// document.
func (s *Store) SplitEntity(ctx context.Context, req SplitRequest) (d EntityDecision, made bool, err error) {
	const what = "split entity"
	err = s.write.save(ctx, req.Project, func(ctx context.Context, tx bun.Tx) error {
		d, made, err = req.split(ctx, tx)
		return err
	})
	return d, made, s.failed(ctx, what, err)
}

// splitting is a split at work.
type splitting struct {
	SplitRequest

	from   *heldEntity
	off    *heldEntity
	merged mergeTree
	detail DecisionDetail
	model  entityDecisionModel
}

func (r SplitRequest) split(ctx context.Context, tx bun.Tx) (EntityDecision, bool, error) {
	fail := func(err error) (EntityDecision, bool, error) { return EntityDecision{}, false, err }
	if (len(r.Names) == 0) == (r.Document == "") {
		return fail(invalid("names or a document are needed"))
	}
	s := &splitting{SplitRequest: r}
	var err error
	if s.from, err = selectHeld(ctx, tx, r.Project, r.Entity); err != nil {
		return fail(err)
	}
	if s.merged, err = selectMerged(ctx, tx, r.Project); err != nil {
		return fail(err)
	}
	if s.from.MergedInto != 0 {
		return fail(refused("%s was merged by decision %d: undo that", r.Entity, s.from.MergedBy))
	}
	by, err := s.decidedAlready(ctx, tx)
	if err != nil {
		return fail(err)
	}
	if by != 0 {
		d, err := asNow(ctx, tx, by)
		return d, false, err
	}
	s.detail.Names, s.detail.Document = r.Names, r.Document
	for _, do := range []func(context.Context, bun.Tx) error{s.findKeys, s.findForms, s.findOther, s.write} {
		if err := do(ctx, tx); err != nil {
			return fail(err)
		}
	}
	d, err := asNow(ctx, tx, s.model.N)
	return d, err == nil, err
}

// decidedAlready is the decision by which all of it was split off, or 0.
func (s *splitting) decidedAlready(ctx context.Context, tx bun.Tx) (by int64, err error) {
	if s.Document != "" {
		if _, err := selectDocument(ctx, tx, s.Project, s.Document); err != nil {
			return 0, err
		}
		err = tx.NewRaw("SELECT decision FROM document_pins WHERE project = ? AND document = ? AND entity = ?",
			s.Project, s.Document, s.from.N).Scan(ctx, &by)
		if errors.Is(err, sql.ErrNoRows) {
			err = nil
		}
		return by, err
	}
	for i, name := range s.Names {
		var d struct{ Decision, Entity int64 }
		err := tx.NewRaw(`SELECT p.decision, ed.entity FROM entity_pins AS p JOIN entity_decisions AS ed ON ed.n = p.decision
			WHERE p.project = ? AND p.type = ? AND p.key = ?`, s.Project, s.from.Type, s.key(name)).Scan(ctx, &d)
		if errors.Is(err, sql.ErrNoRows) || err == nil && (d.Entity != s.from.N || i > 0 && d.Decision != by) {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		by = d.Decision
	}
	return by, nil
}

func (s *splitting) key(name string) string {
	return clean(s.Naming.Key(document.Mention{Type: document.EntityType(s.from.Type), Text: name}))
}

// findKeys are the keys to be split off, that of the new entity first.
func (s *splitting) findKeys(context.Context, bun.Tx) error {
	if s.Document != "" {
		s.detail.Keys = []string{s.from.Key + " @ " + s.Document} // no name is written so
		return nil
	}
	names := slices.Clone(s.Names)
	slices.SortStableFunc(names, func(a, b string) int { return len(b) - len(a) })
	for _, name := range names {
		key := s.key(name)
		if key == s.from.Key {
			return refused("one of the names is that which %s is known by: split the others off, or split by --document", s.Entity)
		}
		if !slices.Contains(s.detail.Keys, key) {
			s.detail.Keys = append(s.detail.Keys, key)
		}
	}
	return nil
}

// findForms are how what is to be split off is written.
func (s *splitting) findForms(ctx context.Context, tx bun.Tx) error {
	q := tx.NewSelect().Model((*mentionModel)(nil)).Distinct().Column("text", "normalized").
		Where("entity = ?", s.from.N).Order("text", "normalized")
	if s.Document != "" {
		q.Where("document = (SELECT n FROM documents WHERE project = ? AND id = ?)", s.Project, s.Document)
	}
	var all []writtenForm
	if err := q.Scan(ctx, &all); err != nil {
		return err
	}
	written := map[string]bool{}
	for _, f := range all {
		key := clean(s.Naming.Key(document.Mention{Type: document.EntityType(s.from.Type), Text: f.Text, Normalized: f.Normalized}))
		if s.Document != "" || slices.Contains(s.detail.Keys, key) {
			s.detail.Forms = append(s.detail.Forms, f)
			written[key] = true
		}
	}
	switch {
	case s.Document != "" && len(s.detail.Forms) == 0:
		return refused("document %s does not name %s", s.Document, s.Entity)
	case s.Document == "" && len(written) < len(s.detail.Keys):
		return refused("%s is written otherwise than one of the names: `starter entity show %s` lists how it is", s.Entity, s.Entity)
	}
	return nil
}

// findOther is the entity that is split off: that with the first key, or a new one.
func (s *splitting) findOther(ctx context.Context, tx bun.Tx) error {
	keys := make([]EntityKey, len(s.detail.Keys))
	for i, k := range s.detail.Keys {
		keys[i] = EntityKey{document.EntityType(s.from.Type), k}
	}
	b, err := s.from.before(ctx, tx)
	if err != nil {
		return err
	}
	s.detail.Before = append(s.detail.Before, b)
	var held []heldEntity
	err = tx.NewSelect().Model(&held).Where("project = ?", s.Project).Where("type = ?", s.from.Type).
		Where("key IN (?)", bun.List(s.detail.Keys)).Scan(ctx)
	if err != nil {
		return err
	}
	for i := range held {
		e := &held[i]
		switch {
		case e.MergedInto != 0 && s.merged.root(e.N) != s.from.N:
			return refused("one of the names is %s, which decision %d merged: undo that", e.ID, e.MergedBy)
		case e.MergedInto != 0:
			by, err := selectDecision(ctx, tx, e.MergedBy)
			if err != nil {
				return err
			}
			if by.Automatic != 0 {
				if err := part(ctx, tx, s.Project, e.N, s.merged); err != nil {
					return err
				}
				e.MergedInto, e.MergedBy = 0, 0
				break
			}
			if by.Action != string(EntityUndone) || e.MergedInto != s.from.N {
				return refused("one of the names is %s, which decision %d merged: `starter entity undo %d` has it be by itself again", e.ID, e.MergedBy, e.MergedBy)
			}
		case e.Key != s.detail.Keys[0]:
			return refused("one of the names is %s already: give it alone, or merge that first", e.ID)
		}
		if e.Key == s.detail.Keys[0] {
			s.off = e
		}
	}
	if s.off != nil && s.off.MergedInto == 0 {
		b, err := s.off.before(ctx, tx)
		s.detail.Before = append(s.detail.Before, b)
		return err
	}
	s.detail.Made = true
	if s.off != nil { // that an undone split had left
		delete(s.merged, s.off.N)
		_, err := tx.NewRaw("UPDATE entities SET merged_into = NULL, merged_by = NULL WHERE n = ?", s.off.N).Exec(ctx)
		return err
	}
	name := s.from.Name
	if s.Document == "" {
		name = slices.MaxFunc(s.Names, func(a, b string) int { return len(a) - len(b) })
	}
	key := s.detail.Keys[0]
	s.off = &heldEntity{entityModel: entityModel{
		Project: s.Project, ID: s.Naming.ID(s.Project, document.EntityType(s.from.Type), key), Type: s.from.Type, Key: key, Name: clean(name),
	}}
	_, err = tx.NewInsert().Model(&s.off.entityModel).Returning("n").Exec(ctx)
	return err
}

func (s *splitting) write(ctx context.Context, tx bun.Tx) error {
	s.model = entityDecisionModel{Project: s.Project, Action: string(EntitySplit), Entity: s.from.N, Other: s.off.N}
	if err := s.decide(ctx, tx, &s.model); err != nil {
		return err
	}
	var err error
	if s.detail.Made { // what an undone split had left is its again
		s.detail.Mentions, s.detail.Relationships, err = move(ctx, tx, s.from.N, s.off.N, s.merged.under(s.off.N))
		if err != nil {
			return err
		}
	}
	if err := s.moveForms(ctx, tx); err != nil {
		return err
	}
	if err := s.moveRelationships(ctx, tx); err != nil {
		return err
	}
	if err := s.pin(ctx, tx); err != nil {
		return err
	}
	if err := s.rename(ctx, tx); err != nil {
		return err
	}
	for _, n := range []int64{s.from.N, s.off.N} {
		if err := rejoin(ctx, tx, n); err != nil {
			return err
		}
	}
	if err := touch(ctx, tx, s.Project, s.from.N, s.off.N); err != nil {
		return err
	}
	return s.model.setDetail(ctx, tx, s.detail)
}

func (s *splitting) moveForms(ctx context.Context, tx bun.Tx) error {
	for _, f := range s.detail.Forms {
		q := "UPDATE mentions SET resolved = NULLIF(coalesce(resolved, entity), ?1), entity = ?1 WHERE entity = ?0 AND text = ?2 AND normalized = ?3"
		args := []any{s.from.N, s.off.N, f.Text, f.Normalized}
		if s.Document != "" {
			q += " AND document = (SELECT n FROM documents WHERE project = ?4 AND id = ?5)"
			args = append(args, s.Project, s.Document)
		}
		n, err := affected(ctx, tx.NewRaw(q, args...))
		if err != nil {
			return err
		}
		s.detail.Mentions += n
	}
	return nil
}

// moveRelationships moves those whose evidence holds a mention that was split off and
// none that was not, and all of a document that is left without any.
func (s *splitting) moveRelationships(ctx context.Context, tx bun.Tx) error {
	const within = "SELECT 1 FROM mentions AS m WHERE m.document = r.document AND m.entity = %s"
	const shown = " AND m.char_start < r.char_end AND m.char_end > r.char_start"
	stays, goes := fmt.Sprintf(within, "?0"), fmt.Sprintf(within, "?1")
	for _, side := range []string{"from", "to"} {
		n, err := affected(ctx, tx.NewRaw(fmt.Sprintf(`UPDATE relationships AS r
			SET %[1]s_resolved = NULLIF(coalesce(%[1]s_resolved, %[1]s_entity), ?1), %[1]s_entity = ?1
			WHERE %[1]s_entity = ?0 AND document IN (SELECT document FROM mentions WHERE entity = ?1)
			AND (NOT EXISTS (%[2]s) OR EXISTS (%[3]s%[4]s) AND NOT EXISTS (%[2]s%[4]s))`, side, stays, goes, shown), s.from.N, s.off.N))
		if err != nil {
			return err
		}
		s.detail.Relationships += n
	}
	return nil
}

// pin has later documents heed the split.
func (s *splitting) pin(ctx context.Context, tx bun.Tx) error {
	if s.Document != "" {
		_, err := tx.NewRaw("INSERT INTO document_pins (project, document, entity, other, decision) VALUES (?, ?, ?, ?, ?)",
			s.Project, s.Document, s.from.N, s.off.N, s.model.N).Exec(ctx)
		return err
	}
	under, err := selectUnder(ctx, tx, s.from.N)
	if err != nil {
		return err
	}
	for i, key := range s.detail.Keys {
		var was []aliasModel
		err := tx.NewSelect().Model(&was).Where("project = ?", s.Project).Where("type = ?", s.from.Type).Where("key = ?", key).
			Where("entity IN (?)", bun.List(under)).Order("entity").Scan(ctx)
		if err != nil {
			return err
		}
		for _, a := range was {
			s.detail.Aliases = append(s.detail.Aliases, movedAlias{key, a.Entity, a.Seen})
			if _, err := tx.NewDelete().Model(&a).WherePK().Exec(ctx); err != nil {
				return err
			}
		}
		if i > 0 {
			if err := s.takeAlong(ctx, tx, key); err != nil {
				return err
			}
		}
		_, err = tx.NewRaw(`INSERT INTO entity_pins (project, type, key, decision) VALUES (?, ?, ?, ?)
			ON CONFLICT (project, type, key) DO UPDATE SET decision = EXCLUDED.decision`, s.Project, s.from.Type, key, s.model.N).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// takeAlong has what is found by another of the keys be part of the new entity.
func (s *splitting) takeAlong(ctx context.Context, tx bun.Tx, key string) error {
	e := entityModel{Project: s.Project, ID: s.Naming.ID(s.Project, document.EntityType(s.from.Type), key), Type: s.from.Type, Key: key, Name: key}
	for _, name := range s.Names {
		if s.key(name) == key && fuller(clean(name), e.Name) {
			e.Name = clean(name)
		}
	}
	_, err := tx.NewInsert().Model(&e).On("CONFLICT (project, type, key) DO UPDATE").Set("name = e.name").Returning("n").Exec(ctx)
	if err != nil {
		return err
	}
	leaves, err := selectUnder(ctx, tx, e.N)
	if err != nil {
		return err
	}
	n, rels, err := mergeInto(ctx, tx, s.off.N, e.N, s.model.N, leaves)
	s.detail.Mentions += n
	s.detail.Relationships += rels
	return err
}
