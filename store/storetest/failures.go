package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// fail ends a row as failed at a time.
func fail(t *testing.T, s *store.Store, r store.Row, f *batch.Failure, at time.Time) {
	t.Helper()
	r.Outcome, r.Failure, r.FinishedAt = batch.OutcomeFailed, f, at
	_, err := s.SetOutcome(t.Context(), r)
	require.NoError(t, err)
}

func countFailures(t *testing.T, s *store.Store) {
	ctx := t.Context()
	register(t, s, newBatch("b1"), 8)
	beta := newBatch("b2")
	beta.Project = "beta"
	register(t, s, beta, 3)

	encrypted := failure(batch.Data, batch.StageExtract, "EncryptedPDF", "encrypted")
	timeout := failure(batch.Transient, batch.StageFetch, "Timeout", "no answer")
	pages := failure(batch.Data, batch.StageExtract, "TooManyPages", "6003 pages: the limit is 5000")
	fail(t, s, store.Row{Batch: "b1", Row: 2}, timeout, start)
	fail(t, s, store.Row{Batch: "b1", Row: 3}, pages, start.Add(time.Hour))
	fail(t, s, store.Row{Batch: "b1", Row: 5}, failure(batch.Data, batch.StageExtract, "TooManyPages", "9000 pages: the limit is 5000"), start.Add(time.Hour))
	fail(t, s, store.Row{Batch: "b1", Row: 6}, encrypted, start.Add(3*time.Hour))
	fail(t, s, store.Row{Batch: "b2", Row: 1}, timeout, start.Add(2*time.Hour))
	fail(t, s, store.Row{Batch: "b2", Row: 3}, timeout, start.Add(2*time.Hour))
	save(t, s, request("b1", 1, result("one")), batch.OutcomeCompleted)

	tooMany := store.Cause{
		Category: batch.Data, Stage: batch.StageExtract, Type: "TooManyPages", Fingerprint: pages.Fingerprint, Message: pages.Message,
		Count: 2, Batches: []store.CauseBatch{{Batch: "b1", Project: project, Count: 2, Row: 3}}, Rules: []string{batch.RuleOwn},
	}
	slow := func(n int, in ...store.CauseBatch) store.Cause {
		return store.Cause{Category: batch.Transient, Stage: batch.StageFetch, Type: "Timeout", Fingerprint: timeout.Fingerprint, Message: "no answer", Count: n, Batches: in, Rules: []string{batch.RuleOwn}}
	}
	locked := store.Cause{
		Category: batch.Data, Stage: batch.StageExtract, Type: "EncryptedPDF", Fingerprint: encrypted.Fingerprint, Message: "encrypted",
		Count: 1, Batches: []store.CauseBatch{{Batch: "b1", Project: project, Count: 1, Row: 6}}, Rules: []string{batch.RuleOwn},
	}
	inB1 := store.CauseBatch{Batch: "b1", Project: project, Count: 1, Row: 2}
	inB2 := store.CauseBatch{Batch: "b2", Project: "beta", Count: 2, Row: 1}
	hour := start.Truncate(time.Hour)
	pdf := func(errorType string, n int) store.FormatCount {
		return store.FormatCount{ErrorType: errorType, Extension: "pdf", Count: n}
	}
	for name, test := range map[string]struct {
		filter store.FailureFilter
		want   store.Failures
	}{
		"of a batch": {store.FailureFilter{Batch: "b1"}, store.Failures{
			Failed: 4, Counts: batch.Counts{Total: 8, Completed: 1, Failed: 4, Pending: 3},
			Causes:   []store.Cause{tooMany, slow(1, inB1), locked},
			Formats:  []store.FormatCount{pdf("TooManyPages", 2), pdf("EncryptedPDF", 1), pdf("Timeout", 1)},
			Projects: []store.ProjectCount{{Project: project, Count: 4}},
			Hours:    []store.HourCount{{Hour: hour, Count: 1}, {Hour: hour.Add(time.Hour), Count: 2}, {Hour: hour.Add(3 * time.Hour), Count: 1}},
		}},
		"of all": {store.FailureFilter{}, store.Failures{
			Failed:   6,
			Causes:   []store.Cause{slow(3, inB2, inB1), tooMany, locked},
			Formats:  []store.FormatCount{pdf("Timeout", 3), pdf("TooManyPages", 2), pdf("EncryptedPDF", 1)},
			Projects: []store.ProjectCount{{Project: project, Count: 4}, {Project: "beta", Count: 2}},
			Hours: []store.HourCount{
				{Hour: hour, Count: 1}, {Hour: hour.Add(time.Hour), Count: 2}, {Hour: hour.Add(2 * time.Hour), Count: 2}, {Hour: hour.Add(3 * time.Hour), Count: 1},
			},
		}},
		"since a time, which is included": {store.FailureFilter{Since: start.Add(2 * time.Hour)}, store.Failures{
			Failed:   3,
			Causes:   []store.Cause{slow(2, inB2), locked},
			Formats:  []store.FormatCount{pdf("Timeout", 2), pdf("EncryptedPDF", 1)},
			Projects: []store.ProjectCount{{Project: "beta", Count: 2}, {Project: project, Count: 1}},
			Hours:    []store.HourCount{{Hour: hour.Add(2 * time.Hour), Count: 2}, {Hour: hour.Add(3 * time.Hour), Count: 1}},
		}},
		"of a project since a time": {store.FailureFilter{Project: project, Since: start.Add(2*time.Hour + time.Microsecond)}, store.Failures{
			Failed:   1,
			Causes:   []store.Cause{locked},
			Formats:  []store.FormatCount{pdf("EncryptedPDF", 1)},
			Projects: []store.ProjectCount{{Project: project, Count: 1}},
			Hours:    []store.HourCount{{Hour: hour.Add(3 * time.Hour), Count: 1}},
		}},
		"none": {store.FailureFilter{Since: start.Add(4 * time.Hour)}, store.Failures{
			Causes: []store.Cause{}, Formats: []store.FormatCount{}, Projects: []store.ProjectCount{}, Hours: []store.HourCount{},
		}},
	} {
		got, err := s.Failures(ctx, test.filter)
		require.NoError(t, err)
		assert.Equal(t, test.want, got, name)
	}
}

