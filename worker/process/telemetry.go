package process

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/otel"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/metrics/prom"
	"github.com/caseload/caseload/metrics/tracing"
)

// Telemetry is what a process tells of itself: metrics if metrics.listen is set
// and it serves task queues, traces if tracing.endpoint is. What is not set is
// nil, and costs nothing.
type Telemetry struct {
	Metrics *prom.Metrics
	Tracer  *tracing.Tracer

	interceptors []interceptor.ClientInterceptor
}

// NewTelemetry is the telemetry of a process called service, such as
// "caseload-starter". Without a worker in it, it has no metrics.
func NewTelemetry(ctx context.Context, cfg *config.Config, service string, log *slog.Logger) (*Telemetry, error) {
	t := &Telemetry{}
	if cfg.Tracing.Endpoint == "" {
		return t, nil
	}
	var err error
	t.Tracer, err = tracing.New(ctx, tracing.Config{
		Endpoint: cfg.Tracing.Endpoint, Protocol: tracing.Protocol(cfg.Tracing.Protocol), Service: service, Instance: identity(),
	})
	if err != nil {
		return nil, err
	}
	i, err := t.Tracer.Interceptor()
	if err != nil {
		return nil, err
	}
	t.interceptors = append(t.interceptors, i)
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces not sent", "error", err) }))
	return t, nil
}

// NewWorkerTelemetry is NewTelemetry for a process that serves task queues.
func NewWorkerTelemetry(ctx context.Context, cfg *config.Config, log *slog.Logger) (*Telemetry, error) {
	t, err := NewTelemetry(ctx, cfg, "caseload-worker", log)
	if err != nil || cfg.Metrics.Listen == "" {
		return t, err
	}
	if t.Metrics, err = prom.New(); err != nil {
		return nil, errors.Join(err, t.Close())
	}
	return t, nil
}

// Client adds the telemetry to the options of a Temporal client, and so to the
// workers on it.
func (t *Telemetry) Client(o *client.Options) {
	o.Identity = identity()
	if t == nil {
		return
	}
	if t.Metrics != nil {
		o.MetricsHandler = t.Metrics.SDK()
	}
	o.Interceptors = append(o.Interceptors, t.interceptors...)
}

// Sink counts events for Prometheus; nil if there are no metrics.
func (t *Telemetry) Sink() metrics.Sink {
	if t.Metrics == nil {
		return nil
	}
	return t.Metrics
}

// closeTimeout bounds how long the SDK's metrics take to end.
const closeTimeout = time.Second

// Close sends the spans that are left.
func (t *Telemetry) Close() error {
	err := t.Tracer.Close()
	if t.Metrics != nil {
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		err = errors.Join(err, t.Metrics.Close(ctx))
	}
	return err
}

// identity is how Temporal and the collector of traces know this process.
func identity() string {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	return fmt.Sprintf("%d@%s", os.Getpid(), host)
}
