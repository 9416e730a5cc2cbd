package main

import (
	"fmt"
	"strings"
)

// family is a typeface.
type family string

// The typefaces: each canvas has its own of the kind.
const (
	serif      family = "serif"
	sans       family = "sans"
	typewriter family = "typewriter"
)

// face is a typeface, variant and size.
type face struct {
	Family family
	Slant  slant
	Size   float64 // points
}

// measurer knows how wide text is, in points.
type measurer interface {
	width(f face, text string) float64
}

// glyphs is text drawn at its baseline's left end. Lengths are in points from
// the page's upper left corner.
type glyphs struct {
	X, Y float64
	Face face
	Text string
}

// rule is a straight line.
type rule struct{ X1, Y1, X2, Y2, Width float64 }

// page is what is drawn on one page.
type page struct {
	Glyphs []glyphs
	Rules  []rule
}

// US letter, in points.
const (
	pageWidth  = 612.0
	pageHeight = 792.0
)

// layout sets a source in lines and pages.
type layout struct {
	paper   paper
	measure measurer
	source  *source
	pages   []page
	y       float64  // the baseline of the last line
	notes   []string // the labels of footnotes on this page
	noteTop float64  // height of the footnotes on this page
}

// typeset lays a source out on a paper.
func typeset(s *source, p paper, m measurer) ([]page, error) {
	l := &layout{paper: p, measure: m, source: s}
	l.newPage()
	for _, b := range s.Blocks {
		if err := l.block(b); err != nil {
			return nil, err
		}
	}
	l.endPage()
	for i := range l.pages {
		l.furnish(i)
	}
	return l.pages, nil
}

func (l *layout) here() *page { return &l.pages[len(l.pages)-1] }

func (l *layout) newPage() {
	l.pages = append(l.pages, page{})
	l.y = l.paper.Top
}

// endPage sets the page's footnotes at its foot.
func (l *layout) endPage() {
	if len(l.notes) == 0 {
		return
	}
	p := l.here()
	y := l.paper.Bottom - l.noteTop
	p.Rules = append(p.Rules, rule{l.paper.Left, y + 4, l.paper.Left + 140, y + 4, 0.5})
	y += noteGap
	for _, label := range l.notes {
		for i, line := range l.noteLines(label) {
			y += l.paper.noteLeading()
			if i == 0 {
				p.Glyphs = append(p.Glyphs, glyphs{l.paper.Left, y - 3, l.noteFace(0.7), label})
			}
			l.draw(l.paper.Left+8, y, line)
		}
	}
	l.notes, l.noteTop = nil, 0
}

func (l *layout) breakPage() {
	l.endPage()
	l.newPage()
}

// noteGap is the space between text and footnotes.
const noteGap = 8.0

func (l *layout) noteFace(scale float64) face {
	return face{l.paper.Family, 0, (l.paper.Size - 2) * scale}
}

func (l *layout) noteLines(label string) []setLine {
	return l.wrap(runs(l.source.Notes[label]), l.noteFace(1), l.paper.width()-8, 0)
}

// advance moves to the next line, on a new page if the line and the footnotes it
// refers to do not fit on this one.
func (l *layout) advance(leading float64, notes []string) error {
	extra := 0.0
	for _, label := range notes {
		if _, ok := l.source.Notes[label]; !ok {
			return fmt.Errorf("no footnote %s", label)
		}
		extra += float64(len(l.noteLines(label))) * l.paper.noteLeading()
	}
	if len(notes) > 0 && l.noteTop == 0 {
		extra += noteGap
	}
	if l.y+leading+l.noteTop+extra > l.paper.Bottom {
		l.breakPage()
		if len(notes) > 0 && extra == 0 {
			extra = noteGap
		}
	}
	l.y += leading
	l.notes = append(l.notes, notes...)
	l.noteTop += extra
	return nil
}

// need starts a new page if fewer than height points are left on this one.
func (l *layout) need(height float64) {
	if l.y+height+l.noteTop > l.paper.Bottom {
		l.breakPage()
	}
}

// setLine is a line of words, measured.
type setLine struct {
	parts []glyphs // X from the line's start, Y a shift of the baseline
	width float64
	notes []string
}

// wrap breaks runs into lines of a width, the first shortened by an indent.
func (l *layout) wrap(rs []run, base face, width, indent float64) []setLine {
	var out []setLine
	line := setLine{width: indent}
	space := 0.0
	for _, w := range words(rs) {
		size := 0.0
		for _, r := range w.runs {
			size += l.runWidth(r, base)
		}
		if line.width+space+size > width && len(line.parts) > 0 {
			out = append(out, line)
			line, space = setLine{}, 0
		}
		l.append(&line, w, base, space > 0)
		space = l.measure.width(base, " ")
	}
	return append(out, line)
}

// word is what no line is broken in.
type word struct{ runs []run }

// bind keeps signs with what they precede; "~" is a space that no line is broken
// at.
var bind = strings.NewReplacer("§ ", "§~", "¶ ", "¶~")

// words splits runs at their spaces; a word may span several.
func words(rs []run) []word {
	var out []word
	open := false
	for _, r := range rs {
		if r.Note != "" {
			if len(out) > 0 {
				out[len(out)-1].runs = append(out[len(out)-1].runs, r)
			}
			continue
		}
		open = open && !strings.HasPrefix(r.Text, " ")
		for f := range strings.FieldsSeq(bind.Replace(r.Text)) {
			piece := run{Text: strings.ReplaceAll(f, "~", " "), Slant: r.Slant}
			if open {
				out[len(out)-1].runs = append(out[len(out)-1].runs, piece)
			} else {
				out = append(out, word{[]run{piece}})
			}
			open = false
		}
		open = r.Text != "" && !strings.HasSuffix(r.Text, " ")
	}
	return out
}

func (r run) face(base face) face {
	f := base
	f.Slant |= r.Slant
	if r.Note != "" {
		f.Size *= 0.65
	}
	return f
}

func (r run) string() string { return r.Text + r.Note }

func (l *layout) runWidth(r run, base face) float64 {
	return l.measure.width(r.face(base), r.string())
}

// append adds a word to a line. A word in the face of the one before it joins
// its text, so that spaces are characters and not gaps.
func (l *layout) append(line *setLine, w word, base face, space bool) {
	for i, r := range w.runs {
		f, text, shift := r.face(base), r.string(), 0.0
		if r.Note != "" {
			shift = -base.Size * 0.35
			line.notes = append(line.notes, r.Note)
		}
		if i == 0 && space {
			if n := len(line.parts); n > 0 && line.parts[n-1].Face == f {
				text = " " + text
				line.parts[n-1].Text += text
				line.width += l.measure.width(f, text)
				continue
			} else if n > 0 {
				line.parts[n-1].Text += " "
				line.width += l.measure.width(line.parts[n-1].Face, " ")
			}
		}
		line.parts = append(line.parts, glyphs{line.width, shift, f, text})
		line.width += l.measure.width(f, text)
	}
}

func (l *layout) draw(x, y float64, line setLine) {
	p := l.here()
	for _, g := range line.parts {
		p.Glyphs = append(p.Glyphs, glyphs{x + g.X, y + g.Y, g.Face, g.Text})
	}
}
