package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

var (
	preamble  = regexp.MustCompile(`(?i)\b(?:by\s+and\s+)?(?:between|among)(?:\s*:\s*|\s+)`)
	agreement = regexp.MustCompile(`(?i)agreement|lease|contract|amendment|settlement|release|made|entered|note|deed|addendum|memorandum of`)
	nextOf    = regexp.MustCompile(`^[^.;]{0,400}?(?:\)\s*,?\s*(?:on the one (?:hand|part|side),?\s*)?(?:and|AND)\s+|;\s*(?:and\s+|AND\s+)?|\),\s+(?:\(\w\)\s*)?)`)
	andNext   = regexp.MustCompile(`^[^.;()“”"]{0,200}?,?\s+(?:and|AND)\s+`)
	partyCell = regexp.MustCompile(`(?m)^[ \t|>*•-]*(?:\d{1,2}\.\s*)?(Landlord|LANDLORD|Tenant|TENANT|Lessor|Lessee|Guarantor|Buyer|BUYER|Seller|SELLER|Purchaser|Borrower|Lender|Licensor|Licensee|Client|Customer|Contractor|Owner|Employer|Employee|Supplier|Franchisor|Franchisee|Debtor(?: \d)?|Creditor|Company|Plaintiff|Defendant|Petitioner|Respondent|Consultant|Releasor|Releasee)[ \t]*(?::|\||[ \t]{3})[ \t|:]*`)
)

// findContractParties finds who an agreement is between, by its preamble or its table.
func (p *page) findContractParties() {
	if p.start > 0 {
		return
	}
	front := p.text[:min(len(p.text), maxCaption/2)]
	for _, m := range partyCell.FindAllStringSubmatchIndex(front, 24) {
		role := roles[strings.ToLower(strings.TrimRight(front[m[2]:m[3]], " 0123456789"))]
		if role == "" && p.memory.kind == document.KindContract {
			role = "party"
		}
		p.partyAt(p.at(m[1]), role, true)
	}
	if p.memory.kind != document.KindContract {
		return
	}
	for _, m := range preamble.FindAllStringIndex(front, 8) {
		if !agreement.MatchString(front[max(0, m[0]-400):m[0]]) {
			continue
		}
		at, n := m[1], 0
		for ; n < 6; n++ {
			end := p.partyAt(p.at(at), "party", false)
			if end == 0 {
				break
			}
			next := nextOf.FindStringIndex(p.text[end:min(len(p.text), end+600)])
			if next == nil {
				next = andNext.FindStringIndex(p.text[end:min(len(p.text), end+300)])
			}
			if next == nil {
				n++
				break
			}
			at = end + next[1]
		}
		if n > 0 {
			return
		}
	}
	p.promisors(front)
}

var (
	// promise ends before who gives a guaranty, a note or another promise of one side.
	promise = regexp.MustCompile(`(?i)\b(?:guaranty|guarantee|note|deed|mortgage|indemnity|pledge|assignment|undertaking|bond|release|subordination|security agreement)\b[^;]{0,160}?\b(?:is|are)?\s*(?:hereby\s+)?(?:given|made|executed|entered into|delivered|granted)(?:\s+and\s+(?:given|made|executed|delivered))?(?:\s+(?:jointly|severally|and|as of[^.;]{0,40}),?)*\s+by\s+`)
	// benefit ends before whom it is given to.
	benefit = regexp.MustCompile(`(?i)\b(?:for\s+the\s+benefit\s+of|in\s+favou?r\s+of)\s+`)
)

// promisors finds who gives a promise of one side, and to whom.
func (p *page) promisors(front string) {
	m := promise.FindStringIndex(front)
	if m == nil {
		return
	}
	at := m[1]
	for range 6 {
		end := p.partyAt(p.at(at), "party", false)
		if end == 0 {
			break
		}
		next := nextOf.FindStringIndex(p.text[end:min(len(p.text), end+400)])
		if next == nil {
			break
		}
		at = end + next[1]
	}
	if b := benefit.FindStringIndex(p.text[m[1]:min(len(p.text), m[1]+1200)]); b != nil {
		p.partyAt(p.at(m[1]+b[1]), "party", false)
	}
}

// partyAt records the party whose name begins at token i and returns where it ends,
// 0 if there is none. In a cell of a table it ends with the line.
func (p *page) partyAt(i int, role string, cell bool) int {
	const longest = 10
	for i < len(p.tokens) && (strings.EqualFold(p.word(i), "the") || p.tokens[i].is(digit) && p.tokens[i].end-p.tokens[i].start == 1 || p.tokens[i].class&honorific != 0 || len(p.word(i)) == 1 && !p.tokens[i].is(upper)) {
		i++
	}
	if i >= len(p.tokens) {
		return 0
	}
	name := []int{}
	for k := i; k < len(p.tokens) && k-i < longest; k++ {
		t := p.tokens[k]
		if k > i && !t.before.simple() && t.before != amp && !(t.before.listed() && (corporateForms[strings.ToLower(p.word(k))] != "" || t.class&nameTail != 0)) ||
			k > i && cell && (t.before == newline || t.before == commaNL) {
			break
		}
		small := t.class&(particle|orgWord) != 0 && k > i
		if !t.is(upper|digit) && !small || t.class&opener != 0 && k > i && !t.is(caps) {
			break
		}
		if w := p.word(k); w == "and" || t.is(caps) && w == "AND" && p.complete(name) {
			break
		}
		name = append(name, k)
		if p.tokens[k].is(genitive) {
			break
		}
	}
	for len(name) > 0 && !p.tokens[name[len(name)-1]].is(upper|digit) {
		name = name[:len(name)-1]
	}
	if len(name) == 0 || p.tokens[name[0]].class&(party|month) != 0 {
		return 0
	}
	end := p.tokens[name[len(name)-1]].after()
	if len(name) == 1 && role == "party" && cell {
		if t := p.tokens[name[0]]; t.class == 0 && len(p.word(name[0])) > 3 && !p.mark(document.Org, name[0], name[0]+1, role) {
			p.add(document.Org, t.start, t.end, properName(p.word(name[0])), 0.75, role)
		}
		return end
	}
	p.partyNamed(name, end, role)
	return end
}
