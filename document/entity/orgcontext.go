package entity

import (
	"strings"

	"github.com/caseload/caseload/document"
)

// describedOrg finds the organisation in "Acme, a Delaware corporation", whose last
// word is token i.
func (p *page) describedOrg(i int) {
	const farthest = 8
	for k := i - 1; k > 0 && i-k < farthest; k-- {
		t := p.tokens[k]
		if w := p.word(k); (w == "a" || w == "an") && t.before.listed() {
			first := p.runBefore(k - 1)
			if first < 0 || k-first == 1 && (p.tokens[first].class&(noName|opener|party|month|place|firstName) != 0 || len(p.word(first)) < 3) {
				return
			}
			start, end := p.tokens[first].start, p.tokens[k-1].after()
			if p.tokens[k-1].is(dot) && p.tokens[k-1].class&orgTail == 0 {
				end = p.tokens[k-1].end
			}
			p.add(document.Org, start, end, orgName(p.text[start:end], "", false), 0.82, p.orgRole(first, start, end))
			return
		}
		if !t.before.simple() && t.before != comma {
			return
		}
	}
}

// runBefore is the first token of the capitalised words that token last ends, or -1.
func (p *page) runBefore(last int) int {
	const longest = 8
	if !p.tokens[last].is(upper) {
		return -1
	}
	first := last
	for first > 0 && last-first < longest {
		t, b := p.tokens[first], p.tokens[first-1]
		if !(t.before == joined || t.before == amp || t.before == newline && (t.is(caps) && b.is(caps) || p.wraps(first))) || b.is(dot) && !b.is(initial) && len(p.word(first-1)) > 3 {
			break
		}
		w := p.word(first - 1)
		small := !b.is(upper) && (w == "of" || w == "the" || w == "and" || w == "for") && first > 1 && p.tokens[first-2].is(upper) && !(w == "for" && forOthers[strings.ToLower(p.word(first-2))])
		if small && w == "of" && first > 2 && p.has(first-3, firstName) && p.tokens[first-2].before == joined {
			break // "Jane Roe of Acme Foods"
		}
		if w == "VS" || w == "V" && b.is(dot) {
			break
		}
		if k := strings.IndexByte(w, '-'); k > 0 && words()[w[:k]]&party != 0 {
			break // Defendant-appellee
		}
		if !b.is(upper) && !small && !(b.is(digit) && p.numberInName(first-1)) || b.class&(opener|party|honorific|judgeTitle|month|docketLabel) != 0 && !small {
			break
		}
		if small && (w == "and" || w == "the") && !p.tokens[first].is(caps) && w == "and" {
			break
		}
		first--
	}
	for first < last && !p.tokens[first].is(upper|digit) {
		first++
	}
	return first
}

// namedOrg finds the organisation that begins with token j, behind a word that says
// what it is: "our bank, Handelsbanken,".
func (p *page) namedOrg(j int) {
	const longest = 5
	const no = noName | opener | party | month | honorific | judgeTitle | docketLabel | firstName | place
	end := j
	for end < len(p.tokens) && end-j < longest && p.tokens[end].is(upper) && (end == j || p.tokens[end].before.simple() || p.tokens[end].before == amp) && p.tokens[end].class&(opener|party|honorific|month) == 0 {
		end++
		if p.tokens[end-1].is(dot | genitive) {
			break
		}
	}
	if end == j || end-j == 1 && (p.tokens[j].class&no != 0 || len(p.word(j)) < 4) || end-j > 1 && p.tokens[j].class&(opener|party|honorific|firstName|docketLabel) != 0 {
		return
	}
	common := 0
	for k := j; k < end; k++ {
		if p.tokens[k].class&noName != 0 {
			common++
		}
	}
	if common == end-j || !p.standsAlone(j, end) && end-j == 1 {
		return
	}
	start, stop := p.tokens[j].start, p.tokens[end-1].end
	p.add(document.Org, start, stop, orgName(p.text[start:stop], "", false), 0.72, p.orgRole(j, start, stop))
}

// surnameTrade are trades that are surnames as well.
var surnameTrade = set("mills stone forge marble glass line rail ranch press paper steel power wells wines spa wind rails towing spirits market")

