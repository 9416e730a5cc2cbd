package extract

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/saintfish/chardet"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	xunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// charset is a character encoding and the name it is reported by.
type charset struct {
	name string
	enc  encoding.Encoding // nil for UTF-8
}

var (
	csUTF8        = charset{name: "utf-8"}
	csUTF16LE     = charset{"utf-16le", xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM)}
	csUTF16BE     = charset{"utf-16be", xunicode.UTF16(xunicode.BigEndian, xunicode.UseBOM)}
	csUTF32LE     = charset{"utf-32le", utf32.UTF32(utf32.LittleEndian, utf32.UseBOM)}
	csUTF32BE     = charset{"utf-32be", utf32.UTF32(utf32.BigEndian, utf32.UseBOM)}
	csWindows1252 = charset{"windows-1252", charmap.Windows1252}
	csWindows1250 = charset{"windows-1250", charmap.Windows1250}
	csISO88592    = charset{"iso-8859-2", charmap.ISO8859_2}
	csMacRoman    = charset{"macintosh", charmap.Macintosh}
	csISO2022JP   = charset{"iso-2022-jp", japanese.ISO2022JP}
)

// sampleBytes is how much of a file its encoding is judged by where that needs
// statistics.
const sampleBytes = 64 << 10

// bomCharset is the encoding that a byte order mark declares.
func bomCharset(b []byte) (charset, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xEF\xBB\xBF")):
		return csUTF8, true
	case bytes.HasPrefix(b, []byte("\xFF\xFE\x00\x00")):
		return csUTF32LE, true
	case bytes.HasPrefix(b, []byte("\x00\x00\xFE\xFF")):
		return csUTF32BE, true
	case bytes.HasPrefix(b, []byte("\xFF\xFE")):
		return csUTF16LE, true
	case bytes.HasPrefix(b, []byte("\xFE\xFF")):
		return csUTF16BE, true
	}
	return charset{}, false
}

// labelCharset is the encoding of that name, by the WHATWG table of names: what
// is called ISO-8859-1 or US-ASCII is read as the Windows-1252 it usually is.
func labelCharset(label string) (charset, bool) {
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	switch {
	case label == "":
		return charset{}, false
	case strings.HasPrefix(label, "cp125") && len(label) == 6:
		label = "windows-" + label[2:]
	case label == "gb-18030":
		label = "gb18030"
	case strings.HasPrefix(label, "iso-8859-8"):
		label = "iso-8859-8"
	case label == "mac" || label == "macroman" || label == "x-mac-roman":
		return csMacRoman, true
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return charset{}, false
	}
	name, err := htmlindex.Name(enc)
	if err != nil || name == "replacement" || name == "x-user-defined" {
		return charset{}, false
	}
	if name == "utf-8" {
		return csUTF8, true
	}
	return charset{name, enc}, true
}

// detectCharset tells the encoding of text from its bytes. It answers for any
// bytes; textual says whether they are text at all.
func detectCharset(b []byte) charset {
	if cs, ok := bomCharset(b); ok {
		return cs
	}
	if cs, ok := bareUTF16(b); ok {
		return cs
	}
	if isISO2022JP(b) {
		return csISO2022JP
	}
	good, bad := countUTF8(b)
	if bad == 0 || good > 20*bad {
		return csUTF8
	}
	return detectLegacy(b)
}

// bareUTF16 finds UTF-16 without a byte order mark by the zero bytes of its
// ASCII characters.
func bareUTF16(b []byte) (charset, bool) {
	b = b[:min(len(b), sampleBytes)]
	var zeros [2]int
	for i, c := range b {
		if c == 0 {
			zeros[i&1]++
		}
	}
	half := len(b) / 2
	switch {
	case half == 0:
	case zeros[1]*10 >= half && zeros[0]*50 <= half:
		return csUTF16LE, true
	case zeros[0]*10 >= half && zeros[1]*50 <= half:
		return csUTF16BE, true
	}
	return charset{}, false
}

// isISO2022JP finds the escape sequences that switch to JIS X 0208 and back.
func isISO2022JP(b []byte) bool {
	return (bytes.Contains(b, []byte("\x1b$B")) || bytes.Contains(b, []byte("\x1b$@"))) &&
		(bytes.Contains(b, []byte("\x1b(B")) || bytes.Contains(b, []byte("\x1b(J")))
}

// countUTF8 counts the characters beyond ASCII and the bytes that are no UTF-8.
// A character cut off at the end is not counted.
func countUTF8(b []byte) (good, bad int) {
	for len(b) > 0 {
		if b[0] < utf8.RuneSelf {
			b = b[1:]
			continue
		}
		r, n := utf8.DecodeRune(b)
		switch {
		case r != utf8.RuneError || n > 1:
			good++
		case !utf8.FullRune(b):
			return good, bad
		default:
			bad++
		}
		b = b[n:]
	}
	return good, bad
}

