package extract

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/caseload/caseload/batch"
)

// Types of the errors of programs that read formats for us.
const (
	TypeNoConverter      = "ConverterMissing" // CONFIGURATION: none is installed
	TypeConverterStart   = "ConverterStart"   // RESOURCE: it cannot be started
	TypeConverterKilled  = "ConverterKilled"  // RESOURCE: somebody else ended it
	TypeConverterFailed  = "ConverterFailed"  // DATA: it cannot read the document
	TypeConverterTimeout = "ConverterTimeout" // DATA: it takes too long
)

const (
	// converterTime is how long a program may take for a document.
	converterTime = 2 * time.Minute
	// converterMemory is how many bytes it may hold, where the system can bound
	// that.
	converterMemory = 512 << 20
	// converterGrace is how long its pipes may stay open after it was ended.
	converterGrace = 5 * time.Second
	// maxConverterComplaint is how much is looked at of what it says on stderr, in
	// bytes.
	maxConverterComplaint = 4 << 10
)

// converter is a program that reads a file and writes what it says to its
// standard output.
type converter struct {
	program string // on PATH
	args    []string
}

// converters are those that read one format, the better first.
type converters struct {
	format  string // as people call it
	any     []converter
	install string // the remedy
}

// run converts a file with the first program that is installed and can read it.
// more says that there is more output than limit.
func (c converters) run(ctx context.Context, path string, limit int64) (out []byte, more bool, err error) {
	err = batch.NewError(batch.Configuration, TypeNoConverter, "%s documents need a program that is not installed: %s", c.format, c.install)
	for _, conv := range c.any {
		program, e := exec.LookPath(conv.program)
		if e != nil {
			continue
		}
		if out, more, err = conv.run(ctx, program, path, limit); err == nil || !isLeftOut(err) {
			return out, more, err
		}
	}
	return nil, false, err
}

func (c converter) run(ctx context.Context, program, path string, limit int64) ([]byte, bool, error) {
	limited, cancel := context.WithTimeout(ctx, converterTime)
	defer cancel()
	cmd := exec.CommandContext(limited, program, append(append([]string{}, c.args...), path)...)
	cmd.Env = converterEnv()
	cmd.WaitDelay = converterGrace
	cmd.SysProcAttr = converterAttributes()
	out := &cappedBuffer{limit: limit, full: cancel}
	complaint := &cappedBuffer{limit: maxConverterComplaint}
	cmd.Stdout, cmd.Stderr = out, complaint

	// Linux ends a process when the thread that started it ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	err := cmd.Start()
	if err != nil {
		return nil, false, batch.NewError(batch.Resource, TypeConverterStart, "%s cannot be started; lower the concurrency", c.program).Wrap(err)
	}
	limitConverter(cmd.Process.Pid)
	err = cmd.Wait()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, false, fileError(ctx.Err())
	case out.over:
		return out.b.Bytes(), true, nil
	case limited.Err() != nil:
		return nil, false, batch.NewError(batch.Data, TypeConverterTimeout, "%s took longer than %s; convert the document to PDF or DOCX", c.program, converterTime)
	case err == nil:
		return out.b.Bytes(), false, nil
	case !errors.As(err, &exit):
		return nil, false, batch.NewError(batch.Resource, TypeConverterStart, "%s cannot be run; lower the concurrency", c.program).Wrap(err)
	}
	if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() && ws.Signal() == syscall.SIGKILL {
		return nil, false, batch.NewError(batch.Resource, TypeConverterKilled, "%s was killed, likely for want of memory; lower the concurrency", c.program).Wrap(err)
	}
	// What it complains of may quote the document: it is only looked at.
	if said := strings.ToLower(complaint.b.String()); strings.Contains(said, "encrypt") || strings.Contains(said, "password") {
		return nil, false, errEncrypted("the document")
	}
	return nil, false, batch.NewError(batch.Data, TypeConverterFailed, "%s cannot read the document; convert it to PDF or DOCX", c.program).Wrap(err)
}

// converterEnv is what a program needs of the environment: no credentials.
func converterEnv() []string {
	env := []string{"LC_ALL=C.UTF-8"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// cappedBuffer keeps the first limit bytes written to it, and calls full, which
// may be nil, when there are more.
type cappedBuffer struct {
	b     bytes.Buffer
	limit int64
	over  bool
	full  func()
}

func (c *cappedBuffer) Write(p []byte) (int, error) {
	if room := c.limit - int64(c.b.Len()); int64(len(p)) > room {
		c.over = true
		c.b.Write(p[:max(room, 0)])
		if c.full != nil {
			c.full()
			return 0, io.ErrShortWrite
		}
		return len(p), nil
	}
	return c.b.Write(p)
}

// installHint is how to get a program of Debian's packages, or of Homebrew's.
func installHint(debian, brew string) string {
	if brew == "" {
		return fmt.Sprintf("apt-get install %s (Debian, Ubuntu)", debian)
	}
	return fmt.Sprintf("apt-get install %s (Debian, Ubuntu) or brew install %s (macOS)", debian, brew)
}
