package batch

import (
	"errors"
	"fmt"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
)

// IntakeWorkflow is the workflow type of a schedule's run. It takes an
// IntakeInput and answers an IntakeResult.
const IntakeWorkflow = "ScheduledIntake"

// IntakeInput starts a run of a schedule: where it looks for new documents, and
// how the batch of them is run.
type IntakeInput struct {
	Name    string `json:"schedule"` // of the schedule
	Project string `json:"project"`
	// Source is a folder's absolute path, or the URI of a bucket and a prefix in
	// it. Histories hold it, and a batch's record.
	Source string `json:"source"`
	// Root is a folder that a local Source must lie in, symbolic links resolved; ""
	// for any.
	Root     string   `json:"root,omitempty"`
	Priority Priority `json:"priority"`
	Options  Options  `json:"options"` // of each batch; a Deadline has no meaning
}

// Validate reports what is wrong with the input.
func (in IntakeInput) Validate() error {
	errs := []error{
		CheckScheduleName(in.Name), CheckName("project", in.Project), CheckPriority(in.Priority), in.Options.validate(),
	}
	if in.Source == "" {
		errs = append(errs, errors.New("no source: name a folder or a bucket"))
	}
	if !in.Options.Deadline.IsZero() {
		errs = append(errs, errors.New("a deadline is a point in time: a schedule's batches can have none"))
	}
	return errors.Join(errs...)
}

// IntakeResult is what a run found. Listed is the sum of the next three.
type IntakeResult struct {
	Batch     string `json:"batch,omitempty"` // "" if nothing was new
	Listed    int    `json:"listed"`
	New       int    `json:"new"`       // rows of the batch
	Unchanged int    `json:"unchanged"` // content that the project holds, or that a row took before
	// Unreadable files cannot be read, and a row of an earlier batch says so. Those
	// that no row told of are New: their rows fail.
	Unreadable int    `json:"unreadable"`
	Status     Status `json:"status,omitempty"` // of the batch when the run ended
}

// maxScheduleName leaves room for what the IDs of a schedule's batches have
// besides.
const maxScheduleName = 50

// CheckScheduleName reports whether s can be a schedule's name: one as CheckName
// wants it, of at most 50 characters.
func CheckScheduleName(s string) error {
	if len(s) > maxScheduleName {
		return fmt.Errorf("schedule %q: use at most %d characters", s, maxScheduleName)
	}
	return CheckName("schedule", s)
}

const schedulePrefix = "schedule/"

// ScheduleID is the ID of the Temporal schedule called name.
func ScheduleID(name string) string { return schedulePrefix + name }

// ScheduleWorkflowID is the workflow ID of a schedule's runs. Temporal appends
// the time that a run was scheduled for.
func ScheduleWorkflowID(name string) string { return schedulePrefix + name + "/run" }

// IntakeBatchID is the ID of the batch that a run of the schedule makes, such as
// "nightly-20261123-020000-9f3a": the time it was scheduled for, and the end of
// its run ID, since there may be more than one for a time.
func IntakeBatchID(schedule string, scheduled time.Time, runID string) string {
	return fmt.Sprintf("%s-%s-%s", schedule, scheduled.UTC().Format("20060102-150405"), runID[max(0, len(runID)-4):])
}

// Overlap says what becomes of a run that is due while an earlier one, with its
// batch, has not ended.
type Overlap string

// The overlap policies. A run that is skipped loses nothing: the next one takes
// what is new by then.
const (
	OverlapSkip      Overlap = "skip"       // it is left out
	OverlapBufferOne Overlap = "buffer-one" // it waits for the end of the earlier one; others are left out
	OverlapAllow     Overlap = "allow"      // it runs beside the earlier one
)

var overlaps = map[Overlap]enumspb.ScheduleOverlapPolicy{
	OverlapSkip:      enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
	OverlapBufferOne: enumspb.SCHEDULE_OVERLAP_POLICY_BUFFER_ONE,
	OverlapAllow:     enumspb.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL,
}

// ParseOverlap reads an overlap policy; "" is OverlapSkip.
func ParseOverlap(s string) (Overlap, error) {
	o := Overlap(strings.ToLower(strings.TrimSpace(s)))
	if o == "" {
		return OverlapSkip, nil
	}
	if _, ok := overlaps[o]; !ok {
		return "", fmt.Errorf("overlap %q: want %s, %s or %s", s, OverlapSkip, OverlapBufferOne, OverlapAllow)
	}
	return o, nil
}

