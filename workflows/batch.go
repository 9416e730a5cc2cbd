package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// Batch reads a batch's documents, each in a Document child workflow, a bounded
// number at a time; those of more than Options.ShardRows rows through BatchShard
// children. Documents fail alone; the batch's result counts them. carried is the
// state of an earlier run of this workflow.
func Batch(ctx workflow.Context, in batch.Input, carried *carriedBatch) (batch.Summary, error) {
	b, err := newBatchRun(ctx, in, carried)
	if err != nil {
		return batch.Summary{}, err
	}
	return b.run(ctx)
}

// carriedBatch is what a batch takes along when it continues as new.
type carriedBatch struct {
	Tracker *tracker `json:"tracker"`
	Round   int      `json:"round"`
	Shard   int      `json:"shard"` // the next to start
	Late    bool     `json:"late,omitempty"`
	Over    bool     `json:"over,omitempty"`
	Probing bool     `json:"probing,omitempty"`
	Trying  int      `json:"trying,omitempty"` // canaries that are being read
	Judged  bool     `json:"judged,omitempty"` // all of them were
	// HeldFor is the first of batchRun's, HeldToo are the others, and Reopened is as there.
	HeldFor  string   `json:"held_for,omitempty"`
	HeldToo  []string `json:"held_too,omitempty"`
	Reopened bool     `json:"reopened,omitempty"`
	// PutOff is as of documents.leftOver, of the shards that have ended.
	PutOff time.Time `json:"put_off,omitzero"`
	// Asked says that the workflow's cancellation was requested too late for its run.
	Asked bool `json:"asked,omitempty"`
}

// batchRun is the state of a batch workflow.
type batchRun struct {
	in       batch.Input
	progress *tracker
	round    int
	shard    int       // the first to start in this round
	putOff   time.Time // as of documents.leftOver, of the shards before it
	resumed  bool      // this run goes on with the round of an earlier one

	documents documents      // what runs them
	stop      func()         // stops the documents in work
	turn      workflow.Mutex // one command at a time
	commands  int            // that are being carried out
	open      bool           // commands are carried out
	ended     bool           // no documents run any more
	late      bool           // the deadline is known to be missed
	over      bool           // more documents failed than may
	trying    int            // canaries that are being read: the first rows
	judged    bool           // all of them were, if there are any
	probing   bool           // a held batch has been asked to go on
	heldFor   []string       // fingerprints of the causes that the batch was held for; none once what failed for them is reopened
	reopened  bool           // rows may be pending that this round has passed by
	drainFor  time.Duration  // how long documents in work have to end
	stopping  bool           // documents in work are being stopped
	warming   bool           // the cache is being warmed, or was
	goesOn    bool           // an earlier run of the workflow began the batch
	drains    bool           // a cancellation of the workflow is carried out as the command
	asked     bool           // for such a cancellation
}

// documents runs the documents of a batch.
type documents interface {
	// run runs all rows that have no outcome; more says that it stopped before
	// that since the history grew long.
	run(ctx workflow.Context) (more bool, err error)
	// apply puts the control of the batch in force, and moves documents that are
	// queued if their priority is not before's any more.
	apply(ctx workflow.Context, before batch.Control) (moved, error)
	// leftOver is when rows may be read that run left over since their service is
	// left alone. Zero for none.
	leftOver() (until time.Time)
	// holdDecided says that a hold that was asked for is decided on.
	holdDecided()
}

func newBatchRun(ctx workflow.Context, in batch.Input, carried *carriedBatch) (*batchRun, error) {
	in.Options = in.Options.WithDefaults()
	if err := in.Validate(); err != nil {
		return nil, temporal.NewNonRetryableApplicationError(err.Error(), string(batch.Configuration), nil)
	}
	b := &batchRun{in: in, progress: newTracker(in, workflow.Now(ctx)), turn: workflow.NewMutex(ctx)}
	if carried != nil {
		b.goesOn = true
		b.progress, b.round, b.shard, b.late, b.resumed = carried.Tracker, carried.Round, carried.Shard, carried.Late, true
		b.progress.in, b.over, b.probing = in, carried.Over, carried.Probing
		b.trying, b.judged, b.putOff = carried.Trying, carried.Judged, carried.PutOff
		b.asked = carried.Asked
		if b.reopened = carried.Reopened; carried.HeldFor != "" {
			b.heldFor = append([]string{carried.HeldFor}, carried.HeldToo...)
		}
	}
	if err := b.answerQueries(ctx); err != nil {
		return nil, err
	}
	return b, b.hearCommands(ctx)
}

