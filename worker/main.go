// Worker serves Caseload's task queues until it is asked to stop.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/config/version"
	"github.com/caseload/caseload/worker/process"
)

func main() {
	process.Isolate()
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command().ExecuteContext(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		var usage usageError
		if errors.As(err, &usage) {
			return 2
		}
		return 1
	}
	return 0
}

// usageError is a mistake in how the program was called or configured.
type usageError struct{ error }

func command() *cobra.Command {
	var loader config.Options
	cmd := &cobra.Command{
		Use:   "worker",
		Short: "Work on Caseload's documents",
		Long: `Work on the documents of batches, until Ctrl-C or SIGTERM; then documents in work may end first.
Any number of workers may serve one Temporal server and store.`,
		Example: `  worker                                      # the dev stack's, on the same data folder
  worker --queues high                        # a fleet for urgent work alone
  CASELOAD_TEMPORAL_ADDRESS=temporal:7233 worker
  worker health                               # whether the worker here lives, by its HTTP endpoint`,
		Args:          noArguments,
		Version:       version.String(),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := config.Load(loader)
			if err != nil {
				return usageError{err}
			}
			return serve(cmd.Context(), cfg)
		},
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	loader.BindFlags(cmd.PersistentFlags())
	loader.BindWorkerFlags(cmd.PersistentFlags())
	cmd.AddCommand(healthCommand(&loader))
	return cmd
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError{fmt.Errorf("want no arguments, got %q: see `%s --help`", args, cmd.CommandPath())}
	}
	return nil
}

func serve(ctx context.Context, cfg *config.Config) (err error) {
	if err := process.RefuseFaults(); err != nil {
		return usageError{err}
	}
	logger := cfg.Log.Logger(os.Stderr)
	st, err := process.OpenStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	t, err := process.NewWorkerTelemetry(ctx, cfg, logger)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	c, err := process.Dial(ctx, cfg, t, process.SDKLogger(logger))
	if err != nil {
		return err
	}
	defer c.Close()
	p, err := process.New(cfg, c, st, t, logger)
	if err != nil {
		return err
	}
	logger.Info("serving", "queues", cfg.Worker.Queues, "version", version.String())
	return p.Run(ctx)
}
