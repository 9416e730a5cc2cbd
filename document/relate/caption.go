package relate

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// Forms of "versus": alone on its line, or beside a caption's right column, which
// makes the middle of a caption, and between two names.
var (
	versusLine   = regexp.MustCompile(`(?im)^[\s)(\]|:\-–—]*(?:v\.?|vs\.?|versus|against)(?:[\s)(\]|:\-–—]*|[ \t]{2,}[)|\]:][^\n]*|[ \t]{3,}[^\n]*)$`)
	versus       = regexp.MustCompile(`(?i)\b(?:v\.|vs\.|versus)\s`)
	beforeVersus = regexp.MustCompile(`(?i)^[\s,]*(?:et\s+al\.?[\s,]*)?$`)
)

// partyRole is what a caption calls a party.
var partyRole = regexp.MustCompile(`(?i)\b(?:(?:counter|cross|third[- ]party)[-\s–—]*)?(plaintiff|defendant|petitioner|respondent|appellant|appellee|intervenor|claimant|debtor|movant|relator|applicant)s?\b`)

// partyRoles are the roles of partyRole, for mentions that carry one.
func partyRoles(s string) []string {
	var roles []string
	for _, m := range partyRole.FindAllStringSubmatch(s, -1) {
		roles = append(roles, strings.ToLower(m[1]))
	}
	return roles
}

// sovereign is what a government is called that is a party, and takes part in a
// case as "the State".
var sovereign = regexp.MustCompile(`(?i)^(state|people|commonwealth)\s+of\b`)

// roleLine ends a side of a caption: a line of roles alone.
var roleLine = regexp.MustCompile(`(?i)^[\W_]*(?:` + partyRole.String() + `|and|amic\w+|curiae|in[- ]error|real part\w+ in interest|pro se)(?:[\W_]+(?:` + partyRole.String() + `|and|in[- ]error|pro se))*[\W_]*$`)

// heading is a line above a caption's first party.
var heading = regexp.MustCompile(`(?i)\bcourt\b|\bdistrict of\b|\bdivision\b|\bcircuit\b|^\W*(?:no|nos|case|docket|filed|before|attorneys?|counsel)\b|\bterm,? \d{4}`)

// Most lines of a caption on each side of its "v.".
const (
	maxSideLines = 25
	bareLines    = 3 // below it, where no line of roles ends the side
)

// findParties relates the caption's parties to the docket number.
func (r *reader) findParties() {
	if r.docket == "" {
		return
	}
	front := r.slice(r.front)
	for _, v := range versusLine.FindAllStringIndex(front, 2*frontPages) {
		s := r.trim(document.Span{Start: v[0], End: v[1]})
		r.sides = append(r.sides, r.side(r.above(s.Start)), r.side(r.beneath(s.End)))
	}
	r.inlineParties()
	r.inReParties()
	r.inReCaption()
	r.namedRoles()
	r.setOffRoles()
	// What one mention of a party says of it holds for all.
	from, to := r.within(r.front)
	for _, m := range r.mentions[from:to] {
		if of, ok := r.parties[m.Entity]; ok {
			for _, role := range partyRoles(m.Role) {
				if !slices.Contains(of, role) {
					of = append(of, role)
				}
			}
			r.parties[m.Entity] = of
		}
	}
	r.completeRoles()
}

// side is one side of a caption: its span, where its roles are, and the end of
// its names.
type side struct {
	document.Span
	roles []document.Span // lines of roles alone
	names int             // the paper's own title, which may stand beside the parties, begins here
}

// title begins the title of a paper.
var title = regexp.MustCompile(`(?i)^\W*(?:(?:joint|amended|stipulated|proposed|first|second|plaintiffs?|defendants?)['’]?s?\W+)*(?:orders?|motion|memorandum|opinion|judgment|complaint|notice|stipulation|application|brief|answer|petition|declaration|affidavit|suggestion|entry|reply|response)\b`)

// capacity stands before a name that says who a party is, not before a party.
var capacity = regexp.MustCompile(`(?i)(?:\bcapacity\s+as|\bsurvivors?\s+of|\bas\s+(?:\w+\s+){1,3}(?:of|for))\b[^,;]*$`)

// office ends in "of", before the name of what somebody is the head of.
var office = regexp.MustCompile(`(?i)(\w+)\s+of\s+(?:the\s+)?(?:(?:dr|mr|ms|mrs)\.\s+)?$`)

