package workflows

import (
	"maps"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/batch"
)

// activeShards is how many shards of a batch run at once, at most. One has the
// whole concurrency, as a workflow task then hears of more documents, until its
// last ones run: the next shard takes what they leave. All but one wait for a few
// slow documents.
const activeShards = 8

// shardSet runs the rows of a large batch through BatchShard child workflows.
type shardSet struct {
	b      *batchRun
	next   int // the next shard to start, from 0
	seq    int // of the orders to the shards
	active map[int]*activeShard
	putOff time.Time // as of documents.leftOver
}

type activeShard struct {
	started bool // signals reach it
	share   int  // of the concurrency, as last ordered
	left    int  // rows that it has still to read, those in work included, at most
	wanted  int  // the last order to it
	acked   int  // the last order that it carried out
	moved   moved
	report  Tally
	stuck   bool // it asked for the hold, and has documents to probe with
	probe   bool // it is to read one
}

// shardReport is what a shard signals to its batch now and then: all it counted
// so far, and the last order that it carried out.
type shardReport struct {
	Shard int   `json:"shard"`
	Tally Tally `json:"tally"`
	Acked int   `json:"acked"`
	// Left is how many rows it has still to read, those in work included, at most.
	Left  int   `json:"left"`
	Moved moved `json:"moved"` // by the order Acked
	// Hold asks for the batch to be held, for this failure.
	Hold *batch.Failure `json:"hold,omitempty"`
	// Probed is the row that was read as a probe, and Failed how it failed, if it
	// did.
	Probed int            `json:"probed,omitempty"`
	Failed *batch.Failure `json:"failed,omitempty"`
}

// shardOrder is what a batch signals to a shard: how to run from now on.
type shardOrder struct {
	Seq     int           `json:"seq"`
	Control batch.Control `json:"control"`         // its Concurrency is the shard's share
	Probe   bool          `json:"probe,omitempty"` // read one document although the batch is held
}

// Signals between a batch and its shards.
const (
	signalReport = "shard-report"
	signalOrder  = "shard-order"
)

func newShardSet(ctx workflow.Context, b *batchRun, next int) *shardSet {
	s := &shardSet{b: b, next: next, putOff: b.putOff, active: map[int]*activeShard{}}
	reports := workflow.GetSignalChannel(ctx, signalReport)
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var r shardReport
			if !reports.Receive(ctx, &r) {
				return
			}
			s.heard(ctx, r)
		}
	})
	return s
}

func (s *shardSet) size() int { return s.b.in.Options.ShardRows }

func (s *shardSet) count() int { return (s.b.in.Rows + s.size() - 1) / s.size() }

func (s *shardSet) control() batch.Control { return s.b.progress.Control }

// run starts the shards in order and waits for those started to end; see
// window.run.
func (s *shardSet) run(ctx workflow.Context) (more bool, err error) {
	for s.next < s.count() {
		err = workflow.Await(ctx, func() bool { return s.admits() || s.stopped(ctx) })
		if err != nil || s.stopped(ctx) {
			break
		}
		s.start(ctx, s.next)
		s.next++
	}
	more = err == nil && s.next < s.count() && !s.control().Status.Ending()
	calm, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	if waitErr := workflow.Await(calm, func() bool { return len(s.active) == 0 }); err == nil {
		err = waitErr
	}
	return more, err
}

func (s *shardSet) leftOver() (until time.Time) {
	until, s.putOff = s.putOff, time.Time{}
	return until
}

func (s *shardSet) admits() bool {
	_, free := s.shares()
	return s.control().Status == batch.StatusRunning && len(s.active) < activeShards && free > 0 || s.probes()
}

// probes says whether a shard is to be started for a probe, as none runs.
func (s *shardSet) probes() bool {
	return s.control().Status == batch.StatusHeld && s.b.probing && len(s.active) == 0
}

func (s *shardSet) stopped(ctx workflow.Context) bool {
	return s.control().Status.Ending() || workflow.GetInfo(ctx).GetCurrentHistoryLength() > s.b.in.Options.MaxHistory/2
}

