package batch

// Category says what kind of cause an error has, and so what may cure it.
type Category string

// The six categories.
const (
	Transient     Category = "TRANSIENT"     // network, timeouts, 5xx: passes by itself
	Resource      Category = "RESOURCE"      // memory, disk, file handles: passes when load does
	RateLimit     Category = "RATE_LIMIT"    // 429, quotas: passes when asked less often
	Configuration Category = "CONFIGURATION" // credentials, missing tool, bad settings: needs a person
	Data          Category = "DATA"          // corrupt, encrypted, unsupported, over a limit: the document's own
	Permanent     Category = "PERMANENT"     // anything that will not change
)

// Categories lists the categories from the most to the least curable.
func Categories() []Category {
	return []Category{Transient, Resource, RateLimit, Configuration, Data, Permanent}
}

// Valid says whether c is one of the categories.
func (c Category) Valid() bool {
	switch c {
	case Transient, Resource, RateLimit, Configuration, Data, Permanent:
		return true
	}
	return false
}
