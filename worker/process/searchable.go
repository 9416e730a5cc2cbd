package process

import (
	"context"
	"io"
	"os"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/pipeline"
)

// Searchable is what a searchable copy of a file came to.
type Searchable struct {
	Pages      int // of the file
	Recognised int // to which text was added
	Warnings   []document.Warning
}

// TypeNotPages is the type of the DATA error of a file that has no pages to be shown.
const TypeNotPages = "NotPages"

// HasPages says whether Searchable makes something of a file's content.
func HasPages(c *document.Content) bool {
	switch c.Format {
	case document.FormatPDF, document.FormatPNG, document.FormatJPEG, document.FormatTIFF:
		return true
	}
	return false
}

// Searchable writes a PDF or an image, of which c was extracted, as a PDF that can be
// searched to the file to: the pages that need OCR get the words that it reads, where they
// stand, and look as before. A PDF that needs none is copied as it is. Errors are those of
// OCR, and DATA "NotPages" of other formats.
func (r *Reader) Searchable(ctx context.Context, in pipeline.File, c *document.Content, o ocr.Options, to string) (Searchable, error) {
	done := Searchable{Pages: len(c.Pages)}
	file := extract.Input{Path: in.Path, Size: in.Bytes, Name: in.Name}
	switch c.Format {
	case document.FormatPNG, document.FormatJPEG, document.FormatTIFF:
		done.Recognised = done.Pages
		return done, r.ocr.ImagePDF(ctx, file, len(c.Pages), o, to)
	case document.FormatPDF:
	default:
		return done, batch.NewError(batch.Data, TypeNotPages, "a searchable PDF is made of PDFs and images only")
	}
	if !c.NeedsOCR() {
		return done, copyFile(in.Path, to)
	}
	words := make(map[int][]extract.PlacedWord)
	o.Words = func(page int, w []extract.PlacedWord) { words[page] = w }
	if err := r.ocr.Recognize(ctx, file, c, o); err != nil {
		return done, err
	}
	done.Recognised, done.Warnings = len(words), c.Warnings
	return done, r.engines.AddText(ctx, in.Path, words, to)
}

func copyFile(from, to string) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if closed := dst.Close(); err == nil {
			err = closed
		}
	}()
	_, err = io.Copy(dst, src)
	return err
}
