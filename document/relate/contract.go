package relate

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// findContract relates the parties of a contract, the first with each other one; of a
// promise by several, such as a guaranty, each with whom it benefits.
func (r *reader) findContract() {
	const most = 12
	r.findSigningParties()
	var parties []int
	seen := map[string]bool{}
	hub := 0
	for i, m := range r.mentions {
		if m.HasRole("party") && !seen[m.Entity] && len(parties) < most {
			seen[m.Entity] = true
			if benefits.MatchString(r.window(m.Start-40, m.Start)) {
				hub = len(parties)
			}
			parties = append(parties, i)
		}
	}
	for k, i := range parties {
		if k == hub {
			continue
		}
		a, b := r.mentions[parties[hub]], r.mentions[i]
		from, to := min(a.Entity, b.Entity), max(a.Entity, b.Entity)
		r.add(document.ContractsWith, from, to, r.evidence(cover(a.Span, b.Span)), likely*min(a.Confidence, b.Confidence))
	}
}

var (
	byLine    = regexp.MustCompile(`(?:^|[\n \t|])((?:By|BY|Signature|SIGNATURE)\b|/s/)`)
	postLine  = regexp.MustCompile(`(?i)^[\s|]*(?:(?:its|title|position|post|name and title)\b:?\s*)?` + post)
	companyIs = regexp.MustCompile(`(?i)^[\s|]*company\b:?[\s|]*$`)
)

// Bounds of a signature block.
const (
	signLines  = 8
	signColumn = 14 // characters between the beginnings of what stands in one column
)

// column is how far into its line position at is.
func (r *reader) column(at int) int {
	from := max(0, at-maxLine)
	if i := strings.LastIndexAny(r.text[from:at], "\n\f"); i >= 0 {
		return at - from - i - 1
	}
	return at - from
}

// inColumn are the mentions of people and organisations that stand in the column of
// position at on its own line, from there on, or on one of the next lines.
func (r *reader) inColumn(at, lines int, down bool) []int {
	col := r.column(at)
	s := document.Span{Start: at, End: at}
	blanks := 0
	for n := 0; n < lines; {
		var line string
		if down {
			i := strings.IndexByte(r.text[s.End:min(len(r.text), s.End+2*maxLine)], '\n')
			if i < 0 {
				break
			}
			s.End += i + 1
			j := strings.IndexByte(r.text[s.End:min(len(r.text), s.End+2*maxLine)], '\n')
			if j < 0 {
				j = len(r.text) - s.End
			}
			line = r.text[s.End : s.End+j]
		} else {
			i := strings.LastIndexByte(r.text[max(0, s.Start-2*maxLine):s.Start], '\n')
			if i < 0 {
				s.Start = max(0, s.Start-2*maxLine)
				break
			}
			s.Start = max(0, s.Start-2*maxLine) + i
			j := strings.LastIndexByte(r.text[max(0, s.Start-2*maxLine):s.Start], '\n')
			line = r.text[max(0, s.Start-2*maxLine)+j+1 : s.Start]
		}
		if strings.TrimSpace(line) == "" {
			if blanks++; blanks > 3 {
				break
			}
			continue
		}
		n++
	}
	if down {
		if i := strings.IndexByte(r.text[s.End:min(len(r.text), s.End+2*maxLine)], '\n'); i >= 0 {
			s.End += i
		}
	} else if i := strings.LastIndexByte(r.text[max(0, s.Start-2*maxLine):s.Start], '\n'); i >= 0 {
		s.Start = max(0, s.Start-2*maxLine) + i
	}
	var out []int
	from, to := r.within(s)
	for i := from; i < to; i++ {
		if m := r.mentions[i]; isParty(m.Type) {
			c := r.column(m.Start)
			if c >= col-signColumn && c <= col+signColumn || down && r.line(m.Start) == r.line(at) && c >= col && c < col+40 {
				out = append(out, i)
			}
		}
	}
	return out
}

