package workflows_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/workflows"
)

// runWarming runs a batch whose cache takes so long to be warmed, and answers its
// summary, and how many documents began before the cache was warm.
func runWarming(t *testing.T, in batch.Input, takes time.Duration) (batch.Summary, int) {
	t.Helper()
	l := newLedger(in.Rows)
	before := 0
	l.warmTakes = takes
	env := newBatchEnv(t, l)
	env.RegisterDelayedCallback(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		before = len(l.begun)
	}, takes-time.Millisecond)
	env.ExecuteWorkflow(batch.BatchWorkflow, in)
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	return got, before
}

func TestDocumentsWaitForTheCacheToBeWarm(t *testing.T) {
	got, before := runWarming(t, batchIn(20, 5), 10*time.Second)
	require.NotNil(t, got.Warming)
	assert.Equal(t, batch.Warming{Planned: 3, Warmed: 3}, *got.Warming)
	assert.Zero(t, before)
}

func TestDocumentsOfLowPriorityDoNotWaitForTheCache(t *testing.T) {
	in := batchIn(20, 5)
	in.Priority = batch.PriorityLow
	got, before := runWarming(t, in, 10*time.Second)
	assert.Equal(t, 20, got.Counts.Completed)
	assert.Equal(t, &batch.Warming{Planned: 3, Warmed: 3}, got.Warming)
	assert.Equal(t, 5, before)
}

func TestDocumentsDoNotWaitForeverForTheCache(t *testing.T) {
	got, before := runWarming(t, batchIn(20, 5), 30*time.Second)
	assert.Equal(t, 20, got.Counts.Completed)
	assert.Equal(t, 5, before)
}

func TestACacheThatCannotBeWarmedDoesNoHarm(t *testing.T) {
	l := newLedger(20)
	l.warm = func() (batch.Warming, error) { return batch.Warming{}, errors.New("no Redis") }
	env := newBatchEnv(t, l)
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(20, 5))
	var got batch.Summary
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, 20, got.Counts.Completed)
	assert.Equal(t, 1, l.warmed)
	require.NotNil(t, got.Warming)
	assert.NotEmpty(t, got.Warming.Skipped)
	assert.Equal(t, got.Warming, query[batch.Progress](t, env, batch.QueryProgress).Warming)
}

func TestOnlyBatchesOfSomeSizeWarmTheCache(t *testing.T) {
	for _, test := range []struct {
		rows, over, want int
	}{{5, 0, 0}, {6, 0, 1}, {20, 20, 0}, {21, 20, 1}, {50, -1, 0}} {
		l := newLedger(test.rows)
		in := batchIn(test.rows, 5)
		in.Options.WarmOver = test.over
		env := newBatchEnv(t, l)
		env.ExecuteWorkflow(batch.BatchWorkflow, in)
		require.NoError(t, env.GetWorkflowError())
		assert.Equal(t, test.want, l.warmed, "%+v", test)
	}
}

func TestAScheduledWarmingTellsWhatItLoaded(t *testing.T) {
	warmer := &activities.Warmer{}
	for name, test := range map[string]struct {
		in      batch.WarmingInput
		answer  batch.Warming
		err     error
		wantErr string
	}{
		"loaded":     {in: batch.WarmingInput{Project: "acme"}, answer: batch.Warming{Planned: 9, Warmed: 7, Ahead: batch.AheadSchedule}},
		"no worker":  {in: batch.WarmingInput{Project: "acme"}, err: errors.New("no answer"), wantErr: "warm the cache"},
		"no project": {wantErr: "project"},
	} {
		t.Run(name, func(t *testing.T) {
			env := bareEnv(t)
			env.RegisterActivity(warmer)
			workflows.Register(env)
			if test.in.Project != "" {
				env.OnActivity(warmer.WarmCache, mock.Anything, activities.WarmInput{Project: "acme", Ahead: batch.AheadSchedule}).Return(test.answer, test.err).Once()
			}
			env.ExecuteWorkflow(batch.WarmWorkflow, test.in)
			if test.wantErr != "" {
				require.ErrorContains(t, env.GetWorkflowError(), test.wantErr)
				return
			}
			var got batch.Warming
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, test.answer, got)
			env.AssertExpectations(t)
		})
	}
}
