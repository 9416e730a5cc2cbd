package extract

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// docxWalker turns the elements of WordprocessingML parts into a flow.
type docxWalker struct {
	ctx      context.Context
	archive  *archive
	limits   Limits
	flow     *flow
	numbers  *docxNumbers
	notes    map[string]string // text by kind and ID: "footnote/2"
	endnotes []string          // in order of reference
	comments []string
	embedded int // files in the document that are not read

	footnoteCount int
	paragraphs    []*docxParagraph // open ones; a text box nests them
	rows          []docxRow
	note          string // kind and ID of the note being read
	properties    int    // depth inside w:pPr
	rowProperties bool   // inside w:trPr of an open row
	ticked        bool   // the form's check box being read
}

// docxParagraph is an open paragraph.
type docxParagraph struct {
	style       string
	list, level string // w:numId and w:ilvl; empty if not given
	markDeleted bool   // runs on into the next paragraph
	breakBefore bool
	sectionEnd  bool
	sectionKind string
	boxes       []string // text boxes, which follow the paragraph
}

// docxRow is an open table row. A row that is not kept is written as lines.
type docxRow struct{ kept, deleted bool }

func newDocxWalker(ctx context.Context, a *archive, l Limits) *docxWalker {
	return &docxWalker{ctx: ctx, archive: a, limits: l, flow: newFlow(l), numbers: newDocxNumbers(), notes: map[string]string{}}
}

// skipped are the elements whose content is no text of the document: deleted
// and moved-away text, formatting, fallbacks that repeat what a richer
// alternative says, phonetic guides.
var skipped = map[string]bool{
	"del": true, "moveFrom": true, "rPr": true, "tblPr": true, "tcPr": true, "tblGrid": true, "sdtPr": true,
	"Fallback": true, "rt": true, "instrText": true, "delText": true, "delInstrText": true, "binData": true,
	"pPrChange": true, "rPrChange": true, "sectPrChange": true, "tblPrChange": true, "trPrChange": true, "numberingChange": true,
}

// part reads one part into the flow.
func (w *docxWalker) part(name string) error {
	rc, err := w.archive.open(name)
	if err != nil {
		return err
	}
	defer rc.Close()
	d := xmlDecoder(rc)
	depth, skipUntil := 0, 0 // skipUntil is the depth of the element being skipped
	inText := false
	for n := 0; !w.flow.full(); n++ {
		if n%1024 == 0 && w.ctx.Err() != nil {
			return fileError(w.ctx.Err())
		}
		t, err := d.Token()
		if errors.Is(err, io.EOF) && depth == 0 && n > 0 {
			return nil
		}
		if err != nil {
			return xmlError(err)
		}
		switch t := t.(type) {
		case xml.StartElement:
			if depth++; depth > w.limits.MaxDepth {
				return errTooDeep(w.limits.MaxDepth)
			}
			if skipUntil > 0 {
				continue
			}
			if w.skips(t) {
				skipUntil = depth
				continue
			}
			inText = t.Name.Local == "t"
			w.start(t)
		case xml.EndElement:
			if skipUntil == 0 {
				w.end(t.Name.Local)
			} else if skipUntil == depth {
				skipUntil = 0
			}
			inText = false
			depth--
		case xml.CharData:
			if inText && skipUntil == 0 {
				w.flow.text(string(t))
			}
		}
	}
	return w.archive.refused
}

// skips says whether the element's content is dropped. What its presence means
// is noted here.
func (w *docxWalker) skips(t xml.StartElement) bool {
	name := t.Name.Local
	switch {
	case w.properties > 0 && name == "rPr":
		return false // the paragraph mark's, which may be deleted
	case w.properties > 0 && name == "del":
		w.paragraph().markDeleted = true
	case w.rowProperties && name == "del":
		w.rows[len(w.rows)-1].deleted = true
	case w.properties > 0 && name == "tabs":
		return true
	}
	return skipped[name]
}

// paragraph is the innermost open one.
func (w *docxWalker) paragraph() *docxParagraph {
	if len(w.paragraphs) == 0 {
		return &docxParagraph{}
	}
	return w.paragraphs[len(w.paragraphs)-1]
}

func (w *docxWalker) start(t xml.StartElement) {
	switch t.Name.Local {
	case "p":
		w.paragraphs = append(w.paragraphs, &docxParagraph{})
	case "pPr":
		w.properties++
	case "tbl":
		w.flow.paragraph()
	case "tr":
		kept := !w.flow.deep()
		if kept {
			w.flow.openRow()
		} else {
			w.flow.newLine()
		}
		w.rows = append(w.rows, docxRow{kept: kept})
	case "trPr":
		w.rowProperties = len(w.rows) > 0
	case "tc":
		if w.rowKept() {
			w.flow.openCell()
		}
	case "txbxContent":
		w.flow.open()
	case "footnote", "endnote", "comment":
		w.flow.open()
		w.note = t.Name.Local + "/" + xmlAttr(t, "id")
		if kind := xmlAttr(t, "type"); kind != "" && kind != "normal" {
			w.note = "" // a separator line
		}
	default:
		if w.properties > 0 {
			w.property(t)
		} else {
			w.inline(t)
		}
	}
}

