package report

import (
	_ "embed" // the page's template
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics"
)

//go:embed report.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"short": short, "clock": clock, "size": size, "percent": func(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) },
	"n": grouped, "n64": func(n int64) string { return grouped(int(n)) }, "hitrate": hitRate,
}).Parse(pageText))

func hitRate(c metrics.CacheCount) string {
	if c.Hits+c.Misses == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(c.Hits)/float64(c.Hits+c.Misses))
}

// HTML writes the report as one page that needs nothing else.
func (r *Report) HTML(w io.Writer) error {
	if err := pageTemplate.Execute(w, view{r}); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// view is what the template sees.
type view struct{ *Report }

// Rate is documents per second over the whole batch.
func (v view) Rate() string {
	done := v.Counts.Done() - v.Counts.Cancelled
	if v.Took <= 0 || done == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", float64(done)/v.Took.Seconds())
}

// Success is the share of the documents that ended other than cancelled.
func (v view) Success() string {
	n := v.Counts.Completed + v.Counts.Skipped + v.Counts.Failed
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(v.Counts.Completed+v.Counts.Skipped)/float64(n))
}

// Verdict is the outcome in a sentence, and another if results are partial.
func (v view) Verdict() string {
	s := v.verdict()
	if n := v.Counts.Partial; n > 0 {
		s += fmt.Sprintf(" %s of those read are partial, since a limit left something out: ", grouped(n)) + "`starter documents` says what."
	}
	return s
}

func (v view) verdict() string {
	c := v.Counts
	switch v.Status {
	case batch.StatusCompleted:
		return fmt.Sprintf("Every one of %s documents was read or found unchanged.", grouped(c.Total))
	case batch.StatusCompletedWithFailures:
		s := fmt.Sprintf("%s of %s documents failed; the others were read or found unchanged.", grouped(c.Failed), grouped(c.Total))
		if c.Recovered > 0 {
			s += fmt.Sprintf(" Recoveries have made good %s of them.", grouped(c.Recovered))
		}
		return s
	case batch.StatusCancelled:
		return fmt.Sprintf("It was cancelled: %s of %s documents were not read.", grouped(c.Cancelled), grouped(c.Total))
	case batch.StatusFailed:
		return fmt.Sprintf("It gave up, since more failed than may: %s failed, %s were not read.", grouped(c.Failed), grouped(c.Cancelled))
	}
	return fmt.Sprintf("It has not ended: %s of %s documents have an outcome so far.", grouped(c.Done()), grouped(c.Total))
}

// Outcomes are the parts of the bar of outcomes.
func (v view) Outcomes() []part {
	c := v.Counts
	parts := []part{
		{Name: "completed", N: c.Completed}, {Name: "skipped", N: c.Skipped}, {Name: "failed", N: c.Failed}, {Name: "cancelled", N: c.Cancelled},
		{Name: "pending", N: c.Pending},
	}
	x := 0.0
	for i := range parts {
		parts[i].X = x
		if c.Total > 0 {
			parts[i].Share = float64(parts[i].N) / float64(c.Total)
		}
		parts[i].W = parts[i].Share * barWidth
		x += parts[i].W
	}
	return parts
}

type part struct {
	Name  string
	N     int
	Share float64
	X, W  float64
}

// Sizes of the drawings, in units of their view boxes.
const (
	barWidth                = 1000
	chartWidth, chartHeight = 1000, 220
	chartLeft, chartBottom  = 60, 30
	histWidth, histHeight   = 320, 110
)

// Bar is a rectangle of a drawing.
type Bar struct {
	Class, Title string
	X, Y, W, H   float64
}

// Tick is a mark on an axis.
type Tick struct {
	At   float64
	Text string
}

// Chart is a drawing with axes.
type Chart struct {
	Bars []Bar
	X, Y []Tick
	Peak string
}

