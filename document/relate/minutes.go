package relate

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	minutesOf   = regexp.MustCompile(`(?i)\bminutes\s+of\b[^\n]{0,60}\b(?:meeting|board|directors|members|shareholders|trustees)\b`)
	attends     = regexp.MustCompile(`(?im)^[ \t]*((?:directors?|members?|managers?|trustees?|board members?)(?:\s+of the board)?\s+(?:present|participating|attending|in attendance)|present|absent|also\s+(?:present|attending|in attendance)|in\s+attendance|by\s+invitation)\b[^:\n]{0,40}:[ \t]*`)
	boardMember = regexp.MustCompile(`(?i)^(?:directors?|members?|managers?|trustees?|board)`)
	besideOrg   = regexp.MustCompile(`(?i)^(?:,[^\n]{0,60})?\s+(?:of|at|for|from)\s+(?:the\s+)?$|^,\s[^\n]{2,50}?,\s*(?:of\s+)?$`)
	hasPost     = regexp.MustCompile(`(?i)^(?:,\s*|\s+\()(?:the\s+)?` + post)
)

// findMinutes relates who was present at a meeting of an organisation's directors, as one
// of them or with a post, to the organisation.
func (r *reader) findMinutes() {
	front := r.window(0, 2500)
	if !saysAny(front, "minutes") || !minutesOf.MatchString(front) {
		return
	}
	org := -1
	for i, m := range r.mentions {
		if m.Type == document.Org {
			org = i
			break
		}
	}
	if org < 0 {
		return
	}
	for _, a := range attends.FindAllStringSubmatchIndex(r.text, 8) {
		end := len(r.text)
		if i := strings.Index(r.text[a[1]:], "\n\n"); i >= 0 {
			end = a[1] + i
		}
		if next := attends.FindStringIndex(r.text[a[1]:end]); next != nil {
			end = a[1] + next[0]
		}
		board := boardMember.MatchString(r.text[a[2]:a[3]])
		from, to := r.within(document.Span{Start: a[1], End: end})
		for i := from; i < to; i++ {
			m := r.mentions[i]
			if m.Type != document.Person || i+1 < to && r.mentions[i+1].Type == document.Org && r.mentions[i+1].Start >= m.End && besideOrg.MatchString(r.text[m.End:r.mentions[i+1].Start]) {
				continue
			}
			if board || hasPost.MatchString(r.window(m.End, m.End+60)) {
				r.officer(i, org)
			}
		}
	}
}
