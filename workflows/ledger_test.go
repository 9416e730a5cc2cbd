package workflows_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/workflows"
)

// begin notes that a document begins, and says how its batch stands.
func (l *ledger) begin(in batch.DocumentInput) batch.Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = append(l.begun, in)
	return l.control.Status
}

func (l *ledger) recorded() batch.Control {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.control
}

func (l *ledger) end(row int, o batch.Outcome) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.outcomes[row] = o
}

// group adds a failed row to its cause.
func (l *ledger) group(row int, err error) {
	var app *temporal.ApplicationError
	var f batch.Failure
	if errors.As(err, &app) && app.Details(&f) == nil {
		l.add(row, f)
	}
}

func (l *ledger) add(row int, f batch.Failure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i, g := range l.groups {
		if g.Fingerprint == f.Fingerprint {
			l.groups[i].Count++
			l.groups[i].Rows = append(l.groups[i].Rows, row)
			return
		}
	}
	l.groups = append(l.groups, batch.ErrorGroup{Category: f.Category, Fingerprint: f.Fingerprint, Count: 1, Rows: []int{row}})
}

func batchIn(rows, concurrency int) batch.Input {
	return batch.Input{ID: "b1", Project: "acme", Rows: rows, Priority: batch.PriorityHigh,
		Options: batch.Options{Concurrency: concurrency, ShardRows: 100}}
}

// ledger stands for the rows of a batch in the store: it answers the batch's
// activities from what has been recorded.
type ledger struct {
	mu        sync.Mutex // activities run beside workflows
	rows      int
	outcomes  map[int]batch.Outcome
	groups    []batch.ErrorGroup                   // as the store groups failures
	takes     time.Duration                        // how long a document is read
	read      func(row int) (batch.Outcome, error) // how a row's document ends then
	reasons   map[int]string                       // of rows
	window    peak
	begun     []batch.DocumentInput // in the order they were begun
	control   batch.Control         // as recorded
	decisions []batch.Decision
	moves     []activities.MoveInput
	moveTakes time.Duration
	needs     func(row int) bool   // whether a row needs the service that is left alone
	throttled time.Time            // until then
	canaries  int                  // of a recovery: its first rows
	cause     func(row int) string // that it recovers
	warm      func() (batch.Warming, error)
	warmTakes time.Duration
	warmed    int // how often the cache was
	inWork    func() batch.InWork
	counted   int // how often what is in work was
}

func (l *ledger) isPutOff(row int, now time.Time) bool {
	return l.needs != nil && l.needs(row) && now.Before(l.throttled)
}

func newLedger(rows int) *ledger {
	return &ledger{rows: rows, outcomes: map[int]batch.Outcome{}, takes: time.Minute, read: completed}
}

func (l *ledger) counts() batch.Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.count()
}

// count is counts for who holds mu.
func (l *ledger) count() batch.Counts {
	c := batch.Counts{Total: l.rows, Pending: l.rows - len(l.outcomes)}
	for _, o := range l.outcomes {
		c.Add(o)
	}
	return c
}

// newBatchEnv is a test environment with the Batch workflow, whose rows l keeps
// and whose Document workflows end as l says.
func newBatchEnv(t *testing.T, l *ledger) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := bareEnv(t)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: batch.WorkflowID("b1"), TaskQueue: batch.BandHigh.Queue()})
	env.RegisterWorkflowWithOptions(workflows.Batch, workflow.RegisterOptions{Name: batch.BatchWorkflow})
	env.RegisterWorkflowWithOptions(workflows.BatchShard, workflow.RegisterOptions{Name: batch.ShardWorkflow})
	env.RegisterWorkflowWithOptions(l.document, workflow.RegisterOptions{Name: batch.DocumentWorkflow})
	l.serve(env)
	return env
}

func (l *ledger) document(ctx workflow.Context, in batch.DocumentInput) (batch.DocumentResult, error) {
	switch l.begin(in) {
	case batch.StatusHeld:
		if !in.Probe {
			return batch.DocumentResult{}, nil
		}
	case batch.StatusPaused:
		return batch.DocumentResult{}, nil
	case batch.StatusCancelling, batch.StatusStopping:
		l.end(in.Row, batch.OutcomeCancelled)
		return batch.DocumentResult{Outcome: batch.OutcomeCancelled}, nil
	}
	if l.isPutOff(in.Row, workflow.Now(ctx)) {
		return batch.DocumentResult{PutOffUntil: l.throttled}, nil
	}
	l.window.enter()
	defer l.window.leave()
	if err := workflow.Sleep(ctx, l.takes); err != nil {
		l.end(in.Row, batch.OutcomeCancelled)
		return batch.DocumentResult{}, err
	}
	o, err := l.read(in.Row)
	if f, asked := asksForPerson(err); asked && in.GiveBack {
		return batch.DocumentResult{Failure: &f}, nil
	}
	if err == nil || temporal.IsApplicationError(err) {
		l.end(in.Row, o)
	}
	l.group(in.Row, err)
	return batch.DocumentResult{Outcome: o, Reason: l.reasons[in.Row], Pages: 2, Stages: timing(batch.StageExtract)}, err
}

// asksForPerson says whether err is of a cause that a person has to put right.
func asksForPerson(err error) (f batch.Failure, ok bool) {
	var app *temporal.ApplicationError
	ok = errors.As(err, &app) && app.Details(&f) == nil && f.Category == batch.Configuration
	return f, ok
}

