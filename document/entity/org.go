package entity

import (
	"strings"
	"sync"

	"github.com/caseload/caseload/document"
)

var agencyNames = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	for _, line := range strings.Split(agencies, "\n") {
		short, name, _ := strings.Cut(line, "=")
		m[short] = name
	}
	return m
})

// orgAcronyms is the agencies' acronyms as a word list.
var orgAcronyms = func() string {
	var b strings.Builder
	for _, line := range strings.Split(agencies, "\n") {
		short, _, _ := strings.Cut(line, "=")
		b.WriteString(short + " ")
	}
	return b.String()
}()

// findOrgs finds organisations by the word that ends their name, the word that
// begins it, or their acronym.
func (p *page) findOrgs() {
	for i := range p.tokens {
		t := p.tokens[i]
		if !t.is(upper) {
			continue
		}
		if t.class&orgAlone != 0 && t.is(caps) {
			p.acronym(i)
		}
		if t.class&orgTail != 0 {
			p.orgBefore(i)
			if i > 0 && p.tokens[i-1].is(genitive) {
				p.genitiveOrg(i)
			}
		}
		if t.before == amp && i > 0 {
			p.ampersandOrg(i)
		}
		if t.class&orgHead != 0 {
			p.orgFrom(i)
		}
		if (p.word(i) == "United" || p.word(i) == "UNITED") && hasPhrase(window(p.text, t.start), "United States of America") {
			end := t.start + phraseLength(window(p.text, t.start), "United States of America")
			if p.ofLaw(i) {
				p.add(document.Location, t.start, end, "United States of America", 0.9, "")
				continue
			}
			p.add(document.Org, t.start, end, "United States of America", 0.95, p.orgRole(i, t.start, end))
		}
	}
}

// ofLaw says whether the state whose name begins with token i is named for its law:
// "the laws of the State of Texas".
func (p *page) ofLaw(i int) bool {
	const near = 5
	for k := i - 1; k >= 0 && i-k <= near; k-- {
		switch strings.ToLower(p.word(k)) {
		case "law", "laws", "courts", "within", "resident", "citizen", "jurisdiction", "in":
			return true
		case "of", "the", "and", "under", "substantive", "internal":
		default:
			return false
		}
	}
	return false
}

// acronym records an agency's acronym that stands alone.
func (p *page) acronym(i int) {
	t := p.tokens[i]
	if t.end-t.start < 3 && !p.follows(i, "the") {
		return
	}
	if i > 0 && p.tokens[i-1].is(caps) && p.tokens[i].before.simple() || i+1 < len(p.tokens) && p.tokens[i+1].is(caps) && p.tokens[i+1].before.simple() {
		return // a line in capitals
	}
	p.add(document.Org, t.start, t.end, agencyNames()[p.word(i)], 0.85, "")
}

// follows says whether the word before token i is word.
func (p *page) follows(i int, word string) bool {
	return i > 0 && p.tokens[i].before.simple() && strings.EqualFold(p.word(i-1), word)
}

