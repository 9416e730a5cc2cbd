package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"github.com/caseload/caseload/batch"
)

var errBroken = errors.New("broken")

// inBubble runs test with a store whose goroutines synctest.Wait waits for.
func inBubble(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "caseload.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), path, Options{})
		require.NoError(t, err)
		defer func() { assert.NoError(t, s.Close()) }()
		test(t, s)
	})
}

// writerOf is the writer of a store on SQLite.
func writerOf(s *Store) *writer { return s.write.(*writer) }

// together runs do(0) to do(n-1) in goroutines that all wait for the write lock,
// in this order, before the first gets it.
func together(t *testing.T, s *Store, n int, do func(i int)) {
	t.Helper()
	require.NoError(t, writerOf(s).lock(t.Context()))
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { do(i) })
		synctest.Wait()
	}
	assert.Len(t, writerOf(s).waiting, n)
	writerOf(s).unlock()
	wg.Wait()
	assert.Empty(t, writerOf(s).waiting)
}

// insert writes a project.
func insert(ctx context.Context, tx bun.Tx, id string) error {
	_, err := tx.NewInsert().Model(&projectModel{ID: id, Weight: 1}).Exec(ctx)
	return err
}

func inserting(id string) func(ctx context.Context, tx bun.Tx) error {
	return func(ctx context.Context, tx bun.Tx) error { return insert(ctx, tx, id) }
}

// projectIDs are the projects there are.
func projectIDs(t *testing.T, s *Store) []string {
	t.Helper()
	list, err := s.Projects(t.Context())
	require.NoError(t, err)
	ids := []string{}
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

func TestWaitingWritesShareATransaction(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		counted := Count(s)
		together(t, s, 2*groupWrites+1, func(i int) {
			assert.NoError(t, s.write.run(t.Context(), inserting(fmt.Sprint("p", i))))
		})
		assert.EqualValues(t, 3, counted.Transactions.Load())
		assert.Len(t, projectIDs(t, s), 2*groupWrites+1)
	})
}

func TestLaterWriteSeesEarlierOnesOfItsTransaction(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		counted := Count(s)
		seen := make([]int64, 5)
		together(t, s, len(seen), func(i int) {
			assert.NoError(t, s.write.run(t.Context(), func(ctx context.Context, tx bun.Tx) error {
				var err error
				if seen[i], err = tx.NewSelect().Model((*projectModel)(nil)).Count(ctx); err != nil {
					return err
				}
				return insert(ctx, tx, fmt.Sprint("p", i))
			}))
		})
		assert.EqualValues(t, 1, counted.Transactions.Load())
		slices.Sort(seen)
		assert.Equal(t, []int64{0, 1, 2, 3, 4}, seen)
	})
}

func TestFailedWriteIsUndoneAlone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		counted := Count(s)
		errs := make([]error, 7)
		together(t, s, len(errs), func(i int) {
			errs[i] = s.write.run(t.Context(), func(ctx context.Context, tx bun.Tx) error {
				if err := insert(ctx, tx, fmt.Sprint("p", i)); err != nil {
					return err
				}
				switch i {
				case 0, 3:
					return errBroken
				case 4:
					return insert(ctx, tx, "p1")
				}
				return nil
			})
		})
		assert.EqualValues(t, 1, counted.Transactions.Load())
		assert.Equal(t, []string{"p1", "p2", "p5", "p6"}, projectIDs(t, s))
		for i, err := range errs {
			switch i {
			case 0, 3:
				require.ErrorIs(t, err, errBroken)
			case 4:
				require.Error(t, err)
			default:
				require.NoError(t, err, i)
			}
		}
	})
}

func TestPanicIsItsCallersAlone(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		together(t, s, 4, func(i int) {
			write := func() {
				assert.NoError(t, s.write.run(t.Context(), func(ctx context.Context, tx bun.Tx) error {
					err := insert(ctx, tx, fmt.Sprint("p", i))
					if i%2 == 0 {
						panic(errBroken)
					}
					return err
				}))
			}
			if i%2 == 0 {
				assert.PanicsWithValue(t, errBroken, write)
			} else {
				write()
			}
		})
		assert.Equal(t, []string{"p1", "p3"}, projectIDs(t, s))
		require.NoError(t, s.write.run(t.Context(), inserting("later")))
	})
}

func TestWriteThatIsCancelledWhileItWaitsNeverHappens(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		require.NoError(t, writerOf(s).lock(t.Context()))
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		for i := range 4 {
			wg.Go(func() {
				if i%2 == 0 {
					assert.ErrorIs(t, s.write.run(ctx, inserting(fmt.Sprint("p", i))), context.Canceled)
				} else {
					assert.NoError(t, s.write.run(t.Context(), inserting(fmt.Sprint("p", i))))
				}
			})
		}
		synctest.Wait()
		cancel()
		synctest.Wait()
		assert.Len(t, writerOf(s).waiting, 2)
		writerOf(s).unlock()
		wg.Wait()
		assert.Equal(t, []string{"p1", "p3"}, projectIDs(t, s))
		require.ErrorIs(t, s.write.run(ctx, inserting("p5")), context.Canceled)
		assert.Len(t, projectIDs(t, s), 2)
	})
}

