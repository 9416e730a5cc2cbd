package extract

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestTextPages(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		data string
		want []string
	}{
		"one":                {"a\r\nb\r\n", []string{"a\nb"}},
		"form feeds":         {"a\n\f\nb\r\n\fc", []string{"a", "b", "c"}},
		"blank in between":   {"a\f\fb", []string{"a", "", "b"}},
		"form feed at end":   {"a\f", []string{"a"}},
		"end of file mark":   {"a\r\n\x1a", []string{"a"}},
		"indentation stays":  {"    Plaintiff,\n  v.", []string{"    Plaintiff,\n  v."}},
		"decomposed letters": {"Jose\u0301", []string{"José"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, texts(read(t, "", tc.data)))
		})
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	c := read(t, "order.md", "# Order *granting* relief #\n\nIt is **so** ordered.\n")
	assert.Equal(t, document.FormatMarkdown, c.Format)
	assert.Equal(t, "text/markdown", c.MediaType)
	assert.Equal(t, "Order *granting* relief", c.Metadata["title"])
	assert.Equal(t, []string{"# Order *granting* relief #\n\nIt is **so** ordered."}, texts(c))
}
