package corpus

import (
	"bytes"
	"fmt"
)

// layout sets a draft's blocks in lines on pages.
type layout struct {
	sheet sheet
	pages [][]byte // content streams
	y     int      // the last baseline, from the page's bottom
}

// layOut is the content stream of each page of the draft.
func layOut(d *draft) [][]byte {
	l := &layout{sheet: d.sheet}
	l.newPage()
	for i, b := range d.blocks {
		if b.shape == blockHeading || b.shape == blockTitle || i+1 == len(d.blocks) {
			l.keep(3)
		}
		l.block(b)
	}
	l.furnish(d)
	return l.pages
}

func (l *layout) newPage() {
	l.pages = append(l.pages, make([]byte, 0, 8<<10))
	l.y = pageHeight - margin
}

// keep starts a new page if so many lines have no room on this one.
func (l *layout) keep(lines int) {
	if l.y-lines*l.sheet.leading < margin {
		l.newPage()
	}
}

// line moves to the next line.
func (l *layout) line() {
	l.keep(1)
	l.y -= l.sheet.leading
}

// draw shows text on the current line, x points from the left margin.
func (l *layout) draw(x int, text []byte, bold bool) {
	if len(text) == 0 {
		return
	}
	name := "F1"
	if bold {
		name = "F2"
	}
	page := &l.pages[len(l.pages)-1]
	*page = appendText(*page, name, l.sheet.face.size, margin+x, l.y, text)
}

func (l *layout) font(bold bool) *font {
	if bold {
		return l.sheet.face.bold
	}
	return l.sheet.face.regular
}

func (l *layout) block(b block) {
	switch b.shape {
	case paragraph:
		l.passage(b.text, 0, bodyWidth, 36)
	case blockQuote:
		l.passage(b.text, 54, bodyWidth-108, 0)
	case blockTitle, blockHeading:
		for _, line := range l.wrap(b.text, true, bodyWidth, 0) {
			l.line()
			l.draw((bodyWidth-l.font(true).width(line, l.sheet.face.size)/1000)/2, line, true)
		}
	case blockLines:
		l.lines(b.lines, 0, false)
	case blockSigned:
		l.keep(len(b.lines))
		l.lines(b.lines, bodyWidth/2, false)
	case blockCentred:
		for _, text := range b.lines {
			l.line()
			line := winAnsi(text)
			l.draw((bodyWidth-l.font(true).width(line, l.sheet.face.size)/1000)/2, line, true)
		}
	case blockCaption:
		l.caption(b)
	case blockTable:
		l.table(b.rows)
	}
	l.y -= l.sheet.gap
}

// passage sets text from x on, its first line indented.
func (l *layout) passage(text string, x, width, indent int) {
	for i, line := range l.wrap(text, false, width, indent) {
		l.line()
		shift := x
		if i == 0 {
			shift += indent
		}
		l.draw(shift, line, false)
	}
}

func (l *layout) lines(lines []string, x int, bold bool) {
	for _, text := range lines {
		l.line()
		l.draw(x, winAnsi(text), bold)
	}
}

// caption sets the parties to the left and the number and title to the right.
func (l *layout) caption(b block) {
	const half = bodyWidth/2 - 18
	left, right := l.wrapLines(b.lines, half), l.wrapLines(b.right, half)
	l.keep(max(len(left), len(right)))
	for i := range max(len(left), len(right)) {
		l.line()
		if i < len(left) {
			indent := 0
			for _, c := range left[i] {
				if c != ' ' {
					break
				}
				indent += 5
			}
			l.draw(indent, bytes.TrimLeft(left[i], " "), false)
		}
		if l.sheet.ruled {
			l.draw(half+6, []byte(")"), false)
		}
		if i < len(right) {
			l.draw(half+24, right[i], false)
		}
	}
}

func (l *layout) wrapLines(lines []string, width int) [][]byte {
	var out [][]byte
	for _, text := range lines {
		line := winAnsi(text)
		if l.font(false).width(line, l.sheet.face.size) <= width*1000 {
			out = append(out, line)
		} else {
			out = append(out, l.wrap(text, false, width, 0)...)
		}
	}
	return out
}

func (l *layout) table(rows [][]string) {
	for i, row := range rows {
		l.line()
		for c, cell := range row {
			l.draw(c*bodyWidth/len(row), winAnsi(cell), i == 0)
		}
	}
}

// wrap breaks text into lines of a width, the first of them shorter by indent.
func (l *layout) wrap(text string, bold bool, width, indent int) [][]byte {
	f, size := l.font(bold), l.sheet.face.size
	limit, used := (width-indent)*1000, 0
	blank := f.width([]byte(" "), size)
	encoded := winAnsi(text)
	var out [][]byte
	start, end := 0, 0
	for pos := 0; pos < len(encoded); {
		next := pos
		for next < len(encoded) && encoded[next] != ' ' {
			next++
		}
		size := f.width(encoded[pos:next], size)
		if used > 0 && used+blank+size > limit {
			out = append(out, encoded[start:end])
			start, used, limit = pos, 0, width*1000
		}
		if used > 0 {
			used += blank
		}
		used += size
		end = next
		pos = next + 1
	}
	return append(out, encoded[start:end])
}

// smallSize is that of what stands in the margins, in points.
const smallSize = 9

// furnish sets page numbers and what the filing system stamps.
func (l *layout) furnish(d *draft) {
	n, entry := len(l.pages), d.between(1, 180)
	for i := range l.pages {
		number := ""
		switch l.sheet.numbers {
		case 0:
			number = fmt.Sprint(i + 1)
		case 1:
			number = fmt.Sprintf("- %d -", i+1)
		case 2:
			number = fmt.Sprintf("Page %d of %d", i+1, n)
		}
		text := winAnsi(number)
		x := (pageWidth - l.font(false).width(text, smallSize)/1000) / 2
		l.pages[i] = appendText(l.pages[i], "F1", smallSize, x, margin/2, text)
		if l.sheet.stamped && d.matter.stamp != "" && d.truth.Court != "" {
			stamp := fmt.Sprintf("Case %s   Document %d   Filed %s   Page %d of %d", d.matter.stamp, entry, d.date.Format("01/02/06"), i+1, n)
			l.pages[i] = appendText(l.pages[i], "F1", smallSize, 2*margin, pageHeight-margin/2, []byte(stamp))
		}
	}
}
