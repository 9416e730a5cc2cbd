// Package regexp is the standard library's with a look beforehand: texts that lack every
// literal of which a match must hold one are turned down without matching. The
// literals are read off the expression, so they cannot go stale.
package regexp

import (
	"math"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// std is the standard library's Regexp.
type std = regexp.Regexp

// A Regexp is a regular expression. It finds what one of the standard library finds, but for
// this: where the expression ignores case, "ſ" and the sign of Kelvin are not taken for
// "s" and "k". It is safe for concurrent use.
type Regexp struct {
	*std
	needs []need // one of which is in every match; nil for unknown
	fold  bool   // needs are in lower case, and are looked for in any
}

// Literals that are shorter are in most texts; with more of them, looking costs what
// matching does.
const (
	minNeed  = 3
	maxNeeds = 40
)

// MustCompile is the Regexp of an expression. It panics if the expression is wrong.
func MustCompile(expr string) *Regexp {
	p := &Regexp{std: regexp.MustCompile(expr)}
	tree, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return p // never: it was compiled
	}
	p.fold = folds(tree)
	for _, s := range needs(tree, p.fold) {
		p.needs = append(p.needs, need{text: s, at: rarest(s)})
	}
	return p
}

// Possible says whether s may hold a match: false is certain.
func (p *Regexp) Possible(s string) bool {
	if p.needs == nil {
		return true
	}
	if p.fold {
		return slices.ContainsFunc(p.needs, func(n need) bool { return n.in(s) })
	}
	return slices.ContainsFunc(p.needs, func(n need) bool { return strings.Contains(s, n.text) })
}

// MatchString is as that of the standard library.
func (p *Regexp) MatchString(s string) bool { return p.Possible(s) && p.std.MatchString(s) }

// FindString is as that of the standard library.
func (p *Regexp) FindString(s string) string {
	if !p.Possible(s) {
		return ""
	}
	return p.std.FindString(s)
}

// FindStringIndex is as that of the standard library.
func (p *Regexp) FindStringIndex(s string) []int {
	if !p.Possible(s) {
		return nil
	}
	return p.std.FindStringIndex(s)
}

// FindStringSubmatch is as that of the standard library.
func (p *Regexp) FindStringSubmatch(s string) []string {
	if !p.Possible(s) {
		return nil
	}
	return p.std.FindStringSubmatch(s)
}

// FindStringSubmatchIndex is as that of the standard library.
func (p *Regexp) FindStringSubmatchIndex(s string) []int {
	if !p.Possible(s) {
		return nil
	}
	return p.std.FindStringSubmatchIndex(s)
}

// FindAllString is as that of the standard library.
func (p *Regexp) FindAllString(s string, n int) []string {
	if !p.Possible(s) {
		return nil
	}
	return p.std.FindAllString(s, n)
}

// FindAllStringIndex is as that of the standard library.
func (p *Regexp) FindAllStringIndex(s string, n int) [][]int {
	if !p.Possible(s) {
		return nil
	}
	return p.std.FindAllStringIndex(s, n)
}

// FindAllStringSubmatch is as that of the standard library.
func (p *Regexp) FindAllStringSubmatch(s string, n int) [][]string {
	if !p.Possible(s) {
		return nil
	}
	return p.std.FindAllStringSubmatch(s, n)
}

// FindAllStringSubmatchIndex is as that of the standard library.
func (p *Regexp) FindAllStringSubmatchIndex(s string, n int) [][]int {
	if !p.Possible(s) {
		return nil
	}
	return p.std.FindAllStringSubmatchIndex(s, n)
}

// ReplaceAllString is as that of the standard library.
func (p *Regexp) ReplaceAllString(s, by string) string {
	if !p.Possible(s) {
		return s
	}
	return p.std.ReplaceAllString(s, by)
}

// folds says whether a part of the expression ignores case.
func folds(e *syntax.Regexp) bool {
	return e.Op == syntax.OpLiteral && e.Flags&syntax.FoldCase != 0 || slices.ContainsFunc(e.Sub, folds)
}

// needs are literals of which each match of e holds one, in lower case if fold; nil
// if none are known.
func needs(e *syntax.Regexp, fold bool) []string {
	switch e.Op {
	case syntax.OpLiteral:
		s := string(e.Rune)
		if fold {
			s = strings.ToLower(s)
		}
		if len(s) < minNeed || fold && strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII && unicode.IsLetter(r) }) {
			return nil
		}
		return []string{s}
	case syntax.OpCapture, syntax.OpPlus:
		return needs(e.Sub[0], fold)
	case syntax.OpRepeat:
		if e.Min > 0 {
			return needs(e.Sub[0], fold)
		}
	case syntax.OpConcat:
		var best []string
		for _, sub := range e.Sub {
			if n := needs(sub, fold); n != nil && (best == nil || chance(n) < chance(best)) {
				best = n
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range e.Sub {
			n := needs(sub, fold)
			if n == nil {
				return nil
			}
			all = append(all, n...)
		}
		slices.Sort(all)
		if all = slices.Compact(all); len(all) <= maxNeeds {
			return all
		}
	}
	return nil
}

// chance is a measure of how many texts hold one of list: short literals count most.
func chance(list []string) (sum float64) {
	for _, s := range list {
		sum += math.Pow(8, -float64(len(s)))
	}
	return sum
}

// A need is a literal to look for.
type need struct {
	text string
	at   int // index of its rarest letter
}

// in says whether s holds n, which is in lower case, in any case of its ASCII letters.
func (n need) in(s string) bool {
	lower := n.text[n.at]
	upper := lower
	if 'a' <= lower && lower <= 'z' {
		upper = lower - 'a' + 'A'
	}
	// s[from:to] is where the letter may stand, small and capital where it does next. One
	// that is farther than the other is kept, so that nothing is looked through twice.
	small, capital := -1, -1
	for from, to := n.at, len(s)-len(n.text)+n.at+1; from < to; {
		if small < from {
			small = to
			if i := strings.IndexByte(s[from:to], lower); i >= 0 {
				small = from + i
			}
		}
		if upper != lower && capital < from {
			if i := strings.IndexByte(s[from:small], upper); i >= 0 {
				capital = from + i
			}
		}
		at := small
		if capital >= from {
			at = min(small, capital)
		}
		if at == to {
			return false
		}
		start := at - n.at
		if equalFold(s[start:start+len(n.text)], n.text) {
			return true
		}
		from = at + 1
	}
	return false
}

// byFrequency are characters of English text, the most frequent first.
const byFrequency = " etaoinsrhldcumfpgwybvkxjqz"

// rarest is the index of the byte of s that is rarest in English text.
func rarest(s string) int {
	best, rank := 0, -1
	for i := range len(s) {
		r := strings.IndexByte(byFrequency, s[i]|' ')
		if r < 0 {
			r = len(byFrequency)
		}
		if r > rank {
			best, rank = i, r
		}
	}
	return best
}

// equalFold says whether s is lower, which is in lower case, in any case of its ASCII
// letters. Both have one length.
func equalFold(s, lower string) bool {
	for i := range len(s) {
		c := s[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != lower[i] {
			return false
		}
	}
	return true
}