// orgBefore finds the organisation whose name token k ends.
func (p *page) orgBefore(k int) {
	tail := strings.ToLower(p.word(k))
	form, isForm := corporateForms[tail]
	isForm = isForm && tail != "company" && tail != "limited" && tail != "corporation"
	// The name may go on to a later tail: "Bard Company, Inc.".
	for k+1 < len(p.tokens) && p.has(k+1, orgTail) && p.tokens[k+1].is(upper) && (p.tokens[k+1].before.simple() || p.tokens[k+1].before.listed() && corporateForms[strings.ToLower(p.word(k+1))] != "") {
		return
	}
	if k+1 < len(p.tokens) && p.tokens[k+1].before.simple() && p.tokens[k+1].is(upper) && !isForm && notOrgNext[strings.ToLower(p.word(k+1))] {
		return
	}
	if p.word(k) == "CO" && p.tokens[k].before.listed() && k+1 < len(p.tokens) && p.tokens[k+1].is(digit) {
		return // Boulder, CO 80302
	}
	if p.agencyBefore(k) {
		return
	}
	first := p.orgStart(k, tail)
	if first == k || (tail == "corporation" || tail == "company" || tail == "association") && (p.follows(first, "a") || p.follows(first, "an")) && p.tokens[first].is(caps) {
		return
	}
	for first < k-1 && p.tokens[first].class&nameTail != 0 && !p.tokens[first].is(digit) && !isRoman(p.word(first)) {
		first++ // "Jane Roe, Esq.\nRoe LLP"
	}
	names := 0
	for j := first; j < k; j++ {
		if p.tokens[j].is(upper) || p.tokens[j].is(digit) {
			names++
		}
	}
	alone := names == 1 && loneTails[tail] && p.tokens[k-1].class == 0 && len(p.word(k-1)) > 3 && !p.tokens[k].is(caps) && p.memory.uncommon(p.word(k-1))
	if names == 0 || !isForm && weakTails[tail] && names < 2 && !alone && !(tail == "company" || tail == "corporation" || lone[tail] && p.tokens[first].class == 0 && p.memory.uncommon(p.word(first))) || p.genericOrg(first, k) {
		return
	}
	start, end := p.tokens[first].start, p.tokens[k].end
	if p.tokens[k].is(dot) && isForm && !strings.HasSuffix(p.text[:end], "LLC") && !strings.HasSuffix(p.text[:end], "LLP") {
		end++
	}
	if !isForm {
		end = p.orgOf(k, end)
		if n := k + 1; end == p.tokens[k].end && n < len(p.tokens) && p.tokens[n].before == comma && (p.word(n) == "S.C" || p.word(n) == "P.S" || p.word(n) == "L.C") && tail != "company" {
			end = p.tokens[n].after() // a service corporation, not South Carolina
		}
	}
	confidence := 0.8
	if isForm {
		confidence = 0.95
	} else if names >= 2 {
		confidence = 0.85
	}
	p.add(document.Org, start, end, orgName(p.text[start:end], form, isForm), confidence, p.orgRole(first, start, end))
}

// lone are tails that a single word before them makes a name if it is no other word:
// "Truist Bank".
var lone = map[string]bool{"bank": true, "hospital": true, "college": true, "foundation": true, "partners": true, "industries": true, "systems": true}

// notOrgNext follow an organisation's noun in phrases that name no organisation.
var notOrgNext = map[string]bool{
	"act": true, "code": true, "rule": true, "rules": true, "order": true, "policy": true, "clause": true, "agreement": true, "member": true, "members": true,
	"court": true, "judge": true, "attorney": true, "counsel": true, "law": true, "of": false, "notice": true, "clerk": true, "line": true, "compact": true, "plan": true,
}

// orgStart walks back from an organisation's last token k to its first.
func (p *page) orgStart(k int, tail string) int {
	const longest = 10
	firm := tail == "llp" || tail == "p.a" || tail == "pllc" || tail == "p.c" || tail == "p.l.l.c" || tail == "l.l.p"
	lines := 0
	first := k
	for first > 0 && k-first < longest {
		t, next := p.tokens[first-1], p.tokens[first]
		word := p.word(first - 1)
		owner := t.is(genitive) && p.ownersName(first, k, tail)
		switch {
		case owner:
		case next.before == commaNL && first == k && corporateForms[tail] != "", next.before == comma && first == k && corporateForms[tail] != "":
		case (next.before == comma || next.before == commaNL) && firm && t.is(upper) && !t.is(dot) && !p.fullName(first-1):
		case next.before == amp:
		case next.before.simple():
			if next.before == newline {
				if !p.wraps(first) {
					return p.orgTrim(first, k)
				}
				if lines++; lines > 1 {
					return p.orgTrim(first, k)
				}
			}
		default:
			return p.orgTrim(first, k)
		}
		if t.is(genitive) && !owner && !(next.before == joined) {
			return p.orgTrim(first, k)
		}
		if t.is(initial) && len(word) == 1 && strings.HasPrefix(p.text[t.after():], "  ") && p.startsLine(first-1) {
			return p.orgTrim(first, k) // the letter of a list's item
		}
		if t.class&(party|judgeTitle|month) != 0 && t.class&orgTail == 0 && !p.roleInName(first-1) || t.class&honorific != 0 && t.is(dot) || signals[word] && word != "In" {
			return p.orgTrim(first, k)
		}
		if t.class&opener != 0 && !ordinalWord[word] {
			return p.orgTrim(first, k)
		}
		if !t.is(upper) {
			lower := t.class&orgWord != 0 && (word == "of" && p.ofName(first-1) || word == "de" || word == "for" && first > 1 && p.has(first-2, noName|orgTail|orgHead) && !forOthers[strings.ToLower(p.word(first-2))]) || next.before == amp || word == "the" && first > 1 && (p.word(first-2) == "of" || p.word(first-2) == "for") || word == "and" && first > 1 && p.innerAnd(first-1)
			if !lower && !t.is(digit) {
				return p.orgTrim(first, k)
			}
			if t.is(digit) && t.end-t.start > 4 {
				return p.orgTrim(first, k)
			}
		}
		// A full stop ends the sentence before, unless it is an abbreviation's.
		if t.is(dot) && !t.is(initial) && len(word) > 4 && t.class&orgTail == 0 {
			return p.orgTrim(first, k)
		}
		if t.is(dot) && (word == "v" || word == "vs" || word == "V" || word == "VS") || word == "v" || word == "versus" || word == "dba" || word == "d/b/a" {
			return p.orgTrim(first, k)
		}
		if t.class&orgTail != 0 && corporateForms[strings.ToLower(word)] != "" && next.before.listed() {
			return p.orgTrim(first, k)
		}
		first--
	}
	return p.orgTrim(first, k)
}

