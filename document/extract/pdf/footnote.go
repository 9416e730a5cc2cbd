package pdf

import (
	"strings"
	"unicode"

	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// Bounds for telling the marker of a footnote: a number that is smaller than the
// text beside it, and raised.
const (
	maxMarkers    = 100      // numbers of a page that are looked at
	markerDigits  = 3        // at most
	markerHeight  = 0.85     // of the text's letters
	markerRise    = 0.12     // of the text's letters, between the lower edges
	markerNumeral = '\uFDD0' // stands for the digit 0 of a marker while a page is read; no text has it
)

// markFootnotes marks the numbers in a line that are markers of footnotes, so
// that "relief.3" is not read as one word. It changes no character's index.
func (t *textPage) markFootnotes(raw *rawLine, l *layout.Line) error {
	runes := []rune(raw.text)
	changed := false
	for i := 0; i < len(runes) && t.markers < maxMarkers; i++ {
		if !digit(runes[i]) {
			continue
		}
		end := i + 1
		for end < len(runes) && digit(runes[end]) {
			end++
		}
		beside := besideMarker(runes, i, end)
		if end-i > markerDigits || beside < 0 {
			i = end
			continue
		}
		t.markers++
		small, err := t.boxOf(raw.start + i)
		if err != nil {
			return err
		}
		large, err := t.boxOf(raw.start + beside)
		if err != nil {
			return err
		}
		height := large.y1 - large.y0
		if height > 0 && small.y1-small.y0 <= markerHeight*height && small.y0-large.y0 >= markerRise*height {
			for k := i; k < end; k++ {
				runes[k] += markerNumeral - '0'
			}
			changed = true
			if beside > i { // the line was measured by its marker
				l.Size = height
				l.Y = large.y0 + l.Size*descent
			}
		}
		i = end
	}
	if changed {
		raw.text = string(runes)
		l.Text = raw.text
	}
	return nil
}

// markLoneFootnotes marks the markers that stand on a line of their own because
// they are raised: small, right before a line of text and above its baseline.
func (t *textPage) markLoneFootnotes(lines []layout.Line) {
	for i := 0; i+1 < len(lines); i++ {
		l, next := &lines[i], lines[i+1]
		text := []rune(t.raw[i].text)
		if l.Size <= 0 || l.Rotated || next.Rotated || l.Size > markerHeight*next.Size ||
			next.X0 < l.X0 || next.X0-l.X1 > next.Size || l.Y-next.Y < markerRise*next.Size || l.Y-next.Y > next.Size {
			continue
		}
		number := strings.TrimSpace(l.Text)
		if len(number) > markerDigits || strings.Trim(number, "0123456789") != "" {
			continue
		}
		for k, r := range text {
			if digit(r) {
				text[k] += markerNumeral - '0'
			}
		}
		t.raw[i].text = string(text)
		l.Text = t.raw[i].text
	}
}

// descent is about how far below the baseline a font's box reaches, as a share of
// its height.
const descent = 0.2

// besideMarker is the index of the character that a number from i to end is a
// marker of, -1 if it is none: before it, a word's last letter or the
// punctuation after it; or at a line's beginning, after it, a footnote's first
// letter.
func besideMarker(runes []rune, i, end int) int {
	if i > 0 && !unicode.IsSpace(runes[i-1]) {
		if end < len(runes) && !unicode.IsSpace(runes[end]) && !strings.ContainsRune(".,;:)]”’\"'—–", runes[end]) {
			return -1
		}
		before := runes[i-1]
		if strings.ContainsRune(".,;:!?)]”’\"'*", before) {
			return i - 1
		}
		// "m2" is an area.
		if unicode.IsLetter(before) && i > 2 && unicode.IsLetter(runes[i-2]) && unicode.IsLetter(runes[i-3]) {
			return i - 1
		}
		return -1
	}
	if strings.TrimSpace(string(runes[:i])) != "" {
		return -1
	}
	for k := end; k < len(runes) && k <= end+2; k++ {
		if unicode.IsLetter(runes[k]) || strings.ContainsRune("“‘\"'(§[", runes[k]) {
			return k
		}
		if !unicode.IsSpace(runes[k]) {
			return -1
		}
	}
	return -1
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

// boxOf is the box of the character at an index of the text, empty if it has
// none.
func (t *textPage) boxOf(index int) (rect, error) {
	char, err := t.charAt(index)
	if err != nil || char < 0 {
		return rect{}, err
	}
	b, _, err := t.box(char)
	return b, err
}

// writeMarkers writes the markers in s as "[3]", apart from what follows.
func writeMarkers(s string) string {
	if !strings.ContainsFunc(s, marker) {
		return s
	}
	var b strings.Builder
	in := false
	for _, r := range s {
		switch {
		case marker(r):
			if !in {
				b.WriteByte('[')
			}
			in = true
			r += '0' - markerNumeral
		case in:
			b.WriteByte(']')
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteByte(' ')
			}
			in = false
		}
		b.WriteRune(r)
	}
	if in {
		b.WriteByte(']')
	}
	return b.String()
}

func marker(r rune) bool { return r >= markerNumeral && r < markerNumeral+10 }
