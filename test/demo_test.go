package test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDemoWithFaults runs the demo whose documents lie at services that fail.
func TestDemoWithFaults(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), batchTimeout)
	defer cancel()
	cmd := command(ctx, starterBin, "demo", "--faults", "--data-dir", newRig(t).dir)
	cmd.Dir = ".." // where the samples are
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, want := range []string{
		"held after 3 documents in a row failed in stage fetch (AccessDenied",
		"passed: running again",
		"completed 20  skipped 0  failed 7, of them recovered 4  cancelled 0",
		"store    agrees",
	} {
		assert.Contains(t, string(out), want)
	}
	assert.Regexp(t, `CONFIGURATION \d+  DATA 1  PERMANENT 2  RATE_LIMIT \d+  RESOURCE \d+  TRANSIENT \d+`, string(out), "an error of each category")
}
