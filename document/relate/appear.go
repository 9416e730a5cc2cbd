package relate

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// passive ends before the name of who acts for the party before it.
	passive = regexp.MustCompile(`(?i)\b(?:(?:is|are|was|were)\s+represented\s+(?:by|through)|appear(?:s|ed|ing)?\s+(?:in\s+person\s+and\s+)?(?:by|through|with)\s+(?:(?:and\s+)?through\s+)?(?:(?:his|her|its|their)\s+)?(?:attorneys?|counsel)|by\s+(?:and\s+through\s+)?(?:(?:his|her|its|their)\s+)?(?:undersigned\s+)?(?:attorneys?|counsel)(?:\s+of\s+record)?),?\s+(?:(?:Mr|Ms|Mrs)\.\s*)?$`)
	// byEnd is what passive ends in: most names have none of it before them.
	byEnd = regexp.MustCompile(`(?i)(?:by|through|counsel|attorneys?|record),?\s+(?:(?:mr|ms|mrs)\.\s*)?$`)
	// forHead heads the counsel of a side in a list of appearances.
	forHead = regexp.MustCompile(`(?im)^[ \t]*(?:(?:on\s+)?behalf\s+of|for|counsel\s+for|appearing\s+for|attorneys?\s+for)\s+(?:the\s+)?([^:\n]{3,60}):[ \t]*$`)
	// office is of counsel for a government.
	governs = regexp.MustCompile(`(?i)^,?\s*\n?[\s|]*(?:(?:special|chief|senior|first|acting)\s+)?(?:assistant\s+(?:united\s+states|u\.s\.|district|state['’]?s|attorney|county|prosecuting|commonwealth['’]?s|circuit|solicitor)|(?:chief\s+)?deputy\s+(?:attorney|district|county|prosecuting|state['’]?s|commonwealth['’]?s)|commonwealth['’]s|united\s+states|u\.s\.|district|attorney|county|state['’]s|prosecuting)\s+(?:attorney|general)`)
	// sovereignName is a government that prosecutes.
	sovereignName = regexp.MustCompile(`(?i)^(?:united\s+states|(?:the\s+)?(?:state|people|commonwealth)\s+of)`)
	anyRole       = regexp.MustCompile(`(?i)\b(plaintiff|defendant|petitioner|respondent|appellant|appellee|intervenor|debtor)s?\b`)
)

// representedBy finds "Plaintiff appeared by its attorney, Jane Roe".
func (r *reader) representedBy() {
	for i, m := range r.mentions {
		if !isParty(m.Type) {
			continue
		}
		before := r.window(m.Start-120, m.Start)
		if end := before[max(0, len(before)-16):]; !saysAny(end, "by", "through", "counsel", "attorney", "record") || !byEnd.MatchString(end) {
			continue
		}
		at := passive.FindStringIndex(before)
		if at == nil {
			continue
		}
		start := m.Start - len(before) + at[0]
		var clients []string
		if x, ok := r.before(start); ok {
			clients = []string{r.mentions[x].Entity}
		} else if x := r.pronounBefore(start); x >= 0 {
			clients = []string{r.mentions[x].Entity}
		} else if all := anyRole.FindAllStringSubmatch(before[:at[0]], -1); len(all) > 0 {
			clients = r.withRoles([]string{strings.ToLower(all[len(all)-1][1])})
		}
		if len(clients) == 0 {
			continue
		}
		evidence := r.sentence(m.Span)
		r.represent(i, clients, evidence, likely)
		for k := i + 1; k < len(r.mentions) && k < i+5; k++ {
			p, next := r.mentions[k-1], r.mentions[k]
			if next.Start < p.End || !isParty(next.Type) || !ofFirm.MatchString(r.text[p.End:next.Start]) {
				break
			}
			r.represent(k, clients, evidence, likely)
		}
	}
}

// saysAny says, without regard to case, whether s holds one of words: a check that is
// quicker than the expressions behind it.
func saysAny(s string, words ...string) bool {
	s = strings.ToLower(s)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(s, w) })
}

// ofFirm stands between counsel who are named together, and their firm.
var ofFirm = regexp.MustCompile(`^(?:,\s*(?:Esq\.?,?\s*)?(?:of\s+|and\s+)?(?:the\s+)?(?:law\s+(?:firm|offices?)\s+of\s+)?|\s+(?:of|with|and)\s+(?:the\s+)?(?:law\s+(?:firm|offices?)\s+of\s+)?)$`)

// headedBlocks finds the counsel that lists of appearances name below "For the
// Plaintiff:".
func (r *reader) headedBlocks() {
	for _, h := range forHead.FindAllStringSubmatchIndex(r.text, 64) {
		clients := r.sideNamed(document.Span{Start: h[2], End: h[3]})
		if len(clients) == 0 {
			continue
		}
		if next, ok := r.lineAfter(h[1]); ok {
			r.counselIn(h[0], next.Start, clients)
		}
	}
}

// governmentCounsel relates a government's attorneys to the government that is a party.
func (r *reader) governmentCounsel() {
	government := ""
	from, to := r.within(r.head)
	for _, m := range r.mentions[from:to] {
		if _, party := r.parties[m.Entity]; party && sovereignName.MatchString(m.Text) {
			government = m.Entity
			break
		}
	}
	if government == "" {
		return
	}
	for i, m := range r.mentions {
		if m.Type == document.Person && governs.MatchString(r.window(m.End, m.End+80)) {
			r.represent(i, []string{government}, r.line(m.Start), likely)
		}
	}
}
