package entity

import (
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/opinion"
)

// Roles of what the head of a decision says.
const (
	RoleOwn    = "own"    // a docket number: the case's own
	RoleBelow  = "below"  // a docket number or a judge: of the court that is reviewed
	RolePanel  = "panel"  // a judge who decided
	RoleAuthor = "author" // the judge who wrote
)

// addHead adds what the head of the document says, as far as it is on the page, which
// begins at offset start: what the rules for running text do not find, and the roles
// of what they do.
func (p *page) addHead(h opinion.Fields, start int) {
	for _, d := range []struct {
		date opinion.Date
		role string
	}{{h.Filed, "filed"}, {h.Decided, "decided"}, {h.Argued, "argued"}, {h.Submitted, "submitted"}} {
		p.fromHead(document.Date, opinion.Value{Text: d.date.Day, Span: d.date.Span}, start, d.role)
	}
	for _, v := range h.Dockets {
		p.fromHead(document.DocketNumber, v, start, RoleOwn)
	}
	for _, v := range h.LowerDockets {
		p.fromHead(document.DocketNumber, v, start, RoleBelow)
	}
	if p.judicial(h.Author, start) {
		p.fromHead(document.Judge, h.Author, start, RoleAuthor)
	}
	if len(h.Panel) > 0 && p.judicial(h.Panel[0], start) {
		for _, v := range h.Panel {
			p.fromHead(document.Judge, v, start, RolePanel)
		}
	}
	p.fromHead(document.Judge, h.LowerJudge, start, RoleBelow)
	if lower := strings.ToLower(h.LowerCourt.Text); strings.Contains(lower, "court") && !strings.HasPrefix(lower, "clerk") {
		p.courtBelow(h.LowerCourt, start)
	}
}

var (
	// anybody introduces those who are "present" at a meeting, or the "author" of a report,
	// as well as judges.
	anybody = regexp.MustCompile(`(?i)\b(?:present|author)\W{0,8}$`)
	// judgeWords say near names that judges are meant.
	judgeWords = regexp.MustCompile(`(?i)\b(?:judges?|justices?|jj?\.|c\.\s?j\.|p\.\s?j\.|hon\.|honorable|chancellor|magistrate|commissioners?)`)
)

// nearJudge is how far from a name judgeWords stand, in bytes.
const nearJudge = 120

// judicial says whether v, which the head of a document has as a judge, is one by what
// stands around it.
func (p *page) judicial(v opinion.Value, start int) bool {
	from, to := v.Span.Start-start, v.Span.End-start
	if v.Text == "" || from < 0 || to > len(p.text) || from > to {
		return false
	}
	return !anybody.MatchString(p.text[max(0, from-20):from]) ||
		judgeWords.MatchString(p.text[max(0, from-nearJudge):min(len(p.text), to+nearJudge)])
}

// courtBelow adds the court that is reviewed. Where its name is spread over a column,
// of which the rules for running text have but one line, the mention stands on the line
// with the word "court" and means the whole name.
func (p *page) courtBelow(v opinion.Value, start int) {
	s := document.Span{Start: v.Span.Start - start, End: v.Span.End - start}
	if s.Len() <= 0 || s.Start < 0 || s.End > len(p.text) || !strings.Contains(p.text[s.Start:s.End], "\n") {
		p.fromHead(document.Court, v, start, "")
		return
	}
	name, whole := courtNamed(v.Text)
	if !whole || slices.ContainsFunc(p.mentions, func(m document.Mention) bool {
		return m.Type == document.Court && m.Start < s.End && s.Start < m.End && m.Normalized == name
	}) {
		p.fromHead(document.Court, v, start, "")
		return
	}
	cell := s
	if oneLine(p.text[s.Start:s.End]) != v.Text {
		at := courtWord.FindStringIndex(p.text[s.Start:s.End])
		if at == nil {
			return
		}
		cell = p.cellAt(s.Start + at[0])
		cell = document.Span{Start: max(cell.Start, s.Start), End: min(cell.End, s.End)}
	}
	p.mentions = slices.DeleteFunc(p.mentions, func(m document.Mention) bool {
		return m.Type == document.Court && m.Start < s.End && s.Start < m.End
	})
	p.add(document.Court, cell.Start, cell.End, name, headConfidence, "")
}

