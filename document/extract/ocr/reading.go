package ocr

import (
	"context"
	"fmt"
	"image"
	"io"
	"os"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
)

// reading is the recognition of one document.
type reading struct {
	*Engine
	Options
	in      extract.Input
	content *document.Content
	setup   *setup
	group   *errgroup.Group
	own     chan struct{} // one value while a page has the document's own core

	mu       sync.Mutex // guards what follows, and content
	waiting  map[int]*document.Page
	seen     map[int]seenPage // those whose text is by OCR
	done     int              // pages that were recognised
	failed   error            // of the first page that was not
	warnings []document.Warning
}

// sight is a page's picture, and its resolution in dots per inch, 0 if not known.
type sight struct {
	img *image.Gray
	dpi int
	raw *picture // in place of img, one that only tesseract reads
}

// draw hands each page's picture to start.
func (r *reading) draw(ctx context.Context, pages []int) error {
	r.own = make(chan struct{}, 1)
	switch r.content.Format {
	case document.FormatPNG, document.FormatJPEG:
		return r.start(ctx, pages[0], func(ctx context.Context) (sight, error) {
			img, err := r.cfg.Decode(ctx, r.in.Path, 0)
			return sight{img: img}, err
		})
	case document.FormatTIFF:
		return r.drawFrames(ctx, pages)
	}
	return r.drawPages(ctx, pages)
}

// maxUndrawn is how many pages in a row may fail to be drawn until the file is given
// up: it is opened anew after each.
const maxUndrawn = 3

// drawPages draws the pages of a PDF. One that cannot be drawn is left out.
func (r *reading) drawPages(ctx context.Context, pages []int) error {
	undrawn := 0
	for len(pages) > 0 {
		left := pages
		dpi := extract.Resolution{Least: r.cfg.DPI, Most: r.cfg.MaxDPI}
		err := r.pages.Render(ctx, r.in.Path, pages, dpi, func(page int, img *image.Gray, dpi int) error {
			left, undrawn = left[1:], 0
			return r.start(ctx, page, func(context.Context) (sight, error) {
				// The image is the renderer's again once start returns.
				return sight{img: &image.Gray{Pix: slices.Clone(img.Pix), Stride: img.Stride, Rect: img.Rect}, dpi: dpi}, nil
			})
		})
		if err == nil || !ofThePage(err) || ctx.Err() != nil || len(left) == 0 {
			return err
		}
		if undrawn++; undrawn == maxUndrawn {
			for _, page := range left {
				r.leaveOut(page, err)
			}
			return nil
		}
		r.leaveOut(left[0], err)
		pages = left[1:]
	}
	return nil
}

