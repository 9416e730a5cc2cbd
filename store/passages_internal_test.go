package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/search"
	"github.com/caseload/caseload/test/pgtest"
)

// onBoth runs a test on an empty database of each kind. reopen opens the store anew,
// after change on a connection that is not the store's, by its goose provider.
func onBoth(t *testing.T, run func(t *testing.T, reopen func(change func(*sql.DB, *goose.Provider)) *Store)) {
	for name, kind := range map[string]struct {
		url, driver string
		dialect     goose.Dialect
	}{
		"sqlite":   {filepath.Join(t.TempDir(), "caseload.db"), "sqlite", goose.DialectSQLite3},
		"postgres": {pgtest.Database(t), "pgx", goose.DialectPostgres},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s *Store
			run(t, func(change func(*sql.DB, *goose.Provider)) *Store {
				if s != nil {
					require.NoError(t, s.Close())
				} else {
					t.Cleanup(func() { require.NoError(t, s.Close()) })
				}
				if change != nil {
					db, err := sql.Open(kind.driver, kind.url)
					require.NoError(t, err)
					files, err := fs.Sub(migrations, "migrations/"+name)
					require.NoError(t, err)
					p, err := goose.NewProvider(kind.dialect, db, files, goose.WithTableName(migrationsTable), goose.WithDisableGlobalRegistry(true))
					require.NoError(t, err)
					change(db, p)
					require.NoError(t, db.Close())
				}
				var err error
				s, err = Open(t.Context(), kind.url, Options{})
				require.NoError(t, err)
				return s
			})
		})
	}
}

func saveText(t *testing.T, s *Store, id, text string) {
	t.Helper()
	_, _, err := s.RegisterBatch(t.Context(), Batch{ID: id, Project: "acme"}, func(yield func(Row, error) bool) { yield(Row{Row: 1}, nil) })
	require.NoError(t, err)
	sum := sha256.Sum256([]byte(id))
	half := len([]rune(text)) / 2
	_, err = s.SaveResult(t.Context(), SaveRequest{Project: "acme", Batch: id, Row: 1, DocumentID: id, Result: &document.Result{
		SHA256: hex.EncodeToString(sum[:]), Text: text,
		Chunks: []document.Chunk{{Span: document.Span{End: half}, Page: 1}, {Ordinal: 1, Span: document.Span{Start: half, End: len([]rune(text))}, Page: 1}},
	}})
	require.NoError(t, err)
}

func places(t *testing.T, s *Store, query string) (found []int) {
	t.Helper()
	q, err := search.Parse(query)
	require.NoError(t, err)
	page, err := s.Search(t.Context(), SearchRequest{Project: "acme", Query: q})
	require.NoError(t, err)
	for _, p := range page.Passages {
		found = append(found, p.Chunk)
	}
	return found
}

func TestDocumentsOfEarlierVersionsAreIndexed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, reopen func(func(*sql.DB, *goose.Provider)) *Store) {
		s := reopen(nil)
		for n := range 2*indexAtOnce + 1 {
			saveText(t, s, fmt.Sprint("d", n), "Ünder – a duty owed by each")
		}
		want := places(t, s, "duty OR owed")
		require.Len(t, want, 20)
		s = reopen(func(_ *sql.DB, p *goose.Provider) {
			_, err := p.DownTo(t.Context(), 9)
			require.NoError(t, err)
		})
		assert.Equal(t, want, places(t, s, "duty OR owed"))
		assert.Empty(t, waitingForIndex(t, s))
		q, err := search.Parse("under")
		require.NoError(t, err)
		all, err := s.Search(t.Context(), SearchRequest{Project: "acme", Query: q, Limit: 100})
		require.NoError(t, err)
		assert.Len(t, all.Passages, 2*indexAtOnce+1)
	})
}

func waitingForIndex(t *testing.T, s *Store) []map[string]any {
	t.Helper()
	rows, err := s.Query(t.Context(), "SELECT id FROM documents WHERE indexed = 0")
	require.NoError(t, err)
	return rows
}

// TestAnOlderProgramsDocumentsAreIndexed writes as a program does that does not know of
// the index.
func TestAnOlderProgramsDocumentsAreIndexed(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, reopen func(func(*sql.DB, *goose.Provider)) *Store) {
		saveText(t, reopen(nil), "a", "an old duty")
		s := reopen(func(db *sql.DB, _ *goose.Provider) {
			_, err := db.Exec(`DELETE FROM texts WHERE document = 1`)
			require.NoError(t, err)
			_, err = db.Exec(`DELETE FROM chunks WHERE document = 1`)
			require.NoError(t, err)
			_, err = db.Exec(`INSERT INTO texts VALUES (1, 'a new duty')`)
			require.NoError(t, err)
			_, err = db.Exec(`INSERT INTO chunks (document, ordinal, char_start, char_end, page) VALUES (1, 0, 0, 10, 1)`)
			require.NoError(t, err)
		})
		assert.Empty(t, places(t, s, "old"))
		assert.Equal(t, []int{0}, places(t, s, "new duty"))
		assert.Empty(t, waitingForIndex(t, s))
	})
}

func TestADeletedDocumentIsNotFound(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, reopen func(func(*sql.DB, *goose.Provider)) *Store) {
		s := reopen(nil)
		saveText(t, s, "a", "a duty owed to it")
		saveText(t, s, "b", "a duty owed to it")
		require.Len(t, places(t, s, "duty"), 2)
		s = reopen(func(db *sql.DB, _ *goose.Provider) {
			if _, err := db.Exec("PRAGMA foreign_keys = 1"); err == nil { // SQLite
				db.SetMaxOpenConns(1)
				_, err = db.Exec("PRAGMA foreign_keys = 1")
				require.NoError(t, err)
			}
			_, err := db.Exec("DELETE FROM documents WHERE id = 'a'")
			require.NoError(t, err)
		})
		require.Len(t, places(t, s, "duty"), 1)
		if s.viewing.Isolation == 0 { // SQLite has no chunks to join with: look at the index itself
			rows, err := s.Query(t.Context(), "SELECT rowid FROM passages WHERE passages MATCH 'duty'")
			require.NoError(t, err)
			assert.Len(t, rows, 1)
		}
	})
}
