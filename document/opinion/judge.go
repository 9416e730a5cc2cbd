package opinion

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

const (
	// judgeName is a judge's name: one to five words, with a generation.
	judgeName = `((?:(?:\p{Lu}\.(?:\p{Lu}\.)*|\p{Lu}[\pL'’-]+|St\.|ST\.|de|la|van|von|der|del|di)[ \t]+){0,4}(?:d['’])?\p{Lu}[\pL'’-]+(?:,?[ \t]+(?:Jr|JR|Sr|SR|II|III|IV)\b\.?)?)`
	// letters are the short titles of judges.
	letters = `(?:C\.\s?J\.|P\.\s?J\.|A\.?C\.?J\.|V\.?C\.?J\.|J\.P\.|J\.|Ch\.\s?J\.|P\.?J\.?A\.?D\.?|P\.J\.E\.|J\.A\.D\.|S\.J\.|D\.J\.|U\.S\.D\.J\.|U\.S\.M\.J\.|M\.J\.|V\.?C\.|A\.?L\.?J\.|A?\.?J\.S\.C\.|J\.C\.C\.|J\.F\.C\.|A\.J\.|J\.H\.O\.|J\.C\.P\.|J\.D\.C\.|S\.)`
	// title is a judge's title in words.
	title = `(?:(?i:chief|presiding|associate|senior|circuit|district|united|states|u\.s\.|magistrate|bankruptcy|administrative|law|trial|special|acting|vice|president|deputy|temporary|immigration|patent|military|emeritus|appellate|superior|supreme|court|family|of|the|appeals|claims|international|trade)[ \t]+)*(?i:judge|justice|chancellor|special[ \t]+master|chief[ \t]+special[ \t]+master)`
)

