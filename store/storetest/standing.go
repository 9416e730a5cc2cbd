package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func standing(t *testing.T, s *store.Store) {
	got, err := s.Standing(t.Context())
	require.NoError(t, err)
	assert.Equal(t, store.Standing{Batches: map[batch.Status]int{}}, got, "of an empty store")

	for _, id := range []string{"slow", "quick", "held", "waiting", "done"} {
		register(t, s, newBatch(id), 2)
	}
	run := func(id string, at time.Duration) {
		t.Helper()
		require.NoError(t, s.SetBatchStatus(t.Context(), id, batch.StatusRunning, start.Add(at)))
	}
	ended := func(id string, row int, at time.Duration) {
		t.Helper()
		_, err := s.SetOutcome(t.Context(), store.Row{Batch: id, Row: row, Outcome: batch.OutcomeCancelled, FinishedAt: start.Add(at)})
		require.NoError(t, err)
	}
	idle := func(want time.Duration, why string) {
		t.Helper()
		got, err := s.Standing(t.Context())
		require.NoError(t, err)
		assert.Equal(t, start.Add(want), got.Idle, why)
	}
	run("slow", time.Minute)
	run("quick", 2*time.Minute)
	idle(time.Minute, "a batch without an ended row is idle since it began")
	ended("slow", 1, 5*time.Minute)
	idle(2*time.Minute, "the other one's turn")
	ended("quick", 2, 10*time.Minute)
	idle(5*time.Minute, "since its latest row ended")
	require.NoError(t, s.SetControl(t.Context(), "slow", control(batch.StatusRunning), decision(7*time.Minute, batch.CommandResume, "on")))
	idle(7*time.Minute, "a batch that was resumed has time to begin")

	run("done", 0)
	require.NoError(t, s.SetBatchStatus(t.Context(), "done", batch.StatusCancelled, start))
	run("held", 0)
	hold := control(batch.StatusHeld)
	hold.Since = start.Add(3 * time.Minute)
	require.NoError(t, s.SetControl(t.Context(), "held", hold, decision(3*time.Minute, batch.DecisionHold, "why")))
	require.NoError(t, s.SetControl(t.Context(), "held", hold, decision(9*time.Minute, batch.DecisionProbe, "no better")))
	got, err = s.Standing(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[batch.Status]int{
		batch.StatusRunning: 2, batch.StatusHeld: 1, batch.StatusRegistered: 1, batch.StatusCancelled: 1,
	}, got.Batches)
	assert.Equal(t, start.Add(3*time.Minute), got.Held, "a probe does not begin the hold anew")
	assert.Equal(t, start.Add(7*time.Minute), got.Idle, "a held batch is not idle")
}
