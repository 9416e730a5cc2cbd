package pdf_test

import (
	"context"
	"errors"
	"image"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/pdftest"
	"github.com/caseload/caseload/document/extract/pdf"
)

// at is a resolution of so many dots per inch.
func at(dpi int) extract.Resolution { return extract.Resolution{Least: dpi, Most: dpi} }

func square() []byte {
	return pdftest.New().Page(pdftest.Rect(0, 0, 306, 396)).Page().Bytes()
}

func TestRenderDrawsPagesInOrder(t *testing.T) {
	r := setup(t)
	var pages []int
	err := r.Render(t.Context(), file(t, square()).Path, []int{2, 1}, at(72), func(page int, img *image.Gray, _ int) error {
		pages = append(pages, page)
		assert.Equal(t, image.Rect(0, 0, 612, 792), img.Rect)
		assert.EqualValues(t, 255, img.GrayAt(500, 100).Y, "paper")
		want := uint8(255)
		if page == 1 {
			want = 0
		}
		assert.Equal(t, want, img.GrayAt(100, 700).Y, "the black quarter of page 1")
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, []int{2, 1}, pages)
}

func TestRenderDrawsAnnotations(t *testing.T) {
	r := setup(t)
	data := pdftest.New().Page(pdftest.Field("Widget", pdftest.Rect(0, 0, 306, 396))).Bytes()
	err := r.Render(t.Context(), file(t, data).Path, []int{1}, at(72), func(_ int, img *image.Gray, _ int) error {
		assert.Zero(t, img.GrayAt(100, 700).Y)
		return nil
	})
	require.NoError(t, err)
}

func TestRenderLowersTheResolutionOfLargePages(t *testing.T) {
	r := open(t, pdf.Config{MaxPixels: 10_000})
	err := r.Render(t.Context(), file(t, square()).Path, []int{1}, at(300), func(_ int, img *image.Gray, _ int) error {
		size := img.Rect.Size()
		assert.LessOrEqual(t, size.X*size.Y, 10_000)
		assert.Greater(t, size.X*size.Y, 5_000)
		return nil
	})
	require.NoError(t, err)
}

func TestRenderDrawsPagesOfPicturesAtTheirResolution(t *testing.T) {
	r := setup(t)
	sheet := func(dpi int) pdftest.Mark {
		return pdftest.Image(image.NewGray(image.Rect(0, 0, dpi*612/720, dpi*792/720)), 0, 0, 61.2, 79.2)
	}
	scaled := func(m pdftest.Mark) pdftest.Mark { return pdftest.Form(2, m) }
	seal := pdftest.Image(image.NewGray(image.Rect(0, 0, 120, 120)), 0, 0, 14.4, 14.4)
	data := pdftest.New().Sized(122.4, 158.4).
		Page(pdftest.Text(20, 100, 12, "typed")).
		Page(scaled(sheet(200))). // 100 on the page
		Page(scaled(sheet(700))).
		Page(scaled(sheet(1200))).
		Page(seal, pdftest.Text(20, 100, 12, "typed")).Bytes()
	var drawn []int
	bounds := extract.Resolution{Least: 300, Most: 400}
	require.NoError(t, r.Render(t.Context(), file(t, data).Path, []int{1, 2, 3, 4, 5}, bounds, func(_ int, img *image.Gray, dpi int) error {
		drawn = append(drawn, dpi)
		assert.InDelta(t, 1.7*float64(dpi), float64(img.Rect.Dx()), 1)
		return nil
	}))
	assert.Equal(t, []int{300, 200, 350, 400, 300}, drawn)
}

func TestRenderReturnsTheErrorOfEmit(t *testing.T) {
	r := setup(t)
	stop := errors.New("stop")
	calls := 0
	err := r.Render(t.Context(), file(t, square()).Path, []int{1, 2}, at(72), func(int, *image.Gray, int) error {
		calls++
		return stop
	})
	assert.Equal(t, stop, err)
	assert.Equal(t, 1, calls)
}

func TestRenderRefusesPagesThatAreNotThere(t *testing.T) {
	r := setup(t)
	for _, n := range []int{0, 3, -1} {
		err := r.Render(t.Context(), file(t, square()).Path, []int{n}, at(72), func(int, *image.Gray, int) error { return nil })
		requireError(t, err, batch.Data, pdf.TypeCorrupt)
	}
}

// A picture that PDFium has no memory for is left out by it, without a word.
func TestRenderTellsOfAPictureThatNeedsTooMuchMemory(t *testing.T) {
	r := open(t, pdf.Config{Expendable: true, MaxMemory: 64 << 20, Workers: 1})
	data := pdftest.New().Page(pdftest.Image(image.NewGray(image.Rect(0, 0, 8000, 8000)), 0, 0, 612, 792)).Bytes()
	path := file(t, data).Path
	for range 2 {
		err := r.Render(t.Context(), path, []int{1}, at(72), func(int, *image.Gray, int) error { return nil })
		requireError(t, err, batch.Data, pdf.TypeMemory)
	}
	require.NoError(t, r.Render(t.Context(), file(t, square()).Path, []int{1}, at(72), func(int, *image.Gray, int) error { return nil }))
}

func TestRenderStopsAtItsTimeLimit(t *testing.T) {
	r := open(t, pdf.Config{PageTimeout: 50 * time.Millisecond, MaxMemory: 4 << 30})
	err := r.Render(t.Context(), file(t, pdftest.New().Page(pdftest.Nested(10, 9)).Bytes()).Path, []int{1}, at(72),
		func(int, *image.Gray, int) error { return nil })
	requireError(t, err, batch.Data, pdf.TypeTimeout)
}

func TestWaitingForAWorkerHonoursTheContext(t *testing.T) {
	r := open(t, pdf.Config{Workers: 1})
	path := file(t, square()).Path
	err := r.Render(t.Context(), path, []int{1}, at(72), func(int, *image.Gray, int) error {
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		err := r.Render(ctx, path, []int{1}, at(72), func(int, *image.Gray, int) error { return nil })
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		return nil
	})
	require.NoError(t, err)
}
