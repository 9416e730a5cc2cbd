package workflows_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/workflows"
)

// scanner stands for documents that are all extracted at once and whose OCR a few
// cores do, a minute each. Those that wait for it see how their batch stands.
type scanner struct {
	*ledger
	cores      int
	extracted  map[int]bool
	recognized atomic.Int64
	began      int  // OCR
	end        bool // as soon as their OCR is done; or all at the end
}

// newScanEnv is newBatchEnv with documents that are scans.
func newScanEnv(t *testing.T, s *scanner) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	env := bareEnv(t)
	env.SetStartWorkflowOptions(client.StartWorkflowOptions{ID: batch.WorkflowID("b1"), TaskQueue: batch.BandHigh.Queue()})
	env.RegisterWorkflowWithOptions(workflows.Batch, workflow.RegisterOptions{Name: batch.BatchWorkflow})
	env.RegisterWorkflowWithOptions(s.document, workflow.RegisterOptions{Name: batch.DocumentWorkflow})
	s.extracted = map[int]bool{}
	s.inWork = func() batch.InWork { // s.mu is held
		scans := len(s.extracted)
		w := batch.InWork{Scans: scans, Stages: []batch.StageProgress{
			{Stage: batch.StageExtract, Documents: scans, Total: time.Duration(scans) * 10 * time.Millisecond},
		}}
		if n := int(s.recognized.Load()); n > 0 {
			w.Stages = append(w.Stages, batch.StageProgress{Stage: batch.StageOCR, Documents: n, Total: time.Duration(n) * time.Minute})
		}
		return w
	}
	s.serve(env)
	return env
}

func (s *scanner) document(ctx workflow.Context, in batch.DocumentInput) (batch.DocumentResult, error) {
	s.begin(in)
	s.extract(in.Row)
	for s.window.now >= s.cores {
		if err := workflow.Sleep(ctx, time.Second); err != nil {
			s.ledger.end(in.Row, batch.OutcomeCancelled)
			return batch.DocumentResult{}, err
		}
		switch s.recorded().Status {
		case batch.StatusPaused, batch.StatusHeld:
			return batch.DocumentResult{}, nil
		case batch.StatusCancelling, batch.StatusStopping:
			s.ledger.end(in.Row, batch.OutcomeCancelled)
			return batch.DocumentResult{Outcome: batch.OutcomeCancelled}, nil
		}
	}
	s.began++
	s.window.enter()
	err := workflow.Sleep(ctx, time.Minute)
	s.window.leave()
	if err != nil {
		s.ledger.end(in.Row, batch.OutcomeCancelled)
		return batch.DocumentResult{}, err
	}
	s.recognized.Add(1)
	for !s.end && int(s.recognized.Load()) < s.rows {
		if err := workflow.Sleep(ctx, 5*time.Second); err != nil {
			return batch.DocumentResult{}, err
		}
	}
	s.ledger.end(in.Row, batch.OutcomeCompleted)
	s.store(in.Row)
	if s.end {
		s.recognized.Add(-1)
	}
	return batch.DocumentResult{Outcome: batch.OutcomeCompleted, Pages: 1, Stages: []batch.StageTiming{
		{Stage: batch.StageExtract, Duration: 10 * time.Millisecond}, {Stage: batch.StageOCR, Duration: time.Minute},
	}}, nil
}

func (s *scanner) extract(row int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.extracted[row] = true
}

func (s *scanner) store(row int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.extracted, row)
}

func TestPausedBatchOfScansHasBackThoseThatWaitForOCR(t *testing.T) {
	s := &scanner{ledger: newLedger(12), cores: 2, end: true}
	env := newScanEnv(t, s)
	paused := command(env, 90*time.Second, batch.CommandPause, batch.Pause{})
	resumed := command(env, time.Hour, batch.CommandResume, batch.Resume{})
	at(t, env, 30*time.Minute, func(p batch.Progress) {
		assert.Equal(t, batch.StatusPaused, p.Status)
		assert.Equal(t, batch.Counts{Total: 12, Completed: 4, Pending: 8}, p.Counts, "those in OCR were read to their end")
		assert.Nil(t, p.ETA)
	})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(12, 12))
	require.NoError(t, env.GetWorkflowError())
	assert.Equal(t, batch.Counts{Total: 12, Completed: 12}, s.counts())
	assert.Equal(t, 12, s.began, "OCR of each began once")
	assert.Equal(t, []int{8, 8, 2}, []int{paused.result.GivenBack, paused.result.Unstarted, paused.result.InWork}, "they had all been started")
	assert.Equal(t, 8, resumed.result.Unstarted)
	assert.Len(t, s.begun, 20)
}

