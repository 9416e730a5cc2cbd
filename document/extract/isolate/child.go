package isolate

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
)

// child is a process that reads documents.
type child struct {
	cmd   *exec.Cmd
	wire  *wire
	said  complaint
	ended chan struct{} // closed when it has ended, and its pipes with it
	used  bool          // it has read a document
}

// start starts a process and says what it reads with.
func start(cfg Config) (*child, error) {
	program, err := self()
	if err != nil {
		return nil, err
	}
	// Two pipes, whose far ends are closed here once the process has them.
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(err, theirIn.Close(), ourOut.Close())
	}
	c := &child{ended: make(chan struct{})}
	c.cmd = exec.Command(program, cfg.Args...)
	c.cmd.Args[0] = os.Args[0]
	c.cmd.Env, c.cmd.SysProcAttr = cfg.Env, processAttributes()
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = theirIn, theirOut, &c.said
	c.wire = newWire(ourIn, ourOut)
	started := make(chan error)
	go func() {
		// Linux ends a process when the thread that started it ends.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := errors.Join(c.cmd.Start(), theirIn.Close(), theirOut.Close())
		started <- err
		if c.cmd.Process != nil {
			_ = c.cmd.Wait() // its state is looked at
		}
		_ = errors.Join(ourIn.Close(), ourOut.Close()) // nobody is at the other end
		close(c.ended)
	}()
	if err := <-started; err != nil {
		c.kill()
		<-c.ended
		return nil, err
	}
	if err := c.wire.send(cfg.Setup); err != nil {
		c.kill()
		<-c.ended
		return nil, err
	}
	return c, nil
}

// kill ends the process; one that has ended stays so.
func (c *child) kill() {
	if c.cmd.Process != nil {
		_ = c.cmd.Process.Kill()
	}
}

func (c *child) alive() bool {
	select {
	case <-c.ended:
		return false
	default:
		return true
	}
}

// outOfMemory says whether the process ended for want of memory: Go's runtime
// says so in most cases, and else it held nearly as much as it may.
func (c *child) outOfMemory(limit int64) bool {
	said := c.said.String()
	for _, words := range []string{
		"out of memory", "cannot allocate memory", "stack exceeds", "pthread_create failed", "failed to create new OS thread",
	} {
		if strings.Contains(said, words) {
			return true
		}
	}
	return !c.killed() && limit > 0 && peak(c.cmd.ProcessState) > limit*3/4
}

// killed says whether another process ended it.
func (c *child) killed() bool {
	if c.cmd.ProcessState == nil {
		return false
	}
	ws, ok := c.cmd.ProcessState.Sys().(syscall.WaitStatus)
	return ok && ws.Signaled() && ws.Signal() == syscall.SIGKILL
}

// maxComplaint is how much is kept of what a process says on stderr, in bytes.
const maxComplaint = 4 << 10

// complaint is the beginning of what a process says as it crashes. It may quote
// the document, so it is only looked at.
type complaint struct {
	mu sync.Mutex
	b  []byte
}

func (c *complaint) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.b = append(c.b, p[:min(len(p), maxComplaint-len(c.b))]...)
	return len(p), nil
}

func (c *complaint) String() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.b)
}
