package batch

import "fmt"

// Counted is n with what it counts: "1 page", "3 pages", "1 entity", "0 entities".
// The plural is with an s unless many is it.
func Counted(n int, one string, many ...string) string {
	switch {
	case n == 1:
	case len(many) > 0:
		one = many[0]
	default:
		one += "s"
	}
	return fmt.Sprintf("%d %s", n, one)
}
