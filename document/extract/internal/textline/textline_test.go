package textline

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestJoinMakesCutWordsWhole(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ in, want string }{
		"hyphen":                  {"rights under the Com-\npact apply", "rights under the Compact\napply"},
		"soft hyphen":             {"Okla\u00AD\nhoma law", "Oklahoma\nlaw"},
		"typographic hyphen":      {"Okla\u2010\nhoma", "Oklahoma"},
		"before a capital":        {"Smith-\nJones", "Smith-\nJones"},
		"soft before a capital":   {"Smith\u00AD\nJones", "Smith-\nJones"},
		"before a digit":          {"Rule-\n24", "Rule-\n24"},
		"after a digit":           {"1978-\nera", "1978-\nera"},
		"a dash":                  {"the rule -\nas stated", "the rule -\nas stated"},
		"em dash":                 {"the rule\u2014\nas stated", "the rule\u2014\nas stated"},
		"word over three lines":   {"inter-\nnational-\nly known", "internationally\nknown"},
		"at the end":              {"continued over-", "continued over-"},
		"inside a line":           {"pre\u00ADempt", "pre-empt"},
		"line that is all a tail": {"con-\ntract\nof sale", "contract\nof sale"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, Join(plain(tc.in)))
		})
	}
}

func TestJoinDoesNotJoinAcrossBlocks(t *testing.T) {
	t.Parallel()
	lines := plain("the com-\nplainant footnote")
	lines[1].Start = true
	assert.Equal(t, "the com-\n\nplainant footnote", Join(lines))
}

func TestJoinDropsEmptyLinesButKeepsTheirBreak(t *testing.T) {
	t.Parallel()
	lines := plain("one\n \ntwo")
	assert.Equal(t, "one\ntwo", Join(lines))
	lines[1].Start = true
	assert.Equal(t, "one\n\ntwo", Join(lines))
	assert.Empty(t, Join(nil))
}

func TestJoinFindsParagraphs(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lines []Line
		want  string
	}{
		"wider gap": {at(12, "a", 72, 700, "b", 72, 686, "c", 72, 658, "d", 72, 644), "a b|c d"},
		"double spacing is no gap": {
			at(12, "a", 72, 700, "b", 72, 672, "c", 72, 644), "a b c"},
		"double to single spacing": {
			at(12, "a", 72, 700, "b", 72, 672, "c", 100, 644, "d", 100, 630, "e", 72, 602, "f", 72, 574), "a b|c d|e f"},
		"indented first line": {
			at(12, "a", 72, 700, "b", 72, 686, "c", 108, 672, "d", 72, 658), "a b|c d"},
		"centred heading is no paragraph": {
			at(12, "a", 72, 700, "b", 250, 686, "c", 72, 672), "a b c"},
		"block quote is no first line": {
			at(12, "a", 72, 700, "b", 108, 686, "c", 108, 672), "a b c"},
		"new column":            {at(12, "a", 72, 114, "b", 72, 100, "c", 320, 700, "d", 320, 686), "a b|c d"},
		"beside each other":     {at(12, "a", 72, 700, "b", 300, 700, "c", 72, 686), "a b c"},
		"superscript":           {at(12, "a", 72, 700, "b", 90, 693, "c", 72, 679), "a b c"},
		"two lines far apart":   {at(12, "a", 72, 700, "b", 72, 500), "a|b"},
		"two lines":             {at(12, "a", 72, 700, "b", 72, 686), "a b"},
		"unknown position":      {plain("a\nb\nc"), "a b c"},
		"position lost midway":  {append(at(12, "a", 72, 700), plain("b\nc")...), "a b c"},
		"indented, end of page": {at(12, "a", 72, 700, "b", 72, 686, "c", 108, 672), "a b c"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.NewReplacer("\n\n", "|", "\n", " ").Replace(Join(tc.lines))
			assert.Equal(t, tc.want, got)
		})
	}
}

func FuzzJoin(f *testing.F) {
	f.Add("Com-\npact\n\nof 1978-\nb", 700.0, 14.0)
	f.Add("\u00AD\n-\n\u2010a", 0.0, -3.0)
	f.Fuzz(func(t *testing.T, s string, y, pitch float64) {
		lines := plain(s)
		for i := range lines {
			lines[i].Y, lines[i].Size = y-float64(i)*pitch, 12
		}
		got := Join(lines)
		strip := strings.NewReplacer("-", "", "\u00AD", "", "\u2010", "")
		assert.Equal(t, strings.Join(strings.Fields(strip.Replace(s)), ""),
			strings.Join(strings.Fields(strip.Replace(got)), ""), "no letter is lost or added")
		assert.NotContains(t, got, "\n\n\n")
	})
}

// plain is the lines of s, their positions unknown.
func plain(s string) []Line {
	var lines []Line
	for _, text := range strings.Split(s, "\n") {
		lines = append(lines, Line{Text: text})
	}
	return lines
}

// at is lines of the given letter height, each with its text, x and y.
func at(size float64, values ...any) []Line {
	var lines []Line
	for i := 0; i < len(values); i += 3 {
		var l Line
		for _, v := range values[i : i+3] {
			switch v := v.(type) {
			case string:
				l = Line{Text: v, Size: size, X: -1}
			case int:
				if l.X < 0 {
					l.X = float64(v)
				} else {
					l.Y = float64(v)
				}
			}
		}
		lines = append(lines, l)
	}
	return lines
}

func TestInsert(t *testing.T) {
	t.Parallel()
	form := at(12, "Name:", 72, 700, "Address:", 72, 680, "Signature", 72, 600)
	for name, tc := range map[string]struct {
		added []Line
		want  string
	}{
		"beside its label":      {at(10, "Jane Roe", 120, 681), "Name: Address: Jane Roe Signature"},
		"two beside a label":    {at(10, "Roe", 160, 700, "Jane", 120, 700), "Name: Jane Roe Address: Signature"},
		"left of everything":    {at(10, "x", 40, 680), "Name: x Address: Signature"},
		"between lines":         {at(10, "1 Main Street", 120, 640), "Name: Address: 1 Main Street Signature"},
		"above everything":      {at(10, "Case 1", 200, 760), "Case 1 Name: Address: Signature"},
		"below everything":      {at(10, "Form 8", 200, 30), "Name: Address: Signature Form 8"},
		"position is not known": {[]Line{{Text: "note"}}, "Name: Address: Signature note"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, l := range Insert(form, tc.added) {
				got = append(got, l.Text)
			}
			assert.Equal(t, tc.want, strings.Join(got, " "))
		})
	}
}
