package entity

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/caseload/caseload/document"
)

const countWord = `(?:one hundred (?:and )?(?:twenty|eighty|fifty)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|` +
	`one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|a)`

// lengthOfTime is "two (2) years", "30 days", "ninety (90) calendar days".
var lengthOfTime = rx(`(?i:(?:(` + countWord + `)(?:_\(_(\d{1,4})_\))?|(\d{1,4}))(?: |-)((?:(?:consecutive|calendar|business|working|full|court|banking|additional|successive) )*)(hour|day|week|month|year)s?\b)`)

var counts = map[string]int{
	"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40,
	"fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}

// counted are the words that a length of time begins with.
var counted = map[string]bool{}

func init() {
	for w := range counts {
		if w != "a" && w != "hundred" {
			counted[w] = true
			counted[strings.ToUpper(w[:1])+w[1:]] = true
			counted[strings.ToUpper(w)] = true
		}
	}
	for _, tens := range [...]string{"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"} {
		for _, ones := range [...]string{"one", "two", "three", "four", "five", "six", "seven", "eight", "nine"} {
			counted[tens+"-"+ones] = true
			counted[strings.ToUpper(tens[:1])+tens[1:]+"-"+ones] = true
		}
	}
}

// spokenCount is the number that words name: "one hundred eighty", "forty-five".
func spokenCount(s string) int {
	n := 0
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '-' || r == '\n' || r == '\t' }) {
		if w == "hundred" {
			n *= 100
			continue
		}
		n += counts[w]
	}
	return n
}

// setsPeriod is what stands before or behind a length of time that a contract or an order sets,
// rather than one that passed.
var setsPeriod = map[string]bool{
	"within": true, "upon": true, "least": true, "than": true, "for": true, "of": true, "in": true, "net": true, "every": true, "gave": true, "give": true, "has": true,
	"have": true, "the": true, "to": true, "is": true, "on": true, "be": true, "by": true, "until": true, "an": true, "another": true, "additional": true, "initial": true, "exceed": true, "longer": true,
	"ends": true, "end": true, "ending": true, "effective": true, "lasts": true, "last": true, "continues": true, "expires": true, "keep": true, "files": true,
	"at": true, "and": true, "or": true, "with": true, "under": true, "not": true, "after": true, "are": true, "cured": true, "exceeds": true, "a": true, "requires": true, "required": true, "either": true, "other": true,
}

// passed are words around a length of time that somebody spent.
var (
	passedAfter  = rx(`(?i:[’']? ?(?:ago|later|earlier|old\b|of (?:age|experience|employment|service|imprisonment|work)|before (?:he|she|the (?:case|petition|accident|incident))|experience|in prison|imprisonment|sentence))`)
	passedBefore = []string{"for nearly ", "for about ", "for over ", "for more than ", "last ", "past ", "previous ", "nearly ", "some ", "almost ", "aged ", "spent ", "about ", "over ", "first ", "every "}
)

// perUnit follows a length of time that is a rate: "ten days a month".
var perUnit = regexp.MustCompile(`^ (?:a|per|each|every) (?:day|week|month|year)\b`)

// gives and spent say that somebody is given a length of time, or spent it.
var (
	gives = regexp.MustCompile(`\b(?:gave|gives?|given|allow(?:s|ed)?|grants?|granted|had|has|have)\b[^.;]{0,40}$`)
	spent = regexp.MustCompile(`\b(?:have been|has been|had been|worked|was employed|were employed|lived|served|married|knew|known)\b[^.;]{0,60} for$`)
)

// contractual says that the document is one in which lengths of time are set: a
// contract, or what tells of one, or an order.
func (m *memory) contractual() bool {
	if m.sets == 0 {
		m.sets = -1
		if m.kind == document.KindContract || strings.Contains(strings.ToLower(m.text[:min(len(m.text), 400)]), "terms") {
			m.sets = 1
			return true
		}
		const many = 4000
		head := strings.ToLower(m.text[:min(len(m.text), many)])
		for _, w := range [...]string{"agreement", "contract", "lease", "order", "subpoena", "invoice", "stipulat", "settle", "promissory", "license", "notice"} {
			if strings.Contains(head, w) {
				m.sets = 1
				break
			}
		}
	}
	return m.sets > 0
}