// drawFrames decodes the frames of a TIFF. What cannot be decoded here is left to
// tesseract, which picks the frame out itself.
func (r *reading) drawFrames(ctx context.Context, pages []int) error {
	f, err := os.Open(r.in.Path)
	if err != nil {
		return fileError(err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return fileError(err)
	}
	got, err := readFrames(io.NewSectionReader(f, 0, info.Size()), r.cfg.Images.MaxPages)
	f.Close()
	if err != nil {
		return err
	}
	for _, n := range pages {
		if n > len(got.sizes) {
			r.leaveOut(n, errCorrupt("it has no such page"))
			continue
		}
		err := r.start(ctx, n, func(ctx context.Context) (sight, error) {
			img, err := r.cfg.Decode(ctx, r.in.Path, got.offsets[n-1])
			if err == nil {
				return sight{img: img}, nil
			}
			if e, ok := batch.AsError(err); !ok || e.Type != "CorruptImage" {
				return sight{}, err
			}
			pic, err := framePicture(r.in.Path, n-1, got.sizes[n-1])
			return sight{raw: &pic}, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// start waits for a core, looks at a page by open, and recognises it beside others.
func (r *reading) start(ctx context.Context, page int, open func(context.Context) (sight, error)) error {
	release, err := r.acquire(ctx)
	if err != nil {
		return err
	}
	seen, err := open(ctx)
	if err != nil {
		release()
		return r.orLeaveOut(ctx, page, err)
	}
	r.group.Go(func() error {
		defer release()
		got, err := r.read(ctx, r.setup, page, seen)
		if err != nil {
			return r.orLeaveOut(ctx, page, err)
		}
		r.fill(page, got)
		return nil
	})
	return nil
}

// lookForSpare is how often a page that waits looks for a core to spare.
const lookForSpare = 100 * time.Millisecond

// acquire waits for a core that a page may have: the document's own, or one to spare.
func (r *reading) acquire(ctx context.Context) (release func(), err error) {
	free, err := r.core(ctx)
	if err != nil {
		return nil, err
	}
	select {
	case r.slots <- struct{}{}:
		return func() { <-r.slots; free() }, nil
	case <-ctx.Done():
		free()
		return nil, fmt.Errorf("recognise text: %w", ctx.Err())
	}
}

func (r *reading) core(ctx context.Context) (release func(), err error) {
	if r.Spare == nil {
		return func() {}, nil
	}
	tick := time.NewTicker(lookForSpare)
	defer tick.Stop()
	for {
		select {
		case r.own <- struct{}{}:
			return func() { <-r.own }, nil
		default:
		}
		if release, ok := r.Spare(); ok {
			return release, nil
		}
		select {
		case r.own <- struct{}{}:
			return func() { <-r.own }, nil
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("recognise text: %w", ctx.Err())
		}
	}
}

// fill puts what was recognised into a page.
func (r *reading) fill(page int, got result) {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.waiting[page]
	text := extract.Normalize(got.text)
	p.NeedsOCR = false
	r.done++
	if keepsLayer(p.Text, text) {
		p.Source = document.TextLayer
	} else {
		r.seen[page] = seenPage{p.Text, got.lines, got.page}
		p.Text, p.Confidence, p.Source = besides(p.Text, text), got.confidence, document.TextOCR
		if r.Words != nil {
			r.Words(page, got.words)
		}
	}
	if r.Page != nil {
		r.Page(page)
	}
}

// ofThePage says whether an error is of the page, and not of the worker or of the
// document as a whole.
func ofThePage(err error) bool {
	e, ok := batch.AsError(err)
	return ok && e.Category == batch.Data
}

// orLeaveOut leaves a page out whose error is its own, and returns other errors.
func (r *reading) orLeaveOut(ctx context.Context, page int, err error) error {
	if ctx.Err() != nil || !ofThePage(err) {
		return err
	}
	r.leaveOut(page, err)
	return nil
}

func (r *reading) leaveOut(page int, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waiting[page].NeedsOCR = false
	if r.failed == nil {
		r.failed = err
	}
	message := "the page was not recognised"
	if e, ok := batch.AsError(err); ok {
		message = e.Message
	}
	r.warnings = append(r.warnings, document.Warning{Code: document.WarnPartial, Page: page, Message: message})
	if r.Page != nil {
		r.Page(page)
	}
}

// settle leaves out what is printed around the text, and adds the warnings to the
// content, or says that nothing was read.
func (r *reading) settle() error {
	hasText := func(p document.Page) bool { return p.Text != "" }
	if r.failed != nil && r.done == 0 && !slices.ContainsFunc(r.content.Pages, hasText) {
		for _, w := range r.warnings {
			r.waiting[w.Page].NeedsOCR = true
		}
		return r.failed
	}
	r.leaveOutAround()
	slices.SortFunc(r.warnings, func(a, b document.Warning) int { return a.Page - b.Page })
	r.content.Warnings = append(r.content.Warnings, r.warnings...)
	return nil
}

// framePicture is one frame of a TIFF, from 0, which tesseract picks out itself.
func framePicture(path string, frame int, size image.Point) (picture, error) {
	f, err := os.Open(path)
	if err != nil {
		return picture{}, fileError(err)
	}
	return picture{data: f, size: size, close: func() { f.Close() },
		args: []string{"-c", fmt.Sprintf("tessedit_page_number=%d", frame)}}, nil
}
