package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/kind"
	"github.com/caseload/caseload/store"
)

// read saves text as the document of a row, with a passage on each page, and its
// entities named where their names are.
func (f *folder) read(id string, row int, pages []string, entities ...document.Entity) {
	f.t.Helper()
	r := &document.Result{
		Format: document.FormatText, MediaType: "text/plain", SHA256: fmt.Sprintf("%064d", row), Bytes: 100, Pipeline: document.PipelineVersion,
		Text: strings.Join(pages, document.PageBreak), Entities: entities,
	}
	r.Kind, r.Certainty = kind.Of(r.Text, r.Format, nil)
	at := 0
	for i, p := range pages {
		span := document.Span{Start: at, End: at + len([]rune(p))}
		r.Pages = append(r.Pages, document.PageInfo{Number: i + 1, Span: span, Source: document.TextLayer})
		r.Chunks = append(r.Chunks, document.Chunk{Ordinal: i, Span: span, Page: i + 1})
		for _, e := range entities {
			if before, _, ok := strings.Cut(p, e.Name); ok {
				start := at + len([]rune(before))
				r.Mentions = append(r.Mentions, document.Mention{
					Type: e.Type, Span: document.Span{Start: start, End: start + len([]rune(e.Name))}, Text: e.Name, Normalized: e.Key, Confidence: 0.9, Chunk: i, Entity: e.ID,
				})
			}
		}
		at = span.End + len([]rune(document.PageBreak))
	}
	for i := 1; i < len(entities); i++ {
		r.Relationships = append(r.Relationships, document.Relationship{
			Type: document.Cites, From: entities[i-1].ID, To: entities[i].ID, Evidence: r.Chunks[0].Span, Confidence: 0.75,
		})
	}
	b, err := f.store.Batch(f.t.Context(), id)
	require.NoError(f.t, err)
	_, err = f.store.SaveResult(f.t.Context(), store.SaveRequest{
		Project: b.Project, Batch: id, Row: row, DocumentID: fmt.Sprintf("doc-%d", row), Name: fmt.Sprintf("%d.txt", row), Result: r, StartedAt: noon, FinishedAt: noon,
	})
	require.NoError(f.t, err)
}

var (
	roe  = document.Entity{ID: "ent_roe", Type: document.Person, Key: "jane roe", Name: "Jane Roe", Aliases: []string{"j roe"}}
	wade = document.Entity{ID: "ent_wade", Type: document.CaseCitation, Key: "410 U.S. 113", Name: "410 U.S. 113"}
)

func searchable(t *testing.T) *folder {
	f := newFolder(t)
	f.register("b1", 3, batch.Options{})
	f.read("b1", 1, []string{"An answer – no duty.", "Jane Roe – alleges a breach\nof fiduciary duty, 410 U.S. 113."}, roe, wade)
	f.read("b1", 2, []string{"The duty of care; its breach, says Jane Roe."}, roe)
	return f
}

func TestSearchShowsWhatWasFound(t *testing.T) {
	t.Parallel()
	f := searchable(t)
	out, words, code := f.starter("search", `"breach of fiduciary duty"`)
	assert.Equal(t, exitOK, code, words)
	assert.Empty(t, words)
	assert.Equal(t, "1  doc-1  page 2  1.txt\n   Jane Roe – alleges a **breach of fiduciary duty**, 410 U.S. 113.\n", out)

	out, words, code = f.starter("search", "breach duty", "--type", "case_citation", "--entity", "Ms. Jane ROE", "--batch", "b1", "--format", "TEXT", "--since", "2020-01-01", "-o", "json")
	assert.Equal(t, exitOK, code, words)
	var found foundPassages
	require.NoError(t, json.Unmarshal([]byte(out), &found))
	require.Len(t, found.Passages, 1)
	p := found.Passages[0]
	assert.Equal(t, foundPassages{Project: "acme", Passages: []foundPassage{{
		Rank: 1, Score: p.Score, Document: "doc-1", Name: "1.txt", Format: "text", Page: 2, Chunk: 1, Start: 23, End: 83,
		Snippet: "Jane Roe – alleges a **breach** of fiduciary **duty**, 410 U.S. 113.", Hits: []document.Span{{Start: 44, End: 50}, {Start: 64, End: 68}},
	}}}, found)

	for _, name := range []string{"ent_roe", "j. roe", "jane roe"} {
		out, words, _ = f.starter("search", "duty", "--entity", name)
		assert.Equal(t, 2, strings.Count(out, "Jane Roe"), words)
	}
}

