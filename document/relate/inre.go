package relate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// Parties that no "v." parts, and roles that a caption leaves to its other side or to
// the text.

var (
	// inReLine begins the caption of a case that has no opponents.
	inReLine = regexp.MustCompile(`(?im)^[ \t)(|:§*\d]*(?:in\s+re\b|in\s+the\s+matter\s+of\b|in\s+the\s+interest\s+of\b|in\s+re\s+the\s+(?:marriage|estate)\s+of\b)`)
	// anyRoleLine is a line of roles, with a chapter or number behind it.
	anyRoleLine = regexp.MustCompile(`(?i)^[\W_]*(?:(?:jointly\s+administered\s+)?debtors?(?:[\s\-–]+in[\s\-–]+possession)?|petitioners?|respondents?|applicants?|movants?|claimants?)[\W_]*$`)
	// setOff gives a role before a name that commas set off: "Petitioner, Jane Roe, …".
	setOff = regexp.MustCompile(`(?i)\b(plaintiff|defendant|petitioner|respondent|movant|appellant|appellee|debtor|claimant|relator|intervenor)s?,\s+(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	// calledRole gives it behind: `Acme Bank ("Movant")`.
	calledRole = regexp.MustCompile(`(?i)^,?[^()"“.;\n]{0,60}\(\s*(?:the\s+|hereinafter,?\s+(?:the\s+)?)?["“](?:the\s+)?(plaintiff|defendant|petitioner|respondent|movant|appellant|appellee|debtor|claimant|relator|intervenor)s?["”]\s*\)`)
)

// maxInRe is how many lines the names of such a caption may take.
const maxInRe = 14

// inReCaption finds the parties of "In re:" whose names stand in the lines below it, up
// to a line that says what they are.
func (r *reader) inReCaption() {
	at := inReLine.FindStringIndex(r.slice(r.head))
	if at == nil {
		return
	}
	start := r.head.Start + at[1]
	all, line := r.cells(start)
	left := 0
	if len(all) > 0 {
		left = all[0].column
	}
	var names []int
	for range maxInRe {
		for k, c := range all {
			if k > 0 && c.column > left+sameColumn {
				break // what stands beside the names
			}
			if anyRoleLine.MatchString(r.slice(c.Span)) {
				for _, i := range names {
					r.addParty(r.mentions[i], partyRoles(r.slice(c.Span)), cover(r.mentions[i].Span, c.Span), sure)
					for _, role := range partyRoles(r.slice(c.Span)) {
						r.give(i, role)
					}
				}
				return
			}
			from, to := r.within(document.Span{Start: max(start, c.Start), End: c.End})
			for i := from; i < to; i++ {
				if isParty(r.mentions[i].Type) && !describes(r.window(max(line.Start, r.mentions[i].Start-60), r.mentions[i].Start)) {
					names = append(names, i)
				}
			}
		}
		if line.End >= r.head.End || r.text[line.End] == '\f' {
			return
		}
		all, line = r.cells(line.End + 1)
		if len(all) > 0 && all[0].column < left && len(names) == 0 {
			left = all[0].column
		}
	}
}

// setOffRoles finds the parties that the first page's text names with their role.
func (r *reader) setOffRoles() {
	head := r.head
	head.End = min(head.End, head.Start+2*maxNamed)
	from, to := r.within(head)
	for i := from; i < to; i++ {
		m := r.mentions[i]
		if !isParty(m.Type) || r.cited(m.Span) {
			continue
		}
		role := ""
		if s := setOff.FindStringSubmatch(r.window(m.Start-40, m.Start)); s != nil && strings.HasPrefix(r.window(m.End, m.End+1), ",") {
			role = s[1]
		} else if s := calledRole.FindStringSubmatch(r.window(m.End, m.End+110)); s != nil {
			role = s[1]
		}
		if role == "" {
			continue
		}
		role = strings.ToLower(role)
		known, done := r.parties[m.Entity]
		switch {
		case role == "movant" && r.inBankruptcy() && !slices.Contains(known, "debtor"):
			r.give(i, "movant")
			r.give(i, "creditor")
			if !done {
				r.addParty(m, []string{"movant"}, r.sentence(m.Span), probable)
			}
		case done && len(known) > 0:
		default:
			r.give(i, role)
			r.addParty(m, []string{role}, r.sentence(m.Span), probable)
		}
	}
}

// inBankruptcy says whether the document is filed in a bankruptcy court.
func (r *reader) inBankruptcy() bool {
	return r.court >= 0 && saysAny(r.mentions[r.court].Normalized+r.mentions[r.court].Text, "bankruptcy")
}

// opposite are the roles that face each other in a caption.
var opposite = map[string]string{
	"plaintiff": "defendant", "defendant": "plaintiff", "petitioner": "respondent", "respondent": "petitioner", "appellant": "appellee", "appellee": "appellant",
}

// completeRoles gives the parties of one side of a caption that has no roles the role
// that faces the other side's; who is prosecuted by a government is the defendant.
func (r *reader) completeRoles() {
	for n := 0; n+1 < len(r.sides); n += 2 {
		a, b := r.sides[n], r.sides[n+1]
		if len(a) == 0 || len(b) == 0 {
			continue
		}
		roleA, roleB := r.roleOfSide(a), r.roleOfSide(b)
		switch {
		case roleA == "" && roleB == "" && sovereignName.MatchString(r.mentions[a[0]].Text) && !r.higherCourt():
			r.giveSide(a, "plaintiff")
			r.giveSide(b, "defendant")
		case roleA == "" && roleB != "":
			r.giveSide(a, opposite[roleB])
		case roleB == "" && roleA != "":
			r.giveSide(b, opposite[roleA])
		}
	}
}

func (r *reader) higherCourt() bool {
	return r.court >= 0 && higher.MatchString(r.mentions[r.court].Normalized) && !saysAny(r.mentions[r.court].Normalized, "circuit court of")
}

// roleOfSide is the first role that faces another and that one of the side has.
func (r *reader) roleOfSide(side []int) string {
	for _, i := range side {
		for _, role := range r.parties[r.mentions[i].Entity] {
			if opposite[role] != "" {
				return role
			}
		}
	}
	return ""
}

func (r *reader) giveSide(side []int, role string) {
	if role == "" {
		return
	}
	for _, i := range side {
		id := r.mentions[i].Entity
		if len(r.parties[id]) > 0 && r.roleOfSide([]int{i}) != "" {
			continue
		}
		r.parties[id] = append(slices.Clone(r.parties[id]), role)
		r.give(i, role)
	}
}

// besideCaption says whether mention m of a caption stands in a column to the right of
// other words: there courts, counsel and titles are, and no parties.
func (r *reader) besideCaption(m document.Mention) bool {
	all, _ := r.cells(m.Start)
	return len(all) > 1 && all[0].End <= m.Start && all[0].column < 30 && m.Start-all[0].Start > 30 &&
		strings.ContainsAny(r.slice(all[0].Span), "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") && !strings.ContainsAny(r.text[all[0].End:m.Start], "§")
}
