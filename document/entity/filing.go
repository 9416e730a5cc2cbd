package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// Names of firms and offices as counsel write them in captions, signature blocks and
// lists of whom a paper was served on.

// findOffices finds law firms and public offices by their form.
func (p *page) findOffices() {
	for i := range p.tokens {
		t := p.tokens[i]
		if !t.is(upper) {
			continue
		}
		switch p.word(i) {
		case "Law", "LAW", "Legal", "LEGAL", "Defense", "DEFENSE", "Attorneys", "ATTORNEYS", "Lawyers", "LAWYERS":
			p.lawOffice(i)
		case "STATE", "COMMONWEALTH":
			p.headedCourt(i)
		case "Office", "OFFICE", "Centers", "CENTERS", "Department", "DEPARTMENT":
			p.federalOffice(i)
		}
	}
}

// lawOffice finds the firm whose name has the word of law at token i: "Law Offices of
// Gil Santoyo", "Sato Elder Law", "Vartanian Criminal Defense", "Legal Aid of Nebraska".
func (p *page) lawOffice(i int) {
	const no = opener | party | honorific | judgeTitle | month | docketLabel
	next := func(k int, words ...string) bool {
		if k >= len(p.tokens) || !p.tokens[k].before.simple() {
			return false
		}
		for _, w := range words {
			if strings.EqualFold(p.word(k), w) {
				return true
			}
		}
		return false
	}
	end := i + 1
	if next(end, "office", "offices", "firm", "aid", "services", "group", "center", "centre", "clinic", "practice", "chambers", "partners", "associates", "team", "foundation", "project") && p.tokens[end].is(upper) {
		end++
		for next(end, "society", "foundation", "bureau", "center", "services", "group", "clinic") && p.tokens[end].is(upper) {
			end++
		}
		if next(end, "of") {
			k := end + 1
			for k < len(p.tokens) && k-end < 7 && (k == end+1 && p.tokens[k].before.simple() || p.tokens[k].before == joined || p.tokens[k].before == amp) &&
				(p.tokens[k].is(upper) && p.tokens[k].class&(party|docketLabel) == 0 || p.tokens[k].class&particle != 0) && p.tokens[k].is(caps) == p.tokens[i].is(caps) ||
				k < len(p.tokens) && p.tokens[k].is(initial) && p.tokens[k].before == joined {
				k++
				if p.tokens[k-1].is(genitive) || p.tokens[k-1].is(dot) && !p.tokens[k-1].is(initial) {
					break
				}
			}
			if k > end+1 {
				start, stop := p.tokens[i].start, p.tokens[k-1].end
				for first := i; first > 0 && p.tokens[first].before == joined && p.tokens[first-1].is(upper) && p.tokens[first-1].class&no == 0; {
					first--
					start = p.tokens[first].start
				}
				p.add(document.Org, start, stop, orgName(p.text[start:stop], "", false), 0.86, "")
				return
			}
		}
	}
	first := i
	proper := 0
	for first > 0 && i-first < 6 && (p.tokens[first].before == joined || p.tokens[first].before == amp) && p.tokens[first-1].is(upper) && (p.tokens[first-1].class&no == 0 || lawKinds[strings.ToLower(p.word(first-1))]) && !p.tokens[first-1].is(dot|genitive) && p.tokens[first-1].is(caps) == p.tokens[i].is(caps) {
		first--
		if p.tokens[first].class&(noName|orgTail|place|courtHead|courtKind|stateAbbr) == 0 && p.memory.uncommon(p.word(first)) {
			proper++
		}
	}
	if proper == 0 || p.tokens[first].class&(noName|place|courtHead) != 0 && proper < 2 || p.tokens[end-1].is(genitive) {
		return
	}
	// "Texas Labor Law" is no firm: a firm stands alone in its line or cell, or behind
	// its lawyer's name.
	rest := strings.TrimPrefix(window(p.text, p.tokens[end-1].end), " ")
	alone := p.startsCell(first) && endsCell(window(p.text, p.tokens[end-1].end))
	behind := first > 1 && p.tokens[first].before.listed() && p.tokens[first-1].is(upper) && (rest == "" || strings.ContainsAny(rest[:1], ",(.;\n"))
	of := first > 1 && (p.follows(first, "of") || p.follows(first, "at") || p.follows(first, "with") || p.follows(first, "by")) && end-i > 1
	if !alone && !behind && !of {
		return
	}
	start, stop := p.tokens[first].start, p.tokens[end-1].end
	p.add(document.Org, start, stop, orgName(p.text[start:stop], "", false), 0.8, "firm")
}

