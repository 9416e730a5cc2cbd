package resolve

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/hbollon/go-edlib"

	"github.com/caseload/caseload/document"
	"github.com/caseload/caseload/document/entity"
)

// honorifics may stand anywhere in a name and tell nobody apart; besides titles.
//
//nolint:misspell // other languages' words are no misspellings
var honorifics = set(`monsieur madame mlle herr frau fraulein senor senora senorita don dona signor signora sri shri smt
shaikh sheikh sheik shaykh cheikh mullah mulla haji hajji hajj hadji al-hajj maulavi mawlawi maulana molvi qari mufti ayatollah
imam emir amir-ul prince princess king queen sultan-ul pope comrade tovarishch gospodin esq dr mr mrs ms
ambassador excellency maitre abogado abogada avocat avv avvocato rechtsanwalt ing dipl-ing dipling mag mgr lic licenciado licenciada ingeniero
doctora dottore dott dottssa profesor profesora professore datuk dato datin tan-sri tuan puan encik seri hj ustad ustadh
pan pani bay bayan khun thakur swami lieutenant-colonel chancellor minister premier cardinal bishop archbishop msgr monsignor chaplain
commander cmdr admiral adm brigadier commissioner councilman councilwoman alderman trustee executor executrix administratrix
г-н г-жа господин госпожа пан пані κυριος κυρια السيد السيدة الدكتور دكتور الشيخ شيخ الحاج آقای خانم श्री श्रीमती डॉ नाम คุณ นาย นาง นางสาว`)

// honours may stand after a name, besides credentials.
var honours = set(`kbe obe mbe cbe dbe gbe kcmg cmg qc kc sc csc drsc msc bsc meng beng mp mla mep frcs frs cfa pe aia facs dphil jsd sjd ll.m drhc usn usaf uscg usmcr rn cpcu clu`)

// excellencies are titles of initials before a name.
var excellencies = regexp.MustCompile(`(?i)^\s*(?:h\.\s?e\.|s\.\s?e\.|h\.\s?r\.\s?h\.|h\.\s?m\.)\s+`)

// surnames are honorifics that are surnames as well, at the end of a name.
var surnames = set(`king prince pope don imam queen mufti`)

// small are words of names that spellings leave out or change: particles, and
// words for son and daughter.
var small = func() map[string]bool {
	m := set(`ar as ash ud at ad an ur ul bint bent binti ould ap und and af av zu zur zum vom do das`)
	for p := range particles {
		m[p] = len(p) > 1
	}
	return m
}()

// comparePersons compares two names of people.
func comparePersons(t document.EntityType, a, b string) *finding {
	f := &finding{score: 1, exact: true}
	wa, generationA := personWords(t, a)
	wb, generationB := personWords(t, b)
	if len(wa) == 0 || len(wb) == 0 {
		f.contradict("no name")
		return f
	}
	switch {
	case generationA == generationB:
	case generationA == "" || generationB == "":
		f.doubt(0.1, "only one is called %s", cmp.Or(generationA, generationB))
	default:
		f.contradict("%s and %s are two", generationA, generationB)
	}
	wa, wb = joinAlike(wa, wb), joinAlike(wb, wa)
	wa, wb = telling(wa), telling(wb)
	pairs, restA, restB := align(wa, wb, comparePersonWords)
	if p, ok := misspelt(wa, wb, pairs, restA, restB); ok {
		pairs, restA, restB = append(pairs, p), nil, nil
	}
	f.pairs(pairs, wa, wb)
	f.rest(pairs, restA, restB)
	if !slices.ContainsFunc(pairs, func(p pair) bool { return p.like < initialOf }) {
		f.contradict("no name in common")
	}
	if !inOrder(pairs) {
		f.less(0.02, "another order")
		f.loose = true
		if f.edits > 1 && !turned(pairs) {
			f.contradict("another order, and letters differ")
		}
	}
	return f
}

// turned says whether the order of words is that of one name with its last words first.
func turned(pairs []pair) bool {
	sorted := slices.SortedFunc(slices.Values(pairs), func(x, y pair) int { return x.a - y.a })
	falls := 0
	for i, p := range sorted {
		if p.b > sorted[(i+1)%len(sorted)].b {
			falls++
		}
	}
	return falls <= 1
}

