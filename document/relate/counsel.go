package relate

import (
	"slices"
	"strings"
	"unicode"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// counselFor says who somebody acts for.
	counselFor = regexp.MustCompile(`(?i)\b(?:attorneys?|counsel|lawyers?|solicitors?)(?:\s+of\s+record)?\s+(?:for|to)\b|\brepresent(?:ing|s)\b|\bappear(?:ing|s|ed)\s+(?:on\s+behalf\s+of|for)\b`)
	// throughCounsel says by whom somebody acts.
	throughCounsel = regexp.MustCompile(`(?i)\bby\s+(?:and\s+through\s+)?(?:his|her|its|their)\s+(?:undersigned\s+)?(?:attorneys?|counsel),?\s*$`)
	// appearsFor ends an appearance in the head of an opinion.
	appearsFor = regexp.MustCompile(`(?i)\bfor\s+(?:the\s+)?(?:amic(?:us|i)\s+curiae|` + partyRole.String() + `)(?:[-–—/,\s]+(?:` + partyRole.String() + `))*|\bfor\s+the\s+(?:state|people|commonwealth)\b`)
	// forSovereign is appearsFor of a government.
	forSovereign = regexp.MustCompile(`(?i)\bthe\s+(state|people|commonwealth)$`)
	// appearance is a word that shows a sentence to list who appeared.
	appearance = regexp.MustCompile(`\bwith whom\b|\bbriefs?\b|\bargued\b|\b[Bb]y\b|\bLLP\b|\bP\.\s?[CA]\.|\bPLLC\b|\bAttorney\b|\bSolicitor\b|\bEsq\b`)
	// ofClient is what may stand between such a phrase and the client's name.
	ofClient = regexp.MustCompile(`(?i)^[\s:]*(?:(?:the|\(name of party\)|named|amicus|curiae|and|proposed|lead|below|mr\.?|ms\.?|mrs\.?|dr\.?|` + partyRole.String() + `)[\s,\-–—/:]*)*$`)
	// roleAnd parts a client that is called by its role from who is named next.
	roleAnd = regexp.MustCompile(`(?i)^\s+(?:the\s+)?(?:plaintiff|defendant|petitioner|respondent|appellant|appellee)s?,?\s+and\s+$`)
	// actsFor follows other counsel, not a client: "for Plaintiff and Jane Roe for Defendant".
	actsFor = regexp.MustCompile(`^\s+for\b`)
	// signature is what may stand before a name that a line begins with.
	signature = regexp.MustCompile(`(?i)^(?:\d{1,2}\s+)?[\W_]*(?:/?s/|by:?|(?:copy |copies )?to:?|cc:?|mr\.?|ms\.?|mrs\.?|dr\.?|hon\.?|attn:?|and|[\W_])*$`)
	// prose shows that a line above a signature is none of its block.
	prose = regexp.MustCompile(`(?i)\b(?:respectfully|sincerely|dated?|plaintiffs?|defendants?|petitioners?|respondents?|appellants?|appellees?|court|circuit|motion|order|brief)\b|\bv\.\s`)
)

// Bounds of a signature block.
const (
	maxBlockLines = 40
	maxBlockBytes = 2500
	maxClient     = 80 // bytes between such a phrase and its client
	maxApart      = 60 // bytes between counsel and "counsel for" in prose
)

// findCounsel relates attorneys and firms to those they act for.
func (r *reader) findCounsel() {
	for _, m := range counselFor.FindAllStringIndex(r.text, -1) {
		phrase := document.Span{Start: m[0], End: m[1]}
		line := r.line(phrase.Start)
		if r.inColumns(phrase, line) {
			r.columnBlock(phrase)
			continue
		}
		clients, end := r.clients(phrase)
		if len(clients) == 0 {
			continue
		}
		before := r.text[line.Start:max(line.Start, phrase.Start)]
		before = lineNumbered.ReplaceAllString(before, "")
		if r.headsList(phrase, line) {
			r.listBelow(phrase, end, clients)
		} else if names := r.behindColon(end); len(names) > 0 {
			r.actFor(names, clients, document.Span{Start: phrase.Start, End: end})
		} else if strings.TrimFunc(before, notWord) == "" && !r.wrapped(line) {
			r.block(phrase, end, clients)
		} else if i, ok := r.before(phrase.Start); ok {
			evidence := cover(r.mentions[i].Span, document.Span{Start: phrase.Start, End: end})
			r.represent(i, clients, evidence, likely)
			for k := i - 1; k >= 0 && k > i-6; k-- {
				p, next := r.mentions[k], r.mentions[k+1]
				if p.End > next.Start || !isParty(p.Type) || !alongside.MatchString(r.text[p.End:next.Start]) {
					break
				}
				r.represent(k, clients, cover(p.Span, evidence), likely)
			}
		}
	}
	r.throughCounsel()
	r.representedBy()
	r.headedBlocks()
	r.headedColumns()
	r.bracketed()
	r.ofFirmFor()
	r.governmentCounsel()
	r.possessiveCounsel()
	r.appearances()
}

