package isolate

import (
	"fmt"
	"os"
	"syscall"
)

const limitsMemory = true

// spareData is what a process may map beyond its limit, in bytes: stacks of
// threads and other memory that it never holds.
const spareData = 256 << 20

// limitSelf is the backstop to overLimit, which looks now and then, and makes the
// process the first to go when the machine runs out of memory. Alone it would
// stop this document and not that: Linux does not ask it where memory takes the
// place of address space that was reserved, as most of Go's heap does.
func limitSelf(memory int64) error {
	// Anybody may raise it; where that is forbidden all processes are alike.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0)
	if memory <= 0 {
		return nil
	}
	limit := syscall.Rlimit{Cur: uint64(memory + spareData), Max: uint64(memory + spareData)}
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
}

// overLimit says whether this process holds more memory of its own than memory.
func overLimit(memory int64) bool {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return false
	}
	var size, resident, shared int64
	if _, err := fmt.Sscan(string(b), &size, &resident, &shared); err != nil {
		return false
	}
	return (resident-shared)*int64(os.Getpagesize()) > memory
}

// processAttributes let a process end with the one that started it.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}

// peak is the most memory that a process held which has ended, in bytes.
func peak(s *os.ProcessState) int64 {
	if u, ok := s.SysUsage().(*syscall.Rusage); ok {
		return u.Maxrss << 10
	}
	return 0
}

// self is the program of this process, also when its file was replaced since.
func self() (string, error) {
	const link = "/proc/self/exe"
	if _, err := os.Stat(link); err != nil {
		return os.Executable() // without /proc
	}
	return link, nil
}
