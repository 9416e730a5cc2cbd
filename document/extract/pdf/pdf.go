// Package pdf reads PDF files, and draws their pages for OCR, with PDFium in
// WebAssembly. A file is handled by an instance of its own with a bounded
// memory and no access to the file system, thrown away after the file, so what a
// hostile file does to PDFium ends there.
//
// Text is read by code that cannot be interrupted within a page, because the
// checks that allow it make reading two to three times slower (570 against 200
// pages a second of PDFium alone on a court opinion). What a page can cost is
// bounded by the memory: a file made to be slow runs out of it in seconds. Until
// then it holds up the garbage collector, and so the whole process. Drawing,
// which is where slow pages are, can be interrupted and is timed;
// Config.Interruptible makes reading so as well.
package pdf

import (
	"context"
	"errors"
	"runtime"
	"time"

	"github.com/tetratelabs/wazero"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
)

// Config says where PDFium is kept and what a file may cost. A zero or negative
// field means its default.
type Config struct {
	// CacheDir is where the compiled PDFium is kept between runs (about 40 MB);
	// without it each start takes seconds more. It must be writable by nobody
	// else: what it holds is executed. Default: caseload/pdfium in the user's
	// cache directory; where that cannot be written, nothing is kept.
	CacheDir string
	// Workers is how many files are read at once, and how many drawn at once.
	// Default GOMAXPROCS.
	Workers int
	// MaxPages is the most pages read of a file; the rest is left out with a
	// "partial" warning. Default 10,000.
	MaxPages int
	// MaxTextBytes is the most text, in bytes of UTF-8, read of a file; the
	// pages after it are left out with a "partial" warning. Default 64 MiB.
	MaxTextBytes int
	// MaxMemory is how many bytes PDFium may use for one file, 64 MiB to 4 GiB.
	// Default 512 MiB.
	MaxMemory int64
	// MaxPixels is the largest image a page is drawn to; a page that would be
	// larger is drawn at a lower resolution. Default 40 million.
	MaxPixels int
	// PageTimeout is how long drawing one page may take; with Interruptible,
	// reading one as well. Default 1 minute.
	PageTimeout time.Duration
	// Interruptible makes a file's reading stop, even within a page, when its
	// context ends or PageTimeout is over. See the package comment for its cost.
	Interruptible bool
	// Expendable says that this process is ended when a file takes too long. Then
	// nothing is interruptible, not even drawing, which is faster, and one engine
	// does for both.
	Expendable bool
}

// Limits of Config.MaxMemory, in bytes.
const (
	minMemory = 64 << 20
	maxMemory = 4 << 30
)

// WithDefaults is c with its unset fields filled in.
func (c Config) WithDefaults() Config {
	fill(&c.Workers, runtime.GOMAXPROCS(0))
	fill(&c.MaxPages, 10_000)
	fill(&c.MaxTextBytes, 64<<20)
	fill(&c.MaxMemory, 512<<20)
	fill(&c.MaxPixels, 40_000_000)
	fill(&c.PageTimeout, time.Minute)
	return c
}

func (c Config) validate() error {
	if c.MaxMemory < minMemory || c.MaxMemory > maxMemory {
		return batch.NewError(batch.Configuration, "BadSetting",
			"the memory for a PDF is %d bytes; set it between %d and %d", c.MaxMemory, int64(minMemory), int64(maxMemory))
	}
	return nil
}

func fill[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// Reader reads PDF files. It is safe for concurrent use.
type Reader struct {
	cfg   Config
	cache wazero.CompilationCache // nil when nothing is kept on disk
	read  *engine
	draw  *engine
}

var _ extract.Reader = (*Reader)(nil)

// New builds a Reader. PDFium starts with the first file that needs it.
//
// An error is a *batch.Error of category CONFIGURATION: a setting is out of its
// range, or the CacheDir that was asked for cannot be used.
func New(cfg Config) (*Reader, error) {
	cfg = cfg.WithDefaults()
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	cache, err := openCache(cfg.CacheDir)
	if err != nil {
		return nil, err
	}
	r := &Reader{cfg: cfg, cache: cache}
	if cfg.Expendable {
		r.read = newEngine(cfg, cache, false)
		r.draw = r.read
		return r, nil
	}
	r.read, r.draw = newEngine(cfg, cache, cfg.Interruptible), newEngine(cfg, cache, true)
	return r, nil
}

// Close frees PDFium after the files in work are done. The Reader cannot be
// used afterwards.
func (r *Reader) Close() error {
	err := r.read.close()
	if r.draw != r.read {
		err = errors.Join(err, r.draw.close())
	}
	if r.cache != nil {
		err = errors.Join(err, r.cache.Close(context.Background()))
	}
	return err
}

// Read reads a file's text page by page, and its metadata: title, author,
// subject, keywords, creator, producer, created and modified (RFC 3339),
// page-count, and page-labels where pages are called otherwise than by their
// number. A page whose text is only in its pictures has NeedsOCR.
//
// Warnings are "damaged" (a repaired file may lack pages), "page-unreadable",
// "leaking-redaction" (a black box that was drawn over text) and "partial".
//
// Errors are *batch.Error: DATA "EmptyFile", "EncryptedPDF", "CorruptPDF",
// "NoPages", "TooLarge", "MemoryLimit" (a page that was read while PDFium did
// without memory that it asked for counts as such) and, with Config.Interruptible, "PDFTimeout"; TRANSIENT,
// RESOURCE or CONFIGURATION when the local file cannot be read or PDFium cannot
// be started. When ctx ends, its error is returned wrapped.
func (r *Reader) Read(ctx context.Context, in extract.Input) (*document.Content, error) {
	s, err := r.open(ctx, r.read, in.Path)
	if err != nil {
		return nil, err
	}
	defer s.close()

	c := &document.Content{Format: document.FormatPDF, MediaType: "application/pdf"}
	if err := s.guard(ctx, func() (err error) {
		if c.Metadata, err = s.metadata(); err != nil {
			return err
		}
		labels, err := s.pageLabels()
		if labels != "" {
			c.Metadata["page-labels"] = labels
		}
		return err
	}); err != nil {
		return nil, err
	}
	if s.damaged {
		c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnDamaged,
			Message: "the file is damaged and was repaired; pages may be missing"})
	}
	if err := r.readPages(ctx, s, c); err != nil {
		return nil, err
	}
	return c, nil
}

// readPages fills c with the file's pages.
func (r *Reader) readPages(ctx context.Context, s *session, c *document.Content) error {
	unreadable, bytes := 0, 0
	a := assembly{}
	for n := 1; n <= s.pages; n++ {
		if n > r.cfg.MaxPages || bytes > r.cfg.MaxTextBytes {
			c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPartial,
				Message: partialMessage(n-1, s.pages)})
			break
		}
		var page pageRead
		err := s.guard(ctx, func() (err error) {
			page, err = s.readPage(n)
			return err
		})
		if errors.Is(err, errNoPage) {
			unreadable++
			c.Warnings = append(c.Warnings, document.Warning{Code: document.WarnPageUnreadable, Page: n,
				Message: "the page is damaged and could not be read"})
		} else if err != nil {
			return err
		}
		bytes += a.add(page)
	}
	a.finish(c)
	if s.fields != "" {
		c.Metadata["form-fields"] = s.fields
	}
	c.Warnings = append(c.Warnings, leakWarnings(s.leaking)...)
	if unreadable == len(c.Pages) {
		return errCorrupt("none of its pages can be read")
	}
	return nil
}
