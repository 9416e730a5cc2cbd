package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// lookupKeys is how many entity keys one statement asks for.
const lookupKeys = 500

// entityWriter writes the entities of the records of one SaveRequest.
type entityWriter struct {
	project string
	from    int64 // the project's version before
	// lookup, if it is not nil, says what the project holds of all keys that will be
	// asked for, as of from.
	lookup  *Lookup
	known   map[EntityKey]*KnownEntity // by own keys; without aliases unless trusted, or new
	whole   map[int64]bool             // numbers of those whose aliases are known
	touched map[int64]*KnownEntity     // that are new, or have a new name or alias

	shorter func(document.EntityType, string) []string // see SaveRequest
	taught  map[int64]bool                             // numbers of those that may be joined otherwise than before
	written []*record                                  // whose mentions and relationships are still to be
}

func newEntityWriter(project string, from int64) *entityWriter {
	return &entityWriter{
		project: project, from: from,
		known: map[EntityKey]*KnownEntity{}, whole: map[int64]bool{}, touched: map[int64]*KnownEntity{}, taught: map[int64]bool{},
	}
}

// trust takes over a lookup's answer, which must be as of from.
func (w *entityWriter) trust(l *Lookup) {
	w.lookup = l
	for _, e := range l.Found {
		w.known[EntityKey{e.Type, e.Key}] = &e
		w.whole[e.N] = true
	}
}

// write makes sure that the project holds these entities, which differ in type or
// key, and their aliases. It returns the number of each.
func (w *entityWriter) write(ctx context.Context, tx bun.Tx, entities []*entityModel, aliases [][]string) ([]int64, error) {
	keys := make([]EntityKey, len(entities))
	for i, e := range entities {
		keys[i] = EntityKey{document.EntityType(e.Type), e.Key}
	}
	if w.lookup == nil {
		held, err := selectEntities(ctx, tx, w.project, keys)
		if err != nil {
			return nil, err
		}
		for _, m := range held {
			if e := w.known[EntityKey{document.EntityType(m.Type), m.Key}]; e == nil {
				w.known[EntityKey{document.EntityType(m.Type), m.Key}] = &KnownEntity{m.N, m.entity()}
			}
		}
	}
	var changed []*entityModel
	for i, e := range entities {
		if known := w.known[keys[i]]; known == nil || fuller(e.Name, known.Name) {
			changed = append(changed, e)
		}
	}
	written, err := upsertEntities(ctx, tx, changed)
	if err != nil {
		return nil, err
	}
	made := map[EntityKey]bool{}
	for _, m := range written {
		key := EntityKey{document.EntityType(m.Type), m.Key}
		e := w.known[key]
		if e == nil {
			e = &KnownEntity{N: m.N}
			w.known[key], w.whole[m.N] = e, true
			made[key] = true
			if joinable(key.Type) {
				w.taught[m.N] = true
			}
		}
		was := e.Aliases
		e.N, e.Entity = m.N, m.entity()
		e.Aliases = was
		w.touched[m.N] = e
	}
	return w.writeAliases(ctx, tx, keys, aliases, made)
}

// writeAliases writes the aliases of entities that are written, and what could be short
// for those that were made, and returns the entities' numbers.
func (w *entityWriter) writeAliases(ctx context.Context, tx bun.Tx, keys []EntityKey, aliases [][]string, made map[EntityKey]bool) ([]int64, error) {
	numbers := make([]int64, len(keys))
	owners := make(map[int64]*KnownEntity, len(keys))
	var missing []*aliasModel
	for i, key := range keys {
		e := w.known[key]
		numbers[i], owners[e.N] = e.N, e
		var asked []string
		for _, alias := range aliases[i] {
			if alias = clean(alias); alias != key.Key && !slices.Contains(e.Aliases, alias) && !slices.Contains(asked, alias) {
				asked = append(asked, alias)
				missing = append(missing, &aliasModel{Project: w.project, Type: string(key.Type), Key: alias, Entity: e.N, Seen: 1})
			}
		}
		if made[key] && w.shorter != nil && joinable(key.Type) {
			for _, short := range w.shorter(key.Type, key.Key) {
				if short = clean(short); short != key.Key && !slices.Contains(asked, short) {
					asked = append(asked, short)
					missing = append(missing, &aliasModel{Project: w.project, Type: string(key.Type), Key: short, Entity: e.N})
				}
			}
		}
	}
	slices.SortStableFunc(missing, func(a, b *aliasModel) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Key, b.Key), cmp.Compare(a.Entity, b.Entity))
	})
	for part := range slices.Chunk(missing, insertRows) {
		var written []aliasModel
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (project, type, key, entity) DO UPDATE").
			Set("seen = EXCLUDED.seen").Where("a.seen < EXCLUDED.seen").
			Returning("key, entity, seen").Exec(ctx, &written)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return nil, err
		}
		for _, a := range written {
			e := owners[a.Entity]
			if joinable(e.Type) {
				w.taught[e.N] = true
			}
			if a.Seen != 0 {
				e.Aliases = append(e.Aliases, a.Key)
				w.touched[a.Entity] = e
			}
		}
	}
	return numbers, nil
}

