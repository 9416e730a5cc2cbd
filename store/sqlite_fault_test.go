package store

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

func oneRow(yield func(Row, error) bool) { yield(Row{URI: "file:///privileged.pdf"}, nil) }

func openWithRow(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, Options{})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	_, _, err = s.RegisterBatch(t.Context(), Batch{ID: "b1", Project: "acme"}, oneRow)
	require.NoError(t, err)
	return s
}

func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := openWithRow(t, filepath.Join(t.TempDir(), "caseload.db"))
	var pages int
	require.NoError(t, writerOf(s).db.NewRaw("PRAGMA page_count").Scan(t.Context(), &pages))
	_, err := writerOf(s).db.NewRaw("PRAGMA max_page_count = ?", pages+2).Exec(t.Context())
	require.NoError(t, err)

	req := SaveRequest{Project: "acme", Batch: "b1", Row: 1, Result: &document.Result{SHA256: strings.Repeat("a", 64), Text: strings.Repeat("privileged ", 100_000)}}
	_, err = s.SaveResult(t.Context(), req)
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, batch.Resource, e.Category)
	assert.Equal(t, "DiskFull", e.Type)
	assert.NotContains(t, err.Error(), "privileged")

	// Nothing is half written, and the row can be saved once there is room.
	row, err := s.Row(t.Context(), "b1", 1)
	require.NoError(t, err)
	assert.Empty(t, row.Outcome)
	docs, err := s.Documents(t.Context(), DocumentFilter{Project: "acme"})
	require.NoError(t, err)
	assert.Empty(t, docs)
	_, err = writerOf(s).db.NewRaw("PRAGMA max_page_count = 1000000").Exec(t.Context())
	require.NoError(t, err)
	saved, err := s.SaveResult(t.Context(), req)
	require.NoError(t, err)
	assert.True(t, saved.Recorded)
}

func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	s := openWithRow(t, path)
	require.NoError(t, s.Close())
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	for i := 4096; i < len(content); i++ {
		content[i] = 0xa5
	}
	require.NoError(t, os.WriteFile(path, content, 0o600))
	s, err = Open(t.Context(), path, Options{})
	if err == nil {
		defer s.Close()
		_, err = s.Row(t.Context(), "b1", 1)
	}
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, batch.Configuration, e.Category)
	assert.Equal(t, "DatabaseCorrupt", e.Type)
}

func TestOtherErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	s := openWithRow(t, filepath.Join(t.TempDir(), "caseload.db"))
	_, err := s.Query(t.Context(), "SELECT privileged FROM batches")
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, batch.Permanent, e.Category)
	assert.NotContains(t, err.Error(), "privileged")
}

// TestPanicLeavesTheStoreUsable has a source of rows panic: the next writer must
// find the lock free.
func TestPanicLeavesTheStoreUsable(t *testing.T) {
	t.Parallel()
	s := openWithRow(t, filepath.Join(t.TempDir(), "caseload.db"))
	assert.Panics(t, func() {
		_, _, _ = s.RegisterBatch(context.Background(), Batch{ID: "b2", Project: "acme"}, func(func(Row, error) bool) { panic(errors.New("broken source")) })
	})
	_, created, err := s.RegisterBatch(t.Context(), Batch{ID: "b2", Project: "acme"}, oneRow)
	require.NoError(t, err)
	assert.True(t, created)
}

// TestFullDiskOfASharedTransaction has a small write share its transaction with
// one that fills the disk: both callers must hear what is stored.
func TestFullDiskOfASharedTransaction(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		var pages int
		require.NoError(t, writerOf(s).db.NewRaw("PRAGMA page_count").Scan(t.Context(), &pages))
		_, err := writerOf(s).db.NewRaw("PRAGMA max_page_count = ?", pages+2).Exec(t.Context())
		require.NoError(t, err)
		var small, big error
		together(t, s, 2, func(i int) {
			if i == 0 {
				small = s.SetWeight(t.Context(), "acme", 2)
				return
			}
			big = s.update(t.Context(), "fill", func(ctx context.Context, tx bun.Tx) error {
				return insert(ctx, tx, strings.Repeat("privileged ", 100_000))
			})
		})
		e, ok := batch.AsError(big)
		require.True(t, ok, "%v", big)
		assert.Equal(t, "DiskFull", e.Type)
		assert.Equal(t, small == nil, len(projectIDs(t, s)) == 1, "%v", small)

		_, err = writerOf(s).db.NewRaw("PRAGMA max_page_count = 1000000").Exec(t.Context())
		require.NoError(t, err)
		require.NoError(t, s.SetWeight(t.Context(), "acme", 2))
	})
}
