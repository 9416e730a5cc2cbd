package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"syscall"
	"time"

	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
)

// Errors of every kind of source.
func notFound() *batch.Error {
	return batch.NewError(batch.Data, "NotFound", "no such file at the source")
}

func notAFile() *batch.Error {
	return batch.NewError(batch.Data, "NotAFile", "the source is not a regular file")
}

func emptyFile() *batch.Error {
	return batch.NewError(batch.Data, "EmptyFile", "the file is empty")
}

func tooLarge(size, limit int64) *batch.Error {
	return batch.NewError(batch.Data, "TooLarge", "the file has %d bytes, the limit is %d; raise sources.max_bytes or leave the file out", size, limit)
}

func sourceChanging() *batch.Error {
	return batch.NewError(batch.Transient, "SourceChanging", "the file was written to while it was read")
}

// classified turns any error of a source into a *batch.Error, or the context's
// error if ctx has ended.
func classified(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("read source: %w", ctx.Err())
	}
	if e, ok := batch.AsError(err); ok {
		return e
	}
	for _, of := range []func(error) *batch.Error{ofMoved, classify.Service, ofFile, classify.Typed} {
		if e := of(err); e != nil {
			return ofSource(e).Wrap(err)
		}
	}
	return batch.NewError(batch.Permanent, "SourceFailed", "the source failed for a reason it does not name (%T)", err).Wrap(err)
}

// ofMoved describes S3's answer that a bucket is elsewhere.
func ofMoved(err error) *batch.Error {
	var s3 *smithyhttp.ResponseError
	if !errors.As(err, &s3) || s3.Response == nil || s3.Response.Response == nil || s3.Response.StatusCode != http.StatusMovedPermanently {
		return nil
	}
	return batch.NewError(batch.Configuration, "WrongRegion", "the bucket is in another region; set it with ?region= or AWS_REGION")
}

// ofFile describes errors of the file system that mean something of their own at
// a source.
func ofFile(err error) *batch.Error {
	switch {
	case isAny(err, fs.ErrNotExist, syscall.ENOTDIR):
		return notFound()
	case isAny(err, syscall.EISDIR):
		return notAFile()
	case isAny(err, syscall.ELOOP):
		return batch.NewError(batch.Data, "NotAFile", "symbolic links lead in a circle")
	case isAny(err, syscall.ENAMETOOLONG, syscall.EINVAL):
		return badURI("the path is not one of this system")
	case errors.Is(err, io.EOF):
		return batch.NewError(batch.Transient, "ConnectionFailed", "the connection to the source failed or broke off")
	}
	return nil
}

func isAny(err error, targets ...error) bool {
	for _, t := range targets {
		if errors.Is(err, t) {
			return true
		}
	}
	return false
}

// ofSource puts e, which speaks of a service, in a source's words.
func ofSource(e *batch.Error) *batch.Error {
	switch {
	case e.Type == "NotFound":
		e.Message = notFound().Message
	case e.Type == "NoSpace":
		e.Message = "the disk for files in work is full; free some space"
	case e.Type == "PermissionDenied":
		e.Message = "the file may not be read; give the worker's user the right to"
	default:
		e.Message = strings.ReplaceAll(e.Message, "the service", "the source")
	}
	return e
}

// statusError describes an HTTP status that is no success, or is nil for one.
func statusError(status int, h http.Header, now time.Time) *batch.Error {
	e := classify.HTTPStatus(status, h, now)
	if e == nil {
		return nil
	}
	return ofSource(e)
}
