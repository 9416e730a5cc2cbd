package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

func write(w io.Writer, format string, all []result) error {
	if format == "json" {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(all)
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "SET\tCASES\tPRECISION\tRECALL\tACCURACY\tHELD OUT\tTARGET\tHOLDS")
	for _, r := range all {
		holds := "no"
		if r.Holds {
			holds = "yes"
		}
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t%.3g\t%s\n", r.Set, r.Cases, percent(r.Precision), percent(r.Recall), percent(r.Accuracy),
			held(r.Held), r.Target, holds)
	}
	return t.Flush()
}

func percent(x *float64) string {
	if x == nil {
		return "-"
	}
	return fmt.Sprintf("%.3f", *x)
}

// held is the held-out half's precision and recall, or its accuracy.
func held(c counts) string {
	if c.Accuracy != nil {
		return percent(c.Accuracy)
	}
	return percent(c.Precision) + " " + percent(c.Recall)
}
