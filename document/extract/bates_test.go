package extract

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

// paged is a document of pages.
func paged(pages ...string) *document.Content {
	c := &document.Content{}
	for i, p := range pages {
		c.Pages = append(c.Pages, document.Page{Number: i + 1, Text: p})
	}
	return c
}

// stamped are n pages with a stamp each, counting from first.
func stamped(n int, format string, first int) []string {
	pages := make([]string, n)
	for i := range pages {
		pages[i] = "Case 1:20-cv-00123 Document 45 Filed 05/01/20\n\nA paragraph that cites TX1234 and goes\non for a while\nand more\nand more\n\n" +
			fmt.Sprintf("Page %d of %d   ", i+1, n) + fmt.Sprintf(format, first+i)
	}
	return pages
}

func TestBates(t *testing.T) {
	t.Parallel()
	missing := stamped(10, "ABC%07d", 1234)
	missing[3], missing[9] = "no stamp", "nor here"
	for name, tc := range map[string]struct {
		pages      []string
		begin, end string
	}{
		"foot":              {stamped(3, "ABC%07d", 1234), "ABC0001234", "ABC0001236"},
		"two pages":         {stamped(2, "CONFIDENTIAL ABC-%06d", 99), "ABC-000099", "ABC-000100"},
		"two words":         {stamped(2, "SMITH %06d", 7), "SMITH 000007", "SMITH 000008"},
		"with a year":       {stamped(4, "ACME-2019-%05d", 10), "ACME-2019-00010", "ACME-2019-00013"},
		"head":              {[]string{"ABC000009\ntext", "ABC000010\ntext"}, "ABC000009", "ABC000010"},
		"some missing":      {missing, "ABC0001234", "ABC0001242"},
		"one page":          {stamped(1, "ABC%07d", 1), "", ""},
		"few digits":        {stamped(2, "JA%04d", 1), "", ""},
		"few digits, three": {stamped(3, "JA%04d", 1), "JA0001", "JA0003"},
		"the same on all":   {[]string{"ABC000009", "ABC000009", "ABC000009"}, "", ""},
		"by twos":           {[]string{"ABC000001", "ABC000003", "ABC000005"}, "", ""},
		"lower case":        {stamped(3, "PageID.%06d", 12), "", ""},
		"page numbers":      {stamped(3, "No. %05d", 12), "", ""},
		"without a prefix":  {stamped(3, "%07d", 12), "", ""},
		"in the body":       {[]string{"a\nb\nc\nABC000001\nd\ne\nf", "a\nb\nc\nABC000002\nd\ne\nf"}, "", ""},
		"in few pages":      {append(stamped(2, "ABC%07d", 1), "x", "x", "x"), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := paged(tc.pages...)
			Bates(c)
			assert.Equal(t, tc.begin, c.Metadata["bates-begin"])
			assert.Equal(t, tc.end, c.Metadata["bates-end"])
		})
	}
}

func FuzzBates(f *testing.F) {
	f.Add("ABC0001\fABC0002\fABC0003")
	f.Add("\n\n\fA 00009\n\n\f")
	f.Fuzz(func(t *testing.T, text string) {
		c := paged(strings.Split(text, "\f")...)
		Bates(c)
		require.Equal(t, c.Metadata["bates-begin"] == "", c.Metadata["bates-end"] == "")
		require.Contains(t, strings.Join(strings.Fields(text), " "), c.Metadata["bates-begin"])
	})
}
