package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// findCorrespondents finds who wrote a letter or a mail and to whom.
func (p *page) findCorrespondents() {
	for i, t := range p.tokens {
		if t.class&opener == 0 || !t.is(upper) {
			continue
		}
		switch p.word(i) {
		case "From", "FROM", "To", "TO", "Cc", "CC", "Bcc":
			if strings.HasPrefix(p.text[t.end:], ":") && p.startsQuoted(i) {
				p.mailHeader(i)
			}
		case "Dear":
			if p.start == 0 && p.startsLine(i) && t.start < 2*maxCaption/3 && !p.memory.greeted {
				p.memory.greeted = true
				p.addressees(i)
			}
		}
	}
}

// startsQuoted says whether token i is the first of its line, which may be quoted.
func (p *page) startsQuoted(i int) bool {
	before := strings.TrimRight(p.text[max(0, p.tokens[i].start-24):p.tokens[i].start], " \t>*|")
	return before == "" && p.tokens[i].start < 24 || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, "\f")
}

// mailHeader finds the people that a mail's header at token i names.
func (p *page) mailHeader(i int) {
	role := "recipient"
	if strings.EqualFold(p.word(i), "from") {
		role = "sender"
	}
	stop := strings.IndexByte(p.text[p.tokens[i].end:], '\n')
	if stop < 0 {
		stop = len(p.text)
	} else {
		stop += p.tokens[i].end
	}
	for k := i + 1; k < len(p.tokens) && p.tokens[k].start < stop; k++ {
		p.memory.mailed = true
		sep := p.text[p.tokens[k-1].after():p.tokens[k].start]
		if !strings.ContainsAny(sep, ":;,<>\"“(") && k > i+1 || strings.HasSuffix(sep, "<") || p.tokens[k].class&honorific != 0 {
			continue
		}
		if n := p.lastFirst(k, stop); n > k {
			start, stop := p.tokens[k].start, p.tokens[n-1].end
			last, first, _ := strings.Cut(p.text[start:stop], ",")
			p.add(document.Person, start, stop, properName(strings.TrimSpace(first)+" "+last), 0.9, role)
			k = n - 1
			continue
		}
		end := p.lineEnd(k, p.nameAt(k))
		if p.surnames(k, end) < 2 || p.goesOn(end) || p.tokens[end-1].end > stop {
			continue
		}
		p.person(k, end, 0.9, role)
		k = end - 1
	}
}

// lastFirst is the index after the name that token k begins with the surname: "Roe, Jane
// <jroe@…>". It is k if there is none.
func (p *page) lastFirst(k, stop int) int {
	if k+1 >= len(p.tokens) || !p.nameWord(k) || p.tokens[k+1].before != comma || !p.nameWord(k+1) || p.tokens[k+1].start >= stop {
		return k
	}
	end := k + 2
	for end < len(p.tokens) && end < k+4 && p.tokens[end].before == joined && p.tokens[end].start < stop && (p.tokens[end].is(initial) || len(p.word(end)) == 1) {
		end++
	}
	rest := strings.TrimLeft(p.text[p.tokens[end-1].after():min(len(p.text), p.tokens[end-1].after()+4)], "\"” .")
	if rest == "" || rest[0] != '<' && rest[0] != '[' && rest[0] != '(' {
		return k
	}
	return end
}

// apartFrom is what may follow a name that has a line, or a cell of one, to itself.
var apartFrom = regexp.MustCompile(`^(?:[ \t]*(?:\n|$|\t|   |\|)|,? (?:Esq|ESQ|Jr|M\.D|Ph\.D|CPA)|,[ \t]*\n)`)

// nameLine is the index after the name that token i begins, if it has its line or
// its cell to itself, or i.
func (p *page) nameLine(i int) int {
	if !p.nameWord(i) && p.tokens[i].class&particle == 0 {
		return i
	}
	end := p.lineEnd(i, p.nameAt(i))
	if p.surnames(i, end) < 2 || p.goesOn(end) || !apartFrom.MatchString(window(p.text, p.nameEnd(end))) {
		return i
	}
	for k := i; k < end; k++ {
		if p.tokens[k].class&(trade|place) != 0 && p.tokens[k].class&firstName == 0 {
			return i
		}
	}
	return end
}

