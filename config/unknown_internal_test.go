package config

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDistance(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"abc", "abc", 0}, {"", "abc", 3}, {"abc", "", 3},
		{"kitten", "sitting", 3}, {"port", "prot", 2}, {"dpi", "dpii", 1},
	} {
		assert.Equal(t, tt.want, distance(tt.a, tt.b), "%s to %s", tt.a, tt.b)
	}
}
