package process

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
	enumspb "go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/metrics/prom"
	"github.com/caseload/caseload/store"
)

// probeTimeout is how long what a worker depends on may take for an answer
// before it counts as gone.
const probeTimeout = 2 * time.Second

// pollerGone is how long after its last request a poller counts as gone: a
// request waits for work for a minute at most.
const pollerGone = 90 * time.Second

// probe asks what the worker depends on how it is.
type probe struct {
	temporal  client.Client
	namespace string
	store     *store.Store
	redis     *redis.Client // nil for none
	queues    []string      // that the worker serves
}

func (p *probe) askStore(ctx context.Context) error {
	_, err := p.store.Query(ctx, "SELECT 1")
	return err
}

func (p *probe) askRedis(ctx context.Context) error { return p.redis.Ping(ctx).Err() }

// polled says of each queue whether this worker asks it for activities. The error
// is that Temporal does not answer.
func (p *probe) polled(ctx context.Context) (map[string]bool, error) {
	out := map[string]bool{}
	for _, queue := range p.queues {
		d, err := p.describe(ctx, queue, enumspb.TASK_QUEUE_TYPE_ACTIVITY)
		if err != nil {
			return nil, err
		}
		out[queue] = slices.ContainsFunc(d.GetPollers(), func(i *taskqueuepb.PollerInfo) bool {
			return i.GetIdentity() == identity() && time.Since(i.GetLastAccessTime().AsTime()) < pollerGone
		})
	}
	return out, nil
}

// backlogs is what waits in the queues that the worker serves.
func (p *probe) backlogs(ctx context.Context) ([]prom.Backlog, error) {
	types := map[string]enumspb.TaskQueueType{"activity": enumspb.TASK_QUEUE_TYPE_ACTIVITY, "workflow": enumspb.TASK_QUEUE_TYPE_WORKFLOW}
	var out []prom.Backlog
	for _, queue := range p.queues {
		for name, typ := range types {
			if (queue == batch.ControlQueue || queue == batch.ModelQueue) && name == "workflow" {
				continue
			}
			d, err := p.describe(ctx, queue, typ)
			if err != nil {
				return nil, err
			}
			stats := d.GetStats()
			out = append(out, prom.Backlog{
				Queue: queue, Type: name,
				Tasks: stats.GetApproximateBacklogCount(), Age: stats.GetApproximateBacklogAge().AsDuration(),
			})
		}
	}
	return out, nil
}

func (p *probe) describe(ctx context.Context, queue string, typ enumspb.TaskQueueType) (*workflowservice.DescribeTaskQueueResponse, error) {
	d, err := p.temporal.WorkflowService().DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
		Namespace: p.namespace, TaskQueue: &taskqueuepb.TaskQueue{Name: queue, Kind: enumspb.TASK_QUEUE_KIND_NORMAL},
		TaskQueueType: typ, ReportStats: true,
	})
	if err != nil {
		return nil, fmt.Errorf("describe task queue %s: %w", queue, err)
	}
	return d, nil
}

// standing is how the store's batches stand, seen from now.
func (p *probe) standing(ctx context.Context) (prom.Standing, error) {
	now := time.Now()
	s, err := p.store.Standing(ctx)
	if err != nil {
		return prom.Standing{}, err
	}
	throttled, err := p.store.Throttled(ctx, now)
	if err != nil {
		return prom.Standing{}, err
	}
	since := func(t time.Time) time.Duration {
		if t.IsZero() {
			return 0
		}
		return max(now.Sub(t), 0)
	}
	return prom.Standing{Batches: s.Batches, Idle: since(s.Idle), Held: since(s.Held), Throttled: len(throttled)}, nil
}
