package devstack

import "syscall"

// processAttributes also ties the process's life to this one's, so that a killed
// stack leaves no server behind.
func processAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
