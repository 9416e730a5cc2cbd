package resolve

import (
	"strings"
	"unicode"
)

// koreanSound is a romanised Korean name with what the customs (the official one of
// 2000, McCune and Reischauer's, and people's own: "Park", "Lee", "Jung") write in
// several ways written in one.
func koreanSound(latin string) string {
	return squeeze(korean.Replace(koreanFamily.Replace("^" + latin)))
}

var (
	// koreanFamily are family names that their bearers write in a way of their own.
	koreanFamily = strings.NewReplacer("^park", "bag", "^pak", "bag", "^lee", "i", "^rhee", "i", "^ri", "i", "^yi", "i", "^roh", "no", "^rho", "no", "^lim", "im", "^rim", "im", "^ryu", "yu", "^woo", "u", "^hur", "ho", "^coe", "joe", "^choi", "joe", "^choe", "joe", "^", "")
	korean       = strings.NewReplacer(
		"yeo", "yo", "yoo", "yo", "you", "yo", "young", "yong", "oo", "o", "eo", "o", "eu", "o", "ou", "o", "u", "o", "ae", "e", "oi", "oe", "ee", "i",
		"ah", "a", "sh", "s", "ch", "j", "tt", "d", "kk", "g", "pp", "b", "k", "g", "t", "d", "p", "b", "r", "l",
	)
)

// squeeze writes a letter that is doubled once.
func squeeze(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// sameKorean says whether one of two words is in Korean letters and the other may be its
// sound in Latin ones.
func sameKorean(a, b word) bool {
	if a.script == b.script || !in(a.text, unicode.Hangul) && !in(b.text, unicode.Hangul) {
		return false
	}
	return koreanSound(a.latin[0]) == koreanSound(b.latin[0])
}
