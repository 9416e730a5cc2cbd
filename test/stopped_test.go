package test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func TestATerminatedBatchSaysSoAndGoesOnWhenSubmittedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	docs := writeDocuments(t, 60, 6)
	// Shards, whose documents are left behind twice removed.
	submit := []string{"submit", docs, "--id", "b", "--project", "acme", "--concurrency", "6", "--shard-rows", "40"}
	_, words, code := r.starter(submit...)
	require.Equal(t, 0, code, words)
	r.awaitDone("b", 5)
	began := r.progress("b").StartedAt
	require.NoError(t, r.temporal().TerminateWorkflow(t.Context(), batch.WorkflowID("b"), "", ""))

	p := r.progress("b")
	assert.Equal(t, batch.StatusStopped, p.Status)
	assert.Contains(t, p.Stopped, "submit it again with --id b")
	assert.Positive(t, p.Counts.Pending, "%+v", p.Counts)
	_, words, code = r.starter("watch", "b")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "submit it again with --id b")
	out, words, code := r.starter("list", "--status", "stopped", "-o", "json")
	require.Equal(t, 0, code, words)
	var listed []struct{ Batch string }
	require.NoError(t, json.Unmarshal([]byte(out), &listed))
	assert.Len(t, listed, 1)

	_, words, code = r.starter(submit...)
	require.Equal(t, 0, code, words)
	assert.Regexp(t, `Batch b started again: \d+ rows to read\.`, words)
	assert.Contains(t, words, "/namespaces/default/workflows/batch%2Fb\n")
	again := time.Now()
	p = r.progress("b")
	assert.Equal(t, batch.StatusRunning, p.Status)
	assert.Equal(t, began, p.StartedAt, "when it first began")
	p = r.awaitEnd("b")
	t.Logf("went on for %s", time.Since(again))
	assert.Equal(t, batch.StatusCompleted, p.Status)
	assert.Equal(t, batch.Counts{Total: 60, Completed: 60}, p.Counts, "none is lost")
	require.Len(t, p.Decisions, 1)
	assert.Equal(t, batch.DecisionStart, p.Decisions[0].Kind)
	assert.Regexp(t, `^started again: \d+ rows to read$`, p.Decisions[0].Detail)
	rows, err := r.store().Rows(t.Context(), "b", store.RowFilter{})
	require.NoError(t, err)
	read := map[string]bool{}
	for _, row := range rows {
		read[row.Document] = true
	}
	assert.Len(t, read, 60, "each document once")
}
