package monitor

import (
	"fmt"

	"github.com/caseload/caseload/batch"
)

// pager is which documents are shown.
type pager struct {
	filter int   // into filters
	after  []int // where the pages before this one began
	from   int   // this page has row numbers above this one
	cursor int
}

// filters are the outcomes that documents can be filtered by; "" is all.
var filters = append([]batch.Outcome{""}, batch.Outcomes()...)

func (p pager) query(rows int) Page {
	return Page{Outcome: filters[p.filter], After: p.from, Limit: rows}
}

// documentStatus is how many lines below a page tell of the chosen document.
const documentStatus = 2

// pageRows is how many documents fit on the screen: besides there are the header,
// two lines of titles, and the footer.
func (m *Model) pageRows() int { return max(m.height-4-documentStatus, 1) }

// chosenDocument is what the table has no room for.
func (m Model) chosenDocument() string {
	if m.page.cursor >= len(m.document.value) {
		return ""
	}
	d := m.document.value[m.page.cursor]
	s := fmt.Sprintf("row %d: %s", d.Row, d.Name)
	if d.Attempts > 1 {
		s += fmt.Sprintf(", %d attempts", d.Attempts)
	}
	if f := d.Failure; f != nil {
		s += fmt.Sprintf(", %s, %s", f.Fingerprint, f.Message)
	}
	return s
}

// turn has another page fetched.
func (m *Model) turn() {
	m.page.cursor = 0
	m.document = feed[[]Document]{every: m.document.every}
}

func (m *Model) documentsKey(k string) {
	docs := m.document.value
	switch k {
	case "up", "k":
		m.page.cursor = max(m.page.cursor-1, 0)
	case "down", "j":
		m.page.cursor = max(min(m.page.cursor+1, len(docs)-1), 0)
	case "n", "pgdown", "space", " ":
		if len(docs) > 0 && len(docs) >= m.pageRows() {
			m.page.after = append(m.page.after, m.page.from)
			m.page.from = docs[len(docs)-1].Row
			m.turn()
		}
	case "b", "pgup":
		if n := len(m.page.after); n > 0 {
			m.page.from, m.page.after = m.page.after[n-1], m.page.after[:n-1]
			m.turn()
		}
	case "g", "home":
		m.page = pager{filter: m.page.filter}
		m.turn()
	case "f":
		m.page = pager{filter: (m.page.filter + 1) % len(filters)}
		m.turn()
	case "F":
		m.page = pager{filter: (m.page.filter + len(filters) - 1) % len(filters)}
		m.turn()
	}
}

// documentsView is a page of a batch's documents.
func (m Model) documentsView(w, h int) []string {
	g := m.opt.Glyphs
	filter := "all outcomes"
	if o := filters[m.page.filter]; o != "" {
		filter = string(o)
	}
	lines := []string{
		paint(m.opt.Theme.title, g.fit(fmt.Sprintf("DOCUMENTS of %s  %s  page %d%s", g.clean(m.selected), filter, len(m.page.after)+1, m.age(m.document.at, m.document.stale(m.now))), w)),
	}
	columns := documentColumns(w)
	lines = append(lines, paint(m.opt.Theme.dim, g.row(columns, titles(columns)...)))
	docs := m.document.value
	switch {
	case m.document.err != nil:
		return append(lines, g.wrap(m.document.err.Error(), w, 3)...)
	case m.document.at.IsZero():
		return append(lines, g.ellipsis)
	case len(docs) == 0:
		return append(lines, "No documents.")
	}
	for i, d := range docs[:min(len(docs), max(h-len(lines), 0))] {
		lines = append(lines, m.documentRow(columns, d, i == m.page.cursor))
	}
	return lines
}

func documentColumns(w int) []column {
	c := []column{
		{"", 1, false}, {"row", 7, true}, {"outcome", 9, false}, {"took", 6, true}, {"pages", 5, true},
		{"document", 20, false}, {"name", 0, false}, {"why", 0, false},
	}
	left := w - 1 - 7 - 9 - 6 - 5 - 20 - 6 // of it one blank more for each further column
	if w >= 110 {
		c[6].width = left * 2 / 5
		left -= c[6].width + 1
	}
	c[7].width = max(left, 0)
	return c
}

func (m Model) documentRow(columns []column, d Document, chosen bool) string {
	g, t := m.opt.Glyphs, m.opt.Theme
	cursor, outcome, style, why := "", "pending", t.dim, d.Reason
	if chosen {
		cursor = g.cursor
	}
	switch d.Outcome {
	case batch.OutcomeCompleted:
		style = t.good
	case batch.OutcomeFailed:
		style = t.bad
	case batch.OutcomeCancelled:
		style = t.warn
	}
	if d.Outcome != "" {
		outcome = string(d.Outcome)
	}
	if f := d.Failure; f != nil {
		why = fmt.Sprintf("%s in %s: %s", f.Category, f.Stage, f.Message)
	}
	took, pages := "-", "-"
	if d.Took > 0 {
		took = brief(d.Took)
	}
	if d.Pages > 0 {
		pages = fmt.Sprint(d.Pages)
	}
	id := d.ID
	if id == "" && columns[6].width == 0 {
		id = d.Name // what else tells it
	}
	if id == "" {
		id = "-"
	}
	line := g.row(columns, cursor, fmt.Sprint(d.Row), paint(style, outcome), took, pages, g.clean(id), g.clean(d.Name), g.clean(why))
	if chosen {
		return paint(t.cursor, line)
	}
	return line
}