// foreignForms are forms of business that are English words in capitals.
var foreignForms = map[string]bool{"AS": true, "ASA": true, "SE": true, "SA": true, "NV": true, "BV": true, "OY": true, "AB": true}

// tradeOrg finds the organisation whose name ends with the trade at token k: "Halvorsen
// Foods". What it begins with is no common word.
func (p *page) tradeOrg(k int) {
	foreign := k+1 < len(p.tokens) && p.tokens[k+1].before == joined && foreignForms[p.word(k+1)] && (!p.tokens[k].is(caps) || strings.HasPrefix(p.text[p.tokens[k+1].end:], ","))
	if !foreign && k+1 < len(p.tokens) && (p.tokens[k+1].before == joined && p.tokens[k+1].is(upper) && p.tokens[k+1].class&(opener|party) == 0 && !p.tokens[k].is(dot|genitive) || p.tokens[k+1].before == amp ||
		p.tokens[k+1].before.listed() && corporateForms[strings.ToLower(p.word(k+1))] != "") {
		return
	}
	if k+1 < len(p.tokens) && p.tokens[k+1].before.simple() && p.tokens[k+1].is(upper) && notOrgNext[strings.ToLower(p.word(k+1))] {
		return // "Texas Insurance", before "Code"
	}
	first := p.runBefore(k)
	if first < 0 {
		return
	}
	const common = noName | opener | party | month | docketLabel | judgeTitle | orgTail | trade | streetTail | courtHead
	for first < k && p.tokens[first].class&(opener|party|honorific|judgeTitle|docketLabel) != 0 && !p.tokens[first].is(digit) {
		first++
	}
	for j := k - 1; j > first; j-- {
		if p.word(j) == "of" && !p.ofName(j) && p.tokens[j+1].is(upper) && !p.memory.uncommon(p.word(first)) {
			first = j + 1 // "Sale of Delphos Works"
			break
		}
	}
	proper := 0
	for j := first; j < k; j++ {
		if t := p.tokens[j]; t.is(upper) && t.class&common == 0 {
			proper++
		}
	}
	for first < k-1 && p.tokens[first].class&noName != 0 && p.tokens[first+1].before == newline {
		first++
	}
	if strings.EqualFold(p.word(k), "firm") {
		if first > 0 && p.follows(first, "the") && p.tokens[first-1].is(upper) && proper > 0 {
			first--
		} else if proper == 0 || first == k-1 {
			return
		}
	}
	if proper == 0 || first == k || !strings.EqualFold(p.word(first), "the") && p.tokens[first].class&(common&^(courtHead|trade)) != 0 && p.tokens[first].class&place == 0 && proper < 2 {
		return
	}
	if p.tokens[first].class&firstName != 0 && (surnameTrade[strings.ToLower(p.word(k))] && k-first == 1 || k-first == 2 && p.tokens[first+1].is(initial)) {
		return // Janet T. Mills
	}
	// A heading is in capitals too, a sentence begins with one.
	if f := p.word(first); p.tokens[first].class&(firstName|place) == 0 && len(f) > 2 && p.tokens[first].is(upper) && !p.tokens[first].is(digit) && !strings.EqualFold(f, "the") && !p.memory.uncommon(f) {
		return
	}
	if foreign {
		k++
	}
	start, end := p.tokens[first].start, p.tokens[k].end
	p.add(document.Org, start, end, orgName(p.text[start:end], "", false), 0.78, p.orgRole(first, start, end))
}

// camelCase says whether token i is written as names of firms are: "DataSift".
func (p *page) camelCase(i int) bool {
	w := p.word(i)
	if len(w) < 6 || p.tokens[i].is(caps) || p.tokens[i].class != 0 {
		return false
	}
	humps, low := 0, 0
	for k := 1; k < len(w); k++ {
		switch c := w[k]; {
		case c >= 'A' && c <= 'Z':
			if low >= 2 && k+2 < len(w) && w[k+1] >= 'a' && w[k+1] <= 'z' {
				humps++
			}
			low = 0
		case c >= 'a' && c <= 'z':
			low++
		default:
			return false
		}
	}
	return humps == 1 && !strings.HasPrefix(w, "Mac") && !strings.HasPrefix(w, "Fitz") && !strings.HasPrefix(w, "Page") && low >= 2
}
