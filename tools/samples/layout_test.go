package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// even is a measurer to which every character is half as wide as its size.
type even struct{}

func (even) width(f face, text string) float64 { return f.Size / 2 * float64(len([]rune(text))) }

func TestParse(t *testing.T) {
	t.Parallel()
	s, err := parse("title: A: b\n---\n== Head\n\n# One\ntwo.\n\n# Three.[^1]\n\n[^1]: Note\nmore.\n\n@caption\nleft\n|\nright\n@end\n\n@table 0.4 0.6\na | b\n@end\n\n***\n\nPlain.\n")
	require.NoError(t, err)
	assert.Equal(t, "A: b", s.Meta["title"])
	assert.Equal(t, map[string]string{"1": "Note more."}, s.Notes)
	assert.Equal(t, []block{
		{Kind: heading, Text: "Head"},
		{Kind: numbered, Text: "One two.", Number: 1},
		{Kind: numbered, Text: "Three.[^1]", Number: 2},
		{Kind: caption, Lines: []string{"left"}, Right: []string{"right"}},
		{Kind: table, Rows: [][]string{{"a", "b"}}, Shares: []float64{0.4, 0.6}},
		{Kind: pageBreak},
		{Kind: paragraph, Text: "Plain."},
	}, s.Blocks)
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"no end of metadata":               "no line ---",
		"a\n---\n":                         "without a colon",
		"a: b\n---\n@\n@end":               "without a kind",
		"a: b\n---\n@verse\n@end":          "unknown fence",
		"a: b\n---\n@lines\nx":             "without @end",
		"a: b\n---\n@table x\n@end":        "share of a column",
		"a: b\n---\n@table 1\na | b\n@end": "a row of 2 cells in a table of 1 columns",
	} {
		_, err := parse(in)
		assert.ErrorContains(t, err, want, in)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("title: A\n---\n# One.[^1]\n\n[^1]: N\n\n@table 0.5 0.5\na | b\n@end\n")
	f.Add("a: b\n---\n@caption\n|\n@end\n***\n**x*y")
	f.Fuzz(func(t *testing.T, text string) {
		s, err := parse(text)
		if err != nil {
			return
		}
		for _, b := range s.Blocks {
			runs(b.Text)
			for _, row := range b.Rows {
				require.Len(t, row, len(b.Shares))
			}
		}
	})
}

func TestRuns(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []run{
		{Text: "See "}, {Text: "Beck v. Ohio", Slant: italic}, {Text: ", "}, {Text: "all", Slant: bold},
		{Text: "both", Slant: bold | italic}, {Text: " 2 * 3", Slant: italic}, {Note: "12"},
	}, runs("See *Beck v. Ohio*, **all*both** 2 * 3[^12]"))
}

func TestWordsKeepTogetherWhatBelongsTogether(t *testing.T) {
	t.Parallel()
	var got []string
	for _, w := range words(runs("42 U.S.C. § 1983, *Id.*, at 9.[^1]")) {
		text := ""
		for _, r := range w.runs {
			text += r.string()
		}
		got = append(got, text)
	}
	assert.Equal(t, []string{"42", "U.S.C.", "§ 1983,", "Id.,", "at", "9.1"}, got)
}

func TestTextStaysInsideThePage(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("Some words that run on over many lines. ", 40) + "\n\n== A heading\n\n> " +
		strings.Repeat("A quotation. ", 30) + "\n\n@sign\nSigned\n@end\n\n@table 0.5 0.5\nHead | Head\n" + strings.Repeat("cell | another cell with more words in it\n", 60) + "@end\n"
	for name, p := range papers {
		s, err := parse("title: T\n---\n" + body)
		require.NoError(t, err)
		pages, err := typeset(s, p, even{})
		require.NoError(t, err)
		require.Greater(t, len(pages), 1, name)
		for _, pg := range pages {
			for _, g := range pg.Glyphs {
				assert.LessOrEqual(t, g.Y, p.Bottom, "%s: %q", name, g.Text)
				if g.X >= p.Left { // line numbers are further left
					assert.LessOrEqual(t, g.X+even{}.width(g.Face, g.Text), p.Right+0.01, "%s: %q", name, g.Text)
				}
			}
		}
	}
}

func TestFootnotesStandOnTheirReferencesPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("title: T\n---\n")
	for n := 1; n <= 30; n++ {
		fmt.Fprintf(&b, "%s ref%d.[^%d]\n\n[^%d]: note%d %s\n\n", strings.Repeat("word ", 60), n, n, n, n, strings.Repeat("small ", 30))
	}
	s, err := parse(b.String())
	require.NoError(t, err)
	pages, err := typeset(s, papers["opinion"], even{})
	require.NoError(t, err)
	require.Greater(t, len(pages), 3)
	seen := 0
	for _, pg := range pages {
		text := ""
		for _, g := range pg.Glyphs {
			text += g.Text + "\n"
			assert.LessOrEqual(t, g.Y, papers["opinion"].Bottom)
		}
		for n := 1; n <= 30; n++ {
			ref := strings.Contains(text, fmt.Sprintf("ref%d.", n))
			assert.Equal(t, ref, strings.Contains(text, fmt.Sprintf("note%d ", n)), "footnote %d", n)
			if ref {
				seen++
			}
		}
	}
	assert.Equal(t, 30, seen)
}

func TestFootnoteWithoutTextIsAnError(t *testing.T) {
	t.Parallel()
	s, err := parse(sampleText + "Text.[^7]\n")
	require.NoError(t, err)
	for _, set := range []func(*source) ([]byte, error){renderPDF, renderDOCX, renderRTF} {
		_, err = set(s)
		assert.ErrorContains(t, err, "no footnote 7")
	}
}
