package batch

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// limitTotal names the limit on failures of all categories together.
const limitTotal = "total"

// FailureLimits are the failures at which a batch gives up, by category in lower
// case, or "total" for all of them. In text: "data=10%,configuration=5,total=20%".
type FailureLimits map[string]FailureLimit

// FailureLimit is how many documents may fail: a number of them, or a share of
// the batch's rows. One of the two is zero. More than that is too many.
type FailureLimit struct {
	Count   int
	Percent float64 // 0 to 100
}

// ParseFailureLimits reads the text form. An empty text is no limit.
func ParseFailureLimits(text string) (FailureLimits, error) {
	limits := FailureLimits{}
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok || !slices.Contains(limitNames(), name) {
			return nil, fmt.Errorf("failure limit %q: want NAME=NUMBER or NAME=PERCENT%%, where NAME is one of %s", part, strings.Join(limitNames(), ", "))
		}
		if _, twice := limits[name]; twice {
			return nil, fmt.Errorf("failure limit %q: %s has a limit already", part, name)
		}
		var l FailureLimit
		if err := l.UnmarshalText([]byte(strings.TrimSpace(value))); err != nil {
			return nil, fmt.Errorf("failure limit %q: %w", part, err)
		}
		limits[name] = l
	}
	if len(limits) == 0 {
		return nil, nil
	}
	return limits, nil
}

// limitNames are the names that a limit may have, in the order they are checked.
func limitNames() []string {
	names := make([]string, 0, len(Categories())+1)
	for _, c := range Categories() {
		names = append(names, strings.ToLower(string(c)))
	}
	return append(names, limitTotal)
}

// String is the text form, which ParseFailureLimits reads.
func (l FailureLimits) String() string {
	var parts []string
	for _, name := range limitNames() {
		if limit, ok := l[name]; ok {
			parts = append(parts, name+"="+limit.String())
		}
	}
	return strings.Join(parts, ",")
}

// Validate reports what is wrong with the limits.
func (l FailureLimits) Validate() error {
	var errs []error
	known := 0
	for _, name := range limitNames() {
		limit, ok := l[name]
		if !ok {
			continue
		}
		known++
		if err := limit.validate(); err != nil {
			errs = append(errs, fmt.Errorf("failure limit of %s: %w", name, err))
		}
	}
	if known < len(l) {
		errs = append(errs, fmt.Errorf("failure limits: want no names but %s", strings.Join(limitNames(), ", ")))
	}
	return errors.Join(errs...)
}

// Exceeded says whether more documents have failed than may, in a batch of so
// many rows, and which limit says so, such as "data: 12 of 100 documents failed,
// 10% may". The first in the order of Categories is named, the total last.
func (l FailureLimits) Exceeded(rows int, failed map[Category]int) (why string, exceeded bool) {
	total := 0
	for _, c := range Categories() {
		total += failed[c]
	}
	for _, name := range limitNames() {
		limit, ok := l[name]
		n := total
		if name != limitTotal {
			n = failed[Category(strings.ToUpper(name))]
		}
		if ok && limit.exceeded(rows, n) {
			return fmt.Sprintf("%s: %d of %s failed, %s may", name, n, Counted(rows, "document"), limit), true
		}
	}
	return "", false
}

func (l FailureLimit) exceeded(rows, n int) bool {
	if l.Percent > 0 {
		return float64(n)*100 > l.Percent*float64(rows)
	}
	return n > l.Count
}

func (l FailureLimit) validate() error {
	switch {
	case l.Count < 0, l.Percent < 0, l.Percent > 100, math.IsNaN(l.Percent):
		return fmt.Errorf("want a number from 0, or a percentage from 0%% to 100%%")
	case l.Count > 0 && l.Percent > 0:
		return fmt.Errorf("want a number or a percentage, not both")
	}
	return nil
}

// String is "5", or "10%".
func (l FailureLimit) String() string {
	if l.Percent > 0 {
		return strconv.FormatFloat(l.Percent, 'f', -1, 64) + "%"
	}
	return strconv.Itoa(l.Count)
}

// MarshalText writes what String does.
func (l FailureLimit) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads "5", or "10%". A share of 0% is no failure at all.
func (l *FailureLimit) UnmarshalText(text []byte) error {
	var err error
	*l = FailureLimit{}
	if share, ok := strings.CutSuffix(string(text), "%"); ok {
		l.Percent, err = strconv.ParseFloat(share, 64)
	} else {
		l.Count, err = strconv.Atoi(string(text))
	}
	if err == nil {
		err = l.validate()
	}
	if err != nil {
		return fmt.Errorf("%q: want a number from 0, or a percentage from 0%% to 100%%", text)
	}
	return nil
}
