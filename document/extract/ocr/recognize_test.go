package ocr_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/pdftest"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/extract/pdf"
)

var reader = sync.OnceValues(func() (*pdf.Reader, error) { return pdf.New(pdf.Config{}) })

func TestMain(m *testing.M) {
	code := m.Run()
	if r, err := reader(); err == nil {
		r.Close()
	}
	os.Exit(code)
}

// setup is a reader of PDFs and an engine that uses the installed tesseract.
func setup(t *testing.T) (*pdf.Reader, *ocr.Engine) {
	t.Helper()
	t.Parallel()
	if _, err := exec.LookPath("tesseract"); err != nil {
		t.Fatal("tesseract is not installed: apt-get install tesseract-ocr (Debian, Ubuntu) or brew install tesseract (macOS)")
	}
	r, err := reader()
	require.NoError(t, err)
	return r, ocr.New(ocr.Config{}, r)
}

func file(t *testing.T, data []byte) extract.Input {
	t.Helper()
	path := filepath.Join(t.TempDir(), "secret-name")
	require.NoError(t, os.WriteFile(path, data, 0o600))
	return extract.Input{Path: path, Size: int64(len(data))}
}

// requireError checks an error's category and type, and that it names no file.
func requireError(t *testing.T, err error, category batch.Category, typ string) {
	t.Helper()
	e, ok := batch.AsError(err)
	require.True(t, ok, "%T: %v", err, err)
	assert.Equal(t, category, e.Category)
	assert.Equal(t, typ, e.Type)
	assert.NotContains(t, e.Message, "secret-name")
}

// opinion is the text of a page and the page.
func opinion() (string, []pdftest.Mark) {
	lines := []string{
		"SUPREME COURT OF THE UNITED STATES", "",
		"The Red River Compact is a congressionally sanctioned agreement",
		"that allocates water rights within the basin among the States of",
		"Oklahoma, Texas, Arkansas and Louisiana. The area it governs is",
		"divided into five separate subdivisions called reaches.", "",
		"Petitioner is a Texas state agency responsible for providing water",
		"to north-central Texas and its rapidly growing population.",
	}
	var marks []pdftest.Mark
	for i, l := range lines {
		marks = append(marks, pdftest.Text(72, 210-float64(16*i), 12, l))
	}
	return strings.Join(lines, "\n"), marks
}

// stripHeight is that of the tests' pages, in points, which are as wide as a letter's
// sheet: what tesseract takes grows with the page.
const stripHeight = 250

func strip() *pdftest.Doc { return pdftest.New().Sized(612, stripHeight) }

// scan is a picture of a page with marks at dpi dots per inch.
func scan(t *testing.T, dpi int, marks ...pdftest.Mark) *image.Gray {
	t.Helper()
	r, err := reader()
	require.NoError(t, err)
	var out *image.Gray
	in := file(t, strip().Page(marks...).Bytes())
	require.NoError(t, r.Render(t.Context(), in.Path, []int{1}, extract.Resolution{Least: dpi, Most: dpi}, func(_ int, img *image.Gray, _ int) error {
		out = &image.Gray{Pix: bytes.Clone(img.Pix), Stride: img.Stride, Rect: img.Rect}
		return nil
	}))
	return out
}

func TestRecognizeScannedPDF(t *testing.T) {
	r, e := setup(t)
	want, marks := opinion()
	page := pdftest.Image(scan(t, 200, marks...), 0, 0, 612, stripHeight)
	in := file(t, strip().Page(page).Page(pdftest.Text(72, 210, 12, "Typed.")).Page(page).Bytes())
	c, err := r.Read(t.Context(), in)
	require.NoError(t, err)
	typed := c.Pages[1]

	var done []int
	require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{Page: func(n int) { done = append(done, n) }}))
	assert.ElementsMatch(t, []int{1, 3}, done)
	assert.Equal(t, typed, c.Pages[1], "a page with text stays as it is")
	for _, i := range []int{0, 2} {
		p := c.Pages[i]
		assert.False(t, p.NeedsOCR)
		assert.Equal(t, document.TextOCR, p.Source)
		assert.Greater(t, p.Confidence, 0.8)
		assert.LessOrEqual(t, p.Confidence, 1.0)
		assert.Less(t, wordErrorRate(want, p.Text), 0.05, p.Text)
		assert.Contains(t, p.Text, "STATES\n\nThe Red River Compact", "paragraphs are kept")
		assert.Contains(t, p.Text, "sanctioned agreement\nthat allocates", "lines are kept")
	}
	assert.False(t, c.NeedsOCR())
}

