package config

import (
	"fmt"
	"math"
	"math/big"
	"strings"
)

// Size is a number of bytes.
type Size int64

// The binary units.
const (
	KiB Size = 1 << (10 * (iota + 1))
	MiB
	GiB
	TiB
)

// sizeUnits holds the bigger units first, which String relies on.
var sizeUnits = []struct {
	name  string
	bytes Size
}{
	{"TiB", TiB}, {"GiB", GiB}, {"MiB", MiB}, {"KiB", KiB},
	{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3},
	{"B", 1},
}

// ParseSize reads a number of bytes with an optional unit, such as "512MiB",
// "1.5 GB" or "1048576". KiB, MiB, GiB and TiB are powers of 1024; kB, MB, GB and TB
// powers of 1000. The case of letters does not matter. A fraction of a byte is
// left out.
func ParseSize(s string) (Size, error) {
	number := strings.TrimSpace(s)
	unit := Size(1)
	for _, u := range sizeUnits {
		if head, ok := cutSuffixFold(number, u.name); ok {
			number, unit = strings.TrimSpace(head), u.bytes
			break
		}
	}
	n, ok := new(big.Rat).SetString(number)
	if !ok || len(number) > maxSizeDigits || strings.Trim(number, "0123456789.") != "" {
		return 0, fmt.Errorf("size %q: want a number and a unit, such as 512MiB", s)
	}
	n.Mul(n, new(big.Rat).SetInt64(int64(unit)))
	bytes := new(big.Int).Quo(n.Num(), n.Denom())
	if !bytes.IsInt64() {
		return 0, fmt.Errorf("size %q: too big; the most is %d bytes, in a unit such as KiB", s, int64(math.MaxInt64))
	}
	return Size(bytes.Int64()), nil
}

// maxSizeDigits bounds the arithmetic on a number that somebody typed.
const maxSizeDigits = 40

func cutSuffixFold(s, suffix string) (string, bool) {
	at := len(s) - len(suffix)
	if at < 0 || !strings.EqualFold(s[at:], suffix) {
		return s, false
	}
	return s[:at], true
}

// String is the size in the biggest unit that takes a whole number, such as
// "512MiB".
func (s Size) String() string {
	for _, u := range sizeUnits {
		if s != 0 && s%u.bytes == 0 {
			return fmt.Sprintf("%d%s", int64(s/u.bytes), u.name)
		}
	}
	return "0B"
}
