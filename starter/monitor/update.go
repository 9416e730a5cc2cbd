package monitor

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/caseload/caseload/batch"
)

// Update implements tea.Model. It never waits: what takes time is a command.
func (m Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tick:
		m.now = m.clock()
		poll := m.poll()
		return m, tea.Batch(poll, m.nextTick())
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.document.due = m.now
	case tea.KeyPressMsg:
		return m.key(msg.String())
	case planned:
		return m.plannedRecovery(msg), nil
	case done:
		m.acting, m.notice = "", notice{msg.words, false}
		if msg.err != nil {
			m.notice = notice{msg.err.Error(), true}
		}
		m.refresh()
	default:
		m.take(msg)
	}
	return m, nil
}

func (m *Model) nextTick() tea.Cmd {
	return tea.Tick(tickEvery, func(at time.Time) tea.Msg { return tick(at) })
}

// take keeps what a source has told.
func (m *Model) take(msg tea.Msg) {
	switch msg := msg.(type) {
	case told[[]Batch]:
		msg.value = Sorted(msg.value)
		m.batches.take(msg)
		if m.screen == overview && m.index() < 0 {
			m.selected = ""
			if len(m.batches.value) > 0 {
				m.selected = m.batches.value[0].Batch
			}
		}
	case told[[]Queue]:
		m.queues.take(msg)
	case told[Metrics]:
		m.metrics.take(msg)
	case told[Errors]:
		m.errors.take(msg)
	case told[Detail]:
		if msg.key == m.selected {
			m.detail.take(msg)
		}
	case told[[]Document]:
		if msg.key == any(pageKey{m.selected, m.page.query(m.pageRows())}) {
			m.document.take(msg)
			m.page.cursor = min(m.page.cursor, max(len(msg.value)-1, 0))
		} else { // another page is wanted by now
			m.document.busy, m.document.due = false, m.now
		}
	}
}

// key does what a key stands for.
func (m Model) key(k string) (tea.Model, tea.Cmd) {
	if k == "ctrl+c" {
		return m, tea.Quit
	}
	if m.dialog != nil {
		return m.answer(k)
	}
	m.notice = notice{}
	switch k {
	case "q":
		return m, tea.Quit
	case "esc", "backspace", "left", "h":
		return m.back(), nil
	}
	if model, cmd, ok := m.actionKey(k); ok {
		return model, cmd
	}
	if m.screen == documents {
		m.documentsKey(k)
	} else {
		m.batchKey(k)
	}
	return m, m.poll()
}

// batchKey moves between batches and into them.
func (m *Model) batchKey(k string) {
	switch k {
	case "up", "k":
		m.move(-1)
	case "down", "j":
		m.move(1)
	case "pgup":
		m.move(-10)
	case "pgdown":
		m.move(10)
	case "home", "g":
		m.move(-len(m.batches.value))
	case "end", "G":
		m.move(len(m.batches.value))
	case "enter", "right", "l":
		switch {
		case m.selected == "":
		case m.screen == overview:
			m.open(oneBatch)
		default:
			m.open(documents)
		}
	case "d":
		if m.selected != "" {
			m.open(documents)
		}
	}
}

func (m *Model) move(by int) {
	if m.screen != overview || len(m.batches.value) == 0 {
		return
	}
	i := min(max(max(m.index(), 0)+by, 0), len(m.batches.value)-1)
	m.selected = m.batches.value[i].Batch
}

// open shows the selected batch, or its documents.
func (m *Model) open(s screen) {
	if m.screen == overview {
		m.detail = feed[Detail]{every: m.detail.every}
	}
	m.screen = s
	if s == documents {
		m.page = pager{}
		m.turn()
	}
}

func (m Model) back() Model {
	if m.screen > overview {
		m.screen--
	}
	return m
}

// actionKey has a person confirm what changes a batch.
func (m Model) actionKey(k string) (Model, tea.Cmd, bool) {
	switch k {
	case "p", "r", "u", "R":
	default:
		return m, nil, false
	}
	b, ok := m.current()
	switch {
	case !ok:
		m.notice = notice{"No batch is selected.", true}
	case m.acting != "":
		m.notice = notice{m.acting + " Wait for the answer.", true}
	case k == "R":
		return m, m.planRecovery(b.Batch), true
	case b.Status.Terminal():
		m.notice = notice{fmt.Sprintf("Batch %s has ended (%s).", b.Batch, b.Status), true}
	case k == "p":
		m.dialog = m.confirmPause(b)
	case k == "r":
		m.dialog = m.confirmResume(b)
	case k == "u":
		m.dialog = m.priorityDialog(b)
	}
	return m, nil, true
}

// statusWord is a batch's state in up to ten characters.
func statusWord(s batch.Status) string {
	switch s {
	case batch.StatusRegistered:
		return "not begun"
	case batch.StatusCompleted, batch.StatusCompletedWithFailures:
		return "done"
	case batch.StatusFailed:
		return "gave up"
	}
	return string(s)
}
