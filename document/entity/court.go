package entity

import (
	"regexp"
	"strings"
	"sync"

	"github.com/caseload/caseload/document"
)

// statePattern matches the name of any state, longest first.
var statePattern = sync.OnceValue(func() string {
	var names []string
	for _, s := range states {
		names = append(names, strings.ReplaceAll(s.name, " ", gap))
	}
	// "West Virginia" before "Virginia" does not matter: the patterns are
	// anchored. "Washington" and "Virgin Islands" are prefixes of no other.
	return strings.Join(names, "|")
})

type courtPatterns struct {
	appeals, panel, circuit, district, division, supreme, place, tail *regexp.Regexp
}

var courts = sync.OnceValue(func() courtPatterns {
	ordinal := `(First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|\d{1,2}(?:st|nd|rd|d|th)|Federal|District of Columbia|D\.?_C\.?)`
	us := `(?:United States|U\.?_S\.?) `
	direction := `(Northern|Southern|Eastern|Western|Middle|Central|[NSEWMC]\.?_D\.?|[NSEWMC]\.?)`
	state := `(?:the )?(?:State of )?(` + statePattern() + `)\b`
	return courtPatterns{
		appeals:  rx(`(?i:` + us + `(?:Circuit )?Courts? of Appeals?,?(?: for)?(?: the)? ` + ordinal + ` Circuit\b|` + us + `Circuit Court,?(?: for)?(?: the)? ` + ordinal + ` Circuit\b)`),
		panel:    rx(`(?i:(?:` + us + `)?Bankruptcy Appellate Panels?,?(?: of| for)?(?: the)? ` + ordinal + ` Circuit\b)`),
		circuit:  rx(`(First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Federal|D\.?_C\.|FIRST|SECOND|THIRD|FOURTH|FIFTH|SIXTH|SEVENTH|EIGHTH|NINTH|TENTH|ELEVENTH|FEDERAL) (?:Circuit|CIRCUIT)(?: (?:Court of Appeals|COURT OF APPEALS))?\b`),
		district: rx(`(?i:(?:` + us + `|Federal )?(District|Bankruptcy|Circuit) Courts?(?: of the United States)?,?(?: in and)?(?: for)?(?: the)? (?:` + direction + ` (?:(?:Judicial )?District(?: of)? |Dist\.? (?:of )?)?|District of |Dist\.? of )(?:(Northern|Southern|Eastern|Western|Middle|Central) )?` + state + `(?:,? [A-Z][a-z]+(?: [A-Z][a-z]+)? Division\b)?)`),
		division: rx(`(?i:(Northern|Southern|Eastern|Western|Middle|Central) District (?:of )?` + state + `)`),
		supreme:  rx(`(?i:Supreme Court of the United States|` + us + `Supreme Court\b)`),
		place: rx(`,? (?i:in and for|of|for|in) (?i:the )?` +
			`((?i:(?:State|Commonwealth|Territory|County|Counties|City and County|City|Town|Township|Village|Parish|Borough|People) of (?:the )?)?[A-Z][\w.'’-]*(?: (?i:of |and |the )?[A-Z][\w'’-]*){0,4})`),
		tail: rx(`,? ((?:(?:[A-Z][\w.'’-]*|\d{1,2}(?:st|nd|rd|d|th)) ){1,3}(?:County|COUNTY|District|DISTRICT|Division|DIVISION|Department|DEPARTMENT|Parish|Circuit|CIRCUIT)|Division (?:One|Two|Three|Four|Five|Six|Seven|Eight|\d)|DIVISION (?:ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|\d)|County of [A-Z]\w+(?: [A-Z]\w+)?|COUNTY OF [A-Z]+(?: [A-Z]+)?|(?:State|STATE) (?:of|OF) [A-Z]\w+(?: [A-Z]\w+)?|(?i:` + statePattern() + `)\b)`),
	}
})

var stateNames = func() map[string]string {
	m := make(map[string]string)
	for _, s := range states {
		m[strings.ToLower(s.name)] = s.name
	}
	return m
}()

// circuitName is the court of appeals of a circuit, which may be written as a
// word or a number. It is empty if there is no such circuit.
func circuitName(s string) string {
	const prefix = "United States Court of Appeals for the "
	s = strings.ToLower(strings.Join(strings.Fields(s), " "))
	switch {
	case s == "federal" || s == "fed":
		return prefix + "Federal Circuit"
	case strings.HasPrefix(s, "d"):
		return prefix + "District of Columbia Circuit"
	}
	for i, c := range circuits {
		if strings.EqualFold(c, s) || strings.TrimRight(s, "stndrh") == numerals[i] {
			return prefix + c + " Circuit"
		}
	}
	return ""
}

var numerals = []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}

