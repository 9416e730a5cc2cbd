package pdf

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"time"

	pdfium "github.com/klippa-app/go-pdfium/errors"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/extract"
)

// Types of the errors that a PDF causes, all of category DATA.
const (
	TypeEncrypted = "EncryptedPDF" // needs a password, or is encrypted in an unknown way
	TypeCorrupt   = "CorruptPDF"   // damaged beyond repair
	TypeNoPages   = "NoPages"      // readable, but without a page
	TypeTimeout   = "PDFTimeout"   // a page took longer than Config.PageTimeout
	TypeMemory    = "MemoryLimit"  // needs more than Config.MaxMemory, or than the process has; CorruptPDF where an engine is interruptible
)

// errNoPage says that a page is missing or damaged and the others may not be.
var errNoPage = errors.New("pdf: the page cannot be loaded")

func errCorrupt(format string, args ...any) *batch.Error {
	return batch.NewError(batch.Data, TypeCorrupt,
		"the PDF is damaged: %s; fetch or export it again", fmt.Sprintf(format, args...))
}

func errTimeout(limit time.Duration) error {
	return batch.NewError(batch.Data, TypeTimeout,
		"a page of the PDF took longer than %s; raise the limit or print the document to a new PDF", limit)
}

func partialMessage(read, pages int) string {
	return fmt.Sprintf("only the first %d of %d pages are kept, the limit", read, pages)
}

// openError says why PDFium refused a file.
func openError(err error) error {
	switch {
	case errors.Is(err, pdfium.ErrPassword):
		return batch.NewError(batch.Data, TypeEncrypted,
			"the PDF is encrypted with a password; submit it without one").Wrap(err)
	case errors.Is(err, pdfium.ErrSecurity):
		return batch.NewError(batch.Data, TypeEncrypted,
			"the PDF is encrypted in a way that is not read; submit it unencrypted").Wrap(err)
	}
	return errCorrupt("it cannot be opened").Wrap(err)
}

// trapped says whether err ended the instance it came from: PDFium crashed,
// ran out of memory, or was stopped. Other errors of go-pdfium mean that there
// was nothing to return.
func trapped(err error) bool {
	if err == nil {
		return false
	}
	s := err.Error()
	return strings.Contains(s, "wasm") || strings.HasPrefix(s, "panic occurred") ||
		strings.Contains(s, "module closed") || strings.Contains(s, "memory")
}

// fileError classifies an error of reading the local file. The path inside an
// *fs.PathError stays out of the message.
func fileError(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("read PDF: %w", err)
	case errors.Is(err, fs.ErrPermission):
		return batch.NewError(batch.Configuration, "FilePermission", "the local file may not be read; check the permissions of the work folder").Wrap(err)
	case errors.Is(err, fs.ErrNotExist):
		return batch.NewError(batch.Transient, "FileMissing", "the local file is gone; it is fetched again").Wrap(err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return batch.NewError(batch.Resource, "TooManyOpenFiles", "too many open files; raise the limit or lower the concurrency").Wrap(err)
	}
	return batch.NewError(batch.Transient, "FileReadFailed", "the local file could not be read").Wrap(err)
}

func errEmpty() error {
	return batch.NewError(batch.Data, extract.TypeEmptyFile, "the file is empty; fetch or export it again")
}
