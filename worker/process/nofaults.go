//go:build !faults

package process

import (
	"fmt"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/store"
)

// RefuseFaults is an error if this worker is asked to fail on purpose and is not
// built for it.
func RefuseFaults() error {
	if os.Getenv(faultsEnv) != "" {
		return fmt.Errorf("%s is set, and this worker is built without faults: unset it, or build with `go build -tags faults ./worker`", faultsEnv)
	}
	return nil
}

func injectFaults(*store.Store, *redis.Client, *activities.Documents, *activities.Batches) error {
	return nil
}
