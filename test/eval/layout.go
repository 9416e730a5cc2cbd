package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/caseload/caseload/document/extract"
	"github.com/caseload/caseload/document/extract/pdf"
)

// measureLayout judges in which order the words of made-up pages are read: of
// the words that a person would read, how many need no edit.
func measureLayout(ctx context.Context, _ string, add func(verdict)) error {
	dir, err := os.MkdirTemp("", "caseload-layout")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := pdf.New(pdf.Config{})
	if err != nil {
		return err
	}
	defer r.Close()
	for i, p := range papers() {
		path := filepath.Join(dir, fmt.Sprintf("%d.pdf", i))
		data := p.bytes()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
		c, err := r.Read(ctx, extract.Input{Path: path, Size: int64(len(data)), Name: filepath.Base(path)})
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		for k, s := range p.sheets {
			v := judgePage(edits, fmt.Sprintf("%s, page %d", p.name, k+1), strings.Join(s.want, " "), c.Pages[k].Text)
			v.missed, v.correct = min(v.missed, v.missed+v.correct), max(v.correct, 0)
			add(v)
		}
	}
	return nil
}

// prose gives running text, some letters a line. Its words are those of
// opinions, in an order that repeats itself seldom.
type prose struct{ at uint32 }

var proseWords = strings.Fields(`the court held that plaintiff failed to state a claim because notice was given
	under statute and defendant moved for summary judgment on each count while relief sought by appellant
	would require findings of fact which no record supports so we affirm in part reverse in part and remand
	with instructions to consider whether damages were properly awarded after trial before jury`)

func (p *prose) line(letters int) string {
	var words []string
	n := 0
	for {
		w := proseWords[(p.at>>16)%uint32(len(proseWords))]
		if n+len(w) > letters {
			return strings.Join(words, " ")
		}
		p.at = p.at*1664525 + 1013904223 // a linear congruential generator
		n += len(w) + 1
		words = append(words, w)
	}
}

func (p *prose) lines(n, letters int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = p.line(letters)
	}
	return out
}

// papers are the documents of the set.
func papers() []*paper {
	var all []*paper
	begin := func(name string) *paper {
		p := &paper{name: name}
		all = append(all, p)
		return p
	}
	columnPapers(begin)
	pleadingPapers(begin)
	runningPapers(begin)
	wordPapers(begin)
	formPapers(begin)
	return all
}

// across writes columns row by row, as some programs do, and reads them column
// by column.
func (s *sheet) across(top float64, size float64, xs []float64, columns ...[]string) {
	for i := range columns[0] {
		for c, lines := range columns {
			s.text(xs[c], top-1.2*size*float64(i), size, lines[i])
		}
	}
	for _, lines := range columns {
		s.read(lines...)
	}
}

// down writes lines and reads them.
func (s *sheet) down(x, top, pitch, size float64, lines ...string) {
	for i, l := range lines {
		s.text(x, top-pitch*float64(i), size, l)
	}
	s.read(lines...)
}

func columnPapers(begin func(string) *paper) {
	var t prose
	two := []float64{60, 320}
	s := begin("two columns, row by row").sheet()
	s.across(720, 9, two, t.lines(55, 42), t.lines(55, 42))

	s = begin("two columns, one after the other").sheet()
	for _, x := range two {
		s.down(x, 720, 10.8, 9, t.lines(55, 42)...)
	}

	s = begin("two columns with a heading and a footnote over both").sheet()
	s.down(100, 740, 14, 11, "NOTICE OF PROPOSED RULEMAKING FOR THE COURTS OF APPEALS", "AND FOR THE DISTRICT COURTS OF THE UNITED STATES")
	s.across(690, 9, two, t.lines(45, 42), t.lines(45, 42))
	s.down(60, 150, 9, 7, t.lines(4, 110)...)

	s = begin("two columns, a heading, two columns").sheet()
	s.across(740, 9, two, t.lines(20, 42), t.lines(20, 42))
	s.down(130, 500, 14, 11, "THE SECOND PART OF THIS ARTICLE BEGINS AT THIS PLACE")
	s.across(470, 9, two, t.lines(25, 42), t.lines(25, 42))

	s = begin("two columns, lines in turn").sheet()
	left, right := t.lines(40, 42), t.lines(40, 42)
	for i := range left {
		s.text(60, 720-12*float64(i), 9, left[i])
		s.text(320, 714-12*float64(i), 9, right[i])
	}
	s.read(left...)
	s.read(right...)

	s = begin("three columns, row by row").sheet()
	s.across(720, 8, []float64{40, 225, 410}, t.lines(60, 33), t.lines(60, 33), t.lines(60, 33))

	s = begin("four columns of a newspaper").sheet()
	s.across(720, 7, []float64{30, 170, 310, 450}, t.lines(70, 29), t.lines(70, 29), t.lines(70, 29), t.lines(70, 29))

	s = begin("two columns after a caption").sheet()
	for i, l := range []string{"JANE ROE,", "Plaintiff,", "v.", "ACME COMPANY,", "Defendant."} {
		s.text(72, 740-14*float64(i), 10, l)
		s.text(270, 740-14*float64(i), 10, ")")
		s.read(l, ")")
		if i == 1 {
			s.text(300, 740-14*float64(i), 10, "Case No. 1:20-cv-01234")
			s.read("Case No. 1:20-cv-01234")
		}
	}
	s.across(620, 9, two, t.lines(40, 42), t.lines(40, 42))

	s = begin("a column of uneven length").sheet()
	left, right = t.lines(50, 42), t.lines(30, 42)
	for i := range left {
		s.text(60, 720-10.8*float64(i), 9, left[i])
		if i < len(right) {
			s.text(320, 720-10.8*float64(i), 9, right[i])
		}
	}
	s.read(left...)
	s.read(right...)

	s = begin("a table").sheet()
	s.down(72, 740, 14, 10, t.lines(6, 75)...)
	for i := range 20 {
		row := []string{fmt.Sprintf("Exhibit %d", i+1), "Letter of counsel", fmt.Sprintf("March %d", i+2), fmt.Sprintf("$%d.00", 100+i)}
		for c, cell := range row {
			s.text(72+130*float64(c), 630-14*float64(i), 10, cell)
		}
		s.read(row...)
	}

	s = begin("a page that is turned").sheet()
	s.turned = true
	s.down(72, 540, 14, 10, t.lines(30, 90)...)

	s = begin("print up the margin").sheet()
	s.upright(30, 300, 8, "ROE AND DOE, ATTORNEYS AT LAW")
	s.down(72, 720, 14, 10, t.lines(40, 75)...)
	s.read("ROE AND DOE, ATTORNEYS AT LAW")
}

