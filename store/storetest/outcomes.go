package storetest

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func firstOutcomeWins(t *testing.T, s *store.Store) {
	_, _, err := s.RegisterBatch(t.Context(), newBatch("b1"), listed(store.Row{URI: "file:///1.pdf", Name: "1.pdf", Bytes: 99}))
	require.NoError(t, err)
	first := store.Row{
		Batch: "b1", Row: 1, Outcome: batch.OutcomeFailed, Failure: failure(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted"),
		SHA256: hash("1"), Attempts: 3, StartedAt: start, FinishedAt: start.Add(time.Second),
		Stages: []batch.StageTiming{{Stage: batch.StageFetch, Duration: time.Millisecond}},
	}
	recorded, err := s.SetOutcome(t.Context(), first)
	require.NoError(t, err)
	assert.True(t, recorded)
	want := first
	want.URI, want.Name, want.Bytes = "file:///1.pdf", "1.pdf", 99
	got, err := s.Row(t.Context(), "b1", 1)
	require.NoError(t, err)
	assert.Equal(t, want, got)

	other := first
	other.Failure = failure(batch.Data, batch.StageExtract, "NoText", "no text")
	for _, test := range []struct {
		later    store.Row
		recorded bool
	}{
		{first, true},
		{store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged}, false},
		{store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeCancelled}, false},
		{other, false},
	} {
		recorded, err := s.SetOutcome(t.Context(), test.later)
		require.NoError(t, err)
		assert.Equal(t, test.recorded, recorded, "%+v", test.later)
		got, err := s.Row(t.Context(), "b1", 1)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func noteStages(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	save(t, s, request("b1", 1, result("one")), batch.OutcomeCompleted)
	all := slices.Concat(request("b1", 1, nil).Stages, []batch.StageTiming{{Stage: batch.StageStore, Duration: 7 * time.Second}})
	s.NoteStages("b1", 1, all)
	s.NoteStages("b1", 2, all)
	var row store.Row
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		var err error
		row, err = s.Row(t.Context(), "b1", 1)
		assert.NoError(c, err)
		assert.Equal(c, all, row.Stages)
	}, 10*time.Second, 10*time.Millisecond)
	assert.Equal(t, batch.OutcomeCompleted, row.Outcome)
	pending, err := s.Row(t.Context(), "b1", 2)
	require.NoError(t, err)
	assert.Empty(t, pending.Stages, "it has not ended")
	stages, err := s.StageTimings(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.StageProgress{Stage: batch.StageStore, Documents: 1, Total: 7 * time.Second, Slowest: 7 * time.Second}, stages[len(stages)-1])
}

func impossibleOutcome(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	for _, r := range []store.Row{
		{Outcome: ""},
		{Outcome: "lost"},
		{Outcome: batch.OutcomeFailed},
		{Outcome: batch.OutcomeCompleted, Failure: failure(batch.Data, batch.StageExtract, "NoText", "no text")},
	} {
		r.Batch, r.Row = "b1", 1
		_, err := s.SetOutcome(t.Context(), r)
		require.Error(t, err, "%+v", r)
	}
	pending, err := s.PendingRows(t.Context(), "b1", store.RowRange{})
	require.NoError(t, err)
	assert.Equal(t, []int{1}, pending)
}

func noteContent(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 2)
	hash := strings.Repeat("ab", 32)
	require.NoError(t, s.NoteContent(t.Context(), "b1", 1, hash, 7))
	_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeFailed, Failure: failure(batch.Data, batch.StageExtract, "NoText", "no text")})
	require.NoError(t, err)
	require.NoError(t, s.NoteContent(t.Context(), "b1", 1, strings.Repeat("cd", 32), 8))
	row, err := s.Row(t.Context(), "b1", 1)
	require.NoError(t, err)
	assert.Equal(t, hash, row.SHA256, "the failed row keeps what was noted, and is not changed any more")
	assert.EqualValues(t, 7, row.Bytes)
	row, err = s.Row(t.Context(), "b1", 2)
	require.NoError(t, err)
	assert.Empty(t, row.SHA256)
}

func cancelPending(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	register(t, s, newBatch("b2"), 1)
	save(t, s, request("b1", 2, result("two")), batch.OutcomeCompleted)
	require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", 3, batch.StageExtract, []byte("work")))

	at := start.Add(time.Hour)
	n, err := s.CancelPending(t.Context(), "b1", at)
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	n, err = s.CancelPending(t.Context(), "b1", at)
	require.NoError(t, err)
	assert.Zero(t, n)

	tally, err := s.Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: 4, Completed: 1, Cancelled: 3}, tally.Counts)
	counts, err := s.Counts(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, tally.Counts, counts)
	row, err := s.Row(t.Context(), "b1", 3)
	require.NoError(t, err)
	assert.Equal(t, at, row.FinishedAt)
	assert.Zero(t, count(t, s, "checkpoints"))
	pending, err := s.PendingRows(t.Context(), "b2", store.RowRange{})
	require.NoError(t, err)
	assert.Equal(t, []int{1}, pending, "another batch's row")
}

