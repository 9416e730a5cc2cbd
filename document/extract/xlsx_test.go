package extract

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

// xlsx is a workbook of those sheets, each its rows, and further parts of the
// workbook by relationship type: styles, sharedStrings. attrs are those of
// workbookPr.
func xlsx(t testing.TB, attrs string, parts map[string]string, sheets ...string) string {
	t.Helper()
	var names, rels strings.Builder
	files := []string{
		"[Content_Types].xml", `<Types><Override PartName="/xl/workbook.xml" ContentType="` + mediaXLSX + `.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships><Relationship Id="1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
	}
	for i, s := range sheets {
		state := ""
		if inner, ok := strings.CutPrefix(s, "hidden:"); ok {
			s, state = inner, ` state="veryHidden"`
		}
		fmt.Fprintf(&names, `<sheet name="Sheet %d" r:id="s%d"%s/>`, i+1, i, state)
		fmt.Fprintf(&rels, `<Relationship Id="s%d" Type="http://x/worksheet" Target="sheets/%d.xml"/>`, i, i)
		files = append(files, fmt.Sprintf("xl/sheets/%d.xml", i), "<worksheet><sheetData>"+s+"</sheetData></worksheet>")
	}
	for kind, content := range parts {
		if kind == "comments" {
			files = append(files, "xl/sheets/_rels/0.xml.rels", `<Relationships><Relationship Id="c" Type="http://x/comments" Target="../comments.xml"/></Relationships>`)
		} else {
			rels.WriteString(`<Relationship Id="` + kind + `" Type="http://x/` + kind + `" Target="` + kind + `.xml"/>`)
		}
		files = append(files, "xl/"+kind+".xml", content)
	}
	return zipped(t, append(files,
		"xl/workbook.xml", `<workbook xmlns:r="http://r"><workbookPr `+attrs+`/><sheets>`+names.String()+`</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", "<Relationships>"+rels.String()+"</Relationships>")...)
}

func row(cells ...string) string { return "<row>" + strings.Join(cells, "") + "</row>" }

func inline(s string) string { return `<c t="inlineStr"><is><t>` + s + `</t></is></c>` }

func number(style int, v string) string { return fmt.Sprintf(`<c s="%d"><v>%s</v></c>`, style, v) }

func TestXLSXSheets(t *testing.T) {
	t.Parallel()
	c := read(t, "", xlsx(t, "", map[string]string{
		"sharedStrings": `<sst><si><t>Payee</t></si><si><r><rPr><b/></rPr><t>Hal</t></r><r><t>vorsen_x000D_
 LLC</t></r><rPh><t>phonetic</t></rPh></si></sst>`,
		"comments": `<comments><authors><author>Ann</author></authors><commentList><comment ref="B2"><text><r><t>check </t></r><r><t>this</t></r></text></comment></commentList></comments>`,
	},
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="str"><f>A1&amp;"x"</f><v>sum</v></c></row>`+
			`<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><f>1+1</f><v>2</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c><c r="E2" t="s"><v>99</v></c></row>`+
			`<row r="9"><c r="B9" t="inlineStr"><is><t>total</t></is></c></row>`,
		"", "hidden:"+row(inline("secret"), inline("b"))))
	assert.Equal(t, document.FormatXLSX, c.Format)
	assert.Equal(t, []string{
		"Sheet 1\n\nPayee\t\tsum\nHalvorsen LLC\t2\tTRUE\t#N/A\n\n\ttotal\n\nComment B2: check this",
		"Sheet 2",
		"Sheet 3\n\nsecret\tb",
	}, texts(c))
	assert.Equal(t, []document.Warning{{Code: "hidden-sheet", Page: 3, Message: "the sheet is hidden in the workbook"}}, c.Warnings)
}

func TestXLSXNumberFormats(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ code, value, want string }{
		{"General", "1234567.8900000001", "1234567.89"},
		{"General", "1E-2", "0.01"},
		{"0", "2.5", "2"},
		{"#,##0.00", "-1234567.891", "-1,234,567.89"},
		{`"$"#,##0.00_);[Red]\("$"#,##0.00\)`, "1234.5", "$1,234.50"},
		{`_("$"* #,##0.00_)`, "999", "$999.00"},
		{`[$€-407] #,##0`, "-1000", "-€1,000"},
		{"0.0%", "0.125", "12.5%"},
		{"m/d/yyyy", "43952", "2020-05-01"},
		{"[$-409]mmmm d, yyyy;@", "43952", "2020-05-01"},
		{`d" de "mmmm`, "43952", "2020-05-01"},
		{"mmm-yy", "43952.75", "2020-05-01"},
		{"yyyy-mm-dd hh:mm", "43952.395833333336", "2020-05-01 09:30"},
		{"m/d/yy h:mm:ss AM/PM", "43952.99999999", "2020-05-02 00:00:00"},
		{"h:mm", "0.5", "12:00"},
		{"[h]:mm:ss", "1.5", "36:00:00"},
		{"mm:ss", "0.5", "12:00:00"},
		{"m/d/yyyy", "1", "1900-01-01"},
		{"m/d/yyyy", "61", "1900-03-01"},
		{"m/d/yyyy", "-1", "-1"},
		{"m/d/yyyy", "1e300", "1e+300"},
		{"0.00E+00", "12345", "12345"},
		{"# ?/?", "0.5", "0.5"},
		{"@", "12", "12"},
		{`"No. "0`, "7", "7"},
	} {
		f := xlsxFormats{cells: []numberFormat{parseNumberFormat(tc.code)}}
		assert.Equal(t, tc.want, f.show(tc.value, 0), tc.code+" "+tc.value)
	}
	f := xlsxFormats{from1904: true, cells: []numberFormat{parseNumberFormat("m/d/yyyy")}}
	assert.Equal(t, "1904-01-02", f.show("1", 0))
	assert.Equal(t, "1", f.show("1", 9))
}

func TestXLSXStylesReachCells(t *testing.T) {
	t.Parallel()
	styles := `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="&quot;$&quot;#,##0"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>`
	c := read(t, "", xlsx(t, `date1904="1"`, map[string]string{"styles": styles}, row(number(0, "1"), number(1, "1"), number(2, "1500"))))
	assert.Equal(t, []string{"Sheet 1\n\n1\t1904-01-02\t$1,500"}, texts(c))
}

func TestXLSXErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, typ string }{
		"no text":    {xlsx(t, "", nil, "", ""), TypeNoText},
		"broken xml": {xlsx(t, "", nil, "<row>"), TypeCorrupt},
		"deep":       {xlsx(t, "", nil, strings.Repeat("<a>", 600)+strings.Repeat("</a>", 600)), TypeTooDeep},
		"bomb":       {xlsx(t, "", nil, row(inline(strings.Repeat("a", 40<<20)))), TypeZipBomb},
		"bomb in the strings": {xlsx(t, "", map[string]string{"sharedStrings": "<sst><si><t>" + strings.Repeat("a", 40<<20) + "</t></si></sst>"},
			row(inline("x"))), TypeZipBomb},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := extract(t, "", tc.data)
			requireType(t, batch.Data, tc.typ, err)
		})
	}
}

