package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
)

const (
	// connectTimeout is how long the server may take to accept a connection, unless
	// the URL's connect_timeout says otherwise.
	connectTimeout = 10 * time.Second
	// idleConnection is how long a connection is kept that nobody uses: a server has
	// not many to give.
	idleConnection = time.Minute
)

// settings are those of every connection. Outcomes that a workflow was told of must
// not be lost: a server that does not wait for its disk does so for these.
const settings = `SET standard_conforming_strings = on; SET client_encoding = 'UTF8';
SELECT set_config('lock_timeout', '%dms', false);
SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`

const readOnly = `;
SET default_transaction_read_only = on`

func openPostgres(ctx context.Context, url string, opt Options) (_ *Store, err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil { // which quotes the URL
		return nil, batch.NewError(batch.Configuration, "DatabaseURL",
			"the database's URL is not understood, or a file that it names cannot be read: want postgres://user:password@host:5432/database?sslmode=verify-full")
	}
	// Queries have their values in them, so that none is worth preparing.
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.StatementCacheCapacity, config.DescriptionCacheCapacity = 0, 0
	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	config.RuntimeParams["application_name"] = cmp.Or(config.RuntimeParams["application_name"], "caseload")
	set := fmt.Sprintf(settings, max(opt.BusyTimeout.Milliseconds(), 1))

	dialect := pgdialect.New()
	connect := func(connections int, set string) *bun.DB {
		db := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
			_, err := c.Exec(ctx, set)
			return err
		}))
		db.SetMaxOpenConns(connections)
		db.SetMaxIdleConns(connections)
		db.SetConnMaxIdleTime(idleConnection)
		b := bun.NewDB(db, dialect)
		if opt.OnStatement != nil {
			b = b.WithQueryHook(statementHook{opt.OnStatement})
		}
		return b
	}
	readers := max(1, opt.Connections*2/5)
	s := &Store{
		write:    newPool(connect(opt.Connections-readers, set)),
		read:     connect(readers, set+readOnly),
		viewing:  sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead},
		detached: func() (*bun.DB, error) { return connect(1, set), nil },
		classify: classifyPostgres,
		words:    vector,
	}
	where := fmt.Sprintf("PostgreSQL at %s, database %s", net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))), config.Database)
	if err := preparePostgres(ctx, connect(2, set), where); err != nil {
		return nil, errors.Join(s.failed(ctx, "open "+where, err), s.Close())
	}
	return s, nil
}

// preparePostgres brings the schema up to date, of one process at a time. It closes
// db, which has two connections.
func preparePostgres(ctx context.Context, db *bun.DB, where string) (err error) {
	defer func() { err = errors.Join(err, db.Close()) }() // which gives up the turn
	conn, err := db.Conn(ctx)
	if err != nil {
		return unreachable(err, where)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := refuseForeignPostgres(ctx, conn); err != nil {
		return err
	}
	if _, err := conn.NewRaw("SELECT pg_advisory_lock(?)", turnNumber(turnMigrate, "")).Exec(ctx); err != nil {
		return err
	}
	return migrate(ctx, db.DB, goose.DialectPostgres, "postgres")
}

// unreachable is err with what to do where no connection came about.
func unreachable(err error, where string) error {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return err
	}
	if e := classifyPostgres(err); e != nil && e.Category == batch.Transient {
		return batch.NewError(batch.Transient, "DatabaseUnreachable", "no answer: start %s, or correct the database's URL (CASELOAD_DATABASE_URL)", where).Wrap(err)
	}
	return err
}

// refuseForeignPostgres refuses a schema that is not there or is another program's,
// and a database that does not take all text.
func refuseForeignPostgres(ctx context.Context, db bun.IDB) error {
	var found struct {
		Schema       *string
		Encoding     string
		Tables, Ours int
	}
	err := db.NewRaw(`SELECT current_schema() AS schema, current_setting('server_encoding') AS encoding,
			count(t.tablename) AS tables, count(CASE WHEN t.tablename = ? THEN 1 END) AS ours
		FROM (SELECT 1) AS one LEFT JOIN pg_tables AS t ON t.schemaname = current_schema()`, migrationsTable).Scan(ctx, &found)
	switch {
	case err != nil:
		return err
	case found.Encoding != "UTF8":
		return batch.NewError(batch.Configuration, "DatabaseEncoding", "the database is in %s: name one in UTF-8 (createdb --encoding UTF8 --template template0)", found.Encoding)
	case found.Schema == nil:
		return batch.NewError(batch.Configuration, "DatabaseSchema", "the schema that search_path names is not there: create it")
	case found.Tables > 0 && found.Ours == 0:
		return batch.NewError(batch.Configuration, "ForeignDatabase",
			"the schema %q holds another program's tables: name another database, or an empty schema (?search_path=caseload)", *found.Schema)
	}
	return nil
}

// classifyPostgres says what an error of PostgreSQL, or of the connection to it,
// means. The server's own message is not passed on, since it may quote a value.
func classifyPostgres(err error) *batch.Error {
	if e := classify.Typed(err); e != nil {
		return e
	}
	broken := func(target error) bool { return errors.Is(err, target) }
	if pgconn.SafeToRetry(err) || slices.ContainsFunc([]error{pgconn.ErrConnClosed, driver.ErrBadConn, sql.ErrConnDone, io.EOF}, broken) {
		return batch.NewError(batch.Transient, "DatabaseUnreachable", "the connection to the database broke off")
	}
	return nil
}
