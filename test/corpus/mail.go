package corpus

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// correspondent is who writes or gets a mail.
type correspondent struct{ name, address, signature string }

// header is the correspondent as a header field has it.
func (c correspondent) header() string {
	return (&mail.Address{Name: c.name, Address: c.address}).String()
}

// message is a mail's own part, or an earlier one that it quotes.
type message struct {
	from, to correspondent
	date     time.Time
	lines    []string // paragraphs
}

// correspondents are counsel of both sides and those who work for the parties.
func (d *draft) correspondents() []correspondent {
	m := d.matter
	var all []correspondent
	for _, f := range []firm{m.forPlaintiff, m.forDefense} {
		all = append(all, correspondent{f.attorney.name(), f.email(), f.name + ", " + f.phone})
	}
	for i, w := range m.witnesses {
		p := m.defendant
		if i%2 == 0 {
			p = m.plaintiff
		}
		domain := strings.ToLower(ascii(p.short)) + ".example"
		all = append(all, correspondent{w.name(), strings.ToLower(ascii(w.given)[:1]+ascii(w.surname)) + "@" + domain, p.name})
	}
	return all
}

// message writes one of about so many words.
func (d *draft) message(from, to correspondent, date time.Time, words int) message {
	m := message{from: from, to: to, date: date}
	first, _, _ := strings.Cut(to.name, " ")
	m.lines = append(m.lines, pick(d.dice, []string{"Hi ", "Dear ", "Hello ", ""})+first+",")
	for done := 0; done < words; {
		text := d.passage(mails, min(d.between(1, 4), 1+(words-done)/15))
		done += len(strings.Fields(text))
		m.lines = append(m.lines, text)
	}
	m.lines = append(m.lines, pick(d.dice, []string{"Best regards,", "Thanks,", "Regards,"}), from.name, from.signature)
	for _, line := range m.lines {
		d.words += len(strings.Fields(line))
	}
	if from.signature == d.matter.plaintiff.name || from.signature == d.matter.defendant.name {
		d.name(&d.truth.Parties, from.signature)
	}
	return m
}

// writeMail makes a mail with what it quotes and its attachments.
func writeMail(doc *Document, d *draft) {
	people := d.correspondents()
	from := d.below(len(people))
	to := (from + 1 + d.below(len(people)-1)) % len(people)
	words := min(max(int(logNormal(d.dice, 170, 0.8)), 40), 1500)
	date := d.date.Add(time.Duration(d.between(8*60, 19*60)) * time.Minute)
	thread := []message{d.message(people[from], people[to], date, words)}
	doc.Title = fmt.Sprintf("%s v. %s: %s", d.matter.plaintiff.short, d.matter.defendant.short, pick(d.dice, subjects))
	if d.percent(30) {
		thread[0].lines = slices.Insert(thread[0].lines, 1, d.say("This is about {docket}."))
	}
	if d.percent(55) {
		doc.Title = "Re: " + doc.Title
		for range d.between(1, 2) {
			from, to = to, from
			date = date.Add(-time.Duration(d.between(20, 3000)) * time.Minute)
			thread = append(thread, d.message(people[from], people[to], date, d.between(25, 160)))
		}
	}
	if d.percent(35) {
		for range d.between(1, 2) {
			doc.Attachments = append(doc.Attachments, attachment(d, doc))
		}
	}
	copied := pick(d.dice, people)
	doc.Data = renderMail(d, doc, thread, copied)
	doc.Pages, doc.Words, doc.Truth = 1, d.words, d.truth
}

// attachment is the next one of a mail.
func attachment(d *draft, parent *Document) Document {
	n := len(parent.Attachments)
	rng := newDice(d.seed, streamAttachment, parent.Index*2+n)
	a := Document{Index: parent.Index, Matter: parent.Matter, Format: pick(rng, []Format{PDF, DOCX})}
	pages := min(pageCount(rng, Options{}.WithDefaults()), 5)
	a.Kind = pickKind(rng, a.Format, pages)
	write(&a, &draft{dice: rng, matter: d.matter, seed: d.seed, date: d.date}, pages)
	a.Name = fmt.Sprintf("%s-%d.%s", slug(a.Title), n+1, a.Format)
	return a
}