// Flow draws the throughput: documents ended per step, stacked by outcome.
func (v view) Flow() Chart {
	t := v.Throughput
	top := 0
	for _, e := range t.Ended {
		top = max(top, e.Total())
	}
	if top == 0 {
		return Chart{}
	}
	c := Chart{Peak: fmt.Sprintf("%.1f", float64(top)/t.Step.Seconds())}
	scale := float64(chartHeight-chartBottom-10) / float64(top)
	w := float64(chartWidth-chartLeft) / float64(len(t.Ended))
	for i, e := range t.Ended {
		y := float64(chartHeight - chartBottom)
		for _, p := range []part{{Name: "completed", N: e.Completed}, {Name: "skipped", N: e.Skipped}, {Name: "cancelled", N: e.Cancelled}, {Name: "failed", N: e.Failed}} {
			if p.N == 0 {
				continue
			}
			h := float64(p.N) * scale
			y -= h
			c.Bars = append(c.Bars, Bar{
				Class: p.Name, X: chartLeft + float64(i)*w, Y: y, W: max(w-1, 0.5), H: h,
				Title: fmt.Sprintf("from %s: %d %s", clock(t.Start.Add(time.Duration(i)*t.Step)), p.N, p.Name),
			})
		}
	}
	for i := range 5 {
		at := len(t.Ended) * i / 4
		c.X = append(c.X, Tick{chartLeft + float64(at)*w, t.Start.Add(time.Duration(at) * t.Step).Local().Format("15:04:05")})
	}
	for _, n := range []int{top, top / 2} {
		if n > 0 {
			c.Y = append(c.Y, Tick{float64(chartHeight-chartBottom) - float64(n)*scale, grouped(n)})
		}
	}
	return c
}

// Histograms draw each stage's latencies.
func (v view) Histograms() []Histogram {
	first, last := Buckets, 0
	for _, s := range v.Stages {
		for i, n := range s.Buckets {
			if n > 0 {
				first, last = min(first, i), max(last, i)
			}
		}
	}
	var out []Histogram
	for _, s := range v.Stages {
		out = append(out, histogram(s, first, last))
	}
	return out
}

// Histogram is one stage's drawing.
type Histogram struct {
	Stage
	Chart
}

func histogram(s Stage, first, last int) Histogram {
	h := Histogram{Stage: s}
	top := 1
	for _, n := range s.Buckets {
		top = max(top, n)
	}
	const base = histHeight - 18
	w := float64(histWidth) / float64(last-first+1)
	for i := first; i <= last; i++ {
		n := s.Buckets[i]
		bar := Bar{Class: "completed", X: float64(i-first) * w, W: w - 1, H: float64(n) * (base - 4) / float64(top), Title: fmt.Sprintf("%s: %s documents", span(i), grouped(n))}
		if n > 0 {
			bar.H = max(bar.H, 1) // one document among many is to be seen
		}
		bar.Y = base - bar.H
		h.Bars = append(h.Bars, bar)
		if every := (last-first)/5 + 1; (i-first)%every == 0 {
			h.X = append(h.X, Tick{float64(i-first+1) * w, short(Bound(i))})
		}
	}
	return h
}

// span is the durations of a bucket, in words.
func span(bucket int) string {
	switch {
	case bucket == 0:
		return "below " + short(Bound(0))
	case bucket == Buckets-1:
		return "from " + short(Bound(bucket-1))
	}
	return short(Bound(bucket-1)) + " to " + short(Bound(bucket))
}

// Longest is the stage that took most of a document's time, with how much.
func (s Slow) Longest() string {
	var longest batch.StageTiming
	for _, t := range s.Stages {
		if t.Duration > longest.Duration {
			longest = t
		}
	}
	return fmt.Sprintf("%s %s", longest.Stage, short(longest.Duration))
}

// HasNames says whether documents are listed by name as well.
func (v view) HasNames() bool { return v.Names }

// Theirs says what became of skipped documents.
func (v view) Theirs() string {
	var parts []string
	for _, reason := range []string{batch.ReasonUnchanged, batch.ReasonCanaryFailed} {
		if n := v.ByReason[reason]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %s", grouped(n), strings.ReplaceAll(reason, "_", " ")))
		}
	}
	return strings.Join(parts, ", ")
}

// short is a duration for people.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.3g ms", d.Seconds()*1000)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.3g s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

func clock(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.Local().Format("2006-01-02 15:04:05 MST")
}

func size(n int64) string {
	v, unit := float64(n), "B"
	for _, u := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if v < 1024 {
			break
		}
		v, unit = v/1024, u
	}
	return fmt.Sprintf("%.3g %s", v, unit)
}

// grouped is n with its digits in groups: 42,000.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
