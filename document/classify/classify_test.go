package classify_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"google.golang.org/api/googleapi"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
)

// secret stands for what an error's text may hold, and no answer may.
const secret = "Doe-v-Roe.pdf"

type sqlState string

func (e sqlState) Error() string    { return secret }
func (e sqlState) SQLState() string { return string(e) }

type redisReply string

func (e redisReply) Error() string { return string(e) }
func (e redisReply) RedisError()   {}

type cloudCode string

func (e cloudCode) Error() string     { return secret }
func (e cloudCode) ErrorCode() string { return string(e) }

func pathError(err error) error { return &fs.PathError{Op: "open", Path: "/" + secret, Err: err} }

func dial(err error) error {
	return &url.Error{Op: "Get", URL: "https://" + secret, Err: &net.OpError{Op: "dial", Err: err}}
}

func answer(status int) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {"7"}}}
}

// known are errors that say what they are.
var known = map[string]struct {
	err      error
	category batch.Category
	typ      string
	rule     string
}{
	"deadline":            {pathError(context.DeadlineExceeded), batch.Transient, "DeadlineExceeded", "context deadline"},
	"cancelled":           {pathError(context.Canceled), batch.Transient, "Interrupted", "context cancelled"},
	"disk full":           {pathError(syscall.ENOSPC), batch.Resource, "NoSpace", "syscall ENOSPC"},
	"quota":               {pathError(syscall.EDQUOT), batch.Resource, "NoSpace", "syscall EDQUOT"},
	"files":               {dial(os.NewSyscallError("socket", syscall.EMFILE)), batch.Resource, "TooManyFiles", "syscall EMFILE"},
	"files, system":       {pathError(syscall.ENFILE), batch.Resource, "TooManyFiles", "syscall ENFILE"},
	"memory":              {pathError(syscall.ENOMEM), batch.Resource, "NoMemory", "syscall ENOMEM"},
	"buffers":             {dial(syscall.ENOBUFS), batch.Resource, "NoMemory", "syscall ENOBUFS"},
	"permission":          {pathError(syscall.EACCES), batch.Configuration, "PermissionDenied", "syscall EACCES"},
	"not permitted":       {pathError(syscall.EPERM), batch.Configuration, "PermissionDenied", "syscall EPERM"},
	"fs.ErrPermission":    {pathError(fs.ErrPermission), batch.Configuration, "PermissionDenied", "file permission"},
	"read-only":           {pathError(syscall.EROFS), batch.Configuration, "ReadOnlyFiles", "syscall EROFS"},
	"I/O":                 {pathError(syscall.EIO), batch.Transient, "ReadError", "syscall EIO"},
	"stale":               {pathError(syscall.ESTALE), batch.Transient, "ReadError", "syscall ESTALE"},
	"again":               {pathError(syscall.EAGAIN), batch.Transient, "SystemBusy", "syscall EAGAIN"},
	"busy":                {pathError(syscall.EBUSY), batch.Transient, "SystemBusy", "syscall EBUSY"},
	"interrupted":         {pathError(syscall.EINTR), batch.Transient, "SystemBusy", "syscall EINTR"},
	"missing":             {pathError(syscall.ENOENT), batch.Transient, "FileMissing", "syscall ENOENT"},
	"fs.ErrNotExist":      {pathError(fs.ErrNotExist), batch.Transient, "FileMissing", "file missing"},
	"folder":              {pathError(syscall.EISDIR), batch.Data, "BadPath", "syscall EISDIR"},
	"no folder":           {pathError(syscall.ENOTDIR), batch.Data, "BadPath", "syscall ENOTDIR"},
	"loop":                {pathError(syscall.ELOOP), batch.Data, "BadPath", "syscall ELOOP"},
	"long":                {pathError(syscall.ENAMETOOLONG), batch.Data, "BadPath", "syscall ENAMETOOLONG"},
	"program":             {&exec.Error{Name: secret, Err: exec.ErrNotFound}, batch.Configuration, "ProgramMissing", "program missing"},
	"no program":          {&fs.PathError{Op: "fork/exec", Path: secret, Err: syscall.ENOEXEC}, batch.Configuration, "ProgramMissing", "syscall ENOEXEC"},
	"reset":               {dial(os.NewSyscallError("read", syscall.ECONNRESET)), batch.Transient, "ConnectionFailed", "syscall ECONNRESET"},
	"refused":             {dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), batch.Transient, "ConnectionFailed", "syscall ECONNREFUSED"},
	"aborted":             {dial(syscall.ECONNABORTED), batch.Transient, "ConnectionFailed", "syscall ECONNABORTED"},
	"pipe":                {pathError(syscall.EPIPE), batch.Transient, "ConnectionFailed", "syscall EPIPE"},
	"no route":            {dial(syscall.EHOSTUNREACH), batch.Transient, "ConnectionFailed", "syscall EHOSTUNREACH"},
	"no network":          {dial(syscall.ENETUNREACH), batch.Transient, "ConnectionFailed", "syscall ENETUNREACH"},
	"network down":        {dial(syscall.ENETDOWN), batch.Transient, "ConnectionFailed", "syscall ENETDOWN"},
	"firewall":            {dial(syscall.EACCES), batch.Transient, "ConnectionFailed", "network connection"},
	"closed":              {fmt.Errorf("%s: %w", secret, net.ErrClosed), batch.Transient, "ConnectionFailed", "network connection"},
	"connect timed out":   {dial(syscall.ETIMEDOUT), batch.Transient, "Timeout", "syscall ETIMEDOUT"},
	"I/O timeout":         {dial(os.ErrDeadlineExceeded), batch.Transient, "Timeout", "network timeout"},
	"timeout behind":      {errors.Join(&fs.PathError{Op: "close", Path: secret, Err: errors.New(secret)}, os.ErrDeadlineExceeded), batch.Transient, "Timeout", "network timeout"},
	"no such host":        {dial(&net.DNSError{Err: "no such host", Name: secret, IsNotFound: true}), batch.Configuration, "HostNotFound", "network host unknown"},
	"DNS fails":           {&net.DNSError{Err: "server misbehaving", Name: secret, IsTemporary: true}, batch.Transient, "ConnectionFailed", "network connection"},
	"cut short":           {fmt.Errorf("%s: %w", secret, io.ErrUnexpectedEOF), batch.Transient, "ConnectionFailed", "network cut short"},
	"unknown authority":   {dial(x509.UnknownAuthorityError{}), batch.Configuration, "BadCertificate", "network certificate"},
	"host name":           {dial(x509.HostnameError{Certificate: &x509.Certificate{}, Host: secret}), batch.Configuration, "BadCertificate", "network certificate"},
	"unverified":          {dial(&tls.CertificateVerificationError{Err: errors.New(secret)}), batch.Configuration, "BadCertificate", "network certificate"},
	"expired":             {dial(x509.CertificateInvalidError{Reason: x509.Expired}), batch.Configuration, "BadCertificate", "network certificate"},
	"plain HTTP":          {dial(tls.RecordHeaderError{Msg: secret}), batch.Configuration, "NoTLS", "network no TLS"},
	"S3 429":              {&smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: answer(429)}, Err: errors.New(secret)}, batch.RateLimit, "RateLimited", "HTTP 429"},
	"Google 503":          {&googleapi.Error{Code: 503, Header: http.Header{"Retry-After": {"7"}}, Message: secret}, batch.Transient, "ServerError", "HTTP 5xx"},
	"Azure 403":           {&azcore.ResponseError{StatusCode: 403, RawResponse: answer(403)}, batch.Configuration, "AccessDenied", "HTTP 403"},
	"cloud throttles":     {cloudCode("SlowDown"), batch.RateLimit, "RateLimited", "cloud code SlowDown"},
	"cloud's bucket":      {cloudCode("NoSuchBucket"), batch.Configuration, "BucketNotFound", "cloud code NoSuchBucket"},
	"cloud's token":       {cloudCode("ExpiredToken"), batch.Configuration, "AccessDenied", "cloud code ExpiredToken"},
	"Temporal away":       {serviceerror.NewUnavailable(secret), batch.Transient, "ServerError", "gRPC Unavailable"},
	"Temporal throttles":  {&serviceerror.ResourceExhausted{Message: secret}, batch.RateLimit, "RateLimited", "gRPC ResourceExhausted"},
	"gRPC deadline":       {status.Error(codes.DeadlineExceeded, secret), batch.Transient, "Timeout", "gRPC DeadlineExceeded"},
	"gRPC login":          {status.Error(codes.Unauthenticated, secret), batch.Configuration, "AccessDenied", "gRPC Unauthenticated"},
	"gRPC request":        {status.Error(codes.InvalidArgument, secret), batch.Permanent, "RequestRefused", "gRPC InvalidArgument"},
	"connection lost":     {sqlState("08006"), batch.Transient, "DatabaseUnreachable", "SQLSTATE 08"},
	"serialization":       {sqlState("40001"), batch.Transient, "DatabaseConflict", "SQLSTATE 40"},
	"deadlock":            {sqlState("40P01"), batch.Transient, "DatabaseConflict", "SQLSTATE 40"},
	"broken at commit":    {sqlState("40002"), batch.Permanent, "DatabaseError", "SQLSTATE 40002"},
	"lock":                {sqlState("55P03"), batch.Transient, "DatabaseBusy", "SQLSTATE 55P03"},
	"connections":         {sqlState("53300"), batch.Resource, "DatabaseOverloaded", "SQLSTATE 53"},
	"shutdown":            {sqlState("57P01"), batch.Transient, "DatabaseUnreachable", "SQLSTATE 57P"},
	"dropped":             {sqlState("57P04"), batch.Configuration, "DatabaseSchema", "SQLSTATE 57P04"},
	"password":            {sqlState("28P01"), batch.Configuration, "DatabaseAccess", "SQLSTATE 28"},
	"rights":              {sqlState("42501"), batch.Configuration, "DatabaseAccess", "SQLSTATE 42501"},
	"no table":            {sqlState("42P01"), batch.Configuration, "DatabaseSchema", "SQLSTATE 42P01"},
	"syntax":              {sqlState("42601"), batch.Permanent, "DatabaseError", "SQLSTATE 42"},
	"bad text":            {sqlState("22021"), batch.Data, "DatabaseValue", "SQLSTATE 22"},
	"not unique":          {sqlState("23505"), batch.Permanent, "DatabaseError", "SQLSTATE 23"},
	"too complex":         {sqlState("54001"), batch.Data, "DocumentTooBig", "SQLSTATE 54"},
	"Redis loading":       {redisReply("LOADING Redis is loading " + secret), batch.Transient, "CacheBusy", "Redis LOADING"},
	"Redis read-only":     {redisReply("READONLY You can't write " + secret), batch.Transient, "CacheBusy", "Redis READONLY"},
	"Redis full":          {redisReply("OOM command not allowed"), batch.Resource, "CacheFull", "Redis OOM"},
	"Redis clients":       {redisReply("ERR max number of clients reached"), batch.Resource, "CacheFull", "Redis MAXCLIENTS"},
	"Redis password":      {redisReply("WRONGPASS " + secret), batch.Configuration, "CacheAccess", "Redis WRONGPASS"},
	"first of two":        {errors.Join(pathError(syscall.ENOSPC), pathError(syscall.EIO)), batch.Resource, "NoSpace", "syscall ENOSPC"},
	"cause before result": {errors.Join(pathError(syscall.EIO), pathError(syscall.ENOSPC)), batch.Resource, "NoSpace", "syscall ENOSPC"},
}

