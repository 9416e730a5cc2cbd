package resolve

import (
	"strings"
	"unicode"
)

// brahmic are the scripts of India whose blocks in Unicode have one order of letters,
// that of the Indian standard code (ISCII), from Devanagari (0900) to Malayalam (0D7F).
const (
	brahmicFirst = 0x0900
	brahmicLast  = 0x0D7F
	brahmicBlock = 0x80
)

// brahmicLetters are the letters by their place in a block. Source: ISO 15919, without
// its diacritics.
var brahmicLetters = func() map[rune]string {
	m := map[rune]string{0x01: "n", 0x02: "n", 0x03: "h", 0x58: "k", 0x59: "kh", 0x5a: "gh", 0x5b: "z", 0x5c: "r", 0x5d: "rh", 0x5e: "f", 0x5f: "y"}
	at := rune(0x05)
	for letter := range strings.FieldsSeq("a a i i u u ri l e e e ai o o o au k kh g gh n ch ch j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h") {
		m[at] = letter
		at++
	}
	return m
}()

// brahmicSigns are the vowels that follow a consonant, by their place in a block.
var brahmicSigns = map[rune]string{
	0x3e: "a", 0x3f: "i", 0x40: "i", 0x41: "u", 0x42: "u", 0x43: "ri", 0x44: "ri", 0x45: "e", 0x46: "e", 0x47: "e", 0x48: "ai", 0x49: "o", 0x4a: "o", 0x4b: "o", 0x4c: "au",
}

const (
	brahmicNukta  = 0x3c // a dot under a letter
	brahmicVirama = 0x4d // takes the vowel off
)

// fromBrahmic writes a word of an Indian script in Latin letters, with the vowel "a" that
// a consonant has unless another or none is written; at the end of a word it is not said.
func fromBrahmic(s string) string {
	var b strings.Builder
	bare := false // a consonant waits for its vowel
	for _, r := range s {
		if r < brahmicFirst || r > brahmicLast {
			b.WriteRune(r)
			bare = false
			continue
		}
		place := (r - brahmicFirst) % brahmicBlock
		sign, isSign := brahmicSigns[place]
		switch {
		case isSign:
			b.WriteString(sign)
			bare = false
		case place == brahmicVirama:
			bare = false
		case place == brahmicNukta:
		default:
			if bare {
				b.WriteByte('a')
			}
			b.WriteString(brahmicLetters[place])
			bare = place >= 0x15 && place <= 0x39 || place >= 0x58 && place <= 0x5f
		}
	}
	return b.String()
}

func isBrahmic(s string) bool {
	for _, r := range s {
		if r >= brahmicFirst && r <= brahmicLast {
			return true
		}
	}
	return false
}

// abugidas are scripts in which a vowel is a sign on its consonant, or not written:
// what their romanised words have for sure are the consonants.
var abugidas = []*unicode.RangeTable{
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada, unicode.Malayalam,
	unicode.Sinhala, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan, unicode.Ethiopic, unicode.Hebrew,
}

// bonesOf are the consonants of a romanised word by where in the mouth they are made:
// hard and soft ones are one, "v", "w", "y" and "h" are vowels or none. A doubled letter
// counts once.
func bonesOf(latin string) string {
	s := mouth.Replace(latin)
	var b strings.Builder
	var last rune
	for _, r := range s {
		if r != last && !strings.ContainsRune("aeiouyhvw", r) {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

var mouth = strings.NewReplacer(
	"cch", "s", "tsch", "s", "tch", "s", "ch", "s", "sch", "s", "sh", "s", "zh", "s", "ts", "s", "tz", "s", "jh", "s", "j", "s", "z", "s", "x", "ks",
	"ce", "se", "ci", "si", "cy", "si", "ck", "k", "c", "k", "kh", "k", "gh", "k", "nga", "nka", "nge", "nke", "ngi", "nki", "ngo", "nko", "ngu", "nku", "ng", "n", "g", "k", "q", "k",
	"bh", "b", "ph", "b", "p", "b", "f", "b", "th", "t", "dh", "t", "d", "t",
)

// bonesMayBe are the bones of a Latin word in the ways in which another script may have
// taken its letters: "ch" as k or h, "v" as b; for Japanese "l" as r, "th" as s.
func bonesMayBe(latin string, japanese bool) []string {
	all := []string{latin}
	for _, other := range [][2]string{{"ch", "k"}, {"ch", "h"}, {"v", "b"}} {
		if strings.Contains(latin, other[0]) {
			for _, s := range all {
				all = append(all, strings.ReplaceAll(s, other[0], other[1]))
			}
		}
	}
	for i, s := range all {
		if japanese {
			s = japaneseSounds.Replace(s)
		}
		all[i] = bonesOf(s)
	}
	return all
}

var japaneseSounds = strings.NewReplacer("th", "s", "l", "r")

// sameBones says whether a word of Latin script may be one of another script by its
// consonants. A single consonant says too little.
func sameBones(foreign, latinWord word) bool {
	japanese := in(foreign.text, unicode.Hiragana, unicode.Katakana)
	if !japanese && !in(foreign.text, abugidas...) {
		return false
	}
	bones := bonesOf(foreign.latin[0])
	if len(bones) < 2 {
		return false
	}
	for _, b := range bonesMayBe(latinWord.latin[0], japanese) {
		if b == bones {
			return true
		}
	}
	return false
}

// in says whether a letter of s is of one of the scripts.
func in(s string, scripts ...*unicode.RangeTable) bool {
	for _, r := range s {
		if r > unicode.MaxASCII && unicode.In(r, scripts...) {
			return true
		}
	}
	return false
}