// property notes what a paragraph's properties say.
func (w *docxWalker) property(t xml.StartElement) {
	p := w.paragraph()
	switch t.Name.Local {
	case "pStyle":
		p.style = xmlAttr(t, "val")
	case "numId":
		p.list = xmlAttr(t, "val")
	case "ilvl":
		p.level = xmlAttr(t, "val")
	case "pageBreakBefore":
		p.breakBefore = xmlOn(t)
	case "sectPr":
		p.sectionEnd = true
	case "type":
		p.sectionKind = xmlAttr(t, "val")
	}
}

// inline writes what stands in a run for a character or a break.
func (w *docxWalker) inline(t xml.StartElement) {
	switch t.Name.Local {
	case "tab", "ptab":
		w.flow.text("\t")
	case "cr":
		w.flow.line()
	case "br":
		if xmlAttr(t, "type") == "page" {
			w.flow.breakPage(hardBreak)
		} else {
			w.flow.line()
		}
	case "lastRenderedPageBreak":
		w.flow.breakPage(renderedBreak)
	case "noBreakHyphen":
		w.flow.text("-")
	case "sym":
		if code, err := strconv.ParseUint(xmlAttr(t, "char"), 16, 32); err == nil {
			w.flow.text(symbol(xmlAttr(t, "font"), rune(code)))
		}
	case "footnoteReference":
		w.footnote(xmlAttr(t, "id"), xmlAttr(t, "customMarkFollows"))
	case "endnoteReference":
		if text, ok := w.takeNote("endnote/" + xmlAttr(t, "id")); ok {
			mark := "[e" + strconv.Itoa(len(w.endnotes)+1) + "]"
			w.flow.text(mark)
			w.endnotes = append(w.endnotes, strings.TrimSpace(mark+" "+text))
		}
	case "default", "checked":
		w.ticked = xmlOn(t)
	}
}

// footnote writes the mark of a footnote and puts its text at the page's end. A
// note with a mark of its own, which follows as text, gets no number.
func (w *docxWalker) footnote(id, customMark string) {
	text, ok := w.takeNote("footnote/" + id)
	if !ok {
		return
	}
	if customMark == "" || customMark == "0" || customMark == "false" {
		w.footnoteCount++
		mark := "[" + strconv.Itoa(w.footnoteCount) + "]"
		w.flow.text(mark)
		text = mark + " " + text
	}
	w.flow.note(strings.TrimSpace(text))
}

// takeNote is a note's text the first time it is referred to.
func (w *docxWalker) takeNote(key string) (string, bool) {
	text, ok := w.notes[key]
	delete(w.notes, key)
	return text, ok
}

func (w *docxWalker) rowKept() bool { return len(w.rows) > 0 && w.rows[len(w.rows)-1].kept }

func (w *docxWalker) end(name string) {
	switch name {
	case "pPr":
		w.properties--
		w.beginText()
	case "p":
		w.endParagraph()
	case "tc":
		if w.rowKept() {
			w.flow.closeCell()
		}
	case "trPr":
		w.rowProperties = false
	case "tr":
		if n := len(w.rows); n > 0 {
			row := w.rows[n-1]
			if row.kept {
				w.flow.closeRow(!row.deleted)
			}
			w.rows = w.rows[:n-1]
		}
	case "tbl":
		w.flow.paragraph()
	case "txbxContent":
		if text := w.flow.take(); len(w.paragraphs) > 0 {
			p := w.paragraph()
			p.boxes = append(p.boxes, text)
		} else {
			w.flow.block(text)
		}
	case "footnote", "endnote", "comment":
		w.endNote()
	case "checkBox":
		w.flow.text(map[bool]string{false: "☐", true: "☒"}[w.ticked])
		w.ticked = false
	}
}

// beginText does what has to come before a paragraph's text.
func (w *docxWalker) beginText() {
	p := w.paragraph()
	if p.breakBefore {
		w.flow.breakPage(renderedBreak)
	}
	if label := w.numbers.label(p.style, p.list, p.level); label != "" {
		w.flow.text(label + " ")
	}
}

func (w *docxWalker) endParagraph() {
	n := len(w.paragraphs)
	if n == 0 {
		return
	}
	p := w.paragraphs[n-1]
	w.paragraphs = w.paragraphs[:n-1]
	if !p.markDeleted || len(p.boxes) > 0 {
		w.flow.paragraph()
	}
	for _, text := range p.boxes {
		w.flow.block(text)
	}
	if p.sectionEnd && p.sectionKind != "continuous" && p.sectionKind != "nextColumn" {
		w.flow.breakPage(renderedBreak)
	}
}

func (w *docxWalker) endNote() {
	text := w.flow.take()
	kind, _, _ := strings.Cut(w.note, "/")
	switch {
	case kind == "" || text == "":
	case kind == "comment":
		w.comments = append(w.comments, text)
	default:
		w.notes[w.note] = text
	}
	w.note = ""
}

// xmlAttr is the value of the attribute with that local name.
func xmlAttr(t xml.StartElement, local string) string {
	for _, a := range t.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

// xmlOn is the value of a toggle: on unless said otherwise (ECMA-376 part 1,
// 17.17.4).
func xmlOn(t xml.StartElement) bool {
	switch xmlAttr(t, "val") {
	case "0", "false", "off":
		return false
	}
	return true
}
