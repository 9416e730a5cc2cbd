package workflows

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// order is a command on its way: what it makes of the control in force.
type order struct {
	kind, by, reason string
	// change changes c and tells how, or answers what is so already. An error
	// refuses the command.
	change func(c *batch.Control) (detail, already string, err error)
}

// hearCommands registers the updates and signals of a batch.
func (b *batchRun) hearCommands(ctx workflow.Context) error {
	err := handle(ctx, b, batch.CommandReprioritize, "move everything that has not run to another priority, 0 to 9", b.reprioritize,
		func(c batch.Reprioritize) error { return batch.CheckPriority(c.Priority) })
	if err != nil {
		return err
	}
	if err := handle(ctx, b, batch.CommandPause, "start no more documents", b.pause, nil); err != nil {
		return err
	}
	if err := handle(ctx, b, batch.CommandResume, "go on after a pause", b.resume, nil); err != nil {
		return err
	}
	err = handle(ctx, b, batch.CommandCancel, "end the batch; documents in work are read to their end (drain) or stopped (now)", b.cancel,
		func(c batch.Cancel) error { return c.WithDefaults().Validate() })
	if err != nil {
		return err
	}
	err = handle(ctx, b, batch.CommandSetConcurrency, "change how many documents are in flight", b.setConcurrency,
		func(c batch.SetConcurrency) error { return batch.CheckConcurrency(c.Concurrency) })
	if err != nil {
		return err
	}
	listen(ctx, b, batch.CommandReprioritize, b.reprioritize, func(c batch.Reprioritize) error { return batch.CheckPriority(c.Priority) })
	listen(ctx, b, batch.CommandPause, b.pause, nil)
	listen(ctx, b, batch.CommandResume, b.resume, nil)
	return nil
}

// handle registers an update.
func handle[C any](ctx workflow.Context, b *batchRun, name, what string, read func(C) order, check func(C) error) error {
	carryOut := func(ctx workflow.Context, cmd C) (batch.CommandResult, error) {
		o := read(cmd)
		o.by = cmp.Or(o.by, "update")
		return b.command(ctx, o)
	}
	validate := func(cmd C) error {
		if check == nil {
			return nil
		}
		return check(cmd)
	}
	err := workflow.SetUpdateHandlerWithOptions(ctx, name, carryOut, workflow.UpdateHandlerOptions{Description: what, Validator: validate})
	if err != nil {
		return fmt.Errorf("register update: %w", err)
	}
	return nil
}

// changeRefused is the version of signals that cannot be carried out: since 1 they are
// a decision.
const changeRefused = "refused-signal"

// listen carries out the signals of a name. One that cannot be is refused, with a
// decision that says so.
func listen[C any](ctx workflow.Context, b *batchRun, name string, read func(C) order, check func(C) error) {
	signals := workflow.GetSignalChannelWithOptions(ctx, name, workflow.SignalChannelOptions{Description: wanted[name]})
	workflow.Go(ctx, func(ctx workflow.Context) {
		for {
			var raw converter.RawValue
			if !signals.Receive(ctx, &raw) {
				return
			}
			cmd, err := readSignal[C](raw, check)
			if err != nil {
				b.refuse(ctx, name)
				continue
			}
			o := read(cmd)
			o.by = cmp.Or(o.by, bySignal)
			if _, err = b.command(ctx, o); err != nil {
				workflow.GetLogger(ctx).Warn("signal refused", "signal", name, "error", err)
			}
		}
	})
}

// bySignal is who asked for a command that came as a signal without a name.
const bySignal = "signal"

// readSignal reads a signal's input, which a person may have typed. What takes none
// may have none.
func readSignal[C any](raw converter.RawValue, check func(C) error) (cmd C, err error) {
	p := raw.Payload()
	if p == nil || len(p.GetData()) == 0 {
		if check != nil {
			err = errors.New("no input")
		}
		return cmd, err
	}
	if err := converter.GetDefaultDataConverter().FromPayload(p, &cmd); err != nil {
		return cmd, err
	}
	if check != nil {
		err = check(cmd)
	}
	return cmd, err
}

// wanted is what a signal's input is to be. What was sent instead may be anything, and
// is told nowhere.
var wanted = map[string]string{
	batch.CommandReprioritize: "want high, normal, low or a level from 0 to 9",
	batch.CommandPause:        `want no input, or {"reason": "…"}`,
	batch.CommandResume:       `want no input, or {"reason": "…"}`,
}

