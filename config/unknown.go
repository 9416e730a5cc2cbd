package config

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/viper"
)

// checkFileKeys reports what v, into which file alone was read, holds that is
// no key.
func checkFileKeys(v *viper.Viper, file string) (errs []error) {
	found := v.AllKeys()
	slices.Sort(found)
	for _, name := range found {
		inside, section := firstKeyOf(name)
		switch {
		case isKey(name):
		case section:
			if v.Get(name) != nil { // a section whose keys are all commented out is nil
				errs = append(errs, fmt.Errorf("%s: %s is a section: want keys under it, such as %s", file, name, inside))
			}
		default:
			errs = append(errs, fmt.Errorf("%s: unknown key %s: do you mean %s?", file, name, nearest(name)))
		}
	}
	return errs
}

func isKey(name string) bool {
	return slices.ContainsFunc(keys, func(k key) bool { return k.Key == name })
}

// firstKeyOf is the first key of a section, if there is such a section.
func firstKeyOf(section string) (string, bool) {
	for _, k := range keys {
		if strings.HasPrefix(k.Key, section+".") {
			return k.Key, true
		}
	}
	return "", false
}

// nearest is the key that takes the fewest edits to get from name. Those to its
// last part count for as little as those to the whole, so that "prot" leads to
// dev.port.
func nearest(name string) string {
	best, least := "", -1
	for _, k := range keys {
		leaf := k.Key[strings.LastIndexByte(k.Key, '.')+1:]
		d := min(distance(name, k.Key), distance(name, leaf))
		if least < 0 || d < least {
			best, least = k.Key, d
		}
	}
	return best
}

// distance is the Levenshtein distance of two strings, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			edit := diagonal
			if a[i] != b[j] {
				edit++
			}
			diagonal = row[j+1]
			row[j+1] = min(edit, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}
