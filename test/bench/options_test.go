package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheScaleKeepsALeastSize(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 600, options{scale: 1}.size(600, 20))
	assert.Equal(t, 60, options{scale: 0.1}.size(600, 20))
	assert.Equal(t, 20, options{scale: 0.001}.size(600, 20))
}

func TestRepetitionsAreTheScenariosUnlessAskedFor(t *testing.T) {
	t.Parallel()
	assert.Equal(t, 5, options{}.times(5))
	assert.Equal(t, 2, options{repetitions: 2}.times(5))
}

func TestBadUsageIsRefusedBeforeAnythingStarts(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"nonsense"}, {"--scale", "0"}, {"--scale", "2"}, {"--repetitions", "-1"}, {"--nonsense"}} {
		cmd := command()
		cmd.SetArgs(args)
		var usage usageError
		require.ErrorAs(t, cmd.ExecuteContext(t.Context()), &usage, "%v", args)
	}
}

func TestHelpNamesEveryScenario(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios() {
		assert.Contains(t, command().Long, s.name)
	}
}
