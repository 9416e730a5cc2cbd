package kind

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

const (
	firstTitle = 7.0 // weight of the first title
	laterTitle = 1.0 // of each further one
	plainTitle = 0.5 // share of a title that is not in capitals
	titleWords = 24  // that a title has at most, over its lines
)

// named are the words that name a kind in a title. Of those in a title the first
// tells: an order that grants a motion is an order. Longer names stand first.
var named = []struct {
	kind  document.Kind
	words string
}{
	{document.KindOpinion, `memorandum (?:opinion|decision|disposition)|(?:opinion|decision|findings of fact),? (?:and|&) (?:order|judgment|conclusions)|opinions?|per curiam|` +
		`findings of fact|report and recommendations?|slip opinion|syllabus|decision`},
	{document.KindMotion, `notice of (?:\w+ ){0,4}motions?|(?:joint |unopposed |emergency )?motions?|memorand(?:um|a)(?: of (?:law|points and authorities))? (?:of law )?in (?:support|opposition)|` +
		`(?:brief|reply)(?: memorandum| brief)? in (?:support|opposition)|memorandum of (?:law|points and authorities)|opposition|response (?:in opposition )?to (?:\S+ ){0,4}motion|` +
		`reply(?: brief| memorandum)?|ex parte application|application for|order to show cause why|brief (?:of|for)`},
	{document.KindOrder, `(?:\[?proposed\]? )?(?:final |consent |default |stipulated |amended |scheduling |protective )*(?:order|judgment)s?|stipulation (?:and|&) (?:\[?proposed\]? )?order|` +
		`mandate|decree|designation (?:and assignment )?of (?:an? )?(?:\w+ ){0,3}judges?|writ of|minute (?:order|entry)|minutes`},
	{document.KindNotice, `notice|summons|certificate of service|entry of appearance|appearance of counsel|waiver of (?:the )?service`},
	{document.KindAnswer, `answers?`},
	{document.KindComplaint, `complaint|(?:original|verified|first amended) petition|petition(?:er's)? for|petition|cross-?complaint|third-?party complaint|indictment|information|bill of complaint`},
	{document.KindSubpoena, `subpoenas?`},
	{document.KindDeclaration, `declaration|affidavit|affirmation|verification`},
	{document.KindContract, `(?:\S+ ){0,6}?(?:agreement|contract|lease|memorandum of understanding|addendum|promissory note|deed of trust|bill of sale|statement of work|terms (?:and conditions|of service)|` +
		`power of attorney|amendment (?:no\.? ?\d+|to)|guaranty|release of (?:all )?claims)`},
	{document.KindExhibit, `(?:plaintiff'?s?'? |defendant'?s?'? |government )?exhibit(?: [a-z0-9]{1,4})?\b|attachment [a-z0-9]{1,3}\b|appendix [a-z0-9]{1,3}\b`},
	{document.KindLetter, `demand letter|letter`},
}

var titled = func() *regexp.Regexp {
	var b strings.Builder
	for i, n := range named {
		if i > 0 {
			b.WriteByte('|')
		}
		b.WriteString("(" + n.words + ")")
	}
	return regexp.MustCompile(`(?:^|[\s'(\[*"“])(?:` + b.String() + `)(?:$|[\s.,;:)\]*"”&])`)
}()

// stems are what each of the named words has one of: a title without any is none.
var stems = []string{
	"opinion", "decision", "disposition", "findings", "per curiam", "recommendation", "syllabus", "motion", "memorand", "brief", "reply", "opposition",
	"response", "application", "order", "judgment", "mandate", "decree", "designation", "writ", "minute", "notice", "summons", "service", "appearance", "answer", "complaint",
	"petition", "indictment", "information", "subpoena", "declaration", "affidavit", "affirmation", "verification", "agreement", "contract", "lease",
	"addendum", "note", "deed", "bill of", "statement of work", "terms", "attorney", "amendment", "guaranty", "exhibit", "attachment", "appendix", "letter",
}

// titles weighs the titles in a text's first lines.
func (s score) titles(head string) {
	weight, n := firstTitle, 0
	for _, t := range titleLines(head) {
		kind := titleKind(t.text)
		if kind == "" {
			continue
		}
		if t.capitals {
			s[kind] += weight
		} else {
			s[kind] += weight * plainTitle
		}
		weight = laterTitle
		if n++; n == 4 {
			return
		}
	}
}

