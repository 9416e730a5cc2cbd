package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config"
)

func TestABatchStartsAgainAsItStandsNow(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	deadline := noon.Add(time.Hour).UTC()
	b := f.register("b1", 3, batch.Options{Concurrency: 7, Reread: true, Deadline: deadline, MaxPriority: 9})
	want := batch.Input{
		ID: "b1", Project: "acme", Rows: 3, Priority: batch.PriorityNormal, Weight: 1,
		Options: batch.Options{Concurrency: 7, Reread: true, Deadline: deadline, MaxPriority: 9}.WithDefaults(),
	}
	in, err := inputOf(t.Context(), f.store, b)
	require.NoError(t, err)
	assert.Equal(t, want, in)

	f.control("b1", batch.Control{Status: batch.StatusRunning, Priority: 8, Concurrency: 20}, batch.Decision{At: noon, Kind: batch.CommandSetConcurrency})
	require.NoError(t, f.store.SetWeight(t.Context(), "acme", 3))
	b, err = f.store.Batch(t.Context(), "b1")
	require.NoError(t, err)
	want.Priority, want.Weight, want.Options.Concurrency = 8, 3, 20
	in, err = inputOf(t.Context(), f.store, b)
	require.NoError(t, err)
	assert.Equal(t, want, in)
}

func TestASubmissionKeepsItsDeadline(t *testing.T) {
	a := &app{cfg: &config.Config{Batch: config.Batch{Concurrency: 100}}}
	o := submitOptions{target: t.TempDir(), project: "acme", priority: "low", deadline: "3h", maxPriority: "6"}
	b, err := a.newBatch(o)
	require.NoError(t, err)
	opts, err := optionsOf(b)
	require.NoError(t, err)
	assert.Equal(t, batch.Priority(6), opts.MaxPriority)
	assert.WithinDuration(t, b.CreatedAt.Add(3*time.Hour), opts.Deadline, time.Minute)
	assert.Equal(t, time.UTC, opts.Deadline.Location())

	o.deadline, o.maxPriority = "", ""
	b, err = a.newBatch(o)
	require.NoError(t, err)
	assert.NotContains(t, string(b.Options), "deadline")
}

// writeManifest writes a manifest of good rows and bad ones.
func writeManifest(t *testing.T, good, bad int) string {
	t.Helper()
	dir := t.TempDir()
	var list strings.Builder
	list.WriteString("path\n")
	for i := range good + bad {
		name := strings.Repeat("x", i+1) + ".txt"
		if i < good {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("text"), 0o600))
		}
		list.WriteString(name + "\n")
	}
	path := filepath.Join(dir, "m.csv")
	require.NoError(t, os.WriteFile(path, []byte(list.String()), 0o600))
	return path
}

func TestValidateTellsOfTheFirstBadRowsOneByOne(t *testing.T) {
	t.Parallel()
	out, words, code := newFolder(t).starter("validate", writeManifest(t, 2, maxShownProblems+3))
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "25 rows: 2 good, 23 bad\n", out)
	assert.Contains(t, words, "row 3 (line 4): xxx.txt: ")
	assert.Equal(t, 1, strings.Count(words, "\n… and more\n"))
	assert.Equal(t, maxShownProblems+2, strings.Count(words, "\n"), words)
}

func TestAMeterWithoutATerminalWritesALineNowAndThen(t *testing.T) {
	var out bytes.Buffer
	m := newMeter(&out, 300_000, noon)
	for n := range 12 {
		m.tick(42_000+n, noon.Add(time.Duration(n)*time.Second))
	}
	m.end()
	assert.Equal(t, "checked 42,005 of 300,000 rows …\nchecked 42,010 of 300,000 rows …\n", out.String())
}

func TestAMeterOnATerminalIsRedrawnAndTakenAway(t *testing.T) {
	var out bytes.Buffer
	m := &meter{w: &out, terminal: true, total: -1, next: noon.Add(meterAfter)}
	m.tick(1, noon.Add(900*time.Millisecond))
	m.end()
	assert.Empty(t, out.String(), "what is quick needs no meter")
	m.tick(1000, noon.Add(meterAfter))
	m.tick(1001, noon.Add(meterAfter+redrawEvery/2))
	m.tick(2000, noon.Add(meterAfter+redrawEvery))
	m.end()
	assert.Equal(t, "\r\x1b[Kchecked 1,000 rows …\r\x1b[Kchecked 2,000 rows …\r\x1b[K", out.String())
}
