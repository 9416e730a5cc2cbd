package relate

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	answer     = regexp.MustCompile(`(?m)^[ \t]*A[.:]?[ \t]+(\S[^\n]*(?:\n[ \t]+[^\n]*){0,3})`)
	nextTurn   = regexp.MustCompile(`\n[ \t]*(?:[QA][.:]?[ \t]|(?:MR|MS|MRS|DR|THE|BY)\b)`)
	iAmPost    = regexp.MustCompile(`(?i)\bI(?:['’]m|\s+am|\s+was|['’]ve\s+been|\s+have\s+been|\s+serve\s+as|\s+work\s+as)\s+(?:the\s+|an?\s+)?` + post + `|(?i)\bmy\s+(?:job\s+)?(?:title|position)\s+(?:is|was)\s+(?:the\s+|an?\s+)?` + post)
	onlyPost   = regexp.MustCompile(`(?i)^(?:the\s+|an?\s+)?` + post + `[^.;()]{0,40}?\s(?:at|of|for|with)\s+(?:the\s+)?$`)
	barePost   = regexp.MustCompile(`(?i)^(?:(?:yes|correct|right|sure)[.,]\s+)?(?:as\s+)?(?:the\s+|an?\s+|its\s+|their\s+)?` + post + `[^.;()]{0,40}[.]`)
	askedJob   = regexp.MustCompile(`(?i)\b(?:position|title|job|role|do|work|capacity|employed)\b[^?]{0,60}\?\s*(?:A[.:]?\s*)?$`)
	youArePost = regexp.MustCompile(`(?i)\byou(?:['’]re|\s+are|\s+were)\s+(?:currently\s+|then\s+)?(?:the\s+|an?\s+)?` + post + `[^.;()?]{0,40}?\s(?:of|at|for|with)\s+(?:the\s+)?$`)
	affirms    = regexp.MustCompile(`(?i)^[^\n?]{0,60}\?\s*\n[ \t]*A[.:]?[ \t]+(?:yes|correct|that['’]s|i am|i was|right|yeah)`)
	behindFor  = regexp.MustCompile(`(?i)^[^.;()]{0,60}?\s(?:at|of|for|with|in)\s+(?:the\s+)?$`)
	isOurPost  = regexp.MustCompile(`(?i)^,\s+(?:who\s+(?:is|was)\s+)?our\s+(?:(?:then|former|new|own|current)[\s-]+)?` + post)
)

// findTestimony finds the posts that witnesses say in answers that they have.
func (r *reader) findTestimony() {
	const most = 400
	if !strings.Contains(r.text, "A.  ") && !strings.Contains(r.text, "A   ") && !strings.Contains(r.text, "A. ") && !strings.Contains(r.text, "A\t") {
		return
	}
	own := map[string]int{} // witness → mention of the organisation
	for _, a := range answer.FindAllStringSubmatchIndex(r.text, most) {
		s := document.Span{Start: a[2], End: a[3]}
		if i := nextTurn.FindStringIndex(r.slice(s)); i != nil {
			s.End = s.Start + i[0]
		}
		witness := r.witnessAt(s.Start)
		if witness < 0 {
			continue
		}
		if org := r.answersPost(s); org >= 0 {
			r.officer(witness, org)
			own[r.mentions[witness].Entity] = org
		}
	}
	for i, o := range r.mentions {
		if o.Type == document.Org && saysAny(r.window(o.Start-90, o.Start), "you") && youArePost.MatchString(r.window(o.Start-110, o.Start)) && affirms.MatchString(r.window(o.End, o.End+120)) {
			if witness := r.witnessAt(o.Start); witness >= 0 {
				r.officer(witness, i)
				own[r.mentions[witness].Entity] = i
			}
		}
	}
	declarant := r.declarant()
	for i, m := range r.mentions {
		if m.Type != document.Person || !isOurPost.MatchString(r.window(m.End, m.End+100)) {
			continue
		}
		who := r.witnessAt(m.Start)
		if who < 0 {
			who = declarant
		}
		if who < 0 || r.mentions[who].Entity == m.Entity {
			continue
		}
		if org, ok := own[r.mentions[who].Entity]; ok {
			r.officer(i, org)
		}
	}
}

// answersPost is the mention of the organisation in which the answer s says that the
// witness has a post, -1 if it says none.
func (r *reader) answersPost(s document.Span) int {
	const far = 350
	text := r.slice(s)
	from, to := r.within(s)
	if at := iAmPost.FindStringIndex(text); at != nil {
		end := s.Start + at[1]
		for i := from; i < to; i++ {
			if o := r.mentions[i]; o.Type == document.Org && o.Start >= end {
				if behindFor.MatchString(r.text[end:o.Start]) {
					return i
				}
				break
			}
		}
		for i := to - 1; i >= 0 && r.mentions[i].Start > s.Start-far; i-- {
			if o := r.mentions[i]; o.Type == document.Org && o.End <= end && !r.isFirm[o.Entity] {
				return i
			}
		}
		return -1
	}
	for i := from; i < to; i++ {
		if o := r.mentions[i]; o.Type == document.Org {
			if onlyPost.MatchString(r.text[s.Start:o.Start]) {
				return i
			}
			break
		}
	}
	if barePost.MatchString(text) && askedJob.MatchString(strings.TrimRight(r.window(s.Start-200, s.Start), " \t")) {
		for i := from - 1; i >= 0 && r.mentions[i].Start > s.Start-far; i-- {
			if o := r.mentions[i]; o.Type == document.Org && !r.isFirm[o.Entity] {
				return i
			}
		}
	}
	return -1
}

// witnessAt is a mention of the witness who answers at position at: the last one named
// before as a witness, -1 if there is none.
func (r *reader) witnessAt(at int) int {
	_, to := r.within(document.Span{Start: 0, End: at})
	for i := to - 1; i >= 0; i-- {
		if m := r.mentions[i]; m.Type == document.Person && m.HasRole("witness") {
			return i
		}
	}
	return slices.IndexFunc(r.mentions, func(m document.Mention) bool { return m.Type == document.Person && m.HasRole("witness") })
}
