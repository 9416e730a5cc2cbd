package extract

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

const wordNamespace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" ` +
	`xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

// docx is a document with that body and further parts: by relationship type and
// number, such as "header1", their XML.
func docx(t testing.TB, body string, parts map[string]string) string {
	t.Helper()
	files := []string{
		"[Content_Types].xml", `<Types><Override PartName="/word/document.xml" ContentType="` + mediaDOCX + `.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships><Relationship Id="1" Type="http://x/officeDocument" Target="word/document.xml"/>` +
			`<Relationship Id="2" Type="http://x/metadata/core-properties" Target="docProps/core.xml"/></Relationships>`,
		"word/document.xml", `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordNamespace + `><w:body>` + body + `</w:body></w:document>`,
	}
	var rels strings.Builder
	for name, content := range parts {
		if name == "core" {
			files = append(files, "docProps/core.xml", content)
			continue
		}
		rels.WriteString(`<Relationship Id="` + name + `" Type="http://x/` + strings.TrimRight(name, "0123456789") + `" Target="` + name + `.xml"/>`)
		files = append(files, "word/"+name+".xml", strings.Replace(content, ">", " "+wordNamespace+">", 1))
	}
	files = append(files, "word/_rels/document.xml.rels", "<Relationships>"+rels.String()+"</Relationships>")
	return zipped(t, files...)
}

func para(runs string) string { return "<w:p><w:r>" + runs + "</w:r></w:p>" }

func text(s string) string { return `<w:t xml:space="preserve">` + s + "</w:t>" }

func TestDOCXText(t *testing.T) {
	t.Parallel()
	table := func(rows ...[]string) string {
		var b strings.Builder
		b.WriteString("<w:tbl>")
		for _, r := range rows {
			b.WriteString("<w:tr>")
			for _, c := range r {
				b.WriteString("<w:tc><w:tcPr/>" + c + "</w:tc>")
			}
			b.WriteString("</w:tr>")
		}
		return b.String() + "</w:tbl>"
	}
	for name, tc := range map[string]struct{ body, want string }{
		"paragraphs":         {para(text("a ")+text("b")) + para("") + para(text("c")), "a b\n\nc"},
		"tab and line break": {para(text("a") + "<w:tab/>" + text("b") + "<w:br/>" + text("c")), "a\tb\nc"},
		"tab stops":          {"<w:p><w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr><w:r>" + text("a") + "</w:r></w:p>", "a"},
		"no-break hyphen":    {para(text("1:20") + "<w:noBreakHyphen/>" + text("cv")), "1:20-cv"},
		"soft hyphen":        {para(text("plain") + "<w:softHyphen/>" + text("tiff")), "plaintiff"},
		"symbol":             {para(`<w:sym w:font="Wingdings" w:char="F0FE"/>` + text(" yes")), "☑ yes"},
		"form check boxes": {para(`<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData></w:fldChar>`+
			text(" yes ")) + para(`<w:fldChar><w:ffData><w:checkBox><w:default w:val="0"/></w:checkBox></w:ffData></w:fldChar>`), "☒ yes\n\n☐"},
		"field code":        {para("<w:instrText>PAGEREF _Toc1</w:instrText>" + text("12")), "12"},
		"insertion kept":    {"<w:p><w:ins><w:r>" + text("new") + "</w:r></w:ins><w:del><w:r><w:delText>old</w:delText><w:tab/></w:r></w:del><w:r>" + text("er") + "</w:r></w:p>", "newer"},
		"move":              {"<w:p><w:moveFrom><w:r>" + text("x") + "</w:r></w:moveFrom><w:moveTo><w:r>" + text("y") + "</w:r></w:moveTo></w:p>", "y"},
		"deleted mark":      {"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r>" + text("a") + "</w:r></w:p>" + para(text("b")), "ab"},
		"former properties": {"<w:p><w:pPr><w:pPrChange><w:pPr><w:pageBreakBefore/></w:pPr></w:pPrChange></w:pPr><w:r>" + text("a") + "</w:r></w:p>", "a"},
		"table": {para(text("before")) + table([]string{para(text("a")), para(text("b"))}, []string{para(text("c")), para(text("d"))}) + para(text("after")),
			"before\n\na\tb\nc\td\n\nafter"},
		"caption": {table([]string{para(text("DOE,")) + para(text("Plaintiff,")), para(text(")")), para(text("No. 1"))}), "DOE,\n\nPlaintiff,\n\n)\n\nNo. 1"},
		"nested table": {table([]string{para(text("a")), table([]string{para(text("b")), para(text("c"))}, []string{para(text("d")), para(text("e"))}) + para("")}),
			"a\n\nb\tc\nd\te"},
		"deleted row": {"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>" + para(text("x")) + "</w:tc></w:tr><w:tr><w:tc>" + para(text("y")) + "</w:tc></w:tr></w:tbl>", "y"},
		"text box": {"<w:p><w:r>" + text("around ") + "<mc:AlternateContent><mc:Choice><w:txbxContent>" + para(text("boxed")) + "</w:txbxContent></mc:Choice>" +
			"<mc:Fallback><w:txbxContent>" + para(text("boxed")) + "</w:txbxContent></mc:Fallback></mc:AlternateContent>" + text("it") + "</w:r></w:p>" + para(text("next")),
			"around it\n\nboxed\n\nnext"},
		"entities": {para(text("Smith &amp; Jones &#167; 1")), "Smith & Jones § 1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, []string{tc.want}, texts(read(t, "", docx(t, tc.body, nil))))
		})
	}
}

func TestDOCXPages(t *testing.T) {
	t.Parallel()
	rendered := "<w:lastRenderedPageBreak/>"
	hard := `<w:br w:type="page"/>`
	section := func(kind string) string {
		return `<w:p><w:pPr><w:sectPr><w:type w:val="` + kind + `"/></w:sectPr></w:pPr><w:r>` + text("end") + "</w:r></w:p>"
	}
	for name, tc := range map[string]struct {
		body string
		want []string
	}{
		"author's":              {para(text("a") + hard + text("b")), []string{"a", "b"}},
		"application's":         {para(text("a")) + para(rendered+text("b")), []string{"a", "b"}},
		"both are one":          {para(text("a")+hard) + para(rendered+text("b")), []string{"a", "b"}},
		"a blank page":          {para(text("a") + hard + hard + text("b")), []string{"a", "", "b"}},
		"before a paragraph":    {para(text("a")) + "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r>" + rendered + text("b") + "</w:r></w:p>", []string{"a", "b"}},
		"section":               {section("nextPage") + para(text("b")), []string{"end", "b"}},
		"section on the page":   {section("continuous") + para(text("b")), []string{"end\n\nb"}},
		"in a table, after row": {"<w:tbl><w:tr><w:tc>" + para(text("a")+rendered+text("b")) + "</w:tc></w:tr></w:tbl>" + para(text("c")), []string{"ab", "c"}},
		"at the end":            {para(text("a") + hard), []string{"a"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, "", docx(t, tc.body, nil))
			assert.Equal(t, tc.want, texts(c))
			for i, p := range c.Pages {
				assert.Equal(t, i+1, p.Number)
				assert.Equal(t, document.TextLayer, p.Source)
			}
		})
	}
}

func TestDOCXPartsAroundTheText(t *testing.T) {
	t.Parallel()
	ref := func(kind, id string) string { return `<w:` + kind + `Reference w:id="` + id + `"/>` }
	c := read(t, "", docx(t,
		para(text("one")+ref("footnote", "2")+ref("endnote", "1"))+para(`<w:br w:type="page"/>`+text("two")+ref("footnote", "3")),
		map[string]string{
			"footnotes": `<w:footnotes><w:footnote w:id="0" w:type="separator">` + para(text("---")) + `</w:footnote><w:footnote w:id="3">` + para(text("second")) +
				`</w:footnote><w:footnote w:id="2">` + para("<w:footnoteRef/>"+text(" first")) + `</w:footnote></w:footnotes>`,
			"endnotes": `<w:endnotes><w:endnote w:id="1">` + para(text("last")) + `</w:endnote></w:endnotes>`,
			"comments": `<w:comments><w:comment w:id="1" w:author="x">` + para(text("check cite")) + `</w:comment></w:comments>`,
			"header1":  `<w:hdr>` + para(text("Case 1:20-cv-3")) + `</w:hdr>`,
			"header2":  `<w:hdr>` + para(text("Case 1:20-cv-3")) + `</w:hdr>`,
			"footer1":  `<w:ftr>` + para(text("- 4 -")) + para(text("SEALED")) + `</w:ftr>`,
			"core": `<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title> Motion  to
				dismiss</dc:title><dc:creator>A. Clerk</dc:creator></cp:coreProperties>`,
		}))
	assert.Equal(t, []string{
		"Case 1:20-cv-3\n\none[1][e1]\n\n[1]  first",
		"two[2]\n\n[e1] last\n\nComment: check cite\n\n[2] second\nSEALED",
	}, texts(c))
	assert.Equal(t, map[string]string{"title": "Motion to dismiss", "author": "A. Clerk"}, c.Metadata)
	assert.Equal(t, mediaDOCX, c.MediaType)
}

func TestDOCXNoteIsWrittenOnce(t *testing.T) {
	t.Parallel()
	ref := `<w:footnoteReference w:id="1"/>`
	c := read(t, "", docx(t, para(text("a")+ref+ref+ref), map[string]string{
		"footnotes": `<w:footnotes><w:footnote w:id="1">` + para(text("note")) + `</w:footnote></w:footnotes>`,
	}))
	assert.Equal(t, []string{"a[1]\n\n[1] note"}, texts(c))
}

func TestDOCXNumbering(t *testing.T) {
	t.Parallel()
	level := func(i, start, format, lvlText, extra string) string {
		return `<w:lvl w:ilvl="` + i + `"><w:start w:val="` + start + `"/><w:numFmt w:val="` + format + `"/>` + extra + `<w:lvlText w:val="` + lvlText + `"/></w:lvl>`
	}
	numbering := `<w:numbering><w:abstractNum w:abstractNumId="7">` +
		level("0", "1", "upperRoman", "%1.", `<w:pStyle w:val="Heading1"/>`) + level("1", "1", "lowerLetter", "(%2)", "") + level("2", "1", "decimal", "%1.%3", "<w:isLgl/>") +
		`</w:abstractNum><w:abstractNum w:abstractNumId="8">` + level("0", "1", "bullet", "", "") + `</w:abstractNum>` +
		`<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>` +
		`<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num></w:numbering>`
	styles := `<w:styles><w:style w:styleId="Heading1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:styleId="Sub"><w:basedOn w:val="Heading1"/></w:style></w:styles>`
	item := func(properties string) string {
		return `<w:p><w:pPr>` + properties + `</w:pPr><w:r>` + text("x") + `</w:r></w:p>`
	}
	numbered := func(list, level string) string {
		return item(`<w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + list + `"/></w:numPr>`)
	}
	body := item(`<w:pStyle w:val="Heading1"/>`) + numbered("1", "1") + numbered("1", "1") + numbered("1", "2") +
		item(`<w:pStyle w:val="Sub"/>`) + numbered("1", "1") + numbered("2", "0") + numbered("3", "0") + numbered("0", "0")
	c := read(t, "", docx(t, body, map[string]string{"numbering": numbering, "styles": styles}))
	assert.Equal(t, "I. x\n\n(a) x\n\n(b) x\n\n1.1 x\n\nII. x\n\n(a) x\n\n• x\n\nIX. x\n\nx", c.Pages[0].Text)
}

