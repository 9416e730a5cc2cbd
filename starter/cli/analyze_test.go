package cli

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/analysis"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// fail ends a row as failed.
func (f *folder) fail(id string, row int, at time.Time, stage batch.Stage, err *batch.Error) {
	f.t.Helper()
	failure := batch.NewFailure(stage, err)
	f.end(store.Row{Batch: id, Row: row, Outcome: batch.OutcomeFailed, Failure: &failure, Attempts: 1, FinishedAt: at})
}

func (f *folder) end(r store.Row) {
	f.t.Helper()
	recorded, err := f.store.SetOutcome(f.t.Context(), r)
	require.NoError(f.t, err)
	require.True(f.t, recorded)
}

// failing registers a batch b1 of 12 rows with 10 failures of 4 causes.
func (f *folder) failing() {
	f.register("b1", 12, batch.Options{})
	for row := 1; row <= 10; row++ {
		at := noon.Add(time.Duration(row) * time.Minute)
		switch {
		case row <= 5:
			f.fail("b1", row, at, batch.StageExtract, batch.NewError(batch.Data, "EncryptedPDF", "the PDF is encrypted\x1b[2J"))
		case row <= 8:
			f.fail("b1", row, at.Add(time.Hour), batch.StageFetch, batch.NewError(batch.Transient, "Timeout", "no answer in %d s", row))
		case row == 9:
			f.fail("b1", row, at, batch.StageOCR, batch.NewError(batch.Configuration, "TesseractMissing", "no tesseract"))
		default:
			f.fail("b1", row, at, batch.StageStore, batch.NewError(batch.Permanent, "Unclassified", "unclassified"))
		}
	}
	f.end(store.Row{Batch: "b1", Row: 11, Outcome: batch.OutcomeCompleted})
	f.status("b1", batch.StatusRunning, noon)
}

func (f *folder) analysed(args ...string) analysed {
	f.t.Helper()
	out, words, code := f.starter(append([]string{"analyze", "-o", "json"}, args...)...)
	require.Equal(f.t, exitOK, code, words)
	var r analysed
	require.NoError(f.t, json.Unmarshal([]byte(out), &r))
	return r
}

func TestAnalyzeCountsFailuresInEachWay(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.failing()
	r := f.analysed("b1")
	assert.Equal(t, "b1", r.Batch)
	assert.Equal(t, batch.StatusRunning, r.Status)
	assert.Equal(t, &batch.Counts{Total: 12, Completed: 1, Failed: 10, Pending: 1}, r.Counts)
	assert.Equal(t, 10, r.Failed)
	assert.Equal(t, analysis.Recoverable{ByItself: 3, AfterFix: 1, Never: 6}, r.Recoverable)
	assert.Equal(t, []share{{"DATA", 5, 0.5}, {"TRANSIENT", 3, 0.3}, {"CONFIGURATION", 1, 0.1}, {"PERMANENT", 1, 0.1}}, r.Categories)
	assert.Equal(t, []share{{"extract", 5, 0.5}, {"fetch", 3, 0.3}, {"ocr", 1, 0.1}, {"store", 1, 0.1}}, r.Stages)
	assert.Equal(t, []formatShare{{share{"pdf", 5, 0.5}, toldByContent}, {share{"text", 5, 0.5}, toldByExtension}}, r.Formats)
	assert.Equal(t, []share{{"acme", 10, 1}}, r.Projects)
	hour := noon.UTC().Truncate(time.Hour)
	next := hour.Add(time.Hour)
	assert.Equal(t, []hourShare{{&hour, 7}, {&next, 3}}, r.Hours)

	require.Len(t, r.Causes, 4)
	assert.Equal(t, 2, r.Few)
	assert.Equal(t, "EncryptedPDF", r.Causes[0].Type)
	assert.Equal(t, 0.5, r.Causes[0].Cumulative)
	assert.Equal(t, 0.8, r.Causes[1].Cumulative)
	assert.Equal(t, "no answer in 6 s", r.Causes[1].Message)
	assert.Equal(t, []analysedBatch{{"b1", 3, 6, 3}}, r.Causes[1].Batches)
	assert.Equal(t, "starter submit SOURCE --project acme", r.Causes[0].Advice.Command)
	assert.Equal(t, "starter recover b1 --category TRANSIENT", r.Causes[1].Advice.Command)
	for _, c := range r.Causes[2:] {
		if c.Category == batch.Configuration {
			assert.Equal(t, "starter recover b1 --fingerprint "+c.Fingerprint, c.Advice.Command)
		}
	}
}

