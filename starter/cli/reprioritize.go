package cli

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
)

func (a *app) reprioritizeCmd() *cobra.Command {
	var (
		o     commandOptions
		level string
	)
	cmd := &cobra.Command{
		Use:   "reprioritize BATCH --priority LEVEL",
		Short: "Move a batch to another priority",
		Long: `Move everything of a batch that has not run to another priority: documents not started, documents
that wait in a queue, and the next stages of those that are being read. It answers when all of it is
moved, and says how long that took.`,
		Example: `  starter reprioritize acme-20261123-142501-9f3a --priority high
  starter reprioritize acme-20261123-142501-9f3a --priority 2 --reason "the hearing was put off"`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if strings.TrimSpace(level) == "" {
				return usagef("no priority given: add --priority high, normal, low or a level from 0 to 9")
			}
			priority, err := batch.ParsePriority(level)
			if err != nil {
				return usageError{err}
			}
			o.detail = map[string]string{"priority": strconv.Itoa(int(priority))}
			ans, err := a.command(cmd.Context(), args[0], batch.CommandReprioritize, o, func(ctx context.Context, c *batch.Client) (batch.CommandResult, error) {
				return c.Reprioritize(ctx, args[0], batch.Reprioritize{Priority: priority, By: whoami(), Reason: o.reason})
			})
			if err != nil {
				return err
			}
			return a.report(ans, o.format, reprioritizedWords(ans))
		},
	}
	cmd.Flags().StringVar(&level, "priority", "", "high, normal, low, or a level from 0 to 9, 9 most urgent")
	o.flags(cmd)
	return cmd
}

func reprioritizedWords(ans answer) string {
	if !ans.Changed {
		return fmt.Sprintf("Batch %s has priority %s already.", ans.Batch, ans.Control.Priority)
	}
	inForce := ""
	if ans.InForce > 0 {
		inForce = " after " + short(ans.InForce)
	}
	return fmt.Sprintf("Batch %s has priority %s.\nIn force%s for %s not started; everything moved after %s: "+
		"%d queued ones now, %d in work from their next stage on.",
		ans.Batch, ans.Control.Priority, inForce, batch.Counted(ans.Unstarted, "document"), short(ans.Took), ans.Moved, ans.InWork)
}
