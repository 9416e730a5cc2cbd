package storetest

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

var decide = store.Decide{Actor: "ann@desk", Reason: "Same address.", At: start}

// naming is as simple as the fixtures: the key of a name is the name in small letters.
var naming = store.Naming{
	Key: func(m document.Mention) string { return strings.ToLower(m.Text) },
	ID: func(_ string, _ document.EntityType, key string) string {
		return "ent_" + strings.ReplaceAll(key, " ", "-")
	},
}

func merge(t *testing.T, s *store.Store, entity, other document.Entity) store.EntityDecision {
	t.Helper()
	d, made, err := s.MergeEntities(t.Context(), store.MergeRequest{Project: project, Entity: entity.ID, Other: other.ID, Decide: decide})
	require.NoError(t, err)
	require.True(t, made)
	return d
}

func undo(t *testing.T, s *store.Store, n int64) store.EntityDecision {
	t.Helper()
	d, made, err := s.UndoDecision(t.Context(), store.UndoRequest{Decision: n, Decide: decide})
	require.NoError(t, err)
	require.True(t, made)
	return d
}

func splitNames(t *testing.T, s *store.Store, entity document.Entity, names ...string) store.EntityDecision {
	t.Helper()
	d, made, err := s.SplitEntity(t.Context(), store.SplitRequest{Project: project, Entity: entity.ID, Names: names, Naming: naming, Decide: decide})
	require.NoError(t, err)
	require.True(t, made)
	return d
}

// named is how many mentions each entity has that has any.
func named(t *testing.T, s *store.Store) map[string]int {
	t.Helper()
	list, err := s.Entities(t.Context(), store.EntityFilter{Project: project})
	require.NoError(t, err)
	out := map[string]int{}
	for _, e := range list {
		out[e.ID] = e.Mentions
	}
	return out
}

// found is what documents say, and which entities there are.
func found(t *testing.T, s *store.Store) map[string][]map[string]any {
	t.Helper()
	all := map[string][]map[string]any{}
	for _, table := range []string{
		"mentions ORDER BY document, ordinal", "relationships ORDER BY document, ordinal", "entity_aliases ORDER BY project, type, key",
		"entity_pins ORDER BY key", "document_pins ORDER BY document",
	} {
		rows, err := s.Query(t.Context(), "SELECT * FROM "+table)
		require.NoError(t, err)
		all[table] = rows
	}
	return all
}

var (
	john   = person("john smith", "John Smith", "j smith")
	johnny = person("johnny smith", "Johnny Smith", "johnny s smith")
	bob    = person("bob lee", "Bob Lee")
)

func mergeEntities(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	save(t, s, request("b1", 1, result("one", john, bob)), batch.OutcomeCompleted)
	save(t, s, request("b1", 2, result("two", johnny, bob)), batch.OutcomeCompleted)
	both := result("three", john, johnny, bob)
	both.Relationships = []document.Relationship{
		{Type: document.PartyTo, From: john.ID, To: bob.ID, Evidence: document.Span{End: 4}, Confidence: 0.7},
		{Type: document.PartyTo, From: johnny.ID, To: bob.ID, Evidence: document.Span{End: 4}, Confidence: 0.7},
		{Type: document.PartyTo, From: johnny.ID, To: john.ID, Evidence: document.Span{End: 4}, Confidence: 0.7},
	}
	save(t, s, request("b1", 3, both), batch.OutcomeCompleted)
	before := found(t, s)

	d := merge(t, s, john, johnny)
	assert.Equal(t, []any{project, decide.Actor, decide.Reason, store.EntityMerged, john.ID, johnny.ID, 4},
		[]any{d.Project, d.Actor, d.Reason, d.Action, d.Entity, d.Other, d.Mentions})
	require.Len(t, d.Before, 2)
	assert.Equal(t, store.EntityBefore{Entity: johnny, Mentions: 4}, d.Before[1])
	assert.Equal(t, map[string]int{john.ID: 8, bob.ID: 6}, named(t, s))

	r, err := s.Result(t.Context(), project, store.DocumentID(hash("three")))
	require.NoError(t, err)
	assert.Equal(t, []string{"j smith", "johnny s smith", "johnny smith"}, r.Entities[1].Aliases)
	assert.Equal(t, both.Relationships[:1], r.Relationships, "one said twice is one, and none is with itself")
	counts, err := s.Relationships(t.Context(), store.RelationshipFilter{Project: project})
	require.NoError(t, err)
	total := 0
	for _, c := range counts {
		total += c.Count
		assert.NotEqual(t, johnny.ID, c.From)
		assert.NotEqual(t, johnny.ID, c.To)
	}
	assert.Equal(t, 3, total)
	ids, err := s.EntitiesNamed(t.Context(), project, "Johnny Smith", nil)
	require.NoError(t, err)
	assert.Contains(t, ids, john.ID)

	undone := undo(t, s, d.N)
	assert.Equal(t, d.N, undone.Undoes)
	assert.Equal(t, before, found(t, s))
	assert.Equal(t, map[string]int{john.ID: 4, johnny.ID: 4, bob.ID: 6}, named(t, s))

	list, err := s.EntityDecisions(t.Context(), project, false, 0)
	require.NoError(t, err)
	require.Len(t, list, 2)
	assert.Equal(t, undone, list[0])
	assert.Equal(t, undone.N, list[1].Undone)

	// Bob comes to John through Johnny, leaves, and comes again by himself: he stays.
	first := merge(t, s, johnny, bob)
	second := merge(t, s, john, johnny)
	undo(t, s, first.N)
	assert.Equal(t, map[string]int{john.ID: 8, bob.ID: 6}, named(t, s))
	merge(t, s, john, bob)
	undo(t, s, second.N)
	assert.Equal(t, map[string]int{john.ID: 10, johnny.ID: 4}, named(t, s))
}

