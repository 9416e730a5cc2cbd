package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func endings(t *testing.T, s *store.Store) {
	ctx := t.Context()
	b := newBatch("b1")
	b.Pipeline = "7"
	register(t, s, b, 4)
	register(t, s, newBatch("b2"), 1)
	save(t, s, request("b1", 1, result("one")), batch.OutcomeCompleted) // read by version 1
	locked := failure(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted")
	fail(t, s, store.Row{Batch: "b1", Row: 2, SHA256: hash("two"), Attempts: 3}, locked, start.Add(time.Minute))
	_, err := s.SetOutcome(ctx, store.Row{
		Batch: "b1", Row: 4, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged, SHA256: hash("one"),
		Document: store.DocumentID(hash("one")), Attempts: 1, FinishedAt: start.Add(time.Hour),
	})
	require.NoError(t, err)

	var (
		of  store.Batch
		got []store.Ending
	)
	read := func() {
		got = nil
		require.NoError(t, s.Endings(ctx, "b1", func(b store.Batch) error { of = b; return nil },
			func(e store.Ending) error { got = append(got, e); return nil }))
	}
	read()
	assert.Equal(t, "b1", of.ID)
	assert.Equal(t, 4, of.Rows)
	want := []store.Ending{
		{Row: 1, SHA256: hash("one"), Outcome: batch.OutcomeCompleted, Attempts: 2, FinishedAt: start.Add(3 * time.Second), Pipeline: "1"},
		{
			Row: 2, SHA256: hash("two"), Outcome: batch.OutcomeFailed, Category: batch.Data, Fingerprint: locked.Fingerprint,
			Attempts: 3, FinishedAt: start.Add(time.Minute), Pipeline: "7",
		},
		{Row: 3, Pipeline: "7"},
		{
			Row: 4, SHA256: hash("one"), Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged,
			Attempts: 1, FinishedAt: start.Add(time.Hour), Pipeline: "7",
		},
	}
	for i := range want {
		r, err := s.Row(ctx, "b1", i+1)
		require.NoError(t, err)
		want[i].Name, want[i].URI = r.Name, r.URI
	}
	assert.Equal(t, want, got)

	// Another batch reads the document anew, with another version.
	again := request("b2", 1, result("one"))
	again.Result.Pipeline = "2"
	save(t, s, again, batch.OutcomeCompleted)
	read()
	assert.Equal(t, "7", got[0].Pipeline, "the reading that the project holds is not this row's")

	stop := errors.New("stop")
	calls := 0
	err = s.Endings(ctx, "b1", func(store.Batch) error { return nil }, func(store.Ending) error { calls++; return stop })
	assert.Equal(t, stop, err)
	assert.Equal(t, 1, calls)
	assert.Equal(t, stop, s.Endings(ctx, "b1", func(store.Batch) error { return stop }, nil))
}

// registerListed registers a batch of these rows.
func registerListed(t *testing.T, s *store.Store, id string, list ...store.Row) {
	t.Helper()
	_, _, err := s.RegisterBatch(t.Context(), newBatch(id), listed(list...))
	require.NoError(t, err)
}

func diff(t *testing.T, s *store.Store, first, second string, limit int) store.Diff {
	t.Helper()
	d, err := s.Diff(t.Context(), first, second, limit)
	require.NoError(t, err)
	return d
}

// pair names the rows that a difference matches, 0 where there is none.
type pair struct{ first, second int }

func pairsOf(d store.Diff) map[pair][]store.DiffKind {
	pairs := map[pair][]store.DiffKind{}
	for _, e := range d.Documents {
		var p pair
		if e.First != nil {
			p.first = e.First.Row
		}
		if e.Second != nil {
			p.second = e.Second.Row
		}
		pairs[p] = e.Kinds
	}
	return pairs
}

func diffKinds(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 9)
	register(t, s, newBatch("b2"), 8)
	locked := failure(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted")
	timeout := failure(batch.Transient, batch.StageFetch, "Timeout", "no answer")
	end := func(id string, row int, r store.Row) {
		r.Batch, r.Row = id, row
		if r.Outcome == "" {
			r.Outcome = batch.OutcomeCompleted
		}
		_, err := s.SetOutcome(t.Context(), r)
		require.NoError(t, err)
	}
	for _, id := range []string{"b1", "b2"} {
		end(id, 1, store.Row{SHA256: hash("1"), Pages: 3, Chunks: 4})
	}
	end("b1", 2, store.Row{Outcome: batch.OutcomeFailed, Failure: locked, SHA256: hash("2")})
	end("b2", 2, store.Row{Outcome: batch.OutcomeFailed, Failure: locked}) // one hash tells nothing
	end("b1", 3, store.Row{SHA256: hash("3"), Pages: 1})
	end("b2", 3, store.Row{SHA256: hash("other"), Pages: 2})
	end("b1", 4, store.Row{Outcome: batch.OutcomeFailed, Failure: locked, SHA256: hash("4")})
	end("b2", 4, store.Row{Outcome: batch.OutcomeFailed, Failure: timeout}) // never fetched
	end("b1", 5, store.Row{SHA256: hash("5")})
	end("b2", 5, store.Row{SHA256: hash("5"), Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged})
	end("b1", 6, store.Row{SHA256: hash("6"), Relationships: 7})
	end("b2", 6, store.Row{SHA256: hash("6"), Relationships: 8})
	end("b1", 7, store.Row{SHA256: hash("7"), Mentions: 1}) // pending in b2
	end("b1", 8, store.Row{SHA256: hash("8")})
	end("b2", 8, store.Row{Outcome: batch.OutcomeSkipped, Reason: batch.ReasonCanaryFailed, SHA256: hash("8")})

	d := diff(t, s, "b1", "b2", 0)
	assert.Equal(t, map[pair][]store.DiffKind{
		{3, 3}: {store.DiffContent, store.DiffResults},
		{4, 4}: {store.DiffFailure},
		{6, 6}: {store.DiffResults},
		{7, 7}: {store.DiffOutcome},
		{8, 8}: {store.DiffOutcome},
		{9, 0}: {store.DiffOnlyFirst},
	}, pairsOf(d))
	assert.Equal(t, map[store.DiffKind]int{
		store.DiffContent: 1, store.DiffResults: 2, store.DiffFailure: 1, store.DiffOutcome: 2, store.DiffOnlyFirst: 1,
	}, d.Kinds)
	assert.Equal(t, []store.OutcomeChange{
		{From: batch.OutcomeCompleted, To: "", Count: 1}, {From: batch.OutcomeCompleted, To: batch.OutcomeSkipped, Count: 1},
	}, d.Outcomes)
	assert.Equal(t, 8, d.Matched)
	assert.Equal(t, 6, d.Differ)
	assert.Equal(t, 1, d.Unchanged, "read in one, and found unchanged in the other")
	assert.Equal(t, "b2", d.Second.ID)
	assert.Equal(t, &store.DiffRow{
		Row: 6, Name: "6.pdf", URI: "file:///matters/6.pdf", Outcome: batch.OutcomeCompleted, SHA256: hash("6"), Relationships: 8,
	}, d.Documents[2].Second)

	some := diff(t, s, "b1", "b2", 2)
	assert.Equal(t, d.Documents[:2], some.Documents)
	assert.Equal(t, d.Kinds, some.Kinds)
	assert.Equal(t, 6, some.Differ)

	turned := diff(t, s, "b2", "b1", 0)
	assert.Equal(t, []store.DiffKind{store.DiffOnlySecond}, pairsOf(turned)[pair{0, 9}])
	assert.Equal(t, 8, turned.Matched)
	self := diff(t, s, "b1", "b1", 0)
	assert.Zero(t, self.Differ)
	assert.Equal(t, 9, self.Matched)
}

func diffMatches(t *testing.T, s *store.Store) {
	registerListed(t, s, "b1",
		store.Row{DocumentID: "x", Name: "a.txt", URI: "/1/a.txt"},
		store.Row{Name: "moved.txt", URI: "/1/moved.txt"},
		store.Row{Name: "same.txt", URI: "/1/p/same.txt"}, // two files of one name
		store.Row{Name: "same.txt", URI: "/1/q/same.txt"},
		store.Row{URI: "/1/nameless"},
		store.Row{Name: "twin.txt", URI: "/1/twin.txt"}, // one file, twice
		store.Row{Name: "twin.txt", URI: "/1/twin.txt"},
		store.Row{DocumentID: "y", Name: "b.txt", URI: "/1/b.txt"},
	)
	registerListed(t, s, "b2",
		store.Row{Name: "twin.txt", URI: "/1/twin.txt"},
		store.Row{Name: "same.txt", URI: "/1/q/same.txt"},
		store.Row{URI: "/1/nameless"},
		store.Row{Name: "moved.txt", URI: "/2/moved.txt"},
		store.Row{DocumentID: "x", Name: "renamed.txt", URI: "/2/renamed.txt"},
		store.Row{Name: "b.txt", URI: "/1/b.txt"}, // without the ID it had
	)
	for _, id := range []string{"b1", "b2"} { // so that no two are the same
		for row := 1; ; row++ {
			o := batch.OutcomeCompleted
			if id == "b2" {
				o = batch.OutcomeCancelled
			}
			if _, err := s.SetOutcome(t.Context(), store.Row{Batch: id, Row: row, Outcome: o}); err != nil {
				require.ErrorIs(t, err, store.ErrNotFound)
				break
			}
		}
	}
	differ := []store.DiffKind{store.DiffOutcome}
	d := diff(t, s, "b1", "b2", 0)
	assert.Equal(t, map[pair][]store.DiffKind{
		{1, 5}: differ, {2, 4}: differ, {4, 2}: differ, {5, 3}: differ, {6, 1}: differ,
		{3, 0}: {store.DiffOnlyFirst}, {7, 0}: {store.DiffOnlyFirst}, {8, 0}: {store.DiffOnlyFirst},
		{0, 6}: {store.DiffOnlySecond},
	}, pairsOf(d))
	var by []string
	for _, e := range d.Documents {
		by = append(by, e.MatchedBy)
	}
	assert.Equal(t, []string{"id", "name", "uri", "uri", "uri", "uri", "uri", "id", "name"}, by)
}