// duration finds a length of time that begins with token i.
func (p *page) duration(i int) int {
	t := p.tokens[i]
	if t.end-t.start > 12 || t.start > 0 && strings.IndexByte("$.,/-(§", p.text[t.start-1]) >= 0 {
		return i
	}
	// A unit of time is near.
	near := p.text[t.end:min(len(p.text), t.end+48)]
	if !strings.Contains(near, "day") && !strings.Contains(near, "ear") && !strings.Contains(near, "onth") && !strings.Contains(near, "eek") && !strings.Contains(near, "our") &&
		!strings.Contains(near, "DAY") && !strings.Contains(near, "EAR") && !strings.Contains(near, "ONTH") {
		return i
	}
	m := lengthOfTime.FindStringSubmatch(window(p.text, t.start))
	if m == nil || !p.memory.contractual() {
		return i
	}
	n := 0
	switch {
	case m[2] != "":
		n, _ = strconv.Atoi(m[2])
	case m[3] != "":
		n, _ = strconv.Atoi(m[3])
	default:
		n = spokenCount(m[1])
	}
	end := t.start + len(m[0])
	before := strings.ToLower(strings.Join(strings.Fields(p.text[max(0, t.start-100):t.start]), " "))
	if n == 0 || passedAfter.MatchString(window(p.text, end)) || perUnit.MatchString(window(p.text, end)) {
		return i
	}
	if spent.MatchString(before) {
		return i
	}
	for _, w := range passedBefore {
		if strings.HasSuffix(before+" ", w) {
			return i
		}
	}
	// What sets a length of time stands before it in the sentence or the cell.
	if before = strings.TrimRight(before, " (“\"|"); before != "" && before[len(before)-1] != ':' && !strings.HasSuffix(before, "term") && !strings.HasSuffix(before, "term.") {
		last := before[strings.LastIndexAny(before, " \n|")+1:]
		if !setsPeriod[last] && !gives.MatchString(before) && !strings.Contains(strings.ToLower(window(p.text, end)[:min(40, len(window(p.text, end)))]), "notice") {
			return i
		}
	}
	unit := strings.ToUpper(m[5][:1])
	form := "P" + strconv.Itoa(n) + unit
	if unit == "H" {
		form = "PT" + strconv.Itoa(n) + "H"
	}
	p.add(document.Duration, t.start, end, form, 0.85, p.durationRole(t.start, end))
	return p.tokenAt(i, end)
}

var (
	noticeAfter = rx(`(?i:[’']?_(?:prior |advance |written |days |days['’] )*(?:prior |advance |written |of )*(?:(?:prior|advance|written) )*notice\b)`)
	// termOf is what says that a length of time is the term: "the term of this Agreement shall be", "TERM."
	termOf       = regexp.MustCompile(`(?:^|[ .])term(?: of (?:this|the) [a-z ]{3,30}?)?(?:\.| (?:shall be|is|will be|shall run for|shall last))(?: for)?(?: a period of)?$`)
	endsContract = []string{"terminat", "cancel", "end the", "ends the", "non-renew", "nonrenew", "not to renew", "not renew", "end this", "end it", "ending ", "end the engagement", "withdraw", "on ending", "sooner", "unless either party", "before the end", "resign", "give notice"}
	termBefore   = []string{"term of ", "runs for ", "run for ", "period of ", "in effect for ", "in force for ", "remain in effect for ", "remains in effect for ", "shall continue for ", "continues for ", "initial term is ", "initial term of ", "term is ", "term shall be ", "for an initial period of ", "effect for a period of ", "engaged for ", "employment for ", "term ", "lasts ", "last for "}
)

// durationRole says whether a length of time is the term of a contract, or that of
// the notice which ends it.
func (p *page) durationRole(start, end int) string {
	around := strings.ToLower(oneLine(p.text[max(0, start-240):min(len(p.text), end+160)]))
	if noticeAfter.MatchString(window(p.text, end)) {
		for _, w := range endsContract {
			if strings.Contains(around, w) && !strings.Contains(around, "breach") {
				return "notice"
			}
		}
		return ""
	}
	before := strings.ToLower(strings.Join(strings.Fields(p.text[max(0, start-80):start]), " "))
	before = strings.TrimRight(before, " |:(")
	if termOf.MatchString(before) {
		return "term"
	}
	for _, w := range termBefore {
		if !strings.HasSuffix(before, strings.TrimRight(w, " ")) {
			continue
		}
		// A period has a purpose; only that of the contract is its term.
		if w == "period of " && !strings.Contains(before, "agreement") && !strings.Contains(before, "lease") && !strings.Contains(before, "term") {
			return ""
		}
		if strings.Contains(before, "renew") || strings.Contains(before, "confidential") || strings.Contains(before, "surviv") || strings.Contains(before, "successive") || strings.Contains(before, "additional") {
			return ""
		}
		return "term"
	}
	return ""
}