// mergedLater has documents named after a merge, by lookups of before it and after.
func mergedLater(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	save(t, s, request("b1", 1, result("one", john)), batch.OutcomeCompleted)
	save(t, s, request("b1", 2, result("two", johnny)), batch.OutcomeCompleted)
	d := merge(t, s, john, johnny)
	save(t, s, request("b1", 3, result("three", johnny, bob)), batch.OutcomeCompleted)
	again := request("b1", 4, result("two", johnny))
	again.Reread = true
	save(t, s, again, batch.OutcomeCompleted)
	assert.Equal(t, map[string]int{john.ID: 6, bob.ID: 2}, named(t, s))
	rels, err := s.Relationships(t.Context(), store.RelationshipFilter{Project: project})
	require.NoError(t, err)
	require.Len(t, rels, 1)
	assert.Equal(t, john.ID, rels[0].To)

	undo(t, s, d.N)
	assert.Equal(t, map[string]int{john.ID: 2, johnny.ID: 4, bob.ID: 2}, named(t, s), "also what came after the merge")
	rels, err = s.Relationships(t.Context(), store.RelationshipFilter{Project: project})
	require.NoError(t, err)
	assert.Equal(t, johnny.ID, rels[0].To)
}

func mergeChains(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	for i, e := range []document.Entity{john, johnny, bob} {
		save(t, s, request("b1", i+1, result(e.Name, e)), batch.OutcomeCompleted)
	}
	first := merge(t, s, johnny, bob)
	second := merge(t, s, john, johnny)
	assert.Equal(t, map[string]int{john.ID: 6}, named(t, s))
	undo(t, s, first.N)
	assert.Equal(t, map[string]int{john.ID: 4, bob.ID: 2}, named(t, s))
	undo(t, s, second.N)
	assert.Equal(t, map[string]int{john.ID: 2, johnny.ID: 2, bob.ID: 2}, named(t, s))
}

