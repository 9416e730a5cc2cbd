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

var (
	// beside follows the name of a place that names something else: a state's bar, a
	// street.
	beside = regexp.MustCompile(`^ (?:(?:State )?Bar (?:No|Number|Card|ID|#)|(?:Street|Avenue|Ave|Boulevard|Blvd|Road|Drive|Lane|Highway|Parkway)\b)`)
	// stateAndZIP follows a city in an address that no comma parts from its state.
	stateAndZIP = rx(`(?:,? (?:([A-Z]{2})|([A-Z][a-z]+(?:\x20[A-Z][a-z]+)?))) \d{5}(?:-\d{4})?\b`)
)

// unpunctuated finds the city that begins a line or cell with token i and has its
// state's letters and a ZIP behind it: "PHOENIX AZ 85019", "Virginia, MN 55792".
func (p *page) unpunctuated(i int) {
	t := p.tokens[i]
	if t.start > 1 && p.text[t.start-1] == ' ' && p.text[t.start-2] > ' ' {
		return // in running text
	}
	const far = 44 // bytes from a city to its ZIP
	line := p.text[t.start:min(len(p.text), t.start+far)]
	if k := strings.IndexByte(line, '\n'); k >= 0 {
		line = line[:k]
	}
	if len(line) < len("Rye NY 10580") || !strings.ContainsAny(line, "0123456789") || !p.startsCell(i) || t.class&(opener|party|month|streetTail|docketLabel) != 0 {
		return
	}
	end := i + 1
	for end < len(p.tokens) && end-i < 3 && p.tokens[end].before == joined && p.tokens[end].is(upper) && !p.tokens[end].is(digit) && p.tokens[end].class&postal == 0 {
		end++
	}
	m := stateAndZIP.FindStringSubmatch(window(p.text, p.tokens[end-1].end))
	if m == nil || m[1] == "" || statesByPostal[m[1]] == "" || m[1] == "ID" && t.class&noName != 0 {
		return
	}
	start, stop := t.start, p.tokens[end-1].end+strings.Index(window(p.text, p.tokens[end-1].end), m[1])+2
	p.add(document.Location, start, stop, titleCase(p.text[start:p.tokens[end-1].end])+", "+statesByPostal[m[1]], 0.9, "")
}

// shortOf is what an organisation is called for short whose name, without its form, is
// in full: the words before its trade, two at least that are no place's or person's.
// It is nil if there is nothing to leave out.
func (p *page) shortOf(full []string) []string {
	n := len(full)
	for n > 1 && words()[full[n-1]]&(orgTail|trade) != 0 {
		n--
	}
	if n < 2 || n == len(full) || n > 3 {
		return nil
	}
	const no = place | firstName | opener | party | orgHead | courtHead | courtKind | month
	if words()[full[0]]&no != 0 || words()[full[n-1]]&(opener|party|orgWord) != 0 || smallWords[strings.ToLower(full[n-1])] {
		return nil
	}
	if !p.memory.uncommon(full[0]) && !p.memory.uncommon(full[n-1]) {
		return nil
	}
	return full[:n:n]
}