func districtName(kind, division, state string) string {
	name := "United States " + kind + " Court for the "
	if division != "" {
		name += division + " "
	}
	return name + "District of " + stateNames[strings.ToLower(oneLine(state))]
}

// court finds a court whose name begins with token i.
func (p *page) court(i int) {
	t := p.tokens[i]
	start := t.start
	w := window(p.text, start)
	word := p.word(i)
	c := courts()
	switch word[0] {
	case 'U', 'S':
		if m := c.supreme.FindString(w); m != "" {
			p.add(document.Court, start, start+len(m), "Supreme Court of the United States", 0.98, "")
			return
		}
	}
	switch word {
	case "United", "UNITED", "U.S", "U", "District", "DISTRICT", "Bankruptcy", "BANKRUPTCY", "Federal", "FEDERAL":
		if m := c.appeals.FindStringSubmatch(w); m != nil {
			if name := circuitName(m[1] + m[2]); name != "" {
				p.add(document.Court, start, start+len(m[0]), name, 0.99, "")
				return
			}
		}
		if m := c.panel.FindStringSubmatch(w); m != nil {
			if name := circuitName(m[1]); name != "" {
				p.add(document.Court, start, start+len(m[0]), strings.Replace(name, "Court of Appeals for", "Bankruptcy Appellate Panel of", 1), 0.97, "")
				return
			}
		}
		if m := c.district.FindStringSubmatch(w); m != nil {
			division := m[2]
			if division == "" {
				division = m[3]
			}
			name := districtName(titleCase(strings.ToUpper(m[1])), divisionName(division), m[4])
			p.add(document.Court, start, p.seatAfter(start+len(m[0])), name, 0.98, "")
			return
		}
	}
	for _, name := range tribunals {
		for _, n := range name {
			if n[0] == word[0] && hasPhrase(w, n) {
				p.add(document.Court, start, start+phraseLength(w, n), name[0], 0.95, "")
				return
			}
		}
	}
	if t.is(upper) && p.abbreviatedCourt(i) {
		return
	}
	if m := c.circuit.FindStringSubmatch(w); m != nil && !nextIs(w[len(m[0]):], "Rule", "Local", "Judge", "Judges", "Justice", "Court", "JUDGE", "JUDGES", "Executive", "RULE") {
		if name := circuitName(m[1]); name != "" {
			p.add(document.Court, start, start+len(m[0]), name, 0.93, "")
		}
		return
	}
	if m := c.division.FindStringSubmatch(w); m != nil {
		p.add(document.Court, start, start+len(m[0]), districtName("District", divisionName(m[1]), m[2]), 0.95, "")
		return
	}
	if (word == "District" || word == "DISTRICT") && (strings.HasSuffix(strings.ToLower(strings.TrimRight(p.text[max(0, start-12):start], " \n")), "for the")) {
		if m := bareDistrict().FindStringSubmatch(w); m != nil {
			p.add(document.Court, start, start+len(m[0]), districtName("District", "", m[1]), 0.93, "")
			return
		}
	}
	if word == "Court" || word == "COURT" || word == "Courts" || word == "Appellate" || word == "APPELLATE" {
		p.stateCourt(i)
	}
}

// courtNumber stands before the name of a court that is one of several: "165th
// District Court".
var courtNumber = regexp.MustCompile(`(?i)\b\d{1,3}(?:st|nd|rd|th)\s(?:judicial\s)?$`)

// numberCourts gives courts the number that stands before their names.
func (p *page) numberCourts() {
	const near = 20
	for i, m := range p.mentions {
		if m.Type != document.Court {
			continue
		}
		if at := courtNumber.FindStringIndex(p.text[max(0, m.Start-near):m.Start]); at != nil {
			start := max(0, m.Start-near) + at[0]
			number := titleCase(p.text[start:m.Start])
			p.mentions[i].Start, p.mentions[i].Text, p.mentions[i].Normalized = start, p.text[start:m.End], strings.TrimSpace(number)+" "+m.Normalized
		}
	}
}

// courtSeat is the division or the seat behind a district court's name.
var courtSeat = rx(`,? (?:(?:[A-Z][\w.'’-]*\x20){1,3}(?:DIVISION|Division)\b|(?:AT|at) (?:[A-Z][A-Z.]{2,}(?:\x20[A-Z]{3,})?|[A-Z][a-z]{2,}(?:\x20[A-Z][a-z]{2,})?)(?:_\n|_$|,)|(?:DIVISION|Division) OF [A-Z]{3,})`)

// seatAfter is end, or where the division or seat behind a district court's name ends.
func (p *page) seatAfter(end int) int {
	w := window(p.text, end)
	if m := courtSeat.FindString(w); m != "" {
		return end + len(strings.TrimRight(m, ", \n\t"))
	}
	return end
}

