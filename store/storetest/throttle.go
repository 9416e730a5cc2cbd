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
