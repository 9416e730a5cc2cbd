package storetest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

// knownTo answers resolve from a project, as workers do.
type knownTo struct {
	s       *store.Store
	project string
	pinned  store.PinnedNames
	asked   store.Lookup
}

func (k *knownTo) LookupEntities(ctx context.Context, keys []resolve.Key) (map[resolve.Key]document.Entity, error) {
	asked := make([]store.EntityKey, len(keys))
	for i, key := range keys {
		asked[i] = store.EntityKey(key)
	}
	var err error
	k.asked, err = k.s.Lookup(ctx, store.LookupRequest{Project: k.project, Keys: asked, Versioned: true})
	k.asked.Checked = true
	found := map[resolve.Key]document.Entity{}
	for key, e := range k.asked.Found {
		found[resolve.Key(key)] = e.Entity
	}
	return found, err
}

func (k *knownTo) PinnedKeys(context.Context) (map[resolve.Key]bool, error) {
	keys := map[resolve.Key]bool{}
	for _, key := range k.pinned.Keys {
		keys[resolve.Key(key)] = true
	}
	return keys, nil
}

// read resolves and saves a document that consists of names, each "o: " an
// organisation's, as a row of the batch of a project that is called like it.
func read(ctx context.Context, s *store.Store, project string, row int, names ...string) error {
	var mentions []document.Mention
	content := project
	for i, n := range names {
		m := document.Mention{Type: document.Person, Text: n, Span: document.Span{Start: i, End: i + 1}, Confidence: 1}
		if org, ok := cutOrg(n); ok {
			m.Type, m.Text = document.Org, org
		}
		mentions = append(mentions, m)
		content += "\n" + n
	}
	for {
		_, b, err := s.Work(ctx, project, row)
		if err != nil {
			return err
		}
		k := &knownTo{s: s, project: project}
		if k.pinned, err = s.PinnedNames(ctx, project, b.Decision); err != nil {
			return err
		}
		res, err := resolve.Resolve(ctx, project, mentions, k)
		if err != nil {
			return err
		}
		r := &document.Result{SHA256: hash(fmt.Sprint(content, row)), Pipeline: "1", Text: content, Mentions: res.Mentions, Entities: res.Entities}
		for i := range mentions[1:] {
			from, to := res.Mentions[i].Entity, res.Mentions[i+1].Entity
			r.Relationships = append(r.Relationships, document.Relationship{Type: document.CoOccurs, From: from, To: to, Evidence: document.Span{Start: i, End: i + 2}})
		}
		_, err = s.SaveResult(ctx, store.SaveRequest{
			Project: project, Batch: project, Row: row, DocumentID: fmt.Sprint("d", row), Name: "n", Result: r,
			Lookup: &k.asked, Pinned: &k.pinned, Shorter: resolve.Shorter,
		})
		if !errors.Is(err, store.ErrStale) {
			return err
		}
	}
}

func cutOrg(name string) (string, bool) {
	if len(name) > 3 && name[:3] == "o: " {
		return name[3:], true
	}
	return name, false
}

// told is what is told of an entity, without what an ID depends on.
type told struct {
	Key, Name           string
	Aliases             []string
	Documents, Mentions int
	Related             int
}

func tellAll(t *testing.T, s *store.Store, project string) []told {
	t.Helper()
	list, err := s.Entities(t.Context(), store.EntityFilter{Project: project})
	require.NoError(t, err)
	rels, err := s.Relationships(t.Context(), store.RelationshipFilter{Project: project})
	require.NoError(t, err)
	related := map[string]int{}
	for _, r := range rels {
		related[r.From] += r.Count
		related[r.To] += r.Count
	}
	var all []told
	for _, e := range list {
		all = append(all, told{e.Key, e.Name, e.Aliases, e.Documents, e.Mentions, related[e.ID]})
		assert.Equal(t, resolve.EntityID(project, e.Type, e.Key), e.ID)
	}
	return all
}

// matter is documents in which people and firms are written in many ways.
var matter = [][]string{
	{"Miriam Okafor"}, {"Miriam A. Okafor", "John Smith Jr."}, {"Miriam A. Okafor", "Miriam Okafor", "J. Smith"}, {"Miriam Okafor", "John Smith Sr."},
	{"Miriam Adaeze Okafor", "Miriam A. Okafor"}, {"John Smith Sr.", "John Smith Jr.", "John Smith"}, {"John A. Smith", "John Smith"}, {"John B. Smith"},
	{"John B. Smith", "John Smith"}, {"John Smith"}, {"J. Smith"}, {"Robert Alan Teague", "Robert Teague", "Bob Teague"}, {"Robert A. Teague"}, {"Robert Teague"},
	{"Jane Q. Roe", "Jane Roe"}, {"Jane X. Roe"}, {"Jane Roe"}, {"Ann Mary Lee", "Ann Lee"}, {"Ann M. Lee"}, {"Ann Lee"},
	{"Eve Quinn Day Sr.", "Eve Day Sr."}, {"Eve Q. Day Sr.", "Eve Day Sr."}, {"Eve Day Jr."},
	{"o: Acme Inc.", "o: Acme"}, {"o: Acme"}, {"o: Halvorsen Marine Freight Incorporated", "o: Halvorsen Marine Freight"},
	{"o: HALVORSEN MARINE FREIGHT", "Miriam Okafor"}, {"o: Roe Corp."}, {"o: Roe LLC"}, {"o: Roe", "o: Roe Corp."}, {"o: Roe"},
}