func TestXLSXFarCellsCostLittle(t *testing.T) {
	t.Parallel()
	c := read(t, "", xlsx(t, "", nil, `<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>`))
	assert.Less(t, len(c.Pages[0].Text), 100)
	assert.Equal(t, 16384, columnOf("XFD1"))
	assert.Equal(t, 0, columnOf("12"))
}

func FuzzXLSX(f *testing.F) {
	f.Add(row(inline("a"), number(1, "43952")), "<sst><si><t>a</t></si></sst>", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Add(`<row r="-1"><c r="ZZZZZ9" t="s"><v>-1</v></c><c/></row></sheetData><c><is>`, "<si/>", `<numFmts><numFmt numFmtId="1" formatCode='[$"\'/></numFmts>`)
	f.Fuzz(func(t *testing.T, rows, shared, styles string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, content := range map[string]string{
			"xl/workbook.xml": `<workbook xmlns:r="r"><sheets><sheet name="S" r:id="s"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="s" Type="x/worksheet" Target="s.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="t.xml"/>` +
				`<Relationship Id="u" Type="x/styles" Target="u.xml"/></Relationships>`,
			"xl/s.xml": "<worksheet><sheetData>" + rows + "</sheetData></worksheet>", "xl/t.xml": shared, "xl/u.xml": styles,
		} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			require.NoError(t, err)
			_, err = w.Write([]byte(content))
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		c, err := xlsxReader{Limits{}.WithDefaults()}.Read(t.Context(), write(t, "", b.Bytes()))
		checkFuzzed(t, c, err)
	})
}

// FuzzNumberFormat shows any number by any format.
func FuzzNumberFormat(f *testing.F) {
	f.Add("m/d/yyyy", "43952")
	f.Add(`[$€-407]#,##0.00;"`, "-1e15")
	f.Fuzz(func(t *testing.T, code, value string) {
		x := xlsxFormats{cells: []numberFormat{parseNumberFormat(code)}}
		require.LessOrEqual(t, len(x.show(value, 0)), len(value)+64)
	})
}
