package main

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"time"
)

// renderDOCX is a source as a Word document (ECMA-376): header, footer with the
// page number, footnotes and tables.
func renderDOCX(s *source) ([]byte, error) {
	at, err := s.date()
	if err != nil {
		return nil, err
	}
	w := wordWriter{source: s, notes: map[string]int{}}
	for _, b := range s.Blocks {
		w.block(b)
	}
	if w.err != nil {
		return nil, w.err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", wordTypes},
		{"_rels/.rels", wordRoots},
		{"docProps/core.xml", fmt.Sprintf(wordCore, escape(s.Meta["title"]), escape(s.Meta["author"]), escape(s.Meta["subject"]), at.UTC().Format(time.RFC3339))},
		{"word/document.xml", wordHead + "<w:document " + wordSpaces + "><w:body>" + w.body.String() + wordSection + "</w:body></w:document>"},
		{"word/styles.xml", wordHead + wordStyles},
		{"word/settings.xml", wordHead + wordSettings},
		{"word/header1.xml", wordHead + "<w:hdr " + wordSpaces + ">" + wordLine("Header", s.Meta["header"]) + "</w:hdr>"},
		{"word/footer1.xml", wordHead + "<w:ftr " + wordSpaces + ">" + wordLine("Footer", s.Meta["footer"]) + "</w:ftr>"},
		{"word/footnotes.xml", wordHead + "<w:footnotes " + wordSpaces + ">" + wordSeparators + w.footnotes.String() + "</w:footnotes>"},
		{"word/_rels/document.xml.rels", wordRelations},
	} {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part.name, Method: zip.Deflate, Modified: at.UTC()})
		if err != nil {
			return nil, err
		}
		if _, err := f.Write([]byte(part.text)); err != nil {
			return nil, err
		}
	}
	err = z.Close()
	return out.Bytes(), err
}

// wordWriter writes the body and the footnotes of a Word document.
type wordWriter struct {
	source    *source
	body      strings.Builder
	footnotes strings.Builder
	notes     map[string]int
	err       error
}

func escape(text string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(text)) //nolint:errcheck // a Builder takes everything
	return b.String()
}

var wordStyle = map[kind]string{
	heading: "Heading1", subheading: "Heading2", quotation: "Quote", indented: "Indented",
	lines: "Lines", centered: "Centered", signature: "Signature", mono: "Mono",
}

func (w *wordWriter) block(b block) {
	switch b.Kind {
	case pageBreak:
		w.body.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
	case lines, centered, signature, mono:
		for _, text := range b.Lines {
			w.paragraph(wordStyle[b.Kind], text)
		}
	case caption:
		w.tableStart([]float64{0.5, 0.5}, false)
		w.body.WriteString("<w:tr>")
		w.cell(b.Lines, 0.5, "")
		w.cell(b.Right, 0.5, "")
		w.body.WriteString("</w:tr></w:tbl>")
		w.paragraph("Normal", "")
	case table:
		w.tableStart(b.Shares, true)
		for i, row := range b.Rows {
			w.body.WriteString("<w:tr>")
			if i == 0 {
				w.body.WriteString(`<w:trPr><w:tblHeader/></w:trPr>`)
			}
			for c, text := range row {
				mark := ""
				if i == 0 {
					mark = "**"
				}
				w.cell([]string{text}, b.Shares[c], mark)
			}
			w.body.WriteString("</w:tr>")
		}
		w.body.WriteString("</w:tbl>")
		w.paragraph("Normal", "")
	case numbered:
		w.paragraph("Normal", fmt.Sprintf("%d. %s", b.Number, b.Text))
	default:
		style := wordStyle[b.Kind]
		if style == "" {
			style = "Normal"
		}
		w.paragraph(style, b.Text)
	}
}

// textWidth is the width between the margins, in twentieths of a point.
const textWidth = 9360

func (w *wordWriter) tableStart(shares []float64, ruled bool) {
	w.body.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="` + fmt.Sprint(textWidth) + `" w:type="dxa"/>`)
	if ruled {
		w.body.WriteString("<w:tblBorders>")
		for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
			fmt.Fprintf(&w.body, `<w:%s w:val="single" w:sz="4" w:space="0" w:color="auto"/>`, side)
		}
		w.body.WriteString("</w:tblBorders>")
	}
	w.body.WriteString("</w:tblPr><w:tblGrid>")
	for _, share := range shares {
		fmt.Fprintf(&w.body, `<w:gridCol w:w="%d"/>`, int(share*textWidth))
	}
	w.body.WriteString("</w:tblGrid>")
}

func (w *wordWriter) cell(texts []string, share float64, mark string) {
	fmt.Fprintf(&w.body, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, int(share*textWidth))
	for _, text := range texts {
		w.paragraph("Lines", mark+text+mark)
	}
	w.body.WriteString("</w:tc>")
}

func (w *wordWriter) paragraph(style, text string) {
	fmt.Fprintf(&w.body, `<w:p><w:pPr><w:pStyle w:val="%s"/></w:pPr>`, style)
	for _, r := range runs(text) {
		if r.Note != "" {
			w.note(r.Note)
			continue
		}
		w.body.WriteString(wordRun(r))
	}
	w.body.WriteString("</w:p>")
}

func wordRun(r run) string {
	props := ""
	if r.Slant&bold != 0 {
		props += "<w:b/>"
	}
	if r.Slant&italic != 0 {
		props += "<w:i/>"
	}
	if props != "" {
		props = "<w:rPr>" + props + "</w:rPr>"
	}
	return `<w:r>` + props + `<w:t xml:space="preserve">` + escape(strings.ReplaceAll(r.Text, "~", "\u00A0")) + `</w:t></w:r>`
}

// note refers to a footnote and adds its text. Word's own separators are the
// footnotes -1 and 0.
func (w *wordWriter) note(label string) {
	text, ok := w.source.Notes[label]
	if !ok && w.err == nil {
		w.err = fmt.Errorf("no footnote %s", label)
	}
	id := len(w.notes) + 1
	w.notes[label] = id
	fmt.Fprintf(&w.body, `<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="%d"/></w:r>`, id)
	fmt.Fprintf(&w.footnotes, `<w:footnote w:id="%d"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>`+
		`<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> </w:t></w:r>`, id)
	for _, r := range runs(text) {
		w.footnotes.WriteString(wordRun(r))
	}
	w.footnotes.WriteString("</w:p></w:footnote>")
}

// wordLine is a paragraph of a header or footer; {page} and {pages} become
// fields.
func wordLine(style, text string) string {
	var b strings.Builder
	b.WriteString(`<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	for text != "" {
		before, rest, found := strings.Cut(text, "{")
		b.WriteString(wordRun(run{Text: strings.ReplaceAll(before, "||", "  ")}))
		if !found {
			break
		}
		name, after, _ := strings.Cut(rest, "}")
		field := map[string]string{"page": "PAGE", "pages": "NUMPAGES"}[name]
		b.WriteString(`<w:fldSimple w:instr="` + field + `"><w:r><w:t>1</w:t></w:r></w:fldSimple>`)
		text = after
	}
	b.WriteString("</w:p>")
	return b.String()
}
