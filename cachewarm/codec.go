package cachewarm

import (
	"crypto/sha256"

	"github.com/vmihailenco/msgpack/v5"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/store"
)

// Fields of a hash that are no entries. Entries' names are hashes, and longer.
const (
	fieldVersion = "@v" // the project's version of entities that the hash is of
	fieldAll     = "@a" // there if what the hash does not hold, the project does not hold
	fieldBytes   = "@b" // about how many bytes the hash takes
)

// The first byte of an entity entry.
const (
	tagEntity  = 'E' // then the entity
	tagUnknown = '-' // no entity has this key
)

// fieldBytesOf is the size of an entry's name.
const fieldSize = 16

// entityField is what an entity key is called: names are in no key.
func entityField(k store.EntityKey) string {
	sum := sha256.Sum256([]byte(string(k.Type) + "\x00" + k.Key))
	return string(sum[:fieldSize])
}

// documentField is what a content read by a version of the pipeline is called.
func documentField(contentHash, pipeline string) string {
	sum := sha256.Sum256([]byte(contentHash + "\x00" + pipeline))
	return string(sum[:fieldSize])
}

// entityValue is an entity as it is kept, without its type, which whoever looks it
// up knows.
type entityValue struct {
	_msgpack struct{} `msgpack:",as_array"` //nolint:unused // says how the struct is written

	N       int64
	ID      string
	Key     string
	Name    string
	Aliases []string
}

func encodeEntity(e store.KnownEntity) string {
	b, err := msgpack.Marshal(&entityValue{N: e.N, ID: e.ID, Key: e.Key, Name: e.Name, Aliases: e.Aliases})
	if err != nil {
		return "" // strings and numbers can be written
	}
	return string(tagEntity) + string(b)
}

func decodeEntity(t document.EntityType, v string) (store.KnownEntity, bool) {
	var e entityValue
	if err := msgpack.Unmarshal([]byte(v[1:]), &e); err != nil || e.N <= 0 {
		return store.KnownEntity{}, false
	}
	if len(e.Aliases) == 0 {
		e.Aliases = nil
	}
	return store.KnownEntity{N: e.N, Entity: document.Entity{ID: e.ID, Type: t, Key: e.Key, Name: e.Name, Aliases: e.Aliases}}, true
}

// documentValue is what is kept of a document: no name, no URI and no metadata,
// which nobody looks up by content.
type documentValue struct {
	_msgpack struct{} `msgpack:",as_array"` //nolint:unused // says how the struct is written

	ID                                string
	Format                            string
	Bytes                             int64
	Pages, Characters, Chunks         int
	Mentions, Entities, Relationships int
}

func encodeDocument(d store.Document) string {
	b, err := msgpack.Marshal(&documentValue{
		ID: d.ID, Format: string(d.Format), Bytes: d.Bytes, Pages: d.Pages, Characters: d.Characters, Chunks: d.Chunks,
		Mentions: d.Mentions, Entities: d.Entities, Relationships: d.Relationships,
	})
	if err != nil {
		return "" // strings and numbers can be written
	}
	return string(b)
}

func decodeDocument(project, contentHash, pipeline, v string) (store.Document, bool) {
	var d documentValue
	if err := msgpack.Unmarshal([]byte(v), &d); err != nil || d.ID == "" {
		return store.Document{}, false
	}
	return store.Document{
		Project: project, ID: d.ID, SHA256: contentHash, Pipeline: pipeline, Format: d.Format, Bytes: d.Bytes,
		Pages: d.Pages, Characters: d.Characters, Chunks: d.Chunks,
		Mentions: d.Mentions, Entities: d.Entities, Relationships: d.Relationships,
	}, true
}

// savedDocument is what a save made of a document, as FindContent would tell it.
func savedDocument(id string, r *document.Result, outcome batch.Outcome) (store.Document, bool) {
	if outcome != batch.OutcomeCompleted || id == "" {
		return store.Document{}, false
	}
	return store.Document{
		ID: id, SHA256: r.SHA256, Pipeline: r.Pipeline, Format: string(r.Format), Bytes: r.Bytes, Pages: len(r.Pages),
		Chunks: len(r.Chunks), Mentions: len(r.Mentions), Entities: len(r.Entities), Relationships: len(r.Relationships),
	}, true
}
