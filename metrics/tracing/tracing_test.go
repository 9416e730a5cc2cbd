package tracing_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics/tracing"
)

// collect is a Tracer, and sent, which ends it and answers with what arrived.
func collect(t *testing.T) (tr *tracing.Tracer, sent func() (spans map[string]*tracepb.Span, raw string)) {
	t.Helper()
	bodies := make(chan []byte, 10)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if assert.NoError(t, err) {
			bodies <- body
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(s.Close)
	tr, err := tracing.New(t.Context(), tracing.Config{Endpoint: s.URL, Service: "test", Instance: "1"})
	require.NoError(t, err)
	return tr, func() (map[string]*tracepb.Span, string) {
		require.NoError(t, tr.Close())
		close(bodies)
		spans, raw := map[string]*tracepb.Span{}, ""
		for body := range bodies {
			var req collector.ExportTraceServiceRequest
			require.NoError(t, proto.Unmarshal(body, &req))
			raw += req.String()
			for _, rs := range req.GetResourceSpans() {
				for _, ss := range rs.GetScopeSpans() {
					for _, span := range ss.GetSpans() {
						spans[span.GetName()] = span
					}
				}
			}
		}
		return spans, raw
	}
}

func TestSpansTellKindsOfErrorsAndNotTheirText(t *testing.T) {
	t.Parallel()
	tr, sent := collect(t)
	const secret = "privileged"
	ctx, end := tr.Start(t.Context(), "submit", "b1")
	fail := func(stage batch.Stage, err error) {
		assert.Equal(t, err, tr.Around(ctx, stage, func(context.Context) error { return err }))
	}
	fail(batch.StageFetch, nil)
	fail(batch.StageExtract, batch.NewError(batch.Data, "DamagedPDF", "%s", secret))
	fail(batch.StageChunk, &fs.PathError{Op: "open", Path: secret, Err: errors.New(secret)})
	assert.PanicsWithValue(t, secret, func() {
		_ = tr.Around(ctx, batch.StageEntities, func(context.Context) error { panic(secret) })
	})
	end(nil)

	spans, raw := sent()
	require.Len(t, spans, 5)
	assert.NotContains(t, raw, secret)
	for name, want := range map[string]string{
		"submit": "", "stage:fetch": "", "stage:extract": "DATA", "stage:chunk": "*fs.PathError", "stage:entities": "panic",
	} {
		span := spans[name]
		require.NotNil(t, span, name)
		assert.Equal(t, want, span.GetStatus().GetMessage(), name)
		assert.Equal(t, want != "", span.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR, name)
		if name != "submit" {
			assert.Equal(t, spans["submit"].GetSpanId(), span.GetParentSpanId(), "%s is within the submission", name)
		}
	}
}

func TestNoTracerTracesNothing(t *testing.T) {
	t.Parallel()
	var tr *tracing.Tracer
	i, err := tr.Interceptor()
	require.NoError(t, err)
	assert.Nil(t, i)
	ctx, end := tr.Start(t.Context(), "submit", "b1")
	assert.Equal(t, t.Context(), ctx)
	end(nil)
	assert.NoError(t, tr.Close())
}

func TestACollectorThatIsGoneHoldsNothingUp(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	for _, p := range []tracing.Protocol{tracing.HTTP, tracing.GRPC} {
		tr, err := tracing.New(t.Context(), tracing.Config{Endpoint: s.URL, Protocol: p, Service: "test"})
		require.NoError(t, err, "it is needed when spans are sent")
		_, end := tr.Start(t.Context(), "submit", "b1")
		end(nil)
		_ = tr.Close() // it may say that they were not
	}
}
