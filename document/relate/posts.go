package relate

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// Posts that are told by what a document calls the organisation, or by a pronoun.
var (
	termsPost   = regexp.MustCompile(`(?i)\b(?:the\s+)?(\w+)['’]s\s+(?:(?:then|former|new|own|current)[\s-]+)?` + post + `[^.;()\n]{0,40}?,?\s*(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	isTermsPost = regexp.MustCompile(`(?i)^\s?[,(]?\s*(?:who\s+(?:is|was)\s+|is\s+|was\s+)?(?:(?:then|formerly|now)[\s-]+)?(?:the\s+)?(\w+)['’]s\s+(?:(?:then|former|new|own|current)[\s-]+)?` + post)
	postOfTerm  = regexp.MustCompile(`(?i)^,?\s*(?:who\s+(?:is|was)\s+|is\s+|was\s+|as\s+)?(?:the\s+|an?\s+)?` + post + `[^.;()\n]{0,40}?\s+(?:of|for|at|to)\s+(?:the\s+)?(\w+)\b`)
	heIsPost    = regexp.MustCompile(`(?i)^\.\s+(?:she|he)(?:\s+(?:is|was|has been)|['’]s)\s+(?:also\s+|now\s+|then\s+)?(?:the\s+|an?\s+)?` + post + `[^.;()]{0,50}\s+(?:of|at|for|with)\s+(?:the\s+)?$`)
	whoThen     = regexp.MustCompile(`(?i)^,?\s*(?:\(|who\s+(?:is|was|has been)\s+|is\s+|was\s+)?(?:(?:then|now|currently|formerly|still|also|at the time|previously)[\s,-]+)(?:the\s+)?$`)
	employsAs   = regexp.MustCompile(`(?i)\b(\w+)\s+(?:hereby\s+)?(?:shall\s+)?(?:employs?|engages?|appoints?|hires?)\s+(?:the\s+)?(\w+)\s+(?:as|to be|to serve as|in the position of|to act as)\s+(?:its|the|an?)?\s*` + post)
	servesAs    = regexp.MustCompile(`(?i)\b(?:the\s+)?(\w+)\s+(?:shall|will|agrees\s+to)\s+(?:serve|be\s+employed|act|continue)\s+as\s+(?:(?:the\s+)?(\w+)['’]s|its|the|an?)?\s*` + post)
	attention   = regexp.MustCompile(`(?i)\b(?:attention|attn)\b\.?:?\s*(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	thenPost    = regexp.MustCompile(`(?i)^,?(?:[ \t]*\n[ \t|]*|\s+)(?:(?:its|the)\s+)?` + post)
	noticeTo    = regexp.MustCompile(`(?i)\b(?:if\s+)?to\s+(?:the\s+)?([A-Z]\w+)(?:\s*\([^()]{0,30}\))?\s*[:,]`)
	yourPost    = regexp.MustCompile(`(?i)(?:\byour\s+` + post + `[^.;()\n]{0,30}?,?\s*(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$)`)
	isYourPost  = regexp.MustCompile(`(?i)^,?\s*(?:who\s+(?:is|was)\s+|is\s+|was\s+)?your\s+(?:(?:then|former|new|own|current)[\s-]+)?` + post)
	commaPost   = regexp.MustCompile(`(?i)^,\s*` + post + `[^\n.;]{0,30},\s*(?:at\s+|of\s+)?$`)
	plainPost   = regexp.MustCompile(`(?i)^\s+(?:(?:then|former|current)[\s-]+)?` + post + `\s+$`)
	postBefore  = regexp.MustCompile(`(?i)\b(?:as|the)\s+(?:the\s+|an?\s+)?` + post + `[^.;()\n]{0,40}\s(?:of|at|for|with)\s+(?:the\s+)?$`)
	justComma   = regexp.MustCompile(`^,\s+(?:(?:Mr|Ms|Mrs|Dr)\.\s*)?$`)
	worksAt     = regexp.MustCompile(`(?i)^\s+(?:\w+\s+){0,3}?(?:employed|hired|engaged|retained|joined|worked|works|joins|came)\s+(?:by\s+|at\s+|with\s+|for\s+|to\s+)?(?:the\s+)?(?:(?:plaintiff|defendant)\s+)?$`)
	asPost      = regexp.MustCompile(`(?i)^,?\s+(?:in\s+\w+\s+(?:\d{4}\s+)?)?as\s+(?:an?\s+|its\s+|the\s+|their\s+)?` + post)
	worksAs     = regexp.MustCompile(`(?i)^\s+(?:\w+\s+){0,2}?(?:works?|worked|serves?|served|acts?|acted|hired|employed|engaged)\s+as\s+(?:an?\s+|its\s+|the\s+|their\s+)?` + post + `[^.;()\n]{0,40}\s(?:of|at|for|with)\s+(?:the\s+)?$`)
	inBrackets  = regexp.MustCompile(`^\s*\(\s*(?:the\s+|then\s+)?$`)
	goesOn      = regexp.MustCompile(`^\s+(?:&\s+)?[A-Z]`)
	esquire     = regexp.MustCompile(`(?i)^,?\s+esq`)
	barSigned   = regexp.MustCompile(`(?i)^[ \t]*\|[ \t]*` + post + `[^\n]{0,40}\n[\s>|]*$`)
)

// findPosts relates people to the organisations in which they have a post by what the
// document calls the organisation: "the Company's president", "your manager", "She is
// the president of Acme".
func (r *reader) findPosts() {
	for i, m := range r.mentions {
		if m.Type != document.Person {
			continue
		}
		if i+1 < len(r.mentions) {
			if next := r.mentions[i+1]; next.Type == document.Org && next.Start >= m.End && next.Start-m.End < nearPost {
				between := r.text[m.End:next.Start]
				switch {
				case between == "":
				case between[0] == ',' && commaPost.MatchString(between), between[0] == ' ' && strings.Contains(between, " as ") && worksAs.MatchString(between),
					between[0] == ' ' && holdsAny(between, "mployed", "hired", "ngaged", "etained", "join", "work", "came") && worksAt.MatchString(between) && asPost.MatchString(r.window(next.End, next.End+100)),
					strings.IndexByte(between, '(') >= 0 && inBrackets.MatchString(between) && orgsPost.MatchString(r.window(next.End, next.End+80)):
					r.officer(i, i+1)
				case between[0] == '.' && heIsPost.MatchString(between),
					strings.Contains(between, "|") && barSigned.MatchString(between),
					holdsAny(between, "then", "now", "currently", "formerly", "still", "also", "at the time", "previously") && whoThen.MatchString(between) && orgsPost.MatchString(r.window(next.End, next.End+80)):
					r.officer(i, i+1)
				}
			}
		}
		if i > 0 && r.mentions[i-1].Type == document.Org && m.Start >= r.mentions[i-1].End && m.Start-r.mentions[i-1].End < 80 {
			org := r.mentions[i-1]
			between := r.text[org.End:m.Start]
			if plainPost.MatchString(between) || len(between) < 8 && justComma.MatchString(between) && postBefore.MatchString(r.window(org.Start-90, org.Start)) {
				r.officer(i, i-1)
			}
		}
		before, after := r.window(m.Start-100, m.Start), r.window(m.End, m.End+120)
		if holdsAny(before[max(0, len(before)-20):], "tt", "TT") && attention.MatchString(before) && !esquire.MatchString(after) && thenPost.MatchString(after) {
			if org := r.noticeParty(m); org >= 0 {
				r.officer(i, org)
			}
		}
		if strings.Contains(before, "your ") || strings.Contains(after, "your ") {
			if yourPost.MatchString(before) || isYourPost.MatchString(after) {
				if org := r.addressee(); org >= 0 {
					r.officer(i, org)
				}
			}
		}
		if len(r.terms) == 0 {
			continue
		}
		term := ""
		if t := termsPost.FindStringSubmatch(before); t != nil {
			term = t[1]
		} else if t := isTermsPost.FindStringSubmatch(after); t != nil {
			term = t[1]
		} else if t := postOfTerm.FindStringSubmatchIndex(after); t != nil && !goesOn.MatchString(after[t[1]:]) {
			term = after[t[2]:t[3]]
		}
		if term != "" {
			if org := r.orgByTerm(term); org >= 0 {
				r.officer(i, org)
			}
		}
	}
	if r.kind == document.KindContract {
		r.findEmployment()
	}
	r.findMinutes()
}

// holdsAny says whether s holds one of words, as they are written.
func holdsAny(s string, words ...string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// findEmployment finds whom a contract makes an officer: "The Company employs the
// Executive as its president".
func (r *reader) findEmployment() {
	for _, m := range employsAs.FindAllStringSubmatch(r.text, 8) {
		r.employ(m[1], m[2])
	}
	for _, m := range servesAs.FindAllStringSubmatch(r.text, 8) {
		r.employ(m[2], m[1])
	}
}

// employ relates the person whom the contract calls who to the organisation that it
// calls by, or to the one organisation that is a party.
func (r *reader) employ(by, who string) {
	person := -1
	for i, m := range r.mentions {
		if m.Type == document.Person && (len(r.terms[strings.ToLower(who)]) == 1 && r.terms[strings.ToLower(who)][0] == m.Entity || strings.HasSuffix(m.Text, who)) {
			person = i
			break
		}
	}
	if person < 0 {
		return
	}
	org := r.orgByTerm(by)
	if org < 0 {
		for i, m := range r.mentions {
			if m.Type == document.Org && (m.Text == by || by == "" && m.HasRole("party")) {
				org = i
				break
			}
		}
	}
	if org >= 0 {
		r.officer(person, org)
	}
}

// noticeParty is a mention of the party to whom notices for the attention of person m
// go, -1 if none is told.
func (r *reader) noticeParty(m document.Mention) int {
	const far = 420
	above := r.inColumn(m.Start, 7, false)
	for k := len(above) - 1; k >= 0; k-- {
		i := above[k]
		if o := r.mentions[i]; o.Type == document.Org && saysAny(r.window(o.Start-8, o.Start), "to ") && !o.HasRole("firm") {
			return i
		}
	}
	before := r.window(m.Start-far, m.Start)
	if i := strings.LastIndex(before, "\n\n"); i >= 0 && strings.Count(before[i:], "\n") > 8 {
		before = before[i:]
	}
	all := noticeTo.FindAllStringSubmatch(before, -1)
	if len(all) == 0 {
		return -1
	}
	term := all[len(all)-1][1]
	if org := r.orgByTerm(term); org >= 0 {
		return org
	}
	for i, o := range r.mentions {
		if o.Type == document.Org && (o.Text == term || strings.HasPrefix(o.Normalized, term+" ")) {
			return i
		}
	}
	return -1
}

// addressee is a mention of the organisation in whose post a letter's recipient is,
// -1 if none is told.
func (r *reader) addressee() int {
	if r.kind != document.KindLetter && r.kind != document.KindMail {
		return -1
	}
	for i, m := range r.mentions {
		if m.Type != document.Person || !m.HasRole("recipient") {
			continue
		}
		for k := range r.mentions {
			if o := r.mentions[k]; o.Type == document.Org {
				if _, ok := r.found[link{document.OfficerOf, r.mentions[i].Entity, o.Entity}]; ok {
					return k
				}
			}
		}
	}
	return -1
}
