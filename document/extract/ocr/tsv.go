package ocr

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/caseload/caseload/document/extract/internal/textline"
)

// result is the text of a page and tesseract's mean confidence in its words, 0
// to 1.
type result struct {
	text       string
	confidence float64
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

const wordLevel = "5"

// parseTSV puts the words of tesseract's TSV output back into lines and
// paragraphs.
func parseTSV(tsv string) (result, error) {
	var (
		lines []textline.Line
		last  [3]string // block, paragraph and line of the last word
		sum   float64
		words int
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
		if cells[colLevel] != wordLevel || len(cells) == colText || strings.TrimSpace(cells[colText]) == "" {
			continue
		}
		confidence, err := strconv.ParseFloat(cells[colConfidence], 64)
		if err != nil || math.IsNaN(confidence) {
			return result{}, errors.New("a confidence that is no number")
		}
		at := [3]string{cells[colBlock], cells[colParagraph], cells[colLine]}
		if at == last && words > 0 {
			lines[len(lines)-1].Text += " " + cells[colText]
		} else {
			lines = append(lines, textline.Line{Text: cells[colText],
				Start: at[0] != last[0] || at[1] != last[1]})
		}
		last = at
		sum += min(max(confidence, 0), 100)
		words++
	}
	if words == 0 {
		return result{}, nil
	}
	return result{text: textline.Join(lines), confidence: sum / float64(words) / 100}, nil
}