var (
	courtWord = regexp.MustCompile(`\b(?:Court|COURT)\b`)
	// cellMark stands between the columns of a line.
	cellMark = regexp.MustCompile(`[ \t]*[)\]}§|:][ \t]+|[ \t]{3,}|\t`)
)

// cellAt is the cell of its line that holds offset at.
func (p *page) cellAt(at int) document.Span {
	from := strings.LastIndexByte(p.text[:at], '\n') + 1
	end := len(p.text)
	if i := strings.IndexByte(p.text[at:], '\n'); i >= 0 {
		end = at + i
	}
	if marks := cellMark.FindAllStringIndex(p.text[from:at], -1); len(marks) > 0 {
		from += marks[len(marks)-1][1]
	}
	return document.Span{Start: from, End: end}
}

// courtNamed is the normal form of the court that text names, and whether the name is
// all of text.
func courtNamed(text string) (name string, whole bool) {
	p := newPage(text, &memory{text: text})
	for i, t := range p.tokens {
		if t.class&courtHead != 0 {
			p.court(i)
		}
	}
	p.numberCourts()
	longest := 0
	for _, m := range p.mentions {
		if m.Len() > longest {
			name, longest = m.Normalized, m.Len()
		}
	}
	return name, longest > 0 && 5*longest >= 4*len(text)
}

// headConfidence is that of a mention which only the head's form tells.
const headConfidence = 0.85

// fromHead gives the mention of typ at v its role, or adds one.
func (p *page) fromHead(typ document.EntityType, v opinion.Value, start int, role string) {
	s := document.Span{Start: v.Span.Start - start, End: v.Span.End - start}
	if v.Text == "" || s.Len() <= 0 || s.Start < 0 || s.End > len(p.text) {
		return
	}
	if typ == document.DocketNumber && p.numbersElse(s.Start) {
		return
	}
	at := slices.IndexFunc(p.mentions, func(m document.Mention) bool {
		return m.Type == typ && m.Start < s.End && s.Start < m.End
	})
	switch {
	case at >= 0:
		switch was := p.mentions[at].Role; {
		case was == "filed" && role == "decided" && p.memory.kind == "":
		case was == "":
			p.mentions[at].Role = role
		case typ != document.Date:
		case p.memory.kind == "" || p.memory.kind == document.KindOpinion || p.memory.kind == document.KindOrder:
			// What the head of a decision says, it says better than running text.
			if role == "argued" || role == "submitted" {
				role = document.JoinRoles(was, role)
			}
			p.mentions[at].Role = role
		}
	case typ == document.Date:
		p.add(typ, s.Start, s.End, v.Text, headConfidence, role)
	case oneLine(p.text[s.Start:s.End]) == v.Text: // not spread over columns
		normal := dashes.Replace(v.Text)
		if typ == document.Judge {
			normal = properName(v.Text)
		}
		p.add(typ, s.Start, s.End, normal, headConfidence, role)
	}
}

// numberedWord ends before a number and has the word that says what is numbered.
var numberedWord = regexp.MustCompile(`(?i)([a-z][a-z.]*)\s+(?:no|nos|number|#)\.?:?\s*$`)

// numbersElse says whether the number at offset at is said to be none of a case: "P.O. No.".
func (p *page) numbersElse(at int) bool {
	m := numberedWord.FindStringSubmatch(p.text[max(0, at-30):at])
	return m != nil && notDocket[strings.TrimRight(strings.ToLower(m[1]), ".")]
}
