package manifest

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readCSV gives each record to encoding/csv by itself, so that a record with a
// broken quote fails alone instead of swallowing the lines after it.
func readCSV(l *lines, yield func(Entry, error) bool) error {
	p := &csvParser{lines: l, buf: bufio.NewReader(nil)}
	h, err := p.header()
	if err != nil {
		return err
	}
	for {
		start, cells, reason, err := p.record()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var e Entry
		if reason == "" {
			e, reason = h.entry(cells)
		}
		if reason != "" {
			if !yield(Entry{}, &EntryError{Line: start, Reason: reason}) {
				return errStopped
			}
			continue
		}
		e.Line = start
		if !yield(e, nil) {
			return errStopped
		}
	}
}

// csvParser splits lines into records.
type csvParser struct {
	lines *lines
	src   bytes.Reader
	buf   *bufio.Reader
}

const (
	reasonTooLong = "longer than 1 MiB"
	reasonNUL     = "NUL byte"
)

// record is the next record that is not blank: the line it starts on and its
// cells, or the reason why it has none.
func (p *csvParser) record() (start int, cells []string, reason string, err error) {
	for {
		ln, err := p.lines.next()
		if err != nil {
			return 0, nil, "", err
		}
		if ln.tooLong {
			return ln.number, nil, reasonTooLong, nil
		}
		if len(bytes.TrimSpace(ln.text)) == 0 {
			continue
		}
		if bytes.IndexByte(ln.text, 0) >= 0 {
			return ln.number, nil, reasonNUL, nil
		}
		cells, err := p.split(ln.text)
		if errors.Is(err, csv.ErrQuote) && openQuote(ln.text) {
			cells, err = p.multiline(ln)
		}
		reason, err := csvReason(err)
		return ln.number, cells, reason, err
	}
}

// multiline is the cells of the record that starts with first, whose last quote
// is open. If no later line closes it properly, those lines are left unread.
func (p *csvParser) multiline(first line) ([]string, error) {
	text := bytes.Clone(first.text)
	var more []line
	for {
		ln, err := p.lines.next()
		if errors.Is(err, io.EOF) {
			p.lines.unread(more)
			return nil, csv.ErrQuote
		}
		if err != nil {
			return nil, err
		}
		more = append(more, ln)
		if ln.tooLong || len(text)+1+len(ln.text) > MaxEntryBytes || bytes.IndexByte(ln.text, 0) >= 0 {
			p.lines.unread(more)
			return nil, csv.ErrQuote
		}
		text = append(append(text, '\n'), ln.text...)
		if !openQuote(ln.text) {
			continue
		}
		cells, err := p.split(text)
		if err != nil {
			p.lines.unread(more)
		}
		return cells, err
	}
}

// openQuote says whether text has an odd number of quotes: what opens a quoted
// cell and leaves it open, or closes one that was open.
func openQuote(text []byte) bool { return bytes.Count(text, []byte(`"`))%2 == 1 }

// split is the cells of one record.
func (p *csvParser) split(record []byte) ([]string, error) {
	p.src.Reset(record)
	p.buf.Reset(&p.src)
	r := csv.NewReader(p.buf)
	r.TrimLeadingSpace = true
	r.FieldsPerRecord = -1
	return r.Read()
}

// csvReason is the reason for a record's own error. Other errors pass.
func csvReason(err error) (string, error) {
	switch {
	case err == nil:
		return "", nil
	case errors.Is(err, csv.ErrBareQuote):
		return `quote (") inside a cell that is not quoted`, nil
	case errors.Is(err, csv.ErrQuote):
		return `quoted cell is not closed, or text follows its closing quote (")`, nil
	}
	return "", err
}

// header says what the columns are.
type header struct {
	names    []string // "" for a column without one
	path, id int      // id is -1 if there is none
}

func (p *csvParser) header() (*header, error) {
	line, cells, reason, err := p.record()
	if errors.Is(err, io.EOF) {
		return nil, &SyntaxError{Line: 1, Reason: "the manifest is empty; it needs a header with a path column"}
	}
	if err != nil {
		return nil, err
	}
	fail := func(format string, args ...any) (*header, error) {
		return nil, &SyntaxError{Line: line, Reason: "header: " + fmt.Sprintf(format, args...)}
	}
	if reason != "" {
		return fail("%s", reason)
	}
	h := &header{path: -1, id: -1}
	column := make(map[string]int)
	for i, c := range cells {
		name := key(c)
		h.names = append(h.names, name)
		if name == "" {
			continue
		}
		if first, ok := column[name]; ok {
			return fail("column %d has the name of column %d (%q); rename one", i+1, first+1, name)
		}
		column[name] = i
		switch {
		case isPathKey(name) && h.path >= 0:
			return fail("columns %d and %d (%q and %q) both name the path; rename one", h.path+1, i+1, h.names[h.path], name)
		case isPathKey(name):
			h.path = i
		case name == idKey:
			h.id = i
		}
	}
	switch {
	case h.path < 0 && strings.ContainsAny(cells[0], ";\t|"):
		return fail("no column named path; columns are separated by commas")
	case h.path < 0 && strings.ContainsRune(cells[0], '\r'):
		return fail("no column named path; lines end in LF or CRLF, not CR")
	case h.path < 0:
		return fail("no column named path, uri, url or file")
	case h.metadataColumns() > MaxMetadataKeys:
		return fail("%d metadata columns; at most %d", h.metadataColumns(), MaxMetadataKeys)
	}
	return h, nil
}

func (h *header) metadataColumns() int {
	n := 0
	for i, name := range h.names {
		if name != "" && i != h.path && i != h.id {
			n++
		}
	}
	return n
}

// entry is the entry that a record holds, or what is wrong with it.
func (h *header) entry(cells []string) (Entry, string) {
	if len(cells) != len(h.names) {
		return Entry{}, fmt.Sprintf("%d cells, but the header has %d columns", len(cells), len(h.names))
	}
	e := Entry{Path: cells[h.path]}
	for i, cell := range cells {
		switch {
		case i == h.path:
		case i == h.id:
			e.ID = strings.TrimSpace(cell)
		case h.names[i] == "" && strings.TrimSpace(cell) != "":
			return Entry{}, fmt.Sprintf("value in column %d, which has no name", i+1)
		default:
			e.set(h.names[i], strings.TrimSpace(cell))
		}
	}
	return e, e.check()
}
