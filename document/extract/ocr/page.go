package ocr

import (
	"context"
	"fmt"
	"image"
	"math"

	"golang.org/x/image/draw"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
)

// sureOf is the mean confidence from which on a page is taken to lie as it was read.
// Pages of clean print have 0.9 and more, the same upside down less than 0.4.
const sureOf = 0.6

// read recognises one page, in its time: first as its lines lie, and if that gives
// little sense, turned by half, and by quarters where no lines show how it lies.
func (e *Engine) read(ctx context.Context, s *setup, page int, seen sight) (result, error) {
	limited, cancel := context.WithTimeout(ctx, e.cfg.PageTimeout)
	defer cancel()
	fail := func(err error) (result, error) {
		switch {
		case ctx.Err() != nil:
			return result{}, fmt.Errorf("recognise text: %w", ctx.Err())
		case limited.Err() != nil:
			return result{}, batch.NewError(batch.Data, "OCRTimeout",
				"recognising page %d took longer than %s; raise the limit or lower the resolution", page, e.cfg.PageTimeout)
		}
		return result{}, err
	}
	if seen.raw != nil {
		defer seen.raw.close()
		got, err := e.run(limited, s, page, *seen.raw)
		if err != nil {
			return fail(err)
		}
		got.place(placement{from: seen.raw.size, to: seen.raw.size})
		return got, nil
	}

	img, dpi := enlarged(seen.img, seen.dpi)
	lies := lieOf(img)
	first, turns := 0, []int{2}
	switch {
	case lies.side:
		first = 1
	case !lies.clear:
		turns = []int{2, 1, 3}
	}
	attempt := func(quarters int) (result, error) {
		straight, how := straighten(img, first+quarters, lies.angle)
		got, err := e.run(limited, s, page, grayPicture(straight, dpi))
		got.place(how)
		return got, err
	}
	best, err := attempt(0)
	if err != nil {
		return fail(err)
	}
	for _, quarters := range turns {
		if best.confidence >= sureOf || len(best.words) == 0 && !lies.clear {
			break
		}
		got, err := attempt(quarters)
		if ctx.Err() != nil {
			return fail(err)
		}
		if err != nil {
			break // what the first gave is kept
		}
		if got.sense > best.sense {
			best = got
		}
	}
	return best, nil
}

// Images of unknown resolution are taken for sheets of US Letter; one of fewer dots
// per inch than leastDPI is enlarged to enlargedDPI, but no more than maxEnlarged
// times: tesseract reads letters of 20 pixels and more best.
const (
	letterInches = 11
	leastDPI     = 200
	enlargedDPI  = 300
	maxEnlarged  = 3
)

// enlarged is img of unknown resolution, larger if it is small. One of known
// resolution is left as it is.
func enlarged(img *image.Gray, dpi int) (*image.Gray, int) {
	size := img.Rect.Size()
	side := max(size.X, size.Y)
	if dpi > 0 || side >= leastDPI*letterInches {
		return img, dpi
	}
	factor := min(float64(enlargedDPI*letterInches)/float64(side), maxEnlarged)
	to := image.NewGray(image.Rect(0, 0, scaled(size.X, factor), scaled(size.Y, factor)))
	draw.CatmullRom.Scale(to, to.Rect, img, img.Rect, draw.Src, nil)
	return to, 0
}

func scaled(n int, factor float64) int { return max(int(math.Round(float64(n)*factor)), 1) }

// place puts words where they stand on the page that was turned as p says.
func (r *result) place(p placement) {
	w, h := float64(p.from.X), float64(p.from.Y)
	spot := func(x, y float64) extract.Spot {
		x, y = p.back(x, y)
		return extract.Spot{X: x / w, Y: y / h}
	}
	r.words = make([]extract.PlacedWord, len(r.boxes))
	for i, b := range r.boxes {
		x0, y0, x1, y1 := float64(b.rect.Min.X), float64(b.rect.Min.Y), float64(b.rect.Max.X), float64(b.rect.Max.Y)
		r.words[i] = extract.PlacedWord{Text: b.text, Left: spot(x0, y1), Right: spot(x1, y1), Top: spot(x0, y0)}
	}
}
