package resolve

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// fillers are words of an organisation's name that spellings leave out.
var fillers = set(`شركه شركة شرکت the of og och und i and for de la le du des di del der die das und et y e a an no nos number`)

// orgWords say that a name of no known type is an organisation's.
var orgWords = set(`bank group trust fund company association society institute university college hospital foundation council committee
commission department ministry government agency authority bureau board party union federation brigade holding holdings
industries partners partnership systems services enterprises international brothers corp inc llc ltd church school center centre`)

func looksLikeOrg(s string) bool {
	w, forms := orgName(s)
	return len(forms) > 0 || slices.ContainsFunc(w, func(x word) bool { return orgWords[x.text] || x.number() })
}

// compareOrgs compares two names of organisations.
func compareOrgs(a, b string) *finding {
	f := &finding{score: 1, exact: true}
	a, b = withoutDescription(a), withoutDescription(b)
	wa, formsA := orgName(a)
	wb, formsB := orgName(b)
	if len(wa) == 0 || len(wb) == 0 {
		f.contradict("no name")
		return f
	}
	if acronymOf(wa, wb) || acronymOf(wb, wa) || writtenAcronym(a, b) || writtenAcronym(b, a) {
		f.doubt(0.2, "one is made of the other's initials")
		f.forms(formsA, formsB)
		return f
	}
	wa, wb = joinAlike(wa, wb), joinAlike(wb, wa)
	wa, wb = withoutFillers(wa), withoutFillers(wb)
	pairs, restA, restB := align(wa, wb, compareOrgWords)
	restA, formsA = writtenForms(restA, formsA, formsB)
	restB, formsB = writtenForms(restB, formsB, formsA)
	f.forms(formsA, formsB)
	f.pairs(pairs, wa, wb)
	if len(pairs) == 0 {
		f.contradict("no word in common")
	}
	restA, restB = f.brackets(a, b, restA, restB)
	if rest := slices.Concat(restA, restB); len(rest) > 0 {
		if len(restA) > 0 && len(restB) > 0 || !weak(rest) || !slices.ContainsFunc(pairs, func(p pair) bool { return !weakWords[wa[p.a].text] }) {
			f.contradict("only one has %s", show(rest))
		} else {
			f.doubt(0.15, "only one has %s", show(rest))
		}
	}
	if !inOrder(pairs) {
		f.less(0.02, "another order")
		f.loose = true
	}
	return f
}

// weakWords say little of who bears a name: a short form leaves them out.
var weakWords = set(`group groupe grupo gruppe gruppo holding holdings company corporation firm enterprise enterprises organization`)

func weak(w []word) bool {
	return !slices.ContainsFunc(w, func(x word) bool { return !weakWords[x.text] })
}

// brackets takes off the words that one name alone has in brackets, as a country or an
// acronym, if the other has none there.
func (f *finding) brackets(a, b string, restA, restB []word) (leftA, leftB []word) {
	inA, inB := inBrackets.FindString(a), inBrackets.FindString(b)
	if (inA == "") == (inB == "") {
		return restA, restB
	}
	inner, _ := orgName(inA + inB)
	if hasDigit(inA + inB) {
		return restA, restB
	}
	drop := func(x word) bool { return slices.ContainsFunc(inner, func(y word) bool { return x.text == y.text }) }
	leftA, leftB = slices.Clone(restA), slices.Clone(restB)
	if inA != "" {
		leftA = slices.DeleteFunc(leftA, drop)
	} else {
		leftB = slices.DeleteFunc(leftB, drop)
	}
	if len(leftA)+len(leftB) < len(restA)+len(restB) {
		f.doubt(0.1, "only one has something in brackets")
	}
	return leftA, leftB
}

var inBrackets = regexp.MustCompile(`\([^()]*\)`)

