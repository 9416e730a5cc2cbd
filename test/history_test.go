package test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	r.steerLargeBatch()

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
	for n := range 3 {
		recorded[fmt.Sprintf("shard-%d", n)] = batch.ShardWorkflowID("large", n)
	}
	assert.Len(t, recorded, 8)
	histories := map[string]*historypb.History{}
	for name, id := range recorded {
		for i, h := range runs(t, c, id) {
			if i > 0 {
				histories[fmt.Sprintf("%s-run-%d", name, i+1)] = h
			} else {
				histories[name] = h
			}
		}
	}
	large := runs(t, c, batch.WorkflowID("large"))
	assert.Greater(t, len(large), 1, "the batch went on in a new run")
	for i, h := range large {
		histories[fmt.Sprintf("batch-large-run-%d", i+1)] = h
	}
	for name, h := range histories {
		checkHistory(t, name, h)
	}
}

// checkHistory replays a history, which must be small, and keeps it if asked to.
func checkHistory(t *testing.T, name string, h *historypb.History) {
	t.Helper()
	assert.Less(t, len(h.GetEvents()), maxEvents, name)
	replayer := worker.NewWorkflowReplayer()
	workflows.Register(replayer)
	assert.NoError(t, replayer.ReplayWorkflowHistory(quietLogger{}, h), name)
	if !*record {
		return
	}
	raw, err := protojson.MarshalOptions{Multiline: true, Indent: " "}.Marshal(h)
	require.NoError(t, err)
	dir := filepath.Join("..", "workflows", "testdata", "replay")
	require.NoError(t, os.MkdirAll(dir, 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name+".json"), raw, 0o600))
}

// steerLargeBatch runs a batch through shards and several runs, with every
// command and a deadline that it misses.
func (r *rig) steerLargeBatch() {
	r.t.Helper()
	r.submit(writeDocuments(r.t, 180, 30), "large", "--priority", "low", "--concurrency", "12",
		"--shard-rows", "30", "--max-history", "200", "--deadline", "2s", "--max-priority", "5")
	r.awaitDone("large", 2) // early in the first run of the first shard, which ends long before its rows do
	moved := r.command("reprioritize", "large", "--priority", "2")
	assert.Positive(r.t, moved.Moved, "%+v", moved)
	r.command("set-concurrency", "large", "6")
	r.command("pause", "large")
	r.command("resume", "large")
	p := r.awaitEnd("large")
	assert.Equal(r.t, batch.Counts{Total: 180, Completed: 180}, p.Counts)
	raised := slices.ContainsFunc(p.Decisions, func(d batch.Decision) bool { return d.Kind == batch.DecisionDeadline })
	assert.True(r.t, raised, "late as it was, it raised its priority: %+v", p.Decisions)
}

// events are those of a workflow's latest run.
func events(t *testing.T, c client.Client, workflowID string) *historypb.History {
	t.Helper()
	all := runs(t, c, workflowID)
	return all[len(all)-1]
}

// runs are the histories of a workflow's runs, from the first on.
func runs(t *testing.T, c client.Client, workflowID string) []*historypb.History {
	t.Helper()
	d, err := c.DescribeWorkflowExecution(t.Context(), workflowID, "")
	require.NoError(t, err)
	var all []*historypb.History
	for run := d.GetWorkflowExecutionInfo().GetFirstRunId(); run != ""; {
		h := history(t, c, workflowID, run)
		all = append(all, h)
		run = h.GetEvents()[len(h.GetEvents())-1].GetWorkflowExecutionContinuedAsNewEventAttributes().GetNewExecutionRunId()
	}
	return all
}

func history(t *testing.T, c client.Client, workflowID, run string) *historypb.History {
	t.Helper()
	h := &historypb.History{}
	all := c.GetWorkflowHistory(t.Context(), workflowID, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
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

// wasMoved says whether a document's activity was queued anew.
func wasMoved(h *historypb.History) bool {
	return slices.ContainsFunc(h.GetEvents(), func(e *historypb.HistoryEvent) bool {
		return e.GetActivityTaskCanceledEventAttributes() != nil
	})
}
