// Package resolve turns the mentions of one document into the entities of a
// project.
//
// Identity is a type and a key (see KeyOf). Within a document short forms are
// understood too: a surname, an initial, a company without its corporate suffix,
// a docket number without its office. Which entity a mention has depends on its
// document alone, never on what was read before: of the project only what it knows
// of the same key counts. What a document teaches of others, short forms that would
// be safe in any of them, are its entities' aliases, from which those of all
// documents together are joined (see package store). A wrong merge hides a person, a
// missed one shows him twice: where more than one reading is possible, entities stay
// apart.
//
// An entity's ID follows from its key alone, so two documents that are resolved
// at the same moment arrive at the same entity, and an upsert with Merge settles
// its name and aliases.
package resolve

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"slices"

	"github.com/caseload/caseload/document"
)

// Key names an entity within a project.
type Key struct {
	Type document.EntityType
	Key  string
}

// Known answers which entities of the project already have these keys as their own. A
// key that none has is left out.
type Known interface {
	LookupEntities(ctx context.Context, keys []Key) (map[Key]document.Entity, error)
}

// Pinning is a Known that also answers which keys people have pinned: a mention with
// such a key is no short form, and no spelling, of another in its document.
type Pinning interface {
	PinnedKeys(ctx context.Context) (map[Key]bool, error)
}

// Nothing is a project without entities.
type Nothing struct{}

// LookupEntities finds nothing.
func (Nothing) LookupEntities(context.Context, []Key) (map[Key]document.Entity, error) {
	return nil, nil
}

// Resolution is a document's mentions with the entities they name.
type Resolution struct {
	Mentions []document.Mention // as given, with Entity set
	Entities []document.Entity  // those the mentions name, by ID
}

// Unresolved is what the confidence of a mention is multiplied by when it is a
// short form, such as a surname, that could not be tied to a full name.
const Unresolved = 0.5

// EntityID is the ID of the entity of a project with this type and key: "ent_"
// and 100 bits of their SHA-256 in lower-case base32.
func EntityID(project string, t document.EntityType, key string) string {
	sum := sha256.Sum256([]byte(project + "\x00" + string(t) + "\x00" + key))
	return "ent_" + idEncoding.EncodeToString(sum[:])[:20]
}

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Resolve gives every mention its entity. known is asked once; nil means
// Nothing; if it is a Pinning too, what is pinned is asked once before. mentions is
// not changed. Which entities there are depends on the mentions alone, and not on their
// order; their names and aliases on known's answer besides.
// Errors are known's, wrapped.
func Resolve(ctx context.Context, project string, mentions []document.Mention, known Known) (Resolution, error) {
	if known == nil {
		known = Nothing{}
	}
	var pinned map[Key]bool
	if p, ok := known.(Pinning); ok {
		var err error
		if pinned, err = p.PinnedKeys(ctx); err != nil {
			return Resolution{}, fmt.Errorf("look up pinned names: %w", err)
		}
	}
	groups, groupOf := group(mentions, pinned)
	held := map[Key]document.Entity{}
	if keys := lookups(groups); len(keys) > 0 {
		var err error
		if held, err = known.LookupEntities(ctx, keys); err != nil {
			return Resolution{}, fmt.Errorf("look up known entities: %w", err)
		}
	}

	entities := make(map[string]document.Entity, len(groups))
	ids := make([]string, len(groups))
	for i, g := range groups {
		e := g.entity(project, held)
		ids[i] = e.ID
		if other, ok := entities[e.ID]; ok {
			e = Merge(other, e)
		}
		entities[e.ID] = e
	}

	r := Resolution{Mentions: slices.Clone(mentions), Entities: slices.Collect(maps.Values(entities))}
	slices.SortFunc(r.Entities, func(a, b document.Entity) int { return cmp.Compare(a.ID, b.ID) })
	for i := range r.Mentions {
		g := groupOf[i]
		r.Mentions[i].Entity = ids[g]
		if groups[g].unresolved {
			r.Mentions[i].Confidence *= Unresolved
		}
	}
	return r, nil
}

// lookups are the keys to ask the project for, in order.
func lookups(groups []*entityGroup) []Key {
	seen := map[Key]bool{}
	for _, g := range groups {
		seen[g.key] = true
	}
	return slices.SortedFunc(maps.Keys(seen), compareKeys)
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Key, b.Key))
}

// Merge settles two descriptions of one entity, which share ID, type and key:
// the fuller name and both's aliases. The order of merging does not matter, so
// that stores may upsert concurrently.
func Merge(a, b document.Entity) document.Entity {
	if compareNames(a.Type, b.Name, a.Name) > 0 {
		a.Name = b.Name
	}
	a.Aliases = aliases(a.Key, a.Aliases, b.Aliases)
	return a
}

// aliases is the union of sets without key, sorted; nil if empty.
func aliases(key string, sets ...[]string) []string {
	all := slices.Concat(sets...)
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(s string) bool { return s == key })
	if len(all) == 0 {
		return nil
	}
	return all
}