func TestListNumbers(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "MCMXCIV", roman(1994))
	assert.Equal(t, []string{"A", "Z", "AA", "BB"}, []string{letters(1), letters(26), letters(27), letters(28)})
	assert.Equal(t, "07", listNumber("decimalZero", 7))
	assert.Equal(t, "3", listNumber("chicago", 3))
}

func TestDOCXErrors(t *testing.T) {
	t.Parallel()
	good := docx(t, para(text("x")), nil)
	flipped := []byte(good)
	at := strings.Index(good, "word/document.xml") + len("word/document.xml") + 20
	flipped[at] ^= 0xFF
	for name, tc := range map[string]struct{ data, typ string }{
		"no text":         {docx(t, para(""), nil), TypeNoText},
		"broken xml":      {docx(t, "<w:p><w:r></w:p>", nil), TypeCorrupt},
		"cut off":         {good[:len(good)-30], TypeCorrupt},
		"damaged entry":   {string(flipped), TypeCorrupt},
		"nested too deep": {docx(t, strings.Repeat("<w:sdt>", 600)+strings.Repeat("</w:sdt>", 600), nil), TypeTooDeep},
		"bomb":            {docx(t, para(text(strings.Repeat("a", 40<<20))), nil), TypeZipBomb},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := extract(t, "", tc.data)
			requireType(t, batch.Data, tc.typ, err)
		})
	}
	bomb := docx(t, para(text(strings.Repeat("a", 40<<20))), nil)
	_, err := New(Limits{MaxTextBytes: 100}, nil).Extract(t.Context(), write(t, "", []byte(bomb)))
	requireType(t, batch.Data, TypeZipBomb, err) // also when less text is kept than it takes to tell
	_, err = New(Limits{MaxContainerBytes: 100}, nil).Extract(t.Context(), write(t, "", []byte(good)))
	requireType(t, batch.Data, TypeTooLarge, err)
}

