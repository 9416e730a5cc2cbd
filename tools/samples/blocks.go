package main

import (
	"math"
	"strconv"
)

// block sets one block below the last.
func (l *layout) block(b block) error {
	p := l.paper
	switch b.Kind {
	case pageBreak:
		l.breakPage()
		return nil
	case heading:
		if !p.Numbered {
			l.space(p.Gap + p.Single/2)
		}
		l.need(p.Single + 2*p.Leading)
		return l.flow(runs("**"+b.Text+"**"), flow{leading: p.headLeading(), center: true, left: 30, right: 30, after: p.Gap})
	case subheading:
		l.space(p.Gap)
		l.need(p.Single + 2*p.Leading)
		return l.flow(runs("**"+b.Text+"**"), flow{leading: p.headLeading(), after: p.Gap})
	case numbered:
		text := strconv.Itoa(b.Number) + ".~~~" + b.Text
		return l.flow(runs(text), flow{leading: p.Leading, indent: p.Indent, after: p.Gap})
	case indented:
		return l.flow(runs(b.Text), flow{leading: p.Leading, left: 36, after: p.Gap})
	case quotation:
		l.space(p.Single - p.Gap)
		return l.flow(runs(b.Text), flow{leading: p.Single, left: 44, right: 36, after: p.Single})
	case lines, centered, signature, mono:
		return l.lines(b)
	case caption:
		return l.caption(b)
	case table:
		return l.table(b)
	}
	return l.flow(runs(b.Text), flow{leading: p.Leading, indent: p.Indent, after: p.Gap})
}

// space leaves a gap, except at the top of a page.
func (l *layout) space(height float64) {
	if l.y > l.paper.Top {
		l.y += height
	}
	l.toGrid()
}

// toGrid moves down to the next numbered line of numbered paper.
func (l *layout) toGrid() {
	if !l.paper.Numbered {
		return
	}
	if over := math.Mod(l.y-l.paper.Top, l.paper.Leading); over > 0 {
		l.y += l.paper.Leading - over
	}
}

// flow is how wrapped text is set; left and right are further margins.
type flow struct {
	leading, indent, left, right, after float64
	center                              bool
}

func (l *layout) flow(rs []run, f flow) error {
	width := l.paper.width() - f.left - f.right
	for _, line := range l.wrap(rs, l.paper.face(), width, f.indent) {
		if err := l.advance(f.leading, line.notes); err != nil {
			return err
		}
		x := l.paper.Left + f.left
		if f.center {
			x += (width - line.width) / 2
		}
		l.draw(x, l.y, line)
	}
	l.space(f.after)
	return nil
}

// lines sets lines as they are, wrapping those that are too long.
func (l *layout) lines(b block) error {
	p, left, base := l.paper, 0.0, l.paper.face()
	if b.Kind == signature {
		left = p.width() / 2
		l.space(p.Single)
		l.need(float64(len(b.Lines)) * p.Single)
	}
	if b.Kind == mono {
		base = face{typewriter, 0, p.Size - 1}
	}
	for _, text := range b.Lines {
		if text == "" {
			if err := l.advance(p.Single, nil); err != nil {
				return err
			}
			continue
		}
		set := l.wrap(runs(text), base, p.width()-left, 0)
		if b.Kind == mono { // spaces count
			set = []setLine{{parts: []glyphs{{0, 0, base, text}}}}
		}
		for _, line := range set {
			if err := l.advance(p.Single, line.notes); err != nil {
				return err
			}
			x := p.Left + left
			if b.Kind == centered {
				x += (p.width() - line.width) / 2
			}
			l.draw(x, l.y, line)
		}
	}
	l.space(p.Gap + p.Single/2)
	return nil
}

// column sets lines in a column of the present page, ending at the y returned.
func (l *layout) column(texts []string, x, y, width float64) float64 {
	for _, text := range texts {
		if text == "" {
			y += l.paper.Single
			continue
		}
		for _, line := range l.wrap(runs(text), l.paper.face(), width, 0) {
			y += l.paper.Single
			l.draw(x, y, line)
		}
	}
	return y
}

// caption sets a case's caption: the parties at the left in a frame open to the
// left and top, the number and title at the right.
func (l *layout) caption(b block) error {
	p := l.paper
	l.space(p.Single)
	half := p.width() / 2
	l.need(p.Single * float64(len(b.Lines)+6))
	top := l.y
	end := max(l.column(b.Lines, p.Left, top, half-14), l.column(b.Right, p.Left+half+12, top, half-12))
	end += p.Single / 2
	pg := l.here()
	pg.Rules = append(pg.Rules,
		rule{p.Left, end, p.Left + half, end, 0.7},
		rule{p.Left + half, top + p.Single/3, p.Left + half, end, 0.7})
	l.y = end
	l.space(p.Gap + p.Single)
	return nil
}

// table sets a ruled table, its head in bold; rows are not broken.
func (l *layout) table(b block) error {
	p := l.paper
	const pad = 4.0
	small := face{p.Family, 0, p.Size - 1.5}
	leading := small.Size + 2.5
	l.space(p.Single / 2)
	l.y += 4
	for i, row := range b.Rows {
		base := small
		if i == 0 {
			base.Slant = bold
		}
		cells := make([][]setLine, len(row))
		tallest := 1
		for c, text := range row {
			cells[c] = l.wrap(runs(text), base, b.Shares[c]*p.width()-2*pad, 0)
			tallest = max(tallest, len(cells[c]))
		}
		height := float64(tallest)*leading + pad
		l.need(height)
		top, x := l.y, p.Left
		pg := l.here()
		for c, cell := range cells {
			for n, line := range cell {
				l.draw(x+pad, top+float64(n+1)*leading-1, line)
			}
			pg.Rules = append(pg.Rules, rule{x, top, x, top + height, 0.5})
			x += b.Shares[c] * p.width()
		}
		pg.Rules = append(pg.Rules, rule{x, top, x, top + height, 0.5},
			rule{p.Left, top, x, top, 0.5}, rule{p.Left, top + height, x, top + height, 0.5})
		l.y = top + height
	}
	l.space(p.Gap + p.Single/2)
	return nil
}
