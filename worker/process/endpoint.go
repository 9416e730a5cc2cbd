package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics/prom"
)

// sampleEvery is how often the gauges are read that the store and Temporal are
// asked for, however often the worker is scraped.
const sampleEvery = 15 * time.Second

// endpoint is the worker's HTTP endpoint: /metrics, /healthz and /readyz.
type endpoint struct {
	metrics  *prom.Metrics
	probe    *probe
	health   *health
	listener net.Listener
	server   *http.Server
	log      *slog.Logger
}

// newEndpoint listens on address, so that one that is taken is told at once.
func newEndpoint(address string, m *prom.Metrics, p *probe, h *health, log *slog.Logger) (*endpoint, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("metrics.listen: %w: give each worker of a machine an address of its own, or port 0", err)
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", m.Handler())
	mux.HandleFunc("GET /healthz", h.live)
	mux.HandleFunc("GET /readyz", h.ready)
	return &endpoint{
		metrics: m, probe: p, health: h, listener: l, log: log,
		server: &http.Server{Handler: mux, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelDebug)},
	}, nil
}

// run answers, and samples, until ctx ends.
func (e *endpoint) run(ctx context.Context) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() { e.sample(ctx) })
	wg.Go(func() {
		<-ctx.Done()
		e.close()
	})
	e.log.Info("answering /metrics, /healthz and /readyz", "address", e.listener.Addr().String())
	if err := e.server.Serve(e.listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
		e.log.Error("metrics are not served any more", "error", err)
	}
}

// sample reads the gauges until ctx ends.
func (e *endpoint) sample(ctx context.Context) {
	tick := time.NewTicker(sampleEvery)
	defer tick.Stop()
	for {
		e.sampleOnce(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (e *endpoint) sampleOnce(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Go(func() {
		standing, err := e.probe.standing(ctx)
		if e.noted(prom.SourceStore, err) {
			e.metrics.Standing(standing)
		}
	})
	wg.Go(func() {
		backlogs, err := e.probe.backlogs(ctx)
		if e.noted(prom.SourceTemporal, err) {
			e.metrics.Backlogs(backlogs)
		}
	})
	if e.probe.redis != nil {
		wg.Go(func() {
			if e.noted(prom.SourceRedis, e.probe.askRedis(ctx)) {
				e.metrics.Answered(prom.SourceRedis)
			}
		})
	}
}

// noted says whether there is a sample, and notes that there is none.
func (e *endpoint) noted(s prom.Source, err error) bool {
	if err != nil {
		e.metrics.Silent(s)
		e.log.Debug("not sampled", "source", s, "error", err)
	}
	return err == nil
}

func (e *endpoint) close() {
	_ = e.server.Close() // the process ends
	_ = e.listener.Close()
}

// coreUsage reads a gate as Prometheus is shown it.
func coreUsage(g *cores.Gate) func() prom.CoreUsage {
	return func() prom.CoreUsage {
		u := g.Usage()
		out := prom.CoreUsage{Cores: u.Cores, Held: map[batch.Band]int{}, Waiting: map[batch.Band]int{}}
		for _, b := range u.Bands {
			out.Held[b.Band], out.Waiting[b.Band] = b.Held, b.Waiting
		}
		return out
	}
}
