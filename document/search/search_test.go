package search_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/search"
)

func TestWordsAreLettersAndDigitsWithoutAccents(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"The Board’s FIDUCIARY duty²": "the board s fiduciary duty",
		"410 U.S. 113, 20-cv-3 §12":   "410 u s 113 20 cv 3 12",
		"Zoë ﬁled Ça va E\u0301tude":  "zoe filed ca va etude",
		"東京ab カナ":                     "東 京 ab カ ナ",
		"½ ☃ \x00\xff ́":              "",
		"ＡＢＣ１２":                       "abc12",
		"":                            "",
		strings.Repeat("Y", 150):      strings.Repeat("y", 100),
		strings.Repeat("é", 150):      strings.Repeat("e", 100),
	} {
		assert.Equal(t, want, search.Join(text), text)
	}
}

func TestWordsTellWhereTheyAre(t *testing.T) {
	t.Parallel()
	const text = "Ça – ﬁled, 京"
	var found []string
	for w := range search.Words(text) {
		found = append(found, text[w.Start:w.End])
	}
	assert.Equal(t, []string{"Ça", "ﬁled", "京"}, found)
}

func TestWhatIsIndexedOfAPassageIsBounded(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 10_000, len(strings.Fields(search.Join(strings.Repeat("ab ", 20_000)))))
	assert.LessOrEqual(t, len(search.Join(strings.Repeat(strings.Repeat("京a", 1)+strings.Repeat("ж", 100)+" ", 20_000))), 600_000)
}

func TestQueriesThatCannotBeUnderstoodSayWhy(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                        "the query has no word",
		" § – ":                   "the query has no word",
		"-fraud":                  "the query says only what must not be there: add a word to look for",
		`breach "of duty`:         "the query, at character 8, has a quotation mark that is not closed",
		`breach -"of duty`:        "the query, at character 9, has a quotation mark that is not closed",
		`a ""`:                    "the query, at character 3, has a phrase or * without a word",
		"a *":                     "the query, at character 3, has a phrase or * without a word",
		"wom*n":                   "the query, at character 1, has a * that does not end a word or phrase: it stands for the rest of the last word",
		"a b*":                    "the query, at character 3, has a * after too little: want 2 characters or more before it",
		"OR fraud":                "the query, at character 1, has OR with nothing to look for before it",
		"fraud OR":                "the query, at character 7, has OR with nothing to look for after it",
		"fraud AND OR deceit":     "the query, at character 7, has AND with nothing to look for after it",
		"fraud OR -deceit":        "the query, at character 7, has OR beside something that must not be there: want it between words or phrases to look for",
		"x NOT fraud OR deceit":   "the query, at character 13, has OR beside something that must not be there: want it between words or phrases to look for",
		"fraud NOT":               "the query, at character 7, has NOT with nothing to look for after it",
		strings.Repeat("é", 1001): "the query has 1001 characters: want 1000 at most",
		strings.Repeat("a ", 65):  "the query has 65 words and phrases: want 64 at most",
	} {
		_, err := search.Parse(query)
		var syntax *search.SyntaxError
		require.ErrorAs(t, err, &syntax, query)
		assert.Equal(t, want, err.Error(), query)
	}
}

func TestQueriesAreParsed(t *testing.T) {
	t.Parallel()
	term := func(words ...string) search.Term { return search.Term{Words: words} }
	is := func(any ...search.Term) search.Clause { return search.Clause{Any: any} }
	not := func(t search.Term) search.Clause { return search.Clause{Not: true, Any: []search.Term{t}} }
	for query, want := range map[string][]search.Clause{
		`“breach of duty”  Fraud`:      {is(term("breach", "of", "duty")), is(term("fraud"))},
		`a AND b`:                      {is(term("a")), is(term("b"))},
		`a OR b "c d" OR e`:            {is(term("a"), term("b")), is(term("c", "d"), term("e"))},
		`NOT a b`:                      {not(term("a")), is(term("b"))},
		`b AND NOT "a c" -d`:           {is(term("b")), not(term("a", "c")), not(term("d"))},
		`a - b`:                        {is(term("a")), is(term("b"))},
		`U.S. "or" neglig*`:            {is(term("u", "s")), is(term("or")), is(search.Term{Words: []string{"neglig"}, Prefix: true})},
		`"no fiduc* "`:                 {is(search.Term{Words: []string{"no", "fiduc"}, Prefix: true})},
		`and or not`:                   {is(term("and")), is(term("or")), is(term("not"))},
		`(fraud OR deceit) a"b c"-"d"`: {is(term("fraud"), term("deceit")), is(term("a")), is(term("b", "c")), not(term("d"))},
	} {
		q, err := search.Parse(query)
		require.NoError(t, err, query)
		assert.Equal(t, want, q.Clauses, query)
	}
}

func snippet(t *testing.T, query, text string, width int) string {
	t.Helper()
	q, err := search.Parse(query)
	require.NoError(t, err)
	hits, ok := q.Find(text)
	require.True(t, ok)
	var b strings.Builder
	for _, p := range search.Snippet(text, hits, width) {
		if p.Hit {
			b.WriteString("**" + p.Text + "**")
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestSnippetsShowMostHits(t *testing.T) {
	t.Parallel()
	filler := strings.Repeat("filler ", 50)
	assert.Equal(t, "a **duty** is owed", snippet(t, "duty", "a duty\n is  owed", 80))
	assert.Equal(t, "…filler **duty** filler filler filler filler…", snippet(t, "duty", filler+"duty "+filler, 40))
	assert.Equal(t, "…a **duty** and a **breach** of it filler…", snippet(t, "duty breach", filler+"duty "+filler+"owed a duty and a breach of it "+filler, 34))
	assert.Equal(t, "…**東京**…", snippet(t, `"東京"`, strings.Repeat("文", 50)+"東京で"+strings.Repeat("文", 50), 10))
	assert.Equal(t, "**one two** three", snippet(t, `"one two"`, "one two three", 3+14))
}

func FuzzSnippet(f *testing.F) {
	f.Add("a duty “of” Ünder\n\f\n東京", `duty OR "東京"`, 20)
	f.Fuzz(func(t *testing.T, text, query string, width int) {
		q, err := search.Parse(query)
		if err != nil || width < 0 || width > 1000 {
			return
		}
		hits, _ := q.Find(text)
		end := 0
		for _, h := range hits {
			require.True(t, end <= h.Start && h.Start < h.End && h.End <= len(text))
			end = h.End
		}
		marked := 0
		for _, p := range search.Snippet(text, hits, width) {
			require.True(t, utf8.ValidString(p.Text) || !utf8.ValidString(text))
			if p.Hit {
				marked++
			}
		}
		require.Equal(t, len(hits) > 0, marked > 0)
	})
}

func TestOffsetsAreThoseOfCharacters(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "plain", strings.Repeat("é京a𝔖", 300)} {
		offsets, index := document.NewOffsets(text), document.NewIndex(text)
		chars := 0
		for i := range text {
			assert.Equal(t, i, offsets.At(chars))
			assert.Equal(t, chars, index.At(i))
			chars++
		}
		assert.Equal(t, len(text), offsets.At(chars+5))
		assert.Equal(t, text, offsets.Slice(document.Span{Start: -1, End: chars}))
	}
}
