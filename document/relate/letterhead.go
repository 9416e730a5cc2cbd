package relate

import (
	"regexp"

	"github.com/caseload/caseload/document"
)

var (
	// lawFirm is an organisation that can be nothing but a firm of lawyers, or hardly.
	lawFirm    = regexp.MustCompile(`(?i)\b(?:LLP|L\.L\.P|PLLC|P\.L\.L\.C|P\.?C\b|P\.?A\b|APC|S\.C|law|legal|attorneys|chartered|solicitors|advocates)\b`)
	lawyerPost = regexp.MustCompile(`(?i)\b(?:partner|associate|counsel|shareholder|attorney|member|paralegal)\b`)
	ofLaw      = regexp.MustCompile(`(?i)\b(?:attorneys?|counsell?ors?|solicitors|lawyers|advocates)\s+(?:and\s+counsell?ors?\s+)?at\s+law\b|\blaw\s+(?:offices?|firm)\b`)
)

// findLetterhead relates the lawyers whom the head of a letter lists to their firm.
func (r *reader) findLetterhead() {
	const most = 2000
	if r.kind != document.KindLetter {
		return
	}
	end := 0
	from, to := r.within(document.Span{Start: 0, End: most})
	for _, m := range r.mentions[from:to] {
		if m.Type == document.Date && m.HasRole("dated") {
			end = m.Start
			break
		}
	}
	head := document.Span{Start: 0, End: end}
	firm := -1
	from, to = r.within(head)
	for i := from; i < to && firm < 0; i++ {
		if m := r.mentions[i]; m.Type == document.Org && !governmental.MatchString(m.Text) && (lawFirm.MatchString(m.Text) || ofLaw.MatchString(r.slice(head))) {
			firm = i
		}
	}
	if firm < 0 {
		return
	}
	for i := from; i < to; i++ {
		if m := r.mentions[i]; m.Type == document.Person && !m.HasRole("recipient") {
			r.member(i, firm)
		}
	}
}
