package corpus

import (
	"strings"
)

// Kind is what sort of document one is.
type Kind string

// The kinds.
const (
	Complaint   Kind = "complaint"
	Motion      Kind = "motion"
	Order       Kind = "order"
	Opinion     Kind = "opinion"
	Notice      Kind = "notice"
	Declaration Kind = "declaration"
	Letter      Kind = "letter"
	Contract    Kind = "contract"
	Mail        Kind = "email"
)

// weighted is a kind with its weights among documents of at most 2, at most 9 and
// more pages.
type weighted struct {
	kind               Kind
	short, middle, big int
}

var kindsOf = map[Format][]weighted{
	PDF: {
		{Complaint, 0, 14, 22}, {Motion, 5, 26, 22}, {Order, 26, 16, 0}, {Opinion, 0, 8, 26}, {Notice, 24, 3, 0},
		{Declaration, 14, 14, 6}, {Letter, 24, 4, 0}, {Contract, 7, 15, 24},
	},
	DOCX: {
		{Complaint, 0, 8, 10}, {Motion, 6, 20, 20}, {Order, 10, 8, 0}, {Declaration, 18, 16, 8}, {Letter, 40, 8, 0}, {Contract, 26, 40, 62},
	},
	EML:  {{Mail, 1, 1, 1}},
	HTML: {{Order, 60, 30, 0}, {Opinion, 10, 50, 70}, {Notice, 20, 0, 0}, {Contract, 10, 20, 30}},
	TXT:  {{Order, 30, 20, 0}, {Letter, 30, 5, 0}, {Notice, 20, 0, 0}, {Declaration, 20, 35, 40}, {Opinion, 0, 30, 50}, {Contract, 0, 10, 10}},
}

// pickKind draws a kind for a format and length.
func pickKind(rng *dice, f Format, pages int) Kind {
	weight := func(w weighted) int {
		switch {
		case pages <= 2:
			return w.short
		case pages <= 9:
			return w.middle
		}
		return w.big
	}
	sum := 0
	for _, w := range kindsOf[f] {
		sum += weight(w)
	}
	left := rng.below(sum)
	for _, w := range kindsOf[f] {
		if left -= weight(w); left < 0 {
			return w.kind
		}
	}
	panic("corpus: format " + f + " has no kinds")
}

// compose writes a document of a kind that takes about so many pages: the last
// one is filled to between a sixth and five sixths.
func compose(d *draft, k Kind, pages int) {
	d.pages = pages
	d.budget = d.sheet.height*(pages-1) + d.sheet.height*d.between(15, 85)/100
	switch k {
	case Complaint:
		d.complaint()
	case Motion:
		d.motion()
	case Order, Opinion:
		d.order(k == Opinion)
	case Notice:
		d.notice()
	case Declaration:
		d.declaration()
	case Letter:
		d.letter()
	case Contract:
		d.contract()
	}
}

// section is a part of a document's body.
type section struct {
	heading string
	pool    []string // of sentences
	weight  int      // its share of the body
	from    int      // the least number of pages of a document that has it
	points  bool     // its paragraphs are numbered ones of one or two sentences
}

// fillBody writes the sections so that they and what follows, reserve lines high,
// fill the budget. Each has a paragraph at least.
func (d *draft) fillBody(reserve int, sections ...section) {
	sum := 0
	for _, s := range sections {
		if s.from <= d.pages {
			sum += s.weight
		}
	}
	start := d.used
	body := max(0, d.budget-reserve*d.sheet.leading-start)
	done := 0
	for _, s := range sections {
		if s.from > d.pages {
			continue
		}
		if s.heading != "" && d.pages > 1 {
			d.head(d.say(s.heading))
		}
		done += s.weight
		for first := true; first || d.used < start+body*done/sum; first = false {
			d.passageOf(s)
		}
	}
}

// passageOf writes a paragraph of a section. Now and then a long one is followed
// by a quotation.
func (d *draft) passageOf(s section) {
	if s.points {
		d.numbered(d.passage(s.pool, d.between(1, 2)))
		return
	}
	sentences := d.between(3, 6)
	if d.pages == 1 {
		sentences = 2
	}
	d.para(d.passage(s.pool, sentences))
	if d.pages > 3 && d.percent(8) {
		d.add(block{shape: blockQuote, text: d.passage(testimony, d.between(2, 4)) + " " + d.say("{witness} Dep. {page}.")})
	}
}

// slug is a title as a file name: lower-case ASCII letters, digits and hyphens, at
// most 48 of them.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(ascii(title)) {
		if b.Len() >= 48 {
			break
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	return strings.TrimSuffix(b.String(), "-")
}
