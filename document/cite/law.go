package cite

import (
	"regexp"
	"strings"
)

// A section's number with its subsections. A subsection on the next line would as
// likely be the next item of a list.
const (
	numbered = `(\d[\dA-Za-z]*(?:(?:[.:/]|[-–])[\dA-Za-z]+)*)((?:\x20?\((?:[\dA-Za-z]{1,3}|[ivxIVX]{4,6})\))*(?:[-–]\([\dA-Za-z]{1,3}\))?)`
	signs    = `(?:§§?|[Ss]ections?|[Ss]ecs?\.?|SECTIONS?|SEC\.)`
)

var (
	// titleTail follows the name of a code whose title stands before it.
	titleTail = rx(`(?:,| \((?:Supp|19|20)[^()\n]{0,12}\)| Supp\.?[^()\n]{0,8}| (?:19|20)\d\d,| [Aa]pp\.)?,?_((?:[Pp]arts?|[Pp]ts?\.|[Ss]ubparts?|[Cc]h\.|art\.|r\.) )?(?:` + signs + `_|¶_)?` + numbered)
	// codeTail follows the name of a code: publisher and year in parentheses, a
	// title or chapter, the section.
	codeTail = rx(`(?: (?:19|20)\d\d(?: Supp\.|,(?: Supp\.)?))?,?(?:_\((?:[A-Z][^()\n]{0,30})?(?:\d{4})?\),?)?(?:,?_([Tt]it(?:le|\.)?|TIT\.?|[Cc]h(?:ap)?(?:ter|\.)?|CH\.|c\.|[Aa]rts?\.?|[Aa]rticle|ART\.?|pt\.|r\.|[Rr]ule|div\.|subtit\.|[A-Z][a-z]{2,6}\.)_(\d[\w.:-]*))?` +
		`(?:(?:,_|_)(` + signs + `_)?` + numbered + `)?`)
	moreSections = rx(`(?:,? (?:and|or|&|to) |,_)(` + signs + `_)?` + numbered)
	pageTail     = rx(`(?:,?_(?:\([^()\n]{1,24}\),?)?)(?: ?(?:No\.|ch\.|c\.|p\.|at|act|Act|P\.A\.|SIZ-))?_(\d{1,3}(?:,\d{3})+|[\d]+(?:[,-]\d+)*)`)
	ruleTail     = rx(`,?_(?:[Rr]ules? )?(\d[\dA-Za-z]*(?:[.:-]\d[\dA-Za-z]*)*)((?:_\([\dA-Za-z]{1,4}\))*)`)
	lawTail      = rx(`,?_(?:Nos?\._)?(\d{2,3})[-–](\d{1,4})\b`)
	constTail    = rx(`,?_(?:(?:18|19|20)\d\d,?_)?(?:(amend|Amend|AMEND|art|Art|ART|pmbl|pt|Pt)[a-z]*\.?) ?([IVXLC]+|\d{1,3})?\b((?:,_(?:§§?_|cl\._|[Ss]ec(?:tion|\.) |pt\._|art\._)\d{1,3}(?:\([a-z\d]\))*)*)`)
	constSection = regexp.MustCompile(`(?:§§?|[Ss]ec(?:tion|\.))\s*(\d{1,3})`)
	article      = rx(`(?:Article|Art\.) (I|II|III|IV|V|VI|VII|\d{1,2}),? (?:(?:§_|[Ss]ection |[Ss]ec\. )(\d{1,2}),? )?(?:(?:[Cc]lause|cl\.) \d{1,2},? )?of the (?:(?:United States|U\.S\.|[Ff]ederal) )?Constitution\b`)
)

// titled reads a section of a code whose title, at i, stands before its name.
func (s *scanner) titled(i int, title string, e entry, at int) int {
	rest := window(s.text, at)
	m := titleTail.FindStringSubmatchIndex(rest)
	if m == nil || m[1] < len(rest) && isAlnum(rest[m[1]]) {
		return 0
	}
	c := Citation{Kind: Statute, Start: i, Code: e.name, Root: e.root, Title: title, Confidence: 0.98}
	if e.what == isTitleReg {
		c.Kind = Regulation
	}
	if m[2] >= 0 && (rest[m[2]] == 'P' || rest[m[2]] == 'p') {
		c.Section = "pt. " + section(rest[m[4]:m[5]])
		c.Subsection = strings.ReplaceAll(rest[m[6]:m[7]], " ", "")
		c.End = at + m[5]
		return s.add(c)
	}
	if len(e.name) > 8 && !strings.Contains(rest[:m[4]], "§") && e.what == isTitle && e.name != "U.S.C." && number(rest[m[4]:m[5]]) < 10 {
		c.Confidence = 0.6
	}
	return s.sections(c, rest, at, m[4], m[7])
}

