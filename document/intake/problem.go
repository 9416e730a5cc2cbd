package intake

import (
	"hash/maphash"
	"strconv"
	"strings"
	"unicode"

	"github.com/caseload/caseload/batch"
)

// refuse sets the item's problem. name is what to call its file; it may be "".
func (it *Item) refuse(err error, name string) {
	f := batch.NewFailure(batch.StageFetch, err)
	it.Problem, it.ProblemDetail = &f, f.Message
	if name != "" {
		it.ProblemDetail = shown(name) + ": " + f.Message
	}
}

// shown is a name that is safe on a terminal: one with control characters is
// quoted.
func shown(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return strconv.Quote(name)
	}
	return name
}

// Counts sums up items.
type Counts struct {
	Rows  int   `json:"rows"` // good and bad
	Good  int   `json:"good"`
	Bad   int   `json:"bad"`
	Bytes int64 `json:"bytes"` // of the good rows whose size is known
	// Problems is the number of bad rows by type, such as "NotFound".
	Problems map[string]int `json:"problems,omitempty"`
}

// Add counts one more item.
func (c *Counts) Add(it Item) {
	c.Rows++
	if it.Problem == nil {
		c.Good++
		c.Bytes += it.Bytes
		return
	}
	c.Bad++
	if c.Problems == nil {
		c.Problems = make(map[string]int)
	}
	c.Problems[it.Problem.Type]++
}

// What a seen value is.
const (
	pathKey = 'p'
	idKey   = 'i'
)

// seen remembers which row a value came from. It keeps 128 bits of a hash of
// each, not the value: a million rows take some 40 MB, and the odds that two
// values are taken for one another are about 1 in 10^27.
type seen struct {
	seeds [2]maphash.Seed
	rows  map[[2]uint64]uint32
}

func newSeen() *seen {
	return &seen{
		seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()},
		rows:  make(map[[2]uint64]uint32),
	}
}

func (s *seen) hash(kind byte, v string) (h [2]uint64) {
	for n, seed := range s.seeds {
		var m maphash.Hash
		m.SetSeed(seed)
		_ = m.WriteByte(kind) // never fails
		_, _ = m.WriteString(v)
		h[n] = m.Sum64()
	}
	return h
}

func (s *seen) row(kind byte, v string) (int, bool) {
	row, ok := s.rows[s.hash(kind, v)]
	return int(row), ok
}

func (s *seen) add(kind byte, v string, row int) { s.rows[s.hash(kind, v)] = uint32(row) }
