package chunk

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/caseload/caseload/document"
)

// maxWord is how many times the target a word may be long before it is cut.
const maxWord = 4

// split is text's sentences, and as units with the long ones in pieces.
func split(text string, opt Options) (units []unit, sentences []document.Span) {
	for _, p := range paragraphs(text) {
		before := len(sentences)
		sentences = appendSentences(sentences, text, p)
		for _, s := range sentences[before:] {
			units = appendPieces(units, text, s, opt)
		}
		units[len(units)-1].endsPara = true
	}
	return units, sentences
}

// appendPieces appends the sentence s, cut if it is longer than the target. The
// pieces leave room for an overlap.
func appendPieces(units []unit, text string, s document.Span, opt Options) []unit {
	rest := unit{Span: s, chars: utf8.RuneCountInString(text[s.Start:s.End])}
	for rest.chars > opt.Target {
		cut, inWord := cutAt(text[rest.Start:rest.End], opt.Target-max(0, opt.Overlap), opt.Target*maxWord)
		piece := rest
		piece.End = rest.Start + cut
		piece.chars = utf8.RuneCountInString(text[piece.Start:piece.End])
		units = append(units, piece)

		next, more := trim(text, document.Span{Start: piece.End, End: rest.End})
		if !more {
			return units
		}
		gap := utf8.RuneCountInString(text[piece.End:next.Start])
		rest = unit{Span: next, chars: rest.chars - piece.chars - gap, continues: true, insideAWord: inWord}
	}
	return append(units, rest)
}

// cutAt is where to cut s, which begins with no space, so that the part before
// has at most limit characters: after the last clause in its second half, else
// after the last word. A first word of more than limit characters is kept whole
// up to maxChars, else cut at limit, in which case inWord is true.
func cutAt(s string, limit, maxChars int) (cut int, inWord bool) {
	var word, clause, chars int
	prev := rune(0)
	hard := 0
	for i, r := range s {
		if unicode.IsSpace(r) {
			if chars > limit && word > 0 {
				break
			}
			if !unicode.IsSpace(prev) {
				word = i
				if chars >= limit/2 && strings.ContainsRune(",;:)]—–", prev) {
					clause = i
				}
				if chars > limit {
					return i, false
				}
			}
		}
		if chars >= limit && hard == 0 && !unicode.Is(unicode.M, r) {
			hard = i
		}
		if chars > limit && word > 0 {
			break
		}
		if chars >= maxChars {
			if hard == 0 {
				hard = i
			}
			return hard, true
		}
		prev = r
		chars++
	}
	switch {
	case clause > 0:
		return clause, false
	case word > 0:
		return word, false
	default:
		return len(s), false
	}
}

// wordStart is the offset of the first word start in s that leaves at most room
// characters to its end.
func wordStart(s string, room int) (int, bool) {
	at, ok := 0, false
	i := len(s)
	for ; room > 0 && i > 0; room-- {
		r, n := utf8.DecodeLastRuneInString(s[:i])
		if unicode.IsSpace(r) {
			if i < len(s) {
				if next, _ := utf8.DecodeRuneInString(s[i:]); !unicode.IsSpace(next) {
					at, ok = i, true
				}
			}
		}
		i -= n
	}
	if i > 0 && i < len(s) {
		before, _ := utf8.DecodeLastRuneInString(s[:i])
		first, _ := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(before) && !unicode.IsSpace(first) {
			return i, true
		}
	}
	return at, ok
}
