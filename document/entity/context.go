package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

func set(words string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// findInContext finds the names that are on no list by what stands beside them:
// posts, formulas of declarations, registers of attorneys, closings of letters.
func (p *page) findInContext() {
	for i := 0; i < len(p.tokens); i++ {
		t := p.tokens[i]
		if t.class&cue != 0 {
			p.afterCue(i)
		}
		if !t.is(upper) {
			continue
		}
		if p.word(i) == "I" && strings.HasPrefix(p.text[t.end:], ",") {
			p.declares(i)
			continue
		}
		if t.class&trade != 0 {
			p.tradeOrg(i)
		}
		if i > 0 && t.before == joined && p.tokens[i-1].is(upper) && p.tokens[i-1].class&(opener|party|honorific) == 0 && !p.tokens[i-1].is(dot) {
			continue // within a run of capitalised words
		}
		if p.nameWord(i) || t.class&particle != 0 {
			if end := p.nameAt(i); p.surnames(i, end) >= 2 && !p.goesOn(end) {
				if role, ok := p.cueBehind(end); ok {
					p.person(i, end, 0.82, role)
				} else if i > 1 && p.follows(i, "by") && byWhom[strings.ToLower(p.word(i-2))] {
					p.person(i, end, 0.78, "")
				} else if p.follows(i, "and") && strings.HasSuffix(strings.TrimRight(p.text[:p.tokens[i-1].start], " \n"), "(argued)") {
					p.person(i, end, 0.8, "attorney")
				}
			}
		}
		if p.camelCase(i) && p.standsAlone(i, i+1) {
			p.add(document.Org, t.start, t.end, p.word(i), 0.7, "")
		}
	}
	p.findCaptions()
	p.findContractParties()
	p.findCorrespondents()
	p.findFirms()
	p.findOffices()
	p.findEstates()
	p.findUnlisted()
	p.findTowns()
}

// goesOn says whether the name that ends before token end goes on as something
// else's.
func (p *page) goesOn(end int) bool {
	if p.orgFollows(end) {
		return true
	}
	if end >= len(p.tokens) {
		return false
	}
	t := p.tokens[end]
	return t.before == joined && t.is(upper) && t.class&trade != 0
}

// kin are relations of somebody, who are called by their given names.
var kin = set("wife husband son daughter brother sister mother father")

// byWhom stand before "by" and a person's name.
var byWhom = map[string]bool{"represented": true, "accompanied": true, "assisted": true, "signed": true, "executed": true, "sworn": true, "interviewed": true, "supervised": true, "written": true}

var (
	behindComma = regexp.MustCompile(`^(?:,\s{1,24}(?:Esq\b|ESQ\b|Esquire\b|(?:WSBA|SBN|OSB|ARDC|BBO|KBA|CSR|RPR|CPA|M\.?D\.|Ph\.?D|D\.?O\.|R\.?N\b|Notary|State Bar|[A-Z]{2} Bar|Bar No)|` +
		`(?:having (?:been|first)|being (?:first |duly)|first (?:being )?duly|after being|called as a witness|who (?:is|was|has|had|[a-z]+(?:ed|es|s)|wrote|told|saw|drove|ran|came|went|took|gave|made|found|sold|bought|held|kept|left|met|sent|spoke|knew|did|heard|led|paid|said|lost)\b|hereby declare|declares?\b|individually|pro se|aged? \d|an individual|as (?:guardian|trustee|executor|administrator|personal|next))))`)
	behindPost  = regexp.MustCompile(`^,\s{1,4}(?:(?:an?|the|its|their|his|her|our|then|former|formerly|my|Plaintiff['’]s|Defendant['’]s|[A-Z]\w+['’]s)\s+)?([^,.;()\n]{2,60}(?:\n[^,.;()\n]{2,40})?)`)
	behindParen = regexp.MustCompile(`^ \((?:argued|on brief|State Bar|SBN|Bar |Cal\. Bar|[A-Z]{2} Bar|D\.C\. Bar|\d{4,8}\)|#\d{4,}|pro hac|[A-Z]{1,4}\d{4,})`)
	behindLine  = regexp.MustCompile(`^,?[\t ]*\n[\t ]*(?:(?:State|Federal|Texas|Florida|Illinois|Ohio|Michigan|Virginia|Georgia|Oregon|California|Colorado|[A-Z]{2,4}) ?(?:Bar|ID|Atty|Attorney)? ?(?:No\.?|ID|Number|#)|(?:State )?Bar (?:No|ID|#)|(?:WSBA|SBN|OSB|ARDC|BBO)\b|` +
		`(?:Attorneys?|Counsel|Assistant|Deputy|Special|Senior|Trial|Lead) [A-Z]\w+|Attorneys? (?:for|at|in)|Attorney-|Counsel for|Title:|Its:|(?:Chief|Vice|Managing|Executive|General|Senior|Regional) [A-Z]\w+|(?:President|Treasurer|Secretary|Manager|Director|Partner|Member|Principal|Owner|CEO|CFO|Chair\w*|Notary Public|Declarant|Affiant|Clerk of)\b)`)
	behindVerb = regexp.MustCompile(`^ (?:testified|testifies|deposed|swore|averred|declares? (?:that|under|as)|states? as follows|says? in (?:her|his)|<[^<>\s]{1,64}@|\[mailto:|was deposed)`)
	barNumber  = regexp.MustCompile(`Bar|SBN|BA\b|OSB|ARDC|BBO|argued|\d{5}|on brief|Attorney|Counsel|pro hac`)
)

// quoted ends the line above a message that a mail quotes.
var quoted = regexp.MustCompile(`^ <[^<>\s]{1,64}>\s+(?:wrote|schrieb|a écrit):`)

// cueBehind says whether what follows the capitalised words that end before token
// end shows that they name a person, and the role that it gives.
func (p *page) cueBehind(end int) (role string, ok bool) {
	at := p.nameEnd(end)
	if at >= len(p.text) {
		return "", false
	}
	w := window(p.text, at)
	switch w[0] {
	case ',':
		if m := behindComma.FindString(w); m != "" {
			switch {
			case strings.Contains(strings.ToLower(m), "esq"), barNumber.MatchString(m):
				return "attorney", true
			case strings.Contains(m, "sworn"), strings.Contains(m, "duly"), strings.Contains(m, "testified"), strings.Contains(m, "as a witness"), strings.Contains(m, "having"):
				return "witness", true
			}
			return "", true
		}
		if m := behindPost.FindStringSubmatch(w); m != nil {
			if n := personNounIn(m[1]); n != "" {
				return "", true
			}
		}
		if behindLine.MatchString(w) {
			return attorneyIf(behindLine.FindString(w)), true
		}
	case ' ', '\t', '\n':
		if m := behindParen.FindString(w); m != "" {
			return "attorney", true
		}
		if m := behindVerb.FindString(w); m != "" {
			if strings.Contains(m, "<") || strings.Contains(m, "[") {
				if quoted.MatchString(w) {
					return "sender", true
				}
				return "", true
			}
			return "witness", true
		}
		if m := behindLine.FindString(w); m != "" {
			return attorneyIf(m), true
		}
	}
	return "", false
}

func attorneyIf(line string) string {
	if barNumber.MatchString(line) {
		return "attorney"
	}
	return ""
}

// personNounIn is the word of a description that says it is a person's, if one of
// the words before a preposition does.
func personNounIn(s string) string {
	found := ""
	for n, w := range strings.Fields(strings.ToLower(s)) {
		w = strings.Trim(w, ".,'’\"()")
		if w == "of" || w == "at" || w == "for" || w == "in" || w == "who" || w == "with" || n > 8 {
			break
		}
		if personNouns[w] {
			found = w
		}
	}
	return found
}

// declares finds the name in "I, Jane Roe, declare".
func (p *page) declares(i int) {
	if i+1 >= len(p.tokens) || !p.tokens[i+1].before.listed() {
		return
	}
	end := p.nameAt(i + 1)
	if p.surnames(i+1, end) < 2 || p.goesOn(end) {
		return
	}
	after := strings.ToLower(strings.TrimLeft(window(p.text, p.nameEnd(end)), ", \n\t"))
	role := ""
	for _, w := range [...]string{"declare", "state", "being", "depose", "swear", "affirm", "hereby declare", "do hereby", "first being", "having been", "make this", "under penalty", "am ", "of full age", "the undersigned", "say", "verify"} {
		if strings.HasPrefix(after, w) {
			role = "witness"
			break
		}
	}
	p.person(i+1, end, 0.93, role)
}

// afterCue finds the name that a cue at token i stands before.
func (p *page) afterCue(i int) {
	t := p.tokens[i]
	word := strings.ToLower(p.word(i))
	j := i + 1
	if j >= len(p.tokens) {
		return
	}
	if orgKinds[word] {
		p.describedOrg(i)
	}
	if closings[word] && p.closing(i) {
		return
	}
	label := strings.HasPrefix(strings.TrimLeft(p.text[t.end:min(len(p.text), t.end+4)], " "), ":")
	switch {
	case papers[word]:
		if !strings.EqualFold(p.word(j), "of") || !p.tokens[j].before.simple() {
			return
		}
		j++
	case word == "signature" || word == "contact":
		if !label && !(p.startsLine(i) && p.tokens[j].before == apart && !strings.Contains(p.text[t.end:p.tokens[j].start], "\n")) {
			return
		}
	case word == "by" || word == "name" || word == "attn" || word == "attention" || word == "witness" && t.is(upper) || word == "deponent" || word == "declarant":
		if !label && (!p.startsLine(i) || word == "name" && !t.is(upper)) {
			return
		}
	case t.is(upper) && !(t.is(caps) && t.end-t.start <= 3):
		return
	default:
		if j < len(p.tokens) && (p.word(j) == "is" || p.word(j) == "was") && p.tokens[j].before.simple() {
			j++
		}
	}
	if j >= len(p.tokens) {
		return
	}
	if p.tokens[j].class&honorific != 0 {
		return
	}
	between := p.text[p.tokens[j-1].after():p.tokens[j].start]
	if strings.Count(between, "\n") > 1 || len(between) > 40 || strings.Trim(between, " \t\n,:_.“\"") != "" || strings.Contains(between, ",") && !strings.HasPrefix(between, ",") {
		return
	}
	if !p.tokens[j].is(upper) && p.tokens[j].class&particle == 0 {
		return
	}
	if orgNouns[word] && !label {
		p.namedOrg(j)
		return
	}
	end := p.nameAt(j)
	if label || p.startsLine(i) && t.is(upper) {
		end = p.lineEnd(j, end)
	}
	if p.surnames(j, end) < 2 || p.goesOn(end) {
		if kin[word] && end == j+1 && p.has(j, firstName) && !p.goesOn(end) && p.tokens[j].before.simple() {
			p.person(j, end, 0.75, "")
		}
		return
	}
	role := ""
	switch {
	case papers[word]:
		role = "witness"
	case word == "signature":
		role = "signatory"
	case word == "by" && strings.Contains(between, "_"):
	case word == "attorney" || word == "counsel" || word == "attorneys":
		role = "attorney"
	case word == "trustee" || word == "receiver" || word == "witness":
		role = word
	}
	p.person(j, end, 0.85, role)
}
