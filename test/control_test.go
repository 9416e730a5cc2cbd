package test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// command runs a command on a batch, which must succeed.
func (r *rig) command(args ...string) batch.CommandResult {
	r.t.Helper()
	out, words, code := r.starter(append(args, "--timeout", "1m", "-o", "json")...) // the machine may be busy
	require.Equal(r.t, 0, code, words)
	var res batch.CommandResult
	require.NoError(r.t, json.Unmarshal([]byte(out), &res))
	return res
}

func TestCommandsSteerABatchWhileItRuns(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	r.submit(writeDocuments(t, 160, 6), "b", "--priority", "low", "--concurrency", "24", "--shard-rows", "50")
	r.awaitDone("b", 5)

	assert.True(t, r.command("pause", "b", "--reason", "new scans come").Changed)
	again := r.command("pause", "b")
	assert.False(t, again.Changed)
	r.eventually(time.Minute, func(c *assert.CollectT) {
		p := r.progress("b")
		assert.Zero(c, p.Counts.Running)
		assert.Equal(c, batch.StatusPaused, p.Status)
		require.NotNil(c, p.Control)
		assert.Equal(c, "new scans come", p.Control.Reason)
	})
	paused := r.progress("b").Counts
	assert.Positive(t, paused.Pending)
	assert.True(t, paused.Reconciles())

	moved := r.command("reprioritize", "b", "--priority", "high")
	assert.True(t, moved.Changed)
	assert.Equal(t, paused.Pending, moved.Unstarted)
	assert.Equal(t, paused, r.progress("b").Counts, "nothing started meanwhile")
	assert.True(t, r.command("set-concurrency", "b", "12").Changed)
	assert.True(t, r.command("resume", "b").Changed)

	p := r.awaitEnd("b")
	assert.Equal(t, batch.Counts{Total: 160, Completed: 160}, p.Counts)
	assert.EqualValues(t, 9, p.Priority)
	var kinds []string
	for _, d := range p.Decisions {
		kinds = append(kinds, d.Kind)
		assert.Contains(t, d.By, "@")
	}
	assert.Equal(t, []string{"pause", "reprioritize", "set-concurrency", "resume"}, kinds, "kept with the batch that has ended")
	last, err := r.temporal().DescribeWorkflowExecution(t.Context(), batch.DocumentWorkflowID("b", 160), "")
	require.NoError(t, err)
	assert.Equal(t, "caseload.high", last.GetExecutionConfig().GetTaskQueue().GetName())

	_, words, code := r.starter("pause", "b")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "has ended (completed)")
}

func TestQueuedDocumentsGoWithTheirBatchToAnotherPriority(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker")
	c := r.temporal()
	low := r.worker("--queues", "low", "--concurrency", "1")
	normal := r.worker("--queues", "normal", "--concurrency", "1")
	r.submit(writeDocuments(t, 60, 20), "b", "--priority", "low", "--concurrency", "30")
	r.awaitDone("b", 1)
	// From the Temporal Web UI it is a signal.
	require.NoError(t, c.SignalWorkflow(t.Context(), batch.WorkflowID("b"), "", batch.CommandReprioritize, map[string]any{"priority": "normal"}))
	p := r.awaitEnd("b")
	assert.Equal(t, batch.Counts{Total: 60, Completed: 60}, p.Counts)
	require.Len(t, p.Decisions, 1)
	assert.Equal(t, "signal", p.Decisions[0].By)
	moved := 0
	for row := 1; row <= 60; row++ {
		if h := events(t, c, batch.DocumentWorkflowID("b", row)); wasMoved(h) {
			moved++
			checkHistory(t, "document-moved", h)
		}
	}
	assert.Positive(t, moved, "documents that were queued were queued anew")
	assert.Equal(t, 0, low.end(t))
	assert.Equal(t, 0, normal.end(t))
}

func TestDrainedBatchEndsWithEveryRowAccountedFor(t *testing.T) {
	t.Parallel()
	for name, how := range map[string]string{"drain": "--within=1m", "now": "--now"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.dev()
			r.submit(writeDocuments(t, 120, 6), "b", "--concurrency", "24", "--shard-rows", "50")
			r.awaitDone("b", 5)
			_, words, code := r.starter("cancel", "b", how)
			require.Equal(t, 0, code, words)
			p := r.awaitEnd("b")
			assert.Equal(t, batch.StatusCancelled, p.Status)
			assert.True(t, p.Counts.Reconciles(), "%+v", p.Counts)
			assert.Equal(t, 120, p.Counts.Done())
			assert.GreaterOrEqual(t, p.Counts.Completed, 5)
			assert.Positive(t, p.Counts.Cancelled)
			assert.Zero(t, p.Counts.Failed)
		})
	}
}
