package extract

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/textproto"
	"os"
	"strings"
	"time"

	"github.com/caseload/caseload/document"
)

// msgReader reads messages as Outlook saves them ([MS-OXMSG]). Their text is as
// that of an EML; attachments become parts.
type msgReader struct{ limits Limits }

// Read reads a message: its body is the plain text, else the HTML, else the RTF
// of it. A message within the message becomes a part in the form of RFC 5322.
// Limits are as for mail.
func (r msgReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fileError(err)
	}
	root, err := openOLE(contextReaderAt{ctx, f}, info.Size(), r.limits.MaxContainerBytes)
	if ctx.Err() != nil {
		return nil, fileError(ctx.Err())
	}
	if err != nil {
		return nil, err
	}
	w := &msgWalker{ctx: ctx, limits: r.limits}
	c, err := w.read(root)
	if ctx.Err() != nil {
		return nil, fileError(ctx.Err())
	}
	return c, err
}

// msgWalker reads one file's messages.
type msgWalker struct {
	ctx      context.Context
	limits   Limits
	warnings []document.Warning
}

// message is what a message says, each field on one line.
type message struct {
	from, to, cc, bcc     string
	subject               string
	date                  string // as the header has it, else in UTC
	sent, received        string // RFC 3339
	id, replyTo, refs     string
	topic, index          string
	created, modified, by string
	text, html            string // one of them; html as it is in the message
}

// read is the document that the file's own message makes.
func (w *msgWalker) read(root *msgStorage) (*document.Content, error) {
	m, err := w.message(root)
	if err != nil {
		return nil, err
	}
	body := m.text
	if m.html != "" {
		if body, err = htmlText(w.ctx, m.html, w.limits); err != nil {
			return nil, err
		}
	}
	meta := metadata{}
	f := newFlow(w.limits)
	for _, field := range m.shown() {
		if field[1] != "" {
			f.newLine()
			f.text(field[0] + ": " + field[1])
		}
	}
	m.keep(meta)
	f.paragraph()
	f.passage(body)
	parts, err := w.parts(root)
	if err != nil {
		return nil, err
	}
	pages, warnings, err := f.finish()
	if err != nil {
		if len(parts) == 0 {
			return nil, err
		}
		pages = []document.Page{{Number: 1, Source: document.TextLayer}}
	}
	return &document.Content{Pages: pages, Metadata: meta, Parts: parts, Warnings: append(w.warnings, warnings...)}, nil
}

// shown are the fields above the body, as mail has them.
func (m *message) shown() [][2]string {
	return [][2]string{{"From", m.from}, {"To", m.to}, {"Cc", m.cc}, {"Bcc", m.bcc}, {"Date", m.date}, {"Subject", m.subject}}
}

// keep writes the metadata.
func (m *message) keep(meta metadata) {
	for _, field := range [][2]string{
		{"from", m.from}, {"to", m.to}, {"cc", m.cc}, {"bcc", m.bcc}, {"date", m.sent}, {metaSent, m.sent}, {metaReceived, m.received}, {"subject", m.subject},
		{"message-id", m.id}, {"in-reply-to", m.replyTo}, {"references", m.refs}, {metaThreadTopic, m.topic}, {metaThreadIndex, m.index},
		{metaCreated, m.created}, {metaModified, m.modified}, {metaModifiedBy, m.by},
	} {
		meta.set(field[0], field[1])
	}
}

// message reads the properties of a message.
func (w *msgWalker) message(s *msgStorage) (*message, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, fileError(err)
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	v, err := s.lines(propSubject, propMessageID, propInReplyTo, propReferences, propTopic, propLastModifier,
		propDisplayTo, propDisplayCc, propDisplayBcc)
	if err != nil {
		return nil, err
	}
	m := &message{subject: v[0], id: v[1], replyTo: v[2], refs: v[3], topic: v[4], by: v[5]}
	if err := w.people(s, m, v[6:]); err != nil {
		return nil, err
	}
	header, err := s.text(propHeaders)
	if err != nil {
		return nil, err
	}
	w.times(s, m, header)
	index, err := s.binary(propThreadIndex)
	if err != nil {
		return nil, err
	}
	m.index = base64.StdEncoding.EncodeToString(index[:min(len(index), 1<<10)])
	return m, w.body(s, m)
}

// people are the sender and the recipients. A recipient table that is not there
// is made up for by the names that the message shows.
func (w *msgWalker) people(s *msgStorage, m *message, shown []string) error {
	v, err := s.lines(propRepresentingName, propRepresentingSMTP, propRepresentingEmail, propSenderName, propSenderSMTP, propSenderEmail)
	if err != nil {
		return err
	}
	if m.from = address(v[0], v[1], v[2]); m.from == "" {
		m.from = address(v[3], v[4], v[5])
	}
	var to [3][]string
	for _, r := range s.children(msgRecipient) {
		if err := r.load(); err != nil {
			return err
		}
		v, err := r.lines(propDisplayName, propSMTP, propEmail)
		if err != nil {
			return err
		}
		// 1, 2 and 3 are To, Cc and Bcc ([MS-OXOMSG] 2.2.3.1).
		if kind := r.long(propRecipientType) & 0xF; kind >= 1 && kind <= 3 {
			if a := address(v[0], v[1], v[2]); a != "" {
				to[kind-1] = append(to[kind-1], a)
			}
		}
	}
	for i, field := range []*string{&m.to, &m.cc, &m.bcc} {
		if *field = strings.Join(to[i], ", "); *field == "" {
			*field = shown[i]
		}
	}
	return nil
}

