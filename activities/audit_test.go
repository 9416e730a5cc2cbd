package activities_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/store"
)

func TestWhatIsInForceIsAudited(t *testing.T) {
	t.Parallel()
	b := setup(t, order)
	in := activities.ControlInput{
		Batch: batchID, Control: batch.Control{Status: batch.StatusPaused, Priority: 7, Concurrency: 20},
		Decision: batch.Decision{At: start, By: "ana@desk", Kind: batch.CommandPause, Detail: "paused: Mr. Teague asked for it"},
	}
	for range 2 { // the activity may run again
		_, err := execute(b.batches.RecordControl, in)
		require.NoError(t, err)
	}
	lines, err := b.Store.AuditLog(t.Context(), store.AuditFilter{})
	require.NoError(t, err)
	require.Len(t, lines, 1)
	assert.Equal(t, store.AuditLine{
		N: 1, At: start, Actor: "ana@desk", Phase: store.AuditInForce, Action: "pause", Batch: batchID,
		Detail: map[string]string{"status": "paused", "priority": "7", "concurrency": "20"}, Hash: lines[0].Hash,
	}, lines[0], "without the reason, which a person wrote")
}
