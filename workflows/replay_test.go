package workflows_test

import (
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"github.com/caseload/caseload/workflows"
)

// TestRecordedHistoriesReplay guards determinism: workflows that began under
// released code must go on under this code. Histories are recorded from real
// runs with `go test ./test -run 'Histories|Queued' -record`, and never from a
// change that this test is to judge.
func TestRecordedHistoriesReplay(t *testing.T) {
	replayAll(t, worker.WorkflowReplayerOptions{})
}

// TestRecordedHistoriesReplayWhenTraced: those began without traces.
func TestRecordedHistoriesReplayWhenTraced(t *testing.T) {
	traced, err := opentelemetry.NewTracingInterceptor(opentelemetry.TracerOptions{Tracer: trace.NewTracerProvider().Tracer("test")})
	require.NoError(t, err)
	replayAll(t, worker.WorkflowReplayerOptions{Interceptors: []interceptor.WorkerInterceptor{traced}})
}

func replayAll(t *testing.T, o worker.WorkflowReplayerOptions) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "replay", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r, err := worker.NewWorkflowReplayerWithOptions(o)
			require.NoError(t, err)
			workflows.Register(r)
			assert.NoError(t, r.ReplayWorkflowHistoryFromJSONFile(log.NewStructuredLogger(slog.New(slog.DiscardHandler)), file))
		})
	}
}
