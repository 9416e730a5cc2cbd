package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/store/storetest"
)

func TestSQLite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store { return open(t, emptied(t)) })
}

// TestSQLiteOneReader has a single reading connection: no method may need two.
func TestSQLiteOneReader(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store {
		s, err := store.Open(t.Context(), emptied(t), store.Options{Readers: 1})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s
	})
}

// empty is a file with the schema and nothing else, made once: to make it takes longer
// than most tests of the store.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "caseload-store-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "caseload.db")
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// emptied is a file of the test's own that is empty.
func emptied(t *testing.T) string {
	t.Helper()
	b, err := empty()
	require.NoError(t, err)
	path := filepath.Join(t.TempDir(), "caseload.db")
	require.NoError(t, os.WriteFile(path, b, 0o600))
	return path
}

func open(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), url, store.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// raw is a connection to the same file that is not the store's.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func register(t *testing.T, s *store.Store, id string, rows int) {
	t.Helper()
	_, _, err := s.RegisterBatch(t.Context(), store.Batch{ID: id, Project: "acme"}, manifest(rows))
	require.NoError(t, err)
}

func TestOpenURLs(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	for url, file := range map[string]string{
		filepath.Join(dir, "a.db"):               "a.db",
		"b.db":                                   "b.db",
		"sqlite://" + filepath.Join(dir, "c.db"): "c.db",
		"sqlite:new/folder/d.db":                 "new/folder/d.db",
		"SQLite:e.db":                            "e.db",
		"sqlite://" + filepath.Join(dir, "50%20 ?a=b#c.db"): "50%20 ?a=b#c.db",
	} {
		s := open(t, url)
		register(t, s, "b1", 1)
		info, err := os.Stat(filepath.Join(dir, file))
		if assert.NoError(t, err, url) {
			assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "privileged documents are their owner's")
		}
	}
}

func TestOpenAgainKeepsWhatIsThere(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	s, err := store.Open(t.Context(), path, store.Options{})
	require.NoError(t, err)
	register(t, s, "b1", 3)
	require.NoError(t, s.Close())
	tally, err := open(t, path).Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, 3, tally.Counts.Pending)
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	foreign := filepath.Join(dir, "foreign.db")
	_, err := raw(t, foreign).Exec("CREATE TABLE customers (id INTEGER PRIMARY KEY)")
	require.NoError(t, err)
	newer := filepath.Join(dir, "newer.db")
	s, err := store.Open(t.Context(), newer, store.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = raw(t, newer).Exec("INSERT INTO caseload_migrations (version_id, is_applied) VALUES (9999, 1)")
	require.NoError(t, err)

	for _, test := range []struct {
		name, url, typ, message string
		opt                     store.Options
	}{
		{"unknown scheme", "mysql://root:secret@db/caseload", "DatabaseScheme", `scheme "mysql" is not supported`, store.Options{}},
		{"no path", "sqlite:", "DatabasePath", "needs a file", store.Options{}},
		{"memory", "sqlite::memory:", "DatabasePath", "needs a file", store.Options{}},
		{"a folder", dir, "DatabasePath", "is a folder", store.Options{}},
		{"folder that cannot be made", filepath.Join(file("file", "x"), "sub", "caseload.db"), "DatabaseUnwritable", "cannot be made", store.Options{}},
		{"not a database", file("notes.txt", "These are the minutes of the meeting of 4 March, which nobody may lose.\n"), "DatabaseCorrupt", "not a database", store.Options{}},
		{"another program's", foreign, "ForeignDatabase", "another program", store.Options{}},
		{"a newer schema", newer, "DatabaseTooNew", "schema version 9999", store.Options{}},
		{"impossible options", filepath.Join(dir, "o.db"), "StoreOptions", "at least one reader", store.Options{Readers: -1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := store.Open(t.Context(), test.url, test.opt)
			require.ErrorContains(t, err, test.message)
			assert.NotContains(t, err.Error(), "secret")
			e, ok := batch.AsError(err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, batch.Configuration, e.Category)
			assert.Equal(t, test.typ, e.Type)
			assert.NotContains(t, e.Message, dir, "the path is the operator's, not a history's")
		})
	}
}

func TestOpenRefusesWithoutTouching(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	content := []byte("These are the minutes of the meeting of 4 March, which nobody may lose.\n")
	require.NoError(t, os.WriteFile(path, content, 0o600))
	_, err := store.Open(t.Context(), path, store.Options{})
	require.Error(t, err)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, content, after)
}

func TestReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o500))
	t.Cleanup(func() { require.NoError(t, os.Chmod(dir, 0o700)) })
	_, err := store.Open(t.Context(), filepath.Join(dir, "caseload.db"), store.Options{})
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, "DatabaseUnwritable", e.Type)
}

func TestOpenAtTheSameTime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), path, store.Options{})
			if !assert.NoError(t, err) {
				return
			}
			defer s.Close()
			_, created, err := s.RegisterBatch(t.Context(), store.Batch{ID: fmt.Sprint("b", i), Project: "acme"}, manifest(1))
			assert.NoError(t, err)
			assert.True(t, created)
		})
	}
	wg.Wait()
}

// TestManyProcesses has two stores on one file write at once, as two processes
// do: each knows nothing of the other's queue.
func TestManyProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	stores := []*store.Store{open(t, path), open(t, path)}
	const each = 10
	register(t, stores[0], "b1", 2*4*each)
	var wg sync.WaitGroup
	for i, s := range stores {
		for w := range 4 {
			wg.Go(func() {
				for n := range each {
					row := i*4*each + w*each + n + 1
					saved, err := s.SaveResult(t.Context(), store.SaveRequest{Project: "acme", Batch: "b1", Row: row, Result: typical(int64(row))})
					assert.NoError(t, err)
					assert.True(t, saved.Recorded)
				}
			})
		}
	}
	wg.Wait()
	tally, err := stores[0].Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, batch.Counts{Total: 2 * 4 * each, Completed: 2 * 4 * each}, tally.Counts)
}

func TestBusyDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	s, err := store.Open(t.Context(), path, store.Options{BusyTimeout: 10 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	register(t, s, "b1", 1)

	other := raw(t, path)
	_, err = other.Exec("BEGIN IMMEDIATE")
	require.NoError(t, err)
	err = s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, time.Now())
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, batch.Transient, e.Category)
	assert.Equal(t, "DatabaseBusy", e.Type)
	_, err = s.Batch(t.Context(), "b1")
	require.NoError(t, err, "readers do not wait")

	_, err = other.Exec("ROLLBACK")
	require.NoError(t, err)
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, time.Now()))
}

func TestWaitingWriterIsCancelled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	s, err := store.Open(t.Context(), path, store.Options{BusyTimeout: time.Hour})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	register(t, s, "b1", 1)
	other := raw(t, path)
	_, err = other.Exec("BEGIN IMMEDIATE")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err = s.SetBatchStatus(ctx, "b1", batch.StatusRunning, time.Now())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	_, ok := batch.AsError(err)
	assert.False(t, ok)
	_, err = other.Exec("ROLLBACK")
	require.NoError(t, err)
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, time.Now()))
}

func TestCancelledContext(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "caseload.db"))
	register(t, s, "b1", 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.Batch(ctx, "b1")
	require.ErrorIs(t, err, context.Canceled)
	_, err = s.SaveResult(ctx, store.SaveRequest{Project: "acme", Batch: "b1", Row: 1, Result: typical(1)})
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = s.RegisterBatch(ctx, store.Batch{ID: "b2", Project: "acme"}, manifest(1))
	require.ErrorIs(t, err, context.Canceled)
}