func decidedTwice(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	save(t, s, request("b1", 1, result("one", john, johnny, bob, docket("1:20-cv-3"))), batch.OutcomeCompleted)
	d := merge(t, s, john, johnny)
	again, made, err := s.MergeEntities(t.Context(), store.MergeRequest{Project: project, Entity: john.ID, Other: johnny.ID, Decide: decide})
	require.NoError(t, err)
	assert.False(t, made)
	assert.Equal(t, d, again)

	for name, req := range map[string]store.MergeRequest{
		"itself":        {Project: project, Entity: john.ID, Other: john.ID},
		"PERSON":        {Project: project, Entity: john.ID, Other: "ent_1:20-cv-3"},
		"is part of":    {Project: project, Entity: bob.ID, Other: johnny.ID},
		"not found":     {Project: project, Entity: john.ID, Other: "ent_nobody"},
		`project "oth`:  {Project: "other", Entity: john.ID, Other: johnny.ID},
		"has an actor":  {Project: project, Entity: john.ID, Other: bob.ID},
		"johnny-smith ": {Project: project, Entity: johnny.ID, Other: bob.ID},
	} {
		if name != "has an actor" {
			req.Decide = decide
		}
		_, _, err := s.MergeEntities(t.Context(), req)
		require.ErrorContains(t, err, name)
	}
	undone := undo(t, s, d.N)
	again, made, err = s.UndoDecision(t.Context(), store.UndoRequest{Decision: d.N, Decide: decide})
	require.NoError(t, err)
	assert.False(t, made)
	assert.Equal(t, undone, again)
	_, _, err = s.UndoDecision(t.Context(), store.UndoRequest{Decision: undone.N, Decide: decide})
	require.ErrorContains(t, err, "merge or split anew")
	_, _, err = s.UndoDecision(t.Context(), store.UndoRequest{Decision: 99, Decide: decide})
	require.ErrorIs(t, err, store.ErrNotFound)
	assert.Equal(t, 2, count(t, s, "entity_decisions"), "what was refused is not kept")
}

// splitJohn registers documents that write John Smith in two ways.
func splitJohn(t *testing.T, s *store.Store) *document.Result {
	register(t, s, newBatch("b1"), 9)
	one := result("one", john, bob)
	for i := range one.Mentions {
		if m := &one.Mentions[i]; m.Entity == john.ID && i%2 == 1 {
			m.Text = "J Smith"
		}
	}
	one.Relationships[0].Evidence = document.Span{Start: 0, End: 3} // John Smith and J Smith
	shown := one.Relationships[0]
	shown.Evidence = document.Span{Start: 2, End: 6} // J Smith
	one.Relationships = append(one.Relationships, shown)
	save(t, s, request("b1", 1, one), batch.OutcomeCompleted)
	two := result("two", john, bob)
	for i := range two.Mentions {
		if m := &two.Mentions[i]; m.Entity == john.ID {
			m.Text = "J SMITH"
		}
	}
	save(t, s, request("b1", 2, two), batch.OutcomeCompleted)
	return two
}

func splitByName(t *testing.T, s *store.Store) {
	splitJohn(t, s)
	before := found(t, s)
	d := splitNames(t, s, john, "J Smith")
	assert.Equal(t, []any{store.EntitySplit, john.ID, "ent_j-smith", 3, 2, []string{"j smith"}},
		[]any{d.Action, d.Entity, d.Other, d.Mentions, d.Relationships, d.Keys})
	assert.Equal(t, map[string]int{john.ID: 1, "ent_j-smith": 3, bob.ID: 4}, named(t, s))
	rels, err := s.Relationships(t.Context(), store.RelationshipFilter{Project: project})
	require.NoError(t, err)
	var to []string
	for _, r := range rels {
		to = append(to, r.To)
	}
	assert.ElementsMatch(t, []string{"ent_j-smith", john.ID}, to, "a relationship goes with the mentions that show it")

	assert.Equal(t, "ent_j-smith", lookup(t, s, project, "j smith")["j smith"].ID, "later documents find it")
	pinned, err := s.PinnedNames(t.Context(), project, d.N)
	require.NoError(t, err)
	assert.Equal(t, store.PinnedNames{Decision: d.N, Keys: []store.EntityKey{{Type: document.Person, Key: "j smith"}}}, pinned)

	again, made, err := s.SplitEntity(t.Context(), store.SplitRequest{Project: project, Entity: john.ID, Names: []string{"j smith"}, Naming: naming, Decide: decide})
	require.NoError(t, err)
	assert.False(t, made)
	assert.Equal(t, d, again)

	_, _, err = s.MergeEntities(t.Context(), store.MergeRequest{Project: project, Entity: john.ID, Other: "ent_j-smith", Decide: decide})
	require.ErrorContains(t, err, fmt.Sprintf("decision %d split them", d.N))

	split := person("j smith", "J Smith")
	save(t, s, request("b1", 3, result("three", split)), batch.OutcomeCompleted)
	assert.Equal(t, map[string]int{john.ID: 1, "ent_j-smith": 5, bob.ID: 4}, named(t, s))

	undo(t, s, d.N)
	assert.Equal(t, map[string]int{john.ID: 6, bob.ID: 4}, named(t, s), "with what came later")
	assert.Equal(t, before["entity_aliases ORDER BY project, type, key"], found(t, s)["entity_aliases ORDER BY project, type, key"])
	pinned, err = s.PinnedNames(t.Context(), project, 9)
	require.NoError(t, err)
	assert.Empty(t, pinned.Keys)
	save(t, s, request("b1", 4, result("four", split)), batch.OutcomeCompleted)
	assert.Equal(t, map[string]int{john.ID: 8, bob.ID: 4}, named(t, s))

	splitNames(t, s, john, "J Smith")
	assert.Equal(t, map[string]int{john.ID: 1, "ent_j-smith": 7, bob.ID: 4}, named(t, s), "and again")
}

