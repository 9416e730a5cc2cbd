package classify

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"os/exec"
	"syscall"

	"github.com/caseload/caseload/batch"
)

// contexts are the errors of the program's own time limits. A cancelled activity
// is no failure and does not come here; an error that says "cancelled" all the
// same was cut short by something else.
var contexts = table{
	{"context deadline", verdict{batch.Transient, "DeadlineExceeded", "a step took longer than it may"},
		"context.DeadlineExceeded", is(context.DeadlineExceeded), nil},
	{"context cancelled", verdict{batch.Transient, "Interrupted", "a step was interrupted"},
		"context.Canceled", is(context.Canceled), nil},
}

// Verdicts on what the machine has run out of, and on its files.
var (
	noSpace      = verdict{batch.Resource, "NoSpace", "a disk is full; free some space"}
	noMemory     = verdict{batch.Resource, "NoMemory", "out of memory; lower the concurrency"}
	tooManyFiles = verdict{batch.Resource, "TooManyFiles", "too many open files; raise the limit (ulimit -n) or lower the concurrency"}
	readError    = verdict{batch.Transient, "ReadError", "a disk or network drive failed to read or write"}
	readOnly     = verdict{batch.Configuration, "ReadOnlyFiles", "the file system is read-only; mount it for writing, or name another folder"}
	noPermission = verdict{batch.Configuration, "PermissionDenied", "a file may not be used; give the worker's user the right to"}
	fileMissing  = verdict{batch.Transient, "FileMissing", "a local file is gone"}
	badPath      = verdict{batch.Data, "BadPath", "a path is not one of a regular file on this system"}
	noProgram    = verdict{batch.Configuration, "ProgramMissing", "a program is not installed, or cannot be run; install it, or correct its path"}
	busy         = verdict{batch.Transient, "SystemBusy", "the system was busy"}
)

// exhausted are the errors of a machine that has run out of something. Source of
// the meanings, here and in files: POSIX.1-2017, <errno.h>.
var exhausted = table{
	errno("ENOSPC", syscall.ENOSPC, noSpace),
	errno("EDQUOT", syscall.EDQUOT, noSpace),
	errno("EMFILE", syscall.EMFILE, tooManyFiles),
	errno("ENFILE", syscall.ENFILE, tooManyFiles),
	errno("ENOMEM", syscall.ENOMEM, noMemory),
	errno("ENOBUFS", syscall.ENOBUFS, noMemory),
	errno("EAGAIN", syscall.EAGAIN, busy),
}

// files are the errors of the file system and of starting programs.
var files = table{
	{"program missing", noProgram, "exec.ErrNotFound", is(exec.ErrNotFound), nil},
	errno("ENOEXEC", syscall.ENOEXEC, noProgram),
	errno("EACCES", syscall.EACCES, noPermission),
	errno("EPERM", syscall.EPERM, noPermission),
	{"file permission", noPermission, "fs.ErrPermission", is(fs.ErrPermission), nil},
	errno("EROFS", syscall.EROFS, readOnly),
	errno("EIO", syscall.EIO, readError),
	errno("ESTALE", syscall.ESTALE, readError),
	errno("EBUSY", syscall.EBUSY, busy),
	errno("EINTR", syscall.EINTR, busy),
	errno("ENOENT", syscall.ENOENT, fileMissing),
	{"file missing", fileMissing, "fs.ErrNotExist", is(fs.ErrNotExist), nil},
	errno("ENOTDIR", syscall.ENOTDIR, badPath),
	errno("EISDIR", syscall.EISDIR, badPath),
	errno("ELOOP", syscall.ELOOP, badPath),
	errno("ENAMETOOLONG", syscall.ENAMETOOLONG, badPath),
}

// Verdicts on connections.
var (
	hostNotFound     = verdict{batch.Configuration, "HostNotFound", "the service's host has no address; check its name and the worker's DNS"}
	badCertificate   = verdict{batch.Configuration, "BadCertificate", "the service's TLS certificate is not trusted"}
	noTLS            = verdict{batch.Configuration, "NoTLS", "the service does not speak TLS; check its address"}
	timeout          = verdict{batch.Transient, "Timeout", "the service took too long to answer"}
	connectionFailed = verdict{batch.Transient, "ConnectionFailed", "the connection to the service failed or broke off"}
)

// network are the errors of connections.
var network = table{
	{"network host unknown", hostNotFound, "net.DNSError: no such host", func(err error) bool {
		var dns *net.DNSError
		return errors.As(err, &dns) && dns.IsNotFound
	}, nil},
	{"network certificate", badCertificate, "errors of crypto/tls and crypto/x509 about a certificate", isCertificate, nil},
	{"network no TLS", noTLS, "tls.RecordHeaderError", as[tls.RecordHeaderError], nil},
	errno("ETIMEDOUT", syscall.ETIMEDOUT, timeout),
	{"network timeout", timeout, "errors whose Timeout() is true", func(err error) bool {
		return walk(err, func(err error) bool {
			t, ok := err.(interface{ Timeout() bool })
			return ok && t.Timeout()
		})
	}, nil},
	errno("ECONNRESET", syscall.ECONNRESET, connectionFailed),
	errno("ECONNREFUSED", syscall.ECONNREFUSED, connectionFailed),
	errno("ECONNABORTED", syscall.ECONNABORTED, connectionFailed),
	errno("EPIPE", syscall.EPIPE, connectionFailed),
	errno("ENETUNREACH", syscall.ENETUNREACH, connectionFailed),
	errno("ENETDOWN", syscall.ENETDOWN, connectionFailed),
	errno("EHOSTUNREACH", syscall.EHOSTUNREACH, connectionFailed),
	{"network connection", connectionFailed, "net.OpError, net.DNSError", func(err error) bool {
		return as[*net.OpError](err) || as[*net.DNSError](err) || errors.Is(err, net.ErrClosed)
	}, nil},
	{"network cut short", connectionFailed, "io.ErrUnexpectedEOF", is(io.ErrUnexpectedEOF), nil},
}

func isCertificate(err error) bool {
	return as[*tls.CertificateVerificationError](err) || as[x509.UnknownAuthorityError](err) || as[x509.HostnameError](err) ||
		as[x509.CertificateInvalidError](err) || as[x509.SystemRootsError](err) || as[x509.UnhandledCriticalExtension](err)
}

func errno(name string, n syscall.Errno, v verdict) rule {
	return rule{"syscall " + name, v, n.Error(), is(n), n}
}

func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func as[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}
