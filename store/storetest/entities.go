package storetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func lookup(t *testing.T, s *store.Store, project string, keys ...string) map[string]document.Entity {
	t.Helper()
	var asked []store.EntityKey
	for _, k := range keys {
		asked = append(asked, store.EntityKey{Type: document.Person, Key: k})
	}
	found, err := s.LookupEntities(t.Context(), project, asked)
	require.NoError(t, err)
	out := map[string]document.Entity{}
	for k, e := range found {
		assert.Equal(t, document.Person, k.Type)
		out[k.Key] = e
	}
	return out
}

func aliases(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	ann, alice := person("ann smith", "Ann Smith", "a smith"), person("alice smith", "Alice Smith", "a smith", "al smith")
	save(t, s, request("b1", 1, result("one", ann)), batch.OutcomeCompleted)
	save(t, s, request("b1", 2, result("two", alice)), batch.OutcomeCompleted)
	assert.Equal(t, map[string]document.Entity{"ann smith": ann, "alice smith": alice},
		lookup(t, s, project, "ann smith", "a smith", "al smith", "alice smith", "nobody", ""), "a name may be an alias of several")
	assert.Empty(t, lookup(t, s, project))

	smith := person("a smith", "A. Smith")
	save(t, s, request("b1", 3, result("three", smith)), batch.OutcomeCompleted)
	assert.Equal(t, map[string]document.Entity{"a smith": smith}, lookup(t, s, project, "a smith"))

	found, err := s.LookupEntities(t.Context(), project, []store.EntityKey{{Type: document.Org, Key: "ann smith"}})
	require.NoError(t, err)
	assert.Empty(t, found, "a key is of a type")
}

func longerName(t *testing.T, s *store.Store) {
	names := []string{"Ann Smith", "Ann B. Smith", "A. Smith", "ANN B. SMITH", "Änn B. Smith"}
	register(t, s, newBatch("b1"), len(names))
	var held []string
	for i, name := range names {
		e := person("ann smith", name)
		if i > 0 {
			e.ID = "ent_other"
		}
		save(t, s, request("b1", i+1, result(name, e)), batch.OutcomeCompleted)
		got := lookup(t, s, project, "ann smith")["ann smith"]
		assert.Equal(t, "ent_ann-smith", got.ID, "an entity keeps its ID")
		held = append(held, got.Name)
	}
	assert.Equal(t, []string{"Ann Smith", "Ann B. Smith", "Ann B. Smith", "Ann B. Smith", "Änn B. Smith"}, held)
	r, err := s.Result(t.Context(), project, store.DocumentID(hash(names[2])))
	require.NoError(t, err)
	assert.Equal(t, []document.Entity{person("ann smith", "Änn B. Smith")}, r.Entities)
	assert.Equal(t, "ent_ann-smith", r.Mentions[0].Entity)
	assert.Equal(t, "A. Smith", r.Mentions[0].Text)
}

func projectsApart(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	other := newBatch("b2")
	other.Project = "beta"
	register(t, s, other, 1)
	r := result("one", person("ann smith", "Ann Smith"))
	saved := save(t, s, request("b1", 1, r), batch.OutcomeCompleted)

	_, ok, err := s.FindContent(t.Context(), "beta", r.SHA256, "1")
	require.NoError(t, err)
	assert.False(t, ok)
	_, err = s.Result(t.Context(), "beta", saved.Document)
	require.ErrorIs(t, err, store.ErrNotFound)
	assert.Empty(t, lookup(t, s, "beta", "ann smith"))
	entities, err := s.Entities(t.Context(), store.EntityFilter{Project: "beta"})
	require.NoError(t, err)
	assert.Empty(t, entities)

	req := request("b2", 1, result("one", person("ann smith", "Ann Smith")))
	req.Project = "beta"
	save(t, s, req, batch.OutcomeCompleted)
	assert.Equal(t, 2, count(t, s, "documents"))
	assert.Equal(t, 2, count(t, s, "entities"))
}

