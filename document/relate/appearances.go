package relate

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// sideLabel stands before the counsel of a side, on one line with the first of them.
	sideLabel = regexp.MustCompile(`(?i)^[ \t]*(?:(?:appearing\s+)?(?:on\s+)?behalf\s+of|(?:appearing\s+|appearances?\s+)?for|(?:counsel|attorneys?)\s+(?:for|to)|representing)\s+(?:the\s+)?([^:\n]{3,60}):[ \t]+[^\s:]|^[ \t]*((?:plaintiff|defendant|petitioner|respondent)s?['’]?s?)\s+(?:counsel|attorneys?):[ \t]+[^\s:]`)
	// entersFor stands between counsel and whom they say they are there for.
	entersFor = regexp.MustCompile(`(?i)^(?:\s*,?\s*(?:here|appearing))?(?:\s*,)?\s+(?:for|on\s+behalf\s+of)\s+(?:the\s+)?(?:(?:plaintiff|defendant|petitioner|respondent)s?,?\s+)?(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	spoken    = regexp.MustCompile(`(?i)\bThe\s+Court:|^[ \t]*(?:Mr|Ms|Mrs)\.[^\n:]{2,30}:`)
	pronoun   = regexp.MustCompile(`(?:^|[.;]\s+)(It|He|She|They)\s*$`)
)

// findAppearances finds the counsel of each side in a transcript's list of appearances,
// whose labels stand beside the names, and those who say in court for whom they are there.
func (r *reader) findAppearances() {
	r.sideLabels()
	r.noticeCounsel()
	if len(r.terms) > 0 {
		r.tableCounsel()
	}
	if !holdsAny(r.text, "COURT:", "MR. ", "MS. ", "MRS. ") || !spoken.MatchString(r.text) {
		return
	}
	for i := 1; i < len(r.mentions); i++ {
		p, c := r.mentions[i-1], r.mentions[i]
		if p.Type == document.Person && isParty(c.Type) && p.End < c.Start && c.Start-p.End < 60 && entersFor.MatchString(r.text[p.End:c.Start]) {
			if _, party := r.parties[c.Entity]; party {
				r.represent(i-1, []string{c.Entity}, r.sentence(p.Span), likely)
			}
		}
	}
}

var (
	// copyTo ends before the counsel of a party to whom copies of its notices go.
	copyTo = regexp.MustCompile(`(?i)\bcop(?:y|ies)\b[^.;]{0,60}?\bto\s*:?\s*(?:(?:its|his|her|their)\s+(?:counsel|attorneys?)[,:]?\s*)?$`)
	// attnBetween stands between a firm and its lawyer in an address.
	attnBetween = regexp.MustCompile(`(?i)^,?\s+(?:attention|attn)\b\.?:?\s*(?:(?:Mr|Ms|Mrs)\.\s*)?$`)
)

// forTerm follows counsel whom a table names with whom they act for.
var forTerm = regexp.MustCompile(`^\s+for\s+(?:the\s+)?([A-Z]\w+)`)

// tableCounsel finds "Counsel:  Jane Roe of Roe LLP for the Investor".
func (r *reader) tableCounsel() {
	for i, m := range r.mentions {
		if !isParty(m.Type) {
			continue
		}
		line := r.line(m.Start)
		t := forTerm.FindStringSubmatch(r.window(m.End, m.End+40))
		if t == nil || !saysAny(r.window(line.Start, line.Start+12), "counsel", "attorney") {
			continue
		}
		clients := r.terms[strings.ToLower(t[1])]
		r.represent(i, clients, line, likely)
		if i > 0 && r.mentions[i-1].Start >= line.Start && r.mentions[i-1].Type == document.Person && m.Type == document.Org && besides.MatchString(r.text[r.mentions[i-1].End:m.Start]) {
			r.represent(i-1, clients, line, likely)
		}
	}
}

// noticeCounsel finds the firm that a contract sends copies of a party's notices to.
func (r *reader) noticeCounsel() {
	if r.kind != document.KindContract {
		return
	}
	for i, f := range r.mentions {
		if f.Type != document.Org || !lawFirm.MatchString(f.Text) {
			continue
		}
		if before := r.window(f.Start-90, f.Start); saysAny(before, "cop") && copyTo.MatchString(before) {
			if org := r.noticeParty(f); org >= 0 && r.mentions[org].Entity != f.Entity {
				r.represent(i, []string{r.mentions[org].Entity}, r.evidence(cover(r.mentions[org].Span, f.Span)), likely)
				if i+1 < len(r.mentions) && r.mentions[i+1].Type == document.Person && r.mentions[i+1].Start > f.End && attnBetween.MatchString(r.text[f.End:r.mentions[i+1].Start]) {
					r.represent(i+1, []string{r.mentions[org].Entity}, r.evidence(cover(r.mentions[org].Span, r.mentions[i+1].Span)), likely)
					r.member(i+1, i)
				}
			}
		}
	}
}

// sideLabels finds labels of sides by their colons, of which prose has few.
func (r *reader) sideLabels() {
	const longest = 110
	for at := 0; ; {
		i := strings.IndexByte(r.text[at:], ':')
		if i < 0 {
			return
		}
		at += i + 1
		start := strings.LastIndexByte(r.text[max(0, at-longest):at], '\n') + 1 + max(0, at-longest)
		if start+8 > at {
			continue
		}
		h := sideLabel.FindStringSubmatchIndex(r.text[start:min(len(r.text), at+60)])
		if h == nil || h[0] > 0 || start+h[1] < at {
			continue
		}
		who := document.Span{Start: start + h[2], End: start + h[3]}
		if h[2] < 0 {
			who = document.Span{Start: start + h[4], End: start + h[5]}
		}
		if clients := r.sideNamed(who); len(clients) > 0 {
			r.counselIn(start, start+h[1]-1, clients)
		}
	}
}

// sideNamed are the parties that s names, by name or by their role.
func (r *reader) sideNamed(s document.Span) []string {
	var out []string
	from, to := r.within(s)
	for _, m := range r.mentions[from:to] {
		if isParty(m.Type) {
			out = append(out, m.Entity)
		}
	}
	if len(out) == 0 {
		out = r.withRoles(partyRoles(r.slice(s)))
	}
	return out
}

// headsList says whether the line of a phrase such as "attorneys for" ends in a colon:
// then the counsel are below it.
func (r *reader) headsList(phrase, line document.Span) bool {
	if !strings.HasSuffix(r.slice(line), ":") {
		return false
	}
	before := lineNumbered.ReplaceAllString(r.text[line.Start:max(line.Start, phrase.Start)], "")
	return strings.TrimFunc(before, notWord) == ""
}

// wrapped says whether a line that begins with a phrase such as "counsel for" goes on
// with the sentence of the line above, as in a paragraph.
func (r *reader) wrapped(line document.Span) bool {
	const paragraph = 60
	above, blanks, ok := r.lineBefore(line.Start)
	return ok && blanks == 0 && line.Len() > paragraph && above.Len() > paragraph && strings.HasSuffix(r.slice(above), ",") && strings.ContainsAny(r.slice(above), "abcdefghijklmnopqrstuvwxyz") &&
		!strings.Contains(r.slice(line), "   ")
}

// listBelow relates the counsel on the lines below a phrase to the clients.
func (r *reader) listBelow(phrase document.Span, end int, clients []string) {
	line := r.line(max(phrase.Start, end-1))
	if next, ok := r.lineAfter(line.End); ok {
		r.counselIn(phrase.Start, next.Start, clients)
	}
}

// counselIn relates the names that the lines from position at on begin with, up to a
// blank line or another label, to the clients. The label is at position label.
func (r *reader) counselIn(label, at int, clients []string) {
	const most = 12
	var persons, firms []int
	line := r.line(at)
	line.Start = max(line.Start, at)
	for n := 0; n < most; n++ {
		if n > 0 {
			next, ok := r.lineAfter(line.End)
			blanks := 0
			if ok {
				blanks = strings.Count(r.text[line.End:next.Start], "\n") - 1
			}
			if !ok || blanks > 1 || blanks == 1 && (next.Len() > 60 || len(persons)+len(firms) > 0 && len(r.namesOn(next)) == 0 || r.newSide(next)) || sideLabel.MatchString(r.slice(next)) || forHead.MatchString(r.slice(next)) || strings.HasSuffix(r.slice(next), ":") {
				break
			}
			line = next
		}
		for _, i := range r.namesOn(line) {
			m := r.mentions[i]
			r.represent(i, clients, r.evidence(cover(document.Span{Start: label, End: line.End}, m.Span)), likely)
			if m.Type == document.Person {
				persons = append(persons, i)
			} else {
				firms = append(firms, i)
			}
		}
	}
	r.members(persons, firms)
}

// newSide says whether a line of a list of appearances begins a list of something else:
// it names who is there besides, a judge or a heading in capitals.
func (r *reader) newSide(line document.Span) bool {
	return saysAny(r.slice(line), "present", "reported", "reporter", "videographer", "witness", "examination", "interpreter", "before", "the court", "judge", "deposition", "attorney for", "attorneys for", "counsel for")
}

// namesOn are the counsel that a line begins with, one or several in a row.
func (r *reader) namesOn(line document.Span) []int {
	first := r.signers(line)
	if len(first) == 0 {
		return nil
	}
	out := first
	_, to := r.within(line)
	for i := first[0] + 1; i < to; i++ {
		if m := r.mentions[i]; !isParty(m.Type) || r.mentions[i-1].End > m.Start || !alongside.MatchString(r.text[r.mentions[i-1].End:m.Start]) {
			break
		}
		out = append(out, i)
	}
	return out
}

// pronounBefore is the mention that the pronoun at the end of the text before position
// at stands for: the first of its sort in the sentence before. It is -1 if there is none.
func (r *reader) pronounBefore(at int) int {
	const far = 400
	before := strings.TrimRight(r.window(at-far, at), " \n")
	m := pronoun.FindStringSubmatchIndex(before)
	if m == nil {
		return -1
	}
	typ := document.Person
	if word := before[m[2]:m[3]]; word == "It" || word == "They" {
		typ = document.Org
	}
	end := at - (len(r.window(at-far, at)) - m[0])
	s := r.sentence(document.Span{Start: max(0, end-2), End: max(1, end-1)})
	from, to := r.within(s)
	for i := from; i < to; i++ {
		if r.mentions[i].Type == typ && r.mentions[i].End <= at {
			return i
		}
	}
	return -1
}
