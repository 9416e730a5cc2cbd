// Package report is what became of a batch on one page. It is made from the store
// alone, so that it can be made again whenever it is wanted; what the cache spared is
// added where Redis still has it.
package report

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/caseload/caseload/analysis"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// Report is what became of a batch.
type Report struct {
	Batch    string         `json:"batch"`
	Project  string         `json:"project"`
	Status   batch.Status   `json:"status"`
	Priority batch.Priority `json:"priority"`
	Pipeline string         `json:"pipeline"`
	Recovers string         `json:"recovers,omitempty"`
	Source   string         `json:"source,omitempty"` // with names alone
	Names    bool           `json:"names"`
	MadeAt   time.Time      `json:"made_at"`

	CreatedAt  time.Time     `json:"created_at"`
	StartedAt  time.Time     `json:"started_at,omitzero"`
	FinishedAt time.Time     `json:"finished_at,omitzero"`
	Took       time.Duration `json:"took_ns"` // until now, if it has not ended

	Counts batch.Counts     `json:"counts"`
	Bytes  int64            `json:"bytes"`
	Pages  int              `json:"pages"`
	Found  Found            `json:"found"`
	Parts  Attached         `json:"attached"`
	Later  []batch.Recovery `json:"recoveries"`
	// Warnings are about documents that were read.
	Warnings []batch.WarningCount `json:"warnings,omitempty"`
	// Model is what a language model did, of a batch that asks one.
	Model *batch.ModelUse `json:"model,omitempty"`

	Throughput Throughput      `json:"throughput"`
	Stages     []Stage         `json:"stages"` // in the order they run, of documents that were completed or skipped
	Causes     []Cause         `json:"causes"` // most frequent first
	Few        int             `json:"few"`    // how many of the first causes cover 80 % of the failures
	Slowest    []Slow          `json:"slowest"`
	Cache      *batch.CacheUse `json:"cache,omitempty"`
	CacheNote  string          `json:"cache_note,omitempty"` // why there is no Cache
	Seal       Seal            `json:"certificate"`
	ByReason   map[string]int  `json:"by_reason"` // of the skipped documents
	Categories []Share         `json:"categories"`
	all        map[batch.Stage][]time.Duration
}

// Found is what was read from the completed documents.
type Found struct {
	Chunks        int `json:"chunks"`
	Mentions      int `json:"mentions"`
	Entities      int `json:"entities"`
	Relationships int `json:"relationships"`
	Attachments   int `json:"attachments"`
}

// Attached is the attachments of the completed documents, and what was read from
// them: Found, Bytes and Pages leave that out.
type Attached struct {
	Read          int   `json:"read"`
	Unchanged     int   `json:"unchanged"` // the project held their content already
	Failed        int   `json:"failed"`
	Bytes         int64 `json:"bytes"`
	Pages         int   `json:"pages"`
	Chunks        int   `json:"chunks"`
	Mentions      int   `json:"mentions"`
	Relationships int   `json:"relationships"`
}

// Throughput is how many documents ended in each step of time.
type Throughput struct {
	Start time.Time     `json:"start,omitzero"`
	Step  time.Duration `json:"step_ns"`
	Ended []Ended       `json:"ended"`
}

// Ended counts documents by outcome.
type Ended struct {
	Completed int `json:"completed"`
	Skipped   int `json:"skipped"`
	Failed    int `json:"failed"`
	Cancelled int `json:"cancelled"`
}

// Total is all of them.
func (e Ended) Total() int { return e.Completed + e.Skipped + e.Failed + e.Cancelled }

func (e *Ended) add(o batch.Outcome) {
	switch o {
	case batch.OutcomeCompleted:
		e.Completed++
	case batch.OutcomeSkipped:
		e.Skipped++
	case batch.OutcomeFailed:
		e.Failed++
	case batch.OutcomeCancelled:
		e.Cancelled++
	}
}

// Stage is how long one stage took.
type Stage struct {
	Stage     batch.Stage   `json:"stage"`
	Documents int           `json:"documents"`
	Total     time.Duration `json:"total_ns"`
	Mean      time.Duration `json:"mean_ns"`
	P50       time.Duration `json:"p50_ns"`
	P95       time.Duration `json:"p95_ns"`
	P99       time.Duration `json:"p99_ns"`
	Max       time.Duration `json:"max_ns"`
	// Buckets count documents: the first, those below Bound(0), each next one those
	// from there to twice as long, the last all the others.
	Buckets []int `json:"buckets"`
}

// Buckets is how many a histogram has.
const Buckets = 20

// Bound is the upper bound of a bucket: 1 ms, 2 ms, 4 ms … 4 min 22 s.
func Bound(bucket int) time.Duration { return time.Millisecond << bucket }

func bucketOf(d time.Duration) int {
	for i := range Buckets - 1 {
		if d < Bound(i) {
			return i
		}
	}
	return Buckets - 1
}

