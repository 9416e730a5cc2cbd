package store

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// joiner joins entities that documents together show to be one: those of which a
// document has both names, the shorter of which is the alias of the other. What it
// comes to follows from the entities, their aliases and people's decisions alone, not
// from the order in which they came:
//
//   - A name becomes part of the entity that has it as an alias. If more than one has,
//     and they are not one themselves, it stays by itself.
//   - So does one that could be short for another, where both have the same alias.
//   - It stays by itself, too, if it could be short for somebody else in the project
//     whose name the first one's is not short for, nor the other way round.
//   - Of two names that with more words is the entity, then the longer, then the
//     first in the alphabet.
//   - What people merged, split off or took back stays as it is.
//
// When documents that come later make that untrue, the join is undone likewise.
//
// A name is joined with others of its own family alone: what one document costs grows
// with how many short forms it has whose full names are new, and with the mentions of
// those that are joined, each of which moves once.
type joiner struct {
	project string
	decided bool // whether people decided on the project's entities
	tree    mergeTree
	nodes   map[int64]*joinNode
	joined  bool
}

// mostNamesakes is of how many a name may be short, or an alias, and still be joined with
// one.
const mostNamesakes = 50

// joinable says whether names of a type can be short for others across documents.
func joinable(t document.EntityType) bool {
	return t == document.Person || t == document.Judge || t == document.Org
}

// joinNode is an entity that may be joined, or that others may be joined with.
type joinNode struct {
	N                    int64
	Type, Key            string
	MergedInto, MergedBy int64
	Automatic            bool // it was merged by nobody
	Fixed                bool // people had it be by itself

	fuller map[int64]bool // those that it could be short for; true: documents say that it is
	many   bool           // more than mostNamesakes
}

// join brings what follows from a change in entities up to date, and says whether
// any was joined or parted.
func (j *joiner) join(ctx context.Context, tx bun.Tx, changed []int64) (bool, error) {
	near, err := selectNear(ctx, tx, changed)
	if err != nil || len(near) == 0 {
		return false, err
	}
	j.tree, j.nodes = mergeTree{}, map[int64]*joinNode{}
	judged, err := j.reach(ctx, tx, near)
	if err != nil {
		return false, err
	}
	if err := j.tree.addAbove(ctx, tx, slices.Sorted(maps.Keys(j.nodes))); err != nil {
		return false, err
	}
	slices.SortFunc(judged, func(a, b *joinNode) int { return compareFullness(b.Key, a.Key) })
	for _, n := range judged {
		if n.MergedInto != 0 && !n.Automatic {
			continue
		}
		parent, err := j.parent(ctx, tx, n)
		if err == nil && parent != n.MergedInto {
			j.joined = true
			err = j.move(ctx, tx, n, parent)
		}
		if err != nil {
			return false, err
		}
	}
	return j.joined, nil
}

// selectNear are those entities of some, and of those whose keys are their aliases, or
// of which theirs is one, that have any such. Subqueries for single values keep to the
// indexes: joins let PostgreSQL read all of a project's entities for each document.
func selectNear(ctx context.Context, tx bun.Tx, numbers []int64) ([]int64, error) {
	near := map[int64]bool{}
	for part := range slices.Chunk(numbers, lookupKeys) {
		var found []struct{ N, Other int64 }
		err := tx.NewRaw(`SELECT n, other FROM (
				SELECT a.entity AS n, (SELECT o.n FROM entities AS o WHERE o.project = a.project AND o.type = a.type AND o.key = a.key) AS other
				FROM entity_aliases AS a WHERE a.entity IN (?0)
			UNION ALL SELECT e.n, (SELECT e.n FROM entity_aliases AS a WHERE a.project = e.project AND a.type = e.type AND a.key = e.key LIMIT 1)
				FROM entities AS e WHERE e.n IN (?0)) AS f WHERE other IS NOT NULL`,
			bun.List(part)).Scan(ctx, &found)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			near[f.N], near[f.Other] = true, true
		}
	}
	return slices.Sorted(maps.Keys(near)), nil
}

// reach reads entities, those that they could be short for, and those that could be
// short for them, and so on: these, with the entities, are to be judged.
func (j *joiner) reach(ctx context.Context, tx bun.Tx, numbers []int64) (judged []*joinNode, err error) {
	for len(numbers) > 0 {
		if err := j.read(ctx, tx, numbers); err != nil {
			return nil, err
		}
		var shorter []int64
		for _, n := range numbers {
			node := j.nodes[n]
			if node.fuller != nil {
				continue
			}
			judged = append(judged, node)
			less, err := j.around(ctx, tx, node)
			if err != nil {
				return nil, err
			}
			shorter = append(shorter, less...)
		}
		slices.Sort(shorter)
		numbers = slices.Compact(shorter)
	}
	return judged, nil
}

