package pdf

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// Bounds of what is read of annotations and form fields.
const (
	maxAnnotations = 2000    // of a page that are looked at
	maxNotes       = 200     // of a page that are kept
	maxNote        = 4000    // characters of a note, or of a field's value
	maxNotesBytes  = 1 << 20 // of a file
	maxOptions     = 200     // of a list that are looked at
)

// annotations are what a page's annotations say.
type annotations struct {
	count  int          // that the page has
	fields []fieldValue // filled in
	notes  []note       // that people wrote on the page
	cut    bool         // a limit left something out
}

// fieldValue is a filled form field as it stands on a page.
type fieldValue struct {
	name  string // what the form calls it, "" if nothing
	value string
	mark  bool // it is a box that is ticked, or not; value is "[x]" or "[ ]"
	line  layout.Line
	box   rect
}

// note is text that belongs to an annotation.
type note struct {
	kind, author, text string
	drawn              bool // the page may show the text
}

// noteKinds are the annotations whose text is read, as ISO 32000-1, 12.5.6
// names them. Links, pop-ups (which repeat the note that they belong to), media
// and printer's marks are not.
var noteKinds = map[enums.FPDF_ANNOTATION_SUBTYPE]string{
	enums.FPDF_ANNOT_SUBTYPE_TEXT:           "note",
	enums.FPDF_ANNOT_SUBTYPE_FREETEXT:       "text",
	enums.FPDF_ANNOT_SUBTYPE_LINE:           "line",
	enums.FPDF_ANNOT_SUBTYPE_SQUARE:         "square",
	enums.FPDF_ANNOT_SUBTYPE_CIRCLE:         "circle",
	enums.FPDF_ANNOT_SUBTYPE_POLYGON:        "polygon",
	enums.FPDF_ANNOT_SUBTYPE_POLYLINE:       "line",
	enums.FPDF_ANNOT_SUBTYPE_HIGHLIGHT:      "highlight",
	enums.FPDF_ANNOT_SUBTYPE_UNDERLINE:      "underline",
	enums.FPDF_ANNOT_SUBTYPE_SQUIGGLY:       "underline",
	enums.FPDF_ANNOT_SUBTYPE_STRIKEOUT:      "strikeout",
	enums.FPDF_ANNOT_SUBTYPE_STAMP:          "stamp",
	enums.FPDF_ANNOT_SUBTYPE_CARET:          "insertion",
	enums.FPDF_ANNOT_SUBTYPE_INK:            "drawing",
	enums.FPDF_ANNOT_SUBTYPE_FILEATTACHMENT: "attachment",
	enums.FPDF_ANNOT_SUBTYPE_REDACT:         "redaction",
}

// annotations reads those of a page, before they become part of its content.
func (s *session) annotations(page requests.Page, v view) (annotations, error) {
	a := annotations{}
	count, err := s.pdfium.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil {
		return a, err
	}
	a.count = count.Count
	for i := range min(a.count, maxAnnotations) {
		got, err := s.pdfium.FPDFPage_GetAnnot(&requests.FPDFPage_GetAnnot{Page: page, Index: i})
		if trapped(err) {
			return a, err
		}
		if err != nil {
			continue
		}
		if err := s.annotation(&a, got.Annotation, v); trapped(err) {
			return a, err
		}
		if _, err := s.pdfium.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: got.Annotation}); err != nil {
			return a, err
		}
	}
	a.cut = a.cut || a.count > maxAnnotations
	return a, nil
}

// annotation adds what one says to a. An error that is no trap says that this
// one cannot be read.
func (s *session) annotation(a *annotations, ref references.FPDF_ANNOTATION, v view) error {
	kind, err := s.pdfium.FPDFAnnot_GetSubtype(&requests.FPDFAnnot_GetSubtype{Annotation: ref})
	if err != nil {
		return err
	}
	name, isNote := noteKinds[kind.Subtype]
	if !isNote && kind.Subtype != enums.FPDF_ANNOT_SUBTYPE_WIDGET {
		return nil
	}
	flags, err := s.pdfium.FPDFAnnot_GetFlags(&requests.FPDFAnnot_GetFlags{Annotation: ref})
	if err != nil {
		return err
	}
	if flags.Flags&(enums.FPDF_ANNOT_FLAG_HIDDEN|enums.FPDF_ANNOT_FLAG_NOVIEW) != 0 {
		return nil
	}
	if !isNote {
		return s.field(a, ref, flags.Flags, v)
	}
	text, err := s.annotString(ref, "Contents")
	if err != nil || text == "" {
		return err
	}
	author, err := s.annotString(ref, "T")
	if err != nil {
		return err
	}
	n := note{kind: name, author: author, text: text}
	n.drawn = kind.Subtype == enums.FPDF_ANNOT_SUBTYPE_FREETEXT || kind.Subtype == enums.FPDF_ANNOT_SUBTYPE_STAMP
	if len(a.notes) == maxNotes || s.noteBytes+len(text) > maxNotesBytes {
		a.cut = true
		return nil
	}
	s.noteBytes += len(text)
	a.notes = append(a.notes, n)
	return nil
}

// annotString is a string of an annotation's dictionary, on one line.
func (s *session) annotString(ref references.FPDF_ANNOTATION, key string) (string, error) {
	got, err := s.pdfium.FPDFAnnot_GetStringValue(&requests.FPDFAnnot_GetStringValue{Annotation: ref, Key: key})
	if err != nil {
		return "", onlyTrap(err)
	}
	return oneLine(got.Value, maxNote), nil
}

// oneLine is s on one line, cut to so many characters.
func oneLine(s string, most int) string {
	if len(s) > 8*most {
		s = strings.ToValidUTF8(s[:8*most], "")
	}
	s = strings.Join(strings.Fields(extract.Normalize(s)), " ")
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return s
}

// put adds what a page's annotations show and say to its lines: fields by the
// text that they stand beside, notes at the end.
func (a annotations) put(read []layout.Line, shown string) []layout.Line {
	page := squeeze(shown)
	for _, f := range a.fields {
		if !f.mark && strings.Contains(page, squeeze(f.value)) {
			continue // drawn by the form itself
		}
		read = insertLine(read, f.besideLabel(read))
	}
	return read
}

// besideLabel is the field's line, level with the topmost line that stands beside
// the field on its left, which names it.
func (f fieldValue) besideLabel(lines []layout.Line) layout.Line {
	l, label := f.line, 0.0
	for _, at := range lines {
		if at.Size > 0 && at.X0 < f.box.x0 && at.Y > f.box.y0 && at.Y < f.box.y1 && at.Y > label {
			label, l.Y = at.Y, at.Y
		}
	}
	return l
}

// noteLines are the page's notes, but for those whose text it shows.
func (a annotations) noteLines(shown string) []string {
	page := squeeze(shown)
	var lines []string
	for _, n := range a.notes {
		if n.drawn && strings.Contains(page, squeeze(n.text)) {
			continue
		}
		by := ""
		if n.author != "" {
			by = " by " + n.author
		}
		lines = append(lines, fmt.Sprintf("[Annotation, %s%s: %s]", n.kind, by, n.text))
	}
	return lines
}

// squeeze is s without spaces, in lower case.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
