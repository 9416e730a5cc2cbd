package extract

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"strings"

	"github.com/caseload/caseload/document"
)

// maxEmbedded is how deep messages in messages are taken out of one file. The
// pipeline reads fewer.
const maxEmbedded = 16

// eml is a message within a message in the form of RFC 5322, so that it can be a
// file of its own: the same message is always the same bytes.
func (w *msgWalker) eml(s *msgStorage, depth int) ([]byte, error) {
	if depth > maxEmbedded {
		return nil, errTooDeep(maxEmbedded)
	}
	m, err := w.message(s)
	if err != nil {
		return nil, err
	}
	parts := []emlPart{{header: "Content-Type: text/plain; charset=utf-8\r\n", data: []byte(m.text)}}
	if m.html != "" {
		parts[0] = emlPart{header: "Content-Type: text/html; charset=utf-8\r\n", data: []byte(m.html)}
	}
	for i, a := range s.children(msgAttachment) {
		if i == w.limits.MaxParts {
			break
		}
		p, left, err := w.part(a, depth+1)
		if err != nil && !isLeftOut(err) {
			return nil, err
		}
		if err != nil || left != "" {
			w.warnings = append(w.warnings, document.Warning{Code: document.WarnPartial, Message: "an attachment of a message in the message is left out"})
			continue
		}
		parts = append(parts, attachedPart(p))
	}
	var b bytes.Buffer
	for _, field := range append(m.shown(), [][2]string{
		{"Message-ID", m.id}, {"In-Reply-To", m.replyTo}, {"References", m.refs}, {"Thread-Topic", m.topic}, {"Thread-Index", m.index},
	}...) {
		if field[1] != "" {
			fmt.Fprintf(&b, "%s: %s\r\n", field[0], mime.QEncoding.Encode("utf-8", field[1]))
		}
	}
	b.WriteString("MIME-Version: 1.0\r\n")
	sum := sha256.New()
	for _, p := range parts {
		sum.Write(p.data)
	}
	boundary := "part-" + hex.EncodeToString(sum.Sum(nil))[:32]
	fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=%q\r\n", boundary)
	for _, p := range parts {
		fmt.Fprintf(&b, "\r\n--%s\r\n%s", boundary, p.header)
		p.write(&b)
	}
	fmt.Fprintf(&b, "\r\n--%s--\r\n", boundary)
	return b.Bytes(), nil
}

// emlPart is a part of a message that is written.
type emlPart struct {
	header string
	data   []byte
	asIs   bool // a message, whose parts are encoded already
}

func attachedPart(p document.Part) emlPart {
	mediaType := p.MediaType
	if strings.ContainsFunc(mediaType, notMediaType) || !strings.Contains(mediaType, "/") || strings.HasPrefix(mediaType, "multipart/") {
		mediaType = "application/octet-stream"
	}
	disposition := mime.FormatMediaType("attachment", map[string]string{"filename": p.Name})
	if disposition == "" {
		disposition = "attachment"
	}
	return emlPart{header: fmt.Sprintf("Content-Type: %s\r\nContent-Disposition: %s\r\n", mediaType, disposition), data: p.Data, asIs: mediaType == "message/rfc822"}
}

func (p emlPart) write(b *bytes.Buffer) {
	if p.asIs {
		b.WriteString("Content-Transfer-Encoding: 8bit\r\n\r\n")
		b.Write(p.data)
		return
	}
	b.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
	const line = 57 // bytes, 76 characters
	for data := p.data; len(data) > 0; {
		n := min(line, len(data))
		b.WriteString(base64.StdEncoding.EncodeToString(data[:n]))
		b.WriteString("\r\n")
		data = data[n:]
	}
}

// bufReader reads a header that may lack its last line end.
func bufReader(s string) *bufio.Reader { return bufio.NewReader(strings.NewReader(s + "\r\n\r\n")) }
