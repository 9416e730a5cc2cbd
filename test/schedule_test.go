package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/workflows"
)

// inbox is a folder that a schedule looks at.
type inbox string

// write puts a file there all at once: a run may look at any moment.
func (in inbox) write(t *testing.T, name, content string) {
	t.Helper()
	hidden := filepath.Join(string(in), "."+name)
	require.NoError(t, os.WriteFile(hidden, []byte(content), 0o600))
	require.NoError(t, os.Rename(hidden, filepath.Join(string(in), name)))
}

// schedule creates a schedule of project acme that looks at a new inbox.
func (r *rig) schedule(name, cron string, args ...string) inbox {
	r.t.Helper()
	in := inbox(r.t.TempDir())
	out, words, code := r.starter(append([]string{
		"schedule", "create", name, "--cron", cron, "--source", string(in), "--project", "acme"}, args...)...)
	require.Equal(r.t, 0, code, words)
	require.Equal(r.t, name, strings.TrimSpace(out))
	return in
}

// trigger runs a schedule and answers with how the run ended.
func (r *rig) trigger(name string, wantCode int) batch.IntakeRun {
	r.t.Helper()
	out, words, code := r.starter("schedule", "trigger", name, "--wait", "-o", "json")
	require.Equal(r.t, wantCode, code, words)
	var run batch.IntakeRun
	require.NoError(r.t, json.Unmarshal([]byte(out), &run))
	require.Equal(r.t, "completed", run.Status)
	require.NotNil(r.t, run.Result)
	return run
}

func (r *rig) showSchedule(name string) batch.ScheduleState {
	r.t.Helper()
	out, words, code := r.starter("schedule", "show", name, "-o", "json")
	require.Equal(r.t, 0, code, words)
	var s batch.ScheduleState
	require.NoError(r.t, json.Unmarshal([]byte(out), &s))
	return s
}

const newYear = "0 0 1 1 *" // no test takes so long

func TestScheduleTakesInWhatIsNew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	in := r.schedule("nightly", newYear, "--priority", "high", "--concurrency", "7")
	in.write(t, canary+"-1.txt", "Jane Doe sued Acme Corp. on March 3, 2024.")
	in.write(t, canary+"-2.txt", "John Roe sued Acme Corp. on March 4, 2024.")

	first := r.trigger("nightly", 0)
	id := first.Result.Batch
	assert.Equal(t, batch.IntakeResult{Batch: id, Listed: 2, New: 2, Status: batch.StatusCompleted}, *first.Result)
	assert.Regexp(t, `^nightly-\d{8}-\d{6}-[0-9a-f]{4}$`, id)
	assert.Equal(t, batch.Counts{Total: 2, Completed: 2}, r.progress(id).Counts)
	st := r.store()
	stored, err := st.Batch(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, batch.PriorityHigh, stored.Priority)
	assert.Equal(t, string(in), stored.Source)
	assert.Contains(t, string(stored.Options), `"concurrency":7`)

	second := r.trigger("nightly", 0)
	assert.Equal(t, batch.IntakeResult{Listed: 2, Unchanged: 2}, *second.Result, "nothing new, no batch")

	in.write(t, canary+"-3.txt", "Ann Poe sued Acme Corp. on March 5, 2024.")
	in.write(t, canary+"-4.txt", "Jane Doe sued Acme Corp. on March 3, 2024.") // as the first
	in.write(t, canary+"-5.pdf", "%PDF-1.7 damaged")
	third := r.trigger("nightly", 3)
	assert.Equal(t, 2, third.Result.New)
	assert.Equal(t, 3, third.Result.Unchanged)
	assert.Equal(t, batch.Counts{Total: 2, Completed: 1, Failed: 1}, r.progress(third.Result.Batch).Counts)
	fourth := r.trigger("nightly", 0)
	assert.Zero(t, fourth.Result.New, "a failed document is not taken again")

	batches, err := st.ListBatches(t.Context(), store.BatchFilter{})
	require.NoError(t, err)
	assert.Len(t, batches, 2)
	state := r.showSchedule("nightly")
	assert.Len(t, state.Runs, 4)
	assert.Equal(t, first, state.Runs[0])
	r.checkIntakeHistories(map[string]batch.IntakeRun{"intake": first, "intake-nothing-new": second})
}