func TestAnalyzeInATableSaysWhatMattersAndWhatToDo(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.failing()
	out, words, code := f.starter("analyze", "b1")
	assert.Equal(t, exitOK, code)
	assert.Equal(t, "Batch b1 has not ended (running): 1 of 12 documents have no outcome yet; this is how it stands.\n", words)
	locked := batch.Fingerprint(batch.Data, batch.StageExtract, "EncryptedPDF", "the PDF is encrypted\x1b[2J")
	slow := batch.Fingerprint(batch.Transient, batch.StageFetch, "Timeout", "no answer in 6 s")
	hour := noon.UTC().Truncate(time.Hour).Format("2006-01-02 15:04")
	next := noon.UTC().Truncate(time.Hour).Add(time.Hour).Format("2006-01-02 15:04")
	assert.Equal(t, []string{
		"b1  project acme  running",
		"10 of 12 documents failed",
		"recoverable by themselves 3  after a fix 1  not unless the document changes 6",
		"",
		"2 of 4 causes explain 80 % of the failures:",
		" failed  share  sum   category   stage    fingerprint   cause                        first",
		"      5  50 %   50 %  DATA       extract  " + locked + `  the PDF is encrypted\x1b[2J  row 1`,
		"      3  30 %   80 %  TRANSIENT  fetch    " + slow + "  no answer in 6 s             row 6",
		"",
		"What to do:",
		" " + locked + " does not recover: save them without their password, then submit those: `starter submit SOURCE --project acme`",
		" " + slow + " recovers by itself: such causes pass; run them again: `starter recover b1 --category TRANSIENT`",
		"",
		"2 more have 20 % of the failures; -o json lists them.",
		"",
		" category       failed  share",
		" DATA                5  50 %",
		" TRANSIENT           3  30 %",
		" CONFIGURATION       1  10 %",
		" PERMANENT           1  10 %",
		"",
		" stage    failed  share",
		" extract       5  50 %",
		" fetch         3  30 %",
		" ocr           1  10 %",
		" store         1  10 %",
		"",
		" format  failed  share  told by",
		" pdf          5  50 %   by content",
		" text         5  50 %   by extension",
		"",
		" hour (UTC)        failed",
		" " + hour + "       7",
		" " + next + "       3",
	}, lines(out))

	f.end(store.Row{Batch: "b1", Row: 12, Outcome: batch.OutcomeCancelled})
	f.status("b1", batch.StatusCompletedWithFailures, noon.Add(3*time.Hour))
	_, words, code = f.starter("analyze", "b1")
	assert.Equal(t, exitOK, code)
	assert.Empty(t, words)
}

func TestTheRuleThatDecidedIsNamed(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 2, batch.Options{})
	override := batch.NewError(batch.Data, "ConnectionFailed", "the connection broke off")
	override.Rule = "override ConnectionFailed"
	f.fail("b1", 1, noon, batch.StageFetch, override)
	f.fail("b1", 2, noon, batch.StageExtract, batch.NewError(batch.Data, "EncryptedPDF", "the PDF is encrypted"))

	r := f.analysed("b1")
	require.Len(t, r.Causes, 2)
	assert.Equal(t, [][]string{{"override ConnectionFailed"}, {batch.RuleOwn}}, [][]string{r.Causes[0].Rules, r.Causes[1].Rules})
	out, _, _ := f.starter("analyze", "b1")
	assert.Contains(t, lines(out), "              DATA by rule: override ConnectionFailed")
	assert.Equal(t, 1, strings.Count(out, "by rule"), "an error that says its category itself needs none")

	out, _, _ = f.starter("documents", "b1")
	assert.Contains(t, out, "DATA in fetch: the connection broke off (DATA by rule: override ConnectionFailed)")
	assert.Equal(t, 1, strings.Count(out, "by rule"))
	out, _, _ = f.starter("documents", "b1", "-o", "json")
	assert.Contains(t, out, `"rule": "override ConnectionFailed"`)
	assert.Contains(t, out, `"rule": "own type"`)
}

