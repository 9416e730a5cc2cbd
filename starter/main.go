// Starter is Caseload's command line: the development stack, submissions, and
// everything that can be asked about batches.
package main

import (
	"os"

	"github.com/caseload/caseload/starter/cli"
	"github.com/caseload/caseload/worker/process"
)

func main() {
	process.Isolate()
	os.Exit(cli.Main(os.Args[1:]))
}
