package cli

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/caseload/caseload/worker/process"
)

// redialEvery is how long after a failure a connection is tried again.
const redialEvery = 2 * time.Second

// reconnecting is a connection to Temporal that comes back: also at another
// address, as a development stack does that is started again.
type reconnecting struct {
	a    *app
	turn chan struct{} // who may dial

	mu      sync.Mutex
	srv     *server
	address string
	err     error
	retry   time.Time
}

func newReconnecting(a *app) *reconnecting {
	return &reconnecting{a: a, turn: make(chan struct{}, 1)}
}

func (r *reconnecting) where() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.address
}

// get is the connection. While there is none it dials, one caller at a time.
func (r *reconnecting) get(ctx context.Context) (*server, error) {
	address, err := process.TemporalAddress(r.a.cfg)
	if err != nil {
		return nil, err
	}
	if srv, err := r.known(address); srv != nil || err != nil {
		return srv, err
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if srv, err := r.known(address); srv != nil || err != nil {
		return srv, err
	}
	srv, err := r.a.connect(ctx)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		err = fmt.Errorf("no queues: Temporal at %s does not answer", address)
		r.err, r.retry, r.address = err, time.Now().Add(redialEvery), address
		return nil, err
	}
	if r.srv != nil {
		r.srv.close()
	}
	r.srv, r.address, r.err = srv, address, nil
	return srv, nil
}

// known is the connection to address, or why there is none; neither if it is time
// to dial.
func (r *reconnecting) known(address string) (*server, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.address != address:
		return nil, nil
	case r.err != nil && time.Now().Before(r.retry):
		return nil, r.err
	case r.err != nil:
		return nil, nil
	}
	return r.srv, nil
}

func (r *reconnecting) close() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.srv != nil {
		r.srv.close()
		r.srv = nil
	}
}
