// Package units writes quantities for people in a unit that suits them.
package units

import "fmt"

// Rate is a rate, given per second, of what is counted: per second, or where that
// is below one per minute or hour, such as "3.3 pages/s" or "14.0/h". Of a rate of
// 0 or less it is "0".
func Rate(perSecond float64, what string) string {
	v, per := perSecond, "s"
	for _, slower := range []struct {
		per     string
		seconds float64
	}{{"min", 60}, {"h", 3600}} {
		if v >= 1 {
			break
		}
		v, per = perSecond*slower.seconds, slower.per
	}
	if what != "" {
		what = " " + what
	}
	switch {
	case v <= 0:
		return "0"
	case v < 0.1:
		return fmt.Sprintf("%.2g%s/%s", v, what, per)
	case v < 100:
		return fmt.Sprintf("%.1f%s/%s", v, what, per)
	default:
		return fmt.Sprintf("%.0f%s/%s", v, what, per)
	}
}
