package workflows

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/caseload/caseload/batch"
)

// maxErrorGroups bounds what a batch remembers of its failures: a batch with
// more causes than this has them in the store.
const maxErrorGroups = 100

// Tally counts how documents ended. It is what a shard reports to its batch.
type Tally struct {
	Counts batch.Counts           `json:"counts"`
	Pages  int                    `json:"pages"`
	Stages []batch.StageProgress  `json:"stages,omitempty"`
	Groups []batch.ErrorGroup     `json:"groups,omitempty"` // a fingerprint each, in the order they came up
	Failed map[batch.Category]int `json:"failed,omitempty"` // all of them, also those whose cause Groups has no room for
	// PutOffUntil, of a shard that has ended, is when rows may be read that it left
	// over since their service is left alone. It is not added up.
	PutOffUntil time.Time `json:"put_off_until,omitzero"`
}

func (t *Tally) started() {
	t.Counts.Pending--
	t.Counts.Running++
}

// returned counts a row that was given back unread.
func (t *Tally) returned() {
	t.Counts.Running--
	t.Counts.Pending++
}

func (t *Tally) cancelled() { t.settle(batch.OutcomeCancelled) }

func (t *Tally) settle(o batch.Outcome) {
	t.Counts.Running--
	t.Counts.Add(o)
}

func (t *Tally) ended(r batch.DocumentResult) {
	t.settle(r.Outcome)
	if r.Outcome == batch.OutcomeCompleted && batch.IsPartial(r.Reason) {
		t.Counts.Partial++
	}
	t.Pages += r.Pages
	for _, s := range r.Stages {
		t.stage(batch.StageProgress{Stage: s.Stage, Documents: 1, Total: s.Duration, Slowest: s.Duration})
	}
}

// reopened counts the failures of a cause as pending again, but for those left, and
// returns how many those are.
func (t *Tally) reopened(fingerprint string, left int) int {
	i := slices.IndexFunc(t.Groups, func(g batch.ErrorGroup) bool { return g.Fingerprint == fingerprint })
	if i < 0 || t.Groups[i].Count <= left {
		return 0
	}
	g := &t.Groups[i]
	n := g.Count - left
	t.Counts.Failed -= n
	t.Counts.Pending += n
	t.Failed[g.Category] -= n
	if g.Count, g.Rows = left, nil; left == 0 {
		t.Groups = slices.Delete(t.Groups, i, i+1)
	}
	return n
}

func (t *Tally) stage(s batch.StageProgress) {
	i := slices.IndexFunc(t.Stages, func(p batch.StageProgress) bool { return p.Stage == s.Stage })
	if i < 0 {
		t.Stages = append(t.Stages, s)
		return
	}
	p := &t.Stages[i]
	p.Documents += s.Documents
	p.Total += s.Total
	p.Slowest = max(p.Slowest, s.Slowest)
}

func (t *Tally) failed(row int, f batch.Failure) {
	t.settle(batch.OutcomeFailed)
	t.group(batch.ErrorGroup{
		Category: f.Category, Stage: f.Stage, Type: f.Type, Fingerprint: f.Fingerprint, Message: f.Message,
		Count: 1, Rows: []int{row},
	})
}

// group counts failures of one cause.
func (t *Tally) group(g batch.ErrorGroup) {
	t.count(g.Category, g.Count)
	t.cause(g)
}

func (t *Tally) count(c batch.Category, n int) {
	if t.Failed == nil {
		t.Failed = map[batch.Category]int{}
	}
	t.Failed[c] += n
}

// cause adds failures to their cause. A new cause is dropped if there are too
// many.
func (t *Tally) cause(g batch.ErrorGroup) {
	i := slices.IndexFunc(t.Groups, func(known batch.ErrorGroup) bool { return known.Fingerprint == g.Fingerprint })
	if i >= 0 {
		known := &t.Groups[i]
		known.Count += g.Count
		if room := batch.MaxExampleRows - len(known.Rows); room > 0 {
			known.Rows = append(known.Rows, g.Rows[:min(room, len(g.Rows))]...)
		}
		return
	}
	if len(t.Groups) < maxErrorGroups {
		g.Rows = slices.Clone(g.Rows[:min(batch.MaxExampleRows, len(g.Rows))])
		t.Groups = append(t.Groups, g)
	}
}

// add adds what now counts more than before, an earlier state of the same tally.
func (t *Tally) add(now, before Tally) {
	c, n, b := &t.Counts, now.Counts, before.Counts
	c.Running += n.Running - b.Running
	c.Completed += n.Completed - b.Completed
	c.Partial += n.Partial - b.Partial
	c.Skipped += n.Skipped - b.Skipped
	c.Failed += n.Failed - b.Failed
	c.Cancelled += n.Cancelled - b.Cancelled
	c.Pending = c.Total - c.Running - c.Done()
	t.Pages += now.Pages - before.Pages
	for _, s := range now.Stages {
		i := slices.IndexFunc(before.Stages, func(p batch.StageProgress) bool { return p.Stage == s.Stage })
		if i >= 0 {
			s.Documents -= before.Stages[i].Documents
			s.Total -= before.Stages[i].Total
		}
		t.stage(s)
	}
	for i, g := range now.Groups { // an earlier state has the same causes in the same places
		if i < len(before.Groups) {
			g.Count -= before.Groups[i].Count
			g.Rows = g.Rows[len(before.Groups[i].Rows):]
		}
		if g.Count > 0 {
			t.cause(g)
		}
	}
	for _, category := range batch.Categories() {
		if n := now.Failed[category] - before.Failed[category]; n > 0 {
			t.count(category, n)
		}
	}
}

// clone shares nothing with t.
func (t *Tally) clone() Tally {
	c := Tally{Counts: t.Counts, Pages: t.Pages, Stages: slices.Clone(t.Stages), Groups: slices.Clone(t.Groups), Failed: maps.Clone(t.Failed)}
	for i := range c.Groups {
		c.Groups[i].Rows = slices.Clone(c.Groups[i].Rows)
	}
	return c
}

// stagesInOrder are the stages' sums in the order they run.
func (t *Tally) stagesInOrder() []batch.StageProgress {
	order := batch.Stages()
	stages := slices.Clone(t.Stages)
	slices.SortFunc(stages, func(a, b batch.StageProgress) int {
		return cmp.Compare(slices.Index(order, a.Stage), slices.Index(order, b.Stage))
	})
	return stages
}

// causes are the failures by cause, the most frequent first.
func (t *Tally) causes() []batch.ErrorGroup {
	groups := slices.Clone(t.Groups)
	slices.SortFunc(groups, func(a, b batch.ErrorGroup) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	if groups == nil {
		groups = []batch.ErrorGroup{}
	}
	return groups
}
