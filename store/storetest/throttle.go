package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/store"
)

func throttles(t *testing.T, s *store.Store) {
	const service = "s3://intake"
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	minutes := func(strikes int) time.Duration { return time.Duration(strikes) * time.Minute }

	got, err := s.Throttle(t.Context(), service)
	require.NoError(t, err)
	assert.Equal(t, store.Throttle{Service: service}, got, "it has not asked")

	strike := func(at time.Time) store.Throttle {
		t.Helper()
		got, err := s.Strike(t.Context(), service, at, minutes)
		require.NoError(t, err)
		held, err := s.Throttle(t.Context(), service)
		require.NoError(t, err)
		assert.Equal(t, got, held)
		return got
	}
	assert.Equal(t, store.Throttle{Service: service, Until: now.Add(time.Minute), Strikes: 1}, strike(now))
	assert.Equal(t, store.Throttle{Service: service, Until: now.Add(80 * time.Second), Strikes: 1}, strike(now.Add(20*time.Second)),
		"a request that was under way strikes no second time")
	assert.Equal(t, store.Throttle{Service: service, Until: now.Add(200 * time.Second), Strikes: 2}, strike(now.Add(80*time.Second)))

	other, err := s.Throttle(t.Context(), "s3://other")
	require.NoError(t, err)
	assert.Zero(t, other.Strikes, "another service is its own matter")

	require.NoError(t, s.Unthrottle(t.Context(), service))
	require.NoError(t, s.Unthrottle(t.Context(), service), "twice is once")
	assert.Equal(t, store.Throttle{Service: service, Until: now.Add(time.Hour + time.Minute), Strikes: 1}, strike(now.Add(time.Hour)))
}

func rowsPutOff(t *testing.T, s *store.Store) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	uris := []string{
		"/data/1.txt", "s3://intake/a/2.txt?region=eu-west-1", "s3://intake-2/3.txt", "https://docs.example.org/4.txt",
		"https://docs.example.org.evil.example/5.txt", "https://docs.example.org?6", "s3://intake/7.txt", "/data/8.txt",
	}
	_, _, err := s.RegisterBatch(t.Context(), newBatch("b1"), func(yield func(store.Row, error) bool) {
		for _, uri := range uris {
			if !yield(store.Row{URI: uri, Name: "x"}, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	for service, wait := range map[string]time.Duration{"s3://intake": 2 * time.Minute, "https://docs.example.org": time.Minute, "s3://other": time.Second} {
		_, err := s.Strike(t.Context(), service, now, func(int) time.Duration { return wait })
		require.NoError(t, err)
	}
	for after, want := range map[time.Duration]struct {
		rows  []int
		until time.Time
	}{
		0:                {[]int{1, 3, 5, 8}, now.Add(time.Minute)},
		90 * time.Second: {[]int{1, 3, 4, 5, 6, 8}, now.Add(2 * time.Minute)},
		2 * time.Minute:  {[]int{1, 2, 3, 4, 5, 6, 7, 8}, time.Time{}},
	} {
		throttled, err := s.Throttled(t.Context(), now.Add(after))
		require.NoError(t, err)
		rows, err := s.PendingRows(t.Context(), "b1", store.RowRange{Without: throttled})
		require.NoError(t, err)
		assert.Equal(t, want.rows, rows, "after %s", after)
		until, err := s.PutOff(t.Context(), "b1", store.RowRange{Without: throttled})
		require.NoError(t, err)
		assert.Equal(t, want.until, until, "after %s", after)
	}
	throttled, err := s.Throttled(t.Context(), now.Add(90*time.Second))
	require.NoError(t, err)
	assert.Equal(t, []store.Throttle{{Service: "s3://intake", Until: now.Add(2 * time.Minute), Strikes: 1}}, throttled)
	until, err := s.PutOff(t.Context(), "b1", store.RowRange{After: 4, Last: 6, Without: throttled})
	require.NoError(t, err)
	assert.Zero(t, until, "no row of the range needs it")
}
