package pipeline_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/pipeline"
)

// bundle is a pipeline over the built-in readers, with a folder for files.
type bundle struct {
	*pipeline.Pipeline
	extractor  *extractor
	recognizer *recognizer
	log        bytes.Buffer
	dir        string
}

func setup(t *testing.T) *bundle {
	t.Helper()
	b := &bundle{
		extractor:  &extractor{of: map[string]func() (*document.Content, error){}},
		recognizer: &recognizer{of: map[string]func(*document.Content) error{}},
		dir:        t.TempDir(),
	}
	b.extractor.built = extract.New(extract.Limits{}, map[document.Format]extract.Reader{document.FormatPNG: imageReader{}})
	b.Pipeline = pipeline.New(b.extractor, b.recognizer, slog.New(slog.NewTextHandler(&b.log, nil)))
	return b
}

// file writes a file to be read.
func (b *bundle) file(t *testing.T, name string, data []byte) pipeline.File {
	t.Helper()
	path := filepath.Join(b.dir, "source")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return pipeline.File{Path: path, Name: name, SHA256: hash(data), Bytes: int64(len(data))}
}

// extract reads a file and its attachments.
func (b *bundle) extract(t *testing.T, name string, data []byte) *pipeline.Reading {
	t.Helper()
	r, err := b.Extract(t.Context(), b.file(t, name, data), b.dir, nil)
	require.NoError(t, err)
	return r
}

func hash(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// extractor is the real one, but for files of the names in of.
type extractor struct {
	built *extract.Extractor
	of    map[string]func() (*document.Content, error)
}

func (x *extractor) Extract(ctx context.Context, in extract.Input) (*document.Content, error) {
	if answer, ok := x.of[in.Name]; ok {
		return answer()
	}
	return x.built.Extract(ctx, in)
}

// imageReader leaves an image to OCR.
type imageReader struct{}

func (imageReader) Read(context.Context, extract.Input) (*document.Content, error) {
	return &document.Content{Pages: []document.Page{{Number: 1, NeedsOCR: true}}}, nil
}

// recognizer reads the same words on every page, but for files of the names in
// of.
type recognizer struct {
	of   map[string]func(*document.Content) error
	read []string // names of files
}

func (x *recognizer) Recognize(_ context.Context, in extract.Input, c *document.Content, o ocr.Options) error {
	x.read = append(x.read, in.Name)
	if answer, ok := x.of[in.Name]; ok {
		return answer(c)
	}
	for i := range c.Pages {
		if p := &c.Pages[i]; p.NeedsOCR {
			p.Text, p.Source, p.Confidence, p.NeedsOCR = "So ordered. María Pérez, Clerk.", document.TextOCR, 0.9, false
			o.Page(p.Number)
		}
	}
	return nil
}

// png is an image too big to be taken for a signature's decoration. Its first
// bytes are enough for imageReader.
var png = append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"), make([]byte, 10<<10)...)

// part is an attachment of a mail.
type part struct {
	name      string
	mediaType string
	data      []byte
}

func textPart(name, text string) part { return part{name, "text/plain", []byte(text)} }

// mail is a message with attachments.
func mail(body string, parts ...part) []byte {
	var b strings.Builder
	b.WriteString("From: Ana Ruiz <ana@example.com>\r\nTo: clerk@example.org\r\nDate: Mon, 02 Mar 2026 09:00:00 +0000\r\n" +
		"Subject: Filing\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"cut\"\r\n\r\n" +
		"--cut\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + body + "\r\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "--cut\r\nContent-Type: %s; name=%q\r\nContent-Disposition: attachment; filename=%q\r\n"+
			"Content-Transfer-Encoding: base64\r\n\r\n%s\r\n", p.mediaType, p.name, p.name, base64.StdEncoding.EncodeToString(p.data))
	}
	b.WriteString("--cut--\r\n")
	return []byte(b.String())
}

func mailPart(name string, message []byte) part { return part{name, "message/rfc822", message} }

// stages records what an Observer hears.
type stages []batch.Stage

func (s *stages) observe(stage batch.Stage, _ time.Duration) { *s = append(*s, stage) }

func attachmentNames(r *pipeline.Reading) []string {
	var names []string
	for _, a := range r.Attachments {
		names = append(names, a.File.Name)
	}
	return names
}
