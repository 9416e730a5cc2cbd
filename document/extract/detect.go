package extract

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"github.com/caseload/caseload/document"
)

// headBytes is how much of the beginning of a file is looked at, tailBytes how
// much of the end.
const (
	headBytes = 64 << 10
	tailBytes = 2 << 10
)

// DetectFile tells the format and media type of a file. Errors are as for
// Extractor.Extract; an UnsupportedFormat error names the media type found.
func DetectFile(ctx context.Context, in Input) (document.Format, string, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return "", "", fileError(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", "", fileError(err)
	}
	return Detect(ctx, f, info.Size(), in.Name)
}

// Detect tells the format and media type of size bytes. Only between plain text,
// Markdown, small tables and mail without a mail program's fields does name decide. Errors are as for DetectFile.
//
// The order matters: signatures at the very beginning come first; then mail,
// whose attachments may hold any signature; then a PDF that junk precedes; then
// markup; and text, which anything may resemble, last.
func Detect(ctx context.Context, r io.ReaderAt, size int64, name string) (document.Format, string, error) {
	if size == 0 {
		return "", "", errEmpty()
	}
	ra := contextReaderAt{ctx, r}
	head, err := section(ra, 0, min(size, headBytes))
	if err != nil {
		return "", "", fileError(err)
	}
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		return document.FormatPDF, "application/pdf", nil
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return document.FormatPNG, "image/png", nil
	case bytes.HasPrefix(head, []byte("\xFF\xD8\xFF")):
		return document.FormatJPEG, "image/jpeg", nil
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")),
		bytes.HasPrefix(head, []byte("II+\x00")), bytes.HasPrefix(head, []byte("MM\x00+")):
		return document.FormatTIFF, "image/tiff", nil
	case bytes.HasPrefix(trimStart(head), []byte(`{\rtf`)):
		return document.FormatRTF, "application/rtf", nil
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")), bytes.HasPrefix(head, []byte("PK\x07\x08")):
		return detectZip(ra, size, head)
	case isWPD(head):
		return document.FormatWPD, "application/vnd.wordperfect", nil
	case bytes.HasPrefix(head, oleSignature):
		return detectOLE(ra, size, head)
	case isMail(head), isBareMail(head) && (postmark.Match(trimStart(head)) || ClaimedFormat(name) == string(document.FormatEML)):
		if bytes.HasPrefix(trimStart(head), []byte("From ")) {
			if several, err := isMailbox(ra, size); err != nil {
				return "", "", fileError(err)
			} else if several {
				return document.FormatMBOX, "application/mbox", nil
			}
		}
		return document.FormatEML, "message/rfc822", nil
	}
	if pdf, err := isPrecededPDF(ra, size, head); err != nil {
		return "", "", fileError(err)
	} else if pdf {
		return document.FormatPDF, "application/pdf", nil
	}
	if bytes.HasPrefix(head, []byte("%!PS")) {
		return "", "", errUnsupported("application/postscript")
	}
	text, cs, lost := decodeText(head, "")
	if cs != csUTF8 && int64(len(head)) < size {
		lost = max(lost-1, 0) // the last character may be cut in two
	}
	if !textual(text, lost) {
		return "", "", errUnsupported(mediaTypeOf(head))
	}
	if isHTML(text) {
		return document.FormatHTML, "text/html", nil
	}
	if isCSV(text, name, int64(len(head)) < size) {
		return document.FormatCSV, csvMediaType(name), nil
	}
	format, mediaType := textFormat(name)
	return format, mediaType, nil
}

// trimStart is b without byte order mark and white space at its beginning.
func trimStart(b []byte) []byte {
	return bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")), " \t\r\n")
}

// mediaTypeOf names what unsupported bytes are. What stands before a PDF in them
// counts first: an archive holds the PDF.
func mediaTypeOf(head []byte) string {
	if at := bytes.Index(head, []byte("%PDF-")); at > 0 {
		head = head[:at]
	}
	mediaType, _, _ := strings.Cut(mimetype.Detect(head).String(), ";")
	return mediaType
}

var pdfHeader = regexp.MustCompile(`%PDF-[0-9]\.[0-9]`)

// isPrecededPDF finds a PDF that does not begin with its header, as scanners and
// mail gateways leave them. Text that merely quotes a header neither holds
// binary bytes nor ends as a PDF does.
func isPrecededPDF(r io.ReaderAt, size int64, head []byte) (bool, error) {
	at := pdfHeader.FindIndex(head)
	if at == nil {
		return false, nil
	}
	switch m := mediaTypeOf(head); {
	case m == "application/octet-stream", strings.HasPrefix(m, "text/"):
	default: // an archive, a disk image: it holds a PDF, it is none
		return false, nil
	}
	if body := head[at[1]:]; bytes.IndexByte(body, 0) >= 0 {
		return true, nil
	}
	n := min(size, tailBytes)
	tail, err := section(r, size-n, n)
	return bytes.Contains(tail, []byte("startxref")) || bytes.Contains(tail, []byte("%%EOF")), err
}

// htmlStart is an element that only HTML begins with, after comments, an XML
// declaration and a doctype.
var htmlStart = regexp.MustCompile(`(?is)^(?:\s|<!--.*?-->|<\?xml[^>]*>|<!doctype\s+html[^>]*>)*` +
	`(?:<!doctype\s+html|<(?:html|head|body|title|meta|link|base|script|style|div|p|table|tbody|tr|td|h[1-6]|ul|ol|span|center|font|br|hr|a|b|i|u|pre|blockquote|section|article|main|header|iframe)(?:\s[^<>]*)?/?>)`)

func isHTML(text string) bool {
	return htmlStart.MatchString(strings.TrimPrefix(text[:min(len(text), headBytes)], "\uFEFF"))
}

// section reads n bytes from offset on, or fewer if the file ends before.
func section(r io.ReaderAt, offset, n int64) ([]byte, error) {
	b := make([]byte, n)
	got, err := r.ReadAt(b, offset)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return b[:got], err
}

// contextReaderAt is r until ctx ends.
type contextReaderAt struct {
	ctx context.Context
	r   io.ReaderAt
}

func (c contextReaderAt) ReadAt(p []byte, off int64) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.ReadAt(p, off)
}
