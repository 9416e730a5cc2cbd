package cli

import (
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

func (a *app) cancelCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "cancel BATCH",
		Short: "Cancel a batch",
		Long: `Cancel a batch: documents in work are stopped, and every row without an outcome ends as cancelled.
What is done stays done.`,
		Example: "  starter cancel acme-20261123-142501-9f3a",
		Args:    exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			st, err := a.readStore(ctx)
			if err != nil {
				return err
			}
			defer st.Close()
			b, err := st.Batch(ctx, args[0])
			if err != nil {
				return a.batchError(args[0], err)
			}
			if b.Status.Terminal() {
				return fmt.Errorf("batch %s has ended already (%s)", b.ID, b.Status)
			}
			c, err := a.dial(ctx)
			if err != nil {
				return err
			}
			defer c.Close()
			if err := batch.NewClient(c).Cancel(ctx, b.ID); err != nil {
				if errors.Is(err, batch.ErrUnknownBatch) {
					return fmt.Errorf("batch %s has no workflow on this Temporal server: `starter dev` starts it again", b.ID)
				}
				return err
			}
			fmt.Fprintf(a.err, "Cancelling batch %s; `starter watch %s` shows its end.\n", b.ID, b.ID)
			return nil
		},
	}
}

func (a *app) versionCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version of this program and of the document pipeline",
		Args:  exactArgs(0),
		RunE: func(*cobra.Command, []string) error {
			v := map[string]string{"version": "devel", "pipeline": document.PipelineVersion}
			if info, ok := debug.ReadBuildInfo(); ok {
				v["go"] = info.GoVersion
				if info.Main.Version != "" && info.Main.Version != "(devel)" {
					v["version"] = info.Main.Version
				}
			}
			if format == formatJSON {
				return a.json(v)
			}
			fmt.Fprintf(a.out, "caseload %s, pipeline %s, %s\n", v["version"], v["pipeline"], v["go"])
			return nil
		},
	}
	outputFlag(cmd, &format)
	return cmd
}