var bareDistrict = sync.OnceValue(func() *regexp.Regexp {
	return rx(`(?i:District of (` + statePattern() + `)\b)`)
})

func divisionName(s string) string {
	if s == "" {
		return ""
	}
	return divisions[strings.ToUpper(s[:1])]
}

// nextIs says whether the next word of s is one of words.
func nextIs(s string, words ...string) bool {
	s = strings.TrimLeft(s, " \n\t")
	for _, w := range words {
		if strings.HasPrefix(s, w) && (len(s) == len(w) || !isAlnum(s[len(w)])) {
			return true
		}
	}
	return false
}

// hasPhrase says whether s begins with phrase, in its case or all capitals,
// spaces standing for gaps.
func hasPhrase(s, phrase string) bool { return phraseLength(s, phrase) > 0 }

func phraseLength(s, phrase string) int {
	for _, want := range [2]string{phrase, strings.ToUpper(phrase)} {
		if n := prefixLength(s, want); n > 0 && (n == len(s) || !isAlnum(s[n])) {
			return n
		}
	}
	return 0
}

func prefixLength(s, phrase string) int {
	i := 0
	for k := 0; k < len(phrase); k++ {
		if phrase[k] != ' ' {
			if i >= len(s) || s[i] != phrase[k] {
				return 0
			}
			i++
			continue
		}
		from, lines := i, 0
		for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' && lines == 0) {
			if s[i] == '\n' {
				lines++
			}
			i++
		}
		if i == from {
			return 0
		}
	}
	return i
}

// courtAbbreviation matches "N.D. Cal.", "D. Ariz." and "S.D.N.Y.".
var courtAbbreviation = sync.OnceValue(func() *regexp.Regexp {
	var abbrs []string
	for _, s := range states {
		if s.divisions != "-" {
			abbrs = append(abbrs, strings.ReplaceAll(regexp.QuoteMeta(s.abbr), `\. `, `\._`))
		}
	}
	return rx(`(Bankr\. )?([NSEWMC]\._D\.|D\.)_(` + strings.Join(abbrs, "|") + `)`)
})

var (
	fedCir       = rx(`(D\._C|Fed)\._Cir\.`)
	numberedCirc = rx(`(\d{1,2}(?:st|nd|rd|d|th))_Cir(?:\.|cuit\b)`)
)

func (p *page) abbreviatedCourt(i int) bool {
	t := p.tokens[i]
	w := window(p.text, t.start)
	if m := fedCir.FindStringSubmatch(w); m != nil {
		p.add(document.Court, t.start, t.start+len(m[0]), circuitName(m[1]), 0.95, "")
		return true
	}
	if len(w) < 4 || w[1] != '.' {
		if name, ok := dotless[p.word(i)]; ok {
			p.add(document.Court, t.start, t.end, districtName("District", name[0], name[1]), 0.9, "")
			return true
		}
		return false
	}
	m := courtAbbreviation().FindStringSubmatch(w)
	if m == nil {
		return false
	}
	division := ""
	if m[2] != "D." {
		division = divisions[m[2][:1]]
	} else if i > 0 && p.tokens[i].before.simple() && p.tokens[i-1].is(upper) {
		return false // a middle initial
	}
	abbr := strings.Join(strings.Fields(m[3]), " ")
	for _, s := range states {
		if strings.ReplaceAll(s.abbr, " ", "") != strings.ReplaceAll(abbr, " ", "") {
			continue
		}
		if division != "" && !strings.Contains(s.divisions, division[:1]) || division == "" && s.divisions != "" {
			return false
		}
		p.add(document.Court, t.start, t.start+len(m[0]), districtName("District", division, s.name), 0.9, "")
		return true
	}
	return false
}

// dotless are the short names of courts that are common without stops.
var dotless = map[string][2]string{
	"SDNY": {"Southern", "New York"}, "EDNY": {"Eastern", "New York"}, "NDNY": {"Northern", "New York"}, "WDNY": {"Western", "New York"},
}

// numberedCircuit finds "9th Cir." and "9th Circuit" outside citations.
func (p *page) numberedCircuit(i int) int {
	t := p.tokens[i]
	if n := t.end - t.start; n < 2 || n > 4 || p.text[t.end-1] < 'a' {
		return i
	}
	m := numberedCirc.FindStringSubmatch(window(p.text, t.start))
	if m == nil || nextIs(p.text[t.start+len(m[0]):], "Rule", "R", "L.A.R", "BAP", "Judge", "Court", "JUDICIAL") {
		return i
	}
	name := circuitName(m[1])
	if name == "" {
		return i
	}
	p.add(document.Court, t.start, t.start+len(m[0]), name, 0.93, "")
	return p.tokenAt(i, t.start+len(m[0]))
}
