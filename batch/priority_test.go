package batch_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestParsePriority(t *testing.T) {
	for in, want := range map[string]batch.Priority{
		"high": 9, "Normal": 5, "low": 1, "": 5, "0": 0, " 7 ": 7, "9": 9,
	} {
		got, err := batch.ParsePriority(in)
		require.NoError(t, err, in)
		assert.Equal(t, want, got, in)
	}
	for _, in := range []string{"10", "-1", "urgent", "1.5"} {
		_, err := batch.ParsePriority(in)
		assert.ErrorContains(t, err, "0 to 9", in)
	}
}

func TestBandsCoverAllLevels(t *testing.T) {
	want := map[batch.Priority]string{
		0: "caseload.low", 3: "caseload.low", 4: "caseload.normal", 6: "caseload.normal", 7: "caseload.high", 9: "caseload.high",
	}
	for p, queue := range want {
		assert.Equal(t, queue, p.Queue(), "%d", p)
	}
}

func TestKeysOrderLevelsWithinABand(t *testing.T) {
	for p := batch.MinPriority; p < batch.MaxPriority; p++ {
		key, next := p.Temporal("acme", 0), (p+1).Temporal("acme", 0)
		assert.Equal(t, "acme", key.FairnessKey)
		assert.GreaterOrEqual(t, key.PriorityKey, 1)
		assert.LessOrEqual(t, key.PriorityKey, 5)
		if p.Band() == (p + 1).Band() {
			assert.Greater(t, key.PriorityKey, next.PriorityKey, "level %d goes before %d", p+1, p)
		}
	}
}

func TestLevelsOfAllBandsAreInOrder(t *testing.T) {
	t.Parallel()
	for p := batch.MinPriority; p <= batch.MaxPriority; p++ {
		key := p.AcrossBands()
		assert.True(t, key >= 1 && key <= 5, "%s: %d", p, key)
		assert.LessOrEqual(t, key, max(p-1, batch.MinPriority).AcrossBands(), "%s", p)
	}
}
