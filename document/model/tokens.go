package model

import (
	"unicode"
	"unicode/utf8"
)

// tokens is about how many tokens text is, rather too many than too few. Vocabularies
// are byte pairs that are learned mostly from English (Sennrich et al. 2016; Radford et
// al. 2019), so that it depends on the script, and no vocabulary makes more tokens than
// bytes. The figures are the highest of those counted with OpenAI's cl100k_base on
// legal prose, rounded up; the newer o200k_base makes fewer, of digits as many:
//
//	                                             counted       taken
//	Chinese, Japanese, Korean, running text      0.95 to 1.56  2.5 a character
//	  rare characters, as in names               2.02          2.5 a character
//	Thai, Hindi, Hebrew, Greek, Arabic, Russian  0.48 to 1.02  2/3 a byte: 1.3 or 2 a character
//	English                                      0.19          1/3 a letter or space
//	docket numbers, citations, amounts           0.61          2/3 a digit or mark
func tokens(text string) int {
	sixths := 0
	for _, r := range text {
		switch {
		case r == ' ' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z':
			sixths += 2
		case r < utf8.RuneSelf:
			sixths += 4
		case unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana):
			sixths += 15
		default:
			sixths += 4 * max(1, utf8.RuneLen(r))
		}
	}
	return (sixths + 5) / 6
}
