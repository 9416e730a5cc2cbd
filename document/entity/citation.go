package entity

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/caseload/caseload/document"
)

// cited is a full citation seen.
type cited struct {
	page       int // its first; 0 if not a number
	normalized string
}

// cite remembers a full citation of a volume.
func (m *memory) cite(volume string, c cited) {
	if m.cited == nil {
		m.cited = make(map[string][]cited)
	}
	m.cited[volume] = append(m.cited[volume], c)
}

// meant is the full citation that a short form of the volume with a pin cite
// means: the last before it that begins on or before that page.
func (m *memory) meant(volume, pin string) (string, bool) {
	const far = 32
	page, err := strconv.Atoi(pin)
	seen := m.cited[volume]
	for _, c := range slices.Backward(seen[max(0, len(seen)-far):]) {
		if err != nil || c.page <= page {
			return c.normalized, true
		}
	}
	return "", false
}

var (
	// citePage follows the reporter: a nominative reporter or publisher in
	// parentheses, then the page, which may be blank in slip opinions.
	citePage = rx(`_(?:[(\[](?:(\d{1,2} (?:& \d{1,2} )?)?[A-Z][\w.&'’]*(?: [\w.&'’]+){0,4}|[Nn]\._[Ss]\.|P-H|\d{4},?)[)\]],?)?(?:,? (?:[Pp]age |p\. )?|_)(?:[¶P]_|par\. )?` +
		`(\d{1,3}(?:,\d{3})+|\d{1,6}|\x5F{2,}|-{2,}|[—–]{2,}|[IVXLC]{2,7}|[ivxlc]{2,7})`)
	// tableSuffix marks decisions that are published in a table or online only.
	tableSuffix = regexp.MustCompile(`^[(\[]([AU])[)\]]`)
	// shortPage follows the reporter in a short form.
	shortPage = rx(`,? at (?:\*)?(\d{1,6}|\x5F{2,}|-{2,})`)
	// pin is one pin cite after the page.
	pin       = rx(`,(?: at)? (?:&_)?(?:\*|¶¶?_|nn?\._)?(?:\d{1,5}|\x5F{2,})(?:[-–]\*?\d{1,5})?(?: ?\&? ?nn?\._\d{1,3}(?:[-–]\d{1,3})?)?`)
	courtYear = rx(` \((?:[A-Z0-9][^()\n]*(?:\n[^()\n]*)?)?\b(1[5-9]\d\d|20\d\d)(?:,? (?:en banc|per curiam))?\)`)
)

// citation finds a case citation that begins with the number at token i.
func (p *page) citation(i int) int {
	t := p.tokens[i]
	w := window(p.text, t.start)
	if t.end-t.start == 4 || t.end-t.start > 6 {
		if end := p.neutralCitation(t.start, w); end > 0 {
			return p.tokenAt(i, end)
		}
	}
	if i+1 >= len(p.tokens) || !p.tokens[i+1].before.simple() || t.is(dot) || t.end-t.start > 7 || !p.tokens[i+1].is(upper) {
		return i
	}
	volume := p.word(i)
	if !volumeNumber.MatchString(volume) {
		return i
	}
	if name, confidence, next := p.reporterAt(i+1, t.start); name != "" {
		if n := p.citationOf(i, volume, name, confidence, next); n > i {
			return n
		}
	}
	if name, confidence, next := p.unknownReporter(i+1, t.start); name != "" {
		return p.citationOf(i, volume, name, confidence, next)
	}
	return i
}

// volumeNumber is a volume: 410, 71A, 2010-1.
var volumeNumber = regexp.MustCompile(`^\d{1,4}(?:-\d|[A-C])?$`)

