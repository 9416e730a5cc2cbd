package cli

import (
	"fmt"
	"time"

	"github.com/caseload/caseload/batch"
)

// recoveryDelay is how long a recovery waits so that it does not run into the same
// wall: until the policy's base delay has passed since the latest RATE_LIMIT or
// RESOURCE failure that it takes. category is the one it waits for.
func recoveryDelay(taken []batch.RecoveryGroup, policies batch.Policies, now time.Time) (delay time.Duration, category batch.Category) {
	for _, g := range taken {
		if g.Category != batch.RateLimit && g.Category != batch.Resource {
			continue
		}
		if left := g.FailedAt.Add(policies[g.Category].Base).Sub(now); left > delay {
			delay, category = left, g.Category
		}
	}
	return delay.Round(time.Second), category
}

func (a *app) tellDelay(delay time.Duration, c batch.Category) {
	if delay > 0 {
		fmt.Fprintf(a.err, "It starts in %s, not to run into the same %s failures; with --now it would at once.\n", short(delay), c)
	}
}
