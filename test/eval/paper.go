package main

import (
	"bytes"
	"fmt"
	"strings"
)

// paper is a PDF under construction, and the text that a person would read from
// each of its pages.
type paper struct {
	name   string
	sheets []*sheet
}

// sheet is a page: US Letter, or turned.
type sheet struct {
	marks  strings.Builder
	annots []string
	turned bool // shown turned by a quarter, and written so that it reads upright
	want   []string
}

func (p *paper) sheet() *sheet {
	s := &sheet{}
	p.sheets = append(p.sheets, s)
	return s
}

// text writes text in Courier, each letter 0.6 of size wide.
func (s *sheet) text(x, y, size float64, text string) {
	m := fmt.Sprintf("1 0 0 1 %g %g", x, y)
	if s.turned {
		m = fmt.Sprintf("0 1 -1 0 %g %g", 612-y, x)
	}
	fmt.Fprintf(&s.marks, "BT /F1 %g Tf %s Tm (%s) Tj ET\n", size, m, literal(text))
}

// upright writes text that runs up the page.
func (s *sheet) upright(x, y, size float64, text string) {
	fmt.Fprintf(&s.marks, "BT /F1 %g Tf 0 1 -1 0 %g %g Tm (%s) Tj ET\n", size, x, y, literal(text))
}

// raised writes text that a smaller number follows, as a footnote's marker, and
// then more text.
func (s *sheet) raised(x, y, size float64, text, number, rest string) {
	const small = 0.6
	after := 0.6 * size * float64(len(text))
	fmt.Fprintf(&s.marks, "BT /F1 %g Tf %g %g Td (%s) Tj /F1 %g Tf %g %g Td (%s) Tj /F1 %g Tf %g %g Td (%s) Tj ET\n",
		size, x, y, literal(text), small*size, after, 0.4*size, literal(number),
		size, 0.6*small*size*float64(len(number)), -0.4*size, literal(rest))
}

// annotate adds an annotation with the entries of its dictionary.
func (s *sheet) annotate(x, y, w, h float64, entries string) {
	s.annots = append(s.annots, fmt.Sprintf("<< /Type /Annot /Rect [%g %g %g %g] /F 4 %s >>", x, y, x+w, y+h, entries))
}

// read adds what a person reads next.
func (s *sheet) read(texts ...string) { s.want = append(s.want, texts...) }

// bytes is the file.
func (p *paper) bytes() []byte {
	objects := []string{"", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>"}
	add := func(o string) int {
		objects = append(objects, o)
		return len(objects)
	}
	var kids, fields []string
	for _, s := range p.sheets {
		var annots []string
		for _, a := range s.annots {
			ref := fmt.Sprintf("%d 0 R", add(a))
			annots = append(annots, ref)
			if strings.Contains(a, "/FT ") {
				fields = append(fields, ref)
			}
		}
		marks := s.marks.String()
		content := add(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(marks), marks))
		turn := ""
		if s.turned {
			turn = "/Rotate 90"
		}
		kids = append(kids, fmt.Sprintf("%d 0 R", add(fmt.Sprintf(
			"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] %s /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> /Annots [%s] >>",
			turn, content, strings.Join(annots, " ")))))
	}
	objects[0] = fmt.Sprintf("<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>", strings.Join(fields, " "))
	objects[1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))

	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	table := make([]string, len(objects))
	for i, o := range objects {
		table[i] = fmt.Sprintf("%010d 00000 n \n", b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, strings.Join(table, ""), len(objects)+1, start)
	return b.Bytes()
}

func literal(text string) string {
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text)
}
