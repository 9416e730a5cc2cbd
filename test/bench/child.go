package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// stopTimeout is how long a process that was asked to stop has.
const stopTimeout = 30 * time.Second

// child is a process that this program started.
type child struct {
	process
	cmd   *exec.Cmd
	out   bytes.Buffer // read once it has ended
	words tail
	ended chan struct{} // closed when it has ended
	err   error         // set before ended is closed
}

// startChild starts a program. Whoever starts it stops it.
func startChild(program string, env []string, args ...string) (*child, error) {
	c := &child{cmd: exec.Command(program, args...), ended: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), env...)
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.words
	c.cmd.SysProcAttr = childAttributes()
	started := make(chan error)
	go func() {
		// Linux ends the process when the thread that started it ends.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := c.cmd.Start()
		started <- err
		if err == nil {
			c.err = c.cmd.Wait()
			close(c.ended)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(program), err)
	}
	c.process = process(c.cmd.Process.Pid)
	return c, nil
}

// stop asks the process to end and waits until it has.
func (c *child) stop() error {
	select {
	case <-c.ended:
		return nil
	default:
	}
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-c.ended:
	case <-time.After(stopTimeout):
		if err := c.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return err
		}
		<-c.ended
	}
	return nil
}

// wait waits for the process's end, and stops it when ctx ends.
func (c *child) wait(ctx context.Context) error {
	select {
	case <-c.ended:
		return c.failure()
	case <-ctx.Done():
		return errors.Join(ctx.Err(), c.stop())
	}
}

func (c *child) failure() error {
	if c.err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w: %s", filepath.Base(c.cmd.Path), c.err, c.words.String())
}

// during runs do while the process runs, and then stops it. The context that do
// gets ends when the process does.
func (c *child) during(ctx context.Context, do func(context.Context) error) (err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer func() { err = errors.Join(err, c.stop()) }()
	go func() {
		select {
		case <-c.ended:
			cancel(fmt.Errorf("%s ended by itself: %s", filepath.Base(c.cmd.Path), c.words.String()))
		case <-ctx.Done():
		}
	}()
	return causeOf(ctx, do(ctx))
}

// tail keeps the last of what a process says.
type tail struct {
	mu sync.Mutex
	b  []byte
}

const tailBytes = 2000

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if extra := len(t.b) - tailBytes; extra > 0 {
		t.b = t.b[extra:]
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.b))
}
