package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func TestChangesOfThisProcessAreNotAskedFor(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	path := filepath.Join(t.TempDir(), "caseload.db")
	open := func() *store.Store {
		s, err := store.Open(t.Context(), path, store.Options{OnStatement: func(sql string) {
			if strings.HasPrefix(sql, "WITH e AS") {
				asked.Add(1)
			}
		}})
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, s.Close()) })
		return s
	}
	s, other := open(), open()
	_, _, err := s.RegisterBatch(t.Context(), store.Batch{ID: "b1", Project: "acme", Priority: batch.PriorityNormal, CreatedAt: time.Now()},
		func(yield func(store.Row, error) bool) {
			for row := 1; row <= 9; row++ {
				if !yield(store.Row{Row: row, URI: "file:///x"}, nil) {
					return
				}
			}
		})
	require.NoError(t, err)
	row := 0
	save := func(s *store.Store, l *store.Lookup, name string) error {
		row++
		key := strings.ToLower(name)
		e := document.Entity{ID: "ent_" + key, Type: document.Person, Key: key, Name: name}
		_, err := s.SaveResult(t.Context(), store.SaveRequest{
			Project: "acme", Batch: "b1", Row: row, FinishedAt: time.Now(), Lookup: l,
			Result: &document.Result{SHA256: fmt.Sprintf("%064d", row), Pipeline: "1", Entities: []document.Entity{e}},
		})
		return err
	}
	look := func(names ...string) *store.Lookup {
		req := store.LookupRequest{Project: "acme", Versioned: true}
		for _, n := range names {
			req.Keys = append(req.Keys, store.EntityKey{Type: document.Person, Key: strings.ToLower(n)})
		}
		l, err := s.Lookup(t.Context(), req)
		require.NoError(t, err)
		l.Checked = true
		return &l
	}
	require.NoError(t, save(s, nil, "Ann"))
	l := look("Ann", "Dan")
	require.NoError(t, save(s, nil, "Bob"))
	require.NoError(t, save(s, nil, "Carl"))
	require.NoError(t, save(s, l, "Dan"), "others changed")
	assert.Zero(t, asked.Load())

	l = look("Eve")
	require.NoError(t, save(s, nil, "Fay"))
	require.NoError(t, save(other, nil, "Gus"))
	require.NoError(t, save(s, l, "Eve"), "what another process changed is asked for")
	assert.Equal(t, int64(1), asked.Load())

	l = look("Hal", "H")
	require.NoError(t, save(s, nil, "H"))
	require.NoError(t, save(s, l, "Hal"), "what was asked for changed, and is answered as it is now")
	assert.Equal(t, int64(2), asked.Load())
}
