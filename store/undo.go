package store

import (
	"context"
	"slices"

	"github.com/uptrace/bun"
)

// UndoRequest takes a decision on entities back.
type UndoRequest struct {
	Decision int64
	Decide
}

// UndoDecision has what a decision moved be as it was, with what documents saved since
// say of it, in one transaction. An entity that a split made becomes part again of that
// which it was split from. made is false if it was undone before: then the decision is
// that which did. ErrNotFound if there is no such decision.
func (s *Store) UndoDecision(ctx context.Context, req UndoRequest) (d EntityDecision, made bool, err error) {
	const what = "undo decision"
	m, err := selectDecision(ctx, s.read, req.Decision)
	if err != nil {
		return d, false, s.failed(ctx, what, err)
	}
	err = s.write.save(ctx, m.Project, func(ctx context.Context, tx bun.Tx) error {
		d, made, err = req.undo(ctx, tx)
		return err
	})
	return d, made, s.failed(ctx, what, err)
}

func (r UndoRequest) undo(ctx context.Context, tx bun.Tx) (EntityDecision, bool, error) {
	fail := func(err error) (EntityDecision, bool, error) { return EntityDecision{}, false, err }
	m, err := selectDecision(ctx, tx, r.Decision)
	if err != nil {
		return fail(err)
	}
	of, err := m.decision()
	if err != nil {
		return fail(err)
	}
	switch {
	case of.Undone != 0:
		d, err := asNow(ctx, tx, of.Undone)
		return d, false, err
	case of.Action == EntityUndone, of.Action == EntityParted:
		return fail(refused("decision %d undid another: merge or split anew", of.N))
	}
	merged, err := selectMerged(ctx, tx, m.Project)
	if err != nil {
		return fail(err)
	}
	u := undoing{of: of, from: m.Entity, off: m.Other, merged: merged, model: entityDecisionModel{
		Project: m.Project, Action: string(EntityUndone), Entity: m.Entity, Other: m.Other, Undoes: m.N,
	}}
	if err := u.check(ctx, tx); err != nil {
		return fail(err)
	}
	if err := r.decide(ctx, tx, &u.model); err != nil {
		return fail(err)
	}
	if of.Action != EntitySplit {
		err = u.merge(ctx, tx)
	} else {
		err = u.split(ctx, tx)
	}
	if err != nil {
		return fail(err)
	}
	j := joiner{project: m.Project, decided: true}
	if _, err := j.join(ctx, tx, []int64{u.from, u.off}); err != nil {
		return fail(err)
	}
	if err := u.model.setDetail(ctx, tx, u.detail); err != nil {
		return fail(err)
	}
	d, err := asNow(ctx, tx, u.model.N)
	return d, err == nil, err
}

// undoing is an undo at work.
type undoing struct {
	of        EntityDecision
	from, off int64
	merged    mergeTree
	detail    DecisionDetail
	model     entityDecisionModel
}

// check refuses to undo what a later decision stands on.
func (u *undoing) check(ctx context.Context, tx bun.Tx) error {
	if u.of.Action != EntitySplit {
		return nil
	}
	var later int64
	err := tx.NewRaw(`SELECT coalesce(max(ed.n), 0) FROM entity_decisions AS ed WHERE ed.project = ?0 AND ed.n > ?1 AND ed.undoes IS NULL AND ed.automatic = 0
		AND (ed.entity = ?2 OR ed.other = ?2) AND NOT EXISTS (SELECT 1 FROM entity_decisions AS u WHERE u.undoes = ed.n)`,
		u.of.Project, u.of.N, u.off).Scan(ctx, &later)
	if err == nil && later != 0 {
		err = refused("decision %d came after it and is on %s too: undo that first", later, u.of.Other)
	}
	return err
}

func (u *undoing) merge(ctx context.Context, tx bun.Tx) (err error) {
	_, err = tx.NewRaw("UPDATE entities SET merged_into = NULL, merged_by = NULL, apart_by = ? WHERE n = ?", u.model.N, u.off).Exec(ctx)
	if err != nil {
		return err
	}
	delete(u.merged, u.off)
	// What was merged with it then may have been merged elsewhere since.
	leaves := slices.DeleteFunc(slices.Clone(u.of.Leaves), func(n int64) bool {
		_, merged := u.merged[n]
		return merged && u.merged.root(n) != u.off
	})
	leaves = append(leaves, u.merged.under(u.off)...)
	root := u.merged.root(u.from)
	if u.detail.Mentions, u.detail.Relationships, err = move(ctx, tx, root, u.off, leaves); err != nil {
		return err
	}
	return u.rejoin(ctx, tx, root)
}

func (u *undoing) rejoin(ctx context.Context, tx bun.Tx, root int64) error {
	if err := rejoin(ctx, tx, root); err != nil {
		return err
	}
	return rejoin(ctx, tx, u.off)
}