func TestRecognizeJoinsCutWords(t *testing.T) {
	r, e := setup(t)
	page := pdftest.Image(scan(t, 200,
		pdftest.Text(72, 210, 12, "States relinquish their sovereign pow-"),
		pdftest.Text(72, 194, 12, "ers rarely, and never by silence alone."),
	), 0, 0, 612, stripHeight)
	in := file(t, strip().Page(page).Bytes())
	c, err := r.Read(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
	assert.Equal(t, "States relinquish their sovereign powers\nrarely, and never by silence alone.", c.Pages[0].Text)
}

func TestRecognizeKeepsAStampThatItCannotRead(t *testing.T) {
	r, e := setup(t)
	page := pdftest.Image(scan(t, 200, pdftest.Text(72, 210, 12, "It is so ordered by the district court.")), 0, 0, 612, stripHeight)
	stamp := "Case 4:08-cv-02214 Document 26 Filed 01/29/2009"
	in := file(t, strip().Page(page,
		pdftest.Text(72, 242, 1, stamp), // too small to be read off the picture
	).Bytes())
	c, err := r.Read(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
	assert.True(t, strings.HasPrefix(c.Pages[0].Text, stamp+"\n\n"), c.Pages[0].Text)
	assert.Contains(t, c.Pages[0].Text, "so ordered")
}

func TestRecognizeBlankPage(t *testing.T) {
	r, e := setup(t)
	blank := image.NewGray(image.Rect(0, 0, 850, 347))
	for i := range blank.Pix {
		blank.Pix[i] = 255
	}
	in := file(t, strip().Page(pdftest.Image(blank, 0, 0, 612, stripHeight)).Bytes())
	c, err := r.Read(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
	assert.Equal(t, document.Page{Number: 1, Source: document.TextOCR}, c.Pages[0])
}

func TestRecognizeImages(t *testing.T) {
	_, e := setup(t)
	const want = "The Red River Compact allocates water rights."
	gray := scan(t, 200, pdftest.Text(72, 210, 14, want))
	colour := image.NewYCbCr(gray.Rect, image.YCbCrSubsampleRatio420)
	copy(colour.Y, gray.Pix)
	for i := range colour.Cb {
		colour.Cb[i], colour.Cr[i] = 128, 128
	}
	// Black letters on nothing: what is transparent is paper.
	glass := image.NewNRGBA(gray.Rect)
	for i, y := range gray.Pix {
		glass.Pix[4*i+3] = 255 - y
	}
	for name, tc := range map[string]struct {
		data  []byte
		pages int
	}{
		"PNG":             {encodePNG(t, gray), 1},
		"transparent PNG": {encodePNG(t, glass), 1},
		"grey JPEG":       {encodeJPEG(t, gray), 1},
		"colour JPEG":     {encodeJPEG(t, colour), 1},
		"TIFF":            {encodeTIFF(gray, gray), 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := file(t, tc.data)
			c, err := ocr.NewImageReader(ocr.ImageLimits{}).Read(t.Context(), in)
			require.NoError(t, err)
			require.Len(t, c.Pages, tc.pages)
			require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
			for _, p := range c.Pages {
				assert.Equal(t, want, p.Text)
			}
		})
	}
}

func TestRecognizeGivesEachFrameItsOwnText(t *testing.T) {
	_, e := setup(t)
	in := file(t, encodeTIFF(
		scan(t, 200, pdftest.Text(72, 210, 14, "The first page of the motion")),
		scan(t, 200, pdftest.Text(72, 210, 14, "Another page with an affidavit")),
	))
	c, err := ocr.NewImageReader(ocr.ImageLimits{}).Read(t.Context(), in)
	require.NoError(t, err)
	require.NoError(t, e.Recognize(t.Context(), in, c, ocr.Options{}))
	assert.Equal(t, "The first page of the motion", c.Pages[0].Text)
	assert.Equal(t, "Another page with an affidavit", c.Pages[1].Text)
}

func TestRecognizeRefusesDamagedImages(t *testing.T) {
	_, e := setup(t)
	whole := encodePNG(t, image.NewGray(image.Rect(0, 0, 100, 100)))
	in := file(t, whole[:len(whole)/2])
	c := &document.Content{Format: document.FormatPNG, Pages: []document.Page{{Number: 1, NeedsOCR: true}}}
	requireError(t, e.Recognize(t.Context(), in, c, ocr.Options{}), batch.Data, "CorruptImage")
	assert.True(t, c.Pages[0].NeedsOCR)
}

// failing is a Renderer that draws n pages, then fails.
type failing struct {
	n   int
	err error
}

func (f failing) Render(_ context.Context, _ string, pages []int, _ extract.Resolution, emit func(int, *image.Gray, int) error) error {
	for _, p := range pages[:f.n] {
		if err := emit(p, image.NewGray(image.Rect(0, 0, 100, 100)), 300); err != nil {
			return err
		}
	}
	return f.err
}

func TestRecognizeKeepsThePagesDoneBeforeAnError(t *testing.T) {
	setup(t)
	broken := batch.NewError(batch.Resource, "ReaderStart", "no process")
	e := ocr.New(ocr.Config{}, failing{n: 1, err: broken})
	c := &document.Content{Format: document.FormatPDF, Pages: []document.Page{
		{Number: 1, NeedsOCR: true}, {Number: 2, NeedsOCR: true}}}
	assert.Equal(t, error(broken), e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{}))
	assert.False(t, c.Pages[0].NeedsOCR)
	assert.True(t, c.Pages[1].NeedsOCR)
}

func TestRecognizeStopsWithItsContext(t *testing.T) {
	setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	e := ocr.New(ocr.Config{Workers: 1}, failing{n: 3, err: errors.New("not reached")})
	c := &document.Content{Format: document.FormatPDF, Pages: []document.Page{
		{Number: 1, NeedsOCR: true}, {Number: 2, NeedsOCR: true}, {Number: 3, NeedsOCR: true}}}
	err := e.Recognize(ctx, extract.Input{}, c, ocr.Options{Page: func(int) { cancel() }})
	assert.ErrorIs(t, err, context.Canceled)
	assert.True(t, c.Pages[2].NeedsOCR)
}

func TestRecognizeNeedsNoTesseractForText(t *testing.T) {
	t.Parallel()
	e := ocr.New(ocr.Config{Program: "no-such-program"}, nil)
	c := &document.Content{Pages: []document.Page{{Number: 1, Text: "typed"}}}
	assert.NoError(t, e.Recognize(t.Context(), extract.Input{}, c, ocr.Options{}))
}

func encodePNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, img))
	return b.Bytes()
}

func encodeJPEG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, jpeg.Encode(&b, img, &jpeg.Options{Quality: 95}))
	return b.Bytes()
}

// wordErrorRate is the edit distance between the words of want and got, as a
// share of the words of want.
func wordErrorRate(want, got string) float64 {
	a, b := strings.Fields(want), strings.Fields(got)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, w := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, v := range b {
			cost := diagonal
			if w != v {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return float64(row[len(b)]) / float64(len(a))
}

func TestWordErrorRate(t *testing.T) {
	t.Parallel()
	assert.Zero(t, wordErrorRate("a b c", "a\nb c"))
	assert.InDelta(t, 1.0/3, wordErrorRate("a b c", "a x c"), 1e-9)
	assert.InDelta(t, 2.0/3, wordErrorRate("a b c", "b c d"), 1e-9)
	assert.InDelta(t, 1, wordErrorRate("a b c", ""), 1e-9)
}
