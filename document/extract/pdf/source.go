package pdf

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"os"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
)

// headerWindow is how far into a file its PDF header is looked for. Mail
// headers and the like are shorter.
const headerWindow = 64 << 10

// source is a PDF on disk, as PDFium reads it: piece by piece, so that it is
// never in memory whole. Reading fails when ctx ends.
type source struct {
	ctx  context.Context
	file *os.File
	io.ReadSeeker
	size   int64 // from the header on
	header int64 // offset of "%PDF-" in the file
	err    error // the first failure of the disk
}

// openSource opens a file and finds its PDF header.
func openSource(ctx context.Context, path string) (*source, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fileError(err)
	}
	s := &source{ctx: ctx, file: f}
	if err := s.findHeader(); err != nil {
		f.Close()
		return nil, err
	}
	return s, nil
}

func (s *source) findHeader() error {
	info, err := s.file.Stat()
	if err != nil {
		return fileError(err)
	}
	s.size = info.Size()
	switch {
	case s.size == 0:
		return errEmpty()
	case s.size > math.MaxUint32:
		return batch.NewError(batch.Data, extract.TypeTooLarge,
			"the PDF is over the limit of %d bytes; split it", int64(math.MaxUint32))
	}
	head := make([]byte, min(s.size, headerWindow))
	if _, err := io.ReadFull(s.file, head); err != nil {
		return fileError(err)
	}
	i := bytes.Index(head, []byte("%PDF-"))
	if i < 0 {
		return errCorrupt("it has no PDF header")
	}
	s.header = int64(i)
	s.from(0)
	return nil
}

// from makes the file begin at offset.
func (s *source) from(offset int64) int64 {
	s.ReadSeeker = io.NewSectionReader(s.file, offset, s.size-offset)
	return s.size - offset
}

func (s *source) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := s.ReadSeeker.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && s.err == nil {
		s.err = err
	}
	return n, err
}

func (s *source) close() {
	// go-pdfium keeps the source of an instance that was killed.
	s.ReadSeeker = bytes.NewReader(nil)
	s.file.Close()
}
