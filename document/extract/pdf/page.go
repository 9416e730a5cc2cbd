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
	notes    []string // text of annotations that the page does not show
	cut      bool     // a limit left some of them out
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
	found, err := s.annotations(page, v)
	if err != nil {
		return pageRead{}, err
	}
	raw, read, err := s.arrangedLines(page, v)
	if err != nil {
		return pageRead{}, err
	}
	shown := ""
	if read, shown, err = s.addAnnotations(page, v, found, raw, read); err != nil {
		return pageRead{}, err
	}
	if len(read) > 0 {
		leaks, err := s.leaks(page, n)
		if err != nil {
			return pageRead{}, err
		}
		s.leaking = append(s.leaking, leaks...)
	}
	p := pageRead{lines: read, height: v.height, notes: found.noteLines(shown), cut: found.cut}
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
// as they were read, read are the same ones in reading order; shown is the text
// that annotations drew.
func (s *session) addAnnotations(page requests.Page, v view, found annotations, raw, read []layout.Line) (lines []layout.Line, shown string, err error) {
	if found.count == 0 {
		return read, "", nil
	}
	flattened, err := s.flatten(page)
	if err != nil {
		return nil, "", err
	}
	if !flattened {
		return found.put(read, ""), "", nil
	}
	all, arranged, err := s.arrangedLines(page, v)
	if err != nil {
		return nil, "", err
	}
	for i, l := range raw {
		if i == len(all) || strings.TrimSpace(all[i].Text) != strings.TrimSpace(l.Text) {
			shown = linesText(arranged)
			return found.put(arranged, shown), shown, nil
		}
	}
	for _, l := range all[len(raw):] {
		l.Text = writeMarkers(l.Text)
		read = insertLine(read, l)
	}
	shown = linesText(all[len(raw):])
	return found.put(read, shown), shown, nil
}

// maxPlaced is how many lines a page may have for others to be put among them;
// what is added after that goes to the end.
const maxPlaced = 1000

// insertLine puts l where a reader would come upon it.
func insertLine(lines []layout.Line, l layout.Line) []layout.Line {
	if len(lines) > maxPlaced {
		return append(lines, l)
	}
	return slices.Insert(lines, textline.Position(textLines(lines), textLine(l)), l)
}

// flatten makes a page's annotations part of its content, and says whether there
// were any to show.
func (s *session) flatten(page requests.Page) (bool, error) {
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
