package test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// withoutTool is a settings file whose tesseract is missing, until install is
// called.
func withoutTool(t *testing.T) (settings string, install func()) {
	t.Helper()
	dir := t.TempDir()
	program := filepath.Join(dir, "tesseract")
	settings = filepath.Join(dir, "caseload.yaml")
	require.NoError(t, os.WriteFile(settings, []byte("ocr:\n  program: "+program+"\n"), 0o600))
	return settings, func() {
		require.NoError(t, os.WriteFile(program, []byte("#!/bin/sh\nexec tesseract \"$@\"\n"), 0o700))
	}
}

// writeScans writes n scans that differ.
func writeScans(t *testing.T, folder string, n int) {
	t.Helper()
	scan, err := os.ReadFile(filepath.Join("..", "examples", "matters", "halvorsen", "05-letter-to-board.png"))
	require.NoError(t, err)
	for i := range n {
		name := filepath.Join(folder, fmt.Sprintf("scan-%02d.png", i))
		require.NoError(t, os.WriteFile(name, append(scan[:len(scan):len(scan)], byte(i)), 0o600)) // after the image's end
	}
}

func TestBatchWaitsForAMissingToolAndLosesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker")
	settings, install := withoutTool(t)
	r.worker("--config", settings)
	folder := t.TempDir()
	writeScans(t, folder, 8)
	// Read as the third, it interrupts the first burst.
	require.NoError(t, os.WriteFile(filepath.Join(folder, "scan-01a.txt"), []byte("The order of 3 May 2024 is vacated."), 0o600))
	r.submit(folder, "held", "--hold-after", "3", "--concurrency", "1")
	held := func() batch.Progress {
		t.Helper()
		var p batch.Progress
		r.eventually(time.Minute, func(c *assert.CollectT) {
			p = r.progress("held")
			assert.Equal(c, batch.StatusHeld, p.Status)
			assert.Zero(c, p.Counts.Running)
		})
		return p
	}
	before := batch.Counts{Total: 9, Completed: 1, Failed: 2, Pending: 6}
	p := held()
	assert.Equal(t, before, p.Counts)
	out, _, code := r.starter("status", "held")
	assert.Equal(t, 0, code)
	assert.Contains(t, out, "held by batch")
	assert.Contains(t, out, "tesseract", "what to put right")
	assert.Contains(t, out, "starter resume")

	_, words, code := r.starter("resume", "held")
	require.Equal(t, 0, code, words)
	assert.Contains(t, words, "one document as a probe")
	r.eventually(time.Minute, func(c *assert.CollectT) {
		d := r.progress("held").Decisions
		assert.Equal(c, batch.DecisionProbe, d[len(d)-1].Kind)
	})
	assert.Equal(t, before, held().Counts, "it is missing still")

	install()
	_, words, code = r.starter("resume", "held")
	require.Equal(t, 0, code, words)
	p = r.awaitEnd("held")
	assert.Equal(t, batch.Counts{Total: 9, Completed: 9}, p.Counts, "those that had failed are read again")
	out, words, code = r.starter("certificate", "held")
	require.Equal(t, 0, code, words)
	assert.Contains(t, out, "completed 9  skipped 0  failed 0  cancelled 0: 9 of the manifest's 9 rows")
	checkHistory(t, "batch-held", events(t, r.temporal(), batch.WorkflowID("held")))
	checkHistory(t, "document-probe", events(t, r.temporal(), batch.DocumentWorkflowID("held", 4)))
}

func TestBatchWithTooManyFailuresGivesUp(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	folder := writeDocuments(t, 60, 1)
	for i := range 20 {
		require.NoError(t, os.WriteFile(filepath.Join(folder, fmt.Sprintf("a-%02d.pdf", i)), fmt.Appendf(nil, "%%PDF-1.7 damaged %d", i), 0o600))
	}
	out, words, code := r.starter("submit", folder, "--project", "acme", "--id", "over", "--concurrency", "4", "--max-failures", "data=10%", "--watch")
	assert.Equal(t, 1, code, "%s%s", out, words)
	assert.Contains(t, words, "gave up")
	sum, err := batch.NewClient(r.temporal()).Wait(t.Context(), "over")
	require.ErrorIs(t, err, batch.ErrTooManyFailures)
	p := r.progress("over")
	assert.Equal(t, p.Counts, sum.Counts)
	assert.Equal(t, batch.StatusFailed, p.Status)
	assert.Zero(t, p.Counts.Pending)
	assert.Equal(t, p.Counts.Total, p.Counts.Done())
	assert.Greater(t, p.Counts.Failed, 8)
	assert.Less(t, p.Counts.Failed, 20)
	assert.NotZero(t, p.Counts.Cancelled)
	require.NotEmpty(t, p.Decisions)
	assert.Contains(t, p.Decisions[len(p.Decisions)-1].Detail, "10% may")
	checkHistory(t, "batch-gave-up", events(t, r.temporal(), batch.WorkflowID("over")))
}
