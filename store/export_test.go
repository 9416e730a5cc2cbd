package store

import (
	"context"
	"sync/atomic"

	"github.com/uptrace/bun"
)

// Counted counts what s writes with from now on.
type Counted struct {
	Statements, Transactions atomic.Int64
}

// Count begins to count.
func Count(s *Store) *Counted {
	c := new(Counted)
	switch w := s.write.(type) {
	case *writer:
		w.db = w.db.WithQueryHook(c)
	case *pool: // before its first save
		w.db = w.db.WithQueryHook(c)
	}
	return c
}

// BeforeQuery implements bun.QueryHook.
func (c *Counted) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	c.Statements.Add(1)
	if e.Query == "BEGIN" {
		c.Transactions.Add(1)
	}
	return ctx
}

// AfterQuery implements bun.QueryHook.
func (c *Counted) AfterQuery(context.Context, *bun.QueryEvent) {}
