package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	pathError := func(err error) error { return &fs.PathError{Op: "open", Path: "/secret", Err: err} }
	dial := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://secret", Err: &net.OpError{Op: "dial", Err: err}}
	}
	for name, tc := range map[string]struct {
		err      error
		category batch.Category
		typ      string
	}{
		"fs.ErrPermission":    {pathError(fs.ErrPermission), batch.Configuration, "PermissionDenied"},
		"EACCES":              {pathError(syscall.EACCES), batch.Configuration, "PermissionDenied"},
		"ENOSPC":              {pathError(syscall.ENOSPC), batch.Resource, "NoSpace"},
		"EDQUOT":              {pathError(syscall.EDQUOT), batch.Resource, "NoSpace"},
		"EMFILE":              {pathError(syscall.EMFILE), batch.Resource, "TooManyFiles"},
		"EMFILE on dialling":  {dial(os.NewSyscallError("socket", syscall.EMFILE)), batch.Resource, "TooManyFiles"},
		"ENOMEM":              {pathError(syscall.ENOMEM), batch.Resource, "NoMemory"},
		"EIO":                 {pathError(syscall.EIO), batch.Transient, "ReadError"},
		"reset":               {dial(os.NewSyscallError("read", syscall.ECONNRESET)), batch.Transient, "ConnectionFailed"},
		"refused":             {dial(os.NewSyscallError("connect", syscall.ECONNREFUSED)), batch.Transient, "ConnectionFailed"},
		"firewall":            {dial(os.NewSyscallError("connect", syscall.EACCES)), batch.Transient, "ConnectionFailed"},
		"timeout":             {dial(os.ErrDeadlineExceeded), batch.Transient, "Timeout"},
		"own deadline":        {&url.Error{Op: "Get", URL: "https://secret", Err: context.DeadlineExceeded}, batch.Transient, "Timeout"},
		"cut short":           {fmt.Errorf("secret: %w", io.ErrUnexpectedEOF), batch.Transient, "ConnectionFailed"},
		"no such host":        {dial(&net.DNSError{Err: "no such host", Name: "secret", IsNotFound: true}), batch.Configuration, "HostNotFound"},
		"DNS server fails":    {dial(&net.DNSError{Err: "server misbehaving", Name: "secret", IsTemporary: true}), batch.Transient, "ConnectionFailed"},
		"known, wrapped":      {fmt.Errorf("secret: %w", dial(emptyFile())), batch.Data, "EmptyFile"},
		"something else":      {errors.New("secret"), batch.Permanent, "SourceFailed"},
		"clean-up failed too": {errors.Join(pathError(syscall.ENOSPC), pathError(syscall.EIO)), batch.Resource, "NoSpace"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := classified(t.Context(), tc.err)
			requireError(t, err, tc.category, tc.typ, "secret")
		})
	}
	require.NoError(t, classified(t.Context(), nil))

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := classified(ctx, dial(context.Canceled))
	require.ErrorIs(t, err, context.Canceled)
	assert.NotContains(t, err.Error(), "secret")
}

func TestStatusError(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for status, want := range map[int]struct {
		category batch.Category
		typ      string
	}{
		400: {batch.Permanent, "UnexpectedStatus"}, 401: {batch.Configuration, "AccessDenied"},
		403: {batch.Configuration, "AccessDenied"}, 404: {batch.Data, "NotFound"}, 408: {batch.Transient, "ServerError"},
		410: {batch.Data, "NotFound"}, 429: {batch.RateLimit, "RateLimited"}, 500: {batch.Transient, "ServerError"},
		503: {batch.Transient, "ServerError"}, 504: {batch.Transient, "ServerError"}, 304: {batch.Permanent, "UnexpectedStatus"},
	} {
		e := statusError(status, http.Header{"Retry-After": {"7"}}, now)
		requireError(t, e, want.category, want.typ)
		assert.Equal(t, 7*time.Second, e.RetryAfter, "status %d", status)
	}
	assert.Nil(t, statusError(200, nil, now))
}
