package cite

import (
	"regexp"
	"strings"
)

var (
	// stateCodeForm is a state's code from its abbreviation to the section.
	stateCodeForm = rx(`((?:Ann\., |Code, |[A-Z][\w.’'&-]*\.?_|& |and |of ){1,9}?),?_(?:\((?:[A-Z][\w&.’'-]* ?){0,3}_\d{0,4}\),?_)?(?:([Tt]it\.?|[Cc]h(?:ap)?\.?|[Cc]hapter|pt\.|[Aa]rts?\.?|r\.)_(\d[\w.:-]*)(?:,?_§§?_` + numbered + `)?|` + signs + `_` + numbered + `)`)
	// bareCodeForm is a code that is cited by bare numbers.
	bareCodeForm = rx(`((?:[A-Z][\w.]*\.?_){1,4}(?:Admin\. Code|Comp\. R\. & Regs\.|Rev\. Code|Code Ann\.|Rev\. Stat\.|Gen\. Stat\.|R\.C\.)) ` + numbered)
	codeWord     = regexp.MustCompile(`(?:^|[\s.])(?:Code|Codes|Stat|Stats|Statutes|Laws?|Comp|Consol|Regs?|R\.S|G\.S|Gen|Rev|Leyes|Act|CODE|STAT|LAW)\b`)

	// subjectForm is one of New York's laws cited by its subject alone.
	subjectForm = rx(`(N\._?Y\. (?:[A-Z][A-Za-z]{1,11}\. |Penal |Tax |Lien |Banking |Town |Village |& ){1,5}?)§§?_` + numbered)
	// agencyForm follows a code of rules that are numbered by agency.
	agencyForm = rx(`,?(?: ([A-Z][A-Za-z]{1,5}) §§?_| §§?_([A-Z][A-Za-z]{1,5})_| ([A-Z]{2,5}) (?:[Cc]h\. )?)` + numbered)
)

// stateCode reads a state's code that no table names, which begins at i with
// the state's name or abbreviation.
func (s *scanner) stateCode(i int, state string) int {
	w := window(s.text, i)
	head := w[:min(len(w), 90)]
	if !mayBeCode(head) {
		return 0
	}
	c := Citation{Kind: Statute, Start: i, Confidence: 0.95}
	if !codeWord.MatchString(head) {
		return s.subjectAlone(c, w, state)
	}
	if m := bareCodeForm.FindStringSubmatchIndex(w); m != nil {
		c.Code = codeName(w[m[2]:m[3]])
		c.Root = c.Code
		return s.sections(c, w, i, m[4], m[7])
	}
	m := stateCodeForm.FindStringSubmatchIndex(w)
	if m == nil || !codeWord.MatchString(w[m[2]:m[3]]) {
		return s.subjectAlone(c, w, state)
	}
	c.Code = codeName(w[m[2]:m[3]])
	c.Root = compilation(c.Code, state)
	if strings.Contains(c.Code, "Reg") || strings.Contains(c.Code, "Admin.") {
		c.Kind = Regulation
	}
	if m[12] >= 0 {
		return s.sections(c, w, i, m[12], m[15])
	}
	c.Title = partName(w[m[4]:m[5]]) + " " + section(w[m[6]:m[7]])
	if m[8] >= 0 {
		return s.sections(c, w, i, m[8], m[11])
	}
	c.End = i + m[6] + len(strings.TrimRight(w[m[6]:m[7]], ".:-"))
	return s.add(c)
}

// mayBeCode says whether s, a state's name and what follows, begins with words in
// capitals and has a number after them: a quick look before the patterns.
func mayBeCode(s string) bool {
	for k := 1; k < len(s); k++ {
		switch c := s[k]; {
		case isDigit(c):
			return true
		case isLower(c) && (s[k-1] == ' ' || s[k-1] == '\n'):
			// "and", "of", a part's name.
			if k+3 > len(s) {
				return false
			}
			switch s[k : k+2] {
			case "an", "of", "ti", "ch", "ar", "pt", "r.", "se":
			default:
				return false
			}
		case c == ';' || c == '\n' && k+1 < len(s) && s[k+1] == '\n':
			return false
		}
	}
	return false
}

// codeName is a code's name tidied, in title case if it is all capitals.
func codeName(s string) string {
	words := strings.Fields(strings.TrimRight(oneLine(s), " ,"))
	for k, w := range words {
		if letters := strings.Trim(w, ".,"); len(letters) > 2 && !strings.Contains(letters, ".") && w == strings.ToUpper(w) {
			words[k] = w[:1] + strings.ToLower(w[1:])
		}
	}
	return strings.Join(words, " ")
}

// subjectAlone reads "N.Y. Penal § 120.05", which leaves out that it is a law.
func (s *scanner) subjectAlone(c Citation, w, state string) int {
	if state != "N.Y." {
		return 0
	}
	m := subjectForm.FindStringSubmatchIndex(w)
	if m == nil {
		return 0
	}
	c.Code, c.Root = codeName(w[m[2]:m[3]]), state
	return s.sections(c, w, c.Start, m[4], m[7])
}

// compilation is what a state's code on one subject is a part of, where the state
// has codified by subject; else the code itself.
func compilation(code, state string) string {
	switch state {
	case "Cal.":
		if strings.HasSuffix(code, " Code") || strings.HasSuffix(code, " Code Ann.") {
			return "Cal. Code"
		}
	case "Tex.":
		if strings.HasSuffix(code, " Code") || strings.HasSuffix(code, " Code Ann.") {
			return "Tex. Code Ann."
		}
	case "N.Y.":
		if strings.HasSuffix(code, " Law") {
			return "N.Y. Law"
		}
	case "Md.":
		if strings.Contains(code, " Code, ") || strings.Contains(code, " Code Ann., ") {
			return "Md. Code Ann."
		}
	}
	return code
}

// agencyRule reads a rule whose number begins with its agency's letters: "Wis.
// Admin. Code § NR 102.05".
func (s *scanner) agencyRule(i int, e entry, at int) int {
	rest := window(s.text, at)
	m := agencyForm.FindStringSubmatchIndex(rest)
	if m == nil {
		return 0
	}
	c := Citation{Kind: Regulation, Start: i, Code: e.name, Root: e.root, Confidence: 0.95}
	for k := 2; k <= 6; k += 2 {
		if m[k] >= 0 {
			c.Title = rest[m[k]:m[k+1]]
		}
	}
	return s.sections(c, rest, at, m[8], m[11])
}