func failureRules(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 4)
	denied := failure(batch.Configuration, batch.StageFetch, "AccessDenied", "access was denied")
	for row, rule := range map[int]string{1: "HTTP 401", 2: "HTTP 403", 3: "HTTP 403", 4: ""} {
		f := *denied
		f.Rule = rule
		fail(t, s, store.Row{Batch: "b1", Row: row}, &f, start)
		r, err := s.Row(t.Context(), "b1", row)
		require.NoError(t, err)
		assert.Equal(t, &f, r.Failure)
	}
	got, err := s.Failures(t.Context(), store.FailureFilter{Batch: "b1"})
	require.NoError(t, err)
	require.Len(t, got.Causes, 1, "a rule makes no cause of its own")
	assert.Equal(t, 4, got.Causes[0].Count)
	assert.Equal(t, []string{"HTTP 403", "HTTP 401"}, got.Causes[0].Rules, "that of most first")
}

func failuresRecovered(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 5)
	for row := 1; row <= 4; row++ {
		failRow(t, s, "b1", row, timeout, row)
	}
	failRow(t, s, "b1", 5, noTool, 5)
	end(t, s, "b1", batch.StatusCompletedWithFailures)
	causes := func(f store.FailureFilter) map[string]store.CauseBatch {
		t.Helper()
		got, err := s.Failures(t.Context(), f)
		require.NoError(t, err)
		by := map[string]store.CauseBatch{}
		for _, c := range got.Causes {
			for _, b := range c.Batches {
				by[b.Batch+" "+c.Type] = b
			}
		}
		return by
	}
	assert.Equal(t, 4, causes(store.FailureFilter{Batch: "b1"})["b1 Timeout"].Open(), "nothing recovers them")

	recoverAs(t, s, "b1-r1", "b1", batch.Selection{Categories: []batch.Category{batch.Transient}}, 4)
	save(t, s, request("b1-r1", 1, result("one")), batch.OutcomeCompleted)
	failRow(t, s, "b1-r1", 2, encrypted, 60)
	_, err := s.SetOutcome(t.Context(), store.Row{Batch: "b1-r1", Row: 3, Outcome: batch.OutcomeSkipped, Reason: batch.ReasonUnchanged})
	require.NoError(t, err)
	for _, f := range []store.FailureFilter{{Batch: "b1"}, {}, {Project: project}} {
		by := causes(f)
		slow := by["b1 Timeout"]
		assert.Equal(t, 4, slow.Count, "they are failures still")
		assert.Equal(t, []store.CauseRecovery{{Batch: "b1-r1", Recovered: 2, Recovering: 1}}, slow.Recoveries)
		assert.Equal(t, 1, slow.Open())
		assert.Equal(t, 1, by["b1 TesseractMissing"].Open())
	}

	// What one recovery fails with, another recovers.
	failRow(t, s, "b1-r1", 4, timeout, 61)
	end(t, s, "b1-r1", batch.StatusCompletedWithFailures)
	assert.Equal(t, 1, causes(store.FailureFilter{Batch: "b1-r1"})["b1-r1 EncryptedPDF"].Open())
	recoverAs(t, s, "b1-r2", "b1", batch.Selection{RetryAll: true}, 3)
	save(t, s, request("b1-r2", 1, result("two")), batch.OutcomeCompleted)
	by := causes(store.FailureFilter{})
	assert.Equal(t, []store.CauseRecovery{{Batch: "b1-r2", Recovered: 1}}, by["b1-r1 EncryptedPDF"].Recoveries)
	assert.Zero(t, by["b1-r1 EncryptedPDF"].Open())
	assert.Equal(t, []store.CauseRecovery{{Batch: "b1-r1", Recovered: 2}, {Batch: "b1-r2", Recovered: 1, Recovering: 1}}, by["b1 Timeout"].Recoveries)
	assert.Equal(t, []store.CauseRecovery{{Batch: "b1-r2", Recovering: 1}}, by["b1 TesseractMissing"].Recoveries)
}

