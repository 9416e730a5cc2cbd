// Package classify gives every error one of the six categories: by what it is
// first, by its text last, and PERMANENT if nothing tells.
//
// The text of an error may hold file names or what stands in a document. It
// decides, and goes no further: what comes out has the fixed words of the rule
// that decided, and names of Go types.
package classify

import (
	"fmt"

	"github.com/caseload/caseload/batch"
)

// Classifier sorts errors. The nil Classifier has the built-in rules alone. It is
// safe for concurrent use.
type Classifier struct {
	patterns  []batch.ErrorPattern
	overrides batch.ErrorOverrides
}

// New is a Classifier that tries patterns before the built-in ones, and gives the
// errors of the types in overrides another category, whichever rule found it.
func New(patterns []batch.ErrorPattern, overrides batch.ErrorOverrides) *Classifier {
	return &Classifier{patterns, overrides}
}

// ruleOverride begins the name of an override's rule.
const ruleOverride = "override "

// Classify is err as a *batch.Error with a valid category, which names the rule
// that decided and wraps err. An error that is one already is answered with as it
// is, unless its type is overridden. It is nil for nil.
func (c *Classifier) Classify(err error) *batch.Error {
	if err == nil {
		return nil
	}
	e, typed := batch.AsError(err)
	switch {
	case typed && e.Category.Valid():
	case typed:
		e = &batch.Error{Category: batch.Permanent, Type: e.Type, Message: e.Message, Rule: batch.RuleDefault, Err: err}
	default:
		e = c.find(err).Wrap(err)
	}
	if c == nil {
		return e
	}
	to, ok := c.overrides[e.Type]
	if !ok {
		return e
	}
	return &batch.Error{Category: to, Type: e.Type, Message: e.Message, RetryAfter: e.RetryAfter, Rule: ruleOverride + e.Type, Err: err}
}

// find applies the rules to an error that does not say its category.
func (c *Classifier) find(err error) *batch.Error {
	if e := Typed(err); e != nil {
		return e
	}
	if e := c.byText(err); e != nil {
		return e
	}
	e := batch.NewError(batch.Permanent, "Unclassified", "unclassified error (%T)", innermost(err))
	e.Rule = batch.RuleDefault
	return e
}

// Typed describes err by what it is and what it carries: HTTP status, system
// error number, SQLSTATE and the like. It is nil if none of that is known.
func Typed(err error) *batch.Error {
	for _, t := range typed {
		if e := t.find(err); e != nil {
			return e
		}
	}
	return nil
}

// Service describes what went wrong with a service or the connection to it, or
// what this machine has run out of. Its messages speak of "the service". It is
// nil if err is nothing of the kind.
func Service(err error) *batch.Error {
	for _, t := range []finder{cloudCodes, statuses, exhausted, network} {
		if e := t.find(err); e != nil {
			return e
		}
	}
	return nil
}

// finder is rules of one kind.
type finder interface {
	find(err error) *batch.Error
	list() []Rule
}

// typed are the rules that look at what an error is, in the order they are tried.
// An error of the machine's own goes before the connection's that it broke.
var typed = []finder{contexts, cloudCodes, statuses, exhausted, network, files, bucketCodes, sqlStates, redisReplies, grpcCodes}

// Rule is a rule, for people.
type Rule struct {
	Name     string         `json:"rule"`
	Category batch.Category `json:"category"`
	Type     string         `json:"type,omitempty"` // of the errors it makes
	Matches  string         `json:"matches"`
}

// Rules lists the rules in the order they are tried. The overrides come first,
// as what they say holds whichever other rule found the type.
func (c *Classifier) Rules() []Rule {
	var rules []Rule
	if c != nil {
		for _, typ := range sortedTypes(c.overrides) {
			rules = append(rules, Rule{ruleOverride + typ, c.overrides[typ], typ, "errors.overrides"})
		}
	}
	rules = append(rules, Rule{batch.RuleOwn, "", "", "errors that say their category themselves"})
	for _, t := range typed {
		rules = append(rules, t.list()...)
	}
	if c != nil {
		for i, p := range c.patterns {
			rules = append(rules, Rule{configuredName(i), p.Category, typeConfigured, p.Expr()})
		}
	}
	for _, p := range patterns {
		rules = append(rules, Rule{"pattern " + p.name, p.category, p.typ, p.expr})
	}
	return append(rules, Rule{batch.RuleDefault, batch.Permanent, "Unclassified", "everything else"})
}

