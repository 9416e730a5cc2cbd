package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

type cancelOptions struct {
	commandOptions
	drain, now, wait bool
	within           time.Duration
}

func (a *app) cancelCmd() *cobra.Command {
	var o cancelOptions
	cmd := &cobra.Command{
		Use:   "cancel BATCH",
		Short: "Cancel a batch",
		Long: `Cancel a batch: it starts no more documents. Those that are being read are read to their end, within
a time, or with --now are stopped. Then every row without an outcome ends as cancelled; what is done
stays done. Cancelling a cancelled batch changes nothing; --now hurries one that drains.`,
		Example: `  starter cancel acme-20261123-142501-9f3a
  starter cancel acme-20261123-142501-9f3a --within 2m --wait
  starter cancel acme-20261123-142501-9f3a --now --reason "submitted twice"`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := o.command(cmd.Flags().Changed("within"))
			if err != nil {
				return err
			}
			return a.cancel(cmd.Context(), args[0], o, c)
		},
	}
	cmd.Flags().BoolVar(&o.drain, "drain", false, "read documents in work to their end (the default)")
	cmd.Flags().BoolVar(&o.now, "now", false, "stop documents in work")
	cmd.Flags().DurationVar(&o.within, "within", batch.DefaultDrain, "how long documents in work have to end; then they are stopped")
	cmd.Flags().BoolVar(&o.wait, "wait", false, "wait until the batch has ended")
	o.flags(cmd)
	return cmd
}

// command is the request that the options describe.
func (o cancelOptions) command(boundGiven bool) (batch.Cancel, error) {
	c := batch.Cancel{Mode: batch.CancelDrain, Within: o.within, By: whoami(), Reason: o.reason}
	if o.now {
		c.Mode = batch.CancelNow
	}
	switch {
	case o.now && o.drain:
		return c, usagef("--drain and --now: choose one")
	case o.now && boundGiven:
		return c, usagef("--within bounds how long documents in work may take to end; --now stops them at once: choose one")
	case o.within <= 0:
		return c, usagef("--within %s: want a positive time, such as 10m", o.within)
	}
	return c, nil
}

func (a *app) cancel(ctx context.Context, id string, o cancelOptions, c batch.Cancel) error {
	o.detail = map[string]string{"mode": string(c.Mode)}
	if c.Mode == batch.CancelDrain {
		o.detail["within"] = c.Within.String()
	}
	ans, err := a.command(ctx, id, batch.CommandCancel, o.commandOptions, func(ctx context.Context, client *batch.Client) (batch.CommandResult, error) {
		return client.Cancel(ctx, id, c)
	})
	var ended endedError
	if errors.As(err, &ended) && ended.b.Status == batch.StatusCancelled {
		b := ended.b
		ans = answer{Batch: id, CommandResult: batch.CommandResult{Message: "the batch is cancelled already", Control: b.Control}}
		ans.Control.Status = b.Status
		return a.report(ans, o.format, fmt.Sprintf("Batch %s is cancelled already, since %s.", id, clock(b.FinishedAt)))
	}
	if err != nil {
		return err
	}
	if !o.wait {
		return a.report(ans, o.format, cancellingWords(ans, c)+fmt.Sprintf(" `starter watch %s` shows its end.", id))
	}
	if o.format != formatJSON {
		fmt.Fprintln(a.err, cancellingWords(ans, c))
	}
	return a.withBatch(ctx, func(ctx context.Context, st *store.Store, s *server) error {
		p, err := a.awaitEnd(ctx, st, s, id)
		if err != nil {
			return err
		}
		ans.Progress = &p
		return a.report(ans, o.format, fmt.Sprintf("Batch %s has ended (%s): %d completed, %d skipped, %d failed, %d cancelled.",
			id, p.Status, p.Counts.Completed, p.Counts.Skipped, p.Counts.Failed, p.Counts.Cancelled))
	})
}

func cancellingWords(ans answer, c batch.Cancel) string {
	switch {
	case !ans.Changed:
		return fmt.Sprintf("Batch %s is being cancelled already, by %s.", ans.Batch, bySince(ans.Control))
	case c.Mode == batch.CancelNow:
		return fmt.Sprintf("Batch %s is being cancelled; documents in work are stopped.", ans.Batch)
	default:
		return fmt.Sprintf("Batch %s is being cancelled; documents in work have %s to end.", ans.Batch, short(c.Within))
	}
}
