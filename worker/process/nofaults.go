//go:build !faults

package process

import (
	"fmt"
	"os"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/store"
)

// injectFaults does nothing: this worker never fails on purpose.
func injectFaults(*store.Store, *activities.Documents, *activities.Batches) error {
	if os.Getenv(faultsEnv) != "" {
		return fmt.Errorf("%s is set, and this worker is built without faults: unset it, or build with `go build -tags faults ./worker`", faultsEnv)
	}
	return nil
}
