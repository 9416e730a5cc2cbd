package activities

import (
	"context"
	"errors"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/pipeline"
)

// retry says whether and when an error is retried. The zero value leaves it to
// the activity's options.
type retry struct {
	never bool
	ended bool          // the row has its outcome already
	delay time.Duration // 0 leaves it to the activity's options
}

// applicationError is the form in which a failure leaves the worker: its
// category as the type; as details the failure, and whether the row has its
// outcome already. The cause stays behind,
// since it may name files.
func applicationError(f batch.Failure, r retry) error {
	return temporal.NewApplicationErrorWithOptions(f.Message, string(f.Category), temporal.ApplicationErrorOptions{
		NonRetryable:   r.never,
		NextRetryDelay: r.delay,
		Details:        []any{f, r.ended},
	})
}

// immediately is the delay of a retry without delay: zero would mean the
// default one.
const immediately = time.Millisecond

// endedError is the failure of a row that ended in an earlier attempt.
type endedError struct{ failure batch.Failure }

func (e *endedError) Error() string { return e.failure.Message }

// stageError is the error that an activity ends with. Its context decides first:
// a worker that stops leaves the document to another one, and a cancelled
// activity is no failure.
func stageError(ctx context.Context, policies batch.Policies, t *tries, stage batch.Stage, err error) error {
	if ctx.Err() != nil {
		if stopping(ctx) {
			f := pipeline.FailureOf(stage, batch.NewError(batch.Transient, "WorkerStopping", "the worker stopped before the document was done"))
			return applicationError(f, retry{delay: immediately})
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return temporal.NewCanceledError()
		}
	}
	return applicationError(decide(policies, t, stage, err))
}

// decide describes err, which ended the attempt that t tells of, and says by its
// category's policy whether there is a next one, and when. Each category has
// retries of its own.
func decide(policies batch.Policies, t *tries, stage batch.Stage, err error) (batch.Failure, retry) {
	var ended *endedError
	if errors.As(err, &ended) {
		return ended.failure, retry{never: true, ended: true}
	}
	var put *deferredError
	if errors.As(err, &put) {
		f := batch.NewFailure(stage, batch.NewError(batch.RateLimit, "ServiceLeftAlone", "the source asked for fewer requests; it is asked again later"))
		f.Attempts = t.Attempt
		return f, retry{delay: put.delay}
	}
	err = withCategory(err)
	f := pipeline.FailureOf(stage, err)
	f.Attempts = t.Attempt
	var after time.Duration
	if e, ok := batch.AsError(err); ok {
		after = e.RetryAfter
	}
	delay, again := policies[f.Category].Delay(t.retried(f.Category), after)
	if !again {
		return f, retry{never: true}
	}
	return f, retry{delay: max(delay, immediately)}
}

// withCategory categorises the errors that carry no category of their own.
func withCategory(err error) error {
	if _, ok := batch.AsError(err); ok {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return batch.NewError(batch.Transient, "DeadlineExceeded", "a step took longer than it may").Wrap(err)
	}
	return err
}

func stopping(ctx context.Context) bool {
	select {
	case <-activity.GetWorkerStopChannel(ctx):
		return true
	default:
		return false
	}
}
