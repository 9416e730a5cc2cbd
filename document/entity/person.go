package entity

import (
	"strings"

	"github.com/caseload/caseload/document"
)

// findPeople finds names of people by what gives them away: a title, a given
// name, a middle initial, a signature, a role in a caption.
func (p *page) findPeople() {
	for i := 0; i < len(p.tokens); i++ {
		t := p.tokens[i]
		if !t.is(upper) {
			if w := p.word(i); w == "s" && strings.HasPrefix(p.text[t.end:], "/") {
				p.signature(i + 1)
			}
			continue
		}
		if p.word(i) == "S" && strings.HasPrefix(p.text[t.end:], "/") {
			p.signature(i + 1)
			continue
		}
		switch {
		case t.class&honorific != 0:
			p.titled(i)
		case t.class&party != 0:
			p.captioned(i)
		}
		if n := p.givenName(i); n > i {
			i = n - 1
		}
	}
}

// titled finds "Mr. Smith", "Dr. Jane Q. Roe".
func (p *page) titled(i int) {
	t := p.tokens[i]
	if i+1 >= len(p.tokens) || !p.tokens[i+1].before.simple() {
		return
	}
	end := p.nameAt(i + 1)
	if end == i+1 {
		return
	}
	strong := false
	switch strings.ToLower(p.word(i)) {
	case "mr", "mrs", "ms", "miss", "dr", "messrs":
		strong = t.is(dot) != strings.EqualFold(p.word(i), "miss") && !p.has(i+1, stateAbbr)
	}
	role := ""
	if strings.EqualFold(p.word(i), "attorney") {
		role = "attorney"
	}
	switch {
	case strong:
		p.person(i+1, end, 0.93, role)
	case p.surnames(i+1, end) >= 2 && (p.has(i+1, firstName) || p.tokens[min(i+2, len(p.tokens)-1)].is(initial)):
		p.person(i+1, end, 0.8, role)
	}
}

// givenName finds a name that begins with a given name of the table, or has the
// shape "Deborah S. Hunt". It returns the index after the name.
func (p *page) givenName(i int) int {
	t := p.tokens[i]
	if t.class&(opener|party|honorific|month|orgAlone) != 0 && t.class&firstName == 0 {
		return i
	}
	known := t.class&firstName != 0
	leadInitial := t.is(initial) && i+2 < len(p.tokens) && p.has(i+1, firstName) && p.tokens[i+1].before == joined
	middle := !t.is(initial) && i+2 < len(p.tokens) && p.tokens[i+1].is(initial) && len(p.word(i+1)) == 1 && p.tokens[i+1].before == joined && p.nameWord(i)
	if !known && !leadInitial && !middle {
		return i
	}
	if known && t.class&place != 0 && p.startsPlace(i) {
		return i // Ann Arbor
	}
	if i > 0 && p.tokens[i].before == joined && p.tokens[i-1].is(upper) && (p.has(i-1, place) || placeHead[p.word(i-1)]) {
		return i // San Francisco, Port Ellis
	}
	end := p.nameAt(i)
	if p.surnames(i, end) < 2 || p.orgFollows(end) {
		return i
	}
	if last := p.tokens[end-1]; last.is(initial) {
		return i
	}
	if !known && middle && (p.tokens[i].class&place != 0 || len(p.word(i)) < 3) {
		return i
	}
	if !known && t.is(caps) && p.word(i+1) == "V" {
		return i // a case's name in a running head: "ROE V. WADE"
	}
	confidence := 0.88
	switch {
	case known && middle:
		confidence = 0.95
	case !known:
		confidence = 0.75
	case t.is(caps):
		confidence = 0.85
	}
	p.person(p.nameStart(i), end, confidence, "")
	return end
}

// startsPlace says whether a place of several words begins with token i.
func (p *page) startsPlace(i int) bool {
	w := window(p.text, p.tokens[i].start)
	for _, n := range places()[p.word(i)] {
		if strings.Contains(n, " ") && phraseLength(w, n) > 0 {
			return true
		}
	}
	return false
}

// placeHead are words that begin the names of places that go on like a given name.
var placeHead = map[string]bool{
	"Port": true, "Fort": true, "Ft": true, "Mount": true, "Mt": true, "San": true, "Santa": true, "Lake": true, "Cape": true, "Point": true, "Camp": true,
	"PORT": true, "FORT": true, "MOUNT": true, "SAN": true, "SANTA": true, "LAKE": true, "CAPE": true, "POINT": true, "CAMP": true,
}

