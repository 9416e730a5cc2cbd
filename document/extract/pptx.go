package extract

import (
	"context"
	"encoding/xml"
	"strings"

	"github.com/caseload/caseload/document"
)

// pptxReader reads PresentationML documents (ECMA-376 part 1, 19), both the
// transitional and the strict kind.
type pptxReader struct{ limits Limits }

// Read reads a page a slide, in the order in which they are shown: the title,
// then the other shapes' text, tables and diagrams, then the speaker's notes and
// comments. Hidden slides are read, and warned of as "hidden-slide".
func (p pptxReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	a, done, err := openPackage(ctx, in, p.limits)
	if err != nil {
		return nil, err
	}
	defer done()
	main, err := mainPart(a)
	if err != nil {
		return nil, err
	}
	if main == "" {
		return nil, errCorrupt("the document's main part is missing")
	}
	w := &pptxWalker{ctx: ctx, archive: a, limits: p.limits, flow: newFlow(p.limits)}
	if err := w.presentation(main); err != nil {
		return nil, err
	}
	pages, cut, err := w.flow.finish()
	if err != nil {
		return nil, err
	}
	c := &document.Content{Pages: pages, Warnings: append(append(w.warnings, cut...), embeddedWarning(w.embedded)...)}
	c.Metadata, err = coreProperties(a)
	return c, err
}

// pptxWalker turns a presentation's parts into a flow.
type pptxWalker struct {
	ctx      context.Context
	archive  *archive
	limits   Limits
	flow     *flow
	warnings []document.Warning
	embedded int // files in the document that are not read
}

// presentation reads the slides that the main part lists.
func (w *pptxWalker) presentation(main string) error {
	var doc struct {
		Slides []struct {
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sldIdLst>sldId"`
	}
	if err := decodeXML(w.archive, main, &doc); err != nil {
		return err
	}
	rels, err := relationships(w.archive, main)
	if err != nil {
		return err
	}
	slides := map[string]string{}
	for _, r := range rels {
		if r.kind() == "slide" && w.archive.has(r.Target) {
			slides[r.ID] = r.Target
		}
	}
	n := 0
	for _, s := range doc.Slides {
		for _, a := range s.Attrs {
			part, ok := slides[a.Value]
			// A slide's own number is an "id" too, of no namespace.
			if !ok || a.Name.Local != "id" || a.Name.Space == "" || w.flow.full() {
				continue
			}
			if n++; n > 1 {
				w.flow.breakPage(hardBreak)
			}
			if err := w.slide(part, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// slide reads one slide and the parts that belong to it.
func (w *pptxWalker) slide(part string, page int) error {
	s := &pptxShapes{flow: w.flow}
	if err := w.walk(part, s); err != nil {
		return err
	}
	if s.hidden {
		w.warnings = append(w.warnings, document.Warning{Code: document.WarnHiddenSlide, Page: page, Message: "the slide is hidden in the presentation"})
	}
	for _, text := range append(s.titles, s.texts...) {
		w.flow.block(text)
	}
	rels, err := relationships(w.archive, part)
	if err != nil {
		return err
	}
	for _, r := range rels {
		if !w.archive.has(r.Target) {
			continue
		}
		prefix := ""
		switch r.kind() {
		case "notesSlide":
			prefix = "Notes: "
		case "comments":
			prefix = "Comment: "
		case "diagramData":
		case "oleObject", "package":
			w.embedded++
			continue
		default:
			continue
		}
		s := &pptxShapes{flow: w.flow, notes: r.kind() == "notesSlide"}
		if err := w.walk(r.Target, s); err != nil {
			return err
		}
		for _, text := range s.texts {
			w.flow.block(prefix + text)
		}
	}
	return nil
}

func (w *pptxWalker) walk(part string, s *pptxShapes) error {
	err := walkXML(w.ctx, w.archive, part, w.limits, s, w.flow.full)
	s.finish()
	return err
}

// pptxShapes collects the texts of a part's shapes, in the order in which they
// stand in it.
type pptxShapes struct {
	flow   *flow
	notes  bool     // of notes, only the notes are wanted
	titles []string // of the slide
	texts  []string // of the other shapes
	hidden bool

	open   []string // the open shapes' kinds of placeholder, innermost last
	rows   []bool   // open table rows, whether each is kept as one
	inText bool
}

// pptxShape are the elements that hold text of their own: shapes, frames of
// tables, points of diagrams, comments.
var pptxShape = map[string]bool{"sp": true, "graphicFrame": true, "cxnSp": true, "pt": true, "cm": true}

func (s *pptxShapes) start(t xml.StartElement) bool {
	s.inText = false
	switch name := t.Name.Local; {
	case name == "Fallback":
		return true
	case name == "sld":
		show := xmlAttr(t, "show")
		s.hidden = show == "0" || show == "false"
	case pptxShape[name]:
		s.flow.open()
		s.open = append(s.open, "")
	case name == "ph":
		if n := len(s.open); n > 0 {
			s.open[n-1] = xmlAttr(t, "type") + "."
		}
	case name == "tr":
		kept := len(s.open) > 0 && !s.flow.deep()
		if kept {
			s.flow.openRow()
		}
		s.rows = append(s.rows, kept)
	case name == "tc":
		if s.rowKept() {
			s.flow.openCell()
		}
	case name == "br":
		s.flow.line()
	case name == "t", name == "text":
		s.inText = len(s.open) > 0
	}
	return false
}

func (s *pptxShapes) chars(text string) {
	// A diagram's point has an element t around its paragraphs too.
	if s.inText && strings.TrimSpace(text) != "" || s.inText && !strings.Contains(text, "\n") {
		s.flow.text(text)
	}
}

func (s *pptxShapes) end(t xml.Name) {
	s.inText = false
	switch name := t.Local; {
	case pptxShape[name]:
		s.closeShape()
	case name == "p", name == "text":
		s.flow.newLine()
	case name == "tc":
		if s.rowKept() {
			s.flow.closeCell()
		}
	case name == "tr":
		if n := len(s.rows); n > 0 {
			if s.rows[n-1] {
				s.flow.closeRow(true)
			}
			s.rows = s.rows[:n-1]
		}
	}
}

func (s *pptxShapes) rowKept() bool { return len(s.rows) > 0 && s.rows[len(s.rows)-1] }

// closeShape keeps the text of the innermost shape by what it is for.
func (s *pptxShapes) closeShape() {
	n := len(s.open)
	if n == 0 {
		return
	}
	kind := strings.TrimSuffix(s.open[n-1], ".")
	placeholder := s.open[n-1] != ""
	s.open = s.open[:n-1]
	text := s.flow.take()
	switch {
	case strings.TrimSpace(text) == "", kind == "sldNum", kind == "sldImg":
	case s.notes && (kind == "hdr" || kind == "ftr" || kind == "dt"):
	case s.notes && !placeholder:
	case kind == "title", kind == "ctrTitle":
		s.titles = append(s.titles, text)
	default:
		s.texts = append(s.texts, text)
	}
}

// finish closes what the end of the text, or of what is kept of it, left open.
func (s *pptxShapes) finish() {
	for len(s.rows) > 0 {
		s.end(xml.Name{Local: "tc"})
		s.end(xml.Name{Local: "tr"})
	}
	for len(s.open) > 0 {
		s.closeShape()
	}
}
