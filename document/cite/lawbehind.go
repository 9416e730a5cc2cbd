package cite

import (
	"regexp"
	"strings"
)

var (
	// sectionBefore is a section that stands before its code's name: "section
	// 90.803(2), Florida Statutes", "§ 537.080, RSMo".
	sectionBefore = regexp.MustCompile(`(?:^|[\s(;,])(?:§§?|[Ss]ections?|[Ss]ec\.)\s?` + numbered + `,?\s(?:of\sthe\s)?$`)
	// ruleBefore is a rule that stands before its rules' name: "Rule 12(b)(1) of the
	// Federal Rules of Civil Procedure".
	ruleBefore = regexp.MustCompile(`\bRules?\s(\d[\dA-Za-z]*(?:[.:-]\d[\dA-Za-z]*)*)((?:\s?\([\dA-Za-z]{1,4}\))*)\s(?:of|under)\sthe\s$`)
	// articleBefore is an article that stands before its constitution's name: "Art.
	// V, § 3(b)(3), Fla. Const."
	articleBefore = rx(`(?:Article|Art\.|ART\.) ?([IVXLC]{1,6}|\d{1,2}),? ?(?:§§?_|[Ss]ections?_|[Ss]ec\._)(\d{1,3}[A-Za-z]?)((?:\([a-z\d]{1,3}\))*),? (?:of the )?`)
	// moreAmendments are further amendments of a list: "amends. V, XIV".
	moreAmendments = rx(`(?:,? (?:and|&) |,_)([IVX]{1,6})\b`)
	// ordinalsBefore are amendments before the last of a list: "the Fifth and".
	ordinalsBefore = regexp.MustCompile(`(?:` + ordinalWords + `)(?:,?\s(?:and\s|or\s)?(?:` + ordinalWords + `))*,?\s(?:and|or|&)\s$`)
	// moreRules are further rules of a list: "Fed. R. Civ. P. 8(a) and 9(b)".
	moreRules = rx(`(?:,? (?:and|or|&) |,_)(?:[Rr]ules? )?(\d{1,4}(?:\.\d{1,4})?)((?:_\([\dA-Za-z]{1,4}\))*)`)
	// ruleNumbers are sections that begin with "R", as of Arizona's administrative code.
	ruleNumbers = rx(`,?_(?:§§?_|r\._)?(R\d+(?:-\d+)+(?:\.\d+)?)((?:\([\dA-Za-z]{1,3}\))*)`)
)

const ordinalWords = `First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Twelfth|Thirteenth|Fourteenth|Fifteenth|Sixteenth|Nineteenth`

// before is what stands before offset i and after the last citation, at most n bytes.
func (s *scanner) before(i, n int) string { return s.text[max(0, i-n, s.floor):i] }

// codeBehind reads a section that stands before the code at i.
func (s *scanner) codeBehind(i int, e entry, at int) int {
	if i < 4 || s.text[i-1] != ' ' && s.text[i-1] != '\n' || s.text[i-2] != ',' && s.text[i-2] != 'e' {
		return 0
	}
	w := s.before(i, 60)
	m := sectionBefore.FindStringSubmatchIndex(w)
	if m == nil {
		return 0
	}
	c := Citation{Kind: Statute, Start: i - len(w) + m[0], End: at, Code: e.name, Root: e.root, Confidence: 0.93}
	if e.what == isReg {
		c.Kind = Regulation
	}
	for c.Start < i && !isAlnum(s.text[c.Start]) && s.text[c.Start] < 0x80 {
		c.Start++
	}
	c.section(w[m[2]:m[5]])
	return s.add(c)
}

// ruleBehind reads a rule that stands before the name of its rules at i.
func (s *scanner) ruleBehind(i int, e entry, at int) int {
	if i < 8 || !strings.HasSuffix(s.text[i-8:i], "the ") {
		return 0
	}
	w := s.before(i, 60)
	m := ruleBefore.FindStringSubmatchIndex(w)
	if m == nil {
		return 0
	}
	return s.add(Citation{
		Kind: Rule, Start: i - len(w) + m[0], End: at, Code: e.name, Root: e.name, Section: section(w[m[2]:m[3]]),
		Subsection: strings.Join(strings.Fields(w[m[4]:m[5]]), ""), Confidence: 0.96,
	})
}

// rulesOn records further rules of a list that goes on at end, and returns where it ends.
func (s *scanner) rulesOn(c Citation, end int) int {
	for range 20 {
		rest := window(s.text, end)
		if len(rest) < 3 || rest[0] != ',' && rest[1] != 'a' && rest[1] != 'o' && rest[1] != '&' {
			return end
		}
		m := moreRules.FindStringSubmatchIndex(rest)
		if m == nil || m[1] < len(rest) && isAlnum(rest[m[1]]) {
			return end
		}
		// A bare number after a comma is as likely a year or a page.
		if m[4] == m[5] && (rest[0] == ',' && !strings.Contains(rest[:m[2]], "and") || s.followsSection(end+m[3], rest[m[3]:])) {
			return end
		}
		if s.startsCitation(end + m[2]) {
			return end
		}
		c.Start, c.NameStart, c.End = end+m[2], 0, end+m[1]
		c.Section, c.Subsection = section(rest[m[2]:m[3]]), strings.Join(strings.Fields(rest[m[4]:m[5]]), "")
		end = s.add(c)
	}
	return end
}

// articleBehind reads an article that stands before the name of its constitution.
func (s *scanner) articleBehind(i int) int {
	m := articleBefore.FindStringSubmatchIndex(window(s.text, i))
	if m == nil || i+m[1] >= len(s.text) || !isUpper(s.text[i+m[1]]) {
		return 0
	}
	rest := s.text[i:]
	hits, n := s.table.walk(s.text, i+m[1])
	for _, h := range hits[:n] {
		for _, e := range h.entries {
			if e.what == isConst {
				return s.add(Citation{
					Kind: Constitution, Start: i, End: h.end, Code: e.name, Root: e.name, Article: rest[m[2]:m[3]], Section: rest[m[4]:m[5]],
					Subsection: ", § " + rest[m[4]:m[7]], Confidence: 0.95,
				})
			}
		}
	}
	return 0
}

// ordinalsBehind records the amendments before the last of a list, at i: "Fifth and
// Fourteenth Amendments".
func (s *scanner) ordinalsBehind(i int) {
	w := s.before(i, 100)
	list := ordinalsBefore.FindStringIndex(w)
	if list == nil {
		return
	}
	from := i - len(w) + list[0]
	for at := from; at < i; {
		end := at
		for end < i && isAlnum(s.text[end]) {
			end++
		}
		if numeral := ordinals[s.text[at:end]]; numeral != "" {
			s.add(Citation{Kind: Constitution, Start: at, End: end, Code: "U.S. Const.", Root: "U.S. Const.", Amendment: numeral, Confidence: 0.85})
		}
		at = end + 1
	}
}
