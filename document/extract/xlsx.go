package extract

import (
	"context"
	"encoding/xml"
	"strconv"
	"strings"

	"github.com/caseload/caseload/document"
)

// xlsxReader reads SpreadsheetML workbooks (ECMA-376 part 1, 18), both the
// transitional and the strict kind.
type xlsxReader struct{ limits Limits }

// Read reads a page a sheet, in the workbook's order: the sheet's name, then its
// rows, cells separated by tabs, then its comments. A cell is its value as it was
// last calculated; dates are written as ISO 8601 does, amounts with their
// currency. Hidden sheets, rows and columns are read, and the sheets warned of
// as "hidden-sheet".
func (x xlsxReader) Read(ctx context.Context, in Input) (*document.Content, error) {
	a, done, err := openPackage(ctx, in, x.limits)
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
	w := &xlsxWalker{ctx: ctx, archive: a, limits: x.limits, flow: newFlow(x.limits)}
	warnings, err := w.workbook(main)
	if err != nil {
		return nil, err
	}
	if w.cells == 0 {
		return nil, errNoText() // names of sheets are no text
	}
	pages, cut, err := w.flow.finish()
	if err != nil {
		return nil, err
	}
	c := &document.Content{Pages: pages, Warnings: append(warnings, cut...)}
	c.Metadata, err = coreProperties(a)
	return c, err
}

// xlsxWalker turns a workbook's parts into a flow.
type xlsxWalker struct {
	ctx     context.Context
	archive *archive
	limits  Limits
	flow    *flow
	strings []string // shared
	formats xlsxFormats
	cells   int // that say something
}

// workbook reads the main part and the sheets that it names.
func (w *xlsxWalker) workbook(main string) ([]document.Warning, error) {
	var book struct {
		Properties struct {
			Date1904 string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			Name  string     `xml:"name,attr"`
			State string     `xml:"state,attr"`
			Attrs []xml.Attr `xml:",any,attr"`
		} `xml:"sheets>sheet"`
	}
	if err := decodeXML(w.archive, main, &book); err != nil {
		return nil, err
	}
	rels, err := relationships(w.archive, main)
	if err != nil {
		return nil, err
	}
	sheets := map[string]relationship{}
	for _, r := range rels {
		if !w.archive.has(r.Target) {
			continue
		}
		switch r.kind() {
		case "sharedStrings":
			err = walkXML(w.ctx, w.archive, r.Target, w.limits, &xlsxStrings{walker: w}, nil)
		case "styles":
			err = w.formats.read(w.archive, r.Target)
		default:
			sheets[r.ID] = r
		}
		if err != nil {
			return nil, err
		}
	}
	w.formats.from1904 = book.Properties.Date1904 == "1" || book.Properties.Date1904 == "true"
	var warnings []document.Warning
	for i, s := range book.Sheets {
		if w.flow.full() {
			break
		}
		if i > 0 {
			w.flow.breakPage(hardBreak)
		}
		w.flow.text(strings.Join(strings.Fields(s.Name), " "))
		w.flow.paragraph()
		if strings.Contains(strings.ToLower(s.State), "hidden") {
			warnings = append(warnings, document.Warning{Code: document.WarnHiddenSheet, Page: i + 1, Message: "the sheet is hidden in the workbook"})
		}
		for _, a := range s.Attrs {
			if r, ok := sheets[a.Value]; ok && a.Name.Local == "id" && r.kind() == "worksheet" {
				if err := w.sheet(r.Target); err != nil {
					return nil, err
				}
			}
		}
	}
	return warnings, nil
}

// sheet reads one sheet and its comments.
func (w *xlsxWalker) sheet(part string) error {
	if err := walkXML(w.ctx, w.archive, part, w.limits, &xlsxSheet{walker: w}, w.flow.full); err != nil {
		return err
	}
	rels, err := relationships(w.archive, part)
	if err != nil {
		return err
	}
	for _, r := range rels {
		if r.kind() != "comments" || !w.archive.has(r.Target) {
			continue
		}
		w.flow.paragraph()
		if err := walkXML(w.ctx, w.archive, r.Target, w.limits, &xlsxComments{walker: w}, w.flow.full); err != nil {
			return err
		}
	}
	return nil
}

// xlsxText collects the text of a string item, which may be in runs
// (ECMA-376 part 1, 18.4.8).
type xlsxText struct {
	b      strings.Builder
	inText bool
}

func (x *xlsxText) start(t xml.StartElement) (skip bool) {
	x.inText = t.Name.Local == "t"
	return t.Name.Local == "rPh" || t.Name.Local == "phoneticPr" || t.Name.Local == "rPr"
}

