package stack_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config/stack"
)

func TestStateIsThereWhileTheStackRuns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, running, err := stack.Read(dir)
	require.NoError(t, err)
	assert.False(t, running)

	lock, err := stack.Acquire(dir)
	require.NoError(t, err)
	want := stack.State{PID: os.Getpid(), Temporal: "127.0.0.1:7233", UI: "http://127.0.0.1:8233", Redis: "127.0.0.1:6379"}
	require.NoError(t, lock.Write(want))
	got, running, err := stack.Read(dir)
	require.NoError(t, err)
	assert.True(t, running)
	assert.Equal(t, want, got)

	_, err = stack.Acquire(dir)
	assert.ErrorContains(t, err, dir)
	assert.ErrorContains(t, err, "--data-dir")

	require.NoError(t, lock.Release())
	_, running, err = stack.Read(dir)
	require.NoError(t, err)
	assert.False(t, running)
}

func TestStateOfAKilledStackCountsForNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, f := range []string{"stack.lock", "stack.json"} { // a killed process leaves both, unlocked
		require.NoError(t, os.WriteFile(filepath.Join(dir, f), []byte(`{"pid":1}`), 0o600))
	}
	_, running, err := stack.Read(dir)
	require.NoError(t, err)
	assert.False(t, running)
	lock, err := stack.Acquire(dir)
	require.NoError(t, err)
	require.NoError(t, lock.Release())
}
