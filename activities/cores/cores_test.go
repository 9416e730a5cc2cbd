package cores_test

import (
	"context"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities/cores"
	"github.com/caseload/caseload/batch"
)

const (
	high   = batch.PriorityHigh
	normal = batch.PriorityNormal
	low    = batch.PriorityLow
)

func TestThereAreNoMoreDocumentsThanCores(t *testing.T) {
	simulate(t, 3, func(s *simulation) {
		var at, most int
		for range 10 {
			s.start(normal, func() {
				s.locked(func() { at++; most = max(most, at) })
				<-time.After(time.Second)
				s.locked(func() { at-- })
			})
		}
		s.wait()
		assert.Equal(t, 3, most)
		assert.Equal(t, 4*time.Second, s.elapsed(), "and no core is idle")
	})
}

func TestAFreeCoreGoesToWhoeverAsks(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		for range 10 {
			s.start(low, hold(time.Second))
		}
		s.wait()
		assert.Equal(t, 5*time.Second, s.elapsed())
	})
}

func TestTheMostUrgentGoesFirstAndEqualsInTheOrderTheyCame(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		var order []int
		s.start(normal, hold(time.Second))
		levels := []batch.Priority{0, 5, 9, 3, 7, 5, 9, 1}
		for i, p := range levels {
			synctest.Wait()
			s.start(p, func() { s.locked(func() { order = append(order, i) }) })
		}
		s.wait()
		assert.Equal(t, []int{2, 6, 4, 1, 5, 3, 7, 0}, order)
	})
}

func TestAWaiterThatGivesUpLeavesTheQueue(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		release := s.acquire(normal)
		ctx, cancel := context.WithCancel(s.ctx)
		failed := make(chan error)
		go func() {
			_, err := s.gate.Acquire(ctx, high)
			failed <- err
		}()
		synctest.Wait()
		assert.Equal(t, 1, s.gate.Usage().Bands[0].Waiting)
		cancel()
		require.ErrorIs(t, <-failed, context.Canceled)
		assert.Zero(t, s.gate.Usage().Bands[0].Waiting)
		release()
		s.acquire(low)()
	})
}

func TestACoreGrantedAsItsWaiterGivesUpIsNotLost(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		for range 1000 {
			release := s.acquire(normal)
			ctx, cancel := context.WithCancel(s.ctx)
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				if release, err := s.gate.Acquire(ctx, normal); err == nil {
					release()
				}
			}()
			synctest.Wait()
			cancel()
			release()
			<-ended
		}
		s.acquire(normal)()
	})
}

func TestNoCoreForAContextThatHasEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	g := cores.New(1)
	_, err := g.Acquire(ctx, high)
	require.ErrorIs(t, err, context.Canceled)
	assert.Zero(t, g.Usage().Bands[0].Held)
}

func TestReleasingTwiceGivesOneCoreBack(t *testing.T) {
	g := cores.New(2)
	first, err := g.Acquire(t.Context(), high)
	require.NoError(t, err)
	_, err = g.Acquire(t.Context(), low)
	require.NoError(t, err)
	first()
	first()
	assert.Equal(t, cores.Usage{Cores: 2, Bands: []cores.BandUsage{
		{Band: batch.BandHigh}, {Band: batch.BandNormal}, {Band: batch.BandLow, Held: 1},
	}}, g.Usage())
}

// Between two documents of an urgent batch there is the way through the server.
func TestALessUrgentDocumentWaitsAMomentForTheNextUrgentOne(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		s.acquire(high)()
		began := make(chan time.Duration)
		go func() {
			release := s.acquire(low)
			began <- s.elapsed()
			release()
		}()
		<-time.After(150 * time.Millisecond)
		s.acquire(high)()
		assert.Equal(t, 350*time.Millisecond, <-began, "it begins a moment after the last urgent one")
	})
}

func TestAnExpectedDocumentKeepsItsCore(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		s.gate.Expect(high)
		s.acquire(high)()
		s.gate.Expect(low)
		assert.Zero(t, s.elapsed(), "nobody waits for less urgent ones, or for their own band")
		s.acquire(normal)()
		assert.Equal(t, 200*time.Millisecond, s.elapsed())
	})
}

func TestALongUrgentDocumentKeepsOneCoreOnly(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		s.start(high, hold(time.Hour))
		synctest.Wait()
		s.acquire(low)()
		assert.Equal(t, 200*time.Millisecond, s.elapsed())
		s.acquire(low)()
		assert.Equal(t, 200*time.Millisecond, s.elapsed())
		s.stop()
	})
}

