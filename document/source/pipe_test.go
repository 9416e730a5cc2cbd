//go:build unix

package source

import (
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

// Opening a pipe for reading would wait for its writer.
func TestPipesAreNoFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(p, 0o600))
	requireError(t, fetchError(t, newSource(t, Config{}), p), batch.Data, "NotAFile")
	requireError(t, fetchError(t, newSource(t, Config{Roots: []string{dir}}), p), batch.Data, "NotAFile")
	assert.Equal(t, map[string]string{"pipe": "NotAFile"}, list(newSource(t, Config{}), dir).bad)
}
