package storetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func reopenFailed(t *testing.T, s *store.Store) {
	ctx := t.Context()
	registerListed(t, s, "b1", store.Row{Name: "1"}, store.Row{Name: "2"}, store.Row{Name: "3"}, store.Row{Name: "4"}, store.Row{Name: "5", Failure: noTool})
	register(t, s, newBatch("b2"), 1)
	fresh, err := s.Row(ctx, "b1", 1)
	require.NoError(t, err)
	require.NoError(t, s.SaveCheckpoint(ctx, "b1", 1, batch.StageExtract, []byte("work")))
	for _, r := range []struct {
		id  string
		row int
		f   *batch.Failure
	}{{"b1", 1, noTool}, {"b1", 2, noTool}, {"b1", 3, encrypted}, {"b2", 1, noTool}} {
		_, err := s.SetOutcome(ctx, store.Row{
			Batch: r.id, Row: r.row, Outcome: batch.OutcomeFailed, Failure: r.f, Attempts: 3, StartedAt: start, FinishedAt: start,
			Stages: []batch.StageTiming{{Stage: batch.StageFetch, Duration: 1}},
		})
		require.NoError(t, err)
	}
	failedAt := []store.ReopenedRow{{Row: 1, FailedAt: start}, {Row: 2, FailedAt: start}}
	reopen := func(wantReopened, wantLeft int) {
		t.Helper()
		reopened, left, err := s.Reopen(ctx, "b1", noTool.Fingerprint)
		require.NoError(t, err)
		assert.Equal(t, []int{wantReopened, wantLeft}, []int{len(reopened), left})
		for _, r := range reopened {
			assert.Contains(t, failedAt, r)
		}
	}
	control := func(status batch.Status) {
		t.Helper()
		require.NoError(t, s.SetControl(ctx, "b1", batch.Control{Status: status, Priority: 5}, nil))
	}
	require.NoError(t, s.SetBatchStatus(ctx, "b1", batch.StatusRunning, start))
	reopen(0, 3)
	control(batch.StatusHeld)
	before := dump(t, s)
	reopen(2, 1)
	assert.Equal(t, before["checkpoints"], dump(t, s)["checkpoints"])
	assert.Equal(t, batch.Counts{Total: 5, Failed: 2, Pending: 3}, counts(t, s, "b1"), "what was refused stays so")
	assert.Equal(t, 1, counts(t, s, "b2").Failed, "another batch's are its own")
	again, err := s.Row(ctx, "b1", 1)
	require.NoError(t, err)
	assert.Equal(t, fresh, again, "nothing is left of the failure")
	reopen(0, 1)
	rows, err := s.PendingRows(ctx, "b1", store.RowRange{Last: 5, Limit: 5})
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 4}, rows)

	// It ends once more, as any row does.
	failRow(t, s, "b1", 1, noTool, 3)
	row, err := s.Row(ctx, "b1", 1)
	require.NoError(t, err)
	failedAt = []store.ReopenedRow{{Row: 1, FailedAt: row.FinishedAt}}
	save(t, s, request("b1", 2, result("two")), batch.OutcomeCompleted)
	reopen(1, 1)
	recorded, err := s.SetOutcome(ctx, store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeCancelled})
	require.NoError(t, err)
	assert.True(t, recorded)

	failRow(t, s, "b1", 4, noTool, 4)
	control(batch.StatusCancelling)
	reopen(0, 2)
	end(t, s, "b1", batch.StatusCancelled)
	reopen(0, 2)
	_, _, err = s.Reopen(ctx, "b3", "f")
	require.ErrorIs(t, err, store.ErrNotFound)
}