// sections records the section at rest[from:to], number and subsections, and
// every further one of a list.
func (s *scanner) sections(c Citation, rest string, at, from, to int) int {
	plural := strings.Contains(rest[:from], "§§") || strings.Contains(rest[:from], "ections") || strings.Contains(rest[:from], "ecs.")
	c.section(rest[from:to])
	c.End = at + from + len(strings.TrimRight(rest[from:to], ".:-– \n"))
	s.add(c)
	end := c.End
	for range 40 {
		rest := window(s.text, end)
		m := moreSections.FindStringSubmatchIndex(rest)
		if m == nil {
			break
		}
		after := rest[m[5]:]
		// In "§ 1983, 42 U.S.C. § 1985" the 42 is no section.
		if m[2] < 0 && !plural || m[7] == m[5] && s.followsSection(end+m[5], after) {
			break
		}
		if m[7] < len(rest) && isAlnum(rest[m[7]]) {
			break
		}
		next := c
		next.section(rest[m[4]:m[7]])
		next.Start = end + m[4]
		next.NameStart = 0
		next.End = next.Start + len(strings.TrimRight(rest[m[4]:m[7]], ".:-– \n"))
		s.add(next)
		end = next.End
	}
	return end
}

// section fills in a section's number and subsections.
func (c *Citation) section(text string) {
	text = dashes.Replace(strings.Join(strings.Fields(text), ""))
	number, sub := text, ""
	if k := strings.IndexByte(text, '('); k > 0 {
		number, sub = text[:k], text[k:]
	}
	if k := strings.IndexByte(number, '-'); k > 0 && strings.HasSuffix(number, "-") {
		number = number[:k]
	}
	c.Section, c.Subsection = strings.TrimRight(number, ".:-"), sub
}

func section(s string) string { return dashes.Replace(strings.TrimRight(s, ".:-–")) }

var counted = rx(` ?(?:days?|weeks?|months?|years?|hours?|percent|times|others|counts?|defendants|plaintiffs|persons|people)\b`)

// followsSection says whether the number before offset to is no further section of
// a list: a code, reporter or unit follows.
func (s *scanner) followsSection(to int, after string) bool {
	return counted.MatchString(after) || s.startsCitation(to)
}

// code reads a section of a code whose name begins at i and ends at at.
func (s *scanner) code(i int, e entry, at int) int {
	rest := window(s.text, at)
	if e.what == isReg && strings.HasPrefix(e.name, "Wis.") {
		if end := s.agencyRule(i, e, at); end > 0 {
			return end
		}
	}
	m := codeTail.FindStringSubmatchIndex(rest)
	if m == nil || m[2] < 0 && m[6] < 0 {
		if end := s.codeBehind(i, e, at); end > 0 {
			return end
		}
	}
	if m == nil || m[2] < 0 && m[8] < 0 {
		return s.lettered(i, e, at)
	}
	spelling := s.text[i:at]
	signed := m[2] >= 0 || m[6] >= 0
	if !signed && !plainSection(rest[m[8]:m[9]], spelling) && !(strings.Contains(spelling, ".") && s.alone(i, at+m[9])) {
		return 0
	}
	decimal := strings.Contains(spelling, ".") && m[8] >= 0 && strings.Contains(rest[m[8]:m[9]], ".") // R.C. 2305.10
	if len(squeeze(spelling)) < 3 && !signed && !decimal || !strings.Contains(spelling, ".") && isLower(spelling[len(spelling)-1]) && !signed && !strings.Contains(spelling, " ") {
		return 0
	}
	c := Citation{Kind: Statute, Start: i, Code: e.name, Root: e.root, Confidence: 0.97}
	if e.what == isReg {
		c.Kind = Regulation
	}
	if m[2] >= 0 {
		c.Title = partName(rest[m[2]:m[3]]) + " " + section(rest[m[4]:m[5]])
		if part := rest[m[2]:m[3]]; len(part) > 4 && isUpper(part[0]) && !strings.HasPrefix(part, "Tit") && !strings.HasPrefix(part, "Ch") && !strings.HasPrefix(part, "Art") {
			c.Title = part + " " + section(rest[m[4]:m[5]]) // N.H. Code Admin. R. Ann. Empl. 044
		}
		if m[8] < 0 || m[6] < 0 {
			c.End = at + m[4] + len(strings.TrimRight(rest[m[4]:m[5]], ".:-"))
			return s.add(c)
		}
	}
	if m[11] < len(rest) && isAlnum(rest[m[11]]) {
		return 0
	}
	return s.sections(c, rest, at, m[8], m[11])
}

