package workflows_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/workflows"
)

var (
	docs    *activities.Documents
	batches *activities.Batches
	warmer  *activities.Warmer
	docIn   = batch.DocumentInput{Batch: "b1", Project: "acme", Row: 7, Priority: batch.PriorityNormal}
)

// newEnv is a test environment in which every activity that a test does not
// answer for fails it.
func newEnv(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := bareEnv(t)
	workflows.Register(env)
	return env
}

// bareEnv is newEnv with no workflow registered.
func bareEnv(t *testing.T) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	// A busy machine is no deadlock.
	env.SetWorkerOptions(worker.Options{DeadlockDetectionTimeout: time.Minute})
	env.RegisterActivity(&activities.Documents{})
	env.RegisterActivity(&activities.Batches{})
	t.Cleanup(func() { env.AssertExpectations(t) })
	return env
}

func categoryError(c batch.Category, typ, message string) error {
	f := batch.NewFailure(batch.StageExtract, batch.NewError(c, typ, "%s", message))
	f.Attempts = 3
	return temporal.NewApplicationErrorWithOptions(message, string(c), temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{f, false}})
}

func timing(s batch.Stage) []batch.StageTiming {
	return []batch.StageTiming{{Stage: s, Duration: time.Second}}
}

func TestDocumentRunsLocalStagesInOneActivity(t *testing.T) {
	env := newEnv(t)
	env.OnActivity(docs.Process, mock.Anything, mock.Anything).Return(activities.ProcessResult{
		Result: batch.DocumentResult{Outcome: batch.OutcomeCompleted, Pages: 3, Stages: timing(batch.StageExtract)},
	}, nil).Once()
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	var got batch.DocumentResult
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.DocumentResult{Outcome: batch.OutcomeCompleted, Pages: 3, Stages: timing(batch.StageExtract)}, got)
}

func from(want batch.Stage, timings int) any {
	return mock.MatchedBy(func(in activities.ProcessInput) bool { return in.From == want && len(in.Stages) == timings })
}

func TestDocumentGivesOCRAnActivityOfItsOwn(t *testing.T) {
	extracted, recognized, stored := timing(batch.StageExtract)[0], timing(batch.StageOCR)[0], timing(batch.StageStore)[0]
	all := []batch.StageTiming{extracted, recognized, stored}
	ended := batch.DocumentResult{Outcome: batch.OutcomeCompleted, Stages: all[1:]}
	for name, afterOCR := range map[string]func(env *testsuite.TestWorkflowEnvironment) activities.ProcessResult{
		"in which it ends": func(*testsuite.TestWorkflowEnvironment) activities.ProcessResult {
			return activities.ProcessResult{Result: ended}
		},
		"of an earlier version": func(env *testsuite.TestWorkflowEnvironment) activities.ProcessResult {
			last := ended
			last.Stages = all[2:]
			env.OnActivity(docs.Process, mock.Anything, from(batch.StageChunk, 2)).Return(activities.ProcessResult{Result: last}, nil).Once()
			return activities.ProcessResult{Next: batch.StageChunk, Result: batch.DocumentResult{Stages: all[1:2]}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			env := newEnv(t)
			env.OnActivity(docs.Process, mock.Anything, from(batch.StageFetch, 0)).Return(activities.ProcessResult{
				Next: batch.StageOCR, Result: batch.DocumentResult{Stages: all[:1]}}, nil).Once()
			env.OnActivity(docs.Recognize, mock.Anything, from(batch.StageOCR, 1)).Return(afterOCR(env), nil).Once()
			env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
			var got batch.DocumentResult
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, all, got.Stages)
		})
	}
}

func TestDocumentFailsWithItsCategoryAndItsOutcomeStored(t *testing.T) {
	env := newEnv(t)
	env.OnActivity(docs.Process, mock.Anything, mock.Anything).Return(activities.ProcessResult{},
		categoryError(batch.Data, "EncryptedPDF", "the PDF asks for a password")).Once()
	env.OnUpsertTypedSearchAttributes(temporal.NewSearchAttributes(batch.AttrErrorCategory.ValueSet("DATA"))).Return(nil).Once()
	env.OnActivity(docs.RecordOutcome, mock.Anything, mock.MatchedBy(func(in activities.OutcomeInput) bool {
		return in.Row == 7 && in.Outcome == batch.OutcomeFailed && in.Failure.Type == "EncryptedPDF" && in.Failure.Attempts == 3
	})).Return(activities.OutcomeResult{Outcome: batch.OutcomeFailed}, nil).Once()
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	var app *temporal.ApplicationError
	require.ErrorAs(t, env.GetWorkflowError(), &app)
	assert.Equal(t, "DATA", app.Type())
	assert.Equal(t, "the PDF asks for a password", app.Message())
	var f batch.Failure
	require.NoError(t, app.Details(&f))
	assert.Equal(t, batch.StageExtract, f.Stage)
}

