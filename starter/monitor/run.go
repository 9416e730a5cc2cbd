package monitor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
)

// Run shows the monitor on a terminal until a person leaves it or ctx ends.
func Run(ctx context.Context, s Source, a Actions, o Options, in, out *os.File) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	_, err := tea.NewProgram(New(ctx, s, a, o), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out)).Run()
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil {
		return context.Canceled
	}
	if err != nil {
		return fmt.Errorf("monitor: %w", err)
	}
	return nil
}

// Once asks every source once, and answers with the monitor as it stands then.
func Once(ctx context.Context, s Source, o Options, width, height int) Model {
	m := New(ctx, s, nil, o)
	m.width, m.height = width, height
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	fetch(ctx, &wg, &mu, &m, s.Batches)
	fetch(ctx, &wg, &mu, &m, s.Queues)
	fetch(ctx, &wg, &mu, &m, s.Metrics)
	fetch(ctx, &wg, &mu, &m, s.Errors)
	wg.Wait()
	m.now = m.clock()
	m.selected = "" // nobody is there to act
	return m
}

func fetch[T any](ctx context.Context, wg *sync.WaitGroup, mu *sync.Mutex, m *Model, from func(context.Context) (T, error)) {
	wg.Go(func() {
		v, err := from(ctx)
		mu.Lock()
		defer mu.Unlock()
		m.take(told[T]{value: v, err: err, at: m.clock()})
	})
}

// Print writes one frame without the keys, its lines as long as they need be.
func (m Model) Print(w io.Writer) error {
	g := m.opt.Glyphs
	text, _ := m.status()
	foot := g.wrap(text, m.width, 3)
	if text == "" {
		foot = nil
	}
	body := max(m.height-1-len(foot), 0)
	lines := append([]string{m.header(m.width)}, block(g, m.overviewView(m.width, body), m.width, body)...)
	lines = append(lines, foot...)
	for _, line := range lines {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " ")); err != nil {
			return fmt.Errorf("write output: %w", err)
		}
	}
	return nil
}

// Snapshot is what the overview shows, for programs.
func (m Model) Snapshot() Snapshot {
	s := Snapshot{At: m.now.UTC().Truncate(time.Millisecond), Batches: m.batches.value, Queues: m.queues.value, Errors: m.errors.value, Missing: map[string]string{}}
	if m.metrics.err == nil {
		s.Metrics = &m.metrics.value
	}
	for what, err := range map[string]error{"store": errors.Join(m.batches.err, m.errors.err), "temporal": m.queues.err, "metrics": m.metrics.err} {
		if err != nil {
			s.Missing[what] = err.Error()
		}
	}
	return s
}
