package entity

import (
	"regexp"
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
	sectionOfAct = rx(`(?:[Ss]ections?|Secs?\.|§§?|Title)_(` + section + `) of (?:the|Title \d+ of the) ((?:[A-Z][\w’'-]+,?|and|of|the|to|in|for|on|&)(?: (?:[A-Z][\w’'-]+,?|and|of|the|to|in|for|on|&)){0,9}? (?:Act|Code|Amendments|ACT|Compact|Law)(?: of (?:1[789]|20)\d\d)?)`)
	// sectionCommaCode is "Section 74.351, Civil Practice and Remedies Code", as Texas cites.
	sectionCommaCode = rx(`[Ss]ections?_(` + section + `),_((?:Texas_)?(?:[A-Z][a-z]+,?_|and_){1,6}Code)\b`)
	bareSection      = rx(`§§?_(` + numbered + `)`)
	shortSection     = rx(`(?:[Ss]ections?|SECTIONS?|Secs?\.) (` + numbered + `)`)
)

// codeBefore is the name of a code before "section": "Code of Civil Procedure section
// 395".
var codeBefore = regexp.MustCompile(`((?:(?:California|Texas|Ohio|Illinois)\s+)?(?:Code\s+of\s+(?:Civil|Criminal)\s+Procedure|(?:[A-Z][a-z]+\s+(?:(?:and|&)\s+)?){1,4}(?:Code|Law)|(?:Civil|Penal|Labor)\s+Code)),?\s+$`)

// sectionOfCode finds the section of a code that is named before the "section" at
// token i, in whose window w is.
func (p *page) sectionOfCode(i int, w string) int {
	const near = 90
	start := p.tokens[i].start
	m := shortSection.FindStringSubmatch(w)
	from := max(0, start-near)
	before := codeBefore.FindStringSubmatchIndex(p.text[from:start])
	if m == nil || before == nil {
		return i
	}
	for p.text[from+before[2]:] != "" {
		word, _, _ := strings.Cut(p.text[from+before[2]:start], " ")
		if words()[word]&opener == 0 || strings.EqualFold(word, "code") {
			break
		}
		before[2] += len(word) + 1
	}
	number := rule(trimSection(m[1]))
	end := start + len(trimSection(m[0]))
	code := p.codeName(p.text[from+before[2] : from+before[3]])
	p.add(document.Statute, from+before[2], end, code+" § "+number, 0.88, "")
	if p.memory.sections == nil {
		p.memory.sections = make(map[string]string)
	}
	p.memory.sections[baseSection(number)] = code
	return p.tokenAt(i, end)
}

// codeWords are how the words of a code's name are abbreviated.
// Source: The Bluebook, tables T1 and T6.
var codeWords = map[string]string{
	"Civil": "Civ.", "Practice": "Prac.", "and": "&", "Remedies": "Rem.", "Business": "Bus.", "Professions": "Prof.", "Procedure": "Proc.", "General": "Gen.",
	"Obligations": "Oblig.", "Evidence": "Evid.", "Government": "Gov’t", "Labor": "Lab.", "Family": "Fam.", "Insurance": "Ins.", "Property": "Prop.", "Statutes": "Stat.",
	"Revised": "Rev.", "Compiled": "Comp.", "Transportation": "Transp.", "Finance": "Fin.", "Corporations": "Corp.", "Vehicle": "Veh.", "Commerce": "Com.", "Criminal": "Crim.",
	"Estates": "Est.", "Education": "Educ.", "Administrative": "Admin.", "Annotated": "Ann.", "Domestic": "Dom.", "Relations": "Rel.", "Executive": "Exec.", "Financial": "Fin.",
	"Economic": "Econ.", "Commercial": "Com.", "Utilities": "Util.", "Public": "Pub.", "Resources": "Res.", "Institutions": "Inst.", "Welfare": "Welf.", "Alcoholic": "Alco.",
	"Beverage": "Bev.", "Corporation": "Corp.", "Environmental": "Env’t", "Conservation": "Conserv.", "Municipal": "Mun.", "Partnership": "P’ship", "Personal": "Pers.", "Religious": "Relig.", "Occupations": "Occ.",
}

// actCodes are acts that are cited by the title of the code that they are.
var actCodes = map[string]string{
	"Delaware General Corporation Law": "Del. Code Ann. tit. 8,", "General Corporation Law of Delaware": "Del. Code Ann. tit. 8,", "Internal Revenue Code": "26 U.S.C.",
	"Delaware Limited Liability Company Act": "Del. Code Ann. tit. 6,",
}

