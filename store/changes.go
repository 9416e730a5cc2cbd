package store

import (
	"slices"
	"sync"
)

// latestKept is how many changes a Store remembers, over all projects.
const latestKept = 512

// latestChanges are what the latest saves of this Store changed in projects'
// entities. They spare asking the database what changed since a version, where it
// was this process alone that changed it.
//
// A change is added before it is committed. One that is undone leads to a version
// that its project never comes to, since versions grow by random steps.
type latestChanges struct {
	mu    sync.Mutex
	to    map[projectVersion]change
	order []projectVersion // the oldest first
}

type projectVersion struct {
	project string
	version int64
}

// change is what led from a version of a project's entities to the next.
type change struct {
	from     int64
	keys     []EntityKey // of the entities that were touched
	entities []int64     // their numbers
}

func (c *latestChanges) add(project string, u *EntityUpdate) {
	if u == nil {
		return
	}
	made := change{from: u.From}
	for _, e := range u.Entities {
		made.entities = append(made.entities, e.N)
		made.keys = append(made.keys, EntityKey{e.Type, e.Key})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.to == nil {
		c.to = map[projectVersion]change{}
	}
	if len(c.order) == latestKept {
		delete(c.to, c.order[0])
		c.order = slices.Delete(c.order, 0, 1)
	}
	at := projectVersion{project, u.To}
	c.to[at], c.order = made, append(c.order, at)
}

// apart says that all changes from l's version to now are known, and that none of
// them touched what l asked for or found.
func (c *latestChanges) apart(project string, l *Lookup, now int64) bool {
	changes, ok := c.between(project, l.Version, now)
	if !ok {
		return false
	}
	asked := make(map[EntityKey]bool, len(l.Asked))
	for _, k := range l.Asked {
		asked[EntityKey{k.Type, clean(k.Key)}] = true
	}
	found := make(map[int64]bool, len(l.Found))
	for _, e := range l.Found {
		found[e.N] = true
	}
	for _, ch := range changes {
		if slices.ContainsFunc(ch.keys, func(k EntityKey) bool { return asked[k] }) ||
			slices.ContainsFunc(ch.entities, func(n int64) bool { return found[n] }) {
			return false
		}
	}
	return true
}

// between are the changes from one version to a later one, the latest first, if all
// of them are known.
func (c *latestChanges) between(project string, from, to int64) (list []change, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for to > from {
		ch, ok := c.to[projectVersion{project, to}]
		if !ok {
			return nil, false
		}
		list = append(list, ch)
		to = ch.from
	}
	return list, to == from
}
