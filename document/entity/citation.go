package entity

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/cite"
)

// findCitations finds the citations of the page, and the names of the cited cases.
func (p *page) findCitations() {
	p.cites = p.memory.cites.Read(p.text)
	for _, c := range p.cites {
		kind := c.Kind
		switch kind {
		case cite.ID, cite.Supra:
			if c.Means == "" {
				continue
			}
			kind = c.MeansKind
		case cite.Short:
			if kind = cite.Case; c.MeansKind != "" {
				kind = c.MeansKind
			}
		}
		switch kind {
		case cite.Journal, cite.Filing:
		case cite.Case, cite.Neutral, cite.Short:
			p.add(document.CaseCitation, c.Start, c.End, c.Key(), p.certainty(c), "")
			if c.NameStart < c.Start && c.Kind != cite.Supra {
				p.cases = append(p.cases, document.Span{Start: c.NameStart, End: c.Start})
			}
		default:
			key := oneName.Replace(c.Key())
			p.add(document.Statute, c.Start, c.End, key, p.certainty(c), "")
			p.rememberRule(key)
			if c.Kind == cite.Statute || c.Kind == cite.Regulation {
				p.rememberSection(c)
			}
		}
	}
}

// oneName gives laws that are cited by several names one: sections of the C.P.L.R. are
// called rules, and California's courts put the word for a code first.
var oneName = strings.NewReplacer("C.P.L.R. § ", "C.P.L.R. ", "Cal. Code Civ. Proc. ", "Cal. Civ. Proc. Code ")

// certainty is a citation's confidence; a short form whose full form the document
// does not hold is less certain.
func (p *page) certainty(c cite.Citation) float64 {
	if c.Kind == cite.Short && c.Means == "" {
		return 0.8
	}
	return c.Confidence
}

// rememberRule keeps what set a rule is of, for a bare "Rule 12(b)" later.
func (p *page) rememberRule(key string) {
	if !strings.HasPrefix(key, "Fed. R.") && !strings.Contains(key, " R. ") {
		return
	}
	i := strings.LastIndexByte(key, ' ')
	if p.memory.rules == nil {
		p.memory.rules = make(map[string]string)
	}
	p.memory.rules[baseSection(key[i+1:])] = key[:i]
}

// rememberSection keeps a section's code, for a bare "§ 1983" later.
func (p *page) rememberSection(c cite.Citation) {
	if p.memory.sections == nil {
		p.memory.sections = make(map[string]string)
	}
	code := c
	code.Section, code.Subsection = "", ""
	key := code.Key()
	if c.Title != "" && !strings.HasPrefix(key, c.Title) {
		key += "," // "Okla. Stat. tit. 82, § 105.9"
	}
	p.memory.sections[c.Section] = key
}

// afterCitation is the index of the first token behind the citation that holds
// token i, i if none does. Tokens are asked for in order.
func (p *page) afterCitation(i int) int {
	for len(p.cites) > 0 && p.cites[0].End <= p.tokens[i].start {
		p.cites = p.cites[1:]
	}
	if len(p.cites) == 0 || p.tokens[i].end <= p.cites[0].Start {
		return i
	}
	return max(i+1, p.tokenAt(i, p.cites[0].End))
}

// isAlnumTail says whether s begins with more of a number or word than a page's
// one-letter suffix.
func isAlnumTail(s string) bool {
	isLetter := func(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
	isNum := func(c byte) bool { return c >= '0' && c <= '9' }
	switch {
	case isNum(s[0]):
		return true
	case isLetter(s[0]):
		return len(s) > 1 && (isLetter(s[1]) || isNum(s[1])) || !strings.ContainsRune("abcdefAB", rune(s[0]))
	case s[0] == '.' || s[0] == ':' || s[0] == '/':
		return len(s) > 1 && isNum(s[1])
	}
	return false
}
