package store_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/store/storetest"
	"github.com/caseload/caseload/test/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// TestPostgreSQL has two connections to write and one to read: no method may need
// two.
func TestPostgreSQL(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) *store.Store {
		s, err := store.Open(t.Context(), pgtest.Emptied(t), store.Options{Connections: 3})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, s.Close()) })
		return s
	})
}

func TestPostgreSQLOpenErrors(t *testing.T) {
	t.Parallel()
	foreign, newer, latin := pgtest.Database(t), pgtest.Database(t), pgtest.DatabaseWith(t, "TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'")
	pgtest.Exec(t, foreign, "CREATE TABLE customers (id INTEGER)")
	s, err := store.Open(t.Context(), newer, store.Options{})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	pgtest.Exec(t, newer, "INSERT INTO caseload_migrations (version_id, is_applied) VALUES (9999, true)")
	locked := pgtest.Database(t)
	pgtest.Exec(t, locked, "ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	missing := strings.Replace(foreign, "/test", "/nothere", 1)
	at := func(address string) string {
		return "postgres://caseload:" + pgtest.Password + "@" + address + "/caseload"
	}

	for _, test := range []struct {
		name, url, typ, message string
		category                batch.Category
	}{
		{"nobody answers", at("127.0.0.1:1"), "DatabaseUnreachable", "start PostgreSQL at 127.0.0.1:1, database caseload", batch.Transient},
		{"no such host", at("nobody.invalid"), "HostNotFound", "PostgreSQL at nobody.invalid:5432", batch.Configuration},
		{"no port", at("127.0.0.1:port"), "DatabaseURL", "is not understood", batch.Configuration},
		{"no such database", missing, "DatabaseSchema", "check its name", batch.Configuration},
		{"no such schema", foreign + "&search_path=caseload", "DatabaseSchema", "create it", batch.Configuration},
		{"another program's", foreign, "ForeignDatabase", "another program's", batch.Configuration},
		{"a newer schema", newer, "DatabaseTooNew", "schema version 9999", batch.Configuration},
		{"another encoding", latin, "DatabaseEncoding", "LATIN1", batch.Configuration},
		{"no rights", locked, "DatabaseAccess", "rights", batch.Configuration},
	} {
		_, err := store.Open(t.Context(), test.url, store.Options{})
		e, ok := batch.AsError(err)
		if assert.True(t, ok, "%s: %v", test.name, err) {
			assert.Equal(t, test.typ, e.Type, test.name)
			assert.Equal(t, test.category, e.Category, test.name)
			assert.ErrorContains(t, err, test.message, test.name)
		}
		for ; err != nil; err = unwrap(err) {
			assert.NotContains(t, err.Error(), pgtest.Password, test.name)
		}
	}
}

func unwrap(err error) error {
	switch e := err.(type) { //nolint:errorlint // step by step
	case interface{ Unwrap() error }:
		return e.Unwrap()
	case interface{ Unwrap() []error }:
		return e.Unwrap()[0]
	}
	return nil
}

func TestPostgreSQLSchemaOfItsOwn(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "CREATE TABLE customers (id INTEGER); CREATE SCHEMA caseload AUTHORIZATION caseload")
	url = strings.Replace(url, "postgres://", "postgresql://", 1) + "&search_path=caseload"
	register(t, open(t, url), "b1", 3)
	tally, err := open(t, url).Tally(t.Context(), "b1")
	require.NoError(t, err)
	assert.Equal(t, 3, tally.Counts.Pending)
}

