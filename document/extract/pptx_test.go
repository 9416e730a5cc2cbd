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

// pptx is a presentation of slides, each the shapes on it; notes and comments
// are those of the first.
func pptx(t testing.TB, notes, comments string, slides ...string) string {
	t.Helper()
	var ids, rels strings.Builder
	files := []string{
		"[Content_Types].xml", `<Types><Override PartName="/ppt/presentation.xml" ContentType="` + mediaPPTX + `.main+xml"/></Types>`,
		"_rels/.rels", `<Relationships><Relationship Id="1" Type="http://x/officeDocument" Target="ppt/presentation.xml"/></Relationships>`,
		"ppt/slides/_rels/0.xml.rels", `<Relationships><Relationship Id="n" Type="http://x/notesSlide" Target="../n.xml"/><Relationship Id="c" Type="http://x/comments" Target="../c.xml"/>` +
			`<Relationship Id="e" Type="http://x/package" Target="../c.xml"/></Relationships>`,
		"ppt/n.xml", "<p:notes>" + notes + "</p:notes>", "ppt/c.xml", "<p:cmLst>" + comments + "</p:cmLst>",
	}
	for i, s := range slides {
		attrs := ""
		if inner, ok := strings.CutPrefix(s, "hidden:"); ok {
			s, attrs = inner, ` show="0"`
		}
		// Relationships stand in another order than the slides, as in real files.
		fmt.Fprintf(&ids, `<p:sldId id="%d" r:id="s%d"/>`, 300-i, i)
		fmt.Fprintf(&rels, `<Relationship Id="s%d" Type="http://x/slide" Target="slides/%d.xml"/>`, len(slides)-1-i, len(slides)-1-i)
		files = append(files, fmt.Sprintf("ppt/slides/%d.xml", i), `<p:sld`+attrs+`><p:cSld><p:spTree>`+s+`</p:spTree></p:cSld></p:sld>`)
	}
	return zipped(t, append(files,
		"ppt/presentation.xml", `<p:presentation xmlns:r="http://r"><p:sldIdLst>`+ids.String()+`</p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels", "<Relationships>"+rels.String()+"</Relationships>")...)
}

// shape is a shape of that kind of placeholder, none if "", with paragraphs.
func shape(kind string, paragraphs ...string) string {
	ph := ""
	if kind != "" {
		ph = `<p:nvPr><p:ph type="` + kind + `"/></p:nvPr>`
	}
	var b strings.Builder
	for _, p := range paragraphs {
		b.WriteString("<a:p><a:r><a:rPr/><a:t>" + p + "</a:t></a:r></a:p>")
	}
	return "<p:sp><p:nvSpPr>" + ph + "</p:nvSpPr><p:txBody>" + b.String() + "</p:txBody></p:sp>"
}

func TestPPTXSlides(t *testing.T) {
	t.Parallel()
	cell := func(s string) string {
		return "<a:tc><a:txBody><a:p><a:r><a:t>" + s + "</a:t></a:r></a:p></a:txBody></a:tc>"
	}
	table := "<p:graphicFrame><a:graphic><a:tbl><a:tr>" + cell("a") + cell("b") + "</a:tr><a:tr>" + cell("c") + cell("d") + "</a:tr></a:tbl></a:graphic></p:graphicFrame>"
	c := read(t, "", pptx(t,
		shape("sldImg", "image")+shape("body", "say this", "and that")+shape("sldNum", "1")+shape("dt", "May 1"),
		`<p:cm authorId="0"><p:pos x="1"/><p:text>check this</p:text></p:cm>`,
		shape("body", "first ", "second")+shape("title", "Settlement &amp; Terms")+shape("sldNum", "1")+"<p:grpSp>"+shape("", "grouped")+"</p:grpSp>"+table,
		"hidden:"+"<p:sp><p:txBody><a:p><a:r><a:t>one </a:t></a:r><a:r><a:t>line</a:t></a:r><a:br/><a:fld><a:t>two</a:t></a:fld></a:p></p:txBody></p:sp>",
		"",
		shape("ctrTitle", "End")))
	assert.Equal(t, document.FormatPPTX, c.Format)
	assert.Equal(t, []string{
		"Settlement & Terms\n\nfirst\nsecond\n\ngrouped\n\na\tb\nc\td\n\nNotes: say this\nand that\n\nComment: check this",
		"one line\ntwo", "", "End",
	}, texts(c))
	assert.Equal(t, []string{"hidden-slide", "embedded-object"}, codes(c))
	assert.Equal(t, 2, c.Warnings[0].Page)
}

func TestPPTXErrors(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, typ string }{
		"no text":    {pptx(t, "", "", shape("body", "")), TypeNoText},
		"no slides":  {pptx(t, "", ""), TypeNoText},
		"broken xml": {pptx(t, "", "", "<p:sp>"), TypeCorrupt},
		"deep":       {pptx(t, "", "", strings.Repeat("<p:sp>", 600)+strings.Repeat("</p:sp>", 600)), TypeTooDeep},
		"bomb":       {pptx(t, "", "", shape("", strings.Repeat("a", 40<<20))), TypeZipBomb},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := extract(t, "", tc.data)
			requireType(t, batch.Data, tc.typ, err)
		})
	}
}

func FuzzPPTX(f *testing.F) {
	f.Add(shape("title", "a")+shape("", "b"), shape("body", "c"))
	f.Add("<a:tr><a:tc></p:sp><p:sp><a:tbl><a:tr><a:tc><a:t>x", "<p:ph/><p:cm>")
	f.Fuzz(func(t *testing.T, shapes, notes string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, content := range map[string]string{
			"ppt/presentation.xml":            `<p:presentation xmlns:r="r"><p:sldIdLst><p:sldId r:id="s"/></p:sldIdLst></p:presentation>`,
			"ppt/_rels/presentation.xml.rels": `<Relationships><Relationship Id="s" Type="x/slide" Target="s.xml"/></Relationships>`,
			"ppt/_rels/s.xml.rels":            `<Relationships><Relationship Id="n" Type="x/notesSlide" Target="n.xml"/><Relationship Id="d" Type="x/diagramData" Target="n.xml"/></Relationships>`,
			"ppt/s.xml":                       "<p:sld>" + shapes + "</p:sld>", "ppt/n.xml": "<p:notes>" + notes + "</p:notes>",
		} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			require.NoError(t, err)
			_, err = w.Write([]byte(content))
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		c, err := pptxReader{Limits{}.WithDefaults()}.Read(t.Context(), write(t, "", b.Bytes()))
		checkFuzzed(t, c, err)
	})
}
