// Package search is how text is searched: what its words are, what a query asks
// for, where a text has it, and what is shown of that. The same words are indexed,
// asked for and marked, whatever database holds the index.
package search

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Version names how texts are split into words. It changes when an index of what
// an earlier version made is to be made again.
const Version = 1

// MaxWord is how many characters of a word count: what follows is left out.
const MaxWord = 100

// Word is a word of a text. Words are runs of letters and digits, lower-case,
// without accents, with ligatures taken apart; each Chinese or Japanese character
// is one.
type Word struct {
	Text       string
	Start, End int // bytes of the text that it is in
}

// Words are the words of text in order.
func Words(text string) iter.Seq[Word] {
	return func(yield func(Word) bool) {
		for i := 0; i < len(text); {
			end, plain := run(text, i)
			if end == i {
				_, size := utf8.DecodeRuneInString(text[i:])
				i += size
				continue
			}
			if w := fold(text[i:end], plain); w != "" && !yield(Word{w, i, end}) {
				return
			}
			i = end
		}
	}
}

// What is indexed of one passage at most, in words and in bytes: a database does not
// take more, and no passage of prose comes near it.
const (
	maxIndexed      = 10_000
	maxIndexedBytes = 500_000
)

// Indexed are the words that a passage is found by.
func Indexed(passage string) iter.Seq[Word] {
	return func(yield func(Word) bool) {
		n, size := 0, 0
		for w := range Words(passage) {
			n, size = n+1, size+len(w.Text)
			if n > maxIndexed || size > maxIndexedBytes || !yield(w) {
				return
			}
		}
	}
}

// Join is the words that a passage is found by, with a space between them.
func Join(passage string) string {
	var b strings.Builder
	b.Grow(len(passage))
	for w := range Indexed(passage) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Text)
	}
	return b.String()
}

// run is where the word that begins at start ends, start if none does, and
// whether it is of ASCII alone.
func run(text string, start int) (end int, plain bool) {
	plain = true
	for end = start; end < len(text); {
		if c := text[end]; c < utf8.RuneSelf {
			if !isASCIIWord(c) {
				return end, plain
			}
			end++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[end:])
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
			if end == start {
				return end + size, false
			}
			return end, plain
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) {
			return end, plain
		}
		plain = false
		end += size
	}
	return end, plain
}

func isASCIIWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// fold is a word as it is indexed.
func fold(word string, plain bool) string {
	if plain {
		return strings.ToLower(word[:min(len(word), MaxWord)])
	}
	var b strings.Builder
	n := 0
	for _, r := range norm.NFKD.String(word) {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue // an accent, or what a compatibility form is made of
		}
		if n++; n > MaxWord {
			break
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}
