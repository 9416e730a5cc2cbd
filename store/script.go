package store

import (
	"context"
	"database/sql"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// statement is a query whose answer nobody needs.
type statement interface {
	bun.Query
	Exec(ctx context.Context, dest ...any) (sql.Result, error)
}

// script is statements that follow each other. PostgreSQL is sent them together,
// so that they do not wait for the network one by one.
type script struct{ statements []statement }

// add adds a statement, unless it is nil.
func (s *script) add(q statement) *script {
	if q != nil {
		s.statements = append(s.statements, q)
	}
	return s
}

// scriptBytes bounds what is sent at once, give or take one statement.
const scriptBytes = 1 << 20

// run runs the statements within tx, each on what those before it made.
func (s *script) run(ctx context.Context, tx bun.Tx) error {
	if !concurrent(tx) {
		for _, q := range s.statements {
			if _, err := q.Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}
	var text []byte
	gen := schema.NewQueryGen(tx.Dialect())
	for i, q := range s.statements {
		var err error
		if text, err = q.AppendQuery(gen, text); err != nil {
			return err
		}
		text = append(text, ";\n"...)
		if len(text) < scriptBytes && i < len(s.statements)-1 {
			continue
		}
		if _, err := tx.ExecContext(ctx, string(text)); err != nil { // without arguments, it may be many statements
			return err
		}
		text = text[:0]
	}
	return nil
}
