package store

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/uptrace/bun"

	"github.com/caseload/caseload/document"
)

// ErrStale says that the entities of a project changed in what a Lookup had
// answered: it is to be made again, and what follows from it. See StaleError.
var ErrStale = errors.New("the project's entities have changed since they were looked up")

// StaleError is ErrStale with what is needed to look them up again.
type StaleError struct {
	Version int64 // the project's version of entities now
	// Decision is the latest decision on them, if it is of that that it was not known;
	// 0 if not.
	Decision int64
}

func (e *StaleError) Error() string { return ErrStale.Error() }

// Unwrap makes it ErrStale.
func (e *StaleError) Unwrap() error { return ErrStale }

// staleChanges bounds how many changes are compared with what was asked.
const staleChanges = 5000

// usedBy is, by a key, which entity of the results to be saved has it as its own or
// as an alias; "" if more than one has it.
type usedBy map[EntityKey]string

// usersOf are those of records, of which some may be nil.
func usersOf(records ...*record) usedBy {
	u := usedBy{}
	for _, r := range records {
		if r == nil {
			continue
		}
		for i, e := range r.entities {
			for _, key := range append([]string{e.Key}, r.aliases[i]...) {
				k := EntityKey{document.EntityType(e.Type), clean(key)}
				if by, ok := u[k]; ok && by != e.Key {
					u[k] = ""
				} else {
					u[k] = e.Key
				}
			}
		}
	}
	return u
}

// asOf is the lookup's answer as of the project's version now, or a *StaleError if
// what follows from it, which users tells, might have come out otherwise.
func (l *Lookup) asOf(ctx context.Context, tx bun.Tx, project string, now int64, latest *latestChanges, users usedBy) (*Lookup, error) {
	stale := &StaleError{Version: now}
	switch {
	case l.Newest > now: // the store was set back
		return nil, stale
	case l.Version == now:
		return l, nil
	}
	out := *l
	out.Version, out.Newest = now, now
	if latest.apart(project, l, now) {
		return &out, nil
	}
	changed, base, err := changedSince(ctx, tx, project, l.Version, staleChanges+1)
	if err != nil {
		return nil, err
	}
	if !base || len(changed) > staleChanges {
		return nil, stale
	}
	asked := make(map[EntityKey]EntityKey, len(l.Asked)) // as the store writes them, to how they were asked for
	for _, k := range l.Asked {
		asked[EntityKey{k.Type, clean(k.Key)}] = k
	}
	out.Found = maps.Clone(l.Found)
	for _, e := range changed {
		for _, key := range append([]string{e.Key}, e.Aliases...) {
			stored := EntityKey{e.Type, key}
			k, ok := asked[stored]
			if !ok || slices.Contains(e.Shadowed, key) {
				continue
			}
			// What was found already, with one more name or alias, is what it was. And
			// an entity that was nobody's, and that others made as the results do, is
			// that entity.
			switch was, ok := l.Found[k]; {
			case ok && was.N != e.N, !ok && users[stored] != e.Key:
				return nil, stale
			}
			out.Found[k] = e.KnownEntity
		}
	}
	return &out, nil
}
