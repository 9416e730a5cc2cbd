package monitor

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

var update = flag.Bool("update", false, "write the golden frames anew; look at them")

// now is when all frames are drawn, which name the zone.
var now = func() time.Time {
	time.Local = time.UTC
	return time.Date(2026, 11, 24, 12, 0, 0, 0, time.Local)
}()

// answers is a source with fixed answers.
type answers struct {
	batches   []Batch
	queues    []Queue
	metrics   Metrics
	errors    Errors
	detail    map[string]Detail
	documents []Document
	gone      map[string]error // by name of the method
	asked     []Page
}

func (a *answers) Batches(context.Context) ([]Batch, error) { return a.batches, a.gone["Batches"] }

func (a *answers) Queues(context.Context) ([]Queue, error) { return a.queues, a.gone["Queues"] }

func (a *answers) Metrics(context.Context) (Metrics, error) { return a.metrics, a.gone["Metrics"] }

func (a *answers) Errors(context.Context) (Errors, error) { return a.errors, a.gone["Errors"] }

func (a *answers) Batch(_ context.Context, id string) (Detail, error) {
	d, ok := a.detail[id]
	if !ok {
		return d, fmt.Errorf("no batch %q", id)
	}
	return d, a.gone["Batch"]
}

func (a *answers) Documents(_ context.Context, _ string, p Page) ([]Document, error) {
	a.asked = append(a.asked, p)
	var out []Document
	for _, d := range a.documents {
		if d.Row > p.After && len(out) < p.Limit && (p.Outcome == "" || p.Outcome == d.Outcome) {
			out = append(out, d)
		}
	}
	return out, a.gone["Documents"]
}

// recorded are actions that note how they were called.
type recorded struct {
	calls []string
	plan  Plan
	err   error
}

func (r *recorded) did(what string) (string, error) {
	r.calls = append(r.calls, what)
	return "It is done: " + what + ".", r.err
}

func (r *recorded) Pause(_ context.Context, id string) (string, error) { return r.did("pause " + id) }

func (r *recorded) Resume(_ context.Context, id string) (string, error) { return r.did("resume " + id) }

func (r *recorded) Reprioritize(_ context.Context, id string, p batch.Priority) (string, error) {
	return r.did(fmt.Sprintf("move %s to %d", id, p))
}

func (r *recorded) PlanRecovery(context.Context, string) (Plan, error) { return r.plan, r.err }

func (r *recorded) Recover(_ context.Context, id string) (string, error) {
	return r.did("recover " + id)
}

func series(n int, at func(i int) metrics.Point) []metrics.Point {
	out := make([]metrics.Point, n)
	for i := range out {
		out[i] = at(i)
		out[i].At = now.Add(time.Duration(i-n) * time.Minute)
	}
	return out
}

