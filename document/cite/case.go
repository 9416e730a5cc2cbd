package cite

import "strings"

var (
	// firstPage follows the reporter: a nominative reporter, series or publisher in
	// parentheses, then the page, which may be blank in slip opinions.
	firstPage = rx(`(?:,?_[(\[]((?:\d{1,2} (?:& \d{1,2} )?)?[A-Z][\w.&'’]*(?:,? [\w.&'’]+){0,4}|[Nn]\._[Ss]\.|n\._s\.|o\._s\.|P-H|\d{3,4},?)[)\]],?)?(?:,? _(?:[Pp]age |p\. |No\. )?|_)(?:[¶P]_|par\. )?` +
		`([A-Z]?\d{1,3}(?:,\d{3})+|[A-Z]?\d{1,6}|\x5F{2,}|-{2,}|[IVXLC]{1,7}\b|[ivxlc]{2,7}\b)`)
	blankPage = rx(`(?: |,_)((?:[—–]_){1,3}|\x5F{2,}|-{2,})`)
	// tableSuffix marks decisions that are published in a table or online only.
	tableSuffix = rx(`[(\[]([AU])[)\]]`)
	// shortPage follows the reporter in a short form.
	shortPage = rx(`,?(?:_\([A-Z][^()\n]{1,12}\))? at (\*?)(\d{1,6}|\x5F{2,}|-{2,})`)
	// pin is one pin cite after the page.
	pin = rx(`(?:,(?: at)? (?:&_)?(?:pp?\._)?|:_| at )(\*|¶¶?_|nn?\._)?(\d{1,6}|\x5F{2,})(?:[-–]\*?\d{1,6})?(?: ?\&? ?nn?\._\d{1,3}(?:[-–]\d{1,3})?)?`)
	// paragraph is the pin of a public-domain citation.
	paragraph = rx(`,? ?(?:at )?¶¶?_(\d{1,4})(?:[-–]\d{1,4})?(?:,_¶?_\d{1,4}(?:[-–]\d{1,4})?)*`)
)

// reporter reads a case citation whose volume begins at i and whose reporter ends
// at at.
func (s *scanner) reporter(i int, volume string, e entry, at int) int {
	rest := window(s.text, at)
	if m := shortForm(rest); m != nil {
		return s.add(Citation{
			Kind: Short, Start: i, End: at + m[1], Volume: volume, Reporter: e.name, Root: e.root, Pin: rest[m[4]:m[5]], CourtID: e.court,
			Confidence: 0.95,
		})
	}
	c := Citation{Kind: Case, Start: i, Volume: volume, Reporter: e.name, Root: e.root, CourtID: e.court, Confidence: 0.97}
	if !s.page(&c, rest, at) {
		return 0
	}
	bare := !strings.ContainsAny(s.text[i+len(volume):at], ".") && !isSeries(lastSeries(s.text[at-2:at]))
	if (e.weak || bare && e.name != "U.S." && !strings.ContainsAny(e.name, "&") && !allowedBare(s.text[i+len(volume):at])) && !s.evidence(i, c.End) {
		return 0
	}
	if e.weak || bare {
		c.Confidence = 0.7
	}
	if c.Blank {
		c.Confidence = 0.4 // a slip opinion's blank page is that of any case of the volume
	}
	s.finish(&c)
	return s.add(c)
}

func lastSeries(s string) string {
	if strings.HasSuffix(s, "th") || strings.HasSuffix(s, "d") && isDigit(s[0]) {
		return "2d"
	}
	return ""
}

// allowedBare says whether a spelling without full stops is unmistakable: in
// capitals ("FERC", "NYS"), or of several words.
func allowedBare(spelling string) bool {
	spelling = strings.TrimSpace(spelling)
	return len(spelling) > 2 && spelling == strings.ToUpper(spelling) || strings.Contains(oneLine(spelling), " ")
}

// shortForm matches shortPage where " at" stands.
func shortForm(rest string) []int {
	k := strings.Index(rest[:min(len(rest), 24)], "at")
	if k < 1 {
		return nil
	}
	return shortPage.FindStringSubmatchIndex(rest)
}

// plainPage is the page of the most common form, which needs no pattern: space,
// digits, and nothing that might belong to them.
func plainPage(rest string) (from, to int) {
	k := 0
	if rest != "" && rest[0] == ',' {
		k = 1
	}
	k, ok := skipGap(rest, k)
	from = k
	for k < len(rest) && isDigit(rest[k]) {
		k++
	}
	if !ok || k == from || k-from > 5 || k == len(rest) {
		return 0, 0
	}
	switch c := rest[k]; {
	case isAlnum(c), c == '[', c == '(', c == '.', c == '/', c == ':', c == '%', c == ',' && k+1 < len(rest) && isDigit(rest[k+1]):
		return 0, 0
	}
	return from, k
}