// misspelt pairs the one word that is left of each name where two letters differ and two
// other words are equal: whether the first letter stands is then of less weight.
func misspelt(a, b []word, pairs []pair, restA, restB []word) (pair, bool) {
	if len(restA) != 1 || len(restB) != 1 || given(restA[0]) && given(restB[0]) || twoNames(restA[0].text, restB[0].text) {
		return pair{}, false
	}
	exact := 0
	for _, p := range pairs {
		if p.like == equal && a[p.a].length() > 2 {
			exact++
		}
	}
	x, y := restA[0], restB[0]
	if exact < 2 || exact != len(pairs) || x.script != latin || y.script != latin || min(x.length(), y.length()) < 4 {
		return pair{}, false
	}
	d := edlib.OSADamerauLevenshteinDistance(x.text, y.text)
	if d > 2 || x.text[len(x.text)-2:] != y.text[len(y.text)-2:] {
		return pair{}, false
	}
	same := func(w word) func(word) bool { return func(o word) bool { return o.text == w.text } }
	return pair{slices.IndexFunc(a, same(x)), slices.IndexFunc(b, same(y)), typed, d}, true
}

// personWords are the words of a name, the given names first, without titles and
// credentials, and the generation.
func personWords(t document.EntityType, s string) (words []word, generation string) {
	if strings.ContainsRune(s, '.') {
		s = excellencies.ReplaceAllString(s, "")
	}
	w := strings.Fields(strings.ReplaceAll(personKey(s, t), "-", " "))
	for n := len(w); n > 2 && honours[w[n-1]]; n = len(w) {
		w = w[:n-1]
	}
	if len(w) > 2 && len(w[0]) > 2 && honours[w[0]] {
		w = w[1:] // behind a comma it counts as a given name
	}
	if n := len(w); n > 1 && generations[w[n-1]] == w[n-1] {
		generation, w = w[n-1], w[:n-1]
	}
	var kept []string
	for i, s := range w {
		if !honorifics[s] || i > 0 && i == len(w)-1 && surnames[s] {
			kept = append(kept, s)
		}
	}
	if len(kept) > 0 {
		w = kept
	}
	return newWords(initials(dins(withoutArticles(w)))), generation
}

// withoutArticles takes the Arabic article off words in Arabic letters, as "al" is left
// out of those in Latin ones, and writes "servant of the" as one word with its other.
func withoutArticles(w []string) []string {
	const article, servant = "\u0627\u0644", "\u0639\u0628\u062f"
	for i := 0; i < len(w); i++ {
		rest, has := strings.CutPrefix(w[i], article)
		switch {
		case !has || utf8.RuneCountInString(rest) < 3:
		case i > 0 && w[i-1] == servant:
			w[i-1] += w[i]
			w = slices.Delete(w, i, i+1)
			i--
		default:
			w[i] = rest
		}
	}
	return w
}

// dins writes "Saif al-Din" and "Saifuddin" alike, as the one name they are.
func dins(w []string) []string {
	var out []string
	for _, s := range w {
		if din[s] && len(out) > 0 {
			n := len(out) - 1
			if n > 0 && small[out[n]] {
				n--
			}
			if !small[out[n]] {
				out = append(out[:n], out[n]+"din")
				continue
			}
		}
		for _, end := range []string{"uddin", "eddin", "addin", "aldin", "eldin", "eddine", "uddeen", "\u0627\u0644\u062f\u064a\u0646", "\u0627\u0644\u062f\u06cc\u0646"} {
			if stem, ok := strings.CutSuffix(s, end); ok && len(stem) > 2 {
				s = stem + "din"
				break
			}
		}
		out = append(out, s)
	}
	return out
}

var din = set(`din deen dine eddine uddin eddin উদ্দিন`)

