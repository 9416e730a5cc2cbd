package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHealthURL(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		"127.0.0.1:9464": "http://127.0.0.1:9464/healthz",
		"0.0.0.0:9464":   "http://127.0.0.1:9464/healthz",
		":9464":          "http://127.0.0.1:9464/healthz",
		"[::]:9464":      "http://[::1]:9464/healthz",
		"worker-1:9464":  "http://worker-1:9464/healthz",
	} {
		got, err := healthURL(listen, false)
		require.NoError(t, err, listen)
		assert.Equal(t, want, got)
	}
	got, err := healthURL("0.0.0.0:9464", true)
	require.NoError(t, err)
	assert.Equal(t, "http://127.0.0.1:9464/readyz", got)
	for listen, says := range map[string]string{"": "not set", "127.0.0.1:0": "port 0"} {
		_, err := healthURL(listen, false)
		assert.ErrorContains(t, err, says, listen)
	}
}

func TestHealthIsWhatTheWorkerAnswers(t *testing.T) {
	t.Parallel()
	code := http.StatusOK
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(r.URL.Path + "\n"))
	}))
	defer server.Close()
	listen := server.Listener.Addr().String()
	ask := func(args ...string) (string, error) {
		var out bytes.Buffer
		cmd := command()
		cmd.SetOut(&out)
		cmd.SetErr(&out)
		cmd.SetArgs(append(args, "--metrics-listen", listen))
		err := cmd.ExecuteContext(t.Context())
		return out.String(), err
	}

	out, err := ask("health")
	require.NoError(t, err)
	assert.Equal(t, "/healthz\n", out)
	out, err = ask("health", "--ready")
	require.NoError(t, err)
	assert.Equal(t, "/readyz\n", out)

	code = http.StatusServiceUnavailable
	_, err = ask("health")
	assert.ErrorContains(t, err, "503")
	var usage usageError
	assert.NotErrorAs(t, err, &usage)

	server.Close()
	_, err = ask("health")
	assert.ErrorContains(t, err, "no answer")
	_, err = ask("health", "now")
	assert.ErrorAs(t, err, &usage)
}