func TestDocumentOfAMissingToolGivesItsRowBack(t *testing.T) {
	f := batch.NewFailure(batch.StageOCR, batch.NewError(batch.Configuration, "ToolMissing", "tesseract is not installed"))
	for name, c := range map[string]struct {
		ask, ended, recorded bool
	}{
		"asked to":     {ask: true},
		"not asked to": {recorded: true},
		"ended before": {ask: true, ended: true, recorded: true},
	} {
		t.Run(name, func(t *testing.T) {
			env := newEnv(t)
			env.OnActivity(docs.Process, mock.Anything, mock.Anything).Return(activities.ProcessResult{},
				temporal.NewApplicationErrorWithOptions(f.Message, string(f.Category), temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{f, c.ended}}))
			if c.recorded {
				env.OnUpsertTypedSearchAttributes(mock.Anything).Return(nil)
				env.OnActivity(docs.RecordOutcome, mock.Anything, mock.Anything).Return(activities.OutcomeResult{Outcome: batch.OutcomeFailed}, nil).Once()
			}
			in := docIn
			in.GiveBack = c.ask
			env.ExecuteWorkflow(batch.DocumentWorkflow, in)
			var got batch.DocumentResult
			err := env.GetWorkflowResult(&got)
			if c.recorded {
				assert.True(t, temporal.IsApplicationError(err), "%v", err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, batch.DocumentResult{Failure: &f}, got)
		})
	}
}

func TestDocumentWhoseAnswerWasLostIsNotFailed(t *testing.T) {
	env := newEnv(t)
	env.OnActivity(docs.Process, mock.Anything, mock.Anything).Return(activities.ProcessResult{},
		temporal.NewTimeoutError(enumspb.TIMEOUT_TYPE_HEARTBEAT, nil))
	env.OnActivity(docs.RecordOutcome, mock.Anything, mock.Anything).Return(
		activities.OutcomeResult{Outcome: batch.OutcomeCompleted}, nil).Once()
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	var got batch.DocumentResult
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, batch.OutcomeCompleted, got.Outcome)
}

func TestDocumentOfDeadWorkersFailsAsTransient(t *testing.T) {
	env := newEnv(t)
	tries := 0
	env.OnActivity(docs.Process, mock.Anything, mock.Anything).Return(func(context.Context, activities.ProcessInput) (activities.ProcessResult, error) {
		tries++
		return activities.ProcessResult{}, temporal.NewTimeoutError(enumspb.TIMEOUT_TYPE_HEARTBEAT, nil)
	})
	env.OnActivity(docs.RecordOutcome, mock.Anything, mock.Anything).Return(activities.OutcomeResult{Outcome: batch.OutcomeFailed}, nil)
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	var app *temporal.ApplicationError
	require.ErrorAs(t, env.GetWorkflowError(), &app)
	assert.Equal(t, "TRANSIENT", app.Type())
	assert.Greater(t, tries, 1, "a heartbeat timeout is tried again")
}

func TestCancelledDocumentRecordsIt(t *testing.T) {
	env := newEnv(t)
	env.OnActivity(docs.Process, mock.Anything, mock.Anything).After(time.Hour).Return(activities.ProcessResult{}, errors.New("never"))
	env.OnActivity(docs.RecordOutcome, mock.Anything, mock.MatchedBy(func(in activities.OutcomeInput) bool {
		return in.Outcome == batch.OutcomeCancelled && in.Failure == nil
	})).Return(activities.OutcomeResult{Outcome: batch.OutcomeCancelled}, nil).Once()
	env.RegisterDelayedCallback(env.CancelWorkflow, time.Minute)
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	assert.True(t, temporal.IsCanceledError(env.GetWorkflowError()), "%v", env.GetWorkflowError())
}

// move sends the signal of a moved document after a time.
func move(env *testsuite.TestWorkflowEnvironment, after time.Duration, m activities.Move) {
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(activities.SignalMove, m) }, after)
}

func at8(in activities.ProcessInput) bool { return in.Document.Priority == 8 }

func at5(in activities.ProcessInput) bool { return in.Document.Priority == 5 }

func TestQueuedDocumentIsQueuedAnewWhenItIsMoved(t *testing.T) {
	env := newEnv(t)
	env.OnActivity(docs.Process, mock.Anything, mock.MatchedBy(at5)).After(time.Hour).Return(activities.ProcessResult{}, errors.New("given up")).Once()
	var queue string
	env.OnActivity(docs.Process, mock.Anything, mock.MatchedBy(at8)).Return(func(ctx context.Context, _ activities.ProcessInput) (activities.ProcessResult, error) {
		queue = activity.GetInfo(ctx).TaskQueue
		return activities.ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeCompleted}}, nil
	}).Once()
	move(env, time.Minute, activities.Move{Priority: 8, Requeue: true})
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, "caseload.high", queue)
}

