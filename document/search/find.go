package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
)

// Find says whether text has what the query asks for, and where, in bytes: in
// order, none overlapping another.
func (q *Query) Find(text string) (hits []document.Span, ok bool) {
	words := slices.Collect(Words(text))
	for _, c := range q.Clauses {
		found := false
		for _, t := range c.Any {
			for i := range words {
				if !t.at(words[i:]) {
					continue
				}
				found = true
				if !c.Not {
					hits = append(hits, document.Span{Start: words[i].Start, End: words[i+len(t.Words)-1].End})
				}
			}
		}
		if found == c.Not {
			return nil, false
		}
	}
	return merge(hits), true
}

// at says whether the term stands at the beginning of words.
func (t Term) at(words []Word) bool {
	if len(words) < len(t.Words) {
		return false
	}
	last := len(t.Words) - 1
	for i, w := range t.Words {
		if i == last && t.Prefix {
			return strings.HasPrefix(words[i].Text, w)
		}
		if words[i].Text != w {
			return false
		}
	}
	return true
}

// merge sorts spans and makes those that overlap one.
func merge(spans []document.Span) []document.Span {
	slices.SortFunc(spans, func(a, b document.Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 && s.Start < merged[n-1].End {
			merged[n-1].End = max(merged[n-1].End, s.End)
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// Piece is a part of a snippet.
type Piece struct {
	Text string
	Hit  bool
}

const ellipsis = "…"

// Snippet is the part of text, of about width characters, that has most of hits,
// with an ellipsis where text is left out. Each run of space is one.
func Snippet(text string, hits []document.Span, width int) []Piece {
	if len(hits) == 0 {
		return nil
	}
	first, last := densest(hits, width)
	from, to := hits[first].Start, hits[last].End
	room := max(0, width-(to-from))
	from = forwardToWord(text, from-min(from, room/3), from)
	to = backToWord(text, min(len(text), from+max(width, to-from)), to)

	var pieces []Piece
	add := func(s string, hit bool) {
		if s = oneLine(s); s != "" {
			pieces = append(pieces, Piece{s, hit})
		}
	}
	if strings.TrimSpace(text[:from]) != "" {
		add(ellipsis, false)
	}
	at := from
	for _, h := range hits {
		if h.Start < from || h.End > to {
			continue
		}
		add(text[at:h.Start], false)
		add(text[h.Start:h.End], true)
		at = h.End
	}
	add(text[at:to], false)
	if strings.TrimSpace(text[to:]) != "" {
		add(ellipsis, false)
	}
	return pieces
}

// densest are the first and last of the most hits that lie within width.
func densest(hits []document.Span, width int) (first, last int) {
	for i := range hits {
		j := i
		for j+1 < len(hits) && hits[j+1].End-hits[i].Start <= width {
			j++
		}
		if j-i > last-first {
			first, last = i, j
		}
	}
	return first, last
}

// forwardToWord is the beginning of the first whole word at or after i, at most limit.
func forwardToWord(text string, i, limit int) int {
	if i <= 0 {
		return 0
	}
	for i < limit && !isSpace(text[i-1]) {
		i++
	}
	return i
}

// backToWord is the end of the last whole word at or before i, at least limit.
func backToWord(text string, i, limit int) int {
	if i >= len(text) {
		return len(text)
	}
	for i > limit && !isSpace(text[i]) {
		i--
	}
	for i > limit && !utf8.RuneStart(text[i]) {
		i--
	}
	return max(i, limit)
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

// oneLine is s with each run of space and control characters as one space.
func oneLine(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}
