package activities

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/source"
	"github.com/caseload/caseload/store"
)

// throttleFresh is how long a worker believes what it read of a throttle. Within
// that time all workers leave alone a service that asked one of them to.
const throttleFresh = time.Second

// throttleSpread is the share of the time left over which those who wait for a
// service come back, so that they do not come all at once.
const throttleSpread = 0.2

// throttles is what a worker knows of services that asked for fewer requests.
type throttles struct {
	mu    sync.Mutex
	known map[string]knownThrottle
}

type knownThrottle struct {
	store.Throttle
	readAt time.Time
}

// deferredError puts a document off that needs a service which is left alone.
type deferredError struct{ delay time.Duration }

func (e *deferredError) Error() string { return "its service is left alone for a while" }

// mayAsk is an error while the service that holds uri is to be left alone.
func (d *Documents) mayAsk(ctx context.Context, uri string) error {
	t, err := d.throttleOf(ctx, source.Service(uri))
	if err != nil {
		return err
	}
	left := time.Until(t.Until)
	if left <= 0 {
		return nil
	}
	return &deferredError{left + time.Duration(throttleSpread*rand.Float64()*float64(left))}
}

// asked notes how the service that holds uri answered.
func (d *Documents) asked(ctx context.Context, uri string, answer error) error {
	service := source.Service(uri)
	e, categorised := batch.AsError(answer)
	limited := categorised && e.Category == batch.RateLimit
	switch {
	case service == "", answer != nil && !limited:
		return nil
	case limited:
		policy := d.Policies[batch.RateLimit]
		t, err := d.Store.Strike(ctx, service, time.Now(), func(strikes int) time.Duration {
			delay, _ := policy.Delay(min(strikes, max(policy.Retries(), 1)), e.RetryAfter)
			return delay
		})
		d.throttles.know(t)
		return err
	}
	t, err := d.throttleOf(ctx, service)
	if err != nil || t.Strikes == 0 {
		return err
	}
	d.throttles.know(store.Throttle{Service: service})
	return d.Store.Unthrottle(ctx, service)
}

func (d *Documents) throttleOf(ctx context.Context, service string) (store.Throttle, error) {
	if service == "" {
		return store.Throttle{}, nil
	}
	if t, fresh := d.throttles.get(service); fresh {
		return t, nil
	}
	t, err := d.Store.Throttle(ctx, service)
	if err == nil {
		d.throttles.know(t)
	}
	return t, err
}

func (t *throttles) get(service string) (store.Throttle, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	k, ok := t.known[service]
	return k.Throttle, ok && time.Since(k.readAt) < throttleFresh
}

func (t *throttles) know(s store.Throttle) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.known == nil {
		t.known = map[string]knownThrottle{}
	}
	t.known[s.Service] = knownThrottle{s, time.Now()}
}
