package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

const writers = 16

func sameContentConcurrently(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), writers)
	outcomes := make([]batch.Outcome, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			saved, err := s.SaveResult(t.Context(), request("b1", i+1, result("one", person("ann smith", "Ann Smith"))))
			assert.NoError(t, err)
			outcomes[i] = saved.Outcome
		})
	}
	wg.Wait()
	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: writers, Completed: 1, Skipped: writers - 1}, tally.Counts)
	var counts batch.Counts
	for _, o := range outcomes {
		counts.Add(o)
	}
	assert.Equal(t, batch.Counts{Completed: 1, Skipped: writers - 1}, counts, "what callers hear is what is stored")
	assert.Equal(t, 1, count(t, s, "documents"))
	assert.Equal(t, 2, count(t, s, "mentions"))
}

func outcomesConcurrently(t *testing.T, s *store.Store) {
	const n = 10
	register(t, s, newBatch("b1"), n)
	var recorded [n + 1][writers]bool
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for row := 1; row <= n; row++ {
				var err error
				recorded[row][w], err = s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: row, Outcome: batch.OutcomeSkipped, Reason: fmt.Sprint(w)})
				assert.NoError(t, err)
			}
		})
	}
	wg.Wait()
	for row := 1; row <= n; row++ {
		got, err := s.Row(t.Context(), "b1", row)
		require.NoError(t, err)
		for w, ok := range recorded[row] {
			assert.Equal(t, got.Reason == fmt.Sprint(w), ok, "row %d, writer %d", row, w)
		}
	}
}

// failuresConcurrently has every other writer save what the store refuses only
// when it has begun to write.
func failuresConcurrently(t *testing.T, s *store.Store) {
	const n = 4
	register(t, s, newBatch("b1"), writers*n)
	before := dump(t, s)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := range n {
				row := w*n + i + 1
				r := result(fmt.Sprint(row), person("ann smith", "Ann Smith"), person(fmt.Sprint("person ", row), "Bob Lee"))
				if w%2 == 0 {
					saved, err := s.SaveResult(t.Context(), request("b1", row, r))
					assert.NoError(t, err)
					assert.True(t, saved.Recorded)
					continue
				}
				r.Pages, r.Chunks = nil, append(r.Chunks, r.Chunks[0]) // two chunks of one ordinal
				_, err := s.SaveResult(t.Context(), request("b1", row, r))
				assert.Error(t, err)
				assert.ErrorIs(t, s.SaveCheckpoint(t.Context(), "b1", 1000+row, batch.StageOCR, nil), store.ErrNotFound)
			}
		})
	}
	wg.Wait()
	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: writers * n, Completed: writers * n / 2, Pending: writers * n / 2}, tally.Counts)
	after := dump(t, s)
	assert.Len(t, after["documents ORDER BY n"], writers*n/2)
	assert.Len(t, after["texts ORDER BY document"], writers*n/2)
	assert.Len(t, after["entities ORDER BY n"], writers*n/2+1)
	for i, row := range after["batch_rows ORDER BY batch, row_no"] {
		if i/n%2 == 1 {
			assert.Equal(t, before["batch_rows ORDER BY batch, row_no"][i], row)
		}
	}
}

// sharedEntitiesConcurrently has each writer save documents that name everybody,
// while the others register, set outcomes and read.
func sharedEntitiesConcurrently(t *testing.T, s *store.Store) {
	const each, people = 4, 40
	register(t, s, newBatch("b1"), writers*each)
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for n := range each {
				row := w*each + n + 1
				var entities []document.Entity
				for p := range people {
					key := fmt.Sprintf("person %02d", p)
					// One of all the names is the longest.
					name := fmt.Sprintf("Person %02d of %d", p, row)
					entities = append(entities, person(key, name, fmt.Sprintf("p %02d", p)))
				}
				assert.NoError(t, s.SaveCheckpoint(t.Context(), "b1", row, batch.StageExtract, []byte("work")))
				_, err := s.LookupEntities(t.Context(), project, []store.EntityKey{{Type: document.Person, Key: "person 01"}})
				assert.NoError(t, err)
				_, err = s.SaveResult(t.Context(), request("b1", row, result(fmt.Sprint("document ", row), entities...)))
				assert.NoError(t, err)
			}
			other := newBatch(fmt.Sprint("other-", w))
			_, _, err := s.RegisterBatch(t.Context(), other, rows(20))
			assert.NoError(t, err)
			_, err = s.SetOutcome(t.Context(), store.Row{Batch: other.ID, Row: 1, Outcome: batch.OutcomeCancelled})
			assert.NoError(t, err)
		})
	}
	wg.Wait()

	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: writers * each, Completed: writers * each}, tally.Counts)
	assert.Equal(t, people, count(t, s, "entities"))
	assert.Equal(t, people, count(t, s, "entity_aliases"))
	assert.Equal(t, writers*each*people*2, count(t, s, "mentions"))
	entities, err := s.Entities(t.Context(), store.EntityFilter{Project: project})
	require.NoError(t, err)
	require.Len(t, entities, people)
	for _, e := range entities {
		assert.Equal(t, writers*each, e.Documents)
		assert.Equal(t, fmt.Sprintf("Person %s of 64", e.Key[len("person "):]), e.Name)
	}
}

// endingsConcurrently has each row be saved, cancelled, and given checkpoints at once.
func endingsConcurrently(t *testing.T, s *store.Store) {
	const n = 24
	register(t, s, newBatch("b1"), n)
	var saved [n + 1]store.Saved
	var cancelled [n + 1]bool
	var wg sync.WaitGroup
	for row := 1; row <= n; row++ {
		wg.Go(func() {
			var err error
			saved[row], err = s.SaveResult(t.Context(), request("b1", row, result(fmt.Sprint(row), person("ann smith", "Ann Smith"))))
			assert.NoError(t, err)
		})
		wg.Go(func() {
			var err error
			cancelled[row], err = s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: row, Outcome: batch.OutcomeCancelled})
			assert.NoError(t, err)
		})
		for _, stage := range []batch.Stage{batch.StageExtract, batch.StageOCR, batch.StageChunk} {
			wg.Go(func() { assert.NoError(t, s.SaveCheckpoint(t.Context(), "b1", row, stage, []byte("work"))) })
		}
	}
	wg.Wait()
	completed := 0
	for row := 1; row <= n; row++ {
		r, err := s.Row(t.Context(), "b1", row)
		require.NoError(t, err)
		assert.Equal(t, r.Outcome == batch.OutcomeCompleted, saved[row].Recorded, "row %d is %s", row, r.Outcome)
		assert.Equal(t, r.Outcome == batch.OutcomeCancelled, cancelled[row], "row %d is %s", row, r.Outcome)
		if saved[row].Recorded {
			completed++
		}
	}
	assert.Equal(t, completed, count(t, s, "documents"), "what was cancelled is not stored")
	assert.Zero(t, count(t, s, "checkpoints"), "a row that has ended keeps none")
}

func strikesConcurrently(t *testing.T, s *store.Store) {
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			_, err := s.Strike(t.Context(), "https://records.example", start, func(int) time.Duration { return 0 })
			assert.NoError(t, err)
		})
	}
	wg.Wait()
	got, err := s.Throttle(t.Context(), "https://records.example")
	require.NoError(t, err)
	assert.Equal(t, writers, got.Strikes)
}