func (x *xlsxText) chars(s string) {
	if x.inText {
		x.b.WriteString(s)
	}
}

// take is the text collected so far.
func (x *xlsxText) take() string {
	s := x.b.String()
	x.b.Reset()
	return s
}

// xlsxStrings reads the shared strings.
type xlsxStrings struct {
	xlsxText
	walker *xlsxWalker
}

func (x *xlsxStrings) end(t xml.Name) {
	x.inText = false
	if t.Local == "si" {
		x.walker.strings = append(x.walker.strings, cellText(x.take()))
	}
}

// xlsxComments reads the comments of a sheet.
type xlsxComments struct {
	xlsxText
	walker *xlsxWalker
	ref    string
}

func (x *xlsxComments) start(t xml.StartElement) bool {
	if t.Name.Local == "comment" {
		x.ref = xmlAttr(t, "ref")
	}
	return x.xlsxText.start(t)
}

func (x *xlsxComments) end(t xml.Name) {
	x.inText = false
	if t.Local == "comment" {
		if text := cellText(x.take()); text != "" {
			x.walker.flow.newLine()
			x.walker.flow.text("Comment " + cutString(oneLine(x.ref), 16) + ": " + text)
			x.walker.flow.newLine()
			x.walker.cells++
		}
	}
}

// cellText is a cell's string on one line, without the escapes that Excel writes
// for line ends (ECMA-376 part 1, 22.9.2.19).
func cellText(s string) string { return oneLine(strings.ReplaceAll(s, "_x000D_", " ")) }

// oneLine is s with its white space collapsed.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// maxGap is how many empty cells, at most, are written between two that are not.
const maxGap = 64

// xlsxSheet reads the cells of a sheet.
type xlsxSheet struct {
	xlsxText
	walker *xlsxWalker

	row, lastRow int // of the open row and of the last one with text, from 1
	column       int // of the open cell, from 1
	lastColumn   int // of the last cell in the row with text, 0 for none
	kind         string
	style        int
	value        strings.Builder
	inValue      bool
}

func (x *xlsxSheet) start(t xml.StartElement) bool {
	switch t.Name.Local {
	case "row":
		x.row++
		if n := atoi(xmlAttr(t, "r")); n > 0 {
			x.row = n
		}
		x.column, x.lastColumn = 0, 0
	case "c":
		x.column++
		if n := columnOf(xmlAttr(t, "r")); n > 0 {
			x.column = n
		}
		x.kind, x.style = xmlAttr(t, "t"), atoi(xmlAttr(t, "s"))
		x.value.Reset()
		x.b.Reset()
	case "v":
		x.inValue = true
	case "f", "conditionalFormatting", "dataValidations", "extLst", "headerFooter":
		return true
	default:
		return x.xlsxText.start(t)
	}
	return false
}

func (x *xlsxSheet) chars(s string) {
	if x.inValue {
		x.value.WriteString(s)
		return
	}
	x.xlsxText.chars(s)
}

func (x *xlsxSheet) end(t xml.Name) {
	x.inText, x.inValue = false, false
	if t.Local == "c" {
		x.cell(x.text())
	}
}

// text is the open cell's (ECMA-376 part 1, 18.18.11).
func (x *xlsxSheet) text() string {
	value := strings.TrimSpace(x.value.String())
	switch x.kind {
	case "s":
		if i, err := strconv.Atoi(value); err == nil && i >= 0 && i < len(x.walker.strings) {
			return x.walker.strings[i]
		}
		return ""
	case "inlineStr":
		return cellText(x.take())
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[value]
	case "", "n":
		return x.walker.formats.show(value, x.style)
	}
	return cellText(x.value.String()) // a formula's text, an error, an ISO date
}

// cell writes a cell's text where it stands.
func (x *xlsxSheet) cell(text string) {
	if text == "" {
		return
	}
	f := x.walker.flow
	x.walker.cells++
	if x.lastColumn == 0 {
		f.newLine()
		if x.row > x.lastRow+1 && x.lastRow > 0 {
			f.paragraph()
		}
		f.text(strings.Repeat("\t", min(max(x.column-1, 0), maxGap)))
	} else {
		f.text(strings.Repeat("\t", min(max(x.column-x.lastColumn, 1), maxGap)))
	}
	f.text(text)
	x.lastRow, x.lastColumn = x.row, x.column
}

// columnOf is the column of a reference such as "AB12", from 1; 0 if it is none.
func columnOf(ref string) int {
	n := 0
	for i := 0; i < len(ref) && i < 3; i++ {
		c := ref[i] | 0x20
		if c < 'a' || c > 'z' {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	return n
}
