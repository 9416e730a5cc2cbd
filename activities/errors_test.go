package activities_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func TestActivityErrorsCarryTheirCategory(t *testing.T) {
	t.Parallel()
	tests := []struct {
		category     batch.Category
		nonRetryable bool
		delay        time.Duration
	}{
		{batch.Transient, false, time.Millisecond},
		{batch.Resource, false, time.Minute},
		{batch.RateLimit, false, time.Minute},
		{batch.Configuration, true, 0},
		{batch.Data, true, 0},
		{batch.Permanent, true, 0},
	}
	for _, tt := range tests {
		t.Run(string(tt.category), func(t *testing.T) {
			t.Parallel()
			b := setup(t, order)
			cause := batch.NewError(tt.category, "Cause", "what is wrong").Wrap(errors.New("in matter.txt"))
			b.extractor.answer = func(context.Context) error { return cause }
			app, f := fails(t, b.Process, b.input(1, batch.StageFetch))
			assert.Equal(t, string(tt.category), app.Type())
			assert.Equal(t, tt.nonRetryable, app.NonRetryable())
			assert.Equal(t, tt.delay, app.NextRetryDelay())
			assert.Equal(t, "what is wrong", app.Message())
			assert.NoError(t, app.Unwrap(), "the cause stays in the worker")
			want := batch.NewFailure(batch.StageExtract, cause)
			want.Attempts = 1
			assert.Equal(t, want, f)
			row := b.row(t, 1)
			assert.Empty(t, row.Outcome, "the workflow records it")
			assert.Equal(t, fmt.Sprintf("%x", sha256.Sum256([]byte(order))), row.SHA256, "a certificate names it by its hash")
			b.noFiles(t)
		})
	}
}

func TestABatchHasPoliciesOfItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options.Retry = batch.RetryOverrides{batch.Transient: "immediate=0,delayed=2,base=7s", batch.Data: "delayed=1"}
	b.register(t, batchID, b.source(t, 1, order))
	for category, want := range map[batch.Category]time.Duration{
		batch.Transient: 7 * time.Second, // over the worker's immediate retries
		batch.Data:      time.Minute,
		batch.Resource:  time.Minute, // the worker's
	} {
		b.extractor.answer = func(context.Context) error { return batch.NewError(category, "Cause", "what is wrong") }
		app, _ := fails(t, b.Process, b.input(1, batch.StageFetch))
		assert.Equal(t, want, app.NextRetryDelay(), category)
	}
}

func TestABatchsPolicyThatDoesNotFitTheWorkersIsLeftOut(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Policies[batch.Resource] = batch.RetryPolicy{Delayed: 1, Base: time.Second, Cap: 2 * time.Second, Growth: batch.Linear}
	b.options.Retry = batch.RetryOverrides{batch.Resource: "base=5s", batch.Transient: "immediate=0"}
	b.register(t, batchID, b.source(t, 1, order))
	for category, want := range map[batch.Category]time.Duration{batch.Resource: time.Second, batch.Transient: 2 * time.Second} {
		b.extractor.answer = func(context.Context) error { return batch.NewError(category, "Cause", "what is wrong") }
		app, _ := fails(t, b.Process, b.input(1, batch.StageFetch))
		assert.Equal(t, want, app.NextRetryDelay(), category)
	}
	assert.Contains(t, b.log.String(), "left out")
}

func TestErrorsOfTheSourceNameNoFile(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(t, batchID, store.Row{Row: 1, URI: "/matters/secret.txt", Name: "secret.txt"})
	app, f := fails(t, b.Process, b.input(1, batch.StageFetch))
	assert.Equal(t, batch.StageFetch, f.Stage)
	assert.Equal(t, batch.Data, f.Category)
	assert.NotContains(t, app.Error(), "secret")
	assert.NotContains(t, fmt.Sprint(f), "secret")
}

