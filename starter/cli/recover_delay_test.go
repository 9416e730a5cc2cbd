package cli

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestARecoveryWaitsForWhatPasses(t *testing.T) {
	t.Parallel()
	policies := batch.Policies{batch.RateLimit: {Base: time.Minute}, batch.Resource: {Base: 2 * time.Minute}, batch.Transient: {Base: time.Hour}}
	group := func(c batch.Category, ago time.Duration) batch.RecoveryGroup {
		return batch.RecoveryGroup{Category: c, FailedAt: noon.Add(-ago), Count: 1}
	}
	for name, test := range map[string]struct {
		taken    []batch.RecoveryGroup
		delay    time.Duration
		category batch.Category
	}{
		"nothing that passes": {[]batch.RecoveryGroup{group(batch.Transient, 0), group(batch.Configuration, 0)}, 0, ""},
		"fresh":               {[]batch.RecoveryGroup{group(batch.RateLimit, 20*time.Second)}, 40 * time.Second, batch.RateLimit},
		"long ago":            {[]batch.RecoveryGroup{group(batch.RateLimit, 2*time.Minute), group(batch.Resource, time.Hour)}, 0, ""},
		"the longest":         {[]batch.RecoveryGroup{group(batch.Resource, 30*time.Second), group(batch.RateLimit, 0)}, 90 * time.Second, batch.Resource},
	} {
		delay, category := recoveryDelay(test.taken, policies, noon)
		assert.Equal(t, test.delay, delay, name)
		assert.Equal(t, test.category, category, name)
	}
	var words bytes.Buffer
	a := &app{err: &words}
	a.tellDelay(0, "")
	assert.Empty(t, words.String())
	a.tellDelay(40*time.Second, batch.RateLimit)
	assert.Equal(t, "It starts in 40s, not to run into the same RATE_LIMIT failures; with --now it would at once.\n", words.String())
}
