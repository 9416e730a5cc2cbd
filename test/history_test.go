package test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/workflows"
)

var record = flag.Bool("record", false, "keep the histories of this run for the replay test of package workflows")

// maxEvents is what a history must stay under.
const maxEvents = 10_000

func TestHistoriesReplayAndStaySmall(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	_, words, code := r.starter("submit", samplesDir, "--id", "samples", "--project", "acme", "--watch", "-o", "json")
	require.Equal(t, 3, code, words)
	r.submit(writeDocuments(t, 150, 4), "stopped", "--concurrency", "8")
	r.awaitDone("stopped", 10)
	_, words, code = r.starter("cancel", "stopped")
	require.Equal(t, 0, code, words)
	p := r.awaitEnd("stopped")
	assert.Equal(t, batch.StatusCancelled, p.Status)
	assert.True(t, p.Counts.Reconciles())
	assert.Positive(t, p.Counts.Cancelled)

	c := r.temporal()
	recorded := map[string]string{ // file name: workflow
		"batch-with-failures": batch.WorkflowID("samples"),
		"batch-cancelled":     batch.WorkflowID("stopped"),
	}
	for _, d := range r.documents("samples") {
		if d.Part > 0 {
			continue
		}
		id := batch.DocumentWorkflowID("samples", d.Row)
		switch {
		case d.Outcome == batch.OutcomeFailed:
			recorded["document-failed"] = id
		case hasActivity(events(t, c, id), "Recognize"):
			recorded["document-with-ocr"] = id
		default:
			recorded["document"] = id
		}
	}
	assert.Len(t, recorded, 5)
	for name, id := range recorded {
		h := events(t, c, id)
		assert.Less(t, len(h.GetEvents()), maxEvents, name)
		replayer := worker.NewWorkflowReplayer()
		workflows.Register(replayer)
		assert.NoError(t, replayer.ReplayWorkflowHistory(quietLogger{}, h), name)
		if *record {
			raw, err := protojson.MarshalOptions{Multiline: true, Indent: " "}.Marshal(h)
			require.NoError(t, err)
			dir := filepath.Join("..", "workflows", "testdata", "replay")
			require.NoError(t, os.MkdirAll(dir, 0o750))
			require.NoError(t, os.WriteFile(filepath.Join(dir, name+".json"), raw, 0o600))
		}
	}
}

func events(t *testing.T, c client.Client, workflowID string) *historypb.History {
	t.Helper()
	h := &historypb.History{}
	all := c.GetWorkflowHistory(t.Context(), workflowID, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for all.HasNext() {
		e, err := all.Next()
		require.NoError(t, err)
		h.Events = append(h.Events, e)
	}
	return h
}

func hasActivity(h *historypb.History, name string) bool {
	for _, e := range h.GetEvents() {
		if e.GetActivityTaskScheduledEventAttributes().GetActivityType().GetName() == name {
			return true
		}
	}
	return false
}
