package test

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/starter/devstack"
)

func TestSecondStackOnAFolderIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	_, words, code := r.starter("dev", "--port", "0", "--ui-port", "0")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "runs on", "--data-dir")
}

func TestTakenPortIsNamed(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	port := strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
	_, words, code := newRig(t).starter("dev", "--port", port, "--ui-port", "0")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, port, "taken", "--port")
}

func TestDamagedDataFolderIsNamed(t *testing.T) {
	t.Parallel()
	aboutSQLite(t)
	for _, file := range []string{"caseload.db", "temporal.db"} {
		r := newRig(t)
		require.NoError(t, os.WriteFile(filepath.Join(r.dir, file), []byte(strings.Repeat("this is no database ", 500)), 0o600))
		_, words, code := r.starter("dev", "--port", "0", "--ui-port", "0")
		assert.Equal(t, 1, code)
		assertOneLine(t, words, r.dir)
	}
}

func TestCommandsWithoutAStackSayWhatToDo(t *testing.T) {
	t.Parallel()
	aboutSQLite(t)
	r := newRig(t)
	_, words, code := r.starter("submit", writeDocuments(t, 1, 1))
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "starter dev")
	_, words, code = r.starter("status", "nothing")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, r.dir, "--data-dir")
	assert.NoFileExists(t, filepath.Join(r.dir, "caseload.db"), "asking makes no store")
}

func TestBatchWithoutAWorkerSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker")
	r.submit(writeDocuments(t, 1, 1), "waits", "--priority", "high")
	_, words, code := r.starter("status", "waits")
	assert.Equal(t, 0, code)
	assert.Contains(t, words, "No worker serves caseload.high")
}

func TestAnIDIsOfOneSubmission(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	r.submit(writeDocuments(t, 1, 1), "taken")
	_, words, code := r.starter("submit", writeDocuments(t, 2, 1), "--id", "taken", "--project", "acme")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "taken", "--id")
	_, words, code = r.starter("status", "nothing")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "nothing", "starter list")
}

func TestBadUsageExitsWith2(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, args := range [][]string{
		{"status"}, {"status", "x", "-o", "yaml"}, {"submit", ".", "--priority", "urgent"}, {"nonsense"},
		{"submit", ".", "--nonsense"}, {"submit", ".", "--concurrency", "0"}, {"list", "--status", "bogus"}, {"dev", "--port", "99999"}, {"results", "x", "--format", "xml"}, {"results", "x", "-o", "xml"}, {"results", "x", "-o", "json", "--format", "csv"}, {"inspect"},
	} {
		_, words, code := r.starter(args...)
		assert.Equal(t, 2, code, "%v: %s", args, words)
	}
}

func assertOneLine(t *testing.T, words string, parts ...string) {
	t.Helper()
	assert.Equal(t, 1, strings.Count(strings.TrimSpace(words), "\n")+1, "one line, no stack trace: %s", words)
	for _, p := range parts {
		assert.Contains(t, words, p)
	}
}

func TestMissingTemporalCLIIsNamed(t *testing.T) {
	r := newRig(t)
	t.Setenv("PATH", t.TempDir())
	_, words, code := r.starter("dev", "--port", "0", "--ui-port", "0")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "temporal CLI", "make build")
}

func TestStackTakesAnotherPortWhenAFreeOneIsLost(t *testing.T) {
	t.Parallel()
	temporal, err := exec.LookPath("temporal")
	require.NoError(t, err)
	dir := t.TempDir()
	// The first start finds its port taken.
	script := filepath.Join(dir, "temporal")
	require.NoError(t, os.WriteFile(script, fmt.Appendf(nil,
		"#!/bin/sh\nif mkdir %q 2>/dev/null; then echo 'bind: address already in use'; exit 1; fi\nexec %q \"$@\"\n",
		filepath.Join(dir, "tried"), temporal), 0o700))
	s, err := devstack.Start(t.Context(), devstack.Config{DataDir: filepath.Join(dir, "data"), Program: script, Words: io.Discard, Log: quietLogger{}})
	require.NoError(t, err)
	assert.NoError(t, s.Stop())
}