func splitByDocument(t *testing.T, s *store.Store) {
	two := splitJohn(t, s)
	before := found(t, s)
	req := store.SplitRequest{Project: project, Entity: john.ID, Document: store.DocumentID(two.SHA256), Naming: naming, Decide: decide}
	d, made, err := s.SplitEntity(t.Context(), req)
	require.NoError(t, err)
	require.True(t, made)
	assert.Equal(t, map[string]int{john.ID: 2, d.Other: 2, bob.ID: 4}, named(t, s))
	_, made, err = s.SplitEntity(t.Context(), req)
	require.NoError(t, err)
	assert.False(t, made)

	again := request("b1", 3, two)
	again.Reread = true
	save(t, s, again, batch.OutcomeCompleted)
	save(t, s, request("b1", 4, result("four", john)), batch.OutcomeCompleted)
	assert.Equal(t, map[string]int{john.ID: 4, d.Other: 2, bob.ID: 4}, named(t, s), "the document stays split, and others do not follow")

	req.Document = store.DocumentID(hash("nothing"))
	_, _, err = s.SplitEntity(t.Context(), req)
	require.ErrorIs(t, err, store.ErrNotFound)

	undo(t, s, d.N)
	assert.Equal(t, map[string]int{john.ID: 6, bob.ID: 4}, named(t, s))
	assert.Equal(t, before["relationships ORDER BY document, ordinal"], found(t, s)["relationships ORDER BY document, ordinal"])
}

func splitRefused(t *testing.T, s *store.Store) {
	splitJohn(t, s)
	save(t, s, request("b1", 3, result("three", johnny)), batch.OutcomeCompleted)
	merge(t, s, john, johnny)
	for want, names := range map[string][]string{
		"is known by":               {"John Smith"},
		"is written otherwise":      {"J Smith", "Smith"},
		"decision 1 merged":         {"Johnny Smith"},
		"names or a document":       nil,
		"is written otherwise than": {"Bob Lee"},
	} {
		_, _, err := s.SplitEntity(t.Context(), store.SplitRequest{Project: project, Entity: john.ID, Names: names, Naming: naming, Decide: decide})
		require.ErrorContains(t, err, want)
		for _, name := range names {
			assert.NotContains(t, err.Error(), name, "names stay out of errors")
		}
	}
	_, _, err := s.SplitEntity(t.Context(), store.SplitRequest{Project: project, Entity: johnny.ID, Names: []string{"J Smith"}, Naming: naming, Decide: decide})
	require.ErrorContains(t, err, "was merged by decision 1")
	assert.Equal(t, 1, count(t, s, "entity_decisions"))
	assert.Equal(t, 3, count(t, s, "entities"), "nothing is left of what was refused")
}

// decidedMeanwhile has a document saved by what was looked up before a decision.
func decidedMeanwhile(t *testing.T, s *store.Store) {
	splitJohn(t, s)
	req := request("b1", 3, result("three", john))
	pinned, err := s.PinnedNames(t.Context(), project, 0)
	require.NoError(t, err)

	d := splitNames(t, s, john, "J Smith")
	req.Pinned = &pinned
	var stale *store.StaleError
	_, err = s.SaveResult(t.Context(), req)
	require.ErrorAs(t, err, &stale, "the name was pinned")
	assert.Equal(t, d.N, stale.Decision)
	_, b, err := s.Work(t.Context(), "b1", 3)
	require.NoError(t, err)
	assert.Equal(t, d.N, b.Decision)
	pinned.Decision = stale.Decision
	save(t, s, req, batch.OutcomeCompleted)
}

