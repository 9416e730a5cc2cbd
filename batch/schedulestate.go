package batch

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/client"
)

// stateOf reads a schedule as Temporal describes it.
func (c *Client) stateOf(name string, d *client.ScheduleDescription) (ScheduleState, error) {
	action, ok := d.Schedule.Action.(*client.ScheduleWorkflowAction)
	if !ok || action.Workflow != IntakeWorkflow || len(action.Args) != 1 {
		return ScheduleState{}, fmt.Errorf("schedule %s: it runs something else than %s", name, IntakeWorkflow)
	}
	var s ScheduleState
	raw, ok := action.Args[0].(*commonpb.Payload)
	if !ok {
		return s, fmt.Errorf("schedule %s: its input cannot be read", name)
	}
	if err := c.data.FromPayload(raw, &s.IntakeInput); err != nil {
		return s, fmt.Errorf("schedule %s: its input cannot be read: %w", name, err)
	}
	if spec := d.Schedule.Spec; spec != nil {
		s.Cron, s.TimeZone, s.Jitter = cronOf(spec), spec.TimeZoneName, spec.Jitter
	}
	if p := d.Schedule.Policy; p != nil {
		s.Overlap, s.CatchUp = overlapOf(p.Overlap), p.CatchupWindow
	}
	if st := d.Schedule.State; st != nil {
		s.Paused, s.Note = st.Paused, st.Note
	}
	s.Next, s.Runs = utc(d.Info.NextActionTimes), runsOf(d.Info.RecentActions)
	s.Running, s.Started = len(d.Info.RunningWorkflows), d.Info.NumActions
	s.Skipped, s.Missed = d.Info.NumActionsSkippedOverlap, d.Info.NumActionsMissedCatchupWindow
	return s, nil
}

// listedState reads a schedule as Temporal lists it; ok is false for one that is
// not Caseload's.
func (c *Client) listedState(e *client.ScheduleListEntry) (s ScheduleState, ok bool, err error) {
	raw := e.Memo.GetFields()[scheduleMemo]
	if e.WorkflowType.Name != IntakeWorkflow || !strings.HasPrefix(e.ID, schedulePrefix) || raw == nil {
		return s, false, nil
	}
	if err := c.data.FromPayload(raw, &s.Schedule); err != nil {
		return s, false, fmt.Errorf("settings of %s: %w", e.ID, err)
	}
	s.Paused, s.Note = e.Paused, e.Note
	s.Next, s.Runs = utc(e.NextActionTimes), runsOf(e.RecentActions)
	return s, true, nil
}

func runsOf(actions []client.ScheduleActionResult) []IntakeRun {
	runs := make([]IntakeRun, 0, len(actions))
	for _, a := range actions {
		r := IntakeRun{ScheduledAt: a.ScheduleTime.UTC(), StartedAt: a.ActualTime.UTC()}
		if w := a.StartWorkflowResult; w != nil {
			r.Workflow, r.RunID = w.WorkflowID, w.FirstExecutionRunID
		}
		runs = append(runs, r)
	}
	return runs
}

func utc(times []time.Time) []time.Time {
	out := make([]time.Time, len(times))
	for i, t := range times {
		out[i] = t.UTC()
	}
	return out
}

// cronComments gives each expression itself as a comment: Temporal keeps that,
// and of the expression only what it means.
func cronComments(cron []string) []string {
	out := make([]string, len(cron))
	for i, c := range cron {
		out[i] = c + " #" + canonicalCron(c)
	}
	return out
}

const everyPrefix = "@every "

// cronOf is a schedule's times as cron expressions. One that did not come from an
// expression is shown as "(calendar)".
func cronOf(spec *client.ScheduleSpec) []string {
	var cron []string
	for _, c := range spec.Calendars {
		expr := c.Comment
		if expr == "" {
			expr = "(calendar)"
		}
		cron = append(cron, expr)
	}
	for _, i := range spec.Intervals {
		expr := everyPrefix + i.Every.String()
		if i.Offset != 0 {
			expr += "/" + i.Offset.String()
		}
		cron = append(cron, expr)
	}
	return cron
}

// canonicalCron is an expression as cronOf gives it back.
func canonicalCron(expr string) string {
	expr = strings.Join(strings.Fields(expr), " ")
	interval, ok := strings.CutPrefix(expr, everyPrefix)
	if !ok {
		return expr
	}
	parts := strings.Split(interval, "/")
	for i, p := range parts {
		if d, err := time.ParseDuration(p); err == nil {
			parts[i] = d.String()
		}
	}
	return everyPrefix + strings.Join(parts, "/")
}

// differences names the settings in which two schedules differ, with what a has.
func differences(a, b Schedule) []string {
	var other []string
	check := func(same bool, what string, has any) {
		if !same {
			other = append(other, fmt.Sprintf("%s %v", what, has))
		}
	}
	check(slices.Equal(sortedCron(a.Cron), sortedCron(b.Cron)), "cron", strings.Join(a.Cron, " and "))
	check(a.TimeZone == b.TimeZone, "time zone", cmp.Or(a.TimeZone, "UTC"))
	check(a.Source == b.Source, "source", a.Source)
	check(a.Root == b.Root, "root", cmp.Or(a.Root, "none"))
	check(a.Project == b.Project, "project", a.Project)
	check(a.Priority == b.Priority, "priority", a.Priority)
	check(sameOptions(a.Options, b.Options), "concurrency", a.Options.Concurrency)
	check(maps.Equal(a.Options.Retry, b.Options.Retry), "retry", a.Options.Retry)
	check(reflect.DeepEqual(a.Options.Model, b.Options.Model), "model", a.Options.Model.words())
	check(a.Overlap == b.Overlap, "overlap", a.Overlap)
	check(a.CatchUp == b.CatchUp, "catch-up window", a.CatchUp)
	check(a.Jitter == b.Jitter, "jitter", a.Jitter)
	return other
}

// sameOptions compares options but for Retry and Model.
func sameOptions(a, b Options) bool {
	a.Retry, b.Retry, a.Model, b.Model = nil, nil, nil, nil
	return reflect.DeepEqual(a.WithDefaults(), b.WithDefaults())
}

func sortedCron(cron []string) []string {
	out := make([]string, len(cron))
	for i, c := range cron {
		out[i] = canonicalCron(c)
	}
	slices.Sort(out)
	return out
}