func groupFailures(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 12)
	none, err := s.Errors(t.Context(), "b1")
	require.NoError(t, err)
	assert.Empty(t, none)

	fail := func(row int, f *batch.Failure) {
		_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: row, Outcome: batch.OutcomeFailed, Failure: f})
		require.NoError(t, err)
	}
	for _, row := range []int{9, 8, 7, 6, 5, 4, 3} {
		fail(row, failure(batch.Data, batch.StageExtract, "TooManyPages", "%d pages: the limit is 5000", 6000+row))
	}
	fail(11, failure(batch.Transient, batch.StageFetch, "Timeout", "no answer"))
	fail(1, failure(batch.Transient, batch.StageOCR, "Timeout", "no answer"))

	groups, err := s.Errors(t.Context(), "b1")
	require.NoError(t, err)
	pages := failure(batch.Data, batch.StageExtract, "TooManyPages", "6003 pages: the limit is 5000")
	ocr := failure(batch.Transient, batch.StageOCR, "Timeout", "no answer")
	fetch := failure(batch.Transient, batch.StageFetch, "Timeout", "no answer")
	assert.Equal(t, []batch.ErrorGroup{
		{Category: batch.Data, Stage: batch.StageExtract, Type: "TooManyPages", Fingerprint: pages.Fingerprint, Message: pages.Message, Count: 7, Rows: []int{3, 4, 5, 6, 7}},
		{Category: batch.Transient, Stage: batch.StageOCR, Type: "Timeout", Fingerprint: ocr.Fingerprint, Message: "no answer", Count: 1, Rows: []int{1}},
		{Category: batch.Transient, Stage: batch.StageFetch, Type: "Timeout", Fingerprint: fetch.Fingerprint, Message: "no answer", Count: 1, Rows: []int{11}},
	}, groups)
}

func stageTimings(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 5)
	long := []batch.StageTiming{{Stage: batch.StageFetch, Duration: time.Hour}}
	for _, r := range []store.Row{
		{Row: 1, Outcome: batch.OutcomeCompleted, Stages: []batch.StageTiming{{Stage: batch.StageExtract, Duration: 5 * time.Second}, {Stage: batch.StageFetch, Duration: time.Second}}},
		{Row: 2, Outcome: batch.OutcomeSkipped, Stages: []batch.StageTiming{{Stage: batch.StageFetch, Duration: 3 * time.Second}}},
		{Row: 3, Outcome: batch.OutcomeCancelled, Stages: long},
		{Row: 4, Outcome: batch.OutcomeFailed, Stages: long, Failure: failure(batch.Data, batch.StageOCR, "NoText", "no text")},
	} {
		r.Batch = "b1"
		_, err := s.SetOutcome(t.Context(), r)
		require.NoError(t, err)
	}
	stages, err := s.StageTimings(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, []batch.StageProgress{
		{Stage: batch.StageFetch, Documents: 2, Total: 4 * time.Second, Slowest: 3 * time.Second},
		{Stage: batch.StageExtract, Documents: 1, Total: 5 * time.Second, Slowest: 5 * time.Second},
	}, stages)
}

func checkpoints(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	random := make([]byte, 50_000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(r.Uint32())
	}
	for _, payload := range [][]byte{[]byte("short"), {}, bytes.Repeat([]byte("long "), 100_000), random, {0, 0xff, '\''}} {
		require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", 1, batch.StageExtract, payload))
		got, ok, err := s.Checkpoint(t.Context(), "b1", 1, batch.StageExtract)
		require.NoError(t, err)
		assert.True(t, ok)
		assert.True(t, bytes.Equal(payload, got), "payload of %d bytes", len(payload))
	}
	assert.Equal(t, 1, count(t, s, "checkpoints"), "a later one takes the earlier one's place")
	missing := func(row int, stage batch.Stage) {
		t.Helper()
		_, ok, err := s.Checkpoint(t.Context(), "b1", row, stage)
		require.NoError(t, err)
		assert.False(t, ok)
	}
	missing(1, batch.StageOCR)
	missing(2, batch.StageExtract)

	for row := 2; row <= 4; row++ {
		require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", row, batch.StageExtract, []byte("work")))
	}
	require.NoError(t, s.DropCheckpoints(t.Context(), "b1", 1))
	missing(1, batch.StageExtract)
	_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: 2, Outcome: batch.OutcomeCancelled})
	require.NoError(t, err)
	missing(2, batch.StageExtract)
	save(t, s, request("b1", 3, result("three")), batch.OutcomeCompleted)
	missing(3, batch.StageExtract)
	require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", 3, batch.StageExtract, []byte("late")))
	missing(3, batch.StageExtract)
	_, ok, err := s.Checkpoint(t.Context(), "b1", 4, batch.StageExtract)
	require.NoError(t, err)
	assert.True(t, ok, "another row's checkpoint stays")
}

func inWork(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	register(t, s, newBatch("b2"), 1)
	none, err := s.InWork(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.InWork{Stages: []batch.StageProgress{}}, none)

	extracted := func(n int) batch.StageTiming {
		return batch.StageTiming{Stage: batch.StageExtract, Duration: time.Duration(n) * time.Second}
	}
	recognized := batch.StageTiming{Stage: batch.StageOCR, Duration: time.Minute}
	for row := 1; row <= 3; row++ {
		require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", row, batch.StageExtract, []byte("work"), extracted(row)))
	}
	require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", 2, batch.StageOCR, []byte("work"), extracted(2), recognized))
	require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", 4, batch.StageExtract, []byte("of a document that needs no OCR")))
	require.NoError(t, s.SaveCheckpoint(t.Context(), "b2", 1, batch.StageExtract, []byte("work"), extracted(9)))
	save(t, s, request("b1", 3, result("three")), batch.OutcomeCompleted)
	require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", 3, batch.StageOCR, []byte("late"), extracted(3), recognized))

	got, err := s.InWork(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.InWork{Scans: 2, Stages: []batch.StageProgress{
		{Stage: batch.StageExtract, Documents: 2, Total: 3 * time.Second, Slowest: 2 * time.Second},
		{Stage: batch.StageOCR, Documents: 1, Total: time.Minute, Slowest: time.Minute},
	}}, got)
	work, _, err := s.Work(t.Context(), "b1", 2)
	require.NoError(t, err)
	assert.Equal(t, []batch.StageTiming{extracted(2), recognized}, work.Stages)
}