// roleInName says whether the role at token i is a word of a name: "Bascombe Creditor
// Services Group".
func (p *page) roleInName(i int) bool {
	switch strings.ToLower(p.word(i)) {
	case "creditor", "debtor", "trustee", "counsel", "witness", "receiver":
		return i > 0 && p.tokens[i].before == joined && p.tokens[i-1].is(upper) && p.tokens[i-1].class&^firstName == 0 && !p.tokens[i-1].is(dot|genitive) && p.tokens[i].before == joined && p.tokens[i+1].class&(orgTail|trade|noName) != 0
	}
	return false
}

// fullName says whether token i is the last of several words in a row: in the list
// of a firm's names, which are surnames, that is a person of the firm.
func (p *page) fullName(i int) bool {
	return i > 0 && p.tokens[i].before == joined && p.tokens[i-1].is(upper) && p.tokens[i-1].class&(opener|orgHead|orgTail) == 0
}

// ofName says whether the "of" at token i is inside a name: what it belongs to is
// an organisation ("Bank of"), or what follows is a place ("of Texas"). In "Jane
// Roe of" or "Director of" it is not.
func (p *page) ofName(i int) bool {
	if i == 0 || i+1 >= len(p.tokens) {
		return false
	}
	if p.has(i-1, orgTail|orgHead) || headsOrg[strings.ToLower(p.word(i-1))] {
		return true
	}
	next := i + 1
	if strings.EqualFold(p.word(next), "the") && next+1 < len(p.tokens) {
		next++
	}
	return p.has(next, place|stateAbbr) || strings.EqualFold(p.word(next), "america")
}

// forOthers end the names of organisations that act "for" somebody named behind them.
var forOthers = map[string]bool{"group": true, "partners": true, "company": true, "holdings": true, "services": true, "bank": true, "district": true, "department": true, "hospital": true, "university": true}

var ordinalWord = map[string]bool{"First": true, "Second": true, "Third": true, "Fourth": true, "Fifth": true, "FIRST": true, "One": true, "Two": true, "Three": true}

// innerAnd says whether the "and" at token i joins words of one name, such as
// "Food and Drug Administration", rather than two names.
func (p *page) innerAnd(i int) bool {
	return p.has(i+1, noName) && p.has(i-1, noName) && p.tokens[i-1].is(upper) && p.tokens[i+1].is(upper) && p.tokens[i].before == joined
}

// orgTrim drops small words that the walk back ended on.
func (p *page) orgTrim(first, k int) int {
	for first < k && (!p.tokens[first].is(upper) && !p.tokens[first].is(digit) || p.tokens[first].is(digit) && !p.numberInName(first)) {
		first++
	}
	return first
}

