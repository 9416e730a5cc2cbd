package entity

import (
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// maxCaption is how far into a document captions and preambles are looked for, in
// bytes.
const (
	maxCaption  = 12_000
	maxCaptions = 8
)

var (
	versusLine  = regexp.MustCompile(`(?i)^[\s)(\]|:§*\-–—]*(?:v\.?|vs\.?|versus|against)[\s)(\]|:§*.\-–—]*(?:$|(?:\t| {3}|§|\)).*$)`)
	onlyRoles   = regexp.MustCompile(`(?i)^[\W_]*(?:(?:counter|cross|third|party|claim|intervening)[\s\-–—]*)*(?:plaintiff|defendant|petitioner|respondent|appellant|appellee|intervenor|claimant|debtor|movant|relator|applicant|complainant|garnishee)s?(?:[\W_]+(?:and|in[- ]error|pro se|counter|cross|third|party|below|real|interest|in|plaintiff|defendant|petitioner|respondent|appellant|appellee|intervenor|claimant|debtor|movant|relator|applicant)s?)*[\W_]*$`)
	roleInLine  = regexp.MustCompile(`(?i)((?:counter|cross|third[\s\-–—]*party|intervenor|intervening)[\s\-–—]*)?(plaintiff|defendant|petitioner|respondent|appellant|appellee|intervenor|claimant|debtor|movant|relator|applicant|complainant)`)
	captionHead = regexp.MustCompile(`(?i)^\W*(?:case|nos?\.|civil action|criminal action|filed|docket|index no|for publication|not for|page|before|attorneys?|counsel|state bar|tel|fax|email|by:|\d+ u\.s\.|honorable|hon\.|official court|division (?:one|two|three|four|five|six|seven|eight|nine|ten|[ivx]+|\d{1,2})\W*$)`)
	captionOrg  = regexp.MustCompile(`(?i)^,?\s+an? (?:[\w’'-]+ ){0,4}(?:corporation|company|partnership|cooperative|association|organization|nonprofit|municipality|entity|bank|insurer|agency|subdivision|trust|corp|inc|llc)\b`)
)

var lineNumber = regexp.MustCompile(`^[ \t]*(?:[1-9]|1\d|2[0-8])(?:[ \t]+|$)`)

// A row is the left column of a line of a caption.
type row struct{ start, end, column int }

// rows are the lines of p.text[from:to], each without what stands in columns on its
// right.
func (p *page) rows(from, to int) []row {
	var out []row
	for at := from; at < to; {
		end := strings.IndexByte(p.text[at:], '\n')
		if end < 0 {
			end = len(p.text)
		} else {
			end += at
		}
		line := p.text[at:end]
		lead := len(line) - len(strings.TrimLeft(line, " \t)(|:§*"))
		if n := lineNumber.FindString(line); n != "" {
			lead = len(n) // of pleading paper
		}
		cut := len(line)
		for _, sep := range [...]string{"\t", "   ", "§", " )", " |", "|", ") ", " :"} {
			if i := strings.Index(line[lead:], sep); i > 0 {
				cut = min(cut, lead+i)
			}
		}
		out = append(out, row{at + lead, at + len(strings.TrimRight(line[:cut], " \t)|:")), lead})
		at = end + 1
	}
	return out
}

// findCaptions finds the parties above and below each "v." of a document's front.
func (p *page) findCaptions() {
	if p.start > maxCaption {
		return
	}
	front := p.text[:min(len(p.text), maxCaption)]
	if !strings.Contains(front, "v") && !strings.Contains(front, "V") && !strings.Contains(front, "gainst") && !strings.Contains(front, "GAINST") {
		return
	}
	var lines []row
	for at, captions := 0, 0; at < len(front) && captions < maxCaptions; {
		end := strings.IndexByte(front[at:], '\n')
		if end < 0 {
			end = len(front)
		} else {
			end += at
		}
		if end-at < 200 && versusLine.MatchString(front[at:end]) {
			if lines == nil {
				lines = p.rows(0, len(front))
			}
			p.caption(lines, at)
			captions++
		}
		at = end + 1
	}
}

// caption finds the parties on both sides of the "v." on the line that begins at
// offset at.
func (p *page) caption(lines []row, at int) {
	const most = 26
	v, _ := slices.BinarySearchFunc(lines, at, func(r row, at int) int { return r.end - at })
	for v < len(lines) && !versusLine.MatchString(p.line(lines[v])) {
		v++
	}
	first := v
	for first > 0 && v-first < most {
		r := lines[first-1]
		text := p.text[r.start:max(r.start, r.end)]
		if p.inCourt(r) || captionHead.MatchString(text) || strings.HasPrefix(text, "----") || strings.HasPrefix(text, "____") || versusLine.MatchString(text) {
			break
		}
		first--
	}
	p.side(lines[first:v])
	last, above := v+1, ""
	for ended := false; last < len(lines) && last-v < most; last++ {
		r := lines[last]
		text := p.text[r.start:max(r.start, r.end)]
		roles := onlyRoles.MatchString(text)
		if p.inCourt(r) || strings.HasPrefix(text, "----") || strings.HasPrefix(text, "____") || versusLine.MatchString(p.line(r)) {
			break
		}
		if ended && !roles && text != "" && !strings.EqualFold(strings.Trim(text, " ,;"), "and") {
			// Another party may follow "and".
			if !strings.HasSuffix(strings.ToLower(strings.TrimRight(above, " ,;")), "and") {
				break
			}
			ended = false
		}
		ended = ended || roles
		if text != "" {
			above = text
		}
	}
	p.side(lines[v+1 : min(last, len(lines))])
}

func (p *page) line(r row) string {
	end := strings.IndexByte(p.text[r.start:], '\n')
	if end < 0 {
		return p.text[r.start:]
	}
	return p.text[r.start : r.start+end]
}

// at is the index of the first token at or after offset.
func (p *page) at(offset int) int {
	i, _ := slices.BinarySearchFunc(p.tokens, offset, func(t token, at int) int { return t.start - at })
	return i
}

// inCourt says whether the name of a court is on the line of r.
func (p *page) inCourt(r row) bool {
	for _, m := range p.mentions {
		if m.Type == document.Court && m.Start < r.end && r.start < m.End {
			return true
		}
	}
	return false
}

// partyRolesOf are the roles that a line of a caption names.
func partyRolesOf(text string) string {
	role := ""
	for _, m := range roleInLine.FindAllStringSubmatch(text, -1) {
		before, word := strings.ToLower(m[1]), strings.ToLower(m[2])
		switch {
		case strings.HasPrefix(before, "interven"):
			word = "intervenor"
		case strings.HasPrefix(before, "third") && word == "plaintiff", strings.HasPrefix(before, "counter"), strings.HasPrefix(before, "cross") && word != "appellant" && word != "appellee":
			continue
		}
		if word == "applicant" {
			word = "movant"
		}
		role = document.JoinRoles(role, roles[word])
	}
	return role
}

// side finds the parties in the lines of one side of a caption. Each has the roles
// of the next line of roles.
func (p *page) side(lines []row) {
	at := 0
	for n, r := range lines {
		text := p.text[r.start:max(r.start, r.end)]
		if onlyRoles.MatchString(text) {
			p.partiesIn(lines[at:n], partyRolesOf(text))
			at = n + 1
		}
	}
	p.partiesIn(lines[at:], "")
}

// partiesIn finds the parties in lines, which are parted by semicolons, commas and
// "and".
func (p *page) partiesIn(lines []row, role string) {
	const maxColumn = 36
	const maxParties = 40
	var name []int // tokens
	described := false
	found := 0
	flush := func(after int) {
		if len(name) > 0 && found < maxParties {
			p.partyNamed(name, after, role)
			found++
		}
		name = name[:0]
	}
	last := -1
	for _, r := range lines {
		if r.end <= r.start || r.column > maxColumn && !onlyRoles.MatchString(p.text[r.start:r.end]) && len(name) == 0 {
			continue
		}
		for i := p.at(r.start); i < len(p.tokens) && p.tokens[i].start < r.end; i++ {
			t, word := p.tokens[i], strings.ToLower(p.word(i))
			between := " "
			if last >= 0 && i == last+1 {
				between = p.text[p.tokens[last].after():t.start]
			} else if last >= 0 {
				between = p.text[p.tokens[last].after():min(len(p.text), p.tokens[last].after()+1)] + " "
			}
			if strings.Contains(between, "\n\n") && !strings.Contains(between, ",") && len(name) > 0 && role == "" {
				flush(p.tokens[last].after())
			}
			form := corporateForms[word] != "" || t.class&nameTail != 0
			switch {
			case strings.ContainsAny(between, ";"):
				flush(p.tokens[last].after())
				described = false
			case strings.Contains(between, ",") && !form:
				flush(p.tokens[last].after())
				described = (described || !t.is(upper)) && !(t.is(caps) && p.startsLine(i))
			}
			last = i
			if word == "and" {
				loud := t.is(caps) && len(name) > 0 && !p.complete(name)
				if !loud || described {
					flush(t.start)
					next := i + 1
					if next < len(p.tokens) && p.tokens[next].is(upper|digit) {
						described = false
					}
					continue
				}
			}
			if described {
				continue
			}
			small := len(name) > 0 && (t.class&(particle|orgWord) != 0 || smallWords[word])
			if (t.is(upper|digit) || small) && (t.class&opener == 0 || t.is(initial) && len(name) > 0 || small && t.is(caps) || word == "the") && t.class&(party|docketLabel) == 0 || t.class&particle != 0 && !t.is(digit) {
				name = append(name, i)
				continue
			}
			flush(t.start)
			described = !t.is(upper)
		}
	}
	if last >= 0 {
		flush(p.tokens[last].after())
	}
}

// complete says whether the words of a caption's name are one already.
func (p *page) complete(name []int) bool {
	last := name[len(name)-1]
	return p.tokens[last].class&(orgTail|nameTail) != 0 || p.tokens[name[0]].class&firstName != 0 && len(name) > 1 || len(name) == 3 && p.tokens[name[1]].is(initial)
}

// partyNamed records the party whose name is in the tokens name, after which the
// text goes on at offset after.
func (p *page) partyNamed(name []int, after int, role string) {
	for len(name) > 0 {
		t := p.tokens[name[len(name)-1]]
		if !t.is(upper|digit) || smallWords[strings.ToLower(p.word(name[len(name)-1]))] {
			name = name[:len(name)-1]
			continue
		}
		break
	}
	if len(name) > 1 && strings.EqualFold(p.word(name[0]), "the") {
		name = name[1:]
	}
	if len(name) == 0 || name[len(name)-1]-name[0] != len(name)-1 {
		return // in several columns
	}
	first, end := name[0], name[len(name)-1]+1
	small, tails := 0, 0
	for _, i := range name {
		switch w := p.word(i); {
		case strings.EqualFold(w, "doe"), strings.EqualFold(w, "does"), strings.EqualFold(w, "al"), strings.EqualFold(w, "unknown"), (strings.EqualFold(w, "abc") || strings.EqualFold(w, "xyz")) && i == first && len(name) < 4:
			return
		case smallWords[strings.ToLower(w)] && !p.tokens[i].is(initial):
			small++
		case p.tokens[i].class&(orgTail|orgHead|trade) != 0 && i > first:
			tails++
		case p.tokens[i].class&orgHead != 0:
			tails++
		}
		if i > first && p.tokens[i].before == amp {
			small++
		}
	}
	isOrg := captionOrg.MatchString(window(p.text, p.tokens[end-1].after()))
	if !p.tokens[first].is(upper|digit) && p.tokens[first].class&particle == 0 || strings.EqualFold(p.word(first), "in") || strings.EqualFold(p.word(first), "estate") {
		return
	}
	switch {
	case isOrg || small+tails > 0:
	case len(name) == 1:
		t := p.tokens[first]
		if len(p.word(first)) < 4 || t.class&(noName|opener|party|month|place|firstName|docketLabel|judgeTitle) != 0 || role == "" || !p.memory.uncommon(p.word(first)) {
			return
		}
		isOrg = true
	case p.nameAt(first) >= end && p.surnames(first, end) >= 2 && !p.calledByFirst(name):
		if p.mark(document.Person, first, end, role) {
			return
		}
		p.person(first, end, 0.8, role)
		return
	case role == "":
		return
	default:
		for _, i := range name {
			if p.tokens[i].class&noName == 0 && p.tokens[i].is(upper) {
				isOrg = true
			}
		}
	}
	if !isOrg && small+tails == 0 || p.mark(document.Org, first, end, role) {
		return
	}
	start, stop := p.tokens[first].start, p.tokens[end-1].end
	if p.tokens[end-1].is(dot) && p.tokens[end-1].class&orgTail != 0 {
		stop++
	}
	if role == "" && !isOrg {
		return
	}
	normal := orgName(p.text[start:stop], "", false)
	if len(name) == 1 {
		normal = properName(p.text[start:stop])
	}
	p.add(document.Org, start, stop, normal, 0.8, role)
}

// calledByFirst says whether the document goes on to call the party of two words or
// more that are no given names by the first of them, as it calls organisations.
func (p *page) calledByFirst(name []int) bool {
	end := len(name) - 1
	if len(name) < 2 || p.tokens[name[0]].class&firstName != 0 || p.tokens[name[end]].class&nameTail != 0 {
		return false
	}
	for _, i := range name {
		if p.tokens[i].is(initial) || p.tokens[i].class&particle != 0 {
			return false
		}
	}
	first, second, last := capitalize(strings.ToLower(p.word(name[0]))), capitalize(strings.ToLower(p.word(name[1]))), capitalize(strings.ToLower(p.word(name[end])))
	both := strings.Count(p.memory.text, first+" "+second)
	if len(name) > 2 {
		return strings.Count(p.memory.text, first)-both > strings.Count(p.memory.text, last)
	}
	return strings.Count(p.memory.text, first)-both > strings.Count(p.memory.text, last)-both
}

// mark gives the mention in tokens [first, end) that other rules have found the
// role. It says whether there is one.
func (p *page) mark(typ document.EntityType, first, end int, role string) bool {
	start, stop := p.tokens[first].start, p.tokens[end-1].after()
	found := false
	for i, m := range p.mentions {
		if m.Type == typ && m.Start <= start && m.End >= p.tokens[end-1].end && m.End <= stop+1 && m.Start >= start-4 {
			p.mentions[i].Role = document.JoinRoles(m.Role, role)
			found = true
		}
	}
	return found
}
