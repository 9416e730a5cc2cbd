package pdf

import (
	"context"
	"errors"
	"io"

	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"
	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"github.com/caseload/caseload/document/extract"
)

// AddText writes a copy of a file to which words are added, by the number of their
// page, as text that is not drawn: the pages look as before, and can be searched and
// copied from. An invisible text that such a page has is replaced. The text is in a font
// of Latin, Greek and Cyrillic letters; others are left out.
//
// Errors are those of Render, and w's.
func (r *Reader) AddText(ctx context.Context, path string, words map[int][]extract.PlacedWord, w io.Writer) error {
	s, err := r.open(ctx, r.draw, path)
	if err != nil {
		return err
	}
	defer s.close()
	var layer *textLayer
	if err := s.guard(ctx, func() (err error) {
		layer, err = s.newTextLayer()
		return err
	}); err != nil {
		return err
	}
	for n := 1; n <= s.pages; n++ {
		if len(words[n]) == 0 {
			continue
		}
		err := s.guard(ctx, func() error { return layer.add(n, words[n]) })
		if errors.Is(err, errNoPage) {
			return errCorrupt("page %d cannot be read", n)
		}
		if err != nil {
			return err
		}
	}
	return s.guard(ctx, func() error {
		_, err := s.pdfium.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: s.doc, Flags: requests.SaveFlagNoIncremental, FileWriter: w})
		return err
	})
}

// textLayer adds text to a document's pages.
type textLayer struct {
	*session
	font   references.FPDF_FONT
	shapes *sfnt.Font
	buffer sfnt.Buffer
}

func (s *session) newTextLayer() (*textLayer, error) {
	shapes, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		return nil, err
	}
	loaded, err := s.pdfium.FPDFText_LoadFont(&requests.FPDFText_LoadFont{
		Document: s.doc, Data: goregular.TTF, FontType: enums.FPDF_FONT_TRUETYPE, CID: true,
	})
	if err != nil {
		return nil, err
	}
	return &textLayer{session: s, font: loaded.Font, shapes: shapes}, nil
}

func (l *textLayer) add(n int, words []extract.PlacedWord) error {
	page, err := l.loadPage(n)
	if err != nil {
		return err
	}
	if err := l.clear(page); err != nil {
		return err
	}
	for _, w := range words {
		if err := l.put(page, w); err != nil {
			return err
		}
	}
	if _, err := l.pdfium.FPDFPage_GenerateContent(&requests.FPDFPage_GenerateContent{Page: page}); err != nil {
		return err
	}
	return l.closePage(page)
}

// clear takes the invisible text off a page.
func (l *textLayer) clear(page requests.Page) error {
	count, err := l.pdfium.FPDFPage_CountObjects(&requests.FPDFPage_CountObjects{Page: page})
	if err != nil {
		return err
	}
	for i := count.Count - 1; i >= 0; i-- {
		got, err := l.pdfium.FPDFPage_GetObject(&requests.FPDFPage_GetObject{Page: page, Index: i})
		if err != nil {
			return err
		}
		kind, err := l.pdfium.FPDFPageObj_GetType(&requests.FPDFPageObj_GetType{PageObject: got.PageObject})
		if err != nil {
			return err
		}
		if kind.Type != enums.FPDF_PAGEOBJ_TEXT {
			continue
		}
		mode, err := l.pdfium.FPDFTextObj_GetTextRenderMode(&requests.FPDFTextObj_GetTextRenderMode{PageObject: got.PageObject})
		if err != nil {
			return err
		}
		if mode.TextRenderMode != enums.FPDF_TEXTRENDERMODE_INVISIBLE {
			continue
		}
		if _, err := l.pdfium.FPDFPage_RemoveObject(&requests.FPDFPage_RemoveObject{Page: page, PageObject: got.PageObject}); err != nil {
			return err
		}
	}
	return nil
}

// A word's box reaches from below its baseline to above its letters: where the
// baseline is, and how much of it an em, as shares of its height.
const (
	baseline = 0.2
	em       = 0.8
)

// put puts a word on a page, as wide as its box.
func (l *textLayer) put(page requests.Page, w extract.PlacedWord) error {
	text, width := l.set(w.Text)
	if width == 0 {
		return nil
	}
	left, err := l.point(page, w.Left)
	if err != nil {
		return err
	}
	right, err := l.point(page, w.Right)
	if err != nil {
		return err
	}
	top, err := l.point(page, w.Top)
	if err != nil {
		return err
	}
	made, err := l.pdfium.FPDFPageObj_CreateTextObj(&requests.FPDFPageObj_CreateTextObj{Document: l.doc, Font: l.font, FontSize: 1})
	if err != nil {
		return err
	}
	object := made.PageObject
	if _, err := l.pdfium.FPDFText_SetText(&requests.FPDFText_SetText{PageObject: object, Text: text}); err != nil {
		return err
	}
	if _, err := l.pdfium.FPDFTextObj_SetTextRenderMode(&requests.FPDFTextObj_SetTextRenderMode{
		PageObject: object, TextRenderMode: enums.FPDF_TEXTRENDERMODE_INVISIBLE,
	}); err != nil {
		return err
	}
	up := [2]float64{top[0] - left[0], top[1] - left[1]}
	if _, err := l.pdfium.FPDFPageObj_SetMatrix(&requests.FPDFPageObj_SetMatrix{PageObject: object, Transform: structs.FPDF_FS_MATRIX{
		A: float32((right[0] - left[0]) / width), B: float32((right[1] - left[1]) / width),
		C: float32(em * up[0]), D: float32(em * up[1]),
		E: float32(left[0] + baseline*up[0]), F: float32(left[1] + baseline*up[1]),
	}}); err != nil {
		return err
	}
	_, err = l.pdfium.FPDFPage_InsertObject(&requests.FPDFPage_InsertObject{Page: page, PageObject: object})
	return err
}

// set is as much of text as the font has letters for, and how wide they are, in ems.
func (l *textLayer) set(text string) (string, float64) {
	const units = 1000
	kept := make([]rune, 0, len(text))
	var width fixed.Int26_6
	for _, r := range text {
		glyph, err := l.shapes.GlyphIndex(&l.buffer, r)
		if err != nil || glyph == 0 {
			continue
		}
		advance, err := l.shapes.GlyphAdvance(&l.buffer, glyph, fixed.I(units), font.HintingNone)
		if err != nil {
			continue
		}
		kept = append(kept, r)
		width += advance
	}
	return string(kept), float64(width) / 64 / units
}

// point is where a spot of the page, as it is shown, is in the page's coordinates.
func (l *textLayer) point(page requests.Page, s extract.Spot) ([2]float64, error) {
	const fine = 100_000 // parts of a side
	p, err := l.pdfium.FPDF_DeviceToPage(&requests.FPDF_DeviceToPage{
		Page: page, SizeX: fine, SizeY: fine, DeviceX: int(s.X * fine), DeviceY: int(s.Y * fine),
	})
	if err != nil {
		return [2]float64{}, err
	}
	return [2]float64{p.PageX, p.PageY}, nil
}
