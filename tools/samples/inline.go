package main

import (
	"regexp"
	"strings"
)

// slant is a run's variant of the typeface.
type slant uint8

const (
	bold slant = 1 << iota
	italic
)

// run is text in one variant, or a reference to a footnote.
type run struct {
	Text  string
	Slant slant
	Note  string // a footnote's label; Text is then empty
}

var mark = regexp.MustCompile(`\*\*|\*|\[\^[0-9]+\]`)

// runs splits text at its marks. An asterisk with spaces on both sides is one.
func runs(text string) []run {
	var out []run
	var style slant
	at := 0
	add := func(end int) {
		if end > at {
			out = append(out, run{Text: text[at:end], Slant: style})
		}
	}
	for _, m := range mark.FindAllStringIndex(text, -1) {
		token := text[m[0]:m[1]]
		if token == "*" && (m[0] == 0 || text[m[0]-1] == ' ') && (m[1] == len(text) || text[m[1]] == ' ') {
			continue
		}
		add(m[0])
		at = m[1]
		switch token {
		case "*":
			style ^= italic
		case "**":
			style ^= bold
		default:
			out = append(out, run{Note: strings.Trim(token, "[^]")})
		}
	}
	add(len(text))
	return out
}