// initials takes runs of initials without dots apart: "JD Vance".
func initials(w []string) []string {
	if len(w) < 2 {
		return w
	}
	var out []string
	for _, s := range w {
		if n := len(s); (n == 2 || n == 3) && strings.Trim(s, "bcdfghjklmnpqrstvwxz") == "" && !noInitials[s] {
			out = append(out, strings.Split(s, "")...)
			continue
		}
		out = append(out, s)
	}
	return out
}

// noInitials are words without vowels that are names, or short for one.
var noInitials = set(`ng md mhd st ste mc bn bt nd th ht`)

// telling are the words that tell people apart, all if there are none else.
func telling(w []word) []word {
	kept := slices.DeleteFunc(slices.Clone(w), func(x word) bool { return small[x.text] || x.script != latin && small[x.latin[0]] })
	if len(kept) == 0 {
		return w
	}
	return kept
}

func comparePersonWords(a, b word) (likeness, int) {
	like, d := compareWords(a, b)
	if like == typed || like == unlike {
		switch {
		case like == unlike && misread(a.text, b.text):
			return typed, 1
		case like == typed && (twoNames(a.text, b.text) || stemsApart(a.text, b.text, d) || pinyinApart(a.text, b.text, d)):
			return unlike, 0
		case variantOf(a.text, b.text):
			return spelt, 0
		case shortOf(a.text, b.text):
			return short, 0
		case wadeGiles(a.text, b.text):
			return short, 0
		case like == typed && a.script == latin && b.script == latin && min(a.length(), b.length()) < 3:
			return unlike, 0 // "Li" and "Lin" are two
		case abbreviates(a.text, b.text) || abbreviates(b.text, a.text):
			if !given(a) || !given(b) {
				return short, 0
			}
		case like == typed && given(a) && given(b) && (d > 1 || a.length() < 7 || strings.HasSuffix(a.text, "a") != strings.HasSuffix(b.text, "a")):
			return unlike, 0 // two names that people have are no misspelling
		}
	}
	return like, d
}

// misread says whether one of two words is the other with digits in the place of letters, as
// recognised text has them.
func misread(a, b string) bool {
	return hasDigit(a) != hasDigit(b) && len(a) > 3 && digitsRead.Replace(a) == digitsRead.Replace(b)
}

var digitsRead = strings.NewReplacer("0", "o", "1", "l", "5", "s", "8", "b")

// pairs notes what pairs of words are less than equal.
func (f *finding) pairs(pairs []pair, a, b []word) {
	edits, letters := 0, 0
	for _, p := range pairs {
		x, y := a[p.a], b[p.b]
		letters += max(x.length(), y.length())
		switch p.like {
		case spelt:
			f.less(0.01, "%q is a spelling of %q", x.text, y.text)
			f.loose = f.loose || x.script == y.script
		case short:
			f.doubt(0.1, "%q may be short for %q", x.text, y.text)
		case initialOf:
			if x.text != y.text {
				f.doubt(0.15, "%q is an initial of %q", x.text, y.text)
			}
		case typed:
			edits += p.edits
			f.doubt(0.08*float64(p.edits), "%q and %q differ by %d letters", x.text, y.text, p.edits)
		case equal, unlike:
		}
	}
	if edits > max(2, letters/6) {
		f.contradict("%d letters differ", edits)
	}
	f.edits = edits
}

// rest notes words that have none like them in the other name.
func (f *finding) rest(pairs []pair, a, b []word) {
	missing, exact := len(a)+len(b), 0
	for _, p := range pairs {
		if p.like <= spelt {
			exact++
		}
	}
	switch {
	case len(a) > 0 && len(b) > 0:
		f.contradict("%s and %s contradict each other", show(a), show(b))
	case missing > 2 && missing > len(pairs):
		f.contradict("little in common: only one has %s", show(slices.Concat(a, b)))
	case missing > 0 && f.edits > 1 && exact < 2:
		f.contradict("words differ, and only one has %s", show(slices.Concat(a, b)))
	case missing > 0:
		f.doubt(0.05*float64(missing), "only one has %s", show(slices.Concat(a, b)))
	}
}

// given says whether a word is a common given name.
func given(w word) bool { return w.script == latin && entity.IsGivenName(w.text) }
