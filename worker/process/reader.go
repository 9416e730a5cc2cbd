package process

import (
	"log/slog"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/ocr"
	"github.com/caseload/caseload/document/extract/pdf"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/document/source"
)

// Reader is the document pipeline with the engines it runs on.
type Reader struct {
	Pipeline *pipeline.Pipeline
	pdf      *pdf.Reader
}

// NewReader builds the pipeline that cfg describes.
func NewReader(cfg *config.Config, log *slog.Logger) (*Reader, error) {
	pages, err := pdf.New(pdf.Config{CacheDir: cfg.PDF.CacheDir, Workers: concurrency(cfg), MaxPages: cfg.PDF.MaxPages})
	if err != nil {
		return nil, err
	}
	engine := ocr.New(ocr.Config{
		Program: cfg.OCR.Program, Languages: cfg.OCR.Languages, DPI: cfg.OCR.DPI, PageTimeout: cfg.OCR.PageTimeout,
		Workers: concurrency(cfg),
	}, pages)
	images := ocr.NewImageReader(ocr.ImageLimits{})
	x := extract.New(extract.Limits{}, map[document.Format]extract.Reader{
		document.FormatPDF: pages, document.FormatPNG: images, document.FormatJPEG: images, document.FormatTIFF: images,
	})
	return &Reader{Pipeline: pipeline.New(x, engine, log).Classifying(NewClassifier(cfg)), pdf: pages}, nil
}

// NewClassifier sorts errors as cfg says.
func NewClassifier(cfg *config.Config) *classify.Classifier {
	return classify.New(cfg.Errors.Patterns, cfg.Errors.Overrides)
}

// Close gives up the engines.
func (r *Reader) Close() error { return r.pdf.Close() }

// NewSource builds the source of documents that cfg describes.
func NewSource(cfg *config.Config) *source.Source {
	return source.New(source.Config{
		MaxBytes: int64(cfg.Sources.MaxBytes), Roots: cfg.Sources.Roots, AllowHTTP: cfg.Sources.HTTP,
		HTTPTimeout: cfg.Sources.HTTPTimeout, Endpoints: cfg.Sources.Endpoints, AllowPrivate: cfg.Sources.Private,
	})
}