// findSignatures finds who signs for an organisation: the name behind "By" in the
// block that the organisation's name heads.
func (r *reader) findSignatures() {
	for _, m := range byLine.FindAllStringSubmatchIndex(r.text, -1) {
		at := m[2]
		below := r.inColumn(at, 3, true)
		if len(below) == 0 {
			continue
		}
		signer := below[0]
		if r.mentions[signer].Type != document.Person || r.isAttorney[r.mentions[signer].Entity] {
			continue
		}
		p := r.mentions[signer]
		var orgs []int
		above := r.inColumn(at, signLines, false)
		for k := len(above) - 1; k >= 0; k-- {
			o := r.mentions[above[k]]
			if o.Type != document.Org {
				break
			}
			if strings.HasPrefix(r.text[at:], "/s/") && !r.ownCell(o) {
				break
			}
			orgs = append(orgs, above[k])
			if !byBefore.MatchString(r.window(o.Start-8, o.Start)) {
				break
			}
		}
		if len(orgs) == 0 {
			for _, i := range r.inColumn(p.Start, 5, true) {
				if o := r.mentions[i]; o.Type == document.Org && companyIs.MatchString(r.text[r.line(o.Start).Start:o.Start]) {
					orgs = append(orgs, i)
				}
			}
		}
		for n, i := range orgs {
			o := r.mentions[i]
			if o.HasRole("firm") || r.isFirm[o.Entity] || lawFirm.MatchString(o.Text) && r.docket != "" {
				break
			}
			r.add(document.SignsFor, p.Entity, o.Entity, r.evidence(cover(o.Span, p.Span)), likely*min(p.Confidence, o.Confidence))
			if n == 0 && r.titled(below) {
				r.officer(signer, i)
			}
			if n == len(orgs)-1 {
				r.signing = append(r.signing, i)
			}
		}
		r.titleOfSigner(at, signer, orgs)
	}
}

// ownCell says whether a mention has its line, or its cell of one, to itself.
func (r *reader) ownCell(m document.Mention) bool {
	before, after := r.text[r.line(m.Start).Start:m.Start], r.window(m.End, r.line(m.End).End)
	after = strings.TrimLeft(after, ",.")
	return (strings.TrimSpace(before) == "" || strings.HasSuffix(before, "   ")) && (strings.TrimSpace(after) == "" || strings.HasPrefix(after, "   "))
}

// besidePost is a post on the line of the name.
var besidePost = regexp.MustCompile(`(?i)^,[ \t]*(?:its[ \t]+)?` + post)

var byBefore = regexp.MustCompile(`(?i)\bby:?[\s_]*$`)

// titled says whether a post stands below one of the names of a signature.
func (r *reader) titled(names []int) bool {
	for _, i := range names {
		m := r.mentions[i]
		if besidePost.MatchString(r.window(m.End, m.End+80)) {
			return true
		}
		col := r.column(m.Start)
		line := r.line(m.Start)
		for range 3 {
			next, ok := r.lineAfter(line.End)
			if !ok {
				break
			}
			for _, cell := range cells(r.slice(next)) {
				at := next.Start + cell.Start
				c := r.column(at)
				if c >= col-signColumn && c <= col+signColumn && postLine.MatchString(r.text[at:next.Start+cell.End]) {
					return true
				}
			}
			line = next
		}
	}
	return false
}

// cells are the parts of a line that three spaces or a bar separate.
func cells(line string) []document.Span {
	var out []document.Span
	at := 0
	for at < len(line) {
		for at < len(line) && (line[at] == ' ' || line[at] == '\t' || line[at] == '|') {
			at++
		}
		end := len(line)
		for _, sep := range [...]string{"   ", "\t", "|"} {
			if i := strings.Index(line[at:], sep); i >= 0 {
				end = min(end, at+i)
			}
		}
		if end > at {
			out = append(out, document.Span{Start: at, End: end})
		}
		at = end + 1
	}
	return out
}

// titleOfSigner marks who signs.
func (r *reader) titleOfSigner(at, signer int, orgs []int) {
	line := r.line(at)
	if len(orgs) > 0 && (strings.Contains(r.slice(line), "/s/") || strings.Contains(r.slice(line), "s/ ")) {
		r.give(signer, "signatory")
	}
}

