package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

func write(w io.Writer, o options, all []result) error {
	if o.output == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "SET\tCASES\tPRECISION\tRECALL\tF1\tACCURACY\tHELD OUT\tTARGET\tHOLDS")
	for _, r := range all {
		holds := "no"
		if r.Holds {
			holds = "yes"
		}
		target := fmt.Sprintf("%.3g", r.Target)
		if r.Target == 0 {
			target, holds = "-", "-"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.Set, r.Cases, percent(r.Precision), percent(r.Recall), percent(r.F1),
			percent(r.Accuracy), held(r.Held), target, holds)
	}
	if err := t.Flush(); err != nil || !o.by {
		return err
	}
	return writeParts(w, all)
}

// writeParts writes the figures by type, role and relationship: labelled, right,
// wrong and missed ones, and F1.
func writeParts(w io.Writer, all []result) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	for _, r := range all {
		if len(r.By) == 0 {
			continue
		}
		fmt.Fprintf(t, "\n%s\tWORK\tRIGHT\tWRONG\tMISSED\tF1\tHELD\tRIGHT\tWRONG\tMISSED\tF1\n", r.Set)
		for _, p := range r.By {
			fmt.Fprint(t, p.Kind)
			for _, s := range []score{p.Work, p.Held} {
				fmt.Fprintf(t, "\t%d\t%d\t%d\t%d\t%s", s.Correct+s.Missed, s.Correct, s.Wrong, s.Missed, percent(s.F1))
			}
			fmt.Fprintln(t)
		}
	}
	return t.Flush()
}

func percent(x *float64) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f", *x)
}

// held is the held-out half's precision and recall, with F1 where that is judged, or
// its accuracy.
func held(c counts) string {
	if c.Accuracy != nil {
		return percent(c.Accuracy)
	}
	if c.F1 != nil {
		return percent(c.Precision) + " " + percent(c.Recall) + " " + percent(c.F1)
	}
	return percent(c.Precision) + " " + percent(c.Recall)
}
