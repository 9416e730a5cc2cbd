package cachewarm

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

func TestChangesToldInAnotherOrderAreTakenInTheirs(t *testing.T) {
	t.Parallel()
	key := func(name string) store.EntityKey { return store.EntityKey{Type: document.Org, Key: name} }
	entry := func(n int64, name string) []any {
		e := store.KnownEntity{N: n, Entity: document.Entity{ID: "ent", Type: document.Org, Key: "roe", Name: name}}
		return []any{entityField(key("roe")), encodeEntity(e)}
	}
	l := newLocal(1 << 20)
	l.put("h", 10, entry(1, "ten"))
	l.advance("h", 30, 40, entry(1, "forty"))
	l.advance("h", 20, 30, entry(1, "thirty"))
	_, ok := l.read("h", 11, []store.EntityKey{key("roe")})
	assert.False(t, ok)
	l.advance("h", 10, 20, entry(1, "twenty"))
	r, ok := l.read("h", 40, []store.EntityKey{key("roe")})
	assert.True(t, ok)
	assert.Equal(t, int64(40), r.version)
	assert.Equal(t, "forty", r.found[key("roe")].Name)
	l.advance("h", 20, 30, entry(1, "thirty"))
	l.put("h", 30, entry(1, "thirty"))
	r, ok = l.read("h", 40, []store.EntityKey{key("roe")})
	assert.True(t, ok)
	assert.Equal(t, "forty", r.found[key("roe")].Name, "what is older is not taken")
	l.put("h", 50, nil)
	_, ok = l.read("h", 40, []store.EntityKey{key("roe")})
	assert.False(t, ok, "of an earlier version nothing is left")
	l.drop("h")
	assert.Zero(t, l.bytes)
}
