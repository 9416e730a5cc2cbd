package ocr

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"os"
	"strconv"
	"syscall"

	"golang.org/x/image/draw"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
)

const (
	maxPixels = 40_000_000 // given to tesseract; a larger image is scaled down
	maxSide   = 32_000     // pixels; tesseract takes no more than 32,767
)

// ImageLimits bounds the images that are read. A zero or negative field means
// its default.
type ImageLimits struct {
	// MaxPixels is the largest image, as width x height. Default 100 million, an
	// A1 sheet at 300 dots per inch and a half more.
	MaxPixels int64
	// MaxPages is the most pages kept of a TIFF; the rest is left out with a
	// "partial" warning. Default 10,000.
	MaxPages int
}

// WithDefaults is l with its unset fields filled in.
func (l ImageLimits) WithDefaults() ImageLimits {
	if l.MaxPixels <= 0 {
		l.MaxPixels = 100_000_000
	}
	if l.MaxPages <= 0 {
		l.MaxPages = 10_000
	}
	return l
}

// ImageReader reads PNG, JPEG and TIFF images: how many pages they have, each
// of them with NeedsOCR and no text.
type ImageReader struct{ limits ImageLimits }

var _ extract.Reader = (*ImageReader)(nil)

// NewImageReader builds an ImageReader.
func NewImageReader(limits ImageLimits) *ImageReader {
	return &ImageReader{limits: limits.WithDefaults()}
}

// Read counts an image's pages. Warnings are "damaged" (of a TIFF cut short,
// whose first pages are kept) and "partial".
//
// Errors are *batch.Error: DATA "EmptyFile", "CorruptImage" and "ImageTooLarge";
// TRANSIENT, RESOURCE or CONFIGURATION when the local file cannot be read. When
// ctx ends, its error is returned wrapped.
func (r *ImageReader) Read(ctx context.Context, in extract.Input) (*document.Content, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("read image: %w", err)
	}
	f, err := os.Open(in.Path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	var head [8]byte
	n, err := io.ReadFull(f, head[:])
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return nil, batch.NewError(batch.Data, extract.TypeEmptyFile, "the file is empty; fetch or export it again")
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return nil, fileError(err)
	}
	format := imageFormat(head[:n])
	c := &document.Content{Format: format, MediaType: "image/" + string(format)}
	frames := 1
	switch format {
	case document.FormatTIFF:
		frames, err = r.countFrames(f, c)
	case document.FormatPNG, document.FormatJPEG:
		err = checkHeader(f, format, r.limits)
	default:
		return nil, errCorrupt("it is no PNG, JPEG or TIFF")
	}
	if err != nil {
		return nil, err
	}
	for n := range frames {
		c.Pages = append(c.Pages, document.Page{Number: n + 1, Source: document.TextOCR, NeedsOCR: true})
	}
	c.Metadata = map[string]string{"page-count": strconv.Itoa(frames)}
	return c, nil
}

func (r *ImageReader) countFrames(f *os.File, c *document.Content) (int, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, fileError(err)
	}
	got, err := readFrames(io.NewSectionReader(f, 0, info.Size()), r.limits.MaxPages)
	if err != nil {
		return 0, err
	}
	for _, size := range got.sizes {
		if err := r.limits.check(size); err != nil {
			return 0, err
		}
	}
	if got.damaged {
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnDamaged,
			Message: "the file is damaged; pages may be missing"})
	}
	if got.more {
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPartial,
			Message: fmt.Sprintf("only the first %d pages are kept, the limit", r.limits.MaxPages)})
	}
	return len(got.sizes), nil
}

func imageFormat(head []byte) document.Format {
	switch {
	case bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")):
		return document.FormatPNG
	case bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return document.FormatJPEG
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("MM\x00*")),
		bytes.HasPrefix(head, []byte("II+\x00")), bytes.HasPrefix(head, []byte("MM\x00+")):
		return document.FormatTIFF
	}
	return ""
}

// checkHeader reads an image's size and leaves f at its beginning.
func checkHeader(f io.ReadSeeker, format document.Format, limits ImageLimits) error {
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fileError(err)
	}
	read := png.DecodeConfig
	if format == document.FormatJPEG {
		read = jpeg.DecodeConfig
	}
	cfg, err := read(bufio.NewReader(f))
	if err != nil {
		return decodeError(err)
	}
	if err := limits.check(image.Pt(cfg.Width, cfg.Height)); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fileError(err)
	}
	return nil
}