func TestDrainedBatchOfScansReadsNoneThatWaitsForOCR(t *testing.T) {
	s := &scanner{ledger: newLedger(12), cores: 2, end: true}
	env := newScanEnv(t, s)
	began := env.Now()
	command(env, 90*time.Second, batch.CommandCancel, batch.Cancel{})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(12, 12))
	assert.Less(t, env.Now().Sub(began), 3*time.Minute)
	assert.Equal(t, batch.Counts{Total: 12, Completed: 4, Cancelled: 8}, s.counts())
	assert.Equal(t, 4, s.began)
}

func TestReprioritizeMovesScansThatWaitForOCR(t *testing.T) {
	s := &scanner{ledger: newLedger(12), cores: 2, end: true}
	env := newScanEnv(t, s)
	command(env, 90*time.Second, batch.CommandReprioritize, batch.Reprioritize{Priority: 2})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(12, 12))
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, s.moves, 1)
	assert.Len(t, s.moves[0].Rows, 10, "all but the two that had ended")
}

func TestBatchOfScansHasAnETABeforeADocumentEnds(t *testing.T) {
	s := &scanner{ledger: newLedger(40), cores: 2}
	env := newScanEnv(t, s)
	at(t, env, 45*time.Second, func(p batch.Progress) {
		assert.Nil(t, p.ETA, "no OCR is done")
		require.NotNil(t, p.InWork)
		assert.Equal(t, 40, p.InWork.Scans)
	})
	at(t, env, 11*time.Minute, func(p batch.Progress) {
		assert.Zero(t, p.Counts.Done())
		require.NotNil(t, p.ETA)
		assert.InDelta(t, 9, p.ETA.Remaining.Minutes(), 4)
		assert.Less(t, p.ETA.Low, 9*time.Minute)
		assert.Greater(t, p.ETA.High, 12*time.Minute)
	})
	env.ExecuteWorkflow(batch.BatchWorkflow, batchIn(40, 40))
	require.NoError(t, env.GetWorkflowError())
	assert.Less(t, s.counted, 20, "ever more seldom")
	assert.Nil(t, query[batch.Progress](t, env, batch.QueryProgress).InWork, "nothing is in work any more")
}

func TestBatchOfScansRaisesItsPriorityBeforeADocumentEnds(t *testing.T) {
	s := &scanner{ledger: newLedger(40), cores: 2}
	env := newScanEnv(t, s)
	at(t, env, 12*time.Minute, func(p batch.Progress) {
		assert.Zero(t, p.Counts.Done())
		assert.Greater(t, p.Priority, batch.PriorityNormal)
	})
	in := batchIn(40, 40)
	in.Priority = batch.PriorityNormal
	in.Options.Deadline = env.Now().Add(15 * time.Minute) // 20 are needed
	env.ExecuteWorkflow(batch.BatchWorkflow, in)
	require.NoError(t, env.GetWorkflowError())
}

func TestBatchWhoseDocumentsEndCountsOnce(t *testing.T) {
	for name, c := range map[string]struct {
		rows, counted int
	}{
		"ends soon": {rows: 10, counted: 0},
		"ends late": {rows: 300, counted: 1},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLedger(c.rows)
			l.takes = time.Second
			env := newBatchEnv(t, l)
			in := batchIn(c.rows, 10)
			in.Options.ShardRows = 1000
			env.ExecuteWorkflow(batch.BatchWorkflow, in)
			require.NoError(t, env.GetWorkflowError())
			assert.Equal(t, c.counted, l.counted)
		})
	}
}
