package cachewarm

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// EntityStore is what the cache of entities stands before; see store.Store.
type EntityStore interface {
	Lookup(ctx context.Context, req store.LookupRequest) (store.Lookup, error)
	EntityChanges(ctx context.Context, project string, since int64, limit int) (store.EntityChanges, error)
}

// maxChanges bounds how far behind a project's hash may be and still be brought up
// to date: beyond, it is filled anew.
const maxChanges = 2000

// Lookup answers as the store's does, from the cache where it can. version is the
// project's version of entities as the store told it last: no answer is older.
//
// The hash of a project is a copy of its entities, in part or whole, as of one
// version. Writers bring it to the next version when they have saved, in one step
// with what changed; whoever finds it behind does so from the store.
func (c *Cache) Lookup(ctx context.Context, st EntityStore, s Scope, version int64, keys []store.EntityKey) (store.Lookup, error) {
	if c == nil || len(keys) == 0 {
		return st.Lookup(ctx, store.LookupRequest{Project: s.Project, Keys: keys})
	}
	began := time.Now()
	op := operation{kind: opLookup, batch: s.Batch, project: s.Project}
	defer func() { c.use.add(op, time.Since(began)) }()
	full := lookupStatements(keys)

	r, spent, err := c.current(ctx, st, s, version, keys)
	op.queries -= int64(spent)
	if err != nil {
		op.count(KindProject, 0, 1)
		op.count(KindEntity, 0, int64(len(keys)))
		l, err := st.Lookup(ctx, store.LookupRequest{Project: s.Project, Keys: keys, Versioned: true})
		l.Checked = true // others may go on with the cache
		return l, err
	}
	op.count(KindProject, boolCount(spent == 0 && r.version >= 0), boolCount(spent > 0 || r.version < 0))
	out := store.Lookup{Version: r.version, Newest: r.version, Asked: keys, Found: r.found, Checked: true}
	c.remember(s, &op, r)
	if len(r.missing) == 0 {
		op.queries += int64(full)
		op.hit = spent == 0
		return out, nil
	}
	reading := time.Now()
	fresh, err := st.Lookup(ctx, store.LookupRequest{Project: s.Project, Keys: r.missing, Versioned: true})
	if err != nil {
		return store.Lookup{}, err
	}
	op.storeTime = time.Since(reading)
	op.storeRead = len(r.missing) == len(keys)
	op.queries += int64(max(0, full-lookupStatements(r.missing)-1))
	for _, k := range r.missing {
		_, ok := fresh.Found[k]
		op.count(kindOf(ok), 0, 1)
	}
	c.fill(ctx, s, fresh)
	fresh.Checked = true
	if r.version < 0 {
		return fresh, nil
	}
	out.Asked = r.answered
	return out.With(fresh), nil
}

