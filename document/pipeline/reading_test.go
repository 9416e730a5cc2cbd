package pipeline_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
)

func TestAttachmentsAreDocumentsOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	note := []byte("Peticiones de José Núñez, plaintiff.")
	inner := mail("The inner message.", textPart("deep.txt", "Deposition of Carla Gómez."))
	r := b.extract(t, "filing.eml", mail("See attached.", part{"note.txt", "text/plain", note}, mailPart("fwd.eml", inner), textPart("last.txt", "The end.")))
	require.Equal(t, []string{"note.txt", "fwd.eml", "deep.txt", "last.txt"}, attachmentNames(r), "nested ones follow the mail that holds them")
	assert.Empty(t, r.Content.Parts, "their bytes are on disk")
	a := r.Attachments[0]
	assert.Equal(t, hash(note), a.File.SHA256)
	assert.EqualValues(t, len(note), a.File.Bytes)
	onDisk, err := os.ReadFile(a.File.Path)
	require.NoError(t, err)
	assert.Equal(t, note, onDisk)

	doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	require.Len(t, doc.Attachments, 4)
	assert.Equal(t, string(note), doc.Attachments[0].Result.Text)
	assert.Equal(t, hash(note), doc.Attachments[0].Result.SHA256)
	assert.Contains(t, doc.Attachments[1].Result.Text, "The inner message.")
	assert.Equal(t, document.FormatEML, doc.Attachments[1].Result.Format)
	assert.Equal(t, "Deposition of Carla Gómez.", doc.Attachments[2].Result.Text)
	assert.Contains(t, doc.Result.Text, "See attached.")
	assert.NotContains(t, doc.Result.Text, "Peticiones")
	require.Len(t, doc.Result.Parts, 4)
	assert.Equal(t, document.PartInfo{Name: "note.txt", MediaType: "text/plain", SHA256: hash(note), Bytes: int64(len(note))}, doc.Result.Parts[0])
}

func TestABrokenAttachmentFailsAlone(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer func() (*document.Content, error)
		want   batch.Failure
	}{
		"corrupt": {
			func() (*document.Content, error) {
				return nil, batch.NewError(batch.Data, "CorruptDocument", "the file is damaged")
			},
			batch.NewFailure(batch.StageExtract, batch.NewError(batch.Data, "CorruptDocument", "the file is damaged")),
		},
		"unclassified": {
			func() (*document.Content, error) { return nil, fmt.Errorf("read secret.txt: %w", os.ErrInvalid) },
			batch.NewFailure(batch.StageExtract, &batch.Error{Category: batch.Permanent, Type: "Unclassified",
				Message: "unclassified error (*errors.errorString)", Rule: "default"}),
		},
		"panics": {
			func() (*document.Content, error) { panic("secret") },
			batch.NewFailure(batch.StageExtract, batch.NewError(batch.Data, "StagePanicked", "the document made the extract stage panic (string)")),
		},
		"blank": {
			func() (*document.Content, error) {
				return &document.Content{Pages: []document.Page{{Number: 1, Text: " \n\t"}}}, nil
			},
			batch.NewFailure(batch.StageExtract, batch.NewError(batch.Data, "NoText", "no text was found in the document")),
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.extractor.of["bad.txt"] = tt.answer
			r := b.extract(t, "filing.eml", mail("See attached.", textPart("bad.txt", "x"), textPart("good.txt", "Order granted.")))
			doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
			require.NoError(t, err)
			require.Len(t, doc.Attachments, 2)
			bad, good := doc.Attachments[0], doc.Attachments[1]
			assert.Nil(t, bad.Result)
			require.NotNil(t, bad.Failure)
			assert.Equal(t, tt.want, *bad.Failure)
			assert.NotContains(t, b.log.String(), "secret")
			assert.Nil(t, good.Failure)
			assert.Equal(t, "Order granted.", good.Result.Text)
			assert.Len(t, doc.Result.Parts, 2, "the mail lists what failed too")
		})
	}
}

