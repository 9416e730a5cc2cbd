package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/resolve"
	"github.com/caseload/caseload/store"
)

// possible is an entity that may be the same as another.
type possible struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Documents int      `json:"documents"`
	Score     float64  `json:"score"` // as resolve.Compare's
	Reasons   []string `json:"reasons,omitempty"`
}

// mostCompared bounds how many names an entity's is compared with.
const mostCompared = 1000

// possibleEntities are those of the project whose names may mean the same as e's, the
// likeliest first: people with a word of its name's end in common, organisations with
// the first.
func possibleEntities(ctx context.Context, st *store.Store, project string, e store.EntityDetail, limit int) ([]possible, error) {
	list := []possible{}
	words := strings.Fields(e.Key)
	if len(words) == 0 || e.MergedInto != "" {
		return list, nil
	}
	like := words[0]
	switch e.Type {
	case document.Person, document.Judge:
		for like = words[len(words)-1]; len(words) > 1 && slices.Contains([]string{"jr", "sr", "ii", "iii", "iv"}, like); like = words[len(words)-1] {
			words = words[:len(words)-1]
		}
	case document.Org:
	default:
		return list, nil
	}
	found, err := st.EntitiesLike(ctx, store.EntityFilter{Project: project, Type: e.Type, Limit: mostCompared}, like)
	if err != nil {
		return nil, err
	}
	for _, o := range found {
		if o.ID == e.ID {
			continue
		}
		m := resolve.Compare(e.Type, resolve.Name{Text: e.Key}, resolve.Name{Text: o.Key})
		if m.Decision != resolve.Different {
			list = append(list, possible{o.ID, o.Name, o.Documents, m.Score, m.Reasons})
		}
	}
	slices.SortFunc(list, func(a, b possible) int { return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.ID, b.ID)) })
	if limit > 0 && len(list) > limit {
		list = list[:limit]
	}
	return list, nil
}
