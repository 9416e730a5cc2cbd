package store

import (
	"context"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// LookupRequest asks which entities of a project hold keys.
type LookupRequest struct {
	Project   string
	Keys      []EntityKey
	Versioned bool // whether the answer's version is wanted
}

// Lookup is which entities of a project have the keys that were asked for as their own.
// A key that none has is not in Found.
type Lookup struct {
	// Version is the project's version of entities that the answer is of, or an
	// earlier one if not all of it is of one version. 0 if it was not asked for.
	Version int64
	Newest  int64 // the latest version that some of it is of
	Asked   []EntityKey
	Found   map[EntityKey]KnownEntity
	// Checked has SaveResult make sure that the answer still holds. One that a cache
	// gave, in whole or in part, must be.
	Checked bool
}

// KnownEntity is an entity with the number that the store knows it by.
type KnownEntity struct {
	N int64
	document.Entity
}

// With is both answers in one.
func (l Lookup) With(other Lookup) Lookup {
	if len(l.Asked) == 0 {
		return other
	}
	if len(other.Asked) == 0 {
		return l
	}
	out := Lookup{Version: min(l.Version, other.Version), Newest: max(l.Newest, other.Newest), Asked: slices.Concat(l.Asked, other.Asked), Checked: l.Checked || other.Checked}
	out.Found = make(map[EntityKey]KnownEntity, len(l.Found)+len(other.Found))
	maps.Copy(out.Found, l.Found)
	maps.Copy(out.Found, other.Found)
	return out
}

// Lookup answers from the store.
func (s *Store) Lookup(ctx context.Context, req LookupRequest) (Lookup, error) {
	l := Lookup{Asked: req.Keys, Found: make(map[EntityKey]KnownEntity, len(req.Keys))}
	err := s.view(ctx, "look up entities", func(ctx context.Context, tx bun.Tx) error {
		var err error
		if req.Versioned {
			if l.Version, err = entityVersion(ctx, tx, req.Project); err != nil {
				return err
			}
			l.Newest = l.Version
		}
		own, err := selectEntities(ctx, tx, req.Project, req.Keys)
		if err != nil {
			return err
		}
		aliases, err := selectAliases(ctx, tx, own)
		if err != nil {
			return err
		}
		for _, m := range own {
			e := KnownEntity{m.N, m.entity()}
			e.Aliases = aliases[m.N]
			l.Found[EntityKey{e.Type, e.Key}] = e
		}
		return nil
	})
	return l, err
}

// LookupEntities is what Lookup finds.
func (s *Store) LookupEntities(ctx context.Context, project string, keys []EntityKey) (map[EntityKey]document.Entity, error) {
	l, err := s.Lookup(ctx, LookupRequest{Project: project, Keys: keys})
	if err != nil {
		return nil, err
	}
	found := make(map[EntityKey]document.Entity, len(l.Found))
	for k, e := range l.Found {
		found[k] = e.Entity
	}
	return found, nil
}

// versionOf is, in SQL, the version of the entities of project ?.
const versionOf = "coalesce((SELECT max(version) FROM entity_versions WHERE project = ?), 0)"

// entityVersion is the version of a project's entities; 0 for one without any.
func entityVersion(ctx context.Context, db bun.IDB, project string) (v int64, err error) {
	err = db.NewRaw("SELECT "+versionOf, project).Scan(ctx, &v)
	return v, err
}

// EntityChanges are the entities of a project that changed since a version.
type EntityChanges struct {
	// Version is the project's now.
	Version int64
	// Known says whether the project ever had the version asked for: a store that was
	// set back to an earlier state did not, and a copy of that version is to be thrown
	// away.
	Known    bool
	Entities []KnownEntity
}

// EntityChanges lists what changed after a version, at most limit entities; more
// than that is as if the version were not known. 0 as the version lists all.
func (s *Store) EntityChanges(ctx context.Context, project string, since int64, limit int) (EntityChanges, error) {
	const what = "list changed entities"
	var c EntityChanges
	rows, err := changedRows(ctx, s.read, project, since, limit+1)
	if err != nil {
		return c, s.failed(ctx, what, err)
	}
	if len(rows) == 0 {
		c.Version, err = entityVersion(ctx, s.read, project)
		c.Known = c.Version == since
		return c, s.failed(ctx, what, err)
	}
	c.Version = rows[len(rows)-1].Version // what changed last has it
	list := statesOf(rows)
	if c.Known = rows[0].Base && len(list) <= limit; c.Known {
		c.Entities = list
	}
	return c, nil
}

// changedRow is an entity with one of its aliases.
type changedRow struct {
	entityModel `bun:",extend"`

	Alias   *string `bun:"alias"`
	Version int64   `bun:"version"`
	Base    bool    `bun:"base"`
}

// changedSince lists the entities that changed after a version, if there are any.
// base says whether the project had that version: then there are, unless it is the
// latest.
func changedSince(ctx context.Context, db bun.IDB, project string, since int64, limit int) (list []KnownEntity, base bool, err error) {
	rows, err := changedRows(ctx, db, project, since, limit)
	return statesOf(rows), len(rows) > 0 && rows[0].Base, err
}

// changedRows lists them by their version, with their aliases.
func changedRows(ctx context.Context, db bun.IDB, project string, since int64, limit int) (rows []changedRow, err error) {
	err = db.NewRaw(`WITH e AS (SELECT * FROM entities WHERE project = ?0 AND version > ?1 ORDER BY version, n LIMIT ?2)
		SELECT e.n, e.id, e.type, e.key, e.name, e.version, a.key AS alias,
			?1 <= 0 OR EXISTS (SELECT 1 FROM entity_versions WHERE project = ?0 AND version = ?1) AS base
		FROM e LEFT JOIN entity_aliases AS a ON a.entity = e.n AND a.seen = 1 ORDER BY e.version, e.n, a.key`, project, since, limit).Scan(ctx, &rows)
	return rows, err
}

func statesOf(rows []changedRow) []KnownEntity {
	var list []KnownEntity
	for _, r := range rows {
		if len(list) == 0 || list[len(list)-1].N != r.N {
			list = append(list, KnownEntity{r.N, r.entity()})
		}
		if r.Alias != nil {
			e := &list[len(list)-1]
			e.Aliases = append(e.Aliases, *r.Alias)
		}
	}
	return list
}
