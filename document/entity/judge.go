package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// judgeBefore is a judge's title before a name; the part before the last word
// may be missing.
var judgeBefore = rx(`(?:(?:Judge|JUDGE|Justice|JUSTICE|Chancellor)\b|Hon\.|HON\.|(?:Honorable|HONORABLE)\b):?(?: (?:Chief |Associate |CHIEF |ASSOCIATE )?(?:Judge|JUDGE|Justice|JUSTICE)\b)?`)

// titledJudge finds "Judge Jane Roe", "Hon. Jane Roe", "JUSTICE ROE".
func (p *page) titledJudge(i int) {
	t := p.tokens[i]
	m := judgeBefore.FindStringIndex(window(p.text, t.start))
	if m == nil {
		return
	}
	next := p.tokenAt(i, t.start+m[1])
	if next >= len(p.tokens) || strings.Trim(p.text[t.start+m[1]:p.tokens[next].start], " \t\n") != "" || strings.Count(p.text[t.start+m[1]:p.tokens[next].start], "\n") > 1 {
		return
	}
	end := p.nameAt(next)
	if p.surnames(next, end) == 0 || p.titleOfLineAbove(i, next) {
		return
	}
	// "Under honorable conditions" is a phrase: a surname alone needs "the".
	if strings.EqualFold(p.word(i), "honorable") && p.tokenAt(i, t.start+m[1]) == i+1 && p.surnames(next, end) == 1 && !p.follows(i, "the") {
		return
	}
	start, stop := p.tokens[next].start, p.nameEnd(end)
	confidence := 0.95
	if p.surnames(next, end) == 1 {
		confidence = 0.88
	}
	p.add(document.Judge, start, stop, properName(p.text[start:stop]), confidence, "")
}

// titleOfLineAbove says whether the title at token i, with a line break before the
// name at token next, belongs to a name on the line above instead.
func (p *page) titleOfLineAbove(i, next int) bool {
	if p.tokens[next].before != newline {
		return false
	}
	for i > 0 && p.tokens[i].before == joined && judgeModifier[strings.ToLower(p.word(i-1))] {
		i--
	}
	if i < 2 || p.tokens[i].before != newline && p.tokens[i].before != commaNL {
		return false
	}
	k := i - 1
	return (p.nameWord(k) || p.has(k, nameTail)) && (p.tokens[k].before == joined || p.tokens[k].before == comma) && p.tokens[k-1].is(upper)
}

var judgeModifier = map[string]bool{
	"chief": true, "magistrate": true, "district": true, "circuit": true, "associate": true, "senior": true, "presiding": true, "bankruptcy": true, "the": true,
	"honorable": true, "administrative": true, "law": true, "mr": true, "u.s": true, "vice": true, "acting": true,
}

// judgeAfter is a judge's title behind a name or a list of names.
var judgeAfter = rx(`(?:,_|[\t\x20]*\n[\t\x20]*)(?:(?:Senior|SENIOR|Chief|CHIEF|Acting|Presiding|PRESIDING|Associate|ASSOCIATE|United States|UNITED STATES|U\._S\.|Circuit|CIRCUIT|District|DISTRICT|Bankruptcy|BANKRUPTCY|Magistrate|MAGISTRATE|Administrative|Law|Court of Appeals|(?:Superior|Circuit|District|Family|Probate|Municipal|Trial|County|Chancery|Bankruptcy) Court|Vice|Special|Trial|Retired|State) )*` +
	`(?:Judges?\b|JUDGES?\b|Justices?\b|JUSTICES?\b|Chancellor\b|C\.J\.|P\.J\.|J\.P\.|JJ\.|J\.|Ch\._J\.|A\.?P\.?J\.|A\.C\.J\.|D\.J\.|M\.J\.|U\.S\.D\.J\.|U\.S\.M\.J\.|J\.A\.D\.)`)

// titleGoesOn matches what follows a title that belongs to the next name.
var titleGoesOn = regexp.MustCompile(`^ [A-Z]`)

// findJudgeLists finds judges whose title follows: "Roe, Circuit Judge", "Before
// Roe, Doe, and Poe, Circuit Judges", "ROE, C.J., and DOE, JJ.".
func (p *page) findJudgeLists() {
	for i := 0; i < len(p.tokens); i++ {
		t := p.tokens[i]
		if !t.is(upper) || !p.nameWord(i) {
			continue
		}
		end := p.nameAt(i)
		if end == i {
			continue
		}
		stop := p.tokens[end-1].end
		if p.tokens[end-1].is(dot) && (p.tokens[end-1].class&nameTail != 0) {
			stop++
		}
		m := judgeAfter.FindStringIndex(window(p.text, stop))
		if m == nil {
			i = end - 1
			continue
		}
		title := p.text[stop : stop+m[1]]
		if !strings.HasSuffix(title, "s") && !strings.HasSuffix(title, ".") && titleGoesOn.MatchString(window(p.text, stop+m[1])) && !nextIs(p.text[stop+m[1]:], "Pro", "Presiding", "Tempore") {
			continue // "In Smith, Judge Roe held"
		}
		if p.surnames(i, end) == 0 || i > 0 && p.tokens[i].before.simple() && p.has(i-1, judgeTitle) {
			continue
		}
		p.judge(i, end)
		lower := strings.ToLower(title)
		if strings.Contains(lower, "judges") || strings.Contains(lower, "justices") || strings.Contains(title, "JJ.") {
			p.judgesBefore(i)
		}
		i = end - 1
	}
}

func (p *page) judge(i, end int) {
	start, stop := p.tokens[i].start, p.nameEnd(end)
	p.add(document.Judge, start, stop, properName(p.text[start:stop]), 0.94, "")
}

// judgesBefore records the names of a list before token i, the first of the
// name that the plural title follows.
func (p *page) judgesBefore(i int) {
	for n := 0; n < 16 && i > 0; n++ {
		k := i - 1
		if strings.EqualFold(p.word(k), "and") {
			k--
		} else if !p.tokens[i].before.listed() {
			return
		}
		if k < 0 {
			return
		}
		between := p.text[p.tokens[k].after():p.tokens[i].start]
		if strings.Contains(between, "\n\n") {
			return
		}
		first := k
		for first > 0 && k-first < maxName-1 && p.nameWord(first-1) && p.tokens[first].before.simple() && p.tokens[first-1].class&opener == 0 {
			first--
		}
		if p.has(k, nameTail) && first == k && k > 0 {
			first = k - 1
			for first > 0 && p.nameWord(first-1) && p.tokens[first].before.simple() {
				first--
			}
		}
		end := p.nameAt(first)
		if !p.nameWord(first) || p.surnames(first, end) == 0 || end <= k && !p.has(k, nameTail) {
			return
		}
		p.judge(first, end)
		i = first
	}
}
