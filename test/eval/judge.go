package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/caseload/caseload/document"
)

// A judged document says how much of what was to be found in it was.
type judged struct {
	by       map[string]tally // by type, role or relationship
	failures []failure
	clusters clusters
}

// A tally counts answers.
type tally struct{ correct, wrong, missed int }

type failure struct {
	line int // of the labelled file
	what string
}

func (j *judged) count(key string, correct, wrong, missed int) {
	if j.by == nil {
		j.by = map[string]tally{}
	}
	t := j.by[key]
	j.by[key] = tally{t.correct + correct, t.wrong + wrong, t.missed + missed}
}

func (j *judged) fail(line int, format string, args ...any) {
	j.failures = append(j.failures, failure{line, fmt.Sprintf(format, args...)})
}

// judgeMentions judges every mention by its span and type, typed values by their
// normal form too. What follows a name as punctuation is not compared.
func judgeMentions(d labelled, got reading) judged {
	type place struct {
		span document.Span
		kind string
	}
	var j judged
	chars, spans := d.packed()
	want := map[place]labelledMention{}
	for i, m := range d.mentions {
		want[place{spans[i], d.entities[m.entity].kind}] = m
	}
	for _, m := range got.mentions {
		p := place{m.span, m.kind}
		w, ok := want[p]
		if ok && sameValue(m.kind, d.entities[w.entity].values, m.value) {
			delete(want, p)
			j.count(m.kind, 1, 0, 0)
			continue
		}
		j.count(m.kind, 0, 1, 0)
		if ok {
			j.fail(w.line, "wrong %s %q, want %q", m.kind, m.value, d.entities[w.entity].values)
		} else {
			j.fail(d.lineOf(m.span, spans), "wrong %s %q", m.kind, string(chars[m.span.Start:m.span.End]))
		}
	}
	for p, m := range want {
		j.count(p.kind, 0, 0, 1)
		j.fail(m.line, "missed %s %q", p.kind, d.text[m.start:m.end])
	}
	j.sort()
	return j
}

// judgeRoles judges the pairs of an entity and a role.
func judgeRoles(d labelled, got reading) judged {
	type pair struct{ entity, role string }
	stands := d.standsFor(got)
	var want, found []pair
	for _, e := range d.entities {
		for _, role := range e.roles {
			want = append(want, pair{e.id, role})
		}
	}
	for _, m := range got.mentions {
		for _, role := range m.roles {
			// Who wrote an opinion, which number is a document's own: roles that labels
			// do not tell, of types that have none of theirs.
			if roleLabels[role] == "" && isOneOf(m.kind, "JUDGE COURT DOCKET_NUMBER") {
				continue
			}
			found = append(found, pair{cmp.Or(stands[m.entity], m.entity), role})
		}
	}
	return compare(want, found, func(p pair) string { return p.role }, func(p pair) (int, string) {
		return d.line(p.entity), p.role + " " + d.describe(p.entity, got)
	})
}

// judgeRelations judges triples of a kind and two entities.
func judgeRelations(d labelled, got reading) judged {
	stands := d.standsFor(got)
	var found []relation
	for _, r := range got.relations {
		found = append(found, undirected(relation{r.kind, cmp.Or(stands[r.from], r.from), cmp.Or(stands[r.to], r.to)}))
	}
	return compare(d.relations, found, func(r relation) string { return r.kind }, func(r relation) (int, string) {
		return cmp.Or(d.line(r.from), d.line(r.to)), fmt.Sprintf("%s %s %s", d.describe(r.from, got), r.kind, d.describe(r.to, got))
	})
}

// compare judges what was found by what was wanted, each once.
func compare[T comparable](want, found []T, key func(T) string, describe func(T) (int, string)) judged {
	var j judged
	wanted, seen := map[T]bool{}, map[T]bool{}
	for _, w := range want {
		wanted[w] = true
	}
	for _, f := range found {
		if seen[f] {
			continue
		}
		seen[f] = true
		if wanted[f] {
			j.count(key(f), 1, 0, 0)
			continue
		}
		j.count(key(f), 0, 1, 0)
		line, what := describe(f)
		j.fail(line, "wrong %s", what)
	}
	for w := range wanted {
		if !seen[w] {
			j.count(key(w), 0, 0, 1)
			line, what := describe(w)
			j.fail(line, "missed %s", what)
		}
	}
	j.sort()
	return j
}

