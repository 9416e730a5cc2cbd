package isolate

import (
	"os"
	"syscall"
)

const limitsMemory = true

// limitSelf bounds the memory that this process can write to, and makes it the
// first to go when the machine runs out.
func limitSelf(memory int64) error {
	// Anybody may raise it; where that is forbidden all processes are alike.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("500"), 0)
	if memory <= 0 {
		return nil
	}
	limit := syscall.Rlimit{Cur: uint64(memory), Max: uint64(memory)}
	return syscall.Setrlimit(syscall.RLIMIT_DATA, &limit)
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
