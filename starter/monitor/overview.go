package monitor

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

// lowerRows is the height of what is below the batches, at least.
const lowerRows = 14

// overviewView is batches above; below, queues and stages to the left, workers,
// the last day and errors to the right.
func (m Model) overviewView(w, h int) []string {
	upper := max(min(1+max(len(m.batches.value), 3), h-lowerRows), min(4, h))
	lines := block(m.opt.Glyphs, m.batchList(w, upper), w, upper)
	lower := h - upper
	gap := 0
	if lower > lowerRows+3 {
		gap = 1
		lines = append(lines, "")
		lower--
	}
	left := (w - 2) / 2
	right := w - 2 - left
	return append(lines, beside(
		block(m.opt.Glyphs, m.leftPanels(left, gap), left, lower),
		block(m.opt.Glyphs, m.rightPanels(right, lower, gap), right, lower))...)
}

func (m Model) leftPanels(w, gap int) []string {
	lines := m.queuePanel(w)
	lines = append(lines, make([]string, gap)...)
	return append(lines, m.stagePanel(w)...)
}

func (m Model) rightPanels(w, h, gap int) []string {
	rows := max(min(len(m.metrics.value.Workers), h-2*gap-4-6-1), 3)
	lines := block(m.opt.Glyphs, m.workerPanel(w, rows+1), w, rows+1)
	lines = append(lines, make([]string, gap)...)
	lines = append(lines, block(m.opt.Glyphs, m.dayPanel(w), w, 4)...)
	lines = append(lines, make([]string, gap)...)
	return append(lines, m.errorPanel(w, max(h-len(lines), 0))...)
}

// batchList is the batches in h lines, the selected one among them.
func (m Model) batchList(w, h int) []string {
	g, t := m.opt.Glyphs, m.opt.Theme
	columns, bar := batchColumns(w)
	lines := []string{paint(t.title, g.row(columns, titles(columns)...))}
	all, rows := m.batches.value, max(h-1, 0)
	switch {
	case m.batches.at.IsZero() && m.batches.err != nil:
		return append(lines, g.wrap(m.batches.err.Error(), w, rows)...)
	case m.batches.at.IsZero():
		return append(lines, g.ellipsis)
	case len(all) == 0:
		lines = append(lines, g.wrap("  No batch runs, and none has ended today.", w, rows)...)
		return append(lines, g.wrap("  `starter submit FOLDER --project NAME` makes one.", w, max(rows-1, 0))...)
	}
	from := max(min(m.index()-rows/2, len(all)-rows), 0)
	for _, b := range all[from:min(from+rows, len(all))] {
		lines = append(lines, m.batchRow(columns, bar, b))
	}
	return lines
}

// batchColumns are the columns for a width, and the bar's width among them.
func batchColumns(w int) ([]column, int) {
	extra := max(w-80, 0)
	bar, state, name := 8+min(extra/4, 20), 13+min(extra/3, 18), 20
	pages := 0
	if extra >= 30 {
		pages = 7
	}
	c := []column{
		{"", 1, false}, {"batch", 0, false}, {"p", 1, false}, {"progress", bar, false}, {"%", 4, true}, {"documents", 13, true},
		{"doc/s", 6, true}, {"page/s", pages, true}, {"ends in", state, false}, {"failed", 6, true},
	}
	used := 1 + 1 + bar + 4 + 13 + 6 + pages + state + 6 + 8
	if pages > 0 {
		used++
	}
	c[1].width = max(w-used, min(name, w))
	return c, bar
}

func (m Model) batchRow(columns []column, bar int, b Batch) string {
	g, t := m.opt.Glyphs, m.opt.Theme
	cursor := ""
	if b.Batch == m.selected {
		cursor = g.cursor
	}
	c := b.Counts
	failed := ""
	if c.Failed > 0 {
		failed = paint(t.bad, fmt.Sprint(c.Failed))
	}
	line := g.row(columns, cursor, g.fitID(g.clean(b.Batch), columns[1].width), fmt.Sprint(int(b.Priority)), g.bar(b.Percent/100, bar), percent(b.Percent),
		fmt.Sprintf("%d/%d", c.Done(), c.Total), rate(b.Rate), rate(b.PageRate), t.status(b.Status, c.Failed, m.state(b, columns[8].width)), failed)
	if cursor != "" {
		return paint(t.cursor, line)
	}
	return line
}

// percent never says 100 % before all is done.
func percent(p float64) string { return fmt.Sprintf("%d%%", int(p)) }

