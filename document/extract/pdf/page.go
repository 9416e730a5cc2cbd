package pdf

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/responses"

	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/internal/textline"
	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// pageRead is what was read of a page: its lines in reading order, or its text
// where that is settled.
type pageRead struct {
	lines    []layout.Line
	text     string
	height   float64
	needsOCR bool
}

// readPage reads page n, from 1, and says whether it is to be recognised from
// the page's picture instead. It notes the page's leaks.
func (s *session) readPage(n int) (pageRead, error) {
	page, err := s.loadPage(n)
	if err != nil {
		return pageRead{}, err
	}
	v, err := s.view(page)
	if err != nil {
		return pageRead{}, err
	}
	raw, read, err := s.arrangedLines(page, v)
	if err != nil {
		return pageRead{}, err
	}
	if read, err = s.addAnnotations(page, v, raw, read); err != nil {
		return pageRead{}, err
	}
	if len(read) > 0 {
		leaks, err := s.leaks(page, n)
		if err != nil {
			return pageRead{}, err
		}
		s.leaking = append(s.leaking, leaks...)
	}
	p := pageRead{lines: read, height: v.height}
	text := extract.Normalize(linesText(read))
	if garbled(text) {
		p.lines, p.needsOCR = nil, true
		return p, s.closePage(page)
	}
	if p.needsOCR, err = s.seesThrough(page, strings.TrimSpace(text)); err != nil {
		return pageRead{}, err
	}
	return p, s.closePage(page)
}

func linesText(lines []layout.Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Text)
		b.WriteByte('\n')
	}
	return b.String()
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
// notes) into a page's lines, next to the text they stand by. raw are the lines
// as they were read, read are the same ones in reading order.
func (s *session) addAnnotations(page requests.Page, v view, raw, read []layout.Line) ([]layout.Line, error) {
	flattened, err := s.flatten(page)
	if err != nil || !flattened {
		return read, err
	}
	all, arranged, err := s.arrangedLines(page, v)
	if err != nil {
		return nil, err
	}
	for i, l := range raw {
		if i == len(all) || strings.TrimSpace(all[i].Text) != strings.TrimSpace(l.Text) {
			return arranged, nil
		}
	}
	for _, l := range all[len(raw):] {
		read = slices.Insert(read, textline.Position(textLines(read), textLine(l)), l)
	}
	return read, nil
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

func onlyTrap(err error) error {
	if trapped(err) {
		return err
	}
	return nil
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
