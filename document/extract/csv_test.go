package extract

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestCSV(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ name, data, want string }{
		"comma":       {"a.csv", "Date,Payee,Amount\r\n2020-05-01,\"Halvorsen, LLC\",\"1,500\"\r\n", "Date\tPayee\tAmount\n2020-05-01\tHalvorsen, LLC\t1,500"},
		"semicolon":   {"a.CSV", "a;b\n1,5;2\n1;3,5", "a\tb\n1,5\t2\n1\t3,5"},
		"tab":         {"a.tsv", "a\tb c\n1\t2", "a\tb c\n1\t2"},
		"bar":         {"a.csv", "a|b|c\n1|2|3", "a\tb\tc\n1\t2\t3"},
		"said":        {"a.csv", "sep=;\na;b,c,d\n", "a\tb,c,d"},
		"line ends":   {"a.csv", "a,\"b\nc\"\nd,\"e \"\"f\"\"\"", "a\tb c\nd\te \"f\""},
		"uneven":      {"a.csv", "a,b,c\n\n1\n2,3,4\n", "a\tb\tc\n1\n2\t3\t4"},
		"windows":     {"a.csv", "\xA7,Ren\xE9\n1,2", "§\tRené\n1\t2"},
		"utf-16":      {"a.csv", "\xFF\xFE" + utf16le("a,b\n1,2"), "a\tb\n1\t2"},
		"without one": {"", strings.Repeat("a,b,c,d,e\n", 6), strings.TrimSpace(strings.Repeat("a\tb\tc\td\te\n", 6))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, tc.name, tc.data)
			assert.Equal(t, document.FormatCSV, c.Format)
			assert.Equal(t, []string{tc.want}, texts(c))
			assert.Empty(t, c.Warnings)
		})
	}
}

func TestTextIsNoTable(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ name, data string }{
		"prose":           {"a.txt", "The motion, as filed, is denied.\nThe clerk, counsel, and parties\nare notified.\n"},
		"few lines":       {"", strings.Repeat("a\tb\tc\n", 4)},
		"addresses":       {"", strings.Repeat("Smith, 1 Main Street, Columbus, Ohio\n", 9)},
		"one column":      {"a.csv", "a\nb\nc\n"},
		"only its quotes": {"", strings.Repeat("a\t\"b\tc\n", 9)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, tc.name, tc.data)
			assert.Equal(t, document.FormatText, c.Format)
			assert.Empty(t, c.Warnings)
		})
	}
}

func TestMalformedCSVIsReadAsText(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"beyond the sample":     strings.Repeat("a,b\n", csvSample) + "c,d \"e\" f\n",
		"a small file":          "a,b\nc,d \"e\" f\n",
		"in its first line":     "a;b \"c\" d\n1;2\n",
		"a quote without end":   "a,b\n1,\"2\n3,4\n",
		"no end, from its head": "\"a,b\n1,2\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, "a.csv", data)
			assert.Equal(t, document.FormatText, c.Format)
			assert.Equal(t, "text/plain", c.MediaType)
			assert.Equal(t, []string{"malformed-csv"}, codes(c))
			assert.Equal(t, strings.TrimSpace(data), c.Pages[0].Text)
		})
	}
}

func TestCSVWithAFieldLongerThanIsLookedAt(t *testing.T) {
	t.Parallel()
	c := read(t, "a.csv", "a,b\n1,\""+strings.Repeat("long\n", headBytes/5)+"\"\n2,3\n")
	assert.Equal(t, document.FormatCSV, c.Format)
	assert.Empty(t, c.Warnings)
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte("a,b\n1,2"))
	f.Add([]byte("sep=\"\n\"\"\""))
	f.Add([]byte("sep=\xFF\n\xFF\x00a\tb"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := csvReader{Limits{MaxTextBytes: 1 << 10}.WithDefaults()}.Read(t.Context(), write(t, "a.csv", data))
		checkFuzzed(t, c, err)
		isCSV(string(data), "", true)
	})
}
