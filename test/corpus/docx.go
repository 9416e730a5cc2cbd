package corpus

import (
	"archive/zip"
	"bytes"
	"fmt"
	"html"
	"io"
	"strings"
	"time"
)

// The parts of a Word document (ECMA-376 part 1) that are the same in all.
const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	wordSpace    = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	wordMedia    = `application/vnd.openxmlformats-officedocument.wordprocessingml.`
	relationType = `http://schemas.openxmlformats.org/officeDocument/2006/relationships/`
	relations    = xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`

	contentTypes = xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="application/xml"/>` +
		`<Override PartName="/word/document.xml" ContentType="` + wordMedia + `document.main+xml"/>` +
		`<Override PartName="/word/styles.xml" ContentType="` + wordMedia + `styles+xml"/>` +
		`<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>`

	packageRelations = relations + `<Relationship Id="rId1" Type="` + relationType + `officeDocument" Target="word/document.xml"/>` +
		`<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`

	documentRelations = relations + `<Relationship Id="rId1" Type="` + relationType + `styles" Target="styles.xml"/></Relationships>`

	coreProperties = xmlHead + `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<dc:title>%s</dc:title><dc:creator>%s</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created></cp:coreProperties>`

	wordStyles = xmlHead + `<w:styles` + wordSpace + `><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman"/><w:sz w:val="24"/></w:rPr></w:rPrDefault></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:pPr><w:spacing w:after="160"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:basedOn w:val="Normal"/><w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/><w:pPr><w:ind w:left="720" w:right="720"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Lines"><w:name w:val="Lines"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:after="0"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Centred"><w:name w:val="Centred"/><w:basedOn w:val="Lines"/><w:pPr><w:jc w:val="center"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="Signature"><w:name w:val="Signature"/><w:basedOn w:val="Lines"/><w:pPr><w:ind w:left="4680"/></w:pPr></w:style></w:styles>`

	wordSection = `<w:sectPr><w:pgSz w:w="12240" w:h="15840"/><w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="720" w:footer="720" w:gutter="0"/></w:sectPr>`

	renderedBreak = `<w:r><w:lastRenderedPageBreak/></w:r>`
)

// renderDOCX is the draft as a Word document, and how many pages it has by the
// marks that Word leaves where it last broke them.
func renderDOCX(d *draft) (data []byte, pages int) {
	w := &wordWriter{sheet: d.sheet, pages: 1}
	w.b.WriteString(xmlHead + `<w:document` + wordSpace + `><w:body>`)
	for _, b := range d.blocks {
		w.block(b)
	}
	w.b.WriteString(wordSection + `</w:body></w:document>`)
	core := fmt.Sprintf(coreProperties, html.EscapeString(d.title), html.EscapeString(d.matter.forPlaintiff.name), d.date.Format(time.RFC3339))
	return zipped(d.date, [][2]string{
		{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageRelations}, {"docProps/core.xml", core},
		{"word/document.xml", w.b.String()}, {"word/styles.xml", wordStyles}, {"word/_rels/document.xml.rels", documentRelations},
	}), w.pages
}

// zipped is a ZIP file of parts, names and texts.
func zipped(at time.Time, parts [][2]string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return &deflater{to: w}, nil })
	for _, part := range parts {
		f, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Deflate, Modified: at})
		if err == nil {
			_, err = io.WriteString(f, part[1])
		}
		if err != nil {
			panic(err) // writing to memory does not fail
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return out.Bytes()
}

// wordWriter writes the body of a document.
type wordWriter struct {
	b     strings.Builder
	sheet sheet
	used  int // of this page
	pages int
}

// block writes a block, on a new page if the one that Word would have set it on
// is full.
func (w *wordWriter) block(b block) {
	height := w.sheet.heightOf(b)
	mark := ""
	if w.used > 0 && w.used+height > w.sheet.height {
		mark, w.used = renderedBreak, 0
		w.pages++
	}
	w.used += height
	switch b.shape {
	case paragraph:
		w.paragraph("", mark, b.text)
	case blockTitle:
		w.paragraph("Title", mark, b.text)
	case blockHeading:
		w.paragraph("Heading1", mark, b.text)
	case blockQuote:
		w.paragraph("Quote", mark, b.text)
	case blockLines:
		w.lines("Lines", mark, b.lines)
	case blockCentred:
		w.lines("Centred", mark, b.lines)
	case blockSigned:
		w.lines("Signature", mark, b.lines)
	case blockCaption:
		w.row(2, func(i int) { w.lines("Lines", "", [][]string{b.lines, b.right}[i]) })
	case blockTable:
		w.table(mark, b.rows)
	}
}

func (w *wordWriter) paragraph(style, mark, text string) {
	w.b.WriteString("<w:p>")
	if style != "" {
		w.b.WriteString(`<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`)
	}
	w.b.WriteString(mark + `<w:r><w:t xml:space="preserve">` + html.EscapeString(text) + "</w:t></w:r></w:p>")
}

func (w *wordWriter) lines(style, mark string, lines []string) {
	for _, line := range lines {
		w.paragraph(style, mark, line)
		mark = ""
	}
	w.paragraph("Lines", "", "")
}

const tableHead = `<w:tbl><w:tblPr><w:tblW w:w="9360" w:type="dxa"/></w:tblPr><w:tblGrid>`

// row is a table of one row.
func (w *wordWriter) row(columns int, cell func(i int)) {
	w.b.WriteString(tableHead + strings.Repeat(fmt.Sprintf(`<w:gridCol w:w="%d"/>`, 9360/columns), columns) + "</w:tblGrid>")
	w.cells(columns, cell)
	w.b.WriteString("</w:tbl>")
	w.paragraph("Lines", "", "")
}

func (w *wordWriter) cells(columns int, cell func(i int)) {
	w.b.WriteString("<w:tr>")
	for i := range columns {
		fmt.Fprintf(&w.b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/></w:tcPr>`, 9360/columns)
		cell(i)
		w.b.WriteString("</w:tc>")
	}
	w.b.WriteString("</w:tr>")
}

func (w *wordWriter) table(mark string, rows [][]string) {
	columns := len(rows[0])
	w.b.WriteString(tableHead + strings.Repeat(fmt.Sprintf(`<w:gridCol w:w="%d"/>`, 9360/columns), columns) + "</w:tblGrid>")
	for _, row := range rows {
		w.cells(columns, func(i int) {
			w.paragraph("Lines", mark, row[i])
			mark = ""
		})
	}
	w.b.WriteString("</w:tbl>")
	w.paragraph("Lines", "", "")
}