func (b *batchRun) answerQueries(ctx workflow.Context) error {
	if err := workflow.SetQueryHandlerWithOptions(ctx, batch.QueryProgress, b.progress.report,
		workflow.QueryHandlerOptions{Description: "counts by outcome, percent, rates, ETA, stage timings, decisions"}); err != nil {
		return fmt.Errorf("register query: %w", err)
	}
	if err := workflow.SetQueryHandlerWithOptions(ctx, batch.QueryErrors, b.progress.errorReport,
		workflow.QueryHandlerOptions{Description: "failures by category and cause, with example rows"}); err != nil {
		return fmt.Errorf("register query: %w", err)
	}
	return nil
}

func (b *batchRun) run(ctx workflow.Context) (batch.Summary, error) {
	if b.drains = workflow.GetVersion(ctx, changeDrain, workflow.DefaultVersion, 1) != workflow.DefaultVersion; b.drains {
		workflow.Go(ctx, b.heedRequest)
		calm, cancel := b.calm(ctx)
		defer cancel()
		ctx = calm
	}
	inner, stop := workflow.WithCancel(ctx)
	b.stop = stop
	workflow.Go(ctx, b.meetDeadline)
	workflow.Go(ctx, b.boundDrain)
	workflow.Go(ctx, b.countInWork)
	more, err := b.rounds(inner)
	b.ended = true
	calm, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	if awaitErr := hearOthers(calm, func() bool { return workflow.AllHandlersFinished(calm) && b.commands == 0 }); err == nil {
		err = awaitErr
	}
	if more && err == nil && !b.progress.Control.Status.Ending() {
		carried := carriedBatch{Tracker: b.progress, Round: b.round, Shard: b.shard, Late: b.late, Over: b.over, Probing: b.probing,
			Trying: b.trying, Judged: b.judged, PutOff: b.putOff, Reopened: b.reopened, Asked: b.asked}
		if len(b.heldFor) > 0 {
			carried.HeldFor, carried.HeldToo = b.heldFor[0], b.heldFor[1:]
		}
		return batch.Summary{}, workflow.NewContinueAsNewError(ctx, batch.BatchWorkflow, b.in, carried)
	}
	return b.close(ctx, err)
}

// maxRounds bounds how often rows are run that have no outcome in the store
// although their documents ended. One round is the rule; the store having been
// set back to an earlier state makes it two.
const maxRounds = 3

// rounds runs documents until every row has an outcome in the store. more says
// that it goes on in a new run of the workflow.
func (b *batchRun) rounds(ctx workflow.Context) (more bool, err error) {
	for ; b.round < maxRounds; b.round, b.shard = b.round+1, 0 {
		if b.resumed {
			b.resumed = false
		} else if pending, err := b.openStore(ctx); err != nil || pending == 0 {
			return false, err
		}
		if b.warm(ctx) {
			if pending, err := b.openStore(ctx); err != nil || pending == 0 {
				return false, err
			}
		}
		b.begin(ctx)
		more, err := b.documents.run(ctx)
		if set, ok := b.documents.(*shardSet); ok {
			b.shard, b.putOff = set.next, set.putOff
		}
		if more || err != nil || b.progress.Control.Status.Ending() {
			return more, err
		}
		if until := b.documents.leftOver(); !until.IsZero() {
			if err := b.awaitService(ctx, until); err != nil || b.progress.Control.Status.Ending() {
				return false, err
			}
			b.round-- // it was not the documents that ended without an outcome
			continue
		}
		if b.reopened {
			b.reopened = false
			b.round-- // they had an outcome when it began
			continue
		}
		if b.trying > 0 {
			if err := b.judge(ctx); err != nil {
				return false, err
			}
			b.round-- // the canaries were none
		}
	}
	return false, nil
}

// awaitService waits until a service may be asked again, and the batch runs.
func (b *batchRun) awaitService(ctx workflow.Context, until time.Time) error {
	ends := func() bool { return b.progress.Control.Status.Ending() }
	wait := max(until.Sub(workflow.Now(ctx)), time.Second)
	if _, err := workflow.AwaitWithTimeout(ctx, wait, ends); err != nil {
		return err
	}
	return workflow.Await(ctx, func() bool { return ends() || b.probing || b.progress.Control.Status == batch.StatusRunning })
}

// openStore brings the counts in line with the store, and answers how many rows
// have no outcome.
func (b *batchRun) openStore(ctx workflow.Context) (pending int, err error) {
	var opened activities.OpenResult
	err = workflow.ExecuteActivity(recordOptions(ctx, "open batch"), batchActs.OpenBatch,
		activities.OpenInput{Batch: b.in.ID, At: workflow.Now(ctx), Canary: b.in.Options.Canary, Again: b.open, Priority: b.progress.Control.Priority}).Get(ctx, &opened)
	if err != nil {
		return 0, fmt.Errorf("open batch: %w", err)
	}
	if !b.judged {
		b.trying = opened.Canaries
	}
	b.progress.opened(opened)
	b.show(ctx)
	return opened.Counts.Pending, nil
}

