package process

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Phases of a worker process.
const (
	phaseStarting int32 = iota
	phaseServing
	phaseStopping
	phaseFailed
)

// healthFresh is how long an answer about readiness stands for the next: a probe
// that is asked often asks nobody more often than that.
const healthFresh = 2 * time.Second

// Words of the answers. They say nothing of addresses or paths: the log does.
const (
	wordOK          = "ok"
	wordReady       = "ready"
	wordDegraded    = "degraded" // works on, without what only speeds it up or shows how it goes
	wordUnready     = "unready"
	wordStarting    = "starting"
	wordStopping    = "stopping"
	wordFailed      = "failed"
	wordUnreachable = "unreachable"
	wordNotPolled   = "not polled"
	wordNone        = "not configured"
)

// health answers whether the process lives and whether it can work.
type health struct {
	probe *probe
	phase atomic.Int32

	mu     sync.Mutex
	latest readiness
	asOf   time.Time
}

// readiness is the body of /readyz.
type readiness struct {
	Status   string            `json:"status"`
	Store    string            `json:"store"`
	Temporal string            `json:"temporal"`
	Redis    string            `json:"redis"`
	Queues   map[string]string `json:"queues"`
}

func (r readiness) ready() bool { return r.Status == wordReady || r.Status == wordDegraded }

// live is /healthz: 200 unless the worker has broken down and needs a new start.
func (h *health) live(w http.ResponseWriter, _ *http.Request) {
	status := map[int32]string{
		phaseStarting: wordStarting, phaseServing: wordOK, phaseStopping: wordStopping, phaseFailed: wordFailed,
	}[h.phase.Load()]
	answer(w, status != wordFailed, map[string]string{"status": status})
}

// ready is /readyz: 200 if the store and Temporal answer and the worker asks
// each of its queues for work.
func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	body := h.readiness(r.Context())
	answer(w, body.ready(), body)
}

func (h *health) readiness(ctx context.Context) readiness {
	h.mu.Lock()
	defer h.mu.Unlock()
	if time.Since(h.asOf) > healthFresh {
		// One caller that hangs up must not be the next one's answer.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
		defer cancel()
		h.latest, h.asOf = h.ask(ctx), time.Now()
	}
	r := h.latest
	switch h.phase.Load() {
	case phaseStarting:
		r.Status = wordStarting
	case phaseStopping:
		r.Status = wordStopping
	case phaseFailed:
		r.Status = wordFailed
	}
	return r
}

// ask asks all at once.
func (h *health) ask(ctx context.Context) readiness {
	r := readiness{Status: wordReady, Store: wordOK, Temporal: wordOK, Redis: wordOK, Queues: map[string]string{}}
	var wg sync.WaitGroup
	var storeErr, temporalErr, redisErr error
	var polled map[string]bool
	wg.Go(func() { storeErr = h.probe.askStore(ctx) })
	wg.Go(func() { polled, temporalErr = h.probe.polled(ctx) })
	if h.probe.redis != nil {
		wg.Go(func() { redisErr = h.probe.askRedis(ctx) })
	}
	wg.Wait()
	switch {
	case h.probe.redis == nil:
		r.Redis = wordNone
	case redisErr != nil:
		r.Redis, r.Status = wordUnreachable, wordDegraded
	}
	if storeErr != nil {
		r.Store, r.Status = wordUnreachable, wordUnready
	}
	if temporalErr != nil {
		r.Temporal, r.Status = wordUnreachable, wordUnready
		return r
	}
	for queue, ok := range polled {
		r.Queues[queue] = wordOK
		if !ok {
			r.Queues[queue], r.Status = wordNotPolled, wordUnready
		}
	}
	return r
}

func answer(w http.ResponseWriter, ok bool, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if !ok {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(body) // who asked may have gone
}
