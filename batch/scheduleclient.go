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

// Errors of schedules.
var (
	ErrUnknownSchedule = errors.New("no such schedule")
	// ErrScheduleExists says that a schedule has the name already, with other
	// settings; the error names them.
	ErrScheduleExists = errors.New("it exists already with other settings")
	// ErrBadSchedule says that a setting is wrong; the error tells which.
	ErrBadSchedule = errors.New("bad schedule")
	// ErrRunInProgress says that a run was not started, since an earlier one has
	// not ended.
	ErrRunInProgress = errors.New("a run is in progress")
)

// scheduleMemo is the key under which Temporal keeps a schedule's settings for
// its list.
const scheduleMemo = "caseload"

// CreateSchedule creates a schedule. One of the same name and settings is left
// as it is; created says whether there was none. Errors are ErrBadSchedule and
// ErrScheduleExists, among others.
func (c *Client) CreateSchedule(ctx context.Context, s Schedule) (created bool, err error) {
	s = s.WithDefaults()
	if err := s.Validate(); err != nil {
		return false, fmt.Errorf("%w: %w", ErrBadSchedule, err)
	}
	_, err = c.temporal.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID: ScheduleID(s.Name),
		Spec: client.ScheduleSpec{
			CronExpressions: cronComments(s.Cron), TimeZoneName: s.TimeZone, Jitter: s.Jitter,
		},
		Action: &client.ScheduleWorkflowAction{
			ID:            ScheduleWorkflowID(s.Name),
			Workflow:      IntakeWorkflow,
			Args:          []any{s.IntakeInput},
			TaskQueue:     s.Priority.Queue(),
			Priority:      s.Priority.Temporal(s.Project, 0),
			StaticSummary: fmt.Sprintf("%s: new documents, priority %s", s.Project, s.Priority),
			TypedSearchAttributes: temporal.NewSearchAttributes(
				AttrProject.ValueSet(s.Project), AttrPriority.ValueSet(int64(s.Priority))),
		},
		Overlap:       overlaps[s.Overlap],
		CatchupWindow: s.CatchUp,
		Memo:          map[string]any{scheduleMemo: s},
	})
	var invalid *serviceerror.InvalidArgument
	switch {
	case err == nil:
		return true, nil
	case errors.Is(err, temporal.ErrScheduleAlreadyRunning):
		return false, c.sameSchedule(ctx, s)
	case errors.As(err, &invalid):
		return false, fmt.Errorf("%w %s: %s", ErrBadSchedule, s.Name, invalid.Message)
	default:
		return false, fmt.Errorf("create schedule %s: %w", s.Name, err)
	}
}

// sameSchedule is an error unless the schedule there is has the settings of want.
func (c *Client) sameSchedule(ctx context.Context, want Schedule) error {
	d, err := c.schedule(ctx, want.Name).Describe(ctx)
	if err != nil {
		return describeSchedule(err, "look at schedule", want.Name)
	}
	have, err := c.stateOf(want.Name, d)
	if err != nil {
		return err
	}
	if other := differences(have.Schedule, want); len(other) > 0 {
		return fmt.Errorf("schedule %s: %w (it has %s)", want.Name, ErrScheduleExists, strings.Join(other, ", "))
	}
	return nil
}

// DescribeSchedule tells how a schedule stands, and what its latest runs came
// to.
func (c *Client) DescribeSchedule(ctx context.Context, name string) (ScheduleState, error) {
	d, err := c.schedule(ctx, name).Describe(ctx)
	if err != nil {
		return ScheduleState{}, describeSchedule(err, "look at schedule", name)
	}
	s, err := c.stateOf(name, d)
	if err != nil {
		return s, err
	}
	for i := range s.Runs {
		if err := c.runOutcome(ctx, &s.Runs[i]); err != nil {
			return s, fmt.Errorf("look at a run of schedule %s: %w", name, err)
		}
	}
	return s, nil
}

