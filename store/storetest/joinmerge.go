package storetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

// joinedAbovePeople has a name joined with one, of which people had another be part that
// it is short for too: it must not become part of that, which is part of it.
func joinedAbovePeople(t *testing.T, s *store.Store) {
	register(t, s, newBatch(project), 5)
	ctx := t.Context()
	id := func(key string) string { return resolve.EntityID(project, document.Person, key) }
	require.NoError(t, read(ctx, s, project, 1, "Ann Lee"))
	require.NoError(t, read(ctx, s, project, 2, "Ann C. Lee"))
	_, made, err := s.MergeEntities(ctx, store.MergeRequest{Project: project, Entity: id("ann lee"), Other: id("ann c lee"), Decide: decide})
	require.NoError(t, err)
	require.True(t, made)
	require.NoError(t, read(ctx, s, project, 3, "Ann C. Lee", "Ann Lee"))
	assert.Equal(t, map[string]int{id("ann lee"): 4}, named(t, s))
	require.NoError(t, read(ctx, s, project, 4, "Ann B. Lee", "Ann Lee"))
	assert.Equal(t, map[string]int{id("ann b lee"): 6}, named(t, s))
	require.NoError(t, read(ctx, s, project, 5, "Ann Bea Lee", "Ann B. Lee", "Ann Lee"))
	assert.Equal(t, map[string]int{id("ann bea lee"): 9}, named(t, s))
}
