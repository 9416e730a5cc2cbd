package opinion

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

const (
	// personName is a name of two to five words, on one line.
	personName = `((?:(?:\p{Lu}\.(?:\p{Lu}\.)*|\p{Lu}[\pL'’-]+|St\.|de|la|van|von|der|del|di)[ \t]+){1,4}\p{Lu}[\pL'’-]+(?:,?[ \t]+(?:Jr|JR|Sr|SR|II|III|IV)\b\.?)?)`
	// bench is what a judge is called behind the name.
	bench = `(?:(?i:United[ \t]+States|U\.S\.|Senior|Chief|Presiding|Acting|Associate|Trial|District|Circuit|Superior|Probate|Family|County|Municipal|Chancery|Criminal|Magistrate|Bankruptcy|Administrative|Law|Special|Court|Assigned|Retired|Resident|Juvenile|Immigration|Military|Appellate|Workers['’]?|Compensation|Water|Environmental|Post-Conviction|Relief|Tax|Reserve|Vice|Master-in-)[ \t]*)*(?:(?i:judges?|justice|chancellor)|Equity|Master|Referee|Commissioner|J\.|A\.?L\.?J\.?|S\.J\.|P\.J\.)`
)

var (
	// review begins a passage about what is reviewed.
	review = regexp.MustCompile(`(?im)(?:^[ \t]*from\s+the\b|(?-i:^[ \t]*(?:A(?:ppealed|PPEALED)\s+(?:from|FROM)|R(?:eview|EVIEW)\s+(?:of|OF)))\b|\b(?:appeals?\s+(?:and\s+cross-appeals?\s+|by\s+(?:permission|leave|allowance)\s+|as\s+of\s+right\s+)?from|on\s+(?:discretionary\s+)?(?:review|appeal)\s+(?:pursuant\s+to\s+[^,;]{3,40}?\s+)?(?:from|of)|special\s+action\s*(?:[-–—]+|from)|transfer(?:red)?\s+from|appeal\s+of|` +
		`(?:error|exceptions|certiorari|certification|review)\s+(?:to|from)|(?:petitions?|applications?)\s+for\s+(?:panel\s+|judicial\s+)?(?:review|enforcement|rehearing)\s+of|questions?\s+(?:of\s+law\s+)?from|` +
		`appeals?\s+by\s+[^.;]{2,80}?\s+from|(?:court|tribunal)\s+below\s*[:—–-]+|original\s+proceeding\s+(?:in|on|from)|court\s+(?:from\s+which\s+appealed|appealed\s+from)\s*:|(?:lower|trial|originating)\s+court\s*:))[\s:]*`)
	certiorari = regexp.MustCompile(`(?i)^(?:error|exceptions|certiorari)\s+to`)

	// act is the decision that stands before the court that made it.
	act = regexp.MustCompile(`(?i)^(?:(?:an?|the|its|that|certain|amended|final|divided|unanimous|published|panel\s+of|interlocutory|post-?judgment|written|summary|unpublished|memorandum|supplemental|nonfinal|non-final)\s+)*` +
		`(?:(?:orders?|judgments?|decrees?|decisions?|rulings?|convictions?|sentences?|opinions?|awards?|verdicts?|denials?|dismissals?|dispositions?|rules?|regulations?|determinations?|actions?|resolutions?)(?:\s*(?:and|or|,|/)\s*(?:(?:an?|the)\s+)?)?)+` +
		`(?:\s+(?:of\s+sentence|of\s+conviction|of\s+dismissal|nos?\.?\s+\S+))*(?:,?\s+(?:entered|dated|issued|filed|rendered|made)\b)?(?:\s+(?:on\s+|in\s+)?(?:` + month + `\s+\d{1,2},?\s+\d{4}|\d{1,2}\s+` + month + `\s+\d{4}),?)?` +
		`(?:\s+by\s+(?:the\s+)?(?:Honorable\s+|Hon\.\s+|Judge\s+)?(\p{Lu}[^,;]{3,60}?(?:,\s+(?:Jr|Sr|II|III|IV)\b\.?)?))?(?:,?\s+(?:of|in|by|from|at|and)\b)\s+`)

	// courtLike is what a lower court or agency is called.
	courtLike  = regexp.MustCompile(`(?i)\b(?:court|board|commission|commissioner|tribunal|department|agency|appeals|administration|county|division|bureau|panel|secretary|parish|office|authority|service|council|committee|director|circuit|common\s+pleas|judiciary|judge)\b|Super\.\s*Ct`)
	lowerStart = regexp.MustCompile(`^(?:circuit|district|superior|trial|county|family|probate|municipal|chancery|juvenile)\s`)

	// courtEnds ends the court's name.
	courtEnds = regexp.MustCompile(`(?i)\n[ \t]*\n|\s*[(\[]|\*|_{3,}|;|,?\s*\b(?:trial|crim\.\s+app\.|trial\s+court|circuit\s+court|district\s+court|lower\s+court|superior\s+court|lc|l\.t\.|lt|civil\s+action|criminal\s+action|agency|action|case|cause|docket|usdc|d\.?c\.?|c\.?a\.?|no\(s\)|indictment|index|claim|bia|tax\s+ct|file|cr\.\s+i\.?d\.?)\s+(?:case\s+|docket\s+|cause\s+)?(?:nos?\b|numbers?\b|#)|` +
		`,?[\s:]+(?:in\s+|at\s+)?nos?[.(:]|,?\s+docket\s*:|\s+(?-i:NLRB|BIA|BRB|OSHRC|FERC|EPA|MSPB|FLRA|WCAB|ICA|BTA|FMSHRC|STB|FCC|NTSB|EEOC|BOR)\s+(?:\w+\s+)?nos?\.|,?[\s:]+(?:the\s+)?(?:honorable|hon\.)|,?\s+at\s+nos?\b|\s+(?:submitted|argued|heard|before:|decided|filed|entered|affirmed|reversed|vacated)\b|\.\s|\.$|,\s+(?:J\.|granting|denying|which|affirming|dismissing|convicting|entered|dated|after)|:\s+[A-Z]|,?\s+\d{4}-[A-Z]{2}-\d|\n[ \t]*[A-Z][\w.'-]+,\s+(?:C\.\s?)?J\.|\s+(?:[-–—]{1,2}\s+)?(?:direct\s+conflict|certified\s+(?:direct\s+conflict|great|question))\b|\s+[-–—]{1,2}\s+honorable|(?-i:\n[ \t]*[A-Z][A-Z ]{4,40}:)|\n[ \t]*[\w-]*\d[\w-]*;|,\s+\d{1,4}\s+(?-i:[A-Z])|\s+(?:military|trial)\s+judges?\s*:`)

	judgeAhead = regexp.MustCompile(`(?:[Tt]he[ \t]+)?(?:(?:Honorable|HONORABLE|Hon\.|HON\.)\s+|(?:(?:District|Trial|Circuit|Magistrate|Presiding|Bankruptcy)[ \t]+)?(?:Judge|JUDGE|Justice|JUSTICE)(?:[ \t]+Judge)?(?::\s*|[ \t]+)(?:(?:Honorable|Hon\.)\s+)?)` + personName)
	judgeParen = regexp.MustCompile(`\(` + judgeName + `,\s+(?:(?i:chief|magistrate|senior|district)\s+)*(?:` + letters + `|(?i:judge))\)`)
	// ofMany is a court's number among those of its name: "County Court at Law No. 2".
	ofMany      = regexp.MustCompile(`^,?\s*(?i:nos?\.)\s*\d{1,2}(?:[^\d-]|$)`)
	judgeInline = regexp.MustCompile(`(?:[,:;(—–]|\p{Ll}\.|\s--?)\s*(?:by\s+)?` + strings.ReplaceAll(personName, `[ \t]`, `\s`) + `,\s+` + bench)
	judgeLine   = regexp.MustCompile(`(?m)^[ \t]*(?:(?:Nos?\.|NO\.)(?:[ \t]*[\w-]*\d[\w-]*(?:,|[ \t]+and\b|[ \t]*&)?)+[ \t]+)?` + personName + `,?\s+` + bench)

	// lowerNumber is a number in such a passage, with its label.
	lowerNumber = regexp.MustCompile(`(?i:\bno\(s\)[.:]*|\b(?:nos?\b\.?|numbers?)\s*:?|#|[(\[](?:(?:civil|criminal|crim\.|cr\.|case|cause|docket)\s+)?(?:nos?\.)?)\s*` + number)
	// lowerLabel is a label that only numbers of a court below have.
	lowerLabel = regexp.MustCompile(`(?i:\b(?:lower\s+(?:court|tribunal)|l\.?\s?t\.?|l\.?c\.?|trial\s+court|trial\s+ct\.|cir\.\s+ct\.|circuit\s+court|district\s+court|superior\s+court|super\.\s*ct\.|county\s+court|d\.?\s?c\.?|bk\.|usdc|u\.s\.d\.c\.|agency|bia|tax\s+court|court\s+below|originating|bankr?\.\s+ct\.|trial|crim\.\s+app\.|c\.p\.c?\.?)\s*(?:(?:docket|case|cause|action|file|civil)\s+)*(?:nos?\b\.?(?:\(s\))?|numbers?)\s*:?)\s*` + number)
	// superCourt is how California's courts of appeal name the court below.
	superCourt = regexp.MustCompile(`\(([A-Z][\w.]+(?:\s+[A-Z][\w.]+)*\s+Super\.\s+Ct\.),?\s+Nos?\.\s+` + number)
	// bracketed is a court below in brackets, with its number: Alabama's and West
	// Virginia's.
	bracketed = regexp.MustCompile(`\(([A-Z][\w.'’-]+(?:[ \t]+[A-Z][\w.'’-]+)*[ \t]+(?:(?:Circuit|District|Superior|Probate|Juvenile|Family)[ \t]+Court|County))[:,]?[ \t]+(?:Nos?\.[ \t]+)?` + number)
	// appellateDistrict is how California's Supreme Court names the court below.
	appellateDistrict = regexp.MustCompile(`(?m)^[ \t]*((?:First|Second|Third|Fourth|Fifth|Sixth) Appellate District(?:,? Division \w+)?)\s*\n\s*([A-H]\d{6})\b`)
	// inBrackets is a number of the court below that follows the own one's line:
	// Rhode Island's.
	inBrackets = regexp.MustCompile(`(?m)^[ \t]*(?:No\.[ \t]+)?\d{4}-\d+-\S+[ \t]*\n[ \t]*\(([A-Z]{1,2}\d?[ /]?\d{2}-\d{2,6}[A-Z]?)\)`)
	// goesOn begins a paragraph that a passage goes on with.
	goesOn = regexp.MustCompile(`^\s*(?:[(\[]|(?i:nos?\.|d\.?c\.|usdc|(?:the\s+)?hon(?:orable|\.)|trial\s+court|cause|lc\b|l\.t\.|case\s+no|district\s+judge|trial\s+judge|in\s+the\s+(?:court|circuit|superior|district)|docket\s+no|agency|civil\s+(?:action|division)|action\s+no|c\.a\.|lower|board\s+of|judges?\s*:|(?:first|second|third|fourth|fifth|sixth)\s+district\s+[-–—]|` + month + `\s+term\b)|` + personName + `,[ \t]+` + bench + `)`)
	// ended begins what is about the deciding court again.
	ended = regexp.MustCompile(`(?im)^[ \t]*\[` + month + `[ \t]|^[ \t]*\W*(?:before|present|panel|per curiam|by the court|argued|submitted|decided|filed|heard|opinion|counsel|considered|rendered|un(?:reported|published)|in\s+the\s+(?:appellate|supreme|court\s+of\s+(?:special\s+)?appeals))\b|(?m)^[ \t]*[_=*—–-]{5,}|[.)]\s+(?:Heard|Argued|Submitted|Opinion)\b|` +
		`(?-i:^[ \t]*No\.[ \t]+[EMW]\d{4}-\d{5}-|^[ \t]*\p{Lu}[\p{Lu}'’-]+(?:[ \t]+\p{Lu}[\p{Lu}.'’-]+)+,\s+(?:C\.\s?J\.|P\.\s?J\.|J\.)|^[ \t]*\p{Lu}[\p{Lu}'’-]+(?:,\s+(?:and\s+)?\p{Lu}[\p{Lu}'’-]+)*(?:,?\s+and\s+\p{Lu}[\p{Lu}'’-]+)?,\s+(?:C\.\s?J\.|P\.\s?J\.|J\.|JJ\.|(?:[A-Z]\w+\s+)*(?:Judges?|Justices?)[.:]))`)
	// courtRow is a line that names a court, and nextRow one that goes with the
	// court below: a number, or its judge.
	courtRow = regexp.MustCompile(`^(?:\S+[ \t]+){1,6}(?:Court|COURT)(?:,?[ \t]+[\w ,.'’-]{0,40})?(?:,?[ \t]+(?:Case[ \t]+)?Nos?\.[ \t]+\S+)?$`)
	// kindOfCourt is the end of a court's name where a number follows on its line.
	kindOfCourt = regexp.MustCompile(`^,?[ \t]+(?i:district|circuit|superior|county|trial)[ \t]+(?i:court)\b`)
	withNo      = regexp.MustCompile(`(?i)court,?[ \t]+(?:case[ \t]+)?nos?\.[ \t]+\S+$`)
	// judgeLabel names the judge below wherever it stands, as does a line of a judge
	// who is called honourable, in a case that has a court below.
	judgeLabel = regexp.MustCompile(`(?i:\b(?:trial|lower\s+court|d\.?c\.?|originating|district|circuit\s+court|superior\s+court|military)\s+judges?\s*:)\s*(?:(?i:the\s+)?(?i:honorable|hon\.)\s+)?` + judgeName)
	honorable  = regexp.MustCompile(`(?m)^[ \t]*\W?(?i:the[ \t]+)?(?i:honorable|hon\.)[ \t]+` + personName + `(?:,.*)?\W*$`)
	// inSentence is how a sentence of prose names the court below and its judge.
	inSentence = regexp.MustCompile(`((?:\p{Lu}[\pL.]*\s+){1,4}Court,\s+(?:\p{Lu}[\pL.]+\s+){1,3}County)[;,]\s+` + strings.ReplaceAll(personName, `[ \t]`, `\s`) + `,\s+` + bench)
	nextRow    = regexp.MustCompile(`(?i)^(?:the\s+hon|hon\.|hon\w+\s|lc\s+no|[\w,; -]+; [as]\d{6}|file\s+no|case\s+no|trial\s+court|nos?\.)`)
	// fileRow goes with an agency below as well.
	fileRow = regexp.MustCompile(`(?i)^(?:file|agency|lc)\s+nos?\b`)
	// districtRow is a court below that is called by its district alone: Utah's.
	districtRow = regexp.MustCompile(`^\w+(?: Judicial)? (?:District|Circuit)(?: Court)?, [\w. ]+(?:County|Department)$`)
	// middleCourt is a court of appeals that is reviewed, on a line of its own.
	middleCourt = regexp.MustCompile(`^(?:Court of (?:Criminal |Civil |Special )?Appeals|COURT OF APPEALS)$`)
	semicolon   = regexp.MustCompile(`^([\w-]+)(?:, [\w-]+)*; [AS]\d{6}`)
	ownCourt    = regexp.MustCompile(`(?i)^(?:in\s+the|united\s+states|u\.s\.|state\s+of|supreme|the\s)|appeals|appellate`)
)