func boolCount(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// kindOf is what kind of entry answers a key.
func kindOf(found bool) string {
	if found {
		return KindEntity
	}
	return KindName
}

// lookupStatements is how many statements the store needs for keys: one for each
// type, and one for the aliases of those found.
func lookupStatements(keys []store.EntityKey) int {
	types := map[document.EntityType]bool{}
	for _, k := range keys {
		types[k.Type] = true
	}
	return len(types) + 1
}

// reading is what a project's hash answers.
type reading struct {
	version  int64 // of the hash; -1 if there is none
	all      bool
	found    map[store.EntityKey]store.KnownEntity
	answered []store.EntityKey // those that nobody has included
	missing  []store.EntityKey
}

// fixed is how many fields that are no entries are read with those that are.
const fixed = 3

var errMoved = errors.New("the cache moved while it was read")

// current reads the project's hash, after it is brought to version if it is
// behind. spent is how many statements that took.
func (c *Cache) current(ctx context.Context, st EntityStore, s Scope, version int64, keys []store.EntityKey) (r reading, spent int, err error) {
	for try := range 4 {
		if r, err = c.read(ctx, s, version, keys); err != nil {
			if errors.Is(err, errMoved) {
				continue
			}
			return r, spent, err
		}
		if r.version < 0 || r.version >= version {
			return r, spent, nil
		}
		if try == 0 {
			continue // whoever saved last may be about to write it
		}
		changes, err := st.EntityChanges(ctx, s.Project, r.version, maxChanges)
		spent++
		if err != nil {
			return r, spent, err
		}
		if err := c.catchUp(ctx, s, r.version, changes); err != nil {
			return r, spent, err
		}
	}
	return r, spent, errMoved
}

// catchUp brings the project's hash from a version to that of changes.
func (c *Cache) catchUp(ctx context.Context, s Scope, from int64, changes store.EntityChanges) error {
	entries := entriesOf(changes.Entities)
	if changes.Known {
		c.local.advance(c.entities(s), from, changes.Version, entries)
	} else {
		c.local.drop(c.entities(s))
	}
	return c.ask(ctx, func(ctx context.Context) error {
		if !changes.Known {
			return c.redis.Unlink(ctx, c.entities(s)).Err()
		}
		_, err := c.run(ctx, advanceScript, c.entities(s), c.advanceArgs(from, changes.Version, entries))
		return err
	})
}

func (c *Cache) advanceArgs(from, to int64, entries []any) []any {
	return append(c.scriptArgs(c.opt.EntityTTL, strconv.FormatInt(from, 10), strconv.FormatInt(to, 10)), entries...)
}

// Distrust removes the project's hash if it is of a version that the project never
// had: the store was set back to an earlier state. It is for whoever finds again and
// again that what he looked up does not hold.
func (c *Cache) Distrust(ctx context.Context, st EntityStore, s Scope) {
	if c == nil {
		return
	}
	c.local.drop(c.entities(s))
	values, err := c.get(ctx, c.entities(s), []string{fieldVersion})
	if err != nil {
		return
	}
	version, ok := versionOf(values[0])
	if !ok {
		return
	}
	if changes, err := st.EntityChanges(ctx, s.Project, version, maxChanges); err == nil && !changes.Known {
		_ = c.catchUp(ctx, s, version, changes) // the store goes on refusing what it answers
	}
}

// entriesOf are the entries of entities, each by its own key.
func entriesOf(entities []store.KnownEntity) []any {
	entries := make([]any, 0, 2*len(entities))
	for _, e := range entities {
		entries = append(entries, entityField(store.EntityKey{Type: e.Type, Key: e.Key}), encodeEntity(e))
	}
	return entries
}

// read reads keys in the project's hash: from this process's copy, if that is of
// version or a later one, or in one command.
func (c *Cache) read(ctx context.Context, s Scope, version int64, keys []store.EntityKey) (r reading, err error) {
	hash := c.entities(s)
	if r, ok := c.local.read(hash, version, keys); ok {
		return r, nil
	}
	r = reading{version: -1, found: make(map[store.EntityKey]store.KnownEntity, len(keys))}
	fields := make([]string, 0, len(keys)+fixed)
	fields = append(fields, fieldVersion, fieldAll, fieldBytes)
	for _, k := range keys {
		fields = append(fields, entityField(k))
	}
	values, err := c.get(ctx, hash, fields)
	if err != nil {
		return r, err
	}
	v, ok := versionOf(values[0])
	if !ok {
		r.missing = keys
		return r, nil
	}
	r.version, r.all = v, values[1] != nil
	if bytes, _ := versionOf(values[2]); r.all && c.copyWhole(ctx, hash, bytes) {
		if r, ok := c.local.read(hash, v, keys); ok {
			return r, nil
		}
	}
	var seen []any
	for i, k := range keys {
		v, _ := values[i+fixed].(string)
		if v == "" && r.all {
			v = string(tagUnknown)
		}
		seen = append(seen, fields[i+fixed], v)
		switch {
		case v == "":
			r.missing = append(r.missing, k)
		case v[0] == tagUnknown:
			r.answered = append(r.answered, k)
		default:
			r.entity(k, v)
		}
	}
	c.local.put(hash, r.version, seen)
	return r, nil
}

// entity takes an entity's entry as the answer for k.
func (r *reading) entity(k store.EntityKey, v string) {
	if len(v) > 1 && v[0] == tagEntity {
		if e, ok := decodeEntity(k.Type, v); ok {
			r.found[k] = e
			r.answered = append(r.answered, k)
			return
		}
	}
	r.missing = append(r.missing, k)
}

func versionOf(v any) (int64, bool) {
	s, ok := v.(string)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// get reads fields of a hash, all of one moment.
func (c *Cache) get(ctx context.Context, hash string, fields []string) (values []any, err error) {
	err = c.ask(ctx, func(ctx context.Context) error {
		values, err = c.redis.HMGet(ctx, hash, fields...).Result()
		if err == nil && len(values) != len(fields) {
			err = redis.Nil
		}
		return err
	})
	return values, err
}

// remember counts what the cache answered, and keeps which entities are in use.
func (c *Cache) remember(s Scope, op *operation, r reading) {
	for _, k := range r.answered {
		_, ok := r.found[k]
		op.count(kindOf(ok), 1, 0)
	}
	c.use.saw(s, r.found)
}

// fill writes what the store answered, if the project's hash is of the same version
// or new.
func (c *Cache) fill(ctx context.Context, s Scope, l store.Lookup) {
	entries := make([]any, 0, 2*len(l.Asked))
	for _, k := range l.Asked {
		field := entityField(k)
		e, ok := l.Found[k]
		if !ok {
			entries = append(entries, field, string(tagUnknown))
			continue
		}
		entries = append(entries, field, encodeEntity(e))
	}
	c.use.saw(s, l.Found)
	_ = c.ask(ctx, func(ctx context.Context) error { // what is not filled in is read of the store again
		done, err := c.run(ctx, fillScript, c.entities(s), append(c.scriptArgs(c.opt.EntityTTL, strconv.FormatInt(l.Version, 10), ""), entries...))
		if done == 1 {
			c.local.put(c.entities(s), l.Version, entries)
		}
		return err
	})
}