// nameStart is the index of the name's first token, which is before token i
// where an unknown given name stands first on its line.
func (p *page) nameStart(i int) int {
	if i == 0 || p.tokens[i].before != joined || !p.nameWord(i-1) || p.tokens[i-1].is(dot) || p.tokens[i-1].flags&caps != p.tokens[i].flags&caps || p.tokens[i-1].class&noName != 0 {
		return i
	}
	before := strings.TrimRight(p.text[:p.tokens[i-1].start], " \t")
	if before != "" && before[len(before)-1] != '\n' {
		return i
	}
	return i - 1
}

// orgFollows says whether the name that ends before token end goes on as an
// organisation's, a street's or a place's.
func (p *page) orgFollows(end int) bool {
	if end >= len(p.tokens) {
		return false
	}
	t := p.tokens[end]
	if t.before == amp {
		return true
	}
	if t.before.listed() {
		return corporateForms[strings.ToLower(p.word(end))] != ""
	}
	if !t.before.simple() || t.before == newline {
		return false
	}
	if strings.EqualFold(p.word(end), "county") || strings.EqualFold(p.word(end), "park") || strings.EqualFold(p.word(end), "island") {
		return true
	}
	return t.class&(orgTail|streetTail) != 0 && t.is(upper)
}

// signature finds the name after "/s/", whose "s" is token i-1.
func (p *page) signature(i int) {
	if i >= len(p.tokens) || p.tokens[i].start-p.tokens[i-1].end > 16 || strings.Contains(p.text[p.tokens[i-1].end:p.tokens[i].start], "\n") {
		return
	}
	end := p.lineEnd(i, p.nameAt(i))
	if p.surnames(i, end) == 0 {
		return
	}
	role := p.roleOf(i, end)
	if role == "" {
		after := strings.ToLower(window(p.text, p.tokens[end-1].end))
		if i := strings.Index(after, "\n\n"); i >= 0 {
			after = after[:i]
		}
		if i := strings.Index(after, "for "); i > 0 && (strings.Contains(after[:i], "attorney") || strings.Contains(after[:i], "counsel")) {
			role = "attorney"
		}
	}
	confidence := 0.95
	if p.surnames(i, end) == 1 {
		confidence = 0.7
	}
	p.person(i, end, confidence, document.JoinRoles(role, "signatory"))
}

// lineEnd is end, or the index of the first token after i that begins a line.
func (p *page) lineEnd(i, end int) int {
	for k := i + 1; k < end; k++ {
		if p.tokens[k].before == newline || p.tokens[k].before == commaNL {
			return k
		}
	}
	return end
}

// captioned finds the name before ", Plaintiff" whose role is token i.
func (p *page) captioned(i int) {
	if i < 2 {
		return
	}
	between := p.text[p.tokens[i-1].after():p.tokens[i].start]
	if !strings.HasPrefix(between, ",") || strings.Trim(between, ", \n\t)*|") != "" {
		return
	}
	last := i - 1
	for _, skip := range [...]string{"al", "et"} {
		if last > 0 && strings.EqualFold(p.word(last), skip) {
			last--
		}
	}
	first := last
	for first > 0 && last-first < maxName-1 && p.tokens[first].before == joined && (p.nameWord(first-1) || p.has(first-1, particle)) {
		first--
	}
	person := first < last && p.tokens[first].before != joined && p.nameAt(first) == last+1 && p.surnames(first, last+1) >= 2
	if !person {
		if first = p.captionedOrg(last); first == last {
			return
		}
	}
	role := strings.ToLower(p.word(i))
	if k := strings.IndexByte(role, '-'); k > 0 {
		role = role[:k]
	}
	role = roles[strings.TrimSuffix(role, "s")]
	if person {
		p.person(first, last+1, 0.75, role)
		return
	}
	if start, end := p.tokens[first].start, p.tokens[last].end; !personal[role] {
		p.add(document.Org, start, end, orgName(p.text[start:end], "", false), 0.7, role)
	}
}

// captionedOrg is the index of the first token of the party that token last ends,
// where the party has a line to itself and a name that no person has: "CALVARY
// CHAPEL OF BANGOR". It is last if there is none.
func (p *page) captionedOrg(last int) int {
	first, common := last, false
	for ; ; first-- {
		t := p.tokens[first]
		small := smallWords[strings.ToLower(p.word(first))] && !strings.EqualFold(p.word(first), "and")
		if !small && (!t.is(upper) || t.class&(opener|party|judgeTail|honorific|docketLabel|month) != 0) || t.is(dot|genitive) {
			return last
		}
		common = common || small
		if first == 0 || p.startsLine(first) {
			break
		}
		if t.before != joined && t.before != amp {
			return last
		}
	}
	if !common || p.tokens[first].class&opener != 0 || !p.tokens[first].is(upper) || !p.tokens[last].is(upper) || last-first >= 10 {
		return last
	}
	return first
}
