package relate

import (
	"cmp"
	"sort"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// Bounds of where captions are looked for, in bytes.
const (
	maxHead  = 6000
	minHead  = 300 // a first page with less holds a stamp alone
	maxFront = 16000
)

// Roles that package entity gives to what the head of a decision says.
const (
	roleOwn    = "own"
	roleBelow  = "below"
	rolePanel  = "panel"
	roleAuthor = "author"
)

// frontPages is how many pages of a document may precede its caption's end.
const frontPages = 3

// firstPages are the head and the front of text: the first page, the next one
// with it if there is hardly anything on the first, and the first few pages.
func firstPages(text string) (head, front document.Span) {
	pages := 0
	for at := 0; ; {
		i := strings.IndexByte(text[at:], '\f')
		if i < 0 {
			at = len(text)
		} else {
			at += i
		}
		pages++
		if head.End == 0 && (i < 0 || len(strings.TrimSpace(text[:at])) >= minHead) {
			head.End = at
		}
		if i < 0 || pages == frontPages {
			front.End = max(at, head.End)
			break
		}
		at++
	}
	if head.End == 0 {
		head.End = front.End
	}
	r := reader{text: text}
	head.End = r.runeStart(min(head.End, maxHead))
	front.End = r.runeStart(min(front.End, maxFront))
	return head, front
}

// belowCue begins what a caption says about the court below, or an originating
// court; aboveCue ends it.
var (
	belowCue = regexp.MustCompile(`(?i)\b(?:on\s+)?(?:appeals?|interlocutory appeal)\s+from\b|\bcertiorari\s+to\b|\bpetitions?\s+for\s+(?:review|writ)\b|` +
		`\bon\s+(?:discretionary\s+|petition\s+for\s+)?review\b|\bremoved\s+from\b|\bd\.?c\.?\s+(?:docket|court|judge|no)\b|\b(?:lower|district|originating|trial)\s+(?:court\s+)?(?:case|docket|court|(?:court\s+)?(?:file|cause))\s+(?:(?:nos?|number|judge)\b|#)`)
	aboveCue = regexp.MustCompile(`(?im)^\W*(?:before|present|coram|panel|per curiam|by the court|argued|submitted|decided|filed)\b`)
)

// The Supreme Court's own number follows the court that it grants certiorari to.
var (
	ownNumber  = regexp.MustCompile(`(?i)^certiorari`)
	numberLine = regexp.MustCompile(`(?im)^\W*nos?\b`)
)

// maxBelow is how far a passage about the court below reaches, in bytes.
const maxBelow = 400

// findLower finds the passages of the head about the court below.
func (r *reader) findLower() {
	head := r.slice(r.head)
	for _, m := range belowCue.FindAllStringIndex(head, -1) {
		s := document.Span{Start: m[0], End: r.runeStart(min(r.head.End, m[1]+maxBelow))}
		if saysAny(r.text[m[0]:m[1]], "file", "cause") {
			s.Start = r.line(m[0]).Start // the court's name stands before
		}
		if ownNumber.MatchString(r.text[m[0]:m[1]]) {
			if end := numberLine.FindStringIndex(r.text[m[1]:s.End]); end != nil {
				s.End = m[1] + end[0]
			}
		}
		if end := aboveCue.FindStringIndex(r.text[m[1]:s.End]); end != nil {
			s.End = m[1] + end[0]
		}
		if n := len(r.lower); n > 0 && r.lower[n-1].End > s.Start {
			r.lower[n-1].End = s.Start
		}
		r.lower = append(r.lower, s)
	}
}

// below is the passage about the court below that holds position at.
func (r *reader) below(at int) (document.Span, bool) {
	for _, s := range r.lower {
		if s.Start <= at && at < s.End {
			return s, true
		}
	}
	return document.Span{}, false
}

// docketCue begins a line that gives a docket number.
var docketCue = regexp.MustCompile(`(?i)^\W*(?:(?:appellate|civil|criminal|adversary)\s+)?(?:case|no|nos|docket|appeal|re|in re|civil action|cause|index|usca)\b`)

// captionCue ends what stands before the number in a caption of two columns:
// "JANE ROE, Case No.".
var captionCue = regexp.MustCompile(`(?:,\s+|[)|§:][ \t]+|[ \t]{3,})(?:Case|CASE|Civil|CIVIL|Docket)\s+(?:(?:Action|ACTION|Case|CASE)\s+)?(?:Nos?\.|NOS?\.):?\s*$`)

// inCourtOf follows the number of a case that prose names: "(W.D. Wash.)".
var inCourtOf = regexp.MustCompile(`^\s*\(\s*$`)

// ofNamedCase says whether the docket number at s is that of a case which the text
// names together with its court.
func (r *reader) ofNamedCase(s document.Span) bool {
	from, to := r.within(document.Span{Start: s.End, End: s.End + 20})
	for _, m := range r.mentions[from:to] {
		if m.Type == document.Court {
			return inCourtOf.MatchString(r.text[s.End:m.Start])
		}
	}
	return false
}

// districtNumber is a federal district or bankruptcy court's number with its
// office: "3:24-cv-05416".
var districtNumber = regexp.MustCompile(`^\d{1,2}:\d{2}-[a-z]{2,3}-`)

// higher is the name of a court that gives no such numbers.
var higher = regexp.MustCompile(`(?i)court\s+of\s+appeals|\bcircuit\b|supreme\s+court`)

// gives says whether the court of mention court can have given the document's own
// number.
func (r *reader) gives(court document.Mention) bool {
	if len(r.dockets) == 0 {
		return true
	}
	number := r.mentions[r.dockets[0]]
	return !districtNumber.MatchString(cmp.Or(number.Normalized, number.Text)) || !higher.MatchString(cmp.Or(court.Normalized, court.Text))
}

// findDocket finds the document's own docket number: the first of the head that
// stands in a line of its own kind, or in prose if the page is a court's.
func (r *reader) findDocket() {
	var first, named string
	inCourt := versusLine.MatchString(r.slice(r.head))
	from, to := r.within(r.head)
	for _, m := range r.mentions[from:to] {
		if m.Type == document.Court {
			inCourt = true
		}
		if _, below := r.below(m.Start); below || m.Type != document.DocketNumber {
			continue
		}
		line := r.line(m.Start)
		cue := docketCue.MatchString(r.slice(line)) || len(strings.Fields(r.text[line.Start:max(line.Start, m.Start)])) <= 3 ||
			captionCue.MatchString(r.text[line.Start:max(line.Start, m.Start)])
		switch {
		case cue && r.ofNamedCase(m.Span):
			named = cmp.Or(named, m.Entity)
		case cue:
			r.docket = m.Entity
		default:
			first = cmp.Or(first, m.Entity)
		}
		if r.docket != "" {
			break
		}
	}
	if r.docket == "" && inCourt {
		r.docket = first
	}
	if r.docket == "" {
		r.docket = named
	}
	for _, m := range r.mentions[from:to] {
		if r.docket == "" && m.Type == document.DocketNumber && m.Role == roleOwn {
			r.docket = m.Entity
		}
	}
	if r.docket == "" {
		return
	}
	for i, m := range r.mentions {
		if m.Entity == r.docket {
			r.dockets = append(r.dockets, i)
		}
	}
}

// withDocket is s, widened to a mention of the document's own docket number if
// one is near.
func (r *reader) withDocket(s document.Span) document.Span {
	best := s
	near := sort.Search(len(r.dockets), func(i int) bool { return r.mentions[r.dockets[i]].End > s.End-maxNear })
	for _, i := range r.dockets[near:] {
		d := r.mentions[i].Span
		if d.Start > s.Start+maxNear {
			break
		}
		if c := cover(s, d); c.Len() <= max(maxNear, s.Len()) && (best == s || c.Len() < best.Len()) {
			best = c
		}
	}
	return best
}

// findCourt finds the court of the document, and of the number below.
func (r *reader) findCourt() {
	filed := false
	from, to := r.within(r.head)
	for i := from; i < to; i++ {
		m := r.mentions[i]
		if m.Type != document.Court {
			continue
		}
		if passage, ok := r.below(m.Start); ok {
			r.fileBelow(passage, m)
			continue
		}
		if r.court < 0 {
			r.court = i
			r.foreign = !r.gives(m)
		}
		if !filed && r.gives(m) {
			filed = true
			r.add(document.FiledIn, r.docket, m.Entity, r.withDocket(m.Span), sure*m.Confidence)
		}
	}
}

// fileBelow files the docket number that a passage about the court below gives
// in that court.
func (r *reader) fileBelow(passage document.Span, court document.Mention) {
	from, to := r.within(passage)
	for _, m := range r.mentions[from:to] {
		if m.Type == document.DocketNumber && m.Entity != r.docket {
			r.add(document.FiledIn, m.Entity, court.Entity, cover(m.Span, court.Span), likely*m.Confidence*court.Confidence)
			return
		}
	}
}
