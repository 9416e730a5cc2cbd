package resolve

import (
	"strings"
	"unicode"

	"github.com/caseload/caseload/document"
)

// isLetterOrDigit says whether r is of a word; marks are of the letter before them.
func isLetterOrDigit(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// names are the forms of a mention that an entity may be shown by.
func names(m document.Mention) []string {
	text := strings.Trim(strings.Join(strings.Fields(m.Text), " "), " ,;:")
	normal := strings.TrimSpace(m.Normalized)
	switch m.Type {
	case document.Person, document.Judge:
		return []string{withoutTitles(text), withoutTitles(normal)}
	case document.Court:
		if normal != "" {
			return []string{normal} // the court's own name, not a caption's line breaks and capitals
		}
		return []string{text}
	case document.Org, document.Location:
		return []string{text, normal}
	default:
		if normal != "" {
			return []string{normal}
		}
		return []string{text}
	}
}

// BestName is the best of the names that mentions of one entity have; "" for none.
func BestName(mentions []document.Mention) string {
	best := ""
	for _, m := range mentions {
		for _, name := range names(m) {
			if name != "" && (best == "" || compareNames(m.Type, name, best) > 0) {
				best = name
			}
		}
	}
	return best
}

// withoutTitles takes the titles off the front of a person's name.
func withoutTitles(name string) string {
	for {
		first, rest, ok := strings.Cut(name, " ")
		if !ok || !titles[strings.TrimRight(fold(first), ".:")] {
			return name
		}
		name = rest
	}
}

// fullness is how much of its entity a name says: the length of its key.
func fullness(t document.EntityType, name string) int {
	switch t {
	case document.Person, document.Judge, document.Org, document.Court, document.Location:
		return len(KeyOf(document.Mention{Type: t, Text: name}))
	default:
		return 0
	}
}

// caseRank prefers names in mixed case to those with a word in capitals beside
// others, those to names in capitals, and those to names in small letters.
func caseRank(name string) int {
	var mixed, shouted, upper bool
	for _, word := range strings.Fields(name) {
		letters, capitals := 0, 0
		for _, r := range word {
			if unicode.IsLetter(r) {
				letters++
			}
			if unicode.IsUpper(r) {
				capitals++
			}
		}
		upper = upper || capitals > 0
		mixed = mixed || capitals > 0 && capitals < letters
		shouted = shouted || capitals == letters && letters >= shout
	}
	switch {
	case mixed && !shouted:
		return 3
	case mixed:
		return 2
	case upper:
		return 1
	default:
		return 0
	}
}

// shout is from how many letters on a word in capitals is no acronym or initial.
const shout = 4
