package process

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/interceptor"

	"github.com/caseload/caseload/metrics"
)

// sampler tells what the process takes of its machine.
type sampler struct {
	identity string
	cores    int
	queues   []*slotCounter
	emitter  *metrics.Emitter
	readers  func() int64 // bytes that the processes hold that read documents

	at  time.Time     // of the sample before
	cpu time.Duration // that the process had used then
}

func newSampler(cores int, e *metrics.Emitter, readers func() int64) *sampler {
	host, err := os.Hostname()
	if err != nil || host == "" {
		host = "localhost"
	}
	return &sampler{identity: fmt.Sprintf("%d@%s", os.Getpid(), host), cores: cores, emitter: e, readers: readers, at: time.Now(), cpu: cpuTime()}
}

// count counts the activities of a queue that the process has taken on, of total
// at the most.
func (s *sampler) count(queue string, total int) *slotCounter {
	c := &slotCounter{queue: queue, total: total}
	s.queues = append(s.queues, c)
	return c
}

// run emits a sample now, and then every metrics.SampleEvery until ctx ends.
func (s *sampler) run(ctx context.Context) {
	tick := time.NewTicker(metrics.SampleEvery)
	defer tick.Stop()
	for {
		s.emitter.Emit(s.sample(time.Now()))
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *sampler) sample(now time.Time) metrics.Event {
	u := &metrics.Usage{
		Worker: s.identity, Resident: resident(), Readers: s.readers(), Goroutines: runtime.NumGoroutine(), Cores: s.cores,
		Slots: map[string]metrics.Slots{}, Dropped: s.emitter.Dropped(),
	}
	cpu := cpuTime()
	if elapsed := now.Sub(s.at); elapsed > 0 {
		u.CPU = (cpu - s.cpu).Seconds() / elapsed.Seconds()
	}
	s.at, s.cpu = now, cpu
	for _, q := range s.queues {
		u.Slots[q.queue] = metrics.Slots{Used: int(q.used.Load()), Total: q.total}
	}
	return metrics.Event{Kind: metrics.Resources, At: now, Usage: u}
}

// slotCounter counts a worker's activities that run, or wait for a core.
type slotCounter struct {
	interceptor.WorkerInterceptorBase

	queue string
	total int
	used  atomic.Int64
}

// InterceptActivity counts the activity for as long as it runs.
func (c *slotCounter) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	i := &countedActivity{used: &c.used}
	i.Next = next
	return i
}

type countedActivity struct {
	interceptor.ActivityInboundInterceptorBase

	used *atomic.Int64
}

// ExecuteActivity runs the activity.
func (a *countedActivity) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	a.used.Add(1)
	defer a.used.Add(-1)
	return a.Next.ExecuteActivity(ctx, in)
}
