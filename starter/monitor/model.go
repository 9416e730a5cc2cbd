package monitor

import (
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/caseload/caseload/batch"
)

// How often each source is asked, and how long it may take.
const (
	tickEvery      = 500 * time.Millisecond
	batchesEvery   = time.Second
	queuesEvery    = 2 * time.Second
	metricsEvery   = 3 * time.Second
	errorsEvery    = 5 * time.Second
	detailEvery    = time.Second
	documentsEvery = 2 * time.Second
	fetchTimeout   = 5 * time.Second
)

// feed is the latest that a source has told.
type feed[T any] struct {
	value T
	at    time.Time // when it was told; zero before the first time
	err   error     // of the latest try
	due   time.Time
	busy  bool
	every time.Duration
}

// stale says whether the value is older than it should be.
func (f feed[T]) stale(now time.Time) bool {
	return !f.at.IsZero() && now.Sub(f.at) > 3*f.every+fetchTimeout
}

// told is an answer of a source. key tells for which batch and page it is.
type told[T any] struct {
	key   any
	value T
	err   error
	at    time.Time
}

func (f *feed[T]) take(m told[T]) {
	f.busy, f.err, f.due = false, m.err, m.at.Add(f.every)
	if m.err == nil {
		f.value, f.at = m.value, m.at
	}
}

// ask is a command that fetches the feed if it is due.
func ask[T any](m *Model, f *feed[T], key any, fetch func(context.Context) (T, error)) tea.Cmd {
	if f.busy || m.now.Before(f.due) {
		return nil
	}
	f.busy = true
	ctx, clock := m.ctx, m.clock
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
		defer cancel()
		v, err := fetch(ctx)
		return told[T]{key, v, err, clock()}
	}
}

// screen is what is shown.
type screen int

const (
	overview screen = iota
	oneBatch
	documents
)

type tick time.Time

// Options are how the monitor looks and what it is called.
type Options struct {
	Where  string // what is monitored: the data folder, or the server
	Glyphs Glyphs
	Theme  Theme
	Clock  func() time.Time // default time.Now
}

// Model is the state of the monitor. It implements tea.Model.
type Model struct {
	ctx     context.Context
	source  Source
	actions Actions
	opt     Options
	clock   func() time.Time

	now           time.Time
	width, height int

	batches  feed[[]Batch]
	queues   feed[[]Queue]
	metrics  feed[Metrics]
	errors   feed[Errors]
	detail   feed[Detail]
	document feed[[]Document]

	screen   screen
	selected string // ID of the batch that keys act on
	page     pager
	dialog   *dialog
	notice   notice
	acting   string // what is being done; "" if nothing
}

// New is a monitor. Everything it starts ends with ctx.
func New(ctx context.Context, s Source, a Actions, o Options) Model {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	m := Model{ctx: ctx, source: s, actions: a, opt: o, clock: o.Clock, now: o.Clock(), width: 80, height: 24}
	m.batches.every, m.queues.every, m.metrics.every = batchesEvery, queuesEvery, metricsEvery
	m.errors.every, m.detail.every, m.document.every = errorsEvery, detailEvery, documentsEvery
	return m
}

// Init implements tea.Model.
func (m Model) Init() tea.Cmd {
	return func() tea.Msg { return tick(m.clock()) }
}

// poll asks every source that is due, each by a command of its own.
func (m *Model) poll() tea.Cmd {
	cmds := []tea.Cmd{
		ask(m, &m.batches, nil, m.source.Batches),
		ask(m, &m.queues, nil, m.source.Queues),
		ask(m, &m.metrics, nil, m.source.Metrics),
		ask(m, &m.errors, nil, m.source.Errors),
	}
	if id := m.selected; m.screen != overview {
		cmds = append(cmds, ask(m, &m.detail, id, func(ctx context.Context) (Detail, error) { return m.source.Batch(ctx, id) }))
	}
	if m.screen == documents {
		id, p := m.selected, m.page.query(m.pageRows())
		cmds = append(cmds, ask(m, &m.document, pageKey{id, p}, func(ctx context.Context) ([]Document, error) {
			return m.source.Documents(ctx, id, p)
		}))
	}
	return tea.Batch(cmds...)
}

// pageKey tells which documents were asked for.
type pageKey struct {
	id string
	p  Page
}

// refresh makes everything due.
func (m *Model) refresh() {
	for _, due := range []*time.Time{&m.batches.due, &m.queues.due, &m.errors.due, &m.detail.due, &m.document.due} {
		*due = time.Time{}
	}
}

// current is the batch that keys act on.
func (m *Model) current() (batch.Progress, bool) {
	if m.screen != overview && m.detail.value.Progress.Batch == m.selected && m.selected != "" {
		return m.detail.value.Progress, true
	}
	for _, b := range m.batches.value {
		if b.Batch == m.selected {
			return b.Progress, true
		}
	}
	return batch.Progress{}, false
}

// index is the place of the selected batch in the list, -1 if it has none.
func (m *Model) index() int {
	return slices.IndexFunc(m.batches.value, func(b Batch) bool { return b.Batch == m.selected })
}

// Sorted puts batches in the order of the list: those that run, those that wait
// for a person, those that have not started; then those that have ended, latest
// first.
func Sorted(batches []Batch) []Batch {
	rank := func(b Batch) int {
		switch {
		case b.Status.Terminal():
			return 3
		case b.Status == batch.StatusRegistered:
			return 2
		case b.Status.Waiting(), b.Status == batch.StatusStopped:
			return 1
		}
		return 0
	}
	out := slices.Clone(batches)
	slices.SortStableFunc(out, func(a, b Batch) int {
		if c := rank(a) - rank(b); c != 0 {
			return c
		}
		if a.FinishedAt != nil && b.FinishedAt != nil {
			return b.FinishedAt.Compare(*a.FinishedAt)
		}
		if c := int(b.Priority) - int(a.Priority); c != 0 {
			return c
		}
		return strings.Compare(a.Batch, b.Batch)
	})
	return out
}

// notice is what was done last, until the next key.
type notice struct {
	text string
	bad  bool
}
