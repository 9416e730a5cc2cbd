package store

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/uptrace/bun"
)

// conflictTries is how often a transaction is run that another got in the way of.
const conflictTries = 3

// pool runs each write in a transaction of its own, beside the others. What saves
// documents of one project waits for its turn there, and shares transactions.
type pool struct {
	db *bun.DB

	mu    sync.Mutex
	lanes map[string]*writer // by project

	late  *writer      // of what nobody waits for
	inUse sync.RWMutex // held by calls in progress
}

func newPool(db *bun.DB) *pool {
	return &pool{db: db, lanes: map[string]*writer{}, late: newWriter(db)}
}

func (p *pool) run(ctx context.Context, fn func(ctx context.Context, tx bun.Tx) error) error {
	p.inUse.RLock()
	defer p.inUse.RUnlock()
	for try := 1; ; try++ {
		err := p.db.RunInTx(ctx, nil, fn)
		if !isConflict(err) || try == conflictTries {
			return err
		}
	}
}

func (p *pool) save(ctx context.Context, project string, fn func(ctx context.Context, tx bun.Tx) error) error {
	p.inUse.RLock()
	defer p.inUse.RUnlock()
	return p.lane(project).run(ctx, fn)
}

// lane is the writer of a project's entities. A process has few projects: none is
// forgotten.
func (p *pool) lane(project string) *writer {
	p.mu.Lock()
	defer p.mu.Unlock()
	w := p.lanes[project]
	if w == nil {
		w = newWriter(p.db)
		w.opening = func(ctx context.Context, tx bun.Tx) error { return take(ctx, tx, turnEntities, project) }
		p.lanes[project] = w
	}
	return w
}

func (p *pool) alone(ctx context.Context, db *bun.DB, fn func(ctx context.Context, tx bun.Tx) error) error {
	return db.RunInTx(ctx, nil, fn)
}

func (p *pool) later(fn func(ctx context.Context, tx bun.Tx) error) { p.late.later(fn) }

func (p *pool) close() error {
	p.inUse.Lock()
	defer p.inUse.Unlock()
	return p.late.close() // the database, too
}

// isConflict says of an error that the transaction would do if it were run again:
// class 40 of the SQLSTATE codes, a deadlock among them.
func isConflict(err error) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && strings.HasPrefix(pe.Code, "40") && pe.Code != "40002"
}
