package classify

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"gocloud.dev/gcerrors"
	"google.golang.org/api/googleapi"

	"github.com/caseload/caseload/batch"
)

// Verdicts on what a service answers.
var (
	rateLimited   = verdict{batch.RateLimit, "RateLimited", "the service asks for fewer requests"}
	accessDenied  = verdict{batch.Configuration, "AccessDenied", "the service denied access; check the worker's credentials and their rights"}
	serverError   = verdict{batch.Transient, "ServerError", "the service answered with status %s"}
	serviceFailed = verdict{batch.Transient, "ServerError", "the service failed inside"}
	notFound      = verdict{batch.Data, "NotFound", "the service has nothing of that name"}
	storageFull   = verdict{batch.Resource, "ServiceFull", "the service has no room left"}
	unexpected    = verdict{batch.Permanent, "UnexpectedStatus", "the service answered with status %s"}
	refused       = verdict{batch.Configuration, "RequestRefused", "the service refused the request (%s); check its settings"}
)

// statuses are HTTP statuses that are no success, by their beginning. Source:
// RFC 9110, section 15; RFC 6585 for 429; RFC 8470 for 425; RFC 4918, section 11.5 for 507.
var statuses = &coded{
	kind: "HTTP", prefix: true,
	code: func(err error) string {
		status, _ := response(err)
		return statusCode(status)
	},
	name:   func(code string) string { return code + strings.Repeat("x", 3-len(code)) },
	finish: func(e *batch.Error, err error) { e.RetryAfter = retryAfterOf(err) },
	rows: []codeRow{
		{"429", rateLimited},
		{"401", accessDenied},
		{"403", accessDenied},
		{"407", accessDenied},
		{"404", notFound},
		{"410", notFound},
		{"408", serverError},
		{"425", serverError},
		{"507", storageFull},
		{"5", serverError},
		{"4", unexpected},
		{"3", unexpected},
		{"1", unexpected},
	},
}

// HTTPStatus describes a response by its status, with the wait that its
// Retry-After header asks for as of now. It is nil for a success, and for what is
// no status.
func HTTPStatus(status int, h http.Header, now time.Time) *batch.Error {
	code := statusCode(status)
	if code == "" {
		return nil
	}
	row := statuses.row(code)
	if row == nil {
		return nil
	}
	v := row.verdict
	v.message = withCode(v.message, code)
	e := v.by(statuses.ruleName(row.code))
	e.RetryAfter = RetryAfter(h, now)
	return e
}

func withCode(message, code string) string { return strings.ReplaceAll(message, "%s", code) }

func statusCode(status int) string {
	if status < 100 || status > 599 || status >= 200 && status < 300 {
		return ""
	}
	return strconv.Itoa(status)
}

// RetryAfter reads the Retry-After header: seconds, or a date (RFC 9110, section
// 10.2.3). It is 0 if there is none, or the date has passed.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if n, err := strconv.ParseInt(v, 10, 32); err == nil {
		return max(time.Duration(n)*time.Second, 0)
	}
	t, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return max(t.Sub(now), 0)
}

func retryAfterOf(err error) time.Duration {
	_, h := response(err)
	return RetryAfter(h, time.Now())
}

// response is the HTTP response that an error of a cloud's SDK carries: status 0
// if there is none.
func response(err error) (status int, h http.Header) {
	var aws *smithyhttp.ResponseError
	var google *googleapi.Error
	var azure *azcore.ResponseError
	var other interface{ HTTPStatusCode() int }
	switch {
	case errors.As(err, &aws):
		if aws.Response == nil || aws.Response.Response == nil {
			return 0, nil
		}
		return aws.Response.StatusCode, aws.Response.Header
	case errors.As(err, &google):
		return google.Code, google.Header
	case errors.As(err, &azure):
		if azure.RawResponse != nil {
			h = azure.RawResponse.Header
		}
		return azure.StatusCode, h
	case errors.As(err, &other):
		return other.HTTPStatusCode(), nil
	}
	return 0, nil
}

// cloudCodes are error codes of Amazon's services and those that speak like them,
// which are clearer than the status. Source: Amazon S3 API Reference, "Error
// responses".
var cloudCodes = &coded{
	kind: "cloud code",
	code: func(err error) string {
		var api interface{ ErrorCode() string }
		if !errors.As(err, &api) {
			return ""
		}
		return api.ErrorCode()
	},
	finish: func(e *batch.Error, err error) {
		if e.Category == batch.RateLimit {
			e.RetryAfter = retryAfterOf(err)
		}
	},
	rows: []codeRow{
		{"SlowDown", rateLimited},
		{"Throttling", rateLimited},
		{"ThrottlingException", rateLimited},
		{"TooManyRequests", rateLimited},
		{"RequestLimitExceeded", rateLimited},
		{"NoSuchBucket", verdict{batch.Configuration, "BucketNotFound", "there is no such bucket"}},
		{"RequestTimeout", timeout},
		{"RequestTimeTooSkewed", verdict{batch.Transient, "Timeout", "the service took too long to answer, or the worker's clock is wrong"}},
		{"ExpiredToken", accessDenied},
		{"InvalidToken", accessDenied},
		{"TokenRefreshRequired", accessDenied},
		{"AuthorizationHeaderMalformed", accessDenied},
		{"InvalidObjectState", verdict{batch.Data, "Archived", "the object is archived; restore it first"}},
	},
}

// bucketCodes are the codes that gocloud.dev gives errors of any bucket.
var bucketCodes = &coded{
	kind: "bucket",
	code: func(err error) string { return gcerrors.Code(err).String() },
	rows: []codeRow{
		{gcerrors.NotFound.String(), notFound},
		{gcerrors.PermissionDenied.String(), accessDenied},
		{gcerrors.ResourceExhausted.String(), rateLimited},
		{gcerrors.DeadlineExceeded.String(), timeout},
		{gcerrors.Canceled.String(), timeout},
		{gcerrors.Internal.String(), serviceFailed},
		{gcerrors.InvalidArgument.String(), refused},
		{gcerrors.FailedPrecondition.String(), refused},
		{gcerrors.Unimplemented.String(), refused},
	},
}