func failureFormats(t *testing.T, s *store.Store) {
	names := []string{"a.PDF", "v1.2/readme", "v1.2/b.tar.Gz", "", ".hidden", "dot.", "known.bin", "/"}
	var list []store.Row
	for _, n := range names {
		list = append(list, store.Row{Name: n, URI: "s3://bucket/c.docx"})
	}
	list = append(list, store.Row{Name: "read.pdf"}, store.Row{Name: "other.eml"})
	_, _, err := s.RegisterBatch(t.Context(), newBatch("b1"), listed(list...))
	require.NoError(t, err)
	held := result("held")
	held.Format = document.FormatPDF
	save(t, s, request("b1", 9, held), batch.OutcomeCompleted)
	save(t, s, request("b1", 10, result("other")), batch.OutcomeCompleted)
	for i, n := range names {
		r := store.Row{Batch: "b1", Row: i + 1}
		if n == "known.bin" {
			r.SHA256 = hash("held")
		}
		fail(t, s, r, failure(batch.Transient, batch.StageFetch, "Timeout", "no answer"), start)
	}
	got, err := s.Failures(t.Context(), store.FailureFilter{Batch: "b1"})
	require.NoError(t, err)
	want := []store.FormatCount{{Count: 3}} // v1.2/readme, dot. and /
	for _, ext := range []string{"docx", "gz", "hidden", "pdf"} {
		want = append(want, store.FormatCount{Extension: ext, Count: 1})
	}
	want = append(want, store.FormatCount{Stored: "pdf", Extension: "bin", Count: 1})
	for i := range want {
		want[i].ErrorType = "Timeout"
	}
	assert.Equal(t, want, got.Formats)
}

func unknownFinish(t *testing.T, s *store.Store) {
	register(t, s, newBatch("b1"), 1)
	fail(t, s, store.Row{Batch: "b1", Row: 1}, failure(batch.Data, batch.StageExtract, "NoText", "no text"), time.Time{})
	got, err := s.Failures(t.Context(), store.FailureFilter{Batch: "b1"})
	require.NoError(t, err)
	assert.Equal(t, []store.HourCount{{Count: 1}}, got.Hours)
}
