package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// A sectionNumber is one with its subsections; the list after it is read by spread.
const sectionNumber = `(\d[\dA-Za-z]*(?:[.:–-][\dA-Za-z]+)*(?:\x20?\([\dA-Za-z]{1,4}\))*)`

// Forms of statutes and rules that write the code after or far from the number, or
// in a state's own way.
var (
	titleOfCode   = rx(`[Tt]itle (\d{1,2}),? (?:of the )?United States Code,? [Ss]ections? ` + sectionNumber)
	sectionOfUSC  = rx(`[Ss]ections? ` + sectionNumber + `,? (?:of )?[Tt]itle (\d{1,2})(?:,? (?:of )?(?:the )?United States Code)?`)
	californian   = rx(`(Code (?:of )?Civ(?:il|\.) Proc(?:edure|\.)|(?:Civ|Pen|Penal|Evid|Gov|Gov’t|Lab|Bus\. & Prof|Health & Saf|Fam|Prob|Veh|Corp|Ins|Welf\. & Inst|Rev\. & Tax|Pub\. Util|Pub\. Resources|Pub\. Contract|Ed|Com|Fin|Fish & G|Elec|Water|Unemp\. Ins)\.? Code),? §§? ?` + sectionNumber)
	courtRule     = rx(`((?:[A-Z][a-z]+ )?[A-Z][a-z]+) Supreme Court Rules? ` + sectionNumber)
	bankruptcyOne = rx(`Bankruptcy Rules? ` + sectionNumber)
	jerseyRule    = rx(`R\. (\d{1,2}:\d{1,3}[A-Z]?(?:-\d+)?(?:\([\dA-Za-z]\))*)`)
	stateRules    = rx(`([A-Z][A-Za-z]*\.(?:\x20[A-Z][A-Za-z]*\.)?) (R\. Civ\. App\. P\.|R\. Crim\. App\. P\.|R\. Juv\. P\.|R\. Prob\. P\.|R\. Fam\. P\.|Fam\. Ct\. R\.|Prob\. R\.|Super\. Ct\. (?:Civ\. |Crim\. )?R\.) ` + sectionNumber)
	ofStatutes    = rx(`[Ss]ections? ` + sectionNumber + `(?:,? of)?,?(?: the)? ([A-Z][a-z]+(?:\x20[A-Z][a-z]+)?) (Revised Statutes|General Statutes|General Laws|Compiled Statutes|Statutes|Revised Code)`)
	statutesFirst = rx(`([A-Z][a-z]+(?:\x20[A-Z][a-z]+)?) (Revised Statutes|General Statutes|General Laws|Compiled Statutes|Statutes|Revised Code),? [Ss]ections? ` + sectionNumber)
	// subdivision goes on with a section: ", subd. (b)", ", subdivision (c)(1)", ", subd. 6e".
	subdivision = regexp.MustCompile(`^,?\s+subd(?:ivisions?|s?\.)\s+(?:(\([\dA-Za-z]{1,4}\)(?:\s?\([\dA-Za-z]{1,4}\))*)|(\d{1,3}[a-z]?(?:\([\da-z]{1,3}\))*))`)
	// nextSubsection names another part of the section before it: "§ 362(d)(1) and (d)(2)".
	nextSubsection = regexp.MustCompile(`^(?:,\s+|,?\s+(?:and|or|&)\s+)(\([a-z]\)(?:\([\dA-Za-z]{1,4}\))+)`)
)

// stateCodes are what a state's statutes are called after its abbreviation.
// Source: The Bluebook, table T1.
var stateCodes = map[string]string{
	"Revised Statutes": "Rev. Stat.", "General Statutes": "Gen. Stat.", "General Laws": "Gen. Laws", "Compiled Statutes": "Comp. Stat.", "Statutes": "Stat.", "Revised Code": "Rev. Code",
}

// stateAbbrOf is the abbreviation of the state called name, "" if none is.
func stateAbbrOf(name string) string {
	for _, s := range states {
		if s.name == name {
			return s.abbr
		}
	}
	return ""
}

