package report

import (
	_ "embed" // the page's template
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/units"
)

//go:embed report.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"short": short, "clock": clock, "size": size, "percent": func(share float64) string { return fmt.Sprintf("%.1f %%", 100*share) },
	"n": grouped, "n64": func(n int64) string { return grouped(int(n)) }, "hitrate": hitRate, "spared": spared,
}).Parse(pageText))

func hitRate(hits, misses int64) string {
	if hits+misses == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f %%", 100*float64(hits)/float64(hits+misses))
}

// spared says whether a kind of cached entry tells what was spared: lookups of
// several kinds tell it with one.
func spared(k batch.CacheKind) bool { return k.Queries != 0 || k.Saved != 0 }

// HTML writes the report as one page that needs nothing else.
func (r *Report) HTML(w io.Writer) error {
	if err := pageTemplate.Execute(w, view{r}); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return nil
}

// Attachments says what became of them; "" if there are none.
func (v view) Attachments() string {
	if v.Found.Attachments == 0 {
		return ""
	}
	s := grouped(v.Found.Attachments)
	for _, p := range []struct {
		n    int
		what string
	}{{v.Parts.Unchanged, "unchanged"}, {v.Parts.Failed, "failed"}} {
		if p.n > 0 {
			s += fmt.Sprintf(", %s %s", grouped(p.n), p.what)
		}
	}
	return s
}

// view is what the template sees.
type view struct{ *Report }

// Rate is the documents over the time that the whole batch took.
func (v view) Rate() string {
	done := v.Counts.Done() - v.Counts.Cancelled
	if v.Took <= 0 || done == 0 {
		return "–"
	}
	return units.Rate(float64(done)/v.Took.Seconds(), "")
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
		if c.Total == 1 {
			return "Its document was read or found unchanged."
		}
		return fmt.Sprintf("Every one of %s was read or found unchanged.", counted(c.Total, "document"))
	case batch.StatusCompletedWithFailures:
		s := fmt.Sprintf("%s of %s failed; the others were read or found unchanged.", grouped(c.Failed), counted(c.Total, "document"))
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
	At     float64
	Text   string
	Anchor string // which part of Text is At: start, middle or end
}

// ticks are those that fit on an axis from 0 to width, text being so many units wide
// a character: each is kept on it, and those that would touch the one before are
// left out. The last takes precedence over the one before.
func ticks(all []Tick, width, character float64) []Tick {
	var kept []Tick
	end := math.Inf(-1) // of the text kept last
	for i, t := range all {
		w := float64(utf8.RuneCountInString(t.Text)) * character
		left := t.At - w/2
		t.Anchor = "middle"
		switch {
		case left < 0:
			t.At, t.Anchor, left = 0, "start", 0
		case left+w > width:
			t.At, t.Anchor, left = width, "end", width-w
		}
		if left < end+character {
			if i < len(all)-1 || len(kept) < 2 {
				continue
			}
			kept = kept[:len(kept)-1]
		}
		kept, end = append(kept, t), left+w
	}
	return kept
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
	c := Chart{Peak: units.Rate(float64(top)/t.Step.Seconds(), "documents")}
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
	form := "15:04:05"
	if t.Step >= 30*time.Minute { // it may be of several days
		form = "Jan 2 15:04"
	}
	for i := range 5 {
		at := len(t.Ended) * i / 4
		c.X = append(c.X, Tick{At: chartLeft + float64(at)*w, Text: t.Start.Add(time.Duration(at) * t.Step).Local().Format(form)})
	}
	c.X = ticks(c.X, chartWidth, 6.5)
	for _, n := range []int{top, top / 2} {
		if n > 0 {
			c.Y = append(c.Y, Tick{At: float64(chartHeight-chartBottom) - float64(n)*scale, Text: grouped(n)})
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
		bar := Bar{Class: "completed", X: float64(i-first) * w, W: w - 1, H: float64(n) * (base - 4) / float64(top), Title: fmt.Sprintf("%s: %s", span(i), counted(n, "document"))}
		if n > 0 {
			bar.H = max(bar.H, 1) // one document among many is to be seen
		}
		bar.Y = base - bar.H
		h.Bars = append(h.Bars, bar)
		if every := (last-first)/5 + 1; (i-first)%every == 0 {
			h.X = append(h.X, Tick{At: float64(i-first+1) * w, Text: short(Bound(i))})
		}
	}
	h.X = ticks(h.X, histWidth, 5.5)
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
	case d < 0:
		return "-" + short(-d)
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

// counted is n with what it counts: 1 document, 42,000 documents.
func counted(n int, one string) string {
	_, what, _ := strings.Cut(batch.Counted(n, one), " ")
	return grouped(n) + " " + what
}

// grouped is n with its digits in groups: 42,000.
func grouped(n int) string {
	if n < 0 {
		return "-" + grouped(-n)
	}
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
