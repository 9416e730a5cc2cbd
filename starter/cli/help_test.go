package cli

import (
	"io"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
)

// TestHelpNamesTheValuesOfFlagsInAWord: pflag takes what usage has in back quotes for
// the value's name.
func TestHelpNamesTheValuesOfFlagsInAWord(t *testing.T) {
	t.Parallel()
	a := &app{out: io.Discard, err: io.Discard}
	var check func(*cobra.Command)
	check = func(cmd *cobra.Command) {
		cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
			name, _ := pflag.UnquoteUsage(f)
			assert.NotContains(t, name, " ", "%s --%s %s", cmd.CommandPath(), f.Name, name)
		})
		for _, sub := range cmd.Commands() {
			check(sub)
		}
	}
	check(a.rootCmd())
}

// TestCommandsTakeOutput: what a command answers can be read by a program, except of those
// that stay in the foreground, and those that answer in words alone.
func TestCommandsTakeOutput(t *testing.T) {
	t.Parallel()
	without := map[string]bool{
		"starter dev": true, "starter demo": true, "starter codec serve": true,
		"starter schedule backfill": true, "starter deploy promote": true,
	}
	a := &app{out: io.Discard, err: io.Discard}
	var check func(*cobra.Command)
	check = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			check(sub)
		}
		if !cmd.HasSubCommands() && !without[cmd.CommandPath()] {
			assert.NotNil(t, cmd.Flags().ShorthandLookup("o"), cmd.CommandPath())
		}
	}
	check(a.rootCmd())
}
