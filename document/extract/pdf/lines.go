package pdf

import (
	"slices"
	"strings"
	"unicode"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"

	"github.com/caseload/caseload/document/extract/internal/textline"
	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// view maps a page's coordinates to those of the page as it is shown: turned,
// its lower left corner at the origin.
type view struct {
	toShown       matrix
	width, height float64 // points
}

func (s *session) view(page requests.Page) (view, error) {
	bounds, err := s.pdfium.FPDF_GetPageBoundingBox(&requests.FPDF_GetPageBoundingBox{Page: page})
	if err != nil {
		return view{}, err
	}
	turned, err := s.pdfium.FPDFPage_GetRotation(&requests.FPDFPage_GetRotation{Page: page})
	if err != nil {
		return view{}, err
	}
	b := rect{float64(bounds.Rect.Left), float64(bounds.Rect.Bottom), float64(bounds.Rect.Right), float64(bounds.Rect.Top)}
	w, h := b.x1-b.x0, b.y1-b.y0
	switch turned.PageRotation {
	case 1:
		return view{matrix{0, -1, 1, 0, -b.y0, b.x1}, h, w}, nil
	case 2:
		return view{matrix{-1, 0, 0, -1, b.x1, b.y1}, w, h}, nil
	case 3:
		return view{matrix{0, 1, -1, 0, b.y1, -b.x0}, h, w}, nil
	}
	return view{matrix{1, 0, 0, 1, -b.x0, -b.y0}, w, h}, nil
}

// textPage is the text of a page, open in PDFium.
type textPage struct {
	*session
	ref  references.FPDF_TEXTPAGE
	view view
	raw  []rawLine

	markers int // numbers that were looked at, whether they are footnotes' markers
}

// arrangedLines are a page's lines as PDFium gives them, and in reading order.
func (s *session) arrangedLines(page requests.Page, v view) (raw, read []layout.Line, err error) {
	loaded, err := s.pdfium.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		if trapped(err) {
			return nil, nil, err
		}
		return nil, nil, errNoPage
	}
	t := textPage{session: s, ref: loaded.TextPage, view: v}
	if raw, err = t.lines(); err != nil {
		return nil, nil, err
	}
	arranged, err := layout.Arrange(layout.Page{Width: v.width, Height: v.height, Lines: raw, Words: t.words})
	if err != nil {
		return nil, nil, err
	}
	read = slices.Clone(arranged.Lines)
	for i := range read {
		read[i].Text = writeMarkers(read[i].Text)
	}
	_, err = s.pdfium.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: t.ref})
	return raw, read, err
}

func (t *textPage) lines() ([]layout.Line, error) {
	count, err := t.pdfium.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: t.ref})
	if err != nil || count.Count <= 0 {
		return nil, err
	}
	got, err := t.pdfium.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: t.ref, Count: count.Count})
	if err != nil {
		return nil, err
	}
	t.raw = splitLines(got.Text)
	lines := make([]layout.Line, 0, len(t.raw))
	for i := range t.raw {
		l, err := t.locate(t.raw[i])
		if err != nil {
			return nil, err
		}
		if l.Size > 0 {
			if err := t.markFootnotes(&t.raw[i], &l); err != nil {
				return nil, err
			}
		}
		lines = append(lines, l)
	}
	t.markLoneFootnotes(lines)
	return lines, nil
}

// locate finds out where a line stands. A line that PDFium cannot place has no
// size.
func (t *textPage) locate(raw rawLine) (layout.Line, error) {
	l := layout.Line{Text: raw.text}
	first, err := t.charAt(raw.first)
	if err != nil || first < 0 {
		return l, err
	}
	origin, err := t.pdfium.FPDFText_GetCharOrigin(&requests.FPDFText_GetCharOrigin{TextPage: t.ref, Index: first})
	if err != nil {
		return l, onlyTrap(err)
	}
	begin, ok, err := t.box(first)
	if err != nil || !ok {
		return l, err
	}
	end := begin
	if raw.last > raw.first {
		last, err := t.charAt(raw.last)
		if err != nil {
			return l, err
		}
		if last >= 0 {
			if b, ok, err := t.box(last); err != nil {
				return l, err
			} else if ok {
				end = b
			}
		}
	}
	m := t.view.toShown
	l.X0, l.Y = m.a*origin.X+m.c*origin.Y+m.e, m.b*origin.X+m.d*origin.Y+m.f
	l.X1, l.Size = end.x1, begin.y1-begin.y0
	across, along := end.middleX()-begin.middleX(), end.middleY()-begin.middleY()
	if max(along, -along) > max(across, -across) && max(along, -along) > l.Size {
		l.Rotated = true
	}
	if l.X1 < l.X0 { // written from right to left
		l.X0, l.X1 = end.x0, begin.x1
	}
	return l, nil
}

