package test

import (
	"bufio"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

const samplesDir = "../examples/matters"

func TestSamplesBecomeConnectedRecords(t *testing.T) {
	t.Parallel()
	// One by one: whom a name is resolved to may depend on what the project knows by then.
	one := []string{"--concurrency", "1", "--priority", "high"}
	pg := newRigOn(t, onPostgres) // has the same documents, meanwhile
	pg.dev("--no-worker")
	for range 3 {
		pg.worker()
	}
	pg.submit(samplesDir, "samples", one...)
	r := newRig(t)
	r.dev()
	out, words, code := r.starter(append([]string{"submit", samplesDir, "--id", "samples", "--project", "acme", "--watch", "-o", "json"}, one...)...)
	require.Equal(t, 3, code, words)
	var p batch.Progress
	require.NoError(t, json.Unmarshal([]byte(out), &p))
	assert.Equal(t, batch.StatusCompletedWithFailures, p.Status)
	assert.Equal(t, 1, p.Counts.Failed, "one sample is damaged")
	assert.Equal(t, p.Counts.Total-1, p.Counts.Completed)
	assert.GreaterOrEqual(t, p.Counts.Total, 20)

	t.Run("the failed child workflow carries its category", func(t *testing.T) {
		var failed listedDocument
		for _, d := range r.documents("samples") {
			if d.Outcome == batch.OutcomeFailed {
				failed = d
			}
		}
		require.NotNil(t, failed.Failure)
		assert.Equal(t, batch.Data, failed.Failure.Category)
		err := r.temporal().GetWorkflow(t.Context(), batch.DocumentWorkflowID("samples", failed.Row), "").Get(t.Context(), nil)
		var app *temporal.ApplicationError
		require.ErrorAs(t, err, &app)
		assert.Equal(t, "DATA", app.Type())
		assert.NotContains(t, err.Error(), failed.Name)
	})

	t.Run("an attachment is a document linked to its mail", func(t *testing.T) {
		parts := 0
		for _, d := range r.documents("samples") {
			if d.Part > 0 && d.Outcome == batch.OutcomeCompleted {
				parts++
				assert.NotEmpty(t, d.Document)
			}
		}
		assert.GreaterOrEqual(t, parts, 1)
	})

	t.Run("entities are shared across documents", func(t *testing.T) {
		seen := map[string]map[string]bool{}
		typed := map[document.RelationType]int{}
		for _, res := range r.results("samples") {
			for _, m := range res.Mentions {
				if seen[m.Entity] == nil {
					seen[m.Entity] = map[string]bool{}
				}
				seen[m.Entity][res.Document] = true
			}
			for _, rel := range res.Relationships {
				typed[rel.Type]++
			}
		}
		shared := 0
		for _, docs := range seen {
			if len(docs) >= 3 {
				shared++
			}
		}
		assert.GreaterOrEqual(t, shared, 10)
		for _, typ := range []document.RelationType{document.PartyTo, document.Represents, document.FiledIn, document.Cites, document.Dated, document.CoOccurs, document.PresidesOver} {
			assert.Positive(t, typed[typ], typ)
		}
	})

	t.Run("PostgreSQL holds the same, from several workers", func(t *testing.T) {
		assert.Equal(t, p.Counts, pg.awaitEnd("samples").Counts)
		requireSameStored(t, r.store(), pg.store(), "samples")
	})

	t.Run("the same documents again are skipped", func(t *testing.T) {
		out, words, code := r.starter("submit", samplesDir, "--id", "again", "--project", "acme", "--watch", "-o", "json")
		require.Equal(t, 3, code, words)
		var again batch.Progress
		require.NoError(t, json.Unmarshal([]byte(out), &again))
		assert.Equal(t, batch.Counts{Total: p.Counts.Total, Skipped: p.Counts.Completed, Failed: 1}, again.Counts)
		assert.Len(t, r.results("again"), len(r.results("samples")), "and their results are answered")
	})

	t.Run("the same batch ID answers with the same batch", func(t *testing.T) {
		_, words, code := r.starter("submit", samplesDir, "--id", "samples", "--project", "acme")
		assert.Equal(t, 0, code)
		assert.Contains(t, words, "exists already")
	})

	t.Run("another project reads them for itself", func(t *testing.T) {
		_, words, code := r.starter("submit", samplesDir+"/..", "--id", "other", "--project", "other", "--watch", "-o", "json")
		assert.Contains(t, []int{0, 3}, code, words)
		assert.Positive(t, r.progress("other").Counts.Completed)
	})
}

// result is what the tests read of a line of `results --format jsonl`.
type result struct {
	Row, Part int
	Document  string
	Name      string
	document.Result
}

func (r *rig) results(id string) []result {
	r.t.Helper()
	out, words, code := r.starter("results", id, "--format", "jsonl")
	require.Equal(r.t, 0, code, words)
	var all []result
	lines := bufio.NewScanner(strings.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var res result
		require.NoError(r.t, json.Unmarshal(lines.Bytes(), &res))
		all = append(all, res)
	}
	require.NoError(r.t, errors.Join(lines.Err()))
	return all
}

func TestRangesSliceTheText(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	out, words, code := r.starter(append([]string{"inspect", "-o", "json"}, sampleFiles(t)...)...)
	assert.Equal(t, 3, code, words)
	var all []struct {
		File    string
		Failure *batch.Failure
		document.Result
	}
	require.NoError(t, json.Unmarshal([]byte(out), &all))
	for _, res := range all {
		if res.Failure != nil {
			continue
		}
		text := []rune(res.Text)
		for _, m := range res.Mentions {
			assert.Equal(t, m.Text, string(text[m.Start:m.End]), res.File)
		}
		for _, c := range res.Chunks {
			assert.LessOrEqual(t, c.End, len(text), res.File)
		}
		for _, rel := range res.Relationships {
			assert.LessOrEqual(t, rel.Evidence.End, len(text), res.File)
		}
	}
}
