// Package faults makes a worker fail on purpose: at chosen places, at a chosen
// rate, the same way for the same seed. It is linked into workers that are built
// with the tag faults, and into no others.
package faults

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"path"
	"strconv"
	"strings"

	"github.com/caseload/caseload/batch"
)

// Kind is what happens at a place: a category's error in place of the work, or
// one of the kinds below.
type Kind string

const (
	// Lost does the work and loses the answer: the caller gets a TRANSIENT error.
	Lost Kind = "lost"
	// Kill ends the process at once, as the kernel does when memory runs out.
	Kill Kind = "kill"
	// KillAfter does the work first.
	KillAfter Kind = "kill-after"
	// Slow does the work slowTime later, unless the caller gives up before.
	Slow Kind = "slow"
)

// category is the one whose error k makes, if it makes one in place of the work.
func (k Kind) category() (batch.Category, bool) {
	c, err := batch.ParseCategory(string(k))
	return c, err == nil
}

// Rule is where and how often something fails.
type Rule struct {
	Place string  // a pattern of path.Match over places, such as stage/ocr, fetch, store/SaveResult
	Kind  Kind    // in small letters
	Rate  float64 // the share of (document, place) pairs that are hit, 0 to 1
	Times int     // a pair that is hit fails 1 to Times times, then works
}

// Plan is all that fails.
type Plan struct {
	Seed  uint64
	Rules []Rule
}

// Parse reads a plan: parts with semicolons between, each "seed NUMBER" or
// "PLACE KIND RATE% TIMES", such as
//
//	seed 7; stage/* transient 30% 2; store/SaveResult lost 10% 1
func Parse(text string) (Plan, error) {
	var p Plan
	var errs []error
	for part := range strings.SplitSeq(text, ";") {
		fields := strings.Fields(part)
		var err error
		switch {
		case len(fields) == 0:
		case len(fields) == 2 && fields[0] == "seed":
			p.Seed, err = strconv.ParseUint(fields[1], 10, 64)
		case len(fields) == 4:
			var r Rule
			if r, err = parseRule(fields); err == nil {
				p.Rules = append(p.Rules, r)
			}
		default:
			err = errors.New(`want "seed NUMBER" or "PLACE KIND RATE% TIMES"`)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("fault %q: %w", strings.TrimSpace(part), err))
		}
	}
	return p, errors.Join(errs...)
}

func parseRule(fields []string) (r Rule, err error) {
	r.Place, r.Kind = fields[0], Kind(strings.ToLower(fields[1]))
	if _, err := path.Match(r.Place, ""); err != nil {
		return r, err
	}
	if _, ok := r.Kind.category(); !ok && r.Kind != Lost && r.Kind != Kill && r.Kind != KillAfter && r.Kind != Slow {
		return r, fmt.Errorf("kind %q: want a category, %s, %s, %s or %s", fields[1], Lost, Slow, Kill, KillAfter)
	}
	percent, isPercent := strings.CutSuffix(fields[2], "%")
	r.Rate, err = strconv.ParseFloat(percent, 64)
	if r.Rate /= 100; err != nil || !isPercent || !(r.Rate >= 0 && r.Rate <= 1) {
		return r, fmt.Errorf("rate %q: want 0%% to 100%%", fields[2])
	}
	if r.Times, err = strconv.Atoi(fields[3]); err != nil || r.Times < 1 {
		return r, fmt.Errorf("times %q: want a whole number from 1", fields[3])
	}
	return r, nil
}

// times is how often rule i fails for a key at a place: 0 if it is not hit.
func (p Plan) times(i int, key, place string) int {
	r := p.Rules[i]
	if ok, err := path.Match(r.Place, place); err != nil || !ok {
		return 0
	}
	h := fnv.New64a()
	fmt.Fprintf(h, "%d\x00%s\x00%s", i, key, place)
	random := rand.New(rand.NewPCG(p.Seed, h.Sum64()))
	if random.Float64() >= r.Rate {
		return 0
	}
	return 1 + random.IntN(r.Times)
}
