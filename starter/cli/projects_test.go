package cli

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestProjectsAreListedWithTheirWeights(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	_, words, code := f.starter("projects")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, words, "No projects")

	f.register("b1", 1, batch.Options{})
	_, words, code = f.starter("projects", "set", "archive", "--weight", "0.2")
	require.Equal(t, exitOK, code, words)
	assert.Equal(t, "Project archive has weight 0.2, for batches submitted from now on.\nIt has no batches yet; `starter projects` lists those that have.\n", words)

	out, _, code := f.starter("projects", "-o", "json")
	assert.Equal(t, exitOK, code)
	var projects []listedProject
	require.NoError(t, json.Unmarshal([]byte(out), &projects))
	require.Len(t, projects, 2)
	assert.Equal(t, "acme", projects[0].Project)
	assert.Equal(t, 1, projects[0].Batches)
	assert.Equal(t, 0.2, projects[1].Weight)
	out, _, _ = f.starter("projects")
	assert.Contains(t, out, " archive     0.2        0          0")
}

func TestBatchesOfAProjectThatThereIsNotAreAnError(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	_, words, code := f.starter("list", "--project", "acm")
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "starter: no project \"acm\" in this store: `starter projects` shows those there are\n", words)
	out, _, code := f.starter("list", "--project", "acme")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "b1")
}

func TestBatchesAreListedByTheNewStates(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for id, s := range map[string]batch.Status{"b1": batch.StatusPaused, "b2": batch.StatusCancelling} {
		f.register(id, 1, batch.Options{})
		f.control(id, batch.Control{Status: s, Priority: 5}, batch.Decision{At: noon})
		out, words, code := f.starter("list", "--status", string(s), "-o", "json")
		require.Equal(t, exitOK, code, words)
		var batches []listed
		require.NoError(t, json.Unmarshal([]byte(out), &batches))
		require.Len(t, batches, 1)
		assert.Equal(t, id, batches[0].Batch)
	}
}
