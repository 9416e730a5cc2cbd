package batch_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func goodSchedule() batch.Schedule {
	return batch.Schedule{
		IntakeInput: batch.IntakeInput{Name: "nightly", Project: "acme", Source: "s3://intake/acme", Priority: batch.PriorityNormal},
		Cron:        []string{"0 2 * * *"},
	}.WithDefaults()
}

func TestScheduleIsValidated(t *testing.T) {
	require.NoError(t, goodSchedule().Validate())
	for want, spoil := range map[string]func(*batch.Schedule){
		"schedule":           func(s *batch.Schedule) { s.Name = "Every Night" },
		"at most 50":         func(s *batch.Schedule) { s.Name = strings.Repeat("a", 51) },
		"project":            func(s *batch.Schedule) { s.Project = "" },
		"no source":          func(s *batch.Schedule) { s.Source = "" },
		"priority 10":        func(s *batch.Schedule) { s.Priority = 10 },
		"concurrency":        func(s *batch.Schedule) { s.Options.Concurrency = -1 },
		"deadline":           func(s *batch.Schedule) { s.Options.Deadline = time.Now() },
		"no times":           func(s *batch.Schedule) { s.Cron = nil },
		"leave out comments": func(s *batch.Schedule) { s.Cron = []string{"0 2 * * * # at night"} },
		"time zones":         func(s *batch.Schedule) { s.Cron = []string{"CRON_TZ=Europe/Berlin 0 2 * * *"} },
		`overlap "cancel"`:   func(s *batch.Schedule) { s.Overlap = "cancel" },
		"catch-up window 1s": func(s *batch.Schedule) { s.CatchUp = time.Second },
		"jitter -1s":         func(s *batch.Schedule) { s.Jitter = -time.Second },
	} {
		s := goodSchedule()
		spoil(&s)
		assert.ErrorContains(t, s.Validate(), want)
	}
}

func TestScheduleDefaults(t *testing.T) {
	s := goodSchedule()
	assert.Equal(t, batch.OverlapSkip, s.Overlap)
	assert.Equal(t, 24*time.Hour, s.CatchUp)
	assert.Equal(t, batch.DefaultConcurrency, s.Options.Concurrency)
}

func TestParseOverlap(t *testing.T) {
	for in, want := range map[string]batch.Overlap{
		"": batch.OverlapSkip, "skip": batch.OverlapSkip, " Buffer-One ": batch.OverlapBufferOne, "allow": batch.OverlapAllow,
	} {
		got, err := batch.ParseOverlap(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
	}
	_, err := batch.ParseOverlap("buffer")
	assert.ErrorContains(t, err, "skip, buffer-one or allow")
}

func TestBatchOfTheLongestScheduleNameHasAnID(t *testing.T) {
	name := strings.Repeat("a", 50)
	require.NoError(t, batch.CheckScheduleName(name))
	at := time.Date(2026, 11, 23, 3, 0, 0, 0, time.FixedZone("", 3600))
	id := batch.IntakeBatchID(name, at, "01a20f57-2ca6-7df1-804c-bb83d3f724b1")
	assert.Equal(t, name+"-20261123-020000-24b1", id)
	assert.NoError(t, batch.CheckName("batch ID", id))
}