var (
	// panelCue begins a list of the judges who decide.
	panelCue = regexp.MustCompile(`(?m)(?i:by[ \t]+the[ \t]+court)[ \t]+\(|^[ \t]*\(By:[ \t]+|(?i:board[ \t]+panel):[ \t]+|^[ \t]*\W?(?i:before|present|panel|coram|bench|judges|justices|sitting|concur|participating|considered(?:[ \t]+and[ \t]+decided)?[ \t]+by|heard[ \t]+by|submitted[ \t]+to)[ \t]*(?:[:\n][ \t:]*)+|^[ \t]*\W?(?:Before|BEFORE|PRESENT|Present|Panel|Considered(?:[ \t]+and[ \t]+decided)?[ \t]+by|CONSIDERED[ \t]+BY)[ \t]+|[_.][ \t]*Before[ \t]+|(?:(?i:panel|court)[ \t]+)(?i:is[ \t]+)?(?:composed|consist(?:s|ed|ing))[ \t]+of[ \t]+`)

	// listTail ends a list of judges that nothing announces, in one line or one name a
	// line.
	listTail = regexp.MustCompile(`^(.*?),?[ \t]+(?:JJ\.?|Js\.|(?:Circuit[ \t]+)?Judges\.|Justices\.)$`)

	// titledLine is a judge and the title, as a line of the signatures.
	titledLine = regexp.MustCompile(`^` + personName + `,[ \t]+` + title + `\b[^,]{0,30}$`)
	byCourt    = regexp.MustCompile(`(?i)\bBY\s+THE\s+COURT\b`)

	// written are the forms in which the judge who wrote is named; the first that is
	// found counts.
	written = []*regexp.Regexp{
		regexp.MustCompile(`(?m)^[ \t]*(?i:judge|justice|author|hearing officer|administrative law judge)[ \t]*:[ \t]*(?:Hon\.[ \t]+)?` + judgeName),
		regexp.MustCompile(`(?m)^[ \t]*(?:¶[ \t]*1\b\.?|\[¶?[ \t]*1\])\s+` + judgeName + `,[ \t]+` + letters),
		regexp.MustCompile(`(?m)^[ \t]*` + judgeName + `,[ \t]+(?:` + letters + `|` + title + `),?[ \t]+(?i:for[ \t]+the[ \t]+court)\b`),
		regexp.MustCompile(`(?i:(?:opinion|memorandum|decision|order)[*†]?\s+(?:(?:of|for)\s+the\s+court\s+)?(?:was\s+)?(?:filed\s+|delivered\s+)?by|written\s+by|authored\s+by|opinion\s+by)\s*:?\s+(?:(?i:the\s+honorable|hon\.|chief|presiding|associate|senior|circuit|district|judge|justice|president\s+judge)\s+)*` + judgeName),
		regexp.MustCompile(`(?:(?i:chief|presiding|associate|senior|judge|justice)\s+)*` + judgeName + `(?:,\s*(?:` + letters + `|` + title + `))?,?\s+(?i:delivered|announced|wrote|authored)\s+(?i:the|this)\s+(?i:opinion|judgment|lead|order|memorandum|decision)`),
		regexp.MustCompile(`(?m)^[ \t]*` + judgeName + `,[ \t]+` + letters + `(?:[ \t]*(?:\(.*\)|[:—–-])?[ \t]*$|[ \t]*[:—–])`),
		regexp.MustCompile(`(?m)^[ \t]*` + judgeName + `,[ \t]+` + title + `(?:[ \t]*(?:\(.*\))?[:.—–]*[ \t]*$|[ \t]*[:—–]|\.[ \t]+[“"\p{Lu}¶\[])`),
		regexp.MustCompile(`\b(?:(?i:special\s+master|magistrate\s+judge|administrative\s+law\s+judge|vice\s+chancellor|district\s+judge|judge|justice|honorable)|Hon\.|HON\.):?[ \t]+` + judgeName),
	}
	perCuriam = regexp.MustCompile(`(?m)^[ \t]*\(?(?i:per\s+curiam)\b|\bPER CURIAM\b|\.Per Curiam:|\bper curiam opinion\b`)

	// rankAfter are titles that a list of judges holds besides names.
	rankAfter = regexp.MustCompile(`^(?i:` + letters + `|jj\.?|js\.|p\.?j\.?|j\.?p\.?|c\.?j\.?|j|` + title + `s?|(?:judges|justices)|concur(?:ring)?|(?:sitting\s+)?by\s+(?:designation|assignment)|retired|\(ret\.\)|vice\s+chairman|chairman|member)\.?[*†]*$`)
	plural    = regexp.MustCompile(`(?i)(?:judges|justices|jj|js)[.*]*$`)
	titleWord = regexp.MustCompile(`(?i)\b(?:judge|justice|pro\s+tem|retired|assigned|designation|chief|presiding|member|chairman)\b`)
	// sentenceEnd is the end of a list's sentence, no initial or generation.
	sentenceEnd = regexp.MustCompile(`(?:\p{L}{4}|[^JS\s]\pL{2}|\pL[^r\s]\pL)\.$`)
	generation  = regexp.MustCompile(`(?i)^(?:jr|sr|ii|iii|iv)\.?$`)
	ahead       = regexp.MustCompile(`(?i)^(?:(?:the|hon(?:orable|\.)?|chief|senior|presiding|associate|acting|circuit|district|appellate|magistrate|mr\.|madam|judges?|justices?)\s+)+`)
	behind      = regexp.MustCompile(`(?i)\s+\(?(?:` + letters + `|jj\.)$`)
	nameOnly    = regexp.MustCompile(`^(?:\p{Lu}[\pL.'’-]*|de|la|van|von|der|del)(?:\s+(?:\p{Lu}[\pL.'’-]*|de|la|van|von|der|del|di))*,?$`)
	// notName is in lines that look like names and are none.
	notName = regexp.MustCompile(`(?i)\b(?:court|state|county|judges?|justices?|chief|opinion|order|department|plaintiffs?|defendants?|appell\w+|petitioners?|respondents?|per|curiam|the|judgment|division|memorandum|decision|filed|appeals?|reversed|affirmed|attorney|general|of|district|trial|superior|municipal|magistrate|appellate|northern|southern|eastern|western|middle|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|retired|tempore|assigned|patent|trial|board|commission|circuit|city|united|states|special|published|reporter|bureau|clerk|panel|present|another|service|submitted|argued|decided|majority|writ|relief|motion|dated?|counsel|inc|llc|corp|company|january|february|march|april|june|july|august|september|october|november|december)\b`)
)