// numberInName says whether the number that token i begins with is part of the
// name that follows, rather than a page's, a list's or a footnote's: it has
// letters ("3M") or stands in running text.
func (p *page) numberInName(i int) bool {
	if p.tokens[i+1].before != joined {
		return false
	}
	if strings.Trim(p.word(i), "0123456789") != "" {
		return true
	}
	if n := p.tokens[i]; n.end-n.start >= 2 && p.word(i) > "28" && (i == 0 || n.before != joined) {
		return true // pleading paper has 28 lines
	}
	return i > 0 && p.tokens[i].before == joined && (!p.tokens[i-1].is(upper|digit|dot) || p.tokens[i-1].class&party != 0)
}

// genericOrg says whether the words before token k describe rather than name:
// "Insurance Company", "District Board".
func (p *page) genericOrg(first, k int) bool {
	for j := first; j < k; j++ {
		if p.tokens[j].is(digit) && strings.Trim(p.word(j), "0123456789") != "" {
			return false // "3M"
		}
		if p.tokens[j].is(upper) && p.tokens[j].class&(noName|orgTail|orgHead) == 0 {
			return false
		}
		if p.tokens[j].class&(place|stateAbbr) != 0 {
			return false
		}
	}
	// Three such words are a name all the same: "Federal Trade Commission".
	return k-first < 2 || strings.EqualFold(p.word(k), "district")
}

// orgOf runs an organisation's end at token k on over "of Northern California".
func (p *page) orgOf(k, end int) int {
	j := k + 1
	if j+1 >= len(p.tokens) || p.word(j) != "of" && p.word(j) != "OF" || !p.tokens[j].before.simple() {
		return end
	}
	last := j
	for n := j + 1; n < len(p.tokens) && n-j < 6; n++ {
		t := p.tokens[n]
		if !t.before.simple() && t.before != amp || t.before == newline && (!p.wraps(n) || t.is(upper) && p.repeats(j, n)) || p.tokens[n-1].is(dot) && len(p.word(n-1)) > 2 || p.tokens[n-1].is(genitive) {
			break
		}
		if t.class&month != 0 && (t.class&firstName == 0 || n+1 < len(p.tokens) && p.tokens[n+1].is(digit)) {
			break // "the Board of June 12"
		}
		if t.is(upper) && (t.class&(party|opener) == 0 || strings.EqualFold(p.word(n), "counsel") && strings.EqualFold(p.word(k), "office")) || t.is(upper) && ordinalWord[p.word(n)] {
			last = n
			continue
		}
		if w := p.word(n); w != "the" && w != "of" && w != "OF" && w != "THE" && !(w == "and" && p.innerAnd(n)) {
			break
		}
	}
	if last == j {
		return end
	}
	return p.tokens[last].end
}

// repeats says whether token n is a word that stands among tokens [from, n) already:
// beneath them another name begins.
func (p *page) repeats(from, n int) bool {
	for i := from; i < n; i++ {
		if p.tokens[i].is(upper) && strings.EqualFold(p.word(i), p.word(n)) {
			return true
		}
	}
	return false
}

