package pdf

import (
	"context"
	"errors"
	"fmt"

	"github.com/klippa-app/go-pdfium"
	pdfiumerrors "github.com/klippa-app/go-pdfium/errors"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/caseload/caseload/batch"
)

// session is one file open in an instance of its own.
type session struct {
	engine  *engine
	pdfium  pdfium.Pdfium
	memory  *memory // nil on an interruptible engine
	source  *source
	doc     references.FPDF_DOCUMENT
	pages   int
	leaking []leak                      // on the pages that were read
	form    *references.FPDF_FORMHANDLE // nil as long as no field was met
	fields  string                      // of the form, as metadata

	noteBytes int  // of the annotations that were read
	damaged   bool // PDFium had to rebuild the list of the file's objects
	killed    bool // the instance is gone
	broken    bool // the instance crashed
}

// open opens a file in a new instance of e.
func (r *Reader) open(ctx context.Context, e *engine, path string) (*session, error) {
	src, err := openSource(ctx, path)
	if err != nil {
		return nil, err
	}
	in, memory, err := e.acquire(ctx)
	if err != nil {
		src.close()
		return nil, err
	}
	s := &session{engine: e, pdfium: in, memory: memory, source: src}
	if err := s.guard(ctx, s.load); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// load opens the file from its first byte, as most are, and from its header
// when PDFium finds nothing it knows.
func (s *session) load() error {
	err := s.loadFrom(0)
	if s.source.header > 0 && (errors.Is(err, pdfiumerrors.ErrFormat) || errors.Is(err, pdfiumerrors.ErrFile)) {
		err = s.loadFrom(s.source.header)
	}
	if err != nil {
		if trapped(err) {
			return err
		}
		return openError(err)
	}
	count, err := s.pdfium.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: s.doc})
	if err != nil {
		return err
	}
	if s.pages = count.PageCount; s.pages <= 0 {
		return batch.NewError(batch.Data, TypeNoPages, "the PDF has no pages; fetch or export it again")
	}
	table, err := s.pdfium.FPDF_DocumentHasValidCrossReferenceTable(
		&requests.FPDF_DocumentHasValidCrossReferenceTable{Document: s.doc})
	if err != nil {
		return err
	}
	s.damaged = !table.DocumentHasValidCrossReferenceTable
	return nil
}

func (s *session) loadFrom(offset int64) error {
	size := s.source.from(offset)
	doc, err := s.pdfium.OpenDocument(&requests.OpenDocument{FileReader: s.source, FileReaderSize: size})
	if err != nil {
		return err
	}
	s.doc = doc.Document
	return nil
}

// guard runs work in the instance and says why it failed: the context, the
// disk, or the file. On an interruptible engine work is stopped when ctx ends or
// the time for a page is over.
func (s *session) guard(ctx context.Context, work func() error) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("read PDF: %w", err)
	}
	err := s.run(ctx, work)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("read PDF: %w", ctx.Err())
	case s.killed:
		return errTimeout(s.engine.cfg.PageTimeout)
	case s.memory.refusal() != nil:
		// PDFium may go on without what it could not hold, and nobody would know.
		s.broken = true
		return s.engine.errMemory(s.memory.refusal())
	case err == nil, errors.Is(err, errNoPage):
		return err
	case s.source.err != nil:
		return fileError(s.source.err)
	}
	if known, ok := batch.AsError(err); ok {
		return known
	}
	s.broken = true
	if s.memory == nil {
		return errCorrupt("reading it needs more than %d MiB of memory or makes PDFium fail", s.engine.cfg.MaxMemory>>20).Wrap(err)
	}
	return errCorrupt("it makes PDFium fail").Wrap(err)
}

func (s *session) run(ctx context.Context, work func() error) error {
	if !s.engine.interruptible {
		return work()
	}
	limited, cancel := context.WithTimeout(ctx, s.engine.cfg.PageTimeout)
	defer cancel()
	done := make(chan struct{})
	stop := context.AfterFunc(limited, func() {
		defer close(done)
		// It fails only for an instance that is gone already.
		_ = s.pdfium.Kill()
	})
	err := work()
	if !stop() {
		<-done
		s.killed = true
	}
	return err
}

// close throws the instance away: WebAssembly memory never shrinks.
func (s *session) close() {
	switch {
	case s.killed:
	case s.broken:
		// Closing would run code in memory that cannot be trusted. Kill fails
		// only for an instance that is gone already.
		_ = s.pdfium.Kill()
	default:
		if err := errors.Join(s.closeForm(), s.pdfium.Close()); err != nil {
			_ = s.pdfium.Kill()
		}
	}
	s.source.close()
	s.engine.release()
}
