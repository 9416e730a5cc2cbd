package monitor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

var sizes = [][2]int{{80, 24}, {140, 40}}

func TestScreens(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		for name, keys := range map[string][]string{
			"overview":         {},
			"overview-held":    {"down"},
			"batch":            {"enter"},
			"documents":        {"enter", "enter"},
			"documents-failed": {"d", "f", "f", "f"},
			"pause":            {"p"},
			"priority":         {"u", "2"},
			"recover":          {"down", "down", "R"},
			"paused":           {"p", "y"},
		} {
			t.Run(fmt.Sprintf("%s at %v", name, size), func(t *testing.T) {
				t.Parallel()
				b := newBench(t, size[0], size[1])
				b.press(keys...)
				b.golden(name)
			})
		}
	}
}

func TestScreensWithoutASource(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		b.source.gone = map[string]error{"Metrics": errRedis}
		b.later(time.Minute)
		b.golden("no-redis")
		for _, panel := range []string{"WORKER", "STAGE", "LAST 24 HOURS"} {
			at := strings.Index(b.Frame(), panel)
			require.Positive(t, at, panel)
			assert.Contains(t, b.Frame()[at:], "no metrics", panel)
		}
		assert.Contains(t, b.Frame(), "43.2", "the batches go on")

		b.source.gone = nil
		b.later(time.Minute)
		assert.NotContains(t, b.Frame(), "no metrics", "it comes back by itself")
		assert.Contains(t, b.Frame(), "4711@desk")

		b.source.gone = map[string]error{"Queues": errors.New("no queues: Temporal at 127.0.0.1:7233 does not answer")}
		b.later(time.Minute)
		b.golden("no-temporal")
	}
}

// What to do is too long for a panel.
func TestWhatToDoAboutAMissingSourceIsNotCut(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		b.source.gone = map[string]error{"Queues": errors.New("no Temporal server: no stack runs on /srv/matters and temporal.address is not set; " +
			"run `starter dev` in another terminal, or set CASELOAD_TEMPORAL_ADDRESS")}
		b.later(time.Minute)
		frame := b.Frame()
		assert.NotContains(t, frame[strings.Index(frame, "QUEUE"):strings.Index(frame, "STAGE")], "…", "%v", size)
		foot := strings.Join(strings.Fields(frame[strings.LastIndex(frame, "no Temporal server"):]), " ")
		assert.Contains(t, foot, "or set CASELOAD_TEMPORAL_ADDRESS", "%v", size)
		var printed bytes.Buffer
		require.NoError(t, b.Print(&printed))
		assert.Contains(t, strings.Join(strings.Fields(printed.String()), " "), "or set CASELOAD_TEMPORAL_ADDRESS")
		assert.Equal(t, size[1], strings.Count(printed.String(), "\n"))
	}
}

func TestLowRatesHaveAUnit(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]string{0: "-", 43.24: "43.2", 312.4: "312", 0.1: "0.1", 0.07: "4.2/m", 1. / 60: "1.0/m", 0.01: "36/h", 2. / 3600: "2.0/h"} {
		assert.Equal(t, want, rate(v), "%v", v)
		assert.LessOrEqual(t, len(rate(v)), 6)
	}
}

func TestScreensBeforeAnything(t *testing.T) {
	t.Parallel()
	b := newBench(t, 80, 24)
	*b.source = answers{}
	b.later(time.Minute)
	b.golden("nothing")
	b.press("p", "R", "enter", "d", "j")
	assert.Contains(t, b.Frame(), "No batch runs")
	assert.Empty(t, b.actions.calls)
}

func TestStaleNumbersTellTheirAge(t *testing.T) {
	t.Parallel()
	b := newBench(t, 80, 24)
	b.source.gone = map[string]error{"Batches": errors.New("database is locked")}
	b.later(time.Minute)
	assert.Contains(t, b.Frame(), "as of 1m ago")
	assert.Contains(t, b.Frame(), "database is locked")
	assert.Contains(t, b.Frame(), "no store")
	assert.Contains(t, b.Frame(), "12880"[:2], "what was told stays")
	b.source.gone = nil
	b.later(time.Minute)
	assert.NotContains(t, b.Frame(), "as of")
}

