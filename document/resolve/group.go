package resolve

import (
	"cmp"
	"slices"

	"github.com/caseload/caseload/document"
)

// entityGroup is the mentions of one document that mean one entity.
type entityGroup struct {
	key        Key      // of the fullest form
	name       string   // the best form of the fullest key
	variants   []string // the keys of other full forms, safe as aliases; sorted
	unresolved bool     // a short form without, or with too many, full names
}

// form is a key with the best name that was seen for it.
type form struct {
	key  Key
	name string
}

// group divides mentions into groups and says which group each is in. Groups are
// ordered by key.
func group(mentions []document.Mention, pinned map[Key]bool) ([]*entityGroup, []int) {
	formOf := make([]int, len(mentions))
	index := map[Key]int{}
	var forms []form
	for i, m := range mentions {
		k := Key{m.Type, KeyOf(m)}
		f, ok := index[k]
		if !ok {
			f = len(forms)
			index[k] = f
			forms = append(forms, form{key: k})
		}
		formOf[i] = f
		for _, n := range names(m) {
			if KeyOf(document.Mention{Type: m.Type, Text: n}) == k.Key && compareNames(m.Type, n, forms[f].name) > 0 {
				forms[f].name = n
			}
		}
	}
	for f := range forms {
		if forms[f].name == "" {
			forms[f].name = forms[f].key.Key
		}
	}

	order := make([]int, len(forms))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return compareKeys(forms[a].key, forms[b].key) })
	sorted := make([]form, len(forms))
	place := make([]int, len(forms))
	for i, f := range order {
		sorted[i], place[f] = forms[f], i
	}

	groups, groupOfForm := groupForms(sorted, pinned)
	groupOf := make([]int, len(mentions))
	for i, f := range formOf {
		groupOf[i] = groupOfForm[place[f]]
	}
	return groups, groupOf
}

// link says what a form means besides itself.
type link struct {
	to         int  // the form it is short for, or itself
	safe       bool // its key may be an alias beyond the document
	unresolved bool
	pinned     bool // it means itself
}

// groupForms groups forms, which are sorted by key, following what is short for
// what.
func groupForms(forms []form, pinned map[Key]bool) ([]*entityGroup, []int) {
	links := make([]link, len(forms))
	for start := 0; start < len(forms); {
		end := start
		for end < len(forms) && forms[end].key.Type == forms[start].key.Type {
			end++
		}
		linkForms(forms[start:end], links[start:end], pinned)
		for i := start; i < end; i++ {
			links[i].to += start
		}
		start = end
	}

	groupOf := make([]int, len(forms))
	var groups []*entityGroup
	for i, l := range links {
		if l.to == i {
			groupOf[i] = len(groups)
			groups = append(groups, &entityGroup{key: forms[i].key, name: forms[i].name, unresolved: l.unresolved})
		}
	}
	for i, l := range links {
		if l.to == i {
			continue
		}
		groupOf[i] = groupOf[l.to]
		if l.safe {
			g := groups[groupOf[i]]
			g.variants = append(g.variants, forms[i].key.Key)
		}
	}
	return groups, groupOf
}

// linkForms fills in links, with indices into forms, which are of one type.
func linkForms(forms []form, links []link, pinned map[Key]bool) {
	for i := range links {
		links[i] = link{to: i, pinned: pinned[forms[i].key]}
	}
	keys := make([]string, len(forms))
	for i, f := range forms {
		keys[i] = f.key.Key
	}
	switch t := forms[0].key.Type; t {
	case document.Person, document.Judge:
		linkPersons(t, keys, links)
		linkSpellings(t, keys, links)
	case document.Org:
		linkStems(keys, links, orgStem, true)
		linkSpellings(t, keys, links)
	case document.DocketNumber:
		linkStems(keys, links, docketStem, false)
	}
}

// linkStems links each key that is only a stem to the one longer key with that
// stem, if there is one. stem(k) is k itself for a key that is only a stem.
func linkStems(keys []string, links []link, stem func(string) string, safe bool) {
	full := map[string][]int{}
	for i, k := range keys {
		if s := stem(k); s != k {
			full[s] = append(full[s], i)
		}
	}
	for i, k := range keys {
		if stem(k) != k || links[i].pinned {
			continue
		}
		switch candidates := full[k]; len(candidates) {
		case 0:
		case 1:
			links[i] = link{to: candidates[0], safe: safe}
		default:
			links[i].unresolved = true
		}
	}
}

// entity is the group's entity, with what the project knows of it.
func (g *entityGroup) entity(project string, held map[Key]document.Entity) document.Entity {
	own := document.Entity{
		ID:      EntityID(project, g.key.Type, g.key.Key),
		Type:    g.key.Type,
		Key:     g.key.Key,
		Name:    g.name,
		Aliases: g.variants,
	}
	if e, ok := held[g.key]; ok && e.Key == g.key.Key {
		return Merge(e, own)
	}
	return Merge(own, own)
}

// compareNames orders names by how well they show an entity: more words of the
// key, then mixed case, then length, then the alphabet.
func compareNames(t document.EntityType, a, b string) int {
	if a == b {
		return 0
	}
	return cmp.Or(
		cmp.Compare(fullness(t, a), fullness(t, b)),
		cmp.Compare(caseRank(a), caseRank(b)),
		cmp.Compare(len(a), len(b)),
		cmp.Compare(b, a),
	)
}
