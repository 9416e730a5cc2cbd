package batch

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ParseRetryPolicy reads the compact form of a policy, such as
//
//	immediate=3,delayed=3,base=2s,growth=exponential,cap=1m,jitter=10%
//
// where what is left out is as in base. The error names the part that is wrong
// and what is allowed: immediate and delayed are MaxRetries at most, together as
// well; base and cap are from MinDelay to MaxDelay, and base is no longer than
// cap; growth is linear or exponential; jitter is a percentage, 0% to 100%.
func ParseRetryPolicy(base RetryPolicy, text string) (RetryPolicy, error) {
	p, err := base.apply(text)
	if err != nil {
		return base, err
	}
	if err := p.Validate(); err != nil {
		return base, err
	}
	return p, nil
}

// apply is p with what text sets, each part within its own bounds.
func (p RetryPolicy) apply(text string) (RetryPolicy, error) {
	if strings.TrimSpace(text) == "" {
		return p, nil
	}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		name, value, ok := strings.Cut(part, "=")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if !ok {
			return p, fmt.Errorf("%q: want name=value, such as delayed=3, with commas between", strings.TrimSpace(part))
		}
		if seen[name] {
			return p, fmt.Errorf("%s is given twice: leave one out", name)
		}
		seen[name] = true
		if err := p.set(name, value); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (p *RetryPolicy) set(name, value string) (err error) {
	switch name {
	case "immediate":
		p.Immediate, err = parseRetries(value)
	case "delayed":
		p.Delayed, err = parseRetries(value)
	case "base":
		p.Base, err = parseDelay(value)
	case "cap":
		p.Cap, err = parseDelay(value)
	case "growth":
		p.Growth = Growth(strings.ToLower(value))
		if p.Growth != Linear && p.Growth != Exponential {
			err = fmt.Errorf("want %s or %s", Linear, Exponential)
		}
	case "jitter":
		p.Jitter, err = parseJitter(value)
	default:
		return fmt.Errorf("%q is no part of a retry policy: want immediate, delayed, base, growth, cap or jitter", name)
	}
	if err != nil {
		return fmt.Errorf("%s=%s: %w", name, value, err)
	}
	return nil
}

func parseRetries(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 || n > MaxRetries {
		return 0, fmt.Errorf("want a whole number from 0 to %d", MaxRetries)
	}
	return n, nil
}

func parseDelay(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d < MinDelay || d > MaxDelay {
		return 0, fmt.Errorf("want a number and a unit, such as 30s, from %s to %s", FormatDuration(MinDelay), FormatDuration(MaxDelay))
	}
	return d, nil
}

// parseJitter reads a percentage to a hundredth of a per cent.
func parseJitter(s string) (float64, error) {
	digits, ok := strings.CutSuffix(s, "%")
	percent, err := strconv.ParseFloat(strings.TrimSpace(digits), 64)
	if !ok || err != nil || !(percent >= 0 && percent <= 100) {
		return 0, errors.New("want a percentage from 0% to 100%")
	}
	return math.Round(percent*100) / 10000, nil
}

// Validate reports what is out of bounds.
func (p RetryPolicy) Validate() error {
	var errs []error
	if p.Immediate < 0 || p.Delayed < 0 || p.Retries() > MaxRetries {
		errs = append(errs, fmt.Errorf("immediate=%d and delayed=%d: want 0 to %d retries together", p.Immediate, p.Delayed, MaxRetries))
	}
	if p.Base < MinDelay || p.Base > MaxDelay || p.Cap < MinDelay || p.Cap > MaxDelay {
		errs = append(errs, fmt.Errorf("base=%s and cap=%s: want both from %s to %s",
			FormatDuration(p.Base), FormatDuration(p.Cap), FormatDuration(MinDelay), FormatDuration(MaxDelay)))
	} else if p.Base > p.Cap {
		errs = append(errs, fmt.Errorf("base=%s is above cap=%s: raise the cap as well", FormatDuration(p.Base), FormatDuration(p.Cap)))
	}
	if p.Growth != Linear && p.Growth != Exponential {
		errs = append(errs, fmt.Errorf("growth=%s: want %s or %s", p.Growth, Linear, Exponential))
	}
	if !(p.Jitter >= 0 && p.Jitter <= 1) {
		errs = append(errs, fmt.Errorf("jitter=%s: want 0%% to 100%%", p.JitterPercent()))
	}
	return errors.Join(errs...)
}

// String is the policy in the form that ParseRetryPolicy reads, all parts given.
func (p RetryPolicy) String() string {
	return fmt.Sprintf("immediate=%d,delayed=%d,base=%s,growth=%s,cap=%s,jitter=%s",
		p.Immediate, p.Delayed, FormatDuration(p.Base), p.Growth, FormatDuration(p.Cap), p.JitterPercent())
}

// JitterPercent is the jitter for people, such as "10%".
func (p RetryPolicy) JitterPercent() string {
	return strconv.FormatFloat(math.Round(p.Jitter*10000)/100, 'f', -1, 64) + "%"
}

// MarshalText is String.
func (p RetryPolicy) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads the compact form; all parts must be given.
func (p *RetryPolicy) UnmarshalText(text []byte) error {
	q, err := ParseRetryPolicy(RetryPolicy{}, string(text))
	if err != nil {
		return fmt.Errorf("retry policy: %w", err)
	}
	*p = q
	return nil
}

// FormatDuration is d without the zero units that time.Duration prints: "1h", not
// "1h0m0s".
func FormatDuration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// RetryOverrides are changes of retry policies, by category: each in the form
// that ParseRetryPolicy reads, over the policy that the worker is configured
// with.
type RetryOverrides map[Category]string

// ParseRetryOverride reads a category and a change of its policy, such as
// "transient:delayed=5,base=1s".
func ParseRetryOverride(text string) (Category, string, error) {
	name, change, ok := strings.Cut(text, ":")
	change = strings.TrimSpace(change)
	if !ok || change == "" {
		return "", "", fmt.Errorf("%q: want CATEGORY:name=value,…, such as transient:delayed=5,base=1s", text)
	}
	c, err := ParseCategory(name)
	if err != nil {
		return "", "", err
	}
	if _, err := (RetryPolicy{}).apply(change); err != nil {
		return "", "", fmt.Errorf("%s: %w", c, err)
	}
	return c, change, nil
}

// Validate reports overrides that are not in the form, or have a part out of its
// bounds. Whether the parts go together is known only with the policies that they
// change: see Policies.With.
func (o RetryOverrides) Validate() error {
	var errs []error
	for _, c := range o.categories() {
		if !c.Valid() {
			errs = append(errs, fmt.Errorf("retry: category %q: want one of %s", c, categoryNames()))
		} else if _, err := (RetryPolicy{}).apply(o[c]); err != nil {
			errs = append(errs, fmt.Errorf("retry: %s: %w", c, err))
		}
	}
	return errors.Join(errs...)
}

// categories lists what is overridden, in the same order each time.
func (o RetryOverrides) categories() []Category {
	rest := maps.Clone(o)
	var cs []Category
	for _, c := range Categories() {
		if _, ok := rest[c]; ok {
			cs = append(cs, c)
			delete(rest, c)
		}
	}
	known := len(cs)
	for c := range rest {
		cs = append(cs, c)
	}
	slices.Sort(cs[known:])
	return cs
}

// With is p with the overrides o. An override that cannot be read, or does not go
// together with the policy it changes, leaves that policy as it is and is
// reported.
func (p Policies) With(o RetryOverrides) (Policies, error) {
	if len(o) == 0 {
		return p, nil
	}
	out := maps.Clone(p)
	if out == nil {
		out = Policies{}
	}
	var errs []error
	for _, c := range o.categories() {
		q, err := ParseRetryPolicy(p[c], o[c])
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c, err))
			continue
		}
		out[c] = q
	}
	return out, errors.Join(errs...)
}
