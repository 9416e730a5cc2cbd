package cli

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func (f *folder) failAs(id string, row int, c batch.Category, stage batch.Stage, typ, message string) {
	f.t.Helper()
	failure := batch.NewFailure(stage, batch.NewError(c, typ, "%s", message))
	_, err := f.store.SetOutcome(f.t.Context(), store.Row{Batch: id, Row: row, Outcome: batch.OutcomeFailed, Failure: &failure, StartedAt: noon, FinishedAt: noon.Add(time.Minute)})
	require.NoError(f.t, err)
}

// failed is a folder with batch b1: rows 1 and 2 failed for want of tesseract, row
// 3 for its content, and it has ended.
func failedFolder(t *testing.T) *folder {
	f := newFolder(t)
	f.register("b1", 3, batch.Options{Concurrency: 7, HoldAfter: -1, Deadline: noon, MaxPriority: 9})
	f.status("b1", batch.StatusRunning, noon)
	f.failAs("b1", 1, batch.Configuration, batch.StageOCR, "TesseractMissing", "tesseract is not installed")
	f.failAs("b1", 2, batch.Configuration, batch.StageOCR, "TesseractMissing", "tesseract is not installed")
	f.failAs("b1", 3, batch.Data, batch.StageExtract, "EncryptedPDF", "the PDF is encrypted")
	f.status("b1", batch.StatusCompletedWithFailures, noon.Add(time.Hour))
	return f
}

// recovery registers recovery id of b1.
func (f *folder) recovery(id string) {
	f.t.Helper()
	_, created, err := f.store.RegisterRecovery(f.t.Context(), store.Batch{ID: id, Recovers: "b1", CreatedAt: noon}, batch.Selection{}, 0)
	require.NoError(f.t, err)
	require.True(f.t, created)
}

func TestADryRunSaysWhatARecoveryTakesAndWhyNot(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	out, words, code := f.starter("recover", "b1", "--dry-run")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "A recovery of b1 takes 2 of 3 failed documents.\n", words)
	assert.Contains(t, out, "tesseract is not installed  taken")
	assert.Contains(t, out, "the PDF is encrypted        would fail again: name its category or fingerprint, or --retry-all")

	out, _, code = f.starter("recover", "b1", "--dry-run", "--category", "data", "-o", "json")
	assert.Equal(t, exitOK, code)
	var plan recoveryPlan
	require.NoError(t, json.Unmarshal([]byte(out), &plan))
	assert.Equal(t, 1, plan.Rows)
	require.Len(t, plan.Taken, 1)
	assert.Equal(t, batch.Data, plan.Taken[0].Category)
	require.Len(t, plan.LeftOut, 1)
	assert.Equal(t, batch.LeftOutNotSelected, plan.LeftOut[0].Why)
	assert.Equal(t, 2, plan.LeftOut[0].Count)
	list, err := f.store.ListBatches(t.Context(), store.BatchFilter{})
	require.NoError(t, err)
	assert.Len(t, list, 1, "nothing is registered")
}

func TestNothingToRecoverMakesNoBatch(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	f.recovery("b1-r1")
	out, words, code := f.starter("recover", "b1")
	assert.Equal(t, exitOK, code, "no server is needed")
	assert.Equal(t, "Nothing to recover in b1: all 3 failed documents are left out.\n", words)
	assert.Contains(t, out, "in recovery b1-r1")
	recoveries, err := f.store.Recoveries(t.Context(), "b1")
	require.NoError(t, err)
	assert.Len(t, recoveries, 1)

	f.register("good", 1, batch.Options{})
	_, err = f.store.CancelPending(t.Context(), "good", noon)
	require.NoError(t, err)
	f.status("good", batch.StatusCancelled, noon)
	out, words, code = f.starter("recover", "good")
	assert.Equal(t, exitOK, code)
	assert.Empty(t, out)
	assert.Equal(t, "Nothing to recover in good: no document failed.\n"+
		"1 row was cancelled unread: submit /matters under a new ID (without --id); what was read is skipped.\n", words)
}

