package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
)

func (a *app) pauseCmd() *cobra.Command {
	var o commandOptions
	cmd := &cobra.Command{
		Use:   "pause BATCH",
		Short: "Pause a batch",
		Long: `Pause a batch: it starts no more documents. Those that are being read, or recognised (OCR), are read to
their end. Those that were queued, or wait for OCR, are given back and count as not started; the latter
go on from where they were when the batch is resumed. The pause is in force at once; the answer says
how many were given back, and takes some seconds more. Pausing a paused batch changes nothing.`,
		Example: `  starter pause acme-20261123-142501-9f3a
  starter pause acme-20261123-142501-9f3a --reason "waits for the new scans"`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ans, err := a.command(cmd.Context(), args[0], batch.CommandPause, o, func(ctx context.Context, c *batch.Client) (batch.CommandResult, error) {
				return c.Pause(ctx, args[0], batch.Pause{By: whoami(), Reason: o.reason})
			})
			if err != nil {
				return err
			}
			return a.report(ans, o.format, pausedWords(ans))
		},
	}
	o.flags(cmd)
	return cmd
}

func pausedWords(ans answer) string {
	if !ans.Changed && ans.Control.Status == batch.StatusHeld {
		return fmt.Sprintf("Batch %s is held since %s, and starts nothing: %s", ans.Batch, clock(ans.Control.Since), printable(ans.Control.Reason))
	}
	if !ans.Changed {
		return fmt.Sprintf("Batch %s is already paused by %s.", ans.Batch, bySince(ans.Control))
	}
	words := fmt.Sprintf("Batch %s is paused with %s not started", ans.Batch, batch.Counted(ans.Unstarted, "document"))
	if ans.GivenBack > 0 {
		words += fmt.Sprintf(", %d of them given back while they were queued or waited for OCR", ans.GivenBack)
	}
	if ans.InWork > 0 {
		words += fmt.Sprintf("; of %d in flight those being read are read to their end, and others are given back", ans.InWork)
	}
	return words + fmt.Sprintf(". `starter resume %s` lets it go on.", ans.Batch)
}

func (a *app) resumeCmd() *cobra.Command {
	var o commandOptions
	cmd := &cobra.Command{
		Use:   "resume BATCH",
		Short: "Let a paused or held batch go on",
		Long: `Let a paused or held batch go on: documents that were given back while they waited for OCR start
again, and go on from there. Of a held batch one document that failed is read as a probe
first; the others follow if it passes, and if not the batch stays held and says why. Resuming a batch
that runs changes nothing.`,
		Example: "  starter resume acme-20261123-142501-9f3a",
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ans, err := a.command(cmd.Context(), args[0], batch.CommandResume, o, func(ctx context.Context, c *batch.Client) (batch.CommandResult, error) {
				return c.Resume(ctx, args[0], batch.Resume{By: whoami(), Reason: o.reason})
			})
			if err != nil {
				return err
			}
			return a.report(ans, o.format, resumedWords(ans))
		},
	}
	o.flags(cmd)
	return cmd
}

func resumedWords(ans answer) string {
	switch {
	case ans.Control.Status == batch.StatusHeld && ans.Changed:
		return fmt.Sprintf("Batch %s reads one document as a probe; the other %d follow if it passes. `starter status %[1]s` says how it ended.", ans.Batch, max(0, ans.Unstarted-1))
	case ans.Control.Status == batch.StatusHeld:
		return fmt.Sprintf("Batch %s reads a probe already. `starter status %[1]s` says how it ended.", ans.Batch)
	case !ans.Changed:
		return fmt.Sprintf("Batch %s is running: it was not paused.", ans.Batch)
	}
	return fmt.Sprintf("Batch %s runs again: %s to start.", ans.Batch, batch.Counted(ans.Unstarted, "document"))
}

// bySince is who paused or cancelled a batch, and when.
func bySince(c batch.Control) string {
	return fmt.Sprintf("%s since %s", printable(c.By), clock(c.Since))
}