// anyOrder saves the same documents in many orders, and by several at once.
func anyOrder(t *testing.T, s *store.Store) {
	var first []told
	for n := range 24 {
		random := rand.New(rand.NewPCG(uint64(n), 7)) //nolint:gosec // an order
		order := random.Perm(len(matter))
		if n == 1 {
			slices.Sort(order)
		}
		p := fmt.Sprint("p", n)
		b := newBatch(p)
		b.Project = p
		register(t, s, b, len(matter))
		var next = make(chan int, len(order))
		for _, i := range order {
			next <- i
		}
		close(next)
		readers := 1
		if n >= 16 {
			readers = 6
		}
		var wg sync.WaitGroup
		for range readers {
			wg.Go(func() {
				for i := range next {
					assert.NoError(t, read(t.Context(), s, p, i+1, matter[i]...))
				}
			})
		}
		wg.Wait()
		got := tellAll(t, s, p)
		if first == nil {
			first = got
			var keys []string
			for _, e := range got {
				keys = append(keys, e.Key)
				t.Logf("%-30s %-30q %2d %2d %2d %v", e.Key, e.Name, e.Documents, e.Mentions, e.Related, e.Aliases)
			}
			assert.ElementsMatch(t, []string{
				"miriam adaeze okafor", "robert alan teague", "robert a teague", "ann mary lee", "ann m lee", "eve quinn day sr", "eve day jr",
				"john smith jr", "john smith sr", "john smith", "john a smith", "john b smith", "j smith", "jane q roe", "jane x roe", "jane roe",
				"acme inc", "halvorsen marine freight inc", "roe corp", "roe llc", "roe",
			}, keys)
		}
		require.Equal(t, first, got, "order %v", order)
	}
}

func joinsUndone(t *testing.T, s *store.Store) {
	b := newBatch(project)
	register(t, s, b, 20)
	ctx := t.Context()
	id := func(key string) string { return resolve.EntityID(project, document.Person, key) }
	require.NoError(t, read(ctx, s, project, 1, "Ann Lee", "Bob Roe"))
	require.NoError(t, read(ctx, s, project, 2, "Ann Lee"))
	require.NoError(t, read(ctx, s, project, 3, "Ann B. Lee", "Ann Lee"))
	assert.Equal(t, map[string]int{id("ann b lee"): 4, id("bob roe"): 1}, named(t, s))
	e, err := s.Entity(ctx, project, id("ann b lee"), 0)
	require.NoError(t, err)
	i := slices.IndexFunc(e.Forms, func(f store.EntityForm) bool { return f.Found.Key == "ann lee" })
	require.GreaterOrEqual(t, i, 0)
	join := e.Forms[i].Decision
	assert.True(t, e.Forms[i].Joined)
	joins, err := s.EntityDecisions(ctx, project, true, 0)
	require.NoError(t, err)
	require.Len(t, joins, 1)
	assert.Equal(t, []any{join, store.EntityJoined, id("ann b lee"), id("ann lee"), 2}, []any{joins[0].N, joins[0].Action, joins[0].Entity, joins[0].Other, joins[0].Mentions})
	people, err := s.EntityDecisions(ctx, project, false, 0)
	require.NoError(t, err)
	assert.Empty(t, people)

	// Somebody else whom she could be: she is nobody's, until they are one.
	require.NoError(t, read(ctx, s, project, 4, "Ann C. Lee"))
	assert.Equal(t, map[string]int{id("ann b lee"): 2, id("ann lee"): 2, id("ann c lee"): 1, id("bob roe"): 1}, named(t, s))
	d, made, err := s.MergeEntities(ctx, store.MergeRequest{Project: project, Entity: id("ann c lee"), Other: id("ann b lee"), Decide: decide})
	require.NoError(t, err)
	assert.True(t, made)
	assert.Equal(t, map[string]int{id("ann c lee"): 5, id("bob roe"): 1}, named(t, s))
	undo(t, s, d.N)
	assert.Equal(t, map[string]int{id("ann b lee"): 2, id("ann lee"): 2, id("ann c lee"): 1, id("bob roe"): 1}, named(t, s))

	// What a person took back is not done again.
	require.NoError(t, read(ctx, s, project, 5, "Cy Poe"))
	require.NoError(t, read(ctx, s, project, 6, "Cy X. Poe", "Cy Poe"))
	assert.Equal(t, 3, named(t, s)[id("cy x poe")])
	joins, err = s.EntityDecisions(ctx, project, true, 1)
	require.NoError(t, err)
	undone := undo(t, s, joins[0].N)
	assert.Equal(t, 1, undone.Mentions)
	require.NoError(t, read(ctx, s, project, 7, "Cy X. Poe", "Cy Poe"))
	require.NoError(t, read(ctx, s, project, 8, "Cy Poe"))
	require.NoError(t, read(ctx, s, project, 9, "Cy Xavier Poe", "Cy Poe"))
	assert.Equal(t, []int{2, 0, 6}, []int{named(t, s)[id("cy poe")], named(t, s)[id("cy x poe")], named(t, s)[id("cy xavier poe")]})
	_, _, err = s.UndoDecision(ctx, store.UndoRequest{Decision: undone.N, Decide: decide})
	require.ErrorContains(t, err, "merge or split anew")

	// Nor what a person split, until that is undone.
	require.NoError(t, read(ctx, s, project, 10, "Dan Y. Moe", "Dan Moe"))
	require.NoError(t, read(ctx, s, project, 11, "Dan Moe"))
	split, made, err := s.SplitEntity(ctx, store.SplitRequest{
		Project: project, Entity: id("dan y moe"), Names: []string{"Dan Moe"}, Decide: decide,
		Naming: store.Naming{Key: resolve.KeyOf, ID: resolve.EntityID, Name: resolve.BestName},
	})
	require.NoError(t, err)
	assert.True(t, made)
	require.NoError(t, read(ctx, s, project, 12, "Dan Y. Moe", "Dan Moe"))
	assert.Equal(t, []int{2, 3}, []int{named(t, s)[id("dan y moe")], named(t, s)[id("dan moe")]})
	undo(t, s, split.N)
	assert.Equal(t, []int{5, 0}, []int{named(t, s)[id("dan y moe")], named(t, s)[id("dan moe")]})
}

