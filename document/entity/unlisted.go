package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// People whose given name is on no list, and who are named without a title or a role:
// they are known by what they do, by a relative, by the list or the block of counsel
// that they stand in, or by how the document goes on to call them.

// acts follows a name in running text and says what only people do.
var acts = regexp.MustCompile(`^,?\s+(?:(?:also|then|later|now|never|once|first|had|has|have|who)\s+){0,2}(?:told|wrote|telephoned|phoned|emailed|e-mailed|texted|asked|replied|explained|recalled|recalls|remembered|remembers|testified|resigned|retired|drove|drives|walked|ran|saw|heard|noticed|lives|lived|resides|resided|died|` +
	`thought|knew|knows|fell|slipped|underwent|complained|married|slept|ate|drank|wept|works\s+(?:as|at|for|in)|worked\s+(?:as|at|for|in)|served\s+as|serves\s+as|(?:is|was)\s+(?:born|hired|fired|injured|arrested|driving|killed|riding|walking|standing|employed|promoted|married|pronounced|struck|treated|hospitalized|incarcerated|deposed|an?\s+(?:(?:\w+\s+){0,3})?(?:individual|resident|citizen|natural\s+person|adult|minor|widow|widower|man|woman))\b|lives\b)`)

// addressBelow begins the line below a name in an address, or that of a lawyer.
var addressBelow = regexp.MustCompile(`^(?:\d{1,6}[ -]\S|P\.?\s?O\.?\s(?:Box|Drawer)|(?:One|Two|Three|Four|Five)\s[A-Z]|(?:State\s)?Bar\s|(?:Attorneys?|Counsel|Lawyers?)\s(?:for|of)\b|(?:Tel|Telephone|Phone|Email|E-mail|Fax)\b|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}|[\w.+-]{1,40}@|(?:Assistant|Deputy|Chief|Senior|Special|First)\s(?:[A-Z]\w+\s){0,3}(?:Attorney|Counsel|Defender|Solicitor|Prosecutor)|Admitted\s|Pro\s[Hh]ac)`)

// findUnlisted finds such people where no other rule has found anything.
func (p *page) findUnlisted() {
	used := make(bits, len(p.text)/64+1)
	surnames := map[string]bool{}
	for _, m := range p.mentions {
		used.set(m.Span)
		if m.Type == document.Person && m.Confidence >= 0.8 {
			last := m.Text[strings.LastIndexAny(m.Text, " \n")+1:]
			surnames[strings.ToUpper(last)] = true
		}
	}
	for i := 0; i < len(p.tokens); i++ {
		t := p.tokens[i]
		const no = noName | opener | party | month | orgTail | orgHead | trade | courtHead | courtKind | streetTail | docketLabel | judgeTitle | honorific | stateAbbr | postal | statuteHead
		if !t.is(upper) || t.is(digit) || i+1 == len(p.tokens) || !p.tokens[i+1].before.simple() || !p.tokens[i+1].is(upper) && p.tokens[i+1].class&particle == 0 || t.class&no != 0 || t.class&place != 0 && t.class&firstName == 0 || t.class&particle != 0 ||
			i > 0 && t.before == joined && p.tokens[i-1].is(upper) && !p.tokens[i-1].is(dot) && p.tokens[i-1].class&(opener|party|honorific) == 0 || t.before == amp {
			continue
		}
		end := p.nameAt(i)
		if n := p.surnames(i, end); n < 2 || n > 3 || used.any(document.Span{Start: t.start, End: p.tokens[end-1].end}) {
			continue
		}
		last := end - 1
		if p.tokens[last].class&no != 0 || p.goesOn(end) || !p.standsAlone(i, end) || p.tokens[last].class&nameTail != 0 || p.tokens[last].is(initial) || placeHead[p.word(i)] || !p.plainName(i, end) {
			i = end - 1
			continue
		}
		if role, confidence := p.whoIs(i, end, last, surnames); confidence > 0 {
			p.person(i, end, confidence, role)
			used.set(document.Span{Start: t.start, End: p.tokens[end-1].end})
		}
		i = end - 1
	}
}

// plainName says whether no word of the name in tokens [i, end) is one that the document
// has in lower case too, and none is a trade.
func (p *page) plainName(i, end int) bool {
	for k := i; k < end; k++ {
		t := p.tokens[k]
		if t.is(initial) || len(p.word(k)) == 1 || t.class&(particle|nameTail) != 0 || !t.is(upper) {
			continue
		}
		if t.class&trade != 0 || t.class&firstName == 0 && !p.memory.uncommon(p.word(k)) {
			return false
		}
	}
	return true
}

