package batch

import (
	"encoding/json"
	"fmt"
	"time"
)

// Updates on a batch workflow. Each answers a CommandResult once it is in
// force. The first three are signals too, for the Temporal Web UI's button.
const (
	CommandReprioritize   = "reprioritize"    // takes a Reprioritize
	CommandPause          = "pause"           // takes a Pause
	CommandResume         = "resume"          // takes a Resume
	CommandCancel         = "cancel"          // takes a Cancel
	CommandSetConcurrency = "set-concurrency" // takes a SetConcurrency
)

// Kinds of Decision that a batch makes itself. The kinds of others are the
// commands' names.
const (
	DecisionDeadline  = "deadline"  // to meet its deadline
	DecisionHold      = "hold"      // starts nothing until a person has put a cause right
	DecisionProbe     = "probe"     // one document was read to see whether the cause is gone
	DecisionThreshold = "threshold" // gives up: more failed than may
	DecisionStart     = "start"     // goes on in a new workflow, since its last one had failed or was terminated
	DecisionRefused   = "refused"   // a signal that could not be carried out
)

// Decision is one change of a batch's course: a command that was carried out, or
// what the batch decided itself.
type Decision struct {
	At     time.Time `json:"at"`
	By     string    `json:"by"`     // a person, "signal", ByTemporal or ByBatch
	Kind   string    `json:"kind"`   // a command's name, or one of the batch's own
	Detail string    `json:"detail"` // what changed and why, such as "priority 1 (low) to 9 (high)"
}

// ByBatch is who decided where the batch did so itself.
const ByBatch = "batch"

// ByTemporal is who cancelled a batch whose workflow was cancelled in Temporal, which
// does not say by whom.
const ByTemporal = "temporal"

// MaxDecisions bounds the decisions that a batch reports: the latest ones.
const MaxDecisions = 50

// Control is how a batch is being run.
type Control struct {
	Status      Status    `json:"status"` // running, waiting or ending
	Priority    Priority  `json:"priority"`
	Concurrency int       `json:"concurrency"`
	By          string    `json:"by,omitempty"` // who paused or cancelled it
	Since       time.Time `json:"since,omitzero"`
	Reason      string    `json:"reason,omitempty"`
}

// Reprioritize moves everything of a batch that has not run to another priority.
// As JSON it is {"priority": 9}; a bare 9 or "high" will do.
type Reprioritize struct {
	Priority Priority `json:"priority"`
	By       string   `json:"by,omitempty"`
	Reason   string   `json:"reason,omitempty"`
}

// UnmarshalJSON reads an object, or a bare level or name.
func (r *Reprioritize) UnmarshalJSON(data []byte) error {
	type plain struct {
		Priority json.RawMessage `json:"priority"`
		By       string          `json:"by"`
		Reason   string          `json:"reason"`
	}
	p := plain{Priority: data}
	if len(data) > 0 && data[0] == '{' {
		p.Priority = nil
		if err := json.Unmarshal(data, &p); err != nil {
			return fmt.Errorf("reprioritize: %w", err)
		}
		if len(p.Priority) == 0 {
			return fmt.Errorf(`reprioritize: no priority given, such as {"priority": 9}`)
		}
	}
	var name string
	if json.Unmarshal(p.Priority, &name) != nil {
		name = string(p.Priority)
	}
	level, err := ParsePriority(name)
	if err != nil {
		return fmt.Errorf("reprioritize: %w", err)
	}
	*r = Reprioritize{Priority: level, By: p.By, Reason: p.Reason}
	return nil
}

// Pause stops a batch from starting documents; those that are being read are
// read to their end.
type Pause struct {
	By     string `json:"by,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// Resume lets a paused batch go on.
type Resume struct {
	By     string `json:"by,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// CancelMode is what becomes of documents that are being read when their batch
// is cancelled.
type CancelMode string

// The modes: documents in work are read to their end, within a time; or they
// are stopped.
const (
	CancelDrain CancelMode = "drain"
	CancelNow   CancelMode = "now"
)

// DefaultDrain is how long documents in work have when a batch is cancelled with
// CancelDrain.
const DefaultDrain = 10 * time.Minute

// Cancel ends a batch: every row without an outcome ends as cancelled. Within
// bounds the draining: then the documents in work are stopped.
type Cancel struct {
	Mode   CancelMode    `json:"mode,omitempty"`      // default CancelDrain
	Within time.Duration `json:"within_ns,omitempty"` // default DefaultDrain
	By     string        `json:"by,omitempty"`
	Reason string        `json:"reason,omitempty"`
}

// WithDefaults fills in what is not set.
func (c Cancel) WithDefaults() Cancel {
	if c.Mode == "" {
		c.Mode = CancelDrain
	}
	if c.Within == 0 {
		c.Within = DefaultDrain
	}
	return c
}

// Validate reports what is wrong with the command.
func (c Cancel) Validate() error {
	if c.Mode != CancelDrain && c.Mode != CancelNow {
		return fmt.Errorf("cancel mode %q: want %s or %s", c.Mode, CancelDrain, CancelNow)
	}
	if c.Within < 0 {
		return fmt.Errorf("cancel within %s: want a positive time", c.Within)
	}
	return nil
}

// SetConcurrency changes how many documents are in flight at once.
type SetConcurrency struct {
	Concurrency int    `json:"concurrency"`
	By          string `json:"by,omitempty"`
	Reason      string `json:"reason,omitempty"`
}

// CommandResult is what a command answers with.
type CommandResult struct {
	Changed bool    `json:"changed"` // false if the batch was so already
	Message string  `json:"message"` // for a person
	Control Control `json:"control"` // in force now
	// Moved, of a Reprioritize, is the documents queued that were moved.
	Moved int `json:"moved,omitempty"`
	// InWork is the documents in flight: of a Reprioritize, those being read, whose
	// next stages move; of a Pause, those that had not been given back when it was
	// answered.
	InWork int `json:"in_work,omitempty"`
	// Unstarted is the rows that are to be started: of a Resume, when it came into force;
	// of a Pause, with those that it had given back.
	Unstarted int `json:"unstarted,omitempty"`
	// GivenBack, of a Pause, is the documents in flight that were queued or waited for
	// OCR, and start again when the batch goes on. More may be given back later.
	GivenBack int `json:"given_back,omitempty"`
}
