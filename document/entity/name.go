package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// maxName is the most tokens a person's name has.
const maxName = 5

// nameAt is the index after the last token of the person's name that begins with
// token i, or i if none does. A name is one to five capitalised words, initials
// or particles between them, and keeps one style: all capitals or not.
func (p *page) nameAt(i int) int {
	if !p.nameWord(i) && !p.has(i, particle) || !p.tokens[i].is(upper) || p.tokens[i].class&opener != 0 {
		return i
	}
	style := p.tokens[i].flags & caps
	styled := !p.tokens[i].is(initial)
	lineStart := i == 0 || strings.TrimRight(p.text[p.tokens[i-1].end:p.tokens[i].start], " \t.") == "\n" || strings.HasSuffix(strings.TrimRight(p.text[:p.tokens[i].start], " \t"), "\n")
	end := i + 1
	for end < len(p.tokens) && end-i < maxName {
		before, t := p.tokens[end-1], p.tokens[end]
		if !t.before.simple() || before.is(genitive) || before.is(dot) && !before.is(initial) && !abbreviatedName[p.word(end-1)] {
			break
		}
		if t.before == newline && (lineStart || !p.wraps(end) || t.class&nameTail == 0 && p.tokens[end-1].is(dot) && !before.is(initial)) {
			break
		}
		if t.class&particle != 0 && end+1 < len(p.tokens) && p.tokens[end+1].is(upper) && p.tokens[end+1].before == joined && (t.is(upper) || p.nameWord(end+1)) {
			end++
			continue
		}
		if !p.nameWord(end) || t.class&nameTail != 0 || p.isLabel(end, i) {
			break
		}
		if t.before == newline && t.class&(firstName) != 0 && end-i >= 2 {
			break // the next line's name
		}
		if !t.is(initial) && len(p.word(end)) > 1 {
			if styled && t.flags&caps != style && !strings.HasPrefix(p.word(end), "Mc") && !strings.HasPrefix(p.word(end), "Mac") {
				break
			}
			style, styled = t.flags&caps, true
		}
		end++
	}
	for end > i && p.tokens[end-1].class&particle != 0 && !p.tokens[end-1].is(upper) {
		end--
	}
	// "Jr." and the like follow a space or a comma.
	if end < len(p.tokens) && end > i && p.tokens[end].class&nameTail != 0 && !p.headsLine(end) && (p.tokens[end].before.simple() || p.tokens[end].before.listed()) && !strings.EqualFold(p.word(end), "esq") && !strings.EqualFold(p.word(end), "esquire") {
		end++
	}
	return end
}

// headsLine says whether the "II" or "IV" at token i numbers a heading: it begins a
// line or follows a full stop.
func (p *page) headsLine(i int) bool {
	if !isRoman(p.word(i)) {
		return false
	}
	return p.tokens[i].before == newline || p.tokens[i-1].is(dot) && !p.tokens[i-1].is(initial)
}

// isLabel says whether token i is the label of a form's next field rather than the
// end of a name that begins with token first: "Post: Port Ellis\nGuard: …", "Guard:
// Jane Roe Shift: …", "Guard: Jane Roe Shift lead: …".
func (p *page) isLabel(i, first int) bool {
	label := p.tokens[i]
	if i+1 < len(p.tokens) && p.tokens[i+1].before == joined && !p.tokens[i+1].is(upper|digit) && !label.is(dot) {
		label = p.tokens[i+1]
	}
	value, ok := strings.CutPrefix(p.text[label.after():], ":")
	if value = strings.TrimLeft(value, " \t"); !ok || value == "" || value[0] == '\n' {
		return false
	}
	return p.tokens[i].before == newline || first > 0 && strings.TrimSpace(p.text[p.tokens[first-1].after():p.tokens[first].start]) == ":"
}