// acronymOf says whether a is one word of the initials of b, two or more, with or
// without its fillers.
func acronymOf(a, b []word) bool {
	if len(a) != 1 || len(a[0].text) < 2 {
		return false
	}
	for _, w := range [][]word{b, withoutFillers(b)} {
		var first []rune
		for _, x := range w {
			if first = append(first, []rune(acronyms[x.text])...); acronyms[x.text] != "" {
				continue
			}
			r, _ := utf8.DecodeRuneInString(x.text)
			first = append(first, r)
		}
		if string(first) == a[0].text {
			return true
		}
	}
	return false
}

// writtenAcronym says whether a is one word, beside its legal form, that has the initials
// of b's words before any is taken for an abbreviation or a legal form: "SEC", "NAACP".
func writtenAcronym(a, b string) bool {
	if spaces := strings.Count(a, " "); len(a) > len(b) || spaces > 1 && strings.Count(a, ".") < spaces {
		return false
	}
	short := joinInitials(words(strings.ReplaceAll(fold(a), ".", ""), ""))
	if len(short) > 1 && short[0] == "the" {
		short = short[1:]
	}
	if len(short) == 2 && legalForms[short[1]].short != "" {
		short = short[:1]
	}
	if len(short) != 1 || len(short[0]) < 2 || len(short[0]) > 8 {
		return false
	}
	var all, main, core strings.Builder
	long := words(withoutMarks.Replace(fold(b)), "")
	if len(long) < 2 {
		return false
	}
	for _, w := range long {
		r, _ := utf8.DecodeRuneInString(w)
		all.WriteRune(r)
		if !fillers[w] {
			main.WriteRune(r)
			if legalForms[w].short == "" {
				core.WriteRune(r)
			}
		}
	}
	return short[0] == all.String() || short[0] == main.String() || short[0] == core.String()
}

var withoutMarks = strings.NewReplacer(".", "", "'", "")

// acronyms are words that phrases were shortened to, of several initials.
var acronyms = map[string]string{"us": "us", "uk": "uk", "un": "un", "eu": "eu"}

// withoutEndings is withoutPoints for comparing, where an owner's s counts as little.
var withoutEndings = strings.NewReplacer("'s ", " ", "'", "", ".com", "", ".", "", "&", " and ")

// orgName is an organisation's name as words, abbreviations written out, and the
// legal forms that were among them.
func orgName(s string) ([]word, []legalForm) {
	s = shipPrefix.ReplaceAllString(fold(s), "")
	if scriptOf(s) != latin {
		s = foreignTerms.Replace(s)
	}
	s = withoutEndings.Replace(s + " ")
	w := joinInitials(words(s, ""))
	w, forms := takeForms(shortenPhrases(w))
	for i, x := range w {
		if long, ok := captionWords[x]; ok {
			w[i] = long
		} else if long, ok := abbreviations[x]; ok {
			w[i] = long
		} else if long, ok := bluebook[x]; ok && severalWords[x] == nil {
			w[i] = long
		}
	}
	return newWords(numbers(w)), forms
}

// shipPrefix stands before ships' names: motor vessel, motor tanker, steamship,
// fishing vessel.
var shipPrefix = regexp.MustCompile(`^\s*(?:motor[ -](?:vessel|tanker|yacht)|fishing vessel|steamship|m/s|m/y|s/y|r/v|m[/.]?v|m[/.]?t|s[/.]?s|f[/.]?v)\b\.?\s+`)

func withoutFillers(w []word) []word {
	kept := slices.DeleteFunc(slices.Clone(w), func(x word) bool { return fillers[x.text] })
	if len(kept) == 0 {
		return w
	}
	return kept
}