func TestABatchThatRunsIsNotRecovered(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	f.register("b2", 1, batch.Options{})
	for status, remedy := range map[batch.Status]string{batch.StatusRunning: "starter watch b2", batch.StatusHeld: "starter resume b2"} {
		f.control("b2", batch.Control{Status: status, Priority: 5}, batch.Decision{At: noon})
		_, words, code := f.starter("recover", "b2")
		assert.Equal(t, exitFailed, code)
		assert.Contains(t, words, "batch b2 has not ended ("+string(status)+")")
		assert.Contains(t, words, remedy)
	}
	_, words, code := f.starter("recover", "b1", "--id", "b2")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, "batch b2 exists already, and does not recover b1")
	_, words, code = f.starter("recover", "b3")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, words, `no batch "b3"`)
	f.recovery("b1-r1")
	_, words, _ = f.starter("recover", "b1-r1")
	assert.Contains(t, words, "`starter recover b1 --id b1-r1`, which starts it")
}

func TestRecoverRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	for _, args := range [][]string{
		{"--category", "lunch"}, {"--stage", "lunch"}, {"--max-retries", "0"}, {"--max-retries", "101"}, {"--max-retries", "-1"},
		{"--concurrency", "0"}, {"--concurrency", "501"}, {"--canary", "-1"}, {"--canary", "101"}, {"--priority", "lunch"}, {"--id", "No Name"}, {"-o", "xml"},
	} {
		_, words, code := f.starter(append([]string{"recover", "b1"}, args...)...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, words)
	}
}

func TestARecoveryRunsAsItsOriginalDidWithoutTheDeadline(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	original, err := f.store.Batch(t.Context(), "b1")
	require.NoError(t, err)
	f.register("b1-r1", 1, batch.Options{})
	b, err := newRecovery(t.Context(), f.store, original, recoverOptions{})
	require.NoError(t, err)
	opts, err := optionsOf(b)
	require.NoError(t, err)
	assert.Equal(t, "b1-r2", b.ID, "the first is taken")
	assert.Equal(t, "b1", b.Recovers)
	assert.Equal(t, batch.PriorityNormal, b.Priority)
	assert.Equal(t, batch.Options{Concurrency: 7, HoldAfter: -1}.WithDefaults(), opts)

	b, err = newRecovery(t.Context(), f.store, original, recoverOptions{id: "again", priority: "high", concurrency: 20, canary: 3})
	require.NoError(t, err)
	opts, err = optionsOf(b)
	require.NoError(t, err)
	assert.Equal(t, "again", b.ID)
	assert.Equal(t, batch.PriorityHigh, b.Priority)
	assert.Equal(t, 20, opts.Concurrency)
	assert.Equal(t, 3, opts.Canary)
}

func TestStatusLinksABatchAndItsRecoveries(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	f.recovery("b1-r1")
	_, err := f.store.SetOutcome(t.Context(), store.Row{Batch: "b1-r1", Row: 1, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged})
	require.NoError(t, err)
	out, words, code := f.starter("status", "b1")
	require.Equal(t, exitOK, code, words)
	assert.Contains(t, out, "failed 3, of them recovered 1  cancelled 0")
	assert.Contains(t, lines(out), " b1-r1     b1  registered          2")
	out, _, _ = f.starter("status", "b1", "-o", "json")
	var p batch.Progress
	require.NoError(t, json.Unmarshal([]byte(out), &p))
	assert.Equal(t, batch.Counts{Total: 3, Failed: 3, Recovered: 1}, p.Counts)
	assert.Equal(t, []batch.Recovery{{Batch: "b1-r1", Recovers: "b1", Status: batch.StatusRegistered, Rows: 2}}, p.Recoveries)

	out, _, _ = f.starter("status", "b1-r1")
	assert.Contains(t, out, "recovers what failed in b1\n")
	out, _, _ = f.starter("status", "b1-r1", "-o", "json")
	assert.Contains(t, out, `"recovers": "b1"`)
}

func TestASubmissionDoesNotTakeTheIDOfARecovery(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	f.recovery("b1-r1")
	_, err := (&app{}).registerAndStart(t.Context(), f.store, nil, store.Batch{ID: "b1-r1", Project: "acme", Source: "/matters"}, submitOptions{})
	assert.ErrorContains(t, err, "batch b1-r1 exists already, and recovers b1")
}
