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
