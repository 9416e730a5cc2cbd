// Package isolate reads documents in processes of their own. A parser that a
// document makes slow, greedy or crash is stopped by ending its process, and
// nothing else is lost: the document fails, those beside it go on.
//
// A process reads many documents, one at a time, so that an ordinary one costs
// a round trip over two pipes. It has no credentials in its environment, and
// may hold no more memory than Config.Memory where the system can say so
// (Linux).
package isolate

import (
	"context"
	"errors"
	"image"
	"os"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/extract/pdf"
)

// Setup says what a process reads with.
type Setup struct {
	PDF    pdf.Config
	Limits extract.Limits
	Images ocr.ImageLimits
	// Memory is how many bytes the process may hold; 0 for no limit.
	Memory int64
}

// Engines read documents in this process.
type Engines struct {
	extractor *extract.Extractor
	pdf       *pdf.Reader
	images    ocr.ImageLimits
}

// NewEngines builds the readers that s describes. Errors are as of pdf.New.
func NewEngines(s Setup) (*Engines, error) {
	pages, err := pdf.New(s.PDF)
	if err != nil {
		return nil, err
	}
	images := ocr.NewImageReader(s.Images)
	return &Engines{
		extractor: extract.New(s.Limits, map[document.Format]extract.Reader{
			document.FormatPDF: pages, document.FormatPNG: images, document.FormatJPEG: images, document.FormatTIFF: images,
		}),
		pdf: pages, images: s.Images,
	}, nil
}

// Extract is as of extract.Extractor.
func (e *Engines) Extract(ctx context.Context, in extract.Input) (*document.Content, error) {
	return e.extractor.Extract(ctx, in)
}

// Render is as of pdf.Reader.
func (e *Engines) Render(ctx context.Context, path string, pages []int, dpi extract.Resolution, emit func(page int, img *image.Gray, dpi int) error) error {
	return e.pdf.Render(ctx, path, pages, dpi, emit)
}

// AddText is as of pdf.Reader, into the file to, which is made.
func (e *Engines) AddText(ctx context.Context, path string, words map[int][]extract.PlacedWord, to string) error {
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(e.pdf.AddText(ctx, path, words, f), f.Close())
}

// Picture is as of ocr.Decode.
func (e *Engines) Picture(_ context.Context, path string, offset uint64) (*image.Gray, error) {
	return ocr.Decode(path, offset, e.images)
}

// Resident is 0: they have no memory apart from this process's.
func (e *Engines) Resident() int64 { return 0 }

// Close frees what the readers hold.
func (e *Engines) Close() error { return e.pdf.Close() }
