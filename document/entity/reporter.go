package entity

import (
	"strings"
	"sync"
)

// reporter is what the tables know of a reporter.
type reporter struct {
	name string // canonical abbreviation
	// weak ones are also common words or names: they count only where a case's
	// name comes before or a year after.
	weak bool
}

// reporters are the tables as one, by squeezed spelling.
var reporters = sync.OnceValue(func() map[string]reporter {
	m := make(map[string]reporter, 2048)
	for _, list := range []string{federalReporters, regionalReporters, stateReporters} {
		for _, line := range strings.Split(strings.TrimSpace(list), "\n") {
			spellings := strings.Split(line, "=")
			words := strings.Fields(spellings[0])
			n := len(words)
			for n > 1 && isSeries(words[n-1]) {
				n--
			}
			first := strings.Join(words[:n], " ")
			for _, series := range append([]string{""}, words[n:]...) {
				name := withSeries(first, series)
				r := reporter{name: name, weak: series == "" && !strings.ContainsAny(name, ".&")}
				put(m, name, r)
				for _, other := range spellings[1:] {
					other = strings.TrimSpace(other)
					if isSeries(other[strings.LastIndexByte(other, ' ')+1:]) {
						// Another spelling of one series only.
						if series == "" {
							put(m, other, reporter{name: withSeries(first, other[strings.LastIndexByte(other, ' ')+1:])})
						}
						continue
					}
					r.weak = series == "" && !strings.ContainsAny(other, ".& ")
					put(m, other+series, r)
				}
			}
		}
	}
	return m
})

// put adds a spelling unless another reporter has it as its own.
func put(m map[string]reporter, spelling string, r reporter) {
	key := squeeze(spelling)
	if old, ok := m[key]; !ok || spelling == r.name && old.name != squeeze(old.name) && squeeze(old.name) != key {
		m[key] = r
	}
}

func isSeries(s string) bool {
	return len(s) > 1 && s[0] >= '2' && s[0] <= '9' && (strings.HasSuffix(s, "d") || strings.HasSuffix(s, "th"))
}

// withSeries is name with its series: closed up after single capitals ("F.3d"),
// else apart ("F. Supp. 3d"). Source: The Bluebook, rule 6.1(a).
func withSeries(name, series string) string {
	if series == "" {
		return name
	}
	last := name[strings.LastIndexByte(name, ' ')+1:]
	for i := 0; i < len(last); i += 2 {
		if last[i] < 'A' || last[i] > 'Z' || i+1 >= len(last) || last[i+1] != '.' {
			return name + " " + series
		}
	}
	return name + series
}

// squeeze is s in lower-case letters and digits alone.
func squeeze(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteByte(c)
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		}
	}
	return b.String()
}
