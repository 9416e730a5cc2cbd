package store

import (
	"context"
	"errors"
	"maps"

	"github.com/uptrace/bun"
)

// ErrStale says that a Lookup's answer, or what was known of pinned names, is not of the
// project as it is: it is to be made again, and what follows from it. See StaleError.
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

// asOf is the lookup's answer as of the project's version now, or a *StaleError if that
// cannot be told: it is of a version that the project never had, or of one too long ago.
func (l *Lookup) asOf(ctx context.Context, tx bun.Tx, project string, now int64, latest *latestChanges) (*Lookup, error) {
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
		if k, ok := asked[EntityKey{e.Type, e.Key}]; ok {
			out.Found[k] = e
		}
	}
	return &out, nil
}