// checkIntakeHistories checks that histories of runs replay and name no document.
func (r *rig) checkIntakeHistories(runs map[string]batch.IntakeRun) {
	r.t.Helper()
	c := r.temporal()
	for name, run := range runs {
		h := &historypb.History{}
		all := c.GetWorkflowHistory(r.t.Context(), run.Workflow, run.RunID, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for all.HasNext() {
			e, err := all.Next()
			require.NoError(r.t, err)
			h.Events = append(h.Events, e)
		}
		assert.NotContains(r.t, h.String(), canary, name)
		replayer := worker.NewWorkflowReplayer()
		workflows.Register(replayer)
		assert.NoError(r.t, replayer.ReplayWorkflowHistory(quietLogger{}, h), name)
		if *record {
			raw, err := protojson.MarshalOptions{Multiline: true, Indent: " "}.Marshal(h)
			require.NoError(r.t, err)
			require.NoError(r.t, os.WriteFile(filepath.Join("..", "workflows", "testdata", "replay", name+".json"), raw, 0o600))
		}
	}
}

func TestScheduleRunsByItself(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	in := r.schedule("often", "@every 1s")
	in.write(t, "1.txt", "Jane Doe sued Acme Corp. on March 3, 2024.")
	st := r.store()
	await := func(n int) {
		t.Helper()
		r.eventually(batchTimeout, func(c *assert.CollectT) {
			docs, err := st.Documents(t.Context(), store.DocumentFilter{Project: "acme"})
			assert.NoError(c, err)
			assert.Len(c, docs, n)
		})
	}
	await(1)
	in.write(t, "2.txt", "John Roe sued Acme Corp. on March 4, 2024.")
	await(2)
	_, words, code := r.starter("schedule", "pause", "often", "--reason", "enough")
	require.Equal(t, 0, code, words)
	batches, err := st.ListBatches(t.Context(), store.BatchFilter{})
	require.NoError(t, err)
	assert.Len(t, batches, 2, "one for each time that something was new")
}

func TestScheduleIsCreatedOnceListedPausedAndDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker")
	in := r.schedule("nightly", newYear, "--time-zone", "Europe/Berlin", "--jitter", "5m", "--overlap", "buffer-one", "--catch-up", "1h")
	r.schedule("hourly", "@every 60m")
	for want, args := range map[string][]string{
		`--cron "99 2 * * *": `:      {"--cron", "99 2 * * *"},
		"Minute is not in range":     {"--cron", "99 2 * * *"},
		"5-7 fields":                 {"--cron", "every night"},
		"unknown time zone Mars/Sea": {"--cron", newYear, "--time-zone", "Mars/Sea"},
		`--time-zone "Mars/Sea": `:   {"--cron", newYear, "--time-zone", "Mars/Sea"},
	} {
		_, words, code := r.starter(append([]string{"schedule", "create", "bad", "--source", string(in), "--project", "acme"}, args...)...)
		assert.Equal(t, 2, code, words)
		assertOneLine(t, words, "bad schedule", want)
	}

	again := []string{"schedule", "create", "nightly", "--cron", " 0 0  1 1 * ", "--source", string(in), "--project", "acme",
		"--time-zone", "Europe/Berlin", "--jitter", "300s", "--overlap", "buffer-one", "--catch-up", "60m"}
	_, words, code := r.starter(again...)
	assert.Equal(t, 0, code, words)
	assert.Contains(t, words, "exists already, with these settings")
	_, words, code = r.starter(append(again, "--priority", "high", "--overlap", "skip")...)
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "exists already with other settings", "priority 5 (normal)", "overlap buffer-one", "schedule delete nightly")

	r.eventually(startTimeout, func(c *assert.CollectT) { // listing lags behind
		out, words, _ := r.starter("schedule", "list", "-o", "json")
		var list []batch.ScheduleState
		if !assert.NoError(c, json.Unmarshal([]byte(out), &list), words) || !assert.Len(c, list, 2) {
			return
		}
		assert.Equal(c, "hourly", list[0].Name)
		assert.Equal(c, []string{newYear}, list[1].Cron)
		assert.Equal(c, "Europe/Berlin", list[1].TimeZone)
		assert.Equal(c, string(in), list[1].Source)
	})
	state := r.showSchedule("nightly")
	require.NotEmpty(t, state.Next)
	assert.Equal(t, 23, state.Next[0].UTC().Hour(), "midnight in Berlin, in winter")

	out, words, code := r.starter("schedule", "pause", "nightly", "--reason", "the scanner moves", "-o", "json")
	require.Equal(t, 0, code, words)
	state = batch.ScheduleState{}
	require.NoError(t, json.Unmarshal([]byte(out), &state))
	assert.True(t, state.Paused)
	assert.Contains(t, state.Note, "the scanner moves")
	_, words, code = r.starter("schedule", "unpause", "nightly")
	require.Equal(t, 0, code, words)
	assert.False(t, r.showSchedule("nightly").Paused)

	out, words, code = r.starter("schedule", "delete", "nightly", "-o", "json")
	require.Equal(t, 0, code, words)
	assert.JSONEq(t, `{"name": "nightly", "deleted": true}`, out)
	for _, args := range [][]string{{"show"}, {"delete"}, {"pause"}, {"resume"}, {"trigger"}, {"backfill", "--from", "-1h"}} {
		_, words, code = r.starter(append([]string{"schedule", args[0], "nightly"}, args[1:]...)...)
		assert.Equal(t, 1, code, args)
		assertOneLine(t, words, `no schedule "nightly"`, "starter schedule list")
	}
}

