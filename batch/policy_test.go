package batch_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestDefaultDelays(t *testing.T) {
	s, m := time.Second, time.Minute
	for category, want := range map[batch.Category][]time.Duration{
		batch.Transient:     {0, 0, 0, 2 * s, 4 * s, 8 * s},
		batch.Resource:      {m, 2 * m, 3 * m, 4 * m, 5 * m},
		batch.RateLimit:     {m, 2 * m, 4 * m, 8 * m, 16 * m, 32 * m, time.Hour, time.Hour, time.Hour, time.Hour},
		batch.Configuration: nil,
		batch.Data:          nil,
		batch.Permanent:     nil,
	} {
		var got []time.Duration
		for n := 1; ; n++ {
			d, again := batch.DefaultPolicies()[category].Delay(n, 0)
			if !again {
				break
			}
			got = append(got, d)
		}
		assert.Equal(t, want, got, category)
		assert.Len(t, batch.DefaultPolicies()[category].Delays(), len(want))
		assert.NoError(t, batch.DefaultPolicies()[category].Validate())
		assert.Equal(t, 0.1, batch.DefaultPolicies()[category].Jitter)
	}
}

func TestRetryAfterWinsAndIsCapped(t *testing.T) {
	p := batch.DefaultPolicies()[batch.RateLimit]
	d, again := p.Delay(1, 5*time.Minute)
	assert.True(t, again)
	assert.Equal(t, 5*time.Minute, d)
	d, _ = p.Delay(1, time.Second)
	assert.Equal(t, time.Second, d, "the service knows best")
	d, _ = p.Delay(1, 48*time.Hour)
	assert.Equal(t, time.Hour, d)
}

func TestDelayDoesNotOverflow(t *testing.T) {
	p := batch.RetryPolicy{Delayed: 1 << 20, Base: time.Hour, Growth: batch.Exponential, Cap: 2 * time.Hour}
	d, again := p.Delay(1<<20, 0)
	assert.True(t, again)
	assert.Equal(t, 2*time.Hour, d)
	_, again = p.Delay(0, 0)
	assert.False(t, again)
}
