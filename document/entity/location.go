package entity

import (
	"regexp"
	"strings"
	"sync"

	"github.com/caseload/caseload/document"
)

// places are the names of states, countries and cities by their first word.
var places = sync.OnceValue(func() map[string][]string {
	m := make(map[string][]string)
	put := func(name string) {
		first := strings.Fields(name)[0]
		first = strings.TrimSuffix(first, ".")
		m[first] = append(m[first], name)
		m[strings.ToUpper(first)] = append(m[strings.ToUpper(first)], name)
	}
	for _, s := range states {
		put(s.name)
	}
	for _, list := range []string{countries, cities} {
		for _, name := range strings.Split(strings.ReplaceAll(list, "\n", ""), ",") {
			put(name)
		}
	}
	return m
})

var statesByPostal = func() map[string]string {
	m := make(map[string]string)
	for _, s := range states {
		m[s.postal] = s.name
		m[s.abbr] = s.name
	}
	m["D. C."] = "District of Columbia"
	m["Calif."] = "California"
	return m
}()

// location finds a place whose name begins with token i.
func (p *page) location(i int) {
	t := p.tokens[i]
	w := window(p.text, t.start)
	name, length := "", 0
	if t.class&place != 0 {
		for _, n := range places()[p.word(i)] {
			if k := phraseLength(w, n); k > length {
				name, length = n, k
			}
		}
	}
	cityOnly := false
	if name == "" && t.class&(postal|stateAbbr) != 0 && t.before.listed() {
		for _, abbr := range []string{p.text[t.start:t.after()], p.word(i)} {
			if s, ok := statesByPostal[abbr]; ok && !(t.class&postal != 0 && p.inCapitals(i)) {
				name, length, cityOnly = s, len(abbr), true
				break
			}
		}
		if name == "" && strings.HasPrefix(w, "D. C.") {
			name, length, cityOnly = "District of Columbia", 5, true
		}
	}
	p.unpunctuated(i)
	if name == "" {
		return
	}
	if beside.MatchString(w[length:]) {
		return
	}
	start, end := t.start, t.start+length
	_, isState := stateNames[strings.ToLower(name)]
	confidence := 0.9
	if (isState || isCountry(name)) && (t.before == comma || t.before == commaNL && p.wraps(i)) {
		if first := p.cityBefore(i); first < i && !p.isState(first, i) {
			start = p.tokens[first].start
			name = titleCase(p.text[start:p.tokens[i-1].after()]) + ", " + name
			confidence = 0.93
		} else if cityOnly {
			return
		}
	} else if cityOnly {
		return
	}
	switch {
	case start == t.start && name == "Washington":
		confidence = 0.6
	case start == t.start && i+1 < len(p.tokens) && p.tokens[i+1].before.simple() && p.tokens[i+1].is(upper) && p.has(i+1, noName):
		confidence = 0.7 // "California Penal Code"
	}
	p.add(document.Location, start, end, name, confidence, p.lawRole(start, end))
}

// lawOf stands before the place whose law governs a contract, lawIs behind it.
var (
	lawOf    = regexp.MustCompile(`(?i)\blaws?(?:\s+and\s+\w+)?\s+(?:of|in force in)\s+(?:the\s+)?(?:(?:state|commonwealth|province)\s+of\s+)?$`)
	lawLabel = regexp.MustCompile(`(?i)\b(?:governing|applicable)\s+law[\s:|.]*(?:the\s+)?(?:laws?\s+of\s+(?:the\s+)?)?(?:(?:state|commonwealth)\s+of\s+)?$`)
	lawIs    = regexp.MustCompile(`(?i)^\s+(?:substantive\s+)?laws?\b`)
)

// lawRole is the role of the place in [start, end) whose law governs a contract.
func (p *page) lawRole(start, end int) string {
	const near = 160
	from, to := max(0, start-near), min(len(p.text), end+near)
	if lawLabel.MatchString(p.text[from:start]) && p.memory.contractual() {
		return "governing-law"
	}
	if !lawOf.MatchString(p.text[from:start]) && !lawIs.MatchString(p.text[end:to]) {
		return ""
	}
	around := strings.ToLower(p.text[from:to])
	if strings.Contains(around, "perjury") || !strings.Contains(around, "govern") && !strings.Contains(around, "constru") && !strings.Contains(around, "interpreted") {
		return ""
	}
	return "governing-law"
}

var countryNames = sync.OnceValue(func() map[string]bool {
	m := make(map[string]bool)
	for _, c := range strings.Split(strings.ReplaceAll(countries, "\n", ""), ",") {
		m[c] = true
	}
	return m
})

func isCountry(name string) bool { return countryNames()[name] }

// inCapitals says whether token i is a word of a heading in capitals: "INFORMATION,
// OR OBJECTS".
func (p *page) inCapitals(i int) bool {
	return i > 0 && i+1 < len(p.tokens) && p.tokens[i-1].is(caps) && p.tokens[i+1].is(caps) && p.tokens[i+1].before == joined
}

// cityBefore is the index of the first token of the city before the state at
// token i, or i.
func (p *page) cityBefore(i int) int {
	first := i
	for first > 0 && i-first < 3 {
		t := p.tokens[first-1]
		if first < i && p.word(first-1) == "Contra" && p.word(first) == "Costa" {
			return first - 1
		}
		if !t.is(upper) || t.is(digit) || t.class&(opener|party|streetTail|month|honorific|judgeTitle|orgTail|docketLabel) != 0 || t.is(genitive) ||
			t.is(dot) && first < i && len(p.word(first-1)) > 3 || t.class&(place|stateAbbr|postal) != 0 && p.tokens[first].before.listed() && first < i {
			break
		}
		if strings.EqualFold(p.word(first-1), "county") {
			// "St. Charles County, Missouri" is a place too.
			first--
			continue
		}
		first--
		if p.tokens[first].before != joined || first > 0 && p.tokens[first-1].is(caps) != p.tokens[first].is(caps) && len(p.word(first-1)) > 1 {
			break
		}
	}
	return first
}

// isState says whether tokens [first, i) name a state: then what follows is the
// next of a list. The city of New York is the exception.
func (p *page) isState(first, i int) bool {
	name := strings.ToLower(oneLine(p.text[p.tokens[first].start:p.tokens[i-1].after()]))
	return stateNames[name] != "" && name != "new york" || strings.Contains(","+strings.ToLower(strings.ReplaceAll(countries, "\n", ""))+",", ","+name+",")
}