// codeName is the abbreviated name of a state's code or law: "Tex. Civ. Prac. & Rem.
// Code". The name of an act stays as it is, and so does that of a code whose state
// the document does not tell.
func (p *page) codeName(name string) string {
	name = strings.TrimPrefix(oneLine(name), "the ")
	if code, ok := actCodes[name]; ok {
		return code
	}
	state := ""
	for _, s := range states {
		if rest, ok := strings.CutPrefix(name, s.name+" "); ok {
			state, name = s.abbr, rest
			break
		}
	}
	if !strings.HasSuffix(name, "Code") && !strings.HasSuffix(name, "Law") && !strings.HasPrefix(name, "Code of") || strings.Contains(name, "Bankruptcy") || strings.Contains(name, "Internal Revenue") || strings.Contains(name, "United States") {
		return strings.TrimSpace(strings.TrimSuffix(fullState(state), " ") + " " + name)
	}
	if state == "" {
		if state = p.memory.state(); state == "" {
			return name
		}
	}
	if name == "Uniform Commercial Code" {
		return state + " U.C.C."
	}
	if rest, ok := strings.CutPrefix(name, "Code of "); ok {
		name = "Code " + rest
	}
	words := strings.Fields(name)
	for i, w := range words {
		if short, ok := codeWords[w]; ok {
			words[i] = short
		}
	}
	return state + " " + strings.Join(words, " ")
}

func fullState(abbr string) string {
	for _, s := range states {
		if abbr != "" && s.abbr == abbr {
			return s.name
		}
	}
	return ""
}

// state is the abbreviation of the state whose court, or whose law, the document's
// first lines name; "" if they name none.
func (m *memory) state() string {
	if !m.stateKnown {
		m.stateKnown = true
		const head = 3000
		front := strings.ToLower(oneLine(m.text[:min(len(m.text), head)]))
		best := len(front) + 1
		for _, s := range states {
			if i := strings.Index(front, strings.ToLower(s.name)); i >= 0 && i < best && !(s.name == "Virginia" && i > 4 && front[i-5:i] == "west ") {
				best, m.stateAbbr = i, s.abbr
			}
		}
	}
	return m.stateAbbr
}

var ruleSets = map[string]string{
	"Civil Procedure": "Civ. P.", "Criminal Procedure": "Crim. P.", "Appellate Procedure": "App. P.", "Evidence": "Evid.", "Bankruptcy Procedure": "Bankr. P.",
}

// statute finds a rule or a section of an act that begins with a word.
func (p *page) statute(i int) int {
	w := window(p.text, p.tokens[i].start)
	if n := p.formOfStatute(i, w); n > i {
		return n
	}
	if p.text[p.tokens[i].start] == 'R' {
		if m := bareRule.FindStringSubmatch(w); m != nil {
			if m[2] != "" {
				return p.statuteIs(i, m[0], "Fed. R. "+ruleSets[oneLine(m[2])]+" "+rule(m[1]), 0.95)
			}
			if set, ok := p.memory.rules[baseSection(rule(m[1]))]; ok {
				return p.statuteIs(i, m[0], set+" "+rule(m[1]), 0.85)
			}
			if set := p.memory.onlyRules(rule(m[1])); set != "" {
				return p.statuteIs(i, m[0], set+" "+rule(m[1]), 0.7)
			}
			return p.statuteIs(i, m[0], "Rule "+rule(m[1]), 0.6)
		}
	}
	if m := sectionOfAct.FindStringSubmatch(w); m != nil {
		return p.statuteIs(i, m[0], p.codeName(m[2])+" § "+rule(m[1]), 0.9)
	}
	if p.text[p.tokens[i].start]|0x20 == 's' {
		if m := sectionCommaCode.FindStringSubmatch(w); m != nil {
			return p.statuteIs(i, m[0], p.codeName(m[2])+" § "+rule(m[1]), 0.88)
		}
		if n := p.sectionOfCode(i, w); n > i {
			return n
		}
		if m := shortSection.FindStringSubmatch(w); m != nil {
			number := rule(trimSection(m[1]))
			if code, ok := p.memory.sections[baseSection(number)]; ok {
				return p.statuteIs(i, trimSection(m[0]), code+" § "+number, 0.85)
			}
		}
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
		p.add(document.Statute, at, at+len(m[0]), p.codeName(m[2])+" § "+rule(m[1]), 0.9, "")
		return
	}
	if m := bareSection.FindStringSubmatchIndex(w); m != nil {
		number := rule(trimSection(w[m[2]:m[3]]))
		if code, ok := p.memory.sections[baseSection(number)]; ok {
			p.add(document.Statute, at, at+m[2]+len(trimSection(w[m[2]:m[3]])), code+" § "+number, 0.85, "")
		}
	}
}
