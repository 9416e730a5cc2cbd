package relate

import (
	"cmp"
	"slices"

	"github.com/caseload/caseload/document"
)

// coOccurring are the types whose entities co-occur. Places, dates, amounts and
// the like are named beside everything, so that it says little.
var coOccurring = map[document.EntityType]bool{
	document.Person: true, document.Org: true, document.Court: true, document.Judge: true, document.DocketNumber: true,
}

// neighbours is how many of the names that follow in its chunk a name is paired
// with. It keeps the work linear in the mentions; what is further off would
// hardly be among the nearest pairs.
const neighbours = 16

// pair is two mentions in one chunk, by their indices.
type pair struct {
	a, b int32
	gap  int32 // bytes between them
}

// findCoOccurrences relates each two entities of one chunk that nothing else
// relates, the nearest pairs first up to the limit.
func (r *reader) findCoOccurrences() {
	limit := cmp.Or(r.limits.CoOccurrences, DefaultCoOccurrences)
	related := map[[2]string]bool{}
	for k := range r.found {
		related[ends(k.from, k.to)] = true
	}
	named := r.named()
	for _, p := range pairs(named, r.chunks) {
		if limit <= 0 {
			return
		}
		a, b := named[p.a], named[p.b]
		e := ends(a.Entity, b.Entity)
		if related[e] {
			continue
		}
		related[e] = true
		limit--
		r.add(document.CoOccurs, e[0], e[1], cover(a.Span, b.Span), nearness(int(p.gap))*min(a.Confidence, b.Confidence))
	}
}

// ends are two entities in order.
func ends(a, b string) [2]string { return [2]string{min(a, b), max(a, b)} }

// named are the mentions that can co-occur, without those within others.
func (r *reader) named() []document.Mention {
	var out []document.Mention
	end := 0
	for _, m := range r.mentions {
		if coOccurring[m.Type] && m.Start >= end {
			out = append(out, m)
			end = m.End
		}
	}
	return out
}

// pairs are the pairs of neighbours that lie in one of chunks, nearest first,
// then in the order of the text.
func pairs(named []document.Mention, chunks []document.Chunk) []pair {
	var out []pair
	paired := make([]int, len(named)) // the index after the last neighbour paired with
	for _, c := range chunks {
		from, _ := slices.BinarySearchFunc(named, c.Start, func(m document.Mention, at int) int { return cmp.Compare(m.Start, at) })
		for i := from; i < len(named) && named[i].Start < c.End; i++ {
			j := max(i+1, paired[i]) // chunks overlap
			for ; j <= i+neighbours && j < len(named) && named[j].End <= c.End; j++ {
				if named[i].Entity != named[j].Entity {
					out = append(out, pair{int32(i), int32(j), int32(named[j].Start - named[i].End)})
				}
			}
			paired[i] = j
		}
	}
	slices.SortFunc(out, func(x, y pair) int {
		return cmp.Or(cmp.Compare(x.gap, y.gap), cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	return out
}

// nearness is the confidence that two names gap bytes apart have to do with each
// other: 0.5 side by side, falling towards 0.1, half of the way at 100 bytes.
func nearness(gap int) float64 { return 0.1 + 0.4/(1+float64(gap)/100) }
