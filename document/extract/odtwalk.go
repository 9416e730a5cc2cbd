package extract

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// odtWalker turns the elements of styles.xml and content.xml into a flow.
type odtWalker struct {
	flow     *flow
	styles   *odtStyles
	lists    []odtList // open ones, innermost last
	embedded int       // objects in the document that are not read

	paragraphs []odtParagraph // open ones; notes and text boxes nest them
	rows       []bool         // open table rows, whether each is kept as one
	notes      []odtNote      // open notes
	footnotes  int            // so far
	endnotes   []string
	comments   []string
	headers    []string
	footers    []string
}

// odtParagraph is an open paragraph or heading.
type odtParagraph struct {
	breakAfter bool
	boxes      []string // text boxes, which follow the paragraph
}

// odtNote is an open footnote or endnote.
type odtNote struct{ endnote bool }

func newODTWalker(l Limits) *odtWalker {
	return &odtWalker{flow: newFlow(l), styles: newODTStyles()}
}

// odtSkipped are the elements whose content is no text of the document: what was
// deleted, how indexes are made, forms, scripts, phonetic guides, alternative
// descriptions.
var odtSkipped = map[string]bool{
	"tracked-changes": true, "forms": true, "sequence-decls": true, "variable-decls": true, "user-field-decls": true, "dde-connection-decls": true,
	"table-of-content-source": true, "alphabetical-index-source": true, "table-index-source": true, "illustration-index-source": true,
	"object-index-source": true, "user-index-source": true, "bibliography-source": true,
	"script": true, "scripts": true, "event-listeners": true, "ruby-text": true, "binary-data": true, "font-face-decls": true, "settings": true,
	"desc": true, "number-style": true, "date-style": true, "time-style": true, "currency-style": true, "percentage-style": true,
	"boolean-style": true, "text-style": true, "linenumbering-configuration": true, "notes-configuration": true,
}

func (w *odtWalker) start(t xml.StartElement) bool {
	name := t.Name.Local
	switch {
	case odtSkipped[name]:
		return true
	case w.styles.start(t):
		return false
	}
	switch name {
	case "p", "h":
		w.startParagraph(t, name == "h")
	case "list":
		w.openList(t)
	case "list-item", "list-header":
		w.openItem(t, name == "list-item")
	case "table":
		w.flow.paragraph()
	case "table-row":
		kept := !w.flow.deep()
		if kept {
			w.flow.openRow()
		} else {
			w.flow.newLine()
		}
		w.rows = append(w.rows, kept)
	case "table-cell", "covered-table-cell":
		if w.rowKept() {
			w.flow.openCell()
		}
	case "note":
		w.notes = append(w.notes, odtNote{endnote: xmlAttr(t, "note-class") == "endnote"})
	case "note-citation", "date-string", "creator-initials":
		return true
	case "creator", "date":
		return t.Name.Space == nsDC // a comment's; others are fields of the text
	case "title":
		return t.Name.Space == nsSVG
	case "note-body", "text-box", "annotation":
		w.flow.open()
	case "header", "header-left", "header-first", "footer", "footer-left", "footer-first":
		w.flow.open()
	case "object", "object-ole":
		w.embedded++
		return true
	default:
		w.inline(t)
	}
	return false
}

const (
	nsDC  = "http://purl.org/dc/elements/1.1/"
	nsSVG = "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
)

// inline writes what stands in a paragraph for white space or a break.
func (w *odtWalker) inline(t xml.StartElement) {
	switch t.Name.Local {
	case "s":
		if n := max(atoi(xmlAttr(t, "c")), 1); w.inParagraph() {
			w.flow.text(strings.Repeat(" ", min(n, 256)))
		}
	case "tab":
		w.flow.text("\t")
	case "line-break":
		w.flow.line()
	case "soft-page-break":
		w.flow.breakPage(renderedBreak)
	}
}

func (w *odtWalker) inParagraph() bool { return len(w.paragraphs) > 0 }

