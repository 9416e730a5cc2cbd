package batch

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// ErrorPattern gives a category to errors that nothing but their text tells
// apart.
type ErrorPattern struct {
	Category Category
	Pattern  *regexp.Regexp // in any case of letters
}

const anyCase = "(?i:"

// ParseErrorPattern reads "CATEGORY: regexp", the expression in RE2's syntax. It
// matches in any case, unless it says (?-i).
func ParseErrorPattern(text string) (ErrorPattern, error) {
	name, expr, ok := strings.Cut(text, ":")
	expr = strings.TrimSpace(expr)
	if !ok || expr == "" {
		return ErrorPattern{}, fmt.Errorf("%q: want CATEGORY: regexp, such as RATE_LIMIT: slow down", text)
	}
	c, err := ParseCategory(name)
	if err != nil {
		return ErrorPattern{}, err
	}
	if _, err := regexp.Compile(expr); err != nil {
		return ErrorPattern{}, fmt.Errorf("%w: see https://github.com/google/re2/wiki/Syntax", err)
	}
	re, err := regexp.Compile(anyCase + expr + ")")
	if err != nil {
		return ErrorPattern{}, err
	}
	if re.MatchString("") {
		return ErrorPattern{}, fmt.Errorf("%q matches any text: name words that the error must have", expr)
	}
	return ErrorPattern{c, re}, nil
}

// Expr is the expression as it was given.
func (p ErrorPattern) Expr() string {
	return strings.TrimSuffix(strings.TrimPrefix(p.Pattern.String(), anyCase), ")")
}

// String is the pattern as ParseErrorPattern reads it.
func (p ErrorPattern) String() string { return string(p.Category) + ": " + p.Expr() }

// ParseErrorOverride reads "ErrorType=CATEGORY", such as NoText=PERMANENT. The
// type must be one of ErrorTypes.
func ParseErrorOverride(text string) (string, Category, error) {
	typ, name, ok := strings.Cut(text, "=")
	typ = strings.TrimSpace(typ)
	if !ok || typ == "" {
		return "", "", fmt.Errorf("%q: want ErrorType=CATEGORY, such as NoText=PERMANENT", text)
	}
	if len(ErrorTypes()[typ]) == 0 {
		return "", "", fmt.Errorf("there is no error type %q: `starter errors BATCH -o json` shows the types of errors that occurred", typ)
	}
	c, err := ParseCategory(name)
	if err != nil {
		return "", "", err
	}
	return typ, c, nil
}

// ErrorOverrides gives errors of a type another category.
type ErrorOverrides map[string]Category

// ParseErrorOverrides reads a list of overrides, each type once.
func ParseErrorOverrides(texts []string) (ErrorOverrides, error) {
	var errs []error
	o := ErrorOverrides{}
	for _, text := range texts {
		typ, c, err := ParseErrorOverride(text)
		switch _, twice := o[typ]; {
		case err != nil:
			errs = append(errs, err)
		case twice:
			errs = append(errs, fmt.Errorf("%s is given twice: leave one out", typ))
		default:
			o[typ] = c
		}
	}
	if len(o) == 0 {
		o = nil
	}
	return o, errors.Join(errs...)
}
