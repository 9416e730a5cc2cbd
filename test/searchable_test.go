package test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/webassembly"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
	"github.com/tetratelabs/wazero/experimental"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/pdf"
)

// A strip of a page is drawn at stripDPI, its words each at a place of its own.
const (
	stripDPI    = 200
	stripWidth  = 1300 // pixels
	stripHeight = 560
)

// placedText is a word, and where its letters stand in the strip, in pixels.
type placedText struct {
	text string
	rect image.Rectangle
}

// drawStrip is a strip with lines of text, and where their words are.
func drawStrip(t *testing.T, lines ...string) (*image.Gray, []placedText) {
	t.Helper()
	parsed, err := opentype.Parse(goregular.TTF)
	require.NoError(t, err)
	face, err := opentype.NewFace(parsed, &opentype.FaceOptions{Size: 12, DPI: stripDPI, Hinting: font.HintingNone})
	require.NoError(t, err)
	img := image.NewGray(image.Rect(0, 0, stripWidth, stripHeight))
	draw.Draw(img, img.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	d := font.Drawer{Dst: img, Src: image.NewUniform(color.Black), Face: face}
	var words []placedText
	for i, line := range lines {
		d.Dot = fixed.P(100, 120+80*i)
		for _, w := range strings.Fields(line) {
			box, _ := d.BoundString(w)
			words = append(words, placedText{w, image.Rect(box.Min.X.Floor(), box.Min.Y.Floor(), box.Max.X.Ceil(), box.Max.Y.Ceil())})
			d.DrawString(w + " ")
		}
	}
	return img, words
}

// onItsSide is img turned to the right by a quarter, and where the words are then.
func onItsSide(img *image.Gray, words []placedText) (*image.Gray, []placedText) {
	h := img.Rect.Dy()
	out := image.NewGray(image.Rect(0, 0, h, img.Rect.Dx()))
	for y := range h {
		for x := range img.Rect.Dx() {
			out.SetGray(h-1-y, x, img.GrayAt(x, y))
		}
	}
	var turned []placedText
	for _, w := range words {
		turned = append(turned, placedText{w.text, image.Rect(h-w.rect.Max.Y, w.rect.Min.X, h-w.rect.Min.Y, w.rect.Max.X)})
	}
	return out, turned
}

// scannedPDF shows a picture a page.
func scannedPDF(pictures ...*image.Gray) []byte {
	objects, kids := []string{"<< /Type /Catalog /Pages 2 0 R >>", ""}, []string{}
	for _, img := range pictures {
		size := img.Rect.Size()
		var pixels bytes.Buffer
		z := zlib.NewWriter(&pixels)
		_, _ = z.Write(img.Pix) // to memory
		_ = z.Close()
		w, h := points(size.X), points(size.Y)
		show := fmt.Sprintf("q %g 0 0 %g 0 0 cm /X Do Q", w, h)
		page := len(objects) + 1
		kids = append(kids, fmt.Sprintf("%d 0 R", page))
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Contents %d 0 R /Resources << /XObject << /X %d 0 R >> >> >>", w, h, page+1, page+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(show), show),
			fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream",
				size.X, size.Y, pixels.Len(), pixels.String()))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	b := []byte("%PDF-1.4\n")
	var table strings.Builder
	for i, o := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", len(b))
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, len(b))
}

func points(pixels int) float64 { return float64(pixels) * 72 / stripDPI }

// searchableFile is what the tests read of `searchable -o json`.
type searchableFile struct {
	Row, Part         int
	Name, File        string
	Result            string
	Pages, Recognised int
}

// Searchable PDFs hold the words of scans where they stand, and look as the scans do: of
// PDFs, of images, and of what is attached to a mail or archived.
func TestSearchablePDFsHoldTheWordsWhereTheyStand(t *testing.T) {
	t.Parallel()
	img, words := drawStrip(t, "The motion to dismiss the complaint is denied.",
		"Defendants shall answer within fourteen days", "of the entry of this order.")
	side, turned := onItsSide(img, words)
	places := [][]placedText{words, turned}
	scanned := scannedPDF(img, side)
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, img))
	mail := "From: a@example.com\r\nTo: b@example.com\r\nSubject: Order\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nAttached.\r\n" +
		"--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=note.txt\r\n\r\nA note.\r\n" +
		"--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"the order.pdf\"\r\n" +
		"Content-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(scanned) + "\r\n--x--\r\n"
	r := newRig(t)
	folder, to := t.TempDir(), filepath.Join(t.TempDir(), "out")
	args := []string{"searchable", "--to", to, "-o", "json"}
	for name, data := range map[string][]byte{"a.pdf": scanned, "b.png": picture.Bytes(), "c.eml": []byte(mail)} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), data, 0o600))
	}
	for _, name := range []string{"a.pdf", "b.png", "c.eml"} {
		args = append(args, "--file", filepath.Join(folder, name))
	}
	run := func() []searchableFile {
		out, said, code := r.starter(args...)
		require.Equal(t, 0, code, said)
		var all []searchableFile
		require.NoError(t, json.Unmarshal([]byte(out), &all))
		return all
	}
	attached := filepath.Join(to, "3.2-the order.pdf")
	assert.Equal(t, []searchableFile{
		{1, 0, "a.pdf", filepath.Join(to, "1-a.pdf"), "written", 2, 2},
		{2, 0, "b.png", filepath.Join(to, "2-b.pdf"), "written", 1, 1},
		{3, 0, "c.eml", "", "left out", 1, 0},
		{3, 2, "the order.pdf", attached, "written", 2, 2},
	}, run())

	shown := reading(t)
	for name, pages := range map[string]int{"1-a.pdf": 2, "3.2-the order.pdf": 2, "2-b.pdf": 1} {
		path := filepath.Join(to, name)
		info, err := os.Stat(path)
		require.NoError(t, err)
		c, err := shown.Read(t.Context(), extract.Input{Path: path, Size: info.Size()})
		require.NoError(t, err)
		require.Len(t, c.Pages, pages, name)
		for i, p := range c.Pages {
			assert.Equal(t, document.TextLayer, p.Source, name)
			checkPlaces(t, path, i, places[i])
		}
		assert.Contains(t, c.Pages[0].Text, "The motion to dismiss the complaint is denied.\nDefendants shall", name)
	}
	for page := 1; page <= 2; page++ {
		want := drawn(t, shown, filepath.Join(folder, "a.pdf"), page)
		for _, name := range []string{"1-a.pdf", "3.2-the order.pdf"} {
			assert.True(t, slices.Equal(want, drawn(t, shown, filepath.Join(to, name), page)), "%s page %d looks the same", name, page)
		}
	}

	require.NoError(t, os.Remove(attached))
	again := run()
	assert.Equal(t, "there", again[0].Result)
	assert.Equal(t, "written", again[3].Result, "what is missing is written again")
}

