package workflows

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// maxErrorGroups bounds what a batch remembers of its failures: a batch with
// more causes than this has them in the store.
const maxErrorGroups = 100

// tracker is what a batch workflow knows of how it goes. Times are workflow
// time.
type tracker struct {
	in         batch.Input
	status     batch.Status
	counts     batch.Counts
	pages      int
	doneHere   int // rows ended in this run of the workflow: what the rate counts
	stages     map[batch.Stage]*batch.StageProgress
	groups     []batch.ErrorGroup // a fingerprint each, in the order they came up
	groupOf    map[string]int     // index in groups by fingerprint
	estimator  *batch.Estimator
	startedAt  time.Time
	updatedAt  time.Time
	finishedAt *time.Time
	rate       float64 // over the whole run, once it has ended
}

func newTracker(in batch.Input, now time.Time) *tracker {
	return &tracker{
		in: in, status: batch.StatusRunning,
		counts:    batch.Counts{Total: in.Rows, Pending: in.Rows},
		stages:    map[batch.Stage]*batch.StageProgress{},
		groupOf:   map[string]int{},
		estimator: batch.NewEstimator(now),
		startedAt: now, updatedAt: now,
	}
}

// resume takes over what the store holds: the rows that have an outcome.
func (t *tracker) resume(opened activities.OpenResult) {
	t.counts = opened.Counts
	t.groups, t.groupOf = nil, map[string]int{}
	for _, g := range opened.Groups {
		t.group(g)
	}
}

func (t *tracker) started() {
	t.counts.Pending--
	t.counts.Running++
}

func (t *tracker) settle(now time.Time, o batch.Outcome) {
	t.counts.Running--
	t.counts.Add(o)
	t.doneHere++
	t.updatedAt = now
	t.estimator.Done(now)
}

func (t *tracker) ended(now time.Time, r batch.DocumentResult) {
	t.settle(now, r.Outcome)
	t.pages += r.Pages
	for _, s := range r.Stages {
		p := t.stages[s.Stage]
		if p == nil {
			p = &batch.StageProgress{Stage: s.Stage}
			t.stages[s.Stage] = p
		}
		p.Documents++
		p.Total += s.Duration
		p.Slowest = max(p.Slowest, s.Duration)
	}
}

func (t *tracker) cancelled(now time.Time) { t.settle(now, batch.OutcomeCancelled) }

func (t *tracker) failed(now time.Time, row int, f batch.Failure) {
	t.settle(now, batch.OutcomeFailed)
	i, known := t.groupOf[f.Fingerprint]
	if !known {
		i, known = t.group(batch.ErrorGroup{
			Category: f.Category, Stage: f.Stage, Type: f.Type, Fingerprint: f.Fingerprint, Message: f.Message,
		})
	}
	if !known {
		return
	}
	g := &t.groups[i]
	g.Count++
	if len(g.Rows) < batch.MaxExampleRows {
		g.Rows = append(g.Rows, row)
	}
}

// group adds a cause, unless there are too many.
func (t *tracker) group(g batch.ErrorGroup) (i int, added bool) {
	if len(t.groups) == maxErrorGroups {
		return 0, false
	}
	t.groupOf[g.Fingerprint] = len(t.groups)
	t.groups = append(t.groups, g)
	return len(t.groups) - 1, true
}

func (t *tracker) closed(now time.Time, s batch.Summary) {
	t.status, t.counts, t.pages = s.Status, s.Counts, s.Pages
	t.updatedAt, t.finishedAt = now, &now
	if took := now.Sub(t.startedAt).Seconds(); took > 0 {
		t.rate = float64(t.doneHere) / took
	}
}

// report answers the progress query.
func (t *tracker) report() (batch.Progress, error) { return t.at(t.updatedAt), nil }

func (t *tracker) at(now time.Time) batch.Progress {
	p := batch.Progress{
		Batch: t.in.ID, Project: t.in.Project, Status: t.status, Priority: t.in.Priority,
		Counts: t.counts, Percent: t.counts.Percent(), Pages: t.pages,
		StartedAt: t.startedAt, UpdatedAt: t.updatedAt, FinishedAt: t.finishedAt,
		Rate: t.rate, Evidence: t.estimator, DoneHere: t.doneHere,
	}
	for _, s := range batch.Stages() {
		if sp := t.stages[s]; sp != nil {
			p.Stages = append(p.Stages, *sp)
		}
	}
	return p.At(now)
}

// errorReport answers the errors query: the most frequent cause first.
func (t *tracker) errorReport() (batch.ErrorReport, error) {
	groups := slices.Clone(t.groups)
	slices.SortFunc(groups, func(a, b batch.ErrorGroup) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	if groups == nil {
		groups = []batch.ErrorGroup{}
	}
	return batch.ErrorReport{Batch: t.in.ID, Failed: t.counts.Failed, Groups: groups}, nil
}

// shownGroups is how many causes of failure the current details name.
const shownGroups = 5

// markdown is the batch's current details: a small table and the chief causes
// of failure.
func (t *tracker) markdown(now time.Time) (string, error) {
	p := t.at(now)
	c := p.Counts
	md := fmt.Sprintf("**%s**: %.0f %% of %d documents, priority %s\n\n", p.Status, p.Percent, c.Total, p.Priority) +
		"| completed | skipped | failed | cancelled | running | pending |\n|---|---|---|---|---|---|\n" +
		fmt.Sprintf("| %d | %d | %d | %d | %d | %d |\n", c.Completed, c.Skipped, c.Failed, c.Cancelled, c.Running, c.Pending)
	if p.ETA != nil {
		md += fmt.Sprintf("\n%.1f documents/s; %s left (%s to %s)\n", p.Rate,
			p.ETA.Remaining.Round(time.Second), p.ETA.Low.Round(time.Second), p.ETA.High.Round(time.Second))
	}
	report, err := t.errorReport()
	if err != nil || len(report.Groups) == 0 {
		return md, err
	}
	md += "\n| failed | category | stage | cause |\n|---|---|---|---|\n"
	for _, g := range report.Groups[:min(shownGroups, len(report.Groups))] {
		md += fmt.Sprintf("| %d | %s | %s | %s |\n", g.Count, g.Category, g.Stage, g.Message)
	}
	return md, nil
}
