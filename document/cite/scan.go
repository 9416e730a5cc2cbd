package cite

import (
	"slices"
	"strconv"
	"strings"
)

// A Reader reads the parts of one document in order: short forms of a later part
// mean citations of an earlier one. Its zero value is ready. It is for one
// goroutine.
type Reader struct {
	memory memory
}

// Scan reads the citations of a text that stands alone.
func Scan(text string) []Citation {
	var r Reader
	return r.Read(text)
}

// Read returns the citations of the document's next part, in order and without
// overlaps, short forms resolved.
func (r *Reader) Read(text string) []Citation {
	const dense = 1 << 10 // bytes a citation
	s := scanner{text: text, table: abbreviations(), found: make([]Citation, 0, len(text)/dense+4)}
	s.run()
	r.memory.resolve(text, s.found)
	return s.found
}

// scanner is one pass over a text.
type scanner struct {
	text  string
	table *trie
	found []Citation
	floor int // where the last citation found ended
}

// kinds of byte that something may begin with
const (
	other = iota
	numeral
	capital
	small
)

var byteKinds = func() (k [256]uint8) {
	for c := range 256 {
		switch b := byte(c); {
		case isDigit(b):
			k[c] = numeral
		case isUpper(b):
			k[c] = capital
		case isLower(b):
			k[c] = small
		}
	}
	return k
}()

func (s *scanner) run() {
	text := s.text
	for i := 0; i < len(text); {
		kind := byteKinds[text[i]]
		if kind == other {
			i++
			continue
		}
		next := 0
		switch kind {
		case numeral:
			next = s.number(i)
		case capital:
			next = s.word(i)
		case small:
			if c := text[i]; c == 'i' || c == 's' {
				next = s.lower(i)
			}
		}
		if next > i {
			s.floor = next
			i = next
			continue
		}
		// Over the rest of the word or number. What follows an apostrophe or full
		// stop is a word of its own: "No.410".
		for i < len(text) && (isAlnum(text[i]) || text[i] >= 0x80) {
			if text[i] >= 0x80 && !wordRune(text, i) {
				break
			}
			i++
		}
		if i < len(text) && text[i] >= 0x80 {
			i++
		}
	}
}

// wordRune says whether the multi-byte character at i is likely a letter: dashes,
// quotes and signs (U+0080-U+00BF, U+2000-U+206F) are not.
func wordRune(s string, i int) bool {
	switch s[i] {
	case 0xC2:
		return false
	case 0xE2:
		return i+1 < len(s) && s[i+1] != 0x80 && s[i+1] != 0x81
	}
	return true
}

// add records a citation and returns where it ends.
func (s *scanner) add(c Citation) int {
	c.Antecedent = -1
	c.Group = len(s.found)
	if c.NameStart == 0 {
		c.NameStart = c.Start
	}
	s.found = append(s.found, c)
	return c.End
}

