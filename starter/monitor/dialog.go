package monitor

import (
	"context"
	"fmt"

	tea "charm.land/bubbletea/v2"

	"github.com/caseload/caseload/batch"
)

// dialog is a question that waits for an answer.
type dialog struct {
	question string
	// With choose, a digit answers, and the dialog it leads to takes over.
	choose func(digit int) *dialog
	// Otherwise y has it done, in the words of doing.
	doing string
	do    func(ctx context.Context) (string, error)
}

func (d dialog) keys() string {
	if d.choose != nil {
		return "[0-9, Esc leaves it]"
	}
	return "[y/N]"
}

// done is how an action ended.
type done struct {
	words string
	err   error
}

// planned is what a recovery of a batch would do.
type planned struct {
	id   string
	plan Plan
	err  error
}

// answer is a key while a question waits. Only y is a yes.
func (m Model) answer(k string) (tea.Model, tea.Cmd) {
	d := m.dialog
	if d.choose != nil && len(k) == 1 && k[0] >= '0' && k[0] <= '9' {
		m.dialog = d.choose(int(k[0] - '0'))
		return m, nil
	}
	switch k {
	case "y", "Y":
		if d.do == nil {
			return m, nil
		}
		m.dialog, m.acting = nil, d.doing
		ctx := m.ctx
		return m, func() tea.Msg {
			words, err := d.do(ctx)
			return done{words, err}
		}
	case "n", "N", "esc", "enter", "q":
		m.dialog, m.notice = nil, notice{"Left as it is.", false}
	}
	return m, nil
}

func (m *Model) confirmPause(b batch.Progress) *dialog {
	a := m.actions
	return &dialog{
		question: fmt.Sprintf("Pause batch %s? It starts no more documents; those being read of %d in flight end, others are given back; %d wait.",
			b.Batch, b.Counts.Running, b.Counts.Pending),
		doing: fmt.Sprintf("Pausing %s …", b.Batch),
		do:    func(ctx context.Context) (string, error) { return a.Pause(ctx, b.Batch) },
	}
}

func (m *Model) confirmResume(b batch.Progress) *dialog {
	a := m.actions
	what := fmt.Sprintf("It goes on with what has not started: %s.", batch.Counted(b.Counts.Pending, "document"))
	if b.Status == batch.StatusHeld {
		what = "One document that failed is read as a probe; the others follow if it passes."
	}
	return &dialog{
		question: fmt.Sprintf("Resume batch %s (%s)? %s", b.Batch, b.Status, what),
		doing:    fmt.Sprintf("Resuming %s …", b.Batch),
		do:       func(ctx context.Context) (string, error) { return a.Resume(ctx, b.Batch) },
	}
}

// priorityDialog asks for the level first, and then whether that is meant.
func (m *Model) priorityDialog(b batch.Progress) *dialog {
	a := m.actions
	return &dialog{
		question: fmt.Sprintf("New priority of batch %s, which has %s? 9 is the most urgent.", b.Batch, b.Priority),
		choose: func(digit int) *dialog {
			p := batch.Priority(digit)
			return &dialog{
				question: fmt.Sprintf("Move batch %s from priority %s to %s? Everything of it that has not run moves: %d documents wait, %d are in flight.",
					b.Batch, b.Priority, p, b.Counts.Pending, b.Counts.Running),
				doing: fmt.Sprintf("Moving %s …", b.Batch),
				do:    func(ctx context.Context) (string, error) { return a.Reprioritize(ctx, b.Batch, p) },
			}
		},
	}
}

// planRecovery finds out what a recovery would do, to ask for it then.
func (m *Model) planRecovery(id string) tea.Cmd {
	m.acting = fmt.Sprintf("Looking what of %s can be recovered …", id)
	ctx, a := m.ctx, m.actions
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
		defer cancel()
		p, err := a.PlanRecovery(ctx, id)
		return planned{id, p, err}
	}
}

func (m Model) plannedRecovery(msg planned) Model {
	m.acting = ""
	switch {
	case msg.err != nil:
		m.notice = notice{msg.err.Error(), true}
	case msg.plan.Rows == 0:
		m.notice = notice{msg.plan.Words, false}
	case m.dialog == nil:
		a := m.actions
		m.dialog = &dialog{
			question: fmt.Sprintf("Recover batch %s? %s They are read again as a batch of its own.", msg.id, msg.plan.Words),
			doing:    fmt.Sprintf("Starting the recovery of %s …", msg.id),
			do:       func(ctx context.Context) (string, error) { return a.Recover(ctx, msg.id) },
		}
	}
	return m
}
