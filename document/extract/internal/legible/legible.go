// Package legible judges whether a text is of words, or of what a font without letters,
// or bad recognition, makes of them.
package legible

import (
	"strings"
	"unicode"
)

// Score is what was found out about a text.
type Score struct {
	Words     int // that can be judged: numbers, initials and symbols cannot
	Plausible int // of them, that are built like words
	Common    int // of them, that are among the commonest of a language
}

// Plausibility is the share of words that are built like words, 0 to 1; 1 of a text
// that has none.
func (s Score) Plausibility() float64 {
	if s.Words == 0 {
		return 1
	}
	return float64(s.Plausible) / float64(s.Words)
}

// Sense compares texts of one page: 0 to 2, the share of plausible words and that of
// common ones, which are a third to a half of running prose, and which few misread
// words are.
func (s Score) Sense() float64 {
	if s.Words == 0 {
		return 0
	}
	return float64(s.Plausible+s.Common) / float64(s.Words)
}

// Judge judges a text by the build of its words, in the Latin script; words of other
// scripts are taken to be well built.
func Judge(text string) Score {
	var s Score
	for token := range strings.FieldsSeq(text) {
		token = strings.TrimFunc(token, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
		for word := range strings.FieldsFuncSeq(token, joins) {
			switch plausible, judged := built(word); {
			case !judged:
			case plausible:
				s.Words++
				s.Plausible++
				if common[strings.ToLower(word)] {
					s.Common++
				}
			default:
				s.Words++
			}
		}
	}
	return s
}

// joins says whether r stands between words that are written as one: and/or, o'clock,
// F.R.D., 12:30, a@b.
func joins(r rune) bool { return strings.ContainsRune("-–—/'’.,:;@_&()[]\u00AD", r) }

const (
	longestWord      = 24 // letters
	mostConsonants   = 5  // in a row: "lengthsman" has 5
	mostSame         = 2
	mostInnerCapital = 1 // McDonald
)

// built says whether word is built as a word is. judged is false of what tells
// nothing: numbers, initials, abbreviations in capitals.
func built(word string) (plausible, judged bool) {
	var letters, digits, others, capitals, inner, vowels, consonants, most, same, mostSameRun int
	latin := true
	var last rune
	for i, r := range word {
		if !unicode.IsLetter(r) {
			if unicode.IsDigit(r) {
				digits++
			} else if !unicode.Is(unicode.Mn, r) {
				others++
			}
			consonants = 0
			continue
		}
		letters++
		if unicode.IsUpper(r) {
			capitals++
			if i > 0 {
				inner++
			}
		}
		latin = latin && unicode.Is(unicode.Latin, r)
		if vowel(r) {
			vowels++
			consonants = 0
		} else if consonants++; consonants > most {
			most = consonants
		}
		if low := unicode.ToLower(r); low == last {
			same++
		} else {
			same, last = 1, low
		}
		mostSameRun = max(mostSameRun, same)
	}
	upper := capitals == letters
	switch {
	case letters == 0 && others == 0, letters+digits+others == 1:
		return false, false
	case others > 0:
		return false, true
	case digits > 0:
		// 4th, 2d, 10b, A1 are of a number; O1d and 7KH are not.
		if letters == 1 || letters == 2 && capitals == 0 && unicode.IsDigit(rune(word[0])) {
			return false, false
		}
		return false, true
	case !latin:
		return true, true
	case upper && letters <= 4:
		return false, false // an abbreviation, a Roman numeral
	}
	return vowels > 0 && letters <= longestWord && most <= mostConsonants && mostSameRun <= mostSame &&
		(upper || inner <= mostInnerCapital), true
}

// vowel says whether r is a vowel, y among them. Letters with marks are taken for
// vowels: most are, and no language has rows of the others.
func vowel(r rune) bool {
	return r > unicode.MaxASCII || strings.ContainsRune("aeiouyAEIOUY", r)
}

// common are the commonest words of English, and of languages that American courts
// meet: Spanish, French, German, Portuguese, Italian.
var common = func() map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(`
		the of and to in a that is for it as was with be by on not he his but at are this have from had which or an they
		you were their one all we can her has there been if more when will would who so no she other its may these what
		them than some him time into only do such my new about out also two any up first should because each just those
		court case order plaintiff defendant motion law state states united under shall upon must district does did
		de la que el en y los del se las por un para con una su al lo como más pero sus le ya o este sí porque esta entre
		cuando muy sin sobre también me hasta hay donde quien desde todo nos durante no es
		et les des du une est pour dans qui sur pas au plus par ne ce il sont avec cette ou mais aux elle être
		der die und den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie
		nach wird bei einer um am sind noch wie einem über einen
		do da em os não uma dos com na se mais das ao mas foi pelo
		di che è il non sono della per le dei nel alla gli`) {
		set[w] = true
	}
	return set
}()