// judges finds who decided and who wrote.
func (h *head) judges() {
	h.panel()
	h.PerCuriam = containsFold(h.text, "curiam") && perCuriam.MatchString(h.text)
	if h.PerCuriam {
		return
	}
	for _, form := range written {
		for _, m := range h.find(form, aJudge, 1, 1, 8) {
			v := h.value(document.Span{Start: m[2], End: m[3]})
			if h.isBelow(m[2]) || !isName(v.Text) || h.list.Start <= m[2] && m[2] < h.list.End {
				continue
			}
			// The same judge by a fuller name, further down.
			if h.Author.Text == "" || strings.HasSuffix(strings.ToLower(v.Text), strings.ToLower(" "+h.Author.Text)) {
				h.Author = v
			}
		}
		if h.Author.Text != "" {
			return
		}
	}
}

// theBoard is whom a matter is before, and no judge.
var theBoard = regexp.MustCompile(`^(?i:the\s+(?:\w+\s+){0,4}(?:board|commission|court|tribunal|panel|department|office)\b)`)

// panel finds the list of the judges who decided.
func (h *head) panel() {
	for _, m := range h.find(panelCue, aPanel, 0, 1, 6) {
		if theBoard.MatchString(h.text[m[1]:min(len(h.text), m[1]+40)]) {
			continue
		}
		if names := h.names(m[1], min(len(h.text), m[1]+600), inline); len(names) > 0 {
			h.Panel = names
			h.list = document.Span{Start: m[0], End: h.lineEnd(names[len(names)-1].Span.End)}
			return
		}
	}
	for i, row := range h.rows {
		if row.cues&aJudge == 0 && !strings.Contains(h.text[row.Start:row.End], "JJ") || !listTail.MatchString(h.text[row.Start:row.End]) {
			continue
		}
		first := i
		alone := strings.Count(h.text[row.Start:row.End], ",") < 2 // the last of names that have a line each
		for alone && first > 0 && i-first < 8 && h.judgeRow(h.rows[first-1].Span) {
			first--
		}
		if names := h.names(h.rows[first].Start, row.End, byLine); len(names) > 1 {
			h.Panel = names
			return
		}
	}
	if h.Panel = h.titledRows(); h.Panel != nil {
		return
	}
	var signed []int
	if containsFold(h.text, "by the court") {
		signed = byCourt.FindStringIndex(h.text)
	}
	for _, row := range h.rows {
		if signed == nil || row.Start < signed[1] || h.isBelow(row.Start) {
			continue
		}
		if m := titledLine.FindStringSubmatchIndex(h.text[row.Start:row.End]); m != nil {
			h.Panel = append(h.Panel, h.value(document.Span{Start: row.Start + m[2], End: row.Start + m[3]}))
		}
	}
}

// titledRows are the judges of a list in which each has a title of letters, over one
// to three lines: "ROE, C. J., DOE, P. J., and POE, J.".
func (h *head) titledRows() []Value {
	for i, row := range h.rows {
		if row.cues&aJudge == 0 || h.isBelow(row.Start) {
			continue
		}
		if text := h.text[row.Start:row.End]; text == "JJ." {
			first := i
			for first > 0 && i-first < 9 && strings.HasSuffix(h.text[h.rows[first-1].Start:h.rows[first-1].End], ",") {
				first--
			}
			if names := h.names(h.rows[first].Start, row.End, byLine); len(names) > 1 {
				return names
			}
			continue
		} else if !titledList.MatchString(text) {
			continue
		}
		last := i
		for last+1 < len(h.rows) && last-i < 2 && titledList.MatchString(h.text[h.rows[last+1].Start:h.rows[last+1].End]) {
			last++
		}
		if names := h.names(row.Start, h.rows[last].End, byLine); len(names) > 1 {
			return names
		}
	}
	return nil
}