func TestUnclassifiedErrorsLeaveNoText(t *testing.T) {
	t.Parallel()
	const secret = "privileged words"
	for name, answer := range map[string]func(context.Context) error{
		"error": func(context.Context) error { return errors.New(secret) },
		"panic": func(context.Context) error { panic(secret) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, order)
			b.extractor.answer = answer
			_, err := execute(b.Process, b.input(1, batch.StageFetch))
			require.Error(t, err)
			for e := err; e != nil; e = errors.Unwrap(e) {
				assert.NotContains(t, fmt.Sprintf("%+v", e), secret)
			}
			_, f := fails(t, b.Process, b.input(1, batch.StageFetch))
			assert.NotContains(t, fmt.Sprint(f), secret)
			assert.NotContains(t, b.log.String(), secret)
		})
	}
}

func TestAMissedDeadlineIsTransient(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	b.extractor.answer = func(ctx context.Context) error {
		ctx, cancel := context.WithDeadline(ctx, start) // long past
		defer cancel()
		return fmt.Errorf("extract: %w", ctx.Err())
	}
	app, f := fails(t, b.Process, b.input(1, batch.StageFetch))
	assert.Equal(t, string(batch.Transient), app.Type())
	assert.Equal(t, batch.StageExtract, f.Stage)
	assert.Equal(t, "DeadlineExceeded", f.Type)
}

func TestACancelledActivityIsNoFailure(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	b.extractor.answer = func(context.Context) error {
		cancel()
		return batch.NewError(batch.Data, "CorruptDocument", "cut short by the cancellation")
	}
	_, err := execute(b.Process, b.input(1, batch.StageFetch), background(running))
	assert.True(t, temporal.IsCanceledError(err), "%v", err)
	assert.Empty(t, b.row(t, 1).Outcome)
	b.noFiles(t)
}

func TestAnActivityThatWaitsForACoreCanBeCancelled(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	_, err := b.Cores.Acquire(ctx, batch.PriorityNormal)
	require.NoError(t, err)
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_, err = execute(b.Process, b.input(1, batch.StageFetch), background(stopped))
	assert.True(t, temporal.IsCanceledError(err), "%v", err)
	assert.Zero(t, b.extractor.calls)
}

func TestAWorkerThatStopsLeavesTheDocumentToAnother(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	running, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := make(chan struct{})
	b.extractor.answer = func(ctx context.Context) error {
		close(stop)
		cancel()
		return ctx.Err()
	}
	_, err := execute(b.Process, b.input(1, batch.StageFetch), background(running),
		func(env *testsuite.TestActivityEnvironment) { env.SetWorkerStopChannel(stop) })
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	assert.Equal(t, string(batch.Transient), app.Type())
	assert.False(t, app.NonRetryable(), "no matter how many attempts there were")
	assert.Equal(t, time.Millisecond, app.NextRetryDelay())
	b.extractor.answer = nil
	assert.Equal(t, batch.OutcomeCompleted, b.process(t, 1, batch.StageFetch).Result.Outcome)
}

func TestACoreIsGivenBack(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	b.extractor.answer = func(context.Context) error {
		assert.False(t, b.freeCore(), "held while the document is read")
		panic("in the parser")
	}
	_, f := fails(t, b.Process, b.input(1, batch.StageFetch))
	assert.Equal(t, "StagePanicked", f.Type)
	assert.True(t, b.freeCore())
}

// freeCore says whether no core is held.
func (b *bundle) freeCore() bool {
	for _, band := range b.Cores.Usage().Bands {
		if band.Held > 0 {
			return false
		}
	}
	return true
}

func TestErrorsOfTheStoreCarryTheirCategory(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	app, f := fails(t, b.batches.CloseBatch, activities.CloseInput{Batch: "unknown", At: start})
	assert.Equal(t, string(f.Category), app.Type())
	assert.Equal(t, batch.StageStore, f.Stage)
	assert.False(t, app.NonRetryable(), "what settles a batch is tried until it succeeds")
	assert.NotContains(t, app.Message(), "wrapError", "the type of the cause says more")
}
