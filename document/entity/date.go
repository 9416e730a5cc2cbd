package entity

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/caseload/caseload/document"
)

const monthWords = `January February March April May June July August September October November December
Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec`

const monthPattern = `(January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|` +
	`JANUARY|FEBRUARY|MARCH|APRIL|MAY|JUNE|JULY|AUGUST|SEPTEMBER|OCTOBER|NOVEMBER|DECEMBER)\.?`

var (
	monthFirst = rx(monthPattern + ` (\d{1,2})(?:st|nd|rd|th)?,?_((?:1[6-9]|20)\d\d)\b`)
	monthYear  = rx(monthPattern + `,? ((?:1[6-9]|20)\d\d)\b`)
	dayFirst   = rx(`(\d{1,2})(?:st|nd|rd|th)?_(?:day )?(?:of )?` + monthPattern + `,? (?:in the year )?((?:1[6-9]|20)\d\d)\b`)
	slashed    = rx(`(\d{1,2})/(\d{1,2})/((?:1[6-9]|20)\d\d|\d\d)\b`)
	dashed     = rx(`(\d{1,2})-(\d{1,2})-((?:1[6-9]|20)\d\d)\b`)
	iso        = rx(`((?:1[6-9]|20)\d\d)-(\d\d)-(\d\d)\b`)
)

// date finds a date that begins with token i.
func (p *page) date(i int) int {
	t := p.tokens[i]
	w := window(p.text, t.start)
	if !t.is(digit) {
		if m := monthFirst.FindStringSubmatch(w); m != nil {
			return p.dateIs(i, m[0], m[3], monthNumber(m[1]), m[2], 0.98)
		}
		if m := monthYear.FindStringSubmatch(w); m != nil {
			end := t.start + len(m[0])
			p.add(document.Date, t.start, end, fmt.Sprintf("%s-%02d", m[2], monthNumber(m[1])), 0.9, p.dateRole(t.start))
			return p.tokenAt(i, end)
		}
		return i
	}
	if t.start > 0 && strings.IndexByte("/-.$:", p.text[t.start-1]) >= 0 {
		return i
	}
	if m := slashed.FindStringSubmatch(w); m != nil {
		month, _ := strconv.Atoi(m[1])
		return p.dateIs(i, m[0], century(m[3]), month, m[2], 0.95)
	}
	if m := iso.FindStringSubmatch(w); m != nil {
		month, _ := strconv.Atoi(m[2])
		return p.dateIs(i, m[0], m[1], month, m[3], 0.97)
	}
	if m := dashed.FindStringSubmatch(w); m != nil {
		month, _ := strconv.Atoi(m[1])
		return p.dateIs(i, m[0], m[3], month, m[2], 0.9)
	}
	if t.end-t.start <= 4 {
		if m := dayFirst.FindStringSubmatch(w); m != nil {
			return p.dateIs(i, m[0], m[3], monthNumber(m[2]), m[1], 0.97)
		}
	}
	return i
}

// century is a year in four digits: two-digit ones are taken for 1950 to 2049.
func century(year string) string {
	if len(year) == 4 {
		return year
	}
	if year >= "50" {
		return "19" + year
	}
	return "20" + year
}

func (p *page) dateIs(i int, found, year string, month int, day string, confidence float64) int {
	t := p.tokens[i]
	y, _ := strconv.Atoi(year)
	d, _ := strconv.Atoi(day)
	date := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	if month < 1 || month > 12 || date.Day() != d {
		return i
	}
	end := t.start + len(found)
	if end < len(p.text) && strings.IndexByte("/-", p.text[end]) >= 0 {
		return i
	}
	p.add(document.Date, t.start, end, date.Format(time.DateOnly), confidence, p.dateRole(t.start))
	return p.tokenAt(i, end)
}

var months = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}

func monthNumber(name string) int { return months[strings.ToLower(name[:3])] }

// dateRoles are what words before a date say of it.
var dateRoles = map[string]string{
	"filed": "filed", "decided": "decided", "argued": "argued", "submitted": "submitted", "dated": "dated", "effective": "effective",
	"entered": "entered", "signed": "signed", "issued": "issued", "heard": "argued", "executed": "signed", "date": "dated", "filing": "filed",
	"decision": "decided", "reargued": "argued", "rendered": "decided", "served": "served",
}

// dateRole is what the text just before offset start says of the date there.
func (p *page) dateRole(start int) string {
	before := strings.ToLower(strings.TrimRight(p.text[max(0, start-40):start], " \t\n:,—–-("))
	words := strings.Fields(before)
	for n := len(words) - 1; n >= max(0, len(words)-3); n-- {
		w := strings.Trim(words[n], ":;,.()—")
		if role, ok := dateRoles[w]; ok {
			if w == "date" && n > 0 && words[n-1] == "filing" {
				return "filed"
			}
			return role
		}
		switch w {
		case "on", "as", "of", "and", "the", "this", "day", "was", "briefs:", "briefs":
		default:
			return ""
		}
	}
	return ""
}
