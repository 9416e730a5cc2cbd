package extract

import (
	"encoding/base64"
	"strings"
)

// transferDecode undoes a Content-Transfer-Encoding (RFC 2045, 6). It takes what
// mail programs really send: stray characters and missing padding in base64,
// broken escapes in quoted-printable. An unknown encoding is taken for none.
func transferDecode(encoding string, b []byte) []byte {
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		return decodeBase64(b)
	case "quoted-printable":
		return decodeQuotedPrintable(b)
	}
	return b
}

// decodeBase64 decodes the letters of the alphabet and skips all else. Padding
// ends a run; programs that encode in pieces write several.
func decodeBase64(b []byte) []byte {
	out := make([]byte, 0, len(b)*3/4)
	quad := make([]byte, 0, 4)
	flush := func() {
		if len(quad) > 1 {
			var buf [3]byte
			// Letters of the alphabet always decode, to len·6/8 bytes.
			n, _ := base64.RawStdEncoding.Decode(buf[:], quad)
			out = append(out, buf[:n]...)
		}
		quad = quad[:0]
	}
	for _, c := range b {
		switch {
		case c == '=':
			flush()
		case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '+', c == '/':
			if quad = append(quad, c); len(quad) == 4 {
				flush()
			}
		}
	}
	flush()
	return out
}

// decodeQuotedPrintable decodes =XX and soft line breaks. What is no valid
// escape stays as it is.
func decodeQuotedPrintable(b []byte) []byte {
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '=' {
			out = append(out, b[i])
			continue
		}
		if end := softBreak(b[i+1:]); end >= 0 {
			i += end
			continue
		}
		if i+2 < len(b) {
			hi, ok1 := hexDigit(b[i+1])
			lo, ok2 := hexDigit(b[i+2])
			if ok1 && ok2 {
				out = append(out, hi<<4|lo)
				i += 2
				continue
			}
		}
		out = append(out, '=')
	}
	return out
}

// softBreak is the length of the white space and line end that b begins with,
// or -1 if it does not begin so. The end of the text is a line end.
func softBreak(b []byte) int {
	for i, c := range b {
		switch c {
		case ' ', '\t', '\r':
		case '\n':
			return i + 1
		default:
			return -1
		}
	}
	return len(b)
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