// lineNumbered begins a line of pleading paper.
var lineNumbered = regexp.MustCompile(`^[ \t]*\d{1,2}[ \t]+`)

// alongside is what stands between counsel who are named together.
var alongside = regexp.MustCompile(`^(?:\s*\([^()\n]{1,40}\))?(?:,?\s+and\s+|,\s*(?:Esq\.?,?\s*)?(?:of\s+|and\s+)?|\s+of\s+)$`)

func notWord(r rune) bool { return strings.ContainsRune(" \t_*[]()|.,:;-–—", r) }

// clients are the entities a phrase like "counsel for" names, or the parties with
// the role it names; end is where it ends.
func (r *reader) clients(phrase document.Span) (clients []string, end int) {
	next := phrase.End + maxClient
	from, to := r.within(document.Span{Start: phrase.End, End: next})
	for _, m := range r.mentions[from:to] {
		if !isParty(m.Type) {
			continue
		}
		if _, party := r.parties[m.Entity]; !party && len(r.parties) > 0 && roleAnd.MatchString(r.text[phrase.End:m.Start]) {
			next = m.Start // the next counsel: "for Plaintiff, and Jane Roe"
			break
		}
		if r.nextBlock(phrase.End, m) {
			next = m.Start
			break
		}
		if ofClient.MatchString(r.text[phrase.End:m.Start]) && !actsFor.MatchString(r.window(m.End, m.End+10)) {
			return r.furtherClients(m)
		}
		next = m.Start
		break
	}
	after := r.window(phrase.End, next)
	role := partyRole.FindStringIndex(after)
	if role == nil {
		return r.clientsByTerm(after, phrase.End)
	}
	if !ofClient.MatchString(after[:role[0]]) {
		group := groupOf.FindStringSubmatch(after[:role[0]])
		if group == nil {
			return nil, 0
		}
		return r.inGroup(group[1], partyRoles(after[role[0]:role[1]])), phrase.End + role[1]
	}
	line, _, _ := strings.Cut(after[role[0]:], "\n")
	if i := strings.IndexAny(line, ".;("); i >= 0 {
		line = line[:i]
	}
	return r.withRoles(partyRoles(line)), phrase.End + role[0] + len(line)
}

// nextBlock says whether m, beneath "counsel for" and a role, heads the block of further
// counsel: it is no party, and either an attorney or beneath a gap.
func (r *reader) nextBlock(from int, m document.Mention) bool {
	gap := r.text[from:m.Start]
	if _, party := r.parties[m.Entity]; party || len(partyRoles(m.Role)) > 0 || !strings.Contains(gap, "\n") || partyRole.FindString(gap) == "" {
		return false
	}
	if strings.Contains(m.Role, "attorney") {
		return true
	}
	return (m.Type == document.Person || firmLike.MatchString(m.Text)) && (strings.Contains(gap, "\n\n") || strings.ContainsRune(gap, '\f'))
}

// withRoles are the parties that have one of the first of roles and, if they are
// known in full, all of them: "plaintiff-appellee" is not every appellee.
func (r *reader) withRoles(roles []string) []string {
	var all, some []string
	for id, of := range r.parties {
		n := 0
		for _, role := range roles {
			if slices.Contains(of, role) {
				n++
			}
		}
		if n > 0 {
			some = append(some, id)
		}
		if n == len(roles) && n > 0 {
			all = append(all, id)
		}
	}
	if len(all) == 0 {
		all = some
	}
	slices.Sort(all)
	return all
}

// before is the person or organisation that ends shortly before position at, in
// the same sentence.
func (r *reader) before(at int) (int, bool) {
	from, to := r.within(document.Span{Start: at - maxApart - 200, End: at})
	for i := to - 1; i >= from; i-- {
		m := r.mentions[i]
		if m.End > at || !isParty(m.Type) {
			continue
		}
		gap := r.text[m.End:at]
		if strings.Contains(gap, "\n\n") {
			return i, false
		}
		return i, len(gap) <= maxApart && !strings.ContainsAny(gap, ";\f") && !strings.Contains(gap, ". ") && !prose.MatchString(gap)
	}
	return 0, false
}