// orgFrom finds "University of X", "Department of X", "City of X".
func (p *page) orgFrom(i int) {
	t := p.tokens[i]
	if t.is(dot) || t.is(genitive) {
		return
	}
	end := p.orgOf(i, 0)
	if end == 0 {
		return
	}
	head := strings.ToLower(p.word(i))
	if (head == "city" || head == "county" || head == "town" || head == "village" || head == "borough") && p.ofLaw(i) && !p.tokens[i].is(caps) {
		p.add(document.Location, t.start, end, oneLine(p.text[t.start:end]), 0.85, "")
		return
	}
	if (head == "county" || head == "parish") && p.inVenue(i) {
		p.add(document.Location, t.start, end, oneLine(p.text[t.start:end]), 0.9, "")
		return
	}
	if (head == "state" || head == "commonwealth") && p.inVenue(i) {
		return
	}
	object := strings.ToLower(p.word(i + 2))
	if head == "board" && (object == "directors" || object == "managers" || object == "trustees" && i+3 < len(p.tokens) && p.follows(i+3, "trustees") && p.word(i+3) == "of") && end > p.tokens[i+2].end {
		return // the board of the organisation named behind it
	}
	switch head {
	case "order", "office", "board", "division", "friends", "sons", "people", "society", "port", "commissioner", "institutes", "ministry", "secretary":
		if object == "appeals" || object == "directors" && end == p.tokens[i+2].end || object == "the" && i+3 < len(p.tokens) && strings.EqualFold(p.word(i+3), "clerk") || object == "immigration" && head == "board" || object == "law" {
			return
		}
	case "state", "commonwealth":
		if p.ofLaw(i) {
			return
		}
		if _, ok := stateNames[strings.ToLower(oneLine(p.text[p.tokens[i+2].start:end]))]; !ok {
			// "State of Missouri Department of …" ends at the state's name.
			if i+3 < len(p.tokens) {
				if _, ok := stateNames[object]; ok {
					end = p.tokens[i+2].end
				} else if _, ok := stateNames[object+" "+strings.ToLower(p.word(i+3))]; ok {
					end = p.tokens[i+3].end
				} else {
					return
				}
			} else {
				return
			}
		}
	}
	first := i
	switch head {
	case "department", "bureau", "board", "office", "bank", "church", "federation", "association", "division", "society", "commissioner", "college", "institute", "chamber":
		for first > 0 && i-first < 4 && p.tokens[first].before.simple() && (p.tokens[first].before == joined || p.wraps(first)) && p.tokens[first-1].is(upper) && p.tokens[first-1].class&(opener|party|judgeTitle|honorific) == 0 && (!p.tokens[first-1].is(dot) || p.tokens[first-1].is(initial)) {
			first--
		}
		if p.follows(first, "court") {
			return
		}
	}
	start := p.tokens[first].start
	p.add(document.Org, start, end, orgName(p.text[start:end], "", false), 0.87, p.orgRole(first, start, end))
}

// orgRole is the role that the text next to an organisation gives it.
func (p *page) orgRole(first, start, end int) string {
	if first > 0 && p.tokens[first].before.simple() && (p.word(first-1) == "of" || p.word(first-1) == "the" && first > 1 && p.word(first-2) == "of") {
		return ""
	}
	rest := window(p.text, end)
	if m := afterName.FindStringSubmatchIndex(rest); m != nil {
		space := rest[:m[2]]
		if word := rest[m[2]]; strings.ContainsAny(space, ",\n") && (word >= 'A' && word <= 'Z' || strings.Contains(space, ",")) {
			role := roles[strings.ToLower(rest[m[2]:m[3]])]
			if !personal[role] {
				return role
			}
		}
	}
	if first > 0 && (p.tokens[first].before == joined || p.tokens[first].before == newline && p.wraps(first)) && p.has(first-1, party) {
		before := strings.ToLower(p.word(first - 1))
		if k := strings.IndexByte(before, '-'); k > 0 {
			before = before[:k]
		}
		if role := roles[strings.TrimSuffix(before, "s")]; !personal[role] {
			return role
		}
	}
	return ""
}

// personal are roles that people have and organisations do not.
var personal = map[string]bool{"attorney": true, "clerk": true, "witness": true}

// orgName is an organisation's normal form.
func orgName(s, form string, isForm bool) string {
	s = oneLine(s)
	shout := s == strings.ToUpper(s) && strings.Contains(s, " ")
	words := strings.Fields(s)
	if isForm {
		last := len(words) - 1
		words[last] = form
		if last > 0 {
			words[last-1] = strings.TrimSuffix(words[last-1], ",")
		}
	}
	for i, w := range words {
		if !shout || isForm && i == len(words)-1 {
			continue
		}
		lower := strings.ToLower(w)
		switch {
		case smallWords[lower] && i > 0:
			words[i] = lower
		case len(strings.Trim(w, ",")) <= 3 && !vowelWord(lower), strings.Contains(strings.TrimRight(w, ".,"), "."), isRoman(w):
		default:
			words[i] = capitalize(lower)
		}
	}
	return strings.Join(words, " ")
}

// vowelWord says whether a short word is one rather than an acronym: it has a
// vowel between or before consonants.
func vowelWord(s string) bool {
	return len(s) == 3 && strings.ContainsAny(s[1:2], "aeiouy")
}
