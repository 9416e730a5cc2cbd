// Package prom shows what a worker does to Prometheus: its own counters, which
// it takes from events, gauges that are sampled, and the Temporal SDK's metrics.
//
// Every label has a few values that are known beforehand: no batch, project,
// document, fingerprint or host is one.
package prom

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	otelprom "go.opentelemetry.io/otel/exporters/prometheus"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
)

// Metrics are the metrics of one process. It is a metrics.Sink. Use New.
type Metrics struct {
	registry *prometheus.Registry
	sdk      *sdkmetric.MeterProvider
	events   events
	gauges   gauges
}

// sdkBuckets are the upper bounds, in seconds, of the SDK's latencies: from a
// call to the server to a workflow of days.
var sdkBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 86400}

// New is a registry with the metrics of the process, of Go's runtime, of the SDK
// and of Caseload.
func New() (*Metrics, error) {
	m := &Metrics{registry: prometheus.NewRegistry(), events: newEvents(), gauges: newGauges()}
	err := m.Register(
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewGoCollector(),
	)
	err = errors.Join(err, m.Register(m.events.collectors()...), m.Register(m.gauges.collectors()...))
	if err != nil {
		return nil, err
	}
	exporter, err := otelprom.New(otelprom.WithRegisterer(m.registry), otelprom.WithoutScopeInfo(), otelprom.WithoutTargetInfo())
	if err != nil {
		return nil, fmt.Errorf("metrics of the Temporal SDK: %w", err)
	}
	seconds := sdkmetric.NewView(
		sdkmetric.Instrument{Kind: sdkmetric.InstrumentKindHistogram},
		sdkmetric.Stream{Aggregation: sdkmetric.AggregationExplicitBucketHistogram{Boundaries: sdkBuckets}},
	)
	m.sdk = sdkmetric.NewMeterProvider(sdkmetric.WithReader(exporter), sdkmetric.WithView(seconds))
	return m, nil
}

// SDK is what a Temporal client, and the workers on it, count with.
func (m *Metrics) SDK() client.MetricsHandler {
	return opentelemetry.NewMetricsHandler(opentelemetry.MetricsHandlerOptions{
		Meter:                m.sdk.Meter("temporal-sdk-go"),
		UseMonotonicCounters: true,
		// A metric less is no reason to stop a worker.
		OnError: func(error) {},
	})
}

// Register adds metrics that the process has of its own.
func (m *Metrics) Register(cs ...prometheus.Collector) error {
	for _, c := range cs {
		if err := m.registry.Register(c); err != nil {
			return fmt.Errorf("register metrics: %w", err)
		}
	}
	return nil
}

// Handler answers a scrape, in the text format or OpenMetrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{EnableOpenMetrics: true, MaxRequestsInFlight: 4})
}

// Close ends the SDK's metrics.
func (m *Metrics) Close(ctx context.Context) error { return m.sdk.Shutdown(ctx) }
