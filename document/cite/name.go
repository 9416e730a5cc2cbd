package cite

import (
	"cmp"
	"regexp"
	"strings"
)

// maxName is how far before a citation its case's name may begin, in bytes.
const maxName = 260

// caseName finds the name of the case that c cites, before it.
func (s *scanner) caseName(c *Citation) {
	from := max(0, c.Start-maxName, s.floor)
	w := s.text[from:c.Start]
	end := len(strings.TrimRight(w, " \n\t\r([\u00a0"))
	if end == 0 || end < len(w)-3 && strings.Contains(w[end:], "\n\n") {
		return
	}
	body := w[:end]
	if body[end-1] == ',' {
		body = body[:end-1]
	}
	body = trimDocket(body)
	if strings.HasSuffix(body, ")") { // "(1998)", the custom of California
		if m := yearBefore.FindStringSubmatchIndex(body[max(0, len(body)-30):]); m != nil {
			c.Year = cmp.Or(c.Year, body[len(body)-5:len(body)-1])
			body = body[:max(0, len(body)-30)+m[0]]
		}
	}
	if v, width := versus(body); v > 0 {
		defendant := body[v+width:]
		if !oneName(defendant) {
			return
		}
		start := partyStart(body[:v])
		plaintiff := cleanParty(body[start:v])
		if plaintiff == "" {
			return
		}
		c.Plaintiff, c.Defendant = plaintiff, cleanParty(defendant)
		c.Name = c.Plaintiff + " v. " + c.Defendant
		c.NameStart = from + start
		return
	}
	for _, prefix := range prefixes {
		k := strings.LastIndex(body, prefix)
		if k < 0 || k > 0 && isAlnum(body[k-1]) || !oneName(body[k+len(prefix):]) {
			continue
		}
		c.Prefix = strings.TrimSpace(prefix)
		c.Plaintiff = cleanParty(body[k:])
		c.Name = c.Plaintiff
		c.NameStart = from + k
		return
	}
}

var yearBefore = regexp.MustCompile(`\s\((?:[A-Z][\w. ]{1,20} )?(?:17|18|19|20)\d\d\)$`)

// prefixes name a proceeding with one party. The longer ones stand first.
var prefixes = []string{
	"In the Matter of ", "In re ", "In Re ", "IN RE ", "In the matter of ", "Ex parte ", "Ex Parte ", "EX PARTE ", "Matter of ", "Petition of ", "Application of ", "Estate of ",
	"In the Interest of ", "Succession of ",
}

// versus finds the last "v." of a name and its width with the space around.
func versus(s string) (at, width int) {
	for i := len(s) - 3; i > 0; i-- {
		if s[i] != 'v' || s[i-1] != ' ' && s[i-1] != '\n' || i+1 >= len(s) {
			continue
		}
		j := i + 1
		if s[j] == 's' {
			j++
		}
		if j < len(s) && s[j] == '.' {
			j++
		}
		if next, ok := skipGap(s, j); ok && next < len(s) {
			return i - 1, next - i + 1
		}
	}
	return 0, 0
}

// docketBefore is a docket number between name and citation.
func trimDocket(s string) string {
	k := strings.LastIndex(s, ", No")
	if k < 0 {
		return s
	}
	rest := s[k+2:]
	if !strings.HasPrefix(rest, "No. ") && !strings.HasPrefix(rest, "Nos. ") || len(rest) > 60 || strings.Contains(rest, " v. ") {
		return s
	}
	return s[:k]
}

// oneName says whether s may be one party's name: it is short and no sentence or
// citation ends in it.
func oneName(s string) bool {
	const longest = 150
	if len(s) > longest || strings.TrimSpace(s) == "" || strings.ContainsAny(s, ";:") {
		return false
	}
	words := strings.Fields(s)
	for k, w := range words[:len(words)-1] {
		if strings.HasSuffix(w, ".") && !abbreviated(w) && isUpper(words[k+1][0]) || strings.HasSuffix(w, ".)") || strings.HasSuffix(w, ".”") {
			return false
		}
		if k == 0 && isLower(w[0]) && !connectors[strings.Trim(w, ".,")] {
			return false
		}
	}
	return true
}

// partyStart is where the name of the party that ends with s begins.
func partyStart(s string) int {
	start := len(s)
	for n := 0; n < 24; n++ {
		end := len(strings.TrimRight(s[:start], " \n\t\r"))
		if strings.Count(s[end:start], "\n") > 1 || end == 0 {
			break
		}
		k := strings.LastIndexAny(s[:end], " \n\t") + 1
		word := s[k:end]
		bare := strings.Trim(word, ".,’'\"“”([")
		if bare == "" && word != "&" {
			break
		}
		if n > 0 && stopsName(word, bare) {
			break
		}
		lower := isLower(word[0])
		if lower && !connectors[strings.Trim(word, ",.")] && !strings.Contains(word, "/") {
			break
		}
		if signals[bare] && !(bare == "In" && strings.HasPrefix(strings.ToLower(s[min(len(s), end+1):]), "re ")) {
			break
		}
		start = k
		if word[0] == '"' || word[0] == '(' || word[0] == '[' || strings.HasPrefix(word, "“") {
			break
		}
	}
	// Connectors begin no name.
	for start < len(s) {
		k := start
		for k < len(s) && s[k] != ' ' && s[k] != '\n' {
			k++
		}
		word := strings.Trim(s[start:k], "\"“([")
		if word == "" || !(isLower(word[0]) || word == "The" && false) || word == "ex" {
			break
		}
		start, _ = skipGap(s, k)
	}
	return start
}

