package test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

const crashBatch = 200

func TestKilledWorkerLosesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker")
	first := r.worker()
	r.submit(writeDocuments(t, crashBatch, 4), "crash")
	r.awaitDone("crash", crashBatch/4)
	first.kill()
	require.Less(t, r.progress("crash").Counts.Done(), crashBatch, "the worker died in the middle")
	r.worker()
	requireAllReadOnce(t, r, "crash", crashBatch)
}

func TestKilledStackResumes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.dev()
	r.submit(writeDocuments(t, crashBatch, 4), "crash")
	r.awaitDone("crash", crashBatch/4)
	first.kill()
	r.dev()
	requireAllReadOnce(t, r, "crash", crashBatch)
}

// requireAllReadOnce waits for the batch and checks that each of its n rows
// completed, and that each is one document with its own content.
func requireAllReadOnce(t *testing.T, r *rig, id string, n int) {
	t.Helper()
	p := r.awaitEnd(id)
	require.Equal(t, batch.Counts{Total: n, Completed: n}, p.Counts)
	st := r.store()
	rows, err := st.Rows(t.Context(), id, store.RowFilter{})
	require.NoError(t, err)
	require.Len(t, rows, n)
	seen := map[string]int{}
	for i, row := range rows {
		assert.Equal(t, i+1, row.Row)
		assert.Zero(t, seen[row.Document], "row %d repeats row %d", row.Row, seen[row.Document])
		seen[row.Document] = row.Row
	}
	docs, err := st.Documents(t.Context(), store.DocumentFilter{Project: "acme"})
	require.NoError(t, err)
	assert.Len(t, docs, n)
}

func TestInterruptDrainsAndTheBatchGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	first := r.dev()
	r.submit(writeDocuments(t, 60, 4), "pause")
	r.awaitDone("pause", 5)
	assert.Equal(t, 0, first.end(t))
	assert.Contains(t, first.output.String(), "Stopping")
	r.dev()
	requireAllReadOnce(t, r, "pause", 60)
}
