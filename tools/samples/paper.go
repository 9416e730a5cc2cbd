package main

import (
	"fmt"
	"strconv"
	"strings"
)

// paper is how a kind of document looks: lengths in points, from the page's
// upper left corner.
type paper struct {
	Family            family
	Size              float64
	Leading           float64 // between lines of running text
	Single            float64 // between lines of captions, headings, quotations
	Gap               float64 // between paragraphs
	Indent            float64 // of a paragraph's first line
	Left, Right       float64
	Top, Bottom       float64
	Numbered          bool // lines numbered 1 to 28, as California pleadings are
	HeadRule, FootEnd bool // a rule under the header; the page number at the foot's right end
}

// papers by the name a source gives as its style.
var papers = map[string]paper{
	"pleading": {Family: serif, Size: 12, Leading: 24, Single: 12, Indent: 36,
		Left: 90, Right: 560, Top: 46, Bottom: 718, Numbered: true},
	"motion": {Family: serif, Size: 12, Leading: 22, Single: 14, Gap: 2, Indent: 36,
		Left: 90, Right: 522, Top: 64, Bottom: 712},
	"opinion": {Family: serif, Size: 12.5, Leading: 17.5, Single: 15, Gap: 7, Indent: 24,
		Left: 110, Right: 502, Top: 86, Bottom: 702, HeadRule: true},
	"order": {Family: serif, Size: 12, Leading: 17, Single: 14, Gap: 6, Indent: 36,
		Left: 80, Right: 532, Top: 70, Bottom: 712},
	"letter": {Family: sans, Size: 10.5, Leading: 14, Single: 13.5, Gap: 7,
		Left: 76, Right: 536, Top: 60, Bottom: 722},
	"form": {Family: sans, Size: 9.5, Leading: 12.5, Single: 12.5, Gap: 5,
		Left: 60, Right: 552, Top: 50, Bottom: 740},
	"typed": {Family: typewriter, Size: 10, Leading: 14, Single: 13, Gap: 6,
		Left: 76, Right: 540, Top: 60, Bottom: 730},
}

func paperOf(s *source) (paper, error) {
	p, ok := papers[s.Meta["style"]]
	if !ok {
		return p, fmt.Errorf("unknown style %q", s.Meta["style"])
	}
	return p, nil
}

func (p paper) width() float64 { return p.Right - p.Left }

// headLeading is between the lines of headings, which stand on numbered lines if
// there are any.
func (p paper) headLeading() float64 {
	if p.Numbered {
		return p.Leading
	}
	return p.Single
}

func (p paper) noteLeading() float64 { return p.Size }
func (p paper) face() face           { return face{p.Family, 0, p.Size} }

// furnish adds what is on every page: header, footer, line numbers, rules. In
// header and footer, {page} and {pages} stand for the numbers.
func (l *layout) furnish(i int) {
	p, pg := l.paper, &l.pages[i]
	fill := func(text string) string { return numberPages(text, i, len(l.pages)) }
	small := face{p.Family, 0, p.Size - 2}
	if h := l.source.Meta["header"]; h != "" {
		pg.center(l.measure, 34, small, fill(h))
		if p.HeadRule {
			pg.Rules = append(pg.Rules, rule{p.Left, 42, p.Right, 42, 0.5})
		}
	}
	if s := l.source.Meta["stamp"]; s != "" {
		pg.center(l.measure, 16, face{sans, 0, 9}, fill(s))
	}
	if f := l.source.Meta["footer"]; f != "" {
		left, right, two := strings.Cut(fill(f), "||")
		if two {
			pg.Glyphs = append(pg.Glyphs, glyphs{p.Left, 760, small, left},
				glyphs{p.Right - l.measure.width(small, right), 760, small, right})
		} else {
			pg.center(l.measure, 760, small, left)
		}
	}
	if !p.Numbered {
		return
	}
	for n := 1; n <= 28; n++ {
		text := strconv.Itoa(n)
		x := p.Left - 16 - l.measure.width(p.face(), text)
		pg.Glyphs = append(pg.Glyphs, glyphs{x, p.Top + 24*float64(n), p.face(), text})
	}
	for _, x := range []float64{p.Left - 9, p.Left - 6, p.Right + 6} {
		pg.Rules = append(pg.Rules, rule{x, 24, x, pageHeight - 24, 0.6})
	}
}

// numberPages fills in the number of page i, counted from 0, and of all pages.
func numberPages(text string, i, pages int) string {
	return strings.NewReplacer("{page}", strconv.Itoa(i+1), "{pages}", strconv.Itoa(pages)).Replace(text)
}

func (pg *page) center(m measurer, y float64, f face, text string) {
	pg.Glyphs = append(pg.Glyphs, glyphs{(pageWidth - m.width(f, text)) / 2, y, f, text})
}
