package cite

import "strings"

// filingNumber is the number of a patent or registration, with commas, and a
// patent's kind.
var filingNumber = rx(`,? (?:Nos?\._)?(\d{1,2}(?:,\d{3}){2})(?: [A-C]\d\b)?`)

// filing reads "U.S. Patent No. 8,112,504 B2", a patent or the registration of a
// trademark.
func (s *scanner) filing(i int, e entry, at int) int {
	rest := window(s.text, at)
	m := filingNumber.FindStringSubmatchIndex(rest)
	if m == nil || m[1] < len(rest) && isAlnum(rest[m[1]]) {
		return 0
	}
	return s.add(Citation{
		Kind: Filing, Start: i, End: at + m[1], Reporter: e.name, Root: e.root, Page: strings.ReplaceAll(rest[m[2]:m[3]], ",", ""), Confidence: 0.9,
	})
}

// pamphlet reads a year's pamphlet of session laws that is cited as a whole:
// "1999-975 N.Y. Consol. Laws Adv.".
func (s *scanner) pamphlet(i int, volume string, e entry, at int) int {
	if len(volume) < 6 || volume[4] != '-' {
		return 0
	}
	return s.add(Citation{Kind: SessionLaw, Start: i, End: at, Volume: volume, Reporter: e.name, Root: e.root, Year: volume[:4], Confidence: 0.8})
}
