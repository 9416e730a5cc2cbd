package entity

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
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
			p.add(document.Date, t.start, end, fmt.Sprintf("%s-%02d", m[2], monthNumber(m[1])), 0.9, p.dateRole(t.start, end))
			return p.tokenAt(i, end)
		}
		return i
	}
	if t.start > 0 && strings.IndexByte("/-.$:", p.text[t.start-1]) >= 0 {
		return i
	}
	if m := slashed.FindStringSubmatch(w); m != nil {
		month, _ := strconv.Atoi(m[1])
		if day, _ := strconv.Atoi(m[2]); month > 12 && day <= 12 && len(m[3]) == 4 {
			return p.dateIs(i, m[0], m[3], day, m[1], 0.85) // 14/09/2023, as elsewhere
		}
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
	p.add(document.Date, t.start, end, date.Format(time.DateOnly), confidence, p.dateRole(t.start, end))
	return p.tokenAt(i, end)
}

var months = map[string]int{"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12}

func monthNumber(name string) int { return months[strings.ToLower(name[:3])] }

// Forms that say what was, or is to be, done on a date: what stands before it,
// in lower case and on one line, then what stands behind it.
var (
	weekday     = regexp.MustCompile(`\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?$`)
	argueSubmit = regexp.MustCompile(`argued (?:and|&) submitted:?(?: on)?$`)
	effectiveOn = regexp.MustCompile(`(?:effective(?: as of| date(?: of| is)?| on| from)?|commenc(?:ement(?: date)?|es|ing)(?: on)?|\bbeginning(?: on)?|(?:made|entered into|made and entered into)(?: and effective)? (?:as of|this|on)(?: the| this)?|takes effect(?: on)?|effective this)[ :|]*(?:the )?$`)
	expiresOn   = regexp.MustCompile(`(?:expir(?:es?|ing|ation(?: date)?)(?: on| is)?|to and including|through and including|terminates on|\bending(?: on)?|\bends(?: on)?|end date(?: is)?|termination date(?: is)?|continu\w+ (?:in effect )?(?:until|through)|in effect until|maturity(?: date)?|matures on)[ :|]*$`)
	dueOn       = regexp.MustCompile(`(?:\b(?:due|payable)(?: and payable| in full)?(?: date)?(?: no later than| not later than| on or before| on| by| before)?|on or before|no later than|not later than|(?:discovery|bidding|period|window|register|docket|submissions?)[^.;]{0,30} clos(?:es?|ed|ing)(?: is)?(?: on| at| by)?|deadline(?: is| of| for [^.;]{0,50} is)?(?: extended to)?|response date|must be (?:received|filed|served|paid) by|\b(?:deliver(?:y|ed)?|ship(?:ment|ped)?|complete[dn]?|completion)(?: by| date| no later than):?)[ :|]*(?:[\d:]+ ?[ap]\.?m\.?,? (?:[a-z]+ )?(?:on )?)?$`)
	byThen      = regexp.MustCompile(`\bby(?: [\d:]+ ?[ap]\.?m\.?,?(?: [a-z]+)?(?: on)?| noon on| close of business(?: on)?)?$`)
	obliges     = regexp.MustCompile(`\b(?:shall|must|will|to be|demand\w*|direct\w*|require\w*|ask\w*|deadline|pay|paid|produce\w*|respond|remit|reply|answer|file|serve|deliver\w*|please|unless|need)\b`)
	hearingOn   = regexp.MustCompile(`(?:\bhear(?:ing|d|s)?\b|returnable|oral argument|conference|\btrial\b|sentencing|arraignment|appear(?:ance)?\b|mediation|set (?:down )?for)[^.;]{0,70}?(?:\bon|\bfor|\bat|date|is|:)[ :|]*(?:the )?$|hearing(?: date)?[ :|]*$|trial(?: date)?[ :|]*$`)
	hearingHeld = regexp.MustCompile(`\b(?:hearing|conference|trial|argument|status|motion)\b[^.;]{0,60}\b(?:held|set|scheduled|noticed|noted|conducted|calendared|continued|reset)\b[^.;]{0,20}? (?:on|for|to)$`)
	publicly    = regexp.MustCompile(`\bpublic hearing\b`)
	stampedThen = regexp.MustCompile(`\b(?:FILED|Filed)\b[^;.]{0,40}(?:\.[A-Z][^;]{0,50})?\n[ \t]*$`)
	courtsTime  = regexp.MustCompile(`^[\s)|:§*]*(?:time|dept|department|courtroom|place|location|judge)\b`)
	hearsThen   = regexp.MustCompile(`\bhear the parties on$`)
	servedOn    = regexp.MustCompile(`\bserv(?:ed|ice)\b[^.;]{0,60}?\bon(?: or about)?$`)
	filedOn     = regexp.MustCompile(`\bfil(?:ed|ing)\b[^.;]{0,70}?\bon(?: or about)?$|\b(?:e-)?filed[ :|*]*$|\banswered(?: the [a-z ]{0,20}complaint)? on$|\b(?:was|were) (?:indicted|charged by \w+) on$`)
	enteredOn   = regexp.MustCompile(`\bentered\b(?: in this (?:action|case|matter|court))?(?: on| this)?[ :|]*$|\b(?:order|judgment|decree)(?: was)? (?:entered|issued)[^.;]{0,40} on$|\b(?:issued|rendered)(?: on| this)?$`)
	signedOn    = regexp.MustCompile(`\b(?:executed|signed|subscribed|sworn to)\b[^.;]{0,60}?(?:\bon|\bthis|date)[ :|]*(?:the )?$|\b(?:executed|signed)(?: as of| on)?[ :|]*$|\b(?:signed|executed) at [^.;]{3,60},?$|\bsigned on the date of[^.;]{0,30},$|\b(?:under my|set (?:his|her|my|their|our)|witness my)(?: official)? hands?\b[^.;]{0,60}\b(?:on|this)(?: the)?$`)
	datedOn     = regexp.MustCompile(`\bdated?(?: as of| this| at [^.;]{0,40}| the)?[ :|]*$|\bdate of (?:this )?(?:lease|agreement|contract|letter|order|notice|report)[ :|]*$|\b(?:agreement|contract|lease|letter|subcontract|note|invoice|policy|e-?mail|memo(?:randum)?|order|report|deed|will|amendment|minutes) (?:of|dated)$|\bsent[ :|]*$|\bdated:? [^.;:]{3,40}$`)
	decidedOn   = regexp.MustCompile(`\b(?:decided|decision)(?: on| of| date)?[ :|,]*$`)
	argued      = regexp.MustCompile(`\b(?:re)?argued(?: on)?[ :|,]*$`)
	submittedOn = regexp.MustCompile(`\b(?:submitted|briefs)(?: on)?[ :|,]*$`)
	thenFiled   = regexp.MustCompile(`^,? [^.;]{0,90}?\b(?:(?:was|were|is being|electronically|hereby|then|timely|duly|she|he|they|it|i|we|[a-z-]+s?) )?(?:e-)?filed\b`)
	thenServed  = regexp.MustCompile(`^,? [^.;]{0,90}?\b(?:served|mailed|(?:sent|delivered|deposited|transmitted) (?:by|via|in|to)|caused (?:a|the|to))\b`)
	thenSigned  = regexp.MustCompile(`^,? [^.;]{0,90}?\b(?:signed|executed)\b`)
	thenEntered = regexp.MustCompile(`^,? (?:the |this |that |a )?(?:[a-z]+ )?(?:court|judge|order|judgment|decree)?[^.;,]{0,30}\b(?:entered|issued)\b`)
	thenOrdered = regexp.MustCompile(`^,? (?:the |this |that |an? )?(?:[a-z]+ )?(?:order|judgment|decree) was (?:entered|issued)\b`)
	thenHears   = regexp.MustCompile(`^,?(?: at [\d:]+ ?[ap]\.?m\.?,?)?[^.;]{0,60}\b(?:will be heard|hearing|shall appear|will (?:move|appear|bring on)|came on (?:to be heard|for (?:a )?hear|for trial))\b`)
	// effectiveThen follows the date of a contract that defines it as that of its beginning.
	effectiveThen = regexp.MustCompile(`^,? ?\((?:hereinafter |hereafter )?(?:the )?["“](?:effective|commencement|start|closing)[ -]date`)
	onBefore      = regexp.MustCompile(`(?:^|[^a-z])(?:on|in|that on|that, on)(?: or about| the)?$`)
	// revisedOn is before the date of a form's wording, and formLabel the label of a
	// form's date, which stands on the line of the value or next to it, not over a gap.
	revisedOn = regexp.MustCompile(`\b(?:rev(?:ised|ision)?|form \S+|version|eff)\.?(?: date)?[ :(]*$`)
	formLabel = regexp.MustCompile(`\bdate$`)
)

// dateRole is what the text around the date in [start, end) says of it, several
// roles parted by a comma.
func (p *page) dateRole(start, end int) string {
	const near = 140
	raw := p.text[max(0, start-near):start]
	if i := strings.LastIndex(raw, "\n\n"); i >= 0 && strings.TrimSpace(raw[i:]) != "" {
		raw = raw[i+2:]
	}
	before := strings.ToLower(strings.Join(strings.Fields(raw), " "))
	before = strings.TrimRight(weekday.ReplaceAllString(strings.TrimRight(before, " ,—–-(“\"["), ""), " ,—–-(“\"[_")
	after := strings.ToLower(oneLine(p.text[end:min(len(p.text), end+near)]))
	first := func(rules ...dateRule) string {
		for _, r := range rules {
			if r.form.MatchString(before) {
				return r.role
			}
		}
		return ""
	}
	if revisedOn.MatchString(before) || strings.HasSuffix(strings.TrimRight(raw, " \t"), "\n\n") && formLabel.MatchString(before) {
		return ""
	}
	contract := p.memory.kind == document.KindContract
	if contract && (strings.HasSuffix(before, "dated:") || before == "dated" || strings.HasSuffix(before, "date of signature:")) && p.signatureBlock(start) {
		return "signed"
	}
	if contract && effectiveThen.MatchString(after) {
		return "effective"
	}
	role := first(dateRule{argueSubmit, "argued,submitted"})
	if role == "" && strings.HasSuffix(before, "date:") || strings.HasSuffix(before, "date") && contract {
		if p.signatureBlock(start) {
			return "signed"
		}
	}
	if role == "" && strings.HasSuffix(before, "date:") && courtsTime.MatchString(after) {
		return "hearing" // in a caption
	}
	if role == "" && stampedThen.MatchString(p.text[max(0, start-near):start]) {
		return "filed"
	}
	if role == "" {
		role = first(dateRule{expiresOn, "expires"}, dateRule{effectiveOn, "effective"}, dateRule{signedOn, "signed"}, dateRule{servedOn, "served"}, dateRule{dueOn, "due"},
			dateRule{hearsThen, "hearing"}, dateRule{enteredOn, "entered"}, dateRule{hearingHeld, "hearing"}, dateRule{filedOn, "filed"}, dateRule{decidedOn, "decided"}, dateRule{argued, "argued"}, dateRule{submittedOn, "submitted"}, dateRule{hearingOn, "hearing"}, dateRule{datedOn, "dated"})
	}
	if role == "effective" && !contract && !strings.Contains(before, "effective") {
		role = ""
		if datedOn.MatchString(before) || strings.HasSuffix(before, "as of") {
			role = "dated"
		}
	}
	if role == "signed" && strings.Contains(before, "on the date of") {
		return "signed,dated"
	}
	if role == "hearing" && publicly.MatchString(before) {
		return "" // of another body
	}
	if role != "" {
		return role
	}
	if byThen.MatchString(before) && obliges.MatchString(before) {
		return "due"
	}
	if onBefore.MatchString(before) {
		switch {
		case strings.Contains(after, "wrote:"):
			return "dated"
		case thenServed.MatchString(after) && !thenFiled.MatchString(after):
			return "served"
		case thenOrdered.MatchString(after):
			return "entered"
		case thenFiled.MatchString(after):
			return "filed"
		case thenSigned.MatchString(after):
			return "signed"
		case thenEntered.MatchString(after):
			return "entered"
		case thenHears.MatchString(after):
			return "hearing"
		}
	}
	if contract && start < 800 && p.start == 0 && p.ownLine(start, end) {
		return "dated"
	}
	if p.memory.kind == document.KindLetter && !p.memory.greeted && p.start == 0 && start < 4000 && !p.memory.letterDated && p.ownLine(start, end) {
		p.memory.letterDated = true
		return "dated"
	}
	return ""
}

// A dateRule is a form that gives a date a role.
type dateRule struct {
	form *regexp.Regexp
	role string
}

// ownLine says whether the text in [start, end) has its line, or its cell of one, to
// itself.
func (p *page) ownLine(start, end int) bool {
	before := strings.TrimRight(p.text[max(0, start-200):start], " \t")
	after := strings.TrimLeft(p.text[end:min(len(p.text), end+200)], " \t")
	cell := start-len(before) >= 3 || strings.HasSuffix(p.text[:start], "   ")
	return (before == "" || strings.HasSuffix(before, "\n") || cell) && (after == "" || after[0] == '\n')
}

// signatureBlock says whether the lines before offset at are those of a signature.
func (p *page) signatureBlock(at int) bool {
	const near = 420
	before := strings.ToLower(p.text[max(0, at-near):at])
	return strings.Contains(before, "title:") || strings.Contains(before, "by:") || strings.Contains(before, "name:") || strings.Contains(before, "/s/") || strings.Contains(before, "signature")
}
