package entity

import (
	"strings"

	"github.com/caseload/caseload/document"
)

// A section with its subsections. A subsection on the next line would as likely be
// the next item of a list.
const (
	section  = `[\dA-Z][\dA-Za-z]*(?:(?:[.:]|[-–])[\dA-Za-z]+)*(?:\x20?\((?:[\dA-Za-z]{1,3}|[ivxIVX]{4,6})\))*(?:[-–]\([\dA-Za-z]{1,3}\))?`
	numbered = `\d[\dA-Za-z]*(?:(?:[.:]|[-–])[\dA-Za-z]+)*(?:\x20?\((?:[\dA-Za-z]{1,3}|[ivxIVX]{4,6})\))*(?:[-–]\([\dA-Za-z]{1,3}\))?`
)

// What follows are forms that name no code: rules by their number, sections of acts
// by the acts' names. Those with a code are citations, which package cite reads.
var (
	bareRule     = rx(`Rules? (\d[\d.]*[a-z]?(?:[-–]\d+)?(?:_\([\dA-Za-z]{1,4}\))*)(?: of the Federal Rules of (Civil Procedure|Criminal Procedure|Appellate Procedure|Bankruptcy Procedure|Evidence))?`)
	sectionOfAct = rx(`(?:Sections?|Secs?\.|§§?|Title)_(` + section + `) of (?:the|Title \d+ of the) ((?:[A-Z][\w’'-]+,?|and|of|the|to|in|for|on|&)(?: (?:[A-Z][\w’'-]+,?|and|of|the|to|in|for|on|&)){0,9}? (?:Act|Code|Amendments|ACT|Compact|Law)(?: of (?:1[789]|20)\d\d)?)`)
	bareSection  = rx(`§§?_(` + numbered + `)`)
)

var ruleSets = map[string]string{
	"Civil Procedure": "Civ. P.", "Criminal Procedure": "Crim. P.", "Appellate Procedure": "App. P.", "Evidence": "Evid.", "Bankruptcy Procedure": "Bankr. P.",
}

// statute finds a rule or a section of an act that begins with a word.
func (p *page) statute(i int) int {
	w := window(p.text, p.tokens[i].start)
	if p.text[p.tokens[i].start] == 'R' {
		if m := bareRule.FindStringSubmatch(w); m != nil {
			if m[2] != "" {
				return p.statuteIs(i, m[0], "Fed. R. "+ruleSets[oneLine(m[2])]+" "+rule(m[1]), 0.95)
			}
			return p.statuteIs(i, m[0], "Rule "+rule(m[1]), 0.6)
		}
	}
	if m := sectionOfAct.FindStringSubmatch(w); m != nil {
		return p.statuteIs(i, m[0], oneLine(m[2])+" § "+rule(m[1]), 0.9)
	}
	return i
}

func (p *page) statuteIs(i int, found, normalized string, confidence float64) int {
	found = strings.TrimRight(found, ".,:;-– \n")
	end := p.tokens[i].start + len(found)
	p.add(document.Statute, p.tokens[i].start, end, normalized, confidence, "")
	return p.tokenAt(i, end)
}

func trimSection(s string) string { return strings.TrimRight(s, ".:-– \n") }

// baseSection is a section's number without its subsections.
func baseSection(s string) string {
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return s
}

// rule is a rule's or section's number without space, with plain hyphens.
func rule(s string) string {
	return dashes.Replace(strings.TrimRight(strings.Join(strings.Fields(s), ""), ".:-–"))
}

// sectionSign finds what a "§" at offset at begins: "§ 10(b) of the … Act", or a
// section whose code the document has named.
func (p *page) sectionSign(at int) {
	w := window(p.text, at)
	if m := sectionOfAct.FindStringSubmatch(w); m != nil {
		p.add(document.Statute, at, at+len(m[0]), oneLine(m[2])+" § "+rule(m[1]), 0.9, "")
		return
	}
	if m := bareSection.FindStringSubmatchIndex(w); m != nil {
		number := rule(trimSection(w[m[2]:m[3]]))
		if code, ok := p.memory.sections[baseSection(number)]; ok {
			p.add(document.Statute, at, at+m[2]+len(trimSection(w[m[2]:m[3]])), code+" § "+number, 0.85, "")
		}
	}
}
