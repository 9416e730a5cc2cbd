package resolve

import (
	"cmp"
	"slices"

	"github.com/caseload/caseload/document"
)

// linkSpellings links keys that Compare finds to be one name written in another
// way: in another script, with or without particles, a legal form written out
// otherwise. What may be two names (a spelling, the order of words) stays two. Keys
// that are linked already stay as they are.
func linkSpellings(t document.EntityType, keys []string, links []link) {
	blocks := map[string][]int{}
	for i, k := range keys {
		if links[i].to == i && !links[i].unresolved && !links[i].pinned {
			if b := block(t, k); b != "" {
				blocks[b] = append(blocks[b], i)
			}
		}
	}
	for _, b := range blocks {
		if len(b) > 1 && len(b) <= maxCandidates {
			linkBlock(t, b, keys, links)
		}
	}
}

// block is what all spellings of a name share: the first of its words' consonants
// in the order of the alphabet.
func block(t document.EntityType, key string) string {
	var w []word
	if t == document.Org {
		w, _ = orgName(clip(key))
		w = withoutFillers(w)
	} else {
		w, _ = personWords(t, clip(key))
		w = telling(w)
	}
	if len(w) < 2 && t != document.Org {
		return "" // a surname alone is no full name
	}
	least := ""
	for _, x := range w {
		if s := cmp.Or(x.skeleton, x.sound); least == "" || s < least {
			least = s
		}
	}
	return least
}

// linkBlock links keys of one block: each to the one that it is a spelling of,
// Latin before other scripts, the longer before the shorter.
func linkBlock(t document.EntityType, members []int, keys []string, links []link) {
	slices.SortFunc(members, func(a, b int) int {
		return cmp.Or(cmp.Compare(scriptOf(keys[a]), scriptOf(keys[b])), cmp.Compare(len(keys[b]), len(keys[a])), cmp.Compare(keys[a], keys[b]))
	})
	to := map[int]int{}
	for n, i := range members {
		var roots []int
		for _, j := range members[:n] {
			if _, linked := to[j]; linked {
				continue
			}
			if f := compareTexts(t, keys[i], keys[j]); f.exact && !f.contradicted && !f.loose {
				roots = append(roots, j)
			}
		}
		if len(roots) == 1 {
			to[i] = roots[0]
		}
	}
	if len(to) == 0 {
		return
	}
	for i := range links {
		if root, ok := to[links[i].to]; ok {
			links[i].to = root
			links[i].safe = false
		}
	}
}
