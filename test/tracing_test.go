package test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"
)

// traces is a collector of traces: an OTLP receiver over gRPC and HTTP.
type traces struct {
	collector.UnimplementedTraceServiceServer

	mu    sync.Mutex
	spans []span
	raw   strings.Builder // all that was received, readable
}

// span is a span with who sent it.
type span struct {
	*tracepb.Span
	service string
}

func (s span) attribute(key string) string { return attribute(s.GetAttributes(), key) }

func attribute(list []*commonpb.KeyValue, key string) string {
	for _, kv := range list {
		if kv.GetKey() == key {
			return kv.GetValue().GetStringValue()
		}
	}
	return ""
}

// Export takes spans over gRPC.
func (c *traces) Export(_ context.Context, r *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, rs := range r.GetResourceSpans() {
		service := attribute(rs.GetResource().GetAttributes(), "service.name")
		for _, ss := range rs.GetScopeSpans() {
			for _, s := range ss.GetSpans() {
				c.spans = append(c.spans, span{s, service})
			}
		}
	}
	c.raw.WriteString(r.String())
	return &collector.ExportTraceServiceResponse{}, nil
}

// ServeHTTP takes spans over HTTP.
func (c *traces) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var req collector.ExportTraceServiceRequest
	if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &req) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	_, _ = c.Export(r.Context(), &req) // it has no errors
	w.Header().Set("Content-Type", "application/x-protobuf")
}

func (c *traces) overGRPC(t *testing.T) (endpoint string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := grpc.NewServer()
	collector.RegisterTraceServiceServer(s, c)
	go func() { _ = s.Serve(l) }() // until it is stopped
	t.Cleanup(s.Stop)
	return "http://" + l.Addr().String()
}

func (c *traces) overHTTP(t *testing.T) (endpoint string) {
	t.Helper()
	s := httptest.NewServer(c)
	t.Cleanup(s.Close)
	return s.URL
}

// received is the spans so far, by ID.
func (c *traces) received() map[string]span {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := map[string]span{}
	for _, s := range c.spans {
		out[string(s.GetSpanId())] = s
	}
	return out
}

func TestATraceLeadsFromTheSubmissionToEachStage(t *testing.T) {
	t.Parallel()
	for protocol, serve := range map[string]func(*traces, *testing.T) string{
		"grpc": (*traces).overGRPC, "http/protobuf": (*traces).overHTTP,
	} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			c := &traces{}
			endpoint := serve(c, t)
			dir := t.TempDir()
			good, bad := canary+".txt", canary+".pdf"
			require.NoError(t, os.WriteFile(filepath.Join(dir, good), []byte("Mr. John "+canary+" sued "+canary+" Inc. in Oakland, California on March 3, 2024."), 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(dir, bad), []byte("%PDF-1.7 "+canary), 0o600))
			r := newRig(t)
			config := filepath.Join(r.dir, "traced.yaml")
			require.NoError(t, os.WriteFile(config, []byte(fmt.Sprintf("tracing: {endpoint: %q, protocol: %q}\n", endpoint, protocol)), 0o600))
			r.dev("--no-worker")
			worker := r.worker("--config", config)
			r.submit(dir, "traced", "--config", config)
			r.awaitEnd("traced")
			require.Equal(t, 0, worker.end(t), "it sends the spans that are left")

			spans := c.received()
			submits := named(spans, "submit")
			require.Len(t, submits, 1)
			assert.Equal(t, "caseload-starter", submits[0].service)
			assert.Equal(t, "traced", submits[0].attribute("caseload.batch"))
			for stage, n := range map[string]int{"fetch": 2, "extract": 2, "chunk": 1, "entities": 1, "resolve": 1, "relate": 1, "store": 1} {
				found := named(spans, "stage:"+stage)
				require.Len(t, found, n, stage)
				for _, s := range found {
					assert.Equal(t, "caseload-worker", s.service)
					assert.Equal(t, []string{
						"stage:" + stage, "RunActivity:Process", "StartActivity:Process", "RunWorkflow:Document",
						"StartChildWorkflow:Document", "RunWorkflow:Batch", "StartWorkflow:Batch", "submit",
					}, chain(spans, s))
					assert.Equal(t, submits[0].GetTraceId(), s.GetTraceId(), "it is one trace")
				}
			}
			var failed []span
			for _, s := range named(spans, "stage:extract") {
				if s.GetStatus().GetCode() == tracepb.Status_STATUS_CODE_ERROR {
					failed = append(failed, s)
				}
			}
			require.Len(t, failed, 1)
			assert.Equal(t, "DATA", failed[0].attribute("caseload.error.category"))
			assert.NotContains(t, strings.ToLower(c.raw.String()), strings.ToLower(canary), "nothing of a document is told")
			assert.NotContains(t, c.raw.String(), dir)
		})
	}
}

func named(spans map[string]span, name string) []span {
	var out []span
	for _, s := range spans {
		if s.GetName() == name {
			out = append(out, s)
		}
	}
	return out
}

// chain is the names of s and of what it is within, up to the root.
func chain(spans map[string]span, s span) []string {
	names := []string{s.GetName()}
	for len(s.GetParentSpanId()) > 0 {
		parent, ok := spans[string(s.GetParentSpanId())]
		if !ok {
			return append(names, "a parent that was not received")
		}
		s = parent
		names = append(names, s.GetName())
	}
	return names
}
