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

const odfNamespaces = `xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" ` +
	`xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" ` +
	`xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" ` +
	`xmlns:svg="` + nsSVG + `" xmlns:dc="` + nsDC + `" xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0" ` +
	`xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"`

// odt is a document with those automatic styles and that body, and further files
// by name and content.
func odt(t testing.TB, styles, body string, files ...string) string {
	t.Helper()
	return zipped(t, append([]string{
		"mimetype", mediaODT,
		"content.xml", `<?xml version="1.0"?><office:document-content ` + odfNamespaces + `><office:automatic-styles>` + styles +
			`</office:automatic-styles><office:body><office:text>` + body + `</office:text></office:body></office:document-content>`,
	}, files...)...)
}

func TestODTText(t *testing.T) {
	t.Parallel()
	numbered := `<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>` +
		`<text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="(" style:num-suffix=")"/></text:list-style>` +
		`<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" text:bullet-char="x"/></text:list-style>`
	item := func(s string) string { return "<text:list-item><text:p>" + s + "</text:p></text:list-item>" }
	for name, tc := range map[string]struct{ body, want string }{
		"paragraphs":  {"<text:h>Order</text:h><text:p>a <text:span>b</text:span></text:p>\n<text:p/><text:p>c</text:p>", "Order\n\na b\n\nc"},
		"white space": {"<text:p>  a\n  b<text:s text:c=\"3\"/>c<text:tab/>d<text:line-break/>e</text:p>", "a b   c\td\ne"},
		"entities":    {"<text:p>Smith &amp; Jones &#167; 1</text:p>", "Smith & Jones § 1"},
		"lists": {`<text:list text:style-name="L">` + item("x") + "<text:list-item><text:p>y</text:p><text:p>more</text:p><text:list>" + item("in") + item("in") +
			`</text:list></text:list-item></text:list><text:list text:style-name="L" text:continue-numbering="true">` + item("z") + `</text:list>` +
			`<text:list text:style-name="L">` + item("anew") + `</text:list><text:list text:style-name="B">` + item("dot") + "</text:list>",
			"1. x\n\n2. y\n\nmore\n\n(a) in\n\n(b) in\n\n3. z\n\n1. anew\n\n• dot"},
		"list from": {`<text:list text:style-name="L"><text:list-item text:start-value="7"><text:p>x</text:p></text:list-item>` + item("y") + "</text:list>", "7. x\n\n8. y"},
		"table": {"<text:p>before</text:p><table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:covered-table-cell/>" +
			"<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>c</text:p></table:table-cell>" +
			"<table:table-cell/><table:table-cell><text:p>d</text:p></table:table-cell></table:table-row></table:table><text:p>after</text:p>",
			"before\n\na\t\tb\nc\t\td\n\nafter"},
		"text box": {"<text:p>around <draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box><svg:title>alt</svg:title></draw:frame>it</text:p><text:p>next</text:p>",
			"around it\n\nboxed\n\nnext"},
		"deleted": {"<text:tracked-changes><text:changed-region><text:deletion><text:p>old</text:p></text:deletion></text:changed-region></text:tracked-changes><text:p>new</text:p>", "new"},
		"index":   {"<text:table-of-content><text:table-of-content-source><text:index-title-template>T</text:index-title-template></text:table-of-content-source><text:index-body><text:p>I. Facts<text:tab/>2</text:p></text:index-body></text:table-of-content>", "I. Facts\t2"},
		"field":   {"<text:p>Dated <text:date>May 1</text:date> by <text:creator>A. Clerk</text:creator></text:p>", "Dated May 1 by A. Clerk"},
		"a comment": {"<text:p>x<office:annotation><dc:creator>Ann</dc:creator><dc:date>2020</dc:date><text:p>check cite</text:p></office:annotation> y</text:p>",
			"x y\n\nComment: check cite"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := read(t, "", odt(t, numbered, tc.body))
			assert.Equal(t, document.FormatODT, c.Format)
			assert.Equal(t, mediaODT, c.MediaType)
			assert.Equal(t, []string{tc.want}, texts(c))
		})
	}
}

func TestODTPages(t *testing.T) {
	t.Parallel()
	styles := `<style:style style:name="New"><style:paragraph-properties fo:break-before="page"/></style:style>` +
		`<style:style style:name="Child" style:parent-style-name="New"/>` +
		`<style:style style:name="Last"><style:paragraph-properties fo:break-after="page"/></style:style>` +
		`<style:style style:name="Master" style:master-page-name="Landscape"/>` +
		`<style:style style:name="A" style:parent-style-name="B"/><style:style style:name="B" style:parent-style-name="A"/>`
	p := func(style, s string) string {
		return `<text:p text:style-name="` + style + `">` + s + `</text:p>`
	}
	for name, tc := range map[string]struct {
		body string
		want []string
	}{
		"by style":        {p("", "a") + p("New", "b"), []string{"a", "b"}},
		"by its parent":   {p("", "a") + p("Child", "b"), []string{"a", "b"}},
		"after":           {p("Last", "a") + p("", "b"), []string{"a", "b"}},
		"by master page":  {p("Master", "a") + p("Master", "b"), []string{"a", "b"}},
		"by application":  {p("", "a<text:soft-page-break/>b") + "<text:soft-page-break/>" + p("", "c"), []string{"a", "b", "c"}},
		"parents in ring": {p("A", "a") + p("B", "b"), []string{"a\n\nb"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tc.want, texts(read(t, "", odt(t, styles, tc.body))))
		})
	}
}

