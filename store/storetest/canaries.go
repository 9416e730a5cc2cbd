package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func canaries(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 8)
	for row := 1; row <= 8; row++ {
		f := noTool
		if row%2 == 0 {
			f = timeout
		}
		if row == 8 {
			f = encrypted
		}
		require.NoError(t, s.SaveCheckpoint(t.Context(), "b1", row, batch.StageExtract, []byte("work")))
		failRow(t, s, "b1", row, f, row)
	}
	end(t, s, "b1", batch.StatusCompletedWithFailures)
	b := newBatch("r1")
	b.Recovers = "b1"
	_, _, err := s.RegisterRecovery(t.Context(), b, batch.Selection{RetryAll: true}, 2)
	require.NoError(t, err)
	list, err := s.Rows(t.Context(), "r1", store.RowFilter{})
	require.NoError(t, err)
	var origins []int
	for _, r := range list {
		origins = append(origins, r.Origin)
	}
	assert.Equal(t, []int{1, 2, 3, 4, 8, 5, 6, 7}, origins, "two of each cause come first")
	n, err := s.Canaries(t.Context(), "r1", 2)
	require.NoError(t, err)
	assert.Equal(t, 5, n)

	save(t, s, request("r1", 1, result("one")), batch.OutcomeCompleted)
	failRow(t, s, "r1", 2, encrypted, 60) // of another cause now: it is row 2's that is not cured
	save(t, s, request("r1", 3, result("three")), batch.OutcomeCompleted)
	save(t, s, request("r1", 4, result("four")), batch.OutcomeCompleted)
	save(t, s, request("r1", 5, result("eight")), batch.OutcomeCompleted)
	at := start.Add(time.Hour)
	for _, want := range []int{1, 0} { // twice is once
		n, err = s.HoldBack(t.Context(), "r1", 5, at)
		require.NoError(t, err)
		assert.Equal(t, want, n)
	}
	held, err := s.Row(t.Context(), "r1", 7)
	require.NoError(t, err)
	assert.Equal(t, 6, held.Origin)
	assert.Equal(t, batch.OutcomeSkipped, held.Outcome)
	assert.Equal(t, batch.ReasonCanaryFailed, held.Reason)
	assert.Equal(t, at, held.FinishedAt)
	_, ok, err := s.Checkpoint(t.Context(), "r1", 7, batch.StageExtract)
	require.NoError(t, err)
	assert.False(t, ok)
	_, ok, err = s.Checkpoint(t.Context(), "b1", 6, batch.StageExtract)
	require.NoError(t, err)
	assert.True(t, ok, "it is not recovered")
	_, err = s.SetOutcome(t.Context(), store.Row{Batch: "r1", Row: 8, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonCanaryFailed})
	require.NoError(t, err)
	_, ok, err = s.Checkpoint(t.Context(), "b1", 7, batch.StageExtract)
	require.NoError(t, err)
	assert.True(t, ok, "nor is this")
	pending, err := s.PendingRows(t.Context(), "r1", store.RowRange{})
	require.NoError(t, err)
	assert.Equal(t, []int{6}, pending)
	assert.Equal(t, 4, counts(t, s, "b1").Recovered)
	assert.Equal(t, 2, plan(t, s, "b1", batch.Selection{MaxRetries: 1})[""], "what was held back can be recovered")
}
