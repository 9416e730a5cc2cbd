// Package test runs Caseload end to end: the built programs, a real Temporal dev
// server, a real store, real documents, real faults. E2E_STORE=postgres runs it on
// PostgreSQL instead of SQLite, and on a real Redis instead of the embedded one.
package test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/pgtest"
	"github.com/caseload/caseload/test/redistest"
)

// Programs under test, built once.
var starterBin, workerBin string

const (
	startTimeout = 2 * time.Minute // a cold start compiles PDFium
	poll         = 100 * time.Millisecond
)

// batchTimeout is longer with -full.
var batchTimeout = 4 * time.Minute

func TestMain(m *testing.M) {
	code, err := buildAndRun(m)
	pgtest.End()
	if err != nil {
		fmt.Fprintln(os.Stderr, "test:", err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(m *testing.M) (code int, err error) {
	if flag.Parse(); *full {
		batchTimeout = 30 * time.Minute
	}
	root, err := filepath.Abs("..")
	if err != nil {
		return 1, err
	}
	if _, err := exec.LookPath("temporal"); err != nil {
		pinned := filepath.Join(root, "bin")
		if _, err := os.Stat(filepath.Join(pinned, "temporal")); err != nil {
			return 1, errors.New("no temporal CLI: run `make build`, which builds it")
		}
		if err := os.Setenv("PATH", pinned+string(os.PathListSeparator)+os.Getenv("PATH")); err != nil {
			return 1, err
		}
	}
	dir, err := os.MkdirTemp("", "caseload-bin-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	cmd := exec.Command("go", "build", "-o", dir, "./starter", "./worker")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		return 1, fmt.Errorf("build: %w: %s", err, out)
	}
	starterBin, workerBin = filepath.Join(dir, "starter"), filepath.Join(dir, "worker")
	return m.Run(), nil
}

// program is a running program that the test started.
type program struct {
	cmd    *exec.Cmd
	output *lockedBuffer
	done   chan struct{}
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func start(t *testing.T, name string, args ...string) *program {
	t.Helper()
	p := &program{cmd: command(context.Background(), name, args...), output: &lockedBuffer{}, done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	require.NoError(t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait() // its state is read by the test
		close(p.done)
	}()
	t.Cleanup(func() {
		p.signal(syscall.SIGKILL)
		<-p.done
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(name), p.output)
		}
	})
	return p
}

func (p *program) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) } // it may have ended

// kill kills the program as a power cut would.
func (p *program) kill() {
	p.signal(syscall.SIGKILL)
	<-p.done
}

// end asks the program to stop and answers with its exit code.
func (p *program) end(t *testing.T) int {
	t.Helper()
	p.signal(syscall.SIGINT)
	select {
	case <-p.done:
	case <-time.After(time.Minute):
		t.Fatal("the program did not stop within a minute")
	}
	return p.cmd.ProcessState.ExitCode()
}

// rig is a data folder and what runs on it.
type rig struct {
	t   *testing.T
	dir string
}

// Stores that the tests run on.
const (
	onSQLite   = "sqlite"
	onPostgres = "postgres"
)

// testedStore is the one that a rig has, unless its test says otherwise.
func testedStore() string { return cmp.Or(os.Getenv("E2E_STORE"), onSQLite) }

func newRig(t *testing.T) *rig {
	t.Helper()
	return newRigOn(t, testedStore())
}

// aboutSQLite skips a test of what SQLite alone does, when another store is tested.
func aboutSQLite(t *testing.T) {
	t.Helper()
	if testedStore() != onSQLite {
		t.Skip("this is about the file of SQLite")
	}
}

// settings are the environment of programs on a data folder: lists of NAME=value.
var settings sync.Map

// set adds to the environment of programs that are told of the rig's data folder.
func (r *rig) set(name, value string) {
	held, _ := settings.Load(r.dir)
	list, _ := held.([]string)
	settings.Store(r.dir, append(slices.Clip(list), name+"="+value))
}

const databaseURL = "CASELOAD_DATABASE_URL"

func newRigOn(t *testing.T, kind string) *rig {
	t.Helper()
	r := &rig{t: t, dir: t.TempDir()}
	switch kind {
	case onSQLite:
	case onPostgres:
		r.set(databaseURL, pgtest.Database(t))
		r.set("CASELOAD_REDIS_ADDRESS", redistest.Start(t).Addr)
	default:
		t.Fatalf("E2E_STORE=%s: want sqlite or postgres", kind)
	}
	return r
}

// command is a command with the settings of the data folder that it is told of.
func command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	if i := slices.Index(args, "--data-dir"); i >= 0 && i+1 < len(args) {
		if held, ok := settings.Load(args[i+1]); ok {
			cmd.Env = append(os.Environ(), held.([]string)...)
		}
	}
	return cmd
}

