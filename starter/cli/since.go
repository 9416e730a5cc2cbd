package cli

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var daysRE = regexp.MustCompile(`^([0-9]{1,5})d(.*)$`)

// parseSince reads a time before now: how long ago, such as "90m", "24h", "7d" or
// "1d12h", RFC 3339, or a date, with or without a time, in now's zone.
func parseSince(s string, now time.Time) (time.Time, error) {
	s = strings.TrimSpace(s)
	t, ok := readSince(s, now)
	if !ok {
		return time.Time{}, fmt.Errorf("--since %q: want how long ago, such as 90m, 24h or 7d, or a time such as 2026-12-01, 2026-12-01T17:00 (here) or 2026-12-01T17:00:00Z", s)
	}
	if !t.Before(now) {
		return time.Time{}, fmt.Errorf("--since %q: %s is not in the past", s, t.Format(time.RFC3339))
	}
	return t, nil
}

func readSince(s string, now time.Time) (time.Time, bool) {
	days, rest := 0, s
	if m := daysRE.FindStringSubmatch(s); m != nil {
		days, _ = strconv.Atoi(m[1]) // five digits at most
		if rest = m[2]; rest == "" {
			rest = "0s"
		}
	}
	if d, err := time.ParseDuration(rest); err == nil {
		return now.Add(-d - time.Duration(days)*24*time.Hour), true
	}
	if days > 0 {
		return time.Time{}, false
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, true
	}
	for _, form := range append([]string{time.DateOnly}, localTimes...) {
		if t, err := time.ParseInLocation(form, s, now.Location()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
