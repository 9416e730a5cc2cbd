package process

import (
	"context"
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

func TestASampleTellsWhatTheProcessUses(t *testing.T) {
	s := newSampler(3, nil, func() int64 { return 5 << 20 })
	s.count("caseload.high", 5)
	begin := cpuTime()
	for cpuTime()-begin < 50*time.Millisecond { // work for the sample to show
		_ = make([]byte, 1<<16)
	}
	e := s.sample(s.at.Add(time.Second))
	assert.Equal(t, metrics.Resources, e.Kind)
	u := e.Usage
	assert.GreaterOrEqual(t, u.CPU, 0.05, "cores, of the second")
	assert.Less(t, u.CPU, float64(runtime.NumCPU()))
	assert.Greater(t, u.Resident, int64(1<<20))
	assert.EqualValues(t, 5<<20, u.Readers)
	assert.Positive(t, u.Goroutines)
	assert.Equal(t, 3, u.Cores)
	assert.Equal(t, map[string]metrics.Slots{"caseload.high": {Total: 5}}, u.Slots)
	host, err := os.Hostname()
	require.NoError(t, err)
	assert.Contains(t, u.Worker, "@"+host)
}

func TestSlotsInUseAreCounted(t *testing.T) {
	t.Parallel()
	s := newSampler(1, nil, func() int64 { return 0 })
	c := s.count(batch.ControlQueue, 16)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{c}})
	during := -1
	work := func(context.Context) error {
		during = s.sample(time.Now()).Usage.Slots[batch.ControlQueue].Used
		return nil
	}
	env.RegisterActivity(work)
	_, err := env.ExecuteActivity(work)
	require.NoError(t, err)
	assert.Equal(t, 1, during)
	assert.Zero(t, c.used.Load(), "once it has ended")
}
