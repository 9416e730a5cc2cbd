package storetest

import (
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func projects(t *testing.T, s *store.Store) {
	none, err := s.Projects(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []store.Project{}, none)

	beta := newBatch("b1")
	beta.Project = "beta"
	register(t, s, beta, 1)
	register(t, s, newBatch("b2"), 2)
	register(t, s, newBatch("b3"), 1)
	save(t, s, request("b2", 1, result("one")), batch.OutcomeCompleted)
	save(t, s, request("b2", 2, result("two")), batch.OutcomeCompleted)
	require.NoError(t, s.SetWeight(t.Context(), "beta", 2.5))

	want := []store.Project{
		{ID: project, Weight: 1, CreatedAt: start, Batches: 2, Documents: 2},
		{ID: "beta", Weight: 2.5, CreatedAt: start, Batches: 1},
	}
	got, err := s.Projects(t.Context())
	require.NoError(t, err)
	assert.Equal(t, want, got)
	for _, p := range want {
		got, err := s.Project(t.Context(), p.ID)
		require.NoError(t, err)
		assert.Equal(t, p, got)
	}

	require.NoError(t, s.SetWeight(t.Context(), "beta", 0))
	got, err = s.Projects(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, 1, got[1].Weight, 0, "0 stands for 1")
}

func weightMakesProject(t *testing.T, s *store.Store) {
	require.NoError(t, s.SetWeight(t.Context(), project, 0.25))
	p, err := s.Project(t.Context(), project)
	require.NoError(t, err)
	assert.False(t, p.CreatedAt.IsZero())
	p.CreatedAt = start
	assert.Equal(t, store.Project{ID: project, Weight: 0.25, CreatedAt: start}, p)

	register(t, s, newBatch("b1"), 1)
	p, err = s.Project(t.Context(), project)
	require.NoError(t, err)
	assert.InDelta(t, 0.25, p.Weight, 0, "a batch leaves its project's weight")
	assert.Equal(t, 1, p.Batches)
}

func impossibleWeight(t *testing.T, s *store.Store) {
	for _, w := range []float64{-1, 0.0001, 1001, math.Inf(1)} {
		require.Error(t, s.SetWeight(t.Context(), project, w), "%v", w)
	}
	require.Error(t, s.SetWeight(t.Context(), "Not A Name", 1))
	list, err := s.Projects(t.Context())
	require.NoError(t, err)
	assert.Empty(t, list)
}