// wraps says whether the line break before token i is one of running text, or of
// a caption in capitals, rather than of an address or a list.
func (p *page) wraps(i int) bool {
	const (
		prose = 50
		short = 40 // of a line that ends with a ragged margin, before a noun that names often end in
	)
	if p.tokens[i].is(caps) && p.tokens[i-1].is(caps) {
		return !p.leavesColumn(i) && (!p.rightColumn(i-1) || p.rightColumn(i))
	}
	end := p.tokens[i-1].end
	if p.has(i, noName|orgTail) && end >= short && !strings.Contains(p.text[end-short:end], "\n") && strings.TrimRight(p.text[end:p.tokens[i].start], " ") == "\n" {
		return !strings.Contains(p.text[end-short:end], "    ")
	}
	if end < prose || strings.Contains(p.text[end-prose:end], "\n") {
		return false
	}
	// Columns and indented lines do not wrap so.
	return !strings.Contains(p.text[end-prose:end], "    ")
}

// leavesColumn says whether the line before token i ends in a column that stands to the
// right of where token i begins its line: then the two are in different cells.
func (p *page) leavesColumn(i int) bool {
	const most = 200
	end := p.tokens[i-1].end
	line := p.text[max(0, end-most):end]
	line = line[strings.LastIndexByte(line, '\n')+1:]
	cell := 0
	for _, sep := range [...]string{"   ", "|", "\t", "§", ")  "} {
		if k := strings.LastIndex(line, sep); k >= 0 && strings.TrimLeft(line[:k], " \t0123456789") != "" {
			cell = max(cell, k+len(sep))
		}
	}
	if cell == 0 {
		return false
	}
	own := p.text[end:p.tokens[i].start]
	return len(own)-strings.LastIndexByte(own, '\n')-1 < cell-6
}

// rightColumn says whether token i is behind the rule between two columns on its line.
func (p *page) rightColumn(i int) bool {
	from := strings.LastIndexByte(p.text[:p.tokens[i].start], '\n') + 1
	return columnRule.MatchString(p.text[from:p.tokens[i].start])
}

// columnRule is a mark of the rule between two columns, with the space around it.
var columnRule = regexp.MustCompile(`(?:^|[ \t])[)\]}§|][ \t]`)

// abbreviatedName are parts of names that end in a full stop.
var abbreviatedName = map[string]bool{"St": true, "ST": true, "Jr": true, "Sr": true, "Wm": true, "Geo": true, "Chas": true, "Thos": true, "Jas": true, "Ste": true}

// nameWord says whether token i may be part of a person's name.
func (p *page) nameWord(i int) bool {
	t := p.tokens[i]
	if !t.is(upper) || t.is(digit) {
		return false
	}
	w := p.word(i)
	if t.class&(noName|opener|party|orgTail|judgeTail|docketLabel|honorific|streetTail|postal) != 0 {
		return t.is(initial) && len(w) == 1 || t.class&firstName != 0
	}
	if t.class&month != 0 && t.class&firstName == 0 || t.class&orgAlone != 0 {
		return false
	}
	if k := strings.IndexByte(w, '-'); k > 0 && words()[w[:k]]&party != 0 {
		return false // Defendant-appellee
	}
	if strings.ContainsAny(w, "0123456789&") || strings.Contains(w, ".") && !t.is(initial) {
		return false
	}
	return true
}

// nameEnd is the offset behind a name's last token, with the full stop of an
// initial or of "Jr.".
func (p *page) nameEnd(end int) int {
	t := p.tokens[end-1]
	if t.is(dot) && (t.class&nameTail != 0 && !isRoman(p.word(end-1)) || t.is(initial) && end < len(p.tokens) && p.tokens[end].before.simple() && !p.tokens[end].is(upper)) {
		return t.end + 1
	}
	return t.end
}

// surnames counts the name's words that are longer than an initial.
func (p *page) surnames(i, end int) int {
	n := 0
	for ; i < end; i++ {
		if !p.tokens[i].is(initial) && len(p.word(i)) > 1 && p.tokens[i].class&nameTail == 0 {
			n++
		}
	}
	return n
}

// person records the name in tokens [i, end) with the role that the text around
// gives it.
func (p *page) person(i, end int, confidence float64, role string) {
	start, stop := p.tokens[i].start, p.nameEnd(end)
	if role == "" {
		role = p.roleOf(i, end)
	}
	p.add(document.Person, start, stop, properName(p.text[start:stop]), confidence, role)
}

// startsLine says whether token i is the first of its line.
func (p *page) startsLine(i int) bool {
	before := strings.TrimRight(p.text[:p.tokens[i].start], " \t")
	return before == "" || before[len(before)-1] == '\n'
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
