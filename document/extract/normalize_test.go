package extract

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/unicode/norm"
)

func TestNormalize(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"clean text is kept":           {"No. 18-1234\n\tSo ordered.", "No. 18-1234\n\tSo ordered."},
		"every line end becomes LF":    {"a\r\nb\rc\u0085d\ve\ff\u2028g\u2029h", "a\nb\nc\nd\ne\nf\ng\nh"},
		"CR CR LF is two lines":        {"a\r\r\nb", "a\n\nb"},
		"controls are dropped":         {"a\x00b\x07c\x7fd\u0090e", "abcde"},
		"marks and noncharacters":      {"\uFEFFa\uFFFEb\uFFFFc", "abc"},
		"composed":                     {"Jose\u0301", "Jos\u00e9"},
		"composed across a control":    {"e\x00\u0301", "\u00e9"},
		"invalid bytes are shown":      {"a\xffb\xe2\x82", "a\uFFFDb\uFFFD\uFFFD"},
		"compatibility forms are kept": {"\ufb01le \u2116\u200d", "\ufb01le \u2116\u200d"},
		"no-break spaces are spaces":   {"\u00a7\u00a01983\u202fx\u2007y\u200bz", "\u00a7 1983 x yz"},
		"empty":                        {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, Normalize(tc.in))
		})
	}
}

// assertNormal checks what document.Page promises of its text.
func assertNormal(t *testing.T, s string) {
	t.Helper()
	assert.True(t, utf8.ValidString(s), "valid UTF-8")
	assert.True(t, norm.NFC.IsNormalString(s), "NFC")
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			t.Fatalf("control character %U", r)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	f.Add("a\r\nb\x00\u0301\uFEFF\xff")
	f.Fuzz(func(t *testing.T, s string) {
		n := Normalize(s)
		assertNormal(t, n)
		assert.Equal(t, n, Normalize(n), "idempotent")
	})
}
