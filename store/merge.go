package store

import (
	"context"

	"github.com/uptrace/bun"
)

// MergeRequest has one entity become part of another.
type MergeRequest struct {
	Project       string
	Entity, Other string // IDs; Other becomes Entity
	Decide
}

// MergeEntities has what the project's documents say of Other, now and later, be said
// of Entity, in one transaction. Other keeps its key and aliases, so that documents
// that are at work meanwhile need not be resolved again, and the merge can be undone.
// made is false if the two are one already: then the decision is that which made them
// so. ErrNotFound if the project has no such entity.
func (s *Store) MergeEntities(ctx context.Context, req MergeRequest) (d EntityDecision, made bool, err error) {
	const what = "merge entities"
	err = s.write.save(ctx, req.Project, func(ctx context.Context, tx bun.Tx) error {
		d, made, err = req.merge(ctx, tx)
		return err
	})
	return d, made, s.failed(ctx, what, err)
}

func (r MergeRequest) merge(ctx context.Context, tx bun.Tx) (EntityDecision, bool, error) {
	fail := func(err error) (EntityDecision, bool, error) { return EntityDecision{}, false, err }
	into, err := selectHeld(ctx, tx, r.Project, r.Entity)
	if err != nil {
		return fail(err)
	}
	other, err := selectHeld(ctx, tx, r.Project, r.Other)
	if err != nil {
		return fail(err)
	}
	merged, err := selectMerged(ctx, tx, r.Project)
	if err != nil {
		return fail(err)
	}
	switch {
	case into.N == other.N:
		return fail(refused("an entity cannot be merged with itself"))
	case into.Type != other.Type:
		return fail(refused("%s is of type %s and %s of type %s: only entities of one type can be one", r.Entity, into.Type, r.Other, other.Type))
	case merged.root(into.N) == merged.root(other.N):
		by := other.MergedBy
		if by == 0 {
			by = into.MergedBy
		}
		d, err := asNow(ctx, tx, by)
		return d, false, err
	}
	by, err := splitBy(ctx, tx, merged.under(into.N), merged.under(other.N))
	if err != nil {
		return fail(err)
	}
	if by != 0 {
		return fail(refused("decision %d split them: `starter entity undo %d` makes them one again", by, by))
	}
	for _, e := range []*heldEntity{into, other} {
		if e.MergedInto == 0 {
			continue
		}
		root, err := entityID(ctx, tx, merged.root(e.N))
		if err != nil {
			return fail(err)
		}
		return fail(refused("%s is part of %s since decision %d: merge that, or undo the decision first", e.ID, root, e.MergedBy))
	}
	d, err := r.write(ctx, tx, into, other, merged)
	return d, err == nil, err
}

func (r MergeRequest) write(ctx context.Context, tx bun.Tx, into, other *heldEntity, merged mergeTree) (d EntityDecision, err error) {
	var detail DecisionDetail
	for _, e := range []*heldEntity{into, other} {
		b, err := e.before(ctx, tx)
		if err != nil {
			return d, err
		}
		detail.Before = append(detail.Before, b)
	}
	m := &entityDecisionModel{Project: r.Project, Action: string(EntityMerged), Entity: into.N, Other: other.N}
	if err := r.decide(ctx, tx, m); err != nil {
		return d, err
	}
	if detail.Leaves, err = movedLeaves(ctx, tx, other.N, merged.under(other.N)); err != nil {
		return d, err
	}
	detail.Mentions, detail.Relationships, err = mergeInto(ctx, tx, into.N, other.N, m.N, detail.Leaves)
	if err != nil {
		return d, err
	}
	j := joiner{project: r.Project, decided: true}
	if _, err := j.join(ctx, tx, []int64{into.N, other.N}); err != nil {
		return d, err
	}
	if err := m.setDetail(ctx, tx, detail); err != nil {
		return d, err
	}
	return asNow(ctx, tx, m.N)
}

// mergeInto has other, and what is found as one of leaves, become part of into, by a
// decision.
func mergeInto(ctx context.Context, tx bun.Tx, into, other, decision int64, leaves []int64) (mentions, relationships int, err error) {
	_, err = tx.NewRaw("UPDATE entities SET merged_into = ?, merged_by = ? WHERE n = ?", into, decision, other).Exec(ctx)
	if err != nil {
		return 0, 0, err
	}
	mentions, relationships, err = move(ctx, tx, other, into, leaves)
	if err != nil {
		return 0, 0, err
	}
	return mentions, relationships, rejoin(ctx, tx, into)
}

// movedLeaves are all that is found now as what belongs to entity n: those under it, it
// included, and those that it was split from.
func movedLeaves(ctx context.Context, tx bun.Tx, n int64, under []int64) ([]int64, error) {
	var found []int64
	err := tx.NewRaw("SELECT DISTINCT resolved FROM mentions WHERE entity = ? AND resolved IS NOT NULL", n).Scan(ctx, &found)
	return append(found, under...), err
}

// splitBy is the decision in force that split one of some entities off one of others,
// or 0.
func splitBy(ctx context.Context, tx bun.Tx, some, others []int64) (n int64, err error) {
	err = tx.NewRaw(`SELECT coalesce(max(ed.n), 0) FROM entity_decisions AS ed WHERE ed.action = ?2
		AND (ed.entity IN (?0) AND ed.other IN (?1) OR ed.entity IN (?1) AND ed.other IN (?0))
		AND NOT EXISTS (SELECT 1 FROM entity_decisions AS u WHERE u.undoes = ed.n)`,
		bun.List(some), bun.List(others), string(EntitySplit)).Scan(ctx, &n)
	return n, err
}
