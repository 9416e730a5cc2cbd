package monitor

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/caseload/caseload/batch"
)

// View implements tea.Model.
func (m Model) View() tea.View {
	v := tea.NewView(m.Frame())
	v.AltScreen = true
	v.WindowTitle = "Caseload monitor"
	return v
}

// Frame is the screen: as many lines as it is high, none wider than it.
func (m Model) Frame() string {
	w, h := m.width, m.height
	foot := m.footer(w)
	body := max(h-1-len(foot), 0)
	var lines []string
	switch m.screen {
	case overview:
		lines = m.overviewView(w, body)
	case oneBatch:
		lines = m.batchView(w, body)
	case documents:
		lines = m.documentsView(w, body)
	}
	all := append([]string{m.header(w)}, block(m.opt.Glyphs, lines, w, body)...)
	all = append(all, foot...)
	return strings.Join(block(m.opt.Glyphs, all, w, h), "\n")
}

// block is lines as h lines of exactly w cells.
func block(g Glyphs, lines []string, w, h int) []string {
	out := make([]string, h)
	for i := range out {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		out[i] = g.fit(line, w)
	}
	return out
}

// beside puts two blocks side by side, two blanks apart.
func beside(left, right []string) []string {
	out := make([]string, len(left))
	for i := range left {
		out[i] = left[i] + "  " + right[i]
	}
	return out
}

func (m Model) header(w int) string {
	g, t := m.opt.Glyphs, m.opt.Theme
	var missing []string
	for _, s := range []struct {
		err  error
		what string
	}{{m.batches.err, "no store"}, {m.queues.err, "no Temporal"}, {m.metrics.err, "no metrics"}} {
		if s.err != nil {
			missing = append(missing, s.what)
		}
	}
	right := m.now.Local().Format("15:04:05")
	if len(missing) > 0 {
		right = paint(t.bad, strings.Join(missing, ", ")) + "  " + right
	}
	left := paint(t.title, "Caseload")
	if census := m.census(); census != "" {
		left += "  " + census
	}
	if where := g.clean(m.opt.Where); where != "" {
		left += "  " + paint(t.dim, where)
	}
	space := w - cells(right) - 1
	if space < 8 {
		return g.fit(left, w)
	}
	return g.fit(left, space) + " " + right
}

// census counts the batches by state.
func (m Model) census() string {
	if m.batches.at.IsZero() {
		return ""
	}
	n := map[string]int{}
	order := []string{"running", "paused", "held", "cancelling", "stopping", "not begun", "ended"}
	for _, b := range m.batches.value {
		word := statusWord(b.Status)
		if b.Status.Terminal() {
			word = "ended"
		}
		n[word]++
	}
	var parts []string
	for _, word := range order {
		if n[word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n[word], word))
		}
	}
	return strings.Join(parts, ", ") + m.age(m.batches.at, m.batches.stale(m.now))
}

// age tells how old stale numbers are.
func (m Model) age(at time.Time, stale bool) string {
	if !stale {
		return ""
	}
	return fmt.Sprintf("  (as of %s ago)", ago(at, m.now))
}

// footer is the question that waits, or what there is to say, and the keys.
func (m Model) footer(w int) []string {
	g, t := m.opt.Glyphs, m.opt.Theme
	if d := m.dialog; d != nil {
		lines := g.wrap(d.question, w, 3)
		for i := range lines {
			lines[i] = paint(t.dialog, g.fit(lines[i], w))
		}
		return append(lines, paint(t.dialog, g.fit(d.keys(), w)))
	}
	text, bad := m.status()
	lines := g.wrap(text, w, 3)
	if m.screen == documents { // the page stays as long as it is
		lines = block(g, g.wrap(text, w, documentStatus), w, documentStatus)
	}
	for i := range lines {
		if bad {
			lines[i] = paint(t.bad, lines[i])
		}
	}
	return append(lines, paint(t.dim, g.fit(m.help(), w)))
}

// status is the line above the keys: what is being done, what was, or else what
// a person should know.
func (m Model) status() (text string, bad bool) {
	switch {
	case m.acting != "":
		return m.acting, false
	case m.notice.text != "":
		return m.notice.text, m.notice.bad
	case m.batches.err != nil:
		return "The store does not answer: " + m.batches.err.Error(), true
	}
	if m.screen == documents {
		return m.chosenDocument(), false
	}
	if b, ok := m.current(); ok && m.screen == overview {
		if line := waits(b); line != "" {
			return fmt.Sprintf("%s is %s", b.Batch, line), false
		}
	}
	if ts := m.errors.value.Throttled; len(ts) > 0 {
		return fmt.Sprintf("%s asked for fewer requests and is left alone for %s; %d such services",
			ts[0].Service, brief(ts[0].Until.Sub(m.now)), len(ts)), false
	}
	if m.screen == overview { // panels have no room for what to do
		for _, err := range []error{m.queues.err, m.metrics.err} {
			if err != nil && strings.Contains(err.Error(), "; ") {
				return err.Error(), true
			}
		}
	}
	return "", false
}

// waits says who stopped a batch from starting documents, and why.
func waits(b batch.Progress) string {
	c := b.Control
	if b.Status == batch.StatusStopped {
		return "nothing works on it: " + b.Stopped
	}
	if c == nil || !c.Status.Waiting() && !c.Status.Ending() {
		return ""
	}
	s := string(c.Status)
	if c.By != "" {
		s += " by " + c.By
	}
	if c.Reason != "" {
		s += ": " + c.Reason
	}
	return s
}

func (m Model) help() string {
	arrows := "↑↓ "
	if m.opt.Glyphs.ascii {
		arrows = "j k "
	}
	switch m.screen {
	case oneBatch:
		return "Enter documents  p pause  r resume  u priority  R recover  Esc back  q quit"
	case documents:
		return arrows + "row  n next page  b page before  g first  f filter  Esc back  q quit"
	}
	return arrows + "Enter open  d documents  p pause  r resume  u priority  R recover  q quit"
}
