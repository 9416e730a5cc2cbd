package main

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"time"

	"github.com/go-pdf/fpdf"
	"golang.org/x/text/encoding/charmap"
)

// pdfCanvas sets pages with the fonts that every PDF reader has: Times,
// Helvetica and Courier, in the Windows-1252 encoding.
type pdfCanvas struct {
	pdf *fpdf.Fpdf
	err error
}

func newPDF(s *source) (*pdfCanvas, error) {
	at, err := s.date()
	if err != nil {
		return nil, err
	}
	pdf := fpdf.New("P", "pt", "Letter", "")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(at.UTC())
	pdf.SetModificationDate(at.UTC())
	pdf.SetProducer("Caseload samples", false)
	pdf.SetTitle(s.Meta["title"], true)
	pdf.SetAuthor(s.Meta["author"], true)
	pdf.SetSubject(s.Meta["subject"], true)
	return &pdfCanvas{pdf: pdf}, nil
}

// width implements measurer.
func (c *pdfCanvas) width(f face, text string) float64 {
	c.setFace(f)
	return c.pdf.GetStringWidth(c.encode(text))
}

var coreFonts = map[family]string{serif: "Times", sans: "Helvetica", typewriter: "Courier"}

func (c *pdfCanvas) setFace(f face) {
	style := ""
	if f.Slant&bold != 0 {
		style += "B"
	}
	if f.Slant&italic != 0 {
		style += "I"
	}
	c.pdf.SetFont(coreFonts[f.Family], style, f.Size)
}

// encode is text in Windows-1252; the first character it lacks is the canvas's
// error.
func (c *pdfCanvas) encode(text string) string {
	s, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil && c.err == nil {
		c.err = fmt.Errorf("set %q: %w", text, err)
	}
	return s
}

func (c *pdfCanvas) draw(pages []page) {
	for _, p := range pages {
		c.pdf.AddPage()
		for _, g := range p.Glyphs {
			c.setFace(g.Face)
			c.pdf.Text(g.X, g.Y, c.encode(g.Text))
		}
		for _, r := range p.Rules {
			c.pdf.SetLineWidth(r.Width)
			c.pdf.Line(r.X1, r.Y1, r.X2, r.Y2)
		}
	}
}

func (c *pdfCanvas) bytes() ([]byte, error) {
	if c.err != nil {
		return nil, c.err
	}
	var b bytes.Buffer
	err := c.pdf.Output(&b)
	return b.Bytes(), err
}

// renderPDF is a source as a PDF with a text layer.
func renderPDF(s *source) ([]byte, error) {
	c, err := newPDF(s)
	if err != nil {
		return nil, err
	}
	p, err := paperOf(s)
	if err != nil {
		return nil, err
	}
	pages, err := typeset(s, p, c)
	if err != nil {
		return nil, err
	}
	c.draw(pages)
	return c.bytes()
}

// renderStamped is a scan as a PDF whose only text is the stamp that a court's
// filing system puts on each page.
func renderStamped(s *source) ([]byte, error) {
	stamp := s.Meta["stamp"]
	delete(s.Meta, "stamp")
	scans, err := scan(s)
	if err != nil {
		return nil, err
	}
	c, err := newPDF(s)
	if err != nil {
		return nil, err
	}
	for i, img := range scans {
		var b bytes.Buffer
		if err := png.Encode(&b, bilevel(img)); err != nil {
			return nil, err
		}
		name := fmt.Sprint("page", i+1)
		opts := fpdf.ImageOptions{ImageType: "PNG"}
		c.pdf.AddPage()
		c.pdf.RegisterImageOptionsReader(name, opts, &b)
		c.pdf.ImageOptions(name, 0, 0, pageWidth, pageHeight, false, opts, 0, "")
		c.setFace(face{sans, 0, 9})
		c.pdf.SetTextColor(0, 0, 160)
		text := numberPages(stamp, i, len(scans))
		c.pdf.Text((pageWidth-c.width(face{sans, 0, 9}, text))/2, 18, c.encode(text))
	}
	return c.bytes()
}

// renderScannedPDF is a scan as a PDF of page images alone, compressed as fax
// pages are: what an office copier makes.
func renderScannedPDF(s *source) ([]byte, error) {
	at, err := s.date()
	if err != nil {
		return nil, err
	}
	scans, err := scan(s)
	if err != nil {
		return nil, err
	}
	return imagePDF(scans, at), nil
}

// imagePDF writes a PDF by hand: a catalog, the page tree, then page, contents
// and image of each page, and the information dictionary.
func imagePDF(scans []*image.Gray, at time.Time) []byte {
	var b bytes.Buffer
	var offsets []int
	object := func(format string, args ...any) {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n", len(offsets))
		fmt.Fprintf(&b, format, args...)
		b.WriteString("\nendobj\n")
	}
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := ""
	for i := range scans {
		kids += fmt.Sprintf("%d 0 R ", 3+3*i)
	}
	object("<< /Type /Pages /Count %d /Kids [ %s] >>", len(scans), kids)
	for i, img := range scans {
		n, w, h := 3+3*i, img.Rect.Dx(), img.Rect.Dy()
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R /Resources << /XObject << /Im0 %d 0 R >> >> >>", n+1, n+2)
		content := "q 612 0 0 792 0 0 cm /Im0 Do Q"
		object("<< /Length %d >>\nstream\n%s\nendstream", len(content), content)
		data := encodeG4(bilevel(img))
		object("<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode"+
			" /DecodeParms << /K -1 /Columns %d /Rows %d >> /Length %d >>\nstream\n%s\nendstream", w, h, w, h, len(data), data)
	}
	stamp := at.UTC().Format("D:20060102150405Z")
	object("<< /Producer (Caseload samples) /Creator (Scanner) /CreationDate (%s) /ModDate (%s) >>", stamp, stamp)
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, len(offsets), start)
	return b.Bytes()
}
