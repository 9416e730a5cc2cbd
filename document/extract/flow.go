package extract

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
)

// flow builds pages out of running text, line and paragraph breaks, tables,
// notes and page breaks, and keeps to the limits. It is how every format with
// markup is turned into text:
//
//   - paragraphs are separated by a blank line;
//   - a table row is a line, its cells separated by tabs; a row whose cells hold
//     several paragraphs is written cell below cell, as a case caption is read;
//   - notes stand at the end of the page that refers to them.
type flow struct {
	maxBytes int64
	maxPages int
	maxDepth int

	frames  []*frame  // frames[0] is the open page, the others cells and asides
	rows    [][]cell  // the open rows, innermost last
	pages   []string  // the closed pages
	notes   []string  // of the open page
	bytes   int64     // text taken so far
	due     pageBreak // met inside a table, done after the row
	cut     cutReason // why text was cut off
	preface string    // put before the first page's text
}

// frame is a stretch of text under construction.
type frame struct {
	buf    []byte
	breaks int  // line feeds to write before the next text
	space  bool // collapsed white space to write before the next text
	table  bool // holds rows of a table
}

// cell is a closed table cell.
type cell struct {
	text  string
	table bool // holds a table itself
}

type pageBreak int

const (
	noBreak       pageBreak = iota
	renderedBreak           // where an application last broke the page; none on an empty page
	hardBreak               // asked for by the author
)

type cutReason int

const (
	notCut cutReason = iota
	cutBytes
	cutPages
)

func newFlow(l Limits) *flow {
	return &flow{maxBytes: l.MaxTextBytes, maxPages: l.MaxPages, maxDepth: l.MaxDepth, frames: []*frame{{}}}
}

func (f *flow) top() *frame { return f.frames[len(f.frames)-1] }

// full says that no more text is taken.
func (f *flow) full() bool { return f.cut != notCut }

// text appends s as it is.
func (f *flow) text(s string) {
	if f.full() || s == "" {
		return
	}
	if room := f.maxBytes - f.bytes; int64(len(s)) > room {
		f.cut = cutBytes
		s = cutString(s, int(room))
	}
	f.bytes += int64(len(s))
	f.top().write(s)
}