func TestWhatAnErrorIsDecides(t *testing.T) {
	t.Parallel()
	for name, tc := range known {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, err := range []error{tc.err, fmt.Errorf("corrupt: %s: %w", secret, tc.err), errors.Join(errors.New("no space left: "+secret), tc.err)} {
				e := builtIn.Classify(err)
				require.Equal(t, []any{tc.category, tc.typ, tc.rule}, []any{e.Category, e.Type, e.Rule}, "%v", err)
				leaksNothing(t, e)
				require.ErrorIs(t, e, tc.err)
			}
		})
	}
}

// builtIn has the built-in rules alone.
var builtIn *classify.Classifier

func leaksNothing(t *testing.T, e *batch.Error) {
	t.Helper()
	f := batch.NewFailure(batch.StageFetch, e)
	assert.NotContains(t, fmt.Sprint(f), "Doe")
	assert.NotContains(t, fmt.Sprint(f), "Roe")
}

func TestEveryTypedRuleIsTested(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, tc := range known {
		tested[tc.rule] = true
	}
	for _, r := range builtIn.Rules() {
		kind, _, _ := strings.Cut(r.Name, " ")
		switch kind {
		case "syscall", "network", "file", "program", "context":
			assert.True(t, tested[r.Name], r.Name)
		}
	}
}

