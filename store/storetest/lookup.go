package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func personKeys(keys ...string) []store.EntityKey {
	out := make([]store.EntityKey, len(keys))
	for i, k := range keys {
		out[i] = store.EntityKey{Type: document.Person, Key: k}
	}
	return out
}

func ask(t *testing.T, s *store.Store, keys ...string) store.Lookup {
	t.Helper()
	l, err := s.Lookup(t.Context(), store.LookupRequest{Project: project, Keys: personKeys(keys...), Versioned: true})
	require.NoError(t, err)
	return l
}

func entityChanges(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 6)
	var versions []int64
	saveNext := func(want int, entities ...document.Entity) {
		row := len(versions) + 1
		saved := save(t, s, request("b1", row, result(fmt.Sprint(row), entities...)), batch.OutcomeCompleted)
		versions = append(versions, ask(t, s).Version)
		if want == 0 {
			assert.Nil(t, saved.Entities, "row %d", row)
			return
		}
		require.NotNil(t, saved.Entities, "row %d", row)
		assert.Len(t, saved.Entities.Entities, want, "row %d", row)
		assert.Equal(t, versions[row-1], saved.Entities.To)
	}
	ann := person("ann smith", "Ann Smith", "a smith")
	saveNext(2, ann, person("bob lee", "Bob Lee"))
	saveNext(0, ann, person("bob lee", "Bob"))
	saveNext(1, ann, person("bob lee", "Robert Lee"))            // a fuller name
	saveNext(1, person("ann smith", "Ann Smith", "annie smith")) // one more alias
	saveNext(1, person("a smith", "A. Smith"))                   // whose key is an alias
	saveNext(1, person("bob lee", "Bob", "annie smith"))         // another's alias
	assert.Equal(t, versions[0], versions[1])
	assert.IsIncreasing(t, []int64{0, versions[1], versions[2], versions[3], versions[4], versions[5]})

	_, b, err := s.Work(t.Context(), "b1", 1)
	require.NoError(t, err)
	assert.Equal(t, versions[5], b.EntityVersion)

	c, err := s.EntityChanges(t.Context(), project, versions[2], 10)
	require.NoError(t, err)
	assert.True(t, c.Known)
	assert.Equal(t, versions[5], c.Version)
	names := map[string]store.KnownEntity{}
	for _, e := range c.Entities {
		names[e.Name] = e
		assert.Positive(t, e.N)
	}
	assert.Contains(t, names, "A. Smith")
	assert.Equal(t, []string{"annie smith"}, names["Robert Lee"].Aliases)
	assert.Equal(t, []string{"a smith", "annie smith"}, names["Ann Smith"].Aliases)

	for _, since := range []int64{versions[2] - 1, versions[5] + 1} {
		c, err = s.EntityChanges(t.Context(), project, since, 10)
		require.NoError(t, err)
		assert.False(t, c.Known, "a version that the project never had")
	}
	c, err = s.EntityChanges(t.Context(), project, 0, 1)
	require.NoError(t, err)
	assert.False(t, c.Known, "more changes than asked for")
	c, err = s.EntityChanges(t.Context(), project, versions[5], 10)
	require.NoError(t, err)
	assert.True(t, c.Known)
	assert.Empty(t, c.Entities)
}

func staleLookup(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 6)
	register(t, s, newBatch("b2"), 6)
	save(t, s, request("b1", 1, result("one", person("ann smith", "Ann Smith"))), batch.OutcomeCompleted)
	old := ask(t, s, "ann smith", "carl roe", "c roe")
	old.Checked = true

	// Others change: the answer holds, and what it says of numbers is right.
	save(t, s, request("b1", 2, result("two", person("bob lee", "Bob Lee"))), batch.OutcomeCompleted)
	req := request("b2", 1, result("three", person("ann smith", "Ann B. Smith", "annie smith"), person("carl roe", "Carl Roe", "c roe")))
	req.Lookup = &old
	saved := save(t, s, req, batch.OutcomeCompleted)
	require.True(t, saved.Entities.Whole)
	assert.Equal(t, 3, count(t, s, "entities"))
	r, err := s.Result(t.Context(), project, saved.Document)
	require.NoError(t, err)
	assert.Equal(t, "ent_ann-smith", r.Mentions[0].Entity)
	states, err := s.EntityChanges(t.Context(), project, saved.Entities.From, 10)
	require.NoError(t, err)
	var want []store.KnownEntity
	want = append(want, states.Entities...)
	assert.Equal(t, want, saved.Entities.Entities, "what a save says that it changed is what changed")

	// An answer is not believed that is of no version the project had.
	req = request("b2", 2, result("four", person("charles roe", "Charles Roe", "c roe")))
	before := dump(t, s)
	for _, version := range []int64{old.Version + 1, saved.Entities.To + 1} {
		odd := ask(t, s, "ann smith")
		odd.Checked, odd.Version = true, version
		req.Lookup = &odd
		_, err = s.SaveResult(t.Context(), req)
		require.ErrorIs(t, err, store.ErrStale)
		assert.Equal(t, before, dump(t, s))
	}
	old.Checked = false // the store's own answers are not judged
	req.Lookup = &old
	save(t, s, req, batch.OutcomeCompleted)
}

