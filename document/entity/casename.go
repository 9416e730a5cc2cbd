package entity

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// caseNumber stands between the name of a case and its docket number.
var caseNumber = rx(`(?:,? et al\.?)?[,:(]?_(?:(?:Civil|Criminal|Case|Docket|Appeal|Action|CASE|CIVIL) )*(?:Nos?\.|NOS?\.|Number|#)_$`)

// citedAs follows the docket number of a decision that is cited: a reporter, or a
// court and year in parentheses.
var citedAs = rx(`,_(?:slip op\.,_)?(?:\x5F|\d{1,4} [A-Z])|,?_(?:slip op\._)?\([^()]{0,40}\b(?:Cir|Ct|App|Cal|Mass|Tex|Wash|[NSEWMC]\._D|D)\.[^()]{0,40}\b(?:19|20)\d\d\)`)

// findCaseNames finds the parties of "Jane Roe v. John Doe, No. 22-1801" by the
// docket number that follows. Parties of cited decisions are none.
func (p *page) findCaseNames() {
	const longest = 24
	for _, d := range p.mentions[:len(p.mentions):len(p.mentions)] {
		if d.Type != document.DocketNumber {
			continue
		}
		last, _ := slices.BinarySearchFunc(p.tokens, d.Start, func(t token, at int) int { return t.start - at })
		for j := last - 1; j > 0 && j > last-longest; j-- {
			w := p.word(j)
			if (w != "v" || !p.tokens[j].is(dot)) && w != "vs" {
				continue
			}
			if !citedAs.MatchString(window(p.text, d.End)) {
				p.caseParties(j, d.Start)
			}
			break
		}
	}
}

// caseParties records the parties on both sides of the "v." at token j, whose
// docket number begins at offset at.
func (p *page) caseParties(j, at int) {
	here := p.tokens[j]
	for _, c := range p.cases {
		if c.Start <= here.start && here.start < c.End {
			return
		}
	}
	end := j + 1
	for end < len(p.tokens) && p.tokens[end].start < at && p.tokens[end].before.simple() && p.tokens[end].is(upper) && p.tokens[end].class&docketLabel == 0 {
		end++
	}
	if end == j+1 || !caseNumber.MatchString(p.text[p.tokens[end-1].after():at]) {
		return
	}
	start := j
	for start > 0 && start > j-maxName && p.tokens[start].before.simple() && p.tokens[start-1].is(upper) && p.inName(start-1) {
		start--
	}
	p.caseParty(start, j)
	p.caseParty(j+1, end)
}

// caseParty records the party in tokens [i, end): a government or a person in
// full. Organisations have rules of their own.
func (p *page) caseParty(i, end int) {
	if end-i == 2 && strings.EqualFold(p.word(i), "united") && strings.EqualFold(p.word(i+1), "states") {
		p.add(document.Org, p.tokens[i].start, p.tokens[end-1].end, "United States", 0.9, "")
		return
	}
	if end-i >= 2 && p.nameAt(i) == end && p.surnames(i, end) >= 2 {
		p.person(i, end, 0.75, "")
	}
}
