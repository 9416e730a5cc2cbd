package cite

import "strings"

var (
	// journalForm is a law review's name and page: the general form of those that
	// the tables do not hold.
	journalForm = rx(`((?:[A-Z][\w.’'&-]*\.?_|& |and |on |of |the ){1,9}?)(?: ?\([A-Z][^()\n]{1,30}\))?,? (\d{1,5})`)
	// sessionForm is a year's laws or a volume of a state's register.
	sessionForm = rx(`((?:[A-Z][\w.’'&-]*\.?_|& ){1,6}?(?:Acts|Laws|Legis\. Serv\.|Law Serv\.|Reg\.|Bull\.|Resolves|Leg\. Serv\.|Adv\. Sh\.|Sess\. Laws)(?: Ann\.| Spec\. Sess\.)?),? (?:(?:No\.|ch\.|c\.|p\.|at) )?(\d[\d,]*)\b`)
	// titledForm is a state's code with its title before.
	titledForm = rx(`((?:Pa\.|Guam|Ill\.|Okla\.|Del\.|Vt\.|Me\.|R\.I\.|N\._M(?:ar)?\.|Neb\.|Ind\.)[^§;()\n\d]{2,44}?)(?:,?_§§?_| )` + numbered)
)

// unknown reads what the tables do not hold: a law review in general form, a
// state's session laws, a reporter that is told by what stands around it. name
// begins at at.
func (s *scanner) unknown(i int, volume string, at int, year bool) int {
	text := s.text
	if !shortWord(text, at) {
		return 0
	}
	w := window(text, at)
	head := w[:min(len(w), 72)]
	if mayBeJournal(head) {
		if m := journalForm.FindStringSubmatchIndex(w); m != nil && isJournalName(w[m[2]:m[3]]) {
			return s.journal(i, volume, oneLine(strings.TrimRight(w[m[2]:m[3]], " \n,")), at+m[3])
		}
	}
	if hits, n := s.table.walk(text, at); n > 0 {
		for _, e := range hits[0].entries {
			if e.what != isState && e.what != isReporter {
				continue
			}
			if !mayBeCode(head) {
				break
			}
			if m := sessionForm.FindStringSubmatchIndex(w); m != nil {
				name := codeName(w[m[2]:m[3]])
				return s.add(Citation{
					Kind: SessionLaw, Start: i, End: at + m[1], Volume: volume, Reporter: name, Root: name,
					Page: strings.ReplaceAll(strings.Trim(w[m[4]:m[5]], ","), ",", ""), Confidence: 0.9,
				})
			}
			if m := titledForm.FindStringSubmatchIndex(w); m != nil && codeWord.MatchString(w[m[2]:m[3]]) {
				name := codeName(w[m[2]:m[3]])
				return s.sections(Citation{Kind: Statute, Start: i, Title: volume, Code: name, Root: name, Confidence: 0.9}, w, at, m[4], m[7])
			}
		}
	}
	if end := s.unknownReporter(i, volume, at); end > 0 {
		return end
	}
	return s.aloneForm(i, volume, at)
}

// loneName is a reporter's name and page that are a text's end.
var loneName = rx(`([A-Z][A-Za-z.&’'\x20]{0,40}?[A-Za-z.])(?: \([A-Z][^()\n]{1,20}\))?,? (?:(?:[Pp]age|p\.|par\.|No\.|¶|P) )?(\d{1,3}(?:,\d{3})+|\d{1,6})[.;]?_\z`)

// aloneForm takes a text that is nothing but number, abbreviation, number for a
// citation of a reporter that the tables do not hold.
func (s *scanner) aloneForm(i int, volume string, at int) int {
	if !s.alone(i, len(s.text)) || len(s.text)-at > 80 {
		return 0
	}
	m := loneName.FindStringSubmatchIndex(s.text[at:])
	if m == nil {
		return 0
	}
	name := oneLine(s.text[at+m[2] : at+m[3]])
	if !strings.Contains(name, ".") && name != strings.ToUpper(name) || notReporter[squeeze(name)] || notReporter[squeeze(lastWord(name))] && !strings.Contains(name, ". ") || months[strings.ToLower(strings.Trim(name, "."))] {
		return 0
	}
	return s.add(Citation{
		Kind: Case, Start: i, End: at + m[5], Volume: volume, Reporter: name, Root: name, Page: strings.ReplaceAll(s.text[at+m[4]:at+m[5]], ",", ""), Confidence: 0.5,
	})
}

// mayBeJournal says whether a law review's name may be in s: a quick look before
// the pattern.
func mayBeJournal(s string) bool {
	return strings.Contains(s, "Rev") || strings.Contains(s, "J.") || strings.Contains(s, "L.") || strings.Contains(s, "Law") || strings.Contains(s, "Q.")
}

// shortWord says whether the word at i may begin an abbreviation: a full stop,
// capital or "&" comes soon.
func shortWord(s string, i int) bool {
	for k := i + 1; k < len(s) && k < i+14; k++ {
		switch c := s[k]; {
		case c == '.' || c == '&' || isUpper(c):
			return true
		case c == '\n':
			return false
		}
	}
	return false
}

