package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestScheduleIsRefusedBeforeAServerIsAsked(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "m.csv")
	require.NoError(t, os.WriteFile(file, []byte("path\n"), 0o600))
	create := func(args ...string) []string {
		return append([]string{"schedule", "create", "nightly", "--cron", "@daily", "--source", dir, "--project", "acme"}, args...)
	}
	for want, args := range map[string][]string{
		"no command \"foo\"":                       {"schedule", "foo"},
		"add --source":                             {"schedule", "create", "nightly", "--cron", "@daily"},
		"it is a file; a schedule looks at":        create("--source", file),
		"m.csv?region=us-east-1: it is a file":     create("--source", "s3://intake/m.csv?region=us-east-1"),
		"http sources are off":                     create("--source", "https://example.org/in/"),
		"credentials":                              create("--source", "s3://key:secret@intake/acme"),
		"not supported":                            create("--source", "ftp://example.org/in"),
		"no times: add --cron":                     {"schedule", "create", "nightly", "--source", dir},
		"--cron \"0 2 * * * # nightly\"":           create("--cron", "0 2 * * * # nightly"),
		"priority \"urgent\"":                      create("--priority", "urgent"),
		"concurrency 501":                          create("--concurrency", "501"),
		"--concurrency 0":                          create("--concurrency", "0"),
		"overlap \"queue\"":                        create("--overlap", "queue"),
		"catch-up window 1s: want 10s or more":     create("--catch-up", "1s"),
		"jitter -1s":                               create("--jitter", "-1s"),
		"project \"Acme & Co\"":                    create("--project", "Acme & Co"),
		"schedule \"Every Night\"":                 {"schedule", "create", "Every Night", "--cron", "@daily", "--source", dir},
		"it bounds what --model costs":             create("--model-budget", "5.00"),
		"--model-budget: budget \"x\"":             create("--model", "--model-budget", "x"),
		"only with --wait":                         {"schedule", "trigger", "nightly", "-o", "json"},
		"overlap \"all\"":                          {"schedule", "trigger", "nightly", "--overlap", "all"},
		"add --from":                               {"schedule", "backfill", "nightly"},
		"--from \"yesterday\"":                     {"schedule", "backfill", "nightly", "--from", "yesterday"},
		"--to \"today\"":                           {"schedule", "backfill", "nightly", "--from", "-24h", "--to", "today"},
		"is not before --to":                       {"schedule", "backfill", "nightly", "--from", "-1h", "--to", "-2h"},
		"call it as: starter schedule delete NAME": {"schedule", "delete"},
	} {
		out, words, code := f.starter(args...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, words)
		assert.Contains(t, words, want)
		assert.Empty(t, out)
		assert.NotContains(t, words, "secret")
	}
}

func TestScheduleCommandsWithoutATemporalServerSayHowToStartOne(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, args := range [][]string{
		{"create", "nightly", "--cron", "@daily", "--source", t.TempDir()}, {"list"}, {"show", "nightly"}, {"pause", "nightly"}, {"resume", "nightly"},
		{"trigger", "nightly"}, {"backfill", "nightly", "--from", "-24h"}, {"delete", "nightly"},
	} {
		_, words, code := f.starter(append([]string{"schedule"}, args...)...)
		assert.Equal(t, exitFailed, code, args)
		assert.Contains(t, words, "starter dev", args)
	}
}

func TestScheduleOfAFolderElsewhereIsNoMistake(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	_, words, code := f.starter("schedule", "create", "nightly", "--cron", "@daily", "--source", elsewhere)
	assert.Equal(t, exitFailed, code, "there is no server")
	assert.Contains(t, words, "no folder "+elsewhere+" on this machine")
}

func TestNoteTellsWhoAndWhy(t *testing.T) {
	t.Parallel()
	assert.Regexp(t, `^paused by \S+@\S+ at \d{4}-\S+Z: the scanner moves$`, note("paused", " the scanner moves "))
	assert.True(t, strings.HasSuffix(note("resumed", ""), "Z"))
}

func TestReadPeriodEndsNowUnlessTold(t *testing.T) {
	t.Parallel()
	start, end, err := readPeriod("-72h", "", noon)
	require.NoError(t, err)
	assert.Equal(t, noon.Add(-72*time.Hour), start)
	assert.Equal(t, noon, end)
	start, end, err = readPeriod("2026-11-20T00:00", "2026-11-21T00:00:00Z", noon)
	require.NoError(t, err)
	assert.True(t, start.Equal(time.Date(2026, 11, 20, 0, 0, 0, 0, noon.Location())))
	assert.True(t, end.Equal(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)))
}

func TestScheduleIsShown(t *testing.T) {
	t.Parallel()
	s := batch.ScheduleState{
		Schedule: batch.Schedule{
			IntakeInput: batch.IntakeInput{
				Name: "nightly", Project: "acme", Source: "s3://intake/acme", Root: "/in", Priority: 9, Options: batch.Options{Concurrency: 7},
			},
			Cron: []string{"0 2 * * *", "@every 1h0m0s"}, TimeZone: "Europe/Berlin", Overlap: batch.OverlapSkip, CatchUp: time.Hour, Jitter: time.Minute,
		},
		Next: []time.Time{noon, noon.Add(time.Hour), noon.Add(2 * time.Hour), noon.Add(3 * time.Hour)}, Started: 4, Skipped: 1, Missed: 2,
		Runs: []batch.IntakeRun{
			{ScheduledAt: noon},
			{ScheduledAt: noon, Status: "running"},
			{ScheduledAt: noon, Status: "failed", Failure: "there is no such bucket"},
			{ScheduledAt: noon, Status: "completed", Result: &batch.IntakeResult{Listed: 9, Unchanged: 8, Unreadable: 1}},
			{ScheduledAt: noon, Status: "completed", Result: &batch.IntakeResult{Listed: 9, New: 9, Batch: "nightly-1", Status: batch.StatusCompleted}},
		},
	}
	var out strings.Builder
	a := &app{out: &out}
	a.showSchedule(s)
	for _, want := range []string{
		"nightly  project acme  priority 9 (high)  concurrency 7", "s3://intake/acme", "/in",
		"0 2 * * * and @every 1h0m0s Europe/Berlin, up to " + short(time.Minute) + " later", "skip; a run missed by an outage starts up to " + short(time.Hour) + " late",
		"2026-11-24 12:00:00 UTC, 2026-11-24 13:00:00 UTC, 2026-11-24 14:00:00 UTC\n", "4 started, 1 skipped as one had not ended, 2 missed",
		"forgotten by Temporal", "failed: there is no such bucket", "none", "nightly-1 (completed)",
	} {
		assert.Contains(t, out.String(), want)
	}
	out.Reset()
	s.Paused, s.Note = true, "paused by \x1b[2Jsomebody"
	a.showSchedule(s)
	assert.Contains(t, out.String(), `paused by \x1b[2Jsomebody`)
	assert.NotContains(t, out.String(), "next")
}
