// Eval measures how well documents are understood, on cases with known answers:
// the project's own under testdata, and further sets where they are installed.
package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run()) }

func run() int {
	err := command().Execute()
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, "eval:", err)
		return 2
	}
	fmt.Fprintln(os.Stderr, "eval:", err)
	return 1
}

// usageError is a mistake in how the program was called.
type usageError struct{ error }

// errMissed says under --check that a target was missed.
var errMissed = errors.New("target missed")

// options are the program's flags.
type options struct {
	own, shared string
	corpus      string
	output      string
	half        string
	failures    bool
	by          bool
	check       bool
}

func command() *cobra.Command {
	o := options{}
	cmd := &cobra.Command{
		Use:   "eval [SET…]",
		Short: "Measure how well documents are understood",
		Long: "Measure what is read from text against cases with known answers. Without SET all sets are measured.\n\n" +
			"Sets of the project are in --own; a set of --shared is left out where its file is missing.",
		Example: "  eval\n  eval citations -o json\n  eval courts --half work --failures",
		Args: func(_ *cobra.Command, args []string) error {
			_, err := setsNamed(args)
			return err
		},
		SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			chosen, err := setsNamed(args)
			if err != nil {
				return err
			}
			return evaluate(cmd, o, chosen)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.own, "own", "test/eval/testdata", "folder of the project's own sets")
	f.StringVar(&o.shared, "shared", envOr("CASELOAD_EVAL", "../shared/eval"), "folder of further sets (CASELOAD_EVAL)")
	f.StringVar(&o.corpus, "corpus", envOr("CASELOAD_CORPUS", "../shared/corpus/court"), "folder of PDFs that OCR is measured on (CASELOAD_CORPUS)")
	f.StringVarP(&o.output, "output", "o", "table", "table or json")
	f.StringVar(&o.half, "half", "", "only the cases of one half: work (rules were written with it) or held (held out)")
	f.BoolVar(&o.failures, "failures", false, "print the cases answered wrongly, to stderr; of own-documents those of the work half alone")
	f.BoolVar(&o.by, "by", false, "show own-documents by type, role and relationship as well")
	f.BoolVar(&o.check, "check", false, "end with 1 if a target is missed")
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	return cmd
}

func envOr(name, dir string) string { return cmp.Or(os.Getenv(name), dir) }

func evaluate(cmd *cobra.Command, o options, chosen []set) error {
	if o.output != "table" && o.output != "json" {
		return usageError{fmt.Errorf("--output is %q: it is table or json", o.output)}
	}
	if o.half != "" && o.half != "work" && o.half != "held" {
		return usageError{fmt.Errorf("--half is %q: it is work or held", o.half)}
	}
	var all []result
	for _, s := range chosen {
		r, err := measure(s, o)
		if errors.Is(err, os.ErrNotExist) && !s.own {
			dir := o.shared
			if s.files != nil {
				dir = o.corpus
			}
			fmt.Fprintf(os.Stderr, "%s: no %s in %s; left out\n", s.name, s.file, dir)
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		all = append(all, r)
	}
	if err := write(cmd.OutOrStdout(), o, all); err != nil {
		return err
	}
	for _, r := range all {
		if o.check && !r.Holds {
			return errMissed
		}
	}
	return nil
}
