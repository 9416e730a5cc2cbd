package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/caseload/caseload/analysis"
	"github.com/caseload/caseload/batch"
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
		fmt.Fprintf(a.err, "Batch %s has not ended (%s): %d of %s have no outcome yet; this is how it stands.\n",
			r.Batch, r.Status, r.Counts.Total-r.Counts.Done(), batch.Counted(r.Counts.Total, "document"))
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
		fmt.Fprintf(w, "%s  project %s  %s\n%d of %s failed\n", r.Batch, r.Project, r.Status, r.Failed, batch.Counted(r.Counts.Total, "document"))
	case r.Project != "":
		fmt.Fprintf(w, "%s of project %s failed since %s\n", batch.Counted(r.Failed, "document"), r.Project, clock(*r.Since))
	default:
		fmt.Fprintf(w, "%s failed since %s\n", batch.Counted(r.Failed, "document"), clock(*r.Since))
	}
	fmt.Fprintf(w, "recoverable by themselves %d  after a fix %d  not unless the document changes %d",
		r.Recoverable.ByItself, r.Recoverable.AfterFix, r.Recoverable.Never)
	if done := r.Recoverable; done.Recovered+done.Recovering > 0 {
		fmt.Fprintf(w, "  recovered already %d  in a recovery %d", done.Recovered, done.Recovering)
	}
	fmt.Fprintln(w)
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
	explain := "explain"
	if len(few) == 1 {
		explain = "explains"
	}
	fmt.Fprintf(w, "\n%d of %s %s %s of the failures:\n", len(few), batch.Counted(len(r.Causes), "cause"), explain, percent(last.Cumulative))
	t := newTable(w, "failed", "share", "sum", "category", "stage", "fingerprint", "cause", "first")
	for _, c := range few {
		t.AppendRow(tableRow{c.Failed, percent(c.Share), percent(c.Cumulative), c.Category, c.Stage, c.Fingerprint,
			printable(c.Message), first(c, r.Batch)})
	}
	t.Render()
	fmt.Fprintln(w, "\nWhat to do:")
	for _, c := range few {
		for i, line := range adviceLines(c) {
			label := c.Fingerprint
			if i > 0 {
				label = strings.Repeat(" ", len(label))
			}
			fmt.Fprintf(w, " %s %s\n", label, line)
		}
	}
	if n := len(r.Causes) - len(few); n > 0 {
		fmt.Fprintf(w, "\n%d more have %s of the failures; -o json lists them.\n", n, percent(1-last.Cumulative))
	}
}

// adviceLines say what has become of a cause's failures, and what to do about the
// others.
func adviceLines(c analysedCause) []string {
	var lines []string
	if c.Advice != nil {
		lines = append(lines, recoveryWords(c.Advice.Recovery)+": "+c.Advice.String())
	}
	for _, r := range c.Recoveries {
		if r.Recovered > 0 {
			lines = append(lines, fmt.Sprintf("%d recovered in %s", r.Recovered, r.Batch))
		}
		if r.Recovering > 0 {
			lines = append(lines, fmt.Sprintf("%d in recovery %s, which has not ended", r.Recovering, r.Batch))
		}
	}
	if rules := c.otherRules(); len(rules) > 0 {
		lines = append(lines, fmt.Sprintf("%s by rule: %s", c.Category, strings.Join(rules, ", ")))
	}
	open := slices.DeleteFunc(slices.Clone(c.Batches), func(b analysedBatch) bool { return b.Open == 0 })
	if n := len(open) - 1; n > 0 {
		lines = append(lines, fmt.Sprintf("and likewise in %d more: %s", n, moreBatches(open[1:])))
	}
	return lines
}

// otherRules are the rules that gave the failures their category, where that is
// not what the errors say themselves.
func (c analysedCause) otherRules() []string {
	return slices.DeleteFunc(slices.Clone(c.Rules), func(r string) bool { return r == batch.RuleOwn })
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