// serve answers env's batch activities from l and marks the batch.
func (l *ledger) serve(env *testsuite.TestWorkflowEnvironment) {
	env.OnActivity(batches.OpenBatch, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.OpenInput) (activities.OpenResult, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		res := activities.OpenResult{Counts: l.count(), Groups: l.groups}
		if in.Canary > 0 {
			res.Canaries = l.canaries
		}
		return res, nil
	})
	env.OnActivity(batches.JudgeCanaries, mock.Anything, mock.Anything).Return(l.judge).Maybe()
	env.OnActivity(batches.ReopenFailed, mock.Anything, mock.Anything).Return(l.reopen).Maybe()
	env.OnActivity(batches.PendingRows, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.RowsInput) (activities.RowsResult, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		var res activities.RowsResult
		for r := in.After + 1; r <= min(in.Last, l.rows) && len(res.Rows) < in.Limit; r++ {
			if _, ended := l.outcomes[r]; !ended && !l.isPutOff(r, env.Now()) {
				res.Rows = append(res.Rows, r)
			}
		}
		last := min(in.Last, l.rows)
		if len(res.Rows) == in.Limit {
			last = res.Rows[in.Limit-1]
		}
		for r := in.After + 1; r <= last; r++ {
			if _, ended := l.outcomes[r]; !ended && l.isPutOff(r, env.Now()) {
				res.PutOffUntil = l.throttled
			}
		}
		return res, nil
	})
	env.OnActivity(batches.CloseBatch, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.CloseInput) (batch.Summary, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		status := batch.StatusCompleted
		if in.Cancelled || in.Failed {
			if status = batch.StatusCancelled; in.Failed {
				status = batch.StatusFailed
			}
			for r := 1; r <= l.rows; r++ {
				if _, ended := l.outcomes[r]; !ended {
					l.outcomes[r] = batch.OutcomeCancelled
				}
			}
		}
		c := l.count()
		return batch.Summary{Batch: in.Batch, Status: status, Counts: c, Pages: 2 * c.Completed}, nil
	}).Maybe()
	env.OnActivity(batches.RecordControl, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.ControlInput) error {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.control = in.Control
		l.decisions = append(l.decisions, in.Decision)
		return nil
	}).Maybe()
	env.OnActivity(docs.RecordOutcome, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.OutcomeInput) (activities.OutcomeResult, error) {
		l.end(in.Row, in.Outcome)
		l.add(in.Row, *in.Failure)
		return activities.OutcomeResult{Outcome: in.Outcome}, nil
	}).Maybe()
	env.OnActivity(batches.MoveDocuments, mock.Anything, mock.Anything).After(l.moveTakes).Return(func(_ context.Context, in activities.MoveInput) (activities.MoveResult, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.moves = append(l.moves, in)
		return activities.MoveResult{Moved: len(in.Rows) - 1, InWork: 1}, nil
	}).Maybe()
	env.OnActivity(batches.CountInWork, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.InWorkInput) (batch.InWork, error) {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.counted++
		var w batch.InWork
		if l.inWork != nil {
			w = l.inWork()
		}
		w.At = in.At
		return w, nil
	}).Maybe()
	env.OnActivity(warmer.WarmCache, mock.Anything, mock.Anything).After(l.warmTakes).Return(func(context.Context, activities.WarmInput) (batch.Warming, error) {
		l.mu.Lock()
		l.warmed++
		l.mu.Unlock()
		if l.warm != nil {
			return l.warm()
		}
		return batch.Warming{Planned: 3, Warmed: 3}, nil
	}).Maybe()
	env.OnUpsertTypedSearchAttributes(mock.Anything).Return(nil).Maybe()
}

// reopen makes the failed rows of a cause pending again.
func (l *ledger) reopen(_ context.Context, in activities.ReopenInput) (activities.ReopenResult, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var res activities.ReopenResult
	for i, g := range l.groups {
		if g.Fingerprint != in.Fingerprint || l.control.Status != batch.StatusHeld {
			continue
		}
		for _, row := range g.Rows {
			delete(l.outcomes, row)
		}
		res.Reopened = len(g.Rows)
		l.groups = append(l.groups[:i:i], l.groups[i+1:]...)
		break
	}
	return res, nil
}

// judge holds back the rows whose canaries failed.
func (l *ledger) judge(_ context.Context, in activities.JudgeInput) (held int, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	failed := map[string]bool{}
	for row, o := range l.outcomes {
		if row <= in.Canaries && (o == batch.OutcomeFailed || o == batch.OutcomeCancelled) {
			failed[l.cause(row)] = true
		}
	}
	for row := in.Canaries + 1; row <= l.rows; row++ {
		if _, ended := l.outcomes[row]; !ended && failed[l.cause(row)] {
			l.outcomes[row] = batch.OutcomeSkipped
			held++
		}
	}
	return held, nil
}

// peak is the greatest number of documents that ran at once.
type peak struct{ now, most int }

func (p *peak) enter() { p.now++; p.most = max(p.most, p.now) }
func (p *peak) leave() { p.now-- }

func completed(int) (batch.Outcome, error) { return batch.OutcomeCompleted, nil }

func query[T any](t *testing.T, env *testsuite.TestWorkflowEnvironment, name string) T {
	t.Helper()
	var out T
	v, err := env.QueryWorkflow(name)
	require.NoError(t, err)
	require.NoError(t, get(v, &out))
	return out
}

func get(v converter.EncodedValue, out any) error { return v.Get(out) }

// decoded are the arguments that a workflow continues with.
func decoded(t *testing.T, err *workflow.ContinueAsNewError) []any {
	t.Helper()
	args := make([]any, 0, len(err.Input.GetPayloads()))
	for _, p := range err.Input.GetPayloads() {
		var arg any
		require.NoError(t, converter.GetDefaultDataConverter().FromPayload(p, &arg))
		args = append(args, arg)
	}
	return args
}
