package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// ofKinds may follow "Court": what it is a court of.
var ofKinds = rx(`(?i:Courts?((?: of (?:Common Pleas|Criminal Appeals?|Civil Appeals?|Special Appeals|Military Appeals|Military Review|Chancery Appeals|Appeals?|Chancery|Claims|Quarter Sessions(?: of the Peace)?|Oyer and Terminer|General Sessions|Special Sessions|Insolvency|Errors(?: and Appeals)?|Probate|Industrial Relations|Domestic Relations|Record))?)(?:,? Appellate (?:Division|Department|Term))?)`)

var appellateKind = rx(`(?:Appellate|APPELLATE) (?:Division|DIVISION|Department|DEPARTMENT|Term|TERM|Court|COURT|Session)`)

// stateCourt finds a court of a state, county or town around the word "Court"
// (or "Appellate") at token i: what kind of court it is, and where.
func (p *page) stateCourt(i int) {
	first := i
	end := 0
	word := p.word(i)
	if strings.EqualFold(word, "appellate") {
		m := appellateKind.FindString(window(p.text, p.tokens[i].start))
		if m == "" || strings.HasSuffix(strings.ToLower(m), "court") {
			return
		}
		end = p.tokens[i].start + len(m)
	} else {
		m := ofKinds.FindStringSubmatch(window(p.text, p.tokens[i].start))
		if m == nil {
			return
		}
		end = p.tokens[i].start + len(m[0])
		for first > 0 && p.has(first-1, courtKind) && p.linked(first) && p.tokens[first-1].is(upper) {
			first--
		}
		if first == i && strings.TrimSpace(m[1]) == "" {
			return // a bare "Court"
		}
	}
	kindStart := p.tokens[first].start
	for k := len(p.mentions) - 1; k >= max(0, len(p.mentions)-6); k-- {
		if m := p.mentions[k]; m.Type == document.Court && m.Start <= kindStart && kindStart < m.End && m.Confidence > 0.94 {
			return // part of a federal court's name
		}
	}
	left, state := p.placeBefore(first)
	end, right := p.placeAfter(end)
	start := p.tokens[left].start
	switch {
	case left > 1 && strings.EqualFold(p.word(left-1), "states") && strings.EqualFold(p.word(left-2), "united") && p.linked(left):
		start = p.tokens[left-2].start
		if !right && strings.EqualFold(p.word(first), "district") {
			return // its district is elsewhere
		}
		name := titleCase(p.text[start:end])
		if strings.EqualFold(name, federalAppeals) {
			p.addAppeals(start, end)
			return
		}
		p.add(document.Court, start, end, name, 0.9, "")
		return
	case left == first && !right:
		return
	}
	confidence := 0.93
	if !right && state == "" && !p.localPlace(left, first) {
		if first == i || noPlace[strings.ToLower(p.word(first-1))] {
			return
		}
		confidence = 0.7
	}
	p.add(document.Court, start, end, courtName(p.text[start:kindStart], p.text[kindStart:end], state), confidence, "")
}

// noPlace are words before a kind of court that name no place.
var noPlace = map[string]bool{
	"federal": true, "official": true, "state": true, "local": true, "trial": true, "lower": true, "appellate": true, "same": true, "open": true,
	"superior": true, "supreme": true, "intermediate": true, "high": true, "original": true, "sentencing": true, "united": true, "states": true,
}

// linked says whether only space, or a genitive's end and space, is before token i.
func (p *page) linked(i int) bool {
	if p.tokens[i].before.simple() {
		return true
	}
	between := p.text[p.tokens[i-1].end:p.tokens[i].start]
	return between == "'s " || between == "’s " || between == "' " || between == "’ " || between == "'S " || between == "’S "
}

// placeBefore walks back from token first over the name of the place whose
// court it is. state is set if that is a state.
func (p *page) placeBefore(first int) (left int, state string) {
	left = first
	for left > 0 && first-left < 4 {
		t, next := p.tokens[left-1], p.tokens[left]
		if !next.before.simple() || !t.is(upper) || t.is(dot) && len(p.word(left-1)) > 3 || t.is(digit) || t.class&(opener|party|honorific|judgeTitle|month) != 0 || next.before == newline && first-left > 0 {
			break
		}
		if w := p.word(left - 1); strings.EqualFold(w, "court") || strings.EqualFold(w, "clerk") || strings.EqualFold(w, "states") || strings.EqualFold(w, "honorable") || w == "U.S" {
			break
		}
		left--
	}
	for k := left; k < first; k++ {
		name := strings.ToLower(oneLine(p.text[p.tokens[k].start:p.tokens[first-1].end]))
		if s, ok := stateNames[name]; ok {
			// "Appeal from Missouri Court of Appeals": the place is the state alone.
			if k >= 2 && strings.EqualFold(p.word(k-1), "of") && (strings.EqualFold(p.word(k-2), "state") || strings.EqualFold(p.word(k-2), "commonwealth")) {
				return k - 2, s
			}
			return k, s
		}
	}
	return left, ""
}