// lawKinds are kinds of law that firms are named for.
var lawKinds = set("criminal civil")

// startsCell says whether token i begins a line or a column of one.
func (p *page) startsCell(i int) bool {
	if i == 0 || p.startsLine(i) {
		return true
	}
	return strings.HasSuffix(p.text[:p.tokens[i].start], "   ") || strings.HasSuffix(p.text[:p.tokens[i].start], "\t")
}

// endsCell says whether rest begins with the end of a line or a column.
func endsCell(rest string) bool {
	rest = strings.TrimLeft(rest, ",")
	return strings.TrimSpace(rest) == "" || strings.HasPrefix(strings.TrimLeft(rest, " "), "\n") || strings.HasPrefix(rest, "   ") || strings.HasPrefix(rest, "\t")
}

// officials have offices of their own that are named for them.
var officials = set(`sheriff attorney prosecutor defender assessor coroner treasurer recorder auditor comptroller controller examiner trustee marshal general clerk governor mayor solicitor
commissioner president chancellor registrar inspector`)

// federalOffices have names that no rule for names reads to their end.
var federalOffices = [...]string{"Office of the United States Trustee", "Office of the U.S. Trustee", "Centers for Medicare and Medicaid Services", "Centers for Medicare & Medicaid Services", "Centers for Disease Control and Prevention", "Office of Personnel Management"}

// federalOffice finds one of them at token i.
func (p *page) federalOffice(i int) {
	start := p.tokens[i].start
	w := window(p.text, start)
	for _, name := range federalOffices {
		if hasPhrase(w, name) {
			end := start + phraseLength(w, name)
			p.add(document.Org, start, end, name, 0.95, "")
			return
		}
	}
}

// appellateHead is how some states head the papers of their higher courts: "STATE OF
// MINNESOTA IN COURT OF APPEALS".
var appellateHead = regexp.MustCompile(`^(?:STATE|COMMONWEALTH) OF ([A-Z]+(?: [A-Z]+)?)\s+IN (?:THE )?(SUPREME COURT|COURT OF APPEALS?|COURT OF CRIMINAL APPEALS)\b`)

// headedCourt finds such a court at token i.
func (p *page) headedCourt(i int) {
	start := p.tokens[i].start
	m := appellateHead.FindStringSubmatch(window(p.text, start))
	if m == nil || stateNames[strings.ToLower(m[1])] == "" || strings.Count(m[0], "\n") > 3 {
		return
	}
	p.add(document.Court, start, start+len(m[0]), titleCase(m[1])+" "+titleCase(m[2]), 0.95, "")
}

// venue goes on with the name of a court that has divisions in counties: "LAW DIVISION:
// MIDDLESEX COUNTY".
var venue = regexp.MustCompile(`^(?::|,|\s*[-–—])?\s+(?:[A-Z]{3,}|[A-Z][a-z]+)(?:\s(?:[A-Z]{3,}|[A-Z][a-z]+))?\s(?:COUNTY|County|VICINAGE|Vicinage)\b`)

// extendCourts runs courts whose names end with a division on over its county.
func (p *page) extendCourts() {
	for k, m := range p.mentions {
		if m.Type != document.Court || !strings.HasSuffix(strings.ToLower(m.Text), "division") && !strings.HasSuffix(strings.ToLower(m.Text), "part") {
			continue
		}
		if v := venue.FindString(window(p.text, m.End)); v != "" && strings.Count(v, "\n") < 2 {
			end := m.End + len(v)
			p.mentions[k].End, p.mentions[k].Text = end, p.text[m.Start:end]
			p.mentions[k].Normalized = m.Normalized + ", " + titleCase(strings.TrimLeft(oneLine(v), ":,-–— "))
		}
	}
}
