package corpus_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/pdf"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/test/corpus"
)

// pages is one reader of PDF for all tests: starting one takes seconds where the
// compiled PDFium is not cached.
var pages = sync.OnceValues(func() (*pdf.Reader, error) { return pdf.New(pdf.Config{}) })

func TestMain(m *testing.M) {
	code := m.Run()
	if r, err := pages(); err == nil {
		r.Close()
	}
	os.Exit(code)
}

// reader is the pipeline that a worker runs, without OCR: nothing needs it.
func reader(t *testing.T) *pipeline.Pipeline {
	t.Helper()
	r, err := pages()
	require.NoError(t, err)
	x := extract.New(extract.Limits{}, map[document.Format]extract.Reader{document.FormatPDF: r})
	return pipeline.New(x, nil, slog.New(slog.DiscardHandler))
}

// read runs the pipeline on a document.
func read(t *testing.T, p *pipeline.Pipeline, doc corpus.Document) *pipeline.Document {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, "document")
	require.NoError(t, os.WriteFile(path, doc.Data, 0o600))
	reading, err := p.Extract(t.Context(), pipeline.File{Path: path, Name: doc.Name, Bytes: int64(len(doc.Data))}, dir, nil)
	require.NoError(t, err, "document %d, %s", doc.Index, doc.Name)
	require.False(t, reading.NeedsOCR(), "document %d, %s", doc.Index, doc.Name)
	out, err := p.Finish(t.Context(), "corpus", reading, resolve.Nothing{}, nil)
	require.NoError(t, err)
	return out
}

var documentFormats = map[corpus.Format]document.Format{
	corpus.PDF: document.FormatPDF, corpus.DOCX: document.FormatDOCX, corpus.EML: document.FormatEML,
	corpus.HTML: document.FormatHTML, corpus.TXT: document.FormatText,
}

func TestEveryFormatIsReadWithItsPagesAndWhatItNames(t *testing.T) {
	t.Parallel()
	p := reader(t)
	for _, format := range corpus.Formats() {
		t.Run(string(format), func(t *testing.T) {
			t.Parallel()
			found := score{}
			o := corpus.Options{Seed: 21, Documents: 16, MatterSize: 2, MaxPages: 20, Formats: map[corpus.Format]float64{format: 1}}
			for doc := range corpus.Documents(o) {
				out := read(t, p, doc)
				check(t, found, doc, out.Result)
				require.Len(t, out.Attachments, len(doc.Attachments))
				for i, a := range out.Attachments {
					require.Nil(t, a.Failure, "attachment %d of document %d", i, doc.Index)
					assert.Equal(t, doc.Attachments[i].Name, a.File.Name)
					check(t, found, doc.Attachments[i], a.Result)
				}
			}
			found.assert(t)
		})
	}
}

// party is what score counts parties as, whoever they are.
const party = document.EntityType("PARTY")

// check holds what was read of a document against what it is.
func check(t *testing.T, found score, doc corpus.Document, r *document.Result) {
	t.Helper()
	assert.Equal(t, documentFormats[doc.Format], r.Format, doc.Name)
	assert.Len(t, r.Pages, doc.Pages, "pages of %s", doc.Name)
	assert.Empty(t, r.Warnings, doc.Name)
	// What is read has running heads, the fields of a mail and marks of quotation besides.
	words := len(strings.Fields(r.Text))
	assert.GreaterOrEqual(t, words, doc.Words, "words of %s", doc.Name)
	assert.LessOrEqual(t, words, doc.Words*5/4+120, "words of %s", doc.Name)
	text := strings.ToLower(strings.Join(strings.Fields(r.Text), " "))
	for _, name := range doc.Truth.Parties {
		found.count(party, strings.Contains(text, strings.ToLower(name)))
	}
	for kind, named := range map[document.EntityType][]string{
		document.CaseCitation: doc.Truth.Citations, document.Statute: doc.Truth.Statutes, document.Date: doc.Truth.Dates,
		document.Money: doc.Truth.Amounts, document.DocketNumber: {doc.Truth.Docket}, document.Judge: {doc.Truth.Judge},
		document.Court: {doc.Truth.Court},
	} {
		for _, want := range named {
			if want != "" {
				found.count(kind, slices.ContainsFunc(r.Mentions, func(m document.Mention) bool { return m.Type == kind && m.Normalized == want }))
			}
		}
	}
}

// score is how much of what documents name is found.
type score map[document.EntityType]*struct{ found, named int }

func (s score) count(kind document.EntityType, found bool) {
	if s[kind] == nil {
		s[kind] = &struct{ found, named int }{}
	}
	s[kind].named++
	if found {
		s[kind].found++
	}
}

// assert allows for names that a page's end or a mark of quotation cuts.
func (s score) assert(t *testing.T) {
	t.Helper()
	for kind, n := range s {
		t.Logf("%s: %d of %d", kind, n.found, n.named)
		assert.GreaterOrEqual(t, float64(n.found), 0.9*float64(n.named), "%s: %d of %d found", kind, n.found, n.named)
	}
}