func TestAQueryMayBeginWithADash(t *testing.T) {
	t.Parallel()
	f := searchable(t)
	var out, words bytes.Buffer // --data-dir before the --
	code := run(t.Context(), []string{"search", "--data-dir", f.dir, "--", "-answer -care duty"}, &out, &words)
	assert.Equal(t, exitOK, code, words.String())
	assert.Contains(t, out.String(), "1  doc-1  page 2")
	assert.NotContains(t, out.String(), "doc-2")
}

func TestSearchIsPaged(t *testing.T) {
	t.Parallel()
	f := searchable(t)
	var all []string
	after := ""
	for range 3 {
		out, _, code := f.starter("search", "duty", "--limit", "1", "--after", after, "-o", "json")
		require.Equal(t, exitOK, code)
		var found foundPassages
		require.NoError(t, json.Unmarshal([]byte(out), &found))
		require.Len(t, found.Passages, 1)
		all = append(all, fmt.Sprintf("%d %s %d", found.Passages[0].Rank, found.Passages[0].Document, found.Passages[0].Chunk))
		after = found.Next
	}
	assert.Empty(t, after)
	assert.ElementsMatch(t, []string{"doc-1 0", "doc-1 1", "doc-2 0"}, []string{all[0][2:], all[1][2:], all[2][2:]})
	_, words, _ := f.starter("search", "duty", "--limit", "1")
	assert.Contains(t, words, "There is more: the same with --after ")
}

func TestNothingFoundIsNoFailure(t *testing.T) {
	t.Parallel()
	f := searchable(t)
	out, words, code := f.starter("search", "estoppel")
	assert.Equal(t, exitOK, code)
	assert.Empty(t, out)
	assert.Equal(t, "Nothing found in project acme.\n", words)
	out, _, code = f.starter("search", "estoppel", "-o", "json")
	assert.Equal(t, exitOK, code)
	assert.JSONEq(t, `{"project": "acme", "passages": []}`, out)
}

func TestSearchSaysWhatItCannotDo(t *testing.T) {
	t.Parallel()
	f := searchable(t)
	for want, args := range map[string][]string{
		"the query, at character 8, has a quotation mark that is not closed":               {`secret "phrase`},
		"put the whole query in single quotes":                                             {"secret", "phrase"},
		"no query is given; call it as: starter search QUERY [flags]; a query that begins": {},
		"put -- before it, after all flags":                                                {"-secret duty", "--project", "acme"},
		`starter search --project NAME -- '-word "a phrase"'`:                              {`-"secret"`},
		"--format bogus: want one of pdf, docx, text":                                      {"secret", "--format", "bogus"},
		"--type BOGUS: want one of PERSON, ORG":                                            {"secret", "--type", "BOGUS"},
		"--limit 0: want 1 to 1000":                                                        {"secret", "--limit", "0"},
		`--until "bogus": want how long ago`:                                               {"secret", "--until", "bogus"},
		"take it from the page before":                                                     {"secret", "--after", "bogus"},
		"batch b1 is of project acme, not other":                                           {"secret", "--batch", "b1", "--project", "other"},
	} {
		out, words, code := f.starter(append([]string{"search"}, args...)...)
		assert.Equal(t, exitUsage, code, "%v: %s", args, words)
		assert.Empty(t, out)
		assert.Contains(t, words, want, "%v", args)
		assert.NotContains(t, words, "secret", "what is looked for is repeated nowhere")
	}
	for want, args := range map[string][]string{
		`no project "other"`:      {"x", "--project", "other"},
		`no batch "b7"`:           {"x", "--batch", "b7"},
		"project acme knows none": {"x", "--entity", "Nobody"},
	} {
		_, words, code := f.starter(append([]string{"search"}, args...)...)
		assert.Equal(t, exitFailed, code)
		assert.Contains(t, words, want)
	}
	require.NoError(t, f.store.SetWeight(t.Context(), "other", 1))
	_, words, code := f.starter("search", "x")
	assert.Equal(t, exitUsage, code)
	assert.Contains(t, words, "2 projects in this store: say which to search with --project")
	_, _, code = f.starter("search", "duty", "--project", "acme")
	assert.Equal(t, exitOK, code)
}
