package model

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestQuotesAreFoundAsWholeWords(t *testing.T) {
	t.Parallel()
	const text = "“Señor” O’Brien—and  José\n Muñoz—met Muñozes; Smith\n\nJones, Old\n\f\nNew. A&B, A&B."
	tests := []struct {
		quote string
		want  []string
	}{
		{"O'Brien", []string{"O’Brien"}},
		{"José Muñoz", []string{"José\n Muñoz"}},
		{`"Señor" O'Brien-and`, []string{"“Señor” O’Brien—and"}},
		{"Muñoz", []string{"Muñoz"}},
		{"A&B", []string{"A&B", "A&B"}},
		{"Smith Jones", nil}, // over an empty line
		{"Old New", nil},     // over a page
		{"Muñ", nil},
		{"jose muñoz", nil},
		{"Nobody", nil},
		{"—", nil},
		{"", nil},
	}
	p := newPassage(text, 100)
	for _, tt := range tests {
		var got []string
		for _, s := range p.find(plainQuote(tt.quote)) {
			got = append(got, text[s.Start-100:s.End-100])
		}
		assert.Equal(t, tt.want, got, "%q", tt.quote)
	}
}

func TestConfidenceIsCapped(t *testing.T) {
	t.Parallel()
	var nan float64
	nan /= nan
	for in, want := range map[float64]float64{-1: 0, 0.25: 0.25, 1: MaxConfidence, 99: MaxConfidence} {
		assert.InDelta(t, want, capped(in), 0, "%v", in)
	}
	assert.Zero(t, capped(nan))
}
