package test

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/monitor"
	"github.com/caseload/caseload/test/redistest"
)

// terminal is a program on a terminal, as a person sees it.
type terminal struct {
	r      *rig
	cmd    *exec.Cmd
	pty    *os.File
	screen *vt.SafeEmulator
	done   chan struct{}
}

// terminal starts the starter on a terminal of that size.
func (r *rig) terminal(width, height int, env []string, args ...string) *terminal {
	r.t.Helper()
	p := &terminal{r: r, cmd: command(r.t.Context(), starterBin, append(args, "--data-dir", r.dir)...), screen: vt.NewSafeEmulator(width, height), done: make(chan struct{})}
	p.cmd.Env = append(append(p.cmd.Environ(), "TERM=xterm-256color", "LC_ALL=C.UTF-8"), env...)
	var err error
	p.pty, err = pty.StartWithSize(p.cmd, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)})
	require.NoError(r.t, err)
	go func() {
		_, _ = io.Copy(p.screen, p.pty) // ends with an error when the program does
		_ = p.cmd.Wait()                // its state is read by the test
		close(p.done)
	}()
	go func() { _, _ = io.Copy(p.pty, p.screen) }() // what a terminal answers by itself
	r.t.Cleanup(func() {
		_ = p.cmd.Process.Signal(syscall.SIGKILL)
		<-p.done
		_, _ = p.screen.Close(), p.pty.Close()
		if r.t.Failed() {
			r.t.Logf("the terminal shows:\n%s", p.text())
		}
	})
	return p
}

func (p *terminal) text() string { return ansi.Strip(p.screen.Render()) }

func (p *terminal) press(keys ...string) {
	p.r.t.Helper()
	for _, k := range keys {
		_, err := p.pty.WriteString(k)
		require.NoError(p.r.t, err)
	}
}

// shows waits until the screen shows all of these.
func (p *terminal) shows(words ...string) {
	p.r.t.Helper()
	p.r.eventually(time.Minute, func(c *assert.CollectT) {
		for _, w := range words {
			assert.Contains(c, p.text(), w)
		}
	})
}

func (p *terminal) resize(width, height int) {
	p.r.t.Helper()
	p.screen.Resize(width, height)
	require.NoError(p.r.t, pty.Setsize(p.pty, &pty.Winsize{Rows: uint16(height), Cols: uint16(width)}))
}

const (
	enter  = "\r"
	escape = "\x1b"
)

func TestMonitorOnATerminal(t *testing.T) {
	t.Parallel()
	const n = 40
	r := newRig(t)
	server := redistest.Start(t)
	redis := "CASELOAD_REDIS_ADDRESS=" + server.Addr
	r.dev("--no-worker")
	r.submit(writeDocuments(t, n, 4), "slow", "--concurrency", "1")
	m := r.terminal(80, 24, []string{redis}, "monitor")
	m.shows("slow", "0/40", "none", "no worker has reported")

	start(t, "env", redis, workerBin, "--data-dir", r.dir)
	r.awaitDone("slow", 2)
	m.shows("1 running", "doc/s", "entities")
	m.press("p")
	m.shows("Pause batch slow?", "[y/N]")
	m.press("n", "p", "y")
	m.shows("is paused with", "paused")
	status := func() batch.Status {
		b, err := r.store().Batch(t.Context(), "slow")
		require.NoError(t, err)
		return b.Status
	}
	require.Equal(t, batch.StatusPaused, status())
	m.press("u", "9", "y")
	m.shows("has priority 9 (high)")

	server.Kill()
	m.shows("no metrics", "does not answer")
	m.press("r", "y")
	m.shows("runs again")
	server.Restart(t)
	r.eventually(time.Minute, func(c *assert.CollectT) { assert.NotContains(c, m.text(), "no metrics") })

	m.press(enter)
	m.shows("project acme", "priority 9 (high)", "DECIDED", "resume")
	m.press(enter)
	m.shows("DOCUMENTS of slow", "all outcomes", "completed", "filing-0000.txt")
	m.press("f", "f", "f")
	m.shows("failed  page 1", "No documents.")
	m.press(escape)
	m.shows("DECIDED")
	m.press(escape)
	m.shows("QUEUE")
	m.resize(140, 40)
	m.shows("page/s", "p99")
	p := r.awaitEnd("slow")
	require.Equal(t, batch.Counts{Total: n, Completed: n}, p.Counts)
	m.shows("done", "40/40")
	m.press("R")
	m.shows("no document failed")
	m.press("q")
	<-m.done
	assert.Equal(t, 0, m.cmd.ProcessState.ExitCode())

	out, words, code := r.starter("monitor", "--once")
	require.Equal(t, 0, code, words)
	assert.Equal(t, 24, strings.Count(out, "\n"))
	assert.Contains(t, out, "40/40")
	out, words, code = r.starter("monitor", "--once", "-o", "json")
	require.Equal(t, 0, code, words)
	var s monitor.Snapshot
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	require.Len(t, s.Batches, 1)
	assert.Equal(t, p.Counts, s.Batches[0].Counts)
	require.Len(t, s.Queues, 4)
	assert.Equal(t, 1, s.Queues[0].Workers)

	out, words, code = r.starter("report", "slow", "--html", "-")
	require.Equal(t, 0, code, words)
	assert.Contains(t, out, "Every one of 40 documents was read or found unchanged.")
	assert.NotContains(t, out, "filing-")
}

func TestMonitorOnADumbTerminalSaysWhatToDo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	m := r.terminal(80, 24, []string{"TERM=dumb"}, "monitor")
	<-m.done
	assert.Equal(t, 2, m.cmd.ProcessState.ExitCode())
	assert.Contains(t, strings.ReplaceAll(m.text(), "\n", ""), "--once")
}
