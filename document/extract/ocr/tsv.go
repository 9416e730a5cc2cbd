package ocr

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/textline"
)

// result is the text of a page and tesseract's mean confidence in its words, 0
// to 1.
type result struct {
	text       string
	lines      []line // of text
	page       image.Rectangle
	confidence float64
	// sense is how many letters were read with some confidence, each as far as it is
	// above half: what tells the right way up from others.
	sense float64
	boxes []box
	words []extract.PlacedWord // boxes, where they stand on the page
}

// line is a line of words in a picture.
type line struct {
	words []word
	box   image.Rectangle // as tesseract gives it
	start bool            // of a block or a paragraph
}

// word is a word of a line, and tesseract's confidence in it, 0 to 1.
type word struct {
	text       string
	rect       image.Rectangle
	confidence float64
}

// box is a word in a picture: from its left to its right, from the top to the bottom
// of its line.
type box struct {
	text string
	rect image.Rectangle
}

// Columns of tesseract's TSV output.
const (
	colLevel = iota
	colPage
	colBlock
	colParagraph
	colLine
	colWord
	colLeft
	colTop
	colWidth
	colHeight
	colConfidence
	colText
	columns
)

const (
	pageLevel = "1"
	lineLevel = "4"
	wordLevel = "5"
)

// parseTSV puts the words of tesseract's TSV output back into lines and
// paragraphs, and leaves line numbers and what was misread up a margin out.
func parseTSV(tsv string) (result, error) {
	var (
		err   error
		lines []line
		last  [3]string // block, paragraph and line of the last word
		got   result
		in    image.Rectangle // box of the last line
	)
	for row := range strings.Lines(tsv) {
		row = strings.TrimRight(row, "\r\n")
		if row == "" || strings.HasPrefix(row, "level\t") {
			continue
		}
		cells := strings.SplitN(row, "\t", columns)
		if len(cells) < colText {
			return result{}, fmt.Errorf("a row of %d cells", len(cells))
		}
		switch cells[colLevel] {
		case pageLevel:
			if got.page, err = rectangle(cells); err != nil {
				return result{}, err
			}
		case lineLevel:
			if in, err = rectangle(cells); err != nil {
				return result{}, err
			}
		}
		if cells[colLevel] != wordLevel || len(cells) == colText || strings.TrimSpace(cells[colText]) == "" {
			continue
		}
		w, err := parseWord(cells)
		if err != nil {
			return result{}, err
		}
		at := [3]string{cells[colBlock], cells[colParagraph], cells[colLine]}
		if at != last || len(lines) == 0 {
			lines = append(lines, line{box: in, start: at[0] != last[0] || at[1] != last[1]})
		}
		last = at
		lines[len(lines)-1].words = append(lines[len(lines)-1].words, w)
		got.sense += max(w.confidence-0.5, 0) * float64(utf8.RuneCountInString(w.text))
	}
	got.settle(withoutMargins(lines, got.page))
	return got, nil
}

// settle makes the result of its lines.
func (r *result) settle(lines []line) {
	sum := 0.0
	for _, l := range lines {
		for _, w := range l.words {
			sum += w.confidence
			b := box{w.text, w.rect}
			if w.rect.In(l.box) { // a line's box holds its words, unless it is another's
				b.rect.Min.Y, b.rect.Max.Y = l.box.Min.Y, l.box.Max.Y
			}
			r.boxes = append(r.boxes, b)
		}
	}
	if len(r.boxes) == 0 {
		return
	}
	r.lines, r.text, r.confidence = lines, joinLines(lines, nil), sum/float64(len(r.boxes))
}

// joinLines is the text of lines, but for those of which drop has the index.
func joinLines(lines []line, drop map[int]bool) string {
	joined := make([]textline.Line, len(lines))
	for i, l := range lines {
		joined[i].Start = l.start
		if !drop[i] {
			joined[i].Text = l.text()
		}
	}
	return textline.Join(joined)
}

func (l line) text() string {
	words := make([]string, len(l.words))
	for i, w := range l.words {
		words[i] = w.text
	}
	return strings.Join(words, " ")
}

func parseWord(cells []string) (word, error) {
	place, err := rectangle(cells)
	if err != nil {
		return word{}, err
	}
	confidence, err := strconv.ParseFloat(cells[colConfidence], 64)
	if err != nil || math.IsNaN(confidence) {
		return word{}, errors.New("a confidence that is no number")
	}
	return word{cells[colText], place, min(max(confidence/100, 0), 1)}, nil
}

// rectangle is the box of a row.
func rectangle(cells []string) (image.Rectangle, error) {
	var n [4]int
	for i := range n {
		var err error
		if n[i], err = strconv.Atoi(cells[colLeft+i]); err != nil {
			return image.Rectangle{}, errors.New("a box that is not of numbers")
		}
	}
	return image.Rect(n[0], n[1], n[0]+n[2], n[1]+n[3]), nil
}