// number reads what begins with the number at i and returns where it ends, 0 if
// that is no citation.
func (s *scanner) number(i int) int {
	text := s.text
	j := i
	for j < len(text) && isDigit(text[j]) {
		j++
	}
	if j-i > 4 || i > 0 && !mayPrecedeVolume(text, i) {
		return 0
	}
	if j-i < 3 && j < len(text) && isLower(text[j]) {
		return s.circuitRule(i, j)
	}
	// 71A, 2010-1, 3-866.
	volumeEnd := j
	if j < len(text) && text[j] >= 'A' && text[j] <= 'C' && endsWord(text, j+1) {
		volumeEnd = j + 1
	} else if j+1 < len(text) && text[j] == '-' && isDigit(text[j+1]) {
		k := j + 1
		for k < len(text) && isDigit(text[k]) {
			k++
		}
		if k-j-1 <= 4 && endsWord(text, k) {
			volumeEnd = k
		}
		// Chapters of administrative codes: 0-6-054.
		if k+1 < len(text) && text[k] == '-' && isDigit(text[k+1]) {
			k++
			for k < len(text) && isDigit(text[k]) {
				k++
			}
			if endsWord(text, k) {
				volumeEnd = k
			}
		}
	} else if j+1 < len(text) && text[j] == '-' && text[j+1] == 'Z' && endsWord(text, j+2) {
		volumeEnd = j + 2 // 5-Z, of California's notice register
	}
	at, spaced := skipGap(text, volumeEnd)
	if at >= len(text) {
		return 0
	}
	if !spaced {
		if text[volumeEnd] == ',' {
			// "42, U.S.C." and "Title 42, U.S. Code".
			if at, spaced = skipGap(text, volumeEnd+1); !spaced || at >= len(text) || text[at] != 'U' {
				return 0
			}
		} else {
			return s.joinedNeutral(i, j)
		}
	}
	if text[at] == '-' && at+1 < len(text) && j-i == 4 {
		return s.joinedNeutral(i, j) // 2017 -Ohio- 2951
	}
	year := j-i == 4 && (text[i] == '1' || text[i] == '2')
	if year && volumeEnd == j {
		if isDigit(text[at]) {
			return s.louisiana(i)
		}
		if end := s.database(i, at); end > 0 {
			return end
		}
	}
	if !isUpper(text[at]) {
		if text[at] == '(' && volumeEnd > j {
			return s.louisiana(i)
		}
		return 0
	}
	volume := text[i:volumeEnd]
	hits, n := s.table.walk(text, at)
	for _, h := range slices.Backward(hits[:n]) {
		for _, e := range h.entries {
			end := 0
			switch e.what {
			case isNeutral:
				// A code without full stops, spelt with them, is a reporter's name:
				// "1999 Pa. Super. 1".
				dotted := len(h.entries) > 1 && strings.Contains(text[at:h.end], ".") && !strings.Contains(e.name, ".")
				if year && volumeEnd == j && !dotted {
					end = s.neutral(i, volume, e, h.end)
				}
			case isTitle, isTitleReg:
				end = s.titled(i, volume, e, h.end)
			case isVolume:
				end = s.sessionLaw(i, volume, e, h.end)
			case isPamphlet:
				end = s.pamphlet(i, volume, e, h.end)
			case isReporter:
				end = s.reporter(i, volume, e, h.end)
			case isJournal:
				end = s.journal(i, volume, e.name, h.end)
			}
			if end > 0 {
				return end
			}
		}
	}
	return s.unknown(i, volume, at, year && volumeEnd == j)
}

// mayPrecedeVolume says whether a volume may begin at i: no part of a number, an
// amount or an identifier.
func mayPrecedeVolume(s string, i int) bool {
	switch c := s[i-1]; {
	case isAlnum(c), c == '$', c == '/', c == '_', c == '#':
		return false
	case c == '.' || c == ',' || c == ':' || c == '-':
		return i < 2 || !isDigit(s[i-2]) && (c != '-' || !isAlnum(s[i-2]))
	case c >= 0x80:
		return i < 3 || s[i-3] != 0xE2 || s[i-2] != 0x80 || s[i-1] > 0x95 || s[i-1] < 0x90 || i < 4 || !isDigit(s[i-4])
	}
	return true
}

// word reads what begins with the capital at i.
func (s *scanner) word(i int) int {
	text := s.text
	if !startsWord(text, i) {
		return 0
	}
	if text[i] == 'I' || text[i] == 'S' {
		if end := s.lower(i); end > 0 {
			return end
		}
	}
	hits, n := s.table.walk(text, i)
	for _, h := range slices.Backward(hits[:n]) {
		for _, e := range h.entries {
			end := 0
			switch e.what {
			case isCode, isReg:
				end = s.code(i, e, h.end)
			case isBoard:
				end = s.board(i, e, h.end)
			case isNeutral:
				end = s.numberedOpinion(i, e, h.end)
			case isFiling:
				end = s.filing(i, e, h.end)
			case isRule:
				end = s.rule(i, e, h.end)
			case isConst:
				end = s.constitution(i, e, h.end)
			case isPublicLaw:
				end = s.publicLaw(i, e, h.end)
			case isOrdinal:
				end = s.ordinal(i, e, h.end)
			case isReporter:
				end = s.bareReporter(i, e, h.end)
			case isVolume:
				end = s.bareVolume(i, e, h.end)
			case isState:
				end = s.stateCode(i, e.name)
			}
			if end > 0 {
				return end
			}
		}
	}
	if text[i] == 'A' && i+7 < len(text) && (text[i:i+7] == "Article" || text[i:i+4] == "Art.") {
		return s.article(i)
	}
	return 0
}

// number of a string of digits, 0 if it is none.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
