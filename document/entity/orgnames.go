package entity

import (
	"strings"
	"sync"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// ampersandNouns are common nouns that "&" joins to others.
var ampersandNouns = set(`terms conditions sales marketing health safety profit loss profits rules regulations shipping handling bed breakfast research development mergers
acquisitions use arts sciences labor employment mergers trusts estates wills property casualty life accident research design supply demand questions answers food beverage
tools equipment plant machinery furniture fixtures repair maintenance general administrative goods services books records name address wear tear dismemberment hour wage
benefits compensation audit finance evidence discovery facts law order judgment findings pleadings motion opposition memorandum points authorities`)

// ampersandOrg finds the organisation whose name has "&" before token i and no form of
// business: "Hartnell & Bowes", "Holloway, Brandt & Iyer".
func (p *page) ampersandOrg(i int) {
	const no = opener | party | honorific | month | judgeTitle | docketLabel
	ok := func(k int) bool {
		t := p.tokens[k]
		return t.is(upper) && !t.is(digit) && t.class&no == 0 && len(p.word(k)) > 1
	}
	if !ok(i) || !ok(i-1) || p.tokens[i-1].is(genitive) {
		return
	}
	first, end := i-1, i+1
	for first > 0 && i-first < 4 && p.tokens[first].before == joined && ok(first-1) && !p.tokens[first-1].is(genitive) && (!p.tokens[first-1].is(dot) || p.tokens[first-1].is(initial)) {
		first--
	}
	if first == i-1 {
		// "Holloway, Brandt & Iyer": a list of surnames.
		for first > 0 && i-first < 5 && p.tokens[first].before == comma && ok(first-1) && p.tokens[first-1].class&(noName|place|firstName) == 0 && !p.tokens[first-1].is(dot|genitive) &&
			p.tokens[first-1].is(caps) == p.tokens[first].is(caps) {
			if before := p.tokens[first-1].before; first > 1 && (before == joined && p.tokens[first-2].is(upper) || before == amp) {
				break
			}
			first--
		}
	}
	if end < len(p.tokens) && p.tokens[i].is(genitive) && p.tokens[end].start-p.tokens[i].end <= 4 && p.tokens[end].is(upper) && p.tokens[end].class&(orgTail|trade) != 0 {
		end++
	}
	for end < len(p.tokens) && end-i < 3 && p.tokens[end].before == joined && ok(end) && !p.tokens[end-1].is(dot|genitive) && p.tokens[end].class&(orgTail|trade) != 0 {
		end++
	}
	if end < len(p.tokens) && (p.tokens[end].before == amp || p.tokens[end].before == joined && p.tokens[end].is(upper) && p.tokens[end].class&no == 0 && !p.tokens[end-1].is(dot|genitive)) {
		return // it goes on
	}
	proper := 0
	for k := first; k < end; k++ {
		if w := strings.ToLower(p.word(k)); ampersandNouns[w] || p.tokens[k].class&noName != 0 && p.tokens[k].class&trade == 0 {
			continue
		}
		proper++
	}
	if proper == 0 || ampersandNouns[strings.ToLower(p.word(i))] && ampersandNouns[strings.ToLower(p.word(i-1))] ||
		p.has(i, firstName) && p.has(i-1, firstName) || !p.memory.uncommon(p.word(i)) && !p.memory.uncommon(p.word(i-1)) {
		return
	}
	start, stop := p.tokens[first].start, p.tokens[end-1].end
	p.add(document.Org, start, stop, orgName(p.text[start:stop], "", false), 0.8, p.orgRole(first, start, stop))
}

// agenciesByTail are the agencies' full names by their last word.
var agenciesByTail = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string)
	for _, name := range agencyNames() {
		words := strings.Fields(name)
		if last := words[len(words)-1]; len(words) > 2 {
			m[last] = append(m[last], name)
		}
	}
	return m
})

