package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// commands are calls of all commands on a running batch called b1.
var commands = [][]string{
	{"pause", "b1"}, {"resume", "b1"}, {"reprioritize", "b1", "--priority", "high"}, {"set-concurrency", "b1", "5"}, {"cancel", "b1", "--now"},
}

func TestACommandOnAnUnknownBatchPointsToTheList(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, args := range commands {
		_, words, code := f.starter(args...)
		assert.Equal(t, exitFailed, code, args)
		assert.Equal(t, "starter: no batch \"b1\" in this store: `starter list` shows those there are\n", words)
	}
}

func TestACommandOnABatchThatHasEndedSaysHowAndWhen(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	f.status("b1", batch.StatusCompleted, noon)
	for _, args := range commands {
		_, words, code := f.starter(args...)
		assert.Equal(t, exitFailed, code, args)
		assert.Equal(t, "starter: batch b1 has ended (completed) at 2026-11-24 12:00:00\n", words)
	}
}

func TestACommandWithoutATemporalServerSaysHowToStartOne(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	for _, args := range commands {
		_, words, code := f.starter(args...)
		assert.Equal(t, exitFailed, code, args)
		assert.Contains(t, words, "no Temporal server")
		assert.Contains(t, words, "starter dev")
	}
}

func TestCancellingACancelledBatchChangesNothing(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	f.status("b1", batch.StatusCancelled, noon)
	_, words, code := f.starter("cancel", "b1")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "Batch b1 is cancelled already, since 2026-11-24 12:00:00.\n", words)
	out, _, code := f.starter("cancel", "b1", "-o", "json")
	assert.Equal(t, exitOK, code)
	var ans answer
	require.NoError(t, json.Unmarshal([]byte(out), &ans))
	assert.False(t, ans.Changed)
	assert.Equal(t, batch.StatusCancelled, ans.Control.Status)
}

func TestBadlyCalledCommandsExitWith2(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	for _, args := range [][]string{
		{"pause"}, {"pause", "b1", "--timeout", "0s"}, {"pause", "b1", "--reason", strings.Repeat("ü", 501)}, {"resume", "b1", "-o", "xml"},
		{"reprioritize", "b1"}, {"reprioritize", "b1", "--priority", ""}, {"reprioritize", "b1", "--priority", "10"},
		{"set-concurrency", "b1"}, {"set-concurrency", "b1", "many"}, {"set-concurrency", "b1", "0"}, {"set-concurrency", "b1", "501"},
		{"cancel", "b1", "--now", "--drain"}, {"cancel", "b1", "--now", "--within", "1m"}, {"cancel", "b1", "--within", "0s"},
		{"status", "b1", "--decisions", "51"}, {"submit", ".", "--deadline", "1999-01-01T00:00"}, {"submit", ".", "--deadline", "soon"},
		{"submit", ".", "--max-priority", "9"}, {"submit", ".", "--max-priority", "4", "--deadline", "3h"},
		{"submit", ".", "--max-priority", "10", "--deadline", "3h"}, {"projects", "acme"}, {"projects", "set", "acme"},
		{"projects", "set", "acme", "--weight", "0"}, {"projects", "set", "acme", "--weight", "NaN"}, {"projects", "set", "Acme Inc", "--weight", "2"},
	} {
		_, words, code := f.starter(args...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, words)
		assert.Equal(t, 1, strings.Count(words, "\n"), words)
	}
}

func TestRefusalsSayHowToGoOn(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	b := f.register("b1", 1, batch.Options{})
	assert.ErrorContains(t, refused(t.Context(), f.store, b, batch.ErrUnknownBatch),
		"batch b1 is registered, but this Temporal server has no workflow of it: submit it again with --id b1")
	assert.ErrorContains(t, refused(t.Context(), f.store, b, batch.ErrEnded),
		"its workflow has failed or was terminated: submit it again with --id b1")
	f.status("b1", batch.StatusCompleted, noon) // it ended while the command was on its way
	assert.EqualError(t, refused(t.Context(), f.store, b, batch.ErrEnded), "batch b1 has ended (completed) at 2026-11-24 12:00:00")
	assert.ErrorIs(t, refused(t.Context(), f.store, b, batch.ErrRefused), batch.ErrRefused)
}