func TestAnalyzeRecommendsNothingThatIsDone(t *testing.T) {
	t.Parallel()
	f := failedFolder(t)
	missing := batch.Fingerprint(batch.Configuration, batch.StageOCR, "TesseractMissing", "tesseract is not installed")
	advice := func() []string {
		t.Helper()
		out, words, code := f.starter("analyze", "b1")
		require.Equal(t, exitOK, code, words)
		assert.Contains(t, out, "3 of 3 documents failed\n")
		_, rest, _ := strings.Cut(out, "What to do:\n")
		rest, _, _ = strings.Cut(rest, "\n\n")
		return lines(rest)
	}
	assert.Contains(t, advice()[0], "`starter recover b1 --fingerprint "+missing+"`")

	f.recovery("b1-r1")
	assert.Equal(t, " "+missing+" 2 in recovery b1-r1, which has not ended", advice()[0])
	f.end(store.Row{Batch: "b1-r1", Row: 1, Outcome: batch.OutcomeCompleted})
	assert.Equal(t, []string{" " + missing + " 1 recovered in b1-r1", "              1 in recovery b1-r1, which has not ended"}, advice()[:2])
	r := f.analysed("b1")
	assert.Equal(t, 3, r.Failed, "they have failed all the same")
	assert.Equal(t, analysis.Recoverable{Never: 1, Recovered: 1, Recovering: 1}, r.Recoverable)
	require.Len(t, r.Causes, 2)
	assert.Equal(t, 2, r.Causes[0].Failed)
	assert.Nil(t, r.Causes[0].Advice)
	assert.Equal(t, []analysedRecovery{{"b1-r1", 1, 1}}, r.Causes[0].Recoveries)
	require.NotNil(t, r.Causes[1].Advice)

	f.failAs("b1-r1", 2, batch.Configuration, batch.StageOCR, "TesseractMissing", "tesseract is not installed")
	f.status("b1-r1", batch.StatusCompletedWithFailures, noon.Add(2*time.Hour))
	got := advice()
	assert.Contains(t, got[0], "`starter recover b1 --fingerprint "+missing+"`")
	assert.Equal(t, "              1 recovered in b1-r1", got[1])
	out, _, _ := f.starter("analyze", "b1")
	assert.Contains(t, out, "recoverable by themselves 0  after a fix 1  not unless the document changes 1  recovered already 1  in a recovery 0\n")
	out, _, _ = f.starter("report", "b1", "--html", "-")
	assert.Contains(t, out, "1 recovered already")
}

func TestAnalyzeSinceATimeGoesOverBatches(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	now := time.Now().Truncate(time.Second)
	broken := batch.NewError(batch.Configuration, "WrongRegion", "wrong region")
	f.register("b1", 3, batch.Options{})
	f.register("b2", 3, batch.Options{})
	f.fail("b1", 1, now.Add(-3*time.Hour), batch.StageFetch, broken)
	f.fail("b1", 2, now.Add(-49*time.Hour), batch.StageFetch, broken)
	f.fail("b2", 1, now.Add(-time.Hour), batch.StageFetch, broken)
	f.fail("b2", 2, now.Add(-2*time.Hour), batch.StageFetch, broken)

	r := f.analysed("--since", "2d")
	assert.Equal(t, 3, r.Failed)
	assert.Nil(t, r.Counts)
	require.Len(t, r.Causes, 1)
	assert.Equal(t, []analysedBatch{{"b2", 2, 1, 2}, {"b1", 1, 1, 1}}, r.Causes[0].Batches)
	assert.Equal(t, 2, f.analysed("--since", "150m").Failed)
	assert.Equal(t, 4, f.analysed("--since", now.Add(-49*time.Hour).Format(time.RFC3339)).Failed, "the boundary is included")
	assert.Equal(t, 3, f.analysed("--since", now.Add(-49*time.Hour+time.Second).Format(time.RFC3339)).Failed)
	assert.Equal(t, 4, f.analysed("--since", "7d", "--project", "acme").Failed)

	out, _, code := f.starter("analyze", "--since", "2d")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, out, "3 documents failed since ")
	assert.Contains(t, out, "`starter recover b2 --fingerprint "+r.Causes[0].Fingerprint+"`")
	assert.Contains(t, out, "and likewise in 1 more: b1")
	assert.Contains(t, out, " project  failed  share")
	assert.Contains(t, out, "b2 row 1")

	_, words, code := f.starter("analyze", "--since", "30m")
	assert.Equal(t, exitOK, code)
	assert.Contains(t, words, "No failures since ")
	_, words, code = f.starter("analyze", "--since", "2d", "--project", "beta")
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "starter: no project \"beta\" in this store: `starter projects` shows those there are\n", words)
}