// runOutcome fills in how the run stands.
func (c *Client) runOutcome(ctx context.Context, r *IntakeRun) error {
	var forgotten *serviceerror.NotFound
	d, err := c.temporal.DescribeWorkflowExecution(ctx, r.Workflow, r.RunID)
	if errors.As(err, &forgotten) {
		return nil
	}
	if err != nil {
		return err
	}
	status := d.GetWorkflowExecutionInfo().GetStatus()
	r.Status = strings.ToLower(status.String())
	run := c.temporal.GetWorkflow(ctx, r.Workflow, r.RunID)
	switch status {
	case enumspb.WORKFLOW_EXECUTION_STATUS_COMPLETED:
		return run.Get(ctx, &r.Result)
	case enumspb.WORKFLOW_EXECUTION_STATUS_FAILED:
		var failed *temporal.ApplicationError
		if err := run.Get(ctx, nil); errors.As(err, &failed) {
			r.Failure = failed.Message()
		}
	}
	return nil
}

// ListSchedules lists the schedules by name. One that was created or changed a
// moment ago may not show it yet.
func (c *Client) ListSchedules(ctx context.Context) ([]ScheduleState, error) {
	all, err := c.temporal.ScheduleClient().List(ctx, client.ScheduleListOptions{})
	if err != nil {
		return nil, fmt.Errorf("list schedules: %w", err)
	}
	list := []ScheduleState{}
	for all.HasNext() {
		entry, err := all.Next()
		if err != nil {
			return nil, fmt.Errorf("list schedules: %w", err)
		}
		if s, ok, err := c.listedState(entry); err != nil {
			return nil, fmt.Errorf("list schedules: %w", err)
		} else if ok {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b ScheduleState) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// PauseSchedule keeps a schedule from starting runs; what runs goes on. note says
// why.
func (c *Client) PauseSchedule(ctx context.Context, name, note string) error {
	return describeSchedule(c.schedule(ctx, name).Pause(ctx, client.SchedulePauseOptions{Note: note}), "pause schedule", name)
}

// ResumeSchedule lets a paused schedule start runs again.
func (c *Client) ResumeSchedule(ctx context.Context, name, note string) error {
	return describeSchedule(c.schedule(ctx, name).Unpause(ctx, client.ScheduleUnpauseOptions{Note: note}), "resume schedule", name)
}

// TriggerSchedule asks for a run now, also of a paused schedule. overlap replaces
// the schedule's own policy, unless it is "". ErrRunInProgress says that the run
// would be skipped.
func (c *Client) TriggerSchedule(ctx context.Context, name string, overlap Overlap) error {
	h := c.schedule(ctx, name)
	d, err := h.Describe(ctx)
	if err != nil {
		return describeSchedule(err, "trigger schedule", name)
	}
	policy := overlaps[overlap]
	inForce := policy
	if overlap == "" && d.Schedule.Policy != nil {
		inForce = d.Schedule.Policy.Overlap
	}
	if inForce == enumspb.SCHEDULE_OVERLAP_POLICY_SKIP && len(d.Info.RunningWorkflows) > 0 {
		return fmt.Errorf("trigger schedule %s: %w", name, ErrRunInProgress)
	}
	return describeSchedule(h.Trigger(ctx, client.ScheduleTriggerOptions{Overlap: policy}), "trigger schedule", name)
}

// BackfillSchedule asks for the runs that the schedule has between two times,
// both included, one after the other and now. overlap is as of TriggerSchedule.
func (c *Client) BackfillSchedule(ctx context.Context, name string, from, to time.Time, overlap Overlap) error {
	if !from.Before(to) {
		return fmt.Errorf("backfill schedule %s: %w: %s is not before %s", name, ErrBadSchedule, from.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	return describeSchedule(c.schedule(ctx, name).Backfill(ctx, client.ScheduleBackfillOptions{
		Backfill: []client.ScheduleBackfill{{Start: from, End: to, Overlap: overlaps[overlap]}},
	}), "backfill schedule", name)
}

// DeleteSchedule deletes a schedule; what runs goes on.
func (c *Client) DeleteSchedule(ctx context.Context, name string) error {
	return describeSchedule(c.schedule(ctx, name).Delete(ctx), "delete schedule", name)
}

func (c *Client) schedule(ctx context.Context, name string) client.ScheduleHandle {
	return c.temporal.ScheduleClient().GetHandle(ctx, ScheduleID(name))
}

func describeSchedule(err error, what, name string) error {
	if err == nil {
		return nil
	}
	var missing *serviceerror.NotFound
	if errors.As(err, &missing) {
		err = ErrUnknownSchedule
	}
	return fmt.Errorf("%s %s: %w", what, name, err)
}
