package entity

import (
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// A section with its subsections. A subsection on the next line would as likely be
// the next item of a list.
const (
	section  = `[\dA-Z][\dA-Za-z]*(?:(?:[.:]|[-–])[\dA-Za-z]+)*(?:\x20?\((?:[\dA-Za-z]{1,3}|[ivxIVX]{4,6})\))*(?:[-–]\([\dA-Za-z]{1,3}\))?`
	numbered = `\d[\dA-Za-z]*(?:(?:[.:]|[-–])[\dA-Za-z]+)*(?:\x20?\((?:[\dA-Za-z]{1,3}|[ivxIVX]{4,6})\))*(?:[-–]\([\dA-Za-z]{1,3}\))?`
)

var (
	usCode = rx(`(\d{1,2}),? (U\._S\._C\._(?:A\.|S\.|U\.)?|USCA?|U\._S\._Code(?: Ann\.)?|United States Code)(?:,| \(?(?:Supp|19|20)[^()\n]{0,12}\))? ?` +
		`(?:(?:§§?|[Ss]ections?|[Ss]ecs?\.?|[Cc]h\.)_)?(` + numbered + `)`)
	cfr           = rx(`(\d{1,2}) (C\._F\._R\.|CFR|Code of Federal Regulations),? ?((?:[Pp]arts? |pts?\. ))?(?:§§?_|[Ss]ections? |[Ss]ecs?\.? )?(` + numbered + `)`)
	fedReg        = rx(`(\d{1,3}) (?:Fed\._Reg\.|FR) (\d{1,3},\d{3}|\d{1,6})\b`)
	statutesLarge = rx(`(\d{1,3}) Stat\.(?: at L(?:arge|\.))?,? (\d{1,5})(?:[-–]\d+)?\b`)
	titledCode    = rx(`(\d{1,4}) ((?:Pa\.|Guam|Ill\.|Okla\.|Del\.|Vt\.|Me\.|R\.I\.|N\._M(?:ar)?\.|Neb\.|Ind\.)[^§;()\n]{2,44}?|ILCS|Pa\._C\._S\.(?:A\.)?|Del\._C\.|V\.S\.A\.|M\.R\.S\.|O\.S\.|P\.S\.)(?:,?_§§?_| )(\d[\w.:/–-]*(?:\([\dA-Za-z]{1,4}\))*)`)

	// sessionLaw is a year's laws or a volume of a state's register: "1999 Ark. Acts 1".
	sessionLaw = rx(`(\d{1,4}(?:-\d{1,4})?) ((?:[A-Z][\w.’'&-]*\.?_|& ){1,6}?(?:Acts|Laws|Legis\. Serv\.|Law Serv\.|Reg\.|Bull\.|Resolves|Stat\.|Leg\. Serv\.|Adv\. Sh\.|Pub\. L\.)(?: Ann\.| Spec\. Sess\.)?),? (?:(?:No\.|ch\.|c\.|p\.|at) )?(\d[\d,]*)\b`)

	// moreSections continue a list: ", 1332(a) and 1367".
	moreSections = rx(`(?:,? (?:and|or|&|to) |, )(§§?_)?(` + numbered + `)`)

	publicLaw = rx(`(?:Pub(?:\.|lic)_L(?:\.|aw)|P\.L\.),?_(?:(?:Nos?\.|Number|No)_)?(\d{2,3})[-–](\d{1,4})\b`)
	// federalRule is "Fed. R. Civ. P. 12(b)(6)" in its spellings.
	federalRule = rx(`(?:Fed\._R(?:ule)?s?\._(Civ|Crim|App|Evid|Bankr|Cr)\._(?:P(?:roc)?\.?)?|F(?:ed)?\.?_R\.?_(C|Cr|A|E|B)\.?_(?:P\.?|vid\.?)|FR(C|CR|A|E|B)P?|Federal Rules? of (Civil Procedure|Criminal Procedure|Appellate Procedure|Bankruptcy Procedure|Evidence)),?(?: Rules?)?_(\d[\dA-Za-z.]*(?:_\([\dA-Za-z]{1,4}\))*)`)
	bareRule    = rx(`Rules? (\d[\d.]*[a-z]?(?:[-–]\d+)?(?:_\([\dA-Za-z]{1,4}\))*)(?: of the Federal Rules of (Civil Procedure|Criminal Procedure|Appellate Procedure|Bankruptcy Procedure|Evidence))?`)

	constitution = rx(`(U\._S\.|United States|[A-Z][a-z]+\.|[A-Z]\._[A-Z]\.|[A-Z]\. [A-Z][a-z]+\.) ?Const(?:\.|itution),? ((?:amend|art|pmbl|Amend|Art|AMEND|ART)[a-z]*\.?) ?([IVXLC]+|\d{1,3})\b((?:, (?:§§?_|cl\._|[Ss]ection |pt\._)\d{1,3}(?:\([a-z\d]\))*)*)`)
	amendment    = rx(`(First|Second|Third|Fourth|Fifth|Sixth|Seventh|Eighth|Ninth|Tenth|Eleventh|Twelfth|Thirteenth|Fourteenth|Fifteenth|Sixteenth|Seventeenth|Eighteenth|Nineteenth|Twentieth|Twenty-[Ff]irst|Twenty-[Ss]econd|Twenty-[Tt]hird|Twenty-[Ff]ourth|Twenty-[Ff]ifth|Twenty-[Ss]ixth|Twenty-[Ss]eventh) Amendment\b`)
	article      = rx(`Article (I|II|III|IV|V|VI|VII),? (?:(?:§_|[Ss]ection )(\d{1,2}),? )?of the (?:(?:United States|U\.S\.|[Ff]ederal) )?Constitution\b`)

	sectionOfAct = rx(`(?:Sections?|Secs?\.|§§?|Title)_(` + section + `) of (?:the|Title \d+ of the) ((?:[A-Z][\w’'-]+,?|and|of|the|to|in|for|on|&)(?: (?:[A-Z][\w’'-]+,?|and|of|the|to|in|for|on|&)){0,9}? (?:Act|Code|Amendments|ACT|Compact|Law)(?: of (?:1[789]|20)\d\d)?)`)

	// stateCode is a state's code from its abbreviation to the section.
	stateCode = rx(`((?:[A-Z][\w.’'&-]*\.?_|& |and ){1,9}?),?_(?:\((?:[A-Z][\w&.’'-]* ?){0,3}_\d{0,4}\),?_)?(?:([Tt]it\.?|[Cc]h(?:ap)?\.?|[Cc]hapter|pt\.|[Aa]rt\.?|r\.)_(\d[\w.:-]*)(?:,?_§§?_(` + numbered + `))?|§§?_(` + numbered + `))`)
	// bareCode is a code that is cited by bare numbers.
	bareCode    = rx(`((?:[A-Z][\w.]*\.?_){1,4}(?:Admin\. Code|Comp\. R\. & Regs\.|Rev\. Code|Code Ann\.|Rev\. Stat\.|Gen\. Stat\.|R\.C\.)) (\d[\dA-Za-z]*(?:[.:-][\dA-Za-z]+)*(?:\([\dA-Za-z]{1,4}\))*)`)
	bareSection = rx(`§§?_(` + numbered + `)`)
	codeWord    = regexp.MustCompile(`(?:^|[\s.])(?:Code|Codes|Stat|Stats|Statutes|Laws?|Comp|Consol|Regs?|R\.S|G\.S|Gen|Rev|Leyes|CODE|STAT)\b`)
	initialCode = rx(`(N\._C\._G\._S\._A?\.?|O\._C\._G\._A\.|R\._C\._W\.|RCW|C\._R\._S\.|K\._S\._A\.|N\._J\._S\._A\.|N\._R\._S\.|NRS|O\._R\._S\.|ORS|M\._C\._L\.(?:A\.)?|MCL[AS]?|R\._C\.|H\._R\._S\.|HRS|SDCL|NDCC|RSA|RSMo|K\._R\._S\.|KRS|T\._C\._A\.|A\._R\._S\.|I\._C\.|D\._C\. Code|M\.G\.L\.?|G\.L\.|A\._C\._A\.|WAC|OAR|UCC|U\.C\.C\.|U\.S\.S\.G\.|USSG),? (?:§§?_|[Ss]ections? |[Ss]ecs?\. |[Cc]h?\.? ?)?(` + numbered + `)`)
)

var ruleSets = map[string]string{
	"Civ": "Civ. P.", "C": "Civ. P.", "Civil Procedure": "Civ. P.",
	"Crim": "Crim. P.", "Cr": "Crim. P.", "CR": "Crim. P.", "Criminal Procedure": "Crim. P.",
	"App": "App. P.", "A": "App. P.", "Appellate Procedure": "App. P.",
	"Evid": "Evid.", "E": "Evid.", "Evidence": "Evid.",
	"Bankr": "Bankr. P.", "B": "Bankr. P.", "Bankruptcy Procedure": "Bankr. P.",
}

// federalStatute finds a statute or regulation that begins with a number.
func (p *page) federalStatute(i int) int {
	t := p.tokens[i]
	if i+1 >= len(p.tokens) || !p.tokens[i+1].is(upper) || !p.tokens[i+1].before.simple() && !p.tokens[i+1].before.listed() || t.end-t.start > 8 {
		return i
	}
	switch p.text[p.tokens[i+1].start] {
	case 'B', 'E', 'H', 'J', 'L', 'Q', 'X', 'Y', 'Z':
		return i
	}
	w := window(p.text, t.start)
	if m := usCode.FindStringSubmatchIndex(w); m != nil {
		return p.sections(i, w, m, w[m[2]:m[3]]+" U.S.C.", m[6], m[7])
	}
	if m := cfr.FindStringSubmatchIndex(w); m != nil {
		title := w[m[2]:m[3]] + " C.F.R."
		if m[6] >= 0 {
			end := t.start + m[1]
			p.add(document.Statute, t.start, end, title+" pt. "+w[m[8]:m[9]], 0.97, "")
			return p.tokenAt(i, end)
		}
		return p.sections(i, w, m, title, m[8], m[9])
	}
	if m := fedReg.FindStringSubmatch(w); m != nil {
		return p.statuteIs(i, m[0], m[1]+" Fed. Reg. "+strings.ReplaceAll(m[2], ",", ""), 0.97)
	}
	if m := statutesLarge.FindStringSubmatch(w); m != nil {
		return p.statuteIs(i, m[0], m[1]+" Stat. "+m[2], 0.95)
	}
	if p.has(i+1, stateAbbr|place) || p.word(i+1) == "W" || p.word(i+1) == "N" {
		if m := sessionLaw.FindStringSubmatch(w); m != nil {
			return p.statuteIs(i, m[0], m[1]+" "+tidy(m[2])+" "+strings.ReplaceAll(m[3], ",", ""), 0.9)
		}
	}
	if m := titledCode.FindStringSubmatch(w); m != nil {
		return p.statuteIs(i, m[0], m[1]+" "+tidy(m[2])+" § "+dashes.Replace(m[3]), 0.9)
	}
	return i
}

func (p *page) statuteIs(i int, found, normalized string, confidence float64) int {
	found = strings.TrimRight(found, ".,:;-– \n")
	end := p.tokens[i].start + len(found)
	p.add(document.Statute, p.tokens[i].start, end, normalized, confidence, "")
	return p.tokenAt(i, end)
}

// sections records code's section at w[from:to], where m is what matched at
// token i, and every further one of a list.
func (p *page) sections(i int, w string, m []int, code string, from, to int) int {
	start := p.tokens[i].start
	to = from + len(trimSection(w[from:to]))
	p.section(start, start+to, code, w[from:to])
	end := start + to
	for {
		rest := window(p.text, end)
		more := moreSections.FindStringSubmatchIndex(rest)
		if more == nil {
			break
		}
		next := rest[more[4]:more[5]]
		next = trimSection(next)
		after := rest[more[4]+len(next):]
		// In "§ 1983, 42 U.S.C. § 1985" the 42 is no section.
		if more[2] < 0 && !strings.Contains(w[m[0]:m[1]], "§§") && !strings.Contains(w[m[0]:m[1]], "ections") || followsCode(after) {
			break
		}
		p.section(end+more[4], end+more[4]+len(next), code, next)
		end += more[4] + len(next)
	}
	return p.tokenAt(i, end)
}

var codeFollows = rx(`_(?:U\._S|USC|C\._F|CFR|F\.|S\._Ct|L\._Ed|Fed|Stat|[A-Z][a-z]*\.|(?:days?|weeks?|months?|years?|hours?|percent|times|others|counts?|defendants|plaintiffs|persons|people)\b)`)

func followsCode(s string) bool { return codeFollows.MatchString(s) }

func trimSection(s string) string { return strings.TrimRight(s, ".:-– \n") }

func (p *page) section(start, end int, code, number string) {
	number = dashes.Replace(strings.Join(strings.Fields(number), ""))
	normalized := code + " § " + number
	p.add(document.Statute, start, end, normalized, 0.98, "")
	if p.memory.sections == nil {
		p.memory.sections = make(map[string]string)
	}
	p.memory.sections[baseSection(number)] = code
}

// baseSection is a section's number without its subsections.
func baseSection(s string) string {
	if i := strings.IndexByte(s, '('); i > 0 {
		s = s[:i]
	}
	return s
}

// statute finds one that begins with a word.
func (p *page) statute(i int) int {
	t := p.tokens[i]
	w := window(p.text, t.start)
	switch p.text[t.start] {
	case 'P':
		if m := publicLaw.FindStringSubmatch(w); m != nil {
			return p.statuteIs(i, m[0], "Pub. L. No. "+m[1]+"-"+m[2], 0.98)
		}
	case 'F', 'f':
		if m := federalRule.FindStringSubmatch(w); m != nil {
			set := ruleSets[m[1]+m[2]+m[3]+oneLine(m[4])]
			return p.statuteIs(i, m[0], "Fed. R. "+set+" "+rule(m[5]), 0.97)
		}
	case 'R':
		if m := bareRule.FindStringSubmatch(w); m != nil {
			if m[2] != "" {
				return p.statuteIs(i, m[0], "Fed. R. "+ruleSets[oneLine(m[2])]+" "+rule(m[1]), 0.95)
			}
			return p.statuteIs(i, m[0], "Rule "+rule(m[1]), 0.6)
		}
	}
	if m := p.federalText(i, w); m > i {
		return m
	}
	if t.class&statuteHead != 0 && (t.is(initial|dot) || t.is(caps)) {
		if m := initialCode.FindStringSubmatchIndex(w); m != nil {
			return p.sections(i, w, m, strings.Join(strings.Fields(w[m[2]:m[3]]), ""), m[4], m[5])
		}
	}
	if t.class&(stateAbbr|place) == 0 && !t.is(initial) || !codeWord.MatchString(w[:min(len(w), 90)]) {
		return i
	}
	if m := bareCode.FindStringSubmatchIndex(w); m != nil {
		return p.sections(i, w, m, codeName(w[m[2]:m[3]]), m[4], m[5])
	}
	if m := stateCode.FindStringSubmatchIndex(w); m != nil && codeWord.MatchString(w[m[2]:m[3]]) {
		code := codeName(w[m[2]:m[3]])
		if m[10] >= 0 {
			return p.sections(i, w, m, code, m[10], m[11])
		}
		part := strings.ToLower(w[m[4]:m[5]])
		if !strings.HasSuffix(part, ".") {
			part += "."
		}
		normalized := code + " " + part + " " + trimSection(w[m[6]:m[7]])
		if m[8] >= 0 {
			return p.sections(i, w, m, normalized+",", m[8], m[9])
		}
		return p.statuteIs(i, w[:m[1]], normalized, 0.9)
	}
	return i
}

// federalText finds a constitution's article or amendment and a section of a
// named act, which begin at token i, where w begins.
func (p *page) federalText(i int, w string) int {
	if strings.Contains(w[:min(len(w), 40)], "onst") {
		if m := constitution.FindStringSubmatch(w); m != nil {
			kind := "art."
			if strings.HasPrefix(strings.ToLower(m[2]), "amend") {
				kind = "amend."
			}
			jurisdiction := strings.Replace(strings.Join(strings.Fields(m[1]), " "), "United States", "U.S.", 1)
			jurisdiction = strings.Replace(jurisdiction, "U. S.", "U.S.", 1)
			return p.statuteIs(i, m[0], jurisdiction+" Const. "+kind+" "+m[3]+tidySections(m[4]), 0.97)
		}
	}
	if m := amendment.FindStringSubmatch(w); m != nil {
		return p.statuteIs(i, m[0], "U.S. Const. amend. "+ordinalNumerals[strings.ToLower(m[1])], 0.85)
	}
	if m := article.FindStringSubmatch(w); m != nil {
		normalized := "U.S. Const. art. " + m[1]
		if m[2] != "" {
			normalized += ", § " + m[2]
		}
		return p.statuteIs(i, m[0], normalized, 0.9)
	}
	if m := sectionOfAct.FindStringSubmatch(w); m != nil {
		return p.statuteIs(i, m[0], oneLine(m[2])+" § "+rule(m[1]), 0.9)
	}
	return i
}

// rule is a rule's or section's number without space, with plain hyphens.
func rule(s string) string {
	return dashes.Replace(strings.TrimRight(strings.Join(strings.Fields(s), ""), ".:-–"))
}

func tidySections(s string) string { return strings.ReplaceAll(tidy(s), "§", "§ ") }

// codeName is a code's name tidied, in title case if it is all capitals.
func codeName(s string) string {
	words := strings.Fields(tidy(s))
	for k, w := range words {
		if letters := strings.Trim(w, ".,"); len(letters) > 2 && !strings.Contains(letters, ".") && w == strings.ToUpper(w) {
			words[k] = capitalize(strings.ToLower(w))
		}
	}
	return strings.Join(words, " ")
}

// tidy is s on one line, without space before and after, each "§" with none after.
func tidy(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.TrimRight(strings.ReplaceAll(s, "§ ", "§"), " ,")
}

// sectionSign finds what a "§" at offset at begins: "§ 10(b) of the … Act", or a
// section whose code the document has named.
func (p *page) sectionSign(at int) {
	w := window(p.text, at)
	if m := sectionOfAct.FindStringSubmatch(w); m != nil {
		p.add(document.Statute, at, at+len(m[0]), oneLine(m[2])+" § "+rule(m[1]), 0.9, "")
		return
	}
	if m := bareSection.FindStringSubmatchIndex(w); m != nil {
		number := rule(trimSection(w[m[2]:m[3]]))
		if code, ok := p.memory.sections[baseSection(number)]; ok {
			p.add(document.Statute, at, at+m[2]+len(trimSection(w[m[2]:m[3]])), code+" § "+number, 0.85, "")
		}
	}
}

var ordinalNumerals = map[string]string{
	"first": "I", "second": "II", "third": "III", "fourth": "IV", "fifth": "V", "sixth": "VI", "seventh": "VII", "eighth": "VIII",
	"ninth": "IX", "tenth": "X", "eleventh": "XI", "twelfth": "XII", "thirteenth": "XIII", "fourteenth": "XIV", "fifteenth": "XV",
	"sixteenth": "XVI", "seventeenth": "XVII", "eighteenth": "XVIII", "nineteenth": "XIX", "twentieth": "XX", "twenty-first": "XXI",
	"twenty-second": "XXII", "twenty-third": "XXIII", "twenty-fourth": "XXIV", "twenty-fifth": "XXV", "twenty-sixth": "XXVI",
	"twenty-seventh": "XXVII",
}
