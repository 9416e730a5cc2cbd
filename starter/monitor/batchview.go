package monitor

import (
	"fmt"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/units"
)

// batchView is one batch: how it stands, its stages and decisions side by side,
// and its errors.
func (m Model) batchView(w, h int) []string {
	g, t := m.opt.Glyphs, m.opt.Theme
	d := m.detail
	if d.at.IsZero() {
		lines := []string{paint(t.title, g.clean(m.selected))}
		return append(lines, missing(g, d, m, w, max(h-1, 0))...)
	}
	lines := m.standing(w)
	left := (w - 2) / 2
	right := w - 2 - left
	stages, decisions := m.batchStages(left), d.value.Progress.Decisions
	middle := min(max(len(stages), min(len(decisions), 8)+1), max(h-len(lines)-5, 0))
	if len(decisions) > 0 || len(stages) > 1 {
		lines = append(lines, beside(block(g, stages, left, middle), block(g, m.decisionPanel(right, middle), right, middle))...)
		lines = append(lines, "")
	}
	return append(lines, m.causePanel(w)...)
}

// standing is how the batch stands, in a few lines.
func (m Model) standing(w int) []string {
	g, t, p := m.opt.Glyphs, m.opt.Theme, m.detail.value.Progress
	head := fmt.Sprintf("%s  project %s  priority %s  ", g.clean(p.Batch), g.clean(p.Project), p.Priority)
	parts := []string{
		g.bar(p.Percent/100, max(min(w/4, 40)-5, 5)) + " " + percent(p.Percent),
		fmt.Sprintf("%d/%d", p.Counts.Done(), p.Counts.Total), units.Rate(p.Rate, "doc"), units.Rate(p.PageRate, "page"),
	}
	if e := p.ETA; e != nil {
		ends := "ends in " + brief(e.Remaining)
		if w >= 100 {
			ends += fmt.Sprintf(" (%s to %s)", brief(e.Low), brief(e.High))
		}
		parts = append(parts, ends)
	}
	lines := []string{
		paint(t.title, head) + t.status(p.Status, p.Counts.Failed, string(p.Status)) + m.detailAge(),
		strings.Join(parts, "  "),
	}
	c := p.Counts
	failed := fmt.Sprintf("failed %d", c.Failed)
	if c.Recovered > 0 {
		failed += fmt.Sprintf(" (%d recovered)", c.Recovered)
	}
	lines = append(lines, fmt.Sprintf("completed %d  skipped %d  %s  cancelled %d  in flight %d  pending %d", c.Completed, c.Skipped, failed, c.Cancelled, c.Running, c.Pending))
	var more []string
	if m.detail.err != nil {
		more = append(more, m.detail.err.Error())
	}
	if s := waits(p); s != "" {
		more = append(more, s)
	}
	if !m.detail.value.Live && !p.Status.Terminal() {
		silent := "its workflow does not answer"
		if since := m.detail.value.SilentSince; !since.IsZero() {
			silent = "its workflow has not answered for " + ago(since, m.now)
		}
		more = append(more, silent+": this is what the store knows")
	}
	if p.Deadline != nil {
		more = append(more, "deadline "+clock(*p.Deadline))
	}
	if !p.StartedAt.IsZero() {
		s := "started " + p.StartedAt.Local().Format("2006-01-02 15:04:05 MST")
		if p.FinishedAt != nil {
			s += ", took " + brief(p.FinishedAt.Sub(p.StartedAt))
		} else if p.Control != nil {
			s += fmt.Sprintf(", up to %d at once", p.Control.Concurrency)
		}
		more = append(more, s)
	}
	if p.Recovers != "" {
		more = append(more, "recovers "+p.Recovers)
	}
	for _, r := range p.Recoveries {
		more = append(more, fmt.Sprintf("recovery %s (%s, %s)", r.Batch, r.Status, batch.Counted(r.Rows, "document")))
	}
	return append(append(lines, g.wrap(strings.Join(more, "; "), w, 3)...), "")
}

// detailAge is how old what is shown of a batch is, unless it is fresh.
func (m Model) detailAge() string {
	if d := m.detail; m.old(d.value.Heard) != "" {
		return m.age(d.value.ToldAt, true)
	}
	return m.age(m.detail.at, m.detail.stale(m.now))
}

func clock(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }

func (m Model) batchStages(w int) []string {
	g := m.opt.Glyphs
	columns := []column{{"STAGE", 8, false}, {"documents", 9, true}, {"mean", 7, true}, {"slowest", 7, true}, {"", max(w-35, 0), false}}
	lines := []string{paint(m.opt.Theme.title, g.row(columns, titles(columns)...))}
	var all time.Duration
	for _, s := range m.detail.value.Progress.Stages {
		all += s.Total
	}
	for _, s := range m.detail.value.Progress.Stages {
		bar := ""
		if n := min(columns[4].width-1, 20); n > 3 && all > 0 {
			bar = g.bar(float64(s.Total)/float64(all), n)
		}
		lines = append(lines, g.row(columns, string(s.Stage), fmt.Sprint(s.Documents), brief(s.Mean()), brief(s.Slowest), bar))
	}
	return lines
}

// decisionPanel is the latest decisions, the newest first.
func (m Model) decisionPanel(w, h int) []string {
	g, all := m.opt.Glyphs, m.detail.value.Progress.Decisions
	columns := []column{{"DECIDED", 8, false}, {"by", min(max(w/5, 5), 20), false}, {"what", 0, false}}
	columns[2].width = max(w-columns[1].width-10, 0)
	lines := []string{paint(m.opt.Theme.title, g.row(columns, titles(columns)...))}
	if len(all) == 0 {
		return append(lines, "nothing yet")
	}
	for i := len(all) - 1; i >= 0 && len(lines) < h; i-- {
		d := all[i]
		lines = append(lines, g.row(columns, ago(d.At, m.now)+" ago", g.clean(d.By), d.Kind+": "+g.clean(d.Detail)))
	}
	return lines
}

func (m Model) causePanel(w int) []string {
	g, groups := m.opt.Glyphs, m.detail.value.Errors
	columns := []column{{"ERRORS", 6, true}, {"category", 13, false}, {"stage", 8, false}, {"fingerprint", 12, false}, {"cause", max(w-43, 0), false}}
	lines := []string{paint(m.opt.Theme.title, g.row(columns, titles(columns)...))}
	if len(groups) == 0 {
		return append(lines, "no document failed")
	}
	for _, e := range groups {
		lines = append(lines, g.row(columns, fmt.Sprint(e.Count), string(e.Category), string(e.Stage), e.Fingerprint, rowsOf(e)+g.clean(e.Message)))
	}
	return lines
}

// rowsOf names the first rows of a cause.
func rowsOf(e batch.ErrorGroup) string {
	if len(e.Rows) == 0 {
		return ""
	}
	s := fmt.Sprintf("row %d: ", e.Rows[0])
	if e.Count > 1 {
		s = fmt.Sprintf("from row %d: ", e.Rows[0])
	}
	return s
}
