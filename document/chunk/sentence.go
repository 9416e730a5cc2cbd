package chunk

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/neurosnap/sentences"
	"github.com/neurosnap/sentences/english"

	"github.com/caseload/caseload/document"
)

// maxParagraph bounds the memory that one paragraph's tokens take, in bytes.
// Longer ones, such as tables read as one, are cut at a space.
const maxParagraph = 128 << 10

// tokenizer is the English punkt model with legal abbreviations added. It is
// read-only once built, so it serves any number of goroutines.
var tokenizer = sync.OnceValue(func() *sentences.DefaultSentenceTokenizer {
	t, err := english.NewSentenceTokenizer(nil)
	if err != nil {
		// The model is compiled in: either it always loads or never.
		panic(fmt.Sprintf("embedded sentence model: %v", err))
	}
	for _, a := range legalAbbreviations {
		t.AbbrevTypes.Add(a)
	}
	return t
})

// Sentences are the sentences of text in order, as byte spans without the space
// around them. Together they hold every non-space character. A sentence never
// runs over a blank line; it may run over a page break when the page does not
// end a sentence. Text in other languages than English is cut at its full stops
// all the same, less exactly at abbreviations.
func Sentences(text string) []document.Span {
	var out []document.Span
	for _, p := range paragraphs(text) {
		out = appendSentences(out, text, p)
	}
	return out
}

func appendSentences(out []document.Span, text string, p document.Span) []document.Span {
	first := len(out)
	for _, s := range tokenizer().Tokenize(text[p.Start:p.End]) {
		span, ok := trim(text, document.Span{Start: p.Start + s.Start, End: p.Start + s.End})
		if !ok {
			continue
		}
		if n := len(out); n > first && joins(text[out[n-1].Start:out[n-1].End], text[span.Start:span.End]) {
			span.Start = out[n-1].Start
			out = out[:n-1]
		}
		out = append(out, span)
	}
	// The model seldom ends a sentence after a number: citations would suffer
	// if it did. Where the next word opens sentences, it does end.
	whole := append([]document.Span(nil), out[first:]...)
	out = out[:first]
	for _, s := range whole {
		base := s.Start
		for _, m := range afterNumber.FindAllStringSubmatchIndex(text[s.Start:s.End], -1) {
			end, next := base+m[2], base+m[3]
			word := text[next:s.End]
			if i := strings.IndexAny(word, space+","); i > 0 {
				word = word[:i]
			}
			if openers[strings.ToLower(word)] && startsUpper(word) {
				out = append(out, document.Span{Start: s.Start, End: end})
				s.Start = next
			}
		}
		out = append(out, s)
	}
	return out
}

// afterNumber finds a full stop after a number that is no list item's, and the
// space after it.
var afterNumber = regexp.MustCompile(`[\w§)][ ,]\s?[\d–-]*\d\.["”’)]*(\s+)`)

// joins says whether what the model takes for two sentences is one: the first
// ends in an abbreviation that something must follow, or the second begins in
// a way no sentence does.
func joins(a, b string) bool {
	word := a[strings.LastIndexAny(a, " \t\n\f(“\"‘")+1:]
	if bindsRight[strings.ToLower(word)] || isInitial(word) && inName(a[:len(a)-len(word)], b) {
		return true
	}
	if opensParenthesis(a) && closesParenthesis(b) {
		return true
	}
	r, _ := utf8.DecodeRuneInString(b)
	return unicode.IsLower(r) || strings.ContainsRune(",;:)]", r)
}

// parenthesisReach is how far a parenthesis may run on either side of a full
// stop, in bytes, to be taken for one that holds a court and year.
const parenthesisReach = 60

func opensParenthesis(s string) bool {
	s = s[max(0, len(s)-parenthesisReach):]
	return strings.LastIndexByte(s, '(') > strings.LastIndexByte(s, ')')
}

func closesParenthesis(s string) bool {
	s = s[:min(len(s), parenthesisReach)]
	end := strings.IndexByte(s, ')')
	start := strings.IndexByte(s, '(')
	return end >= 0 && (start < 0 || end < start)
}

// isInitial says whether word is one capital and a full stop.
func isInitial(word string) bool {
	return len(word) == 2 && word[1] == '.' && word[0] >= 'A' && word[0] <= 'Z'
}

// inName says whether an initial between before and after is part of a name,
// rather than the letter of an exhibit or a heading.
func inName(before, after string) bool {
	words := strings.Fields(before[max(0, len(before)-64):])
	if len(words) == 0 {
		return false
	}
	last, next := words[len(words)-1], after
	if i := strings.IndexAny(next, space); i > 0 {
		next = next[:i]
	}
	return startsUpper(last) && startsUpper(next) && !lettered[strings.ToLower(last)] && !openers[strings.ToLower(next)]
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// paragraphs are text's paragraphs in order, without the space around them:
// they are separated by blank lines, and by page breaks where a sentence ends.
func paragraphs(text string) []document.Span {
	var out []document.Span
	add := func(start, end int) {
		for end-start > maxParagraph {
			cut := strings.LastIndexAny(text[start:start+maxParagraph], " \n")
			if cut <= 0 {
				if cut = strings.IndexAny(text[start+maxParagraph:end], " \n"); cut < 0 {
					break
				}
				cut += maxParagraph
			}
			out = append(out, document.Span{Start: start, End: start + cut})
			start += cut
		}
		out = append(out, document.Span{Start: start, End: end})
	}
	start := 0
	for pos := 0; pos < len(text); {
		i := strings.IndexByte(text[pos:], '\n')
		if i < 0 {
			break
		}
		from := pos + i
		to := from + len(text[from:]) - len(strings.TrimLeft(text[from:], space))
		gap := text[from:to]
		pos = to
		if strings.Count(gap, "\n") < 2 || strings.Contains(gap, "\f") && !endsSentence(text[start:from]) {
			continue
		}
		add(start, from)
		start = to
	}
	add(start, len(text))

	kept := out[:0]
	for _, p := range out {
		if p, ok := trim(text, p); ok {
			kept = append(kept, p)
		}
	}
	return kept
}

const space = " \t\n\f\r\v"

func endsSentence(s string) bool {
	s = strings.TrimRight(s, space+`"'”’)]`)
	r, _ := utf8.DecodeLastRuneInString(s)
	return strings.ContainsRune(".?!:", r)
}

// trim takes the space off both ends of s; ok is false if nothing is left.
func trim(text string, s document.Span) (trimmed document.Span, ok bool) {
	part := text[s.Start:s.End]
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	s.Start += len(part) - len(left)
	s.End = s.Start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return s, s.Len() > 0
}
