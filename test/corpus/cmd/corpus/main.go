// Command corpus writes legal documents, load for benchmarks and tests, to a
// folder: see package corpus.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/test/corpus"
)

func main() {
	if err := command(os.Stdout, os.Stderr).Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "corpus:", err)
		if usage := (usageError{}); errors.As(err, &usage) {
			os.Exit(2)
		}
		os.Exit(1)
	}
}

// usageError is a flag that cannot be meant.
type usageError struct{ error }

type options struct {
	corpus.Options
	out, output string
	formats     []string
}

func command(stdout, stderr io.Writer) *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "corpus --out DIR",
		Short: "Write legal documents, load for benchmarks and tests",
		Long: `Writes DIR/documents, DIR/manifest.jsonl, which submits them, and DIR/truth.jsonl: what each document
holds. The same flags write the same bytes.`,
		Example: `  go run ./test/corpus/cmd/corpus --out /tmp/corpus --documents 1000 --seed 7
  go run ./test/corpus/cmd/corpus --out /tmp/pdf --documents 200 --formats pdf
  go run ./test/corpus/cmd/corpus --out /tmp/mix --documents 5000 --formats pdf=3,docx=1 --median-pages 2 -o json
  bin/starter submit /tmp/corpus/manifest.jsonl`,
		Args:          cobra.NoArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          func(*cobra.Command, []string) error { return run(o, stdout) },
	}
	c.SetOut(stdout)
	c.SetErr(stderr)
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	f := c.Flags()
	f.SortFlags = false
	f.StringVar(&o.out, "out", "", "folder to write to; it is made if it is missing (required)")
	f.IntVar(&o.Documents, "documents", 100, "how many")
	f.Uint64Var(&o.Seed, "seed", 1, "what tells corpora apart")
	f.StringSliceVar(&o.formats, "formats", nil, "formats, each with its share after = (1 without): of pdf, docx, eml, html, txt (default a mix)")
	f.Float64Var(&o.MedianPages, "median-pages", 4, "median length of what is not a mail, in pages")
	f.Float64Var(&o.Sigma, "sigma", 1.06, "standard deviation of the natural logarithm of the length")
	f.IntVar(&o.MaxPages, "max-pages", 60, "greatest length in pages")
	f.IntVar(&o.MatterSize, "matter-size", 25, "how many documents share a matter")
	f.StringVarP(&o.output, "output", "o", "table", "table or json")
	return c
}

func run(o options, stdout io.Writer) error {
	var err error
	if o.Formats, err = parseFormats(o.formats); err != nil {
		return usageError{err}
	}
	switch {
	case o.out == "":
		return usageError{errors.New("--out is missing: name a folder to write to")}
	case o.output != "table" && o.output != "json":
		return usageError{fmt.Errorf("--output %q: use table or json", o.output)}
	}
	if err := o.Validate(); err != nil {
		return usageError{err}
	}
	s, err := corpus.Write(o.out, o.Options)
	if err != nil {
		return err
	}
	if o.output == "json" {
		return json.NewEncoder(stdout).Encode(s)
	}
	return table(stdout, s)
}

// parseFormats reads shares such as "pdf=3".
func parseFormats(list []string) (map[corpus.Format]float64, error) {
	if len(list) == 0 {
		return nil, nil
	}
	shares := map[corpus.Format]float64{}
	for _, item := range list {
		name, number, given := strings.Cut(item, "=")
		share := 1.0
		if given {
			var err error
			if share, err = strconv.ParseFloat(number, 64); err != nil {
				return nil, fmt.Errorf("--formats %s: %q is no number", item, number)
			}
		}
		format := corpus.Format(strings.ToLower(strings.TrimSpace(name)))
		if !slices.Contains(corpus.Formats(), format) {
			return nil, fmt.Errorf("--formats %s: use %v", item, corpus.Formats())
		}
		shares[format] = share
	}
	return shares, nil
}

func table(w io.Writer, s corpus.Summary) error {
	_, err := fmt.Fprintf(w, "documents    %d\nattachments  %d\npages        %d\nwords        %d\nMB           %.1f\n",
		s.Documents, s.Attachments, s.Pages, s.Words, float64(s.Bytes)/1e6)
	for _, f := range corpus.Formats() {
		if n := s.Formats[f]; n > 0 && err == nil {
			_, err = fmt.Fprintf(w, "%-11s  %d\n", f, n)
		}
	}
	return err
}