// formOfStatute tries the forms that begin with token i, in whose window w is. It
// returns the index of the token behind what it found, or i.
func (p *page) formOfStatute(i int, w string) int {
	switch word := p.word(i); word {
	case "Title", "title":
		if m := titleOfCode.FindStringSubmatch(w); m != nil {
			p.rememberCode(m[2], m[1]+" U.S.C.")
			return p.statuteIs(i, m[0], m[1]+" U.S.C. § "+rule(m[2]), 0.95)
		}
	case "Section", "section", "Sections", "sections":
		if m := sectionOfUSC.FindStringSubmatch(w); m != nil {
			p.rememberCode(m[1], m[2]+" U.S.C.")
			return p.statuteIs(i, m[0], m[2]+" U.S.C. § "+rule(m[1]), 0.93)
		}
		if m := ofStatutes.FindStringSubmatch(w); m != nil {
			if state := stateAbbrOf(oneLine(m[2])); state != "" {
				return p.statuteIs(i, m[0], state+" "+stateCodes[oneLine(m[3])]+" § "+rule(m[1]), 0.9)
			}
		}
	case "Bankruptcy":
		if m := bankruptcyOne.FindStringSubmatch(w); m != nil {
			p.rememberRule("Fed. R. Bankr. P. " + rule(m[1]))
			return p.statuteIs(i, m[0], "Fed. R. Bankr. P. "+rule(m[1]), 0.93)
		}
	case "R":
		if m := jerseyRule.FindStringSubmatch(w); m != nil && p.memory.state() == "N.J." {
			return p.statuteIs(i, m[0], "N.J. Ct. R. "+rule(m[1]), 0.9)
		}
	default:
		if m := californianForm(word, w); m != nil && (p.memory.state() == "Cal." || strings.Contains(m[0], ",")) {
			code := "Cal. " + californianCode(m[1])
			p.rememberCode(m[2], code)
			return p.statuteIs(i, m[0], code+" § "+rule(m[2]), 0.9)
		}
		if p.tokens[i].class&stateAbbr != 0 {
			if m := stateRulesIn(w); m != nil {
				return p.statuteIs(i, m[0], oneLine(m[1]+" "+m[2])+" "+rule(m[3]), 0.9)
			}
		}
		if p.tokens[i].class&place != 0 && (strings.Contains(w[:min(len(w), 60)], "Rule") || strings.Contains(w[:min(len(w), 60)], "Statutes") || strings.Contains(w[:min(len(w), 60)], "Laws") || strings.Contains(w[:min(len(w), 60)], "Code")) {
			if m := courtRule.FindStringSubmatch(w); m != nil && stateAbbrOf(oneLine(m[1])) != "" {
				set := stateAbbrOf(oneLine(m[1])) + " Sup. Ct. R."
				p.keepRule(m[2], set)
				return p.statuteIs(i, m[0], set+" "+rule(m[2]), 0.9)
			}
			if m := statutesFirst.FindStringSubmatch(w); m != nil && stateAbbrOf(oneLine(m[1])) != "" {
				return p.statuteIs(i, m[0], stateAbbrOf(oneLine(m[1]))+" "+stateCodes[oneLine(m[2])]+" § "+rule(m[3]), 0.9)
			}
		}
	}
	return i
}

// stateRulesIn tries the rules of a state's courts.
func stateRulesIn(w string) []string {
	if !strings.Contains(w[:min(len(w), 24)], "R.") {
		return nil
	}
	return stateRules.FindStringSubmatch(w)
}

// californianForm tries the form that California's courts have where word may begin it.
func californianForm(word, w string) []string {
	if !californianHeads[word] || !strings.Contains(w[:min(len(w), 48)], "Code") {
		return nil
	}
	return californian.FindStringSubmatch(w)
}

var californianHeads = set("Code Civ Pen Penal Evid Gov Lab Bus Health Fam Prob Veh Corp Ins Welf Rev Pub Ed Com Fin Fish Elec Water Unemp")

// californianCode is a code's name as the Bluebook has it from how California's
// courts write it.
func californianCode(s string) string {
	s = oneLine(s)
	switch {
	case strings.HasPrefix(s, "Code"):
		return "Civ. Proc. Code"
	case strings.HasPrefix(s, "Pen"):
		return "Penal Code"
	case strings.HasPrefix(s, "Gov"):
		return "Gov’t Code"
	}
	for from, to := range map[string]string{"Saf.": "Safety", "Ed.": "Educ.", "Pub. Resources": "Pub. Res.", "Fish & G.": "Fish & Game"} {
		if strings.Contains(s, from) {
			return strings.Replace(s, from, to, 1)
		}
	}
	return s
}

func (p *page) rememberCode(section, code string) {
	if p.memory.sections == nil {
		p.memory.sections = make(map[string]string)
	}
	p.memory.sections[baseSection(rule(section))] = code
}

// keepRule keeps what set a court's rule is of, for a bare "Rule 213" later.
func (p *page) keepRule(number, set string) {
	if p.memory.rules == nil {
		p.memory.rules = make(map[string]string)
	}
	p.memory.rules[baseSection(rule(number))] = set
}

// onlyRules is the set of which all rules are that the document has named so far, ""
// if there are several or the numbers of that set do not go so far.
func (m *memory) onlyRules(number string) string {
	only := ""
	for _, set := range m.rules {
		if only != "" && set != only {
			return ""
		}
		only = set
	}
	n := baseSection(number)
	if strings.HasPrefix(only, "Fed. R. Civ.") && (len(n) > 2 || n > "86") || strings.HasPrefix(only, "Fed. R. Crim.") && len(n) > 2 || strings.HasPrefix(only, "Fed. R. App.") && len(n) > 2 || strings.HasPrefix(only, "Fed. R. Evid.") && len(n) < 3 || strings.HasPrefix(only, "Fed. R. Bankr.") && len(n) < 4 {
		return ""
	}
	return only
}

// extendStatutes runs statutes on over their subdivisions, and finds further parts of
// the same section.
func (p *page) extendStatutes() {
	for k := 0; k < len(p.mentions); k++ {
		m := p.mentions[k]
		if m.Type != document.Statute || m.End >= len(p.text) || p.text[m.End] != ',' && p.text[m.End] != ' ' && p.text[m.End] != '\n' {
			continue
		}
		w := window(p.text, m.End)
		if s := subdivision.FindStringSubmatch(w); s != nil {
			end := m.End + len(s[0])
			more := strings.Join(strings.Fields(s[1]), "")
			if s[2] != "" {
				more = ", subd. " + s[2]
			}
			p.mentions[k].End, p.mentions[k].Text, p.mentions[k].Normalized = end, p.text[m.Start:end], m.Normalized+more
			continue
		}
		i := strings.LastIndexByte(m.Normalized, ' ')
		if i < 0 || !strings.HasSuffix(m.Text, ")") {
			continue
		}
		if s := nextSubsection.FindStringSubmatch(w); s != nil {
			end := m.End + len(s[0])
			start := end - len(s[1])
			p.add(document.Statute, start, end, baseSection(m.Normalized)+s[1], 0.8, "")
		}
	}
}
