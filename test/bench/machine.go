package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// process is a process's ID. What it answers comes from Linux's /proc, and is 0
// elsewhere.
type process int

// clockTicks is how many of the ticks that /proc counts make a second: USER_HZ,
// which is 100 on every architecture that Go supports.
const clockTicks = 100

// cpuSeconds is the processor time that the process has used, in all its threads
// and in its children that have ended, in seconds.
func (p process) cpuSeconds() float64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", int(p)))
	if err != nil {
		return 0
	}
	// The second field, the program's name, may hold blanks: the others follow
	// its closing bracket.
	fields := bytes.Fields(raw[bytes.LastIndexByte(raw, ')')+1:])
	const first, last = 14 - 3, 17 - 3 // user and system time, then the children's
	if len(fields) <= last {
		return 0
	}
	ticks := 0.0
	for _, f := range fields[first : last+1] {
		n, err := strconv.ParseFloat(string(f), 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return ticks / clockTicks
}

// memory is the process's resident memory, now and at its peak, in MiB.
func (p process) memory() (now, peak float64) {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", int(p)))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(raw)) {
		name, value, _ := strings.Cut(line, ":")
		kib, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
		if err != nil {
			continue
		}
		switch name {
		case "VmRSS":
			now = kib / 1024
		case "VmHWM":
			peak = kib / 1024
		}
	}
	return now, peak
}
