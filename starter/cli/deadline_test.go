package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestADeadlineIsATimeOrADuration(t *testing.T) {
	zone := time.FixedZone("here", -5*3600)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, zone)
	five := time.Date(2026, 12, 1, 17, 0, 0, 0, zone)
	for given, want := range map[string]time.Time{
		"":                          {},
		"2026-12-01T17:00":          five,
		"2026-12-01 17:00":          five,
		" 2026-12-01 17:00:00 ":     five,
		"2026-12-01T17:00:00Z":      time.Date(2026, 12, 1, 17, 0, 0, 0, time.UTC),
		"2026-12-01T17:00:00+01:00": time.Date(2026, 12, 1, 16, 0, 0, 0, time.UTC),
		"3h":                        now.Add(3 * time.Hour),
		"in 90m":                    now.Add(90 * time.Minute),
	} {
		got, err := parseDeadline(given, now)
		require.NoError(t, err, given)
		assert.True(t, want.Equal(got), "%q is %s", given, got)
	}
}

func TestADeadlineInThePastIsRefused(t *testing.T) {
	for _, given := range []string{"2026-11-24T11:59", "2026-11-24 12:00", "-1h", "0s", "2020-01-01T00:00:00Z"} {
		_, err := parseDeadline(given, noon)
		assert.ErrorContains(t, err, "in the past", given)
	}
}

func TestWhatIsNoDeadlineIsRefusedWithExamples(t *testing.T) {
	for _, given := range []string{"tomorrow", "2026-12-01", "17:00", "in", "3", "2026-13-01T00:00"} {
		_, err := parseDeadline(given, noon)
		assert.ErrorContains(t, err, "2026-12-01T17:00", given)
	}
}
