package cachewarm

import (
	"context"
	"time"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

// ContentStore is what the cache of contents stands before; see store.Store.
type ContentStore interface {
	FindContent(ctx context.Context, project, sha256, pipeline string) (d store.Document, ok bool, err error)
}

// Find is the project's document with this content, read by this version of the
// pipeline, if there is one: its ID, format and counts. cached says that the cache
// answered. It may be wrong: that there is one is to be checked by whoever relies
// on it, as store.SetOutcome does, and that there is none costs the work of reading
// it again, which store.SaveResult then finds.
func (c *Cache) Find(ctx context.Context, st ContentStore, s Scope, sha256, pipeline string) (d store.Document, ok, cached bool, err error) {
	if c == nil {
		d, ok, err = st.FindContent(ctx, s.Project, sha256, pipeline)
		return d, ok, false, err
	}
	began := time.Now()
	op := operation{kind: opFind, batch: s.Batch, project: s.Project}
	defer func() { c.use.add(op, time.Since(began)) }()
	v, complete, err := c.look(ctx, c.documents(s), documentField(sha256, pipeline), pipeline)
	if err == nil {
		d, ok = decodeDocument(s.Project, sha256, pipeline, v)
		if ok || v == "" && complete {
			op.count(KindDocument, 1, 0)
			op.queries, op.hit = 1, true
			return d, ok, true, nil
		}
	}
	op.count(KindDocument, 0, 1)
	reading := time.Now()
	d, ok, err = st.FindContent(ctx, s.Project, sha256, pipeline)
	op.storeTime, op.storeRead = time.Since(reading), true
	if err == nil && ok {
		c.note(ctx, s, "new", d)
	}
	return d, ok, false, err
}

// note writes contents. how is as of noteScript.
func (c *Cache) note(ctx context.Context, s Scope, how string, docs ...store.Document) {
	_ = c.ask(ctx, func(ctx context.Context) error { return c.noteAll(ctx, s, how, docs) }) // what is not there is read of the store
}

// Forget drops a content that the project holds no more.
func (c *Cache) Forget(ctx context.Context, s Scope, sha256, pipeline string) {
	if c == nil {
		return
	}
	c.local.remove(c.documents(s), documentField(sha256, pipeline))
	_ = c.ask(ctx, func(ctx context.Context) error { // the store goes on refusing it
		return c.redis.HDel(ctx, c.documents(s), documentField(sha256, pipeline)).Err()
	})
}

// Saved takes over what a save changed. It comes after the save is committed: what
// is lost here the next reader finds by the project's version.
func (c *Cache) Saved(ctx context.Context, s Scope, req store.SaveRequest, saved store.Saved) {
	if c == nil || !saved.Recorded || saved.Outcome != batch.OutcomeCompleted {
		return
	}
	ctx = context.WithoutCancel(ctx)
	var runs []scriptRun
	if d, ok := savedDocument(saved.Document, req.Result, saved.Outcome); ok {
		entries := documentEntries(d)
		c.local.note(c.documents(s), entries)
		runs = append(runs, scriptRun{noteScript, c.documents(s), append(c.scriptArgs(c.opt.DocumentTTL, ""), entries...)})
	}
	if u := saved.Entities; u != nil && u.Whole && u.Lookup != nil {
		entries := entriesOf(u.Entities)
		c.local.advance(c.entities(s), u.From, u.To, entries)
		runs = append(runs, scriptRun{advanceScript, c.entities(s), c.advanceArgs(u.From, u.To, entries)})
	}
	if len(runs) > 0 {
		_ = c.ask(ctx, func(ctx context.Context) error { return c.runAll(ctx, runs) })
	}
}
