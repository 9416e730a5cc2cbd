package resolve

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"
)

// maxWords bounds how many words of a name are compared.
const maxWords = 20

// A word of a name, in the forms in which it is compared.
type word struct {
	text     string   // folded, in its own script
	latin    []string // romanised; more than one where customs differ
	sound    string   // of the first, with spellings of one sound as one
	script   script
	skeleton string // consonants of the sound
}

type script int

const (
	latin     script = iota
	syllabic         // every character is a syllable or a word: Chinese, Korean
	consonant        // vowels are mostly not written: Arabic, Hebrew
	other
)

func newWord(folded string) word {
	w := word{text: folded, script: scriptOf(folded)}
	w.latin = romanise(folded)
	w.sound = soundOf(w.latin[0])
	w.skeleton = skeletonOf(w.sound)
	return w
}

func newWords(folded []string) []word {
	all := make([]word, 0, min(len(folded), maxWords))
	for _, f := range folded[:min(len(folded), maxWords)] {
		all = append(all, newWord(f))
	}
	return all
}

func (w word) initial() bool {
	if w.script != latin && w.script != other {
		return false
	}
	r, size := utf8.DecodeRuneInString(w.text)
	return size == len(w.text) && unicode.IsLetter(r)
}

func (w word) number() bool { return w.text != "" && w.text[0] >= '0' && w.text[0] <= '9' }

func (w word) length() int { return utf8.RuneCountInString(w.latin[0]) }

// join is words of a name written as one.
func join(w []word) word {
	texts := make([]string, len(w))
	for i := range w {
		texts[i] = w[i].text
	}
	return newWord(strings.Join(texts, ""))
}

// likeness is how alike two words are, the most alike first.
type likeness int

const (
	equal likeness = iota
	spelt          // one sound, or one word in two scripts
	short          // a nickname or an abbreviation
	typed          // a few letters differ
	initialOf
	unlike
)

// compareWords says how alike two words are and, if typed, how many letters differ.
func compareWords(a, b word) (likeness, int) {
	switch {
	case a.text == b.text:
		return equal, 0
	case a.number() || b.number():
		return unlike, 0
	case a.initial() || b.initial():
		x, _ := utf8.DecodeRuneInString(a.latin[0])
		y, _ := utf8.DecodeRuneInString(b.latin[0])
		if x == y || a.script != b.script && sameStart(x, y) {
			return initialOf, 0
		}
		return unlike, 0
	case a.script == syllabic && b.script == syllabic:
		if a.latin[0] == b.latin[0] {
			return short, 0 // traditional and simplified characters, or two of one sound
		}
		return unlike, 0
	case sameKorean(a, b):
		return spelt, 0
	case a.script == b.script && a.script != latin:
		return byDistance(edlib.OSADamerauLevenshteinDistance(a.text, b.text), a.text, b.text)
	case a.script == consonant || b.script == consonant:
		return compareSkeletons(a, b)
	case a.sound == b.sound || softened(a) == b.sound || a.sound == softened(b):
		return spelt, 0
	}
	d := maxWord
	if a.script != b.script && a.script != syllabic && b.script != syllabic {
		d = edlib.OSADamerauLevenshteinDistance(a.sound, b.sound)
	}
	for _, x := range a.latin {
		for _, y := range b.latin {
			if x == y {
				return spelt, 0
			}
			d = min(d, edlib.OSADamerauLevenshteinDistance(x, y))
		}
	}
	if a.script == latin && b.script == other && sameBones(b, a) || a.script == other && b.script == latin && sameBones(a, b) {
		return short, 0
	}
	return byDistance(d, a.latin[0], b.latin[0])
}

// softened is the sound of a word whose "sch" is German for a soft sound of Russian:
// "Schukow" is "Zhukov".
func softened(w word) string {
	if w.script != latin || !strings.Contains(w.text, "sch") {
		return ""
	}
	return soundOf(strings.ReplaceAll(w.latin[0], "sch", "zh"))
}

// maxWord is more letters than a word has.
const maxWord = 1000

// byDistance judges two words that are d edits apart. Two edits are taken for a
// misspelling only of words of some length whose first letter stands: it is seldom the
// wrong one.
func byDistance(d int, a, b string) (likeness, int) {
	m, n := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	shorter, longer := min(m, n), max(m, n)
	x, _ := utf8.DecodeRuneInString(a)
	y, _ := utf8.DecodeRuneInString(b)
	if d == 1 && shorter >= 2 && longer >= 3 || d == 2 && shorter >= 4 && longer >= 5 && sameStart(x, y) {
		return typed, d
	}
	return unlike, d
}

// sameStart says whether two letters are one, or begin one sound in the spelling of
// some language.
func sameStart(x, y rune) bool {
	if x == y {
		return true
	}
	for _, sound := range []string{"sz", "ckgq", "bp", "dt", "fvw", "ijyg", "uow"} {
		if strings.ContainsRune(sound, x) && strings.ContainsRune(sound, y) {
			return true
		}
	}
	return false
}

// compareSkeletons compares words of which one has only its consonants written.
func compareSkeletons(a, b word) (likeness, int) {
	switch {
	case a.skeleton == "" || b.skeleton == "":
		return unlike, 0
	case !vowelsAgree(a, b):
		return unlike, 0
	case a.skeleton == b.skeleton || withH(a) == withH(b):
		return spelt, 0
	case a.script == latin && (sameBones(b, a) || persian(b) == a.skeleton), b.script == latin && (sameBones(a, b) || persian(a) == b.skeleton):
		return short, 0
	case min(len(a.skeleton), len(b.skeleton)) >= 4 && edlib.OSADamerauLevenshteinDistance(a.skeleton, b.skeleton) == 1:
		return typed, 1
	}
	return unlike, 0
}

