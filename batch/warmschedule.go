package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
)

// WarmWorkflow is the workflow type of a scheduled warming of a project's cache. It
// takes a WarmingInput and answers a Warming.
const WarmWorkflow = "ScheduledWarming"

// WarmingInput says which project's cache is warmed.
type WarmingInput struct {
	Project string `json:"project"`
}

// Validate reports what is wrong with the input.
func (in WarmingInput) Validate() error { return CheckName("project", in.Project) }

// WarmSchedule is when a project's cache is warmed.
type WarmSchedule struct {
	WarmingInput
	Cron     []string `json:"cron"`      // as of Schedule
	TimeZone string   `json:"time_zone"` // IANA name; "" means UTC
}

// WarmScheduleState is such a schedule and when it runs next.
type WarmScheduleState struct {
	WarmSchedule
	Next   []time.Time `json:"next"`
	Latest time.Time   `json:"latest,omitzero"` // when it ran last
}

const warmPrefix = "warm/"

// WarmScheduleID is the ID of the Temporal schedule that warms a project's cache.
// It has one at the most.
func WarmScheduleID(project string) string { return warmPrefix + project }

// warmCatchUp is how late a warming may start: later it would load what a batch has
// by then looked up itself.
const warmCatchUp = 10 * time.Minute

// SetWarmSchedule has a project's cache warmed at set times, in place of those that
// it had. created says whether it had none. Its error may be ErrBadSchedule.
func (c *Client) SetWarmSchedule(ctx context.Context, s WarmSchedule) (created bool, err error) {
	if err := errors.Join(s.Validate(), checkCron(s.Cron)); err != nil {
		return false, fmt.Errorf("%w: %w", ErrBadSchedule, err)
	}
	const urgency = PriorityNormal
	o := client.ScheduleOptions{
		ID:   WarmScheduleID(s.Project),
		Spec: client.ScheduleSpec{CronExpressions: cronComments(s.Cron), TimeZoneName: s.TimeZone},
		Action: &client.ScheduleWorkflowAction{
			ID:                    warmPrefix + s.Project + "/run",
			Workflow:              WarmWorkflow,
			Args:                  []any{s.WarmingInput},
			TaskQueue:             urgency.Queue(),
			Priority:              urgency.Temporal(s.Project, 0),
			StaticSummary:         s.Project + ": warm the cache",
			TypedSearchAttributes: temporal.NewSearchAttributes(AttrProject.ValueSet(s.Project)),
		},
		Overlap:       enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		CatchupWindow: warmCatchUp,
	}
	_, err = c.temporal.ScheduleClient().Create(ctx, o)
	created = err == nil
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		err = c.warmSchedule(ctx, s.Project).Update(ctx, client.ScheduleUpdateOptions{
			DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
				in.Description.Schedule.Spec = &o.Spec
				return &client.ScheduleUpdate{Schedule: &in.Description.Schedule}, nil
			},
		})
	}
	var bad *serviceerror.InvalidArgument
	switch {
	case errors.As(err, &bad):
		return false, fmt.Errorf("%w: %s", ErrBadSchedule, bad.Message)
	case err != nil:
		return false, fmt.Errorf("schedule warming of project %s: %w", s.Project, err)
	}
	return created, nil
}

// DeleteWarmSchedule ends the scheduled warming of a project's cache, and answers
// whether there was one.
func (c *Client) DeleteWarmSchedule(ctx context.Context, project string) (bool, error) {
	err := c.warmSchedule(ctx, project).Delete(ctx)
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("delete warming of project %s: %w", project, err)
	}
	return true, nil
}

// ListWarmSchedules lists them by project. One that was made a moment ago may not
// show yet.
func (c *Client) ListWarmSchedules(ctx context.Context) ([]WarmScheduleState, error) {
	const what = "list warming schedules"
	all, err := c.temporal.ScheduleClient().List(ctx, client.ScheduleListOptions{})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	list := []WarmScheduleState{}
	for all.HasNext() {
		e, err := all.Next()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		project, ours := strings.CutPrefix(e.ID, warmPrefix)
		if !ours || e.WorkflowType.Name != WarmWorkflow {
			continue
		}
		d, err := c.warmSchedule(ctx, project).Describe(ctx)
		if missing := (*serviceerror.NotFound)(nil); errors.As(err, &missing) {
			continue // deleted a moment ago
		}
		if err != nil {
			return nil, fmt.Errorf("%s: project %s: %w", what, project, err)
		}
		s := WarmScheduleState{WarmSchedule: WarmSchedule{WarmingInput: WarmingInput{Project: project}}, Next: utc(d.Info.NextActionTimes)}
		if spec := d.Schedule.Spec; spec != nil {
			s.Cron, s.TimeZone = cronOf(spec), spec.TimeZoneName
		}
		if n := len(d.Info.RecentActions); n > 0 {
			s.Latest = d.Info.RecentActions[n-1].ActualTime.UTC()
		}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b WarmScheduleState) int { return strings.Compare(a.Project, b.Project) })
	return list, nil
}

func (c *Client) warmSchedule(ctx context.Context, project string) client.ScheduleHandle {
	return c.temporal.ScheduleClient().GetHandle(ctx, WarmScheduleID(project))
}