// titleKind is the kind that a title names first.
func titleKind(title string) document.Kind {
	title = strings.ToLower(title)
	if !slices.ContainsFunc(stems, func(stem string) bool { return strings.Contains(title, stem) }) {
		return ""
	}
	m := titled.FindStringSubmatchIndex(title)
	if m == nil {
		return ""
	}
	for i, n := range named {
		if m[2*i+2] >= 0 {
			return n.kind
		}
	}
	return ""
}

type titleLine struct {
	text     string
	capitals bool
}

// beside divides what stands beside each other on a line: a caption's parties, its
// rule, and the title.
func beside(line string) []string {
	var parts []string
	start, spaces := 0, 0
	end := func(at, next int) {
		if part := strings.TrimSpace(line[start:at]); part != "" {
			parts = append(parts, part)
		}
		start = next
	}
	for i, r := range line {
		switch r {
		case ' ':
			if spaces++; spaces == 2 {
				end(i, i)
			}
			continue
		case '\t', ')', '|', '§', '│', '┃':
			end(i, i+utf8.RuneLen(r))
		case ':':
			if i+1 == len(line) || spaces > 0 && line[i+1] == ' ' {
				end(i, i+1)
			}
		}
		spaces = 0
	}
	end(len(line), len(line))
	return parts
}

// stamps are what courts' filing systems print on a page.
var stamps = regexp.MustCompile(`(?i)\bcase\s+(?:no\.?\s*)?\d+:\d+-|\bdocument\s+\d+\s|\bfiled\s+\d|page\s+\d+\s+of`)

// titleLines are the parts of a text's first lines that may be titles, those that go
// on in the next line joined.
func titleLines(head string) []titleLine {
	var titles []titleLine
	open := false // the line before was the end of a title in capitals
	n := 0
	for line := range strings.Lines(head) {
		line = strings.TrimRight(strings.TrimLeftFunc(line, func(r rune) bool { return unicode.IsDigit(r) || unicode.IsSpace(r) }), " \t\r\n")
		if line == "" {
			open = false
			continue
		}
		if n++; n > headLines {
			break
		}
		went := false
		for _, part := range beside(line) {
			part = unspaced(part)
			words := len(strings.Fields(part))
			if words == 0 || words > titleWords {
				continue
			}
			capitals := inCapitals(part)
			if !capitals && (words > 9 || !asTitle(part)) || strings.ContainsAny(line, "0123456789") && stamps.MatchString(line) {
				continue
			}
			switch {
			case capitals:
				if last := len(titles) - 1; open && last >= 0 && titles[last].capitals && len(strings.Fields(titles[last].text))+words <= titleWords {
					titles[last].text += " " + part
				} else {
					titles = append(titles, titleLine{part, true})
				}
				went = true
			default:
				titles = append(titles, titleLine{part, false})
			}
		}
		open = went
	}
	return titles
}

// unspaced joins letters that are spaced out: "O R D E R".
func unspaced(s string) string {
	if len(s) < 5 || len(s)%2 == 0 {
		return s
	}
	for i := range len(s) {
		if (s[i] == ' ') != (i%2 == 1) {
			return s
		}
	}
	return strings.ReplaceAll(s, " ", "")
}

// inCapitals says whether most letters are capitals.
func inCapitals(s string) bool {
	upper, lower := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
	}
	return upper >= 4 && upper >= 6*lower
}

// small are words that begin without a capital in titles.
var small = map[string]bool{"a": true, "an": true, "and": true, "for": true, "in": true, "of": true, "on": true, "or": true, "the": true, "to": true, "re": true, "with": true, "by": true}

// asTitle says whether a line stands alone as a title does: its words begin with
// capitals, and it is no sentence.
func asTitle(s string) bool {
	if strings.HasSuffix(s, ".") || strings.HasSuffix(s, ",") || strings.HasSuffix(s, ";") {
		return false
	}
	for _, w := range strings.Fields(s) {
		r := []rune(strings.TrimLeft(w, `("“[*`))
		if len(r) > 0 && unicode.IsLower(r[0]) && !small[strings.ToLower(w)] {
			return false
		}
	}
	return true
}
