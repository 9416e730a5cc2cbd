package ocr_test

import (
	"bytes"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/pdftest"
	"github.com/caseload/caseload/document/extract/ocr"
)

// A searchable copy has the words that were recognised, where they stand, and looks as the
// original does.
func TestAddTextMakesAScanSearchable(t *testing.T) {
	r, e := setup(t)
	want, marks := opinion()
	upright := scan(t, 200, marks...)
	for name, picture := range map[string]*image.Gray{"upright": upright, "on its side": quarter(upright)} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := 612 * float64(picture.Rect.Dx()) / float64(max(picture.Rect.Dx(), picture.Rect.Dy()))
			h := 612 * float64(picture.Rect.Dy()) / float64(max(picture.Rect.Dx(), picture.Rect.Dy()))
			in := file(t, pdftest.New().Sized(w, h).Page(pdftest.Image(picture, 0, 0, w, h)).Bytes())
			c, err := r.Read(t.Context(), in)
			require.NoError(t, err)
			words := map[int][]extract.PlacedWord{}
			require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{Words: func(page int, w []extract.PlacedWord) { words[page] = w }}))
			require.NotEmpty(t, words[1])

			var out bytes.Buffer
			require.NoError(t, r.AddText(t.Context(), in.Path, words, &out))
			copied := file(t, out.Bytes())
			got, err := r.Read(t.Context(), copied)
			require.NoError(t, err)
			require.Len(t, got.Pages, 1)
			assert.Equal(t, document.TextLayer, got.Pages[0].Source)
			assert.False(t, got.Pages[0].NeedsOCR, "it has its text")
			if name == "upright" {
				assert.Less(t, wordErrorRate(c.Pages[0].Text, got.Pages[0].Text), 0.055, got.Pages[0].Text)
				assert.Less(t, wordErrorRate(want, got.Pages[0].Text), 0.055)
			} else {
				for _, word := range []string{"congressionally", "subdivisions", "Petitioner"} {
					assert.Contains(t, strings.ReplaceAll(got.Pages[0].Text, "\n", " "), word)
				}
			}
			assert.Equal(t, drawn(t, in.Path), drawn(t, copied.Path), "it looks the same")
		})
	}
}

// drawn is a file's first page at 72 dots per inch.
func drawn(t *testing.T, path string) []byte {
	t.Helper()
	r, err := reader()
	require.NoError(t, err)
	var pix []byte
	require.NoError(t, r.Render(t.Context(), path, []int{1}, extract.Resolution{Least: 72, Most: 72}, func(_ int, img *image.Gray, _ int) error {
		pix = bytes.Clone(img.Pix)
		return nil
	}))
	return pix
}

func TestAnImageBecomesASearchablePDF(t *testing.T) {
	r, e := setup(t)
	want, marks := opinion()
	in := file(t, encodeTIFF(scan(t, 200, marks...), scan(t, 200, marks...)))
	to := filepath.Join(t.TempDir(), "out.pdf")
	require.NoError(t, e.ImagePDF(t.Context(), in, 2, ocr.Options{}, to))
	data, err := os.ReadFile(to)
	require.NoError(t, err)
	c, err := r.Read(t.Context(), file(t, data))
	require.NoError(t, err)
	require.Len(t, c.Pages, 2)
	for _, p := range c.Pages {
		assert.Less(t, wordErrorRate(want, p.Text), 0.055, p.Text)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(to), ".*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// quarter is img turned to the right by a quarter.
func quarter(img *image.Gray) *image.Gray {
	size := img.Rect.Size()
	out := image.NewGray(image.Rect(0, 0, size.Y, size.X))
	for y := range size.X {
		for x := range size.Y {
			out.Pix[y*out.Stride+x] = img.Pix[(size.Y-1-x)*img.Stride+y]
		}
	}
	return out
}

// tilted is img turned to the right by degrees about its middle, on white paper.
func tilted(img *image.Gray, degrees float64) *image.Gray {
	out := image.NewGray(img.Rect)
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	mx, my := float64(img.Rect.Dx())/2, float64(img.Rect.Dy())/2
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			dx, dy := float64(x)-mx, float64(y)-my
			from := image.Pt(int(math.Round(mx+dx*cos+dy*sin)), int(math.Round(my-dx*sin+dy*cos)))
			out.Pix[y*out.Stride+x] = 255
			if from.In(img.Rect) {
				out.Pix[y*out.Stride+x] = img.GrayAt(from.X, from.Y).Y
			}
		}
	}
	return out
}

// Pages are read however they lie in their pictures.
func TestRecognizeStraightensPages(t *testing.T) {
	r, e := setup(t)
	want, marks := opinion()
	upright := scan(t, 200, marks...)
	onSide := quarter(upright)
	half := quarter(onSide)
	for name, p := range map[string]*image.Gray{
		"by -2": tilted(upright, -2), "by 5": tilted(upright, 5), "by -0.5": tilted(upright, -0.5),
		"on its side, by 1": tilted(onSide, 1), "upside down, by 3": tilted(half, 3), "coarse": scan(t, 100, marks...),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			longer := float64(max(p.Rect.Dx(), p.Rect.Dy()))
			w, h := float64(p.Rect.Dx())*612/longer, float64(p.Rect.Dy())*612/longer
			in := file(t, pdftest.New().Sized(w, h).Page(pdftest.Image(p, 0, 0, w, h)).Bytes())
			c, err := r.Read(t.Context(), in)
			require.NoError(t, err)
			require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
			got := c.Pages[0]
			assert.Less(t, wordErrorRate(want, got.Text), 0.055, got.Text)
			assert.Greater(t, got.Confidence, 0.8)
		})
	}
}
