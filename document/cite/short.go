package cite

import "strings"

var (
	idForm = rx(`(?:[Ii]d\.|[Ii]bid\.?|ID\.|IBID\.)`)
	// idPin follows "Id.": a page, paragraph or section.
	idPin    = rx(`,? (?:at (\*|¶¶?_|pp?\._)?(\d{1,6})|(¶¶?_|§§?_)([\dA-Za-z][\dA-Za-z.-]*))(?:[-–]\*?\d{1,6})?(?:,? ?\&? ?nn?\._\d{1,3}(?:[-–]\d{1,3})?)?(?:,_(?:\d{1,6})(?:[-–]\d{1,6})?\b)*`)
	supraPin = rx(`(?:,? (?:note|n\.) ?(\d{1,4}))?(?:,? at (\*|¶¶?_)?(\d{1,6})(?:[-–]\*?\d{1,6})?(?: ?\&? ?nn?\._\d{1,3})?|,? (¶¶?_)(\d{1,6})|,? \d{1,4} (?:[A-Z][\w.]*\.? ?){1,4}(?:\dd|\dth)?,? at (\d{1,6}))?`)
)

// lower reads "Id.", "ibid." and "supra" at i.
func (s *scanner) lower(i int) int {
	text := s.text
	if !startsWord(text, i) || i+2 >= len(text) {
		return 0
	}
	switch text[i] | 0x20 {
	case 'i':
		if c := text[i+1] | 0x20; c == 'd' || c == 'b' {
			return s.id(i)
		}
	case 's':
		if i+5 <= len(text) && (text[i:i+5] == "supra" || text[i:i+5] == "Supra") && endsWord(text, i+5) {
			return s.supra(i)
		}
	}
	return 0
}

func (s *scanner) id(i int) int {
	m := idForm.FindString(s.text[i:min(len(s.text), i+6)])
	if m == "" || !endsWord(s.text, i+len(m)) {
		return 0
	}
	// "Patient Id." and "I.D." number something else.
	if before := strings.TrimRight(s.text[max(0, i-24):i], " "); before != "" && len(m) == 3 {
		if last := before[len(before)-1]; isAlnum(last) && !signals[strings.Trim(lastWord(before), ".,")] && m[0] == 'I' && !strings.HasSuffix(before, "\n") {
			word := lastWord(strings.ReplaceAll(before, "\n", " "))
			if isUpper(word[0]) {
				return 0
			}
		}
	}
	c := Citation{Kind: ID, Start: i, End: i + len(m), Confidence: 0.9}
	rest := window(s.text, c.End)
	var p []int
	if next, _ := skipGap(s.text, c.End); next < len(s.text) {
		if b := s.text[next]; b == 'a' || b == ',' || b >= 0x80 {
			p = idPin.FindStringSubmatchIndex(rest)
		}
	}
	if p != nil && (p[1] == len(rest) || !isAlnum(rest[p[1]])) {
		if p[4] >= 0 {
			c.Pin = rest[p[4]:p[5]]
		} else if strings.Contains(rest[p[6]:p[7]], "§") {
			c.Section = strings.TrimRight(rest[p[8]:p[9]], ".-")
		} else {
			c.Pin = strings.TrimRight(rest[p[8]:p[9]], ".-")
		}
		c.End += len(strings.TrimRight(rest[:p[1]], ".-"))
	}
	return s.add(c)
}

// supra reads a repeated citation by name, which stands before.
func (s *scanner) supra(i int) int {
	from := max(0, i-100, s.floor)
	before := strings.TrimRight(s.text[from:i], " \n\t")
	before = strings.TrimRight(before, ",")
	if strings.HasSuffix(before, "(") || before == "" {
		return 0
	}
	start := partyStart(before)
	party := cleanParty(before[start:])
	// "Smith v. Jones, supra" means either; the first party is its short name.
	whole := party
	if v, width := versus(before); v > 0 && oneName(before[v+width:]) && cleanParty(before[v+width:]) != "" && strings.HasPrefix(party, cleanParty(before[v+width:])[:1]) {
		if p := partyStart(before[:v]); p < v {
			whole = cleanParty(before[p:])
			party = cleanParty(before[p:v])
			start = p
		}
	}
	if party == "" || !isUpper(party[0]) || sections[squeeze(lastWord(party))] {
		return 0
	}
	c := Citation{Kind: Supra, Start: i, End: i + 5, Name: party, NameStart: from + start, Confidence: 0.85, Plaintiff: party}
	if whole != party {
		c.Plaintiff, c.Name = party, whole
	}
	rest := window(s.text, c.End)
	if m := supraPin.FindStringSubmatchIndex(rest); m != nil {
		switch {
		case m[6] >= 0:
			c.Pin = rest[m[6]:m[7]]
		case m[10] >= 0:
			c.Pin = rest[m[10]:m[11]]
		case m[12] >= 0:
			c.Pin = rest[m[12]:m[13]]
		}
		c.End += m[1]
	}
	return s.add(c)
}

// sections are parts of the document itself: "Part II, supra".
var sections = set("part|section|note|notes|page|pages|ii|iii|iv|v|vi|id|chapter|table|figure|exhibit|see|discussion|facts|background")
