package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// appearsBehind follows the city of counsel who appear.
var appearsBehind = regexp.MustCompile(`(?i)^,\s+(?:argued\s+(?:the cause\s+)?)?for\s`)

// findFirms finds firms whose name is a list of surnames by the city that follows, in
// appearances: "Jane Roe, Brandvold Magsaysay, Seattle, Washington, for Plaintiff".
func (p *page) findFirms() {
	for _, m := range p.mentions[:len(p.mentions):len(p.mentions)] {
		if m.Type != document.Location || !strings.Contains(m.Normalized, ", ") {
			continue
		}
		at := p.at(m.Start)
		if at < 4 || at >= len(p.tokens) || !p.tokens[at].before.listed() {
			continue
		}
		end := at
		first := end - 1
		for first > 0 && end-first < 6 && p.nameWord(first) && (p.tokens[first].before.simple() || p.tokens[first].before == amp) {
			first--
		}
		if first < end-1 && p.startsLine(first) && appearsBehind.MatchString(window(p.text, m.End)) && p.nameAt(first) == end && p.surnames(first, end) >= 2 {
			p.person(first, end, 0.8, "attorney")
			continue
		}
		if first == end-1 || !p.tokens[first].before.listed() || !p.nameWord(first) || p.tokens[first].class&(firstName|place) != 0 || p.tokens[end-1].class&place != 0 || p.surnames(first, end) < 2 {
			continue
		}
		start, stop := p.tokens[first].start, p.tokens[end-1].end
		p.add(document.Org, start, stop, orgName(p.text[start:stop], "", false), 0.75, "firm")
	}
}

// findEstates finds "the Estate of Jane Roe", and counties that are named as places.
func (p *page) findEstates() {
	for i, t := range p.tokens {
		if !t.is(upper) {
			continue
		}
		switch p.word(i) {
		case "Estate", "ESTATE":
			if i+2 < len(p.tokens) && strings.EqualFold(p.word(i+1), "of") && p.tokens[i+1].before.simple() && p.tokens[i+2].before.simple() {
				end := p.nameAt(i + 2)
				if end > i+3 && strings.EqualFold(p.word(end-1), "v") {
					end--
				}
				if end > i+2 && p.surnames(i+2, end) > 0 {
					stop := p.nameEnd(end)
					p.add(document.Org, t.start, stop, orgName(p.text[t.start:stop], "", false), 0.9, p.orgRole(i, t.start, stop))
				}
			}
		case "County", "Parish":
			p.county(i)
		}
	}
}

// county finds the county whose name token i ends.
func (p *page) county(i int) {
	first := i
	for first > 0 && i-first < 2 && (p.tokens[first].before == joined || p.tokens[first].before == newline && p.wraps(first)) && p.tokens[first-1].is(upper) && p.tokens[first-1].class&(opener|party|judgeTitle|docketLabel|courtKind) == 0 && !p.tokens[first-1].is(genitive) && (!p.tokens[first-1].is(dot) || len(p.word(first-1)) < 3) {
		first--
	}
	if first == i || i+1 < len(p.tokens) && (p.tokens[i+1].before == joined && p.tokens[i+1].is(upper) || p.tokens[i+1].before.listed() && p.has(i+1, place|postal|stateAbbr)) {
		return
	}
	before := ""
	if first > 0 && p.tokens[first].before.simple() {
		before = p.word(first - 1)
	}
	name := oneLine(p.text[p.tokens[first].start:p.tokens[i].end])
	switch before {
	case "in", "of", "within", "from", "throughout", "at", "to", "near", "into":
		p.add(document.Location, p.tokens[first].start, p.tokens[i].end, name, 0.85, "")
	default:
		p.add(document.Org, p.tokens[first].start, p.tokens[i].end, name, 0.7, p.orgRole(first, p.tokens[first].start, p.tokens[i].end))
	}
}
