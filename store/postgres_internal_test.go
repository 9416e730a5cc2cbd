package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/test/pgtest"
)

// TestDeadlockIsRunAgain has two transactions lock two rows in opposite orders.
func TestDeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	url := pgtest.Database(t)
	pgtest.Exec(t, url, "ALTER ROLE caseload SET deadlock_timeout = '20ms'")
	s, err := Open(t.Context(), url, Options{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	for _, id := range []string{"a", "b"} {
		require.NoError(t, s.SetWeight(t.Context(), id, 1))
	}
	var meet, wg sync.WaitGroup
	meet.Add(2)
	tries := [2]int{}
	for i, order := range [][]string{{"a", "b"}, {"b", "a"}} {
		wg.Go(func() {
			assert.NoError(t, s.update(t.Context(), "lock", func(ctx context.Context, tx bun.Tx) error {
				tries[i]++
				for n, id := range order {
					if _, err := tx.NewRaw("UPDATE projects SET weight = weight + 1 WHERE id = ?", id).Exec(ctx); err != nil {
						return err
					}
					if n == 0 && tries[i] == 1 {
						meet.Done()
						meet.Wait()
					}
				}
				return nil
			}))
		})
	}
	wg.Wait()
	assert.Greater(t, tries[0]+tries[1], 2, "one of them was the victim")
	for _, id := range []string{"a", "b"} {
		p, err := s.Project(t.Context(), id)
		require.NoError(t, err)
		assert.InDelta(t, 3, p.Weight, 0)
	}
}

func TestBrokenConnectionIsTransient(t *testing.T) {
	t.Parallel()
	for _, err := range []error{pgconn.ErrConnClosed, driver.ErrBadConn, sql.ErrConnDone, io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET} {
		e := classifyPostgres(fmt.Errorf("commit: %w", err))
		if assert.NotNil(t, e, err) {
			assert.Equal(t, batch.Transient, e.Category, err)
		}
	}
	assert.Nil(t, classifyPostgres(errors.New("secret")))
}
