package pdf

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"

	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/textline"
)

// readPage is the text of page n, from 1, and whether it is to be recognised
// from the page's picture instead. It notes the page's leaks.
func (s *session) readPage(n int) (text string, needsOCR bool, err error) {
	page, err := s.loadPage(n)
	if err != nil {
		return "", false, err
	}
	lines, err := s.pageLines(page)
	if err != nil {
		return "", false, err
	}
	if lines, err = s.addAnnotations(page, lines); err != nil {
		return "", false, err
	}
	if len(lines) > 0 {
		leaks, err := s.leaks(page, n)
		if err != nil {
			return "", false, err
		}
		s.leaking = append(s.leaking, leaks...)
	}
	text = extract.Normalize(textline.Join(lines))
	if garbled(text) {
		return "", true, s.closePage(page)
	}
	if needsOCR, err = s.seesThrough(page, text); err != nil {
		return "", false, err
	}
	return text, needsOCR, s.closePage(page)
}

func (s *session) loadPage(n int) (requests.Page, error) {
	page, err := s.pdfium.FPDF_LoadPage(&requests.FPDF_LoadPage{Document: s.doc, Index: n - 1})
	if err != nil {
		if trapped(err) {
			return requests.Page{}, err
		}
		return requests.Page{}, errNoPage
	}
	return requests.Page{ByReference: &page.Page}, nil
}

func (s *session) closePage(page requests.Page) error {
	_, err := s.pdfium.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: *page.ByReference})
	return err
}

// addAnnotations puts what annotations show (filled form fields, stamps, typed
// notes) into a page's lines, next to the text they stand by.
func (s *session) addAnnotations(page requests.Page, lines []textline.Line) ([]textline.Line, error) {
	flattened, err := s.flatten(page)
	if err != nil || !flattened {
		return lines, err
	}
	all, err := s.pageLines(page)
	if err != nil {
		return nil, err
	}
	for i, l := range lines {
		if i == len(all) || strings.TrimSpace(all[i].Text) != strings.TrimSpace(l.Text) {
			return all, nil
		}
	}
	return textline.Insert(lines, all[len(lines):]), nil
}

// flatten makes a page's annotations part of its content, and says whether there
// were any to show.
func (s *session) flatten(page requests.Page) (bool, error) {
	count, err := s.pdfium.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil || count.Count == 0 {
		return false, err
	}
	got, err := s.pdfium.FPDFPage_Flatten(&requests.FPDFPage_Flatten{Page: page})
	if err != nil {
		return false, err
	}
	return got.Result == responses.FPDFPage_FlattenResultSuccess, nil
}

// pageLines is a page's lines of text with their positions.
func (s *session) pageLines(page requests.Page) ([]textline.Line, error) {
	loaded, err := s.pdfium.FPDFText_LoadPage(&requests.FPDFText_LoadPage{Page: page})
	if err != nil {
		if trapped(err) {
			return nil, err
		}
		return nil, errNoPage
	}
	tp := loaded.TextPage
	count, err := s.pdfium.FPDFText_CountChars(&requests.FPDFText_CountChars{TextPage: tp})
	if err != nil {
		return nil, err
	}
	var lines []textline.Line
	if count.Count > 0 {
		got, err := s.pdfium.FPDFText_GetText(&requests.FPDFText_GetText{TextPage: tp, Count: count.Count})
		if err != nil {
			return nil, err
		}
		for _, raw := range splitLines(got.Text) {
			l, err := s.locate(tp, raw)
			if err != nil {
				return nil, err
			}
			lines = append(lines, l)
		}
	}
	_, err = s.pdfium.FPDFText_ClosePage(&requests.FPDFText_ClosePage{TextPage: tp})
	return lines, err
}

// locate finds out where a line stands. A line that PDFium cannot place has no
// size.
func (s *session) locate(tp references.FPDF_TEXTPAGE, raw rawLine) (textline.Line, error) {
	l := textline.Line{Text: raw.text}
	if raw.first < 0 {
		return l, nil
	}
	index, err := s.pdfium.FPDFText_GetCharIndexFromTextIndex(
		&requests.FPDFText_GetCharIndexFromTextIndex{TextPage: tp, NTextIndex: raw.first})
	if err != nil || index.CharIndex < 0 {
		return l, onlyTrap(err)
	}
	origin, err := s.pdfium.FPDFText_GetCharOrigin(
		&requests.FPDFText_GetCharOrigin{TextPage: tp, Index: index.CharIndex})
	if err != nil {
		return l, onlyTrap(err)
	}
	box, err := s.pdfium.FPDFText_GetLooseCharBox(
		&requests.FPDFText_GetLooseCharBox{TextPage: tp, Index: index.CharIndex})
	if err != nil {
		return l, onlyTrap(err)
	}
	l.X, l.Y, l.Size = origin.X, origin.Y, float64(box.Rect.Top-box.Rect.Bottom)
	return l, nil
}

func onlyTrap(err error) error {
	if trapped(err) {
		return err
	}
	return nil
}

// rawLine is a line of a page's text and the index, in characters of that text,
// of its first visible character; -1 if it has none.
type rawLine struct {
	text  string
	first int
}

// splitLines cuts a page's text into lines. Where PDFium found a word cut by a
// hyphen it writes U+FFFE (U+0002 in other versions) for the hyphen and leaves
// the line break out; such a line ends with a soft hyphen here.
func splitLines(text string) []rawLine {
	var lines []rawLine
	var b strings.Builder
	first, index := -1, 0
	end := func() {
		lines = append(lines, rawLine{b.String(), first})
		b.Reset()
		first = -1
	}
	for _, r := range text {
		switch r {
		case '\n':
			end()
		case '\uFFFE', '\u0002':
			b.WriteRune(textline.SoftHyphen)
			end()
		default:
			if first < 0 && unicode.IsGraphic(r) && !unicode.IsSpace(r) {
				first = index
			}
			b.WriteRune(r)
		}
		index++
	}
	if b.Len() > 0 {
		end()
	}
	// A hyphen that is followed by its line break ended the line twice.
	kept := lines[:0]
	for _, l := range lines {
		if l.first >= 0 {
			kept = append(kept, l)
		}
	}
	return kept
}

// garbled says whether text is mostly characters that mean nothing: the page's
// fonts do not say which letters their shapes stand for.
func garbled(text string) bool {
	bad, all := 0, 0
	for _, r := range text {
		if unicode.IsSpace(r) {
			continue
		}
		all++
		if r == utf8.RuneError || unicode.Is(unicode.Co, r) || !unicode.IsGraphic(r) {
			bad++
		}
	}
	return bad*3 > all
}