// titledList is a line of such a list.
var titledList = regexp.MustCompile(`^(?:` + judgeName + `,[ \t]+` + letters + `(?:,|[ \t]+and\b|$)[ \t]*(?:and\b[ \t]*)?)+$`)

// judgeRow says whether a line is one name of a list, with or without a title.
func (h *head) judgeRow(s document.Span) bool {
	name, rank, ok := strings.Cut(h.text[s.Start:s.End], ", ")
	return isName(name) && strings.Contains(name, " ") && (!ok || rankAfter.MatchString(strings.TrimSpace(rank)) || generation.MatchString(strings.TrimSpace(rank)))
}

// inline and byLine are what stands between the judges of a list: in a list that runs
// over lines a name may as well.
var (
	inline = regexp.MustCompile(`(?i)\s*[,;&]\s*(?:and\s+)?|\s+and\s+|\n[ \t]*\n`)
	byLine = regexp.MustCompile(`(?i)\s*[,;&]\s*(?:and\s+)?|\s+and\s+|\n`)
)

// names are the judges listed between two positions, up to what is no name or title.
func (h *head) names(from, end int, between *regexp.Regexp) []Value {
	var all []Value
	at := from
	text := h.text[from:end]
	for _, sep := range append(between.FindAllStringIndex(text, 60), []int{len(text), len(text)}) {
		s := h.trim(document.Span{Start: at, End: from + sep[0]})
		at = from + sep[1]
		part := h.text[s.Start:s.End]
		if m := ahead.FindStringIndex(part); m != nil && m[1] < len(part) && !rankAfter.MatchString(part) {
			s.Start += m[1]
			part = part[m[1]:]
		}
		if line, below, more := strings.Cut(part, "\n"); more && rankAfter.MatchString(strings.TrimSpace(line)) {
			m := ahead.FindStringIndex(strings.TrimLeft(below, " \t"))
			if m == nil {
				return all
			}
			// Each judge has a line: "HONORABLE JANE ROE, Judge".
			s.Start += len(line) + 1 + len(below) - len(strings.TrimLeft(below, " \t")) + m[1]
			part = h.text[s.Start:s.End]
		}
		switch {
		case part == "":
			continue
		case generation.MatchString(part) && len(all) > 0:
			last := &all[len(all)-1]
			*last = h.value(document.Span{Start: last.Span.Start, End: s.End})
			continue
		case rankAfter.MatchString(part):
			between := text[sep[0]:sep[1]]
			if plural.MatchString(part) && !strings.ContainsAny(between, ",;&") || len(all) > 1 && strings.HasPrefix(between, "\n") && !ahead.MatchString(strings.TrimLeft(text[sep[1]:], " \t")) {
				return all
			}
			continue
		}
		if m := behind.FindStringIndex(part); m != nil {
			part = part[:m[0]]
		}
		full := sentenceEnd.MatchString(part)
		part = strings.TrimRight(part, ".:*†‡0123456789 )")
		// A line that follows the last name of the list is none of it.
		if line, _, more := strings.Cut(part, "\n"); more && isName(line) && !isName(part) {
			part, full = strings.TrimRight(line, ". "), true
		}
		s.End = s.Start + len(part)
		if !isName(part) {
			if len(all) > 0 && len(part) < 40 && titleWord.MatchString(part) && !strings.Contains(part, "\n") {
				continue // a title that no list here has
			}
			break
		}
		all = append(all, h.value(s))
		if full {
			break
		}
	}
	return all
}

// isName says whether s can be a judge's name.
func isName(s string) bool {
	if name, last, ok := strings.Cut(s, ", "); ok && generation.MatchString(last) {
		s = name
	}
	return len(s) > 1 && len(s) < 60 && nameOnly.MatchString(s) && !notName.MatchString(s)
}

// containsFold says whether s has part, which is lower-case, in any case.
func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), part)
}