// read reads entities that are not read yet.
func (j *joiner) read(ctx context.Context, tx bun.Tx, numbers []int64) error {
	numbers = slices.DeleteFunc(slices.Clone(numbers), func(n int64) bool { return j.nodes[n] != nil })
	for part := range slices.Chunk(numbers, lookupKeys) {
		var found []joinNode
		err := tx.NewRaw(`SELECT e.n, e.type, e.key, coalesce(e.merged_into, 0) AS merged_into, coalesce(e.merged_by, 0) AS merged_by,
				coalesce(d.automatic, 0) = 1 AS automatic,
				e.apart_by IS NOT NULL OR EXISTS (SELECT 1 FROM entity_pins AS p WHERE p.project = e.project AND p.type = e.type AND p.key = e.key) AS fixed
			FROM entities AS e LEFT JOIN entity_decisions AS d ON d.n = e.merged_by WHERE e.n IN (?)`, bun.List(part)).Scan(ctx, &found)
		if err != nil {
			return err
		}
		for i := range found {
			j.nodes[found[i].N] = &found[i]
		}
	}
	return nil
}

// around reads what n could be short for, and answers what could be short for n.
func (j *joiner) around(ctx context.Context, tx bun.Tx, n *joinNode) (shorter []int64, err error) {
	var found []struct {
		N     int64
		Key   string
		Seen  int
		Holds int // it has n's key as an alias
	}
	err = tx.NewRaw(`SELECT e.n, e.key, a.seen, 1 AS holds FROM
			(SELECT entity, seen FROM entity_aliases WHERE project = ?0 AND type = ?1 AND key = ?2 LIMIT ?4) AS a
			JOIN entities AS e ON e.n = a.entity
		UNION ALL SELECT o.n, o.key, a.seen, 0 FROM entity_aliases AS a
			JOIN entities AS o ON o.project = a.project AND o.type = a.type AND o.key = a.key WHERE a.entity = ?3`,
		j.project, n.Type, n.Key, n.N, mostNamesakes+1).Scan(ctx, &found)
	if err != nil {
		return nil, err
	}
	n.fuller = map[int64]bool{}
	holders := 0
	for _, f := range found {
		holders += f.Holds
		switch order := compareFullness(f.Key, n.Key); {
		case order > 0:
			n.fuller[f.N] = n.fuller[f.N] || f.Seen != 0
		case order < 0:
			shorter = append(shorter, f.N)
		}
	}
	if n.many = max(holders, len(n.fuller)) > mostNamesakes; n.many {
		return shorter, nil
	}
	if err := n.meet(ctx, tx); err != nil {
		return nil, err
	}
	return shorter, j.read(ctx, tx, slices.Sorted(maps.Keys(n.fuller)))
}

// meet notes which of those that n could be short for documents write in a shorter way
// that they write n in too: one writes "Jane Roe" beside "Jane Q. Roe", another beside
// "Jane Quincy Roe".
func (n *joinNode) meet(ctx context.Context, tx bun.Tx) error {
	var unseen, met []int64
	for f, seen := range n.fuller {
		if !seen {
			unseen = append(unseen, f)
		}
	}
	if len(unseen) == 0 {
		return nil
	}
	err := tx.NewRaw(`SELECT DISTINCT f.entity FROM entity_aliases AS a
		JOIN entity_aliases AS f ON f.project = a.project AND f.type = a.type AND f.key = a.key
		WHERE a.entity = ?0 AND a.seen = 1 AND f.entity IN (?1) AND f.seen = 1`, n.N, bun.List(unseen)).Scan(ctx, &met)
	for _, f := range met {
		n.fuller[f] = true
	}
	return err
}

// parent is the entity that n is part of; 0 for none.
func (j *joiner) parent(ctx context.Context, tx bun.Tx, n *joinNode) (int64, error) {
	if n.Fixed || n.many {
		return 0, nil
	}
	var root, nearest int64
	others := map[int64]int64{} // that it could be, by their roots
	for _, f := range slices.Sorted(maps.Keys(n.fuller)) {
		of := j.tree.root(f)
		switch {
		case j.tree.within(f, n.N): // a person had it be part of n
		case !n.fuller[f]:
			others[f] = of
		case root != 0 && of != root:
			return 0, nil
		default:
			root = of
			if nearest == 0 || compareFullness(j.nodes[f].Key, j.nodes[nearest].Key) < 0 {
				nearest = f
			}
		}
	}
	if nearest == 0 {
		return 0, nil
	}
	maps.DeleteFunc(others, func(_, of int64) bool { return of == root })
	if len(others) > 0 {
		alike, err := j.alike(ctx, tx, root, others)
		if err != nil || !alike {
			return 0, err
		}
	}
	if j.decided {
		parted, err := j.parted(ctx, tx, n.N, root)
		if err != nil || parted {
			return 0, err
		}
	}
	return nearest, nil
}

