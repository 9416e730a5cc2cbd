package test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// deadly stands in for tesseract: recognising a page kills the worker.
const deadly = `#!/bin/sh
case "$*" in *--version*|*--list-langs*) exec tesseract "$@" ;; esac
kill -9 "$PPID"
sleep 5
`

func TestDocumentThatKillsWorkersIsSetAside(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker")
	folder := writeDocuments(t, 12, 1)
	scan, err := os.ReadFile(filepath.Join("..", "examples", "matters", "halvorsen", "05-letter-to-board.png"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a-scan.png"), scan, 0o600))
	program := filepath.Join(t.TempDir(), "tesseract")
	require.NoError(t, os.WriteFile(program, []byte(deadly), 0o700))
	r.submit(folder, "poison")

	settings := filepath.Join(t.TempDir(), "caseload.yaml")
	require.NoError(t, os.WriteFile(settings, []byte("ocr:\n  program: "+program+"\n"), 0o600))
	deaths := 0
	w := r.worker("--config", settings)
	ended := make(chan batch.Progress, 1)
	go func() { ended <- r.awaitEnd("poison") }()
	var p batch.Progress
	for p.FinishedAt == nil {
		select {
		case p = <-ended:
		case <-w.done:
			deaths++
			w = r.worker("--config", settings)
		}
	}
	assert.Equal(t, batch.Counts{Total: 13, Completed: 12, Failed: 1}, p.Counts, "its siblings finish")
	assert.Equal(t, activities.DefaultMaxLost, deaths)
	failed, err := r.store().Rows(t.Context(), "poison", store.RowFilter{Outcome: batch.OutcomeFailed})
	require.NoError(t, err)
	require.Len(t, failed, 1)
	assert.Equal(t, batch.Data, failed[0].Failure.Category)
	assert.Equal(t, activities.TypeWorkerCrash, failed[0].Failure.Type)
	assert.Equal(t, batch.StageOCR, failed[0].Failure.Stage)
}