func TestScheduleSkipsARunWhileOneGoesOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev("--no-worker") // so that the run does not end
	in := r.schedule("nightly", newYear)
	in.write(t, "1.txt", "Jane Doe sued Acme Corp. on March 3, 2024.")
	_, words, code := r.starter("schedule", "trigger", "nightly")
	require.Equal(t, 0, code, words)
	r.eventually(startTimeout, func(c *assert.CollectT) { assert.Equal(c, 1, r.showSchedule("nightly").Running) })
	_, words, code = r.starter("schedule", "trigger", "nightly")
	assert.Equal(t, 1, code)
	assertOneLine(t, words, "a run is in progress", "--overlap buffer-one")
	_, words, code = r.starter("schedule", "trigger", "nightly", "--overlap", "buffer-one")
	require.Equal(t, 0, code, words)

	r.worker()
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		runs := r.showSchedule("nightly").Runs
		if assert.Len(c, runs, 2) && assert.NotNil(c, runs[0].Result) && assert.NotNil(c, runs[1].Result) {
			assert.Equal(c, 1, runs[0].Result.New)
			assert.Equal(c, 1, runs[1].Result.Unchanged, "it waited for the first one's batch")
		}
	})
}

func TestScheduleIsBackfilled(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.dev()
	in := r.schedule("nightly", "0 2 * * *")
	in.write(t, "1.txt", "Jane Doe sued Acme Corp. on March 3, 2024.")
	backfill := func(started int) []batch.IntakeRun {
		t.Helper()
		_, words, code := r.starter("schedule", "backfill", "nightly",
			"--from", "2026-01-05T00:00:00Z", "--to", "2026-01-06T00:00:00Z")
		require.Equal(t, 0, code, words)
		var runs []batch.IntakeRun
		r.eventually(batchTimeout, func(c *assert.CollectT) {
			runs = r.showSchedule("nightly").Runs
			if assert.Len(c, runs, started) {
				assert.NotNil(c, runs[started-1].Result)
			}
		})
		return runs
	}
	first := backfill(1)[0].Result
	assert.Regexp(t, "^nightly-20260105-020000-", first.Batch, "named for the time that it was due")
	assert.Equal(t, batch.IntakeResult{Batch: first.Batch, Listed: 1, New: 1, Status: batch.StatusCompleted}, *first)
	in.write(t, "2.txt", "John Roe sued Acme Corp. on March 4, 2024.")
	second := backfill(2)[1].Result
	assert.Equal(t, batch.IntakeResult{Batch: second.Batch, Listed: 2, New: 1, Unchanged: 1, Status: batch.StatusCompleted}, *second)
	assert.NotEqual(t, first.Batch, second.Batch, "two runs for one time")
}

// scheduleOf makes a schedule of n new documents, triggers it, and answers with
// its batch, once that runs.
func (r *rig) scheduleOf(n int) (id string) {
	r.t.Helper()
	_, words, code := r.starter("schedule", "create", "nightly", "--cron", newYear, "--source", writeDocuments(r.t, n, 4), "--project", "acme")
	require.Equal(r.t, 0, code, words)
	_, words, code = r.starter("schedule", "trigger", "nightly")
	require.Equal(r.t, 0, code, words)
	st := r.store()
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		batches, err := st.ListBatches(r.t.Context(), store.BatchFilter{Status: batch.StatusRunning})
		assert.NoError(c, err)
		if assert.Len(c, batches, 1) {
			id = batches[0].ID
		}
	})
	return id
}

func TestTerminatedRunLeavesItsBatchRunning(t *testing.T) {
	t.Parallel()
	const n = 150
	r := newRig(t)
	r.dev()
	id := r.scheduleOf(n)
	run := r.showSchedule("nightly").Runs[0]
	require.NoError(t, r.temporal().TerminateWorkflow(t.Context(), run.Workflow, run.RunID, "test"))
	require.Less(t, r.progress(id).Counts.Done(), n, "the run was ended before its batch")
	requireAllReadOnce(t, r, id, n)
	assert.Equal(t, "terminated", r.showSchedule("nightly").Runs[0].Status)
	assert.Zero(t, r.trigger("nightly", 0).Result.New)
}

func TestScheduledRunGoesOnAfterAKilledStack(t *testing.T) {
	t.Parallel()
	const n = 100
	r := newRig(t)
	first := r.dev()
	id := r.scheduleOf(n)
	r.awaitDone(id, n/10)
	first.kill()
	r.dev()
	requireAllReadOnce(t, r, id, n)
	r.eventually(batchTimeout, func(c *assert.CollectT) {
		if res := r.showSchedule("nightly").Runs[0].Result; assert.NotNil(c, res) {
			assert.Equal(c, batch.IntakeResult{Batch: id, Listed: n, New: n, Status: batch.StatusCompleted}, *res)
		}
	})
	assert.Zero(t, r.trigger("nightly", 0).Result.New)
}
