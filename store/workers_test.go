package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/pgtest"
)

// Many workers, each of which has a store of its own, as processes do.
const (
	manyWorkers  = 16
	eachDocument = 6
	people       = 30
)

// overlapping is document n, which names people that many others name too, each by
// another name, and one whom nobody else names. Every person has one longest name,
// and aliases of their own.
func overlapping(n int) *document.Result {
	r := typical(int64(n))
	r.Mentions, r.Entities, r.Relationships = nil, nil, nil
	add := func(key, name string, aliases ...string) {
		e := document.Entity{ID: "ent_" + key, Type: document.Person, Key: key, Name: name, Aliases: aliases}
		r.Entities = append(r.Entities, e)
		for range 2 {
			r.Mentions = append(r.Mentions, document.Mention{Type: e.Type, Span: document.Span{Start: len(r.Mentions)}, Text: name, Normalized: key, Entity: e.ID})
		}
	}
	for i := range people / 2 {
		p := (n + 7*i) % people
		key := fmt.Sprintf("person %02d", p)
		add(key, fmt.Sprintf("Person %02d of %d", p, n), fmt.Sprint(key, " alias ", n%5), key+" alias")
	}
	add(fmt.Sprint("only ", n), fmt.Sprint("Only ", n))
	return r
}

// saveLooked saves a document as the pipeline does, by what it looked up first, and
// again for as long as that changed meanwhile.
func saveLooked(t *testing.T, s *store.Store, row int) (store.Saved, error) {
	req := store.SaveRequest{Project: "acme", Batch: "b1", Row: row, Result: overlapping(row)}
	var keys []store.EntityKey
	for _, e := range req.Result.Entities {
		keys = append(keys, store.EntityKey{Type: e.Type, Key: e.Key})
	}
	for {
		l, err := s.Lookup(t.Context(), store.LookupRequest{Project: "acme", Keys: keys, Versioned: true})
		if err != nil {
			return store.Saved{}, err
		}
		l.Checked, req.Lookup = true, &l
		if saved, err := s.SaveResult(t.Context(), req); !errors.Is(err, store.ErrStale) {
			return saved, err
		}
	}
}

// resolved are the entities that manyWorkers made of overlapping documents.
func resolved(t *testing.T, url string) []store.EntityCount {
	t.Helper()
	first := open(t, url)
	const documents = manyWorkers * eachDocument
	// Each document is in two rows, which two workers may save at once.
	register(t, first, "b1", documents)
	register(t, first, "b2", documents)
	updates := make(chan *store.EntityUpdate, 2*documents)
	var wg sync.WaitGroup
	for w := range manyWorkers {
		s := open(t, url)
		wg.Go(func() {
			for i := range eachDocument {
				row := i*manyWorkers + w + 1
				saved, err := saveLooked(t, s, row)
				assert.NoError(t, err)
				assert.True(t, saved.Recorded)
				updates <- saved.Entities
				twin := (row+manyWorkers/2-1)%documents + 1
				saved, err = s.SaveResult(t.Context(), store.SaveRequest{Project: "acme", Batch: "b2", Row: twin, Result: overlapping(twin)})
				assert.NoError(t, err)
				assert.True(t, saved.Recorded)
				updates <- saved.Entities
			}
		})
	}
	wg.Wait()
	close(updates)

	var counts batch.Counts
	for _, id := range []string{"b1", "b2"} {
		tally, err := first.Tally(t.Context(), id)
		require.NoError(t, err)
		counts.Completed += tally.Counts.Completed
		counts.Skipped += tally.Counts.Skipped
	}
	assert.Equal(t, batch.Counts{Completed: documents, Skipped: documents}, counts, "each document is read once")

	// The changes follow each other without a gap, and are all of the project's.
	var list []*store.EntityUpdate
	for u := range updates {
		if u != nil {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b *store.EntityUpdate) int { return int(a.To - b.To) })
	version := int64(0)
	for _, u := range list {
		assert.Equal(t, version, u.From)
		version = u.To
	}
	c, err := first.EntityChanges(t.Context(), "acme", 0, 1000)
	require.NoError(t, err)
	assert.Equal(t, version, c.Version)

	entities, err := first.Entities(t.Context(), store.EntityFilter{Project: "acme"})
	require.NoError(t, err)
	assert.Len(t, entities, people+documents)
	assert.Len(t, c.Entities, people+documents)
	for row := 1; row <= documents; row++ {
		want := overlapping(row)
		r, err := first.Result(t.Context(), "acme", store.DocumentID(want.SHA256))
		require.NoError(t, err)
		require.Len(t, r.Mentions, len(want.Mentions))
		for i, m := range r.Mentions {
			assert.Equal(t, want.Mentions[i].Entity, m.Entity)
		}
	}
	slices.SortFunc(entities, func(a, b store.EntityCount) int { return slices.Compare([]string{a.ID}, []string{b.ID}) })
	return entities
}

func TestManyWorkersResolveTheSameNames(t *testing.T) {
	t.Parallel()
	assert.Equal(t, resolved(t, filepath.Join(t.TempDir(), "caseload.db")), resolved(t, pgtest.Emptied(t)))
}
