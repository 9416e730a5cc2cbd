package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/image/draw"
	"golang.org/x/image/math/f64"

	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
)

// A variant is what a worse scanner makes of a page: its picture, at so many dots per
// inch, of the n-th page that it scans.
type variant struct {
	dpi  int
	scan func(img *image.Gray, n int) *image.Gray
}

var (
	skews    = []float64{0.5, -2, 5, -0.5, 2, -5} // degrees
	quarters = []float64{90, 180, 270}

	skewed        = variant{300, func(img *image.Gray, n int) *image.Gray { return tilted(img, skews[n%len(skews)]) }}
	rotated       = variant{300, func(img *image.Gray, n int) *image.Gray { return tilted(img, quarters[n%len(quarters)]) }}
	lowResolution = variant{100, func(img *image.Gray, _ int) *image.Gray { return img }}
)

// measureVariant judges OCR of the pages of measureScans and measureDrawn, as v scans
// them, by their text layers.
func measureVariant(v variant) func(ctx context.Context, dir string, add func(verdict)) error {
	return func(ctx context.Context, dir string, add func(verdict)) error {
		r, err := newScanReader()
		if err != nil {
			return err
		}
		defer r.pdf.Close()
		work, err := os.MkdirTemp("", "caseload-eval-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(work)
		pages, err := r.layered(ctx, dir)
		if err != nil {
			return err
		}
		for n, p := range pages {
			got, err := r.rescan(ctx, p, v, n, filepath.Join(work, "scan.pdf"))
			if err != nil {
				return fmt.Errorf("%s: %w", p.name(), err)
			}
			add(judgePage(swaps, p.name(), p.text, got))
		}
		return nil
	}
}

// layeredPage is a page, and its text by a layer.
type layeredPage struct {
	in   extract.Input
	page int
	text string
}

func (p layeredPage) name() string { return fmt.Sprintf("%s page %d", p.in.Name, p.page) }

// layered are the pages of measureScans and measureDrawn.
func (r *scanReader) layered(ctx context.Context, dir string) ([]layeredPage, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: %w", dir, os.ErrNotExist)
	}
	var all []layeredPage
	for _, path := range files {
		in, err := inputOf(dir, filepath.Base(path))
		if err != nil {
			return nil, err
		}
		c, err := r.pdf.Read(ctx, in)
		if err != nil {
			continue // an empty file is among them
		}
		taken := 0
		for _, p := range c.Pages {
			if !p.NeedsOCR && taken < drawnPages && letters(p.Text) >= drawnLetters {
				all = append(all, layeredPage{in, p.Number, p.Text})
				taken++
			}
		}
		if in.Name != layeredFile {
			continue
		}
		scan, err := inputOf(dir, scannedFile)
		if err != nil {
			return nil, err
		}
		for _, p := range c.Pages[:2] {
			all = append(all, layeredPage{scan, p.Number, p.Text})
		}
	}
	return all, nil
}

// rescan is the text that OCR reads of a page that v scans into the file path.
func (r *scanReader) rescan(ctx context.Context, p layeredPage, v variant, n int, path string) (string, error) {
	var scan []byte
	err := r.pdf.Render(ctx, p.in.Path, []int{p.page}, extract.Resolution{Least: v.dpi, Most: v.dpi}, func(_ int, img *image.Gray, dpi int) error {
		scan = pictureFile(v.scan(img, n), dpi)
		return nil
	})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(path, scan, 0o600); err != nil {
		return "", err
	}
	in := extract.Input{Path: path, Size: int64(len(scan))}
	c, err := r.pdf.Read(ctx, in)
	if err != nil {
		return "", err
	}
	if !c.NeedsOCR() {
		return "", errors.New("the picture of a page is not taken for one")
	}
	if err := r.ocr.Recognize(ctx, in, c, ocr.Options{}); err != nil {
		return "", err
	}
	return c.Pages[0].Text, nil
}

// tilted is img turned to the right by degrees, on white paper that holds all of it.
func tilted(img *image.Gray, degrees float64) *image.Gray {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	w, h := float64(img.Rect.Dx()), float64(img.Rect.Dy())
	width, height := math.Abs(w*cos)+math.Abs(h*sin), math.Abs(w*sin)+math.Abs(h*cos)
	out := image.NewGray(image.Rect(0, 0, int(math.Round(width)), int(math.Round(height))))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Transform(out, f64.Aff3{
		cos, -sin, width/2 - cos*w/2 + sin*h/2,
		sin, cos, height/2 - sin*w/2 - cos*h/2,
	}, img, img.Rect, draw.Src, nil)
	return out
}

// pictureFile is a PDF of one page that shows img at dpi dots per inch, and nothing
// else.
func pictureFile(img *image.Gray, dpi int) []byte {
	size := img.Rect.Size()
	var pixels bytes.Buffer
	z := zlib.NewWriter(&pixels)
	for y := range size.Y {
		_, _ = z.Write(img.Pix[y*img.Stride : y*img.Stride+size.X]) // to memory
	}
	_ = z.Close()
	w, h := float64(size.X)*72/float64(dpi), float64(size.Y)*72/float64(dpi)
	show := fmt.Sprintf("q %g 0 0 %g 0 0 cm /X Do Q", w, h)
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
		fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Contents 4 0 R /Resources << /XObject << /X 5 0 R >> >> >>", w, h),
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(show), show),
		fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "+
			"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", size.X, size.Y, pixels.Len(), pixels.String()),
	}
	var b strings.Builder
	b.WriteString("%PDF-1.4\n")
	var offsets []int
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return []byte(b.String())
}
