package pdf

import (
	"context"
	"errors"
	"image"
	"math"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
)

const (
	pointsPerInch = 72
	maxSide       = 32_000 // pixels; tesseract takes no more than 32,767
)

// Render draws pages, counted from 1, in shades of grey, and hands each to emit in the
// order of pages, with its dots per inch: those of its pictures within dpi, and of a
// page without pictures the least. A page too large for Config.MaxPixels is drawn at
// fewer. The image is emit's until it returns; an error of emit ends Render and is
// returned as it is.
//
// Other errors are those of Read, and DATA "PDFTimeout" for a page that takes
// longer than Config.PageTimeout.
func (r *Reader) Render(ctx context.Context, path string, pages []int, dpi extract.Resolution, emit func(page int, img *image.Gray, dpi int) error) error {
	s, err := r.open(ctx, r.draw, path)
	if err != nil {
		return err
	}
	defer s.close()
	for _, n := range pages {
		var img *responses.RenderPageInDPI
		var drawnAt int
		err := s.guard(ctx, func() (err error) {
			img, drawnAt, err = s.render(n, dpi)
			return err
		})
		if errors.Is(err, errNoPage) {
			return errCorrupt("page %d cannot be drawn", n)
		}
		if err != nil {
			return err
		}
		gray, ok := img.Result.RenderedImage.(*image.Gray)
		if !ok {
			return errCorrupt("page %d cannot be drawn", n)
		}
		err = emit(n, gray, drawnAt)
		img.Cleanup()
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *session) render(n int, bounds extract.Resolution) (img *responses.RenderPageInDPI, dpi int, err error) {
	if n < 1 || n > s.pages {
		return nil, 0, errNoPage
	}
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: s.doc, Index: n - 1}}
	size, err := s.pdfium.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		if trapped(err) {
			return nil, 0, err
		}
		return nil, 0, errNoPage
	}
	if _, err := s.flatten(page); err != nil {
		return nil, 0, err
	}
	if dpi, err = s.density(page, bounds); err != nil {
		return nil, 0, err
	}
	if dpi = fitDPI(size.Width, size.Height, dpi, s.engine.cfg.MaxPixels); dpi < 1 {
		return nil, 0, batch.NewError(batch.Data, "PageTooLarge", "page %d is too large to be drawn; print it to a smaller size", n)
	}
	img, err = s.pdfium.RenderPageInDPI(&requests.RenderPageInDPI{
		Page:        page,
		DPI:         dpi,
		RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
		ImageFormat: requests.RenderImageFormatGrayscale,
	})
	return img, dpi, err
}

// largePicture is the share of the page from which on a picture decides at what
// resolution the page is drawn: one that is a page's text, not a seal or a signature.
const largePicture = 0.2

// mostEnlarged is how many times coarse pictures are enlarged towards the least
// resolution: at three times letters are blurred, and read worse than at two.
const mostEnlarged = 2

// density is the highest resolution of a page's large pictures, within bounds; below
// them, down to half of the least, what mostEnlarged gives.
func (s *session) density(page requests.Page, bounds extract.Resolution) (int, error) {
	whole, err := s.wholePage(page)
	if err != nil {
		return 0, err
	}
	finest := 0.0 // dots per inch
	err = s.eachObject(page, maxObjects, func(o object) error {
		if o.kind != enums.FPDF_PAGEOBJ_IMAGE {
			return nil
		}
		m, err := s.pdfium.FPDFPageObj_GetMatrix(&requests.FPDFPageObj_GetMatrix{PageObject: o.ref})
		if err != nil {
			return err
		}
		// A picture is the unit square of its own coordinates.
		shown := matrixOf(m.Matrix).then(o.toPage)
		if shown.bounds(rect{0, 0, 1, 1}).intersect(whole).area() < largePicture*whole.area() {
			return nil
		}
		size, err := s.pdfium.FPDFImageObj_GetImagePixelSize(&requests.FPDFImageObj_GetImagePixelSize{ImageObject: o.ref})
		if err != nil {
			return err
		}
		across := float64(size.Width) / max(math.Hypot(shown.a, shown.b), 1) * pointsPerInch
		down := float64(size.Height) / max(math.Hypot(shown.c, shown.d), 1) * pointsPerInch
		finest = max(finest, across, down)
		return nil
	})
	if err != nil || finest == 0 {
		return bounds.Least, err
	}
	least := min(float64(bounds.Least), max(mostEnlarged*finest, float64(bounds.Least)/2))
	return int(math.Round(min(max(finest, least), float64(max(bounds.Most, bounds.Least))))), nil
}

// fitDPI is dpi, or as much less as keeps a page of width x height points within
// maxPixels and maxSide. It is 0 if no resolution does.
func fitDPI(width, height float64, dpi, maxPixels int) int {
	w, h := max(width, 1)/pointsPerInch, max(height, 1)/pointsPerInch
	fit := min(float64(dpi), math.Sqrt(float64(maxPixels)/(w*h)), maxSide/w, maxSide/h)
	return int(fit)
}
