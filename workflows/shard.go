package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
)

// A shard reports when a share of its rows has ended since its last report, some
// time has passed, nothing runs, or a probe does; in between its batch knows nothing
// of it.
const (
	reportShare   = 20 // one in so many rows
	tailShare     = 50 // the same, when the last rows run: the next shard takes the place of those that end
	reportEvery   = 30 * time.Second
	reportAtLeast = time.Second
)

// shardInput starts a BatchShard workflow.
type shardInput struct {
	Batch      string        `json:"batch"`
	Project    string        `json:"project"`
	Weight     float64       `json:"weight,omitempty"`
	Reread     bool          `json:"reread,omitempty"`
	MaxHistory int           `json:"max_history"`
	HoldAfter  int           `json:"hold_after"`
	Probe      bool          `json:"probe,omitempty"` // a document is to be read as one
	Shard      int           `json:"shard"`           // from 0
	Rows       rowRange      `json:"rows"`
	Control    batch.Control `json:"control"`        // its Concurrency is the shard's share
	Seq        int           `json:"seq"`            // of the last order that Control includes
	Tally      Tally         `json:"tally,omitzero"` // of earlier runs of this workflow
}

// BatchShard runs a range of a batch's rows and answers how they ended. It
// reports to its batch meanwhile, and runs as the batch orders.
func BatchShard(ctx workflow.Context, in shardInput) (Tally, error) {
	s := &shard{in: in, acked: in.Seq, lastReport: in.Tally.clone(), reportedAt: workflow.Now(ctx)}
	s.window = &window{
		batch: in.Batch, project: in.Project, weight: in.Weight, reread: in.Reread, rows: in.Rows,
		control: &s.in.Control, update: s.update, maxHistory: in.MaxHistory,
		holder: holder{after: in.HoldAfter, hold: s.askHold, probed: s.probeEnded, wanted: in.Probe},
	}
	workflow.Go(ctx, s.obey)
	more, err := s.window.run(ctx)
	if more {
		if err := hearOthers(ctx, func() bool { return !s.obeying }); err != nil {
			return s.in.Tally, nil // cancelled
		}
		s.in.Probe = s.window.holder.wanted
		return Tally{}, workflow.NewContinueAsNewError(ctx, batch.ShardWorkflow, s.in)
	}
	if err != nil && !temporal.IsCanceledError(err) {
		return Tally{}, err
	}
	s.in.Tally.PutOffUntil = s.window.putOff
	return s.in.Tally, nil
}

type shard struct {
	in         shardInput // its Control and Tally are current
	window     *window
	obeying    bool // an order is being carried out
	acked      int  // the last order that was
	lastReport Tally
	reportedAt time.Time
}

// obey carries out the batch's orders.
func (s *shard) obey(ctx workflow.Context) {
	orders := workflow.GetSignalChannel(ctx, signalOrder)
	for {
		var o shardOrder
		if !orders.Receive(ctx, &o) {
			return
		}
		if o.Seq <= s.in.Seq {
			continue
		}
		s.obeying = true
		before := s.in.Control
		s.in.Control, s.in.Seq = o.Control, o.Seq
		if o.Control.Status != batch.StatusRunning {
			s.window.holder.asked = false
		}
		s.window.holder.wanted = o.Probe && s.window.holder.probing == 0
		var done moved
		if o.Control.Priority != before.Priority {
			var err error
			if done, err = s.window.move(ctx); err != nil {
				workflow.GetLogger(ctx).Warn("queued documents keep their priority", "error", err)
			}
		}
		if o.Control.Status == batch.StatusPaused && before.Status != batch.StatusPaused {
			if err := s.window.settleDown(ctx); err != nil {
				return // cancelled
			}
		}
		s.acked = o.Seq
		heard := s.report(ctx, shardReport{Moved: done})
		// The server drops what a run has sent when it continues as new at once.
		if workflow.GetVersion(ctx, changeHeard, workflow.DefaultVersion, 1) != workflow.DefaultVersion {
			if err := heard.Get(ctx, nil); err != nil {
				workflow.GetLogger(ctx).Warn("the batch has not heard that its order was carried out", "error", err)
			}
		}
		s.obeying = false
	}
}

func (s *shard) update(ctx workflow.Context, change func(*Tally)) {
	change(&s.in.Tally)
	ended := s.in.Tally.Counts.Done() - s.lastReport.Counts.Done()
	quiet := workflow.Now(ctx).Sub(s.reportedAt)
	probes := s.window.holder.probing != 0
	idle := s.in.Tally.Counts.Running == 0 && s.lastReport.Counts.Running > 0
	rows := s.in.Rows.Last - s.in.Rows.First + 1
	due := quiet >= reportAtLeast && ended >= max(1, rows/reportShare)
	if s.left() < s.in.Control.Concurrency {
		due = ended >= max(1, rows/tailShare)
	}
	if due || quiet >= reportEvery || idle || probes {
		s.report(ctx, shardReport{})
	}
}

// left is how many rows are still to be read, those in work included, at most.
func (s *shard) left() int { return s.window.waiting() + s.in.Tally.Counts.Running }

func (s *shard) askHold(ctx workflow.Context, f batch.Failure) { s.report(ctx, shardReport{Hold: &f}) }

func (s *shard) probeEnded(ctx workflow.Context, row int, f *batch.Failure) {
	s.report(ctx, shardReport{Probed: row, Failed: f})
}

// report tells the batch r, with all that was counted.
func (s *shard) report(ctx workflow.Context, r shardReport) workflow.Future {
	s.lastReport, s.reportedAt = s.in.Tally.clone(), workflow.Now(ctx)
	r.Shard, r.Tally, r.Acked, r.Left = s.in.Shard, s.lastReport, s.acked, s.left()
	// A batch that does not hear this one hears the next, or the result.
	return workflow.SignalExternalWorkflow(ctx, batch.WorkflowID(s.in.Batch), "", signalReport, r)
}

// changeHeard is the version of shards that continue as new when the batch has heard
// what they did last.
const changeHeard = "order-acknowledged"

// hearOthers waits for ready, and has each other coroutine take what came with this
// workflow task before: a signal that a coroutine has not received when its workflow
// continues as new is lost.
func hearOthers(ctx workflow.Context, ready func() bool) error {
	heard := false
	workflow.Go(ctx, func(workflow.Context) { heard = true }) // it runs after those there are
	return workflow.Await(ctx, func() bool { return heard && ready() })
}
