package relate

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// findCitations relates the document's number to what it cites.
func (r *reader) findCitations() {
	if r.docket == "" {
		return
	}
	for _, m := range r.mentions {
		if m.Type == document.CaseCitation || m.Type == document.Statute {
			r.add(document.Cites, r.docket, m.Entity, r.sentence(m.Span), sure*m.Confidence)
		}
	}
}

var (
	// dating stands before the date of an act on a case; its first group is what
	// stands before it on the line.
	dating = regexp.MustCompile(`(?i)(?:^|[\n;—–-])([^\n;—–]*?)\b(?:date\s+)?(?:filed|decided|entered|issued|rendered|(dated)|date)\b[\s:,*]*(?:on\s+)?(?:this\s+)?$`)
	// stamp is what the stamps of some courts hold instead of "filed".
	stamp = regexp.MustCompile(`(?i)^\W*(?:appellate\s+)?case\b.*\b(?:dktentry|document|doc|id)\b`)
	// datingRoles are the roles of mentions that mean the same.
	datingRoles = []string{"filed", "decided", "entered"}
	// otherAct is what stands before a date of something else than its decision.
	otherAct = regexp.MustCompile(`(?i)\b(?:argued|submitted|dated|heard)\b[^\n]*$`)
	// isFiled says of the document itself when it was filed: in its certificate of service.
	isFiled = regexp.MustCompile(`(?i)\b(?:foregoing|th(?:is|e above|e within|e attached) ?(?:notice|document|answer|motion|brief|petition|complaint|paper|memorandum|response|reply|opposition|claim|pleading)?)\b[^.]{0,100}?\bfiled\b|\bI\s+(?:have\s+)?(?:hereby\s+)?(?:caused to be\s+)?(?:electronically\s+|e-)?filed\b`)
)

// findDates relates the document's number to the dates of what was done in it.
func (r *reader) findDates() {
	if r.docket == "" {
		return
	}
	for _, m := range r.mentions {
		if m.Type != document.Date {
			continue
		}
		line := r.line(m.Start)
		inHead := r.head.Contains(m.Span)
		before := dating.FindStringSubmatch(r.window(m.Start-80, m.Start))
		own := before != nil && len(strings.Fields(before[1])) == 0 && (before[2] == "" || r.decides())
		role := slices.ContainsFunc(datingRoles, m.HasRole)
		alone := strings.TrimFunc(r.slice(line), notWord) == strings.TrimFunc(r.slice(m.Span), notWord)
		_, below := r.below(m.Start)
		switch {
		case below:
		case own && !r.inProse(line), r.stamped(line) && (before != nil || stamp.MatchString(r.slice(line))):
			r.add(document.Dated, r.docket, m.Entity, line, sure*m.Confidence)
		case role && r.ofOtherCase(m):
		case inHead && (alone && r.decides() && !otherAct.MatchString(r.window(m.Start-60, m.Start)) || role && act.MatchString(r.text[line.Start:m.Start])):
			r.add(document.Dated, r.docket, m.Entity, line, likely*m.Confidence)
		case m.HasRole("filed") && isFiled.MatchString(r.slice(r.sentence(m.Span))):
			r.add(document.Dated, r.docket, m.Entity, r.sentence(m.Span), likely*m.Confidence)
		}
	}
}

// act is what stands before the date on a line that says when the document was filed.
var act = regexp.MustCompile(`(?i)^[\W\d]*(?:(?:date|opinion|order|judgment|decision|document|argued|submitted|heard|and|originally|re|on|case|no)\W+|\d+\W+)*(?:filed|decided|entered|issued|rendered|decision|opinion|date)\b(?:\W+(?:on|this|of|date|\w{3,9}day))*\W*$`)

// inProse says whether a line goes on with the sentence of the one above.
func (r *reader) inProse(line document.Span) bool {
	above, blanks, ok := r.lineBefore(line.Start)
	if !ok || blanks > 0 || above.Len() == 0 {
		return false
	}
	last := r.text[above.End-1]
	return last >= 'a' && last <= 'z' && above.Len() > 30 || last == ','
}

// decides says whether the document is a decision, whose date may stand alone.
func (r *reader) decides() bool {
	if testimonial.MatchString(r.window(0, 3000)) {
		return false
	}
	return r.kind == "" || r.kind == document.KindOpinion || r.kind == document.KindOrder
}

// testimonial is a title of what was said under oath, or in a hearing.
var testimonial = regexp.MustCompile(`(?m)^\W*(?:REPORTER['’]S RECORD|A P P E A R A N C E S|(?:[A-Z-]+ ){0,3}DEPOSITION\b[^\n]{0,40}\bOF\b|(?:REPORTER['’]S |OFFICIAL )?TRANSCRIPT OF)`)

// ofOtherCase says whether the sentence around a date names another case's number.
func (r *reader) ofOtherCase(date document.Mention) bool {
	from, to := r.within(r.sentence(date.Span))
	return slices.ContainsFunc(r.mentions[from:to], func(m document.Mention) bool {
		return m.Type == document.DocketNumber && m.Entity != r.docket
	})
}

// stamped says whether a line is the court's stamp on a page: the document's
// number and the date it was filed.
func (r *reader) stamped(line document.Span) bool {
	from, to := r.within(line)
	for _, m := range r.mentions[from:to] {
		if m.Entity == r.docket {
			return true
		}
	}
	return false
}
