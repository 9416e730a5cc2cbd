package ocr

import (
	"unicode"

	"github.com/caseload/caseload/document/extract/pdf/layout"
)

// Bounds for telling a stamp again that was misread: of its digits so many may be
// missing, but none be another, and of its letters a share may differ.
const (
	mostStamps    = 20 // that a page's is compared with, the latest
	leastDigits   = 10
	missingDigits = 2
	otherLetters  = 5 // one of so many
)

// stamps are a document's filing stamps, as each was met first.
type stamps struct{ all []knownStamp }

type knownStamp struct {
	text            string
	letters, digits []rune // of what is the same on all pages
}

// named is text; of a stamp that was met before the one that was met.
func (s *stamps) named(text string) string {
	if !layout.Stamp(text) {
		return text
	}
	k := knownStamp{text: text}
	for _, r := range layout.StampKey(text) {
		switch {
		case unicode.IsDigit(r):
			k.digits = append(k.digits, r)
		case unicode.IsLetter(r):
			k.letters = append(k.letters, r)
		}
	}
	if len(k.digits) < leastDigits {
		return text
	}
	for _, known := range s.all {
		if known.like(k) {
			return known.text
		}
	}
	s.all = append(s.all, k)
	s.all = s.all[max(len(s.all)-mostStamps, 0):]
	return text
}

// like says whether two stamps are the same but for the page and misread characters.
func (s knownStamp) like(o knownStamp) bool {
	return within(s.digits, o.digits, missingDigits) && distance(s.letters, o.letters)*otherLetters <= max(len(s.letters), len(o.letters))
}

// within says whether the shorter of two texts is the longer without some of its
// characters, most at most.
func within(a, b []rune, most int) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > most {
		return false
	}
	for _, r := range b {
		if len(a) > 0 && a[0] == r {
			a = a[1:]
		}
	}
	return len(a) == 0
}

// distance is how many characters must be put in, left out or replaced to make one text
// of the other (Levenshtein). Stamps are short.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j, c := range b {
			cost := diagonal
			if r != c {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
