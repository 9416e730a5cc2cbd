package cli

import (
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/units"
)

// bar draws a batch's progress: redrawn in place on a terminal, now and then a
// line elsewhere.
type bar struct {
	w      io.Writer
	width  int // of the terminal, 0 if there is none
	drawn  bool
	lastAt time.Time
}

func newBar(w io.Writer) *bar { return &bar{w: w, width: terminalWidth(w)} }

func (b *bar) draw(p batch.Progress, now time.Time) {
	if b.width == 0 {
		if now.Sub(b.lastAt) >= lineEvery || p.Status.Terminal() {
			b.lastAt = now
			fmt.Fprintln(b.w, barLine(p, 20))
		}
		return
	}
	line := barLine(p, min(30, max(b.width-85, 5)))
	if r := []rune(line); len(r) >= b.width {
		line = string(r[:b.width-1])
	}
	fmt.Fprintf(b.w, "\r\x1b[K%s", line)
	b.drawn = true
}

func (b *bar) end() {
	if b.drawn {
		fmt.Fprintln(b.w)
		b.drawn = false
	}
}

// barLine is one line of progress with a bar of width cells.
func barLine(p batch.Progress, width int) string {
	full := int(p.Percent / 100 * float64(width))
	percent := math.Floor(p.Percent) // 100 is the end
	parts := []string{
		fmt.Sprintf("[%s%s] %3.0f %%", strings.Repeat("█", full), strings.Repeat("░", width-full), percent),
		fmt.Sprintf("%d/%d", p.Counts.Done(), p.Counts.Total),
	}
	if p.Counts.Skipped > 0 {
		parts = append(parts, fmt.Sprintf("%d skipped", p.Counts.Skipped))
	}
	if p.Counts.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", p.Counts.Failed))
	}
	if p.Rate > 0 {
		parts = append(parts, units.Rate(p.Rate, ""))
	}
	if p.PageRate > 0 {
		parts = append(parts, units.Rate(p.PageRate, "pages"))
	}
	switch {
	case p.Status != batch.StatusRunning && p.Status != batch.StatusRegistered:
		parts = append(parts, string(p.Status))
	case p.ETA != nil:
		parts = append(parts, fmt.Sprintf("ETA %s (%s to %s)", short(p.ETA.Remaining), short(p.ETA.Low), short(p.ETA.High)))
	}
	return strings.Join(parts, "  ")
}
