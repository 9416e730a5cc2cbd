package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/caseload/caseload/config/version"
	"github.com/caseload/caseload/document"
)

func (a *app) versionCmd() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Show the version of this program and of the document pipeline",
		Example: `  starter version
  starter version -o json | jq -r .pipeline`,
		Args: exactArgs(0),
		RunE: func(*cobra.Command, []string) error {
			v := map[string]string{"version": version.String(), "pipeline": document.PipelineVersion, "go": runtime.Version()}
			if format == formatJSON {
				return a.json(v)
			}
			fmt.Fprintf(a.out, "caseload %s, pipeline %s, %s\n", v["version"], v["pipeline"], v["go"])
			return nil
		},
	}
	outputFlag(cmd, &format)
	return cmd
}