// citationOf reads on behind the volume at token i and a reporter that ends
// before token next.
func (p *page) citationOf(i int, volume, name string, confidence float64, next int) int {
	t := p.tokens[i]
	at := p.tokens[next-1].after()
	rest := window(p.text, at)
	if m := shortPage.FindStringSubmatchIndex(rest); m != nil {
		return p.shortForm(i, volume, name, rest[m[2]:m[3]], at+m[1])
	}
	m := citePage.FindStringSubmatchIndex(rest)
	if m == nil || m[5] < len(rest) && isAlnumTail(rest[m[5]:]) {
		return i
	}
	pageText := strings.ReplaceAll(rest[m[4]:m[5]], ",", "")
	end := at + m[5]
	if end < len(p.text) && (p.text[end] >= 'a' && p.text[end] <= 'f' || p.text[end] == 'A' || p.text[end] == 'B') {
		pageText += p.text[end : end+1]
		end++
	}
	if m := tableSuffix.FindStringSubmatch(window(p.text, end)); m != nil {
		pageText += "(" + m[1] + ")"
		end += len(m[0])
	}
	if strings.Trim(pageText, "_-—–") == "" {
		// A slip opinion's blank page is that of any case of the volume.
		pageText, confidence = "___", 0.4
	}
	normalized := volume + " " + name + " " + pageText
	number, _ := strconv.Atoi(pageText)
	p.memory.cite(volume+" "+name, cited{number, normalized})
	end = p.citationTail(end)
	p.add(document.CaseCitation, t.start, end, normalized, confidence, "")
	p.caseName(i)
	return p.tokenAt(i, end)
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

// reporterAt finds the longest reporter in the tokens from i on, for a citation
// that starts at offset start. next is the index of the token after it; name is
// empty if there is none.
func (p *page) reporterAt(i, start int) (name string, confidence float64, next int) {
	const longest = 8
	key := make([]byte, 0, 48)
	var found reporter
	for j := i; j < len(p.tokens) && j < i+longest; j++ {
		t := p.tokens[j]
		if j > i && t.before != joined && t.before != newline && t.before != amp && !(t.before == apart && adjoins(p.text, p.tokens[j-1], t)) {
			break
		}
		for k := t.start; k < t.end; k++ {
			switch c := p.text[k]; {
			case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
				key = append(key, c)
			case c >= 'A' && c <= 'Z':
				key = append(key, c+'a'-'A')
			}
		}
		if r, ok := reporters()[string(key)]; ok {
			found, next = r, j+1
		}
	}
	if found.name != "" {
		last := p.tokens[next-1]
		bare := !last.is(dot) && !last.is(digit) && strings.Contains(found.name, ".") && !strings.Contains(p.word(next-1), ".") &&
			found.name != "U.S." && !strings.Contains(found.name, " ") && next == i+1 && !isSeries(found.name[len(found.name)-2:])
		if (found.weak || bare && !endsInSeries(p.word(next-1))) && !p.evidence(start, last.after()) {
			return "", 0, 0
		}
		if found.weak || bare {
			return found.name, 0.7, next
		}
		return found.name, 0.97, next
	}
	return "", 0, 0
}

func endsInSeries(s string) bool {
	return strings.HasSuffix(s, "2d") || strings.HasSuffix(s, "3d") || strings.HasSuffix(s, "th")
}

// adjoins says whether b follows a with nothing but a's full stop between, as in
// "Cal.App.".
func adjoins(text string, a, b token) bool { return text[a.end:b.start] == "." || a.end == b.start }

// evidence says whether what is around a possible citation shows that it is
// one: a case's name before, a court and year after.
func (p *page) evidence(start, end int) bool {
	before := p.text[max(0, start-90):start]
	if strings.Contains(before, " v. ") || strings.Contains(before, "\nv. ") || strings.Contains(before, " v.\n") || strings.Contains(before, "In re ") {
		return true
	}
	rest := window(p.text, end)
	m := citePage.FindStringIndex(rest)
	if m != nil && strings.Contains(rest[:m[1]], "¶") {
		return true
	}
	return m != nil && courtYear.MatchString(window(p.text, end+m[1]))
}

// unknownReporter takes a run of abbreviations for a reporter that the tables
// do not hold, where the text says that it is one.
func (p *page) unknownReporter(i, start int) (name string, confidence float64, next int) {
	abbreviated := 0
	for next = i; next < len(p.tokens) && next < i+7; next++ {
		t := p.tokens[next]
		if next > i && (!t.before.simple() && t.before != amp) {
			break
		}
		if t.is(digit) {
			if endsInSeries(p.word(next)) && next > i {
				next++
			}
			break
		}
		word := p.word(next)
		if !t.is(upper) || t.class&(month|docketLabel|courtHead|party|honorific|streetTail) != 0 || notReporter[squeeze(word)] {
			return "", 0, 0
		}
		if t.is(dot) && len(word) <= 7 {
			abbreviated++
		} else if t.before != amp && len(word) > 2 {
			return "", 0, 0
		}
	}
	if first := p.word(i); first == "A" || first == "Q" {
		return "", 0, 0 // question and answer
	}
	if next == i || abbreviated == 0 || p.numberedLine(i-1, next) {
		return "", 0, 0
	}
	last := p.tokens[next-1]
	if abbreviated < 2 && !p.evidence(start, last.after()) {
		return "", 0, 0
	}
	return oneLine(p.text[p.tokens[i].start:last.after()]), 0.6, next
}

// numberedLine says whether the number at token i and the one at token next begin
// two lines, as on pleading paper and in transcripts: "5  A. Yes.\n6".
func (p *page) numberedLine(i, next int) bool {
	return next < len(p.tokens) && p.tokens[next].before == newline && p.startsLine(i)
}

// startsLine says whether token i is the first of its line.
func (p *page) startsLine(i int) bool {
	before := strings.TrimRight(p.text[:p.tokens[i].start], " \t")
	return before == "" || before[len(before)-1] == '\n'
}

// notReporter are abbreviations of journals, statutes, streets and the like,
// which stand between numbers too.
var notReporter = squeezedSet(`Rev L.Rev J L.J Q Bull Stat Reg Fed.Reg U.S.C U.S.C.A C.F.R Code Ann Comp Admin St Ave Blvd Rd Ste Apt Dr Hwy Fl
Bldg No Nos Pub Ex Exh Tr Doc Dkt Docs App Art Sec Ch Cl Vol Fig Tbl Mr Mrs Ms Inc Corp Co LLC a.m p.m Id See Cf Al Const Amend Pp P Cong Sess Rec Ops U.N D.C.Code Mass.Gen.Laws
L Law Acts Laws Rules R Rule Jan Feb N S E W NW SW NE SE N.W N.E S.W S.E`)

func squeezedSet(list string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		m[squeeze(w)] = true
	}
	return m
}

