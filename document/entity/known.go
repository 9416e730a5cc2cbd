package entity

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/caseload/caseload/document"
)

// term is a name that the document has given in full, or a short form of one.
type term struct {
	words      []string // as they must be written, without "&"
	typ        document.EntityType
	normalized string // of the full name, or of the surname
	confidence float64
	surname    bool // of a person named in full
}

// Bounds of what a document's memory holds, for texts that are no prose.
const (
	maxTerms     = 4096
	maxTermsWord = 16 // with one first word
	maxShort     = 256
)

// learn remembers a term.
func (m *memory) learn(t term) {
	if m.terms == nil {
		m.terms = make(map[string][]term)
	}
	if len(t.words) == 0 {
		return
	}
	same := m.terms[t.words[0]]
	if m.learnt >= maxTerms || len(same) >= maxTermsWord || slices.ContainsFunc(same, func(o term) bool { return slices.Equal(o.words, t.words) }) {
		return
	}
	m.terms[t.words[0]] = append(same, t)
	m.learnt++
}

// learnBoth remembers a term as it is written and in capitals.
func (m *memory) learnBoth(t term) {
	m.learn(t)
	loud := make([]string, len(t.words))
	for i, w := range t.words {
		loud[i] = strings.ToUpper(w)
	}
	t.words = loud
	m.learn(t)
}

// definition follows a name and gives it short forms: `, a Delaware corporation
// ("Acme")`, `(the “Agency”)`, `("Acme" or "Buyer")`. "Collectively" defines one for
// several names.
var (
	definition = regexp.MustCompile(`^[^()“”";]{0,160}\(\s*(?:(?:hereinafter|hereafter|the|or|referred|to|herein|as|a/k/a)[\s,]+)*["“]([^"”()\n]{2,40})["”](?:\s*(?:,|or|and|,\s*or)\s*(?:the\s+)?["“]([^"”()\n]{2,40})["”])?`)
	// nextDefinition would make a definition that of a later name.
	nextParty = regexp.MustCompile(`(?i)\b(?:and|between|v\.)\s`)
)

// mayDefine says whether s can begin with a definition: its first bracket opens, and a
// quotation mark is the next of its kind. Most names have none, which this tells sooner.
func mayDefine(s string) bool {
	const marks = "()“”\";"
	i := strings.IndexAny(s, marks)
	if i < 0 || s[i] != '(' {
		return false
	}
	s = s[i+1:]
	i = strings.IndexAny(s, marks)
	return i >= 0 && (s[i] == '"' || strings.HasPrefix(s[i:], "“"))
}

// nameWords are the words of a name as terms have them.
func nameWords(s string) []string {
	words := strings.Fields(oneLine(s))
	out := words[:0:0]
	for _, w := range words {
		if w = strings.TrimRight(strings.TrimLeft(w, "(“\""), ".,)”\""); w != "" && w != "&" {
			out = append(out, w)
		}
	}
	return out
}

// learnNames remembers what the page names in full, and the short forms that it
// defines or that stand for such a name.
func (p *page) learnNames() {
	for _, m := range p.mentions {
		switch m.Type {
		case document.Person, document.Judge:
			p.learnPerson(m)
		case document.Org:
			p.learnOrg(m)
		case document.Location:
			p.memory.place(m.Text)
			if city, _, ok := strings.Cut(m.Normalized, ", "); ok && m.Confidence > 0.9 {
				if w := strings.Fields(city); len(w) <= 2 && words()[w[0]]&(noName|opener|firstName|month|place) == 0 {
					p.memory.learn(term{w, document.Location, city, 0.7, false})
				}
			}
		}
		if m.Type != document.Org && m.Type != document.Person {
			continue
		}
		after := window(p.text, m.End)
		if !mayDefine(after) {
			continue
		}
		d := definition.FindStringSubmatch(after)
		if d == nil || nextParty.MatchString(d[0][:strings.IndexByte(d[0], '(')]) {
			continue
		}
		for _, given := range d[1:] {
			if short := nameWords(given); p.shortFor(short, m) {
				if t := (term{short, m.Type, m.Normalized, 0.9, false}); len(short) == 1 {
					p.memory.define(t)
				} else {
					p.memory.learnBoth(t)
				}
			}
		}
	}
}

