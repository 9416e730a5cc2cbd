package cite

import "strings"

// maxParenthesis is how long a parenthesis with a court and year may be, and
// maxNote any other.
const (
	maxParenthesis = 110
	maxNote        = 600
)

// parenthesis is the content of the parenthesis that opens at i, which others may
// be nested in, and where it ends; -1 if it does not end within limit.
func parenthesis(s string, i, limit int) (string, int) {
	depth := 0
	for k := i; k < len(s) && k < i+limit; k++ {
		switch s[k] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s[i+1 : k], k + 1
			}
		case '\n':
			if k+1 < len(s) && s[k+1] == '\n' {
				return "", -1
			}
		}
	}
	return "", -1
}

// decided is what a parenthesis says of a decision.
type decided struct {
	court, year, note string
	end               int
}

// courtYearAt reads a parenthesis with a year at offset i, which space may
// precede.
func courtYearAt(s string, i int) (d decided, ok bool) {
	at, _ := skipGap(s, i)
	if at >= len(s) || s[at] != '(' {
		return d, false
	}
	content, end := parenthesis(s, at, maxParenthesis)
	if end < 0 {
		return d, false
	}
	content = oneLine(content)
	d.end = end
	y := lastYear(content)
	if y[1] == 0 {
		return d, false
	}
	// "(quoting the 1978 Act)" is no court and year: a year ends it, or a comma follows.
	tail := strings.TrimLeft(content[y[1]:], " ")
	if tail != "" && tail[0] != ',' && tail[0] != ';' && !strings.HasPrefix(tail, "WL") && !(tail[0] == '-' || tail[0] == '/') {
		return d, false
	}
	if y[0] > 0 && (isLower(content[0]) && !strings.HasPrefix(content, "en banc") && !strings.HasPrefix(content, "per curiam")) {
		return d, false
	}
	d.year = content[y[0]:y[1]]
	d.court = trimDate(content[:y[0]])
	d.note = strings.Trim(tail, ",; ")
	return d, true
}

// lastYear is the range of the last year in s, four digits from 1500 to 2099.
func lastYear(s string) (at [2]int) {
	for k := len(s) - 4; k >= 0; k-- {
		if s[k] != '1' && s[k] != '2' || !isDigit(s[k+1]) || !isDigit(s[k+2]) || !isDigit(s[k+3]) || k > 0 && isAlnum(s[k-1]) || k+4 < len(s) && isAlnum(s[k+4]) {
			continue
		}
		if s[k] == '1' && s[k+1] >= '5' || s[k] == '2' && s[k+1] == '0' {
			return [2]int{k, k + 4}
		}
	}
	return at
}

// trimDate is what stands before a year without the month and day: the court.
func trimDate(s string) string {
	words := strings.Fields(strings.TrimRight(s, " ,"))
	n := len(words)
	for n > 0 {
		w := strings.Trim(words[n-1], ".,")
		if !isDay(w) && !months[strings.ToLower(w)] && w != "of" {
			break
		}
		if isDay(w) && (n < 2 || !months[strings.ToLower(strings.Trim(words[n-2], ".,"))]) && (n == len(words) || !months[strings.ToLower(strings.Trim(words[n], ".,"))]) {
			break
		}
		n--
	}
	court := strings.TrimRight(strings.Join(words[:n], " "), ", ")
	if strings.ContainsAny(court, "/") && len(court) < 8 {
		return ""
	}
	return court
}

func isDay(s string) bool { return len(s) > 0 && len(s) <= 2 && isDigit(s[0]) && isDigit(s[len(s)-1]) }

var months = set("jan|january|feb|february|mar|march|apr|april|may|june|jun|july|jul|aug|august|sept|sep|september|oct|october|nov|november|dec|december")

// parentheses reads the parentheses behind a case citation into c: court and
// year, then notes. The span ends with the first.
func (s *scanner) parentheses(c *Citation) {
	d, ok := courtYearAt(s.text, c.End)
	at := c.End
	if ok {
		c.End = d.end
		at = d.end
		c.Year, c.Court = d.year, d.court
		for _, note := range []string{"en banc", "per curiam"} {
			if strings.Contains(strings.ToLower(c.Court), note) {
				c.Court = strings.Trim(strings.Replace(c.Court, note, "", 1), " ,")
				c.Disposition = note
			}
		}
		if c.Court != "" {
			if id := CourtID(strings.TrimSuffix(c.Court, " banc")); id != "" {
				c.CourtID = id
			}
		}
		if d.note != "" {
			c.note(d.note)
		}
	} else if !ok && c.Kind == Case && c.Year == "" {
		// "[1999]" of official New York style.
		if next, _ := skipGap(s.text, at); next+6 <= len(s.text) && s.text[next] == '[' && s.text[next+5] == ']' && lastYear(s.text[next+1 : next+5])[1] > 0 {
			c.Year = s.text[next+1 : next+5]
			c.End = next + 6
			at = c.End
		}
	}
	if !ok && c.Year == "" {
		return
	}
	for range 4 {
		next, _ := skipGap(s.text, at)
		if next >= len(s.text) || s.text[next] != '(' {
			return
		}
		content, end := parenthesis(s.text, next, maxNote)
		if end < 0 || content == "" || isDigit(content[0]) {
			return
		}
		c.note(oneLine(content))
		at = end
	}
}

// note records one more parenthesis.
func (c *Citation) note(text string) {
	c.Notes = append(c.Notes, text)
	lower := strings.ToLower(text)
	for _, d := range dispositions {
		if c.Disposition == "" && strings.HasPrefix(lower, d) && len(lower) < len(d)+30 {
			c.Disposition = d
		}
	}
}

// dispositions say how a court decided. Source: The Bluebook, rule 10.6.1.
var dispositions = []string{
	"en banc", "per curiam", "in banc", "mem.", "memorandum", "plurality opinion", "unpublished table decision", "unpublished",
	"table", "slip op.", "order", "no pet.", "pet. denied", "pet. ref'd", "writ denied", "writ ref'd",
}
