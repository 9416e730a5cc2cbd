package batch

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.temporal.io/sdk/client"
)

func TestCronIsReadBackAsItWasWritten(t *testing.T) {
	assert.Equal(t, []string{"0  2 * * * #0 2 * * *", "@every 60m/5m #@every 1h0m0s/5m0s"}, cronComments([]string{"0  2 * * *", "@every 60m/5m"}))
	assert.Equal(t, []string{"0 2 * * *", "(calendar)", "@every 1h0m0s", "@every 24h0m0s/5m0s"}, cronOf(&client.ScheduleSpec{
		Calendars: []client.ScheduleCalendarSpec{{Comment: "0 2 * * *"}, {}},
		Intervals: []client.ScheduleIntervalSpec{{Every: time.Hour}, {Every: 24 * time.Hour, Offset: 5 * time.Minute}},
	}))
}

func TestDifferencesNameTheSettingsThereAre(t *testing.T) {
	a := Schedule{
		IntakeInput: IntakeInput{Project: "acme", Source: "/in", Priority: 5, Options: Options{Concurrency: 7}},
		Cron:        []string{"@every 60m", "0 2 * * *"}, Overlap: OverlapSkip, CatchUp: time.Hour,
	}
	b := a
	b.Cron = []string{"0 2  * * *", "@every 1h"}
	assert.Empty(t, differences(a, b), "the order of times, and how they are written, do not matter")

	b = Schedule{
		IntakeInput: IntakeInput{Project: "beta", Source: "/out", Root: "/", Priority: 9, Options: Options{Concurrency: 8}},
		Cron:        []string{"0 3 * * *"}, TimeZone: "Europe/Berlin", Overlap: OverlapAllow, CatchUp: time.Minute, Jitter: time.Second,
	}
	assert.Equal(t, []string{
		"cron @every 60m and 0 2 * * *", "time zone UTC", "source /in", "root none", "project acme", "priority 5 (normal)",
		"concurrency 7", "overlap skip", "catch-up window 1h0m0s", "jitter 0s",
	}, differences(a, b))

	b = a
	b.Options.Model = &ModelOptions{Budget: ModelBudget{Tokens: 500}}
	assert.Equal(t, []string{"model none"}, differences(a, b))
	assert.Equal(t, []string{"model asked, budget 500 tokens"}, differences(b, a))
}
