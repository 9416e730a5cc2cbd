package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/intake"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/worker/process"
)

// errBadRows refuses a submission under --strict.
var errBadRows = errors.New("the submission has bad rows")

// maxShownProblems bounds the bad rows that are told one by one.
const maxShownProblems = 20

// tally checks a submission row by row and tells of the bad ones.
type tally struct {
	app       *app
	in        *intake.Intake
	closeSrc  func() error
	good, bad int
	problems  []problem
	meter     *meter
	more      string // where the bad rows are that are not told of; "" if nowhere
}

type problem struct {
	Row    int            `json:"row"`
	Line   int            `json:"line,omitempty"`
	Reason string         `json:"reason"`
	Cause  batch.Category `json:"category"`
}

func (a *app) openIntake(ctx context.Context, o submitOptions) (*tally, error) {
	src := process.NewSource(a.cfg)
	in, err := intake.Open(ctx, src, intake.Request{Target: o.target, Root: o.root})
	if err != nil {
		return nil, errors.Join(err, src.Close())
	}
	return &tally{app: a, in: in, closeSrc: src.Close, meter: newMeter(a.err, in.Rows, time.Now())}, nil
}

func (t *tally) close() {
	t.meter.end()
	if err := t.closeSrc(); err != nil {
		t.app.log.Warn("source not closed", "error", err)
	}
}

func (t *tally) count() string {
	s := batch.Counted(t.good+t.bad, "document")
	if t.bad > 0 {
		s += fmt.Sprintf(", %d of them with a bad row", t.bad)
	}
	return s
}

// items are the rows, counted; the bad ones are told of.
func (t *tally) items(ctx context.Context) iter.Seq2[intake.Item, error] {
	return func(yield func(intake.Item, error) bool) {
		for item, err := range t.in.Items(ctx) {
			if err != nil {
				t.meter.end()
				yield(item, err)
				return
			}
			t.add(item)
			if !yield(item, nil) {
				return
			}
		}
		t.meter.end()
	}
}

func (t *tally) add(item intake.Item) {
	t.meter.tick(item.Row, time.Now())
	if item.Problem == nil {
		t.good++
		return
	}
	t.bad++
	if t.bad > maxShownProblems {
		if t.bad == maxShownProblems+1 {
			t.tell("… and more" + t.more)
		}
		return
	}
	p := problem{Row: item.Row, Line: item.Line, Reason: item.ProblemDetail, Cause: item.Problem.Category}
	t.problems = append(t.problems, p)
	where := fmt.Sprintf("row %d", p.Row)
	if p.Line > 0 {
		where += fmt.Sprintf(" (line %d)", p.Line)
	}
	t.tell(where + ": " + printable(p.Reason))
}

func (t *tally) tell(line string) {
	t.meter.end()
	fmt.Fprintln(t.app.err, line)
}

// rows are the rows to register. Under strict, a bad row refuses them all.
func (t *tally) rows(ctx context.Context, strict bool) iter.Seq2[store.Row, error] {
	return func(yield func(store.Row, error) bool) {
		for item, err := range t.items(ctx) {
			if err != nil {
				yield(store.Row{}, err)
				return
			}
			if !yield(rowOf(item), nil) {
				return
			}
		}
		if strict && t.bad > 0 {
			yield(store.Row{}, fmt.Errorf("%w: %d of %d; mend them, or leave out --strict to record them as failed", errBadRows, t.bad, t.good+t.bad))
		}
	}
}

func rowOf(item intake.Item) store.Row {
	uri, name := item.Stored()
	r := store.Row{
		Row: item.Row, Line: item.Line, URI: uri, Name: name,
		DocumentID: item.DocumentID, Metadata: item.Metadata, Bytes: item.Bytes,
	}
	if item.Problem != nil {
		now := time.Now().UTC()
		r.Outcome, r.Failure = batch.OutcomeFailed, item.Problem
		r.StartedAt, r.FinishedAt = now, now
	}
	return r
}

func (a *app) validateCmd() *cobra.Command {
	var o submitOptions
	cmd := &cobra.Command{
		Use:   "validate FOLDER|FILE|MANIFEST|BUCKET",
		Short: "Check a submission; start nothing",
		Long:  "Make the checks that submit makes, and start nothing. Exit code 1 if a row is bad.",
		Example: `  starter validate manifest.csv
  starter validate manifest.jsonl --root /srv/matters -o json`,
		Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.validate(cmd.Context(), o)
		},
	}
	o.intakeFlags(cmd)
	return cmd
}

func (a *app) validate(ctx context.Context, o submitOptions) error {
	t, err := a.openIntake(ctx, o)
	if err != nil {
		return err
	}
	defer t.close()
	for _, err := range t.items(ctx) {
		if err != nil {
			return err
		}
	}
	if o.format == formatJSON {
		if err := a.json(map[string]any{"rows": t.good + t.bad, "good": t.good, "bad": t.bad, "problems": t.problems}); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(a.out, "%s: %d good, %d bad\n", batch.Counted(t.good+t.bad, "row"), t.good, t.bad)
	}
	if t.bad > 0 {
		return fmt.Errorf("%w: %d of %d", errBadRows, t.bad, t.good+t.bad)
	}
	return nil
}
