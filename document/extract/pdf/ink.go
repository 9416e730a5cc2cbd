package pdf

import (
	"math"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
)

// ink is a page's text and black boxes, numbered as they are drawn.
type ink struct {
	*session
	boxes []blackBox
	texts []object
}

type blackBox struct {
	rect
	order int
}

func (w *ink) visit(o object) error {
	switch {
	case o.kind == enums.FPDF_PAGEOBJ_TEXT:
		w.texts = append(w.texts, o)
	case o.kind == enums.FPDF_PAGEOBJ_PATH && len(w.boxes) < maxBoxes:
		return w.visitPath(o)
	}
	return nil
}

// visitPath keeps a filled rectangle, or a thick line, if it is black.
func (w *ink) visitPath(o object) error {
	path := o.ref
	own, err := w.boundsOf(path)
	if err != nil {
		return err
	}
	shown := o.toPage.bounds(own)
	if shown.x1-shown.x0 < minBoxWidth || shown.y1-shown.y0 < minBoxHeight {
		return nil
	}
	mode, err := w.pdfium.FPDFPath_GetDrawMode(&requests.FPDFPath_GetDrawMode{PageObject: path})
	if err != nil {
		return err
	}
	black := false
	switch {
	case mode.FillMode != enums.FPDF_FILLMODE_NONE:
		c, err := w.pdfium.FPDFPageObj_GetFillColor(&requests.FPDFPageObj_GetFillColor{PageObject: path})
		if err != nil {
			return err
		}
		black = isBlack(c.FillColor)
	case mode.Stroke:
		c, err := w.pdfium.FPDFPageObj_GetStrokeColor(&requests.FPDFPageObj_GetStrokeColor{PageObject: path})
		if err != nil {
			return err
		}
		black = isBlack(c.StrokeColor)
	}
	if !black {
		return nil
	}
	boxes, err := w.boxesOf(path, mode.FillMode == enums.FPDF_FILLMODE_NONE)
	if err != nil || len(boxes) == 0 {
		return err
	}
	clip, err := w.clipOf(path, own)
	if err != nil {
		return err
	}
	for _, box := range boxes {
		if box = box.intersect(clip); box.area() == 0 {
			continue
		}
		shown := o.toPage.bounds(box)
		if shown.x1-shown.x0 >= minBoxWidth && shown.y1-shown.y0 >= minBoxHeight {
			w.boxes = append(w.boxes, blackBox{shown, o.order})
		}
	}
	return nil
}

func isBlack(c structs.FPDF_COLOR) bool {
	return c.A >= opaque && (299*c.R+587*c.G+114*c.B)/1000 <= darkest
}

// boxSegments is how many segments a rectangle has at most: its corners, the first
// of them twice, and an end. maxSegments is how many of a path are looked at.
const (
	boxSegments = 6
	maxSegments = 50 * boxSegments
)

// boxesOf are the rectangles that a path consists of, as far as it does; of one that
// is not filled, the one that a straight line along an axis makes.
func (w *ink) boxesOf(path references.FPDF_PAGEOBJECT, line bool) ([]rect, error) {
	count, err := w.pdfium.FPDFPath_CountSegments(&requests.FPDFPath_CountSegments{PageObject: path})
	if err != nil {
		return nil, err
	}
	if line && count.Count != 2 {
		return nil, nil
	}
	m, err := w.pdfium.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: path})
	if err != nil {
		return nil, err
	}
	toOwn := matrixOf(m.Matrix)
	var boxes []rect
	var points []rect // of the part of the path that is looked at
	straight := true
	end := func() {
		if box := around(points); straight && len(points) >= 4 && len(points) <= boxSegments && atCorners(points, box) {
			boxes = append(boxes, box)
		}
		points, straight = points[:0], true
	}
	for i := range min(count.Count, maxSegments) {
		got, err := w.pdfium.FPDFPath_GetPathSegment(&requests.FPDFPath_GetPathSegment{PageObject: path, Index: i})
		if err != nil {
			return nil, err
		}
		kind, err := w.pdfium.FPDFPathSegment_GetType(&requests.FPDFPathSegment_GetType{PathSegment: got.PathSegment})
		if err != nil {
			return nil, err
		}
		switch kind.Type {
		case enums.FPDF_SEGMENT_MOVETO:
			end()
		case enums.FPDF_SEGMENT_BEZIERTO:
			straight = false
		}
		p, err := w.pdfium.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: got.PathSegment})
		if err != nil {
			return nil, err
		}
		points = append(points, toOwn.bounds(rect{float64(p.X), float64(p.Y), float64(p.X), float64(p.Y)}))
	}
	if line {
		return w.lineBox(path, around(points), toOwn)
	}
	end()
	return boxes, nil
}

