package config

import (
	"errors"
	"fmt"
	"strings"

	"github.com/caseload/caseload/batch"
)

// Errors is how errors get their categories, besides the built-in rules.
type Errors struct {
	Patterns  []batch.ErrorPattern // errors.patterns: tried in order, before the built-in ones
	Overrides batch.ErrorOverrides // errors.overrides
}

// Retry is how errors are retried, by category.
type Retry struct {
	Transient, Resource, RateLimit, Configuration, Data, Permanent batch.RetryPolicy // retry.*
}

// Policies are the policies by category.
func (r Retry) Policies() batch.Policies {
	return batch.Policies{
		batch.Transient: r.Transient, batch.Resource: r.Resource, batch.RateLimit: r.RateLimit,
		batch.Configuration: r.Configuration, batch.Data: r.Data, batch.Permanent: r.Permanent,
	}
}

// strictly is a field that tells what is wrong with a value, where k alone would
// say what is allowed.
func strictly[T any](name string, at func(*Config) *T, kindName, want string, read func(raw any) (T, error), fallback, description string) key {
	k := field(name, at, kind[T]{name: kindName, want: want}, fallback, description)
	k.set = func(c *Config, raw any) error {
		v, err := read(raw)
		if err != nil {
			return err
		}
		*at(c) = v
		return nil
	}
	return k
}

// retryKey is the key of a category's policy.
func retryKey(c batch.Category, at func(*Retry) *batch.RetryPolicy, description string) key {
	fallback := batch.DefaultPolicies()[c]
	return strictly("retry."+strings.ToLower(string(c)), func(c *Config) *batch.RetryPolicy { return at(&c.Retry) },
		"retry policy", fmt.Sprintf("immediate and delayed, 0 to %d together; base and cap, 100ms to 24h; growth, linear or exponential; jitter, 0%% to 100%%", batch.MaxRetries),
		func(raw any) (batch.RetryPolicy, error) {
			s, ok := raw.(string)
			if !ok {
				return fallback, errors.New("want text such as delayed=3,base=2s")
			}
			return batch.ParseRetryPolicy(fallback, s)
		}, fallback.String(), description)
}

func patternsKey() key {
	return strictly("errors.patterns", func(c *Config) *[]batch.ErrorPattern { return &c.Errors.Patterns },
		"list", "`CATEGORY: regexp`, in RE2's syntax", readPatterns, "",
		"Categories for errors by their text, tried in order, in any case of letters, before the built-in patterns. What an error is goes before what it says: a pattern is tried where no type, code or number tells. `starter policies --rules` lists all rules. A pattern with a comma needs the file.")
}

// readPatterns reads a list whose items are text, or what YAML makes of
// "CATEGORY: regexp" without quotes: a mapping of one key.
func readPatterns(raw any) ([]batch.ErrorPattern, error) {
	if items, ok := raw.([]any); ok {
		flat := make([]any, len(items))
		for i, item := range items {
			flat[i] = item
			if m, isMap := item.(map[string]any); isMap && len(m) == 1 {
				for name, expr := range m {
					flat[i] = fmt.Sprintf("%s: %v", name, expr)
				}
			}
		}
		raw = flat
	}
	texts, ok := split(raw)
	if !ok {
		return nil, errors.New("want a list of CATEGORY: regexp, each in quotes")
	}
	var patterns []batch.ErrorPattern
	var errs []error
	for _, text := range texts {
		p, err := batch.ParseErrorPattern(text)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		patterns = append(patterns, p)
	}
	return patterns, errors.Join(errs...)
}

func overridesKey() key {
	return strictly("errors.overrides", func(c *Config) *batch.ErrorOverrides { return &c.Errors.Overrides },
		"list", "`ErrorType=CATEGORY`, each type once",
		func(raw any) (batch.ErrorOverrides, error) {
			texts, ok := split(raw)
			if !ok {
				return nil, errors.New("want a list of ErrorType=CATEGORY, such as NoText=PERMANENT")
			}
			return batch.ParseErrorOverrides(texts)
		}, "",
		"Other categories for errors of a type, such as `NoText=PERMANENT`. `starter errors BATCH -o json` shows the types of a batch's errors.")
}
