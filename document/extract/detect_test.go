package extract

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

func detect(t testing.TB, data, name string) (document.Format, string, error) {
	t.Helper()
	return Detect(t.Context(), strings.NewReader(data), int64(len(data)), name)
}

func TestDetect(t *testing.T) {
	t.Parallel()
	junk := strings.Repeat("\x00\x80", 700)
	for name, tc := range map[string]struct {
		data, name string
		want       document.Format
	}{
		"pdf":                             {"%PDF-1.4\n...", "", document.FormatPDF},
		"pdf after a line end":            {"\r\n%PDF-1.5\r\n1 0 obj\r\nstartxref\r\n0\r\n%%EOF\r\n", "", document.FormatPDF},
		"pdf after 1400 bytes":            {junk + "%PDF-1.4\n\x00\x01", "", document.FormatPDF},
		"pdf after an http header":        {"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n1 0 obj\n%%EOF", "", document.FormatPDF},
		"text about pdf":                  {"A PDF begins with %PDF-1.4 and a line end.", "", document.FormatText},
		"png":                             {"\x89PNG\r\n\x1a\n\x00", "x.pdf", document.FormatPNG},
		"jpeg":                            {"\xFF\xD8\xFF\xE0", "", document.FormatJPEG},
		"tiff":                            {"II*\x00\x08", "", document.FormatTIFF},
		"big-endian tiff":                 {"MM\x00*\x00", "", document.FormatTIFF},
		"rtf":                             {`{\rtf1\ansi x}`, "x.doc", document.FormatRTF},
		"html":                            {"<!DOCTYPE html><p>x", "", document.FormatHTML},
		"html after comment":              {"\xEF\xBB\xBF <!-- saved -->\n<html>x", "", document.FormatHTML},
		"html in utf-16":                  {"\xFF\xFE" + utf16le("<html><p>x</p></html>"), "", document.FormatHTML},
		"xhtml":                           {`<?xml version="1.0"?><!DOCTYPE html PUBLIC "x"><html>`, "", document.FormatHTML},
		"fragment":                        {`<div class="opinion">x</div>`, "", document.FormatHTML},
		"angle brackets":                  {"<a.smith@example.com> wrote", "x.html", document.FormatText},
		"mail":                            {"Received: by x\r\nFrom: a@example.com\r\nSubject: y\r\n\r\nz", "", document.FormatEML},
		"mail with folded field":          {"Received: by x\n\tfor y\nMessage-ID: <1@x>\n\nz", "x.txt", document.FormatEML},
		"mail from a mailbox":             {"From a Thu Jan  1\nMIME-Version: 1.0\nFrom: a@example.com\n\nz", "", document.FormatEML},
		"mail with a pdf inside":          {"From: a@example.com\nMIME-Version: 1.0\n\n%PDF-1.4\n\x00%%EOF", "", document.FormatEML},
		"mail with what every one has":    {"From: a@example.com\nDate: Fri, 1 May 2020 10:00:00 +0000\n\nz", "x.eml", document.FormatEML},
		"mailbox":                         {"From a Thu\nMIME-Version: 1.0\nFrom: a\n\nz\n\nFrom b Fri\nMIME-Version: 1.0\nFrom: a\n\nz", "x.eml", document.FormatMBOX},
		"zip":                             {zipped(t, "a.txt", "x"), "x.docx", document.FormatZIP},
		"memorandum":                      {"To: Partner\nFrom: Associate\nDate: May 1\nRe: Smith\n\nQuestion presented", "", document.FormatText},
		"text":                            {"IN THE UNITED STATES DISTRICT COURT", "", document.FormatText},
		"text that begins as a bitmap":    {"BM Corp. v. Smith", "", document.FormatText},
		"text called markdown":            {"# Order", "order.MD", document.FormatMarkdown},
		"text called pdf":                 {"# Order", "order.pdf", document.FormatText},
		"text in windows-1252":            {"Plaintiff\x92s motion under \xA7 1983", "", document.FormatText},
		"text in utf-16 without its mark": {utf16le("So ordered."), "", document.FormatText},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := detect(t, tc.data, tc.name)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}

func utf16le(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

// zipped packs parts, in the order of their names in pairs.
func zipped(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i+1 < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		require.NoError(t, err)
		_, err = w.Write([]byte(parts[i+1]))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.String()
}

func TestDetectUnsupportedNamesTheMediaType(t *testing.T) {
	t.Parallel()
	types := `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>`
	rels := `<Relationships><Relationship Id="1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	var tarred bytes.Buffer
	tw := tar.NewWriter(&tarred)
	require.NoError(t, tw.WriteHeader(&tar.Header{Name: "a.pdf", Size: 20, Mode: 0o600}))
	_, err := tw.Write([]byte("%PDF-1.4\n\x00 xxxx%%EOF"))
	require.NoError(t, err)
	require.NoError(t, tw.Close())
	for want, data := range map[string]string{
		mediaZIP:                      zipped(t, "[Content_Types].xml", "<Types/>", "a.bin", "x"),
		"application/vnd.apple.iwork": zipped(t, "Index/Document.iwa", "x"),
		mediaXLSB:                     zipped(t, "[Content_Types].xml", types, "_rels/.rels", rels, "xl/workbook.xml", "<x/>"),
		"application/x-ole-storage":   string(oleSignature) + strings.Repeat("\x00", 600),
		"application/x-tar":           tarred.String(),
		"application/octet-stream":    strings.Repeat("\x00\x01\xfe", 9),
	} {
		_, _, err := detect(t, data, "")
		require.Error(t, err, want)
		requireType(t, batch.Data, TypeUnsupported, err)
		assert.Contains(t, err.Error(), want)
	}
}

func TestDetectDamagedAndEncrypted(t *testing.T) {
	t.Parallel()
	whole := docx(t, "<w:p><w:r><w:t>x</w:t></w:r></w:p>", nil)
	_, _, err := detect(t, whole[:len(whole)/2], "")
	requireType(t, batch.Data, TypeCorrupt, err)

	ole := string(oleSignature) + strings.Repeat("\x00", 1024-8) + string(oleName("EncryptedPackage")) + strings.Repeat("\x00", 200)
	_, _, err = detect(t, ole, "")
	requireType(t, batch.Data, TypeEncrypted, err)

	// The same name in the text of a document is no directory entry.
	_, _, err = detect(t, string(oleSignature)+strings.Repeat("\x00", 1030)+string(oleName("EncryptedPackage"))+strings.Repeat("\x00", 600), "")
	requireType(t, batch.Data, TypeUnsupported, err)

	locked := []byte(zipped(t, "a.txt", "x"))
	dir := bytes.Index(locked, []byte("PK\x01\x02"))
	locked[dir+8] |= 1
	_, _, err = detect(t, string(locked), "")
	requireType(t, batch.Data, TypeEncrypted, err)
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("%PDF-1.4"), "x.md")
	f.Add([]byte("From: a\nMessage-ID: b\n\nc"), "")
	f.Add([]byte(zipped(f, "[Content_Types].xml", "<Types/>", "word/document.xml", "<w/>")), "")
	f.Fuzz(func(t *testing.T, data []byte, name string) {
		format, mediaType, err := Detect(t.Context(), bytes.NewReader(data), int64(len(data)), name)
		if err != nil {
			e, ok := batch.AsError(err)
			require.True(t, ok, "untyped error %v", err)
			require.Equal(t, batch.Data, e.Category)
			return
		}
		require.NotEmpty(t, format)
		require.NotEmpty(t, mediaType)
	})
}