// citationTail is the end of a citation whose page ends at end: pin cites, then
// court and year.
func (p *page) citationTail(end int) int {
	for {
		m := pin.FindStringIndex(window(p.text, end))
		if m == nil || p.startsCitation(end, end+m[1]) {
			break
		}
		end += m[1]
	}
	if m := courtYear.FindStringIndex(window(p.text, end)); m != nil && m[1] <= 90 {
		end += m[1]
	}
	return end
}

// startsCitation says whether the number in text[from:to] is the volume of a
// parallel citation rather than a pin cite: a reporter follows.
func (p *page) startsCitation(from, to int) bool {
	rest := window(p.text, to)
	s := strings.TrimLeft(rest, " \n\t")
	if len(s) == len(rest) || s == "" {
		return false
	}
	if s[0] < 'A' || s[0] > 'Z' {
		return to < len(p.text) && isAlnumTail(rest)
	}
	word := s
	if i := strings.IndexAny(word, " \n,;("); i > 0 {
		word = word[:i]
	}
	return strings.Contains(word, ".") || word == "WL" || word == "US" || reporters()[squeeze(word)].name != ""
}

// shortForm records "410 U.S., at 153".
func (p *page) shortForm(i int, volume, name, at string, end int) int {
	normalized, confidence := volume+" "+name+" at "+at, 0.8
	if full, ok := p.memory.meant(volume+" "+name, at); ok {
		normalized, confidence = full, 0.95
	}
	p.add(document.CaseCitation, p.tokens[i].start, end, normalized, confidence, "")
	return p.tokenAt(i, end)
}

// caseName marks the name of the case cited at token i, if it is there.
func (p *page) caseName(i int) {
	const longest = 24
	end := p.tokens[i].start
	for j := i - 1; j > 0 && j > i-longest; j-- {
		t := p.tokens[j]
		if t.is(digit) && p.tokens[j+1].before == apart {
			return // another citation's tail or an earlier sentence
		}
		w := p.word(j)
		if (w == "v" && t.is(dot) || w == "vs") && p.tokens[j+1].start < end {
			start := j
			for start > 0 && start > j-14 && p.inName(start-1) {
				start--
			}
			p.cases = append(p.cases, document.Span{Start: p.tokens[start].start, End: end})
			return
		}
		if w == "re" && (p.word(j-1) == "In" || p.word(j-1) == "in") || w == "parte" {
			p.cases = append(p.cases, document.Span{Start: p.tokens[j-1].start, End: end})
			return
		}
	}
}

// inName says whether token i may belong to the party's name that the token
// after it is part of.
func (p *page) inName(i int) bool {
	t, next := p.tokens[i], p.tokens[i+1]
	if next.before == apart && !strings.ContainsAny(p.text[t.after():next.start], "'’") {
		return false
	}
	if t.class&opener != 0 || signals[p.word(i)] {
		return false
	}
	return t.is(upper) || t.class&(particle|orgWord) != 0 || t.is(digit) || p.word(i) == "ex" || p.word(i) == "rel" || p.word(i) == "et" || p.word(i) == "al"
}

// signals introduce citations. Source: The Bluebook, rule 1.2.
var signals = map[string]bool{
	"See": true, "see": true, "Cf": true, "cf": true, "Accord": true, "accord": true, "E.g": true, "e.g": true,
	"But": true, "but": true, "Compare": true, "compare": true, "Contra": true, "contra": true, "Under": true, "In": true, "citing": true, "quoting": true,
}
