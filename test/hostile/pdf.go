package hostile

import (
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"fmt"
	"io"
	"strings"
)

func pdfFiles() []File {
	return []File{
		{Name: "pdf-10000-pages.pdf", What: "10,000 pages of text", Want: completes(), write: pdfPages(250, 10_000)},
		{Name: "pdf-too-many-pages.pdf", What: "12,000 pages, over the limit", Want: partial(), write: pdfPages(300, 12_000)},
		{Name: "pdf-large-page.pdf", What: "text on the largest page that PDF knows, 5 m a side", Want: completes(), write: pdfLargePage},
		{Name: "pdf-huge-page.pdf", What: "text on a page of a billion points a side", Want: fails("MemoryLimit"), FullWant: completes().full(), write: pdfHugePage(false)},
		{Name: "pdf-huge-scan.pdf", What: "a picture on a page of a billion points a side", Want: fails("MemoryLimit"), FullWant: fails("PageTooLarge").full(), write: pdfHugePage(true)},
		{Name: "pdf-encrypted.pdf", What: "encrypted with a password", Want: fails("EncryptedPDF"), write: pdfEncrypted},
		{Name: "pdf-truncated.pdf", What: "cut off in the middle", Want: fails("CorruptPDF"), write: pdfTruncated},
		{Name: "pdf-xref-loop.pdf", What: "a cross-reference table whose predecessor is itself", Want: completes(), write: pdfXrefLoop},
		{Name: "pdf-page-loop.pdf", What: "a page tree that is its own child", Want: fails("CorruptPDF"), write: pdfPageLoop},
		{Name: "pdf-length-loop.pdf", What: "a stream whose length is the stream", Want: fails("NoText"), write: pdfLengthLoop},
		{Name: "pdf-form-bomb.pdf", What: "forms in forms, 10 to the power of 20 in the end", Want: fails("MemoryLimit"), write: pdfFormBomb},
		{Name: "pdf-flate-bomb.pdf", What: "a page whose content unpacks to a gigabyte", Want: fails("MemoryLimit"), write: pdfFlateBomb},
		{Name: "pdf-image-bomb.pdf", What: "a picture of 60,000 x 60,000 pixels in a few kilobytes", Want: fails("MemoryLimit"), write: pdfImageBomb},
		{Name: "pdf-operators.pdf", What: "a page of 20 million drawing operators", Want: fails("MemoryLimit"), write: pdfOperators},
	}
}

// pdfWriter writes a PDF object by object, so that it need not be in memory.
type pdfWriter struct {
	w       io.Writer
	at      int64
	offsets []int64 // of object n at n-1
	err     error
}

func newPDF(w io.Writer) *pdfWriter {
	p := &pdfWriter{w: w}
	p.write("%PDF-1.7\n")
	return p
}

func (p *pdfWriter) write(s string) {
	if p.err != nil {
		return
	}
	n, err := io.WriteString(p.w, s)
	p.at += int64(n)
	p.err = err
}

// object writes object n, which must be the next.
func (p *pdfWriter) object(body string) int {
	p.offsets = append(p.offsets, p.at)
	p.write(fmt.Sprintf("%d 0 obj\n%s\nendobj\n", len(p.offsets), body))
	return len(p.offsets)
}

