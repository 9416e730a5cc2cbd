package resolve

import (
	"strings"
	"unicode"

	"github.com/mozillazg/go-unidecode"
)

func scriptOf(s string) script {
	for _, r := range s {
		switch {
		case r <= unicode.MaxASCII:
		case unicode.In(r, unicode.Han, unicode.Hangul):
			return syllabic
		case unicode.In(r, unicode.Arabic, unicode.Hebrew):
			return consonant
		case !unicode.Is(unicode.Latin, r) && unicode.IsLetter(r):
			return other
		}
	}
	return latin
}

// romanise is a folded word in Latin letters, in each custom there is for its
// script: the first is what Unicode's names of the letters suggest.
func romanise(folded string) []string {
	if isASCII(folded) {
		return []string{letterString(folded)}
	}
	if isBrahmic(folded) {
		return []string{letterString(unidecode.Unidecode(fromBrahmic(folded)))}
	}
	plain := letterString(unidecode.Unidecode(alike.Replace(folded)))
	all := []string{plain}
	for _, custom := range customs {
		if other := custom.Replace(folded); other != folded {
			if other = letterString(unidecode.Unidecode(other)); other != plain {
				all = append(all, other)
			}
		}
	}
	return all
}

// alike are letters that are written for others, and Japanese signs that double a consonant or
// draw a vowel out, which Latin spellings do not write.
var alike = strings.NewReplacer("ッ", "", "っ", "", "ー", "", "ک", "ك", "ی", "ي")

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] > unicode.MaxASCII {
			return false
		}
	}
	return true
}

// customs are ways to romanise that differ from the letters' names: Serbian and
// other Slavic Latin without its diacritics, and Greek as passports have it (ELOT
// 743).
var customs = []*strings.Replacer{
	strings.NewReplacer("ч", "c", "ћ", "c", "ц", "c", "ш", "s", "ж", "z", "ђ", "dj", "ј", "j", "х", "h", "љ", "lj", "њ", "nj", "џ", "dz", "щ", "sc", "ю", "yu", "я", "ya", "ё", "e", "й", "y", "ы", "y", "и", "y"),
	strings.NewReplacer("ου", "ou", "μπ", "b", "ντ", "d", "γκ", "g", "η", "i", "υ", "y", "χ", "ch", "ω", "o", "ξ", "x"),
}

func letterString(s string) string {
	return strings.Map(func(r rune) rune {
		if !isLetterOrDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// spellings are ways to write one sound in names romanised by different customs,
// the longest first where one begins another.
var spellings = strings.NewReplacer(
	"dsch", "i", "dzh", "i", "tsch", "ch", "tsh", "ch", "tch", "ch", "shch", "sh", "sch", "sh", "zh", "z", "dj", "i", "tz", "z", "ts", "z",
	"ck", "k", "kh", "h", "gh", "g", "ph", "f", "th", "t", "dh", "d", "q", "k", "x", "ks", "w", "v",
	"oo", "u", "ou", "u", "ee", "i", "ie", "i", "oe", "o", "ae", "a", "ue", "u",
	"ay", "ai", "ey", "ai", "ei", "ai", "ej", "ai", "aj", "ai", "eh", "e", "ah", "a",
	"y", "i", "j", "i",
)

// soundOf is a romanised word with spellings of one sound written as one, and
// doubled letters once. In longer words o and u are one: Mohammed, Muhammad.
func soundOf(latin string) string {
	s := spellings.Replace(latin)
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r == 'o' && len(latin) >= 6 {
			r = 'u'
		}
		if r == 'c' {
			r = 'k'
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// skeletonOf is the consonants of a sound as Arabic and Hebrew write them: without
// vowels and what may stand for them, p as b and v as f.
func skeletonOf(sound string) string {
	var b strings.Builder
	var last rune
	for _, r := range sound {
		switch r {
		case 'a', 'e', 'i', 'o', 'u', 'v', 'h':
			if r != 'h' {
				continue
			}
		case 'p':
			r = 'b'
		case 'g':
			r = 'j'
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}
