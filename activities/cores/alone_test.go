package cores_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestADocumentThatWantsAllCoresRunsAlone(t *testing.T) {
	simulate(t, 3, func(s *simulation) {
		var running, beside int
		work := func(d time.Duration) func() {
			return func() {
				s.locked(func() { running++ })
				<-time.After(d)
				s.locked(func() { running-- })
			}
		}
		s.start(normal, work(time.Second))
		s.start(normal, work(2*time.Second))
		synctest.Wait()
		done := make(chan time.Duration)
		go func() {
			release, err := s.gate.AcquireAll(s.ctx, high)
			if err != nil {
				done <- 0
				return
			}
			at := s.elapsed()
			s.locked(func() { beside = running })
			<-time.After(time.Second)
			s.locked(func() { beside += running })
			release()
			done <- at
		}()
		synctest.Wait()
		s.start(high, work(time.Second))
		s.start(high, work(time.Second))
		assert.Equal(t, 2*time.Second, <-done, "it waits for those in work, and for no one who came after it")
		s.wait()
		assert.Zero(t, beside)
		assert.Equal(t, 4*time.Second, s.elapsed(), "then the others go on together")
	})
}

func TestWhoGivesUpWaitingForAllCoresBlocksNobody(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		s.start(normal, hold(5*time.Second))
		synctest.Wait()
		ctx, cancel := context.WithCancel(s.ctx)
		failed := make(chan error)
		go func() {
			_, err := s.gate.AcquireAll(ctx, high)
			failed <- err
		}()
		synctest.Wait()
		began := make(chan time.Duration)
		go func() {
			release := s.acquire(low)
			began <- s.elapsed()
			release()
		}()
		<-time.After(time.Second)
		cancel()
		require.ErrorIs(t, <-failed, context.Canceled)
		assert.Equal(t, time.Second, <-began, "the free core is lent again at once")
		s.wait()
	})
}
