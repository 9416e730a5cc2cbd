package corpus

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// US letter with margins of an inch, in points.
const (
	pageWidth  = 612
	pageHeight = 792
	margin     = 72
	bodyWidth  = pageWidth - 2*margin
	bodyHeight = pageHeight - 2*margin
)

// renderPDF is the draft as a PDF (ISO 32000-1) with a text layer, and how many
// pages it has.
func renderPDF(d *draft) (data []byte, pages int) {
	contents := layOut(d)
	w := &pdfWriter{}
	w.b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	const firstPage = 6
	w.object("<< /Type /Catalog /Pages 2 0 R >>")
	var kids bytes.Buffer
	for i := range contents {
		fmt.Fprintf(&kids, "%d 0 R ", firstPage+2*i)
	}
	w.object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [ %s] /MediaBox [0 0 %d %d] /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>",
		len(contents), kids.Bytes(), pageWidth, pageHeight))
	stamp := d.date.Format("D:20060102150405Z")
	w.object(fmt.Sprintf("<< /Title (%s) /Producer (Caseload corpus) /CreationDate (%s) /ModDate (%[2]s) >>", pdfString([]byte(strings.ReplaceAll(d.title, "’", "'"))), stamp))
	for _, f := range []*font{d.sheet.face.regular, d.sheet.face.bold} {
		w.object("<< /Type /Font /Subtype /Type1 /BaseFont /" + f.name + " /Encoding /WinAnsiEncoding >>")
	}
	for i, content := range contents {
		w.object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /Contents %d 0 R >>", firstPage+2*i+1))
		packed := zlibbed(content)
		w.object(fmt.Sprintf("<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream", len(packed), packed))
	}
	return w.finish(), len(contents)
}

// pdfWriter writes objects, numbered from 1.
type pdfWriter struct {
	b       bytes.Buffer
	offsets []int
}

func (w *pdfWriter) object(text string) {
	w.offsets = append(w.offsets, w.b.Len())
	fmt.Fprintf(&w.b, "%d 0 obj\n", len(w.offsets))
	w.b.WriteString(text)
	w.b.WriteString("\nendobj\n")
}

// finish writes the cross-reference table and the trailer.
func (w *pdfWriter) finish() []byte {
	start := w.b.Len()
	fmt.Fprintf(&w.b, "xref\n0 %d\n0000000000 65535 f \n", len(w.offsets)+1)
	for _, at := range w.offsets {
		fmt.Fprintf(&w.b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&w.b, "trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(w.offsets)+1, start)
	return w.b.Bytes()
}

// pdfString is encoded text as the inside of a literal string.
func pdfString(text []byte) []byte {
	if !bytes.ContainsAny(text, `()\`) {
		return text
	}
	out := make([]byte, 0, len(text)+8)
	for _, c := range text {
		if c == '(' || c == ')' || c == '\\' {
			out = append(out, '\\')
		}
		out = append(out, c)
	}
	return out
}

// appendText appends the operators that show encoded text, its baseline beginning
// at (x, y) in points from the page's lower left corner.
func appendText(b []byte, fontName string, size, x, y int, text []byte) []byte {
	b = append(b, "BT /"+fontName+" "...)
	b = strconv.AppendInt(b, int64(size), 10)
	b = append(b, " Tf "...)
	b = strconv.AppendInt(b, int64(x), 10)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(y), 10)
	b = append(b, " Td ("...)
	b = append(b, pdfString(text)...)
	return append(b, ") Tj ET\n"...)
}
