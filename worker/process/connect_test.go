package process_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/worker/process"
)

// runStack publishes a stack on dir for as long as the test runs.
func runStack(t *testing.T, dir string, s stack.State) *stack.Lock {
	t.Helper()
	lock, err := stack.Acquire(dir)
	require.NoError(t, err)
	require.NoError(t, lock.Write(s))
	t.Cleanup(func() { _ = lock.Release() }) // a test may have released it
	return lock
}

func TestTemporalAddressIsTheConfiguredOne(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	runStack(t, dir, stack.State{Temporal: "127.0.0.1:7999"})
	got, err := process.TemporalAddress(&config.Config{DataDir: dir, Temporal: config.Temporal{Address: "temporal.invalid:7233"}})
	require.NoError(t, err)
	assert.Equal(t, "temporal.invalid:7233", got, "it wins over the stack's, and is not looked up")
}

func TestTemporalAddressIsThatOfTheStackOnTheDataFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock := runStack(t, dir, stack.State{PID: os.Getpid(), Temporal: "127.0.0.1:7999", UI: "http://127.0.0.1:8999"})
	got, err := process.TemporalAddress(&config.Config{DataDir: dir})
	require.NoError(t, err)
	assert.Equal(t, "127.0.0.1:7999", got)

	_, err = process.TemporalAddress(&config.Config{DataDir: t.TempDir()})
	require.ErrorIs(t, err, process.ErrNoServer, "of another data folder")

	require.NoError(t, lock.Release())
	_, err = process.TemporalAddress(&config.Config{DataDir: dir})
	require.ErrorIs(t, err, process.ErrNoServer, "once the stack has stopped")
}

func TestAKilledStackHasNoAddress(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"stack.lock": "", "stack.json": `{"temporal":"127.0.0.1:7999"}`} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	_, err := process.TemporalAddress(&config.Config{DataDir: dir})
	require.ErrorIs(t, err, process.ErrNoServer)
}

func TestWithoutATemporalServerTheErrorSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := process.TemporalAddress(&config.Config{DataDir: dir})
	require.ErrorIs(t, err, process.ErrNoServer)
	for _, word := range []string{"starter dev", "CASELOAD_TEMPORAL_ADDRESS", "temporal.address", dir} {
		assert.ErrorContains(t, err, word)
	}
}

func TestADamagedStackStateIsNoMissingServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	runStack(t, dir, stack.State{Temporal: "127.0.0.1:7999"})
	require.NoError(t, os.WriteFile(filepath.Join(dir, "stack.json"), []byte("{"), 0o600))
	_, err := process.TemporalAddress(&config.Config{DataDir: dir})
	require.Error(t, err)
	assert.NotErrorIs(t, err, process.ErrNoServer)
}

func TestTheStoreIsInTheDataFolderUnlessConfigured(t *testing.T) {
	t.Parallel()
	dir, elsewhere := t.TempDir(), filepath.Join(t.TempDir(), "other.db")
	st, err := process.OpenStore(t.Context(), &config.Config{DataDir: dir})
	require.NoError(t, err)
	require.NoError(t, st.Close())
	assert.FileExists(t, filepath.Join(dir, "caseload.db"))

	st, err = process.OpenStore(t.Context(), &config.Config{DataDir: t.TempDir(), Database: config.Database{URL: config.Secret("sqlite://" + elsewhere)}})
	require.NoError(t, err)
	require.NoError(t, st.Close())
	assert.FileExists(t, elsewhere)
}
