package corpus

import (
	"math/bits"
	"math/rand/v2"
)

// stream is what a dice is for: streams of one seed and number differ.
type stream uint64

const (
	streamDocument stream = iota + 1
	streamMatter
	streamDecision
	streamAttachment
)

// dice draws from PCG-DXSM. Its own arithmetic keeps what is drawn apart from how
// math/rand/v2 makes numbers of a source.
type dice struct{ src *rand.PCG }

// newDice is the dice of thing n of a stream.
func newDice(seed uint64, s stream, n int) *dice {
	return &dice{rand.NewPCG(mix(seed^mix(uint64(s))), mix(uint64(n)+uint64(s)<<56))}
}

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// below is from 0 to n-1.
func (d *dice) below(n int) int {
	hi, _ := bits.Mul64(d.src.Uint64(), uint64(n))
	return int(hi)
}

// between is from low to high.
func (d *dice) between(low, high int) int { return low + d.below(high-low+1) }

// percent is true in p of 100 cases.
func (d *dice) percent(p int) bool { return d.below(100) < p }

// unit is from 0 to below 1.
func (d *dice) unit() float64 { return float64(d.src.Uint64()>>11) / (1 << 53) }

// normal is 4096 times a standard normal deviate, nearly: the sum of twelve
// uniform ones, which is exact in integers and ends at 6 standard deviations.
func (d *dice) normal() int {
	sum := -6 * 4096
	for range 12 {
		sum += d.below(4096)
	}
	return sum + 6 // each of the twelve is 1/2 too low
}

// pick is one of the list.
func pick[T any](d *dice, list []T) T { return list[d.below(len(list))] }
