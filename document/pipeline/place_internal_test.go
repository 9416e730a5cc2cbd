package pipeline

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/caseload/caseload/batch"
	"github.com/caseload/caseload/document"
)

func TestAMentionIsInTheFirstChunkThatHoldsItsStart(t *testing.T) {
	t.Parallel()
	chunks := []document.Chunk{
		{Ordinal: 0, Span: document.Span{Start: 0, End: 100}},
		{Ordinal: 1, Span: document.Span{Start: 80, End: 180}},
		{Ordinal: 2, Span: document.Span{Start: 190, End: 250}},
	}
	tests := []struct {
		name string
		span document.Span
		want int
	}{
		{"at the start", document.Span{Start: 0, End: 5}, 0},
		{"in the overlap", document.Span{Start: 85, End: 90}, 0},
		{"over the end of the first", document.Span{Start: 95, End: 105}, 0},
		{"right after the first", document.Span{Start: 100, End: 105}, 1},
		{"in the gap before the third", document.Span{Start: 180, End: 195}, 2},
		{"in the third", document.Span{Start: 200, End: 210}, 2},
	}
	mentions := make([]document.Mention, len(tests))
	for i, tt := range tests {
		mentions[i] = document.Mention{Span: tt.span, Chunk: -1}
	}
	placeInChunks(mentions, chunks)
	for i, tt := range tests {
		assert.Equal(t, tt.want, mentions[i].Chunk, tt.name)
	}
	placeInChunks(mentions, nil) // a text without chunks has nowhere to put them
}

func TestSumsAddUpByStage(t *testing.T) {
	t.Parallel()
	s := newSums()
	s.observe(batch.StageChunk, 2)
	s.observe(batch.StageRelate, 3)
	s.observe(batch.StageChunk, 5)
	var got []batch.StageTiming
	s.report(func(stage batch.Stage, took time.Duration) {
		got = append(got, batch.StageTiming{Stage: stage, Duration: took})
	})
	assert.Equal(t, []batch.StageTiming{{Stage: batch.StageChunk, Duration: 7}, {Stage: batch.StageRelate, Duration: 3}}, got)
}