// block relates the names of the signature block that a phrase at the start of a
// line closes, or heads, to the clients.
func (r *reader) block(phrase document.Span, end int, clients []string) {
	top := phrase.Start
	var attorneys []int
	for range maxBlockLines {
		line, blanks, ok := r.lineBefore(top)
		if !ok && line.Len() == 0 || blanks > 2 || line.Start >= top || phrase.Start-line.Start > maxBlockBytes ||
			strings.ContainsRune(r.text[line.Start:top], '\f') || counselFor.MatchString(r.slice(line)) {
			break
		}
		names := r.signers(line)
		if len(names) == 0 && (prose.MatchString(r.slice(line)) || blockHead.MatchString(r.slice(line))) || proSe.MatchString(r.slice(line)) {
			break
		}
		attorneys = append(attorneys, names...)
		top = line.Start
		if !ok {
			break
		}
	}
	if len(attorneys) == 0 {
		attorneys, end = r.signersBelow(end)
	}
	var persons, firms []int
	for _, i := range attorneys {
		m := r.mentions[i]
		if slices.Contains(clients, m.Entity) {
			continue
		}
		if m.Type == document.Person {
			persons = append(persons, i)
		} else if _, party := r.parties[m.Entity]; !party {
			firms = append(firms, i)
		}
		evidence := cover(m.Span, cover(phrase, document.Span{Start: phrase.Start, End: end}))
		if evidence.Len() > maxEvidence {
			evidence = m.Span
		}
		r.represent(i, clients, evidence, likely)
	}
	r.members(persons, firms)
}

// blockHead stands above the first line of a block.
var blockHead = regexp.MustCompile(`(?i)^[\w\s,]{3,60}:$`)

// signersBelow are the names of a block that the phrase ending at position at
// heads, down to a blank line.
func (r *reader) signersBelow(at int) (attorneys []int, end int) {
	end = at
	for range maxBlockLines {
		line, ok := r.lineAfter(end)
		if !ok || strings.Count(r.text[end:line.Start], "\n") > 1 || counselFor.MatchString(r.slice(line)) {
			break
		}
		names := r.signers(line)
		if len(names) == 0 && (len(attorneys) == 0 || prose.MatchString(r.slice(line))) {
			break
		}
		attorneys = append(attorneys, names...)
		end = line.End
	}
	return attorneys, end
}

// signers are the people and organisations that a line begins with.
func (r *reader) signers(line document.Span) []int {
	from, to := r.within(line)
	for i := from; i < to; i++ {
		if m := r.mentions[i]; isParty(m.Type) && signature.MatchString(r.text[line.Start:m.Start]) {
			return []int{i}
		}
	}
	// The firm of a signature may stand beside the date.
	for i := from; i < to; i++ {
		if m := r.mentions[i]; m.Type == document.Org && firmLike.MatchString(m.Text) && strings.HasSuffix(r.text[line.Start:m.Start], "   ") {
			return []int{i}
		}
	}
	return nil
}

// throughCounsel finds "X, by and through its attorneys, Y".
func (r *reader) throughCounsel() {
	for i, y := range r.mentions {
		if !isParty(y.Type) || !saysAny(r.window(y.Start-20, y.Start), "counsel", "attorney") || !throughCounsel.MatchString(r.window(y.Start-60, y.Start)) {
			continue
		}
		phrase := r.window(y.Start-60, y.Start)
		start := y.Start - len(phrase) + throughCounsel.FindStringIndex(phrase)[0]
		if x, ok := r.before(start); ok {
			r.represent(i, []string{r.mentions[x].Entity}, cover(r.mentions[x].Span, y.Span), likely)
		}
	}
}