// addressees finds the names that have lines to themselves above the "Dear" at token
// i. Those in the last block of lines before it, or before its subject, are who the
// letter is to.
func (p *page) addressees(i int) {
	const most = 2500
	from := max(0, p.tokens[i].start-most)
	blank, block := true, 0
	type hit struct{ first, end, block int }
	var hits []hit
	last := 0
	rows := p.rows(from, p.tokens[i].start)
	for _, r := range rows {
		text := strings.TrimSpace(p.text[r.start:max(r.start, r.end)])
		if text == "" {
			blank = true
			continue
		}
		if blank {
			block++
			blank = false
		}
		lower := strings.ToLower(text)
		subject := strings.HasPrefix(lower, "re:") || strings.HasPrefix(lower, "re ") || strings.HasPrefix(lower, "subject") || strings.HasPrefix(lower, "via ") || strings.HasPrefix(lower, "by ")
		first := p.at(r.start)
		if !subject && first < i {
			if p.tokens[first].class&honorific != 0 {
				first++
			}
			if end := p.nameLine(first); end > first && first < len(p.tokens) {
				hits = append(hits, hit{first, end, block})
				last = max(last, block)
			}
		}
	}
	dated := p.dateBlock(from, i)
	for _, h := range hits {
		if p.belowPost(h.first) {
			p.companyLine(h.first, h.end)
			continue
		}
		role := ""
		if h.block == last && p.tokens[h.first].start > dated {
			role = "recipient"
		}
		p.person(h.first, h.end, 0.82, role)
	}
}

// dateBlock is where the first date between offset from and token i ends: the letter's own.
func (p *page) dateBlock(from, i int) int {
	end := 0
	for _, m := range p.mentions {
		if m.Type == document.Date && m.Start >= from && m.End < p.tokens[i].start && (end == 0 || m.End < end) {
			end = m.End
		}
	}
	return end
}

// closing finds who signs below the closing of a letter at token i: "Sincerely,".
func (p *page) closing(i int) bool {
	const farthest = 400
	t := p.tokens[i]
	end := strings.IndexByte(p.text[t.end:min(len(p.text), t.end+40)], '\n')
	if end < 0 || !strings.HasSuffix(strings.TrimRight(p.text[:t.end+end], " \t"), ",") && !p.startsLine(i) {
		return false
	}
	begin := strings.LastIndexByte(p.text[max(0, t.start-40):t.start], '\n')
	if begin < 0 && t.start >= 40 {
		return false
	}
	if words := strings.Fields(p.text[max(0, t.start-40)+begin+1 : t.start]); len(words) > 2 {
		return false
	}
	for k := i + 1; k < len(p.tokens) && p.tokens[k].start < t.end+farthest; k++ {
		if !p.startsLine(k) {
			continue
		}
		if n := p.nameLine(k); n > k {
			role := ""
			if p.memory.kind == document.KindLetter || p.memory.kind == document.KindMail || p.memory.greeted {
				role = "sender"
			}
			p.person(k, n, 0.85, role)
			return true
		}
	}
	return false
}

// belowPost says whether the line above the one that token i begins is a post's alone:
// "President", "Chief Executive Officer".
func (p *page) belowPost(i int) bool {
	start := strings.LastIndexByte(p.text[:p.tokens[i].start], '\n')
	if start < 0 {
		return false
	}
	above := strings.LastIndexByte(p.text[:start], '\n') + 1
	words := strings.Fields(p.text[above:start])
	if len(words) == 0 || len(words) > 6 {
		return false
	}
	for _, w := range words {
		if personNouns[strings.ToLower(strings.Trim(w, ",.&"))] {
			return true
		}
	}
	return false
}

// companyLine records the organisation that has the line of tokens [i, end) to itself.
func (p *page) companyLine(i, end int) {
	start, stop := p.tokens[i].start, p.tokens[end-1].end
	p.add(document.Org, start, stop, orgName(p.text[start:stop], "", false), 0.85, "")
}
