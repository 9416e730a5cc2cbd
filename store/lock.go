package store

import (
	"context"
	"hash/fnv"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
)

// PostgreSQL runs transactions that write at the same time, each statement on what
// was committed before it. What must not change between two statements of one is
// locked, as follows. SQLite has one such transaction at a time, and needs no lock.
//
//   - entities and documents of a project, and their versions: turnEntities. It is
//     the first thing that SaveResult takes, so that what it finds there is what it
//     writes beside, and versions grow in the order of commits.
//   - the rows that recoveries take: turnRecovery, of their project.
//   - a service's strikes: turnThrottle.
//   - what a language model cost a batch: turnModel.
//   - one row of a batch, or the batch, that is changed by what it is: its row, by
//     kept and keep.
//   - an ID that is registered, an outcome: a unique key, or a condition of the
//     UPDATE that writes it.

// concurrent says whether db has several transactions that write at a time.
func concurrent(db bun.IDB) bool { return db.Dialect().Name() == dialect.PG }

// What one transaction at a time may have, of all processes.
const (
	turnMigrate  = "migrate"
	turnEntities = "entities"
	turnRecovery = "recovery"
	turnThrottle = "throttle"
	turnModel    = "model"
)

// take waits for the turn at something, and keeps it until tx ends. What tx reads
// with its next statements is what those before it left.
func take(ctx context.Context, tx bun.Tx, turn, of string) error {
	if !concurrent(tx) {
		return nil
	}
	_, err := tx.NewRaw("SELECT pg_advisory_xact_lock(?)", turnNumber(turn, of)).Exec(ctx)
	return err
}

// turnNumber is what PostgreSQL knows a turn by. Two of one number only wait longer.
func turnNumber(turn, of string) int64 {
	h := fnv.New64a()
	h.Write([]byte("caseload/" + turn + "/" + of))
	return int64(h.Sum64()) //nolint:gosec // any number will do
}

// kept ends a query in SQL whose rows of a table nobody may change until the
// transaction ends. Rows that point at them may be written.
func kept(db bun.IDB, table string) string {
	if !concurrent(db) {
		return ""
	}
	return " FOR NO KEY UPDATE OF " + table
}

// keep is kept for a query that is built.
func keep(q *bun.SelectQuery, table string) *bun.SelectQuery {
	if q.DB().Dialect().Name() != dialect.PG {
		return q
	}
	return q.For("NO KEY UPDATE OF ?", bun.Ident(table))
}