// agencyBefore records the agency of the table whose full name token k ends.
func (p *page) agencyBefore(k int) bool {
	for _, name := range agenciesByTail()[p.word(k)] {
		n := len(strings.Fields(name))
		if k < n-1 || p.word(k-n+1) != name[:strings.IndexByte(name, ' ')] {
			continue
		}
		start, end := p.tokens[k-n+1].start, p.tokens[k].end
		if oneLine(p.text[start:end]) == name {
			p.add(document.Org, start, end, name, 0.95, p.orgRole(k-n+1, start, end))
			return true
		}
	}
	return false
}

// ofSaint are institutions that are called by a saint or by somebody's name.
var ofSaint = set(`hospital church college school academy cathedral university clinic hospice home`)

// genitiveOrg finds the organisation whose name ends with token k behind a genitive:
// "Information Commissioner's Office", "St. Brendan's Hospital".
func (p *page) genitiveOrg(k int) {
	if k == 0 || !p.tokens[k-1].is(genitive) || p.tokens[k].start-p.tokens[k-1].end > 4 || !p.tokens[k-1].is(upper) {
		return
	}
	tail, owner := strings.ToLower(p.word(k)), strings.ToLower(p.word(k-1))
	first := k - 1
	switch {
	case tail == "office" && officials[owner]:
		for first > 0 && k-first < 4 && p.tokens[first].before == joined && p.tokens[first-1].is(upper) && p.tokens[first-1].class&(opener|party|honorific) == 0 && !p.tokens[first-1].is(dot) {
			first--
		}
	case ofSaint[tail] && first > 0 && (p.word(first-1) == "St" || p.word(first-1) == "Saint"):
		first--
	case corporateForms[tail] != "" && tail != "company" && first > 0 && p.tokens[first].before == joined && p.tokens[first-1].is(upper):
	default:
		return
	}
	if first == k-1 {
		return
	}
	start, end := p.tokens[first].start, p.tokens[k].end
	p.add(document.Org, start, end, orgName(p.text[start:end], "", false), 0.85, p.orgRole(first, start, end))
}

// loneTails are weakTails before which one word that is no common one makes a name:
// "the Sandoval-Reyes Foundation".
var loneTails = set(`foundation bank hospital institute college church society group partners fund association industries systems league union`)

// venueLine is the first or second line of a notary's venue: "STATE OF OHIO )", "COUNTY
// OF ERIE ) ss.".
var venueLine = regexp.MustCompile(`^[ \t]*[A-Z][A-Z .]+?[ \t]*(?:\)|\]|§|:|,?[ \t]+(?:ss|SS|to[- ]wit)|,?$)`)

// inVenue says whether the state or county named at token i stands in a notary's venue.
func (p *page) inVenue(i int) bool {
	if !p.tokens[i].is(caps) || !p.startsLine(i) {
		return false
	}
	at := p.tokens[i].start
	line := p.text[at:min(len(p.text), at+120)]
	if k := strings.IndexByte(line, '\n'); k >= 0 {
		line = line[:k]
	}
	if !venueLine.MatchString(line) {
		return false
	}
	around := p.text[max(0, at-160):min(len(p.text), at+160)]
	return strings.Contains(around, "STATE OF") && (strings.Contains(around, "COUNTY OF") || strings.Contains(around, "PARISH OF") || strings.Contains(around, "CITY OF")) ||
		strings.Contains(around, "COMMONWEALTH OF") && strings.Contains(around, "COUNTY OF")
}

// ownersName says whether the genitive before token first belongs to the company's name
// that token k ends with its form: "Wendy's Restaurants, Inc.", "McDonald's Corporation".
// What follows is common nouns alone: "Acme's Beta Foods, Inc." names Beta Foods.
func (p *page) ownersName(first, k int, tail string) bool {
	owner := p.tokens[first-1]
	if corporateForms[tail] == "" || !owner.is(upper) || owner.class&(party|judgeTitle|honorific|opener|month|place|orgTail|orgHead) != 0 {
		return false
	}
	gap := strings.TrimLeft(p.text[owner.end:p.tokens[first].start], "'’sS")
	if gap != " " && !(first == k && gap == ", ") {
		return false
	}
	for i := first; i < k; i++ {
		if p.tokens[i].class&(noName|trade|orgTail) == 0 {
			return false
		}
	}
	return true
}
