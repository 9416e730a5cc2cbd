package pdf

import (
	"fmt"
	"math"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/caseload/caseload/document"
)

// Bounds for telling a box that hides text.
const (
	minBoxWidth  = 5.0    // points
	minBoxHeight = 4.0    // points; a rule is thinner
	darkest      = 64     // of 255: a box is black up to this brightness
	opaque       = 230    // of 255
	maxInk       = 10_000 // objects of a page that are looked at
	maxBoxes     = 500    // of a page
	maxLeaks     = 100    // that are told of a file one by one
)

// leak is a black box that has text under it.
type leak struct {
	page   int
	box    rect // in points, from the page's lower left corner
	length int  // characters under it
}

// leakWarnings says where the text under black boxes is, and how much of it. It
// says nothing of the text.
func leakWarnings(leaks []leak) []document.Warning {
	var warnings []document.Warning
	for i, l := range leaks {
		if i == maxLeaks {
			return append(warnings, document.Warning{Code: document.WarnLeakingRedaction, Page: l.page,
				Message: fmt.Sprintf("and %d more black boxes, here and on later pages, have text under them", len(leaks)-i)})
		}
		warnings = append(warnings, document.Warning{Code: document.WarnLeakingRedaction, Page: l.page,
			Message: fmt.Sprintf("the black box from (%.0f, %.0f) to (%.0f, %.0f), in points from the lower left corner, has text of %d characters under it",
				l.box.x0, l.box.y0, l.box.x1, l.box.y1, l.length)})
	}
	return warnings
}

// leaks finds the black boxes on a page that were drawn over its text, which is
// still there. Text drawn after a box stands on it.
func (s *session) leaks(page requests.Page, number int) ([]leak, error) {
	w := ink{session: s}
	if err := s.eachObject(page, maxInk, w.visit); err != nil || len(w.boxes) == 0 || len(w.texts) == 0 {
		return nil, err
	}
	drawn, err := w.drawnAt()
	if err != nil {
		return nil, err
	}
	lengths, err := w.hidden(page, drawn)
	if err != nil {
		return nil, err
	}
	var leaks []leak
	for i, n := range lengths {
		if n > 0 {
			leaks = append(leaks, leak{number, w.boxes[i].rect, n})
		}
	}
	return leaks, nil
}

// drawnAt is when each text was drawn, by its bounds, by which a character's text is
// found again. Of texts in one place the first counts.
func (w *ink) drawnAt() (map[rect]int, error) {
	at := make(map[rect]int, len(w.texts))
	for _, t := range w.texts {
		bounds, err := w.boundsOf(t.ref)
		if trapped(err) {
			return nil, err
		}
		if _, known := at[bounds]; !known && err == nil {
			at[bounds] = t.order
		}
	}
	return at, nil
}

// hidden is how many characters are under each box: their middle is in it, and their
// text was drawn before it.
func (w *ink) hidden(page requests.Page, drawn map[rect]int) ([]int, error) {
	lengths := make([]int, len(w.boxes))
	loaded, err := w.pdfium.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		return lengths, onlyTrap(err)
	}
	tp := loaded.TextPage
	count, err := w.pdfium.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: tp})
	if err != nil {
		return nil, err
	}
	for i := range count.Count {
		b, err := w.pdfium.FPDFText_GetCharBox(&requests.FPDFText_GetCharBox{TextPage: tp, Index: i})
		if trapped(err) {
			return nil, err
		}
		if err != nil || b.Right <= b.Left || b.Top <= b.Bottom { // a space
			continue
		}
		x, y := (b.Left+b.Right)/2, (b.Bottom+b.Top)/2
		order := -1
		for k, box := range w.boxes {
			if !box.holds(x, y) {
				continue
			}
			if order < 0 {
				if order, err = w.orderOf(tp, i, drawn); err != nil {
					return nil, err
				}
			}
			if order < box.order {
				lengths[k]++
			}
		}
	}
	_, err = w.pdfium.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: tp})
	return lengths, err
}

// orderOf is when character i was drawn; the end of time if that is not known.
func (w *ink) orderOf(tp references.FPDF_TEXTPAGE, i int, drawn map[rect]int) (int, error) {
	text, err := w.pdfium.FPDFText_GetTextObject(&requests.FPDFText_GetTextObject{TextPage: tp, Index: i})
	if err != nil {
		return math.MaxInt, onlyTrap(err)
	}
	bounds, err := w.boundsOf(text.TextObject)
	if err != nil {
		return math.MaxInt, onlyTrap(err)
	}
	if order, known := drawn[bounds]; known {
		return order, nil
	}
	return math.MaxInt, nil
}

func (r rect) holds(x, y float64) bool { return r.x0 <= x && x <= r.x1 && r.y0 <= y && y <= r.y1 }