// lettered reads a section that begins with "R": "Ariz. Admin. Code § R20-5-113".
func (s *scanner) lettered(i int, e entry, at int) int {
	rest := window(s.text, at)
	m := ruleNumbers.FindStringSubmatchIndex(rest)
	if e.what != isReg || m == nil {
		return 0
	}
	return s.add(Citation{
		Kind: Regulation, Start: i, End: at + m[1], Code: e.name, Root: e.root, Section: rest[m[2]:m[3]], Subsection: rest[m[4]:m[5]], Confidence: 0.96,
	})
}

// plainSection says whether a number without "§" is a section of the code that is
// spelt so: long codes need no sign, short ones a number that looks like one.
func plainSection(number, spelling string) bool {
	return strings.ContainsAny(number, ".-:") || len(number) > 2 && (strings.Contains(spelling, ".") || len(spelling) > 2) || len(squeeze(spelling)) > 7
}

func partName(s string) string {
	s = strings.ToLower(s)
	switch {
	case strings.HasPrefix(s, "tit"):
		return "tit."
	case strings.HasPrefix(s, "ch"), s == "c.":
		return "ch."
	case strings.HasPrefix(s, "art"):
		return "art."
	case strings.HasPrefix(s, "r"):
		return "r."
	}
	return s
}

// sessionLaw reads a page of a year's laws or of a register.
func (s *scanner) sessionLaw(i int, volume string, e entry, at int) int {
	rest := window(s.text, at)
	m := pageTail.FindStringSubmatchIndex(rest)
	if m == nil || m[1] < len(rest) && (isAlnum(rest[m[1]]) || rest[m[1]] == '.' && m[1]+1 < len(rest) && isDigit(rest[m[1]+1])) {
		return 0
	}
	c := Citation{
		Kind: SessionLaw, Start: i, End: at + m[1], Volume: volume, Reporter: e.name, Root: e.root,
		Page: strings.ReplaceAll(rest[m[2]:m[3]], ",", ""), Confidence: 0.93,
	}
	switch e.name {
	case "Fed. Reg.":
		c.Kind, c.Confidence = Register, 0.97
		if !strings.Contains(s.text[i:at], ".") && len(s.text[i:at]) < 10 && len(c.Page) < 3 {
			return 0
		}
	case "Stat.":
		c.Kind, c.Confidence = StatutesAtLarge, 0.95
		if k := strings.IndexByte(c.Page, '-'); k > 0 {
			c.Page = c.Page[:k]
		}
	}
	if c.Kind != SessionLaw {
		c.End, c.Pin = s.pins(c.End, "")
	}
	if d, ok := courtYearAt(s.text, c.End); ok {
		c.Year = d.year
	}
	return s.add(c)
}

// bareVolume is a register cited without a volume.
func (s *scanner) bareVolume(i int, e entry, at int) int {
	switch e.name {
	case "Fed. Reg.", "Stat.":
		return 0
	}
	spelling := s.text[i:at]
	if !strings.ContainsAny(spelling, ".'’") {
		return 0
	}
	rest := window(s.text, at)
	m := pageTail.FindStringSubmatchIndex(rest)
	if m == nil || m[1] < len(rest) && isAlnum(rest[m[1]]) || strings.Count(e.name, " ") < 2 && !s.alone(i, at+m[1]) {
		return 0
	}
	return s.add(Citation{
		Kind: SessionLaw, Start: i, End: at + m[1], Reporter: e.name, Root: e.root, Page: strings.ReplaceAll(rest[m[2]:m[3]], ",", ""), Confidence: 0.8,
	})
}