// madeByOthersToo has two documents resolved at the same moment that name the same
// people.
func madeByOthersToo(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 9)
	save(t, s, request("b1", 1, result("one", person("ann smith", "Ann Smith"))), batch.OutcomeCompleted)
	old := ask(t, s, "ann smith", "a smith", "carl roe", "c roe", "dan poe", "d poe")
	old.Checked = true
	save(t, s, request("b1", 2, result("two", person("ann smith", "Ann Smith", "a smith"), person("carl roe", "Carl Roe", "c roe", "carlo roe"))), batch.OutcomeCompleted)

	// What others made is what this one would make: it is saved as it is.
	req := request("b1", 3, result("three", person("ann smith", "Ann Smith", "a smith"), person("carl roe", "Carl X. Roe", "c roe"), person("dan poe", "Dan Poe", "d poe")))
	req.Lookup = &old
	saved := save(t, s, req, batch.OutcomeCompleted)
	assert.Equal(t, 3, count(t, s, "entities"))
	states, err := s.EntityChanges(t.Context(), project, saved.Entities.From, 10)
	require.NoError(t, err)
	var want []store.KnownEntity
	want = append(want, states.Entities...)
	require.Len(t, want, 2)
	assert.Equal(t, want, saved.Entities.Entities, "with the names and aliases that others gave")
	assert.True(t, saved.Entities.Whole)
	assert.Equal(t, saved.Entities.From, saved.Entities.Lookup.Version)
	assert.Equal(t, "Carl Roe", saved.Entities.Lookup.Found[personKeys("carl roe")[0]].Name)

	assert.Equal(t, 3, count(t, s, "entities"))
}

func listedAsLookedUp(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	save(t, s, request("b1", 1, result("one", person("ann smith", "Ann Smith", "a smith", "smith"), person("bob lee", "Bob Lee"))), batch.OutcomeCompleted)
	save(t, s, request("b1", 2, result("two", person("a smith", "A. Smith"))), batch.OutcomeCompleted)
	l, err := s.EntitiesByUse(t.Context(), project, "", nil, 10)
	require.NoError(t, err)
	assert.True(t, l.All)
	keys := []string{"ann smith", "a smith", "smith", "bob lee", "nobody"}
	asked := ask(t, s, keys...)
	assert.Equal(t, asked.Version, l.Version)
	listed := map[store.EntityKey]store.KnownEntity{}
	for _, e := range l.Entities {
		listed[store.EntityKey{Type: e.Type, Key: e.Key}] = e
	}
	assert.Equal(t, asked.Found, listed)
	h, err := s.Holdings(t.Context(), project, "1")
	require.NoError(t, err)
	assert.Equal(t, store.Holdings{Documents: 2, Entities: 3, Aliases: 2}, h)
}

func readSoon(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 3)
	for row, e := range []document.Entity{person("rare", "Rare"), person("often", "Often"), person("often", "Often")} {
		req := request("b1", row+1, result(fmt.Sprint(row), e))
		req.URI = fmt.Sprintf("file:///matters/%d.pdf", row+1)
		save(t, s, req, batch.OutcomeCompleted)
	}
	register(t, s, newBatch("b2"), 1) // the document that names Rare
	l, err := s.EntitiesByUse(t.Context(), project, "b2", nil, 1)
	require.NoError(t, err)
	assert.False(t, l.All)
	require.Len(t, l.Entities, 1)
	assert.Equal(t, "Rare", l.Entities[0].Name)
	assert.Equal(t, 1, l.Soon)
	l, err = s.EntitiesByUse(t.Context(), project, "", nil, 1)
	require.NoError(t, err)
	assert.Equal(t, "Often", l.Entities[0].Name)
	assert.Equal(t, 0, l.Soon)
	rare := ask(t, s, "rare").Found[personKeys("rare")[0]]
	l, err = s.EntitiesByUse(t.Context(), project, "", []int64{rare.N}, 1)
	require.NoError(t, err)
	assert.Equal(t, "Rare", l.Entities[0].Name)

	docs, soon, err := s.Contents(t.Context(), project, "b2", "1", 2)
	require.NoError(t, err)
	assert.Equal(t, 1, soon)
	require.Len(t, docs, 2)
	assert.Equal(t, []string{hash("0"), hash("2")}, []string{docs[0].SHA256, docs[1].SHA256})
	assert.Equal(t, 2, docs[0].Chunks)
	none, _, err := s.Contents(t.Context(), project, "b2", "2", 2)
	require.NoError(t, err)
	assert.Empty(t, none, "another version of the pipeline reads them again")
}

func stillHeld(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	req := request("b1", 1, result("one"))
	req.DocumentID = "exhibit"
	save(t, s, req, batch.OutcomeCompleted)
	skip := store.Row{
		Batch: "b1", Row: 2, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged,
		Document: "exhibit", SHA256: hash("one"), FinishedAt: start.Add(time.Minute),
	}
	recorded, err := s.SetOutcome(t.Context(), skip)
	require.NoError(t, err)
	assert.True(t, recorded)

	replaced := request("b1", 3, result("another"))
	replaced.DocumentID = "exhibit"
	save(t, s, replaced, batch.OutcomeCompleted)
	skip.Row = 4
	recorded, err = s.SetOutcome(t.Context(), skip)
	require.NoError(t, err)
	assert.False(t, recorded)
	r, err := s.Row(t.Context(), "b1", 4)
	require.NoError(t, err)
	assert.Empty(t, r.Outcome)
}
