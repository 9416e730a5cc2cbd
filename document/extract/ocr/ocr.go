// Package ocr recognises the text of scanned pages and images with the
// tesseract program, which must be installed. Pages of a PDF are drawn by a
// Renderer, images are read here.
package ocr

import (
	"context"
	"fmt"
	"image"
	"os"
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
	// DPI is the resolution pages are drawn at, in dots per inch. Default 300,
	// which tesseract is trained for.
	DPI int
	// PageTimeout is how long one page may take. Default 2 minutes.
	PageTimeout time.Duration
	// Workers is how many pages are recognised at once, over all documents.
	// Default GOMAXPROCS: each occupies one core.
	Workers int
	// Images bounds the images that are recognised.
	Images ImageLimits
	// Decode reads a PNG or JPEG, within its limits. Default Decode, with Images.
	Decode func(ctx context.Context, path string) (*image.Gray, error)
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
	if c.PageTimeout <= 0 {
		c.PageTimeout = 2 * time.Minute
	}
	if c.Workers <= 0 {
		c.Workers = runtime.GOMAXPROCS(0)
	}
	c.Images = c.Images.WithDefaults()
	if c.Decode == nil {
		c.Decode = func(_ context.Context, path string) (*image.Gray, error) { return Decode(path, c.Images) }
	}
	return c
}

// Renderer draws pages of a PDF, counted from 1, in the order asked for, at dpi
// dots per inch or less. The image is emit's until it returns; an error of emit
// ends Render.
type Renderer interface {
	Render(ctx context.Context, path string, pages []int, dpi int, emit func(page int, img *image.Gray) error) error
}

// Engine recognises text. It is safe for concurrent use.
type Engine struct {
	cfg   Config
	pages Renderer
	slots chan struct{} // one value per page in work

	mu    sync.Mutex // guards setup
	setup *setup
}

// New builds an Engine; pages draws the pages of PDFs.
func New(cfg Config, pages Renderer) *Engine {
	cfg = cfg.WithDefaults()
	return &Engine{cfg: cfg, pages: pages, slots: make(chan struct{}, cfg.Workers)}
}

// Recognize fills in the pages of c that need OCR: text, source and confidence.
// c is what was read from in. Text that such a page already has, a court's
// stamp, is kept where OCR does not find it. progress, which may be nil, is called after each
// page with its number, never twice at once. Pages done before an error keep
// their text, so calling Recognize again goes on with the others.
//
// Errors are *batch.Error: those of Available; DATA "OCRTimeout", "OCRFailed",
// "CorruptImage" and "ImageTooLarge"; RESOURCE when tesseract cannot be started
// or is killed; and the Renderer's own. When ctx ends, its error is returned
// wrapped.
func (e *Engine) Recognize(ctx context.Context, in extract.Input, c *document.Content, progress func(page int)) error {
	waiting := make(map[int]*document.Page)
	var numbers []int
	for i := range c.Pages {
		if p := &c.Pages[i]; p.NeedsOCR {
			waiting[p.Number] = p
			numbers = append(numbers, p.Number)
		}
	}
	if len(numbers) == 0 {
		return nil
	}
	ready, err := e.prepare(ctx)
	if err != nil {
		return err
	}

	group, gctx := errgroup.WithContext(ctx)
	var mu sync.Mutex
	start := func(page int, open func() (picture, error)) error {
		if err := e.acquire(gctx); err != nil {
			return err
		}
		pic, err := open()
		if err != nil {
			<-e.slots
			return err
		}
		group.Go(func() error {
			defer func() { <-e.slots }()
			defer pic.close()
			got, err := e.recognize(gctx, ready, page, pic)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			p := waiting[page]
			p.Text, p.Confidence = keepStamp(p.Text, extract.Normalize(got.text)), got.confidence
			p.Source, p.NeedsOCR = document.TextOCR, false
			if progress != nil {
				progress(page)
			}
			return nil
		})
		return nil
	}
	drawErr := e.draw(gctx, in, c.Format, numbers, start)
	// A page that failed ends the drawing; its error says more.
	err = group.Wait()
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("recognise text: %w", ctx.Err())
	case err != nil:
		return err
	}
	return drawErr
}

// draw hands each page's picture to start, which blocks while all workers are
// busy.
func (e *Engine) draw(ctx context.Context, in extract.Input, format document.Format, pages []int,
	start func(page int, open func() (picture, error)) error) error {
	switch format {
	case document.FormatPNG, document.FormatJPEG:
		return start(pages[0], func() (picture, error) {
			img, err := e.cfg.Decode(ctx, in.Path)
			if err != nil {
				return picture{}, err
			}
			return grayPicture(img, 0), nil
		})
	case document.FormatTIFF:
		for _, n := range pages {
			if err := start(n, func() (picture, error) { return framePicture(in.Path, n-1) }); err != nil {
				return err
			}
		}
		return nil
	}
	return e.pages.Render(ctx, in.Path, pages, e.cfg.DPI, func(page int, img *image.Gray) error {
		return start(page, func() (picture, error) { return grayPicture(img, e.cfg.DPI), nil })
	})
}

func (e *Engine) acquire(ctx context.Context) error {
	select {
	case e.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("recognise text: %w", ctx.Err())
	}
}

// framePicture is one frame of a TIFF, from 0, which tesseract picks out itself.
func framePicture(path string, frame int) (picture, error) {
	f, err := os.Open(path)
	if err != nil {
		return picture{}, fileError(err)
	}
	return picture{data: f, close: func() { f.Close() },
		args: []string{"-c", fmt.Sprintf("tessedit_page_number=%d", frame)}}, nil
}
