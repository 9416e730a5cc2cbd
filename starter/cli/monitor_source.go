package cli

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"golang.org/x/sync/errgroup"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/starter/monitor"
	"github.com/caseload/caseload/store"
)

const (
	// shownEnded bounds the batches that are shown after their end: the latest, and
	// more of them while they have just ended.
	shownEnded = 5
	justEnded  = 15 * time.Minute
	// maxShown bounds the batches that are shown.
	maxShown = 100
	// livePatience and oncePatience are how long a batch's workflow is waited for:
	// on the live screen its answer is there the next time.
	livePatience = 700 * time.Millisecond
	oncePatience = 4 * time.Second
	// endedFor is how long the counts of an ended batch are kept: a recovery changes
	// them.
	endedFor = 15 * time.Second
	// pollerGone is how long after its last request a worker counts as gone.
	pollerGone = 90 * time.Second
	maxCauses  = 50
)

// monitorSource implements monitor.Source over the store, Temporal and Redis.
type monitorSource struct {
	a       *app
	st      *store.Store
	server  *reconnecting
	metrics *metricsSource
	asker   *asker
	patient time.Duration

	mu    sync.Mutex
	ended map[string]kept // by batch
}

type kept struct {
	p     batch.Progress
	until time.Time
}

func newMonitorSource(ctx context.Context, a *app, st *store.Store, patience time.Duration) *monitorSource {
	return &monitorSource{
		a: a, st: st, server: newReconnecting(a), metrics: newMetricsSource(a), asker: newAsker(ctx), patient: patience, ended: map[string]kept{},
	}
}

func (m *monitorSource) close() {
	m.asker.close()
	m.server.close()
	m.metrics.close()
}

// Batches implements monitor.Source.
func (m *monitorSource) Batches(ctx context.Context) ([]monitor.Batch, error) {
	now := time.Now()
	list, err := m.st.ListBatches(ctx, store.BatchFilter{Since: now.Add(-24 * time.Hour)})
	if err != nil {
		return nil, err
	}
	list = shown(list, now)
	srv, serverErr := m.server.get(ctx)
	out := make([]monitor.Batch, len(list))
	g, ctx := errgroup.WithContext(ctx)
	for i, b := range list {
		g.Go(func() (err error) {
			if b.Status.Terminal() {
				out[i].Progress, err = m.endedProgress(ctx, b, now)
				return err
			}
			if serverErr == nil {
				out[i].Progress, out[i].Heard = m.asker.progress(ctx, b.ID, m.patient, srv.Progress)
			} else {
				out[i].Progress, out[i].Heard = m.asker.last(b.ID)
			}
			if out[i].Live {
				keepStart(&out[i].Progress, b)
				return nil
			}
			if out[i].Progress, err = m.briefProgress(ctx, b); err == nil {
				m.markStopped(b, &out[i].Progress, &out[i].Heard)
			}
			return err
		})
	}
	return out, g.Wait()
}

// markStopped says of a batch whose workflow has closed that nothing works on it.
// That is heard from Temporal, as an answer would be.
func (m *monitorSource) markStopped(b store.Batch, p *batch.Progress, h *monitor.Heard) {
	if why := whyStopped(b, m.asker.closed(b.ID)); why != "" {
		markStopped(p, why)
		*h = monitor.Heard{Live: true, ToldAt: time.Now()}
	}
}

// shown are the batches that have not ended and the latest that have, of a list
// with the newest first.
func shown(list []store.Batch, now time.Time) []store.Batch {
	var open, ended []store.Batch
	for _, b := range list {
		if b.Status.Terminal() {
			ended = append(ended, b)
		} else {
			open = append(open, b)
		}
	}
	slices.SortStableFunc(ended, func(a, b store.Batch) int { return b.FinishedAt.Compare(a.FinishedAt) })
	n := 0
	for n < len(ended) && (n < shownEnded || now.Sub(ended[n].FinishedAt) < justEnded) {
		n++
	}
	out := slices.Concat(open, ended[:n])
	return out[:min(len(out), maxShown)]
}

func (m *monitorSource) endedProgress(ctx context.Context, b store.Batch, now time.Time) (batch.Progress, error) {
	m.mu.Lock()
	k, ok := m.ended[b.ID]
	m.mu.Unlock()
	if ok && now.Before(k.until) {
		return k.p, nil
	}
	p, err := m.briefProgress(ctx, b)
	if err == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.ended[b.ID] = kept{p, now.Add(endedFor)}
	}
	return p, err
}

// briefProgress is how a batch stands by its counts alone.
func (m *monitorSource) briefProgress(ctx context.Context, b store.Batch) (batch.Progress, error) {
	t, err := m.st.Tally(ctx, b.ID)
	if err != nil {
		return batch.Progress{}, err
	}
	return countedProgress(b, t, time.Now())
}

