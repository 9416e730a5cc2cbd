package entity

import "strings"

// roles are the words that say what somebody is in a case.
var roles = map[string]string{
	"plaintiff": "plaintiff", "claimant": "plaintiff", "relator": "plaintiff", "complainant": "plaintiff",
	"defendant": "defendant", "petitioner": "petitioner", "respondent": "respondent", "appellant": "appellant", "appellee": "appellee",
	"intervenor": "intervenor", "amicus": "amicus", "amici": "amicus", "debtor": "debtor", "creditor": "creditor", "movant": "movant",
	"attorney": "attorney", "counsel": "attorney", "solicitor": "attorney", "esq": "attorney", "esquire": "attorney", "lawyer": "attorney",
	"witness": "witness", "clerk": "clerk", "trustee": "trustee", "receiver": "receiver", "cross": "appellant", "counterclaimant": "defendant",
	"garnishee": "defendant", "third": "defendant", "expert": "witness", "prosecutor": "attorney", "officer": "", "inmate": "",
}

// afterName finds a role behind a name: ", Plaintiff", ", et al.,\nDefendants",
// ", Esq.". What stands in captions between the two may come first.
var afterName = rx(`(?:,?_et al\.?)?,?[\s)\]|:*]{0,24}(?:(?:an individual|in (?:his|her|their) official capacit(?:y|ies)[^.;]{0,60}?|individually|on behalf of [^.;]{0,80}?|a minor|pro se|Pro Se|as [^.;,]{0,40}|and|Deputy|Assistant|Special|Clerk of Court|\([^)]{0,30}\)),?[\s)\]|]{1,24}){0,2}` +
	`(?i:(plaintiff|defendant|petitioner|respondent|appellant|appellee|intervenor|claimant|relator|debtor|movant|amicus|amici|attorney|counsel|solicitor|esq|esquire|clerk|witness|trustee|receiver|creditor)s?)\b(.?)`)

// roleOf is the role that the text next to the name in tokens [i, end) gives it.
func (p *page) roleOf(i, end int) string {
	rest := window(p.text, p.nameEnd(end))
	if m := afterName.FindStringSubmatch(rest); m != nil && (strings.ContainsAny(m[0][:min(len(m[0]), 4)], ",\n") || strings.Contains(m[0], "(")) {
		gap := m[0][:len(m[0])-len(m[1])-len(m[2])]
		word := rest[len(gap):]
		// A role in running text is in lower case and not set off by a comma:
		// "Smith and the plaintiff" never gets here, "Smith, plaintiff" does.
		if strings.Contains(gap, "\n") && p.otherColumn(i, p.nameEnd(end)+len(gap)) {
			return ""
		}
		if word[0] >= 'A' && word[0] <= 'Z' || strings.Contains(gap, ",") {
			return roles[strings.ToLower(m[1])]
		}
	}
	if i > 0 && !p.tokens[i-1].is(dot) && (p.tokens[i].before.simple() || strings.TrimSpace(p.text[p.tokens[i-1].after():p.tokens[i].start]) == ":") {
		before := strings.ToLower(p.word(i - 1))
		if k := strings.IndexByte(before, '-'); k > 0 {
			before = before[:k]
		}
		return roles[strings.TrimSuffix(before, "s")]
	}
	return ""
}

// otherColumn says whether the word at offset at, on a line below, is in a column left of
// the name that token i begins, which has text before it on its line.
func (p *page) otherColumn(i, at int) bool {
	const apart = 12
	from := strings.LastIndexByte(p.text[:p.tokens[i].start], '\n') + 1
	below := strings.LastIndexByte(p.text[:at], '\n') + 1
	return strings.TrimSpace(p.text[from:p.tokens[i].start]) != "" && at-below+apart < p.tokens[i].start-from
}
