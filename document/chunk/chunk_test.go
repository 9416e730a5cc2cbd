package chunk

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
)

func texts(text string, spans []document.Span) []string {
	out := make([]string, len(spans))
	for i, s := range spans {
		out[i] = text[s.Start:s.End]
	}
	return out
}

func TestSentences(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"citations": {
			"The motion fails under Roe v. Wade, 410 U.S. 113, 115 (1973).",
			"See Smith v. Acme Corp., 12 F. Supp. 2d 34 (N.D. Cal. 1998); Fed. R. Civ. P. 12(b)(6).",
			"We affirm.",
		},
		"titles": {
			"Hon. Jane Roe and Mr. John Q. Public of Acme Inc. met Dr. No in Case No. 12-345.",
			"They agreed.",
		},
		"sections": {
			"He sued under 42 U.S.C. § 1983, i.e. for damages.",
			"The court dismissed the claim.",
		},
		"courts in parentheses": {"Cain v. State, 859 S.W.2d 715 (Mo. App.\nE.D. 1993).", "It was so in 1999.", "The rest follows."},
		"numbers":               {"It was 2019.", "The end came in 2020.", "They paid 500.", "He left in 2021."},
		"exhibits":              {"The contract is Exhibit A.", "The lease is Exhibit B."},
		"questions":             {"Is it so?", "It is not!", "The rest follows."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := strings.Join(want, " ")
			assert.Equal(t, want, texts(text, Sentences(text)))
		})
	}
}

func TestSentencesEndAtBlankLines(t *testing.T) {
	t.Parallel()
	text := "INTRODUCTION\n\nThe plaintiff sued\nin May.\n \nThe end"
	assert.Equal(t, []string{"INTRODUCTION", "The plaintiff sued\nin May.", "The end"}, texts(text, Sentences(text)))
}

func TestSentencesRunOverPageBreaks(t *testing.T) {
	t.Parallel()
	text := "The court, having heard" + document.PageBreak + "the parties, rules." + document.PageBreak + "So ordered."
	assert.Equal(t, []string{"The court, having heard" + document.PageBreak + "the parties, rules.", "So ordered."},
		texts(text, Sentences(text)))
}

func TestSplitIsEmptyForBlankText(t *testing.T) {
	t.Parallel()
	assert.Empty(t, Split("", nil, Options{}))
	assert.Empty(t, Split(" \n"+document.PageBreak+"\t", nil, Options{}))
}

// prose is n numbered sentences of about 50 characters, four to a paragraph.
func prose(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "The court considered the argument numbered %d again.", i)
		b.WriteString(map[bool]string{true: "\n\n", false: " "}[i%4 == 3])
	}
	return b.String()
}

func TestSplitFollowsSentences(t *testing.T) {
	t.Parallel()
	text := prose(100)
	chunks := Split(text, nil, Options{})
	require.Greater(t, len(chunks), 3)
	for i, c := range chunks {
		part := text[c.Start:c.End]
		assert.Equal(t, i, c.Ordinal)
		assert.True(t, strings.HasPrefix(part, "The court"), part)
		assert.True(t, strings.HasSuffix(part, "again."), part)
		assert.LessOrEqual(t, utf8.RuneCountInString(part), DefaultTarget)
		if i > 0 {
			shared := chunks[i-1].End - c.Start
			assert.Greater(t, shared, 100, "chunks overlap")
			assert.LessOrEqual(t, shared, DefaultOverlap)
		}
	}
}

func TestSplitPrefersParagraphEnds(t *testing.T) {
	t.Parallel()
	text := prose(100)
	chunks := Split(text, nil, Options{})
	for _, c := range chunks[:len(chunks)-1] {
		assert.True(t, strings.HasPrefix(text[c.End:], "\n\n"))
	}
}

func TestSplitGivesThePageOfTheFirstCharacter(t *testing.T) {
	t.Parallel()
	content := document.Content{Pages: []document.Page{{Text: prose(12)}, {Text: ""}, {Text: prose(40)}}}
	text, pages := content.Join()
	chunks := Split(text, pages, Options{})
	for _, c := range chunks {
		want := 1
		if c.Start >= pages[2].Start {
			want = 3
		}
		assert.Equal(t, want, c.Page)
	}
	assert.Equal(t, 3, chunks[len(chunks)-1].Page)
	assert.Equal(t, 1, chunks[0].Page)
	assert.Less(t, chunks[0].Start, pages[0].End)
}

