package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/report"
	"github.com/caseload/caseload/store"
)

// ended is a batch of 40 rows that has ended: row n took n ms in extraction, every
// tenth failed, and every eighth of the others was skipped.
func (f *folder) ended(id string) {
	f.t.Helper()
	f.register(id, 40, batch.Options{})
	f.status(id, batch.StatusRunning, noon)
	for n := 1; n <= 40; n++ {
		r := store.Row{
			Batch: id, Row: n, Outcome: batch.OutcomeCompleted, Document: fmt.Sprintf("doc_%d", n), Attempts: 1, Pages: 2, Bytes: 2048,
			StartedAt: noon, FinishedAt: noon.Add(time.Duration(n) * time.Second),
			Stages: []batch.StageTiming{{Stage: batch.StageFetch, Duration: time.Millisecond}, {Stage: batch.StageExtract, Duration: time.Duration(n) * time.Millisecond}},
		}
		switch {
		case n%10 == 0:
			r.Outcome, r.Document, r.Pages = batch.OutcomeFailed, "", 0
			r.Failure = &batch.Failure{Category: batch.Data, Stage: batch.StageExtract, Type: "EncryptedPDF", Message: "<b>the PDF</b> is encrypted"}
		case n%8 == 0:
			r.Outcome, r.Reason, r.Document, r.Stages = batch.OutcomeSkipped, batch.ReasonUnchanged, "", nil
		}
		_, err := f.store.SetOutcome(f.t.Context(), r)
		require.NoError(f.t, err)
	}
	f.status(id, batch.StatusCompletedWithFailures, noon.Add(time.Minute))
}

// wellFormed reads a page as a browser does, but forgives no tag that is left open
// or closed twice, and nothing that is loaded from elsewhere.
func wellFormed(t *testing.T, page string) (text string) {
	t.Helper()
	void := map[string]bool{"meta": true, "br": true}
	var open []string
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			require.ErrorIs(t, z.Err(), io.EOF)
			require.Empty(t, open, "tags left open")
			return b.String()
		case html.StartTagToken:
			tok := z.Token()
			for _, a := range tok.Attr {
				assert.NotContains(t, []string{"src", "href", "srcset", "onload"}, a.Key)
			}
			assert.NotContains(t, []string{"script", "link", "img", "iframe"}, tok.Data)
			if !void[tok.Data] {
				open = append(open, tok.Data)
			}
		case html.EndTagToken:
			tok := z.Token()
			require.NotEmpty(t, open, "</%s> closes nothing", tok.Data)
			require.Equal(t, open[len(open)-1], tok.Data)
			open = open[:len(open)-1]
		case html.TextToken:
			b.Write(z.Text())
		}
	}
}

func TestReportHasWhatTheStoreHas(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("b1")
	out, words, code := f.starter("report", "b1", "--html", "-")
	require.Equal(t, 0, code, words)
	text := wellFormed(t, out)
	for _, want := range []string{
		"completed 32 (80.0 %)", "skipped 4 (10.0 %)", "failed 4 (10.0 %)", "total 40", "4 of 40 documents failed", "skipped: 4 unchanged",
		"<b>the PDF</b> is encrypted", "EncryptedPDF, first in row 10", "starter submit SOURCE --project acme", "doc_39", "1 min 0 s",
	} {
		text := regexp.MustCompile(`\s+`).ReplaceAllString(strings.ReplaceAll(strings.ReplaceAll(text, "&lt;", "<"), "&gt;", ">"), " ")
		assert.Contains(t, text, want)
	}
	assert.NotContains(t, out, "http://")
	assert.NotContains(t, out, "https://")
	assert.NotContains(t, out, "url(")

	certified, _, code := f.starter("certificate", "b1")
	require.Equal(t, 0, code)
	sum := regexp.MustCompile(`[0-9a-f]{64}\n$`).FindString(certified)
	require.NotEmpty(t, sum)
	assert.Contains(t, out, strings.TrimSpace(sum), "the certificate's own hash")
}

func TestReportNamesNoFilesUnlessAsked(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("b1")
	for _, args := range [][]string{{"--html", "-"}, {"-o", "json"}} {
		out, _, code := f.starter(append([]string{"report", "b1"}, args...)...)
		require.Equal(t, 0, code)
		assert.NotContains(t, out, ".txt")
		assert.NotContains(t, out, "/matters")
		out, _, code = f.starter(append([]string{"report", "b1", "--names"}, args...)...)
		require.Equal(t, 0, code)
		assert.Contains(t, out, "38.txt", "row 39's name")
		assert.Contains(t, out, "/matters")
	}
}