// isJournalName says whether a run of words is the name of a law review: it ends
// as one does, and says what it is of.
func isJournalName(name string) bool {
	words := strings.Fields(name)
	if len(words) == 0 || !strings.Contains(name, ".") && !strings.Contains(name, "Law Review") && !strings.Contains(name, "Law Journal") {
		return false
	}
	last := strings.TrimRight(words[len(words)-1], ",")
	squeezed := squeeze(name)
	for _, end := range [...]string{"lrev", "lj", "lawreview", "lawjournal", "lq", "jl", "lf", "legalf", "polyrev", "polyj", "lreview", "rtsj", "rtslrev", "probs", "lrevonline"} {
		if strings.HasSuffix(squeezed, end) && len(squeezed) > len(end)+1 {
			return true
		}
	}
	switch last {
	case "Rev.", "J.", "Q.", "Pol’y", "Pol'y", "Tech.", "Econ.", "Stud.", "Persp.", "Online", "F.", "Reg.":
		return strings.Contains(name, "L.") || strings.Contains(name, "Law") || strings.Contains(name, "Legal") || strings.HasPrefix(name, "J.")
	}
	return strings.HasPrefix(name, "J. ") && len(words) > 2 || strings.Contains(squeezed, "jlpub") || strings.Contains(name, "J.L. &") || strings.Contains(name, "L. Rev.") || strings.Contains(name, "J. Int'l L")
}

// journal reads an article of a law review, whose name ends at at.
func (s *scanner) journal(i int, volume, name string, at int) int {
	rest := window(s.text, at)
	c := Citation{Kind: Journal, Start: i, Volume: volume, Reporter: name, Root: name, Confidence: 0.95}
	if m := shortPage.FindStringSubmatchIndex(rest); m != nil {
		return s.add(Citation{Kind: Short, Start: i, End: at + m[1], Volume: volume, Reporter: name, Root: name, Pin: rest[m[4]:m[5]], Confidence: 0.9})
	}
	if !s.page(&c, rest, at) || isLetters(c.Page) && !c.Blank {
		return 0
	}
	c.End, c.Pin = s.pins(c.End, "")
	if d, ok := courtYearAt(s.text, c.End); ok {
		c.Year, c.End = d.year, d.end
	}
	return s.add(c)
}

// unknownReporter takes a run of abbreviations for a reporter that the tables do
// not hold, where the text says that it is one.
func (s *scanner) unknownReporter(i int, volume string, at int) int {
	text := s.text
	end, abbreviated, words := at, 0, 0
	for k := at; words < 7; words++ {
		j := k
		for j < len(text) && (isAlnum(text[j]) || text[j] == '\'' || text[j] == '&' || text[j] == '.' && (j+1 < len(text) && isAlnum(text[j+1]))) {
			j++
		}
		word := text[k:j]
		if word == "" || isDigit(word[0]) {
			if isSeries(word) {
				end = j
			}
			break
		}
		if word != "&" && (!isUpper(word[0]) || notReporter[squeeze(word)] || months[strings.ToLower(word)]) {
			return 0
		}
		dotted := j < len(text) && text[j] == '.'
		switch {
		case dotted && len(word) <= 7:
			abbreviated++
			j++
		case word == "&" || len(word) <= 2:
		default:
			return 0
		}
		end = j
		next, ok := skipGap(text, j)
		if !ok || next >= len(text) {
			break
		}
		k = next
	}
	if end == at || abbreviated == 0 {
		return 0
	}
	if first := text[at : at+2]; (first == "A." || first == "Q.") && s.startsLine(i) {
		return 0 // question and answer
	}
	if abbreviated < 2 && !s.evidence(i, s.pageEnd(end)) {
		return 0
	}
	if s.numberedLine(i, end) {
		return 0
	}
	name := oneLine(text[at:end])
	c := Citation{Kind: Case, Start: i, Volume: volume, Reporter: name, Root: name, Confidence: 0.6}
	if !s.page(&c, window(text, end), end) || isLetters(c.Page) && !c.Blank || !isSpaced(text, end) {
		return 0
	}
	s.finish(&c)
	return s.add(c)
}

func isSpaced(s string, i int) bool {
	return i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == 0xC2)
}

// pageEnd is where a page that may follow at end ends.
func (s *scanner) pageEnd(end int) int {
	if m := firstPage.FindStringIndex(window(s.text, end)); m != nil {
		return end + m[1]
	}
	return end
}

// numberedLine says whether the number at i and the next one behind end begin two
// lines, as on pleading paper and in transcripts: "5  A. Yes.\n6".
func (s *scanner) numberedLine(i, end int) bool {
	next, _ := skipGap(s.text, end)
	return strings.Contains(s.text[end:next], "\n") && s.startsLine(i)
}

// startsLine says whether only space stands before i on its line.
func (s *scanner) startsLine(i int) bool {
	before := strings.TrimRight(s.text[max(0, i-40):i], " \t")
	return before == "" || before[len(before)-1] == '\n'
}

// notReporter are abbreviations of statutes, streets and the like, which stand
// between numbers too.
var notReporter = func() map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(`Rev L.Rev J L.J Q Bull Stat Reg Fed.Reg U.S.C U.S.C.A C.F.R Code Ann Comp Admin St Ave Blvd Rd Ste Apt Dr Hwy Fl
Bldg No Nos Pub Ex Exh Tr Doc Dkt Docs App Art Sec Ch Cl Vol Fig Tbl Mr Mrs Ms Inc Corp Co LLC a.m p.m Id See Cf Al Const Amend Pp P Cong Sess Rec Ops U.N D.C.Code
Mass.Gen.Laws L Law Acts Laws Rules R Rule N S E W NW SW NE SE N.W N.E S.W S.E Tel Fax Ph Ext Att Attn Decl Aff Dep Hr ECF Resp Mot Br Mem Op Compl Answ Pl Def Wk Hrs Min Lbs Oz Ft In Cm Mm Kg Am Pm Esq Jr Sr Dist Div`) {
		m[squeeze(w)] = true
	}
	return m
}()
