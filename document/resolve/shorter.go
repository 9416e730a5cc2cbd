package resolve

import (
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// Shorter are the keys that a document which has both would take as safe short forms
// of key: without middle names or with their initials, without the words for a legal
// form. They say who else a short form could mean. At most 8; none for other types.
func Shorter(t document.EntityType, key string) []string {
	switch t {
	case document.Person, document.Judge:
		return shorterPersons(key)
	case document.Org:
		if stem := orgStem(key); stem != key {
			return []string{stem}
		}
	}
	return nil
}

// variedNames is of how many middle names each is left out, or an initial, by itself;
// where there are more, all are at once.
const variedNames = 2

func shorterPersons(key string) []string {
	p := parsePerson(key)
	if len(p.given) < 2 || len(p.given[0]) < 2 {
		return nil
	}
	ways := [][]string{nil}
	if middle := p.given[1:]; len(middle) <= variedNames {
		for _, name := range middle {
			var next [][]string
			for _, way := range ways {
				way = slices.Clip(way)
				next = append(next, way, append(way, name), append(way, initial(name)))
			}
			ways = next
		}
	} else {
		var all []string
		for _, name := range middle {
			all = append(all, initial(name))
		}
		ways = append(ways, all)
	}
	var keys []string
	for _, way := range ways {
		name := slices.Concat([]string{p.given[0]}, way, []string{p.surname})
		if p.generation != "" {
			name = append(name, p.generation)
		}
		short := strings.Join(name, " ")
		// A particle that is left at its side would be of the surname.
		if q := parsePerson(short); short != key && q.agrees(p) && len(q.given) == 1+len(way) {
			keys = append(keys, short)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// initial is a name's first letter, or the name if no initial is known for it.
func initial(name string) string {
	if name[0] >= 'a' && name[0] <= 'z' {
		return name[:1]
	}
	return name
}