// reading is a reader of PDFs.
func reading(t *testing.T) *pdf.Reader {
	t.Helper()
	r, err := pdf.New(pdf.Config{Workers: 1})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, r.Close()) })
	return r
}

func drawn(t *testing.T, r *pdf.Reader, path string, page int) []byte {
	t.Helper()
	var pix []byte
	require.NoError(t, r.Render(t.Context(), path, []int{page}, extract.Resolution{Least: 72, Most: 72}, func(_ int, img *image.Gray, _ int) error {
		pix = bytes.Clone(img.Pix)
		return nil
	}))
	return pix
}

// checkPlaces looks for each of words in a page's text, from 0, where it stands in the
// page's picture, by shares of the page.
func checkPlaces(t *testing.T, path string, page int, words []placedText) {
	t.Helper()
	const off = 0.012 // of the longer side: 4 points of a strip
	rc := wazero.NewRuntimeConfig().WithCoreFeatures(api.CoreFeaturesV2 | experimental.CoreFeaturesExceptionHandling)
	if dir, err := os.UserCacheDir(); err == nil {
		if cache, err := wazero.NewCompilationCacheWithDir(filepath.Join(dir, "caseload", "pdfium")); err == nil {
			defer cache.Close(t.Context())
			rc = rc.WithCompilationCache(cache)
		}
	}
	pool, err := webassembly.Init(webassembly.Config{MinIdle: 1, MaxIdle: 1, MaxTotal: 1, RuntimeConfig: rc})
	require.NoError(t, err)
	defer pool.Close()
	in, err := pool.GetInstance(0)
	require.NoError(t, err)
	found, size := textPlaces(t, in, path, page)
	longer := max(size[0], size[1])
	for _, w := range words {
		scale := longer / float64(max(stripWidth, stripHeight))
		want := [4]float64{float64(w.rect.Min.X), float64(w.rect.Min.Y), float64(w.rect.Max.X), float64(w.rect.Max.Y)}
		near := func(got [4]float64) bool {
			for i := range got {
				if math.Abs(got[i]-want[i]*scale) > off*longer {
					return false
				}
			}
			return true
		}
		assert.True(t, slices.ContainsFunc(found[w.text], near), "%s page %d: %q is at %.0f of %.0f, and should be at %.0f (scale %.2f)",
			filepath.Base(path), page+1, w.text, found[w.text], size, want, scale)
	}
}

// textPlaces is where the words of a page's text are, each from its left and top to its
// right and bottom, and the page's size, in points from the upper left corner.
func textPlaces(t *testing.T, in pdfium.Pdfium, path string, page int) (map[string][][4]float64, [2]float64) {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	doc, err := in.OpenDocument(&requests.OpenDocument{File: &data})
	require.NoError(t, err)
	at := requests.Page{ByIndex: &requests.PageByIndex{Document: doc.Document, Index: page}}
	size, err := in.GetPageSize(&requests.GetPageSize{Page: at})
	require.NoError(t, err)
	text, err := in.GetPageTextStructured(&requests.GetPageTextStructured{Page: at, Mode: requests.GetPageTextStructuredModeChars})
	require.NoError(t, err)
	places := map[string][][4]float64{}
	word, box := "", [4]float64{}
	end := func() {
		if word != "" {
			places[word] = append(places[word], box)
		}
		word = ""
	}
	for _, c := range text.Chars {
		if strings.TrimSpace(c.Text) == "" {
			end()
			continue
		}
		p := c.PointPosition
		letter := [4]float64{min(p.Left, p.Right), size.Height - max(p.Top, p.Bottom), max(p.Left, p.Right), size.Height - min(p.Top, p.Bottom)}
		if word == "" {
			box = letter
		}
		word += c.Text
		box = [4]float64{min(box[0], letter[0]), min(box[1], letter[1]), max(box[2], letter[2]), max(box[3], letter[3])}
	}
	end()
	return places, [2]float64{size.Width, size.Height}
}