func countEntities(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	register(t, s, newBatch("b2"), 1)
	ann, bob, cv := person("ann smith", "Ann Smith", "a smith"), person("bob lee", "Bob Lee"), docket("1:20-cv-3")
	save(t, s, request("b1", 1, result("one", cv, ann)), batch.OutcomeCompleted)
	save(t, s, request("b1", 2, result("two", ann, bob)), batch.OutcomeCompleted)
	save(t, s, request("b2", 1, result("three", cv, ann)), batch.OutcomeCompleted)

	type named struct {
		id                  string
		documents, mentions int
	}
	for _, test := range []struct {
		filter store.EntityFilter
		want   []named
	}{
		{store.EntityFilter{Project: project}, []named{{ann.ID, 3, 6}, {cv.ID, 2, 4}, {bob.ID, 1, 2}}},
		{store.EntityFilter{Batch: "b1"}, []named{{ann.ID, 2, 4}, {cv.ID, 1, 2}, {bob.ID, 1, 2}}},
		{store.EntityFilter{Batch: "b1", Type: document.Person, Limit: 1}, []named{{ann.ID, 2, 4}}},
		{store.EntityFilter{Project: project, Batch: "b2"}, []named{{cv.ID, 1, 2}, {ann.ID, 1, 2}}},
	} {
		list, err := s.Entities(t.Context(), test.filter)
		require.NoError(t, err)
		var got []named
		for _, e := range list {
			got = append(got, named{e.ID, e.Documents, e.Mentions})
			if e.ID == ann.ID {
				assert.Equal(t, ann, e.Entity)
			}
		}
		assert.Equal(t, test.want, got, "%+v", test.filter)

		if test.filter.Limit > 0 {
			continue
		}
		slices.SortFunc(list, func(a, b store.EntityCount) int { return strings.Compare(a.ID, b.ID) })
		var paged []store.EntityCount
		for after := ""; len(paged) < len(list); after = paged[len(paged)-1].ID {
			filter := test.filter
			filter.Limit = 2
			page, err := s.EntitiesByID(t.Context(), filter, after)
			require.NoError(t, err)
			require.NotEmpty(t, page)
			require.LessOrEqual(t, len(page), 2)
			paged = append(paged, page...)
		}
		assert.Equal(t, list, paged, "%+v", test.filter)
		rest, err := s.EntitiesByID(t.Context(), test.filter, list[len(list)-1].ID)
		require.NoError(t, err)
		assert.Empty(t, rest)
	}

	relations, err := s.Relationships(t.Context(), store.RelationshipFilter{Project: project, Type: document.PartyTo})
	require.NoError(t, err)
	first := store.RelationshipCount{
		Type: document.PartyTo, From: cv.ID, FromType: cv.Type, FromName: cv.Name, To: ann.ID, ToType: ann.Type, ToName: "Ann Smith",
		Documents: 2, Count: 2, Confidence: 0.7,
	}
	second := store.RelationshipCount{
		Type: document.PartyTo, From: ann.ID, FromType: ann.Type, FromName: "Ann Smith", To: bob.ID, ToType: bob.Type, ToName: "Bob Lee",
		Documents: 1, Count: 1, Confidence: 0.7,
	}
	assert.Equal(t, []store.RelationshipCount{first, second}, relations)
	relations, err = s.Relationships(t.Context(), store.RelationshipFilter{Batch: "b2", Limit: 5})
	require.NoError(t, err)
	first.Documents, first.Count = 1, 1
	assert.Equal(t, []store.RelationshipCount{first}, relations)
	relations, err = s.Relationships(t.Context(), store.RelationshipFilter{Batch: "b1", Type: document.Cites})
	require.NoError(t, err)
	assert.Empty(t, relations)
}

func readOnlyQuery(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	got, err := s.Query(t.Context(), "SELECT row_no, name FROM batch_rows WHERE batch = ? AND row_no > ?", "b1", 1)
	require.NoError(t, err)
	assert.Equal(t, []map[string]any{{"row_no": int64(2), "name": "2.pdf"}}, got)
	got, err = s.Query(t.Context(), "SELECT id FROM batches WHERE id = ?", "b2")
	require.NoError(t, err)
	assert.Empty(t, got)
	_, err = s.Query(t.Context(), "DELETE FROM batch_rows")
	require.Error(t, err)
	assert.Equal(t, 2, count(t, s, "batch_rows"))
}