func FuzzDOCX(f *testing.F) {
	f.Add(para(text("a") + `<w:br w:type="page"/><w:footnoteReference w:id="1"/>`))
	f.Add("<w:tbl><w:tr><w:tc><w:p><w:r><w:txbxContent><w:p/></w:txbxContent></w:r></w:p></w:tc></w:tr></w:tbl>")
	f.Add("<w:tc></w:tc></w:tr><w:p><w:pPr><w:sectPr/></w:pPr><w:footnote><w:tr></w:tr></w:footnote></w:p>")
	f.Fuzz(func(t *testing.T, body string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateHeader(&zip.FileHeader{Name: "word/document.xml", Method: zip.Store})
		require.NoError(t, err)
		_, err = w.Write([]byte("<w:document " + wordNamespace + ">" + body + "</w:document>"))
		require.NoError(t, err)
		require.NoError(t, z.Close())
		c, err := docxReader{Limits{}.WithDefaults()}.Read(t.Context(), write(t, "", b.Bytes()))
		checkFuzzed(t, c, err)
	})
}

// checkFuzzed checks what holds for any input: normalised pages, or an error of
// the document's.
func checkFuzzed(t *testing.T, c *document.Content, err error) {
	t.Helper()
	if err != nil {
		e, ok := batch.AsError(err)
		require.True(t, ok, "untyped error %v", err)
		require.Equal(t, batch.Data, e.Category)
		return
	}
	require.NotEmpty(t, c.Pages)
	for i, p := range c.Pages {
		require.Equal(t, i+1, p.Number)
		assertNormal(t, p.Text)
	}
}