// compareOrgWords is stricter than among people: a short word, often an acronym,
// is no misspelling of another.
func compareOrgWords(a, b word) (likeness, int) {
	if a.text != b.text && (hasDigit(a.text) || hasDigit(b.text)) {
		return unlike, 0
	}
	like, d := compareWords(a, b)
	switch like {
	case typed:
		if translated(a, b) || isShortFor(a, b) {
			return short, 0
		}
		if min(a.length(), b.length()) < 4 || contrasts(a.text, b.text) || twoWords(a, b) {
			return unlike, 0
		}
	case initialOf, unlike:
		if like == initialOf && !isShortFor(a, b) {
			return unlike, 0
		}
		if abbreviates(a.text, b.text) || abbreviates(b.text, a.text) || translated(a, b) || isShortFor(a, b) {
			return short, 0
		}
	case equal, spelt, short:
	}
	return like, d
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// translated says whether two words mean one thing in two languages.
func translated(a, b word) bool {
	return inEnglish(a) == inEnglish(b)
}

func inEnglish(w word) string {
	return cmp.Or(english[w.text], english[w.latin[0]], w.text)
}

// isShortFor says whether one of two words is an abbreviation that may stand for the other.
func isShortFor(a, b word) bool { return severalWords[a.text][b.text] || severalWords[b.text][a.text] }

// english are words of organisations' names by their English.
//
//nolint:misspell // other languages' words are no misspellings
var english = func() map[string]string {
	m := map[string]string{}
	for line := range strings.Lines(`bank: banque banco banca banka bankasi sparkasse bankas banku pankki بنك مصرف بانك بانک
national: nationale nacional nazionale natsionalnyi natsionalny narodowy narodni narodna الوطني الوطنيه الوطنية
international: internationale internacional internazionale mezhdunarodnyi internationaal miedzynarodowy internasional الدوليه الدولية
university: universidad universite universitat universita universidade universiteit universitet uniwersytet univerzita univerzitet egyetem universitesi yliopisto جامعه جامعة دانشگاه
group: groupe grupo gruppe gruppo grupa gruppa grup koncern مجموعه مجموعة
trading: handels handel trade handelsgesellschaft trejd torgovyi torgovaia تجارت للتجاره للتجارة التجاريه التجارية
foundation: stiftung fondation fundacion fondazione fundacao stichting fond fundacja saatio مؤسسه مؤسسة موسسه
insurance: versicherung versicherungs assurance assurances seguros assicurazioni verzekeringen forsikring forsakring sigorta ubezpieczen vakuutus strahovaia strakhovaya للتامين
investment: للاستثمار
institute: institut instituto istituto instituut institutul instytut
society: gesellschaft
association: asociacion associazione associacao vereinigung
ministry: ministerium ministere ministerio ministero ministerstvo
republic: republik republique republica repubblica respublika
commercial: commerciale comercial kommerz
industry: industrie industria
brothers: hermanos freres gebruder fratelli irmaos
sons: soehne sohne sonner hijos fils figli zonen
center: zentrum centro
company: compagnie compania companhia kompaniya kompaniia
energy: energia energie energi energija energetika
construction: construcciones constructora costruzioni construction bau stroitel inshaat
transport: transports transportes trasporti spedition transporte
shipping: reederei naviera navigazione navigation
works: werke werk zavod usines fabrica fabrika fabryka
court: cour corte tribunal gericht
health: salud sante salute gesundheit saude
council: consejo conseil consiglio rat
committee: comite comitato komitee komitet
chamber: camara chambre camera kammer
commerce: comercio commercio handels
agency: agencia agence agenzia agentur agentstvo
education: educacion educazione educacao bildung
defense: defensa difesa verteidigung defesa
oil: petrolera petroliere petrolifera
state: estado etat stato staat
southern: sud sur sued yuzhnyi
northern: nord norte severnyi severny
new: nuevo nouveau nuova neue novyi
trust: trast
fund: fonds fondo fundusz
church: iglesia eglise chiesa kirche igreja
hospital: krankenhaus ospedale hopital
airlines: airways aerolineas aerolinee fluggesellschaft
research: forschung investigacion recherche ricerca
german: deutsche deutsches deutscher
french: francaise francais
italian: italiano italiana
european: europeenne europeen europea europeo europaische`) {
		word, others, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for _, other := range strings.Fields(others) {
			m[other] = word
		}
	}
	return m
}()

// abbreviates says whether a is the beginning of b, of four letters or more.
func abbreviates(a, b string) bool {
	return len(a) >= 4 && len(b) >= len(a)+3 && strings.HasPrefix(b, a)
}

// abbreviations are common in names of organisations, besides those of captions.
var abbreviations = map[string]string{
	"bros": "brothers", "svcs": "services", "svc": "service", "tech": "technology", "techs": "technologies", "hldgs": "holdings", "hldg": "holding",
	"grp": "group", "ctr": "center", "centre": "center", "org": "organization", "organisation": "organization", "labour": "labor",
	"inst": "institute", "lab": "laboratory", "labs": "laboratories", "pharm": "pharmaceuticals", "pharma": "pharmaceuticals", "ins": "insurance",
	"fin": "financial", "mut": "mutual", "mkt": "market", "mkts": "markets", "mtg": "mortgage", "prods": "products", "props": "properties",
	"ry": "railway", "rr": "railroad", "sav": "savings", "sec": "securities", "twp": "township", "cnty": "county", "elec": "electric",
	"intern": "international", "internat": "international", "amer": "american", "am": "american", "ent": "enterprises", "assoc": "associates",
	"usa": "us", "uk": "uk", "st": "saint", "ft": "fort", "mt": "mount",
	"bk": "bank", "dev": "development", "devel": "development", "mgt": "management", "mngmt": "management", "dr": "doctor", "est": "establishment",
	"coop": "cooperative", "equip": "equipment", "constr": "construction", "transp": "transportation", "comm": "commission", "ctrl": "control",
	"eng": "engineering", "engg": "engineering", "invs": "investments", "inv": "investment", "invt": "investment", "mach": "machine", "machs": "machines",
	"petrol": "petroleum", "pub": "public", "refg": "refining", "sch": "school", "soc": "society", "trans": "transport", "whse": "warehouse",
	"defence": "defense", "programme": "program",
}

// contrasting are words of which one is never written for another.
var contrasting = []map[string]bool{
	set("north south east west northern southern eastern western northeast northwest southeast southwest central"),
	set("first second third fourth fifth sixth seventh eighth ninth tenth"),
	set("upper lower inner outer old new senior junior major minor"),
	set("january february march april june july august september october november december"),
	set("buyer seller lessor lessee licensor licensee grantor grantee borrower lender"),
	set("import export importer exporter imports exports"),
}

func contrasts(a, b string) bool {
	for _, words := range contrasting {
		if words[a] && words[b] {
			return true
		}
	}
	return false
}

var numerals = map[string]int{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
	"thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}

var tens = map[string]int{
	"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, //nolint:misspell // as it is misspelt
	"fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

// numbers writes numerals in words and Roman numerals in digits, without leading
// zeros. "I", "V", "X" and the like are numerals only at the end of a name.
func numbers(w []string) []string {
	var out []string
	for i := 0; i < len(w); i++ {
		s := w[i]
		switch n, ok := tens[s]; {
		case ok:
			if i+1 < len(w) && numerals[w[i+1]] > 0 && numerals[w[i+1]] < 10 {
				i++
				n += numerals[w[i]]
			}
			s = strconv.Itoa(n)
		case isRoman(s) && i > 0 && (len(s) > 1 || i == len(w)-1):
			s = strconv.Itoa(roman(s))
		default:
			if n, ok := numerals[s]; ok && (i > 0 || n > 1 && len(w) > 1) {
				s = strconv.Itoa(n)
			}
		}
		if t := strings.TrimLeft(s, "0"); t != "" && isDigit(rune(t[0])) {
			s = t
		}
		out = append(out, s)
	}
	return out
}

var romanDigits = map[byte]int{'i': 1, 'v': 5, 'x': 10}

// isRoman says whether s is a Roman numeral under 40.
func isRoman(s string) bool {
	if s == "" || len(s) > 7 || strings.Trim(s, "ivx") != "" {
		return false
	}
	n := roman(s)
	return n > 0 && n < 40
}

func roman(s string) int {
	n := 0
	for i := range len(s) {
		v := romanDigits[s[i]]
		if i+1 < len(s) && romanDigits[s[i+1]] > v {
			v = -v
		}
		n += v
	}
	return n
}
