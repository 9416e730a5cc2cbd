// Package pgtest runs a real PostgreSQL server for tests: one for each test binary,
// with databases of their own.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/stretchr/testify/require"
)

// Password is that of the user whom URLs name. No error and no log may hold it.
const Password = "hunter2"

const role = "caseload"

// cluster is a server on a loopback port, with its data folder.
type cluster struct {
	port  int
	dir   string
	as    *syscall.SysProcAttr // whom its programs run as
	alone bool                 // it may be started again
	end   io.Closer            // ends it
	done  chan struct{}        // closed once it has ended
}

var (
	mu      sync.Mutex
	running *cluster
	failed  error // why it does not run
	names   atomic.Int64
	used    []string // databases that tests have done with
)

// Main runs the tests of a package that uses Database, and then ends the server. It
// is what TestMain does: os.Exit(pgtest.Main(m)).
func Main(m *testing.M) int {
	defer End()
	return m.Run()
}

// End ends the server, if there is one. A test binary that does not come to it ends
// the server, too: by its own end.
func End() {
	mu.Lock()
	defer mu.Unlock()
	if running != nil {
		running.stop()
		running = nil
	}
}

// Database is the URL of a new, empty database in UTF-8. It goes with the server. The
// test fails if PostgreSQL is not installed.
func Database(t testing.TB) string {
	t.Helper()
	return DatabaseWith(t, "TEMPLATE template0 ENCODING UTF8")
}

// DatabaseWith is Database with other options of CREATE DATABASE.
func DatabaseWith(t testing.TB, options string) string {
	t.Helper()
	c, err := server()
	require.NoError(t, err)
	name := fmt.Sprintf("test%d", names.Add(1))
	execAt(t, c.url("postgres", "postgres"), "CREATE DATABASE "+name+" OWNER "+role+" "+options)
	return c.url(role, name)
}

// Emptied is a database without rows, which may have had its tables made, and rows in
// them, by an earlier test: that is quicker than a new one. What migrated has its
// record of it still, in a table whose name ends in _migrations.
func Emptied(t testing.TB) string {
	t.Helper()
	mu.Lock()
	url := ""
	if n := len(used); n > 0 {
		url, used = used[n-1], used[:n-1]
	}
	mu.Unlock()
	if url == "" {
		url = Database(t)
	}
	t.Cleanup(func() {
		Exec(t, url, emptyAll)
		mu.Lock()
		defer mu.Unlock()
		used = append(used, url)
	})
	return url
}

// emptyAll empties all tables, also those whose triggers forbid it.
const emptyAll = `DO $$ DECLARE names text; BEGIN
	SET LOCAL session_replication_role = replica;
	SELECT string_agg(quote_ident(tablename), ', ') INTO names FROM pg_tables
	WHERE schemaname = 'public' AND tablename NOT LIKE '%\_migrations';
	IF names IS NOT NULL THEN EXECUTE 'TRUNCATE ' || names || ' RESTART IDENTITY'; END IF;
END $$`

// Exec runs statements as the superuser, in the database of a URL of Database.
func Exec(t testing.TB, url, statements string) {
	t.Helper()
	c, err := server()
	require.NoError(t, err)
	name, _, _ := strings.Cut(url[strings.LastIndex(url, "/")+1:], "?")
	execAt(t, c.url("postgres", name), statements)
}

func execAt(t testing.TB, url, statements string) {
	t.Helper()
	db, err := sql.Open("pgx", url)
	require.NoError(t, err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), statements) // a test's context has ended when it is cleaned up
	require.NoError(t, err)
}

func (c *cluster) url(user, database string) string {
	return fmt.Sprintf("postgres://%s:%s@127.0.0.1:%d/%s?sslmode=disable", user, Password, c.port, database)
}

// server is the running server. What kept it from running keeps it for all tests.
func server() (*cluster, error) {
	mu.Lock()
	defer mu.Unlock()
	if running == nil && failed == nil {
		running, failed = start(false)
	}
	return running, failed
}

// errNotInstalled says what to do.
var errNotInstalled = errors.New("PostgreSQL's server programs, which the test needs, are not installed: run `make deps`, or install the package postgresql")

// bin is the folder of the server's programs. Debian has them outside of PATH.
func bin() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	var folders []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		folders = append(folders, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"} {
		found, _ := filepath.Glob(pattern) // the patterns are sound
		folders = append(folders, found...)
	}
	for i := len(folders) - 1; i >= 0; i-- { // the newest
		if _, err := os.Stat(filepath.Join(folders[i], "initdb")); err == nil {
			return folders[i], nil
		}
	}
	return "", errNotInstalled
}

// start makes a cluster and runs it on a free port.
func start(alone bool) (c *cluster, err error) {
	programs, err := bin()
	if err != nil {
		return nil, err
	}
	for range 3 { // another program may take the port in between
		if c, err = startOnce(programs, alone); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func startOnce(programs string, alone bool) (_ *cluster, err error) {
	dir, err := os.MkdirTemp("", "caseload-pg-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	as, err := owner(dir)
	if err != nil {
		return nil, err
	}
	initdb := exec.Command(filepath.Join(programs, "initdb"), "--pgdata", filepath.Join(dir, "data"), "--username", "postgres",
		"--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions")
	initdb.Dir, initdb.SysProcAttr = dir, as
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	c := &cluster{port: port, dir: dir, as: as, alone: alone}
	return c, c.run(programs, "CREATE ROLE "+role+" LOGIN PASSWORD '"+Password+"'")
}

// supervise runs the server ($@) until its standard input ends, as it does with the
// test binary, however that ends. The server ends without a word to its clients, and
// recovers when it is started again, as after a crash.
const supervise = `trap '' INT TERM
"$@" </dev/null & pid=$!
cat >/dev/null
kill -QUIT $pid 2>/dev/null
wait $pid`

// forget is supervise for a server that is not started again: it removes the
// folder ($0).
const forget = supervise + `
rm -rf "$0"`

const startTimeout = time.Minute

// run runs the server, and first as the superuser there.
func (c *cluster) run(programs, first string) error {
	output, err := os.Create(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer output.Close()
	script := forget
	if c.alone {
		script = supervise
	}
	cmd := exec.Command("sh", "-c", script, c.dir, filepath.Join(programs, "postgres"), "-D", filepath.Join(c.dir, "data"),
		"-p", fmt.Sprint(c.port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "log_min_messages=warning")
	cmd.Dir, cmd.SysProcAttr, cmd.Stdout, cmd.Stderr = c.dir, c.as, output, output
	if c.end, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	c.done = make(chan struct{})
	go func() {
		_ = cmd.Wait() // it has no state that matters
		close(c.done)
	}()
	if err := c.await(filepath.Join(c.dir, "data", "postmaster.pid"), first); err != nil {
		said, _ := os.ReadFile(output.Name())
		_ = c.end.Close()
		<-c.done
		return fmt.Errorf("postgres does not answer: %w: %s", err, said)
	}
	return nil
}

// await waits until the server takes connections, and has run a statement.
func (c *cluster) await(pidFile, first string) error {
	db, err := sql.Open("pgx", c.url("postgres", "postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	for seen := false; ; {
		_, err = db.ExecContext(ctx, first)
		if err == nil {
			return nil
		}
		_, statErr := os.Stat(pidFile)
		gone := seen && errors.Is(statErr, os.ErrNotExist) // it began and ended
		seen = seen || statErr == nil
		select {
		case <-c.done:
			return err
		case <-ctx.Done():
			return err
		case <-time.After(10 * time.Millisecond):
			if gone {
				return err
			}
		}
	}
}
