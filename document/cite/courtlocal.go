package cite

import (
	"strconv"
	"strings"
)

// localKinds are the kinds of local courts by their words, the narrower first, and
// what identifiers have for them.
var localKinds = []struct{ term, code string }{
	{"insolvency", "ctinsolv"}, {"special sessions", "specsess"}, {"mayor court", "mayorct"}, {"court appeals", "ctapp"}, {"oyer terminer", "oytermct"}, {"quarter sessions", "qtrsess"}, {"common pleas", "ctcompl"}, {"orphans", "orphct"}, {"juvenile", "juvct"}, {"surrogates", "surct"},
	{"municipal", "munict"}, {"family", "famct"}, {"childrens", "famct"}, {"probate", "probct"}, {"corporation court", "corpct"}, {"hustings", "hustct"}, {"chancery", "chanct"}, {"criminal court", "crimct"},
	{"civil court", "civct"}, {"justice court", "justct"}, {"village court", "justct"}, {"town court", "justct"}, {"police court", "justct"}, {"police justice", "justct"},
	{"justice", "justct"}, {"recorder", "recct"}, {"magistrate", "magct"}, {"city court", "cityct"}, {"superior", "superct"},
	{"circuit", "circt"}, {"district court", "distct"}, {"county court", "ctyct"}, {"court county", "ctyct"}, {"general sessions", "gensess"},
	{"land", "landct"}, {"housing", "housct"}, {"supreme", "supct"}, {"appeals", "ctapp"}, {"common", "ctcompl"}, {"court sessions", "sessct"}, {"sessions", "sessct"},
	{"court", "ct"},
}

// statePrefixes are what local identifiers of a state begin with, if that is not
// its postal code. Source: courts-db.
var statePrefixes = map[string]string{
	"AL": "ala", "AR": "ark", "CA": "cal", "CO": "colo", "CT": "conn", "DE": "del", "FL": "fla", "HI": "haw", "ID": "idaho", "IL": "ill", "IN": "ind", "IA": "iowa", "KS": "kan",
	"LA": "la", "MA": "mass", "MN": "minn", "MS": "miss", "MT": "mt", "NE": "neb", "NV": "nev", "OK": "okla", "TN": "tenn", "TX": "tex", "UT": "utah", "WI": "wis", "WA": "wash", "WY": "wyo",
	"WV": "wva",
}

// localCourt is a county's, city's or town's court, or a state's courts of one
// kind.
func localCourt(n *courtName) string {
	term, code := "", ""
	for _, k := range localKinds {
		if n.has(k.term) || k.term == "juvenile" && n.has("juvenile court") {
			term, code = k.term, k.code
			break
		}
	}
	if term == "" {
		if n.division() != "" && n.has("district") {
			return ""
		}
		return ""
	}
	place := n.place(term)
	state := n.state()
	if state == "" {
		state = localState(code, place, n)
	}
	switch state {
	case "NY":
		return newYorkCourt(n, code, place)
	case "OH":
		return ohioCourt(code, place, n)
	case "PA":
		return pennsylvaniaCourt(code, place, n)
	case "CA":
		if code == "superct" {
			return cut("calsuppct" + californiaCounty(place))
		}
		if id := californiaDistricts[place]; code == "distct" && id != "" {
			return id + "distct"
		}
	case "TX":
		return map[string]string{"distct": "texdistct", "ctyct": "texctyct", "probct": "texctyct"}[code]
	case "FL":
		if code == "ctyct" && floridaCounties()[place] > 0 {
			return "flactyct" + strconv.Itoa(floridaCounties()[place])
		}
		if circuit := floridaCircuits[place]; code == "circt" && circuit != "" {
			return "flacirct" + circuit + place[:3]
		}
		if code == "circt" && n.number != "" {
			return "flacirct" + n.number
		}
	case "NJ":
		return newJerseyCourt(code, place)
	case "MT":
		if code == "distct" {
			return cut("mtjdct" + place)
		}
	case "MN":
		if code == "distct" {
			return "minndistct"
		}
	case "MA":
		if code == "munict" && strings.Contains(place, "boston") {
			return "massdistctbos"
		}
		if code == "superct" {
			return cut("masssuperct" + strings.TrimSuffix(place, "dlesex"))
		}
	case "VA":
		if code == "corpct" && len(place) > 7 {
			return "vacorpct" + place[:6]
		}
	case "MI":
		switch {
		case code == "superct" && place == "grandrapids":
			return "michsuperctgrap"
		case code == "superct":
			return cut("michsuperct" + place)
		case code == "chanct":
			return "michchanct"
		}
		if code == "circt" {
			number := n.number
			if number == "" {
				number = michiganCircuits[place]
			}
			if place == "calhoun" {
				return "micirct37cal"
			}
			return "micirct" + number
		}
	case "", "DK":
		return ""
	}
	return cut(localPrefix(state) + code + place)
}

func localPrefix(state string) string {
	if p := statePrefixes[state]; p != "" {
		return p
	}
	return strings.ToLower(state)
}

// cut is an identifier at its greatest length.
func cut(id string) string { return id[:min(len(id), 15)] }