// page reads the first page into c; at is where rest begins.
func (s *scanner) page(c *Citation, rest string, at int) bool {
	if from, to := plainPage(rest); to > 0 {
		c.Page, c.End = rest[from:to], at+to
		return true
	}
	if m := blankPage.FindStringIndex(rest); m != nil && (m[1] == len(rest) || !isAlnum(rest[m[1]])) {
		c.Page, c.Blank = "___", true
		c.End = at + len(strings.TrimRight(rest[:m[1]], " \n\t"))
		return true
	}
	m := firstPage.FindStringSubmatchIndex(rest)
	if m == nil || m[5] < len(rest) && (runsOn(rest[m[5]:]) || rest[m[5]] == '.' && m[5]-m[4] == 1 && isUpper(rest[m[4]])) {
		return false // "L." of "12 Mass. L. Rev. 345" is no page 50
	}
	c.Page = strings.ReplaceAll(rest[m[4]:m[5]], ",", "")
	c.End = at + m[5]
	if c.End < len(s.text) && (s.text[c.End] >= 'a' && s.text[c.End] <= 'f' || s.text[c.End] == 'A' || s.text[c.End] == 'B' || s.text[c.End] == 'Z') {
		c.Page += s.text[c.End : c.End+1]
		c.End++
	}
	if t := tableSuffix.FindStringSubmatch(window(s.text, c.End)); t != nil {
		c.Page += "(" + t[1] + ")"
		c.End += len(t[0])
	}
	if strings.Trim(c.Page, "_-") == "" {
		c.Page, c.Blank = "___", true
	}
	return true
}

// runsOn says whether s, what follows a page, begins with more of a number or word
// than a page's one-letter suffix.
func runsOn(s string) bool {
	switch {
	case isDigit(s[0]):
		return true
	case isLower(s[0]) || isUpper(s[0]):
		return len(s) > 1 && isAlnum(s[1]) || !strings.ContainsRune("abcdefABZ", rune(s[0]))
	case s[0] == '.' || s[0] == ':' || s[0] == '/' || s[0] == '%':
		return s[0] == '%' || len(s) > 1 && isDigit(s[1])
	}
	return false
}

// evidence says whether what is around a possible citation shows that it is one:
// a case's name before, a court and year after, or nothing else in the text.
func (s *scanner) evidence(start, end int) bool {
	before := s.text[max(0, start-90, s.floor):start]
	if strings.Contains(before, " v. ") || strings.Contains(before, "\nv. ") || strings.Contains(before, " v.\n") || strings.Contains(before, "In re ") ||
		strings.Contains(before, " v ") {
		return true
	}
	if s.alone(start, end) {
		return true
	}
	if strings.Contains(s.text[start:end], "¶") {
		return true
	}
	// A parallel citation's.
	if k := len(s.found) - 1; k >= 0 && s.found[k].Kind == Case && strings.Trim(s.text[s.found[k].End:start], " \n") == "," {
		return true
	}
	for range 3 {
		if !s.mayPin(end) {
			break
		}
		m := pin.FindStringIndex(window(s.text, end))
		if m == nil {
			break
		}
		end += m[1]
	}
	_, ok := courtYearAt(s.text, end)
	return ok
}

// alone says whether the text is nothing but what stands from start to end.
func (s *scanner) alone(start, end int) bool {
	return start < 40 && len(s.text)-end < 40 && strings.TrimLeft(s.text[:start], " \n\t") == "" && strings.Trim(s.text[end:], " \n\t.,;") == ""
}

// finish reads what follows the first page: pins, court and year, notes; and the
// name before.
func (s *scanner) finish(c *Citation) {
	c.End, c.Pin = s.pins(c.End, c.Pin)
	s.parentheses(c)
	s.caseName(c)
}

// pins reads the pin cites at offset end.
func (s *scanner) pins(end int, first string) (int, string) {
	for s.mayPin(end) {
		rest := window(s.text, end)
		m := pin.FindStringSubmatchIndex(rest)
		if m == nil {
			if m = paragraph.FindStringSubmatchIndex(rest); m == nil {
				return end, first
			}
			m = []int{m[0], m[1], -1, -1, m[2], m[3]}
		} else if m[2] < 0 && s.startsCitation(end+m[5]) || m[1] < len(rest) && (isAlnum(rest[m[1]]) || rest[m[1]] == '.' && m[1]+1 < len(rest) && isDigit(rest[m[1]+1])) ||
			m[2] >= 0 && rest[m[2]] == 'n' && first == "" {
			return end, first
		}
		if first == "" {
			first = rest[m[4]:m[5]]
		}
		end += m[1]
	}
	return end, first
}