func TestWriteThatIsCancelledByAnotherOfItsTransactionDoesNotHappen(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		ctx, cancel := context.WithCancel(t.Context())
		together(t, s, 2, func(i int) {
			if i == 0 {
				assert.NoError(t, s.write.run(ctx, func(ctx context.Context, tx bun.Tx) error {
					cancel()
					return insert(ctx, tx, "p0")
				}), "it was running already")
				return
			}
			assert.ErrorIs(t, s.write.run(ctx, inserting("p1")), context.Canceled)
		})
		assert.Equal(t, []string{"p0"}, projectIDs(t, s))
	})
}

func TestFailedCommitFailsAllOfTheTransaction(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		errs := make([]error, 3)
		together(t, s, len(errs), func(i int) {
			errs[i] = s.write.run(t.Context(), func(ctx context.Context, tx bun.Tx) error {
				if i != 1 {
					return insert(ctx, tx, fmt.Sprint("p", i))
				}
				// What is missing is found out at the commit.
				if _, err := tx.ExecContext(ctx, "PRAGMA defer_foreign_keys = ON"); err != nil {
					return err
				}
				_, err := tx.NewInsert().Model(&batchModel{ID: "b1", Project: "nobody"}).Exec(ctx)
				return err
			})
		})
		for _, err := range errs {
			require.ErrorContains(t, err, "FOREIGN KEY")
		}
		assert.Empty(t, projectIDs(t, s))
		require.NoError(t, s.write.run(t.Context(), inserting("later")))
		assert.Equal(t, []string{"later"}, projectIDs(t, s))
	})
}

// TestUndoneTransactionFailsAll has the database undo all of a transaction when
// one of its writes fails, as it does when a disk is full.
func TestUndoneTransactionFailsAll(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		errs := make([]error, 4)
		together(t, s, len(errs), func(i int) {
			errs[i] = s.write.run(t.Context(), func(ctx context.Context, tx bun.Tx) error {
				if i != 1 {
					return insert(ctx, tx, fmt.Sprint("p", i))
				}
				if _, err := tx.ExecContext(ctx, "ROLLBACK"); err != nil {
					return err
				}
				return errBroken
			})
		})
		require.ErrorIs(t, errs[0], errBroken)
		require.ErrorIs(t, errs[1], errBroken)
		require.NoError(t, errs[2])
		require.NoError(t, errs[3])
		assert.Equal(t, []string{"p2", "p3"}, projectIDs(t, s))
	})
}

func TestBusyDatabaseIsWaitedForOnceByAllThatWait(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), path, Options{BusyTimeout: time.Millisecond})
		require.NoError(t, err)
		defer s.Close()
		other, err := s.detached()
		require.NoError(t, err)
		defer other.Close()
		tx, err := other.BeginTx(t.Context(), nil)
		require.NoError(t, err)
		counted := Count(s)
		together(t, s, 3, func(i int) {
			e, ok := batch.AsError(s.SetWeight(t.Context(), fmt.Sprint("p", i), 2))
			if assert.True(t, ok) {
				assert.Equal(t, "DatabaseBusy", e.Type)
			}
		})
		assert.EqualValues(t, 1, counted.Transactions.Load())
		require.NoError(t, tx.Rollback())
		require.NoError(t, s.SetWeight(t.Context(), "p0", 2))
		assert.Equal(t, []string{"p0"}, projectIDs(t, s))
	})
}

func TestCloseWaitsForTheWriteInProgress(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	synctest.Test(t, func(t *testing.T) {
		s, err := Open(t.Context(), path, Options{})
		require.NoError(t, err)
		release, closed := make(chan struct{}), make(chan error, 1)
		var wg sync.WaitGroup
		wg.Go(func() {
			assert.NoError(t, s.write.run(t.Context(), func(ctx context.Context, tx bun.Tx) error {
				<-release
				return insert(ctx, tx, "p0")
			}))
		})
		synctest.Wait()
		wg.Go(func() { closed <- s.Close() })
		synctest.Wait()
		assert.Empty(t, closed)
		close(release)
		wg.Wait()
		require.NoError(t, <-closed)
		require.Error(t, s.write.run(t.Context(), inserting("p1")))
		s, err = Open(t.Context(), path, Options{})
		require.NoError(t, err)
		defer s.Close()
		assert.Equal(t, []string{"p0"}, projectIDs(t, s))
	})
}

func TestWriteThatNobodyWaitsForJoinsTheNext(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		counted := Count(s)
		require.NoError(t, writerOf(s).lock(t.Context()))
		s.write.later(inserting("late"))
		var wg sync.WaitGroup
		wg.Go(func() { assert.NoError(t, s.write.run(t.Context(), inserting("next"))) })
		synctest.Wait()
		writerOf(s).unlock()
		wg.Wait()
		assert.Equal(t, []string{"late", "next"}, projectIDs(t, s))
		assert.EqualValues(t, 1, counted.Transactions.Load())
	})
}

func TestWriteThatNobodyWaitsForIsWrittenByItself(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, s *Store) {
		s.write.later(inserting("late"))
		s.write.later(inserting("later"))
		<-time.After(lateTime + time.Millisecond)
		synctest.Wait()
		assert.Equal(t, []string{"late", "later"}, projectIDs(t, s))
	})
}

func TestClosingWritesWhatNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "caseload.db")
	s, err := Open(t.Context(), path, Options{})
	require.NoError(t, err)
	s.write.later(inserting("late"))
	require.NoError(t, s.Close())
	s, err = Open(t.Context(), path, Options{})
	require.NoError(t, err)
	defer func() { assert.NoError(t, s.Close()) }()
	assert.Equal(t, []string{"late"}, projectIDs(t, s))
}
