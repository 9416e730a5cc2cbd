// Package textline joins the lines of a page, as a PDF's text layer or OCR
// gives them, into text: words cut by a hyphen at a line's end are made whole,
// and paragraphs are separated by a blank line.
package textline

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// SoftHyphen marks a hyphen at the end of a Line that its source knows to cut a
// word in two.
const SoftHyphen = '\u00AD'

// Line is one line of a page. Positions are in any unit, the same for all lines
// of a page, x to the right and y upwards.
type Line struct {
	Text string
	X, Y float64 // where the baseline begins
	Size float64 // height of the letters; 0 when the line's position is not known

	// Start says that the line begins a block, whatever its position.
	Start bool
}

// Join is the text of lines, in the order given. Lines without text are left out.
func Join(lines []Line) string {
	kept := make([]Line, 0, len(lines))
	start := false
	for _, l := range lines {
		l.Text = strings.TrimSpace(l.Text)
		l.Start = l.Start || start
		if start = l.Start && l.Text == ""; l.Text != "" {
			kept = append(kept, l)
		}
	}
	markParagraphs(kept)
	kept = joinHyphens(kept)

	var b strings.Builder
	for i, l := range kept {
		switch {
		case i == 0:
		case l.Start:
			b.WriteString("\n\n")
		default:
			b.WriteByte('\n')
		}
		b.WriteString(strings.ReplaceAll(l.Text, string(SoftHyphen), "-"))
	}
	return b.String()
}

// joinHyphens moves the rest of a cut word up to the line where the word
// begins. A hyphen before a capital or a digit, or at a block's end, stays.
func joinHyphens(lines []Line) []Line {
	out := lines[:0]
	for _, l := range lines {
		if len(out) > 0 && !l.Start {
			prev := &out[len(out)-1]
			if stem, ok := cutWord(prev.Text); ok && startsLower(l.Text) {
				rest, tail, _ := strings.Cut(l.Text, " ")
				prev.Text = stem + rest
				if l.Text = strings.TrimSpace(tail); l.Text == "" {
					continue
				}
			}
		}
		out = append(out, l)
	}
	return out
}

// cutWord is s without the hyphen that cuts its last word, and whether there is
// one: a hyphen right after a letter.
func cutWord(s string) (string, bool) {
	last, n := utf8.DecodeLastRuneInString(s)
	if last != '-' && last != SoftHyphen && last != '\u2010' {
		return s, false
	}
	stem := s[:len(s)-n]
	before, _ := utf8.DecodeLastRuneInString(stem)
	return stem, unicode.IsLetter(before)
}

func startsLower(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLower(r)
}