// alike says whether each of others, or its root, is short for root, or root for it.
func (j *joiner) alike(ctx context.Context, tx bun.Tx, root int64, others map[int64]int64) (bool, error) {
	all := []int64{root}
	for other, of := range others {
		all = append(all, other, of)
	}
	var pairs []struct{ N, Other int64 }
	err := tx.NewRaw(`SELECT a.entity AS n, o.n AS other FROM entity_aliases AS a
		JOIN entities AS o ON o.project = a.project AND o.type = a.type AND o.key = a.key
		WHERE a.entity IN (?0) AND o.n IN (?0)`, bun.List(all)).Scan(ctx, &pairs)
	if err != nil {
		return false, err
	}
	with := map[int64]bool{}
	for _, p := range pairs {
		if p.N == root {
			with[p.Other] = true
		}
		if p.Other == root {
			with[p.N] = true
		}
	}
	for other, of := range others {
		if !with[other] && !with[of] {
			return false, nil
		}
	}
	return true, nil
}

// parted says whether a split in force parted what is under n from what is under root.
func (j *joiner) parted(ctx context.Context, tx bun.Tx, n, root int64) (bool, error) {
	some, err := selectUnder(ctx, tx, n)
	if err != nil {
		return false, err
	}
	others, err := selectUnder(ctx, tx, root)
	if err != nil {
		return false, err
	}
	others = slices.DeleteFunc(others, func(o int64) bool { return slices.Contains(some, o) })
	by, err := splitBy(ctx, tx, some, others)
	return by != 0, err
}

// move has n be part of parent, or of none if that is 0.
func (j *joiner) move(ctx context.Context, tx bun.Tx, n *joinNode, parent int64) error {
	if n.MergedInto != 0 {
		if err := part(ctx, tx, j.project, n.N, j.tree); err != nil {
			return err
		}
	}
	n.MergedInto, n.Automatic = parent, true
	if parent == 0 {
		return nil
	}
	m := &entityDecisionModel{Project: j.project, Action: string(EntityJoined), Entity: parent, Other: n.N, Automatic: 1}
	if err := (Decide{Actor: nobody, At: time.Now()}).decide(ctx, tx, m); err != nil {
		return err
	}
	n.MergedBy = m.N
	if _, err := tx.NewRaw("UPDATE entities SET merged_into = ?, merged_by = ? WHERE n = ?", parent, m.N, n.N).Exec(ctx); err != nil {
		return err
	}
	j.tree[n.N] = mergedInto{parent, m.N}
	var documents []int64
	if err := tx.NewRaw("SELECT DISTINCT document FROM mentions WHERE entity = ?", n.N).Scan(ctx, &documents); err != nil || len(documents) == 0 {
		return err
	}
	var detail DecisionDetail
	leaves, err := selectUnder(ctx, tx, n.N)
	if err != nil {
		return err
	}
	if detail.Leaves, err = movedLeaves(ctx, tx, n.N, leaves); err != nil {
		return err
	}
	if detail.Mentions, detail.Relationships, err = move(ctx, tx, n.N, j.tree.root(parent), detail.Leaves); err != nil {
		return err
	}
	if err := rejoinIn(ctx, tx, documents); err != nil {
		return err
	}
	return m.setDetail(ctx, tx, detail)
}

// part undoes the join of n, which tree, that holds what is above n, no longer has.
func part(ctx context.Context, tx bun.Tx, project string, n int64, tree mergeTree) error {
	root, was := tree.root(n), tree[n]
	joined, err := selectDecision(ctx, tx, was.By)
	if err != nil {
		return err
	}
	of, err := joined.decision()
	if err != nil {
		return err
	}
	if _, err := tx.NewRaw("UPDATE entities SET merged_into = NULL, merged_by = NULL WHERE n = ?", n).Exec(ctx); err != nil {
		return err
	}
	delete(tree, n)
	leaves, err := selectUnder(ctx, tx, n)
	if err != nil {
		return err
	}
	// What was part of it then may be part of another since.
	above, err := selectAbove(ctx, tx, of.Leaves)
	if err != nil {
		return err
	}
	for _, leaf := range of.Leaves {
		if _, merged := above[leaf]; !merged || above.root(leaf) == n {
			leaves = append(leaves, leaf)
		}
	}
	m := &entityDecisionModel{Project: project, Action: string(EntityParted), Entity: was.Into, Other: n, Undoes: was.By, Automatic: 1}
	if err := (Decide{Actor: nobody, At: time.Now()}).decide(ctx, tx, m); err != nil {
		return err
	}
	var documents []int64
	err = tx.NewRaw("SELECT DISTINCT document FROM mentions WHERE entity = ? AND coalesce(resolved, entity) IN (?)", root, bun.List(leaves)).Scan(ctx, &documents)
	if err != nil || len(documents) == 0 {
		return err
	}
	var detail DecisionDetail
	if detail.Mentions, detail.Relationships, err = move(ctx, tx, root, n, leaves); err != nil {
		return err
	}
	if err := rejoinIn(ctx, tx, documents); err != nil {
		return err
	}
	return m.setDetail(ctx, tx, detail)
}
