package relate

import (
	"regexp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// Blocks of counsel that stand beside each other in columns, as on the cover of a brief
// or under an agreed order, and lists of whom a paper was served on.

// A cell is what one column of a line holds. Its column is counted in bytes from the
// start of the line.
type cell struct {
	document.Span
	column    int
	index, of int // which of how many in its line
}

// Bounds of a column that is read up or down.
const (
	cellGap      = "   " // parts the cells of a line
	sameColumn   = 5     // bytes by which cells of a column may be out of line
	maxCells     = 16
	maxHeadLines = 3 // of "For Acme Corporation and\nBeta LLC:"
)

// cells are the cells of the line that holds position at.
func (r *reader) cells(at int) (out []cell, line document.Span) {
	from, to := r.runeStart(max(0, at-maxLine)), r.runeStart(min(len(r.text), at+maxLine))
	if i := strings.LastIndexAny(r.text[from:at], "\n\f"); i >= 0 {
		from += i + 1
	}
	if i := strings.IndexAny(r.text[at:to], "\n\f"); i >= 0 {
		to = at + i
	}
	line = document.Span{Start: from, End: to}
	for start := from; start < to; {
		for start < to && strings.IndexByte(" \t|", r.text[start]) >= 0 {
			start++
		}
		end := to
		for _, sep := range [...]string{cellGap, "\t", "|"} {
			if i := strings.Index(r.text[start:end], sep); i >= 0 {
				end = start + i
			}
		}
		if s := r.trim(document.Span{Start: start, End: end}); s.Len() > 0 {
			out = append(out, cell{Span: s, column: s.Start - from, index: len(out)})
		}
		start = max(end, start+1)
	}
	for i := range out {
		out[i].of = len(out)
	}
	return out, line
}

// cellOf is the cell that holds position at.
func (r *reader) cellOf(at int) (cell, bool) {
	all, _ := r.cells(at)
	for _, c := range all {
		if c.Start <= at && at <= c.End {
			return c, true
		}
	}
	return cell{}, false
}

// nextCell is the cell of the line after or before that of position at, in the column of
// c. ok is false if there is no such line on the page; the cell is empty if the column
// is blank there.
func (r *reader) nextCell(at int, c cell, down bool) (next cell, line document.Span, ok bool) {
	_, line = r.cells(at)
	if down {
		if line.End >= len(r.text) || r.text[line.End] == '\f' {
			return next, line, false
		}
		at = line.End + 1
	} else {
		if line.Start == 0 || r.text[line.Start-1] == '\f' {
			return next, line, false
		}
		at = line.Start - 1
	}
	all, line := r.cells(at)
	for _, n := range all {
		if n.column >= c.column-sameColumn && n.column <= c.column+sameColumn {
			return n, line, true
		}
	}
	if len(all) > 1 && len(all) == c.of {
		return all[c.index], line, true // columns that are out of line
	}
	for _, n := range all {
		if n.column < c.column && n.column+n.Len() > c.column+sameColumn {
			return next, line, false // a line across the columns
		}
	}
	return next, line, true
}

// proSe is who acts without a lawyer.
var proSe = regexp.MustCompile(`(?i)\bpro\s+(?:se|per)\b|\bself-represented\b|\bin\s+propria\s+persona\b`)

// blockNames are the people and organisations that the cells of c's column begin with, above
// or below the line of position at: those of one block of counsel.
func (r *reader) blockNames(at int, c cell, down bool) (names []int) {
	blanks, person, firm := 0, false, false
	for range maxCells {
		next, line, ok := r.nextCell(at, c, down)
		if !ok {
			return names
		}
		at = line.Start
		if next.Len() == 0 {
			if blanks++; blanks > 2 || blanks > 1 && len(names) > 0 {
				return names
			}
			continue
		}
		text := r.slice(next.Span)
		found := r.signers(next.Span)
		if counselFor.MatchString(text) || headOfCell.MatchString(text) || proSe.MatchString(text) || len(found) == 0 && (blockHead.MatchString(text) || prose.MatchString(text)) {
			return names
		}
		for _, i := range found {
			isOrg := r.mentions[i].Type == document.Org
			if blanks > 0 && (person && firm || person && !isOrg && !strings.Contains(text, "/s/") && !sameName(r.mentions[names[len(names)-1]], r.mentions[i])) {
				return names // the next block
			}
			person, firm = person || !isOrg, firm || isOrg
			names = append(names, i)
		}
		if len(found) == 0 && blanks > 0 && person && firm {
			return names
		}
		blanks = 0
	}
	return names
}

func sameName(a, b document.Mention) bool { return a.Entity == b.Entity }

// headOfCell begins a cell that heads a block: "For Plaintiff:".
var headOfCell = regexp.MustCompile(`^(?:FOR|For|Counsel for|Attorneys? for|COUNSEL FOR|ATTORNEYS? FOR|On behalf of)\s+(?:the\s+|The\s+|THE\s+)?[A-Z]`)

// actFor relates the attorneys and firms of one block to their clients and to each other.
func (r *reader) actFor(names []int, clients []string, phrase document.Span) {
	var persons, firms []int
	for _, i := range names {
		m := r.mentions[i]
		if slices.Contains(clients, m.Entity) {
			continue
		}
		if _, party := r.parties[m.Entity]; party {
			continue
		}
		if m.Type == document.Person {
			persons = append(persons, i)
		} else {
			firms = append(firms, i)
		}
		r.represent(i, clients, r.evidence(cover(m.Span, phrase)), likely)
	}
	r.members(persons, firms)
}

// columnClients are whom the cell with phrase names behind it, or the cell below it.
func (r *reader) columnClients(phrase document.Span) (clients []string, end int) {
	c, ok := r.cellOf(phrase.Start)
	if !ok {
		return nil, 0
	}
	end = c.End
	clients = r.partiesIn(document.Span{Start: phrase.End, End: c.End})
	rest := r.text[min(phrase.End, c.End):c.End]
	roles := partyRoles(rest)
	amicus := saysAny(rest, "amic")
	for range maxHeadLines {
		goesOn := len(clients) == 0 || strings.HasSuffix(strings.ToLower(rest), " and") || strings.HasSuffix(rest, ",")
		next, line, ok := r.nextCell(c.Start, c, true)
		if !goesOn || !ok || next.Len() == 0 {
			break
		}
		below := r.partiesIn(next.Span)
		if from, _ := r.within(next.Span); len(below) == 0 || from == len(r.mentions) || r.mentions[from].Start > next.Start+len("Defendants ") {
			break
		}
		clients, end, rest = append(clients, below...), next.End, r.slice(next.Span)
		c.Span = document.Span{Start: line.Start, End: next.End}
	}
	if amicus && len(clients) > 0 {
		for _, id := range clients {
			r.giveEntity(id, "amicus")
		}
	}
	if len(clients) == 0 && len(roles) > 0 {
		clients = r.withRoles(roles)
	}
	return clients, end
}

// partiesIn are the people and organisations that are named in s.
func (r *reader) partiesIn(s document.Span) (ids []string) {
	from, to := r.within(s)
	for _, m := range r.mentions[from:to] {
		if isParty(m.Type) && !slices.Contains(ids, m.Entity) {
			ids = append(ids, m.Entity)
		}
	}
	return ids
}

// headedColumns finds blocks that cells head which stand beside each other: "For
// Plaintiff:     For Defendant Acme Corporation:".
func (r *reader) headedColumns() {
	for _, m := range cellHead.FindAllStringIndex(r.text, 64) {
		at := m[1] - 1
		c, ok := r.cellOf(at)
		if !ok || !headOfCell.MatchString(r.slice(c.Span)) {
			continue
		}
		phrase := c.Span
		text, clients, below := r.slice(c.Span), r.partiesIn(c.Span), c.Start
		for n := 0; n < maxHeadLines && !strings.HasSuffix(text, ":"); n++ {
			next, line, ok := r.nextCell(below, c, true)
			if !ok || next.Len() == 0 {
				break
			}
			text, below = r.slice(next.Span), line.Start
			clients = append(clients, r.partiesIn(next.Span)...)
		}
		if !strings.HasSuffix(text, ":") {
			continue
		}
		if len(clients) == 0 {
			clients = r.withRoles(partyRoles(r.slice(phrase)))
		}
		if len(clients) > 0 {
			r.actFor(r.blockNames(below, c, true), clients, phrase)
		}
	}
}

// cellHead is where a cell may begin that heads a block.
var cellHead = regexp.MustCompile(`(?m)(?:^[ \t]*| {3,}|\t)(?:FOR|For|Counsel for|Attorneys? for|COUNSEL FOR|ATTORNEYS? FOR|On behalf of)\s+(?:the\s+|The\s+|THE\s+)?[A-Z]`)

// forInBrackets is "(for Plaintiff)" behind counsel of a list.
var forInBrackets = regexp.MustCompile(`(?i)\((?:attorneys?\s+|counsel\s+)?for\s`)

// bracketed finds "Jane Roe, Roe LLP, 12 Main Street (for Acme Corporation)": counsel who
// begin the line.
func (r *reader) bracketed() {
	for _, m := range forInBrackets.FindAllStringIndex(r.text, 64) {
		clients, end := r.clients(document.Span{Start: m[0], End: m[1] - 1})
		if len(clients) == 0 {
			continue
		}
		line := r.line(m[0])
		from, to := r.within(document.Span{Start: line.Start, End: m[0]})
		var names []int
		for i := from; i < to; i++ {
			if isParty(r.mentions[i].Type) && (len(names) > 0 || signature.MatchString(r.text[line.Start:r.mentions[i].Start]) || copies.MatchString(r.text[line.Start:r.mentions[i].Start])) {
				names = append(names, i)
			}
		}
		r.actFor(names, clients, document.Span{Start: m[0], End: end})
	}
}

// copies stand before whom a paper is sent to.
var copies = regexp.MustCompile(`(?i)^[\s>|]*(?:cc|copy|copies|served|service|via|to|by|mail|e-?mail|e-?service|fax|hand|delivery|first[- ]class|overnight|ecf|cm/ecf|on|[:.,\s|()*•-])*$`)

// ofFirmFor finds "Jane Roe of Roe LLP for Acme Corporation", "John Doe, of Doe PC, for
// Defendant".
func (r *reader) ofFirmFor() {
	for i := 0; i+1 < len(r.mentions); i++ {
		a, f := r.mentions[i], r.mentions[i+1]
		if a.Type != document.Person || f.Type != document.Org || f.Start < a.End || f.Start-a.End > 60 || !besides.MatchString(r.text[a.End:f.Start]) {
			continue
		}
		after := forWhom.FindString(r.window(f.End, f.End+40))
		if after == "" {
			continue
		}
		clients, end := r.clients(document.Span{Start: f.End, End: f.End + len(after) - 1})
		if len(clients) > 0 && !slices.Contains(clients, a.Entity) {
			r.actFor([]int{i, i + 1}, clients, document.Span{Start: f.End, End: end})
		}
	}
}

// forWhom stands between a firm and its client in prose.
var forWhom = regexp.MustCompile(`(?i)^,?\s+(?:(?:appeared|appearing|who\s+(?:appeared|represents))\s+)?(?:for|on\s+behalf\s+of)\s`)

// shareClients gives a firm the clients of its attorneys who act in the matter, and each
// of these those of the firm if they have none.
func (r *reader) shareClients() {
	type act struct{ member, firm string }
	var members []act
	clients := map[string][]document.Relationship{}
	for k, rel := range r.found {
		switch k.typ {
		case document.MemberOf:
			members = append(members, act{k.from, k.to})
		case document.Represents:
			clients[k.from] = append(clients[k.from], rel)
		}
	}
	for _, m := range members {
		if !r.isAttorney[m.member] {
			continue
		}
		for _, rel := range clients[m.member] {
			r.add(document.Represents, m.firm, rel.To, rel.Evidence, rel.Confidence*likely)
		}
		if len(clients[m.member]) == 0 {
			for _, rel := range clients[m.firm] {
				r.add(document.Represents, m.member, rel.To, rel.Evidence, rel.Confidence*likely)
			}
		}
	}
}

// behindColon are the people and organisations that are listed behind the colon at
// position at, up to a blank line.
func (r *reader) behindColon(at int) (names []int) {
	rest := r.window(at, at+maxLine)
	if strings.HasPrefix(rest, ")") {
		at, rest = at+1, rest[1:]
	}
	if !strings.HasPrefix(rest, ":") {
		return nil
	}
	if i := strings.Index(rest, "\n\n"); i >= 0 {
		rest = rest[:i]
	}
	from, to := r.within(document.Span{Start: at, End: at + len(rest)})
	end := at + 1
	for i := from; i < to; i++ {
		m := r.mentions[i]
		if !isParty(m.Type) {
			break
		}
		if m.Start < end || !(len(names) == 0 && onOneLine.MatchString(r.text[end:m.Start]) || len(names) > 0 && (besides.MatchString(r.text[end:m.Start]) || alongside.MatchString(r.text[end:m.Start]))) {
			break
		}
		names, end = append(names, i), m.End
	}
	return names
}

// onOneLine is what stands between a heading and the first name on its line.
var onOneLine = regexp.MustCompile(`^[ \t]{1,30}$`)
