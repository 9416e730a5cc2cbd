package activities

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestAttemptsThatAWorkerTookAlongAreCounted(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		last tries
		n    int
		lost int
	}{
		"the first attempt":              {tries{}, 1, 0},
		"a worker died early":            {tries{}, 2, 1},
		"a worker died in work":          {tries{Attempt: 1, State: tryWorking}, 2, 1},
		"a worker died while it waited":  {tries{Attempt: 1, State: tryWaiting}, 2, 0},
		"an answer":                      {tries{Attempt: 1, State: tryAnswered}, 2, 0},
		"a suspect died in work":         {tries{Attempt: 2, State: tryWorking, Lost: 1}, 3, 2},
		"a suspect died while it waited": {tries{Attempt: 1, State: tryWorking, Lost: 1}, 3, 1},
		"an answer, then an early death": {tries{Attempt: 1, State: tryAnswered}, 3, 1},
		"a suspect answered":             {tries{Attempt: 2, State: tryAnswered, Lost: 1}, 3, 1},
		"a new activity":                 {tries{Attempt: 7, State: tryWorking, Lost: 1}, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.last.next(c.n)
			assert.Equal(t, c.lost, got.Lost)
			assert.Equal(t, c.n, got.Attempt)
			assert.Equal(t, tryWaiting, got.State)
		})
	}
}

func TestRetriesAreCountedByStageAndCategory(t *testing.T) {
	t.Parallel()
	first := tries{}.next(1)
	assert.Equal(t, 1, first.retried(batch.StageFetch, batch.Transient))
	second := first.next(2)
	assert.Equal(t, 1, second.retried(batch.StageFetch, batch.Resource), "each category has its own")
	assert.Equal(t, 1, second.retried(batch.StageStore, batch.Transient), "and each stage")
	assert.Equal(t, 2, second.retried(batch.StageFetch, batch.Transient))
	assert.Equal(t, map[batch.Stage]map[batch.Category]int{batch.StageFetch: {batch.Transient: 1}}, first.Retries, "the earlier one is as it was")
}

func TestAStepThatIsDoneTakesBackItsStagesRetriesAlone(t *testing.T) {
	t.Parallel()
	var n tries
	n.retried(batch.StageModel, batch.Transient)
	n.retried(batch.StageStore, batch.Transient)
	before := n
	n.advanced(batch.StageModel)
	assert.Equal(t, 1, n.retried(batch.StageModel, batch.Transient))
	assert.Equal(t, 2, n.retried(batch.StageStore, batch.Transient))
	assert.Equal(t, 2, before.retried(batch.StageModel, batch.Transient), "the earlier one is as it was")
}
