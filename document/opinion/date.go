package opinion

import (
	"strconv"
	"strings"
	"time"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

const month = `(?i:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sep(?:t(?:ember)?)?\.?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)`

// day is a date: its groups are month, day, year; day, month, year; numbers; ISO.
var day = regexp.MustCompile(`\b(?:(` + month + `)\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})|(\d{1,2})(?:(?:st|nd|rd|th)?\s+(?:day\s+of\s+)?|-)(` + month + `)(?:,?\s+|-)(\d{4})|(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})|(\d{4})-(\d{2})-(\d{2}))\b`)

// deeds are the words that say what was done on a date.
var deeds = []struct {
	word *regexp.Regexp
	of   func(*Fields) *Date
}{
	{deed(`(?:opinion\s+|date\s+|order\s+|judgment\s+)?filed|filing\s+date|date\s+filed|opinion\s+date|(?:opinion\s+)?delivered|released?(?:\s+and\s+journalized)?|entered`), func(f *Fields) *Date { return &f.Filed }},
	{deed(`decided|decision(?:\s+date)?|issued|rendered|date\s+of\s+(?:decision|issuance)|announced|handed\s+down|dated?`), func(f *Fields) *Date { return &f.Decided }},
	{deed(`argued|reargued|heard|argument|oral\s+argument|hearing(?:\s+date)?|session`), func(f *Fields) *Date { return &f.Argued }},
	{deed(`submitted|on\s+briefs|submission|assigned\s+on\s+briefs`), func(f *Fields) *Date { return &f.Submitted }},
}

func deed(words string) *regexp.Regexp { return regexp.MustCompile(`(?i)\b(?:` + words + `)\b`) }

var (
	// anyDeed is any of them; what stands between it and its date is bridge.
	anyDeed    = regexp.MustCompile(`(?i)\b(?:opinion\s+filed|date\s+filed|filing\s+date|filed|opinion\s+delivered|delivered|released?|journalized|entered|decided|decision(?:\s+date)?|issued|rendered|date\s+of\s+decision|announced|dated?|argued|reargued|heard|argument|hearing(?:\s+date)?|submitted|on\s+briefs|submission)\b`)
	bridge     = regexp.MustCompile(`(?i)^(?:[\s:,._*–—()/-]|\bon\b|\bin\b|\band\b|\bthe\b|\bthis\b|\bbriefs\b|\bas\s+(?:amended|corrected|modified)\b|\bby\s+(?:the\s+)?(?-i:\p{Lu}[\pL.'’-]*\s+){1,6}|\bby\s+(?:the\s+)?(?:acting\s+)?(?:deputy\s+)?(?:attorney\s+general|board|commission|court|secretary)\b|\b(?:at|in)\s+(?:the\s+)?[\pL .]{2,40},|\bin\s+the\s+(?:court\s+of\s+appeals|supreme\s+court)\b|\bargued\b|\bsubmitted\b|\bdate\b|\bheard\b|` + month + `\s+(?:term|session))*$`)
	decidedAnd = regexp.MustCompile(`(?i)^(?:decided|decision|dated)\s+and\s+$`)
	// session follows the date of a hearing in some courts.
	session = regexp.MustCompile(`(?i)^\s+session\b`)
	// stampGap is what a stamp of the clerk's may hold between "FILED" and its date:
	// names and rules, no sentence.
	stampGap = regexp.MustCompile(`^[^.;]{0,80}$`)
)

// dates finds the dates that the head gives a meaning: the nearest word for a deed
// before it on the same or the line above. A decision's date that stands alone on a
// line, with no word, counts if no other does.
func (h *head) dates() {
	var alone Date
	for _, m := range h.find(day, aDate, 0, 1, 40) {
		s := document.Span{Start: m[0], End: m[1]}
		d := Date{Day: dayOf(submatches(h.text, m)), Span: s}
		if d.Day == "" || h.isBelow(s.Start) {
			continue
		}
		if field := h.deedBefore(s); field != nil {
			if field.Day == "" {
				*field = d
			}
			continue
		}
		if session.MatchString(h.text[s.End:min(len(h.text), s.End+20)]) && h.Argued.Day == "" {
			h.Argued = d
			continue
		}
		if h.heardThenDecided(s, d) {
			continue
		}
		if alone.Day == "" && (h.isLine(s) || len(h.rows) > 0 && h.rows[0].End == s.End) {
			alone = d
		}
	}
	if h.Filed.Day == "" && h.Decided.Day == "" {
		h.Decided = alone
	}
}

// deedBefore is the field of the deed whose word stands before the date at s.
func (h *head) deedBefore(s document.Span) *Date {
	const reach = 120
	before := h.text[max(0, s.Start-reach):s.Start]
	marks := anyDeed.FindAllStringIndex(before, -1)
	if len(marks) == 0 {
		return nil
	}
	last := marks[len(marks)-1]
	gap := before[last[1]:]
	word := before[last[0]:last[1]]
	capital := word == strings.ToUpper(word)
	if strings.EqualFold(word, "date") && strings.Contains(gap, "\n\n") && !strings.Contains(gap, ":") || revision.MatchString(gap) {
		return nil // of a form: the label of what stands above it
	}
	if !bridge.MatchString(gap) && (!capital || !stampGap.MatchString(gap) || day.MatchString(gap)) {
		return nil
	}
	if n := len(marks); n > 1 && strings.EqualFold(word, "filed") && decidedAnd.MatchString(before[marks[n-2][0]:last[0]]) {
		return &h.Filed
	}
	// "Argued and submitted" is an argument; "Submitted on briefs" is none.
	if n := len(marks); n > 1 && (strings.EqualFold(word, "submitted") || strings.EqualFold(word, "journalized")) && strings.EqualFold(strings.TrimSpace(before[marks[n-2][1]:last[0]]), "and") {
		word = before[marks[n-2][0]:marks[n-2][1]]
	}
	for _, d := range deeds {
		if d.word.MatchString(word) {
			return d.of(&h.Fields)
		}
	}
	return nil
}

// revision stands before the date of a form's wording.
var revision = regexp.MustCompile(`(?i)\b(?:rev(?:ised|ision)?|version)\.?[\s:(]*$`)

// heardThenDecided says whether the date at s is the first of two on a line of which
// no word says what was done: of the hearing, then of the decision. It takes both.
func (h *head) heardThenDecided(s document.Span, first Date) bool {
	rest := h.text[s.End:h.lineEnd(s.End)]
	m := secondDay.FindStringSubmatchIndex(rest)
	if m == nil || h.Argued.Day != "" || h.Filed.Day != "" || h.Decided.Day != "" {
		return false
	}
	decided := document.Span{Start: s.End + m[2], End: s.End + m[3]}
	g := day.FindStringSubmatch(h.text[decided.Start:decided.End])
	if g == nil || dayOf(g) < first.Day {
		return false
	}
	h.Argued, h.Decided = first, Date{Day: dayOf(g), Span: decided}
	return true
}

// secondDay is the end of such a line: "January 9, 2023. - May 22, 2023."
var secondDay = regexp.MustCompile(`^\.\s+[-–—]\s+(` + month + `\s+\d{1,2},\s+\d{4})\.\s*$`)

// numberDash stands before the date of an opinion that its series numbers: Alaska's
// "No. 7417 – May 5, 2023".
var numberDash = regexp.MustCompile(`^No\. \d+ [-–—]$`)

// isLine says whether s is a line of its own, a number apart.
func (h *head) isLine(s document.Span) bool {
	end := strings.IndexByte(h.text[s.End:], '\n')
	if end < 0 {
		end = len(h.text) - s.End
	}
	before := strings.Trim(h.lineBefore(s.Start), " \t*_|[(")
	return (before == "" || numberDash.MatchString(before)) && strings.Trim(h.text[s.End:s.End+end], " \t\r*_|.])") == ""
}

func submatches(text string, m []int) []string {
	all := make([]string, len(m)/2)
	for i := range all {
		if m[2*i] >= 0 {
			all[i] = text[m[2*i]:m[2*i+1]]
		}
	}
	return all
}

// dayOf is what the groups of day say, "" if there is no such day.
func dayOf(g []string) string {
	var y, mo, d string
	switch {
	case g[1] != "":
		y, mo, d = g[3], monthNumber(g[1]), g[2]
	case g[5] != "":
		y, mo, d = g[6], monthNumber(g[5]), g[4]
	case g[9] != "":
		y, mo, d = g[9], g[7], g[8]
		if len(y) == 2 && y >= "50" {
			y = "19" + y
		} else if len(y) == 2 {
			y = "20" + y
		}
	default:
		y, mo, d = g[10], g[11], g[12]
	}
	year, _ := strconv.Atoi(y)
	monthOf, _ := strconv.Atoi(mo)
	dayOfMonth, _ := strconv.Atoi(d)
	t := time.Date(year, time.Month(monthOf), dayOfMonth, 0, 0, 0, 0, time.UTC)
	if year < 1600 || year > 2100 || monthOf < 1 || monthOf > 12 || t.Day() != dayOfMonth {
		return ""
	}
	return t.Format(time.DateOnly)
}

func monthNumber(name string) string {
	i := strings.Index("jan feb mar apr may jun jul aug sep oct nov dec", strings.ToLower(name[:3]))
	return strconv.Itoa(i/4 + 1)
}
