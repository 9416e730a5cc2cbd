package store

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// lookupKeys is how many entity keys one statement asks for.
const lookupKeys = 500

// writeEntities makes sure that the project holds these entities, which differ in
// type or key, and their aliases. It returns the number of each.
func writeEntities(ctx context.Context, tx bun.Tx, project string, entities []*entityModel, aliases [][]string) ([]int64, error) {
	keys := make([]EntityKey, len(entities))
	for i, e := range entities {
		keys[i] = EntityKey{document.EntityType(e.Type), e.Key}
	}
	numbers := make(map[EntityKey]int64, len(entities))
	names := make(map[EntityKey]string, len(entities))
	held, err := selectEntities(ctx, tx, project, keys)
	if err != nil {
		return nil, err
	}
	for _, e := range held {
		key := EntityKey{document.EntityType(e.Type), e.Key}
		numbers[key], names[key] = e.N, e.Name
	}
	var changed []*entityModel
	for i, e := range entities {
		if name, ok := names[keys[i]]; !ok || fuller(e.Name, name) {
			changed = append(changed, e)
		}
	}
	if err := upsertEntities(ctx, tx, changed, numbers); err != nil {
		return nil, err
	}
	out := make([]int64, len(entities))
	var known []*aliasModel
	for i, e := range entities {
		out[i] = numbers[keys[i]]
		for _, alias := range aliases[i] {
			known = append(known, &aliasModel{Project: project, Type: e.Type, Key: clean(alias), Entity: out[i]})
		}
	}
	slices.SortStableFunc(known, func(a, b *aliasModel) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Key, b.Key)) })
	for part := range slices.Chunk(known, insertRows) {
		if _, err := tx.NewInsert().Model(&part).On("CONFLICT (project, type, key) DO NOTHING").Exec(ctx); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fuller says whether an entity called b is better called a. It gives the same
// in upsertEntities' SQL.
func fuller(a, b string) bool {
	return cmp.Or(cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b)), cmp.Compare(a, b)) > 0
}

// upsertEntities writes entities, in the order of their keys, so that two
// transactions do not wait for each other, and notes their numbers.
func upsertEntities(ctx context.Context, tx bun.Tx, entities []*entityModel, numbers map[EntityKey]int64) error {
	slices.SortFunc(entities, func(a, b *entityModel) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Key, b.Key)) })
	for part := range slices.Chunk(entities, insertRows) {
		var written []entityModel
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (project, type, key) DO UPDATE").
			Set("name = CASE WHEN length(EXCLUDED.name) > length(e.name) OR "+
				"(length(EXCLUDED.name) = length(e.name) AND EXCLUDED.name > e.name) THEN EXCLUDED.name ELSE e.name END").
			Returning("n, type, key").Exec(ctx, &written)
		if err != nil {
			return err
		}
		for _, e := range written {
			numbers[EntityKey{document.EntityType(e.Type), e.Key}] = e.N
		}
	}
	return nil
}

// selectEntities are the project's entities that have these keys as their own.
func selectEntities(ctx context.Context, db bun.IDB, project string, keys []EntityKey) ([]entityModel, error) {
	var all []entityModel
	for typ, part := range byType(keys) {
		var found []entityModel
		err := db.NewSelect().Model(&found).
			Where("project = ?", project).Where("type = ?", typ).Where("key IN (?)", bun.List(part)).Scan(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// byType divides keys into lists of one type, short enough for one statement:
// SQLite uses no index for a list of pairs.
func byType(keys []EntityKey) iter.Seq2[string, []string] {
	lists := map[document.EntityType][]string{}
	for _, k := range keys {
		lists[k.Type] = append(lists[k.Type], clean(k.Key))
	}
	return func(yield func(string, []string) bool) {
		for _, typ := range slices.Sorted(maps.Keys(lists)) {
			for part := range slices.Chunk(lists[typ], lookupKeys) {
				if !yield(string(typ), part) {
					return
				}
			}
		}
	}
}