// TestPostgreSQLWithoutTheRightToMakeTables opens a schema that is up to date.
func TestPostgreSQLWithoutTheRightToMakeTables(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	register(t, open(t, url), "b1", 1)
	pgtest.Exec(t, url, "ALTER SCHEMA public OWNER TO postgres; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
	register(t, open(t, url), "b2", 1)
}

func TestPostgreSQLOpenedAtTheSameTime(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			s, err := store.Open(t.Context(), url, store.Options{})
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

// TestSchemasAreAlike makes sure that a migration of one database is not forgotten
// for the other. Each has the words to search by in a way of its own.
func TestSchemasAreAlike(t *testing.T) {
	t.Parallel()
	read := func(s *store.Store, query string) (found []string) {
		rows, err := s.Query(t.Context(), query)
		require.NoError(t, err)
		for _, r := range rows {
			found = append(found, fmt.Sprint(r["what"]))
		}
		return found
	}
	lite, pg := open(t, filepath.Join(t.TempDir(), "caseload.db")), open(t, pgtest.Emptied(t))
	const version = "SELECT max(version_id) AS what FROM caseload_migrations"
	assert.Equal(t, read(lite, version), read(pg, version))
	assert.Equal(t,
		read(lite, `SELECT m.name || '.' || c.name || ' ' || CASE c.type WHEN 'REAL' THEN 'DOUBLE PRECISION' WHEN 'BLOB' THEN 'BYTEA' ELSE c.type END
				|| CASE WHEN c."notnull" OR c.pk THEN '' ELSE ' NULL' END AS what
			FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
			WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'caseload_migrations' AND m.name NOT LIKE 'passages%' ORDER BY 1`),
		read(pg, `SELECT what FROM (SELECT table_name || '.' || column_name || ' ' || CASE data_type WHEN 'bigint' THEN 'INTEGER' ELSE upper(data_type) END
				|| CASE is_nullable WHEN 'YES' THEN ' NULL' ELSE '' END AS what
			FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'caseload_migrations'
				AND data_type <> 'tsvector') AS all_columns ORDER BY what COLLATE "C"`))
	assert.Empty(t, read(pg, `SELECT table_name || '.' || column_name AS what FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name <> 'caseload_migrations' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`),
		"text is ordered by its bytes, as in SQLite")
	indexes := func(names []string) (found []string) {
		for _, n := range names {
			if !strings.HasPrefix(n, "sqlite_autoindex") && !strings.HasSuffix(n, "_key") && !strings.HasSuffix(n, "_pkey") {
				found = append(found, n)
			}
		}
		return found
	}
	assert.Equal(t, indexes(read(lite, `SELECT name AS what FROM sqlite_master WHERE type = 'index' ORDER BY 1`)),
		indexes(read(pg, `SELECT indexname AS what FROM pg_indexes WHERE schemaname = 'public' AND indexdef NOT LIKE '%USING gin%' ORDER BY indexname::text COLLATE "C"`)))
}

// rawPostgres is a connection to the same database that is not the store's.
func rawPostgres(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db
}

func TestPostgreSQLBusy(t *testing.T) {
	t.Parallel()
	url := pgtest.Emptied(t)
	s, err := store.Open(t.Context(), url, store.Options{BusyTimeout: 10 * time.Millisecond})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	register(t, s, "b1", 1)
	tx, err := rawPostgres(t, url).Begin()
	require.NoError(t, err)
	_, err = tx.Exec("SELECT * FROM batches FOR UPDATE")
	require.NoError(t, err)
	err = s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, time.Now())
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, batch.Transient, e.Category)
	assert.Equal(t, "DatabaseBusy", e.Type)
	_, err = s.Batch(t.Context(), "b1")
	require.NoError(t, err, "readers do not wait")
	require.NoError(t, tx.Rollback())
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, time.Now()))
}

func TestPostgreSQLWaitingWriterIsCancelled(t *testing.T) {
	t.Parallel()
	url := pgtest.Emptied(t)
	s := open(t, url)
	register(t, s, "b1", 1)
	tx, err := rawPostgres(t, url).Begin()
	require.NoError(t, err)
	_, err = tx.Exec("SELECT * FROM batches FOR UPDATE")
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	err = s.SetBatchStatus(ctx, "b1", batch.StatusRunning, time.Now())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, tx.Rollback())
	require.NoError(t, s.SetBatchStatus(t.Context(), "b1", batch.StatusRunning, time.Now()))
}

// TestPostgreSQLRestart kills the server under a store that has connections.
func TestPostgreSQLRestart(t *testing.T) {
	t.Parallel()
	server := pgtest.Start(t)
	s := open(t, server.URL)
	register(t, s, "b1", 2)
	_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeCancelled})
	require.NoError(t, err)
	server.Kill()
	for range 10 { // the first meet connections that broke off, the others none
		_, err = s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: 2, Outcome: batch.OutcomeCancelled})
		e, ok := batch.AsError(err)
		require.True(t, ok, "%v", err)
		require.Equal(t, batch.Transient, e.Category, "%v", err)
		require.True(t, store.Unavailable(err))
	}
	server.Restart(t)
	_, err = s.SetOutcome(t.Context(), store.Row{Batch: "b1", Row: 2, Outcome: batch.OutcomeCancelled})
	require.NoError(t, err)
	require.EventuallyWithT(t, func(c *assert.CollectT) { // connections that only read have not noticed yet
		tally, err := s.Tally(t.Context(), "b1")
		assert.NoError(c, err)
		assert.Equal(c, 2, tally.Counts.Cancelled)
	}, 10*time.Second, 10*time.Millisecond)
	_, err = s.Batch(t.Context(), "b2")
	require.ErrorIs(t, err, store.ErrNotFound)
	assert.False(t, store.Unavailable(err))
}

// TestPostgreSQLSlowStatementIsNoOutage has a statement run into its own time limit:
// the next try would as well, so that it counts as one.
func TestPostgreSQLSlowStatementIsNoOutage(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	s := open(t, url)
	_, err := s.Query(t.Context(), "SELECT set_config('statement_timeout', '10ms', false)")
	require.NoError(t, err)
	_, err = s.Query(t.Context(), "SELECT count(*) AS n FROM generate_series(1, 100000000)")
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, batch.Transient, e.Category)
	assert.False(t, store.Unavailable(err))
}

func TestPostgreSQLErrorsQuoteNothing(t *testing.T) {
	t.Parallel()
	s := open(t, pgtest.Emptied(t))
	for _, query := range []string{"SELECT privileged FROM batches", "SELECT 'privileged'::bigint"} {
		_, err := s.Query(t.Context(), query)
		_, ok := batch.AsError(err)
		require.True(t, ok, "%v", err)
		assert.NotContains(t, err.Error(), "privileged")
	}
}
