//go:build faults

package process

import (
	"fmt"
	"os"

	"github.com/redis/go-redis/v9"

	"github.com/caseload/caseload/activities"
	"github.com/caseload/caseload/store"
	"github.com/caseload/caseload/test/faults"
)

// RefuseFaults is nil: this worker is built to fail on purpose.
func RefuseFaults() error { return nil }

// injectFaults makes the activities fail as CASELOAD_FAULTS says, and writes what
// it did to the file CASELOAD_FAULTS_LOG.
func injectFaults(st *store.Store, client *redis.Client, d *activities.Documents, b *activities.Batches) error {
	plan, err := faults.Parse(os.Getenv(faultsEnv))
	if err != nil {
		return fmt.Errorf("%s: %w", faultsEnv, err)
	}
	in, err := faults.New(plan, os.Getenv(faultsEnv+"_LOG"))
	if err != nil {
		return err
	}
	faulty := in.Store(st)
	d.Store, b.Store = faulty, faulty
	if client != nil {
		client.AddHook(in.Redis())
	}
	d.Source = in.Fetcher(d.Source)
	d.Pipeline = d.Pipeline.With(in.Around)
	return nil
}