// storeURL is the store of the rig.
func (r *rig) storeURL() string {
	if held, ok := settings.Load(r.dir); ok {
		for _, s := range held.([]string) {
			if name, url, _ := strings.Cut(s, "="); name == databaseURL {
				return url
			}
		}
	}
	return "sqlite://" + filepath.Join(r.dir, "caseload.db")
}

// dev starts a stack on free ports and waits until it answers.
func (r *rig) dev(args ...string) *program {
	r.t.Helper()
	p := start(r.t, starterBin, append([]string{"dev", "--data-dir", r.dir, "--port", "0", "--ui-port", "0"}, args...)...)
	r.eventually(startTimeout, func(c *assert.CollectT) {
		_, ok, err := stack.Read(r.dir)
		assert.NoError(c, err)
		assert.True(c, ok, "the stack runs")
	})
	return p
}

func (r *rig) worker(args ...string) *program {
	r.t.Helper()
	return start(r.t, workerBin, append([]string{"--data-dir", r.dir}, args...)...)
}

// starter runs a command to its end.
func (r *rig) starter(args ...string) (out, words string, code int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), batchTimeout)
	defer cancel()
	cmd := command(ctx, starterBin, append(args, "--data-dir", r.dir)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(r.t, err)
	}
	return stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()
}

// submit submits target as batch id, without waiting for it.
func (r *rig) submit(target, id string, args ...string) {
	r.t.Helper()
	out, words, code := r.starter(append([]string{"submit", target, "--id", id, "--project", "acme"}, args...)...)
	require.Equal(r.t, 0, code, words)
	require.Equal(r.t, id, strings.TrimSpace(out))
}

func (r *rig) progress(id string) batch.Progress {
	r.t.Helper()
	out, words, code := r.starter("status", id, "-o", "json")
	require.Equal(r.t, 0, code, words)
	var p batch.Progress
	require.NoError(r.t, json.Unmarshal([]byte(out), &p))
	return p
}

// awaitDone waits until at least n rows of batch id have an outcome.
func (r *rig) awaitDone(id string, n int) {
	r.t.Helper()
	st := r.store()
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		t, err := st.Tally(r.t.Context(), id)
		assert.NoError(c, err)
		assert.GreaterOrEqual(c, t.Counts.Done(), n)
	})
}

// awaitEnd waits for the batch's end and answers with how it stands then.
func (r *rig) awaitEnd(id string) batch.Progress {
	r.t.Helper()
	st := r.store()
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		b, err := st.Batch(r.t.Context(), id)
		assert.NoError(c, err)
		assert.True(c, b.Status.Terminal(), "batch is %s", b.Status)
	})
	return r.progress(id)
}

func (r *rig) store() *store.Store {
	r.t.Helper()
	st, err := store.Open(r.t.Context(), r.storeURL(), store.Options{})
	require.NoError(r.t, err)
	r.t.Cleanup(func() { assert.NoError(r.t, st.Close()) })
	return st
}

func (r *rig) temporal() client.Client {
	r.t.Helper()
	s, ok, err := stack.Read(r.dir)
	require.NoError(r.t, err)
	require.True(r.t, ok, "the stack runs")
	c, err := client.Dial(client.Options{HostPort: s.Temporal, Logger: quietLogger{}})
	require.NoError(r.t, err)
	r.t.Cleanup(c.Close)
	return c
}

func (r *rig) eventually(limit time.Duration, check func(*assert.CollectT)) {
	r.t.Helper()
	require.EventuallyWithT(r.t, check, limit, poll)
}

type quietLogger struct{}

func (quietLogger) Debug(string, ...any) {}
func (quietLogger) Info(string, ...any)  {}
func (quietLogger) Warn(string, ...any)  {}
func (quietLogger) Error(string, ...any) {}

// writeDocuments writes n different text documents, about pages pages each.
func writeDocuments(t *testing.T, n, pages int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		var b strings.Builder
		fmt.Fprintf(&b, "UNITED STATES DISTRICT COURT\nNORTHERN DISTRICT OF CALIFORNIA\n\nHARBOR %d FREIGHT, INC., Plaintiff,\nv.\nJANE DOE, Defendant.\n\nCase No. 3:24-cv-%05d\n\n", i, i+1)
		for p := range pages * 5 {
			fmt.Fprintf(&b, "%d. On March %d, 2024, Harbor %d Freight, Inc. paid $%d,500 to Ms. Jane Doe under the agreement. See Ashcroft v. Iqbal, 556 U.S. 662, 678 (2009); 28 U.S.C. § 1332(a). "+
				"The parties met again in Oakland, California, and the Hon. Maria Chen of the Northern District of California heard the motion.\n\n", p+1, p%28+1, i, i+p)
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("filing-%04d.txt", i)), []byte(b.String()), 0o600))
	}
	return dir
}

// sampleFiles are the shipped sample documents.
func sampleFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	require.NoError(t, filepath.WalkDir(samplesDir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, path)
		}
		return err
	}))
	require.GreaterOrEqual(t, len(files), 20)
	return files
}
