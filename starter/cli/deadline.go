package cli

import (
	"fmt"
	"strings"
	"time"
)

// localTimes are the forms of a time without a zone.
var localTimes = []string{"2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05"}

// parseDeadline reads a time after now: RFC 3339, a date and time in now's zone,
// or how long from now, such as "3h" or "in 90m". "" is no deadline.
func parseDeadline(s string, now time.Time) (time.Time, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return time.Time{}, nil
	}
	t, ok := readTime(s, now)
	if !ok {
		return time.Time{}, fmt.Errorf(`deadline %q: want a time such as 2026-12-01T17:00 (here) or 2026-12-01T17:00:00Z, or a duration such as 3h`, s)
	}
	if !t.After(now) {
		return time.Time{}, fmt.Errorf("deadline %s is in the past", t.Format(time.RFC3339))
	}
	return t, nil
}

func readTime(s string, now time.Time) (t time.Time, ok bool) {
	if d, err := time.ParseDuration(strings.TrimSpace(strings.TrimPrefix(s, "in "))); err == nil {
		return now.Add(d), true
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true
	}
	for _, form := range localTimes {
		if t, err := time.ParseInLocation(form, s, now.Location()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
