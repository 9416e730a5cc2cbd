package resolve

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/caseload/caseload/document"
)

// Decision says whether two names mean one person or organisation.
type Decision string

// Decisions.
const (
	Same      Decision = "same"      // nothing but spelling, order or legal style differs
	Possible  Decision = "possible"  // one may be short for, or a misspelling of, the other: a person decides
	Different Decision = "different" // something in one contradicts the other
)

// A Name is a name as a text has it. What the text itself says of other names may
// be in it: "Jane Roe, née Doe", "Acme, LLC, f/k/a Acme Widgets, Inc.".
type Name struct {
	Text string
	Also []string // further names known to mean the same
}

// A Match is how two names compare.
type Match struct {
	Decision Decision
	Score    float64  // 0 to 1; under 0.5 if and only if Decision is Different
	Reasons  []string // what was found alike or not, in words; may hold parts of the names
}

// Compare says whether a and b can mean one PERSON, JUDGE or ORG; any other type,
// and none, is read as an organisation where a name has words of one, and as a
// person else. The order of words does not count, nor do accents, scripts,
// punctuation, titles and particles. It takes its names to be names, knows nothing
// of where they stand, and does not depend on their order. It never fails: an
// empty name is Different from all others.
func Compare(t document.EntityType, a, b Name) Match {
	as, bs := readings(a), readings(b)
	best := Match{Decision: Different, Reasons: []string{"no name"}}
	for i, x := range as {
		for j, y := range bs {
			m := compareTexts(t, x, y).match()
			if (i > 0 || j > 0) && m.Decision != Different {
				m.Reasons = append([]string{fmt.Sprintf("known by both names: %q", y)}, m.Reasons...)
			}
			if i+j == 0 || m.Score > best.Score {
				best = m
			}
		}
	}
	return best
}

func compareTexts(t document.EntityType, a, b string) *finding {
	a, b = clip(a), clip(b)
	switch {
	case t == document.Person || t == document.Judge:
		return comparePersons(t, a, b)
	case t == document.Org || looksLikeOrg(a) || looksLikeOrg(b):
		return compareOrgs(a, b)
	}
	return comparePersons(document.Person, a, b)
}

// clip bounds the work on text that is no name.
func clip(s string) string {
	const most = 300
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "")
	}
	return s
}

// otherName is what stands between a name and another name of the same.
var otherName = regexp.MustCompile(`(?i)[\s,(]+(?:(n[ée]e?|born)|formerly(?: known as)?|f/k/a|fka|f\.k\.a\.|a/k/a|aka|a\.k\.a\.|also known as|n/k/a|now known as|d/b/a|dba|d\.b\.a\.|doing business as|trading as|t/a)[\s:]+`)

// readings are the names of n: as it stands first, then others that it gives.
func readings(n Name) []string {
	var all []string
	add := func(s string) {
		if s = strings.Trim(s, " ,;()"); s != "" {
			all = append(all, s)
		}
	}
	for _, text := range append([]string{n.Text}, n.Also...) {
		marks := otherName.FindAllStringSubmatchIndex(text, -1)
		if len(marks) == 0 || marks[0][0] == 0 {
			add(text)
			continue
		}
		first := text[:marks[0][0]]
		add(first)
		for i, m := range marks {
			end := len(text)
			if i+1 < len(marks) {
				end = marks[i+1][0]
			}
			other := text[m[1]:end]
			if given := strings.Fields(first); m[2] >= 0 && len(strings.Fields(other)) == 1 && len(given) > 1 {
				other = strings.Join(given[:len(given)-1], " ") + " " + other // a maiden surname
			}
			add(other)
		}
	}
	return all
}

// finding collects what is found while two names are compared.
type finding struct {
	score        float64
	exact        bool // nothing found that makes it less than the same
	loose        bool // the order, or spelling within one script, differs
	edits        int  // letters that differ
	contradicted bool
	reasons      []string
}

// less notes something that lowers the score but leaves the names the same.
func (f *finding) less(by float64, format string, args ...any) {
	f.score -= by
	f.reasons = append(f.reasons, fmt.Sprintf(format, args...))
}

// doubt notes something that leaves the names possibly the same.
func (f *finding) doubt(by float64, format string, args ...any) {
	f.less(by, format, args...)
	f.exact = false
}

// contradict notes something that only two different names can have.
func (f *finding) contradict(format string, args ...any) {
	f.contradicted = true
	f.reasons = append(f.reasons, fmt.Sprintf(format, args...))
}

func (f *finding) match() Match {
	m := Match{Decision: Possible, Score: min(max(f.score, 0.5), 1), Reasons: f.reasons}
	switch {
	case f.contradicted:
		m.Decision, m.Score = Different, min(max(f.score-0.5, 0), 0.49)
	case f.exact:
		m.Decision = Same
		if len(f.reasons) == 0 {
			m.Reasons = []string{"equal names"}
		}
	}
	return m
}