func pleadingPapers(begin func(string) *paper) {
	var t prose
	caption := func(s *sheet) {
		for i, l := range []string{"JANE ROE,", "Plaintiff,", "vs.", "ACME COMPANY, INC.,", "Defendant."} {
			y := 720 - 24*float64(i)
			s.text(110, y, 10, l)
			s.text(300, y, 10, ")")
			s.read(l, ")")
			if i == 0 {
				s.text(330, y, 10, "Case No. 8:16-cv-01261")
				s.read("Case No. 8:16-cv-01261")
			}
			if i == 3 {
				s.text(330, y, 10, "COMPLAINT FOR DAMAGES")
				s.read("COMPLAINT FOR DAMAGES")
			}
		}
	}
	p := begin("pleading paper, numbers first")
	for page := range 2 {
		s := p.sheet()
		for i := range 28 {
			s.text(72, 720-24*float64(i), 10, fmt.Sprintf("%2d", i+1))
		}
		from := 0
		if page == 0 {
			caption(s)
			from = 6
		}
		s.down(110, 720-24*float64(from), 24, 10, t.lines(28-from, 70)...)
	}
	p = begin("pleading paper, numbers with each line")
	for range 2 {
		s := p.sheet()
		for i := range 28 {
			y := 720 - 24*float64(i)
			s.text(72, y, 10, fmt.Sprint(i+1))
			s.down(110, y, 24, 10, t.line(70))
		}
	}
	p = begin("a transcript of 25 lines a page")
	for page := range 3 {
		s := p.sheet()
		s.text(500, 750, 10, fmt.Sprint(page+41))
		for i := range 25 {
			y := 700 - 26*float64(i)
			s.text(80, y, 10, fmt.Sprint(i+1))
			s.down(120, y, 24, 10, []string{"Q. ", "A. "}[i%2]+t.line(60))
		}
	}
	s := begin("a numbered list").sheet()
	for i := range 14 {
		s.down(72, 720-24*float64(i), 24, 10, fmt.Sprintf("%d %s", i+1, t.line(60)))
	}
}

func runningPapers(begin func(string) *paper) {
	var t prose
	p := begin("running heads and page numbers")
	for page := range 4 {
		s := p.sheet()
		s.text(200, 750, 10, "ROE v. ACME COMPANY")
		if page == 0 {
			s.read("ROE v. ACME COMPANY")
		}
		s.down(72, 700, 14, 10, t.lines(40, 75)...)
		s.text(290, 40, 10, fmt.Sprintf("- %d -", page+1))
	}
	p = begin("heads that differ on the two sides")
	for page := range 6 {
		s := p.sheet()
		head := fmt.Sprintf("%d ROE v. ACME COMPANY", page+1)
		if page%2 == 0 {
			head = fmt.Sprintf("Cite as: 569 U. S. 614 (2013) %d", page+1)
		}
		if page == 0 {
			s.read(head)
		}
		s.text(150, 740, 10, head)
		s.down(72, 700, 14, 10, t.lines(40, 75)...)
	}
	p = begin("filing stamps and Bates numbers")
	for page := range 3 {
		s := p.sheet()
		stamp := fmt.Sprintf("Case 1:20-cv-01234-ABC Document 12 Filed 03/04/20 Page %d of 3", page+1)
		s.text(100, 775, 9, stamp)
		if page == 0 {
			s.read(stamp)
		}
		s.down(72, 700, 14, 10, t.lines(40, 75)...)
		s.down(420, 30, 14, 9, fmt.Sprintf("ACME%07d", 1200+page))
	}
	p = begin("two columns with heads")
	for page := range 3 {
		s := p.sheet()
		head := fmt.Sprintf("%d JOURNAL OF CIVIL PROCEDURE AND OF EVIDENCE", page+101)
		s.text(100, 760, 10, head)
		if page == 0 {
			s.read(head)
		}
		s.across(720, 9, []float64{60, 320}, t.lines(50, 42), t.lines(50, 42))
	}
}