// maxBelow is how far a passage about what is reviewed reaches, in bytes.
const maxBelow = 600

// lower finds the passages about what is reviewed, and reads them.
func (h *head) lower() {
	for _, m := range h.find(review, aReview, 0, 1, 6) {
		if len(h.below) > 0 && h.below[len(h.below)-1].End > m[0] {
			continue
		}
		if courtOf.MatchString(h.text[max(0, m[0]-12):m[0]]) {
			continue // "Court of Appeal of the State of California"
		}
		s := document.Span{Start: m[0], End: h.passage(m[1])}
		if certiorari.MatchString(h.text[m[0]:m[1]]) {
			if own := regexpNo.FindStringIndex(h.text[m[1]:s.End]); own != nil {
				s.End = m[1] + own[0] // the Supreme Court's own number follows
			}
		}
		if h.readBelow(s, m[1]) {
			h.below = append(h.below, s)
		}
	}
	for _, m := range h.superCourts() {
		h.below = append(h.below, document.Span{Start: m[0], End: m[1]})
		if h.LowerCourt.Text == "" {
			h.LowerCourt = h.value(document.Span{Start: m[2], End: m[3]})
		}
		h.LowerDockets = append(h.LowerDockets, h.value(document.Span{Start: m[4], End: m[5]}))
	}
	h.ofSingleCourts()
	if strings.Contains(h.text, "\n(") {
		for _, m := range inBrackets.FindAllStringSubmatchIndex(h.text, 1) {
			h.lowerDocket(document.Span{Start: m[2], End: m[3]})
			h.below = append(h.below, document.Span{Start: m[2], End: m[3]})
		}
	}
	if h.LowerCourt.Text == "" && (containsFold(h.text, "appe") || containsFold(h.text, "in the supreme court")) { // of an appellate court, or for an appellant
		h.unannounced()
	}
	for _, m := range h.find(inSentence, aJudge, 2, 1, 1) {
		if h.LowerCourt.Text != "" {
			break
		}
		h.LowerCourt = h.value(document.Span{Start: m[2], End: m[3]})
		h.LowerJudge = h.value(document.Span{Start: m[4], End: m[5]})
		h.below = append(h.below, document.Span{Start: m[0], End: m[1]})
	}
	for _, form := range []*regexp.Regexp{judgeLabel, honorable} {
		if h.LowerJudge.Text != "" || form == honorable && h.LowerCourt.Text == "" {
			break
		}
		for _, m := range h.find(form, aJudge, 0, 1, 1) {
			h.LowerJudge = h.value(document.Span{Start: m[2], End: m[3]})
			h.below = append(h.below, document.Span{Start: m[0], End: m[1]})
		}
	}
	for _, m := range h.find(lowerLabel, aLabel, 0, 2, 8) {
		if !h.isBelow(m[0]) {
			h.lowerDocket(document.Span{Start: m[2], End: m[3]})
			h.below = append(h.below, document.Span{Start: m[0], End: m[1]})
		}
	}
}

