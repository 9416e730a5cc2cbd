package activities

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
	"github.com/caseload/caseload/document/pipeline"
	"github.com/caseload/caseload/store"
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
// outcome already. The cause stays behind, since it may name files.
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

// judge decides what becomes of an activity that ended with an error.
type judge struct {
	errors   *classify.Classifier
	policies batch.Policies
	random   func() float64 // in [0, 1)
}

func newJudge(c *classify.Classifier, p batch.Policies) judge {
	return judge{errors: c, policies: p, random: rand.Float64}
}

// stageError is the error that an activity ends with. Its context decides first:
// a worker that stops leaves the document to another one, and a cancelled
// activity is no failure.
func (j judge) stageError(ctx context.Context, t *tries, stage batch.Stage, err error) error {
	if ctx.Err() != nil {
		if stopping(ctx) {
			f := pipeline.FailureOf(stage, batch.NewError(batch.Transient, "WorkerStopping", "the worker stopped before the document was done"))
			return applicationError(f, retry{delay: immediately})
		}
		if errors.Is(ctx.Err(), context.Canceled) {
			return temporal.NewCanceledError()
		}
	}
	return applicationError(j.decide(t, stage, err))
}

// decide describes err, which ended the attempt that t tells of, and says by its
// category's policy whether there is a next one, and when. Each stage and category
// has retries of its own. That the store is unavailable is nothing of the document's,
// and uses up none.
func (j judge) decide(t *tries, stage batch.Stage, err error) (batch.Failure, retry) {
	var ended *endedError
	if errors.As(err, &ended) {
		return ended.failure, retry{never: true, ended: true}
	}
	var put *deferredError
	if errors.As(err, &put) {
		f := failureOf(stage, err, j.errors.Classify(err))
		f.Attempts = t.Attempt
		return f, retry{delay: put.delay}
	}
	e := j.errors.Classify(err)
	f := failureOf(stage, err, e)
	f.Attempts = t.Attempt
	policy := j.policies[f.Category]
	if store.Unavailable(err) {
		return f, retry{delay: max(policy.Jittered(t.away(policy), j.random()), immediately)}
	}
	delay, again := policy.Delay(t.retried(f.Stage, f.Category), e.RetryAfter)
	if !again {
		return f, retry{never: true}
	}
	return f, retry{delay: max(policy.Jittered(delay, j.random()), immediately)}
}

// failureOf describes err, which was classified as e, with the stage that err
// names or else stage.
func failureOf(stage batch.Stage, err error, e *batch.Error) batch.Failure {
	var se *pipeline.StageError
	if errors.As(err, &se) {
		stage = se.Stage
	}
	return batch.NewFailure(stage, e)
}

// recordError is how the store's errors leave the activities that run a batch:
// by category, all retried.
func recordError(c *classify.Classifier, what string, err error) error {
	if err == nil {
		return nil
	}
	f := failureOf(batch.StageStore, err, c.Classify(err))
	f.Message = what + ": " + f.Message
	return applicationError(f, retry{})
}

func stopping(ctx context.Context) bool {
	select {
	case <-activity.GetWorkerStopChannel(ctx):
		return true
	default:
		return false
	}
}