func (s *shardSet) start(ctx workflow.Context, n int) {
	_, free := s.shares()
	rows := rowRange{First: n*s.size() + 1, Last: min((n+1)*s.size(), s.b.in.Rows)}
	shard := &activeShard{share: max(free, 1), left: rows.Last - rows.First + 1, probe: s.probes()}
	s.active[n] = shard
	in := shardInput{
		Batch: s.b.in.ID, Project: s.b.in.Project, Weight: s.b.in.Weight, Reread: s.b.in.Options.Reread, MaxHistory: s.b.in.Options.MaxHistory,
		HoldAfter: s.b.in.Options.HoldAfter, Shard: n, Rows: rows,
		Control: s.control(), Seq: s.seq, Probe: shard.probe,
	}
	in.Control.Concurrency = shard.share
	shard.wanted, shard.acked = s.seq, s.seq
	workflow.Go(ctx, func(ctx workflow.Context) {
		var final Tally
		err := runChild(ctx, func() workflow.ChildWorkflowFuture {
			child := workflow.ExecuteChildWorkflow(shardOptions(ctx, in), batch.ShardWorkflow, in)
			if child.GetChildWorkflowExecution().Get(ctx, nil) == nil {
				shard.started = true
				if shard.wanted > shard.acked {
					s.send(ctx, n, shard)
				}
			}
			return child
		}, &final)
		if err != nil {
			workflow.GetLogger(ctx).Warn("shard failed; its rows without outcome run in the next round", "shard", n, "error", err)
			final = shard.report
			final.Counts.Running = 0
		}
		s.merge(ctx, shard, final)
		s.putOff = earlier(s.putOff, final.PutOffUntil)
		delete(s.active, n)
		if shard.probe {
			s.b.probing = false // another shard is to be asked for one
		}
		s.rebalance(ctx)
	})
}

// shares is what each shard may use of the concurrency: the earlier ones first, as
// much as they have rows left, and at least 1; and what they leave free.
func (s *shardSet) shares() (shares map[int]int, free int) {
	shares, free = make(map[int]int, len(s.active)), s.control().Concurrency
	for _, id := range workflow.DeterministicKeys(s.active) {
		share := max(min(free, s.active[id].left), 1)
		shares[id], free = share, max(free-share, 0)
	}
	return shares, free
}

func (s *shardSet) heard(ctx workflow.Context, r shardReport) {
	shard := s.active[r.Shard]
	if shard == nil {
		return
	}
	if r.Acked > shard.acked {
		shard.acked, shard.moved = r.Acked, r.Moved
	}
	shard.left = r.Left
	s.merge(ctx, shard, r.Tally)
	s.rebalance(ctx)
	if r.Hold != nil {
		shard.stuck = true
		s.b.askHold(ctx, *r.Hold)
	}
	if r.Probed > 0 {
		shard.probe, shard.stuck = false, r.Failed != nil
		s.b.probeEnded(ctx, r.Probed, r.Failed)
	}
}

// holdDecided has the shards run as the batch does: the one that asked waits for
// that.
func (s *shardSet) holdDecided() {}

// merge counts what a shard counts more than it last reported.
func (s *shardSet) merge(ctx workflow.Context, shard *activeShard, now Tally) {
	s.b.update(ctx, func(t *Tally) { t.add(now, shard.report) })
	shard.report = now
}

// rebalance gives shards what others have come to leave. What they need no more
// is not taken from them: they have no rows for it.
func (s *shardSet) rebalance(ctx workflow.Context) { s.order(ctx, false) }

// order tells the shards how to run from now on: all of them, or those alone
// whose share grows.
func (s *shardSet) order(ctx workflow.Context, all bool) {
	shares, _ := s.shares()
	var told []int
	for _, id := range workflow.DeterministicKeys(s.active) {
		if all || shares[id] > s.active[id].share {
			told = append(told, id)
		}
	}
	if len(told) == 0 && !all {
		return
	}
	s.seq++
	for _, id := range told {
		shard := s.active[id]
		shard.share, shard.wanted = shares[id], s.seq
		if shard.started {
			s.send(ctx, id, shard)
		}
	}
}

// send sends a shard the order that it is to carry out. One that has just ended
// needs none.
func (s *shardSet) send(ctx workflow.Context, id int, shard *activeShard) {
	o := shardOrder{Seq: shard.wanted, Control: s.control()}
	o.Control.Concurrency, o.Probe = shard.share, shard.probe
	workflow.SignalExternalWorkflow(ctx, batch.ShardWorkflowID(s.b.in.ID, id), "", signalOrder, o)
}

// choose picks the shard that reads a document as a probe: one that has some
// which failed.
func (s *shardSet) choose() {
	if !s.b.probing {
		return
	}
	ids := workflow.DeterministicKeys(s.active)
	for _, id := range ids {
		if s.active[id].probe {
			return
		}
	}
	for _, id := range ids {
		if s.active[id].stuck {
			s.active[id].probe = true
			return
		}
	}
	if len(ids) > 0 {
		s.active[ids[0]].probe = true
	}
}

// apply puts the control in force in every shard, and answers when they have
// carried it out.
func (s *shardSet) apply(ctx workflow.Context, _ batch.Control) (moved, error) {
	s.choose()
	s.order(ctx, true)
	seq, told := s.seq, maps.Clone(s.active)
	ids := workflow.DeterministicKeys(told)
	err := workflow.Await(ctx, func() bool {
		for _, id := range ids {
			if s.active[id] == told[id] && told[id].acked < seq {
				return false
			}
		}
		return true
	})
	var sum moved
	for _, id := range ids {
		if told[id].acked >= seq {
			sum.Moved += told[id].moved.Moved
			sum.InWork += told[id].moved.InWork
		}
	}
	return sum, err
}
