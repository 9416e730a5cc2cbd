// Package pdftest writes small PDF files for tests.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"strings"
)

// Doc is a PDF under construction. Its pages are US Letter, 612 x 792 points.
type Doc struct {
	width, height float64 // of pages, in points
	// Info is the inside of the document information dictionary, such as
	// "/Title (Complaint)".
	Info string
	// NoInfo leaves the dictionary out.
	NoInfo bool
	// Catalog are further entries of the catalog, such as "/PageLabels << … >>".
	Catalog string

	objects []string // object n is objects[n-1]
	fields  []string // of the form
	pages   []int
}

// The first objects are fixed.
const (
	catalog = 1 + iota
	pageTree
	info
	font
	fixed = font
)

// New is a Doc without pages.
func New() *Doc { return &Doc{objects: make([]string, fixed), width: 612, height: 792} }

// Mark draws something on a page: it may add objects to the document and gives
// content operators.
type Mark func(d *Doc, p *page) string

// page is what marks add to a page besides content.
type page struct {
	xobjects, annotations []string
}

// Text writes a line of Latin text in Helvetica, its baseline beginning at (x, y).
func Text(x, y, size float64, text string) Mark {
	return func(*Doc, *page) string {
		escaped := strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text)
		return fmt.Sprintf("BT /F1 %g Tf %g %g Td (%s) Tj ET", size, x, y, escaped)
	}
}

// Rect fills a rectangle with black.
func Rect(x, y, w, h float64) Mark {
	return func(*Doc, *page) string { return fmt.Sprintf("0 g %g %g %g %g re f", x, y, w, h) }
}

// Image shows img in the rectangle with its lower left corner at (x, y).
func Image(img *image.Gray, x, y, w, h float64) Mark {
	return func(d *Doc, p *page) string {
		size := img.Rect.Size()
		var pixels bytes.Buffer
		z := zlib.NewWriter(&pixels)
		for row := range size.Y {
			// Writing to memory does not fail.
			_, _ = z.Write(img.Pix[row*img.Stride : row*img.Stride+size.X])
		}
		_ = z.Close()
		name := p.xobject(d.Add(stream(fmt.Sprintf("/Type /XObject /Subtype /Image /Width %d /Height %d "+
			"/ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode", size.X, size.Y), pixels.String())))
		return fmt.Sprintf("q %g 0 0 %g %g %g cm %s Do Q", w, h, x, y, name)
	}
}

// Form shows marks as a form XObject, scaled by scale.
func Form(scale float64, marks ...Mark) Mark {
	return func(d *Doc, p *page) string {
		name := p.xobject(d.form(marks))
		return fmt.Sprintf("q %g 0 0 %g 0 0 cm %s Do Q", scale, scale, name)
	}
}

// Nested shows a form that shows another several times, and so on: base to the
// power of depth rectangles in the end.
func Nested(base, depth int) Mark {
	return func(d *Doc, p *page) string {
		inner := d.form([]Mark{Rect(0, 0, 10, 10)})
		for range depth {
			inner = d.Add(stream(fmt.Sprintf("/Type /XObject /Subtype /Form /BBox [0 0 612 792] "+
				"/Resources << /XObject << /X0 %d 0 R >> >>", inner), strings.Repeat("/X0 Do ", base)))
		}
		return p.xobject(inner) + " Do"
	}
}

// Field is a filled-in form field, or another annotation, that shows marks.
func Field(subtype string, marks ...Mark) Mark {
	return FieldWith("/Subtype /"+subtype+" /F 4", marks...)
}

// FieldWith is an annotation with further entries of its dictionary, that shows
// marks.
func FieldWith(entries string, marks ...Mark) Mark {
	return func(d *Doc, p *page) string {
		n := d.Add(fmt.Sprintf("<< /Type /Annot %s /Rect [0 0 612 792] /AP << /N %d 0 R >> >>", entries, d.form(marks)))
		p.annotations = append(p.annotations, ref(n))
		if strings.Contains(entries, "/FT") {
			d.fields = append(d.fields, ref(n))
		}
		return ""
	}
}