// learnPerson remembers a full name and its surname.
func (p *page) learnPerson(m document.Mention) {
	w := nameWords(m.Text)
	if len(w) < 2 || m.Confidence < 0.7 || strings.Contains(w[0], ".") && len(w[0]) > 3 {
		return
	}
	p.memory.learnBoth(term{w, m.Type, m.Normalized, 0.85, false})
	w = nameWords(m.Normalized)
	p.memory.learnBoth(term{w, m.Type, m.Normalized, 0.85, false})
	last := len(w) - 1
	for last > 0 && words()[w[last]]&nameTail != 0 {
		last--
	}
	if last == 0 {
		return
	}
	surname := w[last : last+1]
	for last > 1 && particleWords[strings.ToLower(w[last-1])] {
		last--
		surname = w[last : last+len(surname)+1]
	}
	const no = noName | opener | party | month | place | orgTail | orgHead | docketLabel | courtHead | judgeTitle | honorific | orgAlone | postal | stateAbbr
	final := surname[len(surname)-1]
	if len([]rune(final)) < 3 || words()[final]&no != 0 || !p.memory.uncommon(final) {
		return
	}
	p.memory.learnGiven(w[0], m)
	full := strings.Join(surname, " ")
	p.memory.learnBoth(term{surname, m.Type, properName(full), 0.8, true})
	if len(surname) > 1 {
		p.memory.learn(term{append([]string{capitalize(surname[0])}, surname[1:]...), m.Type, properName(full), 0.8, true})
	}
}

// learnGiven remembers a given name, by which mails and letters call people.
func (m *memory) learnGiven(given string, of document.Mention) {
	if m.kind != document.KindMail && !m.mailed && !m.dear(given) || len([]rune(given)) < 3 || strings.Contains(given, ".") || words()[given]&(noName|opener|party|month|place|orgTail) != 0 || !m.uncommon(given) {
		return
	}
	if m.given == nil {
		m.given = map[string]string{}
	}
	if other, ok := m.given[given]; ok && !strings.EqualFold(other, of.Normalized) {
		m.given[given] = ""
		return
	}
	m.given[given] = of.Normalized
}

// distinct says whether words can stand for an organisation alone: not all of them are
// common ones, and no small one is among them.
func (p *page) distinct(w []string) bool {
	proper := false
	for _, v := range w {
		if smallWords[strings.ToLower(v)] {
			return false
		}
		proper = proper || words()[v]&(noName|opener|place|orgTail|orgHead|trade|courtHead) == 0
	}
	return proper
}

// place remembers the first word of a place: alone it stands for no organisation.
func (m *memory) place(name string) {
	w, _, _ := strings.Cut(oneLine(name), " ")
	if m.places == nil {
		m.places = map[string]bool{}
	}
	if len(m.places) < maxShort {
		m.places[strings.TrimRight(w, ",")] = true
	}
}

// dear says whether the document's first lines greet somebody by the given name.
func (m *memory) dear(given string) bool {
	const front = 5000
	head := m.text[:min(len(m.text), front)]
	i := strings.Index(head, "Dear "+given)
	if i < 0 {
		return false
	}
	rest := head[i+len("Dear ")+len(given):]
	return rest != "" && (rest[0] == ',' || rest[0] == ':' || strings.HasPrefix(rest, " and "))
}

// learnOrg remembers an organisation's name, the name without its form, and its
// first word where that is none of the language's.
func (p *page) learnOrg(m document.Mention) {
	const no = noName | opener | party | month | place | orgTail | orgHead | orgAlone | docketLabel | courtHead | judgeTitle | honorific | firstName | stateAbbr
	w := nameWords(m.Text)
	if len(w) == 1 && m.Confidence >= 0.7 && words()[w[0]] == 0 && len([]rune(w[0])) >= 4 {
		if n := nameWords(m.Normalized); p.memory.uncommon(w[0]) {
			if w[0] == strings.ToUpper(w[0]) && len(n) == 1 {
				w[0] = capitalize(strings.ToLower(w[0]))
			}
			p.memory.learnBoth(term{w, m.Type, m.Normalized, 0.75, false})
		}
		return
	}
	if len(w) < 2 || m.Confidence < 0.7 || words()[w[0]]&(opener|orgHead|docketLabel) != 0 && !(ordinalWord[w[0]] && len(w) > 2) {
		return
	}
	p.memory.learnBoth(term{w, m.Type, m.Normalized, 0.88, false})
	normal := nameWords(m.Normalized)
	p.memory.learnBoth(term{normal, m.Type, m.Normalized, 0.88, false})
	bare := len(normal)
	for bare > 1 && corporateForms[strings.ToLower(normal[bare-1])] != "" {
		bare--
	}
	if bare > 1 && bare < len(normal) {
		p.memory.learnBoth(term{normal[:bare], m.Type, m.Normalized, 0.86, false})
	}
	if short := p.shortOf(normal[:bare]); short != nil {
		p.memory.learn(term{short, m.Type, m.Normalized, 0.86, false})
	}
	if stem := bare - 1; stem > 1 && words()[normal[stem]]&(orgTail|trade) != 0 && words()[normal[0]]&(orgHead|month|party) == 0 && (words()[normal[0]]&firstName == 0 || words()[normal[1]]&(noName|trade|orgTail) != 0) && !smallWords[normal[stem-1]] && p.distinct(normal[:stem]) {
		if p.memory.stems == nil {
			p.memory.stems = map[string]term{}
		}
		if len(p.memory.stems) < maxShort {
			p.memory.stems[strings.Join(normal[:stem], " ")] = term{normal[:stem], m.Type, m.Normalized, 0.78, false}
		}
	}
	if f := normal[0]; len([]rune(f)) >= 4 && words()[f]&no == 0 && strings.IndexFunc(f, unicode.IsUpper) == 0 && p.memory.uncommon(f) {
		if other, ok := p.memory.first[f]; ok && other != m.Normalized {
			p.memory.first[f] = ""
		} else {
			if p.memory.first == nil {
				p.memory.first = map[string]string{}
			}
			p.memory.first[f] = m.Normalized
		}
	}
}

