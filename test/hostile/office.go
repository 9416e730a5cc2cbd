package hostile

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
)

func officeFiles() []File {
	return []File{
		{Name: "sheet-bomb.xlsx", What: "a sheet that unpacks to a thousand times its size", Want: fails("ZipBomb"), FullWant: fails("TooLarge").full(), write: sheetBomb},
		{Name: "sheet-corner.xlsx", What: "a cell in the last row and column that there can be", Want: completes(), write: sheetCorner},
		{Name: "sheet-shared.xlsx", What: "a string of 100 KB that 100,000 cells share", Want: partial(), write: sheetShared},
		{Name: "sheet-sheets.xlsx", What: "12,000 sheets", Want: partial(), write: sheetSheets},
		{Name: "sheet-formats.xlsx", What: "number formats of a megabyte, and numbers of 300 digits", Want: completes(), write: sheetFormats},
		{Name: "odt-spaces.odt", What: "a paragraph with two billion spaces", Want: partial(), FullWant: completes().full(), write: odtSpaces},
		{Name: "odt-repeated.odt", What: "a table whose cell is repeated a billion times, in a billion rows", Want: completes(), write: odtRepeated},
		{Name: "odt-nested.odt", What: "sections nested 100,000 deep", Want: fails("TooDeep"), write: odtNested},
		{Name: "slides-groups.pptx", What: "shapes grouped 100,000 deep", Want: fails("TooDeep"), write: slidesGroups},
		{Name: "slides-same.pptx", What: "one slide of 1 MB, shown 10,000 times", Want: partial(), write: slidesSame},
	}
}

const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	ooxmlTypes   = `application/vnd.openxmlformats-officedocument.`
	relationship = `http://schemas.openxmlformats.org/officeDocument/2006/relationships`
	packageNS    = `xmlns="http://schemas.openxmlformats.org/package/2006/relationships"`
)

// part is a file in a package and what writes it.
type part struct {
	name  string
	write func(io.Writer) error
}

// pack writes parts as a zip.
func pack(w io.Writer, parts ...part) error {
	z := zip.NewWriter(w)
	for _, p := range parts {
		out, err := z.Create(p.name)
		if err == nil {
			err = p.write(out)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return z.Close()
}

// ooxml is a package whose main part, of that type, is main and has the
// relationships rels; more are its other parts.
func ooxml(w io.Writer, typ, main, content, rels string, more ...part) error {
	dir, base, _ := strings.Cut(main, "/")
	parts := []part{
		{"[Content_Types].xml", written(xmlHead, `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">`,
			`<Default Extension="xml" ContentType="application/xml"/><Override PartName="/`, main, `" ContentType="`, ooxmlTypes, typ, `.main+xml"/></Types>`)},
		{"_rels/.rels", written(xmlHead, `<Relationships `, packageNS, `><Relationship Id="r1" Type="`, relationship, `/officeDocument" Target="`, main, `"/></Relationships>`)},
		{main, written(xmlHead, content)},
		{dir + "/_rels/" + base + ".rels", written(xmlHead, `<Relationships `, packageNS, `>`, rels, `</Relationships>`)},
	}
	return pack(w, append(parts, more...)...)
}

func related(id, typ, target string) string {
	return fmt.Sprintf(`<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, relationship, typ, target)
}

// workbook has one sheet that sheet writes; more are parts by relationship type.
func workbook(w io.Writer, sheet func(io.Writer) error, more ...part) error {
	rels := related("s1", "worksheet", "worksheets/sheet1.xml")
	parts := []part{{"xl/worksheets/sheet1.xml", func(w io.Writer) error {
		return all(
			func() error { return written(xmlHead, `<worksheet><sheetData>`)(w) },
			func() error { return sheet(w) },
			func() error { return written(`</sheetData></worksheet>`)(w) },
		)
	}}}
	for _, p := range more {
		rels += related(p.name, p.name, p.name+".xml")
		parts = append(parts, part{"xl/" + p.name + ".xml", p.write})
	}
	return ooxml(w, "spreadsheetml.sheet", "xl/workbook.xml",
		`<workbook xmlns:r="`+relationship+`"><sheets><sheet name="Ledger" sheetId="1" r:id="s1"/></sheets></workbook>`, rels, parts...)
}

func cell(text string) string { return `<c t="inlineStr"><is><t>` + text + `</t></is></c>` }

func sheetBomb(w io.Writer, s Size) error {
	return workbook(w, func(w io.Writer) error {
		// Cells without text: what is kept of a text is bounded before.
		return repeat(w, `<row><c r="A1" s="1"/></row>`, s.pick(32, 1024)<<20/29)
	})
}

func sheetCorner(w io.Writer, _ Size) error {
	return workbook(w, written(`<row r="1"><c r="A1" t="inlineStr"><is><t>`, sentence, `</t></is></c></row>`,
		`<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="4294967296"><c r="ZZZZZZZZ99999999999999999999"><v>2</v></c></row>`))
}

func sheetShared(w io.Writer, s Size) error {
	return workbook(w,
		func(w io.Writer) error {
			return repeat(w, `<row><c t="s"><v>0</v></c></row>`, s.pick(10_000, 100_000))
		},
		part{"sharedStrings", func(w io.Writer) error {
			return all(
				func() error { return written(xmlHead, `<sst><si><t>`)(w) },
				func() error { return repeat(w, sentence, 100_000/len(sentence)) },
				func() error { return written(`</t></si></sst>`)(w) },
			)
		}})
}

func sheetSheets(w io.Writer, s Size) error {
	n := s.pick(1_200, 12_000)
	var sheets, rels strings.Builder
	var parts []part
	for i := range n {
		fmt.Fprintf(&sheets, `<sheet name="S%d" sheetId="%d" r:id="s%d"/>`, i, i+1, i)
		rels.WriteString(related(fmt.Sprintf("s%d", i), "worksheet", fmt.Sprintf("worksheets/%d.xml", i)))
		parts = append(parts, part{fmt.Sprintf("xl/worksheets/%d.xml", i), written(`<worksheet><sheetData><row>`, cell("Paid in full."), `</row></sheetData></worksheet>`)})
	}
	return ooxml(w, "spreadsheetml.sheet", "xl/workbook.xml",
		`<workbook xmlns:r="`+relationship+`"><sheets>`+sheets.String()+`</sheets></workbook>`, rels.String(), parts...)
}

func sheetFormats(w io.Writer, s Size) error {
	return workbook(w,
		func(w io.Writer) error {
			return all(
				func() error {
					return repeat(w, `<row><c s="0"><v>-1`+strings.Repeat("9", 300)+`.5</v></c><c s="1"><v>1E+308</v></c><c s="2"><v>44000.5</v></c></row>`, s.pick(100, 1000))
				},
				func() error { return written(`<row>`, cell(sentence), `</row>`)(w) },
			)
		},
		part{"styles", func(w io.Writer) error {
			return all(
				func() error {
					return written(xmlHead, `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="`)(w)
				},
				func() error { return repeat(w, "0,", 1<<19) },
				func() error { return written(`"/><numFmt numFmtId="201" formatCode="`)(w) },
				func() error { return repeat(w, "[&gt;1]#?/?;", 1<<17) },
				func() error { return written(`"/><numFmt numFmtId="202" formatCode="`)(w) },
				func() error { return repeat(w, "yyyy[h]", 1<<17) },
				func() error {
					return written(`"/></numFmts><cellXfs><xf numFmtId="200"/><xf numFmtId="201"/><xf numFmtId="202"/></cellXfs></styleSheet>`)(w)
				},
			)
		}})
}

