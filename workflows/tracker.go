package workflows

import (
	"fmt"
	"math"
	"time"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
)

// tracker is what a batch workflow knows of how it goes. Times are workflow
// time. It is carried over when the workflow continues as new.
type tracker struct {
	Tally      Tally            `json:"tally"`
	EndedHere  int              `json:"ended_here"` // rows read, and pages, since StartedAt: what the rates count
	PagesHere  int              `json:"pages_here"`
	Control    batch.Control    `json:"control"`
	Decisions  []batch.Decision `json:"decisions,omitempty"` // the latest batch.MaxDecisions
	Estimator  *batch.Estimator `json:"estimator"`
	StartedAt  time.Time        `json:"started_at"`
	UpdatedAt  time.Time        `json:"updated_at"`
	FinishedAt *time.Time       `json:"finished_at,omitempty"`
	Warming    *batch.Warming   `json:"warming,omitempty"`
	InWork     *batch.InWork    `json:"in_work,omitempty"` // as last counted

	in   batch.Input
	rate struct{ documents, pages float64 } // over the whole run, once it has ended
}

func newTracker(in batch.Input, now time.Time) *tracker {
	return &tracker{
		in:        in,
		Tally:     Tally{Counts: batch.Counts{Total: in.Rows, Pending: in.Rows}},
		Control:   batch.Control{Status: batch.StatusRunning, Priority: in.Priority, Concurrency: in.Options.Concurrency},
		Estimator: batch.NewEstimator(now),
		StartedAt: now, UpdatedAt: now,
	}
}

// opened takes over what the store holds: the rows that have an outcome.
func (t *tracker) opened(o activities.OpenResult) {
	t.Tally.Counts = o.Counts
	t.Tally.Groups, t.Tally.Failed = nil, nil
	if len(o.Decisions) > 0 {
		t.Decisions = o.Decisions
	}
	for _, g := range o.Groups {
		t.Tally.group(g)
	}
}

// moved notes that documents ended since the tally before, at now.
func (t *tracker) moved(now time.Time, before Tally) {
	t.UpdatedAt = now
	t.PagesHere += t.Tally.Pages - before.Pages
	if n := read(t.Tally.Counts) - read(before.Counts); n > 0 {
		t.EndedHere += n
		t.Estimator.DoneN(now, n)
	}
}

// read is the rows that ended other than by being cancelled.
func read(c batch.Counts) int { return c.Done() - c.Cancelled }

// update changes the tally and notes what that means.
func (t *tracker) update(now time.Time, change func(*Tally)) {
	before := Tally{Counts: t.Tally.Counts, Pages: t.Tally.Pages}
	change(&t.Tally)
	t.moved(now, before)
}

// decide puts c in force.
func (t *tracker) decide(c batch.Control, d batch.Decision) {
	switch {
	case c.Status.Waiting() && !t.Control.Status.Waiting():
		t.Estimator.Pause(d.At)
	case !c.Status.Waiting() && t.Control.Status.Waiting():
		t.Estimator.Resume(d.At)
	}
	t.Control, t.UpdatedAt = c, d.At
	t.Decisions = append(t.Decisions, d)
	if extra := len(t.Decisions) - batch.MaxDecisions; extra > 0 {
		t.Decisions = t.Decisions[extra:]
	}
}

func (t *tracker) closed(now time.Time, s batch.Summary) {
	t.Control.Status, t.Tally.Counts, t.Tally.Pages = s.Status, s.Counts, s.Pages
	t.UpdatedAt, t.FinishedAt, t.InWork = now, &now, nil
	p := batch.Progress{StartedAt: t.StartedAt, Evidence: t.Estimator, DoneHere: t.EndedHere, PagesHere: t.PagesHere}
	t.rate.documents, t.rate.pages = p.RatesAt(now)
}

// report answers the progress query.
func (t *tracker) report() (batch.Progress, error) { return t.at(t.UpdatedAt), nil }

func (t *tracker) at(now time.Time) batch.Progress {
	p := batch.Progress{
		Batch: t.in.ID, Project: t.in.Project, Status: t.Control.Status, Priority: t.Control.Priority,
		Counts: t.Tally.Counts, Percent: t.Tally.Counts.Percent(), Pages: t.Tally.Pages, Stages: t.Tally.stagesInOrder(),
		StartedAt: t.StartedAt, UpdatedAt: t.UpdatedAt, FinishedAt: t.FinishedAt,
		Rate: t.rate.documents, PageRate: t.rate.pages,
		Decisions: t.Decisions, Warming: t.Warming, InWork: t.InWork,
		Evidence: t.Estimator, DoneHere: t.EndedHere, PagesHere: t.PagesHere,
	}
	if !t.in.Options.Deadline.IsZero() {
		p.Deadline = &t.in.Options.Deadline
	}
	if t.FinishedAt == nil {
		control := t.Control
		p.Control = &control
	}
	return p.At(now)
}

// errorReport answers the errors query.
func (t *tracker) errorReport() (batch.ErrorReport, error) {
	return batch.ErrorReport{Batch: t.in.ID, Failed: t.Tally.Counts.Failed, Groups: t.Tally.causes()}, nil
}

// What the current details name.
const (
	shownGroups    = 5
	shownDecisions = 5
)

// room ends the current details: the Web UI's page cuts off what is lowest.
const room = "\n\u00a0\n\n\u00a0\n\n\u00a0\n"

// markdown is the batch's current details: a small table, the chief causes of
// failure, and the latest decisions.
func (t *tracker) markdown(now time.Time) string {
	p := t.at(now)
	c := p.Counts
	md := fmt.Sprintf("**%s**: %.0f %% of %s, priority %s\n\n", p.Status, math.Floor(p.Percent), batch.Counted(c.Total, "document"), p.Priority) +
		"| completed | skipped | failed | cancelled | in flight | pending |\n|---|---|---|---|---|---|\n" +
		fmt.Sprintf("| %d | %d | %d | %d | %d | %d |\n", c.Completed, c.Skipped, c.Failed, c.Cancelled, c.Running, c.Pending)
	if c.Partial > 0 {
		md += fmt.Sprintf("\nOf the completed %d are partial: a limit left something out.\n", c.Partial)
	}
	if p.ETA != nil {
		md += fmt.Sprintf("\n%.1f documents/s, %.1f pages/s; %s left (%s to %s)\n", p.Rate, p.PageRate,
			p.ETA.Remaining.Round(time.Second), p.ETA.Low.Round(time.Second), p.ETA.High.Round(time.Second))
	}
	if groups := t.Tally.causes(); len(groups) > 0 {
		md += "\n| failed | category | stage | cause |\n|---|---|---|---|\n"
		for _, g := range groups[:min(shownGroups, len(groups))] {
			md += fmt.Sprintf("| %d | %s | %s | %s |\n", g.Count, g.Category, g.Stage, g.Message)
		}
	}
	if len(t.Decisions) > 0 {
		md += "\n| when (UTC) | who | what |\n|---|---|---|\n"
		for _, d := range t.Decisions[max(0, len(t.Decisions)-shownDecisions):] {
			md += fmt.Sprintf("| %s | %s | %s: %s |\n", d.At.UTC().Format(time.DateTime), d.By, d.Kind, d.Detail)
		}
	}
	return md + room
}
