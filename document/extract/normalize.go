package extract

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalize puts s into the form that document.Page asks of a page's text:
// NFC-normalised UTF-8, lines ended by "\n", no control characters but tab and
// "\n".
//
// Every line or page separator (CR LF, CR, NEL, VT, FF, U+2028, U+2029) becomes
// "\n"; no-break spaces become spaces, so that "§ 1983" is one string however it
// was typed; bytes that are no UTF-8 become U+FFFD; other control characters,
// zero-width spaces, byte order marks and the noncharacters U+FFFE and U+FFFF
// are dropped. Split text into pages first: form feeds do not survive.
// Normalize is idempotent.
func Normalize(s string) string {
	if i := firstUnclean(s); i < len(s) {
		s = clean(s, i)
	}
	return norm.NFC.String(s)
}

// firstUnclean is the offset of the first byte that clean may have to change,
// len(s) if there is none.
func firstUnclean(s string) int {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c == 0x7F || c < ' ' && c != '\t' && c != '\n' {
				return i
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || unclean(r) {
			return i
		}
		i += n
	}
	return len(s)
}

// unclean says whether r, not ASCII, is dropped or replaced by clean.
func unclean(r rune) bool {
	return r <= '\u00A0' || r == '\u2007' || r == '\u200B' || r == '\u2028' || r == '\u2029' || r == '\u202F' ||
		r == '\uFEFF' || r == '\uFFFE' || r == '\uFFFF'
}

// clean rewrites s from offset i on.
func clean(s string, i int) string {
	var b strings.Builder
	b.Grow(len(s))
	b.WriteString(s[:i])
	s = s[i:]
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		switch {
		case r == '\r':
			if len(s) > 1 && s[1] == '\n' {
				n = 2
			}
			b.WriteByte('\n')
		case r == '\n' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			b.WriteByte('\n')
		case r == '\t':
			b.WriteByte('\t')
		case r == '\u00A0' || r == '\u2007' || r == '\u202F':
			b.WriteByte(' ')
		case r < ' ' || r == 0x7F || r > 0x7F && unclean(r):
		default:
			b.WriteRune(r)
		}
		s = s[n:]
	}
	return b.String()
}
