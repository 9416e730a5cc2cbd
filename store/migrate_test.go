package store

import (
	"database/sql"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// migrator is a provider of the SQLite migrations on the file at path.
func migrator(t *testing.T, path string) (*goose.Provider, *sql.DB) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	files, err := fs.Sub(migrations, "migrations/sqlite")
	require.NoError(t, err)
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithTableName(migrationsTable), goose.WithDisableGlobalRegistry(true))
	require.NoError(t, err)
	return p, db
}

func TestFirstSchemaIsBroughtUpToDateWithItsData(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	p, db := migrator(t, path)
	_, err := p.UpTo(t.Context(), 1)
	require.NoError(t, err)
	_, err = db.Exec(`INSERT INTO projects VALUES ('acme', 5);
		INSERT INTO batches VALUES ('b1', 'acme', 'm.csv', 9, 'running', '{"concurrency":7}', 1, '1', 5, 6, 0)`)
	require.NoError(t, err)

	s, err := Open(t.Context(), path, Options{})
	require.NoError(t, err)
	defer s.Close()
	project, err := s.Project(t.Context(), "acme")
	require.NoError(t, err)
	assert.Equal(t, Project{ID: "acme", Weight: 1, CreatedAt: fromMicros(5), Batches: 1}, project)
	b, err := s.Batch(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, Batch{
		ID: "b1", Project: "acme", Source: "m.csv", Priority: 9, Status: batch.StatusRunning, Options: []byte(`{"concurrency":7}`),
		Rows: 1, Pipeline: "1", CreatedAt: fromMicros(5), StartedAt: fromMicros(6),
	}, b)
}

func TestRowsRefusedBeforeRecoveriesWereKnownAreNotRecovered(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	p, db := migrator(t, path)
	_, err := p.UpTo(t.Context(), 3)
	require.NoError(t, err)
	_, err = db.Exec(`INSERT INTO projects (id, created_at) VALUES ('acme', 5);
		INSERT INTO batches (id, project, source, priority, status, options, row_count, pipeline, created_at, started_at, finished_at)
			VALUES ('b1', 'acme', '', 5, 'completed_with_failures', '', 3, '1', 5, 6, 9)`)
	require.NoError(t, err)
	for row, at := range map[int][]any{1: {7, 7, 0, ""}, 2: {0, 5, 0, ""}, 3: {7, 8, 0, ""}, 4: {7, 7, 3, ""}} {
		_, err = db.Exec(`INSERT INTO batch_rows VALUES ('b1', ?, 0, '/1', '', '', '', 'failed', '', 'TRANSIENT', 'fetch', 'Timeout', 'f', 'm', 0,
			'', '', 0, 0, 0, 0, 0, 0, 0, ?, ?, ?, ?)`, row, at[2], at[3], at[0], at[1])
		require.NoError(t, err)
	}
	s, err := Open(t.Context(), path, Options{})
	require.NoError(t, err)
	defer s.Close()
	groups, err := s.PlanRecovery(t.Context(), "b1", batch.Selection{})
	require.NoError(t, err)
	counts := map[batch.LeftOut]int{}
	for _, g := range groups {
		counts[g.Why] = g.Count
	}
	assert.Equal(t, map[batch.LeftOut]int{"": 2, batch.LeftOutRefused: 2}, counts)
}

func TestMigrationsCanBeTakenBack(t *testing.T) {
	t.Parallel()
	p, db := migrator(t, filepath.Join(t.TempDir(), "caseload.db"))
	schema := func() (objects []string) {
		rows, err := db.Query("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name <> ? ORDER BY name", migrationsTable)
		require.NoError(t, err)
		defer rows.Close()
		for rows.Next() {
			var s string
			require.NoError(t, rows.Scan(&s))
			objects = append(objects, s)
		}
		require.NoError(t, rows.Err())
		return objects
	}
	_, err := p.Up(t.Context())
	require.NoError(t, err)
	all := schema()
	_, err = p.DownTo(t.Context(), 0)
	require.NoError(t, err)
	assert.Empty(t, schema())
	_, err = p.Up(t.Context())
	require.NoError(t, err)
	assert.Equal(t, all, schema())
}