// address is a person as mail shows one. An address that is none of SMTP's, such
// as an Exchange server's, is left out.
func address(name, smtp, email string) string {
	if smtp == "" && strings.Contains(email, "@") {
		smtp = email
	}
	name = strings.Trim(name, `'"`)
	switch {
	case smtp == "":
		return name
	case name == "" || strings.EqualFold(name, smtp):
		return smtp
	}
	if strings.ContainsAny(name, `,;<>@"`) {
		name = `"` + strings.ReplaceAll(name, `"`, "'") + `"`
	}
	return name + " <" + smtp + ">"
}

// times are when the message was sent and received. The header has the sender's
// zone; the properties are in UTC.
func (w *msgWalker) times(s *msgStorage, m *message, header string) {
	// As far as it can be read.
	h, _ := textproto.NewReader(bufReader(header)).ReadMIMEHeader()
	fields := mail.Header(h)
	rfc3339 := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339)
	}
	sent := s.time(propSubmitTime)
	if t, err := fields.Date(); err == nil {
		sent, m.date = t, oneLine(Normalize(fields.Get("Date")))
	} else if !sent.IsZero() {
		m.date = sent.Format(time.RFC1123Z)
	}
	m.sent, m.received = rfc3339(sent), rfc3339(s.time(propDeliveryTime))
	m.created, m.modified = rfc3339(s.time(propCreated)), rfc3339(s.time(propModified))
	for _, f := range []struct {
		to   *string
		name string
	}{{&m.id, "Message-Id"}, {&m.replyTo, "In-Reply-To"}, {&m.refs, "References"}} {
		if *f.to == "" {
			*f.to = cutString(oneLine(Normalize(fields.Get(f.name))), maxHeaderBytes)
		}
	}
}

// body takes the plain text, else the HTML, else the RTF.
func (w *msgWalker) body(s *msgStorage, m *message) (err error) {
	if m.text, err = s.text(propBody); err != nil || strings.TrimSpace(m.text) != "" {
		return err
	}
	html, err := s.binary(propHTML)
	if err != nil {
		return err
	}
	if html != nil {
		label := codePageLabel(s.long(propInternetCodePage))
		if label == "" {
			label = htmlCharset(html).name
		}
		m.html, _, _ = decodeText(html, label)
	} else if m.html, err = s.text(propHTML); err != nil {
		return err
	}
	if strings.TrimSpace(m.html) != "" {
		return nil
	}
	m.html = ""
	packed, err := s.binary(propRTF)
	if err != nil {
		return err
	}
	rtf, ok := decompressRTF(packed, w.limits.MaxContainerBytes)
	if !ok {
		return nil
	}
	m.text, err = rtfText(w.ctx, rtf, w.limits)
	return err
}

// parts are the attachments, within the limits.
func (w *msgWalker) parts(s *msgStorage) ([]document.Part, error) {
	var parts []document.Part
	all := s.children(msgAttachment)
	for i, a := range all {
		if len(parts) == w.limits.MaxParts {
			w.warnings = append(w.warnings, document.Warning{Code: document.WarnPartial,
				Message: fmt.Sprintf("only the first %d attachments are kept, the limit; %d are left out", w.limits.MaxParts, len(all)-i)})
			break
		}
		p, left, err := w.part(a, 1)
		switch {
		case err != nil && !isLeftOut(err):
			return nil, err
		case err != nil:
			left = "a damaged attachment"
		}
		if left != "" {
			w.warnings = append(w.warnings, document.Warning{Code: document.WarnAttachmentLeftOut, Message: left + " is left out"})
			continue
		}
		parts = append(parts, p)
	}
	return parts, nil
}

// part is an attachment, or in words what is left out instead.
func (w *msgWalker) part(a *msgStorage, depth int) (p document.Part, left string, err error) {
	if err := a.load(); err != nil {
		return p, "", err
	}
	v, err := a.lines(propAttachLongName, propAttachName, propDisplayName, propAttachType, propAttachContentID)
	if err != nil {
		return p, "", err
	}
	p.Name, p.MediaType = v[0], strings.ToLower(v[3])
	for _, name := range v[1:3] {
		if p.Name == "" {
			p.Name = name
		}
	}
	p.Name = fileName(p.Name)
	if inner, ok := a.inner[propStream(propAttachData, typeObject)]; ok {
		if a.long(propAttachMethod) != attachEmbedded && inner.streams[msgProperties] == nil {
			return p, "an embedded object", nil
		}
		inner.header, inner.codePage = 24, a.codePage
		if p.Data, err = w.eml(inner, depth); err != nil {
			return p, "", err
		}
		p.MediaType = "message/rfc822"
		if !strings.HasSuffix(strings.ToLower(p.Name), ".eml") {
			p.Name = cutString(strings.TrimSpace(p.Name+" message.eml"), 255)
		}
	} else if p.Data, err = a.binary(propAttachData); err != nil {
		return p, "", err
	}
	size := int64(len(p.Data))
	switch {
	case size == 0:
		return p, "an empty attachment", nil
	case strings.HasPrefix(p.MediaType, "image/") && v[4] != "" && size <= signatureImageBytes:
		return p, fmt.Sprintf("a small inline image of %d bytes", size), nil
	case size > w.limits.MaxPartBytes:
		return p, fmt.Sprintf("an attachment of %d bytes, over the limit of %d,", size, w.limits.MaxPartBytes), nil
	}
	if p.MediaType == "" {
		p.MediaType = mediaTypeOf(p.Data[:min(len(p.Data), headBytes)])
	}
	return p, "", nil
}
