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
		files, err := r.layered(ctx, dir)
		if err != nil {
			return err
		}
		n := 0
		for _, f := range files {
			got, err := r.rescan(ctx, f, v, n, filepath.Join(work, "scan.pdf"))
			if err != nil {
				return fmt.Errorf("%s: %w", f.in.Name, err)
			}
			for i, text := range f.pages {
				if letters(text) >= drawnLetters {
					add(judgePage(swaps, fmt.Sprintf("%s page %d", f.in.Name, i+1), text, got[i]))
				}
			}
			n += len(f.pages)
		}
		return nil
	}
}

// layered is a file, and the text of its pages by a layer.
type layered struct {
	in    extract.Input
	pages []string
}

// layered are the files of measureScans and measureDrawn.
func (r *scanReader) layered(ctx context.Context, dir string) ([]layered, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.pdf"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("%s: %w", dir, os.ErrNotExist)
	}
	var all []layered
	for _, path := range files {
		in, err := inputOf(dir, filepath.Base(path))
		if err != nil {
			return nil, err
		}
		c, err := r.pdf.Read(ctx, in)
		if err != nil || c.NeedsOCR() {
			continue // an empty file is among them
		}
		f := layered{in: in}
		for _, p := range c.Pages {
			f.pages = append(f.pages, p.Text)
		}
		all = append(all, f)
		if in.Name == layeredFile {
			if f.in, err = inputOf(dir, scannedFile); err != nil {
				return nil, err
			}
			all = append(all, f)
		}
	}
	return all, nil
}

// rescan is the text that OCR reads of the pages of f, which v scans into the file path
// as the n-th page that it scans and those after it.
func (r *scanReader) rescan(ctx context.Context, f layered, v variant, n int, path string) ([]string, error) {
	var pages []int
	for i := range f.pages {
		pages = append(pages, i+1)
	}
	var scans []picture
	err := r.pdf.Render(ctx, f.in.Path, pages, extract.Resolution{Least: v.dpi, Most: v.dpi}, func(page int, img *image.Gray, dpi int) error {
		scans = append(scans, picture{v.scan(&image.Gray{Pix: bytes.Clone(img.Pix), Stride: img.Stride, Rect: img.Rect}, n+page-1), dpi})
		return nil
	})
	if err != nil {
		return nil, err
	}
	scan := pictureFile(scans)
	if err := os.WriteFile(path, scan, 0o600); err != nil {
		return nil, err
	}
	in := extract.Input{Path: path, Size: int64(len(scan))}
	c, err := r.pdf.Read(ctx, in)
	if err != nil {
		return nil, err
	}
	for _, p := range c.Pages {
		if !p.NeedsOCR {
			return nil, errors.New("the picture of a page is not taken for one")
		}
	}
	if err := r.ocr.Recognize(ctx, in, c, ocr.Options{}); err != nil {
		return nil, err
	}
	texts := make([]string, len(c.Pages))
	for i, p := range c.Pages {
		texts[i] = p.Text
	}
	return texts, nil
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

// picture is a page's, at dpi dots per inch.
type picture struct {
	img *image.Gray
	dpi int
}

// pictureFile is a PDF whose pages show pictures, and nothing else.
func pictureFile(pages []picture) []byte {
	const before = 2 // objects, before those of the pages
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", ""}
	var kids []string
	for i, p := range pages {
		size := p.img.Rect.Size()
		var pixels bytes.Buffer
		z := zlib.NewWriter(&pixels)
		for y := range size.Y {
			_, _ = z.Write(p.img.Pix[y*p.img.Stride : y*p.img.Stride+size.X]) // to memory
		}
		_ = z.Close()
		w, h := float64(size.X)*72/float64(p.dpi), float64(size.Y)*72/float64(p.dpi)
		show := fmt.Sprintf("q %g 0 0 %g 0 0 cm /X Do Q", w, h)
		first := before + 3*i + 1
		kids = append(kids, fmt.Sprintf("%d 0 R", first))
		objects = append(objects,
			fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %g %g] /Contents %d 0 R /Resources << /XObject << /X %d 0 R >> >> >>", w, h, first+1, first+2),
			fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(show), show),
			fmt.Sprintf("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 "+
				"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", size.X, size.Y, pixels.Len(), pixels.String()))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
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
