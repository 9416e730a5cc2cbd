package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
	"github.com/caseload/caseload/starter/units"
)

// writeSummary writes a summary for a person.
func writeSummary(w io.Writer, s metrics.Summary) {
	fmt.Fprintf(w, "%s to %s; rates are over all of it, %s\n\n", clock(s.Batches.Start), moment(s.Batches.End),
		s.Batches.End.Sub(s.Batches.Start).Round(time.Second))
	t := newTable(w, "priority", "batches", "ended", "completed", "skipped", "failed", "refused", "cancelled", "success", "rate", "p50", "p95", "p99")
	row := func(name string, g metrics.BatchGroup) {
		d := g.Documents
		t.AppendRow(tableRow{name, g.Started, g.Ended, d.Completed, d.Skipped, d.Failed, g.Refused, d.Cancelled, successWords(g),
			units.Rate(g.Throughput, ""), short(g.Document.P50), short(g.Document.P95), short(g.Document.P99)})
	}
	for _, g := range s.Batches.ByPriority {
		row(g.Priority.String(), g)
	}
	row("all", s.Batches.Total)
	t.Render()
	writeStageMetrics(w, s.Stages)
	writeErrorSummary(w, s.Errors)
	writeWorkers(w, s.Workers)
	writeCacheKinds(w, cacheTotals(s.Cache))
}

// successWords is the share of a group's documents that did not fail.
func successWords(g metrics.BatchGroup) string {
	if g.Documents.Done() == g.Documents.Cancelled {
		return "-"
	}
	return fmt.Sprintf("%.1f %%", 100*g.SuccessRate)
}

func writeStageMetrics(w io.Writer, stages []metrics.StageMetrics) {
	if len(stages) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "stage", "runs", "failed", "mean", "p50", "p95", "p99", "max")
	for _, s := range stages {
		d := s.Duration
		t.AppendRow(tableRow{s.Stage, s.Runs, s.Failed, brief(d.Mean), brief(d.P50), brief(d.P95), brief(d.P99), brief(d.Max)})
	}
	t.Render()
}

// brief is short with microseconds, which many stages take.
func brief(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return short(d)
}

func writeErrorSummary(w io.Writer, s metrics.ErrorSummary) {
	if s.Total == 0 {
		return
	}
	var categories []string
	for _, c := range slices.Sorted(maps.Keys(s.ByCategory)) {
		categories = append(categories, fmt.Sprintf("%s %d", c, s.ByCategory[c]))
	}
	fmt.Fprintf(w, "\nerrors %d, those that a retry cured included: %s\n", s.Total, strings.Join(categories, "  "))
	t := newTable(w, "errors", "category", "stage", "type", "fingerprint", zoned("last"), "batch")
	for _, c := range s.Causes[:min(len(s.Causes), maxShownCauses)] {
		t.AppendRow(tableRow{c.Count, c.Category, c.Stage, printable(c.Type), c.Fingerprint, clock(c.Last), c.Batch})
	}
	t.Render()
	if more := len(s.Causes) - maxShownCauses; more > 0 {
		fmt.Fprintf(w, "and %d more causes: -o json has all\n", more)
	}
}

func writeWorkers(w io.Writer, workers []metrics.WorkerUsage) {
	if len(workers) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "worker", "alive", "cpu", "resident", "readers", "goroutines", "slots", "dropped", zoned("told"))
	for _, u := range workers {
		alive := "no"
		if u.Alive {
			alive = "yes"
		}
		t.AppendRow(tableRow{printable(u.Worker), alive, fmt.Sprintf("%.2f of %d", u.CPU, u.Cores), fmt.Sprintf("%d MiB", u.Resident>>20), fmt.Sprintf("%d MiB", u.Readers>>20),
			u.Goroutines, slotWords(u.Slots), u.Dropped, clock(u.At)})
	}
	t.Render()
}