// overlapOf is the policy's name, or Temporal's own name of one that is not
// among ours.
func overlapOf(p enumspb.ScheduleOverlapPolicy) Overlap {
	for o, policy := range overlaps {
		if policy == p {
			return o
		}
	}
	return Overlap(strings.ToLower(p.String()))
}

// Bounds and default of Schedule.CatchUp.
const (
	DefaultCatchUp = 24 * time.Hour
	MinCatchUp     = 10 * time.Second // Temporal's
)

// Schedule is when new documents are taken in, and how.
type Schedule struct {
	IntakeInput
	// Cron are the times, each as 5 to 7 fields, @daily and the like, or "@every
	// 12h". They add up.
	Cron     []string `json:"cron"`
	TimeZone string   `json:"time_zone"` // IANA name; "" means UTC
	Overlap  Overlap  `json:"overlap"`   // default OverlapSkip
	// CatchUp is how late a run may start that was missed because the server was
	// down: default DefaultCatchUp, at least MinCatchUp.
	CatchUp time.Duration `json:"catch_up_ns"`
	// Jitter delays each run by a random time up to it.
	Jitter time.Duration `json:"jitter_ns,omitempty"`
}

// WithDefaults fills in what is not set.
func (s Schedule) WithDefaults() Schedule {
	s.Options = s.Options.WithDefaults()
	if s.Overlap == "" {
		s.Overlap = OverlapSkip
	}
	if s.CatchUp == 0 {
		s.CatchUp = DefaultCatchUp
	}
	return s
}

// Validate reports what is wrong with the schedule. Whether cron expressions and
// the time zone are known only the server can tell.
func (s Schedule) Validate() error {
	errs := []error{s.IntakeInput.Validate(), checkCron(s.Cron)}
	if _, ok := overlaps[s.Overlap]; !ok {
		_, err := ParseOverlap(string(s.Overlap))
		errs = append(errs, err)
	}
	if s.CatchUp < MinCatchUp {
		errs = append(errs, fmt.Errorf("catch-up window %s: want %s or more", s.CatchUp, MinCatchUp))
	}
	if s.Jitter < 0 {
		errs = append(errs, fmt.Errorf("jitter %s: want a positive time", s.Jitter))
	}
	return errors.Join(errs...)
}

// CheckCron reports what of a cron expression only the program refuses; all else
// only the server can tell.
func CheckCron(expr string) error {
	if strings.ContainsRune(expr, '#') || strings.Contains(expr, "TZ=") {
		return fmt.Errorf("%q: leave out comments and time zones; the zone has a setting of its own", expr)
	}
	return nil
}

// checkCron reports what is wrong with a schedule's times, as far as can be told
// here.
func checkCron(cron []string) error {
	if len(cron) == 0 {
		return errors.New(`no times: give a cron expression, such as "0 2 * * *"`)
	}
	var errs []error
	for _, c := range cron {
		if err := CheckCron(c); err != nil {
			errs = append(errs, fmt.Errorf("cron %w", err))
		}
	}
	return errors.Join(errs...)
}

// ScheduleState is a schedule and how it stands.
type ScheduleState struct {
	Schedule
	Paused bool        `json:"paused"`
	Note   string      `json:"note,omitempty"` // why it is paused, or whatever was said last
	Next   []time.Time `json:"next"`           // the next runs; those that a pause keeps from running too
	Runs   []IntakeRun `json:"runs"`           // the latest, oldest first
	// The next four are known of a schedule that was asked for by name.
	Running int `json:"running,omitempty"` // runs that have not ended
	Started int `json:"started,omitempty"` // runs so far
	Skipped int `json:"skipped,omitempty"` // since an earlier run had not ended
	Missed  int `json:"missed,omitempty"`  // since the server was down for longer than CatchUp
}

// IntakeRun is a run of a schedule.
type IntakeRun struct {
	ScheduledAt time.Time `json:"scheduled_at"`
	StartedAt   time.Time `json:"started_at"`
	Workflow    string    `json:"workflow"`
	RunID       string    `json:"run_id"`
	// Status is that of the workflow in lower case, such as "running" or
	// "completed": "" if it was not asked for, or Temporal has forgotten it.
	Status  string        `json:"status,omitempty"`
	Result  *IntakeResult `json:"result,omitempty"`  // of a completed run
	Failure string        `json:"failure,omitempty"` // why a failed run failed
}
