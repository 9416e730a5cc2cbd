//go:build !linux

package extract

import "syscall"

func limitConverter(int) {}

func converterAttributes() *syscall.SysProcAttr { return nil }