// detectLegacy tells which pre-Unicode encoding b is in. Where few bytes are
// beyond ASCII, statistics of letters say little, and the question is only
// whether the quotes, dashes and accents are those of Windows or of the old
// Macintosh, unless the letters are clearly of another alphabet. Elsewhere the
// best guess that decodes cleanly wins.
func detectLegacy(b []byte) charset {
	sample := denseSample(b)
	high := 0
	for _, c := range sample {
		if c >= utf8.RuneSelf {
			high++
		}
	}
	guesses, err := chardet.NewTextDetector().DetectAll(sample)
	if err != nil {
		guesses = nil
	}
	western := high*4 < len(sample)
	for _, g := range guesses {
		if western && g.Confidence < 50 {
			break
		}
		if central := map[string]bool{"cs": true, "hu": true, "pl": true, "ro": true}; central[g.Language] {
			return likelier(sample, csWindows1250, csISO88592) // which chardet calls ISO-8859-1
		}
		cs, ok := labelCharset(g.Charset)
		switch {
		case !ok, cs.enc == nil, strings.HasPrefix(cs.name, "utf-"):
			continue
		case cs.name == csWindows1252.name:
			return likelier(sample, csWindows1252, csMacRoman)
		}
		if text, lost := cs.decode(sample); lost*100 <= len(text) {
			return cs
		}
	}
	return likelier(sample, csWindows1252, csMacRoman)
}

// likelier is which of two single-byte encodings makes more sense of b, the
// first if neither does.
func likelier(b []byte, first, second charset) charset {
	if plausibility(second.enc.(*charmap.Charmap), b) > plausibility(first.enc.(*charmap.Charmap), b) {
		return second
	}
	return first
}

// denseSample is the stretch of b that starts shortly before its first byte
// beyond ASCII.
func denseSample(b []byte) []byte {
	i := bytes.IndexFunc(b, func(r rune) bool { return r >= utf8.RuneSelf })
	start := max(i-sampleBytes/8, 0)
	return b[start:min(start+sampleBytes, len(b))]
}

// plausibility scores b's bytes beyond ASCII as characters of m: letters in
// their place and typographic marks count for it, letters of the wrong case,
// symbols and unassigned bytes against it.
func plausibility(m *charmap.Charmap, b []byte) int {
	score := 0
	for i, c := range b {
		if c < utf8.RuneSelf {
			continue
		}
		r := m.DecodeByte(c)
		var before, after rune
		if i > 0 {
			before = m.DecodeByte(b[i-1])
		}
		if i+1 < len(b) {
			after = m.DecodeByte(b[i+1])
		}
		between := unicode.IsLetter(before) && unicode.IsLetter(after)
		switch {
		case r == utf8.RuneError || unicode.IsControl(r):
			score -= 4
		case r == '’' && between, r == '§' && (after == ' ' || after == r || after == '\u00a0'):
			score += 3
		case strings.ContainsRune("“”‘’–—§¶•…©®\u00a0", r) && !between:
			score += 2
		case unicode.IsLower(r) && (unicode.IsLetter(before) || unicode.IsLetter(after)):
			score += 2
		case unicode.IsUpper(r) && (unicode.IsUpper(before) || unicode.IsUpper(after) || !unicode.IsLetter(before) && unicode.IsLower(after)):
			score++
		default:
			score -= 2
		}
	}
	return score
}

// decode is b as UTF-8, and how many characters could not be decoded.
func (cs charset) decode(b []byte) (text string, lost int) {
	if cs.enc == nil {
		b = bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF"))
		return strings.ToValidUTF8(string(b), "\uFFFD"), invalidRuns(b)
	}
	out, err := cs.enc.NewDecoder().Bytes(b)
	if err != nil {
		return strings.ToValidUTF8(string(b), "\uFFFD"), len(b)
	}
	return string(out), bytes.Count(out, []byte("\uFFFD"))
}

// invalidRuns counts the runs of bytes that are no UTF-8.
func invalidRuns(b []byte) int {
	n, in := 0, false
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		bad := r == utf8.RuneError && size == 1
		if bad && !in {
			n++
		}
		in = bad
		b = b[size:]
	}
	return n
}

// decodeText decodes b from the encoding named label if that fits, otherwise
// from the one its bytes suggest. UTF-8 wins over a label that says otherwise:
// hardly any other text is valid UTF-8 by chance.
func decodeText(b []byte, label string) (text string, cs charset, lost int) {
	if cs, ok := bomCharset(b); ok {
		text, lost = cs.decode(b)
		return text, cs, lost
	}
	good, bad := countUTF8(b)
	declared, known := labelCharset(label)
	if known && declared != csUTF8 && (good == 0 || bad > 0) {
		if text, lost = declared.decode(b); lost*100 <= len(text) {
			return text, declared, lost
		}
	}
	if known && declared == csUTF8 && bad == 0 {
		text, lost = csUTF8.decode(b)
		return text, csUTF8, lost
	}
	cs = detectCharset(b)
	text, lost = cs.decode(b)
	return text, cs, lost
}

// textual says whether s, decoded with lost characters, reads as text: hardly
// any control characters, hardly anything undecodable.
func textual(s string, lost int) bool {
	controls, total := 0, 0
	for _, r := range s {
		total++
		switch r {
		case '\t', '\n', '\r', '\v', '\f', '\b', 0x1A, 0x1B:
		default:
			if unicode.IsControl(r) && r != '\u0085' || r == '\uFFFE' || r == '\uFFFF' {
				controls++
			}
		}
	}
	return controls*100 <= total && lost*20 <= total
}
