package faults

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document/classify"
)

func parse(t *testing.T, text string) Plan {
	t.Helper()
	p, err := Parse(text)
	require.NoError(t, err)
	return p
}

func injector(t *testing.T, plan, log string) *Injector {
	t.Helper()
	in, err := New(parse(t, plan), log)
	require.NoError(t, err)
	return in
}

func TestParse(t *testing.T) {
	t.Parallel()
	assert.Equal(t, Plan{Seed: 7, Rules: []Rule{
		{"stage/*", "transient", 0.3, 2}, {"store/SaveResult", Lost, 0.1, 1},
	}}, parse(t, " seed 7; stage/* TRANSIENT 30% 2;\nstore/SaveResult lost 10% 1; "))
	assert.Empty(t, parse(t, "").Rules)
	for text, want := range map[string]string{
		"seed x":                  "invalid syntax",
		"stage/* transient 30%":   "want \"seed",
		"stage/[ transient 30% 2": "pattern",
		"stage/* odd 30% 2":       `kind "odd"`,
		"stage/* lost 30 2":       `rate "30"`,
		"stage/* lost 130% 2":     `rate "130%"`,
		"stage/* lost NaN% 2":     `rate "NaN%"`,
		"stage/* lost 30% 0":      `times "0"`,
	} {
		_, err := Parse(text)
		require.ErrorContains(t, err, want, text)
	}
}

func TestAPlanHitsItsShareAndTheSameForTheSameSeed(t *testing.T) {
	t.Parallel()
	const n = 10_000
	p, other := parse(t, "seed 1; stage/* transient 30% 2"), parse(t, "seed 2; stage/* transient 30% 2")
	times, differs := map[int]int{}, 0
	for i := range n {
		key := fmt.Sprint(i)
		got := p.times(0, key, "stage/ocr")
		times[got]++
		assert.Equal(t, got, p.times(0, key, "stage/ocr"))
		if got != other.times(0, key, "stage/ocr") {
			differs++
		}
		assert.Zero(t, p.times(0, key, "store/Work"), "another place")
	}
	assert.InDelta(t, 0.15*n, times[1], 0.015*n)
	assert.InDelta(t, 0.15*n, times[2], 0.015*n)
	assert.Len(t, times, 3)
	assert.Greater(t, differs, n/4)
}

// The classifier finds the category by what the error is.
func TestErrorsAreOfTheirCategory(t *testing.T) {
	t.Parallel()
	var c *classify.Classifier
	for _, category := range batch.Categories() {
		for nth := range 4 {
			e := c.Classify(errorOf(category, nth))
			assert.Equal(t, category, e.Category, "%d of %s: %s", nth, category, e.Rule)
		}
	}
}

func TestAFaultComesInPlaceOfTheWorkThenTheWorkIsDone(t *testing.T) {
	t.Parallel()
	in := injector(t, "stage/* data 100% 1", "")
	done := 0
	do := func(context.Context) error { done++; return nil }
	require.Error(t, in.Around(t.Context(), batch.StageOCR, do))
	assert.Zero(t, done)
	require.NoError(t, in.Around(t.Context(), batch.StageOCR, do))
	assert.Equal(t, 1, done)
	require.Error(t, in.Around(t.Context(), batch.StageStore, do), "each place fails by itself")
}

func TestALostAnswerIsThatOfWorkDone(t *testing.T) {
	t.Parallel()
	in := injector(t, "x lost 100% 1", "")
	done := 0
	do := func(context.Context) (int, error) { done++; return done, nil }
	got, err := run(t.Context(), in, "x", do)
	require.Error(t, err)
	assert.Zero(t, got)
	assert.Equal(t, 1, done)
	got, err = run(t.Context(), in, "x", do)
	require.NoError(t, err)
	assert.Equal(t, 2, got)

	broken := errors.New("broken")
	in = injector(t, "x lost 100% 1", "")
	require.ErrorIs(t, in.Run(t.Context(), "x", func(context.Context) error { return broken }), broken, "work that failed has an answer")
}

func TestAKilledWorkerGoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	for plan, worked := range map[string]int{"x kill 100% 1": 0, "x kill-after 100% 1": 1} {
		log := filepath.Join(t.TempDir(), "faults.jsonl")
		in := injector(t, plan, log)
		killed, done := false, 0
		in.kill = func() { killed = true; panic("killed") }
		do := func(context.Context) error { done++; return nil }
		assert.Panics(t, func() { _ = in.Run(t.Context(), "x", do) })
		assert.True(t, killed)
		assert.Equal(t, worked, done)

		f, err := os.OpenFile(log, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = f.WriteString(`{"rule":0,"ki`) // killed while it wrote
		require.NoError(t, errors.Join(err, f.Close()))
		faults, err := ReadLog(log)
		require.NoError(t, err)
		assert.Equal(t, []Fault{{Rule: 0, Kind: Kind(plan[2 : len(plan)-7]), Place: "x", Nth: 1}}, faults)
		require.NoError(t, injector(t, plan, log).Run(t.Context(), "x", do), "it is not killed again")
		assert.Equal(t, worked+1, done)
		faults, err = ReadLog(log)
		require.NoError(t, err, "the cut-off line is gone")
		assert.Len(t, faults, 1)
	}
}

func TestFaultsOfRedis(t *testing.T) {
	plan, err := Parse("cache/hmget transient 100% 1; cache/get slow 100% 1; cache/pipeline resource 100% 1")
	require.NoError(t, err)
	in, err := New(plan, "")
	require.NoError(t, err)
	server := miniredis.RunT(t)
	c := redis.NewClient(&redis.Options{Addr: server.Addr()})
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	ctx := t.Context()
	require.NoError(t, c.HSet(ctx, "h", "f", "v").Err()) // a new connection begins with a pipeline
	c.AddHook(in.Redis())
	require.Error(t, c.HMGet(ctx, "h", "f").Err())
	require.NoError(t, c.HMGet(ctx, "h", "f").Err(), "once")
	_, err = c.Pipelined(ctx, func(p redis.Pipeliner) error { return p.Set(ctx, "k", "v", 0).Err() })
	require.Error(t, err)
	require.False(t, server.Exists("k"))
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	require.ErrorIs(t, c.Get(short, "k").Err(), context.DeadlineExceeded)
}
