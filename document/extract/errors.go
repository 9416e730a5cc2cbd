package extract

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"

	"github.com/caseload/caseload/batch"
)

// Types of the errors that a document causes, all of category DATA.
const (
	TypeEmptyFile   = "EmptyFile"         // zero bytes
	TypeNoText      = "NoText"            // readable, but without a word
	TypeUnsupported = "UnsupportedFormat" // a format that is not read
	TypeCorrupt     = "CorruptDocument"   // damaged or cut short
	TypeEncrypted   = "EncryptedDocument" // needs a password or key
	TypeTooLarge    = "TooLarge"          // over a limit that cannot be met by cutting off
	TypeTooDeep     = "TooDeep"           // nested deeper than MaxDepth
	TypeZipBomb     = "ZipBomb"           // unpacks to absurdly many times its size
)

func errEmpty() error {
	return batch.NewError(batch.Data, TypeEmptyFile, "the file is empty; fetch or export it again")
}

func errNoText() error {
	return batch.NewError(batch.Data, TypeNoText, "the document holds no text; if its pages are pictures, submit it as PDF or images")
}

func errUnsupported(mediaType string) error {
	return batch.NewError(batch.Data, TypeUnsupported,
		"%s is not read; convert it to PDF, DOCX, RTF, HTML, EML, text, PNG, JPEG or TIFF", mediaType)
}

func errCorrupt(format string, args ...any) *batch.Error {
	return batch.NewError(batch.Data, TypeCorrupt, "%s; fetch or export it again", fmt.Sprintf(format, args...))
}

func errEncrypted(what string) error {
	return batch.NewError(batch.Data, TypeEncrypted, "%s is encrypted; submit it without its password", what)
}

func errTooLarge(what string, limit int64) error {
	return batch.NewError(batch.Data, TypeTooLarge, "%s is over the limit of %d bytes; split it or raise the limit", what, limit)
}

func errTooDeep(limit int) error {
	return batch.NewError(batch.Data, TypeTooDeep, "the document nests deeper than the limit of %d; simplify it or raise the limit", limit)
}

// fileError classifies an error of reading the local file. The path inside an
// *fs.PathError stays out of the message.
func fileError(err error) error {
	var known *batch.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("extract: %w", err)
	case errors.As(err, &known):
		return err
	case errors.Is(err, fs.ErrPermission):
		return batch.NewError(batch.Configuration, "FilePermission", "the local file may not be read; check the permissions of the work folder").Wrap(err)
	case errors.Is(err, fs.ErrNotExist):
		return batch.NewError(batch.Transient, "FileMissing", "the local file is gone; it is fetched again").Wrap(err)
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return batch.NewError(batch.Resource, "TooManyOpenFiles", "too many open files; raise the limit or lower the concurrency").Wrap(err)
	case errors.Is(err, syscall.ENOMEM):
		return batch.NewError(batch.Resource, "OutOfMemory", "out of memory; lower the concurrency").Wrap(err)
	}
	return batch.NewError(batch.Transient, "FileReadFailed", "the local file could not be read").Wrap(err)
}

// contextReader is r until ctx ends, then ctx's error. It makes any loop that
// reads from it honour cancellation.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}

// isTyped says whether err already says what it is.
func isTyped(err error) bool {
	_, ok := batch.AsError(err)
	return ok
}

func errZipBomb() error {
	return batch.NewError(batch.Data, TypeZipBomb, "the document unpacks to more than %d times its size; it is not read", maxRatio)
}
