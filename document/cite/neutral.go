package cite

import "strings"

var (
	// star is the pin of a database's citation: ", at *3".
	star          = rx(`,? at_\*_?(\d{1,4})(?:[-–]\*?\d+)?(?:,_\*?\d+(?:[-–]\*?\d+)?\b)*(?:_\&?_nn?\._\d+)?`)
	opinionNumber = rx(` ((?:1[89]|20)\d\d)[-–](\d{1,5})\b`)
)

// neutral reads a public-domain citation of year, code and number.
func (s *scanner) neutral(i int, year string, e entry, at int) int {
	rest := window(s.text, at)
	m := neutralNumber.FindStringSubmatchIndex(rest)
	if m == nil || m[1] < len(rest) && isAlnum(rest[m[1]]) {
		return 0
	}
	c := Citation{
		Kind: Neutral, Start: i, End: at + m[1], Volume: year, Reporter: e.name, Root: e.name, Page: rest[m[2]:m[3]], Year: year, CourtID: e.court,
		Confidence: 0.95,
	}
	if m[4] >= 0 {
		c.Page += "(" + rest[m[4]:m[5]] + ")"
	}
	if len(e.name) == 2 && e.name == strings.ToUpper(e.name) && c.End-i < 9 && len(c.Page) < 2 && !s.evidence(i, c.End) {
		c.Confidence = 0.6
	}
	s.finish(&c)
	return s.add(c)
}

var neutralNumber = rx(`(?: |_[-–]_)(\d{1,7}(?:-?[A-Z]{1,2})?)(?:_[(\[]([A-Z])[)\]])?(?:-U\b)?`)

// joined is a neutral citation whose parts hyphens join, or nothing.
var joined = rx(`(\d{2}|\d{4})(?:_[-–]_([A-Z][A-Za-z]{1,7})_[-–]_|(CO|COA))(\d{1,7}(?:-?[A-Z]{1,2}\b)?)`)

func (s *scanner) joinedNeutral(i, j int) int {
	if n := j - i; n != 2 && n != 4 {
		return 0
	}
	w := window(s.text, i)
	m := joined.FindStringSubmatchIndex(w)
	if m == nil || m[1] < len(w) && isAlnum(w[m[1]]) || m[6] < 0 && j-i != 4 {
		return 0
	}
	from, to := m[4], m[5]
	if m[6] >= 0 {
		from, to = m[6], m[7]
	}
	hits, n := s.table.walk(w[from:to], 0)
	for _, h := range hits[:n] {
		for _, e := range h.entries {
			if e.what == isNeutral && h.end == to-from {
				c := Citation{
					Kind: Neutral, Start: i, End: i + m[1], Volume: w[m[2]:m[3]], Reporter: e.name, Root: e.name, Page: w[m[8]:m[9]],
					Year: w[m[2]:m[3]], CourtID: e.court, Confidence: 0.95,
				}
				if len(c.Year) == 2 {
					c.Year = "20" + c.Year
				}
				s.finish(&c)
				return s.add(c)
			}
		}
	}
	return 0
}

var louisianaDocket = rx(`(\d{4}|\d{2})(?: |_[-–]_)(\d{1,5}[A-Z]?),? \((La\._App\._(\d)(?:st|nd|rd|d|th)?_Cir\.?),? \d{1,2}/\d{1,2}/\d{2,4}\)`)

// louisiana reads "2014-0123 (La. App. 1 Cir. 9/19/14)", as Louisiana's public-
// domain form has docket, court and date.
func (s *scanner) louisiana(i int) int {
	m := louisianaDocket.FindStringSubmatch(window(s.text, i))
	if m == nil {
		return 0
	}
	name, year := "La.App. "+m[4]+" Cir.", m[1]
	if len(year) == 2 {
		if year = "19" + m[1]; m[1] < "50" {
			year = "20" + m[1]
		}
	}
	return s.add(Citation{
		Kind: Neutral, Start: i, End: i + len(m[0]), Volume: m[1], Reporter: name, Root: name, Page: m[2], Year: year, CourtID: "lactapp",
		Court: oneLine(m[3]), Confidence: 0.9,
	})
}

var (
	westlaw = rx(`((?:1[89]|20)\d\d) (WL|W\._L\.|Westlaw|Wl|wl) (\d{3,9})\b`)
	lexis   = rx(`((?:1[89]|20)\d\d) ((?:[A-Z][A-Za-z.'’&]*\.? ){0,6}?(?:LEXIS|Lexis)) (\d{1,7})\b`)
)

// database reads a citation of Westlaw or Lexis at i, whose name begins at at.
func (s *scanner) database(i, at int) int {
	w := window(s.text, i)
	head := w[:min(len(w), 48)]
	if c := s.text[at]; c != 'W' && c != 'w' && !strings.Contains(head, "LEXIS") && !strings.Contains(head, "Lexis") {
		return 0
	}
	c := Citation{Kind: Neutral, Start: i, Confidence: 0.99}
	var m []string
	if m = westlaw.FindStringSubmatch(w); m != nil {
		m[2] = "WL"
	} else {
		m = lexis.FindStringSubmatch(w)
	}
	if m == nil {
		return 0
	}
	c.End = i + len(m[0])
	c.Volume, c.Year, c.Page, c.Reporter = m[1], m[1], m[3], oneLine(m[2])
	c.Root = c.Reporter
	rest := window(s.text, c.End)
	if p := star.FindStringSubmatch(rest); p != nil {
		c.Pin = p[1]
		c.End += len(p[0])
	}
	s.finish(&c)
	return s.add(c)
}

// numberedOpinion reads an opinion that a court numbers by year: "T.C. Memo.
// 2009-12".
func (s *scanner) numberedOpinion(i int, e entry, at int) int {
	if !strings.HasPrefix(e.name, "T.C.") {
		return 0
	}
	m := opinionNumber.FindStringSubmatch(window(s.text, at))
	if m == nil {
		return 0
	}
	c := Citation{
		Kind: Neutral, Start: i, End: at + len(m[0]), Volume: m[1], Reporter: e.name, Root: e.name, Page: m[2], Year: m[1], CourtID: e.court,
		Confidence: 0.95,
	}
	s.finish(&c)
	return s.add(c)
}