func TestReportThatCannotBeWrittenNamesWhereAndWhatToDo(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("b1")
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for _, test := range []struct{ path, words string }{
		{filepath.Join(dir, "none", "r.html"), "there is no folder " + filepath.Join(dir, "none") + " to write the report to: make it, or name a file elsewhere"},
		{filepath.Join(file, "r.html"), "there is no folder " + file + " to write the report to: make it, or name a file elsewhere"},
		{dir, dir + " is a folder: name a file in it, such as " + filepath.Join(dir, "report.html")},
		{filepath.Join(dir, strings.Repeat("x", 300)+".html"), "write report " + filepath.Join(dir, strings.Repeat("x", 300)+".html") + ": file name too long"},
	} {
		_, words, code := f.starter("report", "b1", "--force", "--html", test.path)
		assert.Equal(t, exitFailed, code)
		assert.Equal(t, "starter: "+test.words+"\n", words)
		assert.NotContains(t, words, ".report-", "the temporary file is not the person's")
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing is left behind")
}

func TestReportNumbers(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("b1")
	out, _, code := f.starter("report", "b1", "-o", "json")
	require.Equal(t, 0, code)
	var r report.Report
	require.NoError(t, json.Unmarshal([]byte(out), &r))
	assert.Equal(t, batch.Counts{Total: 40, Completed: 32, Skipped: 4, Failed: 4}, r.Counts)

	require.Equal(t, time.Second, r.Throughput.Step)
	require.Len(t, r.Throughput.Ended, 60)
	assert.Equal(t, report.Ended{}, r.Throughput.Ended[0])
	assert.Equal(t, report.Ended{Completed: 1}, r.Throughput.Ended[1])
	assert.Equal(t, report.Ended{Skipped: 1}, r.Throughput.Ended[8])
	assert.Equal(t, report.Ended{Failed: 1}, r.Throughput.Ended[40])

	require.Len(t, r.Stages, 2)
	extract := r.Stages[1]
	assert.Equal(t, batch.StageExtract, extract.Stage)
	assert.Equal(t, 32, extract.Documents, "skipped rows ran no stage, and failed ones are not summed up")
	assert.Equal(t, 39*time.Millisecond, extract.Max)
	assert.Equal(t, 19*time.Millisecond, extract.P50, "8, 16, 24, 32 and tens of ms are missing")
	assert.Equal(t, []int{0, 1, 2, 4, 6, 12, 7}, extract.Buckets[:7], "below 1, 2, 4, 8, 16, 32 and 64 ms")

	require.Len(t, r.Slowest, report.MaxSlowest)
	assert.Equal(t, 40, r.Slowest[0].Row)
	assert.Equal(t, 41*time.Millisecond, r.Slowest[0].Work)
	assert.Equal(t, 25, r.Slowest[report.MaxSlowest-1].Row)
	assert.Equal(t, 1, r.Few)
	assert.Contains(t, r.CacheNote, "no Redis")
}

func TestReportOfABatchThatRuns(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.register("b1", 3, batch.Options{})
	out, _, code := f.starter("report", "b1", "--html", "-")
	require.Equal(t, 0, code)
	assert.Contains(t, wellFormed(t, out), "It has not ended: 0 of 3 documents have an outcome so far.")
	assert.Contains(t, out, "There is no certificate yet")
}

func TestReportWritesOverNothing(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.ended("b1")
	file := filepath.Join(t.TempDir(), "r.html")
	_, words, code := f.starter("report", "b1", "--html", file)
	require.Equal(t, 0, code, words)
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it may be privileged")
	require.NoError(t, os.WriteFile(file, []byte("mine"), 0o600))
	_, words, code = f.starter("report", "b1", "--html", file)
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "--force")
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "mine", string(kept))
	_, _, code = f.starter("report", "b1", "--html", file, "--force")
	require.Equal(t, 0, code)
	kept, err = os.ReadFile(file)
	require.NoError(t, err)
	wellFormed(t, string(kept))
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing half written is left")

	for _, args := range [][]string{{"report", "b1"}, {"report", "b1", "--html", "x", "-o", "json"}, {"report"}} {
		_, _, code := f.starter(args...)
		assert.Equal(t, 2, code, "%v", args)
	}
	_, words, code = f.starter("report", "none", "--html", "-")
	assert.Equal(t, 1, code)
	assert.Contains(t, words, "starter list")
}