// mayPin says whether a pin cite may begin at end, by its first characters.
func (s *scanner) mayPin(end int) bool {
	if end >= len(s.text) {
		return false
	}
	at := end
	if c := s.text[end]; c == ':' {
		return true
	} else if c == ',' {
		at++
	}
	next, spaced := skipGap(s.text, at)
	if next >= len(s.text) {
		return false
	}
	c := s.text[next]
	return at > end && (isDigit(c) || c == '*' || c == '_' || c == 'n' || c == 'p' || c == '&') || (spaced || at > end) && c == 'a' || c >= 0x80
}

// startsCitation says whether the number that ends at offset to is the volume of a
// parallel citation rather than a pin cite: a reporter follows.
func (s *scanner) startsCitation(to int) bool {
	at, ok := skipGap(s.text, to)
	if !ok {
		// "105-B", "2010-NMSC-007" are no pins.
		return to+1 < len(s.text) && s.text[to] == '-' && isUpper(s.text[to+1])
	}
	if at >= len(s.text) || !isUpper(s.text[at]) {
		return false
	}
	hits, n := s.table.walk(s.text, at)
	for _, h := range hits[:n] {
		for _, e := range h.entries {
			if e.what != isState && e.what != isOrdinal && e.what != isConst && e.what != isRule {
				return true
			}
		}
	}
	word := s.text[at:min(len(s.text), at+12)]
	if k := strings.IndexAny(word, " \n,;("); k > 0 {
		word = word[:k]
	}
	return strings.Contains(word, ".") && !strings.HasPrefix(word, "See") && len(word) < 8
}

// bareReporter reads a reporter that is cited without a volume: of one volume, or
// a looseleaf service.
func (s *scanner) bareReporter(i int, e entry, at int) int {
	looseleaf := strings.HasSuffix(e.name, ")") && strings.Contains(e.name, " (")
	if !e.single && !looseleaf && !volumesByYear[e.root] && strings.TrimLeft(s.text[:i], " \n\t") != "" {
		return 0 // "Hughes 12" is a citation where it is all there is
	}
	c := Citation{Kind: Case, Start: i, Reporter: e.name, Root: e.root, Confidence: 0.85, CourtID: e.court}
	rest := window(s.text, at)
	if m := yearVolume.FindStringSubmatch(rest); m != nil && volumesByYear[e.root] {
		c.Volume, c.Page, c.Year, c.End = m[1][:4]+m[1][len(m[1])-1:], m[2], m[1][:4], at+len(m[0])
		s.finish(&c)
		return s.add(c)
	}
	if m := serviceNumber.FindStringSubmatchIndex(rest); m != nil && (looseleaf || strings.ContainsAny(rest[:m[2]], "¶P(")) {
		c.Page = strings.ReplaceAll(rest[m[2]:m[3]], ",", "")
		c.End = at + m[3]
		if n := strings.TrimRight(c.Page, ".-"); n != c.Page {
			c.End -= len(c.Page) - len(n)
			c.Page = n
		}
		s.finish(&c)
		return s.add(c)
	}
	if !s.page(&c, rest, at) || isLetters(c.Page) && !isDigit(c.Page[len(c.Page)-1]) || !e.single && !s.alone(i, c.End) {
		return 0
	}
	// "Nix v. Williams, 467 U.S. 431": a party, and another reporter's volume.
	if strings.HasSuffix(s.text[max(0, i-4):i], "v. ") || s.startsCitation(c.End) || !s.evidence(i, c.End) {
		return 0
	}
	s.finish(&c)
	return s.add(c)
}

// volumesByYear are the annotated reports whose volumes have a year and letter,
// which follow their names.
var volumesByYear = set(`L.R.A.|Ann. Cas.|Am. Ann. Cas.`)

// yearVolume is such a volume, and the page: "1916B, 77".
var yearVolume = rx(`_(19[01]\d ?[A-F]),?_(\d{1,4})\b`)

var boardNumber = rx(` Nos?\. ([A-Z]{0,4}-?\d+(?:-(?:\d+|[A-Z]{1,5}\d*\b))*)`)

// board reads a decision that a board's docket number cites: "ASBCA No. 43466".
func (s *scanner) board(i int, e entry, at int) int {
	m := boardNumber.FindStringSubmatch(window(s.text, at))
	if m == nil {
		return 0
	}
	c := Citation{Kind: Case, Start: i, End: at + len(m[0]), Reporter: e.name, Root: e.name, Page: strings.TrimRight(m[1], "-"), Confidence: 0.9}
	s.finish(&c)
	return s.add(c)
}

func isLetters(s string) bool { return s != "" && !isDigit(s[0]) }

// serviceNumber is the paragraph of a looseleaf service.
var serviceNumber = rx(`_(?:[(\[](?:CCH|C\.C\.H\.|BNA|RIA|P-H|LRP)[)\]],?)?,?_(?:[¶P]_|par\. |No\. )?([A-Z]{0,4}-?\d[\d,.-]*[A-Z]?)`)
