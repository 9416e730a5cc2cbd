package model

import (
	"cmp"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
)

// maxEvidence is the longest passage, in bytes, that shows a relationship from one
// name to the other. Where they stand further apart it is the first name's place.
const maxEvidence = 600

// Claim is a relationship between two mentions, by their indices, that a model found.
type Claim struct {
	Type       document.RelationType
	From, To   int
	Evidence   document.Span
	Confidence float64
}

// Normal is the normal form of text as a mention of type t, "" if the rules know
// none.
type Normal func(t document.EntityType, text string) string

// named are the types whose normal form may be the name as it stands. Those of dates,
// amounts and the like are codes, and what has none is no mention.
var named = map[document.EntityType]bool{
	document.Person: true, document.Org: true, document.Court: true, document.Judge: true, document.Location: true,
	document.CaseCitation: true, document.Statute: true, document.DocketNumber: true,
}

// Merge adds what a model found to the mentions that the rules found in text, which
// are in order and do not overlap, as those that result. The rules win: a
// model's mention that overlaps one of theirs is that one. left counts what the rules
// leave no room for: mentions that have no normal form, or overlap several of theirs,
// and relationships whose ends are not of types that they may join. At most room
// mentions are added, the first of the text; more says that there were others.
func (r *Reading) Merge(text string, rules []document.Mention, room int, normal Normal) (all []document.Mention, claims []Claim, left Dropped, more bool) {
	type origin struct {
		rule  bool
		index int
	}
	var order []origin
	for i := range rules {
		order = append(order, origin{true, i})
	}
	meant := make([]origin, len(r.Mentions)) // which mention each of the model's is
	var added []document.Mention
	end := 0 // of the model's mentions that were added
	for i, m := range r.Mentions {
		meant[i].index = -1
		switch j, overlapping := overlapped(rules, m.Span); {
		case overlapping == 1:
			meant[i] = origin{true, j}
			continue
		case overlapping > 1, m.Start < end, m.End > len(text):
			left.Mentions++
			continue
		}
		quote := text[m.Start:m.End]
		value := normal(m.Type, quote)
		if value == "" && named[m.Type] {
			value = strings.Join(strings.Fields(quote), " ")
		}
		if value == "" {
			left.Mentions++
			continue
		}
		if len(added) >= room {
			more = true
			left.Mentions++
			continue
		}
		end = m.End
		meant[i] = origin{false, len(added)}
		order = append(order, meant[i])
		added = append(added, document.Mention{
			Type: m.Type, Span: m.Span, Text: quote, Normalized: value, Confidence: min(m.Confidence, MaxConfidence), Source: document.SourceModel,
		})
	}
	of := func(o origin) document.Mention {
		if o.rule {
			return rules[o.index]
		}
		return added[o.index]
	}
	slices.SortStableFunc(order, func(a, b origin) int { return cmp.Compare(of(a).Start, of(b).Start) })
	place := make(map[origin]int, len(order))
	all = make([]document.Mention, len(order))
	for i, o := range order {
		all[i], place[o] = of(o), i
	}
	for _, rel := range r.Relations {
		from, okFrom := place[meant[rel.From]]
		to, okTo := place[meant[rel.To]]
		if !okFrom || !okTo || from == to || !joins(rel.Type, all[from].Type, all[to].Type) {
			left.Relations++
			continue
		}
		claims = append(claims, Claim{
			Type: rel.Type, From: from, To: to, Evidence: evidence(all[from].Span, all[to].Span), Confidence: min(rel.Confidence, MaxConfidence),
		})
	}
	return all, claims, left, more
}

// overlapped counts the mentions that overlap s, and answers the first.
func overlapped(mentions []document.Mention, s document.Span) (first, n int) {
	first, _ = slices.BinarySearchFunc(mentions, s.Start, func(m document.Mention, start int) int { return cmp.Compare(m.End, start+1) })
	for i := first; i < len(mentions) && mentions[i].Start < s.End; i++ {
		n++
	}
	return first, n
}

// evidence is the passage from one mention to the other.
func evidence(a, b document.Span) document.Span {
	s := document.Span{Start: min(a.Start, b.Start), End: max(a.End, b.End)}
	if s.Len() > maxEvidence {
		return a
	}
	return s
}

// Relate adds claims to relationships, which are sorted and have one of a type between
// two entities: those that the rules did not find. mentions are resolved. That two
// names only stand together is left out where a claim says how they are related.
func Relate(rules []document.Relationship, mentions []document.Mention, claims []Claim) []document.Relationship {
	type link struct {
		t        document.RelationType
		from, to string
	}
	byLink := map[link]int{}
	out := slices.Clone(rules)
	for i, r := range out {
		byLink[link{r.Type, r.From, r.To}] = i
	}
	related := map[[2]string]bool{}
	for _, c := range claims {
		from, to := mentions[c.From].Entity, mentions[c.To].Entity
		if from == "" || to == "" || from == to {
			continue
		}
		rel := document.Relationship{Type: c.Type, From: from, To: to, Evidence: c.Evidence, Confidence: c.Confidence, Source: document.SourceModel}
		related[[2]string{min(from, to), max(from, to)}] = true
		i, ok := byLink[link{c.Type, from, to}]
		switch {
		case !ok:
			byLink[link{c.Type, from, to}] = len(out)
			out = append(out, rel)
		case out[i].Source == document.SourceModel && rel.Confidence > out[i].Confidence:
			out[i] = rel
		}
	}
	out = slices.DeleteFunc(out, func(r document.Relationship) bool {
		return r.Type == document.CoOccurs && related[[2]string{min(r.From, r.To), max(r.From, r.To)}]
	})
	slices.SortFunc(out, func(a, b document.Relationship) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	return out
}