// Cause is failures that have one fingerprint, and what to do about them.
type Cause struct {
	Category    batch.Category  `json:"category"`
	Stage       batch.Stage     `json:"stage"`
	Type        string          `json:"type"`
	Fingerprint string          `json:"fingerprint"`
	Message     string          `json:"message"`
	Count       int             `json:"count"`
	Share       float64         `json:"share"` // of all failures, 0 to 1
	Row         int             `json:"row"`   // the first of them
	Recovered   int             `json:"recovered"`
	Recovering  int             `json:"recovering"` // in a recovery that has not ended
	Advice      analysis.Advice `json:"advice"`     // for those that are neither
}

// Open is how many of the failures something is to be done about.
func (c Cause) Open() int { return c.Count - c.Recovered - c.Recovering }

// Share is the failures of one category.
type Share struct {
	Category batch.Category `json:"category"`
	Count    int            `json:"count"`
	Share    float64        `json:"share"`
}

// Slow is a document on which the stages took long.
type Slow struct {
	Row      int                 `json:"row"`
	Document string              `json:"document,omitempty"`
	Name     string              `json:"name,omitempty"` // with names alone
	Outcome  batch.Outcome       `json:"outcome"`
	Pages    int                 `json:"pages"`
	Bytes    int64               `json:"bytes"`
	Work     time.Duration       `json:"work_ns"` // of all stages together
	Stages   []batch.StageTiming `json:"stages"`
}

// MaxSlowest bounds Report.Slowest.
const MaxSlowest = 15

// Seal is the hash of the batch's certificate.
type Seal struct {
	SHA256 string `json:"sha256,omitempty"`
	Note   string `json:"note,omitempty"` // why there is none
}

// page is how many rows are read at once.
const page = 1000

// Make reads a report from the store, as of now. names adds the names of files
// and of the source.
func Make(ctx context.Context, st *store.Store, id string, names bool, now time.Time) (*Report, error) {
	b, err := st.Batch(ctx, id)
	if err != nil {
		return nil, err
	}
	t, err := st.Tally(ctx, id)
	if err != nil {
		return nil, err
	}
	r := &Report{
		Batch: b.ID, Project: b.Project, Status: b.Status, Priority: b.Priority, Pipeline: b.Pipeline, Recovers: b.Recovers, Names: names, MadeAt: now.UTC(),
		CreatedAt: b.CreatedAt, StartedAt: b.StartedAt, FinishedAt: b.FinishedAt, Counts: t.Counts, Bytes: t.Bytes, Pages: t.Pages,
		Found: Found{t.Chunks, t.Mentions, t.Entities, t.Relationships, t.Attachments},
		Later: []batch.Recovery{}, Slowest: []Slow{}, ByReason: map[string]int{}, all: map[batch.Stage][]time.Duration{},
	}
	if names {
		r.Source = b.Source
	}
	end := b.FinishedAt
	if end.IsZero() {
		end = now
	}
	if !b.StartedAt.IsZero() {
		r.Took = end.Sub(b.StartedAt)
		r.Throughput = newThroughput(b.StartedAt, end)
	}
	if r.Warnings, err = st.Warnings(ctx, id); err != nil {
		return nil, err
	}
	if r.Model, err = modelUse(ctx, st, b); err != nil {
		return nil, err
	}
	parts, err := st.Attached(ctx, id)
	if err != nil {
		return nil, err
	}
	r.Parts = Attached{parts.Read, parts.Unchanged, parts.Failed, parts.Bytes, parts.Pages, parts.Chunks, parts.Mentions, parts.Relationships}
	if err := r.readRows(ctx, st); err != nil {
		return nil, err
	}
	r.sumStages()
	if err := r.readCauses(ctx, st); err != nil {
		return nil, err
	}
	later, err := st.Recoveries(ctx, id)
	for _, l := range later {
		r.Later = append(r.Later, batch.Recovery{Batch: l.ID, Recovers: l.Recovers, Status: l.Status, Rows: l.Rows})
	}
	return r, err
}

// modelUse is what the language model did for a batch; nil if it was not to be asked.
func modelUse(ctx context.Context, st *store.Store, b store.Batch) (*batch.ModelUse, error) {
	var o batch.Options
	if len(b.Options) > 0 {
		if err := json.Unmarshal(b.Options, &o); err != nil {
			return nil, fmt.Errorf("options of batch %s: %w", b.ID, err)
		}
	}
	if o.Model == nil {
		return nil, nil //nolint:nilnil // none
	}
	use, err := st.ModelUse(ctx, b.ID)
	use.Budget = o.Model.Budget
	return &use, err
}

// steps are the steps of time that throughput is shown by.
var steps = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute,
	30 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
}

// maxSteps bounds them.
const maxSteps = 80

