package cite

import (
	"strings"
	"unicode"
)

// courtName is a court's name read as words: abbreviations spelt out, misreadings
// mended, states and numbers told apart.
type courtName struct {
	words  []string // in lower case; a state is its postal code in capitals, a number "#3"
	plain  []string // the same words as written, in lower case
	states []string // postal codes, in order
	number string   // the first ordinal, "3"
	line   string   // words between spaces: " united-states …"
}

// has says whether term's words stand in a row: "common-pleas".
func (n *courtName) has(term string) bool {
	return strings.Contains(n.line, " "+strings.ReplaceAll(term, "-", " ")+" ")
}

// courtAbbreviations are words of courts' names. Source: The Bluebook, table T7.
var courtAbbreviations = map[string]string{
	"ct": "court", "cts": "court", "courts": "court", "dist": "district", "cir": "circuit", "circ": "circuit", "bankr": "bankruptcy", "bkrtcy": "bankruptcy",
	"crim": "criminal", "civ": "civil", "cty": "county", "cnty": "county", "sup": "supreme", "supr": "supreme", "super": "superior", "div": "division",
	"dep't": "department", "dept": "department", "juv": "juvenile", "prob": "probate", "mun": "municipal", "munic": "municipal", "surr": "surrogates", "sur": "surrogates",
	"fam": "family", "pl": "pleas", "com": "common", "cl": "claims", "ch": "chancery", "appeal": "appeal", "app": "appeals", "appl": "appeals", "chan": "chancery",
	"magis": "magistrate", "just": "justice", "orph": "orphans", "fed": "federal", "intl": "international", "int'l": "international", "panels": "panel", "am": "american",
	"surrogate": "surrogates", "surrogate's": "surrogates", "orphan": "orphans", "orphan's": "orphans", "justices": "justice", "magistrate's": "magistrate",
	"no": "northern", "so": "southern", "east": "eastern", "west": "western", "mid": "middle", "north": "northern", "south": "southern", "cent": "central",
	"workmen": "workers", "workmens": "workers", "worker": "workers", "childrens": "childrens", "children": "childrens", "sessions": "sessions", "sess": "sessions",
	"jud": "judicial", "mil": "military", "cust": "customs", "pat": "patent", "vet": "veterans", "trib": "tribunal", "twp": "township", "apelaci": "apelaciones", "oyer": "oyer",
	"comm": "commission", "commn": "commission", "bd": "board", "govt": "government", "judges": "judge", "mayors": "mayor", "recorders": "recorder", "veteran": "veterans",
	"dcca": "dc appeals", "hawai'i": "hawaii", "hawaii": "hawaii", "errs": "errors", "bap": "bap", "cout": "court", "judiciary": "judiciary", "magistrates": "magistrate", "vil": "village", "vill": "village", "cour": "court", "ap": "appeals", "indian": "indian", "compensation": "compensation", "comp": "compensation",
}

// vocabulary are the words that a misread word may stand for.
var vocabulary = strings.Fields(`united states district court circuit appeals supreme superior bankruptcy northern southern eastern western middle central judicial county
municipal family criminal probate juvenile common pleas orphans quarter sessions terminer chancery surrogates division department appellate commonwealth federal
alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii illinois indiana kansas kentucky louisiana maryland massachusetts
michigan minnesota mississippi missouri montana nebraska nevada hampshire jersey mexico carolina dakota oklahoma oregon pennsylvania rhode tennessee texas vermont
virginia washington wisconsin wyoming columbia francisco north south ninth eighth seventh eleventh fourth`)

var known = fieldSet(strings.Join(vocabulary, " "))

var ordinalNumbers = map[string]string{
	"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11",
	"twelfth": "12", "thirteenth": "13", "fourteenth": "14", "fifteenth": "15", "sixteenth": "16", "forth": "4",
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11",
}

// dropped are words that tell no court from another.
var dropped = fieldSet(`the of for in and to at on a an an d/b/a within sitting state people honorable hon before de la`)

// stateWords are the states' names and abbreviations, longest first, as words.
var stateWords = func() [][2]string {
	var out [][2]string
	add := func(words, postal string) { out = append(out, [2]string{words, postal}) }
	for _, s := range states {
		add(strings.ToLower(s.name), s.postal)
	}
	for _, s := range states {
		add(strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s.abbr, ".", " ")), " ")), s.postal)
	}
	for _, line := range strings.Split("penna=PA|penn=PA|n mex=NM|w virginia=WV|n carolina=NC|s carolina=SC|n dakota=ND|s dakota=SD|n car=NC|s car=SC|calif=CA|oreg=OR|ore=OR|"+
		"no carolina=NC|so carolina=SC|no dakota=ND|so dakota=SD|orleans territory=LA|territory of orleans=LA|dakota=DK|virgin is=VI|dist columbia=DC|mont=MT|kans=KS|wisc=WI|hawai i=HI|hawaii=HI|lousiana=LA|west va=WV|ny=NY|nj=NJ", "|") {
		words, postal, _ := strings.Cut(line, "=")
		add(words, postal)
	}
	return out
}()

// apostrophes takes an owner's apostrophe out of a name, and parts what dashes part.
var apostrophes = strings.NewReplacer("’s", "s", "'s", "s", "'S", "s", "’S", "s", "’", "'", "—", " ", "–", " ")