// withH is the skeleton of a Latin word whose "h" after a vowel is a consonant of its own:
// "Ahmed".
func withH(w word) string {
	if w.script != latin || !strings.Contains(w.text, "h") {
		return w.skeleton
	}
	return strings.ToLower(skeletonOf(soundOf(soundedH.Replace(w.latin[0]))))
}

var soundedH = strings.NewReplacer("ah", "aH", "eh", "eH")

// persian is the skeleton of an Arabic word as it is said in Persian, where three letters
// have another sound; empty if it has none of them.
func persian(w word) string {
	if !strings.ContainsAny(w.text, "ضذث") {
		return ""
	}
	return skeletonOf(soundOf(romanise(persianLetters.Replace(w.text))[0]))
}

var persianLetters = strings.NewReplacer("ض", "z", "ذ", "z", "ث", "s")

// vowelsAgree says whether an Arabic word has a long "i" or "ai" within it where Latin
// writes one: "Hussein" has it, "Hassan" has not.
func vowelsAgree(a, b word) bool {
	if a.script == latin {
		a, b = b, a
	}
	if b.script != latin || !in(a.text, unicode.Arabic) {
		return true
	}
	letters := []rune(a.text)
	within := ""
	if len(letters) > 2 {
		within = string(letters[1 : len(letters)-1])
	}
	if strings.ContainsAny(within, "\u064a\u06cc\u0649") {
		return strings.ContainsAny(b.text[1:], "eiy")
	}
	n := len(b.text)
	for _, long := range []string{"ai", "ay", "ei", "ey"} {
		if at := strings.Index(b.text, long); at > 0 && at+len(long) < n && !strings.ContainsAny(a.text, "\u064a\u06cc\u0649\u0621\u0639\u0627") {
			return false
		}
	}
	return true
}

// joinAlike writes words of a as one where b has them as one: "Jan Daniel" for
// "JanDaniel".
func joinAlike(a, b []word) []word {
	for _, w := range b {
		if len(a) < 2 || slices.ContainsFunc(a, func(x word) bool { return x.text == w.text }) {
			continue
		}
		a = joinFor(a, w, len(b) == 1)
	}
	if len(a) > 1 && len(b) == 1 && (len(a) == 2 || b[0].script == syllabic) {
		n := len(a) - 1
		if turned := joinFor(append([]word{a[n]}, a[:n]...), b[0], true); len(turned) == 1 {
			a = turned // "PutinVladimir"
		}
	}
	return a
}

// joinFor joins the words of a that w is; all of them may be meant by a single w.
func joinFor(a []word, w word, single bool) []word {
	most := min(3, len(a))
	if single {
		most = len(a)
	}
	for n := most; n > 1; n-- {
		for i := 0; i+n <= len(a); i++ {
			length, bones := 0, 0
			for _, x := range a[i : i+n] {
				length += x.length()
				bones += len(x.skeleton)
			}
			d := length - w.length()
			if w.script == consonant || a[i].script == consonant {
				d = bones - len(w.skeleton)
			}
			if d < -3 || d > 3 {
				continue
			}
			if one := join(a[i : i+n]); sameJoined(one, w) {
				return slices.Concat(a[:i], []word{one}, a[i+n:])
			}
		}
	}
	return a
}

func sameJoined(a, b word) bool {
	like, d := compareWords(a, b)
	if a.script == syllabic || b.script == syllabic {
		return like <= spelt || like == typed && d == 1 || wadeGiles(a.latin[0], b.latin[0])
	}
	return like <= spelt || like == typed && d*5 <= a.length() || wadeGiles(a.text, b.text)
}

// A pair is a word of one name with the word of the other that it was found like.
type pair struct {
	a, b  int
	like  likeness
	edits int
}

// align pairs the words of a and b, the most alike first, and says which are left.
func align(a, b []word, compare func(a, b word) (likeness, int)) (pairs []pair, restA, restB []word) {
	var all []pair
	for i := range a {
		for j := range b {
			if like, d := compare(a[i], b[j]); like != unlike {
				all = append(all, pair{i, j, like, d})
			}
		}
	}
	slices.SortStableFunc(all, func(x, y pair) int {
		if x.like != y.like {
			return int(x.like - y.like)
		}
		return x.edits - y.edits
	})
	usedA, usedB := make([]bool, len(a)), make([]bool, len(b))
	for _, p := range all {
		if !usedA[p.a] && !usedB[p.b] {
			usedA[p.a], usedB[p.b] = true, true
			pairs = append(pairs, p)
		}
	}
	return pairs, unused(a, usedA), unused(b, usedB)
}

func unused(w []word, used []bool) []word {
	var rest []word
	for i := range w {
		if !used[i] {
			rest = append(rest, w[i])
		}
	}
	return rest
}

func inOrder(pairs []pair) bool {
	sorted := slices.SortedFunc(slices.Values(pairs), func(x, y pair) int { return x.a - y.a })
	return slices.IsSortedFunc(sorted, func(x, y pair) int { return x.b - y.b })
}

func show(w []word) string {
	texts := make([]string, len(w))
	for i := range w {
		texts[i] = w[i].text
	}
	return fmt.Sprintf("%q", strings.Join(texts, " "))
}
