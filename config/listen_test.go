package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config"
)

func TestAPortAloneIsOnLoopback(t *testing.T) {
	for given, want := range map[string]string{
		"9464": "127.0.0.1:9464", ":9464": "127.0.0.1:9464", "0": "127.0.0.1:0",
		"0.0.0.0:9464": "0.0.0.0:9464", "[::1]:9464": "[::1]:9464", "worker-3:80": "worker-3:80",
	} {
		t.Setenv("CASELOAD_METRICS_LISTEN", given)
		c, err := config.Load(config.Options{})
		require.NoError(t, err, given)
		assert.Equal(t, want, c.Metrics.Listen, given)
	}
	for _, bad := range []string{"metrics", "70000", "::1:9464", "127.0.0.1", "host:"} {
		t.Setenv("CASELOAD_METRICS_LISTEN", bad)
		_, err := config.Load(config.Options{})
		assert.ErrorContains(t, err, "metrics.listen", bad)
	}
}

func TestTracesGoWhereOpenTelemetrySays(t *testing.T) {
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4317")
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	c, err := config.Load(config.Options{})
	require.NoError(t, err)
	assert.Equal(t, config.Tracing{Endpoint: "https://collector.example:4317", Protocol: config.TracingGRPC}, c.Tracing)

	t.Setenv("CASELOAD_TRACING_ENDPOINT", "http://user:secret@collector.example")
	_, err = config.Load(config.Options{})
	require.ErrorContains(t, err, "tracing.endpoint")
	assert.NotContains(t, err.Error(), "secret")
}
