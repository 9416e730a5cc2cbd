package isolate

// LimitsMemory says whether the system bounds a process's memory.
const LimitsMemory = limitsMemory
