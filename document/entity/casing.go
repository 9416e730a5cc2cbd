package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// smallWords stay in lower case inside a title.
var smallWords = map[string]bool{"of": true, "the": true, "for": true, "and": true, "in": true, "to": true, "on": true, "at": true, "by": true, "an": true, "a": true}

// titleCase is s on one line with the words that are all capitals in title case,
// as a court's name is written.
func titleCase(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		lower := strings.ToLower(w)
		switch {
		case smallWords[lower] && i > 0:
			words[i] = lower
		case isRoman(w) && i > 0, strings.Contains(strings.TrimRight(w, "."), "."):
		case w == strings.ToUpper(w):
			words[i] = capitalize(lower)
		}
	}
	return strings.Join(words, " ")
}

// properName is a person's name on one line, with the words that are all
// capitals in title case.
func properName(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		if strings.HasSuffix(w, ",") && i == len(words)-2 {
			w = w[:len(w)-1]
			words[i] = w
		}
		bare := strings.Trim(w, ".,")
		if rest, ok := strings.CutPrefix(w, "Mc"); ok && len(bare) > 3 && rest == strings.ToUpper(rest) {
			words[i] = "Mc" + capitalize(strings.ToLower(rest))
			continue
		}
		if utf8.RuneCountInString(bare) < 2 || isRoman(bare) || bare != strings.ToUpper(bare) || strings.Contains(bare, ".") {
			continue
		}
		lower := strings.ToLower(w)
		if particleWords[lower] && i > 0 {
			words[i] = lower
			continue
		}
		words[i] = capitalize(lower)
		if strings.HasPrefix(lower, "mc") && len(lower) > 3 {
			words[i] = "Mc" + capitalize(lower[2:])
		}
	}
	if n := len(words); n > 1 && (words[n-1] == "Jr" || words[n-1] == "Sr") {
		words[n-1] += "."
	}
	return strings.Join(words, " ")
}

var particleWords = map[string]bool{"de": true, "del": true, "der": true, "von": true, "van": true, "da": true, "di": true, "la": true, "bin": true, "al": true}

// capitalize is s with a capital at its start and after each hyphen, and after
// an apostrophe that does not begin a genitive.
func capitalize(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	up := true
	for i, r := range s {
		if up {
			r = unicode.ToUpper(r)
		}
		up = r == '-' || (r == '\'' || r == '’') && len(s)-i > 1+utf8.RuneLen(r)
		b.WriteRune(r)
	}
	return b.String()
}

func isRoman(s string) bool {
	return s != "" && strings.Trim(s, "IVX") == ""
}