func TestSplitCutsALongSentenceAfterClauses(t *testing.T) {
	t.Parallel()
	text := strings.TrimSuffix(strings.Repeat("and the party of the first part shall pay the costs, ", 60), ", ") + "."
	chunks := Split(text, nil, Options{})
	require.Greater(t, len(chunks), 2)
	for _, c := range chunks[:len(chunks)-1] {
		assert.Equal(t, byte(','), text[c.End-1])
	}
}

func TestSplitKeepsLongWords(t *testing.T) {
	t.Parallel()
	url := "https://example.org/" + strings.Repeat("a", 1500)
	text := "See the exhibit at " + url + " for the rest."
	var whole bool
	for _, c := range Split(text, nil, Options{}) {
		whole = whole || strings.Contains(text[c.Start:c.End], url)
	}
	assert.True(t, whole, "a word of up to four times the target is one piece")

	blob := strings.Repeat("é", 9000)
	chunks := Split(blob, nil, Options{})
	assert.Greater(t, len(chunks), 1)
	check(t, blob, nil, Options{})
}

func TestOptions(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Options{Target: 1000, Overlap: 200}, Options{}.WithDefaults())
	assert.Equal(t, Options{Target: 1, Overlap: -1}, Options{Target: 1}.WithDefaults().WithDefaults())
	assert.Equal(t, Options{Target: 100, Overlap: 50}, Options{Target: 100}.WithDefaults())
	assert.Equal(t, Options{Target: 100, Overlap: -1}, Options{Target: 100, Overlap: -5}.WithDefaults())
}

// check asserts what holds for every text.
func check(t *testing.T, text string, pages []document.Span, opt Options) {
	t.Helper()
	opt = opt.WithDefaults()
	end, start := 0, -1
	covered := 0
	for _, c := range Split(text, pages, opt) {
		require.True(t, 0 <= c.Start && c.Start < c.End && c.End <= len(text))
		require.Greater(t, c.Start, start, "starts ascend")
		require.Greater(t, c.End, end, "ends ascend")
		require.True(t, utf8.RuneStart(text[c.Start]))
		require.True(t, c.End == len(text) || utf8.RuneStart(text[c.End]))
		require.Empty(t, strings.TrimFunc(text[covered:max(covered, c.Start)], unicode.IsSpace), "nothing is left out")
		if start >= 0 {
			require.LessOrEqual(t, utf8.RuneCountInString(text[c.Start:max(c.Start, end)]), max(0, opt.Overlap))
		}
		part := text[c.Start:c.End]
		length := utf8.RuneCountInString(part)
		if length > opt.Target {
			require.LessOrEqual(t, length, maxWord*opt.Target)
			require.Len(t, strings.Fields(part), 1, "only a single word is longer than the target")
		}
		for _, at := range []int{c.Start, c.End} {
			if insideWord(text, at) {
				require.Greater(t, wordLength(text, at), maxWord*opt.Target, "no cut inside a word")
			}
		}
		start, end, covered = c.Start, c.End, c.End
	}
	require.Empty(t, strings.TrimFunc(text[covered:], unicode.IsSpace), "nothing is left out")
}

func insideWord(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return at > 0 && at < len(text) && !unicode.IsSpace(before) && !unicode.IsSpace(after)
}

func wordLength(text string, at int) int {
	start := strings.LastIndexFunc(text[:at], unicode.IsSpace) + 1
	end := strings.IndexFunc(text[at:], unicode.IsSpace)
	if end < 0 {
		end = len(text) - at
	}
	return utf8.RuneCountInString(text[start : at+end])
}

func FuzzSplit(f *testing.F) {
	f.Add(prose(30), 300, 50)
	f.Add("a\n\f\nb. C", 1, 0)
	f.Add(strings.Repeat("word ", 50)+strings.Repeat("x", 500), 20, 5)
	f.Add("in 1. The of 2. The by 3. The", 20, 5)
	f.Add("Été. "+strings.Repeat("\u0301", 100), 7, 3)
	f.Fuzz(func(t *testing.T, text string, target, overlap int) {
		if !utf8.ValidString(text) {
			t.Skip()
		}
		check(t, text, nil, Options{Target: target % 2000, Overlap: overlap})
	})
}

func BenchmarkSplit(b *testing.B) {
	text := prose(2000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Split(text, nil, Options{})
	}
}

func TestSentencesAreThoseThatChunksAreCutAlong(t *testing.T) {
	text := "The court ruled. The parties agreed.\n\nSee 12 F.3d 45. It was so. A last one\fgoes on."
	chunks, sentences := SplitSentences(text, nil, Options{Target: 20})
	assert.Equal(t, Sentences(text), sentences)
	assert.Equal(t, Split(text, nil, Options{Target: 20}), chunks)
}
