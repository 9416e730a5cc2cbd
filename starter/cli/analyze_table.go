package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/caseload/caseload/analysis"
)

// Bounds of what the table shows; JSON has all.
const (
	maxShownCauses = 20
	maxShownHours  = 24
)

// counter counts failures by name.
type counter struct {
	counts map[string]int
	sum    int
}

func (c *counter) add(name string, n int) {
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[name] += n
	c.sum += n
}

func (c *counter) shares() []share { return c.sharesOf(c.sum) }

// sharesOf are the counts as shares of a sum, the largest first.
func (c *counter) sharesOf(sum int) []share {
	out := []share{}
	for name, n := range c.counts {
		out = append(out, share{name, n, float64(n) / float64(sum)})
	}
	slices.SortFunc(out, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.Failed, a.Failed), cmp.Compare(a.Name, b.Name))
	})
	return out
}

// tellScope says what the analysis does not cover: a batch's documents that have
// not ended, or that there is nothing to analyse.
func (a *app) tellScope(r analysed) {
	if r.Counts != nil && !r.Status.Terminal() {
		fmt.Fprintf(a.err, "Batch %s has not ended (%s): %d of %d documents have no outcome yet; this is how it stands.\n",
			r.Batch, r.Status, r.Counts.Total-r.Counts.Done(), r.Counts.Total)
	}
	switch {
	case r.Failed > 0:
	case r.Counts != nil:
		fmt.Fprintf(a.err, "Batch %s has no failures: there is nothing to analyse.\n", r.Batch)
	case r.Project != "":
		fmt.Fprintf(a.err, "No failures in project %s since %s.\n", r.Project, clock(*r.Since))
	default:
		fmt.Fprintf(a.err, "No failures since %s.\n", clock(*r.Since))
	}
}

// writeAnalysis writes an analysis of some failures for a person.
func writeAnalysis(w io.Writer, r analysed) {
	switch {
	case r.Counts != nil:
		fmt.Fprintf(w, "%s  project %s  %s\n%d of %d documents failed\n", r.Batch, r.Project, r.Status, r.Failed, r.Counts.Total)
	case r.Project != "":
		fmt.Fprintf(w, "%d documents of project %s failed since %s\n", r.Failed, r.Project, clock(*r.Since))
	default:
		fmt.Fprintf(w, "%d documents failed since %s\n", r.Failed, clock(*r.Since))
	}
	fmt.Fprintf(w, "recoverable by themselves %d  after a fix %d  not unless the document changes %d\n",
		r.Recoverable.ByItself, r.Recoverable.AfterFix, r.Recoverable.Never)
	writeCauses(w, r)
	writeShares(w, "category", r.Categories)
	writeShares(w, "stage", r.Stages)
	writeFormats(w, r.Formats)
	if r.Counts == nil && r.Project == "" {
		writeShares(w, "project", r.Projects)
	}
	writeHours(w, r.Hours)
}

func writeCauses(w io.Writer, r analysed) {
	few := r.Causes[:min(r.Few, maxShownCauses)]
	last := few[len(few)-1]
	fmt.Fprintf(w, "\n%d of %d causes explain %s of the failures:\n", len(few), len(r.Causes), percent(last.Cumulative))
	t := newTable(w, "failed", "share", "sum", "category", "stage", "fingerprint", "cause", "first")
	for _, c := range few {
		t.AppendRow(tableRow{c.Failed, percent(c.Share), percent(c.Cumulative), c.Category, c.Stage, c.Fingerprint,
			printable(c.Message), first(c, r.Batch)})
	}
	t.Render()
	fmt.Fprintln(w, "\nWhat to do:")
	for _, c := range few {
		fmt.Fprintf(w, " %s %s: %s\n", c.Fingerprint, recoveryWords(c.Advice.Recovery), c.Advice)
		if n := len(c.Batches) - 1; n > 0 {
			fmt.Fprintf(w, " %s and likewise in %d more: %s\n", strings.Repeat(" ", len(c.Fingerprint)), n, moreBatches(c.Batches[1:]))
		}
	}
	if n := len(r.Causes) - len(few); n > 0 {
		fmt.Fprintf(w, "\n%d more have %s of the failures; -o json lists them.\n", n, percent(1-last.Cumulative))
	}
}

// first is where the first failure of a cause is, within the analysed batch or
// in which.
func first(c analysedCause, batchID string) string {
	if batchID != "" {
		return fmt.Sprintf("row %d", c.Batches[0].Row)
	}
	return fmt.Sprintf("%s row %d", c.Batches[0].Batch, c.Batches[0].Row)
}

func moreBatches(list []analysedBatch) string {
	var ids []string
	for _, b := range list[:min(3, len(list))] {
		ids = append(ids, b.Batch)
	}
	if len(list) > len(ids) {
		ids = append(ids, "…")
	}
	return strings.Join(ids, ", ")
}

func recoveryWords(r analysis.Recovery) string {
	switch r {
	case analysis.ByItself:
		return "recovers by itself"
	case analysis.AfterFix:
		return "recovers after a fix"
	}
	return "does not recover"
}

func writeShares(w io.Writer, what string, shares []share) {
	fmt.Fprintln(w)
	t := newTable(w, what, "failed", "share")
	for _, s := range shares {
		t.AppendRow(tableRow{printable(s.Name), s.Failed, percent(s.Share)})
	}
	t.Render()
}

func writeFormats(w io.Writer, formats []formatShare) {
	fmt.Fprintln(w)
	t := newTable(w, "format", "failed", "share", "told by")
	for _, f := range formats {
		told := "by " + f.ToldBy
		if f.ToldBy == toldByNothing {
			told = "-"
		}
		t.AppendRow(tableRow{printable(f.Name), f.Failed, percent(f.Share), told})
	}
	t.Render()
}

func writeHours(w io.Writer, hours []hourShare) {
	fmt.Fprintln(w)
	if n := len(hours) - maxShownHours; n > 0 {
		fmt.Fprintf(w, "The last %d of %d hours:\n", maxShownHours, len(hours))
		hours = hours[n:]
	}
	t := newTable(w, "hour (UTC)", "failed")
	for _, h := range hours {
		at := "unknown"
		if h.Hour != nil {
			at = h.Hour.UTC().Format("2006-01-02 15:04")
		}
		t.AppendRow(tableRow{at, h.Failed})
	}
	t.Render()
}

// percent is a share, 0 to 1, for people. What is some, but not all, is never
// shown as none or all.
func percent(share float64) string {
	switch {
	case share > 0 && share < 0.01:
		return "< 1 %"
	case share > 0.99 && share < 1:
		return "> 99 %"
	}
	return fmt.Sprintf("%.0f %%", 100*share)
}