// stopsName says whether a word that stands before a name's others ends what is
// before the name.
func stopsName(word, bare string) bool {
	switch last := word[len(word)-1]; last {
	case ';', ':', ')', ']', '?', '!', '"':
		return true
	case '.':
		return !abbreviated(word)
	case ',':
		return len(bare) > 0 && (isDigit(bare[0]) || isLower(bare[0]) && !connectors[bare] || openers[bare])
	}
	return strings.HasSuffix(word, "”") || strings.HasSuffix(word, "—") || word == "–" || word == "-"
}

// cleanParty is a party's name on one line without quotes and trailing marks.
func cleanParty(s string) string {
	s = strings.Trim(oneLine(s), " ,\n\t*_\"“”([")
	return strings.TrimRight(s, ";:")
}

// connectors are words in lower case inside names.
var connectors = set(`of|the|and|for|ex|rel|de|la|le|van|von|der|den|du|del|di|da|et|al|al.|a|an|d/b/a|f/k/a|a/k/a|dba|on|behalf|by|through|to|as|&|y|e|upon|with|or|its|his|her`)

// signals introduce citations. Source: The Bluebook, rule 1.2.
var signals = set(`See|Cf|Accord|But|Compare|Contra|E.g|Under|In|Citing|Quoting|Also|And|With|From|By|At|On|After|Since|Before|Although|While|When|Where|Because|If|As|Per|Unlike|Like|Both|Following|Applying|Overruling|Relying|Distinguishing|Rely|Id|Ibid|Held|Holding|Citations|That|This|Then`)

// openers are adverbs and the like that a comma follows.
var openers = set(`However|Moreover|Indeed|Thus|Furthermore|Similarly|Likewise|Also|Further|Finally|Again|Instead|Nevertheless|Nonetheless|Accordingly|Therefore|Consequently|First|Second|Third|Next|Here|Still|Additionally|Later|Recently`)

// abbreviated says whether a word that ends with a full stop is an abbreviation
// rather than a sentence's last.
func abbreviated(word string) bool {
	w := strings.TrimRight(strings.Trim(word, "(\"“[,"), ".,")
	if strings.ContainsAny(w, "0123456789") {
		return false
	}
	if len(w) <= 2 || strings.ContainsAny(w, ".'’&") || shortened[strings.ToLower(w)] {
		return true
	}
	return !strings.ContainsAny(strings.ToLower(w), "aeiouy")
}

// shortened are words of case names that are abbreviated. Source: The Bluebook,
// tables T6 and T10.
var shortened = set(`acad|admin|adm|adver|agric|all|alt|am|ann|appl|arb|assoc|assocs|atl|auth|auto|ave|balt|bankr|bd|bldg|bros|broad|bus|cas|cent|chem|coal|coll|com|comm|commc|comp|conf|cong|consol|
const|constr|cont|coop|corp|corps|corr|cos|cosm|couns|ctr|ctrs|cty|cnty|def|dep|det|dev|dir|disc|dist|distrib|div|econ|educ|elec|elecs|emp|enf|eng|enter|enters|ent|entm|env|envtl|equal|equip|est|exam|exch|exec|exp|fam|fed|fid|fin|found|
gen|glob|gov|grp|guar|hist|hosp|hous|immigr|imp|inc|indem|indep|indus|info|ins|inst|insts|intell|inv|invs|jud|just|lab|laby|liab|litig|loc|ltd|mach|maint|mar|mech|med|mem|merch|metro|mfg|mfr|mfrs|mgmt|mil|mins|mkt|mktg|mortg|mun|mut|
nat|nav|no|nos|org|pac|par|pat|pers|pharm|pharms|phila|plan|pol|pres|prob|proc|prod|prods|prof|prop|props|prot|pub|pubs|publ|rec|reg|regs|rehab|rel|rels|reprod|res|resol|rest|ret|rev|rptr|ry|sav|sch|schs|sci|sec|secs|serv|servs|soc|
sol|sols|stat|std|subcomm|sup|super|sur|sys|tech|techs|tel|telecomm|temp|theo|tit|transp|tr|twp|unif|univ|util|utils|vill|vol|chi|cal|cir|ill|ind|mass|mich|minn|miss|okla|ore|tenn|tex|wash|wis|wyo|ariz|ark|colo|conn|del|fla|haw|kan|mont|neb|nev|
jan|feb|apr|aug|sept|oct|nov|dec|jr|sr|dr|mr|mrs|ms|st|ste|mt|ft|esq|hon|gov|sen|rep|messrs|al|rd|blvd|co|cia|inv|ala|ga|ia|ky|la|md|me|pa|va|vt|cen|cath|child|civ|crim|app|ct|dept|intern|amend|mag|news|ed|op|par|pet|ref`)
