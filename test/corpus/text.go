package corpus

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A text file's page, in characters and lines. Two more lines hold the number.
const (
	textColumns = 78
	textLines   = 54
)

// renderText is the draft as a text file with form feeds between its pages, and
// how many there are.
func renderText(d *draft) (data []byte, pages int) {
	var b strings.Builder
	left := textLines
	pages = 1
	put := func(lines []string, together bool) {
		need := 1
		if together {
			need = min(len(lines)+2, textLines)
		}
		for i, line := range lines {
			if left < need && i == 0 || left < 1 {
				fmt.Fprintf(&b, "%s\n%s\f", strings.Repeat("\n", left), centre(fmt.Sprintf("- %d -", pages)))
				left = textLines
				pages++
			}
			b.WriteString(line + "\n")
			left--
		}
		if left > 0 {
			b.WriteString("\n")
			left--
		}
	}
	for _, bl := range d.blocks {
		put(textBlock(bl), bl.shape != paragraph && bl.shape != blockQuote)
	}
	fmt.Fprintf(&b, "\n%s\n", centre(fmt.Sprintf("- %d -", pages)))
	return []byte(b.String()), pages
}

// textBlock is a block in lines.
func textBlock(b block) []string {
	var out []string
	switch b.shape {
	case paragraph:
		out = wrapColumns(b.text, textColumns)
	case blockTitle, blockHeading:
		for _, line := range wrapColumns(b.text, textColumns-8) {
			out = append(out, centre(line))
		}
	case blockQuote:
		for _, line := range wrapColumns(b.text, textColumns-20) {
			out = append(out, strings.Repeat(" ", 10)+line)
		}
	case blockLines:
		out = b.lines
	case blockCentred:
		for _, line := range b.lines {
			out = append(out, centre(line))
		}
	case blockSigned:
		for _, line := range b.lines {
			out = append(out, strings.TrimRight(strings.Repeat(" ", 36)+line, " "))
		}
	case blockCaption:
		const half = textColumns/2 - 2
		left, right := wrapAll(b.lines, half), wrapAll(b.right, half)
		for i := range max(len(left), len(right)) {
			out = append(out, strings.TrimRight(pad(at(left, i), half)+" ) "+at(right, i), " "))
		}
	case blockTable:
		for _, row := range b.rows {
			line := ""
			for _, cell := range row {
				line += pad(cell, 26)
			}
			out = append(out, strings.TrimRight(line, " "))
		}
	}
	return out
}

// wrapColumns breaks text into lines of at most width characters, where it can.
func wrapColumns(text string, width int) []string {
	var out []string
	line, n := strings.Builder{}, 0
	for word := range strings.FieldsSeq(text) {
		size := utf8.RuneCountInString(word)
		if n > 0 && n+1+size > width {
			out = append(out, line.String())
			line.Reset()
			n = 0
		}
		if n > 0 {
			line.WriteByte(' ')
			n++
		}
		line.WriteString(word)
		n += size
	}
	return append(out, line.String())
}

// wrapAll wraps each line; those that fit keep their blanks.
func wrapAll(lines []string, width int) []string {
	var out []string
	for _, line := range lines {
		if utf8.RuneCountInString(line) <= width {
			out = append(out, line)
		} else {
			out = append(out, wrapColumns(line, width)...)
		}
	}
	return out
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s)))
}

func centre(s string) string {
	return strings.Repeat(" ", max(0, (textColumns-utf8.RuneCountInString(s))/2)) + s
}
