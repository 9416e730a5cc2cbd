package activities

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
)

func TestOnlyWhatWaitsIsGivenBack(t *testing.T) {
	t.Parallel()
	failed := map[batch.Stage]map[batch.Category]int{batch.StageOCR: {batch.Resource: 1}}
	for name, c := range map[string]struct {
		from  batch.Stage
		tries tries
		waits bool
	}{
		"before fetch":                          {batch.StageFetch, tries{Attempt: 1}, true},
		"a retry of fetch":                      {batch.StageFetch, tries{Attempt: 2, Retries: failed}, true},
		"before OCR":                            {batch.StageOCR, tries{Attempt: 1}, true},
		"before OCR, after a worker that ended": {batch.StageOCR, tries{Attempt: 2}, true},
		"a retry of OCR":                        {batch.StageOCR, tries{Attempt: 2, Retries: failed}, false},
		"OCR whose worker died":                 {batch.StageOCR, tries{Attempt: 2, Lost: 1}, false},
		"after OCR":                             {batch.StageChunk, tries{Attempt: 1}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &work{in: ProcessInput{From: c.from}, tries: c.tries}
			for _, s := range []batch.Status{batch.StatusPaused, batch.StatusHeld, batch.StatusCancelling, batch.StatusStopping} {
				assert.Equal(t, c.waits, w.halted(s), "%s", s)
			}
			assert.False(t, w.halted(batch.StatusRunning))
		})
	}
}
