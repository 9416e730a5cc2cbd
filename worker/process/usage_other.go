//go:build !unix

package process

import "time"

// cpuTime is not known here.
func cpuTime() time.Duration { return 0 }
