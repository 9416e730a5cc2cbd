package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// mergeTree is, by their numbers, which entity each merged one of a project was
// merged into.
type mergeTree map[int64]mergedInto

// mergedInto is an entity's place in the tree.
type mergedInto struct{ Into, By int64 } // By is the decision

func selectMerged(ctx context.Context, db bun.IDB, project string) (mergeTree, error) {
	t := mergeTree{}
	_, err := t.add(ctx, db.NewSelect().Where("project = ?", project))
	return t, err
}

// selectAbove is the part of a tree that is above entities.
func selectAbove(ctx context.Context, db bun.IDB, numbers []int64) (mergeTree, error) {
	t := mergeTree{}
	return t, t.addAbove(ctx, db, numbers)
}

func (t mergeTree) addAbove(ctx context.Context, db bun.IDB, numbers []int64) error {
	for len(numbers) > 0 {
		var next []int64
		for part := range slices.Chunk(numbers, lookupKeys) {
			into, err := t.add(ctx, db.NewSelect().Where("n IN (?)", bun.List(part)))
			if err != nil {
				return err
			}
			next = append(next, into...)
		}
		numbers = next
	}
	return nil
}

// add adds the merged ones among the entities that q selects, and answers into which.
func (t mergeTree) add(ctx context.Context, q *bun.SelectQuery) (into []int64, err error) {
	var merged []struct{ N, MergedInto, MergedBy int64 }
	err = q.Model((*entityModel)(nil)).Column("n", "merged_into", "merged_by").Where("merged_into IS NOT NULL").Scan(ctx, &merged)
	for _, m := range merged {
		t[m.N] = mergedInto{m.MergedInto, m.MergedBy}
		into = append(into, m.MergedInto)
	}
	return into, err
}

// root is the entity that what is found as n belongs to.
func (t mergeTree) root(n int64) int64 {
	for {
		m, ok := t[n]
		if !ok {
			return n
		}
		n = m.Into
	}
}

// within says whether n is of, or part of it.
func (t mergeTree) within(n, of int64) bool {
	for n != of {
		m, ok := t[n]
		if !ok {
			return false
		}
		n = m.Into
	}
	return true
}

// under are n and all that were merged into it.
func (t mergeTree) under(n int64) []int64 {
	all := []int64{n}
	for i := 0; i < len(all); i++ {
		for m, into := range t {
			if into.Into == all[i] {
				all = append(all, m)
			}
		}
	}
	slices.Sort(all)
	return all
}

// selectUnder is under for an entity whose tree was not read.
func selectUnder(ctx context.Context, db bun.IDB, n int64) (all []int64, err error) {
	err = db.NewRaw(`WITH RECURSIVE u (n) AS (SELECT CAST(? AS BIGINT) UNION SELECT e.n FROM u JOIN entities AS e ON e.merged_into = u.n)
		SELECT n FROM u ORDER BY n`, n).Scan(ctx, &all)
	return all, err
}

// decided is where decisions have what a document says of entities go.
type decided struct {
	merged mergeTree
	pinned map[int64]pinnedDocument // of the document, by the entity that was split
}

// pinnedDocument is that what a document says of an entity it says of another.
type pinnedDocument struct{ Entity, Other, Decision int64 }

func selectPinned(ctx context.Context, db bun.IDB, project, documentID string) (map[int64]pinnedDocument, error) {
	var pins []pinnedDocument
	err := db.NewRaw("SELECT entity, other, decision FROM document_pins WHERE project = ? AND document = ?", project, documentID).Scan(ctx, &pins)
	pinned := make(map[int64]pinnedDocument, len(pins))
	for _, p := range pins {
		pinned[p.Entity] = p
	}
	return pinned, err
}

// of is the entity that what is resolved as n goes to, and n if that is another. A pin
// holds for what belonged to the entity when it was split: not for what was merged into
// it later, nor for all of an entity that it was merged into.
func (d decided) of(n int64) (to, resolved int64) {
	var merged, pinned int64 // the latest decision by which n came to be to, since the pin pinned
	to = n
	for {
		if p, ok := d.pinned[to]; ok && merged < p.Decision && pinned < p.Decision {
			to, merged, pinned = p.Other, 0, p.Decision
			continue
		}
		m, ok := d.merged[to]
		if !ok {
			break
		}
		to, merged = m.Into, max(merged, m.By)
	}
	if to != n {
		resolved = n
	}
	return to, resolved
}

// apply has rec's mentions and relationships go where decisions say.
func (d decided) apply(rec *record) {
	for _, m := range rec.mentions {
		if m.Entity != 0 {
			m.Entity, m.Resolved = d.of(m.Entity)
		}
	}
	type said struct {
		typ              string
		from, to         int64
		charStart, chars int
	}
	seen := make(map[said]bool, len(rec.relationships))
	for _, r := range rec.relationships {
		r.FromEntity, r.FromResolved = d.of(r.FromEntity)
		r.ToEntity, r.ToResolved = d.of(r.ToEntity)
		s := said{r.Type, r.FromEntity, r.ToEntity, r.CharStart, r.CharEnd}
		moved := r.FromResolved != 0 || r.ToResolved != 0
		if moved && (seen[s] || r.FromEntity == r.ToEntity) {
			r.Joined = 1
		}
		seen[s] = true
	}
}

