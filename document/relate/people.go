package relate

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// post is what a person is in an organisation.
const post = `(?:(?:[\w&/’'.-]+[ \t]*\n?[ \t]*){0,5}?(?:president|officer|director|manager|managing member|sole member|executive|secretary|treasurer|general counsel|scientist|engineer|head|partner|` +
	`superintendent|supervisor|controller|comptroller|chair(?:man|woman|person)?|ceo|cfo|coo|cto|founder|owner|principal|foreman|administrator|analyst|accountant|bookkeeper|buyer|` +
	`\w{3,}ologist|physician|surgeon|nurse|pharmacist|dentist|paralegal|registrar|curator|librarian|professor|dean|provost|broker|trader|underwriter|actuary|auditor|economist|architect|electrician|mechanic|driver|pilot|steward|warden|surveyor|salesman|salesperson|saleswoman|representative|coordinator|specialist|custodian of records|editor|planner|adjuster|inspector|technician|foreperson|dispatcher|captain|chef|vice president|chemist|geologist|[es]?vp|gc|` +
	`(?:senior|corporate|in-house|deputy|associate|chief|staff) (?:legal )?counsel)\b)`

// Whose post somebody has. Each is tried between two names that follow each other.
var (
	postOf      = regexp.MustCompile(`(?i)^,?\s*(?:who\s+(?:is|was|has been|serves as)|is|was|has been|serves as|served as|as|\()?\s*(?:then|now|currently|formerly)?\s*(?:the|an?|its|their)?\s*` + post + `[^.;()\n]{0,50}\s+(?:of|at|for|with)\s+(?:the\s+)?(?:(?:plaintiff|defendant|debtor)s?\s+)?$`)
	postAfter   = regexp.MustCompile(`(?i)^,[^.;()\n]{2,60},?\s+(?:is|was|has been|serves as|served as)\s+(?:then\s+)?(?:the\s+|an?\s+)?` + post + `[^.;()\n]{0,50}\s+(?:of|at|for|with)\s+(?:the\s+)?$`)
	postComma   = regexp.MustCompile(`(?i)^,\s*(?:the\s+|an?\s+)?` + post + `[^.;()\n,]{0,30},\s+(?:of\s+)?(?:the\s+)?$`)
	ofOrg       = regexp.MustCompile(`(?i)^,?\s*(?:who\s+(?:is|was)|is|was|has been)?\s*(?:the\s+)?$`)
	orgsPost    = regexp.MustCompile(`(?i)^['’]s?\s+(?:(?:then|former|new|own)\s+)?` + post)
	orgsPostOf  = regexp.MustCompile(`(?i)^['’]s?\s+(?:(?:then|former|new|own)\s+)?` + post + `[^.;()\n]{0,40}?(?:,|\s+is|\s+was)?\s*(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	itsPost     = regexp.MustCompile(`(?i)\b(?:its|whose)\s+` + post + `[^.;()\n]{0,30}?(?:,|\s+is|\s+was)?\s*(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	isItsPost   = regexp.MustCompile(`(?i)^(?:,\s*|\s+\(|\s+(?:is|was)\s+)its\s+` + post)
	postBelow   = regexp.MustCompile(`(?i)^[ \t]*\n[\s>|]*` + post + `[^\n,]{0,40}(?:,|[ \t]*\n)[\s>|]*$`)
	titleBelow  = regexp.MustCompile(`(?i)^,[ \t]*` + post + `[^\n]{0,40}\n[\s|]*$`)
	iAm         = regexp.MustCompile(`(?i)\bI\s+(?:am|was|serve as|have been|have served as|work as|am employed as)\s+(?:the|an?)?\s*` + post + `[^.;()\n]{0,60}\s+(?:of|at|for|with)\s+(?:the\s+)?(?:(?:plaintiff|defendant|debtor)s?\s+)?$`)
	throughPost = regexp.MustCompile(`(?i)\b(?:by|through|and through)\s+its\s+` + post + `[^.;()]{0,20}?,?\s*$`)
)

const (
	nearPost = 160 // bytes between a person and whose post it is
	farOrg   = 400 // bytes between an organisation and "its president"
)

// findOfficers relates people to the organisations in which they have a post.
func (r *reader) findOfficers() {
	declarant := r.declarant()
	lastOrg := -1
	for i, m := range r.mentions {
		if m.Type == document.Org {
			if declarant >= 0 {
				if before := r.window(m.Start-120, m.Start); iAm.MatchString(before) {
					r.officer(declarant, i)
				}
			}
			lastOrg = i
			continue
		}
		if m.Type != document.Person {
			continue
		}
		if i+1 < len(r.mentions) {
			if next := r.mentions[i+1]; next.Type == document.Org && next.Start >= m.End && next.Start-m.End < nearPost {
				between := r.text[m.End:next.Start]
				switch {
				case postOf.MatchString(between), postAfter.MatchString(between), postComma.MatchString(between), postBelow.MatchString(between), titleBelow.MatchString(between),
					ofOrg.MatchString(between) && strings.TrimSpace(between) != "" && orgsPost.MatchString(r.window(next.End, next.End+80)):
					r.officer(i, i+1)
				}
			}
		}
		if lastOrg < 0 {
			continue
		}
		org := r.mentions[lastOrg]
		if org.End > m.Start || m.Start-org.End > farOrg || strings.Contains(r.text[org.End:m.Start], "\n\n") && m.Start-org.End > 200 {
			continue
		}
		between := r.text[org.End:m.Start]
		switch {
		case len(between) < nearPost && orgsPostOf.MatchString(between), len(between) < nearPost && throughPost.MatchString(between):
			r.officer(i, lastOrg)
		case itsPost.MatchString(between), isItsPost.MatchString(r.window(m.End, m.End+80)) && len(between) < nearPost:
			r.officer(i, lastOrg)
		}
	}
}

// declarant is the mention of who says "I", -1 if nobody does.
func (r *reader) declarant() int {
	from, to := r.within(r.front)
	for i := from; i < to; i++ {
		m := r.mentions[i]
		if m.Type == document.Person && m.HasRole("witness") && strings.HasSuffix(strings.TrimRight(r.window(m.Start-6, m.Start), " \n"), "I,") {
			return i
		}
	}
	return -1
}

func (r *reader) officer(person, org int) {
	p, o := r.mentions[person], r.mentions[org]
	if governmental.MatchString(o.Text) && p.HasRole("attorney") || len(o.Text) > 6 && strings.EqualFold(o.Text[:6], "estate") {
		return
	}
	if _, party := r.parties[o.Entity]; !party && lawFirm.MatchString(o.Text) && lawyerPost.MatchString(r.slice(r.evidence(cover(p.Span, o.Span)))) {
		r.member(person, org)
		return
	}
	r.add(document.OfficerOf, p.Entity, o.Entity, r.evidence(cover(p.Span, o.Span)), likely*min(p.Confidence, o.Confidence))
}

// evidence is s, or its first line if it is long.
func (r *reader) evidence(s document.Span) document.Span {
	if s.Len() > maxEvidence {
		return r.line(s.Start)
	}
	return s
}

// give adds a role to mention i.
func (r *reader) give(i int, role string) {
	r.mentions[i].Role = document.JoinRoles(r.mentions[i].Role, role)
}

var (
	testifies = regexp.MustCompile(`(?i)^(?:,[^.;,]{2,60})?,?\s+(?:also |further |later |then |has |had |have |so )*(?:testified|swore|averred|attest(?:s|ed)|state[sd]?\s+under\s+oath|declare[sd]?\s+(?:that|under))\b`)
	paperOf   = regexp.MustCompile(`(?i)\b(?:affirmation|declaration|affidavit|deposition|testimony|examination)s?\s+(?:(?:upon|under|by|on)\s+(?:oral|written)\s+(?:examination|questions)\s+)?of\s+(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	paperBy   = regexp.MustCompile(`^['’]?s?\s+(?:Decl\.|Aff\.|Tr\.|Dep\.|Declaration\b|Affidavit\b|Deposition\b|Affirmation\b)`)
	examined  = regexp.MustCompile(`(?i)^,?\s+(?:(?:the\s+)?witness(?:\s+herein)?,|a witness|was (?:called|deposed|sworn)|called as|having been|being first|after having been|(?:duly\s+)?sworn\b)`)
)

// findWitnesses relates who testifies to the document's number.
func (r *reader) findWitnesses() {
	for i, m := range r.mentions {
		if m.Type != document.Person {
			continue
		}
		after := r.window(m.End, m.End+90)
		if !m.HasRole("witness") && (testifies.MatchString(after) || examined.MatchString(after) || paperBy.MatchString(after) || saysAny(r.window(m.Start-9, m.Start), "of") && paperOf.MatchString(r.window(m.Start-40, m.Start))) {
			r.give(i, "witness")
		}
		if r.mentions[i].HasRole("witness") && r.docket != "" {
			r.add(document.TestifiesIn, m.Entity, r.docket, r.sentence(m.Span), likely*m.Confidence)
		}
	}
}

// governmental is a government or an office of one, which is no firm.
var governmental = regexp.MustCompile(`(?i)^(?:the\s+)?(?:office|department|u\.\s?s\.|united states|state|city|county|attorney general|district attorney|commonwealth|board|bureau|public defender|federal|division|town|people)\b|county counsel|public defender|city attorney|district attorney`)

// firmLike is how law firms are called.
var firmLike = regexp.MustCompile(`(?i)\b(?:LLP|L\.L\.P|PLLC|P\.L\.L\.C|P\.?C\b|P\.?A\b|APC|law|legal|firm|attorneys|chartered|associates|counsel|partners)|&|\bLLC\b`)

// besides is what stands between an attorney and the firm: "Jane Roe, Roe LLP", "Jane Roe
// of Roe LLP".
var besides = regexp.MustCompile(`^(?:\s*\([^()\n]{1,40}\))?(?:,\s*(?:Esq\.?,?)?\s*(?:of|with|at)?\s*|\s+(?:of|with|at)\s+(?:the\s+)?)$`)

// findFirms relates attorneys to their firms, where the two are named together.
func (r *reader) findFirms() {
	for i, m := range r.mentions {
		if m.Type != document.Person || !r.isAttorney[m.Entity] {
			continue
		}
		for j := i + 1; j < len(r.mentions) && j < i+6 && r.mentions[j].Start-m.End < 200; j++ {
			o := r.mentions[j]
			if prev := r.mentions[j-1]; o.Type == document.Person && o.Start >= prev.End && listed.MatchString(r.text[prev.End:o.Start]) {
				continue
			}
			if o.Type != document.Org || governmental.MatchString(o.Text) || o.Start < m.End {
				break
			}
			if prev := r.mentions[j-1]; (firmLike.MatchString(o.Text) || o.HasRole("firm")) && besides.MatchString(r.text[prev.End:o.Start]) {
				r.member(i, j)
			}
			break
		}
	}
}

var listed = regexp.MustCompile(`^(?:\s*\([^()\n]{1,30}\))?,?\s+(?:and\s+)?$`)

// member relates an attorney to a firm.
func (r *reader) member(attorney, firm int) {
	a, f := r.mentions[attorney], r.mentions[firm]
	if _, party := r.parties[f.Entity]; party || a.Type != document.Person || f.Type != document.Org || governmental.MatchString(f.Text) {
		return
	}
	r.give(firm, "firm")
	r.give(attorney, "attorney")
	r.isAttorney[a.Entity] = true
	r.add(document.MemberOf, a.Entity, f.Entity, r.evidence(cover(a.Span, f.Span)), likely*min(a.Confidence, f.Confidence))
}

// findAppeal relates the document's number to that, or the court, below.
func (r *reader) findAppeal() {
	if r.docket == "" {
		return
	}
	number, court := -1, -1
	from, to := r.within(r.head)
	for i := from; i < to; i++ {
		m := r.mentions[i]
		passage, below := r.below(m.Start)
		below = below && onAppeal.MatchString(r.slice(passage))
		switch {
		case m.Type == document.DocketNumber && m.Entity != r.docket && (below || m.HasRole(roleBelow)) && number < 0:
			number = i
		case m.Type == document.Court && below && court < 0:
			court = i
		}
	}
	switch {
	case number >= 0:
		r.add(document.AppealFrom, r.docket, r.mentions[number].Entity, r.withDocket(r.mentions[number].Span), likely*r.mentions[number].Confidence)
		r.lowerDocket = r.mentions[number].Entity
		if court >= 0 {
			r.add(document.FiledIn, r.lowerDocket, r.mentions[court].Entity, r.evidence(cover(r.mentions[number].Span, r.mentions[court].Span)), likely*r.mentions[court].Confidence)
		}
	case court >= 0:
		r.add(document.AppealFrom, r.docket, r.mentions[court].Entity, r.withDocket(r.mentions[court].Span), likely*r.mentions[court].Confidence)
	}
}

var onAppeal = regexp.MustCompile(`(?i)appeal|certiorari|review|\bd\.?c\.?\s|lower|originating|trial court|district court`)

var (
	appeals   = regexp.MustCompile(`(?i)\b(?:hereby\s+)?appeals?\s+(?:to\s+the|from)\b`)
	motionOf  = regexp.MustCompile(`(?i)\b(?:motion|application|petition|request)\s+(?:of|by|filed by)\s+(?:the\s+)?(?:(?:plaintiff|defendant|debtor)s?\s+)?$`)
	sMotion   = regexp.MustCompile(`(?i)^['’]s?\s+(?:[\w-]+\s+){0,5}?(?:motion|application)\b`)
	moves     = regexp.MustCompile(`(?i)^,?(?:\s*\([^()]{1,60}\),?)?(?:\s+by\s+(?:and\s+)?through[^.;]{0,80},)?\s+(?:(?:respectfully|hereby|jointly)\s+)?(?:moves?\b|(?:has|have)\s+moved\b|will,?\s+(?:and\s+hereby\s+do(?:es)?,?\s+)?(?:hereby\s+)?move\b|(?:do|does)\s+hereby\s+move\b|shall\s+move\b|(?:respectfully\s+)?requests?\s+(?:that|an\s+order|this\s+court)\b)`)
	rolesMove = regexp.MustCompile(`(?i)\b(plaintiff|defendant|petitioner|respondent)s?['’]s?\s+(?:[\w-]+\s+){0,5}?motion\b`)
)

// findMovants finds whose motion the document is about, and who appeals by a notice.
func (r *reader) findMovants() {
	front := document.Span{Start: 0, End: r.runeStart(min(len(r.text), 2500))}
	if r.kind == document.KindMotion || r.kind == document.KindOrder || r.kind == document.KindOpinion {
		from, to := r.within(r.front)
		moved := false
		for i := from; i < to; i++ {
			m := r.mentions[i]
			if !isParty(m.Type) {
				continue
			}
			if motionOf.MatchString(r.window(m.Start-50, m.Start)) && !saysAny(r.window(m.End, m.End+14), "seconded") || sMotion.MatchString(r.window(m.End, m.End+70)) || moves.MatchString(r.window(m.End, m.End+160)) {
				if _, party := r.parties[m.Entity]; party || r.docket == "" {
					r.give(i, "movant")
					moved = true
					r.moveTogether(i)
				}
			}
		}
		if m := rolesMove.FindStringSubmatch(r.slice(front)); m != nil && !moved {
			for _, id := range r.withRoles([]string{strings.ToLower(m[1])}) {
				r.giveEntity(id, "movant")
			}
		}
	}
	if r.kind != document.KindNotice {
		return
	}
	for _, a := range appeals.FindAllStringIndex(r.slice(r.front), 4) {
		sentence := document.Span{Start: max(0, a[0]-350), End: a[0]}
		if i := strings.LastIndex(r.text[sentence.Start:sentence.End], "\n\n"); i >= 0 {
			sentence.Start += i
		}
		from, to := r.within(sentence)
		var who []string
		for i := from; i < to; i++ {
			if _, party := r.parties[r.mentions[i].Entity]; party {
				r.give(i, "appellant")
				who = append(who, r.mentions[i].Entity)
			}
		}
		if len(who) == 0 {
			continue
		}
		for id, roles := range r.parties {
			if !slices.Contains(who, id) && !sameSide(roles, r.parties[who[0]]) {
				r.giveEntity(id, "appellee")
			}
		}
		return
	}
}

// moveTogether makes movants of the parties that are named together with mention i,
// before it.
func (r *reader) moveTogether(i int) {
	for i--; i >= 0; i-- {
		m, next := r.mentions[i], r.mentions[i+1]
		if _, party := r.parties[m.Entity]; !party || m.End > next.Start || !together.MatchString(r.text[m.End:next.Start]) {
			return
		}
		r.give(i, "movant")
	}
}

// together is what stands between two parties that act as one, with a short form of the
// first in brackets.
var together = regexp.MustCompile(`^["”)]*(?:\s*\([^()\n]{1,40}\))?(?:,|,?\s+and\b|\s*\(["“])\s*$`)

// sameSide says whether two parties' roles put them on one side.
func sameSide(a, b []string) bool {
	defends := func(roles []string) bool {
		return slices.Contains(roles, "defendant") || slices.Contains(roles, "respondent")
	}
	return defends(a) == defends(b)
}

// giveEntity adds a role to the first mention of an entity.
func (r *reader) giveEntity(id, role string) {
	for i, m := range r.mentions {
		if m.Entity == id {
			r.give(i, role)
			return
		}
	}
}

var (
	creditor  = regexp.MustCompile(`(?i)\bcreditor\??:?[\s|]{1,60}$`)
	appointed = regexp.MustCompile(`(?i)^[^.;\n]{0,30}\b(?:was|been|is)\s+(?:\w+\s+)?appointed\s+(?:as\s+)?(?:the\s+)?(?:[\w\s]{0,30}?)\b(trustee|receiver)\b|^,?\s+(?:(?:is|was|as)\s+)?(?:the\s+|a\s+)?(?:(?:chapter\s+\d+|bankruptcy|standing|successor|interim)\s+)*(trustee)\b`)
)

// findBankruptcy finds the creditor who files and the trustee.
func (r *reader) findBankruptcy() {
	for i, m := range r.mentions {
		if !isParty(m.Type) {
			continue
		}
		if r.head.Contains(m.Span) && strings.Contains(r.window(m.Start-70, m.Start), "reditor") && creditor.MatchString(r.window(m.Start-70, m.Start)) {
			r.give(i, "creditor")
			if r.docket != "" {
				r.addParty(m, []string{"creditor"}, r.line(m.Start), likely)
			}
		}
		after := r.window(m.End, m.End+100)
		if !strings.Contains(after, "rustee") && !strings.Contains(after, "eceiver") {
			continue
		}
		if a := appointed.FindStringSubmatch(after); a != nil {
			r.give(i, strings.ToLower(a[1]+a[2]))
		}
	}
}