// state is when a batch ends, or what else it does.
func (m Model) state(b Batch, width int) string {
	word := statusWord(b.Status)
	switch {
	case b.FinishedAt != nil:
		return fmt.Sprintf("%s %s ago", word, ago(*b.FinishedAt, m.now))
	case b.Status != batch.StatusRunning:
		return word
	case !b.Live:
		return m.silence(b.Heard)
	}
	s := "running"
	if b.ETA != nil {
		s = brief(b.ETA.Remaining)
		if width >= 22 {
			s += fmt.Sprintf(" (%s to %s)", brief(b.ETA.Low), brief(b.ETA.High))
		}
	}
	if old := m.old(b.Heard); old != "" {
		if s += ", " + old; len(s) > width {
			return old
		}
	}
	return s
}

const (
	// oldAfter is when what a workflow has told is shown with its age.
	oldAfter = 3 * time.Second
	// silentAfter is when a workflow is said to be silent that was asked and has never
	// told anything.
	silentAfter = 30 * time.Second
)

// old is the age of what a batch's workflow has told, or "" while it is fresh.
func (m Model) old(h Heard) string {
	if !h.Live || m.now.Sub(h.ToldAt) < oldAfter {
		return ""
	}
	return ago(h.ToldAt, m.now) + " old"
}

// silence is for how long a batch's workflow has not answered.
func (m Model) silence(h Heard) string {
	switch {
	case h.SilentSince.IsZero():
		return "no answer"
	case m.now.Sub(h.SilentSince) < silentAfter:
		return "no answer yet"
	}
	return "no answer " + ago(h.SilentSince, m.now)
}

func (m Model) queuePanel(w int) []string {
	g := m.opt.Glyphs
	extra := min(max((w-39)/5, 0), 6)
	columns := []column{
		{"QUEUE", 7 + extra, false}, {"waiting", 7 + extra, true}, {"oldest", 7 + extra, true}, {"taken/s", 7 + extra, true}, {"workers", 7 + extra, true},
	}
	lines := []string{paint(m.opt.Theme.title, g.row(columns, titles(columns)...))}
	if more := missing(g, m.queues, m, w, 4); more != nil {
		return block(g, append(lines, more...), w, 5)
	}
	for _, q := range m.queues.value {
		oldest, workers := "-", fmt.Sprint(q.Workers)
		if q.Waiting > 0 {
			oldest = brief(q.Oldest)
		}
		if q.Workers == 0 {
			workers = paint(m.opt.Theme.warn, "none")
		}
		lines = append(lines, g.row(columns, q.Name, fmt.Sprint(q.Waiting), oldest, rate(q.Taken), workers))
	}
	return block(g, lines, w, 5)
}

// missing is what stands for a feed that has nothing to show, nil if it has: what is
// wrong; the line above the keys says what to do.
func missing[T any](g Glyphs, f feed[T], m Model, w, rows int) []string {
	if f.err != nil {
		text, _, _ := strings.Cut(f.err.Error(), "; ")
		if !f.at.IsZero() {
			text += fmt.Sprintf("; it did %s ago", ago(f.at, m.now))
		}
		lines := g.wrap(text, w, rows)
		for i := range lines {
			lines[i] = paint(m.opt.Theme.bad, lines[i])
		}
		return lines
	}
	if f.at.IsZero() {
		return []string{g.ellipsis}
	}
	return nil
}

func (m Model) stagePanel(w int) []string {
	g := m.opt.Glyphs
	columns := []column{{"STAGE 1h", 8, false}, {"runs", 7, true}, {"failed", 7, true}, {"p50", 6, true}, {"p95", 7, true}, {"p99", 0, true}, {"mean", 0, false}}
	if w >= 56 {
		columns = []column{{"STAGE 1h", 8, false}, {"runs", 7, true}, {"failed", 6, true}, {"p50", 6, true}, {"p95", 6, true}, {"p99", 6, true}, {"mean, last hour", max(w-45, 0), false}}
	}
	lines := []string{paint(m.opt.Theme.title, g.row(columns, titles(columns)...))}
	if more := missing(g, m.metrics, m, w, 4); more != nil {
		return append(lines, more...)
	}
	for _, s := range m.metrics.value.Stages {
		if s.Runs == 0 {
			continue
		}
		d := s.Duration
		failed := ""
		if s.Failed > 0 {
			failed = paint(m.opt.Theme.bad, fmt.Sprint(s.Failed))
		}
		lines = append(lines, g.row(columns, string(s.Stage), fmt.Sprint(s.Runs), failed, brief(d.P50), brief(d.P95), brief(d.P99),
			g.sparkline(means(s.Series), columns[len(columns)-1].width)))
	}
	if len(lines) == 1 {
		lines = append(lines, "no stage ran in the last hour")
	}
	return lines
}

