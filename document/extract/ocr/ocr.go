// Package ocr recognises the text of scanned pages and images with the
// tesseract program, which must be installed. Pages of a PDF are drawn by a
// Renderer, images are read here.
package ocr

import (
	"context"
	"fmt"
	"image"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
)

// Config says how text is recognised. A zero or negative field means its
// default.
type Config struct {
	// Program is tesseract's name on PATH, or its path. Default "tesseract".
	Program string
	// Languages are tesseract's codes joined by "+", such as "eng+spa".
	// Default "eng".
	Languages string
	// DPI is the least resolution that pages are drawn at, in dots per inch. Default
	// 300, which tesseract is trained for.
	DPI int
	// MaxDPI is the highest, which pictures of a higher resolution are drawn at.
	// Default 400; never less than DPI.
	MaxDPI int
	// PageTimeout is how long one page may take. Default 2 minutes.
	PageTimeout time.Duration
	// Workers is how many pages are recognised at once, over all documents.
	// Default GOMAXPROCS: each occupies one core.
	Workers int
	// Images bounds the images that are recognised.
	Images ImageLimits
	// Decode reads a PNG or JPEG, or the frame of a TIFF at an offset, within its
	// limits. Default Decode, with Images.
	Decode func(ctx context.Context, path string, offset uint64) (*image.Gray, error)
	// Memory is how many bytes tesseract may hold for one page, where the system
	// can bound that; 0 for no limit.
	Memory int64
}

// WithDefaults is c with its unset fields filled in.
func (c Config) WithDefaults() Config {
	if c.Program == "" {
		c.Program = defaultProgram
	}
	if c.Languages == "" {
		c.Languages = "eng"
	}
	if c.DPI <= 0 {
		c.DPI = 300
	}
	if c.MaxDPI <= 0 {
		c.MaxDPI = 400
	}
	c.MaxDPI = max(c.MaxDPI, c.DPI)
	if c.PageTimeout <= 0 {
		c.PageTimeout = 2 * time.Minute
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	c.Images = c.Images.WithDefaults()
	if c.Decode == nil {
		c.Decode = func(_ context.Context, path string, offset uint64) (*image.Gray, error) {
			return Decode(path, offset, c.Images)
		}
	}
	return c
}

// Renderer draws pages of a PDF, counted from 1, in the order asked for, within dpi or
// below it, and says at how many dots per inch. The image is emit's until it returns; an
// error of emit ends Render.
type Renderer interface {
	Render(ctx context.Context, path string, pages []int, dpi extract.Resolution, emit func(page int, img *image.Gray, dpi int) error) error
}

// Options say how one document is recognised.
type Options struct {
	// Languages go before Config.Languages; "" for those.
	Languages string
	// Spare lends a core for one page beside others of the document, if one is to
	// spare: the first page at a time has the document's own. Nil lends as many as
	// Config.Workers.
	Spare func() (release func(), ok bool)
	// Page, which may be nil, is called after each page with its number, never twice
	// at once.
	Page func(page int)
	// Words, which may be nil, is called before Page with the words of a page whose
	// text is now by OCR.
	Words func(page int, words []extract.PlacedWord)
}

// Engine recognises text. It is safe for concurrent use.
type Engine struct {
	cfg   Config
	pages Renderer
	slots chan struct{} // one value per page in work

	mu    sync.Mutex // guards found
	found *installation
}

// New builds an Engine; pages draws the pages of PDFs.
func New(cfg Config, pages Renderer) *Engine {
	cfg = cfg.WithDefaults()
	return &Engine{cfg: cfg, pages: pages, slots: make(chan struct{}, cfg.Workers)}
}

// Recognize fills in the pages of c that need OCR: text, source and confidence. c is what
// was read from in. A page may have text of its own: a court's stamp is kept where OCR does
// not find it, and a text that was in doubt is kept if it is better than what OCR reads.
// Line numbers are left out, and as of a text layer running heads and feet, page numbers
// and repeated stamps, which the metadata then tells ("running-heads", "filing-stamps").
//
// A page that cannot be recognised, or not in its time, keeps the text that it has, and
// there is a "partial" warning; if nothing of the document was read, that is an error.
// Pages done before an error keep their text, so calling Recognize again goes on with the
// others.
//
// Errors are *batch.Error: those of Available; DATA "OCRTimeout", "OCRFailed",
// "CorruptImage" and "ImageTooLarge"; RESOURCE when tesseract cannot be started
// or is killed; and the Renderer's own. When ctx ends, its error is returned
// wrapped.
func (e *Engine) Recognize(ctx context.Context, in extract.Input, c *document.Content, o Options) error {
	r := reading{Engine: e, Options: o, in: in, content: c, waiting: make(map[int]*document.Page), seen: make(map[int]seenPage)}
	var numbers []int
	for i := range c.Pages {
		if p := &c.Pages[i]; p.NeedsOCR {
			r.waiting[p.Number] = p
			numbers = append(numbers, p.Number)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	var err error
	if r.setup, err = e.prepare(ctx, o.Languages); err != nil {
		return err
	}
	group, gctx := errgroup.WithContext(ctx)
	r.group = group
	drawErr := r.draw(gctx, numbers)
	// A page that failed ends the drawing; its error says more.
	err = group.Wait()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("recognise text: %w", ctx.Err())
	case err != nil:
		return err
	case drawErr != nil:
		return drawErr
	}
	return r.settle()
}
