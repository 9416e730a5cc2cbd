package process

import (
	"context"
	"fmt"
	"image"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/isolate"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/extract/pdf"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/source"
)

// Reader is the document pipeline with the engines it runs on.
type Reader struct {
	Pipeline *pipeline.Pipeline
	engines  engines
	ocr      *ocr.Engine
}

// engines read documents: in this process, or in processes of their own.
type engines interface {
	pipeline.Extractor
	ocr.Renderer
	Picture(ctx context.Context, path string, offset uint64) (*image.Gray, error)
	AddText(ctx context.Context, path string, words map[int][]extract.PlacedWord, to string) error
	Resident() int64
	Close() error
}

// readerCommand is the argument by which a program reads documents for another.
const readerCommand = "read-documents"

// isolated says that Isolate was called: this program can read documents in
// processes of their own.
var isolated bool

// Isolate makes documents be read in processes of their own, which are this
// program again. A program calls it before anything else; in such a process it
// does not return.
func Isolate() {
	if len(os.Args) != 2 || os.Args[1] != readerCommand {
		isolated = true
		return
	}
	err := isolate.Serve(os.Stdin, os.Stdout)
	fmt.Fprintln(os.Stderr, "read documents:", err)
	os.Exit(1)
}

// pageTimeout bounds drawing a page, and decoding an image.
const pageTimeout = time.Minute

// keepBelow is the memory from which on a process that has read a document is
// not kept for the next, in bytes: what it holds is only given back by its end.
const keepBelow = 256 << 20

// readerSetup is what documents are read with.
func readerSetup(cfg *config.Config) isolate.Setup {
	l := cfg.Limits
	return isolate.Setup{
		PDF: pdf.Config{
			CacheDir: cfg.PDF.CacheDir, Workers: concurrency(cfg), MaxPages: cfg.PDF.MaxPages, MaxTextBytes: int(l.Text),
			MaxMemory: min(512<<20, max(int64(l.Memory)/2, 64<<20)), PageTimeout: pageTimeout,
		},
		Limits: extract.Limits{
			MaxTextBytes: int64(l.Text), MaxPages: l.Pages, MaxDepth: l.Depth,
			MaxPartBytes: int64(l.AttachmentBytes), MaxParts: l.Attachments, MaxContainerBytes: int64(l.Unpacked),
		},
		Images: ocr.ImageLimits{MaxPixels: int64(l.Pixels), MaxPages: l.Pages},
	}
}

// NewReader builds the pipeline that cfg describes.
func NewReader(cfg *config.Config, log *slog.Logger) (*Reader, error) {
	setup := readerSetup(cfg)
	read, err := newEngines(cfg, setup, log)
	if err != nil {
		return nil, err
	}
	engine := ocr.New(ocr.Config{
		Program: cfg.OCR.Program, Languages: cfg.OCR.Languages, DPI: cfg.OCR.DPI, MaxDPI: cfg.OCR.MaxDPI, PageTimeout: cfg.OCR.PageTimeout,
		Workers: concurrency(cfg), Images: setup.Images, Decode: read.Picture, Memory: int64(cfg.Limits.Memory),
	}, read)
	limits := pipeline.Limits{
		Time: cfg.Limits.Time, OCRTime: cfg.Limits.OCRTime, Mentions: cfg.Limits.Mentions, Attachments: cfg.Limits.Attachments, Depth: cfg.Limits.AttachmentDepth,
		Unpacked: 4 * int64(cfg.Limits.Unpacked),
	}
	return &Reader{Pipeline: pipeline.New(read, engine, log).Within(limits).Classifying(NewClassifier(cfg)), engines: read, ocr: engine}, nil
}

// NewClassifier sorts errors as cfg says.
func NewClassifier(cfg *config.Config) *classify.Classifier {
	return classify.New(cfg.Errors.Patterns, cfg.Errors.Overrides)
}

func newEngines(cfg *config.Config, setup isolate.Setup, log *slog.Logger) (engines, error) {
	// Bad settings are told at once, not by the first document.
	local, err := isolate.NewEngines(setup)
	if err != nil || !isolated {
		return local, err
	}
	if err := local.Close(); err != nil {
		return nil, err
	}
	setup.PDF.Expendable, setup.PDF.Workers, setup.Memory = true, 1, int64(cfg.Limits.Memory)
	return isolate.NewPool(isolate.Config{
		Setup: setup, Args: []string{readerCommand}, Env: readerEnv(), Idle: concurrency(cfg),
		PageTimeout: pageTimeout, KeepBelow: keepBelow, Log: log,
	}), nil
}

// readerEnv is the part of the environment that reading a document needs: no
// credentials.
func readerEnv() []string {
	var env []string
	for _, v := range os.Environ() {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "PATH", "HOME", "XDG_CACHE_HOME", "TMPDIR", "LANG", "LC_ALL", "TZ", "GOMAXPROCS", "GOTRACEBACK":
			env = append(env, v)
		}
	}
	return env
}

// Resident is the memory that the processes hold that read documents, in bytes:
// shared memory counts in each. It is 0 where the system does not tell, and
// leaves Tesseract out.
func (r *Reader) Resident() int64 { return r.engines.Resident() }

// Close gives up the engines.
func (r *Reader) Close() error { return r.engines.Close() }

// NewSource builds the source of documents that cfg describes.
func NewSource(cfg *config.Config) *source.Source {
	return source.New(source.Config{
		MaxBytes: int64(cfg.Sources.MaxBytes), Roots: cfg.Sources.Roots, AllowHTTP: cfg.Sources.HTTP,
		HTTPTimeout: cfg.Sources.HTTPTimeout, Endpoints: cfg.Sources.Endpoints, AllowPrivate: cfg.Sources.Private,
	})
}
