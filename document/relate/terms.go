package relate

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// defining is what stands between a party's name and the brackets that say how the
	// contract calls it.
	defining = regexp.MustCompile(`^[^()]{0,320}?(?:\(|hereinafter\s+(?:called\s+|referred to as\s+)?)([^()]{0,100}["“][^()]{2,160}?)(?:\)|["”],|["”]\s)`)
	quotedIn = regexp.MustCompile(`["“](?:the\s+)?([A-Z][\w’' -]{2,40}?),?["”]?(?:$|["”])`)
	several  = regexp.MustCompile(`(?i)\b(?:each|collectively|together|jointly)\b`)
	// termNext begins with a defined term, with or without article.
	termNext = regexp.MustCompile(`^[\s:]*(?:the\s+)?([A-Z][A-Za-z]+)\b`)
	// partyLabel heads a cell or a line that names who has the part.
	partyLabel = regexp.MustCompile(`(?i)^[ \t|]*(landlord|tenant|lessor|lessee|guarantor|buyer|seller|purchaser|borrower|lender|licensor|licensee|client|customer|contractor|owner|employer|employee|supplier|vendor|company|consultant|issuer|investor|executive|bank|insurer|insured)[ \t]*(?::|\||[ \t]{3})[ \t|:]*$`)
)

// findTerms learns what the document calls those it names in full: (the "Company").
func (r *reader) findTerms() {
	if !strings.ContainsAny(r.slice(r.front), "\"“") {
		return
	}
	r.terms = map[string][]string{}
	const most = 64
	from, to := r.within(document.Span{Start: 0, End: min(len(r.text), maxFront)})
	for n, i := 0, from; i < to && n < most; i++ {
		m := r.mentions[i]
		if !isParty(m.Type) {
			continue
		}
		if l := partyLabel.FindStringSubmatch(r.text[r.line(m.Start).Start:m.Start]); l != nil {
			r.define(l[1], m.Entity)
		}
		stop := min(len(r.text), m.End+500)
		for k := i + 1; k < len(r.mentions) && r.mentions[k].Start < stop; k++ {
			if next := r.mentions[k]; isParty(next.Type) && next.Start >= m.End && next.Entity != m.Entity {
				stop = next.Start
				break
			}
		}
		d := defining.FindStringSubmatchIndex(r.window(m.End, stop+60))
		if d == nil || m.End+d[2] > stop && stop < m.End+500 {
			continue
		}
		n++
		inside := r.text[m.End+d[2] : m.End+d[3]]
		for _, q := range quotedIn.FindAllStringSubmatch(inside, 4) {
			if several.MatchString(inside) && strings.HasSuffix(q[1], "s") {
				for _, id := range r.partiesUpTo(i) {
					r.define(q[1], id)
				}
				continue
			}
			r.define(q[1], m.Entity)
		}
	}
}

func (r *reader) define(term, id string) {
	term = strings.ToLower(strings.TrimSpace(term))
	if !slices.Contains(r.terms[term], id) {
		r.terms[term] = append(r.terms[term], id)
	}
}

// partiesUpTo are those named in the paragraph of mention i, up to it.
func (r *reader) partiesUpTo(i int) []string {
	const most = 8
	var out []string
	for k := i; k >= 0 && i-k < 3*most && len(out) < most; k-- {
		m := r.mentions[k]
		if strings.Contains(r.text[m.End:max(m.End, r.mentions[i].Start)], "\n\n") {
			break
		}
		if isParty(m.Type) && !slices.Contains(out, m.Entity) {
			out = append(out, m.Entity)
		}
	}
	return out
}

// clientsByTerm are whom a phrase that ends at position end acts for, where what follows
// is the contract's word for a party.
func (r *reader) clientsByTerm(after string, at int) (clients []string, end int) {
	m := termNext.FindStringSubmatchIndex(after)
	if m == nil {
		return nil, 0
	}
	if ids := r.terms[strings.ToLower(after[m[2]:m[3]])]; len(ids) > 0 {
		return ids, at + m[1]
	}
	return nil, 0
}

// orgByTerm is a mention of the organisation that the document calls term, -1 if none.
func (r *reader) orgByTerm(term string) int {
	ids := r.terms[strings.ToLower(term)]
	if len(ids) != 1 {
		return -1
	}
	return slices.IndexFunc(r.mentions, func(m document.Mention) bool { return m.Entity == ids[0] && m.Type == document.Org })
}