func TestAnswersInWords(t *testing.T) {
	held := batch.Control{Status: batch.StatusPaused, Priority: 9, Concurrency: 20, By: "ann@desk", Since: noon}
	as := func(changed bool) answer {
		return answer{Batch: "b1", CommandResult: batch.CommandResult{Changed: changed, Control: held, Moved: 12, InWork: 4, Unstarted: 61},
			InForce: 45 * time.Millisecond, Took: 310 * time.Millisecond}
	}
	now := batch.Cancel{Mode: batch.CancelNow}
	drain := batch.Cancel{Mode: batch.CancelDrain, Within: 10 * time.Minute}
	for want, got := range map[string]string{
		"Batch b1 is already paused by ann@desk since 2026-11-24 12:00:00.": pausedWords(as(false)),
		"Batch b1 is paused with 61 documents not started; of 4 in flight those being read are read to their end, and others are given back. `starter resume b1` lets it go on.": pausedWords(as(true)),
		"Batch b1 is paused with 8 documents not started, 6 of them given back while they were queued or waited for OCR. `starter resume b1` lets it go on.":                     pausedWords(answer{Batch: "b1", CommandResult: batch.CommandResult{Changed: true, Control: held, Unstarted: 8, GivenBack: 6}}),
		"Batch b1 is running: it was not paused.":     resumedWords(as(false)),
		"Batch b1 runs again: 61 documents to start.": resumedWords(as(true)),
		"Batch b1 has priority 9 (high) already.":     reprioritizedWords(as(false)),
		"Batch b1 has priority 9 (high).\n" +
			"In force after 45ms for 61 documents not started; everything moved after 310ms: 12 queued ones now, 4 in work from their next stage on.": reprioritizedWords(as(true)),
		"Batch b1 has up to 20 documents in flight already.":                          concurrencyWords(as(false)),
		"Batch b1 has up to 20 documents in flight at once.":                          concurrencyWords(as(true)),
		"Batch b1 is being cancelled already, by ann@desk since 2026-11-24 12:00:00.": cancellingWords(as(false), drain),
		"Batch b1 is being cancelled; documents in work have 10m to end.":             cancellingWords(as(true), drain),
		"Batch b1 is being cancelled; documents in work are stopped.":                 cancellingWords(as(true), now),
	} {
		assert.Equal(t, want, got)
	}
	unknown := as(true)
	unknown.InForce = 0
	assert.Contains(t, reprioritizedWords(unknown), "\nIn force for 61 documents")
}

func TestACommandIsInForceFromItsDecisionOn(t *testing.T) {
	decisions := []batch.Decision{
		{At: noon.Add(-time.Hour), Kind: batch.CommandPause},
		{At: noon.Add(2 * time.Second), Kind: batch.CommandPause},
		{At: noon.Add(3 * time.Second), Kind: batch.DecisionDeadline},
	}
	answered := noon.Add(5 * time.Second)
	assert.Equal(t, 2*time.Second, inForce(decisions, batch.CommandPause, noon, answered))
	assert.Zero(t, inForce(decisions[:1], batch.CommandPause, noon, answered), "that was an earlier one")
	assert.Zero(t, inForce(decisions, batch.CommandPause, noon, noon.Add(time.Second)), "the clocks differ")
	assert.Zero(t, inForce(decisions, batch.CommandResume, noon, answered))
}

func TestACommandIsSignedWithUserAndHost(t *testing.T) {
	assert.Regexp(t, `^[^@\s]+@[^@\s]+$`, whoami())
}

func TestAMistakeInAFlagPointsToTheHelp(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, test := range []struct {
		args  []string
		words string
	}{
		{[]string{"status", "b1", "--wath"}, "starter: unknown flag: --wath; `starter status --help` shows the flags\n"},
		{[]string{"dev", "--port", "7x"}, "starter: --port 7x: want a whole number; `starter dev --help` shows the flags\n"},
		{[]string{"entity", "lst"}, "starter: starter entity has no such command; did you mean list?\n"},
		{[]string{"deploy", "status"}, "starter: starter deploy has no such command; it has promote\n"},
		{[]string{"schedule", "create", "-z"}, "starter: unknown shorthand flag: 'z' in -z; `starter schedule create --help` shows the flags\n"},
	} {
		_, words, code := f.starter(test.args...)
		assert.Equal(t, exitUsage, code)
		assert.Equal(t, test.words, words)
	}
}
