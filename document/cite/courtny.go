package cite

import (
	"slices"
	"strings"
	"sync"
)

// newYorkCourt is a court of New York State, whose local identifiers have grown
// by several rules: the county courts end with their kind, the courts of Supreme
// Court have their county without vowels.
func newYorkCourt(n *courtName, code, place string) string {
	if place == "newyork" {
		place = "nyc"
	}
	switch {
	case code == "famct" && n.has("NY city family"):
		return "nycfamct"
	case code == "specsess" && n.has("NY city"):
		return "nynycspecsess"
	}
	// "Family Court, Bronx County" is that county's; "Family Court Bronx County",
	// as older reports have it, is one of the state's family courts.
	if (code == "famct" || code == "surct") && !slices.Contains(n.words, ",") {
		if id := newYorkIDs()["famct "+place+"children"]; id != "" && n.has("childrens") && len(n.states) == 0 {
			return id
		}
		return "ny" + code
	}
	if (code == "cityct" || code == "munict") && n.ofCity() && !slices.Contains(n.words, ",") && place != "westchester" {
		return "nycityct"
	}
	for _, p := range []string{place, strings.TrimSuffix(place, "city")} {
		if id := newYorkIDs()[code+" "+p]; id != "" {
			return id
		}
	}
	city := place == "" || n.has("city NY") && place == "nyc"
	switch code {
	case "famct", "surct", "crimct":
		if place == "" || city && !n.has("county") {
			return "ny" + code
		}
		if n.lastCounty() == "NY" || place == "nyc" {
			place = "nyc"
		}
		return cut("ny" + code + place)
	case "civct":
		// By the borough where a comma sets its county off.
		if slices.Contains(n.words, ",") && n.lastCounty() != "" {
			return map[string]string{"bronx": "nycivctbronx", "kings": "nycivctkings", "newyork": "nycivctny", "queens": "nycivctqueens", "richmond": "nycivctrichm"}[n.lastCounty()]
		}
		return "nycivct"
	case "supct":
		if place == "" {
			return "nysupct"
		}
		if n.has("general term") {
			return cut("nysupct" + place)
		}
		return cut("nysupct" + skeleton(place))
	case "ctyct":
		if place == "" || place == "nyc" {
			return "nycountyct"
		}
		return "ny" + place[:min(len(place), 8)] + "ctyct"
	case "cityct", "munict":
		place = strings.TrimSuffix(place, "city")
		// "City Court of Auburn" is one of the city courts; "Batavia City Court" has
		// an identifier of its own.
		if n.line == " NY city court " {
			return "nynyccityct"
		}
		if place == "" || place == "nyc" || n.has("NY") {
			return "nycityct"
		}
		const whole, short = 7, 6
		if len(place) > whole {
			place = place[:short]
		}
		return cut("ny" + place + "cityct")
	case "justct":
		if place == "" {
			return "nyjustct"
		}
		return cut("nyjustct" + place)
	case "circt":
		if place == "" || place == "nyc" {
			return "nycirct"
		}
		return cut("nycir" + place + "cty")
	case "specsess":
		return "nyspecsessct"
	case "recct":
		if place == "" {
			return "nyctcompl" // where the recorder sat
		}
	case "magct":
		if n.has("city") {
			return "nynycmagct"
		}
		return "nymagct"
	case "oytermct":
		if place == "" {
			return "nyoytermct"
		}
		return cut("nyoytermct" + place)
	case "distct":
		return cut("nydistct" + place)
	case "superct":
		if place == "nyc" || place == "" {
			return "nysuperctnyc"
		}
		return cut("nysuperct" + place)
	case "gensess":
		if place == "nyc" {
			place = ""
		}
	case "ctcompl":
		if place == "nyc" || place == "" {
			return "nyctcompl"
		}
	case "ct", "ctapp":
		return ""
	}
	return cut("ny" + code + place)
}

// ofCity says whether the name begins with the kind of court: "City Court of …".
func (n *courtName) ofCity() bool {
	return len(n.words) > 1 && (n.words[0] == "city" || n.words[0] == "municipal") && n.words[1] == "court"
}

// newYorkIDs are identifiers of New York's local courts that follow no rule, by
// kind and place.
var newYorkIDs = sync.OnceValue(func() map[string]string {
	m := make(map[string]string)
	for _, line := range lines("courts_ny.txt") {
		f := strings.Fields(line)
		for _, pair := range f[1:] {
			place, id, _ := strings.Cut(pair, "=")
			m[f[0]+" "+place] = "ny" + id
		}
	}
	return m
})

// lastCounty is the word before the last "county".
func (n *courtName) lastCounty() string {
	for k := len(n.words) - 1; k > 0; k-- {
		if n.words[k] == "county" {
			return n.words[k-1]
		}
	}
	return ""
}

// skeleton is a long county's name without its vowels, a short one whole.
func skeleton(place string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("aeiou", r) {
			return -1
		}
		return r
	}, place)
}