// means are the points' mean durations; NaN where there was none.
func means(points []metrics.Point) []float64 {
	out := make([]float64, len(points))
	for i, p := range points {
		out[i] = p.Mean.Seconds()
		if p.Count == 0 {
			out[i] = math.NaN()
		}
	}
	return out
}

func counts(points []metrics.Point) []float64 {
	out := make([]float64, len(points))
	for i, p := range points {
		out[i] = float64(p.Count)
	}
	return out
}

func (m Model) workerPanel(w, h int) []string {
	g := m.opt.Glyphs
	columns := []column{{"WORKER", max(w-23, 0), false}, {"CPU", 5, true}, {"memory", 6, true}, {"slots", 9, true}}
	spark := 0
	if w >= 56 {
		spark = min(w-56, 24) + 6
		columns[0].width -= spark + 1
	}
	columns = append(columns, column{"CPU, last hour", spark, false})
	lines := []string{paint(m.opt.Theme.title, g.row(columns, titles(columns)...))}
	if more := missing(g, m.metrics, m, w, h-1); more != nil {
		return append(lines, more...)
	}
	all := slices.Clone(m.metrics.value.Workers)
	slices.SortStableFunc(all, func(a, b metrics.WorkerUsage) int {
		if a.Alive != b.Alive {
			if a.Alive {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Worker, b.Worker)
	})
	for i, u := range all {
		if len(lines) == h-1 && i < len(all)-1 {
			return append(lines, fmt.Sprintf("%s and %d more", g.ellipsis, len(all)-i))
		}
		lines = append(lines, m.workerRow(columns, spark, u))
	}
	if len(all) == 0 {
		lines = append(lines, "no worker has reported in the last hour")
	}
	return lines
}

func (m Model) workerRow(columns []column, spark int, u metrics.WorkerUsage) string {
	g := m.opt.Glyphs
	if !u.Alive {
		return paint(m.opt.Theme.dim, g.row(columns, g.clean(u.Worker), "gone", "", ago(u.At, m.now)+" ago", ""))
	}
	used, total := 0, 0
	for _, s := range u.Slots {
		used += s.Used
		total += s.Total
	}
	cpu := make([]float64, len(u.Series))
	for i, p := range u.Series {
		cpu[i] = p.CPU
	}
	return g.row(columns, g.clean(u.Worker), fmt.Sprintf("%.2f", u.CPU), size(u.Resident+u.Readers), fmt.Sprintf("%d/%d", used, total), g.sparkline(cpu, spark))
}

func (m Model) dayPanel(w int) []string {
	g := m.opt.Glyphs
	title := "LAST 24 HOURS"
	if more := missing(g, m.metrics, m, w, 3); more != nil {
		return append([]string{paint(m.opt.Theme.title, title)}, more...)
	}
	d := m.metrics.value.Day
	n := d.Total.Documents
	title += " " + g.sparkline(counts(d.Hours), max(w-len(title)-1, 0))
	success := "-"
	if n.Completed+n.Skipped+n.Failed > 0 {
		success = fmt.Sprintf("%.1f %%", 100*d.Total.SuccessRate)
	}
	errors := fmt.Sprintf("errors %d, with those a retry cured", m.metrics.value.Seen)
	if d.Total.Refused > 0 {
		errors = fmt.Sprintf("errors %d, cured too; rows refused %d", m.metrics.value.Seen, d.Total.Refused)
	}
	return []string{
		paint(m.opt.Theme.title, title),
		fmt.Sprintf("batches %d started, %d ended, %d clean", d.Total.Started, d.Total.Ended, d.Total.Succeeded),
		fmt.Sprintf("documents %d, success %s", n.Done(), success),
		errors,
	}
}

func (m Model) errorPanel(w, h int) []string {
	g := m.opt.Glyphs
	columns := []column{{"ERRORS", 7, false}, {"count", 5, true}, {"cause", 12, false}, {"", max(w-27, 0), false}}
	lines := []string{paint(m.opt.Theme.title, g.row(columns, titles(columns)...))}
	switch {
	case m.errors.err != nil || m.errors.at.IsZero():
		return append(lines, missing(g, m.errors, m, w, h-1)...)
	case len(m.errors.value.Causes) == 0:
		return append(lines, "no document failed in the last 24 hours")
	}
	for _, c := range m.errors.value.Causes {
		what := c.Type + " in " + string(c.Stage)
		if w >= 56 {
			what = string(c.Category) + " in " + string(c.Stage) + ": " + g.clean(c.Message)
		}
		lines = append(lines, g.row(columns, ago(c.Last, m.now)+" ago", fmt.Sprint(c.Count), c.Fingerprint, what))
	}
	return lines
}