// renderMail is RFC 5322 with the parts of RFC 2045 and 2046.
func renderMail(d *draft, doc *Document, thread []message, copied correspondent) []byte {
	var b bytes.Buffer
	m := thread[0]
	header := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	header("From", m.from.header())
	header("To", m.to.header())
	if copied != m.from && copied != m.to {
		header("Cc", copied.header())
	}
	header("Subject", doc.Title)
	header("Date", m.date.Format(time.RFC1123Z))
	header("Message-ID", d.messageID(m.from))
	if len(thread) > 1 {
		id := d.messageID(thread[1].from)
		header("In-Reply-To", id)
		header("References", id)
	}
	header("MIME-Version", "1.0")
	boundary := fmt.Sprintf("=_%016x", d.src.Uint64())
	if len(doc.Attachments) == 0 {
		d.body(&b, thread, boundary+"a")
		return b.Bytes()
	}
	header("Content-Type", `multipart/mixed; boundary="`+boundary+`"`)
	b.WriteString("\r\n--" + boundary + "\r\n")
	d.body(&b, thread, boundary+"a")
	for _, a := range doc.Attachments {
		b.WriteString("\r\n--" + boundary + "\r\n")
		header("Content-Type", mediaTypes[a.Format]+";\r\n name=\""+a.Name+`"`)
		header("Content-Transfer-Encoding", "base64")
		header("Content-Disposition", "attachment;\r\n filename=\""+a.Name+`"`)
		b.WriteString("\r\n")
		writeBase64(&b, a.Data)
	}
	b.WriteString("\r\n--" + boundary + "--\r\n")
	return b.Bytes()
}

var mediaTypes = map[Format]string{
	PDF: "application/pdf", DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

func (d *draft) messageID(from correspondent) string {
	_, domain, _ := strings.Cut(from.address, "@")
	return fmt.Sprintf("<%016x@%s>", d.src.Uint64(), domain)
}

// body writes the thread's text, in half of the cases with an HTML alternative.
func (d *draft) body(b *bytes.Buffer, thread []message, boundary string) {
	if d.percent(50) {
		writeQuoted(b, "text/plain", plainThread(thread))
		return
	}
	b.WriteString(`Content-Type: multipart/alternative; boundary="` + boundary + "\"\r\n\r\n--" + boundary + "\r\n")
	writeQuoted(b, "text/plain", plainThread(thread))
	b.WriteString("\r\n--" + boundary + "\r\n")
	writeQuoted(b, "text/html", htmlThread(thread))
	b.WriteString("\r\n--" + boundary + "--\r\n")
}

// attribution introduces a quoted message.
func (m message) attribution() string {
	return "On " + m.date.Format("Mon, Jan 2, 2006 at 3:04 PM") + ", " + m.from.name + " <" + m.from.address + "> wrote:"
}

func plainThread(thread []message) string {
	var b strings.Builder
	for depth, m := range thread {
		mark := strings.Repeat("> ", depth)
		if depth > 0 {
			b.WriteString(mark[2:] + "\n" + mark[2:] + m.attribution() + "\n")
		}
		for i, text := range m.lines {
			if i > 0 && i < len(m.lines)-2 {
				b.WriteString(strings.TrimRight(mark, " ") + "\n")
			}
			width := 10_000 // the reader's window wraps what is not quoted
			if depth > 0 {
				width = 72
			}
			for _, line := range wrapColumns(text, width) {
				b.WriteString(mark + line + "\n")
			}
		}
	}
	return b.String()
}

func htmlThread(thread []message) string {
	var b strings.Builder
	b.WriteString("<html><body>\n")
	for depth, m := range thread {
		if depth > 0 {
			b.WriteString("<p>" + html.EscapeString(m.attribution()) + "</p>\n<blockquote type=\"cite\">\n")
		}
		for _, text := range m.lines {
			b.WriteString("<p>" + html.EscapeString(text) + "</p>\n")
		}
	}
	b.WriteString(strings.Repeat("</blockquote>\n", len(thread)-1) + "</body></html>\n")
	return b.String()
}

// writeQuoted writes a text part in quoted-printable encoding.
func writeQuoted(b *bytes.Buffer, mediaType, text string) {
	b.WriteString("Content-Type: " + mime.FormatMediaType(mediaType, map[string]string{"charset": "utf-8"}) + "\r\n" +
		"Content-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(b)
	// Writing to memory does not fail.
	_, _ = w.Write([]byte(text))
	_ = w.Close()
}

// writeBase64 writes data in lines of 76 characters.
func writeBase64(b *bytes.Buffer, data []byte) {
	const bytesPerLine = 57
	var line [76]byte
	for part := range slices.Chunk(data, bytesPerLine) {
		n := base64.StdEncoding.EncodedLen(len(part))
		base64.StdEncoding.Encode(line[:], part)
		b.Write(line[:n])
		b.WriteString("\r\n")
	}
}