// localState guesses the state of a local court that names none, by what only one
// state has, then by its counties and cities.
func localState(code, place string, n *courtName) string {
	county := n.has("county")
	switch code {
	case "ctcompl":
		switch {
		case ohioCounties[place] != "":
			return "OH"
		case pennsylvaniaCounties[place], county:
			return "PA"
		}
		return "PA"
	case "qtrsess", "orphct":
		if newJerseyCounties[place] {
			return "NJ"
		}
		return "PA"
	case "oytermct":
		if newYorkCounties[place] && !pennsylvaniaCounties[place] {
			return "NY"
		}
		return "PA"
	case "corpct", "hustct":
		return "VA"
	case "crimct":
		// New York's are its city's, by the boroughs.
		if pennsylvaniaCounties[place] {
			return "PA"
		}
		return "NY"
	case "famct":
		if newJerseyCounties[place] && !newYorkCounties[place] {
			return "NJ"
		}
		return "NY"
	case "surct", "civct", "justct", "cityct", "supct", "gensess", "sessct", "specsess":
		return "NY"
	case "chanct":
		if newYorkCounties[place] {
			return "NY"
		}
	case "munict":
		if place == "boston" {
			return "MA"
		}
		switch place {
		case "buffalo", "rochester", "syracuse", "albany", "newyork", "utica", "yonkers", "poughkeepsie", "troy":
			return "NY"
		}
		if place == "philadelphia" || place == "pittsburgh" {
			return "PA"
		}
		return "OH"
	case "ctyct":
		switch {
		case newYorkCounties[place] || n.has("NY"):
		case pennsylvaniaCounties[place]:
			return "PA"
		case floridaCounties()[place] > 0:
			return "FL"
		}
		return "NY"
	case "juvct", "probct", "circt", "ctapp":
		if code == "juvct" && newJerseyCounties[place] {
			return "NJ"
		}
		if ohioCounties[place] != "" || code == "juvct" && !county {
			return "OH"
		}
		if code == "juvct" && pennsylvaniaCounties[place] {
			return "PA"
		}
		if code == "probct" && county {
			return "OH"
		}
		switch {
		case code != "circt" || !county:
		case newJerseyCounties[place]:
			return "NJ"
		case michiganCircuits[place] != "":
			return "MI"
		case floridaCircuits[place] != "":
			return "FL"
		}
	case "superct":
		switch place {
		case "cincinnati":
			return "OH"
		case "buffalo":
			return "NY"
		case "detroit", "grandrapids":
			return "MI"
		case "barnstable", "berkshire", "bristol", "essex", "hampden", "hampshire", "middlesex", "norfolk", "plymouth", "suffolk", "worcester":
			return "MA"
		case "sanfrancisco", "losangeles":
			return "CA"
		}
	case "mayorct", "recct":
		if place == "philadelphia" {
			return "PA"
		}
		if code == "mayorct" {
			return "OH"
		}
		if newYorkIDs()["recct "+place] != "" {
			return "NY"
		}
	case "ctinsolv":
		return "OH"
	case "distct":
		if place == "suffolk" || place == "nassau" {
			return "NY"
		}
		if pennsylvaniaCounties[place] && county {
			return "PA"
		}
		if !county && californiaDistricts[place] != "" {
			return "CA"
		}
	}
	return ""
}

// placeStops are words that belong to the kind of court rather than its place.
var placeStops = fieldSet(`court county city town village borough parish township district division department term special trial general circuit superior supreme municipal
probate juvenile family criminal civil justice common pleas orphans quarter sessions oyer terminer surrogates appeals appeal appellate police corporation judge judicial
magistrate mayor recorder children childrens domestic relations united states law equity part session branch jail delivery peace clerk office chancery commonwealth hustings
housing insolvency land northern southern eastern western middle central upper lower associate marine justices register wills ii iii iv bench banc en other incorporated recorder`)

// place is where the court is: the words before "county", behind "city of" and the
// like, or else all that are left.
func (n *courtName) place(term string) string {
	// "X County", the last one: "New York County Court, King County".
	for k := len(n.words) - 1; k > 0; k-- {
		if n.words[k] != "county" {
			continue
		}
		if p := n.run(k-1, -1); p != "" && !(term == "justice court" || term == "village court" || term == "town court" || term == "justice" || term == "city court" || term == "municipal" && k < len(n.words)-1) {
			return p
		}
		if p := n.run(k+1, 1); p != "" {
			return p
		}
	}
	for _, of := range []string{"village", "town", "city", "borough"} {
		for k, w := range n.words {
			if w == of && k+1 < len(n.words) {
				if p := n.run(k+1, 1); p != "" {
					return p
				}
			}
		}
	}
	// What is left, in a row, the first.
	for k := range n.words {
		if p := n.run(k, 1); p != "" {
			return p
		}
	}
	return ""
}

// run is the words of a place from k on, forwards or backwards, joined.
func (n *courtName) run(k, step int) string {
	var words []string
	for ; k >= 0 && k < len(n.words); k += step {
		w := n.words[k]
		p := n.plain[k]
		// "North Hills" is a place, "Northern" a district; "Garden City" is one too.
		part := len(p) >= 4 && strings.HasSuffix(w, "ern") && !strings.HasSuffix(p, "ern") || w == "city" && len(words) > 0 && step > 0 && k+1 < len(n.words) && n.words[k+1] != "court"
		if w == "," || !part && placeStops[w] || w[0] == '#' || len(w) == 2 && isUpper(w[0]) && n.states != nil {
			break
		}
		if step > 0 {
			words = append(words, p)
		} else {
			words = append([]string{p}, words...)
		}
	}
	return strings.Join(words, "")
}