func TestASourceIsAskedOnceAtATime(t *testing.T) {
	t.Parallel()
	b := newBench(t, 80, 24)
	b.now = b.now.Add(time.Minute)
	require.NotNil(t, b.poll())
	b.now = b.now.Add(time.Minute)
	assert.Nil(t, b.poll(), "all are under way still")
}

func TestNothingChangesWithoutAYes(t *testing.T) {
	t.Parallel()
	const id = "acme-20261124-115501-9f3a"
	for _, keys := range [][]string{{"p"}, {"p", "n"}, {"p", "enter"}, {"p", "esc"}, {"p", "x", "q"}, {"u", "esc"}, {"u", "y"}, {"u", "3", "n"}, {"R", "n"}, {"r", "p"}} {
		b := newBench(t, 80, 24)
		b.press(keys...)
		assert.Empty(t, b.actions.calls, "%v", keys)
	}
	for _, test := range []struct {
		keys []string
		want string
	}{
		{[]string{"p", "y"}, "pause " + id},
		{[]string{"p", "Y", "y", "y"}, "pause " + id},
		{[]string{"enter", "p", "y"}, "pause " + id},
		{[]string{"down", "r", "y"}, "resume harbor"},
		{[]string{"u", "0", "y"}, "move " + id + " to 0"},
		{[]string{"down", "down", "R", "y"}, "recover old"},
	} {
		b := newBench(t, 80, 24)
		b.press(test.keys...)
		assert.Equal(t, []string{test.want}, b.actions.calls, "exactly once: %v", test.keys)
	}
}

func TestAConfirmationNamesTheBatchAndWhatWillHappen(t *testing.T) {
	t.Parallel()
	b := newBench(t, 80, 24)
	b.press("p")
	assert.Contains(t, b.Frame(), "Pause batch acme-20261124-115501-9f3a?")
	assert.Contains(t, b.Frame(), "6900 wait")
	b.press("n", "down", "r")
	assert.Contains(t, b.Frame(), "Resume batch harbor (held)?")
	assert.Contains(t, b.Frame(), "probe")
	b.press("y")
	assert.Contains(t, b.Frame(), "It is done: resume harbor.")
	b.press("j")
	assert.NotContains(t, b.Frame(), "It is done")

	b.actions.err = errors.New("no worker answered within 15s")
	b.press("up", "p", "y")
	assert.Contains(t, b.Frame(), "no worker answered within 15s")
	b.press("down", "p")
	assert.Contains(t, b.Frame(), "Batch old has ended", "nothing to confirm")
}

func TestOneCommandAtATime(t *testing.T) {
	t.Parallel()
	b := newBench(t, 80, 24)
	b.press("p")
	m, cmd := b.Update(tea.KeyPressMsg{Code: 'y', Text: "y"})
	b.Model = m.(Model)
	require.NotNil(t, cmd)
	assert.Contains(t, b.Frame(), "Pausing acme")
	b.press("p")
	assert.Nil(t, b.dialog)
	b.run(cmd)
	assert.Len(t, b.actions.calls, 1)
	assert.NotContains(t, b.Frame(), "Pausing")
}

func TestDocumentsArePagedAndFiltered(t *testing.T) {
	t.Parallel()
	b := newBench(t, 80, 24)
	b.press("d")
	rows := b.pageRows()
	last := func() Page { return b.source.asked[len(b.source.asked)-1] }
	assert.Equal(t, Page{Limit: rows}, last())
	b.press("n")
	assert.Equal(t, Page{After: rows, Limit: rows}, last())
	b.press("pgdown")
	assert.Equal(t, Page{After: 2 * rows, Limit: rows}, last())
	assert.Contains(t, b.Frame(), "page 3")
	b.press("b")
	assert.Equal(t, Page{After: rows, Limit: rows}, last())
	b.press("b", "b")
	assert.Equal(t, Page{Limit: rows}, last(), "there is none before the first")

	b.press("n", "f", "f", "f")
	assert.Equal(t, Page{Outcome: batch.OutcomeFailed, Limit: rows}, last(), "a filter begins at the first page")
	assert.NotContains(t, b.Frame(), "completed")
	assert.Contains(t, b.Frame(), "DATA in extract")
	b.press("n")
	assert.Equal(t, Page{Outcome: batch.OutcomeFailed, After: 174, Limit: rows}, last())
	n := len(b.source.asked)
	b.press("n")
	assert.Len(t, b.source.asked, n, "the last page is the last")
	b.press("esc", "esc")
	assert.Contains(t, b.Frame(), "QUEUE", "back where it began")
}