// whoIs says with what role and how surely the capitalised words in tokens [i, end),
// whose surname is token last, name a person; 0 if nothing says so.
func (p *page) whoIs(i, end, last int, surnames map[string]bool) (role string, confidence float64) {
	rest := window(p.text, p.nameEnd(end))
	surname := p.word(last)
	switch {
	case acts.MatchString(rest):
		return "", 0.8
	case surnames[strings.ToUpper(surname)] && len(surname) > 2:
		return "", 0.8
	case p.inBlock(i, end):
		return "", 0.76
	case p.listedWithPerson(i, end):
		return "", 0.74
	case p.calledBySurname(i, last):
		return "", 0.74
	}
	return "", 0
}

// inBlock says whether the name in tokens [i, end) is alone in a line or cell, with an
// address or what lawyers have under it.
func (p *page) inBlock(i, end int) bool {
	start := p.tokens[i].start
	if !p.startsCell(i) {
		return false
	}
	rest := p.text[p.nameEnd(end):min(len(p.text), start+400)]
	eol := strings.IndexByte(rest, '\n')
	if eol < 0 || !endsCell(rest) {
		return false
	}
	column := start - strings.LastIndexByte(p.text[:start], '\n') - 1
	for n := 0; n < 4; n++ {
		rest = rest[eol+1:]
		if eol = strings.IndexByte(rest, '\n'); eol < 0 {
			eol = len(rest)
		}
		line := rest[:eol]
		from := 0
		if column > 3 {
			if len(line) <= column-3 {
				return false
			}
			from = column - 3
		}
		below := strings.TrimLeft(line[from:], " \t")
		if below == "" {
			return false
		}
		if addressBelow.MatchString(below) {
			return true
		}
		if eol == len(rest) {
			return false
		}
	}
	return false
}

// listedWithPerson says whether the name in tokens [i, end) stands beside a person in a
// list: "Renske Okafor and Jane Roe".
func (p *page) listedWithPerson(i, end int) bool {
	if p.startsLine(i) && p.tokens[i].is(caps) {
		return false
	}
	beside := func(k int) bool {
		if k < 0 || k >= len(p.tokens) {
			return false
		}
		return p.tokens[k].class&firstName != 0 && k+1 < len(p.tokens) && p.tokens[k+1].before == joined && p.nameAt(k) > k+1 && p.surnames(k, p.nameAt(k)) >= 2 && !p.goesOn(p.nameAt(k))
	}
	if end+1 < len(p.tokens) && p.word(end) == "and" && p.tokens[end].before == joined && p.tokens[end+1].before.simple() && beside(end+1) {
		return true
	}
	if i > 2 && p.word(i-1) == "and" && p.tokens[i].before.simple() {
		for k := i - 3; k >= 0 && k > i-5; k-- {
			if beside(k) && p.nameAt(k) == i-1 {
				return true
			}
		}
	}
	return false
}

// calledBySurname says whether the document calls whom tokens [i, last] name by the last
// word alone, and never by the first.
func (p *page) calledBySurname(i, last int) bool {
	if last-i > 2 || p.tokens[i].is(caps) || len(p.word(last)) < 4 {
		return false
	}
	const most = 48 // names that the whole text is looked through for
	if p.memory.sought++; p.memory.sought > most {
		return false
	}
	first, surname := p.word(i), p.word(last)
	full := strings.Count(p.memory.text, p.text[p.tokens[i].start:p.tokens[last].end])
	alone := strings.Count(p.memory.text, surname) - full
	return alone > 0 && strings.Count(p.memory.text, first)-full <= 0 && p.memory.answers(surname)
}

// answers says whether the document uses the word as people's names are used: with a
// possessive, a title, or before what people do.
func (m *memory) answers(surname string) bool {
	for _, with := range [...]string{"Mr. ", "Ms. ", "Mrs. ", "Dr. ", "Officer ", "Detective "} {
		if strings.Contains(m.text, with+surname) {
			return true
		}
	}
	for at := 0; ; {
		k := strings.Index(m.text[at:], surname)
		if k < 0 {
			return false
		}
		at += k + len(surname)
		if acts.MatchString(m.text[at:min(len(m.text), at+60)]) {
			return true
		}
	}
}
