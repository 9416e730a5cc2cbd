package extract

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// FuzzArchive reads any bytes as a zip, by the format's detection and as a
// document.
func FuzzArchive(f *testing.F) {
	f.Add([]byte(docx(f, para(text("a")), nil)))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		limits := Limits{MaxContainerBytes: 1 << 20}.WithDefaults()
		in := write(t, "x.docx", data)
		_, _, err := DetectFile(t.Context(), in)
		if err != nil {
			requireData(t, err)
		}
		c, err := docxReader{limits}.Read(t.Context(), in)
		checkFuzzed(t, c, err)
	})
}

// FuzzDOCXParts reads any bytes as the parts that belong to a document.
func FuzzDOCXParts(f *testing.F) {
	const ns = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`
	f.Add(`<w:numbering `+ns+`><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>`,
		`<w:styles `+ns+`><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style></w:styles>`,
		`<w:footnotes `+ns+`><w:footnote w:id="1"><w:p><w:r><w:t>note</w:t></w:r></w:p></w:footnote></w:footnotes>`)
	f.Add("<", "", "<w:endnotes><w:endnote w:id='1'/></w:endnotes>")
	const kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	f.Fuzz(func(t *testing.T, numbering, styles, notes string) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, content := range map[string]string{
			"word/document.xml": `<w:document ` + ns + `><w:body><w:p><w:pPr><w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>a</w:t><w:footnoteReference w:id="1"/></w:r></w:p></w:body></w:document>`,
			"word/_rels/document.xml.rels": `<Relationships><Relationship Id="1" Type="` + kind + `numbering" Target="numbering.xml"/><Relationship Id="2" Type="` + kind +
				`styles" Target="styles.xml"/><Relationship Id="3" Type="` + kind + `footnotes" Target="notes.xml"/></Relationships>`,
			"word/numbering.xml": numbering, "word/styles.xml": styles, "word/notes.xml": notes,
		} {
			w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
			require.NoError(t, err)
			_, err = w.Write([]byte(content))
			require.NoError(t, err)
		}
		require.NoError(t, z.Close())
		c, err := docxReader{Limits{}.WithDefaults()}.Read(t.Context(), write(t, "", b.Bytes()))
		checkFuzzed(t, c, err)
	})
}

// FuzzRelationships reads any bytes as a package's relationships.
func FuzzRelationships(f *testing.F) {
	f.Add([]byte(`<Relationships><Relationship Id="1" Type="a/officeDocument" Target="/../../word/x.xml"/></Relationships>`))
	f.Add([]byte(`<Relationships><Relationship TargetMode="External" Target="file:///etc/passwd"/></Relationships>`))
	f.Fuzz(func(t *testing.T, rels []byte) {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create("_rels/.rels")
		require.NoError(t, err)
		_, err = w.Write(rels)
		require.NoError(t, err)
		require.NoError(t, z.Close())
		a, err := openArchive(bytes.NewReader(b.Bytes()), int64(b.Len()), 1<<20)
		require.NoError(t, err)
		all, err := relationships(a, "")
		if err != nil {
			requireData(t, err)
		}
		for _, r := range all {
			require.False(t, strings.HasPrefix(r.Target, ".."), r.Target)
		}
	})
}

// FuzzTransferDecode decodes any bytes; what was encoded comes back.
func FuzzTransferDecode(f *testing.F) {
	f.Add("base64", []byte("YWJj\r\n=ZA=="))
	f.Add("quoted-printable", []byte("a=3D=\r\nb=4"))
	f.Fuzz(func(t *testing.T, encoding string, data []byte) {
		require.LessOrEqual(t, len(transferDecode(encoding, data)), len(data))
		back := transferDecode("base64", []byte(base64.StdEncoding.EncodeToString(data)))
		require.True(t, bytes.Equal(data, back))
	})
}

// FuzzDecodeText decodes any bytes with any label.
func FuzzDecodeText(f *testing.F) {
	f.Add([]byte("\xff\xfea\x00"), "utf-16")
	f.Add([]byte("caf\xe9 \x1b$B"), "iso-8859-1")
	f.Add([]byte("\x00a\x00b"), "no-such")
	f.Fuzz(func(t *testing.T, data []byte, label string) {
		text, _, lost := decodeText(data, label)
		require.True(t, utf8.ValidString(text))
		require.GreaterOrEqual(t, lost, 0)
		textual(text, lost)
	})
}

// FuzzMailHead looks at any bytes for a message's header, and for the line that
// a mailbox puts before it.
func FuzzMailHead(f *testing.F) {
	f.Add([]byte("From x\nFrom: a\nMessage-ID: b\n\ntext\nFrom y\nFrom: a\nMessage-ID: c\n\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		isMail(data)
		require.LessOrEqual(t, len(singleMessage(data)), len(data))
	})
}

// requireData says that an error is one of the document's.
func requireData(t *testing.T, err error) {
	t.Helper()
	checkFuzzed(t, nil, err)
	require.NotErrorIs(t, err, context.Canceled)
}
