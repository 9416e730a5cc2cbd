package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// lines are what was written, without the blanks at the ends of lines.
func lines(s string) []string {
	all := strings.Split(strings.TrimSuffix(s, "\n"), "\n")
	for i := range all {
		all[i] = strings.TrimRight(all[i], " ")
	}
	return all
}

func TestStatusNamesServicesThatAreLeftAlone(t *testing.T) {
	var out bytes.Buffer
	writeThrottled(&out, []store.Throttle{{Service: "s3://intake\x1b[2J", Until: noon.Add(time.Minute), Strikes: 2}})
	assert.Equal(t, "s3://intake\\x1b[2J asked for fewer requests and is left alone until 2026-11-24 12:01:00; documents of other services go on\n", out.String())
}

func TestStatusOfAPausedBatchSaysByWhomAndShowsDecisions(t *testing.T) {
	var out bytes.Buffer
	deadline := noon.Add(time.Hour)
	writeStatus(&out, batch.Progress{
		Batch: "b1", Project: "acme", Status: batch.StatusPaused, Priority: 9, Percent: 40, Rate: 2, PageRate: 31.25, Pages: 62,
		Counts:   batch.Counts{Total: 10, Completed: 4, Running: 1, Pending: 5},
		Deadline: &deadline, StartedAt: noon.Add(-2 * time.Minute),
		Control: &batch.Control{Status: batch.StatusPaused, Priority: 9, Concurrency: 20, By: "ann@desk", Since: noon.Add(-time.Minute), Reason: "new scans\x1b[2J"},
		Decisions: []batch.Decision{
			{At: noon.Add(-3 * time.Minute), By: "bob@desk", Kind: "pause", Detail: "left out"},
			{At: noon.Add(-2 * time.Minute), By: "batch", Kind: "deadline", Detail: "priority 8 (high) to 9 (high)"},
			{At: noon.Add(-time.Minute), By: "ann@desk", Kind: "pause", Detail: "paused: new scans\x1b[2J"},
		},
		Stages: []batch.StageProgress{{Stage: batch.StageFetch, Documents: 4, Total: 8 * time.Millisecond, Slowest: 5 * time.Millisecond}},
	}, 2, noon)
	assert.Equal(t, []string{
		"b1  project acme  priority 9 (high)  paused",
		"[████████████░░░░░░░░░░░░░░░░░░]  40 %  4/10  2.0/s  31.2 pages/s  paused",
		`paused by ann@desk since 2026-11-24 11:59:00: new scans\x1b[2J`,
		"started 2026-11-24 11:58:00 UTC, concurrency 20",
		"deadline 2026-11-24 13:00:00: 1h0m left, no ETA to tell by",
		"completed 4  skipped 0  failed 0  cancelled 0  in flight 1  pending 5  pages 62",
		"",
		" stage  documents  mean  slowest  total",
		" fetch          4  2ms   5ms      8ms",
		"",
		" when (UTC)           who       decision  what",
		" 2026-11-24 11:58:00  batch     deadline  priority 8 (high) to 9 (high)",
		` 2026-11-24 11:59:00  ann@desk  pause     paused: new scans\x1b[2J`,
	}, lines(out.String()))
}

func TestStatusOfARunningBatchShowsWhenItEnds(t *testing.T) {
	var out bytes.Buffer
	deadline := noon.Add(15 * time.Minute)
	writeStatus(&out, batch.Progress{
		Batch: "b1", Project: "acme", Status: batch.StatusRunning, Priority: 5, Percent: 50,
		Counts: batch.Counts{Total: 2, Completed: 1, Running: 1}, StartedAt: noon, Deadline: &deadline,
		ETA:     &batch.Estimate{Remaining: 10 * time.Minute, Low: 5 * time.Minute, High: 20 * time.Minute},
		Control: &batch.Control{Status: batch.StatusRunning, Priority: 5, Concurrency: 100},
	}, 10, noon)
	assert.Contains(t, out.String(), "ETA 10m (5m to 20m)\n")
	assert.Contains(t, out.String(), "ends about 2026-11-24 12:10:00, between 2026-11-24 12:05:00 and 2026-11-24 12:20:00\n")
	assert.Contains(t, out.String(), "deadline 2026-11-24 12:15:00: may be missed; the ETA's high bound is 5m after it\n")
	assert.NotContains(t, out.String(), "running by", "nobody holds it")
}

