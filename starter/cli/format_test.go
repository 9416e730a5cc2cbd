package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestProjectOfTarget(t *testing.T) {
	for target, want := range map[string]string{
		"/m/Acme Corp":      "acme-corp",
		"/m/acme.v2/":       "acme",
		"intake/Q3.csv":     "q3",
		"s3://bucket/acme/": "acme",
		"/m/Ünïcode":        "n-code",
		"/":                 "default",
	} {
		assert.Equal(t, want, projectOf(target), target)
		assert.NoError(t, batch.CheckName("project", projectOf(target)))
	}
}

func TestFoldersOfTwoMattersAreTwoProjects(t *testing.T) {
	dir := t.TempDir()
	for name, want := range map[string]string{"Smith v. Jones": "smith-v-jones", "Smith v. Acme": "smith-v-acme"} {
		require.NoError(t, os.Mkdir(filepath.Join(dir, name), 0o700))
		assert.Equal(t, want, projectOf(filepath.Join(dir, name)))
	}
}

func TestControlCharactersDoNotReachTheTerminal(t *testing.T) {
	assert.Equal(t, `\x1b[2Jred\n.txt`, printable("\x1b[2Jred\n.txt"))
	assert.Equal(t, "Müller § 3.pdf", printable("Müller § 3.pdf"))
}

func TestBarLine(t *testing.T) {
	p := batch.Progress{
		Status: batch.StatusRunning, Percent: 50, Rate: 2,
		Counts: batch.Counts{Total: 10, Completed: 4, Failed: 1, Pending: 5},
		ETA:    &batch.Estimate{Remaining: 3 * time.Second, Low: 2 * time.Second, High: 90 * time.Second},
	}
	assert.Equal(t, "[█████░░░░░]  50 %  5/10  1 failed  2.0/s  ETA 3s (2s to 1m30s)", barLine(p, 10))
	p.Status, p.Percent, p.ETA = batch.StatusCompleted, 100, nil
	assert.Equal(t, "[██████████] 100 %  5/10  1 failed  2.0/s  completed", barLine(p, 10))
}

func TestBarWithoutATerminalWritesALineNowAndThen(t *testing.T) {
	var out bytes.Buffer
	b := newBar(&out)
	at := time.Unix(1_800_000_000, 0)
	p := batch.Progress{Status: batch.StatusRunning}
	for range 20 {
		b.draw(p, at)
		at = at.Add(time.Second)
	}
	assert.Equal(t, 4, bytes.Count(out.Bytes(), []byte("\n")))
	p.Status = batch.StatusCompleted
	b.draw(p, at)
	assert.Contains(t, out.String(), "completed")
}