// connect joins what the documents that were written teach, and leaves for rest what
// they say of entities. now tells whether people
// decided on the project's.
func (w *entityWriter) connect(ctx context.Context, tx bun.Tx, now standing, rest *script) error {
	j := joiner{project: w.project, decided: now.Decision != 0}
	joined, err := j.join(ctx, tx, slices.Sorted(maps.Keys(w.taught)))
	if err != nil {
		return err
	}
	for _, rec := range w.written {
		d := decided{merged: mergeTree{}}
		if now.Decision != 0 {
			if d.pinned, err = selectPinned(ctx, tx, w.project, rec.doc.ID); err != nil {
				return err
			}
		}
		if joined || now.Merged {
			above := rec.numbers
			for _, p := range d.pinned {
				above = append(above, p.Other)
			}
			if d.merged, err = selectAbove(ctx, tx, above); err != nil {
				return err
			}
		}
		if len(d.merged)+len(d.pinned) > 0 {
			d.apply(rec)
		}
		rec.insert(tx, rest)
	}
	return nil
}

// end has rest give what was changed the project's next version, and answers what
// that was; nil if nothing changed.
//
// Versions grow in the order of commits, since one transaction at a time writes a
// project's entities, and by steps at random: should the store be set back to an
// earlier state and go on from there, it comes to none that it had before.
func (w *entityWriter) end(tx bun.Tx, rest *script) *EntityUpdate {
	if len(w.touched) == 0 {
		return nil
	}
	u := &EntityUpdate{From: w.from, Whole: true, Lookup: w.lookup}
	u.To = w.from + 1 + rand.Int64N(versionStep)
	rest.add(tx.NewRaw("INSERT INTO entity_versions (project, version) VALUES (?, ?)", w.project, u.To))
	numbers := slices.Sorted(maps.Keys(w.touched))
	for part := range slices.Chunk(numbers, lookupKeys) {
		rest.add(tx.NewUpdate().Model((*entityModel)(nil)).Set("version = ?", u.To).Where("n IN (?)", bun.List(part)))
	}
	for _, n := range numbers {
		e := *w.touched[n]
		slices.Sort(e.Aliases)
		u.Entities = append(u.Entities, e)
		u.Whole = u.Whole && w.whole[n]
	}
	return u
}

const versionStep = 1 << 20

// EntityUpdate is what a SaveResult changed in the project's entities.
type EntityUpdate struct {
	From, To int64 // the project's versions of entities before and after
	Entities []KnownEntity
	// Whole says whether the aliases of all Entities are known.
	Whole bool
	// Lookup is what Entities follow from, as of From; nil if they were not looked up
	// by who saved.
	Lookup *Lookup
}

// fuller says whether an entity called b is better called a. It gives the same
// in upsertEntities' SQL.
func fuller(a, b string) bool {
	return cmp.Or(cmp.Compare(utf8.RuneCountInString(a), utf8.RuneCountInString(b)), cmp.Compare(a, b)) > 0
}

// compareFullness orders keys by which would be the entity and which short for it: more
// words, then the longer, then the first in the alphabet. document/resolve orders the
// names of one document so as well, where one is short for the other in any document.
func compareFullness(a, b string) int {
	return cmp.Or(
		cmp.Compare(strings.Count(a, " "), strings.Count(b, " ")),
		cmp.Compare(len(a), len(b)),
		cmp.Compare(b, a),
	)
}

// upsertEntities writes entities, in the order of their keys, so that two
// transactions do not wait for each other, and answers how they are now.
func upsertEntities(ctx context.Context, tx bun.Tx, entities []*entityModel) ([]entityModel, error) {
	slices.SortFunc(entities, func(a, b *entityModel) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Key, b.Key)) })
	var all []entityModel
	for part := range slices.Chunk(entities, insertRows) {
		var written []entityModel
		_, err := tx.NewInsert().Model(&part).On("CONFLICT (project, type, key) DO UPDATE").
			Set("name = CASE WHEN length(EXCLUDED.name) > length(e.name) OR "+
				"(length(EXCLUDED.name) = length(e.name) AND EXCLUDED.name > e.name) THEN EXCLUDED.name ELSE e.name END").
			Returning("n, id, type, key, name").Exec(ctx, &written)
		if err != nil {
			return nil, err
		}
		all = append(all, written...)
	}
	return all, nil
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