func wordPapers(begin func(string) *paper) {
	var t prose
	s := begin("words cut at a line's end").sheet()
	for _, c := range [][3]string{
		{"the rights of the plain-", "tiff under law", "the rights of the plaintiff under law"},
		{"claims against the co-", "defendant were", "claims against the co-defendant were"},
		{"a non-", "party to the case", "a non-party to the case"},
		{"docketed as 1:19-cv-", "01234 in the court", "docketed as 1:19-cv-01234 in the court"},
		{"by Mary Smith-", "Jones of counsel", "by Mary Smith-Jones of counsel"},
		{"the judg-", "ment of the court", "the judgment of the court"},
		{"an attorney-", "client privilege", "an attorney-client privilege"},
		{"the long-", "term lease", "the long-term lease"},
		{"of a long-term lease and long-term debt", "", "of a long-term lease and long-term debt"},
		{"an out-of-", "state company", "an out-of-state company"},
		{"never-", "theless the court", "nevertheless the court"},
		{"the appel-", "lant argues", "the appellant argues"},
	} {
		y := 720 - 28*float64(len(s.want))
		s.text(72, y, 10, c[0])
		if c[1] != "" {
			s.text(72, y-14, 10, c[1])
		}
		s.read(c[2])
	}

	p := begin("footnotes")
	for page := range 2 {
		s := p.sheet()
		s.down(72, 720, 14, 10, t.lines(10, 75)...)
		n := fmt.Sprint(page + 3)
		s.raised(72, 580, 10, "no party asked for other relief.", n, " We do not reach it")
		s.read("no party asked for other relief.["+n+"]", "We do not reach it")
		s.down(72, 566, 14, 10, t.lines(20, 75)...)
		s.raised(72, 150, 8, "", n, "See the record on appeal at the pages that are cited")
		s.read("["+n+"]", "See the record on appeal at the pages that are cited")
		s.down(72, 140, 10, 8, t.lines(2, 90)...)
	}
}

func formPapers(begin func(string) *paper) {
	s := begin("a form whose fields draw nothing").sheet()
	s.down(72, 720, 14, 10, "APPEARANCE OF COUNSEL")
	for i, f := range [][2]string{{"Name:", "Jane Q. Roe"}, {"Firm:", "Roe and Doe LLP"}, {"Docket number:", "14-1326"}, {"Date:", "March 18, 2014"}} {
		y := 680 - 30*float64(i)
		s.text(72, y, 10, f[0])
		s.annotate(200, y-4, 200, 18, fmt.Sprintf("/Subtype /Widget /FT /Tx /T (field%d) /V (%s)", i, literal(f[1])))
		s.read(f[0], f[1])
	}
	for i, l := range []string{"Appellant", "Appellee", "Amicus curiae"} {
		y := 540 - 20*float64(i)
		state, mark := "/Off", "[ ]"
		if i == 1 {
			state, mark = "/Yes", "[x]"
		}
		s.annotate(72, y-2, 10, 10, fmt.Sprintf("/Subtype /Widget /FT /Btn /T (box%d) /V %s /AS %s /AP << /N << /Yes 3 0 R >> >>", i, state, state))
		s.text(90, y, 10, l)
		s.read(mark, l)
	}
	s.text(72, 460, 10, "Court:")
	s.annotate(200, 456, 200, 18, "/Subtype /Widget /FT /Ch /Ff 131072 /T (court) /Opt [(First Circuit) (Federal Circuit)] /V (Federal Circuit)")
	s.read("Court:", "Federal Circuit")

	var t prose
	s = begin("notes on a page").sheet()
	s.down(72, 720, 14, 10, t.lines(30, 75)...)
	s.annotate(400, 700, 20, 20, "/Subtype /Text /T (J. Roe) /Contents (Check this date against the docket.)")
	s.annotate(72, 600, 200, 12, "/Subtype /Highlight /QuadPoints [72 612 272 612 72 600 272 600] /Contents (The key admission)")
	s.annotate(72, 500, 200, 12, "/Subtype /Link /A << /S /URI /URI (https://example.com/) >>")
	s.read("[Annotation, note by J. Roe: Check this date against the docket.]", "[Annotation, highlight: The key admission]")
}