// aDay is a stack at work: batches in all states, two workers, an error or two. What
// workflows tell stays fresh.
func aDay() *answers {
	ended := now.Add(-3 * time.Minute)
	running := batch.Progress{
		Batch: "acme-20261124-115501-9f3a", Project: "acme", Status: batch.StatusRunning, Priority: 9,
		Counts:  batch.Counts{Total: 20000, Pending: 6900, Running: 100, Completed: 12880, Skipped: 80, Failed: 40},
		Percent: 65, Rate: 43.2, PageRate: 311.7, StartedAt: now.Add(-5 * time.Minute), UpdatedAt: now,
		ETA:     &batch.Estimate{Remaining: 162 * time.Second, Low: 140 * time.Second, High: 190 * time.Second},
		Control: &batch.Control{Status: batch.StatusRunning, Priority: 9, Concurrency: 100},
		Stages: []batch.StageProgress{
			{Stage: batch.StageFetch, Documents: 13000, Total: 26 * time.Second, Slowest: 120 * time.Millisecond},
			{Stage: batch.StageExtract, Documents: 12960, Total: 20 * time.Minute, Slowest: 4200 * time.Millisecond},
			{Stage: batch.StageEntities, Documents: 12920, Total: 6 * time.Minute, Slowest: 900 * time.Millisecond},
		},
		Decisions: []batch.Decision{
			{At: now.Add(-4 * time.Minute), By: "jane@desk", Kind: batch.CommandReprioritize, Detail: "priority 5 (normal) to 9 (high): the hearing is tomorrow"},
			{At: now.Add(-2 * time.Minute), By: batch.ByBatch, Kind: batch.DecisionDeadline, Detail: "priority 8 (high) to 9 (high)"},
		},
	}
	held := batch.Progress{
		Batch: "harbor", Project: "harbor", Status: batch.StatusHeld, Priority: 5, Counts: batch.Counts{Total: 240, Pending: 200, Completed: 40}, Percent: 16.6, Rate: 2.1,
		StartedAt: now.Add(-time.Hour), UpdatedAt: now,
		Control: &batch.Control{Status: batch.StatusHeld, By: batch.ByBatch, Since: now.Add(-10 * time.Minute), Reason: "5 documents in a row failed as CONFIGURATION: the bucket is not to be found"},
	}
	done := batch.Progress{
		Batch: "old", Project: "acme", Status: batch.StatusCompletedWithFailures, Priority: 1,
		Counts: batch.Counts{Total: 26, Completed: 25, Failed: 1}, Percent: 100, Rate: 5.5, StartedAt: now.Add(-4 * time.Minute), FinishedAt: &ended,
	}
	a := &answers{
		batches: []Batch{{Progress: done}, {held, Heard{Live: true, ToldAt: now.Add(time.Hour)}}, {running, Heard{Live: true, ToldAt: now.Add(time.Hour)}}},
		queues:  []Queue{{Name: "high", Waiting: 92, Oldest: 2300 * time.Millisecond, Taken: 43.3, Workers: 2}, {Name: "normal", Workers: 2}, {Name: "low", Workers: 0}, {Name: "control", Taken: 0.4, Workers: 2}},
		errors: Errors{Causes: []Cause{
			{Fingerprint: "5c1f2ab09d3e", Category: batch.Data, Stage: batch.StageExtract, Type: "EncryptedPDF", Message: "the PDF is encrypted: save it without its password", Count: 38, Last: now.Add(-7 * time.Second), Batch: running.Batch},
			{Fingerprint: "0aa1b2c3d4e5", Category: batch.Transient, Stage: batch.StageFetch, Type: "Timeout", Message: "no answer within 60 s", Count: 2, Last: now.Add(-4 * time.Minute), Batch: running.Batch},
		}},
		detail: map[string]Detail{},
	}
	for _, b := range a.batches {
		a.detail[b.Batch] = Detail{Progress: b.Progress, Heard: b.Heard}
	}
	a.detail[running.Batch] = Detail{Progress: running, Heard: Heard{Live: true, ToldAt: now.Add(time.Hour)}, Errors: []batch.ErrorGroup{
		{Category: batch.Data, Stage: batch.StageExtract, Type: "EncryptedPDF", Fingerprint: "5c1f2ab09d3e", Message: "the PDF is encrypted: save it without its password", Count: 38, Rows: []int{17, 90}},
		{Category: batch.Transient, Stage: batch.StageFetch, Type: "Timeout", Fingerprint: "0aa1b2c3d4e5", Message: "no answer within 60 s", Count: 2, Rows: []int{411}},
	}}
	a.metrics = dayMetrics()
	for i := range 200 {
		d := Document{Row: i + 1, ID: fmt.Sprintf("doc_%08x", i*7919), Name: fmt.Sprintf("exhibit-%03d.pdf", i+1), Outcome: batch.OutcomeCompleted, Took: time.Duration(i+1) * 37 * time.Millisecond, Pages: i%9 + 1}
		switch i % 10 {
		case 3:
			d = Document{Row: i + 1, Name: d.Name, Outcome: batch.OutcomeFailed, Took: 400 * time.Millisecond,
				Failure: &batch.Failure{Category: batch.Data, Stage: batch.StageExtract, Fingerprint: "5c1f2ab09d3e", Message: "the PDF is encrypted: save it without its password"}}
		case 7:
			d.Outcome, d.Reason, d.Took = batch.OutcomeSkipped, batch.ReasonUnchanged, 3*time.Millisecond
		case 9:
			d = Document{Row: i + 1, Name: d.Name}
		}
		a.documents = append(a.documents, d)
	}
	return a
}

