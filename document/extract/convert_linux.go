package extract

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// limitConverter bounds the memory that a process can write to.
func limitConverter(pid int) {
	// It fails only for a process that has ended.
	_ = unix.Prlimit(pid, unix.RLIMIT_DATA, &unix.Rlimit{Cur: converterMemory, Max: converterMemory}, nil)
}

// converterAttributes let a program end with the process that started it.
func converterAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
