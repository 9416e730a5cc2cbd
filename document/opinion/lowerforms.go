package opinion

import (
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/internal/regexp"
)

// Forms of single courts that name the court below without a passage about it.
var (
	// ofCounty is a county with the number that its trial court gave: North Carolina's.
	ofCounty = regexp.MustCompile(`^(\p{Lu}[\w.'’-]+(?: \p{Lu}[\w.'’-]+)? County),? Nos?\. ` + number)
	// orderOf begins a memorandum of New York's First Department: what was decided, by
	// which court and judge.
	orderOf = regexp.MustCompile(`(?m)^[ \t]*(?:(?:Amended|Corrected|Final|Interlocutory)[ \t]+)?(?:Orders?|Judgments?|Decrees?|Decisions?|Determinations?)(?:[ \t]+and[ \t]+[a-z]+)?,\s+((?:Supreme|Family|Surrogate['’]s|Civil|Criminal|County)\s+Court,\s+(?:\p{Lu}[\pL.]*\s+){1,3}County)\s+\(` + strings.ReplaceAll(judgeName, `[ \t]`, `\s`) + `,\s+` + letters)
	// causeIn is a cause with its court, as applications for habeas corpus have it.
	causeIn = regexp.MustCompile(`(?im)^[ \t]*(?:(?:trial\s+court\s+)?cause|case)\s+nos?\.\s*` + number + `(?:,?\s+(?:and|&)\s+` + number + `)*,?\s+in\s+the\s+((?-i:\p{Lu}|\d)[^\n,;(]*?\bcourt(?:\s+(?:at\s+law\s+)?no\.\s*\d+)?)\b`)
	// newHampshire is that state's supreme court, which puts the court below, or the
	// county of the superior court, above its own number.
	newHampshire   = regexp.MustCompile(`(?i)\bsupreme\s+court\s+of\s+new\s+hampshire\b`)
	aboveOwnNumber = regexp.MustCompile(`^(?i:case[ \t]+)?No\.[ \t]+\d{4}-\d{3,4}\b`)
	belowInHead    = regexp.MustCompile(`^(?:\p{Lu}[a-z]+(?:[-–—](?:northern|southern)[ \t]+judicial[ \t]+district)?|\d{1,2}(?:st|nd|rd|th)[ \t]+Circuit[ \t]+Court\b.*|(?:\p{Lu}[a-z'’-]+|of|and|[ \t])+(?:Court|Board|Commission|Department|Committee|Commissioner|Division)\b[\w ,–—-]*)$`)
)

// ofSingleCourts reads the court below in the forms of single courts.
func (h *head) ofSingleCourts() {
	if h.LowerCourt.Text == "" && strings.Contains(h.text, " Court, ") {
		for _, m := range h.find(orderOf, aJudge, 2, 2, 1) {
			h.LowerCourt = h.value(document.Span{Start: m[2], End: m[3]})
			h.LowerJudge = h.value(document.Span{Start: m[4], End: m[5]})
			h.below = append(h.below, document.Span{Start: m[0], End: m[1]})
		}
	}
	if h.LowerCourt.Text == "" && (strings.Contains(h.text, "HABEAS") || strings.Contains(h.text, "abeas")) {
		for _, m := range h.find(causeIn, aLabel, 0, 1, 1) {
			h.LowerCourt = h.value(document.Span{Start: m[len(m)-2], End: m[len(m)-1]})
			h.lowerDocket(document.Span{Start: m[2], End: m[3]})
			h.below = append(h.below, document.Span{Start: m[0], End: m[1]})
		}
	}
	hampshire := h.LowerCourt.Text == "" && newHampshire.MatchString(h.text[:min(len(h.text), maxTitle)])
	for i, row := range h.rows {
		if row.cues&aDigit == 0 || row.Len() > maxBareRow {
			continue
		}
		line := h.text[row.Start:row.End]
		var m []int
		if strings.Contains(line, " County") {
			m = ofCounty.FindStringSubmatchIndex(line)
		}
		if m != nil {
			county := document.Span{Start: row.Start + m[2], End: row.Start + m[3]}
			if h.LowerCourt.Text == "" {
				h.LowerCourt = h.value(county)
			}
			h.lowerDocket(document.Span{Start: row.Start + m[4], End: row.Start + m[5]})
			h.below = append(h.below, row.Span)
		}
		if hampshire && i > 0 && aboveOwnNumber.MatchString(line) {
			if above := h.rows[i-1]; belowInHead.MatchString(h.text[above.Start:above.End]) && h.text[above.Start:above.End] != "Original" {
				h.LowerCourt = h.value(above.Span)
				h.below = append(h.below, above.Span)
			}
			hampshire = false
		}
	}
}

// maxTitle is how far into the head the name of the deciding court stands, in bytes.
const maxTitle = 400
