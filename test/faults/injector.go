package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
)

// Fault is one that was injected.
type Fault struct {
	Rule  int    `json:"rule"` // of the plan, from 0
	Kind  Kind   `json:"kind"`
	Place string `json:"place"`
	Key   string `json:"key"` // the ID of the workflow whose activity it hit
	Nth   int    `json:"nth"` // of this rule at this key and place, from 1
}

// counted is what faults are counted by.
type counted struct {
	rule       int
	key, place string
}

// Injector injects a plan's faults. It is safe for concurrent use.
type Injector struct {
	plan Plan
	log  *os.File // nil for none

	mu   sync.Mutex
	done map[counted]int
	kill func() // ends the process
}

// New is an Injector for a plan. Each fault is written to the file log, unless
// that is "", before it happens; faults that it lists already count as done, so
// that a worker that was killed goes on where it was.
func New(plan Plan, log string) (*Injector, error) {
	in := &Injector{plan: plan, done: map[counted]int{}, kill: killSelf}
	if log == "" {
		return in, nil
	}
	f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	before, size, err := readLog(f)
	if err == nil {
		err = f.Truncate(size)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	for _, f := range before {
		in.done[counted{f.Rule, f.Key, f.Place}]++
	}
	in.log = f
	return in, nil
}

// ReadLog lists the faults that were written to a log. A last line that is cut
// off, its writer having been killed, is left out.
func ReadLog(name string) ([]Fault, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	all, _, err := readLog(f)
	return all, err
}

// readLog also answers how many bytes the whole lines have.
func readLog(f io.Reader) (all []Fault, size int64, err error) {
	for r := bufio.NewReader(f); ; {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return all, size, nil
		}
		if err != nil {
			return nil, 0, err
		}
		var x Fault
		if err := json.Unmarshal(line, &x); err != nil {
			return nil, 0, fmt.Errorf("log of faults: %w", err)
		}
		all, size = append(all, x), size+int64(len(line))
	}
}

// slowTime is longer than a cache may take for an answer.
const slowTime = 2 * time.Second

// Run is do at a place, or a fault.
func (in *Injector) Run(ctx context.Context, place string, do func(context.Context) error) error {
	f, err := in.next(keyOf(ctx), place)
	if err != nil {
		return err
	}
	switch {
	case f == nil:
		return do(ctx)
	case f.Kind == Lost:
		if err := do(ctx); err != nil {
			return err
		}
		return errorOf(batch.Transient, f.Nth)
	case f.Kind == Slow:
		select {
		case <-time.After(slowTime):
			return do(ctx)
		case <-ctx.Done():
			return ctx.Err()
		}
	case f.Kind == Kill:
		in.kill()
	case f.Kind == KillAfter:
		err := do(ctx)
		in.kill()
		return err
	}
	c, _ := f.Kind.category()
	return errorOf(c, f.Nth)
}

// next is the fault that is due at a place, counted, or nil.
func (in *Injector) next(key, place string) (*Fault, error) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for i, r := range in.plan.Rules {
		at := counted{i, key, place}
		if in.done[at] >= in.plan.times(i, key, place) {
			continue
		}
		in.done[at]++
		f := &Fault{Rule: i, Kind: r.Kind, Place: place, Key: key, Nth: in.done[at]}
		return f, in.write(f)
	}
	return nil, nil //nolint:nilnil // no fault is no error
}

func (in *Injector) write(f *Fault) error {
	if in.log == nil {
		return nil
	}
	line, err := json.Marshal(f)
	if err == nil {
		_, err = in.log.Write(append(line, '\n'))
	}
	return err
}

// keyOf is the workflow whose activity runs: a document's, or a batch's.
func keyOf(ctx context.Context) string {
	if !activity.IsActivity(ctx) {
		return ""
	}
	return activity.GetInfo(ctx).WorkflowExecution.ID
}

// errorOf is an error of a category as it comes from the world: classified by
// what it is, not by what it says. nth picks among several.
func errorOf(c batch.Category, nth int) error {
	var all []error
	switch c {
	case batch.Transient:
		all = []error{
			&net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)},
			context.DeadlineExceeded,
			classify.HTTPStatus(http.StatusServiceUnavailable, nil, time.Now()),
		}
	case batch.Resource:
		all = []error{os.NewSyscallError("write", syscall.ENOSPC), os.NewSyscallError("open", syscall.EMFILE)}
	case batch.RateLimit:
		all = []error{classify.HTTPStatus(http.StatusTooManyRequests, http.Header{"Retry-After": {"1"}}, time.Now())}
	case batch.Configuration:
		all = []error{classify.HTTPStatus(http.StatusUnauthorized, nil, time.Now())}
	case batch.Data:
		all = []error{batch.NewError(batch.Data, "InjectedFault", "a fault was injected")}
	default:
		all = []error{errors.New("a fault was injected")}
	}
	return all[nth%len(all)]
}

func killSelf() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until the signal comes
}
