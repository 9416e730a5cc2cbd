package relate

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// inColumns says whether the phrase is in a line of several columns.
func (r *reader) inColumns(phrase, line document.Span) bool {
	if strings.Contains(r.text[line.Start:max(line.Start, phrase.Start)], "   ") || strings.Contains(r.text[min(phrase.End, line.End):line.End], "   ") {
		return true
	}
	// A column may go on where the one beside it has ended.
	if strings.TrimFunc(r.text[line.Start:max(line.Start, phrase.Start)], notWord) != "" {
		return false
	}
	c := cell{Span: phrase, of: 1}
	_, own := r.cells(phrase.Start)
	c.column = phrase.Start - own.Start
	at := phrase.Start
	for range 6 {
		next, above, ok := r.nextCell(at, c, false)
		if !ok {
			return false
		}
		at = above.Start
		all, _ := r.cells(above.Start)
		for _, other := range all {
			if next.Len() > 0 && other.Start != next.Start && len(r.signers(other.Span)) > 0 {
				return true
			}
		}
	}
	return false
}

// columnBlock relates the names above a phrase that is in one column of several to
// the clients.
func (r *reader) columnBlock(phrase document.Span) {
	c, ok := r.cellOf(phrase.Start)
	if !ok {
		return
	}
	clients, end := r.columnClients(phrase)
	if len(clients) == 0 {
		return
	}
	if before := r.text[c.Start:phrase.Start]; strings.TrimFunc(before, notWord) != "" {
		// "Jane Roe, counsel for Acme" in one cell.
		if i, ok := r.before(phrase.Start); ok && r.mentions[i].Start >= c.Start {
			r.represent(i, clients, cover(r.mentions[i].Span, document.Span{Start: phrase.Start, End: end}), likely)
		}
		return
	}
	names := r.blockNames(phrase.Start, c, false)
	if len(names) == 0 {
		names = r.blockNames(end, c, true)
	}
	r.actFor(names, clients, document.Span{Start: phrase.Start, End: end})
}

// members relates the attorneys of one block to its firm.
func (r *reader) members(persons, firms []int) {
	firm := ""
	for _, f := range firms {
		if firm != "" && r.mentions[f].Entity != firm {
			return // several firms
		}
		firm = r.mentions[f].Entity
	}
	if firm == "" {
		return
	}
	for _, i := range persons {
		r.member(i, firms[0])
	}
}

// counselOf stands between a party and its counsel: "Acme's counsel, Jane Roe".
var counselOf = regexp.MustCompile(`(?i)^['’]s?\s+(?:\w+\s+){0,2}?(?:counsel|attorney|lawyer|solicitor)s?,?\s+(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)

// possessiveCounsel finds "Acme's counsel, Jane Roe".
func (r *reader) possessiveCounsel() {
	for i := 1; i < len(r.mentions); i++ {
		c, m := r.mentions[i-1], r.mentions[i]
		if isParty(c.Type) && isParty(m.Type) && c.End < m.Start && m.Start-c.End < 60 && counselOf.MatchString(r.text[c.End:m.Start]) {
			r.represent(i, []string{c.Entity}, cover(c.Span, m.Span), likely)
		}
	}
}

// nextClient stands between two clients.
var nextClient = regexp.MustCompile(`(?i)^(?:,|;|,?\s+and|;\s+and)\s+(?:the\s+)?(?:(?:plaintiff|defendant|intervenor|petitioner|respondent)s?\s+)?$`)

// furtherClients are the entity of m and those that are listed with it, and where
// the list ends.
func (r *reader) furtherClients(m document.Mention) (clients []string, end int) {
	const most = 12
	clients, end = []string{m.Entity}, m.End
	from, to := r.within(document.Span{Start: m.End, End: m.End + maxEvidence})
	for i := from; i < to && len(clients) < most; i++ {
		next := r.mentions[i]
		if !isParty(next.Type) || next.Start < end || !nextClient.MatchString(r.text[end:next.Start]) {
			break
		}
		_, first := r.parties[m.Entity]
		if _, party := r.parties[next.Entity]; first && !party {
			break // the next counsel
		}
		clients, end = append(clients, next.Entity), next.End
	}
	return clients, end
}

// groupOf is what a group of parties is called by: "the Kestrel Defendants".
var groupOf = regexp.MustCompile(`(?i)^[\s:]*(?:the\s+)?([A-Z][\w&’'-]+)\s+$`)

// inGroup are the parties with one of roles whose name has word.
func (r *reader) inGroup(word string, roles []string) []string {
	of := r.withRoles(roles)
	var out []string
	for _, m := range r.mentions {
		if slices.Contains(of, m.Entity) && !slices.Contains(out, m.Entity) && strings.Contains(strings.ToLower(m.Normalized+" "+m.Text), strings.ToLower(word)) {
			out = append(out, m.Entity)
		}
	}
	slices.Sort(out)
	return out
}
