package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"

	"github.com/caseload/caseload/document"
)

// mailReader reads single messages of RFC 5322 with MIME parts. The text begins
// with the header as a person would see it; attachments become parts.
type mailReader struct{ limits Limits }

// headerFields are the fields shown above the body, in this order.
var headerFields = []string{"From", "To", "Cc", "Bcc", "Date", "Subject"}

// metadataFields are further fields kept as metadata.
var metadataFields = []string{"Message-ID", "In-Reply-To", "References", "Reply-To", "Sender", "Thread-Topic", "Thread-Index"}

// Read reads a message. Messages over MaxContainerBytes are refused; attachments
// beyond MaxParts and MaxPartBytes are left out with a warning. A message whose
// body is encrypted is an EncryptedDocument error.
func (m mailReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	raw, more, err := readCapped(ctx, in.Path, m.limits.MaxContainerBytes)
	if err != nil {
		return nil, err
	}
	if more {
		return nil, errTooLarge("the message", m.limits.MaxContainerBytes)
	}
	raw = singleMessage(raw)
	guard := &mimeGuard{limits: m.limits}
	parser := enmime.NewParser(
		enmime.RawContent(true), // attachments are kept byte for byte, bodies decoded by decodeText
		enmime.SkipMalformedParts(true),
		enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.MaxStoredPartErrors(10),
		enmime.SetCustomParseMediaType(guard.parse),
	)
	root, err := parser.ReadParts(contextReader{ctx, bytes.NewReader(raw)})
	if err != nil {
		if ctx.Err() != nil {
			return nil, fileError(err)
		}
		return nil, errCorrupt("the message's structure is damaged").Wrap(err)
	}
	if encryptedMail(root) {
		return nil, errEncrypted("the message")
	}
	w := &mailWalker{ctx: ctx, limits: m.limits}
	if err := w.walk(root); err != nil {
		return nil, err
	}
	c := &document.Content{Metadata: metadata{}, Parts: w.parts, Warnings: w.warnings}
	f := newFlow(m.limits)
	writeHeader(f, root, c.Metadata)
	f.paragraph()
	for _, body := range w.bodies {
		f.passage(body)
	}
	pages, warnings, err := f.finish()
	if err != nil {
		if len(c.Parts) == 0 {
			return nil, err
		}
		pages = []document.Page{{Number: 1, Source: document.TextLayer}}
	}
	c.Pages = pages
	c.Warnings = append(append(c.Warnings, warnings...), undecodable(w.lost)...)
	if w.over > 0 {
		left := fmt.Sprintf("; %d are left out", w.over)
		if guard.exceeded { // there are more, which were not looked at
			left = ""
		}
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPartial,
			Message: fmt.Sprintf("only the first %d attachments are kept, the limit%s", m.limits.MaxParts, left)})
	}
	if guard.exceeded && w.over == 0 || structureLost(root) {
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPartial, Message: "parts of the message are damaged or nested too deep and are left out"})
	}
	return c, nil
}

// singleMessage drops the line that a mailbox puts before a message.
func singleMessage(raw []byte) []byte {
	raw = bytes.TrimLeft(bytes.TrimPrefix(raw, []byte("\xEF\xBB\xBF")), "\r\n")
	if bytes.HasPrefix(raw, []byte("From ")) {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	return raw
}

// mimeGuard bounds the tree that is built of a message: every part asks it to
// read its media type, and those over the limits are refused and so skipped.
type mimeGuard struct {
	limits   Limits
	parts    int
	multi    int
	exceeded bool
}

var errGuard = errors.New("too many parts")

func (g *mimeGuard) parse(s string) (string, map[string]string, []string, error) {
	mtype, params, invalid, err := mediatype.ParseWithOptions(s, mediatype.ParseOptions{StripMediaTypeInvalidCharacters: true})
	g.parts++
	if err != nil { // a part of unknown type is still a part
		mtype, params = "application/octet-stream", nil
	}
	if !strings.HasPrefix(mtype, "multipart/") {
		delete(params, "boundary")
	} else if params["boundary"] != "" {
		g.multi++
	}
	// A part asks twice, and the multiparts around it are parts too.
	if g.parts > 4*(g.limits.MaxParts+g.limits.MaxDepth) || g.multi > g.limits.MaxDepth {
		g.exceeded = true
		return "", nil, nil, errGuard
	}
	return mtype, params, invalid, nil
}

// structureLost says whether a part could not be read.
func structureLost(root *enmime.Part) bool {
	return root.DepthMatchFirst(func(p *enmime.Part) bool {
		for _, e := range p.Errors {
			if e.Severe {
				return true
			}
		}
		return false
	}) != nil
}

// encryptedMail says whether the body of a message is encrypted, by S/MIME
// (RFC 8551) or OpenPGP (RFC 3156).
func encryptedMail(root *enmime.Part) bool {
	switch root.ContentType {
	case "multipart/encrypted":
		return true
	case "application/pkcs7-mime", "application/x-pkcs7-mime":
		_, params, _, err := mediatype.Parse(root.Header.Get("Content-Type"))
		kind := strings.ToLower(params["smime-type"])
		return err == nil && (kind == "enveloped-data" || kind == "authenveloped-data" || kind == "")
	}
	return false
}

// writeHeader writes the shown fields and keeps all of interest in meta. Dates
// are kept in RFC 3339 if they can be read.
func writeHeader(f *flow, root *enmime.Part, meta metadata) {
	for _, name := range headerFields {
		value := headerValue(root, name)
		if value == "" {
			continue
		}
		f.newLine()
		f.text(name + ": " + value)
		if name == "Date" {
			if t, err := mail.ParseDate(value); err == nil {
				value = t.Format(time.RFC3339)
				meta.set(metaSent, value)
			}
		}
		meta.set(strings.ToLower(name), value)
	}
	for _, name := range metadataFields {
		meta.set(strings.ToLower(name), headerValue(root, name))
	}
	meta.set(metaReceived, receivedAt(root))
}

// receivedAt is when the last server on the way had the message, by the first
// trace field, in RFC 3339; "" if that does not say.
func receivedAt(root *enmime.Part) string {
	trace := root.Header.Get("Received")
	t, err := mail.ParseDate(strings.TrimSpace(trace[strings.LastIndexByte(trace, ';')+1:]))
	if err != nil {
		return ""
	}
	return t.Format(time.RFC3339)
}
