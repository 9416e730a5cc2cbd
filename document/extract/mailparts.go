package extract

import (
	"context"
	"fmt"
	"mime"
	"strings"

	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"
	htmlcharset "golang.org/x/net/html/charset"

	"github.com/caseload/caseload/document"
)

// signatureImageBytes is the size up to which an inline image is taken for the
// decoration of a signature.
const signatureImageBytes = 8 << 10

// mailWalker sorts a message's parts into bodies and attachments.
type mailWalker struct {
	ctx      context.Context
	limits   Limits
	bodies   []string
	parts    []document.Part
	warnings []document.Warning
	lost     int // characters that could not be decoded
	over     int // attachments over MaxParts
}

// walk takes p and what is below it.
func (w *mailWalker) walk(p *enmime.Part) error {
	if err := w.ctx.Err(); err != nil {
		return fileError(err)
	}
	switch {
	case p.ContentType == "multipart/alternative":
		return w.alternative(p)
	case p.FirstChild != nil:
		for c := p.FirstChild; c != nil; c = c.NextSibling {
			if err := w.walk(c); err != nil {
				return err
			}
		}
		return nil
	case isBody(p):
		return w.body(p)
	}
	w.attachment(p)
	return nil
}

// alternative takes the first plain text that is not blank, otherwise the last
// of the others, which is the richest. Attachments inside any of them are kept.
func (w *mailWalker) alternative(p *enmime.Part) error {
	before := len(w.bodies)
	chosen := ""
	plain := false
	for c := p.FirstChild; c != nil; c = c.NextSibling {
		if err := w.walk(c); err != nil {
			return err
		}
		text := strings.Join(w.bodies[before:], "\n\n")
		w.bodies = w.bodies[:before]
		if strings.TrimSpace(text) == "" || plain {
			continue
		}
		chosen, plain = text, c.ContentType == "text/plain" || c.ContentType == ""
	}
	if chosen != "" {
		w.bodies = append(w.bodies, chosen)
	}
	return nil
}

// isBody says whether a part is text to be read in place.
func isBody(p *enmime.Part) bool {
	if disposition(p) == "attachment" || p.FileName != "" {
		return p.Parent == nil && disposition(p) != "attachment" && isText(p)
	}
	return isText(p)
}

func isText(p *enmime.Part) bool {
	switch p.ContentType {
	case "", "text/plain", "text/html", "message/delivery-status", "message/disposition-notification":
		return true
	}
	return strings.HasPrefix(p.ContentType, "multipart/") // one without parts
}

func disposition(p *enmime.Part) string {
	if p.Disposition != "" {
		return strings.ToLower(p.Disposition)
	}
	d, _, _, err := mediatype.Parse(p.Header.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	return d
}

func (w *mailWalker) body(p *enmime.Part) error {
	raw := transferDecode(p.Header.Get("Content-Transfer-Encoding"), p.Content)
	if int64(len(raw)) > w.limits.MaxTextBytes {
		raw = raw[:w.limits.MaxTextBytes+1] // one over, so that the cut is seen
	}
	if p.ContentType == "text/html" {
		label := p.Charset
		if label == "" {
			label = htmlCharset(raw).name
		}
		text, _, lost := decodeText(raw, label)
		w.lost += lost
		text, err := htmlText(w.ctx, text, w.limits)
		w.bodies = append(w.bodies, text)
		return err
	}
	text, _, lost := decodeText(raw, p.Charset)
	if !textual(text, lost) {
		w.leaveOut(fmt.Sprintf("a body of %d bytes that is no text", len(raw)))
		return nil
	}
	w.lost += lost
	if _, params, _, err := mediatype.Parse(p.Header.Get("Content-Type")); err == nil && strings.EqualFold(params["format"], "flowed") {
		text = unflow(text)
	}
	w.bodies = append(w.bodies, text)
	return nil
}

// unflow joins the soft-broken lines of a format=flowed body (RFC 3676): those
// that end in a space and are not the signature's separator.
func unflow(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		body := strings.TrimRight(line, "\r\n")
		if strings.HasSuffix(body, " ") && body != "-- " && !strings.HasPrefix(body, ">") {
			b.WriteString(body)
			continue
		}
		b.WriteString(line)
	}
	return b.String()
}

// attachment keeps a part, within the limits.
func (w *mailWalker) attachment(p *enmime.Part) {
	data := transferDecode(p.Header.Get("Content-Transfer-Encoding"), p.Content)
	kind := p.ContentType
	inline := disposition(p) != "attachment" && (p.ContentID != "" || disposition(p) == "inline")
	switch {
	case len(data) == 0:
		w.leaveOut("an empty attachment")
	case strings.HasPrefix(kind, "image/") && inline && len(data) <= signatureImageBytes:
		w.leaveOut(fmt.Sprintf("a small inline image of %d bytes", len(data)))
	case kind == "application/pkcs7-signature", kind == "application/x-pkcs7-signature", kind == "application/pgp-signature":
		w.leaveOut(fmt.Sprintf("a digital signature of %d bytes", len(data)))
	case int64(len(data)) > w.limits.MaxPartBytes:
		w.leaveOut(fmt.Sprintf("an attachment of %d bytes, over the limit of %d,", len(data), w.limits.MaxPartBytes))
	case len(w.parts) == w.limits.MaxParts:
		w.over++
	default:
		w.parts = append(w.parts, document.Part{Name: partName(p), MediaType: kind, Data: data})
	}
}

func (w *mailWalker) leaveOut(what string) {
	w.warnings = append(w.warnings, document.Warning{Code: document.WarnAttachmentLeftOut, Message: what + " is left out"})
}

// partName is an attachment's file name without folders and control characters.
func partName(p *enmime.Part) string {
	name := p.FileName
	if name == "" && p.ContentType == "message/rfc822" {
		name = "message.eml"
	}
	return fileName(name)
}

// fileName is a name without folders and control characters.
func fileName(name string) string {
	name = strings.ReplaceAll(Normalize(name), "\n", " ")
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	return cutString(strings.TrimSpace(name), 255)
}

// headerValue is a field's value with its encoded words decoded, the values of
// a repeated field separated by commas.
func headerValue(p *enmime.Part, name string) string {
	words := mime.WordDecoder{CharsetReader: htmlcharset.NewReaderLabel}
	values := p.Header.Values(name)
	out := make([]string, 0, len(values))
	for _, v := range values {
		text, _, _ := decodeText([]byte(v), "")
		if decoded, err := words.DecodeHeader(text); err == nil {
			text = decoded
		}
		if text = strings.Join(strings.Fields(Normalize(text)), " "); text != "" {
			out = append(out, text)
		}
	}
	return strings.Join(out, ", ")
}