var (
	closingLine = regexp.MustCompile(`(?im)^[ \t>]*(?:sincerely|respectfully|very truly yours|yours truly|yours very truly|best regards|kind regards|warm regards|regards|cordially|yours sincerely|yours faithfully|with best regards|best)(?:\s+(?:submitted|yours))?,?[ \t]*$`)
	ccLine      = regexp.MustCompile(`(?im)^[ \t]*(?:cc|copies? to|with copy to|bcc)\b[^\n]{0,40}?:`)
	weActFor    = regexp.MustCompile(`(?i)\b(?:we|i|this\s+(?:firm|office)|our\s+(?:firm|office)|the\s+undersigned)\b[^.]{0,80}?\b(?:represents?|(?:is|are|am)\s+counsel\s+(?:for|to)|on\s+behalf\s+of|ha(?:ve|s)\s+been\s+(?:retained|engaged|hired)\s+by|act(?:s|ing)?\s+for|for)\s+(?:(?:our|my)\s+clients?,?\s+)?(?:the\s+)?(?:(?:plaintiff|defendant|petitioner|respondent)s?,?\s+)?$`)
	ourClient   = regexp.MustCompile(`(?i)\b(?:our|my)\s+clients?[,:]?\s+$`)
	myPartner   = regexp.MustCompile(`(?i)\b(?:my|our)\s+(?:law\s+)?(?:partner|colleague|associate)s?,?\s+$`)
)

// findLetter finds who wrote a letter, to whom a copy went, and whom the writer acts
// for.
func (r *reader) findLetter() {
	if r.kind != document.KindLetter && r.kind != document.KindMail {
		return
	}
	sender := -1
	if all := closingLine.FindAllStringIndex(r.text, 16); len(all) > 0 && r.kind == document.KindLetter {
		from, to := r.within(document.Span{Start: all[0][1], End: all[0][1] + maxLine})
		for i := from; i < to; i++ {
			if r.mentions[i].Type == document.Person {
				r.give(i, "sender")
				sender = i
				break
			}
		}
	}
	for _, m := range ccLine.FindAllStringIndex(r.text, 16) {
		end := m[1] + maxLine
		if i := strings.Index(r.window(m[1], end), "\n\n"); i > 0 {
			end = m[1] + i
		}
		from, to := r.within(document.Span{Start: m[1], End: end})
		for i := from; i < to; i++ {
			if r.mentions[i].Type == document.Person {
				r.give(i, "recipient")
			}
		}
	}
	if sender >= 0 {
		r.actsFor(sender)
	}
}

// actsFor relates the writer of a letter and the firm on its head to whom they say they
// act for.
func (r *reader) actsFor(sender int) {
	firm := -1
	from, to := r.within(document.Span{Start: 0, End: 1500})
	for i := from; i < to; i++ {
		if m := r.mentions[i]; m.Type == document.Org && firmLike.MatchString(m.Text) && !governmental.MatchString(m.Text) {
			firm = i
			break
		}
	}
	var client string
	var evidence document.Span
	lawyers := []int{sender}
	from, to = r.within(r.front)
	for i := from; i < to; i++ {
		m := r.mentions[i]
		if !isParty(m.Type) {
			continue
		}
		if m.Type == document.Person && myPartner.MatchString(r.window(m.Start-30, m.Start)) {
			lawyers = append(lawyers, i)
		}
		if client == "" && m.Entity != r.mentions[sender].Entity && ourClient.MatchString(r.window(m.Start-20, m.Start)) {
			client, evidence = m.Entity, r.line(m.Start)
		}
		if client == "" && m.Start < maxFront/2 && weActFor.MatchString(r.window(m.Start-180, m.Start)) && m.Entity != r.mentions[sender].Entity {
			client, evidence = m.Entity, r.sentence(m.Span)
		}
	}
	if client == "" {
		return
	}
	if firm >= 0 && r.mentions[firm].Entity != client {
		r.represent(firm, []string{client}, evidence, likely)
	}
	for _, i := range lawyers {
		r.represent(i, []string{client}, evidence, likely)
		if firm >= 0 && r.mentions[firm].Entity != client {
			r.member(i, firm)
		}
	}
}