// check refuses sizes over the limit.
func (l ImageLimits) check(size image.Point) error {
	if size.X < 1 || size.Y < 1 {
		return errCorrupt("it has no size")
	}
	if int64(size.X) > l.MaxPixels/int64(size.Y) {
		return batch.NewError(batch.Data, "ImageTooLarge",
			"the image is over the limit of %d pixels; scale it down or raise the limit", l.MaxPixels)
	}
	return nil
}

// Decode reads a PNG or JPEG, or the frame of a TIFF whose directory is at offset, in
// shades of grey, scaled down to what tesseract takes. Errors are DATA "CorruptImage" and "ImageTooLarge", and those of the
// local file as for ImageReader.Read.
func Decode(path string, offset uint64, limits ImageLimits) (*image.Gray, error) {
	limits = limits.WithDefaults()
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(err)
	}
	defer f.Close()
	var head [8]byte
	if _, err := io.ReadFull(f, head[:]); err != nil {
		return nil, decodeError(err)
	}
	format := imageFormat(head[:])
	if format == document.FormatTIFF {
		return decodeFrame(f, offset, limits)
	}
	if err := checkHeader(f, format, limits); err != nil {
		return nil, err
	}
	decode := png.Decode
	if format == document.FormatJPEG {
		decode = jpeg.Decode
	}
	img, err := decode(bufio.NewReader(f))
	if err != nil {
		return nil, decodeError(err)
	}
	return toGray(img), nil
}

// toGray is img in shades of grey on white paper, small enough for tesseract.
func toGray(img image.Image) *image.Gray {
	size := fitSize(img.Bounds().Size())
	if size == img.Bounds().Size() {
		switch img := img.(type) {
		case *image.Gray:
			return img
		case *image.YCbCr:
			return &image.Gray{Pix: img.Y, Stride: img.YStride, Rect: img.Rect}
		}
	}
	gray := image.NewGray(image.Rectangle{Max: size})
	draw.Draw(gray, gray.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(gray, gray.Rect, img, img.Bounds(), draw.Over, nil)
	return gray
}

// fitSize is size, or as much smaller, in the same proportions, as keeps it
// within maxPixels and maxSide.
func fitSize(size image.Point) image.Point {
	divisor := 1
	for size.X/divisor > maxSide || size.Y/divisor > maxSide ||
		int64(size.X/divisor)*int64(size.Y/divisor) > maxPixels {
		divisor++
	}
	return image.Pt(max(size.X/divisor, 1), max(size.Y/divisor, 1))
}

// grayPicture copies img as a PGM file. dpi is its resolution in dots per inch,
// 0 if not known.
func grayPicture(img *image.Gray, dpi int) picture {
	size := img.Rect.Size()
	pgm := make([]byte, 0, 32+size.X*size.Y)
	pgm = fmt.Appendf(pgm, "P5\n%d %d\n255\n", size.X, size.Y)
	for y := range size.Y {
		pgm = append(pgm, img.Pix[y*img.Stride:y*img.Stride+size.X]...)
	}
	pic := picture{data: bytes.NewReader(pgm), size: size, close: func() {}}
	if dpi > 0 {
		pic.args = []string{"--dpi", strconv.Itoa(dpi)}
	}
	return pic
}

func errCorrupt(what string) *batch.Error {
	return batch.NewError(batch.Data, "CorruptImage", "the image is damaged: %s; fetch or export it again", what)
}

// decodeError tells a disk that fails from an image that is damaged.
func decodeError(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return fileError(err)
	}
	return errCorrupt("it cannot be decoded").Wrap(err)
}

// fileError classifies an error of reading the local file, whose name stays out
// of the message.
func fileError(err error) error {
	switch {
	case errors.Is(err, fs.ErrPermission):
		return batch.NewError(batch.Configuration, "FilePermission", "the local file may not be read; check the permissions of the work folder").Wrap(err)
	case errors.Is(err, fs.ErrNotExist):
		return batch.NewError(batch.Transient, "FileMissing", "the local file is gone; it is fetched again").Wrap(err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return batch.NewError(batch.Resource, "TooManyOpenFiles", "too many open files; raise the limit or lower the concurrency").Wrap(err)
	}
	return batch.NewError(batch.Transient, "FileReadFailed", "the local file could not be read").Wrap(err)
}
