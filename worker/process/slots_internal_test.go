package process

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestABandAboveAnotherHasDocumentsThatWait(t *testing.T) {
	all := []string{"low", "high", "normal"}
	assert.Equal(t, 5, slots(2, batch.BandHigh, all))
	assert.Equal(t, 5, slots(2, batch.BandNormal, all))
	assert.Equal(t, 3, slots(2, batch.BandLow, all))
	assert.Equal(t, 3, slots(2, batch.BandHigh, []string{"high"}), "what waits without need could run elsewhere")
	assert.Equal(t, 3, slots(1, batch.BandHigh, all))
}
