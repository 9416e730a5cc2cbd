package test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// stored is all that a store holds of a batch, but for when it was read, and by how
// many attempts.
type stored struct {
	Rows          []store.Row
	Documents     []store.Document
	Links         []store.Link
	Results       []*document.Result
	Entities      []store.EntityCount
	Relationships []store.RelationshipCount
}

func storedOf(t *testing.T, s *store.Store, id string) (all stored) {
	t.Helper()
	ctx := t.Context()
	var err error
	all.Rows, err = s.Rows(ctx, id, store.RowFilter{})
	require.NoError(t, err)
	for i := range all.Rows {
		r := &all.Rows[i]
		r.Attempts, r.StartedAt, r.FinishedAt = 0, time.Time{}, time.Time{}
		for n := range r.Stages {
			r.Stages[n].Duration = 0
		}
		if r.Failure != nil {
			r.Failure.Attempts = 0
		}
	}
	all.Documents, err = s.Documents(ctx, store.DocumentFilter{Batch: id})
	require.NoError(t, err)
	for i := range all.Documents {
		d := &all.Documents[i]
		d.CreatedAt = time.Time{}
		links, err := s.Links(ctx, d.Project, d.ID)
		require.NoError(t, err)
		all.Links = append(all.Links, links...)
		r, err := s.Result(ctx, d.Project, d.ID)
		require.NoError(t, err)
		all.Results = append(all.Results, r)
	}
	all.Entities, err = s.Entities(ctx, store.EntityFilter{Batch: id})
	require.NoError(t, err)
	slices.SortFunc(all.Entities, func(a, b store.EntityCount) int { return strings.Compare(a.ID, b.ID) })
	all.Relationships, err = s.Relationships(ctx, store.RelationshipFilter{Batch: id})
	require.NoError(t, err)
	return all
}

// requireSameStored compares all that two stores hold of a batch.
func requireSameStored(t *testing.T, first, second *store.Store, id string) {
	t.Helper()
	a, b := storedOf(t, first, id), storedOf(t, second, id)
	assert.Equal(t, a.Rows, b.Rows)
	assert.Equal(t, a.Documents, b.Documents)
	assert.Equal(t, a.Links, b.Links)
	assert.Equal(t, a.Results, b.Results)
	assert.Equal(t, a.Entities, b.Entities)
	assert.Equal(t, a.Relationships, b.Relationships)
	assert.NotEmpty(t, a.Relationships)
}
