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
func Join(lines []Line) string { return JoinKnowing(lines, nil) }

// JoinKnowing is Join where keeps says whether the hyphen between the two parts
// of a word that is cut at a line's end belongs to the word, as in
// "co-defendant"; both parts are as they stand. With it, what follows a hyphen
// that stays is moved up to it.
func JoinKnowing(lines []Line, keeps func(stem, rest string) bool) string {
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
	kept = joinHyphens(kept, keeps)

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
func joinHyphens(lines []Line, keeps func(stem, rest string) bool) []Line {
	out := lines[:0]
	for _, l := range lines {
		if len(out) > 0 && !l.Start {
			prev := &out[len(out)-1]
			if stem, rest, ok := cutBetween(prev.Text, l.Text); ok {
				switch {
				case startsLower(rest) && (keeps == nil || !keeps(lastPart(stem), rest)):
					prev.Text = stem + rest
				case keeps != nil:
					prev.Text = stem + "-" + rest
				default:
					rest = ""
				}
				if l.Text = strings.TrimSpace(l.Text[len(rest):]); l.Text == "" {
					continue
				}
			}
		}
		out = append(out, l)
	}
	return out
}

// Cuts hands visit the parts of each word that lines, in their order, cut in two
// by a hyphen that may not belong to it.
func Cuts(lines []Line, visit func(stem, rest string)) {
	last := ""
	for _, l := range lines {
		text := strings.TrimSpace(l.Text)
		if text == "" {
			continue
		}
		if stem, rest, ok := cutBetween(last, text); ok && startsLower(rest) {
			visit(lastPart(stem), rest)
		}
		last = text
	}
}

// cutBetween is line up to the hyphen that ends it after a letter, and what
// follows the hyphen on the next line up to a space.
func cutBetween(line, next string) (stem, rest string, ok bool) {
	if stem, ok = cutWord(line); !ok {
		return "", "", false
	}
	rest, _, _ = strings.Cut(next, " ")
	if r, _ := utf8.DecodeRuneInString(rest); !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return "", "", false
	}
	return stem, rest, true
}

// lastPart is what stands after the last space of s.
func lastPart(s string) string { return s[strings.LastIndexByte(s, ' ')+1:] }

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