func newThroughput(start, end time.Time) Throughput {
	step := steps[len(steps)-1]
	for _, s := range steps {
		if end.Sub(start) <= s*maxSteps {
			step = s
			break
		}
	}
	n := max(int((end.Sub(start)+step-1)/step), 1)
	for ; n > maxSteps; n = (n + 1) / 2 {
		step *= 2
	}
	return Throughput{Start: start, Step: step, Ended: make([]Ended, n)}
}

// add counts a document that ended at a time. Rows that were refused at
// submission ended before the start, and are not counted.
func (t *Throughput) add(o batch.Outcome, at time.Time) {
	if t.Step == 0 || at.Before(t.Start) {
		return
	}
	t.Ended[min(int(at.Sub(t.Start)/t.Step), len(t.Ended)-1)].add(o)
}

func (r *Report) readRows(ctx context.Context, st *store.Store) error {
	for after := 0; ; {
		rows, err := st.Rows(ctx, r.Batch, store.RowFilter{After: after, Limit: page})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			r.addRow(row)
		}
		after = rows[len(rows)-1].Row
	}
}

func (r *Report) addRow(row store.Row) {
	if row.Outcome == "" {
		return
	}
	r.Throughput.add(row.Outcome, row.FinishedAt)
	if row.Outcome == batch.OutcomeSkipped {
		r.ByReason[row.Reason]++
	}
	var work time.Duration
	for _, s := range row.Stages {
		work += s.Duration
		if row.Outcome == batch.OutcomeCompleted || row.Outcome == batch.OutcomeSkipped { // those that `status` sums up
			r.all[s.Stage] = append(r.all[s.Stage], s.Duration)
		}
	}
	if work == 0 || len(r.Slowest) == MaxSlowest && work <= r.Slowest[MaxSlowest-1].Work {
		return
	}
	s := Slow{Row: row.Row, Document: cmp.Or(row.Document, row.DocumentID), Outcome: row.Outcome, Pages: row.Pages, Bytes: row.Bytes, Work: work, Stages: row.Stages}
	if r.Names {
		s.Name = row.Name
	}
	at, _ := slices.BinarySearchFunc(r.Slowest, s, func(a, b Slow) int {
		return cmp.Or(cmp.Compare(b.Work, a.Work), cmp.Compare(a.Row, b.Row))
	})
	r.Slowest = slices.Insert(r.Slowest, at, s)
	r.Slowest = r.Slowest[:min(len(r.Slowest), MaxSlowest)]
}

func (r *Report) sumStages() {
	r.Stages = []Stage{}
	for _, stage := range batch.Stages() {
		d := r.all[stage]
		if len(d) == 0 {
			continue
		}
		slices.Sort(d)
		s := Stage{Stage: stage, Documents: len(d), Max: d[len(d)-1], P50: quantile(d, 50), P95: quantile(d, 95), P99: quantile(d, 99), Buckets: make([]int, Buckets)}
		for _, v := range d {
			s.Total += v
			s.Buckets[bucketOf(v)]++
		}
		s.Mean = s.Total / time.Duration(len(d))
		r.Stages = append(r.Stages, s)
	}
}

// quantile is the least of sorted, not empty values that percent of them do not
// exceed.
func quantile(sorted []time.Duration, percent int) time.Duration {
	return sorted[max((len(sorted)*percent+99)/100-1, 0)]
}

func (r *Report) readCauses(ctx context.Context, st *store.Store) error {
	f, err := st.Failures(ctx, store.FailureFilter{Batch: r.Batch})
	if err != nil {
		return err
	}
	r.Causes, r.Categories = []Cause{}, []Share{}
	byCategory := map[batch.Category]int{}
	numbers := make([]int, len(f.Causes))
	for i, c := range f.Causes {
		numbers[i] = c.Count
		var done store.CauseRecovery
		for _, by := range c.Batches[0].Recoveries {
			done.Recovered += by.Recovered
			done.Recovering += by.Recovering
		}
		byCategory[c.Category] += c.Count
		r.Causes = append(r.Causes, Cause{
			Category: c.Category, Stage: c.Stage, Type: c.Type, Fingerprint: c.Fingerprint, Message: c.Message, Count: c.Count,
			Share: float64(c.Count) / float64(f.Failed), Row: c.Batches[0].Row, Recovered: done.Recovered, Recovering: done.Recovering,
			Advice: analysis.Advise(analysis.Cause{Batch: r.Batch, Project: r.Project, Category: c.Category, Type: c.Type, Fingerprint: c.Fingerprint}),
		})
	}
	r.Few = analysis.Few(numbers, analysis.MostPercent)
	for _, c := range batch.Categories() {
		if n := byCategory[c]; n > 0 {
			r.Categories = append(r.Categories, Share{c, n, float64(n) / float64(f.Failed)})
		}
	}
	return nil
}
