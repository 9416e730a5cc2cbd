package entity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A token is a word or number: letters and digits with what joins them inside a
// word (F.3d, O'Hagan, 14–556). Its closing full stop is not part of it.
type token struct {
	start, end int
	flags      flag
	before     space // between the token before and this one
	class      class // what the tables know of the word
}

type flag uint8

const (
	upper    flag = 1 << iota // begins with a capital
	caps                      // two letters or more, all capital
	digit                     // begins with a digit
	dot                       // a full stop follows
	initial                   // one capital and a full stop, or several as in "J.R."
	genitive                  // 's or s' follows
)

func (t token) is(f flag) bool { return t.flags&f != 0 }

// after is the offset behind the token and its full stop.
func (t token) after() int {
	if t.is(dot) {
		return t.end + 1
	}
	return t.end
}

// space is what separates two tokens.
type space uint8

const (
	apart   space = iota // anything else, also what separates cells and columns: a tab or three spaces
	joined               // space with at most one line break
	comma                // a comma, then space with at most one line break
	newline              // joined, with a line break
	commaNL              // comma, with a line break
	amp                  // "&" between spaces
)

func (s space) simple() bool { return s == joined || s == newline }
func (s space) listed() bool { return s == comma || s == commaNL }

func tokenize(text string) []token {
	tokens := make([]token, 0, len(text)/6)
	last := 0
	for i := 0; i < len(text); {
		r, n := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRuneInString(text[i:])
		}
		if !isWord(r) {
			i += n
			continue
		}
		t, end := scan(text, i)
		if len(tokens) > 0 {
			between := text[last:t.start]
			if mark := len("'"); t.is(upper) && (between[0] == '\'' || strings.HasPrefix(between, "’")) {
				if between[0] != '\'' {
					mark = len("’")
				}
				if possessors[strings.ToLower(text[tokens[len(tokens)-1].start:last])] {
					between = between[mark:]
				}
			}
			t.before = separation(between)
		}
		tokens = append(tokens, t)
		last = t.after()
		i = max(last, end)
	}
	return tokens
}

// possessors are the plurals whose possessive stands within names: "Bureau of Workers'
// Compensation", "Teachers' Retirement System".
var possessors = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`workers teachers veterans employees firefighters officers growers farmers ranchers producers manufacturers
bankers brokers dealers merchants grocers travelers lawyers attorneys physicians doctors nurses students parents players writers actors musicians artists 
sheriffs engineers carpenters plumbers electricians painters teamsters longshoremens miners pilots consumers citizens
voters taxpayers owners homeowners tenants landlords boys girls orphans lords ladies`) {
		m[w] = true
	}
	return m
}()

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// scan reads the token that begins at start. end is behind it and the genitive's
// ending, which is not part of it.
func scan(text string, start int) (t token, end int) {
	t = token{start: start}
	first, _ := utf8.DecodeRuneInString(text[start:])
	if first >= '0' && first <= '9' {
		t.flags |= digit
	}
	if unicode.IsUpper(first) {
		t.flags |= upper
	}
	letters, capitals, dots, run := 0, 0, 0, 0
	i := start
	for i < len(text) {
		r, n := utf8.DecodeRuneInString(text[i:])
		if isWord(r) {
			if unicode.IsLetter(r) {
				letters++
				if unicode.IsUpper(r) {
					capitals++
				}
			}
			run++
			i += n
			continue
		}
		if !joins(r, text, start, i, n, run) {
			break
		}
		if r == '.' {
			dots++
		}
		run = 0
		i += n
	}
	t.end = i
	for _, ending := range [...]string{"'s", "’s", "'S", "’S"} {
		if strings.HasSuffix(text[start:i], ending) {
			t.end -= len(ending)
			t.flags |= genitive
		}
	}
	if capitals >= 2 && capitals == letters {
		t.flags |= caps
	}
	if t.end == i && i < len(text) && text[i] == '.' {
		t.flags |= dot
		if capitals == letters && letters == dots+1 && t.flags&digit == 0 {
			t.flags |= initial
		}
	}
	t.class = words()[text[t.start:t.end]]
	return t, i
}

// joins says whether r, n bytes at text[i:], continues the word that began at
// start; run is the length of the part before it.
func joins(r rune, text string, start, i, n, run int) bool {
	if i+n >= len(text) || run == 0 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(text[i+n:])
	if !isWord(next) {
		return false
	}
	nextDigit := next >= '0' && next <= '9'
	prevDigit := text[i-1] >= '0' && text[i-1] <= '9'
	switch r {
	case '\'', '’':
		return !nextDigit && !prevDigit
	case '-', '‑', '‐':
		return true
	case '–':
		return nextDigit && prevDigit
	case '.':
		if nextDigit && !prevDigit {
			// "F.3d" is a word, "ruled.500" is two.
			return run <= 5 && unicode.IsUpper(rune(text[start])) && !strings.EqualFold(text[start:i], "no") && !strings.EqualFold(text[start:i], "nos")
		}
		return true
	case ':':
		return prevDigit && nextDigit
	case '&':
		return unicode.IsUpper(next) && text[i-1] >= 'A' && text[i-1] <= 'Z'
	}
	return false
}

// separation classifies the text between two tokens.
func separation(s string) space {
	const column = 3
	kind, wide := joined, false
	lines, spaces := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case ' ', '\t', '\r':
			spaces++
			wide = wide || s[i] == '\t' || spaces >= column
		case '\n':
			if lines++; lines > 1 && (kind != amp || lines > 2) { // a name goes on after "&"
				return apart
			}
			if kind == joined {
				kind = newline
			} else if kind == comma {
				kind = commaNL
			}
		case ',':
			if kind != joined || spaces > 0 || i > 0 {
				return apart
			}
			kind = comma
		case '&':
			if kind != joined && kind != newline || spaces+lines == 0 {
				return apart
			}
			kind = amp
		case 0xC2:
			if i+1 < len(s) && s[i+1] == 0xA0 {
				spaces++
				i++
				continue
			}
			return apart
		default:
			return apart
		}
	}
	if spaces == 0 && lines == 0 || wide && lines == 0 {
		return apart
	}
	return kind
}

func (p *page) word(i int) string { return p.text[p.tokens[i].start:p.tokens[i].end] }

// has says whether token i exists and has one of the classes c.
func (p *page) has(i int, c class) bool {
	return i >= 0 && i < len(p.tokens) && p.tokens[i].class&c != 0
}

// tokenAt is the index of the first token that starts at or after offset, from
// token i on.
func (p *page) tokenAt(i, offset int) int {
	for i < len(p.tokens) && p.tokens[i].start < offset {
		i++
	}
	return i
}