// describes says whether a caption's words before a name say that the name only
// describes a party.
func describes(before string) bool {
	if capacity.MatchString(before) {
		return true
	}
	m := office.FindStringSubmatch(before)
	return m != nil && !strings.EqualFold(m[1], "estate") && !strings.EqualFold(m[1], "matter")
}

// above is the side that ends at position at: up to the court, a docket number or
// another heading.
func (r *reader) above(at int) side {
	s := side{Span: document.Span{Start: at, End: at}, names: at}
	for range maxSideLines {
		line, _, ok := r.lineBefore(s.Start)
		if !ok && line.Len() == 0 {
			return s
		}
		text := r.slice(line)
		switch {
		case roleLine.MatchString(text):
			s.roles = append(s.roles, line)
		case r.holds(line, document.Court), r.heads(line), versusLine.MatchString(text),
			line.Start < s.Start && strings.ContainsRune(r.text[line.Start:s.Start], '\f'):
			return s
		}
		s.Start = min(s.Start, line.Start)
		if !ok {
			return s
		}
	}
	return s
}

// heads says whether line is a heading, not a party whose name looks like one.
func (r *reader) heads(line document.Span) bool {
	at := heading.FindStringIndex(r.slice(line))
	if at == nil {
		return false
	}
	word := document.Span{Start: line.Start + at[0], End: line.Start + at[1]}
	from, to := r.within(line)
	return !slices.ContainsFunc(r.mentions[from:to], func(m document.Mention) bool {
		return isParty(m.Type) && m.Overlaps(word)
	})
}

// beneath is the side that begins at position at: down to its line of roles, or a
// few lines if there is none.
func (r *reader) beneath(at int) side {
	s := side{Span: document.Span{Start: at, End: at}, names: len(r.text)}
	bare := at
	for n := range maxSideLines {
		line, ok := r.lineAfter(s.End)
		if !ok || strings.ContainsRune(r.text[s.End:line.Start], '\f') {
			break
		}
		text := r.slice(line)
		if roleLine.MatchString(text) {
			s.roles = append(s.roles, line)
			s.End = line.End
			next, more := r.lineAfter(line.End)
			if !more || !continues.MatchString(r.slice(next)) && !roleLine.MatchString(r.slice(next)) {
				return s
			}
			continue
		}
		if belowCue.MatchString(text) || r.holds(line, document.Court) || versusLine.MatchString(text) {
			break
		}
		if title.MatchString(text) {
			s.names = min(s.names, line.Start)
		}
		s.End = line.End
		if n < bareLines {
			bare = line.End
		}
	}
	if len(s.roles) == 0 {
		s.End = bare
	} else {
		s.End = s.roles[len(s.roles)-1].End
	}
	return s
}

// continues begins a line that goes on with a caption after a line of roles.
var continues = regexp.MustCompile(`(?i)^\W*(?:and|v|vs)\b`)

// side relates the names in s to the docket number, each with the roles that the
// next line of roles gives. It returns their mentions.
func (r *reader) side(s side) (found []int) {
	from, to := r.within(s.Span)
	for i := from; i < to; i++ {
		m := r.mentions[i]
		if !isParty(m.Type) || m.End > min(s.End, s.names) || describes(r.window(max(s.Start, m.Start-100), m.Start)) || r.besideCaption(m) {
			continue
		}
		if _, done := r.parties[m.Entity]; done {
			continue
		}
		roles := partyRoles(m.Role)
		var end document.Span
		for _, line := range s.roles {
			if line.Start >= m.End && (end.End == 0 || line.Start < end.Start) {
				end = line
			}
		}
		if end.End > 0 {
			roles = append(roles, partyRoles(r.slice(end))...)
		}
		r.addParty(m, roles, cover(m.Span, end), sure)
		found = append(found, i)
	}
	return found
}