// odt is a text document whose body body writes.
func odt(w io.Writer, body func(io.Writer) error) error {
	const ns = `urn:oasis:names:tc:opendocument:xmlns:`
	return pack(w,
		part{"mimetype", written("application/vnd.oasis.opendocument.text")},
		part{"content.xml", func(w io.Writer) error {
			return all(
				func() error {
					return written(xmlHead, `<office:document-content xmlns:office="`, ns, `office:1.0" xmlns:text="`, ns, `text:1.0" xmlns:table="`, ns,
						`table:1.0"><office:body><office:text>`)(w)
				},
				func() error { return body(w) },
				func() error {
					return written(`<text:p>`, sentence, `</text:p></office:text></office:body></office:document-content>`)(w)
				},
			)
		}})
}

func odtSpaces(w io.Writer, _ Size) error {
	return odt(w, func(w io.Writer) error {
		return all(
			func() error { return written(`<text:p>a<text:s text:c="2000000000"/>b</text:p><text:p>`)(w) },
			func() error { return repeat(w, `<text:s text:c="2147483647"/>`, 10_000) },
			func() error { return written(`</text:p>`)(w) },
		)
	})
}

func odtRepeated(w io.Writer, _ Size) error {
	return odt(w, written(`<table:table><table:table-column table:number-columns-repeated="1000000000"/><table:table-row table:number-rows-repeated="1000000000">`,
		`<table:table-cell table:number-columns-repeated="1000000000"><text:p>paid</text:p></table:table-cell></table:table-row></table:table>`))
}

func odtNested(w io.Writer, _ Size) error {
	const n = 100_000
	return odt(w, func(w io.Writer) error {
		return all(
			func() error { return repeat(w, "<text:section>", n) },
			func() error { return written(`<text:p>deep</text:p>`)(w) },
			func() error { return repeat(w, "</text:section>", n) },
		)
	})
}

const slideTarget = "slides/slide1.xml"

// presentation shows the slide that slide writes n times.
func presentation(w io.Writer, n int, slide func(io.Writer) error) error {
	var shown, rels strings.Builder
	for i := range n {
		fmt.Fprintf(&shown, `<p:sldId id="%d" r:id="s%d"/>`, 256+i, i)
		rels.WriteString(related(fmt.Sprintf("s%d", i), "slide", slideTarget))
	}
	return ooxml(w, "presentationml.presentation", "ppt/presentation.xml",
		`<p:presentation xmlns:p="p" xmlns:r="`+relationship+`"><p:sldIdLst>`+shown.String()+`</p:sldIdLst></p:presentation>`, rels.String(),
		part{"ppt/" + slideTarget, func(w io.Writer) error {
			return all(
				func() error { return written(xmlHead, `<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>`)(w) },
				func() error { return slide(w) },
				func() error { return written(`</p:spTree></p:cSld></p:sld>`)(w) },
			)
		}})
}

func shape(text string) string {
	return `<p:sp><p:txBody><a:p><a:r><a:t>` + text + `</a:t></a:r></a:p></p:txBody></p:sp>`
}

func slidesGroups(w io.Writer, _ Size) error {
	const n = 100_000
	return presentation(w, 1, func(w io.Writer) error {
		return all(
			func() error { return repeat(w, "<p:grpSp>", n) },
			func() error { return written(shape(sentence))(w) },
			func() error { return repeat(w, "</p:grpSp>", n) },
		)
	})
}

func slidesSame(w io.Writer, s Size) error {
	return presentation(w, s.pick(1_000, 10_000), func(w io.Writer) error {
		return repeat(w, shape(sentence), s.pick(64<<10, 1<<20)/len(shape(sentence)))
	})
}
