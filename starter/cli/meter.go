package cli

import (
	"fmt"
	"io"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

const (
	// meterAfter is how long rows are checked before a terminal shows it.
	meterAfter = time.Second
	// redrawEvery is how often a meter is redrawn on a terminal.
	redrawEvery = 100 * time.Millisecond
)

// meter tells how many rows have been checked: redrawn in place on a terminal,
// now and then a line elsewhere.
type meter struct {
	w        io.Writer
	terminal bool
	total    int       // -1 if not known
	next     time.Time // when to tell again
	drawn    bool
}

func newMeter(w io.Writer, total int, now time.Time) *meter {
	m := &meter{w: w, terminal: terminalWidth(w) > 0, total: total, next: now.Add(lineEvery)}
	if m.terminal {
		m.next = now.Add(meterAfter)
	}
	return m
}

// tick notes that n rows have been checked.
func (m *meter) tick(n int, now time.Time) {
	if now.Before(m.next) {
		return
	}
	line := grouped("checked %d rows …", n)
	if m.total > 0 {
		line = grouped("checked %d of %d rows …", n, m.total)
	}
	if !m.terminal {
		m.next = now.Add(lineEvery)
		fmt.Fprintln(m.w, line)
		return
	}
	m.next, m.drawn = now.Add(redrawEvery), true
	fmt.Fprintf(m.w, "\r\x1b[K%s", line)
}

// end takes the meter off the terminal, so that something else can be said.
func (m *meter) end() {
	if m.drawn {
		fmt.Fprint(m.w, "\r\x1b[K")
		m.drawn = false
	}
}

// grouped is fmt.Sprintf with the digits of numbers in groups: 42,000.
func grouped(format string, args ...any) string {
	return message.NewPrinter(language.English).Sprintf(format, args...)
}