func TestAnEnvironmentsErrorInAnAttachmentStopsTheDocument(t *testing.T) {
	t.Parallel()
	for _, category := range []batch.Category{batch.Transient, batch.Resource, batch.RateLimit, batch.Configuration} {
		t.Run(string(category), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.extractor.of["bad.txt"] = func() (*document.Content, error) { return nil, batch.NewError(category, "Passing", "wait") }
			r, err := b.Extract(t.Context(), b.file(t, "filing.eml", mail("See attached.", textPart("bad.txt", "x"))), b.dir, nil)
			assert.Nil(t, r)
			f := pipeline.FailureOf("", err)
			assert.Equal(t, category, f.Category)
			assert.Equal(t, batch.StageExtract, f.Stage)
		})
	}
}

func TestACancelledAttachmentStopsTheDocument(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.extractor.of["bad.txt"] = func() (*document.Content, error) {
		cancel()
		return nil, batch.NewError(batch.Data, "CorruptDocument", "cut short by the cancellation")
	}
	_, err := b.Extract(ctx, b.file(t, "filing.eml", mail("See attached.", textPart("bad.txt", "x"))), b.dir, nil)
	require.Error(t, err)
}

func TestAttachmentsOverTheLimitAreLeftOutWithAWarning(t *testing.T) {
	t.Parallel()
	many := func(n int) []part {
		parts := make([]part, n)
		for i := range parts {
			parts[i] = textPart("note.txt", fmt.Sprintf("Note %d.", i))
		}
		return parts
	}
	// Each mail that holds the last ones has more itself: one warning is enough.
	nested := mailPart("fwd.eml", mail("Forwarded.", many(pipeline.MaxAttachments)...))
	tests := map[string]struct {
		mail     []byte
		read     int
		warnings []document.Warning
	}{
		"at the limit": {mail("All.", many(pipeline.MaxAttachments)...), pipeline.MaxAttachments, nil},
		"over it": {mail("All.", many(pipeline.MaxAttachments+1)...), pipeline.MaxAttachments,
			[]document.Warning{{Code: "partial", Message: "only the first 200 attachments were read"}}},
		"over it in the last attachment": {mail("All.", nested), pipeline.MaxAttachments,
			[]document.Warning{{Code: "partial", Message: "only the first 200 attachments were read"}}},
		"over it in a nested mail": {mail("All.", nested, textPart("last.txt", "Last.")), pipeline.MaxAttachments,
			[]document.Warning{{Code: "partial", Message: "only the first 200 attachments were read"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			got := b.extract(t, "all.eml", tt.mail)
			assert.Len(t, got.Attachments, tt.read)
			assert.Equal(t, tt.warnings, got.Content.Warnings)
		})
	}
}

func TestMailsNestedTooDeepAreNotRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	message := mail("Beyond the limit.")
	for range pipeline.MaxDepth + 1 {
		message = mail("Forwarded.", mailPart("fwd.eml", message))
	}
	r := b.extract(t, "outer.eml", message)
	require.Len(t, r.Attachments, pipeline.MaxDepth+1)
	for i, a := range r.Attachments[:pipeline.MaxDepth] {
		assert.Nil(t, a.Failure, "attachment %d", i)
	}
	last := r.Attachments[pipeline.MaxDepth]
	require.NotNil(t, last.Failure)
	assert.Equal(t, "NestedTooDeep", last.Failure.Type)
	assert.Equal(t, batch.Data, last.Failure.Category)
	assert.Nil(t, last.Content)
}

func TestWorkFolderErrorsAreTheWorkersOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := b.file(t, "filing.eml", mail("See attached.", textPart("note.txt", "Order granted.")))
	gone := filepath.Join(b.dir, "gone")
	_, err := b.Extract(t.Context(), file, gone, nil)
	f := pipeline.FailureOf("", err)
	assert.Equal(t, batch.Transient, f.Category, "%v", err)
	assert.Equal(t, "WorkFolder", f.Type)
	assert.NotContains(t, err.Error(), gone)

	taken := filepath.Join(b.dir, "taken")
	require.NoError(t, os.WriteFile(taken, nil, 0o600))
	_, err = b.Extract(t.Context(), file, taken, nil)
	assert.Equal(t, batch.Resource, pipeline.FailureOf("", err).Category, "%v", err)
}

