package source

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"gocloud.dev/gcerrors"
	"google.golang.org/api/googleapi"

	"github.com/caseload/caseload/batch"
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

func accessDenied() *batch.Error {
	return batch.NewError(batch.Configuration, "AccessDenied", "the source denied access; check the worker's credentials and their rights")
}

// classify turns any error of a source into a *batch.Error, or the context's
// error if ctx has ended.
func classify(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil {
		return fmt.Errorf("read source: %w", ctx.Err())
	}
	if e, ok := batch.AsError(err); ok {
		return e
	}
	for _, of := range []func(error) *batch.Error{ofStatus, ofResource, ofNetwork, ofFile, ofBucketCode} {
		if e := of(err); e != nil {
			return e.Wrap(err)
		}
	}
	return batch.NewError(batch.Permanent, "SourceFailed", "the source failed for a reason it does not name (%T)", err).Wrap(err)
}

// ofResource describes what this machine has run out of.
func ofResource(err error) *batch.Error {
	switch {
	case isAny(err, syscall.ENOSPC, syscall.EDQUOT):
		return batch.NewError(batch.Resource, "NoSpace", "the disk for files in work is full; free some space")
	case isAny(err, syscall.EMFILE, syscall.ENFILE):
		return batch.NewError(batch.Resource, "TooManyFiles", "too many open files; raise the limit (ulimit -n) or lower the concurrency")
	case isAny(err, syscall.ENOMEM):
		return batch.NewError(batch.Resource, "NoMemory", "out of memory; lower the concurrency")
	}
	return nil
}

// ofFile describes errors of the file system.
func ofFile(err error) *batch.Error {
	switch {
	case isAny(err, fs.ErrNotExist, syscall.ENOTDIR):
		return notFound()
	case isAny(err, fs.ErrPermission):
		return batch.NewError(batch.Configuration, "PermissionDenied", "the file may not be read; give the worker's user the right to")
	case isAny(err, syscall.EISDIR):
		return notAFile()
	case isAny(err, syscall.ELOOP):
		return batch.NewError(batch.Data, "NotAFile", "symbolic links lead in a circle")
	case isAny(err, syscall.ENAMETOOLONG, syscall.EINVAL):
		return badURI("the path is not one of this system")
	case isAny(err, syscall.EIO, syscall.ESTALE):
		return batch.NewError(batch.Transient, "ReadError", "the disk or network drive failed to read")
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

// ofNetwork describes errors of connections.
func ofNetwork(err error) *batch.Error {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return batch.NewError(batch.Configuration, "HostNotFound", "the source's host has no address; check its name and the worker's DNS")
	}
	var cert *tls.CertificateVerificationError
	if errors.As(err, &cert) {
		return batch.NewError(batch.Configuration, "BadCertificate", "the source's TLS certificate is not trusted")
	}
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() || errors.Is(err, context.DeadlineExceeded) {
		return batch.NewError(batch.Transient, "Timeout", "the source took too long to answer")
	}
	var op *net.OpError
	if errors.As(err, &op) || errors.As(err, &dns) ||
		isAny(err, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNREFUSED, io.ErrUnexpectedEOF, io.EOF) {
		return batch.NewError(batch.Transient, "ConnectionFailed", "the connection to the source failed or broke off")
	}
	return nil
}

// ofBucketCode describes errors by the code that the bucket's driver gave them.
func ofBucketCode(err error) *batch.Error {
	switch code := gcerrors.Code(err); code {
	case gcerrors.NotFound:
		return notFound()
	case gcerrors.PermissionDenied:
		return accessDenied()
	case gcerrors.ResourceExhausted:
		return batch.NewError(batch.RateLimit, "RateLimited", "the source asks for fewer requests")
	case gcerrors.DeadlineExceeded, gcerrors.Canceled:
		return batch.NewError(batch.Transient, "Timeout", "the source took too long to answer")
	case gcerrors.Internal:
		return batch.NewError(batch.Transient, "ServerError", "the source failed inside")
	case gcerrors.InvalidArgument, gcerrors.FailedPrecondition, gcerrors.Unimplemented:
		return batch.NewError(batch.Configuration, "RequestRefused", "the source refused the request (%s); check the URI and its settings", code)
	}
	return nil
}

// ofStatus describes errors that carry an HTTP response of a bucket service.
func ofStatus(err error) *batch.Error {
	var s3 *smithyhttp.ResponseError
	var gs *googleapi.Error
	var az *azcore.ResponseError
	switch {
	case errors.As(err, &s3) && s3.Response != nil && s3.Response.Response != nil:
		return s3Error(err, s3.Response.StatusCode, s3.Response.Header)
	case errors.As(err, &gs):
		return statusError(gs.Code, gs.Header, time.Now())
	case errors.As(err, &az):
		var h http.Header
		if az.RawResponse != nil {
			h = az.RawResponse.Header
		}
		return statusError(az.StatusCode, h, time.Now())
	}
	return nil
}

// s3Error looks at the code of S3's error too: some are clearer than the status.
// Source: Amazon S3 API Reference, "Error responses".
func s3Error(err error, status int, h http.Header) *batch.Error {
	var api interface{ ErrorCode() string }
	if errors.As(err, &api) {
		switch api.ErrorCode() {
		case "NoSuchBucket":
			return batch.NewError(batch.Configuration, "BucketNotFound", "there is no such bucket")
		case "SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "RequestLimitExceeded":
			return statusError(http.StatusTooManyRequests, h, time.Now())
		case "RequestTimeout", "RequestTimeTooSkewed":
			return batch.NewError(batch.Transient, "Timeout", "the source took too long to answer, or the worker's clock is wrong")
		case "ExpiredToken", "InvalidToken", "TokenRefreshRequired", "AuthorizationHeaderMalformed":
			return accessDenied()
		case "InvalidObjectState":
			return batch.NewError(batch.Data, "Archived", "the object is archived; restore it first")
		}
	}
	if status == http.StatusMovedPermanently {
		return batch.NewError(batch.Configuration, "WrongRegion", "the bucket is in another region; set it with ?region= or AWS_REGION")
	}
	return statusError(status, h, time.Now())
}

// statusError describes an HTTP status that is no success, or is nil for one.
func statusError(status int, h http.Header, now time.Time) *batch.Error {
	var e *batch.Error
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusTooManyRequests:
		e = batch.NewError(batch.RateLimit, "RateLimited", "the source asks for fewer requests")
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		e = accessDenied()
	case status == http.StatusNotFound, status == http.StatusGone:
		e = notFound()
	case status == http.StatusRequestTimeout, status == http.StatusTooEarly, status >= 500:
		e = batch.NewError(batch.Transient, "ServerError", "the source answered with status %d", status)
	default:
		e = batch.NewError(batch.Permanent, "UnexpectedStatus", "the source answered with status %d", status)
	}
	e.RetryAfter = retryAfter(h.Get("Retry-After"), now)
	return e
}

// retryAfter reads a Retry-After header: seconds, or a date (RFC 9110, section
// 10.2.3). It is 0 if there is none, or the date has passed.
func retryAfter(v string, now time.Time) time.Duration {
	v = strings.TrimSpace(v)
	if n, err := strconv.ParseInt(v, 10, 32); err == nil {
		return max(time.Duration(n)*time.Second, 0)
	}
	t, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(t.Sub(now), 0)
}
