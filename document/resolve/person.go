package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// titles come before a name and are no part of it.
var titles = set(`mr mrs ms miss mx messrs mister madam madame sir dame lord lady dr doctor prof professor
hon honorable honourable the rev reverend fr father sister rabbi
judge justice chief associate senior circuit district magistrate presiding administrative bankruptcy
president governor gov senator sen representative rep congressman congresswoman secretary mayor
attorney general solicitor sergeant sgt corporal cpl lieutenant lt captain capt major maj colonel col
officer detective det agent deputy sheriff warden trooper inspector then-judge then-justice`)

// credentials come after a name and are no part of it; written without dots.
var credentials = set(`esq esquire md phd jd llm llb mba cpa dds dvm rn ra do psyd edd usn usmc usa ret`)

// judicial credentials are those of judges, after a comma: "DOWD, P.J.".
var judicial = set(`j jj cj pj acj apj vcj sj judge justice justices judges`)

// generations tell namesakes apart and stay in the key, at its end.
var generations = map[string]string{
	"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr",
	"ii": "ii", "2nd": "ii", "2d": "ii", "iii": "iii", "3rd": "iii", "3d": "iii", "iv": "iv", "4th": "iv",
}

// particles belong to the surname that follows them.
var particles = set(`st saint van von der den ter ten de del della di da dos du la le el al bin ibn ben mac y`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

func personKey(s string, t document.EntityType) string {
	var parts [][]string // the family name first if there is more than one
	var generation string
	for i, part := range strings.Split(fold(s), ",") {
		w := strings.FieldsFunc(part, func(r rune) bool { return !isNameRune(r) })
		for j := range w {
			w[j] = strings.TrimSuffix(w[j], "'s")
		}
		w, g := trimName(w, i > 0, t)
		generation = cmp.Or(generation, g)
		if len(w) > 0 {
			parts = append(parts, w)
		}
	}
	slices.Reverse(parts)
	name := splitInitials(slices.Concat(parts...))
	if len(name) > 0 && generation != "" {
		name = append(name, generation)
	}
	return strings.Join(name, " ")
}

// isNameRune says whether r can be within a word of a name; dots are for
// initials.
func isNameRune(r rune) bool {
	return r == '.' || r == '\'' || r == '-' || isLetterOrDigit(r)
}

// trimName takes titles off the front of a name's words and credentials and the
// generation off its end. A part that follows a comma may consist of them alone;
// otherwise one word stays, whatever it is.
func trimName(w []string, follows bool, t document.EntityType) (name []string, generation string) {
	least := 1
	if follows {
		least = 0
	}
	for len(w) > least {
		last := w[len(w)-1]
		bare := strings.ReplaceAll(last, ".", "")
		g, isGeneration := generations[strings.TrimSuffix(last, ".")]
		switch {
		case isGeneration && generation == "":
			generation = g
		case credentials[bare] && (len(w) > 1 || follows), bare == "":
		case follows && t == document.Judge && judicial[bare]:
		default:
			goto front
		}
		w = w[:len(w)-1]
	}
front:
	for len(w) > least && titles[strings.TrimSuffix(w[0], ".")] {
		w = w[1:]
	}
	return w, generation
}

// splitInitials takes the dots and apostrophes out of words and makes initials
// words of their own: "j.q." is "j q".
func splitInitials(w []string) []string {
	var out []string
	for _, word := range w {
		for _, piece := range strings.Split(word, ".") {
			if piece = strings.Trim(strings.ReplaceAll(piece, "'", ""), "-"); piece != "" {
				out = append(out, piece)
			}
		}
	}
	return out
}

// person is a PERSON or JUDGE key in its parts.
type person struct {
	given      []string
	surname    string // with particles
	generation string
}

func parsePerson(key string) person {
	var p person
	w := strings.Fields(key)
	if n := len(w); n > 1 && generations[w[n-1]] == w[n-1] {
		p.generation, w = w[n-1], w[:n-1]
	}
	if len(w) == 0 {
		return p
	}
	at := len(w) - 1
	for at > 0 && particles[w[at-1]] && (w[at-1] != "y" || at > 2) { // "Jane Y. Roe", but "José Ortega y Gasset"
		at--
	}
	p.given, p.surname = w[:at], strings.Join(w[at:], " ")
	return p
}

// agrees says whether p and q can be one person: same surname and generation,
// and given names none of which contradicts another's, where an initial stands
// for any name that begins with it, a nickname for its formal names, and middle
// names may be missing.
func (p person) agrees(q person) bool {
	if p.surname != q.surname || p.generation != q.generation {
		return false
	}
	if len(p.given) == 0 || len(q.given) == 0 {
		return true
	}
	if len(p.given) > len(q.given) {
		p, q = q, p
	}
	if endsWith(q.given, p.given) {
		return true
	}
	if !sameName(p.given[0], q.given[0]) {
		return false
	}
	rest := q.given[1:]
	for _, name := range p.given[1:] {
		i := slices.IndexFunc(rest, func(other string) bool { return sameName(name, other) })
		if i < 0 {
			return false
		}
		rest = rest[i+1:]
	}
	return true
}

// endsWith says whether short, of two words or more, is the end of long: a double
// surname, as in "Zepeda Rivas" for "Angel Zepeda Rivas".
func endsWith(long, short []string) bool {
	return len(short) < len(long) && slices.Equal(long[len(long)-len(short):], short)
}

func sameName(a, b string) bool {
	if len(a) == 1 || len(b) == 1 {
		return a[0] == b[0]
	}
	return a == b || nicknameOf(a, b)
}

// maxCandidates bounds how many namesakes are compared with each other; a short
// form with more is taken for ambiguous.
const maxCandidates = 50

// linkPersons links short forms to full names: an initial or a name without
// middle names to the one fuller name it agrees with, then a bare surname to the
// one full name that has it.
func linkPersons(t document.EntityType, keys []string, links []link) {
	persons := make([]person, len(keys))
	bySurname := map[string][]int{}
	for i, k := range keys {
		persons[i] = parsePerson(k)
		bySurname[persons[i].surname] = append(bySurname[persons[i].surname], i)
	}
	for _, namesakes := range bySurname {
		// The fullest first, so that what a form may be linked to has settled.
		slices.SortFunc(namesakes, func(a, b int) int {
			return cmp.Or(
				cmp.Compare(len(persons[b].given), len(persons[a].given)),
				cmp.Compare(len(formalNames[first(persons[a].given)]), len(formalNames[first(persons[b].given)])),
				cmp.Compare(len(keys[b]), len(keys[a])),
				cmp.Compare(keys[a], keys[b]),
			)
		})
		for n, i := range namesakes {
			linkPerson(t, i, namesakes[:n], persons, links)
		}
	}
}

// linkPerson links form i to one of fuller, which are linked already. Courts name
// their judges by surname alone, so that for a judge that is nothing uncertain.
func linkPerson(t document.EntityType, i int, fuller []int, persons []person, links []link) {
	if links[i].pinned {
		return
	}
	p := persons[i]
	bare := len(p.given) == 0
	var roots []int
	for _, j := range fuller {
		root := links[j].to
		q := persons[root]
		if len(q.given) == 0 || slices.Contains(roots, root) {
			continue
		}
		if bare && (p.generation == "" || p.generation == q.generation) || p.agrees(q) {
			if roots = append(roots, root); len(roots) > maxCandidates {
				break
			}
		}
	}
	switch {
	case len(roots) == 0:
		links[i].unresolved = bare && t != document.Judge
	case len(roots) == 1:
		links[i] = link{to: roots[0], safe: !bare && safeVariant(p, persons[roots[0]])}
	default:
		links[i].unresolved = true
	}
}

func first(given []string) string {
	if len(given) == 0 {
		return ""
	}
	return given[0]
}

// safeVariant says whether p means q in other documents as well: the same first
// name, written out, and the same surname.
func safeVariant(p, q person) bool {
	return len(p.given[0]) > 1 && p.given[0] == q.given[0]
}