func TestOCRFillsInThePagesThatNeedItWhereverTheyAre(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.extract(t, "filing.eml", mail("See attached.", part{"scan.png", "image/png", png}, textPart("note.txt", "Noted.")))
	require.True(t, r.NeedsOCR())

	// Another worker goes on from the serialised form.
	payload, err := json.Marshal(r)
	require.NoError(t, err)
	var restored pipeline.Reading
	require.NoError(t, json.Unmarshal(payload, &restored))

	pages := 0
	var heard stages
	require.NoError(t, b.Recognize(t.Context(), &restored, func() { pages++ }, heard.observe))
	assert.Equal(t, 1, pages)
	assert.Equal(t, stages{batch.StageOCR}, heard)
	assert.Equal(t, []string{"scan.png"}, b.recognizer.read, "files that have their text are not recognised")
	assert.False(t, restored.NeedsOCR())
	doc, err := b.Finish(t.Context(), "acme", &restored, resolve.Nothing{}, nil)
	require.NoError(t, err)
	scan := doc.Attachments[0].Result
	assert.Equal(t, "So ordered. María Pérez, Clerk.", scan.Text)
	assert.Equal(t, []document.PageInfo{{Number: 1, Span: document.Span{End: 31}, Source: document.TextOCR, Confidence: 0.9}}, scan.Pages)

	require.NoError(t, b.Recognize(t.Context(), &restored, nil, nil))
	assert.Len(t, b.recognizer.read, 1, "recognised pages are not recognised again")
}

func TestOCRFailures(t *testing.T) {
	t.Parallel()
	data := func(*document.Content) error {
		return batch.NewError(batch.Data, "CorruptImage", "the image is damaged")
	}
	full := func(*document.Content) error { return batch.NewError(batch.Resource, "NoSpace", "the disk is full") }
	panics := func(*document.Content) error { panic("secret") }

	t.Run("of an attachment is its own", func(t *testing.T) {
		t.Parallel()
		for typ, answer := range map[string]func(*document.Content) error{"CorruptImage": data, "StagePanicked": panics} {
			b := setup(t)
			b.recognizer.of["scan.png"] = answer
			r := b.extract(t, "filing.eml", mail("See attached.", part{"scan.png", "image/png", png}))
			require.NoError(t, b.Recognize(t.Context(), r, nil, nil))
			require.NotNil(t, r.Attachments[0].Failure)
			assert.Equal(t, typ, r.Attachments[0].Failure.Type)
			assert.Equal(t, batch.StageOCR, r.Attachments[0].Failure.Stage)
			assert.False(t, r.NeedsOCR(), "the document goes on without it")
		}
	})
	t.Run("of the worker stops the document", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.recognizer.of["scan.png"] = full
		r := b.extract(t, "filing.eml", mail("See attached.", part{"scan.png", "image/png", png}))
		err := b.Recognize(t.Context(), r, nil, nil)
		assert.Equal(t, batch.NewFailure(batch.StageOCR, full(nil)), pipeline.FailureOf("", err))
	})
	t.Run("of the document itself", func(t *testing.T) {
		t.Parallel()
		b := setup(t)
		b.recognizer.of["scan.png"] = data
		r := b.extract(t, "scan.png", png)
		err := b.Recognize(t.Context(), r, nil, nil)
		assert.Equal(t, batch.NewFailure(batch.StageOCR, data(nil)), pipeline.FailureOf("", err))
	})
}

func TestADocumentWithoutTextFails(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.recognizer.of["blank.png"] = func(c *document.Content) error { c.Pages[0].NeedsOCR = false; return nil }
	r := b.extract(t, "blank.png", png)
	require.NoError(t, b.Recognize(t.Context(), r, nil, nil))
	_, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	f := pipeline.FailureOf("", err)
	assert.Equal(t, "NoText", f.Type)
	assert.Equal(t, batch.Data, f.Category)
	assert.Equal(t, batch.StageExtract, f.Stage)
}

func TestAMailWithoutTextKeepsItsAttachments(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, rest, _ := bytes.Cut(mail("", textPart("note.txt", "Order granted.")), []byte("MIME-Version"))
	r := b.extract(t, "filing.eml", append([]byte("Message-ID: <1@example.com>\r\nMIME-Version"), rest...))
	require.Equal(t, document.FormatEML, r.Content.Format)
	doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	assert.Empty(t, doc.Result.Text)
	assert.Empty(t, doc.Result.Chunks)
	assert.Equal(t, "Order granted.", doc.Attachments[0].Result.Text)
}

