package pipeline_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/resolve"
)

// archive is a zip of parts.
func archive(t *testing.T, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		require.NoError(t, err)
		_, err = w.Write(p.data)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func TestMembersOfArchivesAreDocumentsOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	inner := archive(t, textPart("deep.txt", "Deposition of Carla Gómez."))
	r := b.extract(t, "production.zip", archive(t, textPart("vol 1/note.txt", "The order."), part{"vol 1/inner.zip", "", inner},
		part{"fwd.eml", "", mail("See attached.", part{"x.zip", "application/zip", inner})}, textPart("../out.txt", "secret")))
	require.Equal(t, []string{"vol 1/note.txt", "vol 1/inner.zip", "deep.txt", "fwd.eml", "x.zip", "deep.txt", "../out.txt"}, attachmentNames(r))
	refused := r.Attachments[6]
	require.NotNil(t, refused.Failure)
	assert.Equal(t, "UnsafeMember", refused.Failure.Type)
	assert.Equal(t, batch.Data, refused.Failure.Category)
	assert.EqualValues(t, len("secret"), refused.File.Bytes)
	for _, a := range r.Attachments[:6] {
		require.Nil(t, a.Failure, a.File.Name)
		_, err := os.Stat(a.File.Path)
		require.NoError(t, err)
	}
	doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	assert.Empty(t, doc.Result.Text)
	require.Len(t, doc.Attachments, 7)
	assert.Equal(t, "Deposition of Carla Gómez.", doc.Attachments[2].Result.Text)
	assert.Equal(t, document.FormatZIP, doc.Attachments[4].Result.Format)
	assert.Nil(t, doc.Attachments[6].Result)
}

func TestMessagesOfAMailboxAreDocumentsOfTheirOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var box bytes.Buffer
	for i := range 3 {
		fmt.Fprintf(&box, "From a Fri\n%s\n", mail(fmt.Sprintf("Message %d.", i), textPart("note.txt", "The note.")))
	}
	r := b.extract(t, "a.mbox", box.Bytes())
	assert.Equal(t, []string{"message-1.eml", "note.txt", "message-2.eml", "note.txt", "message-3.eml", "note.txt"}, attachmentNames(r))
	assert.Contains(t, r.Attachments[4].Content.Pages[0].Text, "Message 2.")
}

func TestArchivesNestedTooDeepAreNotRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.Within(pipeline.Limits{Depth: 2})
	data := archive(t, textPart("a.txt", "deep"))
	for range 3 {
		data = archive(t, part{"a.zip", "", data})
	}
	r, err := p.Extract(t.Context(), b.file(t, "a.zip", data), b.dir, nil)
	require.NoError(t, err)
	require.Len(t, r.Attachments, 3)
	assert.Equal(t, "NestedTooDeep", r.Attachments[2].Failure.Type)
	assert.Equal(t, []string{document.WarnPartial}, []string{r.Content.Warnings[0].Code})
}

func TestAttachmentsTogetherAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	p := b.Within(pipeline.Limits{Unpacked: 2000})
	word := textPart("a.txt", strings.Repeat("a", 500))
	inner := part{"b.zip", "", archive(t, word, word)}
	r, err := p.Extract(t.Context(), b.file(t, "a.zip", archive(t, inner, inner, inner)), b.dir, nil)
	require.NoError(t, err)
	assert.Less(t, len(r.Attachments), 9)
	var sum int64
	for _, a := range r.Attachments {
		sum += a.File.Bytes
	}
	assert.LessOrEqual(t, sum, int64(2000))
	require.NotEmpty(t, r.Content.Warnings)
	assert.Equal(t, document.WarnPartial, r.Content.Warnings[0].Code)
	assert.Contains(t, r.Content.Warnings[0].Message, "of 2000 bytes at most together")
}

func TestBatesNumbersAreFoundInRecognisedPages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.extractor.of["scan.pdf"] = func() (*document.Content, error) {
		return &document.Content{Format: document.FormatPDF, Pages: []document.Page{{Number: 1, NeedsOCR: true}, {Number: 2, NeedsOCR: true}}}, nil
	}
	b.recognizer.of["scan.pdf"] = func(c *document.Content) error {
		for i := range c.Pages {
			c.Pages[i].Text, c.Pages[i].NeedsOCR = fmt.Sprintf("The order.\n\nABC%07d", 41+i), false
		}
		return nil
	}
	r := b.extract(t, "scan.pdf", []byte("x"))
	require.NoError(t, b.Recognize(t.Context(), r, nil, nil))
	doc, err := b.Finish(t.Context(), "acme", r, resolve.Nothing{}, nil)
	require.NoError(t, err)
	assert.Equal(t, "ABC0000041", doc.Result.Metadata["bates-begin"])
	assert.Equal(t, "ABC0000042", doc.Result.Metadata["bates-end"])
	assert.Equal(t, "ABC0000042", r.Content.Metadata["bates-end"], "which what is saved is made of")
}