// rule reads a rule of procedure or evidence.
func (s *scanner) rule(i int, e entry, at int) int {
	rest := window(s.text, at)
	m := ruleTail.FindStringSubmatchIndex(rest)
	if m == nil || m[1] < len(rest) && isAlnum(rest[m[1]]) {
		return s.ruleBehind(i, e, at)
	}
	sub := strings.Join(strings.Fields(rest[m[4]:m[5]]), "")
	c := Citation{
		Kind: Rule, Start: i, End: at + m[0] + len(strings.TrimRight(rest[m[0]:m[1]], ".:-")), Code: e.name, Root: e.name,
		Section: section(rest[m[2]:m[3]]), Subsection: sub, Confidence: 0.97,
	}
	return s.rulesOn(c, s.add(c))
}

// publicLaw reads "Pub. L. No. 117-58".
func (s *scanner) publicLaw(i int, e entry, at int) int {
	m := lawTail.FindStringSubmatchIndex(window(s.text, at))
	if m == nil {
		return 0
	}
	rest := s.text[at:]
	return s.add(Citation{
		Kind: PublicLaw, Start: i, End: at + m[1], Reporter: e.name, Root: e.name, Volume: rest[m[2]:m[3]], Page: rest[m[4]:m[5]], Confidence: 0.98,
	})
}

// constitution reads an article or amendment.
func (s *scanner) constitution(i int, e entry, at int) int {
	rest := window(s.text, at)
	m := constTail.FindStringSubmatchIndex(rest)
	if m == nil || m[4] < 0 {
		return 0
	}
	c := Citation{Kind: Constitution, Start: i, End: at + m[1], Code: e.name, Root: e.name, Confidence: 0.97}
	value := rest[m[4]:m[5]]
	if rest[m[2]]|0x20 == 'a' && rest[m[2]+1]|0x20 == 'm' {
		c.Amendment = value
	} else {
		c.Article = value
	}
	tail := strings.TrimRight(oneLine(rest[m[6]:m[7]]), " ,")
	c.Subsection = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(tail, "§ ", "§"), "§", "§ "), "§ § ", "§§ ")
	if p := constSection.FindStringSubmatch(tail); p != nil {
		c.Section = p[1]
	}
	c.End = at + m[0] + len(strings.TrimRight(rest[m[0]:m[1]], " ,\n"))
	end := s.add(c)
	for range 10 {
		more := moreAmendments.FindStringSubmatchIndex(window(s.text, end))
		if c.Amendment == "" || tail != "" || !strings.Contains(rest[:m[4]], "s") || more == nil {
			break
		}
		c.Start, c.NameStart, c.Amendment = end+more[2], 0, s.text[end+more[2]:end+more[3]]
		c.End = end + more[1]
		end = s.add(c)
	}
	return end
}

// ordinal reads "the Fourth Amendment", and "Fifth and Fourteenth Amendments"
// through amendmentList.
func (s *scanner) ordinal(i int, e entry, at int) int {
	if strings.HasSuffix(s.text[i:at], "s") {
		s.ordinalsBehind(i)
	}
	c := Citation{Kind: Constitution, Start: i, End: at, Code: "U.S. Const.", Root: "U.S. Const.", Amendment: e.name, Confidence: 0.85}
	if s.text[at-1] == '.' {
		c.End--
	}
	return s.add(c)
}

// article reads "Article I, section 8 of the Constitution".
func (s *scanner) article(i int) int {
	m := article.FindStringSubmatch(window(s.text, i))
	if m == nil {
		return s.articleBehind(i)
	}
	c := Citation{Kind: Constitution, Start: i, End: i + len(m[0]), Code: "U.S. Const.", Root: "U.S. Const.", Article: m[1], Section: m[2], Confidence: 0.9}
	if m[2] != "" {
		c.Subsection = ", § " + m[2]
	}
	return s.add(c)
}