func dayMetrics() Metrics {
	slots := func(used int) map[string]metrics.Slots {
		return map[string]metrics.Slots{"caseload.high": {Used: used, Total: 5}, "caseload.low": {Used: 0, Total: 3}}
	}
	return Metrics{
		Seen: 57,
		Workers: []metrics.WorkerUsage{
			{Usage: metrics.Usage{Worker: "4711@desk", CPU: 1.87, Resident: 421 << 20, Slots: slots(5)}, At: now, Alive: true,
				Series: []metrics.UsagePoint{{CPU: 0.1}, {CPU: 0.9}, {CPU: 1.9}, {CPU: 1.87}}},
			{Usage: metrics.Usage{Worker: "4800@desk", CPU: 0.02, Resident: 98 << 20, Slots: slots(0)}, At: now.Add(-10 * time.Minute)},
		},
		Stages: []metrics.StageMetrics{
			{Stage: batch.StageFetch, Runs: 13000, Duration: metrics.Distribution{P50: 1900 * time.Microsecond, P95: 4 * time.Millisecond, P99: 9 * time.Millisecond},
				Series: series(60, func(i int) metrics.Point { return metrics.Point{Count: int64(i / 55), Mean: 2 * time.Millisecond} })},
			{Stage: batch.StageExtract, Runs: 12960, Failed: 40, Duration: metrics.Distribution{P50: 62 * time.Millisecond, P95: 310 * time.Millisecond, P99: 4 * time.Second},
				Series: series(60, func(i int) metrics.Point {
					return metrics.Point{Count: 1, Mean: time.Duration(i%20) * 10 * time.Millisecond}
				})},
		},
		Day: metrics.BatchMetrics{
			Total: metrics.BatchGroup{Started: 12, Ended: 10, Succeeded: 8, Refused: 12, Documents: batch.Counts{Completed: 31244, Skipped: 90, Failed: 57}, SuccessRate: 0.99818},
			Hours: series(24, func(i int) metrics.Point { return metrics.Point{Count: int64(i * i)} }),
		},
	}
}

// bench is a monitor whose commands run when the test says so.
type bench struct {
	t *testing.T
	Model
	source  *answers
	actions *recorded
}

func newBench(t *testing.T, w, h int) *bench {
	t.Helper()
	b := &bench{t: t, source: aDay(), actions: &recorded{plan: Plan{Rows: 1, Words: "A recovery of old takes 1 of 1 failed documents."}}}
	clock := now
	b.Model = New(t.Context(), b.source, b.actions, Options{Where: ".caseload", Glyphs: Unicode, Clock: func() time.Time { return clock }})
	b.send(tea.WindowSizeMsg{Width: w, Height: h})
	b.look()
	return b
}

// send gives the model a message, and the model what its commands come to.
func (b *bench) send(msg tea.Msg) {
	b.t.Helper()
	m, cmd := b.Update(msg)
	b.Model = m.(Model)
	b.run(cmd)
}

func (b *bench) run(cmd tea.Cmd) {
	b.t.Helper()
	if cmd == nil {
		return
	}
	msg := cmd()
	if all, ok := msg.(tea.BatchMsg); ok {
		for _, c := range all {
			b.run(c)
		}
		return
	}
	if msg != nil {
		b.send(msg)
	}
}

// look asks all sources that are due.
func (b *bench) look() {
	b.t.Helper()
	b.run(b.poll())
}

// later lets time pass, and looks.
func (b *bench) later(d time.Duration) {
	b.t.Helper()
	at := b.now.Add(d)
	b.clock = func() time.Time { return at }
	b.now = at
	b.look()
}

// press presses keys: single ones, or named as bubbletea names them.
func (b *bench) press(keys ...string) {
	b.t.Helper()
	named := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "pgdown": tea.KeyPgDown}
	for _, k := range keys {
		if code, ok := named[k]; ok {
			b.send(tea.KeyPressMsg{Code: code})
			continue
		}
		b.send(tea.KeyPressMsg{Code: []rune(k)[0], Text: k})
	}
}

// golden compares the frame with a file, and its size with the terminal's.
func (b *bench) golden(name string) {
	b.t.Helper()
	frame := b.Frame()
	b.fits(frame)
	var got strings.Builder
	for line := range strings.SplitSeq(frame, "\n") {
		fmt.Fprintln(&got, strings.TrimRight(line, " "))
	}
	file := filepath.Join("testdata", fmt.Sprintf("%s-%dx%d.txt", name, b.width, b.height))
	if *update {
		require.NoError(b.t, os.MkdirAll("testdata", 0o755))
		require.NoError(b.t, os.WriteFile(file, []byte(got.String()), 0o600))
		return
	}
	want, err := os.ReadFile(file)
	require.NoError(b.t, err)
	assert.Equal(b.t, string(want), got.String())
}

func (b *bench) fits(frame string) {
	b.t.Helper()
	lines := strings.Split(frame, "\n")
	if !assert.Len(b.t, lines, b.height) {
		return
	}
	for i, line := range lines {
		if !assert.Equal(b.t, b.width, cells(line), "line %d: %q", i+1, line) {
			return
		}
	}
}

var errRedis = errors.New("no metrics: Redis at 127.0.0.1:40123 does not answer")

func strip(s string) string { return ansi.Strip(s) }