// pinsStay has a document split off an entity that is then merged into another, which
// the document names too.
func pinsStay(t *testing.T, s *store.Store) {
	two := splitJohn(t, s)
	d, _, err := s.SplitEntity(t.Context(), store.SplitRequest{Project: project, Entity: john.ID, Document: store.DocumentID(two.SHA256), Naming: naming, Decide: decide})
	require.NoError(t, err)
	merge(t, s, bob, john)
	want := map[string]int{bob.ID: 6, d.Other: 2}
	assert.Equal(t, want, named(t, s))
	again := request("b1", 3, two)
	again.Reread = true
	save(t, s, again, batch.OutcomeCompleted)
	assert.Equal(t, want, named(t, s), "what it says of Bob is of Bob")

	// And what became part of John after the split is not split.
	save(t, s, request("b1", 4, result("four", johnny)), batch.OutcomeCompleted)
	merge(t, s, bob, johnny)
	three := result("two", johnny, bob)
	again = request("b1", 5, three)
	again.Reread = true
	save(t, s, again, batch.OutcomeCompleted)
	assert.Equal(t, map[string]int{bob.ID: 10}, named(t, s))
}

func manySpellings(t *testing.T, s *store.Store) {
	const spellings = 1500
	register(t, s, newBatch("b1"), 2)
	r := result("one", john)
	for i := range spellings {
		m := r.Mentions[0]
		m.Text = fmt.Sprintf("J%s Smith", spaces(i))
		r.Mentions = append(r.Mentions, m)
	}
	save(t, s, request("b1", 1, r), batch.OutcomeCompleted)
	d, _, err := s.SplitEntity(t.Context(), store.SplitRequest{Project: project, Entity: john.ID, Names: []string{"J Smith"}, Naming: store.Naming{
		ID: naming.ID, Key: func(m document.Mention) string {
			return map[bool]string{true: "j smith", false: "john smith"}[len(m.Text) < 5 || m.Text[1] == ' ' || m.Text[1] == '\t']
		},
	}, Decide: decide})
	require.NoError(t, err)
	assert.Equal(t, map[string]int{john.ID: 2, d.Other: spellings}, named(t, s))
	undone := undo(t, s, d.N)
	assert.Equal(t, spellings, undone.Mentions)
	assert.Equal(t, map[string]int{john.ID: spellings + 2}, named(t, s))
}

// spaces is n in spaces and tabs.
func spaces(n int) (s string) {
	for ; n > 0; n /= 2 {
		s += string([]byte{" \t"[n%2]})
	}
	return s
}

func splitDisplayName(t *testing.T, s *store.Store) {
	splitJohn(t, s)
	save(t, s, request("b1", 3, result("three", person("john smith", "Johnathan Smith"))), batch.OutcomeCompleted)
	best := naming
	best.Name = resolve.BestName
	d, _, err := s.SplitEntity(t.Context(), store.SplitRequest{Project: project, Entity: john.ID, Names: []string{"Johnathan Smith"}, Naming: best, Decide: decide})
	require.NoError(t, err)
	name := func(id string) string {
		e, err := s.Entity(t.Context(), project, id, 0)
		require.NoError(t, err)
		return e.Name
	}
	assert.Equal(t, []string{"John Smith", "Johnathan Smith"}, []string{name(john.ID), name(d.Other)})
	undo(t, s, d.N)
	assert.Equal(t, "Johnathan Smith", name(john.ID))
}
