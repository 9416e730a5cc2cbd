package model

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
)

// maxPlaces bounds the places of one quote that are mentions.
const maxPlaces = 200

// relationEnds are the types that a relationship may join, as package document has
// them. A type that is not here may join any two.
var relationEnds = map[document.RelationType]struct{ from, to []document.EntityType }{
	document.PartyTo:      {[]document.EntityType{document.Person, document.Org}, []document.EntityType{document.DocketNumber}},
	document.Represents:   {[]document.EntityType{document.Person, document.Org}, []document.EntityType{document.Person, document.Org}},
	document.PresidesOver: {[]document.EntityType{document.Judge}, []document.EntityType{document.DocketNumber, document.Court}},
	document.FiledIn:      {[]document.EntityType{document.DocketNumber}, []document.EntityType{document.Court}},
	document.Cites:        {[]document.EntityType{document.DocketNumber}, []document.EntityType{document.CaseCitation, document.Statute}},
	document.Dated:        {[]document.EntityType{document.DocketNumber}, []document.EntityType{document.Date}},
}

// joins says whether a relationship of type t may go from one entity type to another.
func joins(t document.RelationType, from, to document.EntityType) bool {
	e, ok := relationEnds[t]
	return !ok || slices.Contains(e.from, from) && slices.Contains(e.to, to)
}

// passage is a part of a text in which quotes are looked for: without regard to how
// much white space there is, and whether quotes and dashes are curved or straight.
type passage struct {
	text  string
	start int    // in the document
	plain string // text in that form
	at    []int  // byte of text that each byte of plain comes from, and the end
}

func newPassage(text string, start int) *passage {
	p := &passage{text: text, start: start}
	var b strings.Builder
	b.Grow(len(text))
	space := false
	for i, r := range text {
		if unicode.IsSpace(r) {
			if !space {
				b.WriteByte(' ')
				p.at = append(p.at, i)
			}
			space = true
			continue
		}
		space = false
		n := b.Len()
		b.WriteRune(straight(r))
		for range b.Len() - n {
			p.at = append(p.at, i)
		}
	}
	p.plain, p.at = b.String(), append(p.at, len(text))
	return p
}

// straight is r, or the ASCII character that stands for it.
func straight(r rune) rune {
	switch r {
	case '‘', '’', 'ʼ':
		return '\''
	case '“', '”':
		return '"'
	case '‐', '‑', '‒', '–', '—', '−':
		return '-'
	}
	return r
}

// plainQuote is a quote in the form of passage.plain.
func plainQuote(s string) string {
	return strings.Map(straight, strings.Join(strings.Fields(s), " "))
}

// find is where the quote stands as whole words, in bytes of the document. A place
// that goes over more than a single line break is none.
func (p *passage) find(quote string) (spans []document.Span) {
	first, _ := utf8.DecodeRuneInString(quote)
	last, _ := utf8.DecodeLastRuneInString(quote)
	if quote == "" || !strings.ContainsFunc(quote, isWord) {
		return nil
	}
	for from := 0; len(spans) < maxPlaces; {
		i := strings.Index(p.plain[from:], quote)
		if i < 0 {
			return spans
		}
		i += from
		end := i + len(quote)
		from = end
		before, _ := utf8.DecodeLastRuneInString(p.plain[:i])
		after, _ := utf8.DecodeRuneInString(p.plain[end:])
		if isWord(first) && i > 0 && isWord(before) || isWord(last) && end < len(p.plain) && isWord(after) {
			continue
		}
		s := document.Span{Start: p.at[i], End: p.at[end]}
		if wraps(p.text[s.Start:s.End]) {
			continue
		}
		spans = append(spans, document.Span{Start: p.start + s.Start, End: p.start + s.End})
	}
	return spans
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// wraps says whether s goes over a page, or an empty line.
func wraps(s string) bool {
	breaks := 0
	for _, r := range s {
		switch {
		case r == '\f':
			return true
		case r == '\n':
			breaks++
		case !unicode.IsSpace(r):
			breaks = 0
		}
		if breaks > 1 {
			return true
		}
	}
	return false
}

// take adds what the passage bears out of an answer to the reading.
func (r *Reading) take(a answer, p *passage) {
	if r.Kind == "" && slices.Contains(document.Kinds(), document.Kind(a.Kind)) {
		r.Kind = document.Kind(a.Kind) // the first piece that tells
	}
	r.Dropped.Mentions += max(0, len(a.Mentions)-maxMentions)
	r.Dropped.Relations += max(0, len(a.Relations)-maxRelations)
	named := map[string][]int{} // the mentions of this answer by quote
	taken := map[document.Span]int{}
	for _, m := range a.Mentions[:min(len(a.Mentions), maxMentions)] {
		t, quote := document.EntityType(m.Type), plainQuote(m.Text)
		spans := p.find(quote)
		if len(spans) == 0 || !slices.Contains(document.EntityTypes(), t) {
			r.Dropped.Mentions++
			continue
		}
		for _, s := range spans {
			i, ok := taken[s]
			if !ok {
				i = len(r.Mentions)
				taken[s] = i
				r.Mentions = append(r.Mentions, Mention{Span: s, Type: t, Confidence: capped(m.Confidence)})
			}
			if r.Mentions[i].Type == t && !slices.Contains(named[quote], i) {
				named[quote] = append(named[quote], i)
			}
		}
	}
	for _, rel := range a.Relations[:min(len(a.Relations), maxRelations)] {
		t := document.RelationType(rel.Type)
		from, to := r.nearest(named[plainQuote(rel.From)], named[plainQuote(rel.To)])
		if from < 0 || !slices.Contains(relationTypes(), t) {
			r.Dropped.Relations++
			continue
		}
		r.Relations = append(r.Relations, Relation{Type: t, From: from, To: to, Confidence: capped(rel.Confidence)})
	}
}

// nearest are the two mentions, one of each list, that stand closest together;
// -1 if there are none. What types they may have is checked by Merge.
func (r *Reading) nearest(from, to []int) (a, b int) {
	a, b = -1, -1
	best := 0
	for _, i := range from {
		for _, j := range to {
			m, n := r.Mentions[i], r.Mentions[j]
			if m.Overlaps(n.Span) {
				continue
			}
			if gap := max(m.Start, n.Start) - min(m.End, n.End); a < 0 || gap < best {
				a, b, best = i, j, gap
			}
		}
	}
	return a, b
}

// capped is a model's own confidence, brought within bounds.
func capped(c float64) float64 {
	if !(c > 0) { // NaN, too
		return 0
	}
	return min(c, MaxConfidence)
}

// sort brings the mentions into the order of their spans.
func (r *Reading) sort() {
	order := make([]int, len(r.Mentions))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := r.Mentions[i], r.Mentions[j]
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End))
	})
	place := make([]int, len(order))
	sorted := make([]Mention, len(order))
	for to, from := range order {
		sorted[to], place[from] = r.Mentions[from], to
	}
	r.Mentions = sorted
	for i := range r.Relations {
		r.Relations[i].From, r.Relations[i].To = place[r.Relations[i].From], place[r.Relations[i].To]
	}
}