// Annot is an annotation with its lower left corner at (x, y) and the given
// entries of its dictionary; a field of the document's form if it has /FT.
func Annot(x, y, w, h float64, entries string) Mark {
	return func(d *Doc, p *page) string {
		n := d.Add(fmt.Sprintf("<< /Type /Annot /Rect [%g %g %g %g] %s >>", x, y, x+w, y+h, entries))
		p.annotations = append(p.annotations, ref(n))
		if strings.Contains(entries, "/FT") || strings.Contains(entries, "/Parent") {
			d.fields = append(d.fields, ref(n))
		}
		return ""
	}
}

// Sized makes the pages that are added after it w by h points, and not a letter's sheet.
func (d *Doc) Sized(w, h float64) *Doc {
	d.width, d.height = w, h
	return d
}

// Page adds a page.
func (d *Doc) Page(marks ...Mark) *Doc {
	var p page
	content := d.Add(stream("", d.draw(marks, &p)))
	d.pages = append(d.pages, d.Add(fmt.Sprintf(
		"<< /Type /Page /Parent %s /MediaBox [0 0 %g %g] /Contents %s /Resources %s /Annots [%s] >>",
		ref(pageTree), d.width, d.height, ref(content), p.resources(), strings.Join(p.annotations, " "))))
	return d
}

// Add adds an object and is its number.
func (d *Doc) Add(object string) int {
	d.objects = append(d.objects, object)
	return len(d.objects)
}

// Bytes is the file.
func (d *Doc) Bytes() []byte {
	kids := make([]string, len(d.pages))
	for i, n := range d.pages {
		kids[i] = ref(n)
	}
	form := ""
	if len(d.fields) > 0 {
		form = "/AcroForm << /Fields [" + strings.Join(d.fields, " ") + "] >>"
	}
	d.objects[catalog-1] = fmt.Sprintf("<< /Type /Catalog /Pages %s %s %s >>", ref(pageTree), form, d.Catalog)
	d.objects[pageTree-1] = fmt.Sprintf("<< /Type /Pages /Count %d /Kids [%s] >>", len(kids), strings.Join(kids, " "))
	d.objects[info-1] = fmt.Sprintf("<< %s >>", d.Info)
	d.objects[font-1] = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"

	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	offsets := make([]int, len(d.objects))
	for i, o := range d.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	described := "/Info " + ref(info)
	if d.NoInfo {
		described = ""
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root %s %s >>\nstartxref\n%d\n%%%%EOF\n",
		len(offsets)+1, ref(catalog), described, table)
	return b.Bytes()
}

func (d *Doc) draw(marks []Mark, p *page) string {
	ops := make([]string, len(marks))
	for i, m := range marks {
		ops[i] = m(d, p)
	}
	return strings.Join(ops, "\n")
}

func (d *Doc) form(marks []Mark) int {
	var p page
	content := d.draw(marks, &p)
	return d.Add(stream("/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources "+p.resources(), content))
}

// xobject names object n in the page's resources.
func (p *page) xobject(n int) string {
	name := fmt.Sprintf("/X%d", len(p.xobjects))
	p.xobjects = append(p.xobjects, name+" "+ref(n))
	return name
}

func (p *page) resources() string {
	return fmt.Sprintf("<< /Font << /F1 %s >> /XObject << %s >> >>", ref(font), strings.Join(p.xobjects, " "))
}

func stream(dict, data string) string {
	return fmt.Sprintf("<< %s /Length %d >>\nstream\n%s\nendstream", dict, len(data), data)
}

func ref(n int) string { return fmt.Sprintf("%d 0 R", n) }

// Draw draws by content operators.
func Draw(operators string) Mark {
	return func(*Doc, *page) string { return operators }
}