// uncommon says whether a capitalised word is none that the document has in lower
// case as well. It looks for a bounded number of words.
func (m *memory) uncommon(word string) bool {
	lower := strings.ToLower(word)
	known, ok := m.common[lower]
	if !ok {
		if len(m.common) >= maxShort {
			return false
		}
		if m.common == nil {
			m.common = map[string]bool{}
		}
		for at := 0; !known; {
			i := strings.Index(m.text[at:], lower)
			if i < 0 {
				break
			}
			at += i
			end := at + len(lower)
			known = (at == 0 || !isAlnum(m.text[at-1]) && strings.IndexByte("@.-/", m.text[at-1]) < 0) &&
				(end == len(m.text) || !isAlnum(m.text[end]) && m.text[end] != '@' && (m.text[end] != '.' || end+1 == len(m.text) || !isAlnum(m.text[end+1])))
			at = end
		}
		m.common[lower] = known
	}
	return !known
}

// settle adds the short forms that only one full name of the document has.
func (m *memory) settle() {
	for _, g := range slices.Sorted(maps.Keys(m.given)) {
		if full := m.given[g]; full != "" {
			m.learn(term{[]string{g}, document.Person, full, 0.75, false})
		}
	}
	for _, k := range slices.Sorted(maps.Keys(m.stems)) {
		t := m.stems[k]
		defined := slices.ContainsFunc(m.terms[t.words[0]], func(o term) bool { return len(o.words) == 1 && o.confidence >= 0.9 })
		if !defined {
			m.learn(t)
		}
	}
	for _, f := range slices.Sorted(maps.Keys(m.first)) {
		if full := m.first[f]; full != "" && !m.places[f] {
			m.learnBoth(term{[]string{f}, document.Org, full, 0.75, false})
		}
	}
}

// shortFor says whether short is a short form that can stand for m alone: the
// beginning of an organisation's name or its initials, or a person's surname. A
// role or a common noun ("the Company") is none.
func (p *page) shortFor(short []string, m document.Mention) bool {
	const generic = opener | party | orgHead | orgTail | month | docketLabel | courtHead | judgeTitle | honorific | place
	full := nameWords(m.Normalized)
	if len(short) == 0 || len(short) >= len(full) {
		return false
	}
	if m.Type == document.Person {
		return strings.EqualFold(strings.Join(short, " "), strings.Join(full[len(full)-len(short):], " "))
	}
	if len(short) == 1 && words()[short[0]]&(generic|trade) != 0 {
		return false
	}
	if strings.Trim(short[0], "abcdefghijklmnopqrstuvwxyz") == "" {
		return false
	}
	begins := true
	for i, w := range short {
		begins = begins && strings.EqualFold(w, full[i])
	}
	return begins || len(short) == 1 && (initialsOf(short[0], full) || slices.Contains(full, short[0]) && len(short[0]) > 3)
}

