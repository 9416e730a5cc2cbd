package pipeline

import (
	"time"

	"github.com/caseload/caseload/batch"
)

// sums adds up stage times, so that a document and its attachments are reported
// as one.
type sums struct {
	order []batch.Stage
	took  map[batch.Stage]time.Duration
}

func newSums() *sums { return &sums{took: map[batch.Stage]time.Duration{}} }

func (s *sums) observe(stage batch.Stage, took time.Duration) {
	if _, ok := s.took[stage]; !ok {
		s.order = append(s.order, stage)
	}
	s.took[stage] += took
}

func (s *sums) report(o Observer) {
	if o == nil {
		return
	}
	for _, stage := range s.order {
		o(stage, s.took[stage])
	}
}
