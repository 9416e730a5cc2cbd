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
	confidence float64
	// sense is how many letters were read with some confidence, each as far as it is
	// above half: what tells the right way up from others.
	sense float64
	boxes []box
	words []extract.PlacedWord // boxes, where they stand on the page
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
	lineLevel = "4"
	wordLevel = "5"
)

// parseTSV puts the words of tesseract's TSV output back into lines and
// paragraphs.
func parseTSV(tsv string) (result, error) {
	var (
		err   error
		lines []textline.Line
		last  [3]string // block, paragraph and line of the last word
		sum   float64
		got   result
		line  image.Rectangle // of the last line
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
		if cells[colLevel] == lineLevel {
			if line, err = rectangle(cells); err != nil {
				return result{}, err
			}
		}
		if cells[colLevel] != wordLevel || len(cells) == colText || strings.TrimSpace(cells[colText]) == "" {
			continue
		}
		place, err := rectangle(cells)
		if err != nil {
			return result{}, err
		}
		confidence, err := strconv.ParseFloat(cells[colConfidence], 64)
		if err != nil || math.IsNaN(confidence) {
			return result{}, errors.New("a confidence that is no number")
		}
		at := [3]string{cells[colBlock], cells[colParagraph], cells[colLine]}
		if at == last && len(got.boxes) > 0 {
			lines[len(lines)-1].Text += " " + cells[colText]
		} else {
			lines = append(lines, textline.Line{Text: cells[colText],
				Start: at[0] != last[0] || at[1] != last[1]})
		}
		last = at
		confidence = min(max(confidence/100, 0), 1)
		sum += confidence
		got.sense += max(confidence-0.5, 0) * float64(utf8.RuneCountInString(cells[colText]))
		if place.In(line) { // a line's box holds its words, unless it is another's
			place.Min.Y, place.Max.Y = line.Min.Y, line.Max.Y
		}
		got.boxes = append(got.boxes, box{cells[colText], place})
	}
	if len(got.boxes) == 0 {
		return result{}, nil
	}
	got.text, got.confidence = textline.Join(lines), sum/float64(len(got.boxes))
	return got, nil
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
