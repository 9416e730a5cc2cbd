package opinion

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// number is a docket number: letters, digits and what joins them, with one digit at
// least, which its users check.
const number = `(A\d{3}[ \t]\d{3}[ \t]\d{3}\b|\d[A-Z]{2}-\d{2}-\d{3,5}[ \t](?:C[INPR]|PR)\b|\d{2}-\d{3,6}[ \t][A-Z]{2}[ \t]\d{2}\b|\d{1,5}[ \t]+(?:Civ\.|Crim\.|Cr\.|Cv\.|C\.D\.|CA-[A-Z]{2,4}|[A-Z]{1,4}\d?(?:[ \t][A-Z]{1,4})?)[ \t]+\d{2,6}(?:[-–]\d{2,6})?(?:[ \t][A-Z]\b)?(?:[ \t]?\([A-Z]{1,5}\))*|\d{1,4},[ \t]+(?:19|20)\d\d\b|\d{2,3},\d{3}(?:-[A-Z]+)?\b|` +
	`(?:L&T[ \t]+)?(?:[A-Z]{1,5}[ .-]{1,2})?[A-Z0-9]\w*(?:[-–/:.]\w+|[-–]\n[ \t]*(?:\d\w*|[A-Z]{2,4}\b))*(?:[ \t]?\([A-Z]{1,5}\))*)`