func TestLimitsThatLeaveSomethingOutSayWhat(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.Within(pipeline.Limits{Mentions: 2, Depth: 1})
	r, err := p.Extract(t.Context(), b.file(t, "filing.eml", mail("Ms. Jane Doe paid $5 to Mr. John Roe on March 4, 2024.", mailPart("a.eml", mail("A.", textPart("b.txt", "B."))))), b.dir, nil)
	require.NoError(t, err)
	require.Len(t, r.Attachments, 2)
	assert.Equal(t, "NestedTooDeep", r.Attachments[1].Failure.Type)
	doc, err := p.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	assert.Len(t, doc.Result.Mentions, 2)
	assert.Equal(t, []document.Warning{
		{Code: document.WarnPartial, Message: "attachments nested more than 1 deep are not read"},
		{Code: document.WarnPartial, Message: "only the first 2 mentions are kept, the limit"},
	}, doc.Result.Warnings)
}

func TestDocumentThatTakesTooLongIsStopped(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := pipeline.New(endless{}, endless{}, slog.New(slog.DiscardHandler)).Within(pipeline.Limits{Time: time.Millisecond})
	_, err := p.Extract(t.Context(), b.file(t, "slow.txt", []byte("x")), b.dir, nil)
	e, ok := batch.AsError(err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, batch.Data, e.Category)
	assert.Equal(t, pipeline.TypeTimeLimit, e.Type)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = p.Extract(ctx, b.file(t, "stopped.txt", []byte("x")), b.dir, nil)
	assert.ErrorIs(t, err, context.Canceled, "a batch that is cancelled is no document's fault")
}

func TestPagesNotRecognisedInTimeAreLeftOut(t *testing.T) {
	t.Parallel()
	p := pipeline.New(endless{}, endless{}, slog.New(slog.DiscardHandler)).Within(pipeline.Limits{OCRTime: time.Millisecond})
	content := func(done string) *pipeline.Reading {
		return &pipeline.Reading{Content: &document.Content{Pages: []document.Page{
			{Number: 1, Text: done, NeedsOCR: done == ""}, {Number: 2, NeedsOCR: true}, {Number: 3, NeedsOCR: true},
		}}}
	}
	r := content("The first page.")
	require.NoError(t, p.Recognize(t.Context(), r, nil, nil))
	assert.False(t, r.NeedsOCR())
	assert.Equal(t, []document.Warning{{Code: document.WarnPartial, Message: "the text of 2 pages was not recognised in the limit of 1ms"}}, r.Content.Warnings)

	e, ok := batch.AsError(p.Recognize(t.Context(), content(""), nil, nil))
	require.True(t, ok)
	assert.Equal(t, pipeline.TypeTimeLimit, e.Type)
}

// TestAttachmentsNotLookedThroughInTimeAreLeftOut has one stage of the third document
// of a mail, the second attachment, take all the time there is.
func TestAttachmentsNotLookedThroughInTimeAreLeftOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for stage, text := range map[batch.Stage]string{batch.StageEntities: "Order granted.", batch.StageRelate: "Order granted.", batch.StageChunk: ""} {
		r := b.extract(t, "filing.eml", mail(text, textPart("a.txt", "A."), textPart("b.txt", "B."), textPart("c.txt", "C.")))
		n := 0
		p := b.Within(pipeline.Limits{Time: time.Second}).With(func(ctx context.Context, s batch.Stage, do func(context.Context) error) error {
			if s == stage {
				if n++; n == 3 {
					<-ctx.Done()
				}
			}
			return do(ctx)
		})
		doc, err := p.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
		require.NoError(t, err)
		require.Len(t, doc.Attachments, 1)
		assert.Equal(t, "A.", doc.Attachments[0].Result.Text)
		assert.Contains(t, doc.Result.Warnings, document.Warning{Code: document.WarnPartial, Message: "only the first 1 attachments were looked through in the limit of 1s"})
	}
}

// endless reads for as long as it may.
type endless struct{}

func (endless) Extract(ctx context.Context, _ extract.Input) (*document.Content, error) {
	<-ctx.Done()
	return nil, fmt.Errorf("extract: %w", ctx.Err())
}

func (endless) Recognize(ctx context.Context, _ extract.Input, _ *document.Content, _ ocr.Options) error {
	<-ctx.Done()
	return fmt.Errorf("recognise text: %w", ctx.Err())
}