// judge skips the rows whose canaries did not pass: they failed or were cancelled.
func (b *batchRun) judge(ctx workflow.Context) error {
	err := workflow.ExecuteActivity(recordOptions(ctx, "judge canaries"), batchActs.JudgeCanaries,
		activities.JudgeInput{Batch: b.in.ID, Canaries: b.trying, At: workflow.Now(ctx)}).Get(ctx, nil)
	if err != nil {
		return fmt.Errorf("judge canaries: %w", err)
	}
	b.trying, b.judged = 0, true
	return nil
}

// begin makes what runs the documents, and begins to hear commands.
func (b *batchRun) begin(ctx workflow.Context) {
	last := b.in.Rows
	if b.trying > 0 {
		last = b.trying
	}
	if set, ok := b.documents.(*shardSet); ok {
		set.next = b.shard
	} else if b.trying == 0 && b.in.Rows > b.in.Options.ShardRows {
		b.documents = newShardSet(ctx, b, b.shard)
	} else {
		b.documents = &single{b: b, window: &window{
			batch: b.in.ID, project: b.in.Project, weight: b.in.Weight, reread: b.in.Options.Reread,
			rows: rowRange{First: 1, Last: last}, control: &b.progress.Control, update: b.update, maxHistory: b.in.Options.MaxHistory,
			holder: holder{after: b.in.Options.HoldAfter, hold: b.askHold, probed: b.probeEnded, wanted: b.probing},
		}}
	}
	b.open = true
}

// single is the documents of a batch that needs no shards.
type single struct {
	*window
	b *batchRun
}

func (s *single) holdDecided() { s.holder.asked = false }

func (s *single) leftOver() time.Time { return s.putOff }

func (s *single) apply(ctx workflow.Context, before batch.Control) (moved, error) {
	if b := s.b; b.probing && s.holder.probing == 0 {
		s.holder.wanted = true
	}
	if s.control.Status == batch.StatusPaused && before.Status != batch.StatusPaused {
		if err := s.settleDown(ctx); err != nil {
			return moved{}, err
		}
	}
	if s.control.Priority == before.Priority {
		return moved{}, nil
	}
	return s.move(ctx)
}

// update changes the counts.
func (b *batchRun) update(ctx workflow.Context, change func(*Tally)) {
	b.progress.update(workflow.Now(ctx), change)
	b.checkFailures(ctx)
	b.show(ctx)
}

// close settles the batch in the store and sums it up. cause is why it stopped,
// nil when every row was run, or the batch was cancelled or gave up.
func (b *batchRun) close(ctx workflow.Context, cause error) (batch.Summary, error) {
	failed := b.progress.Control.Status == batch.StatusStopping
	cancelled := !failed && (b.progress.Control.Status == batch.StatusCancelling || temporal.IsCanceledError(cause))
	if cause != nil && !cancelled && !failed {
		return batch.Summary{}, cause
	}
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	var summary batch.Summary
	err := workflow.ExecuteActivity(recordOptions(ctx, "close batch"), batchActs.CloseBatch,
		activities.CloseInput{Batch: b.in.ID, Cancelled: cancelled, Failed: failed, At: workflow.Now(ctx), Priority: b.progress.Control.Priority}).Get(ctx, &summary)
	if err != nil {
		return batch.Summary{}, fmt.Errorf("close batch: %w", err)
	}
	summary.Warming = b.warmingAtEnd()
	b.progress.closed(workflow.Now(ctx), summary)
	b.show(ctx)
	if err := workflow.UpsertTypedSearchAttributes(ctx, batch.AttrStatus.ValueSet(string(summary.Status))); err != nil {
		return batch.Summary{}, fmt.Errorf("mark batch: %w", err)
	}
	if failed {
		return batch.Summary{}, temporal.NewApplicationErrorWithOptions("the batch gave up: "+b.progress.Control.Reason, batch.TypeMaxFailures,
			temporal.ApplicationErrorOptions{NonRetryable: true, Details: []any{summary}})
	}
	if cancelled {
		return summary, temporal.NewCanceledError(summary)
	}
	return summary, nil
}

// show puts the state of the batch on its page in the Temporal Web UI.
func (b *batchRun) show(ctx workflow.Context) {
	workflow.SetCurrentDetails(ctx, b.progress.markdown(workflow.Now(ctx)))
}
