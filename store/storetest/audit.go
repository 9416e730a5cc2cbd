package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/store"
)

func auditLine(action, batch string) store.AuditLine {
	return store.AuditLine{
		At: time.Date(2026, 3, 2, 9, 0, 0, 1000, time.UTC), Actor: "jo@desk", Phase: store.AuditAsked, Action: action, Batch: batch,
		Detail: map[string]string{"priority": "9", "concurrency": "20"},
	}
}

func auditLog(t *testing.T, s *store.Store) {
	empty, err := s.CheckAudit(t.Context(), "")
	require.NoError(t, err)
	assert.Equal(t, store.AuditState{Head: strings.Repeat("0", 64)}, empty)
	for i := range 3 {
		require.NoError(t, s.Audit(t.Context(), auditLine("pause", fmt.Sprintf("b%d", i%2)), ""))
	}
	last := auditLine("cache clear", "")
	last.Actor, last.Phase, last.Detail = "batch", store.AuditInForce, nil
	require.NoError(t, s.Audit(t.Context(), last, ""))

	all, err := s.AuditLog(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Len(t, all, 4)
	hashes := map[string]bool{}
	for i, l := range all {
		assert.EqualValues(t, i+1, l.N)
		assert.Len(t, l.Hash, 64)
		hashes[l.Hash] = true
	}
	assert.Len(t, hashes, 4)
	want := auditLine("pause", "b0")
	want.N, want.Hash = 1, all[0].Hash
	assert.Equal(t, want, all[0])
	last.N, last.Hash = 4, all[3].Hash
	assert.Equal(t, last, all[3])

	of, err := s.AuditLog(t.Context(), store.AuditFilter{Batch: "b0", Limit: 1})
	require.NoError(t, err)
	assert.Equal(t, all[2:3], of, "the latest of the batch")

	st, err := s.CheckAudit(t.Context(), all[1].Hash)
	require.NoError(t, err)
	assert.Equal(t, store.AuditState{Lines: 4, Head: all[3].Hash}, st)
	assert.True(t, st.Intact())
	st, err = s.CheckAudit(t.Context(), strings.Repeat("a", 64))
	require.NoError(t, err)
	assert.True(t, st.Missing, "no line has that hash")
	assert.False(t, st.Intact())
}

func auditOnce(t *testing.T, s *store.Store) {
	for range 2 {
		require.NoError(t, s.Audit(t.Context(), auditLine("pause", "b1"), "an activity that ran twice"))
	}
	require.NoError(t, s.Audit(t.Context(), auditLine("pause", "b1"), "another"))
	all, err := s.AuditLog(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	assert.Len(t, all, 2)
}

func auditConcurrently(t *testing.T, s *store.Store) {
	var g errgroup.Group
	for range 20 {
		g.Go(func() error { return s.Audit(t.Context(), auditLine("pause", "b1"), "") })
	}
	require.NoError(t, g.Wait())
	st, err := s.CheckAudit(t.Context(), "")
	require.NoError(t, err)
	assert.EqualValues(t, 20, st.Lines)
	assert.True(t, st.Intact(), "each line follows the one before it")
}

func auditWhole(t *testing.T, s *store.Store) {
	for name, without := range map[string]func(*store.AuditLine){
		"who":       func(l *store.AuditLine) { l.Actor = "" },
		"what":      func(l *store.AuditLine) { l.Action = "" },
		"when":      func(l *store.AuditLine) { l.At = time.Time{} },
		"the phase": func(l *store.AuditLine) { l.Phase = "perhaps" },
	} {
		l := auditLine("pause", "b1")
		without(&l)
		require.Error(t, s.Audit(t.Context(), l, ""), name)
	}
}
