package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// TestWhatFailedIsRecovered fails scans for want of the OCR program, and recovers
// them with it.
func TestWhatFailedIsRecovered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{
		"halvorsen/05-letter-to-board.png", "halvorsen/08-coast-guard-notice.tiff", "halvorsen/13-supplier-letter.txt",
		"teague/02-incident-report.jpg", "teague/11-term-sheet-damaged.pdf",
	} {
		content, err := os.ReadFile(filepath.Join(samplesDir, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, filepath.Base(name)), content, 0o600))
	}
	r := newRig(t)
	r.dev("--no-worker")
	poor := start(t, "env", "CASELOAD_OCR_PROGRAM="+filepath.Join(t.TempDir(), "no-tesseract"), workerBin, "--data-dir", r.dir)
	r.submit(dir, "scans", "--hold-after", "0", "--priority", "high")
	require.Equal(t, batch.Counts{Total: 5, Completed: 1, Failed: 4}, r.awaitEnd("scans").Counts)
	assert.Equal(t, 0, poor.end(t))

	var plan struct {
		Rows    int                   `json:"rows"`
		LeftOut []batch.RecoveryGroup `json:"left_out"`
	}
	out, words, code := r.starter("recover", "scans", "--dry-run", "-o", "json")
	require.Equal(t, 0, code, words)
	require.NoError(t, json.Unmarshal([]byte(out), &plan))
	assert.Equal(t, 3, plan.Rows)
	require.Len(t, plan.LeftOut, 1)
	assert.Equal(t, batch.LeftOutIncurable, plan.LeftOut[0].Why)

	r.worker()
	out, words, code = r.starter("recover", "scans", "--canary", "1", "--watch", "-o", "json")
	require.Equal(t, 0, code, words)
	var p batch.Progress
	require.NoError(t, json.Unmarshal([]byte(out), &p))
	assert.Equal(t, "scans-r1", p.Batch)
	assert.Equal(t, "scans", p.Recovers)
	assert.Equal(t, batch.PriorityHigh, p.Priority)
	assert.Equal(t, batch.Counts{Total: 3, Completed: 3}, p.Counts)

	checkHistory(t, "batch-recovery", events(t, r.temporal(), batch.WorkflowID("scans-r1")))

	original := r.progress("scans")
	assert.Equal(t, batch.Counts{Total: 5, Completed: 1, Failed: 4, Recovered: 3}, original.Counts)
	assert.Equal(t, []batch.Recovery{{Batch: "scans-r1", Recovers: "scans", Status: batch.StatusCompleted, Rows: 3}}, original.Recoveries)
	out, words, code = r.starter("recover", "scans")
	assert.Equal(t, 0, code, words)
	assert.Contains(t, out, "recovered already")
	out, words, code = r.starter("recover", "scans", "--id", "scans-r1")
	assert.Equal(t, 0, code, words)
	assert.Equal(t, "scans-r1\n", out, "the same ID, the same batch")

	// Of a recovery's recovery, the first original counts what it recovers too.
	_, words, code = r.starter("recover", "scans", "--retry-all", "--watch")
	assert.Equal(t, 3, code, words)
	good, err := os.ReadFile(filepath.Join(samplesDir, "teague", "03-complaint.pdf"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "11-term-sheet-damaged.pdf"), good, 0o600))
	_, words, code = r.starter("recover", "scans-r2", "--category", "data", "--watch")
	assert.Equal(t, 0, code, words)
	assert.Equal(t, 4, r.progress("scans").Counts.Recovered)
	assert.Equal(t, batch.Counts{Total: 1, Failed: 1, Recovered: 1}, r.progress("scans-r2").Counts)

	rows, err := r.store().Rows(t.Context(), "scans-r1", store.RowFilter{})
	require.NoError(t, err)
	for _, row := range rows {
		assert.NotZero(t, row.Origin)
	}
}

func TestARecoveryDoesNotRunIntoTheSameWall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	st := r.store()
	failed := func(id string) {
		path := filepath.Join(t.TempDir(), "filing.txt")
		require.NoError(t, os.WriteFile(path, []byte("Filing "+id), 0o600))
		_, _, err := st.RegisterBatch(t.Context(), store.Batch{ID: id, Project: "acme", Priority: batch.PriorityNormal},
			func(yield func(store.Row, error) bool) { yield(store.Row{URI: path, Name: "filing.txt"}, nil) })
		require.NoError(t, err)
		f := batch.NewFailure(batch.StageStore, batch.NewError(batch.Resource, "DiskFull", "the disk is full"))
		_, err = st.SetOutcome(t.Context(), store.Row{Batch: id, Row: 1, Outcome: batch.OutcomeFailed, Failure: &f, StartedAt: time.Now(), FinishedAt: time.Now()})
		require.NoError(t, err)
		require.NoError(t, st.SetBatchStatus(t.Context(), id, batch.StatusCompletedWithFailures, time.Now()))
	}
	failed("full")
	_, words, code := r.starter("recover", "full")
	require.Equal(t, 0, code, words)
	assert.Contains(t, words, "not to run into the same RESOURCE failures")
	d, err := r.temporal().DescribeWorkflowExecution(t.Context(), batch.WorkflowID("full-r1"), "")
	require.NoError(t, err)
	info := d.GetWorkflowExecutionInfo()
	assert.InDelta(t, 60, info.GetExecutionTime().AsTime().Sub(info.GetStartTime().AsTime()).Seconds(), 15)
	assert.Equal(t, batch.StatusRegistered, r.progress("full-r1").Status)

	failed("full-too")
	_, words, code = r.starter("recover", "full-too", "--now", "--watch")
	assert.Equal(t, 0, code, words)
	assert.NotContains(t, words, "It starts in")
}
