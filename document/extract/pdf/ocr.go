package pdf

import (
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/requests"

	"github.com/caseload/caseload/document/extract/internal/legible"
	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// Bounds for telling a page whose text is in its pictures. They were chosen on
// filings of federal courts.
const (
	shortText   = 300  // letters and digits; a page with more is taken to have its text
	fullPicture = 0.6  // share of the page that pictures cover
	minPicture  = 100  // square points; a smaller picture holds no words
	minOutlines = 50   // drawings on a stamped page that may be letters
	maxObjects  = 2000 // of a page that are looked at

	// Texts of which fewer words are built like words, whose letters no font tells, or
	// that were recognised badly before they got here.
	garbledWords   = 0.6
	doubtfulWords  = 0.9  // over a picture of most of the page
	doubtfulCommon = 0.15 // likewise, of the commonest words
	judgedWords    = 20   // fewer say nothing
)

// drawing is what a page shows besides text.
type drawing struct {
	pictures int     // of at least minPicture
	coverage float64 // share of the page covered by pictures, 0 to 1
	paths    int     // lines, fills and shadings
}

// seesThrough says whether the words of a page are to be recognised. text is the page's
// own.
func (s *session) seesThrough(page requests.Page, text string) (bool, error) {
	letters := bodyLetters(text)
	score := legible.Judge(text)
	doubtful := false
	if score.Words >= judgedWords {
		if score.Plausibility() < garbledWords {
			return true, nil
		}
		doubtful = score.Plausibility() < doubtfulWords || float64(score.Common) < doubtfulCommon*float64(score.Words)
	}
	if letters >= shortText && !doubtful {
		return false, nil
	}
	d, err := s.drawn(page)
	if err != nil {
		return false, err
	}
	return d.needsOCR(text, letters), nil
}

// needsOCR says whether the words of a page are in its pictures, if they are not in
// its text. text is the page's own, letters how many letters and digits it has without the court's
// stamp.
func (d drawing) needsOCR(text string, letters int) bool {
	switch {
	case text == "":
		return d.pictures > 0 || d.paths > 0
	case letters == 0:
		return d.pictures > 0 || d.paths >= minOutlines
	}
	return d.coverage >= fullPicture
}

// bodyLetters is how many letters and digits text has outside the lines that a
// court's filing system stamps on a page.
func bodyLetters(text string) int {
	n := 0
	for line := range strings.Lines(text) {
		letters := 0
		for _, r := range line {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				letters++
			}
		}
		if letters > 0 && !layout.Stamp(line) {
			n += letters
		}
		if n >= shortText {
			break
		}
	}
	return n
}
