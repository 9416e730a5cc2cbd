package cli

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/config/stack"
	"github.com/caseload/caseload/store"
)

func TestABatchsPageInTheWebUIIsToldWhereThatIsKnown(t *testing.T) {
	t.Parallel()
	cfg := &config.Config{DataDir: t.TempDir(), Temporal: config.Temporal{Namespace: "default"}}
	a := &app{cfg: cfg}
	assert.Empty(t, a.webUI(batchPage("b1")), "no stack runs")

	lock, err := stack.Acquire(cfg.DataDir)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, lock.Release()) })
	require.NoError(t, lock.Write(stack.State{PID: os.Getpid(), Temporal: "127.0.0.1:7999", UI: "http://127.0.0.1:8999"}))
	assert.Equal(t, "http://127.0.0.1:8999/namespaces/default/workflows/batch%2Fb1", a.webUI(batchPage("b1")))
	assert.Equal(t, "http://127.0.0.1:8999/namespaces/default/workflows?query=WorkflowType%3D%22Batch%22", a.webUI(batchesPage()))

	cfg.Temporal.Address = "temporal.invalid:7233"
	assert.Empty(t, a.webUI(batchPage("b1")), "of another server")
}

func TestABatchBeganWhenItFirstDid(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ told, stored, want time.Time }{
		"started again":      {noon, noon.Add(-time.Hour), noon.Add(-time.Hour)},
		"not in the store":   {noon, time.Time{}, noon},
		"stored a bit later": {noon, noon.Add(time.Second), noon},
	} {
		p := batch.Progress{StartedAt: c.told}
		keepStart(&p, store.Batch{StartedAt: c.stored})
		assert.Equal(t, c.want, p.StartedAt, name)
	}
}
