package relate

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

var (
	// benefits ends before whom a guaranty or another one-sided promise is given.
	benefits = regexp.MustCompile(`(?i)\b(?:benefit|favou?r)\s+of\s+(?:the\s+)?$`)
	// agreedBelow heads the signature of who accepts a letter's terms.
	agreedBelow = regexp.MustCompile(`(?im)^[ \t]*(?:(?:acknowledged|agreed|accepted|approved|understood|confirmed)(?:,|\s+and|\s+to|\s+by|\s+as\s+of)?\s*){1,4}\b[^\n]{0,40}$`)
	// sues stands between who files an action and against whom.
	sues = regexp.MustCompile(`(?i)^[,\s]+(?:has\s+|have\s+)?(?:filed|brought|commenced|initiated|instituted)\s+(?:\w+\s+){0,3}?(?:action|complaint|suit|lawsuit|petition|proceeding|claims?|charge)\b[^.;]{0,60}?\bagainst\s+(?:the\s+)?$|^\s+sued\s+(?:the\s+)?$`)
	// opposes stands between two names of a matter: "for Acme against Bolt".
	opposes = regexp.MustCompile(`(?i)^\s+against\s+(?:the\s+)?$`)
)

// findSigningParties makes parties of the organisations that sign a contract whose
// first lines do not name its parties, and of who accepts the terms of a letter and
// whose letter it is.
func (r *reader) findSigningParties() {
	if r.kind == document.KindContract || r.docket == "" && r.kind != document.KindLetter && r.severalSign() {
		for _, i := range r.signing {
			if o := r.mentions[i]; !r.isFirm[o.Entity] && !o.HasRole("firm") {
				r.giveEntity(o.Entity, "party")
			}
		}
		return
	}
	if r.kind != document.KindLetter || len(r.signing) == 0 {
		return
	}
	all := agreedBelow.FindAllStringIndex(r.text, -1)
	if len(all) == 0 {
		return
	}
	at := all[len(all)-1][1]
	accepted := -1
	for _, i := range r.signing {
		if r.mentions[i].Start > at {
			accepted = i
			break
		}
	}
	if accepted < 0 {
		return
	}
	from, to := r.within(document.Span{Start: 0, End: 1500})
	for i := from; i < to; i++ {
		if o := r.mentions[i]; o.Type == document.Org && o.Entity != r.mentions[accepted].Entity {
			r.giveEntity(o.Entity, "party")
			r.giveEntity(r.mentions[accepted].Entity, "party")
			return
		}
	}
}

// severalSign says whether two organisations or more sign.
func (r *reader) severalSign() bool {
	for _, i := range r.signing {
		if r.mentions[i].Entity != r.mentions[r.signing[0]].Entity {
			return true
		}
	}
	return false
}

// findSuit finds the parties of the case that a contract, a letter or a mail tells of:
// "Roe filed an action against Acme in the Superior Court".
func (r *reader) findSuit() {
	if r.docket == "" || len(r.parties) > 0 || r.kind != document.KindContract && r.kind != document.KindLetter && r.kind != document.KindMail {
		return
	}
	for i := 1; i < len(r.mentions); i++ {
		y := r.mentions[i]
		if !isParty(y.Type) || !strings.HasSuffix(strings.TrimRight(strings.TrimSuffix(strings.TrimRight(r.window(y.Start-14, y.Start), " \n"), "the"), " \n"), "against") &&
			!strings.Contains(r.window(y.Start-10, y.Start), "sued") {
			continue
		}
		x := r.mentions[i-1]
		if !isParty(x.Type) || x.End > y.Start {
			continue
		}
		between := r.text[x.End:y.Start]
		filed := sues.MatchString(between)
		if !filed && !(opposes.MatchString(between) && r.docketNear(y.End)) {
			continue
		}
		defendants, end := r.furtherClients(y)
		evidence := r.evidence(document.Span{Start: x.Start, End: end})
		roles := [2][]string{}
		if filed {
			roles = [2][]string{{"plaintiff"}, {"defendant"}}
			r.give(i-1, "plaintiff")
		}
		r.addParty(x, roles[0], evidence, probable)
		for _, id := range defendants {
			for k := i; k < len(r.mentions) && r.mentions[k].Start < end; k++ {
				if r.mentions[k].Entity == id {
					if filed {
						r.give(k, "defendant")
					}
					r.addParty(r.mentions[k], roles[1], evidence, probable)
					break
				}
			}
		}
		return
	}
}

// docketNear says whether the document's own number follows position at closely.
func (r *reader) docketNear(at int) bool {
	from, to := r.within(document.Span{Start: at, End: at + 120})
	for _, m := range r.mentions[from:to] {
		if m.Entity == r.docket {
			return true
		}
	}
	return false
}
