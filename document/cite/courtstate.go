package cite

import "strings"

// newJerseyCourt is a county's or town's court of New Jersey. Its county courts are
// parts of the superior court, the orphans' courts surrogates'.
func newJerseyCourt(code, place string) string {
	switch code {
	case "qtrsess":
		return cut("njqrtsess" + place)
	case "orphct", "surct":
		return cut("njsurrct" + place)
	case "juvct":
		return cut("njfamct" + place)
	case "superct", "ctyct":
		return cut("njsuper" + place)
	case "munict", "recct":
		return "njmunict" + place[:min(len(place), 6)]
	}
	return cut("nj" + code + place)
}

func ohioCourt(code, place string, n *courtName) string {
	switch code {
	case "ctapp":
		number := n.number
		if number == "" {
			number = ohioCounties[place]
		}
		if number == "" {
			return "ohctapp"
		}
		return cut("ohctapp" + number + place)
	case "superct":
		return cut("ohsuperct" + place[:min(len(place), 5)])
	case "ctinsolv":
		return cut("ohctinsolv" + place)
	case "ctyct":
		if place != "" {
			return cut("ohioctyct" + place)
		}
	case "ct":
		return ""
	}
	if place == "" {
		return map[string]string{"ctcompl": "ohioctcompl", "circt": "ohiocirct", "munict": "ohiomunict", "probct": "ohprobct", "juvct": "ohjuvct", "ctyct": "ohiocountyct"}[code]
	}
	if code == "probct" && place == "vanwert" {
		place = "vanwer"
	}
	return cut("oh" + code + place)
}

func pennsylvaniaCourt(code, place string, n *courtName) string {
	switch code {
	case "ctcompl", "ctyct", "distct":
		if place == "" {
			return "pactcompl"
		}
		return cut("pactcompl" + place)
	case "mayorct":
		return "philamayorct"
	case "recct":
		return "philarec"
	case "munict":
		if place == "" {
			return "pamunict"
		}
		return cut("pamunict" + strings.TrimSuffix(place, "delphia")[:min(len(place), 5)])
	case "ctapp", "ct":
		return ""
	}
	if code == "orphct" || code == "crimct" {
		place = place[:min(len(place), 6)]
	}
	return cut("pa" + code + place)
}

// californiaDistricts are the places of California's district courts of before 1880.
var californiaDistricts = map[string]string{
	"monterey": "monterey", "placer": "placer", "sacramento": "sac", "sanfrancisco": "sf", "santacruz": "santacruz", "shasta": "shasta", "siskiyou": "siskiyou",
	"trinity": "trinity", "yreka": "yreka", "yuba": "yuba",
}

func californiaCounty(place string) string {
	switch place {
	case "losangeles":
		return "la"
	case "sanfrancisco", "sanfransico", "sanfrancsico":
		return "sf"
	}
	return place
}
