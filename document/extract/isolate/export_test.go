package isolate

// LimitsMemory says whether the system bounds a process's memory.
const LimitsMemory = limitsMemory

// PIDs are the processes that there are.
func (p *Pool) PIDs() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	var pids []int
	for c := range p.all {
		pids = append(pids, c.cmd.Process.Pid)
	}
	return pids
}
