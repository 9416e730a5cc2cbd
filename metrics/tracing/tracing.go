// Package tracing follows a batch from its submission to each stage on each
// document, as OpenTelemetry traces. Spans carry IDs, row numbers, stages and
// categories: nothing of a document.
package tracing

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/interceptor"

	"github.com/caseload/caseload/batch"
)

// Protocol is how spans travel to the collector, by OpenTelemetry's names.
type Protocol string

// The protocols.
const (
	HTTP Protocol = "http/protobuf"
	GRPC Protocol = "grpc"
)

// Config says where spans go.
type Config struct {
	Endpoint string   // URL of the collector, such as http://127.0.0.1:4318
	Protocol Protocol // HTTP if empty
	Service  string   // who sends: caseload-worker, caseload-starter
	Instance string   // which of them
}

// Tracer makes spans and sends them to a collector. A nil one does nothing.
type Tracer struct {
	provider *sdktrace.TracerProvider
	tracer   trace.Tracer
}

// scope names the instrumentation.
const scope = "github.com/caseload/caseload"

// New is a Tracer that sends in the background: a collector that is slow or gone
// costs spans, and nothing else. Headers, TLS and sampling are as OpenTelemetry's
// own environment variables say (OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER).
func New(ctx context.Context, c Config) (*Tracer, error) {
	exporter, err := newExporter(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("tracing.endpoint: %w", err)
	}
	// Attributes of the process, such as its arguments, would name documents.
	self, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", c.Service), attribute.String("service.instance.id", c.Instance)))
	if err != nil {
		return nil, fmt.Errorf("tracing: %w", err)
	}
	// The provider stays out of the global one: libraries that trace by that put
	// URIs into their spans.
	p := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(self))
	return &Tracer{provider: p, tracer: p.Tracer(scope)}, nil
}

func newExporter(ctx context.Context, c Config) (*otlptrace.Exporter, error) {
	switch c.Protocol {
	case GRPC:
		return otlptracegrpc.New(ctx, otlptracegrpc.WithEndpointURL(c.Endpoint))
	case HTTP, "":
		u, err := url.JoinPath(c.Endpoint, "v1", "traces")
		if err != nil {
			return nil, err
		}
		return otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(u))
	}
	return nil, fmt.Errorf("protocol %q: want %s or %s", c.Protocol, HTTP, GRPC)
}

// Interceptor carries traces through workflows and activities. It is nil if t is.
// Queries and signals are left out: status commands ask every second, and shards
// report by signals.
func (t *Tracer) Interceptor() (interceptor.Interceptor, error) {
	if t == nil {
		return nil, nil
	}
	i, err := opentelemetry.NewTracingInterceptor(opentelemetry.TracerOptions{
		Tracer: t.tracer, DisableSignalTracing: true, DisableQueryTracing: true, DisableBaggage: true,
		AllowInvalidParentSpans: true,
	})
	if err != nil {
		return nil, fmt.Errorf("tracing: %w", err)
	}
	return i, nil
}

// Start begins a span of a batch, for the caller to end with what came of it.
func (t *Tracer) Start(ctx context.Context, name, batchID string) (context.Context, func(error)) {
	if t == nil {
		return ctx, func(error) {}
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithAttributes(attribute.String("caseload.batch", batchID)))
	return ctx, func(err error) { end(span, err) }
}

// Around runs a stage's work within a span of it.
func (t *Tracer) Around(ctx context.Context, stage batch.Stage, do func(context.Context) error) (err error) {
	ctx, span := t.tracer.Start(ctx, "stage:"+string(stage), trace.WithAttributes(attribute.String("caseload.stage", string(stage))))
	defer func() {
		if v := recover(); v != nil {
			// Its value may quote the document.
			span.SetStatus(codes.Error, "panic")
			span.End()
			panic(v)
		}
		end(span, err)
	}()
	return do(ctx)
}

// end ends a span. Of an error only its category and type are told: its text may
// hold a path.
func end(span trace.Span, err error) {
	switch e, ok := batch.AsError(err); {
	case err == nil:
	case ok:
		span.SetStatus(codes.Error, string(e.Category))
		span.SetAttributes(attribute.String("caseload.error.category", string(e.Category)), attribute.String("caseload.error.type", e.Type))
	case errors.Is(err, context.Canceled):
		span.SetStatus(codes.Error, "cancelled")
	default:
		span.SetStatus(codes.Error, fmt.Sprintf("%T", err))
	}
	span.End()
}

// flushTimeout bounds how long a program that ends waits for its last spans.
const flushTimeout = 3 * time.Second

// Close sends what has not been sent yet.
func (t *Tracer) Close() error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), flushTimeout)
	defer cancel()
	return t.provider.Shutdown(ctx)
}