func stream(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

// end writes the table and the trailer, with more entries.
func (p *pdfWriter) end(more string) error {
	table := p.at
	p.write(fmt.Sprintf("xref\n0 %d\n0000000000 65535 f \n", len(p.offsets)+1))
	for _, at := range p.offsets {
		p.write(fmt.Sprintf("%010d 00000 n \n", at))
	}
	p.write(fmt.Sprintf("trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n",
		len(p.offsets)+1, strings.ReplaceAll(more, "{table}", fmt.Sprint(table)), table))
	return p.err
}

const (
	letter = "/MediaBox [0 0 612 792]"
	font   = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
)

// onePage writes a file of one page with that box, resources and content, and
// more objects from 6 on.
func onePage(w io.Writer, box, resources, content string, objects ...string) *pdfWriter {
	p := newPDF(w)
	p.object("<< /Type /Catalog /Pages 2 0 R >>")
	p.object("<< /Type /Pages /Count 1 /Kids [3 0 R] >>")
	p.object("<< /Type /Page /Parent 2 0 R " + box + " /Contents 5 0 R /Resources << /Font << /F1 4 0 R >> " + resources + " >> >>")
	p.object(font)
	p.object(content)
	for _, o := range objects {
		p.object(o)
	}
	return p
}

// lines is a page's content: sentences in Helvetica.
func lines(n, page int) string {
	var b strings.Builder
	b.WriteString("BT /F1 9 Tf 40 740 Td 11 TL\n")
	for i := range n {
		fmt.Fprintf(&b, "(%d.%d. On March 4, 2024, Harbor Freight, Inc. paid $1,500 to Ms. Jane Doe. See Ashcroft v. Iqbal, 556 U.S. 662, 678 \\(2009\\).) Tj T*\n", page, i+1)
	}
	b.WriteString("ET")
	return b.String()
}

func pdfPages(quick, full int) func(io.Writer, Size) error {
	return func(w io.Writer, s Size) error {
		n := s.pick(quick, full)
		p := newPDF(w)
		p.object("<< /Type /Catalog /Pages 2 0 R >>")
		kids := make([]string, n)
		for i := range kids {
			kids[i] = fmt.Sprintf("%d 0 R", 4+2*i)
		}
		p.object(fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", n, strings.Join(kids, " ")))
		p.object(font)
		for i := range n {
			p.object(fmt.Sprintf("<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>", letter, 5+2*i))
			p.object(stream("", lines(s.pick(1, 5), i+1)))
		}
		return p.end("")
	}
}

const hugeBox = "/MediaBox [0 0 1000000000 1000000000] /UserUnit 1000"

func pdfLargePage(w io.Writer, _ Size) error {
	return onePage(w, "/MediaBox [0 0 14400 14400]", "", stream("", lines(10, 1))).end("")
}

func pdfHugePage(scan bool) func(io.Writer, Size) error {
	return func(w io.Writer, _ Size) error {
		if !scan {
			return onePage(w, hugeBox, "", stream("", lines(10, 1))).end("")
		}
		return onePage(w, hugeBox, "/XObject << /I 6 0 R >>", stream("", "q 1000000000 0 0 1000000000 0 0 cm /I Do Q"),
			stream("/Type /XObject /Subtype /Image /Width 4 /Height 4 /ColorSpace /DeviceGray /BitsPerComponent 8", "\x00\xff\x00\xff\xff\x00\xff\x00\x00\xff\x00\xff\xff\x00\xff\x00")).end("")
	}
}

// pdfEncrypted says that it is encrypted with 128-bit RC4 (ISO 32000-1, 7.6.3) by
// a password that nobody knows.
func pdfEncrypted(w io.Writer, _ Size) error {
	hash := fmt.Sprintf("%x", md5.Sum([]byte("caseload")))
	p := onePage(w, letter, "", stream("", lines(10, 1)),
		fmt.Sprintf("<< /Filter /Standard /V 2 /R 3 /Length 128 /P -3904 /O <%s%s> /U <%s%s> >>", hash, hash, hash, strings.Repeat("0", 32)))
	return p.end(fmt.Sprintf("/Encrypt 6 0 R /ID [<%s> <%s>]", hash, hash))
}

func pdfTruncated(w io.Writer, _ Size) error {
	var b bytes.Buffer
	if err := pdfPages(20, 20)(&b, Quick); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes()[:b.Len()*6/10])
	return err
}

func pdfXrefLoop(w io.Writer, _ Size) error {
	return onePage(w, letter, "", stream("", lines(10, 1))).end("/Prev {table} /XRefStm {table}")
}

func pdfPageLoop(w io.Writer, _ Size) error {
	p := newPDF(w)
	p.object("<< /Type /Catalog /Pages 2 0 R >>")
	p.object("<< /Type /Pages /Count 1000000 /Kids [3 0 R 2 0 R] /Parent 3 0 R >>")
	p.object("<< /Type /Pages /Count 1000000 /Kids [2 0 R 3 0 R] /Parent 2 0 R >>")
	return p.end("")
}

func pdfLengthLoop(w io.Writer, _ Size) error {
	p := onePage(w, letter, "", "<< /Length 5 0 R /Filter [/FlateDecode 6 0 R] >>\nstream\nBT ET\nendstream", "[6 0 R 5 0 R 6 0 R]")
	return p.end("")
}

func pdfFormBomb(w io.Writer, _ Size) error {
	const depth = 20
	var forms []string
	for i := range depth {
		forms = append(forms, stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X %d 0 R >> >>", 7+i),
			strings.Repeat("/X Do ", 10)))
	}
	forms = append(forms, stream("/Type /XObject /Subtype /Form /BBox [0 0 612 792]", "0 0 1 1 re f"))
	return onePage(w, letter, "/XObject << /X 6 0 R >>", stream("", "/X Do"), forms...).end("")
}

// packed is what write writes, compressed as PDF does.
func packed(write func(io.Writer) error) (string, error) {
	var b bytes.Buffer
	z, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	if err != nil {
		return "", err
	}
	if err := write(z); err != nil {
		return "", err
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	return b.String(), nil
}

func pdfFlateBomb(w io.Writer, s Size) error {
	data, err := packed(func(w io.Writer) error { return repeat(w, " ", s.pick(256, 1024)<<20) })
	if err != nil {
		return err
	}
	return onePage(w, letter, "", stream("/Filter /FlateDecode", data)).end("")
}

func pdfImageBomb(w io.Writer, s Size) error {
	const side = 60_000
	data, err := packed(func(w io.Writer) error { return repeat(w, "\x00", side/8*side) })
	if err != nil {
		return err
	}
	return onePage(w, letter, "/XObject << /I 6 0 R >>", stream("", "q 612 0 0 792 0 0 cm /I Do Q"),
		stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /FlateDecode", side, side), data)).end("")
}

func pdfOperators(w io.Writer, s Size) error {
	data, err := packed(func(w io.Writer) error { return repeat(w, "0 0 1 1 re f ", s.pick(2_000_000, 20_000_000)) })
	if err != nil {
		return err
	}
	return onePage(w, letter, "", stream("/Filter /FlateDecode", data)).end("")
}
