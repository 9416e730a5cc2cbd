package cite

import (
	"regexp"
	"strings"
)

// gap is the space inside a citation: it may hold one line break.
const gap = `(?:[\t\x20\x{A0}]+(?:\n[\t\x20]*)?|\n[\t\x20]*)`

// rx compiles a pattern that is tried at a known place: it is anchored, a space
// in it stands for gap and "_" for gap or nothing. A literal space is \x20, a
// literal underscore \x5F.
func rx(pattern string) *regexp.Regexp {
	return regexp.MustCompile(`^(?:` + strings.NewReplacer(" ", gap, "_", gap+"?").Replace(pattern) + `)`)
}

// window is the part of s that a pattern is tried on at offset at: long enough
// for any citation, short enough that trying costs little.
func window(s string, at int) string {
	const size = 240
	return s[at:min(len(s), at+size)]
}

// oneLine is s with each run of space as one space.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\t\u00a0\f\r") && !strings.Contains(s, "  ") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

// dashes makes every dash of a number a hyphen.
var dashes = strings.NewReplacer("–", "-", "‑", "-", "—", "-", "‐", "-", "−", "-")

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isAlnum(c byte) bool { return isDigit(c) || isUpper(c) || isLower(c) }

// startsWord says whether nothing that belongs to a word stands before i.
func startsWord(s string, i int) bool {
	return i == 0 || !isAlnum(s[i-1]) && s[i-1] < 0x80 || i > 1 && s[i-2] == 0xC2 || i > 2 && s[i-3] == 0xE2
}

// endsWord says whether the word that ends before i goes no further.
func endsWord(s string, i int) bool { return i >= len(s) || !isAlnum(s[i]) }

// skipGap is the offset after space at i with one line break at most; found says
// that there was any.
func skipGap(s string, i int) (next int, found bool) {
	lines, at := 0, i
	for i < len(s) {
		switch {
		case s[i] == ' ' || s[i] == '\t' || s[i] == '\r':
			i++
		case s[i] == '\n' && lines == 0:
			lines++
			i++
		case s[i] == 0xC2 && i+1 < len(s) && s[i+1] == 0xA0:
			i += 2
		default:
			return i, i > at
		}
	}
	return i, i > at
}

// squeeze is s in lower-case letters and digits alone.
func squeeze(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case isLower(c) || isDigit(c):
			b.WriteByte(c)
		case isUpper(c):
			b.WriteByte(c + 'a' - 'A')
		}
	}
	return b.String()
}