func TestAnAnswerForAnotherPageIsNotShown(t *testing.T) {
	t.Parallel()
	b := newBench(t, 80, 24)
	b.press("d")
	late := told[[]Document]{key: pageKey{b.selected, Page{Outcome: batch.OutcomeCancelled, Limit: 1}}, value: []Document{{Row: 1, ID: "late"}}, at: now}
	b.send(late)
	assert.NotContains(t, b.Frame(), "late")
}

// Whatever the terminal's size and whatever names there are, a frame is as big
// as the terminal.
func TestFramesFitAnyTerminal(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"", "x", strings.Repeat("long-", 40), "株式会社-案件-漢字-ファイル.pdf", "👩‍⚖️ v. 🏛️", "line\nbreak\x1b[2Jred\x07", "e\u0301\u0301\u0301", "\u202egnol"}
	name := func() string { return names[random.IntN(len(names))] }
	for range 100 {
		b := newBench(t, 20+random.IntN(180), 5+random.IntN(60))
		for i := range b.source.batches {
			p := &b.source.batches[i].Progress
			old := p.Batch
			p.Batch, p.Project = name()+old, name()
			p.Rate, p.PageRate = math.Exp(random.Float64()*20), math.Exp(random.Float64()*20)
			p.Counts.Total = random.IntN(1 << 40)
			d := b.source.detail[old]
			d.Progress = *p
			for j := range d.Errors {
				d.Errors[j].Message = name()
			}
			b.source.detail[p.Batch] = d
		}
		for i := range b.source.documents {
			b.source.documents[i].Name, b.source.documents[i].ID, b.source.documents[i].Took = name(), name(), time.Duration(random.Int64())
		}
		for i := range b.source.metrics.Workers {
			b.source.metrics.Workers[i].Worker = name()
		}
		if random.IntN(3) == 0 {
			b.opt.Glyphs = ASCII
		}
		if random.IntN(3) == 0 {
			b.opt.Theme = Coloured()
		}
		if random.IntN(4) == 0 {
			b.source.gone = map[string]error{"Metrics": errRedis, "Batch": errors.New(name())}
		}
		b.later(time.Minute)
		b.press([]string{"up", "down", "k", "j"}[random.IntN(4)])
		for _, k := range []string{"", "p", "n", "enter", "u", "1", "n", "enter", "j"} {
			if k != "" {
				b.press(k)
			}
			b.fits(b.Frame())
			assert.NotContains(t, b.Frame(), "\x1b[2J", "names do not reach the terminal as commands")
			if b.opt.Glyphs.ascii && b.opt.Theme.title == nil {
				assert.True(t, isASCII(b.Frame()), "%q", b.Frame())
			}
			if t.Failed() {
				t.Fatalf("%dx%d after %q:\n%s", b.width, b.height, k, b.Frame())
			}
		}
	}
}

func isASCII(s string) bool {
	for _, r := range s {
		if r > 127 {
			return false
		}
	}
	return true
}

func TestColourTellsNothingThatWordsDoNot(t *testing.T) {
	t.Parallel()
	plain, coloured := newBench(t, 80, 24), newBench(t, 80, 24)
	coloured.opt.Theme = Coloured()
	assert.NotEqual(t, plain.Frame(), coloured.Frame())
	assert.Equal(t, plain.Frame(), strip(coloured.Frame()))
}