var (
	// label stands before a docket number of the case itself.
	label = regexp.MustCompile(`(?i)\b(?:(?:appellate|appeal|court\s+of\s+appeals?|supreme\s+court|superior\s+court|civil|criminal|adversary|bankruptcy|adv\.|misc\.|mdl|bap|c\.a\.|p\.c\.r\.|file)\s+)*` +
		`(?:(?:case|docket|index|claim|civil\s+action|action|appeal|cause|file|petition|matter|record|proceeding|complaint|application|charge|control|indictment|ind\.|calendar)\s*(?:nos?\.?(?:\(s\))?|numbers?|no\(s\)\.?|#)?\s*:|` +
		`(?:(?:case|docket|index|claim|civil\s+action|action|appeal|cause|file|petition|matter|record|proceeding|complaint|application|charge|control|indictment|ind\.|calendar)\s+)?(?:nos?\.(?:\(s\)\.?)?|nos?\b|numbers?\b|no\(s\)\.?|nº|#)\s*:?)\s*`)

	// notOwn ends the words before a label that numbers something else.
	notOwn = regexp.MustCompile(`(?i)\b(?:opinion[ \t]*|slip\s+op(?:inion)?[ \t]*|agency|usdc|u\.s\.d\.c\.|d\.?c\.?|lower\s+(?:court|tribunal)|l\.?\s?t\.?|l\.?c\.?|trial\s+court(?:\s+(?:cause|case))?|district\s+court|circuit\s+court|super\.\s+ct\.|bar|i\.?d\.?|registration|reg\.|box|suite|room|page|document|dkt\.?|doc\.?|ecf|exhibit|patent|serial|section|nlrb|bk\.|state|\d+[ \t]+t\.\s?c\.|rule|act|article|district|sbn|vol\.?|bia|phone|tel\.?|release|instruction|volume|cause|ct\.)[ \t]*\n?[ \t]*$`)

	// rangeOrList goes on after a number: "Nos. 1-3", "and 24-3185".
	rangeOrList = regexp.MustCompile(`^(?:\s*(?:,\s*(?:and\s+|&\s*)?|;\s*(?:and\s+)?|\s&\s*|\sand\s+|\n\s*)(?:nos?\.\s+)?)`)
	numberHere  = regexp.MustCompile(`^` + number)

	// bare is a number that is a line, or the last column of one, in the forms of
	// courts that put no label: New York's appellate courts and California's.
	bare = []*regexp.Regexp{
		regexp.MustCompile(`^(\d{4}[-–]\d{4,6})(?:$|[\t ]{2,}|\t|,|[ ](?:DECISION|OPINION|ORDER|JUDGMENT))`),
		regexp.MustCompile(`^(\d{4}[-–]\d{1,6}[ \t]+[A-Z]{1,2}[ \t][A-Z]{1,2})$`), // Appellate Term, Second Department: with county and kind
		regexp.MustCompile(`^(\d{6}|\d{4}[A-Z]{2}\d{6}|[A-Z]{1,4}-\d{4,6}-\d{2}(?:/?[A-Z0-9]{1,4})*)$`),
		regexp.MustCompile(`^((?:19|20)\d\d (?:CA|KA|CW|KW|CJ|KJ|CE|CU) \d{4})$`), // Louisiana
		regexp.MustCompile(`^(57\d{4}/\d{2})$`),                                   // New York's Appellate Term, First Department
		regexp.MustCompile(`^(C[VR]-\d{2}-\d{4})$`),
		regexp.MustCompile(`^(\d{1,4}(?:\.\d)?\s+(?:KA|CA|CAF|CAE|TP|OP|KAH)\s+\d{2}[-–]\d{5})\b`),
		regexp.MustCompile(`(?:^|\s{3,}|^\S+(?:, \S+)*; )([A-HS]\d{6}[A-Z]?)(?: \(Control\))?$`), // California's, and Oregon's behind that of the court below
		regexp.MustCompile(`^([WES]D\d{5,6}|SC\d{5,6})$`),                                        // Missouri
		regexp.MustCompile(`^(\d{4}-(?:SC|CA)-\d{4,6}-[A-Z]{2,4})$`),                             // Kentucky
		regexp.MustCompile(`^([AS]\d{2}[A-Z]\d{4})(?:[.,]|$)`),                                   // Georgia
		regexp.MustCompile(`^(SJC-\d{5}|\d{2}-P-\d{1,4})$`),                                      // Massachusetts
		regexp.MustCompile(`^\(([AS]C \d{5})\)$`),                                                // Connecticut
		regexp.MustCompile(`^((?:IPR|PGR|CBM|DER)\d{4}-\d{5})\b`),                                // trials of patents
		regexp.MustCompile(`^(\d{1,2}:?\d{0,2}[ -](?:Civ|Cr|Crim|CV|CR|Misc|Cv)[.]?[ -]\d{2,6}(?:-[A-Z]{2,4})*(?:[ \t]*\([A-Z]{2,4}\))*)$`),
		regexp.MustCompile(`^([A-Z]\d{2}[-–]\d{3,5})$`),
		regexp.MustCompile(`^Cases?[ \t]+(\d{1,2}[–-][A-Z]{2}[–-]\d{3,6})`),
		regexp.MustCompile(`\.[ \t]+Cases?[ \t]+(\d{1,2}[–-][A-Z]{2}[–-]\d{3,6})`),
		regexp.MustCompile(`^((?:CR|CV|KA|SC|S|DA|OP|PR|AF|AC|CA|WD|ED|SD|E|M|W)\s?[-–]?\s?\d{2}[-–]\d{3,5}(?:-[A-Z]{1,3})?)$`),
		regexp.MustCompile(`(?:^|\s{3,})(\d{1,2}:\d{2}-[a-z]{2,3}-\d{3,6}(?:-[A-Za-z]{1,4})*)$`),
		regexp.MustCompile(`^(\d{2}-\d{3,5}(?:-(?:cv|cr|ag|bk|pr|op|CV|CR|AG))?(?:\s*\([A-Z]{1,4}\))?)$`),
	}

	// stacked are the numbers of all the courts that a case went through, the own
	// one last: Oregon's "(CC 13C21746) (CA A160000) (SC S066047)".
	stacked = regexp.MustCompile(`\((?:[A-Z]{2,4}|Agency|Court)\.?\s+(?:Nos?\.\s+)?` + number + `\)(?:\s*\(CA\s+` + number + `\))?\s*\((?:CA|SC)\s+` + number + `\)`)
	wide    = regexp.MustCompile(`\s{3,}|\t`)
)

// maxDockets is the most numbers of its own that a case is taken to have.
const maxDockets = 24

// maxBareRow is how long a line is that a number without a label is looked for in.
const maxBareRow = 140

