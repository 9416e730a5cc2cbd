// Package cli is the starter program's commands. A command parses into an
// options struct and runs; data goes to stdout, words to stderr, and one place
// turns errors into exit codes.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/caseload/caseload/config"
	"github.com/caseload/caseload/config/version"
	"github.com/caseload/caseload/worker/process"
)

// Exit codes.
const (
	exitOK       = 0
	exitFailed   = 1
	exitUsage    = 2
	exitFailures = 3 // the batch ended with failed documents
)

// errFailedDocuments says that a batch ended, some of its documents failed.
var errFailedDocuments = errors.New("finished with failed documents")

// usageError is a mistake in how a command was called.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }

func (e usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// app is what commands share.
type app struct {
	out, err io.Writer
	loader   config.Options
	cfg      *config.Config
	log      *slog.Logger
	traced   *process.Telemetry // nil until the command talks to Temporal; run closes it

	codecWords string // of the development stack's codec server, for its greeting; "" if it has none
}

// Main runs the program and returns its exit code.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, os.Stdout, os.Stderr)
}

func run(ctx context.Context, args []string, out, words io.Writer) int {
	a := &app{out: out, err: words}
	root := a.rootCmd()
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(words)
	err := root.ExecuteContext(ctx)
	a.closeTelemetry(a.traced)
	return a.exitCode(err)
}

// exitCode tells the person about err, and the caller by a code.
func (a *app) exitCode(err error) int {
	var usage usageError
	if err != nil && strings.HasPrefix(err.Error(), "unknown command") {
		err = usageError{fmt.Errorf("%w\n`starter --help` lists all commands", err)} // cobra has no type for it
	}
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errFailedDocuments):
		return exitFailures
	case errors.Is(err, errDiffers):
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintf(a.err, "starter: %v\n", err)
		return exitUsage
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(a.err, "starter: interrupted")
		return exitFailed
	default:
		fmt.Fprintf(a.err, "starter: %v\n", err)
		return exitFailed
	}
}

func (a *app) rootCmd() *cobra.Command {
	root := &cobra.Command{
		Use:   "starter",
		Short: "Turn piles of legal documents into searchable, connected records",
		Long: `Caseload turns piles of legal documents into searchable, connected records.

Give it a folder, a bucket or a manifest. Every document is fetched, read, chunked, mined for
legal entities, resolved against what the project knows, related and stored, and ends exactly
once: completed, skipped, failed or cancelled.

Exit codes: 0 done, 1 failed, 2 bad usage, 3 finished with failed documents.`,
		Example: `  starter dev                                   # the stack, in the foreground
  starter submit ~/matters/acme --project acme --priority high --watch
  starter status acme-20261123-142501-9f3a
  starter reprioritize acme-20261123-142501-9f3a --priority low
  starter search '"breach of fiduciary duty"' --project acme
  starter inspect complaint.pdf -o json         # one document, no server`,
		Version:       version.String(),
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return a.load()
		},
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usagef("%w; `%s --help` shows the flags", flagError(err), cmd.CommandPath())
	})
	a.loader.BindFlags(root.PersistentFlags())
	root.AddCommand(
		a.devCmd(), a.demoCmd(), a.submitCmd(), a.validateCmd(),
		a.statusCmd(), a.watchCmd(), a.monitorCmd(), a.listCmd(), a.documentsCmd(), a.errorsCmd(), a.searchCmd(), a.entityCmd(), a.resultsCmd(), a.searchableCmd(),
		a.analyzeCmd(), a.metricsCmd(), a.reportCmd(), a.certificateCmd(), a.diffCmd(),
		a.reprioritizeCmd(), a.pauseCmd(), a.resumeCmd(), a.setConcurrencyCmd(), a.cancelCmd(), a.recoverCmd(),
		a.projectsCmd(), a.policiesCmd(), a.cacheCmd(), a.codecCmd(), a.auditCmd(),
		a.scheduleCmd(), a.deployCmd(), a.setupCmd(),
		a.inspectCmd(), a.versionCmd(),
	)
	return root
}

func (a *app) load() error {
	if a.cfg != nil { // a command runs it
		return nil
	}
	cfg, err := config.Load(a.loader)
	if err != nil {
		return usageError{err}
	}
	a.cfg = cfg
	a.log = cfg.Log.Logger(a.err)
	return nil
}

// exactArgs wants n arguments.
func exactArgs(n int) cobra.PositionalArgs { return argsBetween(n, n) }

// argsBetween wants low to high arguments; a mistake counts as bad usage and
// shows how to call.
func argsBetween(low, high int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if high == 0 && len(args) > 0 && cmd.HasAvailableSubCommands() {
			return unknownCommand(cmd, args[0])
		}
		if len(args) < low || len(args) > high {
			return usagef("%d argument(s) given; call it as: %s", len(args), cmd.UseLine())
		}
		return nil
	}
}

// unknownCommand is the error that cmd has no command of that name.
func unknownCommand(cmd *cobra.Command, name string) error {
	cmd.SuggestionsMinimumDistance = 2
	if near := cmd.SuggestionsFor(name); len(near) > 0 {
		return usagef("%s has no such command; did you mean %s?", cmd.CommandPath(), strings.Join(near, " or "))
	}
	var names []string
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usagef("%s has no such command; it has %s", cmd.CommandPath(), strings.Join(names, ", "))
}

// flagError is what is wrong with a flag, a value of the wrong form in plain words.
func flagError(err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return err
	}
	want := map[string]string{"int": "a whole number", "float64": "a number", "duration": "a duration such as 90s or 2h", "bool": "true or false"}[bad.GetFlag().Value.Type()]
	if want == "" {
		return err
	}
	return fmt.Errorf("--%s %s: want %s", bad.GetFlag().Name, bad.GetValue(), want)
}
