package batch_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/batch"
)

func TestWarmingIsAheadOfABatchByTheHistoryOrBeforeItBegan(t *testing.T) {
	assert.False(t, (*batch.Warming)(nil).Predictive())
	assert.False(t, (&batch.Warming{Warmed: 5}).Predictive())
	assert.True(t, (&batch.Warming{Predicted: 5}).Predictive())
	assert.True(t, (&batch.Warming{Ahead: batch.AheadSchedule}).Predictive())
}

func TestWarmScheduleIsKeptFlat(t *testing.T) {
	raw, err := json.Marshal(batch.WarmSchedule{WarmingInput: batch.WarmingInput{Project: "acme"}, Cron: []string{"@daily"}})
	require.NoError(t, err)
	assert.JSONEq(t, `{"project":"acme","cron":["@daily"],"time_zone":""}`, string(raw))
	assert.Equal(t, "warm/acme", batch.WarmScheduleID("acme"))
	require.NoError(t, batch.WarmingInput{Project: "acme"}.Validate())
	require.Error(t, batch.WarmingInput{Project: "Acme & Co"}.Validate())
}