// dockets finds the case's own numbers: behind a label of the case, else where such
// a number stands alone.
func (h *head) dockets() {
	for _, m := range h.find(stacked, aDigit, 0, 0, 1) {
		h.Dockets = append(h.Dockets, h.value(document.Span{Start: m[6], End: m[7]}))
		h.LowerDockets = append(h.LowerDockets, h.value(document.Span{Start: m[2], End: m[3]}))
		if m[4] >= 0 {
			h.LowerDockets = append(h.LowerDockets, h.value(document.Span{Start: m[4], End: m[5]}))
		}
	}
	for _, m := range h.find(label, aLabel, 0, 1, 60) {
		if len(h.Dockets) >= maxDockets {
			return
		}
		if h.isBelow(m[0]) || h.numbersOther(m[0]) || !h.labels(m[0], m[1]) {
			continue
		}
		h.numbersAt(m[1])
	}
	for _, row := range h.rows {
		if !h.court || len(h.Dockets) >= maxDockets {
			return
		}
		if row.cues&aDigit == 0 || row.Len() > maxBareRow || h.isBelow(row.Start) {
			continue
		}
		line := h.text[row.Start:row.End]
		for _, form := range bare {
			if m := form.FindStringSubmatchIndex(line); m != nil {
				h.docket(document.Span{Start: row.Start + m[2], End: row.Start + m[3]})
				break
			}
		}
	}
}

// numbersOther says whether the words before a label, on its line or at the end of
// the line before, say that it numbers something else.
func (h *head) numbersOther(at int) bool {
	before := h.text[max(0, at-40):at]
	if strings.TrimSpace(h.lineBefore(at)) == "" && heading.MatchString(before) {
		return false
	}
	return notOwn.MatchString(before)
}

// heading is a line above a number that is no part of its label.
var heading = regexp.MustCompile(`(?i)\b(?:opinion|order|decision)\s*$`)

// labels says whether the label from start to end stands as one does: at the start
// of a line or column, behind a bracket, a comma or the court's name, or with a word
// that says what it numbers. In running prose "No. 5" may number anything.
func (h *head) labels(start, end int) bool {
	text := h.text[start:end]
	before := h.lineBefore(start)
	trimmed := strings.TrimRight(before, " \t")
	switch {
	case len(text) > 6 && !strings.HasPrefix(strings.ToLower(text), "number"):
		return len(trimmed) < 60
	case trimmed == "", strings.HasSuffix(trimmed, "("), strings.HasSuffix(trimmed, "*"), strings.HasSuffix(trimmed, "|"), strings.HasSuffix(trimmed, ")"), strings.HasSuffix(trimmed, ","), wide.MatchString(before[max(0, len(before)-3):]):
		return true
	}
	return cuesOf(trimmed)&aDecider != 0 || upperWords(trimmed)
}

// upperWords says whether a line's letters are all capitals: a heading.
func upperWords(line string) bool { return line == strings.ToUpper(line) }

// numbersAt reads the numbers that begin at a position: one, a range or a list.
func (h *head) numbersAt(at int) {
	for range maxDockets {
		// A label may follow a label: "Docket Number: Index No. 1".
		if m := label.FindStringIndex(h.text[at:min(len(h.text), at+40)]); m != nil && m[0] == 0 && m[1] > 0 {
			at += m[1]
		}
		m := numberHere.FindStringSubmatchIndex(h.text[at:])
		if m == nil {
			return
		}
		end := at + m[3]
		if !h.docket(document.Span{Start: at, End: end}) {
			return
		}
		next := rangeOrList.FindStringIndex(h.text[end:])
		if next == nil {
			return
		}
		at = end + next[1]
		if !numberHere.MatchString(h.text[at:]) || !isNumberLike(firstToken(h.text[at:])) {
			return
		}
	}
}

func firstToken(s string) string {
	token, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	token, _, _ = strings.Cut(token, "\n")
	return token
}

// isNumberLike says whether a word of a list is one more number, and no name, date
// or time.
func isNumberLike(s string) bool {
	digits := strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '#'
		}
		return r
	}, s), "#")
	return digits >= 3 && digits*2 >= len(strings.Trim(s, ".,;:()"))-4
}

// docket adds the number at s unless it is none, or there already.
func (h *head) docket(s document.Span) bool {
	text := h.text[s.Start:s.End]
	trimmed := strings.TrimRight(text, " .-–:/")
	s.End -= len(text) - len(trimmed)
	if !strings.ContainsAny(trimmed, "0123456789") || len(trimmed) > 40 || isDay(trimmed) {
		return false
	}
	v := h.value(s)
	for _, d := range h.Dockets {
		if d.Text == v.Text {
			return true
		}
	}
	for _, d := range h.LowerDockets {
		if d.Text == v.Text {
			return true
		}
	}
	h.Dockets = append(h.Dockets, v)
	return true
}

// isDay says whether s is a date.
func isDay(s string) bool {
	m := day.FindStringSubmatch(s)
	return m != nil && m[0] == s && dayOf(m) != ""
}
