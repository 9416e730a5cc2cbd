package relate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
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
	dating = regexp.MustCompile(`(?i)(?:^|[\n;—–-])([^\n;—–]*?)\b(?:date\s+)?(?:filed|decided|entered|argued|reargued|submitted|dated|date|issued|rendered)\b[\s:,]*(?:on\s+)?(?:this\s+)?$`)
	// stamp is what the stamps of some courts hold instead of "filed".
	stamp = regexp.MustCompile(`(?i)^\W*(?:appellate\s+)?case\b.*\b(?:dktentry|document|doc|id)\b`)
	// datingRoles are the roles of mentions that mean the same.
	datingRoles = []string{"filed", "decided", "entered", "argued", "submitted"}
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
		own := before != nil && len(strings.Fields(before[1])) == 0
		role := slices.Contains(datingRoles, strings.ToLower(m.Role))
		alone := strings.TrimFunc(r.slice(line), notWord) == strings.TrimFunc(r.slice(m.Span), notWord)
		_, below := r.below(m.Start)
		switch {
		case below:
		case own, r.stamped(line) && (before != nil || stamp.MatchString(r.slice(line))):
			r.add(document.Dated, r.docket, m.Entity, line, sure*m.Confidence)
		case role && r.ofOtherCase(m):
		case inHead && (alone || role):
			r.add(document.Dated, r.docket, m.Entity, line, likely*m.Confidence)
		case role:
			r.add(document.Dated, r.docket, m.Entity, r.sentence(m.Span), probable*m.Confidence)
		}
	}
}

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