// refuse notes among the decisions that the input of a signal could not be read.
func (b *batchRun) refuse(ctx workflow.Context, name string) {
	workflow.GetLogger(ctx).Warn("signal refused: its input cannot be read", "signal", name)
	if workflow.GetVersion(ctx, changeRefused, workflow.DefaultVersion, 1) == workflow.DefaultVersion {
		return
	}
	b.commands++
	defer func() { b.commands-- }()
	ctx, cancel := b.calm(ctx)
	defer cancel()
	if workflow.Await(ctx, func() bool { return b.open || b.ended }) != nil || b.turn.Lock(ctx) != nil {
		return // cancelled
	}
	defer b.turn.Unlock()
	d := batch.Decision{At: workflow.Now(ctx), By: bySignal, Kind: batch.DecisionRefused, Detail: name + " refused: " + wanted[name]}
	b.progress.decide(b.progress.Control, d)
	err := workflow.ExecuteActivity(recordOptions(ctx, "record refusal"), batchActs.RecordControl,
		activities.ControlInput{Batch: b.in.ID, Control: b.progress.Control, Decision: d}).Get(ctx, nil)
	if err != nil {
		workflow.GetLogger(ctx).Warn("refusal not recorded", "error", err)
	}
	b.show(ctx)
}

// refused is the error of a command that cannot be carried out.
func refused(format string, args ...any) error {
	return temporal.NewNonRetryableApplicationError(fmt.Sprintf(format, args...), "Refused", nil)
}

func refusedEnding(s batch.Status) error {
	if s == batch.StatusStopping {
		return refused("the batch is stopping: more documents failed than may")
	}
	return refused("the batch is being cancelled")
}

// calm is ctx for what is carried out although the workflow's cancellation was
// requested, which is a command like others.
func (b *batchRun) calm(ctx workflow.Context) (workflow.Context, workflow.CancelFunc) {
	if !b.drains {
		return ctx, func() {}
	}
	return workflow.NewDisconnectedContext(ctx)
}

// command carries out o: it is in force, and in the store, when this returns.
func (b *batchRun) command(ctx workflow.Context, o order) (batch.CommandResult, error) {
	b.commands++
	defer func() { b.commands-- }()
	ctx, cancel := b.calm(ctx)
	defer cancel()
	if err := workflow.Await(ctx, func() bool { return b.open || b.ended }); err != nil {
		return batch.CommandResult{}, err
	}
	if err := b.turn.Lock(ctx); err != nil {
		return batch.CommandResult{}, err
	}
	defer b.turn.Unlock()
	if b.ended {
		return batch.CommandResult{}, refused("the batch has just ended")
	}
	before := b.progress.Control
	control := before
	detail, already, err := o.change(&control)
	if err != nil {
		return batch.CommandResult{}, err
	}
	if already != "" {
		return batch.CommandResult{Message: already, Control: control}, nil
	}
	if o.reason != "" {
		detail += ": " + o.reason
	}
	d := batch.Decision{At: workflow.Now(ctx), By: o.by, Kind: o.kind, Detail: detail}
	if control.Status != before.Status {
		control.By, control.Since, control.Reason = d.By, d.At, o.reason
	}
	unstarted := b.progress.Tally.Counts.Pending
	b.progress.decide(control, d)
	res, err := b.enforce(ctx, before, d)
	switch pending := b.progress.Tally.Counts.Pending; {
	case control.Status == batch.StatusPaused && before.Status != batch.StatusPaused:
		res.GivenBack, res.InWork = max(pending-unstarted, 0), b.progress.Tally.Counts.Running
	case o.kind == batch.CommandResume:
		res.Unstarted = unstarted // they start while this is being recorded
	}
	res.Message = detail
	return res, err
}

// enforce brings the store and the documents in line with the control that the
// decision d put in force.
func (b *batchRun) enforce(ctx workflow.Context, before batch.Control, d batch.Decision) (batch.CommandResult, error) {
	now := b.progress.Control
	err := workflow.ExecuteActivity(recordOptions(ctx, "record "+d.Kind), batchActs.RecordControl,
		activities.ControlInput{Batch: b.in.ID, Control: now, Decision: d}).Get(ctx, nil)
	if err != nil {
		return batch.CommandResult{}, fmt.Errorf("record %s: %w", d.Kind, err)
	}
	err = workflow.UpsertTypedSearchAttributes(ctx,
		batch.AttrStatus.ValueSet(string(now.Status)), batch.AttrPriority.ValueSet(int64(now.Priority)))
	if err != nil {
		return batch.CommandResult{}, fmt.Errorf("mark batch: %w", err)
	}
	b.show(ctx)
	m, err := b.documents.apply(ctx, before)
	return batch.CommandResult{
		Changed: true, Control: now, Moved: m.Moved, InWork: m.InWork, Unstarted: b.progress.Tally.Counts.Pending,
	}, err
}

func (b *batchRun) reprioritize(cmd batch.Reprioritize) order {
	return order{kind: batch.CommandReprioritize, by: cmd.By, reason: cmd.Reason, change: func(c *batch.Control) (string, string, error) {
		if c.Status.Ending() {
			return "", "", refusedEnding(c.Status)
		}
		if c.Priority == cmd.Priority {
			return "", fmt.Sprintf("the batch has priority %s already", c.Priority), nil
		}
		detail := fmt.Sprintf("priority %s to %s", c.Priority, cmd.Priority)
		c.Priority = cmd.Priority
		return detail, "", nil
	}}
}

