// Bench measures Caseload on this machine: each scenario compares two sides in
// one run, on one Temporal server, in turns.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := command().ExecuteContext(ctx)
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, "bench:", err)
		return 2
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "bench: interrupted; what was started is stopped")
		return 1
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	return 1
}

// usageError is a mistake in how the program was called.
type usageError struct{ error }

// errMissed says under --check that a target was missed.
var errMissed = errors.New("target missed")

// options are the program's flags.
type options struct {
	scale       float64
	repetitions int // 0 leaves it to the scenario
	corpus      string
	worker      string
	profile     string
	check, keep bool
}

// times is how often the scenario repeats: n unless asked for otherwise.
func (o options) times(n int) int {
	if o.repetitions > 0 {
		return o.repetitions
	}
	return n
}

// size is n documents at the scale asked for, at least least.
func (o options) size(n, least int) int { return max(least, int(float64(n)*o.scale+0.5)) }

// scenario is a benchmark with a target.
type scenario struct {
	name, summary string
	run           func(context.Context, *rig) (result, error)
}

func scenarios() []scenario {
	return []scenario{
		{"orchestration", "documents a second without stages, against a plain Temporal pattern", orchestration},
		{"real", "documents a second, against the same stages in a bare loop", realDocuments},
		{"priority", "an urgent batch on a loaded system, against an idle one", priority},
		{"fairness", "a small project beside a big one, against alone", fairness},
		{"scale", "documents a second at 100,000 documents, against 1,000", scale},
		{"reprioritize", "a waiting batch made urgent: time until all of it is moved", reprioritize},
		{"metrics", "a day of 1,000,000 events in Redis, summed up", metricsScenario},
		{"warm", "a batch on a project that knows its names, cache cold and warmed", warm},
		{"overhead", "a batch with metrics and cache on, against off", overhead},
		{"eta", "how often the true end lies within the bounds of the ETA", eta},
	}
}

func command() *cobra.Command {
	var o options
	var about strings.Builder
	for _, s := range scenarios() {
		fmt.Fprintf(&about, "  %-14s %s\n", s.name, s.summary)
	}
	cmd := &cobra.Command{
		Use:   "bench [SCENARIO...]",
		Short: "Measure Caseload on this machine",
		Long: `Measure Caseload on this machine. Each scenario starts a Temporal dev server and workers of its
own on free loopback ports, in a temporary folder, measures its two sides in turns, and prints a
table and, last, one line of JSON. Progress goes to stderr; Ctrl-C stops everything.

Scenarios (all of them, if none is named):
` + about.String() + `
A missed target is no error: the JSON then holds "holds":false. --check makes it one.`,
		Example: `  bench orchestration
  bench real --corpus ~/filings      # a folder of your own documents too
  bench scale --scale 0.01           # a smoke test: 1 % of the documents
  bench --check                      # everything; exit code 1 if a target is missed`,
		Args:          cobra.ArbitraryArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, args []string) error { return runScenarios(cmd.Context(), o, args) },
	}
	f := cmd.Flags()
	f.Float64Var(&o.scale, "scale", 1, "share of the documents to run; figures count at 1 alone")
	f.IntVar(&o.repetitions, "repetitions", 0, "repetitions of each side (default: the scenario's own number)")
	f.StringVar(&o.corpus, "corpus", "", "folder of documents that the scenario real measures as well")
	f.StringVar(&o.worker, "worker", "", "the worker program (default: the one beside this program)")
	f.StringVar(&o.profile, "profile", "", "folder for CPU profiles of the workers of the scenario orchestration")
	f.BoolVar(&o.check, "check", false, "exit with 1 if a target is missed")
	f.BoolVar(&o.keep, "keep", false, "keep the temporary folder, with the server's database and log")
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	cmd.AddCommand(serveCommand(), loopCommand())
	cmd.CompletionOptions.DisableDefaultCmd = true
	return cmd
}

func runScenarios(ctx context.Context, o options, names []string) error {
	if o.scale <= 0 || o.scale > 1 {
		return usageError{fmt.Errorf("--scale %g: want more than 0, and 1 at the most", o.scale)}
	}
	if o.repetitions < 0 {
		return usageError{fmt.Errorf("--repetitions %d: want a positive number", o.repetitions)}
	}
	all := scenarios()
	for _, name := range names {
		if !slices.ContainsFunc(all, func(s scenario) bool { return s.name == name }) {
			return usageError{fmt.Errorf("no scenario %q; `bench --help` lists them", name)}
		}
	}
	var missed []string
	for _, s := range all {
		if len(names) > 0 && !slices.Contains(names, s.name) {
			continue
		}
		res, err := measure(ctx, o, s)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if !res.Holds {
			missed = append(missed, s.name)
		}
	}
	if o.check && len(missed) > 0 {
		return fmt.Errorf("%w: %s", errMissed, strings.Join(missed, ", "))
	}
	return nil
}

// measure runs one scenario on a rig of its own and prints its result.
func measure(ctx context.Context, o options, s scenario) (res result, err error) {
	err = withRig(ctx, o, s.name, func(ctx context.Context, r *rig) error {
		if res, err = s.run(ctx, r); err != nil {
			return err
		}
		res.Scenario, res.Scale = s.name, o.scale
		return res.write(os.Stdout)
	})
	return res, err
}
