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
)

const (
	pointsPerInch = 72
	maxSide       = 32_000 // pixels; tesseract takes no more than 32,767
)

// Render draws pages, counted from 1, in shades of grey at dpi dots per inch,
// and hands each to emit in the order of pages. A page too large for
// Config.MaxPixels is drawn at fewer dots per inch. The image is emit's until it
// returns; an error of emit ends Render and is returned as it is.
//
// Other errors are those of Read, and DATA "PDFTimeout" for a page that takes
// longer than Config.PageTimeout.
func (r *Reader) Render(ctx context.Context, path string, pages []int, dpi int, emit func(page int, img *image.Gray) error) error {
	s, err := r.open(ctx, r.draw, path)
	if err != nil {
		return err
	}
	defer s.close()
	for _, n := range pages {
		var img *responses.RenderPageInDPI
		err := s.guard(ctx, func() (err error) {
			img, err = s.render(n, dpi)
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
		err = emit(n, gray)
		img.Cleanup()
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *session) render(n, dpi int) (*responses.RenderPageInDPI, error) {
	if n < 1 || n > s.pages {
		return nil, errNoPage
	}
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: s.doc, Index: n - 1}}
	size, err := s.pdfium.GetPageSize(&requests.GetPageSize{Page: page})
	if err != nil {
		if trapped(err) {
			return nil, err
		}
		return nil, errNoPage
	}
	if _, err := s.flatten(page); err != nil {
		return nil, err
	}
	if dpi = fitDPI(size.Width, size.Height, dpi, s.engine.cfg.MaxPixels); dpi < 1 {
		return nil, batch.NewError(batch.Data, "PageTooLarge", "page %d is too large to be drawn; print it to a smaller size", n)
	}
	return s.pdfium.RenderPageInDPI(&requests.RenderPageInDPI{
		Page:        page,
		DPI:         dpi,
		RenderFlags: enums.FPDF_RENDER_FLAG_ANNOT,
		ImageFormat: requests.RenderImageFormatGrayscale,
	})
}

// fitDPI is dpi, or as much less as keeps a page of width x height points within
// maxPixels and maxSide. It is 0 if no resolution does.
func fitDPI(width, height float64, dpi, maxPixels int) int {
	w, h := max(width, 1)/pointsPerInch, max(height, 1)/pointsPerInch
	fit := min(float64(dpi), math.Sqrt(float64(maxPixels)/(w*h)), maxSide/w, maxSide/h)
	return int(fit)
}
