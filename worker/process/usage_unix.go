//go:build unix

package process

import (
	"syscall"
	"time"
)

// cpuTime is what the process has used, and the programs that it ran, such as
// Tesseract, which count when they end.
func cpuTime() time.Duration {
	var all time.Duration
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			all += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return all
}
