// Package opinion reads the opening of a court's or an agency's decision: its
// docket numbers, the dates of what was done, the court, number and judge below, and
// the judges who decided.
//
// Courts set these in forms of their own, but of few kinds: a label and a value, a
// line that is nothing but a value, a passage that begins with "Appeal from", a list
// that ends with "JJ." What stands in none of them is left out rather than guessed.
package opinion

import (
	"strings"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// MaxHead is how much of a text is read, in bytes.
const MaxHead = 6000

// A Value is something that the head says, and where.
type Value struct {
	Text string        // as written, on one line, without label and title
	Span document.Span // in bytes of the text; zero where it is spread over columns
}

// A Date is a day that the head gives a meaning.
type Date struct {
	Day  string        // 2006-01-02, "" if there is none
	Span document.Span // of the date, as a Value's
}

// Fields are what the head of a decision says. What it does not say is empty.
type Fields struct {
	Dockets   []Value // the case's own numbers, in their order
	Filed     Date    // the decision's filing
	Decided   Date    // or issued, rendered, dated
	Argued    Date    // or heard
	Submitted Date    // on briefs, without argument

	LowerCourt   Value // the court, or agency, that is reviewed
	LowerDockets []Value
	LowerJudge   Value

	Panel     []Value // the judges who decided
	Author    Value   // the judge who wrote
	PerCuriam bool    // the court wrote as one
}

// Kinds is how many kinds of things the head says: numbers, dates, the court below,
// judges. Of a text with one kind alone the form may be chance.
func (f *Fields) Kinds() int {
	n := 0
	for _, has := range []bool{
		len(f.Dockets) > 0,
		f.Filed.Day != "" || f.Decided.Day != "" || f.Argued.Day != "" || f.Submitted.Day != "",
		f.LowerCourt.Text != "",
		len(f.Panel) > 0 || f.Author.Text != "" || f.PerCuriam,
	} {
		if has {
			n++
		}
	}
	return n
}

// Head reads the first MaxHead bytes of text, at most its first page with text on
// it. The time grows linearly with what is read. Text that is no decision gives
// what it has of the same forms, often nothing.
func Head(text string) Fields {
	v := newView(text[:headEnd(text)])
	h := &head{text: v.text}
	h.lines()
	h.lower()
	h.dates()
	h.dockets()
	h.judges()
	h.locate(v)
	return h.Fields
}

// minHead is how many letters a first page has that is more than a stamp.
const minHead = 300

func headEnd(text string) int {
	end := min(len(text), MaxHead)
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	for at := 0; ; {
		i := strings.Index(text[at:end], document.PageBreak)
		if i < 0 {
			return end
		}
		if len(strings.TrimSpace(text[:at+i])) >= minHead {
			return at + i
		}
		at += i + len(document.PageBreak)
	}
}

// head is the text that is being read, one column below the other.
type head struct {
	Fields

	list    document.Span // of the judges who decided
	text    string
	rows    []row
	below   []document.Span // passages about what is reviewed
	supreme bool            // the court that decides is a supreme one, above a court of appeals
	court   bool            // a court or an agency is named, or a party is against another
}

// locate turns spans of the view into spans of the text.
func (h *head) locate(v *view) {
	for _, d := range []*Date{&h.Filed, &h.Decided, &h.Argued, &h.Submitted} {
		d.Span = v.origin(d.Span)
	}
	for _, x := range []*Value{&h.LowerCourt, &h.LowerJudge, &h.Author} {
		x.Span = v.origin(x.Span)
	}
	for _, list := range [][]Value{h.Dockets, h.LowerDockets, h.Panel} {
		for i := range list {
			list[i].Span = v.origin(list[i].Span)
		}
	}
}

// trim is s without the space, and the marks of rules, around it.
func (h *head) trim(s document.Span) document.Span {
	const marks = " \t\r\n\f\v*_|\u00a0"
	text := h.text[s.Start:s.End]
	left := len(text) - len(strings.TrimLeft(text, marks))
	text = strings.Trim(text, marks)
	return document.Span{Start: s.Start + left, End: s.Start + left + len(text)}
}

// wrap is where a line ends within a number: "3:20-cv- 01123".
var wrap = regexp.MustCompile(`(\d[\w:]*-(?:\w+-)?) `)

// value is what stands at s, on one line.
func (h *head) value(s document.Span) Value {
	return Value{Text: wrap.ReplaceAllString(strings.Join(strings.Fields(h.text[s.Start:s.End]), " "), "$1"), Span: s}
}

// isBelow says whether position at is in a passage about what is reviewed.
func (h *head) isBelow(at int) bool {
	for _, s := range h.below {
		if s.Start <= at && at < s.End {
			return true
		}
	}
	return false
}

// lineBefore is the text of at's line before it.
func (h *head) lineBefore(at int) string {
	return h.text[strings.LastIndexByte(h.text[:at], '\n')+1 : at]
}