func (u *undoing) split(ctx context.Context, tx bun.Tx) error {
	for _, table := range []string{"entity_pins", "document_pins"} {
		if _, err := tx.NewRaw("DELETE FROM ? WHERE decision = ?", bun.Ident(table), u.of.N).Exec(ctx); err != nil {
			return err
		}
	}
	for _, a := range u.of.Aliases {
		alias := &aliasModel{Project: u.of.Project, Type: string(u.of.Before[0].Type), Key: a.Key, Entity: a.From, Seen: a.Seen}
		_, err := tx.NewInsert().Model(alias).On("CONFLICT (project, type, key, entity) DO UPDATE").Set("seen = 1").Where("EXCLUDED.seen = 1").Exec(ctx)
		if err != nil {
			return err
		}
	}
	if err := u.giveBack(ctx, tx); err != nil {
		return err
	}
	root := u.merged.root(u.from)
	if err := u.rename(ctx, tx); err != nil {
		return err
	}
	if err := u.leaveBehind(ctx, tx, root); err != nil {
		return err
	}
	if u.of.Made {
		n, rels, err := mergeInto(ctx, tx, root, u.off, u.model.N, u.merged.under(u.off))
		if err != nil {
			return err
		}
		u.detail.Mentions += n
		u.detail.Relationships += rels
	}
	if err := u.rejoin(ctx, tx, root); err != nil {
		return err
	}
	return touch(ctx, tx, u.of.Project, u.from, u.off)
}

// leaveBehind has what is found by others of the split's keys be part of what was split.
func (u *undoing) leaveBehind(ctx context.Context, tx bun.Tx, root int64) error {
	for n, m := range u.merged {
		if m.By != u.of.N {
			continue
		}
		if _, err := tx.NewRaw("UPDATE entities SET merged_into = ?, merged_by = ? WHERE n = ?", root, u.model.N, n).Exec(ctx); err != nil {
			return err
		}
		mentions, rels, err := move(ctx, tx, u.off, root, u.merged.under(n))
		if err != nil {
			return err
		}
		u.merged[n] = mergedInto{root, u.model.N}
		u.detail.Mentions += mentions
		u.detail.Relationships += rels
	}
	return nil
}

// giveBack moves what the split moved to where it would be without.
func (u *undoing) giveBack(ctx context.Context, tx bun.Tx) error {
	leaves, err := movedLeaves(ctx, tx, u.off, []int64{u.off})
	if err != nil {
		return err
	}
	own := u.merged.under(u.off)
	forms := make(map[writtenForm]bool, len(u.of.Forms))
	for _, f := range u.of.Forms {
		forms[f] = true
	}
	for _, leaf := range leaves {
		if slices.Contains(own, leaf) {
			continue
		}
		moved := tx.NewSelect().Model((*mentionModel)(nil)).Where("entity = ?", u.off).Where("resolved = ?", leaf)
		if u.of.Document != "" {
			moved.Where("document = (SELECT n FROM documents WHERE project = ? AND id = ?)", u.of.Project, u.of.Document)
		}
		var at []mentionModel
		if err := moved.Column("document", "ordinal", "text", "normalized").Order("document", "ordinal").Scan(ctx, &at); err != nil {
			return err
		}
		if u.of.Document == "" { // of forms there may be more than a statement takes
			at = slices.DeleteFunc(at, func(m mentionModel) bool { return !forms[writtenForm{m.Text, m.Normalized}] })
		}
		if err := u.giveBackTo(ctx, tx, leaf, at); err != nil {
			return err
		}
	}
	return nil
}

// giveBackTo has mentions, in the order of their documents, be found as leaf again.
func (u *undoing) giveBackTo(ctx context.Context, tx bun.Tx, leaf int64, at []mentionModel) error {
	root := u.merged.root(leaf)
	for len(at) > 0 {
		document := at[0].Document
		var ordinals []int
		for len(at) > 0 && at[0].Document == document {
			ordinals, at = append(ordinals, at[0].Ordinal), at[1:]
		}
		for part := range slices.Chunk(ordinals, lookupKeys) {
			n, err := affected(ctx, tx.NewRaw("UPDATE mentions SET entity = ?1, resolved = NULLIF(resolved, ?1) WHERE document = ?0 AND ordinal IN (?2)",
				document, root, bun.List(part)))
			if err != nil {
				return err
			}
			u.detail.Mentions += n
		}
		for _, side := range []string{"from", "to"} {
			n, err := affected(ctx, tx.NewRaw("UPDATE relationships SET ?4 = ?1, ?5 = NULLIF(?5, ?1) WHERE document = ?0 AND ?4 = ?2 AND ?5 = ?3",
				document, root, u.off, leaf, bun.Ident(side+"_entity"), bun.Ident(side+"_resolved")))
			if err != nil {
				return err
			}
			u.detail.Relationships += n
		}
	}
	return nil
}