func TestTheDeadlineIsJudgedByTheBoundsOfTheETA(t *testing.T) {
	eta := &batch.Estimate{Remaining: 10 * time.Minute, Low: 5 * time.Minute, High: 20 * time.Minute}
	ended := noon.Add(-time.Minute)
	for _, test := range []struct {
		deadline time.Time
		p        batch.Progress
		want     string
	}{
		{noon.Add(time.Hour), batch.Progress{ETA: eta}, "will be met; the ETA's high bound is 40m before it"},
		{noon.Add(20 * time.Minute), batch.Progress{ETA: eta}, "will be met; the ETA's high bound is 0s before it"},
		{noon.Add(8 * time.Minute), batch.Progress{ETA: eta}, "may be missed; the ETA's high bound is 12m after it"},
		{noon.Add(time.Minute), batch.Progress{ETA: eta}, "will be missed; the ETA's low bound is 4m after it"},
		{noon.Add(-time.Minute), batch.Progress{ETA: eta}, "missed by 1m"},
		{noon.Add(time.Minute), batch.Progress{}, "1m left, no ETA to tell by"},
		{noon, batch.Progress{Status: batch.StatusCompleted, FinishedAt: &ended}, "met, with 1m to spare"},
		{noon.Add(-2 * time.Minute), batch.Progress{Status: batch.StatusCompleted, FinishedAt: &ended}, "missed by 1m"},
		{noon, batch.Progress{Status: batch.StatusCancelled, FinishedAt: &ended}, "cancelled 1m before it"},
	} {
		test.p.Deadline = &test.deadline
		assert.Equal(t, test.want, deadlineVerdict(test.p, noon), "%+v", test.p)
	}
}

func TestStatusWithoutAServerComesFromTheStore(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	deadline := noon.Add(time.Hour)
	f.register("b1", 4, batch.Options{Concurrency: 7, Deadline: deadline})
	f.status("b1", batch.StatusRunning, noon)
	f.control("b1", batch.Control{Status: batch.StatusPaused, Priority: 8, Concurrency: 3, By: "ann@desk", Since: noon, Reason: "new scans"},
		batch.Decision{At: noon, By: "ann@desk", Kind: batch.CommandPause, Detail: "paused: new scans"})

	out, words, code := f.starter("status", "b1", "-o", "json")
	require.Equal(t, exitOK, code, words)
	var p batch.Progress
	require.NoError(t, json.Unmarshal([]byte(out), &p))
	assert.Equal(t, batch.StatusPaused, p.Status)
	assert.Equal(t, batch.Priority(8), p.Priority)
	assert.Equal(t, batch.Counts{Total: 4, Pending: 4}, p.Counts)
	require.NotNil(t, p.Control)
	assert.Equal(t, 3, p.Control.Concurrency)
	assert.Equal(t, "ann@desk", p.Control.By)
	require.Len(t, p.Decisions, 1)
	assert.Equal(t, "paused: new scans", p.Decisions[0].Detail)
	require.NotNil(t, p.Deadline)
	assert.True(t, deadline.Equal(*p.Deadline))

	out, words, code = f.starter("status", "b1")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "paused by ann@desk since 2026-11-24 12:00:00: new scans\n")
	assert.Contains(t, words, "starter dev")
	out, _, _ = f.starter("status", "b1", "--decisions", "0")
	assert.NotContains(t, out, "decision")
}

func TestStatusFromTheStoreShowsWhatABatchWasSubmittedWith(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{Concurrency: 7})
	f.status("b1", batch.StatusRunning, noon)
	b, err := f.store.Batch(t.Context(), "b1")
	require.NoError(t, err)
	p, err := storedProgress(t.Context(), f.store, b)
	require.NoError(t, err)
	assert.Equal(t, &batch.Control{Status: batch.StatusRunning, Priority: batch.PriorityNormal, Concurrency: 7}, p.Control)
}

func TestStoredRatesLeaveOutCancelledDocuments(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 4, batch.Options{})
	f.status("b1", batch.StatusRunning, noon)
	_, err := f.store.CancelPending(t.Context(), "b1", noon.Add(time.Second))
	require.NoError(t, err)
	f.status("b1", batch.StatusCancelled, noon.Add(2*time.Second))
	b, err := f.store.Batch(t.Context(), "b1")
	require.NoError(t, err)
	p, err := storedProgress(t.Context(), f.store, b)
	require.NoError(t, err)
	assert.Zero(t, p.Rate)
	assert.Nil(t, p.Control, "a batch that has ended is not run")
}
