package relate

import (
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// lawFirm is an organisation that can be nothing but a firm of lawyers, or hardly.
	lawFirm    = regexp.MustCompile(`(?i)\b(?:LLP|L\.L\.P|PLLC|P\.L\.L\.C|P\.?C\b|P\.?A\b|APC|S\.C|law|legal|attorneys|chartered|solicitors|advocates)\b`)
	lawyerPost = regexp.MustCompile(`(?i)\b(?:partner|associate|counsel|shareholder|attorney|member|paralegal)\b`)
	ofLaw      = regexp.MustCompile(`(?i)\b(?:attorneys?|counsell?ors?|solicitors|lawyers|advocates)\s+(?:and\s+counsell?ors?\s+)?at\s+law\b|\blaw\s+(?:offices?|firm)\b`)
)

var (
	yourClient = regexp.MustCompile(`(?i)\byour\s+clients?[,:]?\s+$`)
	addressOf  = regexp.MustCompile(`(?i)^(?:,\s*(?:Esq\.?|Esquire))?[ \t]*\n[ \t]*$`)
)

// findAddressee relates the lawyer to whom a letter goes to the firm below the name, and
// both to "your client".
func (r *reader) findAddressee() {
	lawyer, firm := -1, -1
	from, to := r.within(document.Span{Start: 0, End: 3000})
	for i := from; i+1 < to; i++ {
		m, next := r.mentions[i], r.mentions[i+1]
		if m.Type == document.Person && m.HasRole("recipient") && next.Type == document.Org && next.Start > m.End && addressOf.MatchString(r.text[m.End:next.Start]) && lawFirm.MatchString(next.Text) {
			r.member(i, i+1)
			lawyer, firm = i, i+1
			break
		}
	}
	if lawyer < 0 {
		return
	}
	for i, m := range r.mentions {
		if isParty(m.Type) && i != lawyer && saysAny(r.window(m.Start-30, m.Start), "your client") && yourClient.MatchString(r.window(m.Start-40, m.Start)) {
			clients, end := r.furtherClients(m)
			evidence := r.evidence(document.Span{Start: m.Start, End: end})
			r.represent(lawyer, clients, evidence, likely)
			r.represent(firm, clients, evidence, likely)
			return
		}
	}
}

// findLetterhead relates the lawyers whom the head of a letter lists to their firm.
func (r *reader) findLetterhead() {
	const most = 2000
	if r.kind != document.KindLetter {
		return
	}
	r.findAddressee()
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
