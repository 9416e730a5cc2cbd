package document_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
)

func TestJoinSeparatesPagesAndTellsWhereEachIs(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		pages []string
		text  string
		spans []document.Span
	}{
		"no page":       {nil, "", []document.Span{}},
		"one page":      {[]string{"Held."}, "Held.", []document.Span{{0, 5}}},
		"two pages":     {[]string{"a", "bc"}, "a\n\f\nbc", []document.Span{{0, 1}, {4, 6}}},
		"an empty page": {[]string{"a", "", "b"}, "a\n\f\n\n\f\nb", []document.Span{{0, 1}, {4, 4}, {7, 8}}},
		"spans in bytes": {[]string{"§ 1", "“Señor”"}, "§ 1\n\f\n“Señor”",
			[]document.Span{{0, 4}, {7, 19}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var c document.Content
			for _, text := range tt.pages {
				c.Pages = append(c.Pages, document.Page{Text: text})
			}
			text, spans := c.Join()
			assert.Equal(t, tt.text, text)
			assert.Equal(t, tt.spans, spans)
			for i, s := range spans {
				assert.Equal(t, tt.pages[i], text[s.Start:s.End], "page %d", i+1)
			}
		})
	}
}

func TestContentNeedsOCRAsLongAsAPageDoes(t *testing.T) {
	t.Parallel()
	c := document.Content{Pages: []document.Page{{Text: "read"}, {NeedsOCR: true}}}
	assert.True(t, c.NeedsOCR())
	c.Pages[1].NeedsOCR = false
	assert.False(t, c.NeedsOCR())
}

func TestSpan(t *testing.T) {
	t.Parallel()
	s := document.Span{Start: 10, End: 20}
	assert.Equal(t, 10, s.Len())
	tests := []struct {
		name               string
		other              document.Span
		contains, overlaps bool
	}{
		{"itself", document.Span{Start: 10, End: 20}, true, true},
		{"inside", document.Span{Start: 12, End: 13}, true, true},
		{"over the start", document.Span{Start: 9, End: 11}, false, true},
		{"over the end", document.Span{Start: 19, End: 21}, false, true},
		{"around", document.Span{Start: 5, End: 25}, false, true},
		{"right before", document.Span{Start: 5, End: 10}, false, false},
		{"right after", document.Span{Start: 20, End: 25}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.contains, s.Contains(tt.other))
			assert.Equal(t, tt.overlaps, s.Overlaps(tt.other))
			assert.Equal(t, tt.overlaps, tt.other.Overlaps(s), "the other way round")
		})
	}
}

// TestIndexCountsCharacters compares the index with counting from the start, on
// random texts and at random starts of characters.
func TestIndexCountsCharacters(t *testing.T) {
	t.Parallel()
	alphabet := []rune("ab c\n§éñ’“—漢字\u0301🏛👩\U0010ffff")
	r := rand.New(rand.NewPCG(1, 2))
	sizes := []int{0, 1, 2, 64, 85, 86, 255, 256, 257, 512, 1000, 5000}
	for _, size := range sizes {
		for range 20 {
			runes := make([]rune, size)
			for i := range runes {
				runes[i] = alphabet[r.IntN(len(alphabet))]
			}
			text := string(runes)
			index := document.NewIndex(text)
			at := func(b int) {
				assert.Equal(t, utf8.RuneCountInString(text[:b]), index.At(b), "offset %d of %d bytes", b, len(text))
			}
			at(0)
			at(len(text))
			for range 50 {
				at(len(string(runes[:r.IntN(size+1)])))
			}
		}
	}
}

func TestIndexAtItsMarks(t *testing.T) {
	t.Parallel()
	for _, step := range []string{"a", "é", "🏛"} { // 256 bytes are a multiple of each
		text := strings.Repeat(step, 1024/len(step))
		index := document.NewIndex(text)
		for b := 0; b <= len(text); b += len(step) {
			assert.Equal(t, b/len(step), index.At(b), "offset %d of %q…", b, step)
		}
	}
}

func TestIndexConvertsSpans(t *testing.T) {
	t.Parallel()
	index := document.NewIndex("“Señor” 🏛 Court")
	assert.Equal(t, document.Span{Start: 1, End: 6}, index.Span(document.Span{Start: 3, End: 9}), "Señor")
	assert.Equal(t, document.Span{Start: 10, End: 15}, index.Span(document.Span{Start: 18, End: 23}), "Court")
	assert.Equal(t, document.Span{}, document.NewIndex("").Span(document.Span{}), "of an empty text")
}

func TestWarningSaysItsPage(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "partial: page 3: cut off", document.Warning{Code: "partial", Page: 3, Message: "cut off"}.String())
	assert.Equal(t, "partial: cut off", document.Warning{Code: "partial", Message: "cut off"}.String())
}