// lineBox is the rectangle of a line, whose ends are r's corners.
func (w *ink) lineBox(path references.FPDF_PAGEOBJECT, r rect, toOwn matrix) ([]rect, error) {
	stroke, err := w.pdfium.FPDFPageObj_GetStrokeWidth(&requests.FPDFPageObj_GetStrokeWidth{PageObject: path})
	if err != nil {
		return nil, err
	}
	half := float64(stroke.StrokeWidth) / 2
	switch {
	case r.y0 == r.y1:
		half *= math.Hypot(toOwn.c, toOwn.d)
		return []rect{{r.x0, r.y0 - half, r.x1, r.y1 + half}}, nil
	case r.x0 == r.x1:
		half *= math.Hypot(toOwn.a, toOwn.b)
		return []rect{{r.x0 - half, r.y0, r.x1 + half, r.y1}}, nil
	}
	return nil, nil
}

// around is the smallest rectangle around points.
func around(points []rect) rect {
	r := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
	for _, p := range points {
		r = rect{min(r.x0, p.x0), min(r.y0, p.y0), max(r.x1, p.x1), max(r.y1, p.y1)}
	}
	return r
}

// atCorners says whether all points are at corners of box.
func atCorners(points []rect, box rect) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1 }
	for _, p := range points {
		if !near(p.x0, box.x0) && !near(p.x0, box.x1) || !near(p.y0, box.y0) && !near(p.y0, box.y1) {
			return false
		}
	}
	return true
}

// clipOf is the rectangle that an object of the given bounds is clipped to.
func (w *ink) clipOf(object references.FPDF_PAGEOBJECT, bounds rect) (rect, error) {
	clip, err := w.pdfium.FPDFPageObj_GetClipPath(&requests.FPDFPageObj_GetClipPath{PageObject: object})
	if err != nil {
		return bounds, onlyTrap(err)
	}
	paths, err := w.pdfium.FPDFClipPath_CountPaths(&requests.FPDFClipPath_CountPaths{ClipPath: clip.ClipPath})
	if err != nil {
		return bounds, onlyTrap(err)
	}
	for i := range paths.Count {
		count, err := w.pdfium.FPDFClipPath_CountPathSegments(&requests.FPDFClipPath_CountPathSegments{ClipPath: clip.ClipPath, PathIndex: i})
		if err != nil || count.Count > boxSegments {
			return bounds, onlyTrap(err)
		}
		points := make([]rect, 0, boxSegments)
		for k := range count.Count {
			segment, err := w.pdfium.FPDFClipPath_GetPathSegment(&requests.FPDFClipPath_GetPathSegment{ClipPath: clip.ClipPath, PathIndex: i, SegmentIndex: k})
			if err != nil {
				return bounds, onlyTrap(err)
			}
			p, err := w.pdfium.FPDFPathSegment_GetPoint(&requests.FPDFPathSegment_GetPoint{PathSegment: segment.PathSegment})
			if err != nil {
				return bounds, onlyTrap(err)
			}
			points = append(points, rect{float64(p.X), float64(p.Y), float64(p.X), float64(p.Y)})
		}
		if count.Count > 0 {
			bounds = bounds.intersect(around(points))
		}
	}
	return bounds, nil
}
