package isolate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"syscall"
	"time"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/extract"
)

// maxStack ends a process whose parser calls itself without end, in bytes.
const maxStack = 128 << 20

// Serve reads documents for the process at the other end of the pipes, until it
// closes them; then it ends this process, whatever it is reading. It returns
// only if it cannot begin.
func Serve(r io.Reader, w io.Writer) error {
	// Ctrl-C and a service manager's stop reach all processes of a group: the
	// worker ends its documents first, and this process with it.
	signal.Ignore(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	x := newWire(r, w)
	var setup Setup
	if err := x.receive(&setup); err != nil {
		return fmt.Errorf("read documents: %w", err)
	}
	if err := limitSelf(setup.Memory); err != nil {
		return fmt.Errorf("read documents: limit memory: %w", err)
	}
	debug.SetMaxStack(maxStack)
	if setup.Memory > 0 {
		debug.SetMemoryLimit(setup.Memory * 3 / 4)
	}
	engines, err := NewEngines(setup)
	if err != nil {
		return err
	}
	s := &server{wire: x, engines: engines, memory: setup.Memory}
	requests := make(chan request)
	go func() {
		for {
			var req request
			if err := x.receive(&req); err != nil {
				os.Exit(0) // nobody asks any more
			}
			requests <- req
		}
	}()
	for req := range requests {
		if err := s.answer(req); err != nil {
			os.Exit(1) // nobody listens
		}
	}
	return nil
}

type server struct {
	wire    *wire
	engines *Engines
	memory  int64 // bytes that the process may hold; 0 for no limit
}

// checkEvery is how often a process that reads looks at what it holds.
const checkEvery = 10 * time.Millisecond

// bound ends the process while it holds more than it may, until stop is called.
func (s *server) bound() (stop func()) {
	if s.memory <= 0 {
		return func() {}
	}
	done := make(chan struct{})
	go func() {
		tick := time.NewTicker(checkEvery)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				s.check()
			}
		}
	}()
	return func() { close(done); s.check() }
}

func (s *server) check() {
	if overLimit(s.memory) {
		fmt.Fprintln(os.Stderr, "out of memory: over the limit")
		os.Exit(2)
	}
}

// answer does what req asks for. Its error is one of the pipe.
func (s *server) answer(req request) error {
	var last reply
	var picture *image.Gray
	var pipe error
	enough := s.bound()
	func() {
		defer func() {
			if v := recover(); v != nil {
				if last = (reply{Starved: wantsMemory(v)}); last.Starved {
					return
				}
				// The panic's value may quote the document: only its type is told.
				last.Panic = &panicked{fmt.Sprintf("%T", v), panicSite()}
			}
		}()
		var err error
		switch ctx := context.Background(); req.Op {
		case opExtract:
			if last.Content, err = s.engines.Extract(ctx, req.Input); err == nil {
				err = writeParts(req.Input.Dir, last.Content)
			}
		case opRender:
			err = s.engines.Render(ctx, req.Input.Path, req.Pages, req.DPI, func(page int, img *image.Gray, dpi int) error {
				pipe = s.wire.sendReply(reply{More: true, Page: page, DPI: dpi}, img)
				return pipe
			})
		case opPicture:
			picture, err = s.engines.Picture(ctx, req.Input.Path, req.Offset)
		case opAddText:
			err = s.engines.AddText(ctx, req.Input.Path, req.Words, req.To)
		default:
			err = errors.New("unknown request")
		}
		if err != nil {
			last.Content, picture = nil, nil
		}
		if last.Starved = errors.Is(err, syscall.ENOMEM); !last.Starved {
			last.Failure = failureOf(err)
		}
	}()
	enough()
	if pipe != nil {
		return pipe
	}
	last.Memory = held()
	return s.wire.sendReply(last, picture)
}

// writeParts puts attachments into files of dir, so that they need not pass
// through the memory of whoever asked.
func writeParts(dir string, c *document.Content) error {
	if dir == "" {
		return nil
	}
	for i := range c.Parts {
		p := &c.Parts[i]
		if p.Path != "" || p.Refused != nil {
			continue
		}
		f, err := os.CreateTemp(dir, "part-")
		if err == nil {
			_, err = f.Write(p.Data)
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			return extract.PartError(err)
		}
		p.Path, p.Data = filepath.Join(dir, filepath.Base(f.Name())), nil
	}
	return nil
}

// held is the memory that Go's runtime holds, in bytes.
func held() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}

// wantsMemory says whether a panic is of Go's runtime, or of its library, about
// memory of a size that no process has.
func wantsMemory(v any) bool {
	said := fmt.Sprint(v)
	for _, words := range []string{"makeslice: ", "growslice: ", bytes.ErrTooLarge.Error(), "Repeat output length overflow"} {
		if strings.Contains(said, words) {
			return true
		}
	}
	return false
}

// panicSite is the function and line that panicked, called from a deferred
// function.
func panicSite() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if !more || !strings.HasPrefix(f.Function, "runtime.") {
			return fmt.Sprintf("%s:%d", f.Function, f.Line)
		}
	}
}