func (b *batchRun) pause(cmd batch.Pause) order {
	return order{kind: batch.CommandPause, by: cmd.By, reason: cmd.Reason, change: func(c *batch.Control) (string, string, error) {
		switch c.Status {
		case batch.StatusPaused:
			return "", fmt.Sprintf("the batch is paused already, by %s since %s", c.By, c.Since.UTC().Format(time.RFC3339)), nil
		case batch.StatusHeld:
			return "", fmt.Sprintf("the batch is held since %s, and starts nothing", c.Since.UTC().Format(time.RFC3339)), nil
		case batch.StatusCancelling, batch.StatusStopping:
			return "", "", refusedEnding(c.Status)
		}
		c.Status = batch.StatusPaused
		return "paused", "", nil
	}}
}

func (b *batchRun) resume(cmd batch.Resume) order {
	return order{kind: batch.CommandResume, by: cmd.By, reason: cmd.Reason, change: func(c *batch.Control) (string, string, error) {
		switch c.Status {
		case batch.StatusRunning:
			return "", "the batch is running: it is not paused", nil
		case batch.StatusCancelling, batch.StatusStopping:
			return "", "", refusedEnding(c.Status)
		case batch.StatusHeld:
			if b.probing {
				return "", "one document is being read as a probe already; the others follow if it passes", nil
			}
			b.probing = true
			return "one document is read as a probe; the others follow if it passes", "", nil
		}
		c.Status = batch.StatusRunning
		return "running again", "", nil
	}}
}

func (b *batchRun) setConcurrency(cmd batch.SetConcurrency) order {
	return order{kind: batch.CommandSetConcurrency, by: cmd.By, reason: cmd.Reason, change: func(c *batch.Control) (string, string, error) {
		if c.Concurrency == cmd.Concurrency {
			return "", fmt.Sprintf("the batch has %s in flight already", batch.Counted(c.Concurrency, "document")), nil
		}
		detail := fmt.Sprintf("%s in flight to %d", batch.Counted(c.Concurrency, "document"), cmd.Concurrency)
		c.Concurrency = cmd.Concurrency
		return detail, "", nil
	}}
}

// cancel stops new documents at once. Those in work are stopped now, or when the
// time for draining is over.
func (b *batchRun) cancel(cmd batch.Cancel) order {
	cmd = cmd.WithDefaults()
	return order{kind: batch.CommandCancel, by: cmd.By, reason: cmd.Reason, change: func(c *batch.Control) (string, string, error) {
		if c.Status == batch.StatusStopping && cmd.Mode != batch.CancelNow {
			return "", "", refusedEnding(c.Status)
		}
		already := c.Status == batch.StatusCancelling
		if cmd.Mode == batch.CancelNow {
			if b.stopping {
				return "", "the batch is being cancelled already, and its documents are being stopped", nil
			}
			if c.Status != batch.StatusStopping {
				c.Status = batch.StatusCancelling
			}
			b.stopping = true
			b.stop()
			return "documents in work are stopped", "", nil
		}
		if already {
			return "", fmt.Sprintf("the batch is being cancelled already, by %s since %s", c.By, c.Since.UTC().Format(time.RFC3339)), nil
		}
		c.Status, b.drainFor = batch.StatusCancelling, cmd.Within
		return fmt.Sprintf("documents in work have %s to end", cmd.Within), "", nil
	}}
}

// changeDrain is the version of what a cancellation of the workflow itself does: before 1
// documents in work were stopped at once, and nobody was told who had asked for it.
const changeDrain = "drain-on-request"

// heedRequest carries out a cancellation of the workflow, which the Temporal Web UI may
// ask for, as the command does.
func (b *batchRun) heedRequest(ctx workflow.Context) {
	if !b.asked {
		ctx.Done().Receive(ctx, nil)
		b.asked = true
	}
	_, err := b.command(ctx, b.cancel(batch.Cancel{By: batch.ByTemporal, Reason: "the workflow's cancellation was requested"}))
	if err != nil {
		workflow.GetLogger(ctx).Warn("batch not cancelled", "error", err)
	}
}

// boundDrain stops the documents in work when the time they had to end is over.
func (b *batchRun) boundDrain(ctx workflow.Context) {
	if err := workflow.Await(ctx, func() bool { return b.drainFor > 0 }); err != nil {
		return
	}
	ended, err := workflow.AwaitWithTimeout(ctx, b.drainFor, func() bool { return b.ended || b.stopping })
	if err != nil || ended {
		return
	}
	_, err = b.command(ctx, b.cancel(batch.Cancel{Mode: batch.CancelNow, By: batch.ByBatch, Reason: "the time for draining is over"}))
	if err != nil {
		workflow.GetLogger(ctx).Warn("documents in work not stopped", "error", err)
	}
}