// verdict is what a rule says of an error. A %s in its message is the code that
// the rule found, which is one of a few.
type verdict struct {
	category batch.Category
	typ      string
	message  string
}

func (v verdict) by(rule string) *batch.Error {
	return &batch.Error{Category: v.category, Type: v.typ, Message: v.message, Rule: rule}
}

// rule matches errors by a predicate.
type rule struct {
	name string
	verdict
	matches string // for people
	is      func(error) bool
	example error // of a rule that has a name for people
}

type table []rule

func (t table) find(err error) *batch.Error {
	for _, r := range t {
		if r.is(err) {
			return r.by(r.name)
		}
	}
	return nil
}

func (t table) list() []Rule {
	rules := make([]Rule, len(t))
	for i, r := range t {
		rules[i] = Rule{r.name, r.category, r.typ, r.matches}
	}
	return rules
}

// walk visits err and all that it wraps, outermost first, until visit says to
// stop.
func walk(err error, visit func(error) (stop bool)) bool {
	if err == nil {
		return false
	}
	if visit(err) {
		return true
	}
	switch w := err.(type) { //nolint:errorlint // it is walked here
	case interface{ Unwrap() error }:
		return walk(w.Unwrap(), visit)
	case interface{ Unwrap() []error }:
		for _, inner := range w.Unwrap() {
			if walk(inner, visit) {
				return true
			}
		}
	}
	return false
}

// innermost is the error that others wrap: the first of several.
func innermost(err error) error {
	for {
		var inner error
		switch w := err.(type) { //nolint:errorlint // it is walked here
		case interface{ Unwrap() error }:
			inner = w.Unwrap()
		case interface{ Unwrap() []error }:
			if all := w.Unwrap(); len(all) > 0 {
				inner = all[0]
			}
		}
		if inner == nil {
			return err
		}
		err = inner
	}
}

// coded matches errors by a code that they carry: that of the row which is the
// code, or the longest beginning of it if prefix is set.
type coded struct {
	kind   string // of the codes, for people
	code   func(error) string
	prefix bool
	rows   []codeRow
	name   func(code string) string // of a row's rule; nil for kind and code
	finish func(e *batch.Error, err error)
}

type codeRow struct {
	code string
	verdict
}

func (c *coded) find(err error) *batch.Error {
	code := c.code(err)
	if code == "" {
		return nil
	}
	row := c.row(code)
	if row == nil {
		return nil
	}
	v := row.verdict
	v.message = withCode(v.message, code)
	e := v.by(c.ruleName(row.code))
	if c.finish != nil {
		c.finish(e, err)
	}
	return e
}

func (c *coded) row(code string) *codeRow {
	var best *codeRow
	for i := range c.rows {
		r := &c.rows[i]
		if r.code == code {
			return r
		}
		if c.prefix && len(r.code) < len(code) && code[:len(r.code)] == r.code && (best == nil || len(r.code) > len(best.code)) {
			best = r
		}
	}
	return best
}

func (c *coded) ruleName(code string) string {
	if c.name != nil {
		code = c.name(code)
	}
	return c.kind + " " + code
}

func (c *coded) list() []Rule {
	rules := make([]Rule, len(c.rows))
	for i, r := range c.rows {
		matches := "the code " + r.code
		if c.prefix {
			matches = "codes that begin with " + r.code
		}
		rules[i] = Rule{c.ruleName(r.code), r.category, r.typ, matches}
	}
	return rules
}

func configuredName(i int) string { return fmt.Sprintf("configured pattern %d", i+1) }
