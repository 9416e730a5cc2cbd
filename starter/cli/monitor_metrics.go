package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/starter/monitor"
	"github.com/caseload/caseload/worker/process"
)

// metricsTimeout is how long Redis may take for all that the monitor asks.
const metricsTimeout = 3 * time.Second

// metricsSource reads metrics from Redis, which may be missing, go and come back,
// also at another address.
type metricsSource struct {
	a *app

	mu      sync.Mutex
	address string
	client  *redis.Client
}

func newMetricsSource(a *app) *metricsSource { return &metricsSource{a: a} }

// redisAddress is the host:port of the Redis server, "" if there is none.
func redisAddress(cfg *config.Config) (string, error) {
	if cfg.Redis.Address != "" {
		return cfg.Redis.Address, nil
	}
	s, ok, err := stack.Read(cfg.DataDir)
	if err != nil || !ok {
		return "", err
	}
	return s.Redis, nil
}

// open is a collector over the server, and where that is.
func (m *metricsSource) open() (*metrics.Collector, string, error) {
	address, err := redisAddress(m.a.cfg)
	if err != nil {
		return nil, "", err
	}
	if address == "" {
		return nil, "", fmt.Errorf("no metrics: redis.address is not set, and no stack runs on %s", m.a.cfg.DataDir)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.client == nil || m.address != address {
		c, err := process.OpenRedis(m.a.cfg)
		if err != nil {
			return nil, "", err
		}
		if c == nil {
			return nil, "", fmt.Errorf("no metrics: the stack on %s has just stopped", m.a.cfg.DataDir)
		}
		if m.client != nil {
			_ = m.client.Close() // its server is gone
		}
		m.client, m.address = c, address
	}
	return metrics.NewCollector(m.client, process.MetricsOptions(m.a.cfg, m.a.log)), address, nil
}

func (m *metricsSource) close() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.client != nil {
		_ = m.client.Close() // nothing is written
	}
}

// read is what the monitor shows of the metrics at now.
func (m *metricsSource) read(ctx context.Context, now time.Time) (monitor.Metrics, error) {
	c, address, err := m.open()
	if err != nil {
		return monitor.Metrics{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, metricsTimeout)
	defer cancel()
	var (
		out monitor.Metrics
		sum metrics.ErrorSummary
	)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		out.Workers, err = c.ResourceUsage(ctx, now.Add(-monitor.StagesSpan), now)
		return err
	})
	g.Go(func() (err error) {
		out.Stages, err = c.StageMetrics(ctx, now.Add(-monitor.StagesSpan), now)
		return err
	})
	g.Go(func() (err error) {
		out.Day, err = c.BatchMetrics(ctx, now.Add(-24*time.Hour), now)
		return err
	})
	g.Go(func() (err error) {
		sum, err = c.ErrorSummary(ctx, now.Add(-24*time.Hour), now)
		return err
	})
	err = g.Wait()
	out.Seen = sum.Total
	return out, metricsError(address, err)
}

// metricsError says for a person why there are no metrics.
func metricsError(address string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, metrics.ErrUnreachable):
		return fmt.Errorf("no metrics: Redis at %s does not answer", address)
	}
	return fmt.Errorf("no metrics: Redis at %s: %w", address, err)
}
