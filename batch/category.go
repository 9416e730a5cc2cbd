package batch

import (
	"fmt"
	"strings"
)

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

// Meaning says in a few words what errors of the category come from.
func (c Category) Meaning() string {
	switch c {
	case Transient:
		return "network, timeouts, servers that fail: passes by itself"
	case Resource:
		return "memory, disk, file handles: passes when load does"
	case RateLimit:
		return "throttling, quotas: passes when asked less often"
	case Configuration:
		return "credentials, missing tools, settings: needs a person"
	case Data:
		return "the document's own: corrupt, encrypted, unsupported"
	case Permanent:
		return "what will not change"
	}
	return ""
}

// ParseCategory reads a category's name, in any case and with - for _.
func ParseCategory(s string) (Category, error) {
	c := Category(strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(s), "-", "_")))
	if !c.Valid() {
		return "", fmt.Errorf("category %q: want one of %s", s, categoryNames())
	}
	return c, nil
}

func categoryNames() string {
	names := make([]string, len(Categories()))
	for i, c := range Categories() {
		names[i] = string(c)
	}
	return strings.Join(names, ", ")
}