// cutString is the longest prefix of s of at most n bytes that ends between
// characters.
func cutString(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// collapsed appends s with its white space collapsed, as HTML does.
func (f *flow) collapsed(s string) {
	const white = " \t\n\r\f"
	for s != "" {
		if i := strings.IndexAny(s, white); i != 0 {
			if i < 0 {
				i = len(s)
			}
			if f.top().space {
				f.top().space = false
				if f.top().inLine() {
					f.text(" ")
				}
			}
			f.text(s[:i])
			s = s[i:]
		}
		if rest := strings.TrimLeft(s, white); len(rest) < len(s) {
			f.top().space = true
			s = rest
		}
	}
}

// line ends the line; two in a row leave a blank one.
func (f *flow) line() { f.top().lineBreak(min(f.top().breaks+1, 2)) }

// newLine makes the next text start on a line of its own.
func (f *flow) newLine() { f.top().lineBreak(1) }

// paragraph makes the next text start a paragraph.
func (f *flow) paragraph() { f.top().lineBreak(2) }

// open starts text that is apart from the running one; take ends it.
func (f *flow) open() { f.frames = append(f.frames, &frame{}) }

// take closes what open started and returns its text.
func (f *flow) take() string {
	if len(f.frames) == 1 {
		return ""
	}
	t := f.top()
	f.frames = f.frames[:len(f.frames)-1]
	return t.trimmed()
}

// block inserts text that was taken before, as paragraphs.
func (f *flow) block(s string) {
	if s == "" {
		return
	}
	f.paragraph()
	f.top().write(s)
	f.paragraph()
}

// passage appends s, which has lines of its own, as paragraphs.
func (f *flow) passage(s string) {
	f.paragraph()
	f.text(strings.Trim(s, "\r\n"))
	f.paragraph()
}

// addPreface puts s before the first page's text, closed or not.
func (f *flow) addPreface(s string) {
	switch {
	case s == "":
	case len(f.pages) > 0:
		f.pages[0] = strings.Trim(s+"\n\n"+f.pages[0], "\n")
	default:
		f.preface = s
	}
}

// note puts s at the end of the open page.
func (f *flow) note(s string) {
	if s != "" {
		f.notes = append(f.notes, s)
	}
}

// maxTables bounds how deep tables nest in each other, whatever MaxDepth is: a
// cell's text is copied once for every table around it.
const maxTables = 32

// deep says that tables nest as deep as allowed: no further row may be opened.
func (f *flow) deep() bool { return len(f.rows) >= min(f.maxDepth, maxTables) }

func (f *flow) openRow() { f.rows = append(f.rows, nil) }

func (f *flow) openCell() { f.open() }

func (f *flow) closeCell() {
	if len(f.rows) == 0 || len(f.frames) == 1 {
		return
	}
	table := f.top().table
	row := &f.rows[len(f.rows)-1]
	*row = append(*row, cell{text: f.take(), table: table})
}

// closeRow writes the row, or drops it if keep is false.
func (f *flow) closeRow(keep bool) {
	if len(f.rows) == 0 {
		return
	}
	row := f.rows[len(f.rows)-1]
	f.rows = f.rows[:len(f.rows)-1]
	if keep {
		f.top().writeRow(row)
	}
	if len(f.rows) == 0 && len(f.frames) == 1 && f.due != noBreak {
		due := f.due
		f.due = noBreak
		f.breakPage(due)
	}
}

// breakPage ends the page. Inside a table it waits for the end of the row; notes
// and text boxes have no pages.
func (f *flow) breakPage(kind pageBreak) {
	switch {
	case len(f.rows) > 0:
		f.due = max(f.due, kind)
	case len(f.frames) > 1:
	case kind == renderedBreak && len(f.frames[0].buf) == 0:
	default:
		f.closePage()
	}
}

func (f *flow) closePage() {
	text := f.frames[0].trimmed()
	if f.preface != "" {
		text = strings.Trim(f.preface+"\n\n"+text, "\n")
		f.preface = ""
	}
	if len(f.notes) > 0 {
		text = strings.Trim(text+"\n\n"+strings.Join(f.notes, "\n"), "\n")
	}
	f.frames[0], f.notes = &frame{}, nil
	if len(f.pages) == f.maxPages {
		if f.cut == notCut && text != "" {
			f.cut = cutPages
		}
		return
	}
	f.pages = append(f.pages, text)
}

// finish is the text as pages, with a "partial" warning if any was cut off. It
// fails with NoText if there is none.
func (f *flow) finish() ([]document.Page, []document.Warning, error) {
	for len(f.frames) > 1 || len(f.rows) > 0 {
		if len(f.rows) > 0 {
			f.closeCell()
			f.closeRow(true)
			continue
		}
		f.block(f.take())
	}
	f.closePage()
	return finishPages(f.pages, Limits{MaxTextBytes: f.maxBytes, MaxPages: f.maxPages}, f.cut)
}

// finishPages normalises pages, holds them to MaxTextBytes and drops blank ones
// at the end.
func finishPages(texts []string, l Limits, cut cutReason) ([]document.Page, []document.Warning, error) {
	pages := make([]document.Page, 0, len(texts))
	room, used := l.MaxTextBytes, 0
	for i, t := range texts {
		t = Normalize(t)
		if int64(len(t)) > room {
			t, cut = strings.TrimRight(cutString(t, int(room)), " \t\n"), cutBytes
		}
		room -= int64(len(t))
		pages = append(pages, document.Page{Number: i + 1, Text: t, Source: document.TextLayer})
		if strings.TrimSpace(t) != "" {
			used = i + 1
		}
		if cut == cutBytes && room <= 0 {
			break
		}
	}
	if used == 0 {
		return nil, nil, errNoText()
	}
	return pages[:used], cutWarnings(l, cut), nil
}

func (fr *frame) inLine() bool {
	return fr.breaks == 0 && len(fr.buf) > 0 && !bytes.ContainsAny(fr.buf[len(fr.buf)-1:], " \t\n")
}

func (fr *frame) lineBreak(n int) {
	fr.breaks = max(fr.breaks, n)
	fr.space = false
}

func (fr *frame) write(s string) {
	if fr.breaks > 0 {
		fr.buf = bytes.TrimRight(fr.buf, " \t")
		have := len(fr.buf) - len(bytes.TrimRight(fr.buf, "\n"))
		if want := min(fr.breaks, 2); want > have && len(fr.buf) > 0 {
			fr.buf = append(fr.buf, "\n\n"[:want-have]...)
		}
	}
	fr.breaks = 0
	fr.buf = append(fr.buf, s...)
}

func (fr *frame) trimmed() string {
	return strings.TrimLeft(strings.TrimRight(string(fr.buf), " \t\n\r"), "\n")
}

func (fr *frame) writeRow(row []cell) {
	var used []cell
	blocks := false
	for i, c := range row {
		row[i].text = strings.TrimSpace(c.text)
		if row[i].text != "" {
			used = append(used, row[i])
			blocks = blocks || c.table || strings.Contains(c.text, "\n\n")
		}
	}
	fr.table = true
	switch {
	case len(used) == 0:
	case len(used) == 1 || blocks:
		for _, c := range used {
			n := 1
			if blocks || strings.Contains(c.text, "\n") {
				n = 2
			}
			fr.lineBreak(n)
			fr.write(c.text)
			fr.lineBreak(n)
		}
	default:
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = strings.Join(strings.Fields(c.text), " ")
		}
		fr.lineBreak(1)
		fr.write(strings.TrimRight(strings.Join(cells, "\t"), "\t"))
		fr.lineBreak(1)
	}
}
