package cores_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestASpareCoreIsOneThatNobodyWaitsFor(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		own := s.acquire(low)
		spare, ok := s.gate.TrySpare(low)
		require.True(t, ok)
		_, ok = s.gate.TrySpare(low)
		assert.False(t, ok, "all are taken")

		granted := make(chan struct{})
		s.start(high, func() { close(granted) })
		synctest.Wait()
		spare()
		spare()
		<-granted
		_, ok = s.gate.TrySpare(low)
		assert.False(t, ok, "the next urgent document is expected")
		s.wait()
		<-time.After(time.Second)
		_, ok = s.gate.TrySpare(low)
		assert.True(t, ok, "no more")
		own()
	})
}

func TestNoCoreIsSpareWhileSomebodyWaitsForAll(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		own := s.acquire(high)
		alone := make(chan func())
		go func() {
			release, err := s.gate.AcquireAll(s.ctx, low)
			assert.NoError(t, err)
			alone <- release
		}()
		synctest.Wait()
		_, ok := s.gate.TrySpare(high)
		assert.False(t, ok)
		own()
		(<-alone)()
	})
}