// inlineParties finds the "X v. Y" of the head that is nearest to the document's
// own number. Either name may be one that is no mention.
func (r *reader) inlineParties() {
	nearest, best := []int(nil), maxNear+1
	for _, v := range versus.FindAllStringIndex(r.slice(r.head), -1) {
		s := document.Span{Start: r.head.Start + v[0], End: r.head.Start + v[1]}
		var named []int
		i, _ := r.within(document.Span{Start: s.Start, End: s.Start})
		if i--; i >= 0 && isParty(r.mentions[i].Type) && r.mentions[i].End <= s.Start && beforeVersus.MatchString(r.window(r.mentions[i].End, s.Start)) && !r.besideCaption(r.mentions[i]) {
			named = append(named, i)
		}
		if i++; i < len(r.mentions) && isParty(r.mentions[i].Type) && strings.TrimSpace(r.window(s.End, r.mentions[i].Start)) == "" {
			named = append(named, i)
		}
		if len(named) == 0 {
			continue
		}
		both := cover(s, cover(r.mentions[named[0]].Span, r.mentions[named[len(named)-1]].Span))
		if d := r.toDocket(both); d < best && !r.cited(both) {
			nearest, best = named, d
		}
	}
	for _, i := range nearest {
		both := cover(r.mentions[nearest[0]].Span, r.mentions[nearest[len(nearest)-1]].Span)
		r.addParty(r.mentions[i], partyRoles(r.mentions[i].Role), both, likely)
	}
}

// reporterCitation follows the name of another case.
var reporterCitation = regexp.MustCompile(`^[^.;]{0,40}?,\s*(?:No\.|Nos\.)?\s*\d+\s+[A-Z][\w.' ]{0,20}\s*\d+`)

// cited says whether the case name in s is that of a case the text cites.
func (r *reader) cited(s document.Span) bool {
	from, to := r.within(document.Span{Start: s.Start - 200, End: s.End + 1})
	for _, m := range r.mentions[from:to] {
		if m.Type == document.CaseCitation && m.Overlaps(s) {
			return true
		}
	}
	return reporterCitation.MatchString(r.window(s.End, s.End+120))
}

// maxNear is how far from its docket number the name of a case may be, in bytes.
const maxNear = 600

// toDocket is how far s is from the nearest mention of the document's own number,
// or more than maxNear.
func (r *reader) toDocket(s document.Span) int {
	best := maxNear + 1
	from, to := r.within(document.Span{Start: s.Start - maxNear, End: s.End + maxNear})
	for _, m := range r.mentions[from:to] {
		if m.Entity == r.docket {
			best = min(best, max(0, m.Start-s.End, s.Start-m.End))
		}
	}
	return best
}

var inRe = regexp.MustCompile(`(?i)(?:\bin\s+re:?|\bin\s+the\s+matter\s+of|\bex\s+parte|\bex\s+rel\.?)[\s:]*(?:the\s+)?$`)

// inReParties finds the one party of "In re X".
func (r *reader) inReParties() {
	from, to := r.within(r.head)
	for _, m := range r.mentions[from:to] {
		if isParty(m.Type) && inRe.MatchString(r.window(m.Start-40, m.Start)) && r.toDocket(m.Span) <= maxNear && !r.cited(m.Span) {
			r.addParty(m, partyRoles(m.Role), r.line(m.Start), likely)
		}
	}
}

// maxNamed is how far into the head roles beside names make parties where a caption
// names parties too, in bytes.
const maxNamed = 2500

// namedRoles takes the parties that the head's mentions are said to be.
func (r *reader) namedRoles() {
	head := r.head
	if len(r.parties) > 0 {
		head.End = min(head.End, head.Start+maxNamed)
	}
	from, to := r.within(head)
	for _, m := range r.mentions[from:to] {
		if _, done := r.parties[m.Entity]; done || r.cited(m.Span) {
			continue
		}
		if roles := partyRoles(m.Role); isParty(m.Type) && len(roles) > 0 {
			r.addParty(m, roles, r.sentence(m.Span), probable)
		}
	}
}

// addParty notes a party and relates it to the docket number.
func (r *reader) addParty(m document.Mention, roles []string, evidence document.Span, confidence float64) {
	if len(r.parties[m.Entity]) == 0 {
		if s := sovereign.FindStringSubmatch(m.Text); s != nil {
			roles = append(roles, strings.ToLower(s[1]))
		}
		r.parties[m.Entity] = roles
	}
	if evidence.Len() > maxEvidence {
		evidence = m.Span
	}
	r.add(document.PartyTo, m.Entity, r.docket, r.withDocket(evidence), confidence*m.Confidence)
}

// holds says whether a mention of type t starts in s.
func (r *reader) holds(s document.Span, t document.EntityType) bool {
	from, to := r.within(s)
	for _, m := range r.mentions[from:to] {
		if m.Type == t {
			return true
		}
	}
	return false
}