// slotWords is the slots of each task queue, such as "high 1/5 low 0/3".
func slotWords(slots map[string]metrics.Slots) string {
	var words []string
	for _, q := range slices.Sorted(maps.Keys(slots)) {
		words = append(words, fmt.Sprintf("%s %d/%d", strings.TrimPrefix(q, "caseload."), slots[q].Used, slots[q].Total))
	}
	return strings.Join(words, " ")
}

// cacheTotals is what the counts of an interval come to.
func cacheTotals(kinds []metrics.CacheCount) batch.CacheUse {
	u := batch.CacheUse{}
	for _, c := range kinds {
		u.Kinds = append(u.Kinds, batch.CacheKind{Kind: c.Kind, Hits: c.Hits, Misses: c.Misses, Queries: c.Queries, Saved: c.Saved})
		u.Hits, u.Misses = u.Hits+c.Hits, u.Misses+c.Misses
		u.Queries, u.Saved = u.Queries+c.Queries, u.Saved+c.Saved
	}
	if all := u.Hits + u.Misses; all > 0 {
		u.HitRate = float64(u.Hits) / float64(all)
	}
	return u
}

// writeCacheKinds writes what the cache spared, by kind of entry and in all.
func writeCacheKinds(w io.Writer, u batch.CacheUse) {
	if len(u.Kinds) == 0 {
		return
	}
	fmt.Fprintln(w)
	t := newTable(w, "cache", "hits", "misses", "hit rate", "queries spared", "time spared")
	for _, k := range u.Kinds {
		queries, saved := "", "" // told with the kind entity
		if k.Queries != 0 || k.Saved != 0 {
			queries, saved = fmt.Sprint(k.Queries), short(k.Saved)
		}
		t.AppendRow(tableRow{printable(k.Kind), k.Hits, k.Misses, shareOf(k.Hits, k.Hits+k.Misses), queries, saved})
	}
	t.AppendRow(tableRow{"all", u.Hits, u.Misses, shareOf(u.Hits, u.Hits+u.Misses), u.Queries, short(u.Saved)})
	t.Render()
}

func shareOf(n, all int64) string {
	if all == 0 {
		return "-"
	}
	return hitRate(float64(n) / float64(all))
}

// writePerformance writes a batch's report for a person.
func writePerformance(w io.Writer, r metrics.PerformanceReport) {
	ended := "runs"
	if r.End != nil {
		ended = "ended " + clock(*r.End)
	}
	fmt.Fprintf(w, "%s  project %s  priority %s\nstarted %s  %s\n", r.Batch, r.Project, r.Priority, moment(r.Start), ended)
	c, d := r.Counts, r.Document
	failed := fmt.Sprint(c.Failed)
	if r.Refused > 0 {
		failed += fmt.Sprintf(", of them refused %d", r.Refused)
	}
	fmt.Fprintf(w, "documents %d  completed %d  skipped %d  failed %s  cancelled %d\n", c.Total, c.Completed, c.Skipped, failed, c.Cancelled)
	fmt.Fprintf(w, "a document took %s on average, p50 %s, p95 %s, p99 %s, at most %s\n", short(d.Mean), short(d.P50), short(d.P95), short(d.P99), short(d.Max))
	writeStageMetrics(w, r.Stages)
	if len(r.Throughput) > 0 {
		fmt.Fprintln(w)
		var most int64 = 1
		for _, p := range r.Throughput {
			most = max(most, p.Count)
		}
		t := newTable(w, zoned("from"), "documents", "rate", "")
		for _, p := range r.Throughput {
			t.AppendRow(tableRow{clock(p.At), p.Count, units.Rate(float64(p.Count)/r.Step.Seconds(), ""), strings.Repeat("█", int(30*p.Count/most))})
		}
		t.Render()
	}
	writeErrorSummary(w, r.Errors)
	if len(r.Slowest) > 0 {
		fmt.Fprintln(w)
		t := newTable(w, "slowest row", "took")
		for _, s := range r.Slowest[:min(len(r.Slowest), 10)] {
			t.AppendRow(tableRow{s.Row, short(s.Duration)})
		}
		t.Render()
	}
}