// superCourts are a court below and its number in the forms of single states.
func (h *head) superCourts() [][]int {
	switch {
	case strings.Contains(h.text, "Super. Ct"):
		return superCourt.FindAllStringSubmatchIndex(h.text, 4)
	case strings.Contains(h.text, "Appellate District"):
		return appellateDistrict.FindAllStringSubmatchIndex(h.text, 1)
	}
	return h.find(bracketed, aDecider|aDigit, 0, 0, 2)
}

var courtOf = regexp.MustCompile(`(?i)\b(?:courts?|board)\s+of\s+$`)

var regexpNo = regexp.MustCompile(`(?m)^\W*Nos?\.`)

// passage is where the passage whose court begins at from ends: with its paragraph,
// and those that go on about the court below.
func (h *head) passage(from int) int {
	end := min(len(h.text), from+maxBelow)
	if m := ended.FindStringIndex(h.text[from:end]); m != nil {
		end = from + m[0]
	}
	at := from
	for range 5 {
		i := strings.Index(h.text[at:end], "\n\n")
		if i < 0 {
			return end
		}
		at += i
		next := at + len(h.text[at:end]) - len(strings.TrimLeft(h.text[at:end], "\n \t"))
		if said := strings.TrimSpace(h.text[from:at]); said != "" && !unfinished.MatchString(said) && (!goesOn.MatchString(h.text[next:end]) || numbered.MatchString(said) && ownNumber.MatchString(h.text[next:end])) {
			return at
		}
		at = next
	}
	return at
}