func (j *judged) sort() {
	slices.SortFunc(j.failures, func(x, y failure) int { return cmp.Or(cmp.Compare(x.line, y.line), cmp.Compare(x.what, y.what)) })
}

// standsFor says for which labelled entity each found one stands: the one with
// whose mentions most of its own coincide, by an overlap at least. One that
// coincides with none stands for none.
func (d labelled) standsFor(got reading) map[string]string {
	_, spans := d.packed()
	votes := map[string]map[string]int{}
	for _, m := range got.mentions {
		if i := nearest(spans, m.span); i >= 0 {
			if votes[m.entity] == nil {
				votes[m.entity] = map[string]int{}
			}
			votes[m.entity][d.mentions[i].entity]++
		}
	}
	stands := map[string]string{}
	for entity, of := range votes {
		for id, n := range of {
			if best := stands[entity]; best == "" || n > of[best] || n == of[best] && id < best {
				stands[entity] = id
			}
		}
	}
	return stands
}

// nearest is the span that shares most with s, -1 if none shares anything.
func nearest(spans []document.Span, s document.Span) int {
	best, most := -1, 0
	for i, t := range spans {
		if shared := min(s.End, t.End) - max(s.Start, t.Start); shared > most {
			best, most = i, shared
		}
	}
	return best
}

// packed are the characters of the text that are no spaces, and where in them the
// mentions are.
func (d labelled) packed() ([]rune, []document.Span) {
	chars, at := packed(d.text)
	index := document.NewIndex(d.text)
	spans := make([]document.Span, len(d.mentions))
	for i, m := range d.mentions {
		spans[i] = trimmed(chars, document.Span{Start: at[index.At(m.start)], End: at[index.At(m.end)]})
	}
	return chars, spans
}

// packed are the characters of text that are no spaces, and for each character of
// text, and its end, how many of those come before it.
func packed(text string) ([]rune, []int) {
	var chars []rune
	var at []int
	for _, r := range text {
		at = append(at, len(chars))
		if !unicode.IsSpace(r) {
			chars = append(chars, r)
		}
	}
	return chars, append(at, len(chars))
}

// trimmed is s without punctuation at its end.
func trimmed(chars []rune, s document.Span) document.Span {
	for s.End > s.Start && unicode.IsPunct(chars[s.End-1]) {
		s.End--
	}
	return s
}

// sameValue says whether a typed value is one of those wanted; of names only the
// span counts. Spaces, full stops, section signs and case are spelling of citations.
func sameValue(kind string, want []string, got string) bool {
	switch kind {
	case "PERSON", "ORG", "COURT", "JUDGE", "LOCATION":
		return true
	case "MONEY":
		return slices.ContainsFunc(want, func(w string) bool { return sameAmount(w, got) })
	case "CASE_CITATION", "STATUTE":
		plain := strings.NewReplacer(" ", "", ".", "", "§", "")
		return slices.ContainsFunc(want, func(w string) bool { return strings.EqualFold(plain.Replace(w), plain.Replace(got)) })
	}
	return slices.ContainsFunc(want, func(w string) bool { return strings.EqualFold(w, got) })
}

func sameAmount(want, got string) bool {
	wantCurrency, wantAmount, _ := strings.Cut(want, " ")
	currency, amount, _ := strings.Cut(got, " ")
	x, errX := strconv.ParseFloat(wantAmount, 64)
	y, errY := strconv.ParseFloat(amount, 64)
	return wantCurrency == currency && errX == nil && errY == nil && x == y
}

// line is where the entity is first mentioned, 0 if it is none of d's.
func (d labelled) line(id string) int {
	if e := d.entities[id]; e != nil {
		return e.line
	}
	return 0
}

// lineOf is the line of the last mention that begins before s.
func (d labelled) lineOf(s document.Span, spans []document.Span) int {
	line := 0
	for i, m := range d.mentions {
		if spans[i].Start <= s.Start {
			line = m.line
		}
	}
	return line
}

// describe says for people which entity is meant, a labelled or a found one.
func (d labelled) describe(id string, got reading) string {
	if e := d.entities[id]; e != nil {
		return fmt.Sprintf("%s %q", e.kind, e.values[0])
	}
	for _, m := range got.mentions {
		if m.entity == id {
			return fmt.Sprintf("%s %q (not labelled)", m.kind, m.value)
		}
	}
	return id
}
