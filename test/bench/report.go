package main

import (
	"encoding/json"
	"fmt"
	"io"
	"runtime"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// result is what a scenario found.
type result struct {
	Scenario string         `json:"scenario"`
	Value    float64        `json:"value"`
	Unit     string         `json:"unit"`
	Target   float64        `json:"target"`
	Bound    bound          `json:"bound"`
	Holds    bool           `json:"holds"`
	Scale    float64        `json:"scale"`
	Sides    map[string]any `json:"sides"`

	about string // what is measured and how
	table grid
	notes []string
}

// bound says on which side of the target a value is to lie.
type bound string

const (
	atLeast bound = "at least"
	atMost  bound = "at most"
)

// newResult is the result of a value with a target.
func newResult(value float64, unit string, b bound, target float64) result {
	holds := value >= target
	if b == atMost {
		holds = value <= target
	}
	return result{Value: rounded(value), Unit: unit, Target: target, Bound: b, Holds: holds, Sides: map[string]any{}}
}

// grid is a table of cells.
type grid struct {
	header []any
	rows   [][]any
}

func (g *grid) add(cells ...any) { g.rows = append(g.rows, cells) }

// write prints the result for people, and then its line of JSON.
func (r result) write(w io.Writer) error {
	fmt.Fprintf(w, "\n%s: %s\n\n", r.Scenario, r.about)
	t := table.NewWriter()
	t.SetOutputMirror(w)
	style := table.StyleLight
	style.Options = table.OptionsNoBordersAndSeparators
	style.Format.Header = text.FormatDefault
	t.SetStyle(style)
	t.AppendHeader(r.table.header)
	for _, row := range r.table.rows {
		t.AppendRow(row)
	}
	t.Render()
	fmt.Fprintln(w)
	for _, n := range r.notes {
		fmt.Fprintln(w, n)
	}
	verdict := "holds"
	if !r.Holds {
		verdict = "missed"
	}
	fmt.Fprintf(w, "%s %s (%d cores); target: %s %s: %s\n", number(r.Value), r.Unit, runtime.GOMAXPROCS(0), r.Bound, number(r.Target), verdict)
	if r.Scale != 1 {
		fmt.Fprintf(w, "At scale %g: a smoke test, no figure.\n", r.Scale)
	}
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	_, err = fmt.Fprintf(w, "%s\n", line)
	return err
}
