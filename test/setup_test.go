package test

import (
	"net"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// bareServer starts a Temporal server that knows nothing of Caseload.
func bareServer(t *testing.T) (address string) {
	t.Helper()
	program, err := exec.LookPath("temporal")
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address = l.Addr().String()
	require.NoError(t, l.Close())
	_, port, err := net.SplitHostPort(address)
	require.NoError(t, err)
	start(t, program, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", port,
		"--db-filename", filepath.Join(t.TempDir(), "temporal.db"), "--log-level", "error")
	return address
}

func TestSetupPreparesABareServer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	address := bareServer(t)
	on := []string{"--temporal-address", address, "--temporal-namespace", "legal"}
	for range 2 { // the second finds all of it there
		out, words, code := r.starter(append([]string{"setup", "-o", "json"}, on...)...)
		require.Equal(t, 0, code, words)
		assert.Contains(t, out, `"namespace": "legal"`)
		assert.Contains(t, words, `"legal" has the search attributes`)
	}
	worker := r.worker(append([]string{"--metrics-listen", "0"}, on...)...)
	r.submit(writeDocuments(t, 2, 1), "after-setup", on...)
	p := r.awaitEnd("after-setup")
	assert.Equal(t, 2, p.Counts.Completed)
	assert.Equal(t, 0, worker.end(t))
}