// unfinished is the end of a line that a name goes on from, whatever is beneath it.
var unfinished = regexp.MustCompile(`(?:\b(?i:of|the|for|and|united)|s['’])$`)

// After the number of the court below in brackets, a paragraph that is nothing but a
// number has the own one.
var (
	numbered  = regexp.MustCompile(`[(\[][^)\]\n]*\d[^)\]\n]*[)\]]\s*$`)
	ownNumber = regexp.MustCompile(`^(?i:nos?\.)[ \t]*[^ \t\n]*\d[^ \t\n]*[ \t]*(?:\n|$)`)
)

// unannounced finds a court below that no word announces: a line with its name above
// a line with its judge or number.
func (h *head) unannounced() {
	for i := 0; i+1 < len(h.rows); i++ {
		row, next := h.rows[i], h.rows[i+1]
		line, below := h.text[row.Start:row.End], h.text[next.Start:next.End]
		if middleCourt.MatchString(line) && i > 0 && h.supreme {
			h.LowerCourt = h.value(row.Span)
			h.below = append(h.below, row.Span)
			return
		}
		named := courtRow.MatchString(line) || districtRow.MatchString(line) || courtLike.MatchString(line) && (fileRow.MatchString(below) || semicolon.MatchString(below))
		if !named || ownCourt.MatchString(line) || !withNo.MatchString(line) && !nextRow.MatchString(below) {
			continue
		}
		s := document.Span{Start: row.Start, End: h.passage(row.Start)}
		if h.readBelow(s, row.Start) {
			if m := semicolon.FindStringSubmatchIndex(below); m != nil {
				h.lowerDocket(document.Span{Start: next.Start + m[2], End: next.Start + m[3]})
				s.End = row.End // the own number follows
			}
			h.below = append(h.below, s)
			return
		}
	}
}

