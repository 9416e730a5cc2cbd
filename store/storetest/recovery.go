package storetest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

var (
	timeout   = failure(batch.Transient, batch.StageFetch, "Timeout", "no answer")
	noTool    = failure(batch.Configuration, batch.StageOCR, "TesseractMissing", "tesseract is not installed")
	encrypted = failure(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted")
)

// failRow ends a row as failed, so many minutes after start.
func failRow(t *testing.T, s *store.Store, id string, row int, f *batch.Failure, minutes int) {
	t.Helper()
	at := start.Add(time.Duration(minutes) * time.Minute)
	recorded, err := s.SetOutcome(t.Context(), store.Row{
		Batch: id, Row: row, Outcome: batch.OutcomeFailed, Failure: f, Attempts: 3, StartedAt: start, FinishedAt: at,
	})
	require.NoError(t, err)
	require.True(t, recorded)
}

func end(t *testing.T, s *store.Store, id string, status batch.Status) {
	t.Helper()
	require.NoError(t, s.SetBatchStatus(t.Context(), id, status, start.Add(time.Hour)))
}

// recoverAs registers batch id as a recovery of original with n rows.
func recoverAs(t *testing.T, s *store.Store, id, original string, sel batch.Selection, n int) {
	t.Helper()
	b := newBatch(id)
	b.Recovers = original
	stored, created, err := s.RegisterRecovery(t.Context(), b, sel, 0)
	require.NoError(t, err)
	require.True(t, created)
	require.Equal(t, n, stored.Rows)
}

// plan is how many failed rows of a batch there are for each reason to leave them
// out; "" for those taken.
func plan(t *testing.T, s *store.Store, id string, sel batch.Selection) map[batch.LeftOut]int {
	t.Helper()
	groups, err := s.PlanRecovery(t.Context(), id, sel)
	require.NoError(t, err)
	counts := map[batch.LeftOut]int{}
	for _, g := range groups {
		counts[g.Why] += g.Count
	}
	return counts
}

func counts(t *testing.T, s *store.Store, id string) batch.Counts {
	t.Helper()
	tally, err := s.Tally(t.Context(), id)
	require.NoError(t, err)
	return tally.Counts
}

// failedBatch is a batch b1 of 6 rows: 2 and 6 failed for want of a tool, 3 for
// want of an answer, 4 for its content, 1 completed and 5 was refused.
func failedBatch(t *testing.T, s *store.Store) {
	t.Helper()
	_, _, err := s.RegisterBatch(t.Context(), newBatch("b1"), listed(
		store.Row{URI: "file:///1"}, store.Row{Line: 3, URI: "file:///2", Name: "2", DocumentID: "exhibit 2", Metadata: map[string]string{"custodian": "O'Neil"}, Bytes: 7},
		store.Row{URI: "file:///3"}, store.Row{URI: "file:///4"},
		store.Row{URI: "file:///etc/5", Failure: failure(batch.Configuration, batch.StageFetch, "OutsideRoot", "outside")}, store.Row{URI: "file:///6"},
	))
	require.NoError(t, err)
	save(t, s, request("b1", 1, result("one")), batch.OutcomeCompleted)
	failRow(t, s, "b1", 2, noTool, 1)
	failRow(t, s, "b1", 3, timeout, 2)
	failRow(t, s, "b1", 4, encrypted, 3)
	failRow(t, s, "b1", 6, noTool, 4)
	end(t, s, "b1", batch.StatusCompletedWithFailures)
}

func recoverFailed(t *testing.T, s *store.Store) {
	failedBatch(t, s)
	before, err := s.Row(t.Context(), "b1", 2)
	require.NoError(t, err)
	b := newBatch("b1-r1")
	b.Recovers, b.Project = "b1", ""
	stored, created, err := s.RegisterRecovery(t.Context(), b, batch.Selection{}, 0)
	require.NoError(t, err)
	assert.True(t, created)
	b.Rows, b.Project = 3, project
	assert.Equal(t, b, stored)
	assert.Equal(t, batch.Counts{Total: 3, Pending: 3}, counts(t, s, "b1-r1"))
	first, err := s.Row(t.Context(), "b1-r1", 1)
	require.NoError(t, err)
	assert.Equal(t, store.Row{
		Batch: "b1-r1", Row: 1, Origin: 2, Line: 3, URI: "file:///2", Name: "2", DocumentID: "exhibit 2",
		Metadata: map[string]string{"custodian": "O'Neil"}, Bytes: 7,
	}, first)
	for row, origin := range map[int]int{2: 3, 3: 6} {
		r, err := s.Row(t.Context(), "b1-r1", row)
		require.NoError(t, err)
		assert.Equal(t, origin, r.Origin)
	}
	after, err := s.Row(t.Context(), "b1", 2)
	require.NoError(t, err)
	assert.Equal(t, before, after, "the original stays as it is")
}

func recoverTwice(t *testing.T, s *store.Store) {
	failedBatch(t, s)
	recoverAs(t, s, "b1-r1", "b1", batch.Selection{Categories: []batch.Category{batch.Transient}}, 1)
	before := dump(t, s)
	b := newBatch("b1-r1")
	b.Recovers = "b1"
	stored, created, err := s.RegisterRecovery(t.Context(), b, batch.Selection{}, 0)
	require.NoError(t, err)
	assert.False(t, created)
	assert.Equal(t, 1, stored.Rows)
	assert.Equal(t, before, dump(t, s))
}

func recoverAtOnce(t *testing.T, s *store.Store) {
	failedBatch(t, s)
	var taken, none atomic.Int32
	var wg sync.WaitGroup
	for _, id := range []string{"r1", "r2", "r3", "r4"} {
		wg.Go(func() {
			b := newBatch(id)
			b.Recovers = "b1"
			stored, created, err := s.RegisterRecovery(t.Context(), b, batch.Selection{}, 0)
			switch {
			case created:
				taken.Add(int32(stored.Rows))
			case assert.ErrorIs(t, err, store.ErrNoRows):
				none.Add(1)
			}
		})
	}
	wg.Wait()
	assert.EqualValues(t, 3, taken.Load(), "each row in one recovery")
	assert.EqualValues(t, 3, none.Load())
}

func recoverNothing(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	failRow(t, s, "b1", 1, timeout, 1)
	b := newBatch("b1-r1")
	b.Recovers = "b1"
	_, _, err := s.RegisterRecovery(t.Context(), b, batch.Selection{}, 0)
	require.ErrorIs(t, err, store.ErrNotEnded)
	end(t, s, "b1", batch.StatusCancelled)
	before := dump(t, s)
	_, _, err = s.RegisterRecovery(t.Context(), b, batch.Selection{Stages: []batch.Stage{batch.StageOCR}}, 0)
	require.ErrorIs(t, err, store.ErrNoRows)
	_, _, err = s.RegisterRecovery(t.Context(), b, batch.Selection{MaxRetries: -1}, 0)
	require.ErrorContains(t, err, "retries")
	_, err = s.PlanRecovery(t.Context(), "b1", batch.Selection{Stages: []batch.Stage{"lunch"}})
	require.ErrorContains(t, err, `stage "lunch"`)
	b.Recovers = "none"
	_, _, err = s.RegisterRecovery(t.Context(), b, batch.Selection{}, 0)
	require.ErrorIs(t, err, store.ErrNotFound)
	assert.Equal(t, before, dump(t, s))
	recoverAs(t, s, "b1-r1", "b1", batch.Selection{}, 1)
}

func planRecovery(t *testing.T, s *store.Store) {
	failedBatch(t, s)
	groups, err := s.PlanRecovery(t.Context(), "b1", batch.Selection{})
	require.NoError(t, err)
	group := func(f *batch.Failure, n, minutes int, why batch.LeftOut) batch.RecoveryGroup {
		return batch.RecoveryGroup{Category: f.Category, Stage: f.Stage, Type: f.Type, Fingerprint: f.Fingerprint, Message: f.Message,
			Count: n, FailedAt: start.Add(time.Duration(minutes) * time.Minute), Why: why}
	}
	refused := failure(batch.Configuration, batch.StageFetch, "OutsideRoot", "outside")
	assert.Equal(t, []batch.RecoveryGroup{
		group(noTool, 2, 4, ""), group(timeout, 1, 2, ""),
		group(encrypted, 1, 3, batch.LeftOutIncurable), group(refused, 1, 0, batch.LeftOutRefused),
	}, groups)

	for _, test := range []struct {
		name string
		sel  batch.Selection
		want map[batch.LeftOut]int
	}{
		{"all", batch.Selection{RetryAll: true}, map[batch.LeftOut]int{"": 4, batch.LeftOutRefused: 1}},
		{"a category", batch.Selection{Categories: []batch.Category{batch.Configuration}},
			map[batch.LeftOut]int{"": 2, batch.LeftOutRefused: 1, batch.LeftOutNotSelected: 2}},
		{"an incurable category by name", batch.Selection{Categories: []batch.Category{batch.Data}},
			map[batch.LeftOut]int{"": 1, batch.LeftOutRefused: 1, batch.LeftOutNotSelected: 3}},
		{"an incurable cause by name", batch.Selection{Fingerprints: []string{encrypted.Fingerprint, timeout.Fingerprint}},
			map[batch.LeftOut]int{"": 2, batch.LeftOutRefused: 1, batch.LeftOutNotSelected: 2}},
		{"a stage, which names no cause", batch.Selection{Stages: []batch.Stage{batch.StageExtract, batch.StageOCR}},
			map[batch.LeftOut]int{"": 2, batch.LeftOutRefused: 1, batch.LeftOutNotSelected: 1, batch.LeftOutIncurable: 1}},
		{"all lists together", batch.Selection{Stages: []batch.Stage{batch.StageFetch}, Categories: []batch.Category{batch.Configuration}},
			map[batch.LeftOut]int{batch.LeftOutRefused: 1, batch.LeftOutNotSelected: 4}},
	} {
		assert.Equal(t, test.want, plan(t, s, "b1", test.sel), test.name)
	}
	_, err = s.PlanRecovery(t.Context(), "b2", batch.Selection{})
	require.ErrorIs(t, err, store.ErrNotFound)
}

func recoverAgain(t *testing.T, s *store.Store) {
	failedBatch(t, s)
	recoverAs(t, s, "b1-r1", "b1", batch.Selection{}, 3)
	assert.Equal(t, map[batch.LeftOut]int{batch.LeftOutRecovering: 3, batch.LeftOutIncurable: 1, batch.LeftOutRefused: 1},
		plan(t, s, "b1", batch.Selection{}))
	assert.Zero(t, counts(t, s, "b1").Recovered)
	save(t, s, request("b1-r1", 1, result("two")), batch.OutcomeCompleted)
	failRow(t, s, "b1-r1", 2, encrypted, 60)
	failRow(t, s, "b1-r1", 3, noTool, 61)
	end(t, s, "b1-r1", batch.StatusCompletedWithFailures)
	assert.Equal(t, batch.Counts{Total: 6, Completed: 1, Failed: 5, Recovered: 1}, counts(t, s, "b1"))
	assert.Equal(t, map[batch.LeftOut]int{"": 1, batch.LeftOutRecovered: 1, batch.LeftOutIncurable: 2, batch.LeftOutRefused: 1},
		plan(t, s, "b1", batch.Selection{}), "the latest failure counts")

	// What a recovery of the recovery completes is recovered in both.
	recoverAs(t, s, "b1-r1-r1", "b1-r1", batch.Selection{}, 1)
	row, err := s.Row(t.Context(), "b1-r1-r1", 1)
	require.NoError(t, err)
	assert.Equal(t, 3, row.Origin, "in the batch that it recovers")
	_, err = s.SetOutcome(t.Context(), store.Row{Batch: "b1-r1-r1", Row: 1, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged})
	require.NoError(t, err)
	end(t, s, "b1-r1-r1", batch.StatusCompleted)
	assert.Equal(t, 2, counts(t, s, "b1").Recovered)
	assert.Equal(t, batch.Counts{Total: 3, Completed: 1, Failed: 2, Recovered: 1}, counts(t, s, "b1-r1"))
	assert.True(t, counts(t, s, "b1").Reconciles())
	assert.Equal(t, map[batch.LeftOut]int{batch.LeftOutRecovered: 2, batch.LeftOutIncurable: 2, batch.LeftOutRefused: 1}, plan(t, s, "b1", batch.Selection{}))

	// A second recovery of the original counts for the first one's rows.
	recoverAs(t, s, "b1-r2", "b1", batch.Selection{Fingerprints: []string{encrypted.Fingerprint}}, 2)
	save(t, s, request("b1-r2", 1, result("three")), batch.OutcomeCompleted)
	assert.Equal(t, 3, counts(t, s, "b1").Recovered)
	assert.Equal(t, map[batch.LeftOut]int{batch.LeftOutRecovered: 2}, plan(t, s, "b1-r1", batch.Selection{RetryAll: true}))

	recoveries, err := s.Recoveries(t.Context(), "b1")
	require.NoError(t, err)
	got := map[string]string{}
	for _, r := range recoveries {
		got[r.ID] = r.Recovers
	}
	assert.Equal(t, map[string]string{"b1-r1": "b1", "b1-r1-r1": "b1-r1", "b1-r2": "b1"}, got)
	none, err := s.Recoveries(t.Context(), "b1-r2")
	require.NoError(t, err)
	assert.Empty(t, none)
}

func recoverNoMore(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b0"), 1)
	failRow(t, s, "b0", 1, timeout, 1)
	end(t, s, "b0", batch.StatusFailed)
	for i, id := range []string{"b1", "b2", "b3"} { // each recovers the one before
		recoverAs(t, s, id, "b"+string(rune('0'+i)), batch.Selection{MaxRetries: i + 1}, 1)
		failRow(t, s, id, 1, timeout, 10*i+10)
		end(t, s, id, batch.StatusFailed)
	}
	for _, id := range []string{"b0", "b1", "b3"} {
		assert.Equal(t, map[batch.LeftOut]int{batch.LeftOutRetriesUsed: 1}, plan(t, s, id, batch.Selection{RetryAll: true}), id)
		assert.Equal(t, map[batch.LeftOut]int{"": 1}, plan(t, s, id, batch.Selection{MaxRetries: 4}), id)
	}
}

func recoverCancelled(t *testing.T, s *store.Store) {
	failedBatch(t, s)
	recoverAs(t, s, "b1-r1", "b1", batch.Selection{}, 3)
	_, err := s.CancelPending(t.Context(), "b1-r1", start.Add(time.Hour))
	require.NoError(t, err)
	end(t, s, "b1-r1", batch.StatusCancelled)
	assert.Equal(t, 3, plan(t, s, "b1", batch.Selection{MaxRetries: 1})[""], "they were not tried")
	assert.Zero(t, counts(t, s, "b1").Recovered)
}

func checkpointsOfFailed(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	kept := func(id string, row int) string {
		t.Helper()
		payload, _, err := s.Checkpoint(t.Context(), id, row, batch.StageExtract)
		require.NoError(t, err)
		return string(payload)
	}
	checkpoint := func(id string, row int, payload string) {
		t.Helper()
		require.NoError(t, s.SaveCheckpoint(t.Context(), id, row, batch.StageExtract, []byte(payload)))
	}
	for row := 1; row <= 4; row++ {
		checkpoint("b1", row, "work")
	}
	failRow(t, s, "b1", 1, noTool, 1)
	failRow(t, s, "b1", 2, noTool, 1)
	failRow(t, s, "b1", 3, noTool, 1)
	_, err := s.CancelPending(t.Context(), "b1", start)
	require.NoError(t, err)
	end(t, s, "b1", batch.StatusCancelled)
	assert.Equal(t, []string{"work", "work", "work", ""}, []string{kept("b1", 1), kept("b1", 2), kept("b1", 3), kept("b1", 4)},
		"what failed keeps them, what was cancelled does not")

	recoverAs(t, s, "r1", "b1", batch.Selection{}, 3)
	assert.Equal(t, "work", kept("r1", 1))
	checkpoint("r1", 1, "more work")
	failRow(t, s, "r1", 1, noTool, 10)
	save(t, s, request("r1", 2, result("two")), batch.OutcomeCompleted)
	assert.Empty(t, kept("r1", 2))
	assert.Empty(t, kept("b1", 2), "it is recovered")
	_, err = s.SetOutcome(t.Context(), store.Row{Batch: "r1", Row: 3, Outcome: batch.OutcomeCancelled})
	require.NoError(t, err)
	assert.Empty(t, kept("r1", 3))
	assert.Equal(t, "work", kept("b1", 3), "it is not recovered")
	assert.Equal(t, "work", kept("b1", 1), "nor is this")
	end(t, s, "r1", batch.StatusCancelled)

	recoverAs(t, s, "r2", "b1", batch.Selection{}, 2)
	assert.Equal(t, "more work", kept("r2", 1), "the latest failure's")
	assert.Equal(t, "work", kept("r2", 2))
	_, err = s.SetOutcome(t.Context(), store.Row{Batch: "r2", Row: 1, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged})
	require.NoError(t, err)
	save(t, s, request("r2", 2, result("three")), batch.OutcomeCompleted)
	assert.Zero(t, count(t, s, "checkpoints"), "in all recoveries of the row")
}

func checkpointsOfOtherPipeline(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", 1, batch.StageExtract, []byte("work")))
	failRow(t, s, "b1", 1, noTool, 1)
	end(t, s, "b1", batch.StatusCompletedWithFailures)
	b := newBatch("r1")
	b.Recovers, b.Pipeline = "b1", "2"
	_, _, err := s.RegisterRecovery(t.Context(), b, batch.Selection{}, 0)
	require.NoError(t, err)
	_, ok, err := s.Checkpoint(t.Context(), "r1", 1, batch.StageExtract)
	require.NoError(t, err)
	assert.False(t, ok, "another version would read it otherwise")
}