// decidedConcurrently has documents saved while their entities are merged and parted.
func decidedConcurrently(t *testing.T, s *store.Store) {
	const each = 4
	register(t, s, newBatch("b1"), writers*each+1)
	save(t, s, request("b1", writers*each+1, result("first", john, johnny)), batch.OutcomeCompleted)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				row := w*each + i + 1
				e := []document.Entity{john, johnny}[row%2]
				_, err := s.SaveResult(t.Context(), request("b1", row, result(fmt.Sprint(row), e, bob)))
				assert.NoError(t, err)
				if w > 0 || i > 1 {
					continue
				}
				// The first writer merges, undoes and merges, and saves more of both.
				d, _, err := s.MergeEntities(t.Context(), store.MergeRequest{Project: project, Entity: john.ID, Other: johnny.ID, Decide: decide})
				if assert.NoError(t, err) && i < 1 {
					_, _, err = s.UndoDecision(t.Context(), store.UndoRequest{Decision: d.N, Decide: decide})
					assert.NoError(t, err)
				}
			}
		})
	}
	wg.Wait()
	const all = 2*writers*each + 4
	assert.Equal(t, map[string]int{john.ID: all, bob.ID: 2 * writers * each}, named(t, s))
	list, err := s.EntityDecisions(t.Context(), project, false, 1)
	require.NoError(t, err)
	undo(t, s, list[0].N)
	assert.Equal(t, map[string]int{john.ID: all / 2, johnny.ID: all / 2, bob.ID: 2 * writers * each}, named(t, s))
	assert.Equal(t, 3, count(t, s, "entities"))
}

func showEntity(t *testing.T, s *store.Store) {
	splitJohn(t, s)
	save(t, s, request("b1", 3, result("three", johnny)), batch.OutcomeCompleted)
	d := merge(t, s, john, johnny)
	e, err := s.Entity(t.Context(), project, john.ID, 0)
	require.NoError(t, err)
	assert.Equal(t, []any{3, 6, ""}, []any{e.EntityCount.Documents, e.Mentions, e.MergedInto})
	assert.Equal(t, []string{"j smith", "johnny s smith", "johnny smith"}, e.Aliases)
	type form struct {
		text     string
		mentions int
		found    string
		decision int64
	}
	var forms []form
	for _, f := range e.Forms {
		forms = append(forms, form{f.Text, f.Mentions, f.Found.ID, f.Decision})
	}
	assert.Equal(t, []form{{"J SMITH", 2, john.ID, 0}, {"Johnny Smith", 2, johnny.ID, d.N}, {"J Smith", 1, john.ID, 0}, {"John Smith", 1, john.ID, 0}}, forms)
	require.Len(t, e.Documents, 4)
	i := slices.IndexFunc(e.Documents, func(n store.NamedIn) bool { return n.Text == "J SMITH" })
	assert.Equal(t, store.NamedIn{Document: store.DocumentID(hash("two")), Name: "2.eml", Page: 1, Text: "J SMITH", Mentions: 2}, e.Documents[i])
	require.Len(t, e.Relationships, 1)
	assert.Equal(t, 2, e.Relationships[0].Documents)

	few, err := s.Entity(t.Context(), project, john.ID, 1)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 1}, []int{len(few.Forms), len(few.Documents)})
	part, err := s.Entity(t.Context(), project, johnny.ID, 0)
	require.NoError(t, err)
	assert.Equal(t, []any{john.ID, d.N, 0}, []any{part.MergedInto, part.MergedBy, part.Mentions})
	_, err = s.Entity(t.Context(), "other", john.ID, 0)
	require.ErrorIs(t, err, store.ErrNotFound)

	for like, want := range map[string]int{"SMITH": 1, "johnny s": 1, "bob": 1, "%": 0, "_ob": 0, "": 2} {
		list, err := s.EntitiesLike(t.Context(), store.EntityFilter{Project: project}, like)
		require.NoError(t, err)
		assert.Len(t, list, want, "%q", like)
	}
}