func TestODTPartsAroundTheText(t *testing.T) {
	t.Parallel()
	note := func(class, s string) string {
		return `<text:note text:note-class="` + class + `"><text:note-citation>9</text:note-citation><text:note-body><text:p>` + s + `</text:p></text:note-body></text:note>`
	}
	c := read(t, "", odt(t, "",
		`<text:h text:outline-level="1">one`+note("footnote", "first")+note("endnote", "last")+`</text:h><text:h text:outline-level="2">sub</text:h>`+
			`<text:soft-page-break/><text:p>two`+note("footnote", "second")+`</text:p><draw:object/>`,
		"styles.xml", `<office:document-styles `+odfNamespaces+`><office:styles><text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/>`+
			`<text:outline-level-style text:level="2" style:num-format="1" text:display-levels="2"/></text:outline-style></office:styles>`+
			`<office:master-styles><style:master-page><style:header><text:p>Case 1:20-cv-3</text:p></style:header>`+
			`<style:footer><text:p>- <text:page-number>4</text:page-number> -</text:p><text:p>SEALED</text:p></style:footer></style:master-page>`+
			`<style:master-page><style:header><text:p>Case 1:20-cv-3</text:p></style:header></style:master-page></office:master-styles></office:document-styles>`,
		"meta.xml", `<office:document-meta `+odfNamespaces+`><office:meta><dc:title>Motion  to
			dismiss</dc:title><meta:initial-creator>A. Clerk</meta:initial-creator><dc:creator>B. Clerk</dc:creator><meta:keyword>x</meta:keyword><meta:keyword>y</meta:keyword>`+
			`<meta:creation-date>2020-05-01T09:30:00.5</meta:creation-date><dc:date>2020-05-02T10:00:00-05:00</dc:date></office:meta></office:document-meta>`))
	assert.Equal(t, []string{
		"Case 1:20-cv-3\n\nI. one[1][e1]\n\nI.1 sub\n\n[1] first",
		"two[2]\n\n[e1] last\n\n[2] second\nSEALED",
	}, texts(c))
	assert.Equal(t, map[string]string{
		"title": "Motion to dismiss", metaAuthor: "A. Clerk", metaModifiedBy: "B. Clerk", "keywords": "x, y",
		"created": "2020-05-01T09:30:00", "modified": "2020-05-02T10:00:00-05:00",
	}, c.Metadata)
	assert.Equal(t, []string{"embedded-object"}, codes(c))
}

func TestODTErrors(t *testing.T) {
	t.Parallel()
	manifest := func(inner string) string {
		return "<manifest:manifest " + odfNamespaces + "><manifest:file-entry>" + inner + "</manifest:file-entry></manifest:manifest>"
	}
	for name, tc := range map[string]struct{ data, typ string }{
		"no text":         {odt(t, "", "<text:p/>"), TypeNoText},
		"broken xml":      {odt(t, "", "<text:p>"), TypeCorrupt},
		"nested too deep": {odt(t, "", strings.Repeat("<text:section>", 600)+strings.Repeat("</text:section>", 600)), TypeTooDeep},
		"bomb":            {odt(t, "", "<text:p>"+strings.Repeat("a", 40<<20)+"</text:p>"), TypeZipBomb},
		"encrypted":       {odt(t, "", "<text:p>x</text:p>", "META-INF/manifest.xml", manifest("<manifest:encryption-data/>")), TypeEncrypted},
		"spreadsheet":     {zipped(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", "<x/>"), TypeUnsupported},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := extract(t, "", tc.data)
			requireType(t, batch.Data, tc.typ, err)
		})
	}
	c := read(t, "", odt(t, "", "<text:p>x</text:p>", "META-INF/manifest.xml", manifest("")))
	assert.Equal(t, []string{"x"}, texts(c))
}

func FuzzODT(f *testing.F) {
	f.Add(`<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>`,
		`<text:list text:style-name="L"><text:list-item><text:p>a</text:p></text:list-item></text:list>`)
	f.Add(`<style:style style:name="a" style:parent-style-name="a"/>`, `<table:table><table:table-row><table:table-cell><text:p text:style-name="a"><text:note><text:note-body/>`)
	f.Add("", "<text:p><draw:text-box/></text:p><text:list-item/><office:annotation/><text:soft-page-break/>")
	f.Fuzz(func(t *testing.T, styles, body string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.CreateHeader(&zip.FileHeader{Name: "content.xml", Method: zip.Store})
		require.NoError(t, err)
		_, err = w.Write([]byte("<office:document-content " + odfNamespaces + ">" + styles + body + "</office:document-content>"))
		require.NoError(t, err)
		require.NoError(t, z.Close())
		c, err := odtReader{Limits{}.WithDefaults()}.Read(t.Context(), write(t, "", b.Bytes()))
		checkFuzzed(t, c, err)
	})
}