// addMerged adds, to the aliases of entities, the keys and aliases of those that were
// merged into them.
func addMerged(ctx context.Context, db bun.IDB, entities []entityModel, aliases map[int64][]string) error {
	roots := make(map[int64]int64, len(entities)) // by the number of one merged, or of one that is none
	level := make([]int64, len(entities))
	for i, e := range entities {
		level[i], roots[e.N] = e.N, e.N
	}
	for len(level) > 0 {
		var next []int64
		for part := range slices.Chunk(level, lookupKeys) {
			var found []struct {
				N, MergedInto int64
				Key           string
			}
			err := db.NewSelect().Model((*entityModel)(nil)).Column("n", "merged_into", "key").
				Where("merged_into IN (?)", bun.List(part)).Scan(ctx, &found)
			if err != nil {
				return err
			}
			for _, m := range found {
				root := roots[m.MergedInto]
				roots[m.N] = root
				next = append(next, m.N)
				aliases[root] = append(aliases[root], m.Key)
			}
		}
		models := make([]entityModel, len(next))
		for i, n := range next {
			models[i].N = n
		}
		more, err := selectAliases(ctx, db, models)
		if err != nil {
			return err
		}
		for n, keys := range more {
			aliases[roots[n]] = append(aliases[roots[n]], keys...)
		}
		level = next
	}
	for n, keys := range aliases {
		slices.Sort(keys)
		aliases[n] = slices.Compact(keys)
	}
	return nil
}

// move has what is found as one of leaves go from one entity to another, and answers
// how many mentions and relationships did.
func move(ctx context.Context, tx bun.Tx, from, to int64, leaves []int64) (mentions, relationships int, err error) {
	for _, side := range []string{"from", "to"} {
		n, err := affected(ctx, tx.NewRaw(fmt.Sprintf(`UPDATE relationships SET %[1]s_resolved = NULLIF(coalesce(%[1]s_resolved, %[1]s_entity), ?1), %[1]s_entity = ?1
			WHERE %[1]s_entity = ?0 AND coalesce(%[1]s_resolved, %[1]s_entity) IN (?2)
			AND document IN (SELECT document FROM mentions WHERE entity = ?0)`, side), from, to, bun.List(leaves)))
		if err != nil {
			return 0, 0, err
		}
		relationships += n
	}
	mentions, err = affected(ctx, tx.NewRaw(`UPDATE mentions SET resolved = NULLIF(coalesce(resolved, entity), ?1), entity = ?1
		WHERE entity = ?0 AND coalesce(resolved, entity) IN (?2)`, from, to, bun.List(leaves)))
	return mentions, relationships, err
}

// rejoin joins relationships, in the documents that name an entity, which by decisions
// have become one, and parts those that no longer are.
func rejoin(ctx context.Context, tx bun.Tx, entity int64) error {
	return rejoinWhere(ctx, tx, "document IN (SELECT document FROM mentions WHERE entity = ?)", entity)
}

// rejoinIn is rejoin for some documents.
func rejoinIn(ctx context.Context, tx bun.Tx, documents []int64) error {
	for part := range slices.Chunk(documents, lookupKeys) {
		if err := rejoinWhere(ctx, tx, "document IN (?)", bun.List(part)); err != nil {
			return err
		}
	}
	return nil
}

func rejoinWhere(ctx context.Context, tx bun.Tx, where string, arg any) error {
	_, err := tx.NewRaw(`UPDATE relationships AS r SET joined = CASE
			WHEN from_entity = to_entity AND coalesce(from_resolved, to_resolved) IS NOT NULL THEN 1
			WHEN EXISTS (SELECT 1 FROM relationships AS o WHERE o.document = r.document AND o.ordinal < r.ordinal AND o.type = r.type
				AND o.from_entity = r.from_entity AND o.to_entity = r.to_entity AND o.char_start = r.char_start AND o.char_end = r.char_end
				AND coalesce(r.from_resolved, r.to_resolved, o.from_resolved, o.to_resolved) IS NOT NULL) THEN 1
			ELSE 0 END
		WHERE `+where, arg).Exec(ctx)
	return err
}

func affected(ctx context.Context, q *bun.RawQuery) (int, error) {
	res, err := q.Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}

// PinnedNames are the names of a project that people split off: what is written so
// is an entity by itself, whatever else its document names.
type PinnedNames struct {
	Decision int64 // the latest on the project's entities; 0 if there is none
	Keys     []EntityKey
}

// PinnedNames answers as of decision, which the caller knows to be the latest, or of
// a later one.
func (s *Store) PinnedNames(ctx context.Context, project string, decision int64) (PinnedNames, error) {
	p := PinnedNames{Decision: decision}
	if decision == 0 {
		return p, nil
	}
	err := s.view(ctx, "list pinned names", func(ctx context.Context, tx bun.Tx) error {
		p.Keys = nil
		if err := tx.NewRaw("SELECT "+latestDecision, project).Scan(ctx, &p.Decision); err != nil {
			return err
		}
		var pins []struct{ Type, Key string }
		err := tx.NewRaw("SELECT type, key FROM entity_pins WHERE project = ? ORDER BY type, key", project).Scan(ctx, &pins)
		for _, k := range pins {
			p.Keys = append(p.Keys, EntityKey{document.EntityType(k.Type), k.Key})
		}
		return err
	})
	return p, err
}

// latestDecision is, in SQL, the number of people's latest decision on project ?.
const latestDecision = "coalesce((SELECT max(n) FROM entity_decisions WHERE project = ? AND automatic = 0), 0)"

// addRoots adds to ids those of the entities that found ones are part of.
func addRoots(ctx context.Context, db bun.IDB, project string, found []entityModel, ids *[]string) error {
	merged, err := selectMerged(ctx, db, project)
	if err != nil || len(merged) == 0 {
		return err
	}
	for _, e := range found {
		if root := merged.root(e.N); root != e.N {
			id, err := entityID(ctx, db, root)
			if err != nil {
				return err
			}
			*ids = append(*ids, id)
		}
	}
	return nil
}