func TestAnalyzeWithoutFailuresSaysSo(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	f.end(store.Row{Batch: "b1", Row: 1, Outcome: batch.OutcomeCompleted})
	f.status("b1", batch.StatusCompleted, noon)
	out, words, code := f.starter("analyze", "b1")
	assert.Equal(t, exitOK, code)
	assert.Empty(t, out)
	assert.Equal(t, "Batch b1 has no failures: there is nothing to analyse.\n", words)
	out, _, _ = f.starter("analyze", "b1", "-o", "json")
	for _, key := range []string{"categories", "stages", "formats", "projects", "hours", "causes"} {
		assert.Contains(t, out, fmt.Sprintf("%q: []", key))
	}
	_, words, code = f.starter("analyze", "b2")
	assert.Equal(t, exitFailed, code)
	assert.Equal(t, "starter: no batch \"b2\" in this store: `starter list` shows those there are\n", words)
}

func TestAnalyzeIsCalledWithABatchOrATime(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 1, batch.Options{})
	for _, args := range [][]string{
		{}, {"b1", "b2"}, {"b1", "--since", "7d"}, {"b1", "--project", "acme"}, {"--project", "acme"}, {"--since", "soon"}, {"--since", "-3h"},
		{"--since", "2999-01-01"}, {"--since", "0s"}, {"b1", "-o", "xml"},
	} {
		_, words, code := f.starter(append([]string{"analyze"}, args...)...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, words)
		assert.Equal(t, 1, strings.Count(words, "\n"), words)
	}
}

func TestFormatsAreToldByContentBeforeExtension(t *testing.T) {
	for _, test := range []struct {
		count      store.FormatCount
		format, by string
	}{
		{store.FormatCount{Stored: "eml", ErrorType: "CorruptPDF", Extension: "pdf"}, "eml", toldByContent},
		{store.FormatCount{ErrorType: "EncryptedPDF", Extension: "doc"}, "pdf", toldByContent},
		{store.FormatCount{ErrorType: "PDFTimeout"}, "pdf", toldByContent},
		{store.FormatCount{ErrorType: "Timeout", Extension: "jpg"}, "jpeg", toldByExtension},
		{store.FormatCount{Extension: "wpd"}, "wpd", toldByExtension},
		{store.FormatCount{Extension: "smith confidential"}, "unknown", toldByNothing},
		{store.FormatCount{}, "unknown", toldByNothing},
	} {
		format, by := formatOf(test.count)
		assert.Equal(t, test.format, format, "%+v", test.count)
		assert.Equal(t, test.by, by, "%+v", test.count)
	}
}

func TestSinceIsHowLongAgoOrATime(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("", 3600))
	for s, want := range map[string]time.Time{
		"90m":                  now.Add(-90 * time.Minute),
		" 24h ":                now.Add(-24 * time.Hour),
		"7d":                   now.Add(-7 * 24 * time.Hour),
		"1d12h":                now.Add(-36 * time.Hour),
		"2026-11-01":           time.Date(2026, 11, 1, 0, 0, 0, 0, now.Location()),
		"2026-11-01T17:00":     time.Date(2026, 11, 1, 17, 0, 0, 0, now.Location()),
		"2026-11-01 17:00:05":  time.Date(2026, 11, 1, 17, 0, 5, 0, now.Location()),
		"2026-11-24T10:59:59Z": now.Add(-time.Second),
	} {
		got, err := parseSince(s, now)
		require.NoError(t, err, s)
		assert.True(t, want.Equal(got), "%s: %s", s, got)
	}
	for _, s := range []string{"", "d", "7", "1w", "-1h", "0d", "7dx", "2026-11-24T11:00:00Z", "2026-13-01", "1234567d"} {
		_, err := parseSince(s, now)
		assert.Error(t, err, s)
	}
}

func TestASmallShareIsNotShownAsNone(t *testing.T) {
	for want, s := range map[string]float64{"0 %": 0, "< 1 %": 0.001, "33 %": 1.0 / 3, "99 %": 0.99, "> 99 %": 0.9999, "100 %": 1} {
		assert.Equal(t, want, percent(s))
	}
}
