package relate

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
)

// maxEvidence bounds evidence, in bytes; a longer passage gives way to its line.
const maxEvidence = 2000

// maxLine bounds how far from a position its line is looked for, in bytes, for
// texts without line breaks.
const maxLine = 400

// line is the line that holds position at, without the space around it.
func (r *reader) line(at int) document.Span {
	from := r.runeStart(max(0, at-maxLine))
	to := r.runeStart(min(len(r.text), at+maxLine))
	if i := strings.LastIndexAny(r.text[from:at], "\n\f"); i >= 0 {
		from += i + 1
	}
	if i := strings.IndexAny(r.text[at:to], "\n\f"); i >= 0 {
		to = at + i
	}
	return r.trim(document.Span{Start: from, End: to})
}

// lineBefore is the last line before position at with more on it than decoration,
// and after the gap how many blank lines lie between. ok is false at the start of
// the text.
func (r *reader) lineBefore(at int) (line document.Span, blanks int, ok bool) {
	for at > 0 {
		i := strings.LastIndexByte(r.text[:at], '\n')
		if i < 0 {
			return line, blanks, false
		}
		if line = r.line(i); r.says(line) {
			return line, blanks, true
		}
		if line.Len() == 0 {
			blanks++
		}
		at = i
	}
	return line, blanks, false
}

// lineAfter is the first line after the line that holds position at with more on
// it than decoration.
func (r *reader) lineAfter(at int) (line document.Span, ok bool) {
	for {
		i := strings.IndexByte(r.text[at:], '\n')
		if i < 0 {
			return line, false
		}
		at += i + 1
		if line = r.line(at); r.says(line) {
			return line, true
		}
	}
}

// says whether a line holds a letter, or is more than the line numbers and
// brackets of pleading paper.
func (r *reader) says(line document.Span) bool {
	return strings.IndexFunc(r.text[line.Start:line.End], unicode.IsLetter) >= 0
}

func (r *reader) trim(s document.Span) document.Span {
	part := r.text[s.Start:s.End]
	left := strings.TrimLeftFunc(part, unicode.IsSpace)
	s.Start += len(part) - len(left)
	s.End = s.Start + len(strings.TrimRightFunc(left, unicode.IsSpace))
	return s
}

// runeStart is the start of the character at or before position at. In text that
// is not UTF-8 it may be none.
func (r *reader) runeStart(at int) int {
	for n := 1; n < utf8.UTFMax && at > 0 && at < len(r.text) && !utf8.RuneStart(r.text[at]); n++ {
		at--
	}
	return at
}

func (r *reader) slice(s document.Span) string { return r.text[s.Start:s.End] }

// window is the text of s, cut to the document's, on character boundaries.
func (r *reader) window(from, to int) string {
	from, to = r.runeStart(max(0, from)), r.runeStart(min(len(r.text), to))
	if from >= to {
		return ""
	}
	return r.text[from:to]
}

// sentence is the sentence that holds s, or its line if that is too long.
func (r *reader) sentence(s document.Span) document.Span {
	i := sort.Search(len(r.sentences), func(i int) bool { return r.sentences[i].End > s.Start })
	if i < len(r.sentences) && r.sentences[i].Contains(s) && r.sentences[i].Len() <= maxEvidence && r.sentences[i].End <= len(r.text) {
		return r.sentences[i]
	}
	return cover(r.line(s.Start), s)
}

// cover is the least span that holds both.
func cover(a, b document.Span) document.Span {
	return document.Span{Start: min(a.Start, b.Start), End: max(a.End, b.End)}
}

// within are the indices [from, to) of the mentions that start in s.
func (r *reader) within(s document.Span) (from, to int) {
	from = sort.Search(len(r.mentions), func(i int) bool { return r.mentions[i].Start >= s.Start })
	to = sort.Search(len(r.mentions), func(i int) bool { return r.mentions[i].Start >= s.End })
	return from, to
}

// isParty says whether an entity of type t can be a party or counsel.
func isParty(t document.EntityType) bool { return t == document.Person || t == document.Org }
