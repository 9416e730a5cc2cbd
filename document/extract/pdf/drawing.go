package pdf

import (
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// maxNesting is how deep forms within forms are followed.
const maxNesting = 3

// drawn looks at a page's objects, at most maxObjects of them.
func (s *session) drawn(page requests.Page) (drawing, error) {
	whole, err := s.wholePage(page)
	if err != nil {
		return drawing{}, err
	}
	var d drawing
	covered := 0.0 // area of the pictures; overlaps count twice
	err = s.eachObject(page, maxObjects, func(o object) error {
		switch o.kind {
		case enums.FPDF_PAGEOBJ_PATH, enums.FPDF_PAGEOBJ_SHADING:
			d.paths++
		case enums.FPDF_PAGEOBJ_IMAGE:
			b, err := s.boundsOf(o.ref)
			if err != nil {
				return err
			}
			if area := o.toPage.bounds(b).intersect(whole).area(); area >= minPicture {
				d.pictures++
				covered += area
			}
		}
		return nil
	})
	if err != nil {
		return drawing{}, err
	}
	if area := whole.area(); area > 0 {
		d.coverage = min(covered/area, 1)
	}
	return d, nil
}

// wholePage is what is shown of a page.
func (s *session) wholePage(page requests.Page) (rect, error) {
	bounds, err := s.pdfium.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: page})
	if err != nil {
		return rect{}, err
	}
	box := bounds.Rect
	return rect{float64(box.Left), float64(box.Bottom), float64(box.Right), float64(box.Top)}, nil
}

// object is something that a page shows.
type object struct {
	ref    references.FPDF_PAGEOBJECT
	kind   enums.FPDF_PAGEOBJ
	order  int    // in which objects are drawn, from 1
	toPage matrix // maps its coordinates to the page's
}

// eachObject hands visit the objects of a page in the order in which they are drawn,
// at most so many, those of forms after the form. An error of one object ends the
// walk only if PDFium broke.
func (s *session) eachObject(page requests.Page, most int, visit func(object) error) error {
	w := objectWalk{s, most, visit, 0}
	count, err := s.pdfium.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return err
	}
	for i := 0; i < count.Count && w.seen < most; i++ {
		got, err := s.pdfium.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err == nil {
			err = w.see(got.PageObject, identity, 0)
		}
		if trapped(err) {
			return err
		}
	}
	return nil
}

type objectWalk struct {
	*session
	most  int
	visit func(object) error
	seen  int
}

func (w *objectWalk) see(ref references.FPDF_PAGEOBJECT, toPage matrix, depth int) error {
	w.seen++
	kind, err := w.pdfium.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: ref})
	if err != nil {
		return err
	}
	if err := w.visit(object{ref, kind.Type, w.seen, toPage}); err != nil {
		return err
	}
	if kind.Type == enums.FPDF_PAGEOBJ_FORM && depth < maxNesting {
		return w.seeForm(ref, toPage, depth+1)
	}
	return nil
}

func (w *objectWalk) seeForm(form references.FPDF_PAGEOBJECT, toPage matrix, depth int) error {
	m, err := w.pdfium.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: form})
	if err != nil {
		return err
	}
	toPage = matrixOf(m.Matrix).then(toPage)
	count, err := w.pdfium.FPDFFormObj_CountObjects(&requests.FPDFFormObj_CountObjects{PageObject: form})
	if err != nil {
		return err
	}
	for i := 0; i < count.Count && w.seen < w.most; i++ {
		got, err := w.pdfium.FPDFFormObj_GetObject(&requests.FPDFFormObj_GetObject{PageObject: form, Index: uint64(i)})
		if err == nil {
			err = w.see(got.PageObject, toPage, depth)
		}
		if trapped(err) {
			return err
		}
	}
	return nil
}

// boundsOf is where an object is, in its own coordinates.
func (s *session) boundsOf(ref references.FPDF_PAGEOBJECT) (rect, error) {
	b, err := s.pdfium.FPDFPageObj_GetBounds(&requests.FPDFPageObj_GetBounds{PageObject: ref})
	if err != nil {
		return rect{}, err
	}
	return rect{float64(b.Left), float64(b.Bottom), float64(b.Right), float64(b.Top)}, nil
}

// rect is a rectangle with its sides along the axes, x0 <= x1 and y0 <= y1.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) area() float64 {
	if r.x1 <= r.x0 || r.y1 <= r.y0 {
		return 0
	}
	return (r.x1 - r.x0) * (r.y1 - r.y0)
}

func (r rect) intersect(s rect) rect {
	return rect{max(r.x0, s.x0), max(r.y0, s.y0), min(r.x1, s.x1), min(r.y1, s.y1)}
}

// matrix maps (x, y) to (ax + cy + e, bx + dy + f), as in PDF.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func matrixOf(m structs.FPDF_FS_MATRIX) matrix {
	return matrix{float64(m.A), float64(m.B), float64(m.C), float64(m.D), float64(m.E), float64(m.F)}
}

// then is m followed by n.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

// bounds is the smallest rectangle around r mapped by m.
func (m matrix) bounds(r rect) rect {
	x := func(px, py float64) float64 { return m.a*px + m.c*py + m.e }
	y := func(px, py float64) float64 { return m.b*px + m.d*py + m.f }
	return rect{
		min(x(r.x0, r.y0), x(r.x1, r.y0), x(r.x0, r.y1), x(r.x1, r.y1)),
		min(y(r.x0, r.y0), y(r.x1, r.y0), y(r.x0, r.y1), y(r.x1, r.y1)),
		max(x(r.x0, r.y0), x(r.x1, r.y0), x(r.x0, r.y1), x(r.x1, r.y1)),
		max(y(r.x0, r.y0), y(r.x1, r.y0), y(r.x0, r.y1), y(r.x1, r.y1)),
	}
}