// bareAppeals is a court of appeals of the deciding court's own state.
var bareAppeals = regexp.MustCompile(`^(?i:court of (?:criminal |civil )?appeals)$`)

// secondCourt begins the line of a court that the court below reviewed in its turn, or
// of its number, where the name above it is whole.
var (
	secondCourt = regexp.MustCompile(`\n[ \t]*(?:[A-Z][\w'’.-]*[ \t]+){0,4}(?:Court|COURT)\b`)
	wholeCourt  = regexp.MustCompile(`(?i)\b(?:courts?\s+of(?:\s+\w+)?\s+appeals?|court|commission|board|tribunal)(?:,[^\n]*)?[ \t]*$`)
)

// readBelow reads the passage s, whose court begins at from. It says whether one is
// named there.
func (h *head) readBelow(s document.Span, from int) bool {
	rest := h.text[from:s.End]
	for range 2 {
		if m := act.FindStringSubmatchIndex(rest); m != nil {
			if m[2] >= 0 && h.LowerJudge.Text == "" && !courtLike.MatchString(rest[m[2]:m[3]]) {
				h.LowerJudge = h.value(document.Span{Start: from + m[2], End: from + m[3]})
			}
			from += m[1]
			rest = rest[m[1]:]
		}
	}
	trimmed := strings.TrimLeft(rest, " \t\n")
	if len(trimmed) > 4 && strings.EqualFold(trimmed[:3], "the") && (trimmed[3] == ' ' || trimmed[3] == '\n') {
		trimmed = trimmed[4:]
	}
	from += len(rest) - len(trimmed)
	rest = trimmed
	end := nameEnd(rest)
	if m := secondCourt.FindStringIndex(rest[:end]); m != nil && wholeCourt.MatchString(rest[:m[0]]) {
		end = m[0]
	}
	for _, form := range []*regexp.Regexp{judgeInline, judgeLine} {
		if m := form.FindStringSubmatchIndex(rest); m != nil && m[2] > 0 && m[2] < end && !containsFold(rest[m[2]:m[3]], "honorable") {
			end = m[2]
		}
	}
	if m := kindOfCourt.FindStringIndex(rest[end:]); m != nil && strings.TrimSpace(rest[:end]) != "" {
		end += m[1]
	}
	name := h.trim(document.Span{Start: from, End: from + end})
	text := strings.TrimRight(h.text[name.Start:name.End], " ,.:;(—–-\n\t")
	if text == "" || len(text) > 220 || !courtLike.MatchString(text) || text[0] >= 'a' && text[0] <= 'z' && !lowerStart.MatchString(text) {
		return false
	}
	value := h.value(document.Span{Start: name.Start, End: name.Start + len(text)})
	// After "certiorari to the Court of Appeals", "Appeal from Roe County" with its judge is
	// where the case began: what number and judge belong to.
	if h.LowerCourt.Text == "" || h.LowerJudge.Text == "" && len(h.LowerDockets) == 0 && bareAppeals.MatchString(h.LowerCourt.Text) && !bareAppeals.MatchString(value.Text) {
		h.LowerCourt = value
	}
	h.belowJudge(name.Start+max(0, len(text)-2), s.End)
	for _, m := range lowerNumber.FindAllStringSubmatchIndex(h.text[from:s.End], 8) {
		h.lowerDocket(document.Span{Start: from + m[2], End: from + m[3]})
		for at := from + m[3]; ; {
			next := rangeOrList.FindStringIndex(h.text[at:s.End])
			if next == nil || !isNumberLike(firstToken(h.text[at+next[1]:s.End])) {
				break
			}
			n := numberHere.FindStringSubmatchIndex(h.text[at+next[1] : s.End])
			if n == nil || isDay(h.text[at+next[1]+n[2]:at+next[1]+n[3]]) {
				break
			}
			h.lowerDocket(document.Span{Start: at + next[1] + n[2], End: at + next[1] + n[3]})
			at += next[1] + n[3]
		}
	}
	return true
}

