package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestTheTailIsTheLastThatWasSaid(t *testing.T) {
	t.Parallel()
	var last tail
	for range tailBytes {
		_, err := last.Write([]byte("ab"))
		assert.NoError(t, err)
	}
	_, err := last.Write([]byte("the end\n"))
	assert.NoError(t, err)
	assert.LessOrEqual(t, len(last.String()), tailBytes)
	assert.Contains(t, last.String(), "abthe end")
}