func TestWhatAWorkflowToldIsShownWithItsAge(t *testing.T) {
	t.Parallel()
	for _, size := range sizes {
		b := newBench(t, size[0], size[1])
		id := "acme-20261124-115501-9f3a"
		line := func() string {
			frame := b.Frame()
			from := strings.Index(frame, "9 ") // its priority
			require.Positive(t, from)
			return frame[from : from+strings.Index(frame[from:], "\n")]
		}
		hear := func(h Heard, wait time.Duration) {
			for i := range b.source.batches {
				if b.source.batches[i].Batch == id {
					b.source.batches[i].Heard = h
					b.source.detail[id] = Detail{Progress: b.source.batches[i].Progress, Heard: h}
				}
			}
			b.later(wait)
		}
		hear(Heard{Live: true, ToldAt: now}, 2*time.Second)
		require.NotContains(t, b.Frame(), "s old")
		b.later(7 * time.Second)
		assert.Contains(t, line(), "9s old", "%v", size)
		assert.Contains(t, line(), "43.2", "the figures stay")
		assert.Contains(t, line(), "2m42s")
		b.press("enter")
		b.later(time.Second)
		assert.Contains(t, b.Frame(), "(as of 10s")
		b.press("esc")
		assert.Contains(t, line(), "10s old")
		assert.Equal(t, size[0] == 140, strings.Contains(line(), "2m42s"), "where there is room")

		hear(Heard{SilentSince: now}, 10*time.Second)
		assert.Contains(t, line(), "no answer yet")
		hear(Heard{SilentSince: now.Add(-15 * time.Second)}, 10*time.Second)
		assert.Contains(t, line(), "no answer 45s")
		b.press("enter")
		b.later(time.Second)
		assert.Contains(t, b.Frame(), "its workflow has not answered for 46s")
		hear(Heard{}, 10*time.Second)
		assert.Contains(t, b.Frame(), "its workflow does not answer:")
	}
}

func TestOneFrameForScripts(t *testing.T) {
	t.Parallel()
	source := aDay()
	source.gone = map[string]error{"Metrics": errRedis}
	m := Once(t.Context(), source, Options{Glyphs: ASCII, Clock: func() time.Time { return now }}, 80, 24)
	var out bytes.Buffer
	require.NoError(t, m.Print(&out))
	assert.Equal(t, 24, strings.Count(out.String(), "\n"))
	assert.NotContains(t, out.String(), "\x1b")
	assert.NotContains(t, out.String(), "quit", "nobody presses keys")
	assert.Contains(t, out.String(), "harbor")
	assert.True(t, isASCII(out.String()))

	raw, err := json.Marshal(m.Snapshot())
	require.NoError(t, err)
	var s struct {
		Batches []struct {
			Batch   string
			Percent float64
			Live    bool
		}
		Queues  []Queue
		Metrics *Metrics
		Missing map[string]string
	}
	require.NoError(t, json.Unmarshal(raw, &s))
	assert.Len(t, s.Batches, 3)
	assert.Equal(t, "acme-20261124-115501-9f3a", s.Batches[0].Batch, "those that run come first")
	assert.InDelta(t, 65, s.Batches[0].Percent, 0)
	assert.Len(t, s.Queues, 4)
	assert.Nil(t, s.Metrics)
	assert.Equal(t, map[string]string{"metrics": errRedis.Error()}, s.Missing)
}

func TestSparklines(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	for _, test := range []struct {
		values []float64
		width  int
		want   string
	}{
		{nil, 5, ""},
		{[]float64{1, 2, 4, 8}, 4, "▂▃▅█"},
		{[]float64{1, 2, 4, 8}, 2, "▃█"},
		{[]float64{1, 8}, 9, "▂█"},
		{[]float64{0, 0}, 2, "▁▁"},
		{[]float64{nan, 3, nan}, 3, " █ "},
		{[]float64{nan, nan}, 1, " "},
	} {
		assert.Equal(t, test.want, Unicode.sparkline(test.values, test.width), "%v in %d", test.values, test.width)
	}
}