// Queues implements monitor.Source.
func (m *monitorSource) Queues(ctx context.Context) ([]monitor.Queue, error) {
	srv, err := m.server.get(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{}
	queues := []monitor.Queue{}
	for _, b := range batch.Bands() {
		names = append(names, b.Queue())
		queues = append(queues, monitor.Queue{Name: string(b)})
	}
	names = append(names, batch.ControlQueue)
	queues = append(queues, monitor.Queue{Name: "control"})
	if m.a.cfg.Model.URL != "" {
		names = append(names, batch.ModelQueue)
		queues = append(queues, monitor.Queue{Name: "model"})
	}
	g, ctx := errgroup.WithContext(ctx)
	for i := range queues {
		g.Go(func() error { return m.describe(ctx, srv, names[i], &queues[i]) })
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("no queues: Temporal at %s does not answer", m.server.where())
	}
	return queues, nil
}

// describe adds up a task queue's tasks of both types.
func (m *monitorSource) describe(ctx context.Context, srv *server, name string, q *monitor.Queue) error {
	workers := map[string]bool{}
	for _, typ := range []enumspb.TaskQueueType{enumspb.TASK_QUEUE_TYPE_ACTIVITY, enumspb.TASK_QUEUE_TYPE_WORKFLOW} {
		d, err := srv.temporal.WorkflowService().DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
			Namespace: m.a.cfg.Temporal.Namespace, TaskQueue: &taskqueuepb.TaskQueue{Name: name}, TaskQueueType: typ, ReportStats: true,
		})
		if err != nil {
			return err
		}
		s := d.GetStats()
		q.Waiting += s.GetApproximateBacklogCount()
		q.Oldest = max(q.Oldest, s.GetApproximateBacklogAge().AsDuration())
		q.Added += float64(s.GetTasksAddRate())
		q.Taken += float64(s.GetTasksDispatchRate())
		for key, s := range d.GetStatsByPriorityKey() {
			if n := s.GetApproximateBacklogCount(); n > 0 {
				if q.Priority == nil {
					q.Priority = map[int]int64{}
				}
				q.Priority[int(key)] += n
			}
		}
		for _, p := range d.GetPollers() {
			if time.Since(p.GetLastAccessTime().AsTime()) < pollerGone {
				workers[p.GetIdentity()] = true
			}
		}
	}
	q.Workers = len(workers)
	return nil
}

// Metrics implements monitor.Source.
func (m *monitorSource) Metrics(ctx context.Context) (monitor.Metrics, error) {
	return m.metrics.read(ctx, time.Now())
}

// Errors implements monitor.Source.
func (m *monitorSource) Errors(ctx context.Context) (monitor.Errors, error) {
	now := time.Now()
	latest, err := m.st.LatestCauses(ctx, now.Add(-24*time.Hour), maxCauses)
	if err != nil {
		return monitor.Errors{}, err
	}
	throttled, err := m.st.Throttled(ctx, now)
	if err != nil {
		return monitor.Errors{}, err
	}
	e := monitor.Errors{Causes: make([]monitor.Cause, len(latest))}
	for i, c := range latest {
		e.Causes[i] = monitor.Cause{
			Fingerprint: c.Fingerprint, Category: c.Category, Stage: c.Stage, Type: c.Type, Message: c.Message, Count: c.Count, Last: c.At, Batch: c.Batch,
		}
	}
	for _, t := range throttled {
		e.Throttled = append(e.Throttled, monitor.Throttle{Service: t.Service, Until: t.Until})
	}
	return e, nil
}

// Batch implements monitor.Source.
func (m *monitorSource) Batch(ctx context.Context, id string) (monitor.Detail, error) {
	b, err := m.st.Batch(ctx, id)
	if err != nil {
		return monitor.Detail{}, m.a.batchError(id, err)
	}
	var d monitor.Detail
	if !b.Status.Terminal() {
		if srv, err := m.server.get(ctx); err == nil {
			d.Progress, d.Heard = m.asker.progress(ctx, id, m.patient, srv.Progress)
		} else {
			d.Progress, d.Heard = m.asker.last(id)
		}
	}
	if d.Live {
		keepStart(&d.Progress, b)
	} else {
		if d.Progress, err = storedProgress(ctx, m.st, b); err != nil {
			return d, err
		}
		m.markStopped(b, &d.Progress, &d.Heard)
	}
	if err := addRecoveries(ctx, m.st, b, &d.Progress); err != nil {
		return d, err
	}
	d.Errors, err = m.st.Errors(ctx, id)
	return d, err
}

// Documents implements monitor.Source.
func (m *monitorSource) Documents(ctx context.Context, id string, p monitor.Page) ([]monitor.Document, error) {
	rows, err := m.st.Rows(ctx, id, store.RowFilter{Outcome: p.Outcome, After: p.After, Limit: p.Limit})
	if err != nil {
		return nil, err
	}
	docs := make([]monitor.Document, len(rows))
	for i, r := range rows {
		docs[i] = monitor.Document{
			Row: r.Row, ID: r.Document, Name: r.Name, Outcome: r.Outcome, Reason: r.Reason, Pages: r.Pages, Failure: r.Failure, Attempts: r.Attempts,
		}
		if docs[i].ID == "" {
			docs[i].ID = r.DocumentID
		}
		if !r.StartedAt.IsZero() && !r.FinishedAt.IsZero() {
			docs[i].Took = r.FinishedAt.Sub(r.StartedAt)
		}
	}
	return docs, nil
}
