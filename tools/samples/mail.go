package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
)

// attachment is a file that goes with a mail.
type attachment struct {
	name, mediaType string
	data            []byte
}

// renderMail is a text file of header lines, an empty line and a body as an
// Internet message (RFC 5322), with a plain and an HTML alternative and its
// attachments (RFC 2045, 2231). Boundaries come from the message ID, so that
// they are the same every time.
func renderMail(text string, files []attachment) ([]byte, error) {
	head, body, ok := strings.Cut(text, "\n\n")
	if !ok {
		return nil, fmt.Errorf("a mail without a body")
	}
	var b bytes.Buffer
	id := ""
	for line := range strings.Lines(head) {
		k, v, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if !ok {
			return nil, fmt.Errorf("header line without a colon: %q", line)
		}
		if k == "Message-ID" {
			id = strings.Trim(v, "<>")
		}
		v, err := encodeHeader(k, v)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s: %s\r\n", k, v)
	}
	local, _, _ := strings.Cut(id, "@")
	outer, inner := "mixed-"+local, "alternative-"+local
	b.WriteString("MIME-Version: 1.0\r\n")
	if len(files) > 0 {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=%q\r\n\r\n--%s\r\n", outer, outer)
	}
	fmt.Fprintf(&b, "Content-Type: multipart/alternative; boundary=%q\r\n\r\n", inner)
	for _, part := range []struct{ mediaType, text string }{{"text/plain", body}, {"text/html", htmlBody(body)}} {
		fmt.Fprintf(&b, "--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", inner, part.mediaType)
		q := quotedprintable.NewWriter(&b)
		if _, err := q.Write([]byte(strings.ReplaceAll(part.text, "\n", "\r\n"))); err != nil {
			return nil, err
		}
		if err := q.Close(); err != nil {
			return nil, err
		}
		b.WriteString("\r\n")
	}
	fmt.Fprintf(&b, "--%s--\r\n", inner)
	for _, f := range files {
		mediaType, params, err := mime.ParseMediaType(f.mediaType)
		if err != nil {
			return nil, err
		}
		params["name"] = f.name
		fmt.Fprintf(&b, "\r\n--%s\r\nContent-Type: %s\r\nContent-Disposition: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n", outer,
			mime.FormatMediaType(mediaType, params),
			mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
		writeBase64(&b, f.data)
	}
	if len(files) > 0 {
		fmt.Fprintf(&b, "\r\n--%s--\r\n", outer)
	}
	return b.Bytes(), nil
}

// encodeHeader encodes what is not ASCII in a header field.
func encodeHeader(key, value string) (string, error) {
	switch key {
	case "From", "To", "Cc":
		list, err := mail.ParseAddressList(value)
		if err != nil {
			return "", fmt.Errorf("field %s: %w", key, err)
		}
		out := make([]string, len(list))
		for i, a := range list {
			out[i] = a.String()
		}
		return strings.Join(out, ",\r\n "), nil
	}
	return mime.QEncoding.Encode("utf-8", value), nil
}

// htmlBody is a mail's text in HTML: quoted lines as a quotation.
func htmlBody(text string) string {
	var b strings.Builder
	b.WriteString("<html><body>\n")
	for part := range strings.SplitSeq(strings.TrimSpace(text), "\n\n") {
		tag := "p"
		if strings.HasPrefix(part, ">") {
			tag = "blockquote"
			part = strings.ReplaceAll(strings.TrimPrefix(part, "> "), "\n> ", "\n")
		}
		part = strings.ReplaceAll(escape(part), "&#xA;", "<br>\n")
		fmt.Fprintf(&b, "<%s>%s</%s>\n", tag, part, tag)
	}
	b.WriteString("</body></html>\n")
	return b.String()
}

func writeBase64(b *bytes.Buffer, data []byte) {
	const line = 76
	text := base64.StdEncoding.EncodeToString(data)
	for len(text) > line {
		b.WriteString(text[:line] + "\r\n")
		text = text[line:]
	}
	b.WriteString(text + "\r\n")
}
