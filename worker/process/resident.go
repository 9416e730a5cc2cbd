package process

import (
	"bytes"
	"os"
	"runtime"
	"strconv"
)

// resident is the memory that the process holds, in bytes. Where the system does
// not say, as Linux does, it is what Go's runtime holds.
func resident() int64 {
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := bytes.Fields(b); len(f) > 1 {
			if pages, err := strconv.ParseInt(string(f[1]), 10, 64); err == nil {
				return pages * int64(os.Getpagesize())
			}
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}
