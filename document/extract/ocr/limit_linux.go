package ocr

import "golang.org/x/sys/unix"

// limitMemory bounds the memory that a process can write to; 0 is no bound.
func limitMemory(pid int, bytes int64) {
	if bytes <= 0 {
		return
	}
	// It fails only for a process that has ended.
	_ = unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)}, nil)
}