// dotted is the end of a name that a full stop does not end.
var dotted = regexp.MustCompile(`\b(?:St|Ste|Mt|Ft|Pt|Dist|Cty|Cnty|Cir|Super|Jud|Comp|Div|Dep't|[A-Z])$`)

// nameEnd is where the court's name that rest begins with ends, judges apart.
func nameEnd(rest string) int {
	at := 0
	for {
		m := courtEnds.FindStringIndex(rest[at:])
		if m == nil {
			return len(rest)
		}
		end := at + m[0]
		if strings.TrimSpace(rest[end:at+m[1]]) == "" && unfinished.MatchString(strings.TrimSpace(rest[:end])) {
			at += m[1]
			continue
		}
		if rest[end] == '.' && dotted.MatchString(rest[:end]) {
			at = end + 1
			continue
		}
		part := ofMany.FindStringIndex(rest[end:])
		if part == nil || !strings.HasSuffix(strings.ToLower(rest[:end]), "law") && !strings.HasSuffix(strings.ToLower(rest[:end]), "court") {
			return end
		}
		at = end + part[1] - 1
	}
}

func (h *head) lowerDocket(s document.Span) {
	text := h.text[s.Start:s.End]
	trimmed := strings.TrimRight(text, " .-–:/,")
	s.End -= len(text) - len(trimmed)
	if strings.ContainsAny(trimmed, "0123456789") {
		h.LowerDockets = append(h.LowerDockets, h.value(s))
	}
}

// place is a name of two words that is a town's or a county's rather than a judge's.
var place = regexp.MustCompile(`^(?:San|Santa|Los|Las|New|North|South|East|West|Fort|Palm|Contra|Salt)\s\S+$`)

// wrappedInitial is an initial that a line of a name ends with.
var wrappedInitial = regexp.MustCompile(`( \p{Lu}\.)\n`)

// belowJudge finds the judge of the court below between two positions.
func (h *head) belowJudge(from, end int) {
	if h.LowerJudge.Text != "" {
		return
	}
	rest := wrappedInitial.ReplaceAllString(h.text[from:end], "$1 ")
	for _, form := range []*regexp.Regexp{judgeParen, judgeAhead, judgeInline, judgeLine} {
		for _, m := range form.FindAllStringSubmatchIndex(rest, 4) {
			v := h.value(document.Span{Start: from + m[2], End: from + m[3]})
			name, _, _ := strings.Cut(v.Text, ",")
			if isName(name) && !place.MatchString(name) && !courtLike.MatchString(v.Text) {
				h.LowerJudge = v
				return
			}
		}
	}
}