func TestTheWaitThatAServiceAsksForIsKept(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"S3 429", "Google 503", "Azure 403"} {
		assert.Equal(t, 7*time.Second, builtIn.Classify(known[name].err).RetryAfter, name)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "120": 2 * time.Minute, " 5 ": 5 * time.Second, "-5": 0, "soon": 0, "99999999999": 0,
		"Sun, 01 Mar 2026 12:01:30 GMT": 90 * time.Second, "Sun, 01 Mar 2026 11:00:00 GMT": 0,
	} {
		assert.Equal(t, want, classify.RetryAfter(http.Header{"Retry-After": {header}}, now), "Retry-After %q", header)
	}
}

func TestHTTPStatus(t *testing.T) {
	t.Parallel()
	for code, want := range map[int]batch.Category{
		400: batch.Permanent, 401: batch.Configuration, 403: batch.Configuration, 404: batch.Data, 407: batch.Configuration,
		408: batch.Transient, 410: batch.Data, 418: batch.Permanent, 425: batch.Transient, 429: batch.RateLimit,
		500: batch.Transient, 502: batch.Transient, 503: batch.Transient, 504: batch.Transient, 301: batch.Permanent, 100: batch.Permanent,
	} {
		e := classify.HTTPStatus(code, nil, time.Time{})
		require.NotNil(t, e, code)
		assert.Equal(t, want, e.Category, code)
	}
	for _, code := range []int{0, 99, 200, 204, 299, 600, -1} {
		assert.Nil(t, classify.HTTPStatus(code, nil, time.Time{}), code)
	}
}

func TestOurOwnErrorsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	own := batch.NewError(batch.Data, "NoText", "the document holds no text").Wrap(syscall.ENOSPC)
	assert.Same(t, own, builtIn.Classify(fmt.Errorf("timeout: %w", own)))
	assert.Nil(t, builtIn.Classify(nil))

	odd := builtIn.Classify(&batch.Error{Category: "ODD", Type: "Odd", Message: "odd"})
	assert.Equal(t, batch.Permanent, odd.Category, "what is no category is none")
	assert.Equal(t, "Odd", odd.Type)
}

func TestAnErrorThatNothingTellsOfIsPermanent(t *testing.T) {
	t.Parallel()
	e := builtIn.Classify(fmt.Errorf("read: %w", errors.Join(errors.New(secret), errors.New("other"))))
	assert.Equal(t, batch.Permanent, e.Category)
	assert.Equal(t, "Unclassified", e.Type)
	assert.Equal(t, "unclassified error (*errors.errorString)", e.Message)
	assert.Equal(t, "default", e.Rule)
}

func TestOverridesHoldWhicheverRuleFoundTheType(t *testing.T) {
	t.Parallel()
	c := classify.New(nil, batch.ErrorOverrides{"NoText": batch.Permanent, "NoSpace": batch.Transient, "Unclassified": batch.Data})
	limited := batch.NewError(batch.Data, "NoText", "the document holds no text")
	limited.RetryAfter = time.Minute
	e := c.Classify(fmt.Errorf("read: %w", limited))
	assert.Equal(t, batch.Permanent, e.Category)
	assert.Equal(t, "the document holds no text", e.Message)
	assert.Equal(t, "override NoText", e.Rule)
	assert.Equal(t, time.Minute, e.RetryAfter)
	require.ErrorIs(t, e, limited)
	assert.Equal(t, batch.Data, limited.Category, "the error itself is not changed")

	assert.Equal(t, batch.Transient, c.Classify(pathError(syscall.ENOSPC)).Category)
	assert.Equal(t, batch.Data, c.Classify(errors.New(secret)).Category)
	assert.Equal(t, batch.Resource, c.Classify(syscall.ENOMEM).Category)
}
