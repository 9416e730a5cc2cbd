package resolve

import (
	"strings"
	"unicode"

	"github.com/caseload/caseload/document"
)

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// names are the forms of a mention that an entity may be shown by.
func names(m document.Mention) []string {
	text := strings.Trim(strings.Join(strings.Fields(m.Text), " "), " ,;:")
	normal := strings.TrimSpace(m.Normalized)
	switch m.Type {
	case document.Person, document.Judge:
		return []string{withoutTitles(text), withoutTitles(normal)}
	case document.Org, document.Court, document.Location:
		return []string{text, normal}
	default:
		if normal != "" {
			return []string{normal}
		}
		return []string{text}
	}
}

// withoutTitles takes the titles off the front of a person's name.
func withoutTitles(name string) string {
	for {
		first, rest, ok := strings.Cut(name, " ")
		if !ok || !titles[strings.TrimSuffix(fold(first), ".")] {
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

// caseRank prefers names in mixed case to those in capitals, and those to names
// in small letters.
func caseRank(name string) int {
	var upper, lower bool
	for _, r := range name {
		upper = upper || unicode.IsUpper(r)
		lower = lower || unicode.IsLower(r)
	}
	switch {
	case upper && lower:
		return 2
	case upper:
		return 1
	default:
		return 0
	}
}