// charAt is the index of the character at an index of the text, -1 if none is
// there.
func (t *textPage) charAt(index int) (int, error) {
	if index < 0 {
		return -1, nil
	}
	got, err := t.pdfium.FPDFText_GetCharIndexFromTextIndex(
		&requests.FPDFText_GetCharIndexFromTextIndex{TextPage: t.ref, NTextIndex: index})
	if err != nil {
		return -1, onlyTrap(err)
	}
	return got.CharIndex, nil
}

// box is a character's, as high as its font and as wide as it advances.
func (t *textPage) box(char int) (rect, bool, error) {
	got, err := t.pdfium.FPDFText_GetLooseCharBox(&requests.FPDFText_GetLooseCharBox{TextPage: t.ref, Index: char})
	if err != nil {
		return rect{}, false, onlyTrap(err)
	}
	b := got.Rect
	return t.view.toShown.bounds(rect{float64(b.Left), float64(b.Bottom), float64(b.Right), float64(b.Top)}), true, nil
}

// words are those of line i with their places; none if one is not known.
func (t *textPage) words(i int) ([]layout.Word, error) {
	raw := t.raw[i]
	var words []layout.Word
	from, firstRune, index := -1, 0, raw.start
	end := func(to int) error {
		a, err := t.charAt(firstRune)
		if err != nil || a < 0 {
			return err
		}
		z, err := t.charAt(index - 1)
		if err != nil || z < 0 {
			return err
		}
		begin, ok, err := t.box(a)
		if err != nil || !ok {
			return err
		}
		last, ok, err := t.box(z)
		if err != nil || !ok {
			return err
		}
		words = append(words, layout.Word{From: from, To: to, X0: begin.x0, X1: last.x1})
		from = -1
		return nil
	}
	for at, r := range raw.text {
		if space := unicode.IsSpace(r); space && from >= 0 {
			if err := end(at); err != nil {
				return nil, err
			}
			if from >= 0 {
				return nil, nil
			}
		} else if !space && from < 0 {
			from, firstRune = at, index
		}
		index++
	}
	if from >= 0 {
		if err := end(len(raw.text)); err != nil || from >= 0 {
			return nil, err
		}
	}
	return words, nil
}

// rawLine is a line of a page's text, and indices in characters of that text.
type rawLine struct {
	text  string
	start int // of its first character
	first int // of its first visible one
	last  int // of its last visible one
}

// splitLines cuts a page's text into lines, and leaves out those with nothing to
// be seen. Where PDFium found a word cut by a hyphen it writes U+FFFE (U+0002 in
// other versions) for the hyphen and leaves the line break out; such a line ends
// with a soft hyphen here.
func splitLines(text string) []rawLine {
	var lines []rawLine
	var b strings.Builder
	l := rawLine{first: -1, last: -1}
	index := 0
	end := func() {
		// A hyphen that is followed by its line break ended the line twice.
		if l.first >= 0 {
			l.text = b.String()
			lines = append(lines, l)
		}
		b.Reset()
		l = rawLine{start: index + 1, first: -1, last: -1}
	}
	for _, r := range text {
		switch r {
		case '\n':
			end()
		case '\uFFFE', '\u0002':
			b.WriteRune(textline.SoftHyphen)
			end()
		default:
			if unicode.IsGraphic(r) && !unicode.IsSpace(r) {
				if l.first < 0 {
					l.first = index
				}
				l.last = index
			}
			b.WriteRune(r)
		}
		index++
	}
	if b.Len() > 0 {
		end()
	}
	return lines
}

func textLine(l layout.Line) textline.Line {
	t := textline.Line{Text: l.Text, X: l.X0, Y: l.Y, Size: l.Size, Start: l.Start}
	if l.Rotated {
		t.Size = 0
	}
	return t
}

func textLines(lines []layout.Line) []textline.Line {
	out := make([]textline.Line, len(lines))
	for i, l := range lines {
		out[i] = textLine(l)
	}
	return out
}

func (r rect) middleX() float64 { return (r.x0 + r.x1) / 2 }
func (r rect) middleY() float64 { return (r.y0 + r.y1) / 2 }
