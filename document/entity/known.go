package entity

import (
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// term is a name that the document has given in full, or a short form that it has
// defined for one.
type term struct {
	words      []string // as they must be written
	typ        document.EntityType
	normalized string // of the full name
	confidence float64
}

// Bounds of what a document's memory holds, for texts that are no prose.
const (
	maxTerms     = 4096
	maxTermsWord = 16 // with one first word
)

// learn remembers a term.
func (m *memory) learn(t term) {
	if m.terms == nil {
		m.terms = make(map[string][]term)
	}
	same := m.terms[t.words[0]]
	if m.learnt >= maxTerms || len(same) >= maxTermsWord || slices.ContainsFunc(same, func(o term) bool { return slices.Equal(o.words, t.words) }) {
		return
	}
	m.terms[t.words[0]] = append(same, t)
	m.learnt++
}

// definition follows a name and gives it a short form: `, a Delaware corporation
// ("Acme")`, `(the “Agency”)`. "Collectively" defines one for several names.
var definition = regexp.MustCompile(`^[^()“”";]{0,160}\(\s*(?:(?:hereinafter|hereafter|the|or|referred|to|herein|as|a/k/a)[\s,]+)*["“]([^"”()\n]{2,40})["”]`)

// learnNames remembers the people that the page names in full and the short forms
// that it defines.
func (p *page) learnNames() {
	for _, m := range p.mentions {
		switch m.Type {
		case document.Person:
			if w := strings.Fields(oneLine(m.Text)); len(w) >= 2 && !strings.Contains(w[0], ".") && m.Confidence >= 0.75 {
				w[len(w)-1] = strings.TrimSuffix(w[len(w)-1], ".")
				for i := range w[:len(w)-1] {
					w[i] = strings.TrimRight(w[i], ".,")
				}
				p.memory.learn(term{w, document.Person, m.Normalized, 0.85})
			}
		case document.Org:
		default:
			continue
		}
		d := definition.FindStringSubmatch(window(p.text, m.End))
		if d == nil {
			continue
		}
		if short := strings.Fields(d[1]); p.shortFor(short, m) {
			p.memory.learn(term{short, m.Type, m.Normalized, 0.85})
		}
	}
}

// shortFor says whether short is a short form that can stand for m alone: the
// beginning of an organisation's name or its initials, or a person's surname. A
// role or a common noun ("the Company") is none.
func (p *page) shortFor(short []string, m document.Mention) bool {
	const generic = opener | party | orgHead | orgTail | month | docketLabel | courtHead | judgeTitle | honorific | place
	full := strings.Fields(strings.ReplaceAll(m.Normalized, ",", ""))
	if len(short) == 0 || len(short) >= len(full) {
		return false
	}
	if m.Type == document.Person {
		return len(short) == 1 && strings.EqualFold(short[0], full[len(full)-1])
	}
	if len(short) == 1 && words()[short[0]]&generic != 0 {
		return false
	}
	if strings.Trim(short[0], "abcdefghijklmnopqrstuvwxyz") == "" {
		return false
	}
	begins := true
	for i, w := range short {
		begins = begins && strings.EqualFold(w, full[i])
	}
	return begins || len(short) == 1 && initialsOf(short[0], full)
}

// initialsOf says whether short is made of the initials of full's first words, in
// order, at least three.
func initialsOf(short string, full []string) bool {
	short = strings.ReplaceAll(short, ".", "")
	if len(short) < 3 || len(short) > len(full) || short != strings.ToUpper(short) {
		return false
	}
	for i := range len(short) {
		if full[i][0] != short[i] {
			return false
		}
	}
	return true
}

// findKnown finds the terms that the document has given so far.
func (p *page) findKnown() {
	if len(p.memory.terms) == 0 {
		return
	}
	for i, t := range p.tokens {
		if !t.is(upper) {
			continue
		}
		for _, k := range p.memory.terms[p.word(i)] {
			if end := i + len(k.words); p.spells(i, k.words) && p.standsAlone(i, end) {
				p.add(k.typ, t.start, p.nameEnd(end), k.normalized, k.confidence, p.roleOf(i, end))
			}
		}
	}
}

// spells says whether the tokens from i on are words.
func (p *page) spells(i int, words []string) bool {
	if i+len(words) > len(p.tokens) {
		return false
	}
	for k, w := range words {
		t := p.tokens[i+k]
		if p.word(i+k) != w || k > 0 && !t.before.simple() && !(t.before == comma && t.class&nameTail != 0) {
			return false
		}
	}
	return true
}

// standsAlone says whether the name in tokens [i, end) is no part of a longer one.
func (p *page) standsAlone(i, end int) bool {
	if i > 0 && p.tokens[i].before != newline {
		b := p.tokens[i-1]
		if p.tokens[i].before == amp || p.tokens[i].before == joined && b.is(upper) && b.class&opener == 0 && !b.is(genitive) {
			return false
		}
	}
	if end >= len(p.tokens) || p.tokens[end-1].is(genitive) {
		return true
	}
	next := p.tokens[end]
	if next.class&nameTail != 0 && (next.before.simple() || next.before.listed()) {
		return false
	}
	return next.before != amp && !(next.before == joined && next.is(upper) && !p.tokens[end-1].is(dot))
}

// caseNumber stands between the name of a case and its docket number.
var caseNumber = rx(`(?:,? et al\.?)?[,:(]?_(?:(?:Civil|Criminal|Case|Docket|Appeal|Action|CASE|CIVIL) )*(?:Nos?\.|NOS?\.|Number|#)_$`)

// citedAs follows the docket number of a decision that is cited: a reporter, or a
// court and year in parentheses.
var citedAs = rx(`,_(?:slip op\.,_)?(?:\x5F|\d{1,4} [A-Z])|,?_(?:slip op\._)?\([^()]{0,40}\b(?:Cir|Ct|App|Cal|Mass|Tex|Wash|[NSEWMC]\._D|D)\.[^()]{0,40}\b(?:19|20)\d\d\)`)

// findCaseNames finds the parties of "Jane Roe v. John Doe, No. 22-1801" by the
// docket number that follows. Parties of cited decisions are none.
func (p *page) findCaseNames() {
	const longest = 24
	for _, d := range p.mentions[:len(p.mentions):len(p.mentions)] {
		if d.Type != document.DocketNumber {
			continue
		}
		last, _ := slices.BinarySearchFunc(p.tokens, d.Start, func(t token, at int) int { return t.start - at })
		for j := last - 1; j > 0 && j > last-longest; j-- {
			w := p.word(j)
			if (w != "v" || !p.tokens[j].is(dot)) && w != "vs" {
				continue
			}
			if !citedAs.MatchString(window(p.text, d.End)) {
				p.caseParties(j, d.Start)
			}
			break
		}
	}
}

// caseParties records the parties on both sides of the "v." at token j, whose
// docket number begins at offset at.
func (p *page) caseParties(j, at int) {
	here := p.tokens[j]
	for _, c := range p.cases {
		if c.Start <= here.start && here.start < c.End {
			return
		}
	}
	end := j + 1
	for end < len(p.tokens) && p.tokens[end].start < at && p.tokens[end].before.simple() && p.tokens[end].is(upper) && p.tokens[end].class&docketLabel == 0 {
		end++
	}
	if end == j+1 || !caseNumber.MatchString(p.text[p.tokens[end-1].after():at]) {
		return
	}
	start := j
	for start > 0 && start > j-maxName && p.tokens[start].before.simple() && p.tokens[start-1].is(upper) && p.inName(start-1) {
		start--
	}
	p.caseParty(start, j)
	p.caseParty(j+1, end)
}

// caseParty records the party in tokens [i, end): a government or a person in
// full. Organisations have rules of their own.
func (p *page) caseParty(i, end int) {
	if end-i == 2 && strings.EqualFold(p.word(i), "united") && strings.EqualFold(p.word(i+1), "states") {
		p.add(document.Org, p.tokens[i].start, p.tokens[end-1].end, "United States", 0.9, "")
		return
	}
	if end-i >= 2 && p.nameAt(i) == end && p.surnames(i, end) >= 2 {
		p.person(i, end, 0.75, "")
	}
}

// benchNames makes judges of the people whose full name a judge of the document
// has: a judge's "/s/" line names him without a title.
func benchNames(mentions []document.Mention) {
	judges := make(map[string]bool)
	for _, m := range mentions {
		if m.Type == document.Judge && strings.Contains(m.Normalized, " ") {
			judges[strings.ToLower(m.Normalized)] = true
		}
	}
	if len(judges) == 0 {
		return
	}
	for i, m := range mentions {
		if m.Type == document.Person && judges[strings.ToLower(m.Normalized)] {
			mentions[i].Type, mentions[i].Role = document.Judge, ""
		}
	}
}
