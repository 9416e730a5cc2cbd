package deploy_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// root is the repository's folder.
const root = "../.."

// bands are the priority bands, each a queue with workers of its own.
var bands = []string{"high", "normal", "low"}

func read(t *testing.T, path string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return string(raw)
}

var variableRE = regexp.MustCompile("`([A-Z][A-Z0-9_]+)`")

// knownVariables are the environment variables that the configuration knows, by
// the page that is made from it.
func knownVariables(t *testing.T) map[string]bool {
	t.Helper()
	known := map[string]bool{}
	for _, line := range strings.Split(read(t, "docs/configuration.md"), "\n") {
		if cells := strings.Split(line, " | "); len(cells) > 3 {
			for _, m := range variableRE.FindAllStringSubmatch(cells[1], -1) {
				known[m[1]] = true
			}
		}
	}
	require.Contains(t, known, "CASELOAD_WORKER_QUEUES")
	return known
}

// A version that another build does not change: v1.2.3, 12.11-slim, 17.10-alpine.
var pinnedRE = regexp.MustCompile(`^[a-z0-9./_-]+:v?[0-9]+\.[0-9]+(\.[0-9]+)?(-[a-z0-9.]+)?$`)

func assertPinned(t *testing.T, image string) {
	t.Helper()
	assert.Regexp(t, pinnedRE, image, "name a version")
}

func TestPinnedVersions(t *testing.T) {
	t.Parallel()
	for _, image := range []string{"redis:7.2.5-alpine", "grafana/grafana:12.4.4", "prom/prometheus:v3.13.3", "example.org/a/b:v1.0.0"} {
		assert.Regexp(t, pinnedRE, image)
	}
	for _, image := range []string{"redis", "redis:latest", "redis:7", "redis:alpine", "debian:stable-slim", "a:v1"} {
		assert.NotRegexp(t, pinnedRE, image)
	}
}