// initialsOf says whether short is made of the initials of full's first words, in
// order, at least three.
func initialsOf(short string, full []string) bool {
	short = strings.ReplaceAll(short, ".", "")
	if len(short) < 3 || len(short) > len(full) || short != strings.ToUpper(short) {
		return false
	}
	at := 0
	for _, w := range full {
		if at == len(short) {
			break
		}
		if w[0] == short[at] {
			at++
		} else if !smallWords[strings.ToLower(w)] && (at == 0 || w[0] != short[at-1]) {
			return false // "CMS" is Centers for Medicare and Medicaid Services
		}
	}
	return at == len(short)
}

// findKnown adds to the page's mentions, which are in order without overlaps, the
// terms that the document has given. A term replaces what lies within it.
func (p *page) findKnown(kept []document.Mention) []document.Mention {
	if len(p.memory.terms) == 0 {
		return kept
	}
	barred := p.cases
	out := make([]document.Mention, 0, len(kept)+len(kept)/4)
	k, end := 0, 0
	for i := 0; i < len(p.tokens); i++ {
		t := p.tokens[i]
		if t.start < end {
			continue
		}
		for k < len(kept) && kept[k].End <= t.start {
			out = append(out, kept[k])
			k++
		}
		for len(barred) > 0 && barred[0].End <= t.start {
			barred = barred[1:]
		}
		if k < len(kept) && kept[k].Start < t.start || !t.is(upper|digit) && t.class&particle == 0 || len(barred) > 0 && barred[0].Start <= t.start {
			continue
		}
		best, length := term{}, 0
		for _, k := range p.memory.terms[p.word(i)] {
			if (len(k.words) > length || len(k.words) == length && k.confidence > best.confidence) && p.spells(i, k.words) && p.standsAlone(i, i+len(k.words)) {
				best, length = k, len(k.words)
			}
		}
		if length == 0 {
			continue
		}
		found := document.Span{Start: t.start, End: p.nameEnd(i + length)}
		last, ok := k, true
		for ; last < len(kept) && kept[last].Start < found.End; last++ {
			m := kept[last]
			replaces := found.Contains(m.Span) && m.End <= found.End && (found.Len() > m.Len() || best.typ != m.Type && best.confidence > m.Confidence)
			ok = ok && replaces && (m.Type == document.Person || m.Type == document.Org || m.Type == document.Location)
		}
		if !ok {
			continue
		}
		role := ""
		if best.typ == document.Person {
			role = p.roleOf(i, i+length)
		} else if best.typ == document.Org {
			role = p.orgRole(i, found.Start, found.End)
		}
		out = append(out, document.Mention{Type: best.typ, Span: found, Text: p.text[found.Start:found.End], Normalized: best.normalized, Confidence: best.confidence, Role: role})
		k, end = last, found.End
	}
	return append(out, kept[k:]...)
}

// spells says whether the tokens from i on are words.
func (p *page) spells(i int, words []string) bool {
	if i+len(words) > len(p.tokens) {
		return false
	}
	for k, w := range words {
		t := p.tokens[i+k]
		if p.word(i+k) != w || k > 0 && !t.before.simple() && t.before != amp && !(t.before.listed() && (t.class&(nameTail|orgTail) != 0 || len(words) > 2)) {
			return false
		}
	}
	return true
}

// evidence are words that follow a short form which names a paper.
var evidence = map[string]bool{
	"Aff": true, "Tr": true, "Dep": true, "Decl": true, "Br": true, "Affidavit": true, "Declaration": true, "Deposition": true, "Transcript": true, "Affirmation": true,
	"Test": true, "Report": true, "Ex": true,
}

// standsAlone says whether the name in tokens [i, end) is no part of a longer one.
func (p *page) standsAlone(i, end int) bool {
	if i > 0 && p.tokens[i].before != newline {
		b := p.tokens[i-1]
		sentence := b.is(dot) && !b.is(initial) && len(p.word(i-1)) > 3
		if p.tokens[i].before == amp || p.tokens[i].before == joined && b.is(upper) && b.class&(opener|party|honorific|judgeTitle|judgeTail) == 0 && !b.is(genitive) && !sentence {
			return false
		}
	}
	if end >= len(p.tokens) || p.tokens[end-1].is(genitive) {
		return true
	}
	next := p.tokens[end]
	if next.class&nameTail != 0 && (next.before.simple() || next.before.listed()) && !p.headsLine(end) {
		return strings.EqualFold(p.word(end), "esq") || strings.EqualFold(p.word(end), "esquire")
	}
	if next.before == amp {
		return false
	}
	return !(next.before == joined && next.is(upper) && !p.tokens[end-1].is(dot)) || evidence[p.word(end)] || next.class&party != 0 || next.class&opener != 0 && !next.is(caps)
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
