// Package layout puts the lines of a page into the order in which people read
// them, and tells what is printed around the text (line numbers of pleading
// paper, running heads and feet, filing stamps) from the text itself. It works
// on positions alone and knows nothing of PDF.
//
// It is made to be wrong seldom: where a page does not clearly have columns,
// the order in which its source gives the lines is kept.
package layout

import (
	"math"
	"slices"
)

// Bounds of what is analysed. A page with more lines keeps its order.
const (
	maxLines = 2000 // of a page
	maxProbe = 400  // lines of a page whose words are asked for
)

// Line is text on one baseline. Positions are in points, x to the right, y
// upwards, from the lower left corner of the page as it is shown.
type Line struct {
	Text   string
	X0, X1 float64 // from where to where
	Y      float64 // of the baseline
	Size   float64 // height of the letters; 0 when the position is not known
	// Rotated says that the line does not run from left to right.
	Rotated bool
	// Start says that the line begins a block, whatever its position.
	Start bool
	// At is the line's place in Page.Lines, or of the line that it was cut from.
	At int

	from int // offset of its text in that line's
}

// Word is a word of a line: the bytes Text[From:To] of it.
type Word struct {
	From, To int
	X0, X1   float64
}

// Page is a page as its source gives it.
type Page struct {
	Width, Height float64 // points
	Lines         []Line
	// Words gives the words of Lines[i], in their order in the text; none where
	// they are not known. It costs something, and is called for few lines.
	Words func(i int) ([]Word, error)
}

// Read is a page as people read it.
type Read struct {
	Lines []Line
	// Columns says that lines were put in order by column.
	Columns bool
	// Numbers says that line numbers were left out.
	Numbers bool
}

// Arrange puts a page's lines in reading order and leaves line numbers out.
// Errors are those of Words.
func Arrange(p Page) (Read, error) {
	for i := range p.Lines {
		p.Lines[i].At = i
	}
	r := Read{Lines: p.Lines}
	if !p.measurable() {
		return r, nil
	}
	probe := &prober{page: p, left: maxProbe}
	lines, numbered, err := dropNumbers(p.Lines, probe)
	if err != nil {
		return r, err
	}
	r.Numbers = numbered
	lines, aside := splitRotated(lines)
	if lines, err = cutAtGutters(lines, probe); err != nil {
		return r, err
	}
	lines, r.Columns = orderColumns(lines, p.Width)
	r.Lines = slices.Concat(lines, aside)
	return r, nil
}

// measurable says whether the page and its lines have positions that can be
// reckoned with.
func (p Page) measurable() bool {
	if !finite(p.Width, p.Height) || p.Width <= 0 || p.Height <= 0 || len(p.Lines) == 0 || len(p.Lines) > maxLines {
		return false
	}
	for _, l := range p.Lines {
		if !finite(l.X0, l.X1, l.Y, l.Size) {
			return false
		}
	}
	return true
}

func finite(values ...float64) bool {
	for _, v := range values {
		if math.IsNaN(v) || math.Abs(v) > 1e6 {
			return false
		}
	}
	return true
}

// placed says whether a line's position is known and can be compared.
func (l Line) placed() bool { return l.Size > 0 && l.X1 > l.X0 && !l.Rotated }

// splitRotated takes the lines that run another way out of those that run from
// left to right, unless most do: what is printed up a margin is no part of the
// text that it stands beside.
func splitRotated(lines []Line) (level, aside []Line) {
	for _, l := range lines {
		if l.Rotated {
			aside = append(aside, l)
		}
	}
	if len(aside) == 0 || len(aside)*2 > len(lines) {
		return lines, nil
	}
	level = slices.DeleteFunc(slices.Clone(lines), func(l Line) bool { return l.Rotated })
	aside[0].Start = true
	return level, aside
}

// prober asks for words, and stops when it asked often enough.
type prober struct {
	page Page
	left int
}

func (p *prober) words(i int) ([]Word, error) {
	if p.left == 0 || p.page.Words == nil {
		return nil, nil
	}
	p.left--
	words, err := p.page.Words(i)
	if err != nil {
		return nil, err
	}
	for _, w := range words {
		if !finite(w.X0, w.X1) || w.From < 0 || w.From >= w.To || w.To > len(p.page.Lines[i].Text) {
			return nil, nil
		}
	}
	return words, nil
}

// median of values, 0 of none. It sorts them.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	return values[len(values)/2]
}