// appearances finds who the front of an opinion says appeared: passages that
// begin with a name at the start of a line and end in "for appellant".
func (r *reader) appearances() {
	last := 0
	for _, m := range appearsFor.FindAllStringIndex(r.slice(r.front), -1) {
		phrase := document.Span{Start: m[0], End: m[1]}
		if byCounsel.MatchString(r.window(phrase.Start-40, phrase.Start)) {
			continue // findCounsel reads "Attorneys for Plaintiff"
		}
		passage := document.Span{Start: r.paragraph(phrase.Start, last), End: phrase.End}
		passage.Start = r.lastSentence(passage)
		last = phrase.End
		from, to := r.within(passage)
		if from == to || r.mentions[from].Start > passage.Start+3 || !isParty(r.mentions[from].Type) || !appearance.MatchString(r.slice(passage)) {
			continue
		}
		clients := r.withRoles(partyRoles(r.slice(phrase)))
		if s := forSovereign.FindStringSubmatch(r.slice(phrase)); s != nil {
			clients = r.withRoles([]string{strings.ToLower(s[1])})
		}
		named := r.namedBehind(phrase)
		if len(named) > 0 {
			clients = named
		}
		for i := from; i < to; i++ {
			if isParty(r.mentions[i].Type) {
				r.represent(i, clients, passage, likely)
			}
		}
	}
}

// amici begins the name of whom an appearance is for, behind the role.
var amici = regexp.MustCompile(`(?i)^\s*(?:curiae)?[\s,]*$`)

// namedBehind are those that an appearance names behind their role.
func (r *reader) namedBehind(phrase document.Span) []string {
	i, to := r.within(document.Span{Start: phrase.End, End: phrase.End + maxClient})
	if i == to || !isParty(r.mentions[i].Type) || !amici.MatchString(r.text[phrase.End:r.mentions[i].Start]) {
		return nil
	}
	if strings.Contains(strings.ToLower(r.slice(phrase)), "amic") {
		r.give(i, "amicus")
	}
	clients, _ := r.furtherClients(r.mentions[i])
	return clients
}

// byCounsel ends before "for Plaintiff" in what is no appearance.
var byCounsel = regexp.MustCompile(`(?i)\b(?:attorneys?|counsel|lawyers?|solicitors?)(?:\s+of\s+record)?\s+$`)

// fullStop ends a line that ends a sentence; an initial or "Jr." does not.
var fullStop = regexp.MustCompile(`(?:[a-z0-9)”’"]|[A-Z]{2})[.:]$`)

// notFullStop ends lines like one, but the sentence goes on.
var notFullStop = regexp.MustCompile(`\b(?:Jr|Sr|Esq|Mr|Ms|Mrs|Dr|Inc|Co|Corp|Ltd|No)\.$`)

// sentenceEnd is a full stop between two sentences of a line or paragraph.
var sentenceEnd = regexp.MustCompile(`(?:[a-z0-9)”’"]{2}|[A-Z]{2})\.\s+\pL`)

// lastSentence is the start of the last sentence that begins in s.
func (r *reader) lastSentence(s document.Span) int {
	start := s.Start
	for _, m := range sentenceEnd.FindAllStringIndex(r.slice(s), -1) {
		stop := strings.LastIndexByte(r.text[:s.Start+m[1]], '.')
		if next := r.text[stop+1:]; !notFullStop.MatchString(r.text[start : stop+1]) {
			start = stop + 1 + len(next) - len(strings.TrimLeftFunc(next, unicode.IsSpace))
		}
	}
	return start
}

// paragraph is the start of the passage that holds position at: a line after a
// blank one or a full stop, not before position after.
func (r *reader) paragraph(at, after int) int {
	start := r.line(at).Start
	for start > after {
		line, blanks, ok := r.lineBefore(start)
		text := r.slice(line)
		if !ok || blanks > 0 || at-line.Start > maxEvidence-maxClient || strings.ContainsRune(r.text[line.Start:start], '\f') ||
			fullStop.MatchString(text) && !notFullStop.MatchString(text) {
			return start
		}
		start = line.Start
	}
	// The passage before ended on this line.
	rest := r.text[after:at]
	return at - len(strings.TrimLeft(rest, " ,;.\n"))
}

// represent relates the entity of mention i, unless it is a party itself, to its
// clients.
func (r *reader) represent(i int, clients []string, evidence document.Span, confidence float64) {
	m := r.mentions[i]
	if _, isParty := r.parties[m.Entity]; isParty || slices.Contains(clients, m.Entity) || m.Type == document.Org && governmental.MatchString(m.Text) {
		return
	}
	if len(clients) > 0 && m.Type == document.Person {
		r.give(i, "attorney")
		r.isAttorney[m.Entity] = true
	} else if len(clients) > 0 {
		r.give(i, "firm")
		r.isFirm[m.Entity] = true
	}
	for _, c := range clients {
		r.add(document.Represents, m.Entity, c, evidence, confidence*m.Confidence)
	}
}