func TestEachBandWaitsForMoreUrgentOnesOnly(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		s.acquire(high)()
		s.start(low, hold(time.Second))
		<-time.After(100 * time.Millisecond)
		s.acquire(normal)()
		assert.Equal(t, 200*time.Millisecond, s.elapsed(), "that a low one waits for it as well holds it up no longer")
		s.wait()
		assert.Equal(t, 1400*time.Millisecond, s.elapsed())
	})
}

// While the next urgent document is expected all the time, the low band gets its
// share of the cores.
func TestExpectedDocumentsDoNotStarveOthers(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		s.saturate(low, 2, func() time.Duration { return 100 * time.Millisecond })
		s.groups[high].Go(func() {
			for s.ctx.Err() == nil {
				s.document(high, hold(10*time.Millisecond))
				<-time.After(90 * time.Millisecond)
			}
		})
		s.runFor(time.Hour)
		assert.InDelta(t, 0.06, s.share(low), 0.01)
	})
}

// Shares of the core-time while all bands wait all the time, whatever a band's
// documents take.
func TestLessUrgentBandsGetTheirShareOfCoreTime(t *testing.T) {
	for name, took := range map[string]map[batch.Priority]time.Duration{
		"equal documents":      {high: 100 * time.Millisecond, normal: 100 * time.Millisecond, low: 100 * time.Millisecond},
		"low a hundredfold":    {high: 100 * time.Millisecond, normal: 100 * time.Millisecond, low: 10 * time.Second},
		"urgent a hundredfold": {high: 10 * time.Second, normal: 10 * time.Second, low: 100 * time.Millisecond},
	} {
		for _, n := range []int{1, 4} {
			simulate(t, n, func(s *simulation) {
				for p, d := range took {
					s.saturate(p, 3*n, func() time.Duration { return d })
				}
				s.runFor(8000 * time.Second / time.Duration(n))
				assert.InDelta(t, 0.06, s.share(low), 0.004, "%s on %d cores", name, n)
				assert.InDelta(t, 0.10, s.share(normal), 0.004, "%s on %d cores", name, n)
				assert.InDelta(t, 1, s.share(low)+s.share(normal)+s.share(high), 0.05, "%s on %d cores", name, n)
			})
		}
	}
}

func TestSharesHoldForDocumentsOfAnyLength(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		r := rand.New(rand.NewPCG(1, 2))
		for _, p := range []batch.Priority{high, low} {
			s.saturate(p, 6, func() time.Duration {
				return time.Duration(math.Exp(1.5*r.NormFloat64()) * float64(time.Second))
			})
		}
		s.runFor(12 * time.Hour)
		assert.InDelta(t, 0.06, s.share(low), 0.005)
	})
}

func TestAnUrgentBatchIsHardlySlowedByASaturatingLowOne(t *testing.T) {
	const took = 200 * time.Millisecond
	simulate(t, 2, func(s *simulation) {
		s.saturate(low, 8, func() time.Duration { return took })
		<-time.After(10*time.Minute + took/2)
		lowBefore, began := s.heldBy(low), time.Now()
		for range 200 {
			s.start(high, hold(took))
		}
		s.waitFor(high)
		idle := 200 * took / 2
		assert.LessOrEqual(t, time.Since(began), idle*13/10)
		assert.GreaterOrEqual(t, s.heldBy(low)-lowBefore, time.Since(began)*2*5/100, "5 %% of its throughput")
		s.stop()
	})
}

func TestASingleUrgentDocumentWaitsForOneDocumentAtMost(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		s.saturate(low, 4, func() time.Duration { return time.Second })
		for range 100 {
			<-time.After(2700 * time.Millisecond)
			began := time.Now()
			s.acquire(high)()
			assert.LessOrEqual(t, time.Since(began), time.Second)
		}
		s.stop()
	})
}

func TestAnIdleBandSavesNothing(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		s.saturate(high, 3, func() time.Duration { return time.Second })
		s.start(low, hold(time.Second))
		<-time.After(10 * time.Hour)
		before := s.heldBy(low)
		for range 20 {
			s.start(low, hold(time.Second))
		}
		<-time.After(100 * time.Second)
		assert.LessOrEqual(t, s.heldBy(low)-before, 7*time.Second)
		s.stop()
	})
}

