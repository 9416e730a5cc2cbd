package cli

import (
	"context"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
)

func (a *app) setConcurrencyCmd() *cobra.Command {
	var o commandOptions
	cmd := &cobra.Command{
		Use:   "set-concurrency BATCH N",
		Short: "Change how many of a batch's documents are in flight at once",
		Long: fmt.Sprintf(`Change how many of a batch's documents are in flight at once, 1 to %d. Documents that are in flight
beyond a lower number stay so until they end. How many are read at the same moment is the workers'
setting (worker.concurrency).`, batch.MaxConcurrency),
		Example: `  starter set-concurrency acme-20261123-142501-9f3a 20
  starter set-concurrency acme-20261123-142501-9f3a 200 --reason "two more workers"`,
		Args: exactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			n, err := strconv.Atoi(args[1])
			if err != nil {
				return usagef("concurrency %q: want a number from 1 to %d", args[1], batch.MaxConcurrency)
			}
			if err := batch.CheckConcurrency(n); err != nil {
				return usageError{err}
			}
			o.detail = map[string]string{"concurrency": strconv.Itoa(n)}
			ans, err := a.command(cmd.Context(), args[0], batch.CommandSetConcurrency, o, func(ctx context.Context, c *batch.Client) (batch.CommandResult, error) {
				return c.SetConcurrency(ctx, args[0], batch.SetConcurrency{Concurrency: n, By: whoami(), Reason: o.reason})
			})
			if err != nil {
				return err
			}
			return a.report(ans, o.format, concurrencyWords(ans))
		},
	}
	o.flags(cmd)
	return cmd
}

func concurrencyWords(ans answer) string {
	if !ans.Changed {
		return fmt.Sprintf("Batch %s has up to %s in flight already.", ans.Batch, batch.Counted(ans.Control.Concurrency, "document"))
	}
	return fmt.Sprintf("Batch %s has up to %s in flight at once.", ans.Batch, batch.Counted(ans.Control.Concurrency, "document"))
}