// readCourtName reads a name. Names are short: longer ones are cut.
func readCourtName(s string) *courtName {
	const longest = 240
	if len(s) > longest {
		s = s[:longest]
	}
	s = apostrophes.Replace(s)
	raw := strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(s), ",", " , "), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != ','
	})
	mended := make([]string, len(raw))
	for i, w := range raw {
		mended[i] = mend(w)
	}
	n := &courtName{}
	for i := 0; i < len(raw); i++ {
		w := strings.Trim(raw[i], "'")
		if w == "" {
			continue
		}
		if w == "," {
			n.push(",", "")
			continue
		}
		if (w == "u" || w == "un") && i+1 < len(raw) && raw[i+1] == "s" {
			n.push("united", "u")
			n.push("states", "s")
			i++
			continue
		}
		if w == "us" || w == "usa" {
			n.push("united", w)
			n.push("states", "")
			continue
		}
		if w == "s" && len(n.plain) > 0 && len(n.plain[len(n.plain)-1]) > 3 && !(i+1 < len(raw) && (raw[i+1] == "d" || raw[i+1] == "dist")) { // "children s court"
			last := len(n.words) - 1
			n.plain[last] += "s"
			n.words[last] = mend(n.plain[last])
			continue
		}
		if d := direction(raw, mended, i); d != "" {
			n.push(d, w)
			n.push("district", "")
			i++
			continue
		}
		if postal, width := stateAt(raw, mended, i); width > 0 {
			place := strings.Join(raw[i:i+width], "")
			if place == "ny" {
				place = "newyork"
			}
			if isPlaceName(raw, i, i+width, postal) {
				n.push(place, place)
			} else {
				n.states = append(n.states, postal)
				n.push(postal, place)
			}
			i += width - 1
			continue
		}
		if num := ordinal(w); num != "" {
			if n.number == "" {
				n.number = num
			}
			n.words = append(n.words, "#"+num)
			n.plain = append(n.plain, w)
			continue
		}
		if dropped[w] {
			continue
		}
		n.words = append(n.words, mend(w))
		n.plain = append(n.plain, w)
	}
	n.line = " " + strings.ReplaceAll(strings.Join(n.words, " "), " ,", "") + " "
	return n
}

// isPlaceName says whether a state's name at raw[i:j] is a county's or town's:
// "Washington County", "County of Indiana", "Port Washington".
func isPlaceName(raw []string, i, j int, postal string) bool {
	if i > 1 && raw[i-1] == "of" && raw[i-2] == "county" {
		return true
	}
	if i > 0 {
		switch raw[i-1] {
		case "port", "fort", "ft", "mount", "mt", "lake":
			return true
		}
	}
	if j >= len(raw) {
		return false
	}
	switch raw[j] {
	case "county", "cty", "cnty", "town":
		// "New York County Court, King County" is the state's.
		return postal != "NY" || j+1 >= len(raw) || raw[j+1] != "court"
	case "city":
		return postal != "NY" && postal != "NJ"
	}
	return false
}

func (n *courtName) push(word, plain string) {
	n.words = append(n.words, word)
	n.plain = append(n.plain, plain)
}

// direction of "N D Alabama", "No Dist", "S.D.".
func direction(raw, mended []string, i int) string {
	if i+1 >= len(raw) {
		return ""
	}
	next := raw[i+1]
	if next != "d" && next != "dist" && next != "district" && next != "distict" {
		return ""
	}
	if (raw[i] == "n" || raw[i] == "s") && next == "d" {
		// "N D Ohio" is a district, "N D" and "S D" alone are the Dakotas.
		k := i + 2
		for k < len(raw) && (raw[k] == "of" || raw[k] == ",") {
			k++
		}
		if k >= len(raw) {
			return ""
		}
		if _, width := stateAt(raw, mended, k); width == 0 && raw[k] != "o" {
			return ""
		}
	}
	return map[string]string{
		"n": "northern", "s": "southern", "e": "eastern", "w": "western", "m": "middle", "c": "central", "no": "northern", "so": "southern",
	}[raw[i]]
}

func ordinal(w string) string {
	if num := ordinalNumbers[w]; num != "" {
		return num
	}
	if num := ordinalNumbers[mend(w)]; num != "" {
		return num
	}
	if isDigit(w[0]) && len(w) <= 4 {
		num := strings.TrimRight(w, "stndrh")
		if strings.Trim(num, "0123456789") == "" && (num != w || len(w) <= 2) {
			return strings.TrimLeft(num, "0")
		}
	}
	return ""
}

// stateAt is the state named by the words from i on, and how many they are.
func stateAt(raw, mended []string, i int) (postal string, width int) {
	for _, s := range stateWords {
		words := s[0]
		k := i
		for words != "" && k < len(raw) {
			w, rest, _ := strings.Cut(words, " ")
			if raw[k] != w && !(len(w) >= 5 && raw[k] != w && mended[k] == w) {
				break
			}
			words = rest
			k++
		}
		if words == "" && k-i > width {
			postal, width = s[1], k-i
		}
	}
	return postal, width
}

// mend spells a word out, or corrects a letter or two of it.
func mend(w string) string {
	if long, ok := courtAbbreviations[w]; ok {
		return long
	}
	if len(w) < 5 || known[w] {
		return w
	}
	// Scans read "m" as "rn".
	if m := strings.ReplaceAll(w, "rn", "m"); m != w && known[m] {
		return m
	}
	best, least := w, 3
	for _, v := range vocabulary {
		limit := 1
		if len(v) >= 8 {
			limit = 2
		}
		if strings.HasPrefix(w, v) && len(v) >= 7 && len(w) > len(v)+2 {
			return v
		}
		if d := distance(w, v, limit); d <= limit && d < least {
			best, least = v, d
		}
	}
	return best
}

// distance is how many letters are to be changed, put in, taken out or swapped to
// make b of a, limit+1 if more than limit.
func distance(a, b string, limit int) int {
	if len(a) == len(b) && len(a) >= 7 && a[1:] == b[1:] {
		return 1 // "Fastern"
	}
	if a[0] != b[0] || len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	var before, last, row [32]int
	if len(b) >= len(row) {
		return limit + 1
	}
	for j := range len(b) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