// localPlace says whether tokens left to first end in a kind of place.
func (p *page) localPlace(left, first int) bool {
	if left == first {
		return false
	}
	switch strings.ToLower(p.word(first - 1)) {
	case "county", "city", "parish", "town", "village", "township", "borough":
		return true
	}
	return p.has(first, courtKind) && strings.EqualFold(p.word(first), "county")
}

// placeAfter is the end of a court's name that has its kind up to end: "of the
// State of X", ", X County", a division.
func (p *page) placeAfter(end int) (int, bool) {
	found := false
	c := courts()
	for range 3 {
		w := window(p.text, end)
		if m := c.place.FindStringSubmatch(w); m != nil && placeName(m[1]) {
			n := len(trimPlace(m[0]))
			end += n
			found = true
			if n < len(m[0]) {
				break
			}
			continue
		}
		if m := c.tail.FindStringSubmatch(w); m != nil && !strings.HasPrefix(strings.ToLower(m[1]), "united states") {
			n := len(m[0])
			if d := thenDivision.FindStringSubmatchIndex(m[0]); d != nil && numbersDivision.MatchString(w[n:]) {
				return end + d[3], true
			}
			end += n
			found = true
			continue
		}
		break
	}
	return end, found
}

// A numbered division of a district's court is no part of the court's name.
var (
	thenDivision    = regexp.MustCompile(`(?is)^(.*\bdistrict)\s+division$`)
	numbersDivision = regexp.MustCompile(`(?i)^\s+(?:one|two|three|four|five|six|seven|eight|nine|ten|[ivx]+|\d{1,2})\b`)
)

// placeName says whether what follows "Court of" names a place, rather than a
// thing or the beginning of a sentence.
func placeName(s string) bool {
	w := strings.Fields(s)[0]
	if w = strings.TrimRight(w, ".,"); words()[w]&(opener|party|month) != 0 && !ordinalWord[w] {
		return false
	}
	switch strings.ToLower(w) {
	case "appeals", "appeal", "law", "record", "united", "competent", "general", "original":
		return false
	}
	return true
}

// placeWords finds the words of a place with the space before each.
var placeWords = regexp.MustCompile(`\s*\S+`)

// trimPlace takes off what a place's pattern has read beyond it: the beginning
// of a sentence, a label, a name on the next line.
func trimPlace(s string) string {
	end, open := 0, true
	for n, m := range placeWords.FindAllStringIndex(s, -1) {
		word := strings.TrimSpace(s[m[0]:m[1]])
		bare := strings.TrimRight(word, ".,")
		c := words()[bare]
		foreign := c&(opener|party|month|docketLabel|judgeTitle) != 0 && !ordinalWord[bare] && !smallWords[strings.ToLower(bare)] || len(bare) == 1 && bare != "N"
		lineEnds := !open && strings.Contains(s[m[0]:m[1]], "\n") && (c&firstName != 0 || strings.EqualFold(bare, "the"))
		if n > 0 && (foreign || lineEnds) {
			break
		}
		open = smallWords[strings.ToLower(bare)]
		if !open {
			end = m[1]
		}
	}
	return strings.TrimRight(s[:end], ".,")
}

var forCircuit = regexp.MustCompile(`^Courts? of Appeals? for the (\w+) Circuit$`)

// courtName is a court's normal form: "Supreme Court of Missouri", "Missouri
// Court of Appeals, Eastern District", else the words in title case.
func courtName(place, kind, state string) string {
	place, kind = titleCase(place), titleCase(kind)
	if m := forCircuit.FindStringSubmatch(kind); m != nil && circuitName(m[1]) != "" {
		return circuitName(m[1])
	}
	lower := strings.ToLower(kind)
	for _, supreme := range []string{"supreme court", "supreme judicial court"} {
		if state != "" && lower == supreme {
			return kind + " of " + state
		}
		for _, of := range []string{" of the state of ", " of the commonwealth of ", ", state of ", " state of ", " of "} {
			if rest, ok := strings.CutPrefix(lower, supreme+of); ok && stateNames[rest] != "" {
				return kind[:len(supreme)] + " of " + stateNames[rest]
			}
		}
	}
	if state != "" {
		return state + " " + kind
	}
	for _, of := range []string{"court of appeals of the state of ", "court of appeals of ", "court of appeal of the state of ", "court of appeal of "} {
		if rest, ok := strings.CutPrefix(lower, of); ok {
			for name, s := range stateNames {
				if rest == name || strings.HasPrefix(rest, name+",") {
					return strings.TrimSpace(s + " " + kind[:strings.Index(lower[9:], " of ")+9] + kind[len(of)+len(name):])
				}
			}
		}
	}
	return strings.TrimSpace(place + " " + kind)
}
