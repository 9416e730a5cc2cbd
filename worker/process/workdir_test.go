package process

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFilesOfDeadWorkersAreSwept(t *testing.T) {
	data := t.TempDir()
	dead := filepath.Join(data, "work", "worker-dead")
	require.NoError(t, os.MkdirAll(dead, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(dead, workLock), nil, 0o600))
	unlocked := filepath.Join(data, "work", "worker-unlocked")
	require.NoError(t, os.MkdirAll(unlocked, 0o700))
	first, err := newWorkDir(data)
	require.NoError(t, err)
	assert.NoDirExists(t, dead)
	assert.NoDirExists(t, unlocked)
	second, err := newWorkDir(data)
	require.NoError(t, err)
	assert.DirExists(t, first.path, "a living worker's files stay")
	require.NoError(t, second.remove())
	require.NoError(t, first.remove())
	assert.NoDirExists(t, first.path)
}
