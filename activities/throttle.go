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

// throttleStore is where all workers note the services that asked for fewer
// requests.
type throttleStore interface {
	Throttle(ctx context.Context, service string) (store.Throttle, error)
	Strike(ctx context.Context, service string, now time.Time, delay func(strikes int) time.Duration) (store.Throttle, error)
	Unthrottle(ctx context.Context, service string) error
}

// throttles is what a worker knows of services that asked for fewer requests.
type throttles struct {
	mu    sync.Mutex
	known map[string]knownThrottle
}

type knownThrottle struct {
	store.Throttle
	readAt time.Time
}

// deferredError puts off what needs a service which is left alone.
type deferredError struct{ delay time.Duration }

func (e *deferredError) Error() string { return "its service is left alone for a while" }

func (e *deferredError) Unwrap() error {
	return batch.NewError(batch.RateLimit, "ServiceLeftAlone", "the source asked for fewer requests; it is asked again later")
}

// mayAsk is a deferredError while the service that holds uri is to be left alone.
func (t *throttles) mayAsk(ctx context.Context, s throttleStore, uri string) error {
	return t.mayAskService(ctx, s, source.Service(uri))
}

// mayAskService is mayAsk of a service by its name.
func (t *throttles) mayAskService(ctx context.Context, s throttleStore, service string) error {
	throttle, err := t.of(ctx, s, service)
	if err != nil {
		return err
	}
	left := time.Until(throttle.Until)
	if left <= 0 {
		return nil
	}
	return &deferredError{left + time.Duration(throttleSpread*rand.Float64()*float64(left))}
}

// asked notes how the service that holds uri answered; policy is the one for
// RATE_LIMIT.
func (t *throttles) asked(ctx context.Context, s throttleStore, policy batch.RetryPolicy, uri string, answer error) error {
	return t.askedService(ctx, s, policy, source.Service(uri), answer)
}

// askedService is asked of a service by its name.
func (t *throttles) askedService(ctx context.Context, s throttleStore, policy batch.RetryPolicy, service string, answer error) error {
	e, categorised := batch.AsError(answer)
	limited := categorised && e.Category == batch.RateLimit
	switch {
	case service == "", answer != nil && !limited:
		return nil
	case limited:
		throttle, err := s.Strike(ctx, service, time.Now(), func(strikes int) time.Duration {
			delay, _ := policy.Delay(min(strikes, max(policy.Retries(), 1)), e.RetryAfter)
			return delay
		})
		t.know(throttle)
		return err
	}
	throttle, err := t.of(ctx, s, service)
	// A request that was under way when another was turned down says nothing of what
	// the service takes now.
	if err != nil || throttle.Strikes == 0 || time.Now().Before(throttle.Until) {
		return err
	}
	t.know(store.Throttle{Service: service})
	return s.Unthrottle(ctx, service)
}

func (t *throttles) of(ctx context.Context, s throttleStore, service string) (store.Throttle, error) {
	if service == "" {
		return store.Throttle{}, nil
	}
	if known, fresh := t.get(service); fresh {
		return known, nil
	}
	read, err := s.Throttle(ctx, service)
	if err == nil {
		t.know(read)
	}
	return read, err
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