func TestABandDoesNotPayForCoresThatNobodyElseWanted(t *testing.T) {
	simulate(t, 2, func(s *simulation) {
		s.saturate(low, 1, func() time.Duration { return time.Second })
		s.start(high, hold(time.Hour+time.Second))
		<-time.After(time.Hour)
		s.saturate(low, 3, func() time.Duration { return time.Second })
		s.saturate(high, 4, func() time.Duration { return time.Second })
		<-time.After(10 * time.Second)
		before := s.heldBy(low)
		<-time.After(100 * time.Second)
		assert.InDelta(t, 12, (s.heldBy(low) - before).Seconds(), 2)
		s.stop()
	})
}

func TestADebtEndsWithTheCompetition(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		s.start(low, hold(100*time.Second))
		<-time.After(time.Second)
		s.start(high, hold(time.Second))
		<-time.After(110 * time.Second)
		before := s.heldBy(low)
		s.saturate(high, 2, func() time.Duration { return time.Second })
		s.saturate(low, 2, func() time.Duration { return time.Second })
		<-time.After(600 * time.Second)
		assert.Greater(t, s.heldBy(low)-before, 3*time.Second)
		s.stop()
	})
}

func TestALongDocumentDoesNotBarItsBandForHours(t *testing.T) {
	simulate(t, 1, func(s *simulation) {
		s.start(low, hold(5*time.Hour))
		synctest.Wait()
		s.saturate(high, 3, func() time.Duration { return time.Second })
		s.saturate(low, 2, func() time.Duration { return time.Second })
		<-time.After(5*time.Hour + 25*time.Minute)
		assert.Greater(t, s.heldBy(low), 5*time.Hour)
		s.stop()
	})
}

// simulation is documents that use a gate, in the bubble's time.
type simulation struct {
	gate   *cores.Gate
	n      int
	ctx    context.Context
	cancel context.CancelFunc
	began  time.Time

	mu     sync.Mutex
	held   map[batch.Priority]time.Duration
	groups map[batch.Priority]*sync.WaitGroup
}

func simulate(t *testing.T, n int, do func(*simulation)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &simulation{
			gate: cores.New(n), n: n, began: time.Now(),
			held: map[batch.Priority]time.Duration{}, groups: map[batch.Priority]*sync.WaitGroup{},
		}
		for p := range batch.MaxPriority + 1 {
			s.groups[p] = &sync.WaitGroup{}
		}
		s.ctx, s.cancel = context.WithCancel(t.Context())
		do(s)
	})
}

func hold(d time.Duration) func() { return func() { <-time.After(d) } }

func (s *simulation) acquire(p batch.Priority) (release func()) {
	release, err := s.gate.Acquire(s.ctx, p)
	if err != nil {
		return func() {}
	}
	return release
}

// start runs a document in a goroutine of its own.
func (s *simulation) start(p batch.Priority, do func()) {
	s.groups[p].Go(func() { s.document(p, do) })
}

func (s *simulation) document(p batch.Priority, do func()) {
	release := s.acquire(p)
	if s.ctx.Err() == nil {
		began := time.Now()
		do()
		s.locked(func() { s.held[p] += time.Since(began) })
	}
	release()
}

// saturate keeps width documents of a band at the gate until stop.
func (s *simulation) saturate(p batch.Priority, width int, took func() time.Duration) {
	for range width {
		s.groups[p].Go(func() {
			for s.ctx.Err() == nil {
				s.document(p, func() {
					var d time.Duration
					s.locked(func() { d = took() })
					<-time.After(d)
				})
			}
		})
	}
}

func (s *simulation) runFor(d time.Duration) {
	<-time.After(d)
	s.stop()
}

func (s *simulation) stop() {
	s.cancel()
	s.wait()
}

func (s *simulation) wait() {
	for p := range s.groups {
		s.waitFor(p)
	}
}

func (s *simulation) waitFor(p batch.Priority) { s.groups[p].Wait() }

func (s *simulation) locked(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// heldBy is the core-time of p's documents that have ended.
func (s *simulation) heldBy(p batch.Priority) (d time.Duration) {
	s.locked(func() { d = s.held[p] })
	return d
}

func (s *simulation) elapsed() time.Duration { return time.Since(s.began) }

// share is p's part of the core-time so far.
func (s *simulation) share(p batch.Priority) float64 {
	return s.heldBy(p).Seconds() / (s.elapsed().Seconds() * float64(s.n))
}
