package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
)

// opinion has two pages of text in which bytes and characters differ from the
// first word on.
const opinion = `“Señor” 🏛 — UNITED STATES DISTRICT COURT
SOUTHERN DISTRICT OF NEW YORK

JOSÉ MUÑOZ,
          Plaintiff,
     v.                                   No. 1:24-cv-01234
CAFÉ ZÜRICH, INC.,
          Defendant.

On March 3, 2025 the court awarded $12,500 under 42 U.S.C. § 1983. “The café’s manager,” wrote Judge Renée O’Brien,
“knew 👩‍⚖️ of it.” See Brown v. Board of Education, 347 U.S. 483 (1954).
` + "\f" + `José Muñoz, represented by Ángela Ruiz, Esq., counsel for Plaintiff, replied — at length: “¿Por qué?”
Café Zürich, Inc. paid $300 on April 4, 2025.
`

func TestSpansOfAResultCountCharacters(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.extract(t, "opinion.txt", []byte(strings.Repeat(opinion, 3)))
	doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	result := doc.Result
	text := []rune(result.Text)
	slice := func(s document.Span) string { return string(text[s.Start:s.End]) }

	require.Greater(t, len(result.Pages), 1)
	var pages []string
	for i, p := range result.Pages {
		assert.Equal(t, r.Content.Pages[i].Text, slice(p.Span), "page %d", p.Number)
		pages = append(pages, slice(p.Span))
	}
	assert.Equal(t, result.Text, strings.Join(pages, document.PageBreak))

	require.Greater(t, len(result.Mentions), 20)
	types := map[document.EntityType]bool{}
	for _, m := range result.Mentions {
		assert.Equal(t, m.Text, slice(m.Span), "%s", m.Type)
		types[m.Type] = true
		assert.True(t, result.Chunks[m.Chunk].Start <= m.Start && m.Start < result.Chunks[m.Chunk].End, "%s is in its chunk", m.Type)
		if m.Chunk > 0 {
			assert.LessOrEqual(t, result.Chunks[m.Chunk-1].End, m.Start, "no earlier chunk holds %s", m.Type)
		}
	}
	for _, want := range []document.EntityType{document.Person, document.Org, document.Money, document.Statute, document.CaseCitation} {
		assert.True(t, types[want], "%s is found", want)
	}

	require.Greater(t, len(result.Chunks), 1)
	for _, c := range result.Chunks {
		s := slice(c.Span)
		assert.Equal(t, strings.TrimSpace(s), s, "chunk %d begins and ends with a character of its own", c.Ordinal)
		page := result.Pages[c.Page-1]
		assert.True(t, page.Start <= c.Start && c.Start < page.End, "chunk %d begins on its page", c.Ordinal)
	}

	require.NotEmpty(t, result.Relationships)
	named := func(entity string, in document.Span) bool {
		for _, m := range result.Mentions {
			if m.Entity == entity && in.Contains(m.Span) {
				return true
			}
		}
		return false
	}
	for _, rel := range result.Relationships {
		assert.True(t, named(rel.From, rel.Evidence) || named(rel.To, rel.Evidence), "the evidence of %s names one of the two", rel.Type)
	}
}

func TestAResultSaysWhatItWasReadFrom(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.extract(t, "filing.eml", mail("Order granted."))
	doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	assert.Equal(t, document.FormatEML, doc.Result.Format)
	assert.Equal(t, r.File.SHA256, doc.Result.SHA256)
	assert.Equal(t, r.File.Bytes, doc.Result.Bytes)
	assert.Equal(t, document.PipelineVersion, doc.Result.Pipeline)
	assert.Equal(t, "Filing", doc.Result.Metadata["subject"])
}

// known knows one entity, or fails.
type known struct {
	key document.Entity
	err error
}

func (k known) LookupEntities(_ context.Context, keys []resolve.Key) (map[resolve.Key]document.Entity, error) {
	out := map[resolve.Key]document.Entity{}
	for _, key := range keys {
		if key.Type == k.key.Type && key.Key == k.key.Key {
			out[key] = k.key
		}
	}
	return out, k.err
}

func TestEntitiesOfTheProjectAreRecognised(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.extract(t, "note.txt", []byte("The docket is No. 1:24-cv-01234 of this court."))
	first, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	require.Len(t, first.Result.Entities, 1)
	held := first.Result.Entities[0]
	held.ID = "ent_held"
	second, err := b.Finish(t.Context(), "acme", r, known{key: held}, nil)
	require.NoError(t, err)
	assert.Equal(t, "ent_held", second.Result.Mentions[0].Entity)
}

func TestWhatWasFoundIsConnectedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := b.file(t, "filing.eml", mail("Señor José Muñoz moved to compel in No. 1:24-cv-01234.", textPart("a.txt", "José Muñoz’s motion is GRANTED.")))
	r, err := b.Extract(t.Context(), file, b.dir, nil)
	require.NoError(t, err)
	var found, connected stages
	f, err := b.Find(t.Context(), r, found.observe)
	require.NoError(t, err)
	first, err := b.Connect(t.Context(), "acme", f, resolve.Nothing{}, nil)
	require.NoError(t, err)
	second, err := b.Connect(t.Context(), "acme", f, resolve.Nothing{}, connected.observe)
	require.NoError(t, err)
	assert.Equal(t, first, second)
	whole, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	assert.Equal(t, whole, second)
	assert.Equal(t, stages{batch.StageChunk, batch.StageEntities}, found)
	assert.Equal(t, stages{batch.StageResolve, batch.StageRelate}, connected)
}

func TestAPanicIsADataErrorWithoutItsValue(t *testing.T) {
	t.Parallel()
	const secret = "privileged words of the document"
	for name, value := range map[string]any{"string": secret, "error": errors.New(secret)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.extractor.of["note.txt"] = func() (*document.Content, error) { panic(value) }
			var heard stages
			_, err := b.Extract(t.Context(), b.file(t, "note.txt", []byte("x")), b.dir, heard.observe)
			e, ok := batch.AsError(err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, batch.Data, e.Category)
			assert.Equal(t, "StagePanicked", e.Type)
			assert.Equal(t, stages{batch.StageExtract}, heard, "its time is told all the same")
			assert.Contains(t, b.log.String(), "stage panicked")
			for _, out := range []string{err.Error(), fmt.Sprintf("%+v", err), b.log.String(), fmt.Sprint(pipeline.FailureOf("", err))} {
				assert.NotContains(t, out, secret)
			}
		})
	}
}

func TestErrorsNameTheirStage(t *testing.T) {
	t.Parallel()
	boom := batch.NewError(batch.Transient, "StoreBusy", "the store is busy")
	b := setup(t)
	r := b.extract(t, "note.txt", []byte("Plaintiff José Muñoz appeared."))
	var heard stages
	_, err := b.Finish(t.Context(), "acme", r, known{err: boom}, heard.observe)
	require.ErrorIs(t, err, boom)
	var se *pipeline.StageError
	require.ErrorAs(t, err, &se)
	assert.Equal(t, batch.StageResolve, se.Stage)
	assert.Equal(t, batch.NewFailure(batch.StageResolve, boom), pipeline.FailureOf(batch.StageChunk, err))
	assert.Equal(t, stages{batch.StageChunk, batch.StageEntities, batch.StageResolve}, heard)

	err = b.Run(t.Context(), batch.StageStore, nil, func(context.Context) error { return boom })
	assert.EqualError(t, err, "store: the store is busy")
}

func TestACancelledDocumentStopsAtItsStage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.extract(t, "note.txt", []byte("Plaintiff José Muñoz appeared."))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.Finish(ctx, "acme", r, resolve.Nothing{}, nil)
	require.ErrorIs(t, err, context.Canceled)
	_, categorised := batch.AsError(err)
	assert.False(t, categorised)
}

func TestFailureOfAnUnclassifiedErrorKeepsTheTypeOfItsCause(t *testing.T) {
	t.Parallel()
	cause := &fs.PathError{Op: "open", Path: "/matters/secret.txt", Err: unknownError{}}
	err := &pipeline.StageError{Stage: batch.StageOCR, Err: fmt.Errorf("read secret.txt: %w", cause)}
	f := pipeline.FailureOf(batch.StageFetch, err)
	assert.Equal(t, batch.Permanent, f.Category)
	assert.Equal(t, batch.StageOCR, f.Stage)
	assert.Equal(t, "unclassified error (pipeline_test.unknownError)", f.Message)
	assert.Equal(t, batch.StageFetch, pipeline.FailureOf(batch.StageFetch, cause).Stage, "an error that names no stage")
}

type unknownError struct{}

func (unknownError) Error() string { return "secret" }

func TestStagesAreTimedOnceADocument(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var heard stages
	file := b.file(t, "filing.eml", mail("See attached.", textPart("a.txt", "Order granted."), textPart("b.txt", "Order denied.")))
	r, err := b.Extract(t.Context(), file, b.dir, heard.observe)
	require.NoError(t, err)
	_, err = b.Finish(t.Context(), "acme", r, resolve.Nothing{}, func(stage batch.Stage, took time.Duration) {
		assert.Positive(t, took, "%s", stage)
		heard.observe(stage, took)
	})
	require.NoError(t, err)
	assert.Equal(t, stages{batch.StageExtract, batch.StageChunk, batch.StageEntities, batch.StageResolve, batch.StageRelate}, heard)
}

func TestStagesRunWithinAllThatIsAroundThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var order []string
	around := func(name string) pipeline.Around {
		return func(ctx context.Context, _ batch.Stage, do func(context.Context) error) error {
			order = append(order, name)
			return do(ctx)
		}
	}
	p := b.Pipeline.With(around("inner")).With(around("outer"))
	require.NoError(t, p.Run(t.Context(), batch.StageFetch, nil, func(context.Context) error {
		order = append(order, "work")
		return nil
	}))
	assert.Equal(t, []string{"outer", "inner", "work"}, order)
}