func (w *odtWalker) chars(s string) {
	if w.inParagraph() {
		w.flow.collapsed(s)
	}
}

func (w *odtWalker) startParagraph(t xml.StartElement, heading bool) {
	style := w.styles.breaks(xmlAttr(t, "style-name"))
	if style.before {
		w.flow.breakPage(renderedBreak)
	}
	w.paragraphs = append(w.paragraphs, odtParagraph{breakAfter: style.after})
	label := w.itemLabel()
	if label == "" && heading {
		label = w.styles.headingLabel(t)
	}
	if label != "" {
		w.flow.text(label + " ")
	}
}

func (w *odtWalker) end(t xml.Name) {
	name := t.Local
	if w.styles.end(name) {
		return
	}
	switch name {
	case "p", "h":
		w.endParagraph()
	case "list":
		if n := len(w.lists); n > 0 {
			w.lists = w.lists[:n-1]
		}
	case "table":
		w.flow.paragraph()
	case "table-cell", "covered-table-cell":
		if w.rowKept() {
			w.flow.closeCell()
		}
	case "table-row":
		if n := len(w.rows); n > 0 {
			if w.rows[n-1] {
				w.flow.closeRow(true)
			}
			w.rows = w.rows[:n-1]
		}
	case "note-body":
		w.endNote()
	case "note":
		if n := len(w.notes); n > 0 {
			w.notes = w.notes[:n-1]
		}
	case "text-box":
		w.box(w.flow.take())
	case "annotation":
		if text := w.flow.take(); text != "" {
			w.comments = append(w.comments, text)
		}
	case "header", "header-left", "header-first":
		w.headers = margin(w.headers, w.flow.take())
	case "footer", "footer-left", "footer-first":
		w.footers = margin(w.footers, w.flow.take())
	}
}

func (w *odtWalker) rowKept() bool { return len(w.rows) > 0 && w.rows[len(w.rows)-1] }

func (w *odtWalker) endParagraph() {
	n := len(w.paragraphs)
	if n == 0 {
		return
	}
	p := w.paragraphs[n-1]
	w.paragraphs = w.paragraphs[:n-1]
	w.flow.paragraph()
	for _, text := range p.boxes {
		w.flow.block(text)
	}
	if p.breakAfter {
		w.flow.breakPage(renderedBreak)
	}
}

// endNote writes a note's mark where it stands, and the note where its kind
// belongs.
func (w *odtWalker) endNote() {
	text := w.flow.take()
	if len(w.notes) == 0 || text == "" {
		return
	}
	if w.notes[len(w.notes)-1].endnote {
		mark := "[e" + strconv.Itoa(len(w.endnotes)+1) + "]"
		w.flow.collapsed(mark)
		w.endnotes = append(w.endnotes, mark+" "+text)
		return
	}
	w.footnotes++
	mark := "[" + strconv.Itoa(w.footnotes) + "]"
	w.flow.collapsed(mark)
	w.flow.note(mark + " " + text)
}

// box puts a text box after the paragraph that it is anchored in.
func (w *odtWalker) box(text string) {
	if n := len(w.paragraphs); n > 0 {
		w.paragraphs[n-1].boxes = append(w.paragraphs[n-1].boxes, text)
		return
	}
	w.flow.block(text)
}

func (w *odtWalker) finish() {
	for _, n := range w.endnotes {
		w.flow.block(n)
	}
	for _, c := range w.comments {
		w.flow.block("Comment: " + c)
	}
	for _, f := range w.footers {
		w.flow.note(f)
	}
}

// margin adds a header's or footer's text to those known, unless one says the
// same. Paragraphs without a letter are page numbers and rules, and dropped.
func margin(known []string, text string) []string {
	var kept []string
	for p := range strings.SplitSeq(text, "\n\n") {
		if strings.ContainsFunc(p, unicode.IsLetter) {
			kept = append(kept, p)
		}
	}
	if text = strings.Join(kept, "\n\n"); text != "" && !slices.Contains(known, text) {
		known = append(known, text)
	}
	return known
}