func TestDocumentInWorkMovesWithItsNextStage(t *testing.T) {
	env := newEnv(t)
	env.OnActivity(docs.Process, mock.Anything, mock.MatchedBy(at5)).After(time.Hour).Return(activities.ProcessResult{Next: batch.StageOCR}, nil).Once()
	env.OnActivity(docs.Recognize, mock.Anything, mock.MatchedBy(at8)).Return(activities.ProcessResult{Next: batch.StageChunk}, nil).Once()
	env.OnActivity(docs.Process, mock.Anything, mock.MatchedBy(at8)).Return(activities.ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeCompleted}}, nil).Once()
	move(env, time.Minute, activities.Move{Priority: 8})
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	require.NoError(t, env.GetWorkflowError())
}

func TestDocumentThatWaitsForOCRIsQueuedAnewWhenItIsMoved(t *testing.T) {
	env := newEnv(t)
	env.OnActivity(docs.Process, mock.Anything, mock.MatchedBy(at5)).Return(activities.ProcessResult{Next: batch.StageOCR}, nil).Once()
	env.OnActivity(docs.Recognize, mock.Anything, mock.MatchedBy(at5)).After(time.Hour).Return(activities.ProcessResult{}, errors.New("given up")).Once()
	var queue string
	env.OnActivity(docs.Recognize, mock.Anything, mock.MatchedBy(at8)).Return(func(ctx context.Context, _ activities.ProcessInput) (activities.ProcessResult, error) {
		queue = activity.GetInfo(ctx).TaskQueue
		return activities.ProcessResult{Result: batch.DocumentResult{Outcome: batch.OutcomeCompleted}}, nil
	}).Once()
	move(env, time.Minute, activities.Move{Priority: 8, Requeue: true})
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, "caseload.high", queue)
}

func TestHeldDocumentGivesItsRowBack(t *testing.T) {
	for name, stage := range map[string]batch.Stage{"unread": batch.StageFetch, "before OCR": batch.StageOCR} {
		t.Run(name, func(t *testing.T) {
			env := newEnv(t)
			held := activities.ProcessResult{Held: true}
			if stage == batch.StageOCR {
				env.OnActivity(docs.Process, mock.Anything, mock.Anything).Return(activities.ProcessResult{Next: batch.StageOCR}, nil).Once()
				env.OnActivity(docs.Recognize, mock.Anything, mock.Anything).Return(held, nil).Once()
			} else {
				env.OnActivity(docs.Process, mock.Anything, mock.Anything).Return(held, nil).Once()
			}
			env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
			var got batch.DocumentResult
			require.NoError(t, env.GetWorkflowResult(&got))
			assert.Equal(t, batch.DocumentResult{}, got)
		})
	}
}

func TestDocumentAsksTheModelOnAQueueOfAllBands(t *testing.T) {
	env := newEnv(t)
	asked, stored := timing(batch.StageModel)[0], timing(batch.StageStore)[0]
	all := []batch.StageTiming{timing(batch.StageExtract)[0], asked, stored}
	queues := map[string]string{}
	env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, _ converter.EncodedValues) {
		queues[info.ActivityType.Name] = info.TaskQueue
	})
	env.OnActivity(docs.Process, mock.Anything, from(batch.StageFetch, 0)).Return(activities.ProcessResult{
		Next: batch.StageModel, Result: batch.DocumentResult{Stages: all[:1]}}, nil).Once()
	env.OnActivity(docs.AskModel, mock.Anything, from(batch.StageModel, 1)).Return(activities.ProcessResult{
		Result: batch.DocumentResult{Outcome: batch.OutcomeCompleted, Stages: all[1:]}}, nil).Once()
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	var got batch.DocumentResult
	require.NoError(t, env.GetWorkflowResult(&got))
	assert.Equal(t, all, got.Stages)
	assert.Equal(t, map[string]string{"Process": docIn.Priority.Queue(), "AskModel": batch.ModelQueue}, queues)
}

func TestDocumentThatBeganWithoutTheModelsStageGoesOnAsItDid(t *testing.T) {
	env := newEnv(t)
	env.OnGetVersion("ask-model", workflow.DefaultVersion, workflow.Version(1)).Return(workflow.DefaultVersion)
	env.OnActivity(docs.Process, mock.Anything, from(batch.StageFetch, 0)).Return(activities.ProcessResult{Next: batch.StageModel}, nil).Once()
	env.OnActivity(docs.Process, mock.Anything, from(batch.StageModel, 0)).Return(activities.ProcessResult{
		Result: batch.DocumentResult{Outcome: batch.OutcomeCompleted}}, nil).Once()
	env.ExecuteWorkflow(batch.DocumentWorkflow, docIn)
	require.NoError(t, env.GetWorkflowError())
}
