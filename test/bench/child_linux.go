package main

import "syscall"

// childAttributes give the process a group of its own, so that Ctrl-C reaches
// this program alone, and end it when this program is killed.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
