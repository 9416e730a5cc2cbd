package cite

import (
	"strings"
	"sync"
)

// CourtID is the short identifier of the court that a name or abbreviation means,
// such as "ca9", "nysd" or "ohctcomplfranklin"; empty if it is not known.
// Identifiers are those of courts-db and CourtListener; the identifier of a local
// court is its kind's followed by its place, cut at 15 characters.
func CourtID(name string) string {
	if id, ok := shortCourts()[squeeze(name)]; ok {
		return id
	}
	n := readCourtName(name)
	if len(n.words) == 0 {
		return ""
	}
	if id := federalCourt(n); id != "" {
		return id
	}
	for _, r := range courtRules() {
		if r.fits(n) {
			return strings.Replace(r.id, "#", n.number, 1)
		}
	}
	if s := stateOf(n.state()); s != nil && n.has("attorney general") {
		return s.own + "ag"
	}
	return localCourt(n)
}

// state is the postal code of the state whose court it is: the last named, since
// a place may be named like a state.
func (n *courtName) state() string {
	if len(n.states) == 0 {
		return ""
	}
	return n.states[len(n.states)-1]
}

// A courtRule is a line of the table.
type courtRule struct {
	state     string
	all, none []string
	id        string
}

func (r courtRule) fits(n *courtName) bool {
	state := n.state()
	switch {
	case r.state == "*":
	case r.state == "US":
		if state != "" && !(state == "DC" && n.number != "") {
			return false
		}
	case r.state != state:
		return false
	}
	for _, term := range r.all {
		if term == "#N" {
			if n.number == "" {
				return false
			}
			continue
		}
		if !n.has(strings.Replace(term, "#N", "#"+n.number, 1)) {
			return false
		}
	}
	for _, term := range r.none {
		if n.has(term) {
			return false
		}
	}
	return true
}

var courtRules = sync.OnceValue(func() []courtRule {
	var rules []courtRule
	for _, line := range lines("courts.txt") {
		left, id, _ := strings.Cut(line, " | ")
		terms := strings.Fields(left)
		r := courtRule{state: terms[0], id: id}
		for _, t := range terms[1:] {
			if none, ok := strings.CutPrefix(t, "!"); ok {
				r.none = append(r.none, none)
			} else {
				r.all = append(r.all, t)
			}
		}
		rules = append(rules, r)
	}
	return rules
})

// shortCourts are abbreviations as citations have them, squeezed. Source: The
// Bluebook, table T1.
var shortCourts = sync.OnceValue(func() map[string]string {
	m := map[string]string{
		"us": "scotus", "fedcir": "cafc", "dccir": "cadc", "caaf": "armfor", "cma": "cma", "taxct": "tax", "ustaxct": "tax", "tc": "tax", "fedcl": "uscfc", "clct": "uscfc",
		"ctcl": "cc", "ctintltrade": "cit", "cit": "cit", "ccpa": "ccpa", "vetapp": "cavc", "cavc": "cavc", "bia": "bia", "jpml": "jpml", "bta": "bta", "fisactrev": "fiscr",
		"sdny": "nysd", "edny": "nyed", "ndny": "nynd", "wdny": "nywd", "ndcal": "cand", "ttab": "ttab", "ptab": "ptab", "acca": "acca", "afcca": "afcca", "armyctcrimapp": "acca",
		"nyappdiv": "nyappdiv", "appdiv": "nyappdiv", "nysupct": "nysupct", "nyfamct": "nyfamct", "nysurct": "nysurct", "njsuperctappdiv": "njsuperctappdiv",
		"njsuperappdiv": "njsuperctappdiv", "fladistctapp": "fladistctapp", "delch": "delch", "delsuper": "delsuperct", "pacommwct": "pacommwct", "pasuper": "pasuperct",
		"pasuperct": "pasuperct", "texcrimapp": "texcrimapp", "texapp": "texapp", "mdctspecapp": "mdctspecapp", "mdspecapp": "mdctspecapp", "massappct": "massappct",
		"alacivapp": "alacivapp", "alacrimapp": "alacrimapp", "tenncrimapp": "tenncrimapp", "oklacrimapp": "oklacrimapp", "oklacivapp": "oklacivapp", "hawctapp": "hawapp",
		"judpanmultidistlit": "jpml", "bap": "", "fla1stdca": "fladistctapp1", "mnctapp": "minnctapp", "bpai": "bpai",
		"scotus": "scotus", "actcrimapp": "acca", "afctcrimapp": "afcca", "airforcectcrimapp": "afcca", "nmctcrimapp": "nmcca", "navymarinectcrimapp": "nmcca", "nmcca": "nmcca",
		"navymarinecorpsctcrimapp": "nmcca", "cgctcrimapp": "uscgcoca", "coastguardctcrimapp": "uscgcoca", "cgcca": "uscgcoca", "acmr": "usarmymilrev", "afcmr": "usafctmilrev",
		"nmcmr": "usnmcmilrev", "cgcmr": "cgcomilrev", "ctmilcommnrev": "mc", "usctmilcommnrev": "mc", "fisact": "fisc", "fisc": "fisc", "fiscr": "fiscr", "mspb": "mspb", "bva": "bva",
		"tempemerctapp": "tecoa", "emerctapp": "eca", "regrailreorgct": "reglrailreorgct", "regionalrailreorgct": "reglrailreorgct", "commct": "com", "custct": "cusc", "ctcustpatapp": "ccpa",
		"calappdeptsuperct": "calappdeptsuper", "indtc": "indtc", "indtaxct": "indtc", "ortc": "ortc", "nyappterm": "nyappterm", "appterm": "nyappterm", "nyctcl": "nyclaimsct", "arizt": "ariztaxct",
	}
	for k, c := range []string{"1st", "2d", "3d", "4th", "5th", "6th", "7th", "8th", "9th", "10th", "11th"} {
		num := strings.TrimRight(c, "stdh")
		m[c+"cir"], m[c+"circuit"] = "ca"+num, "ca"+num
		m["bap"+c+"cir"], m[c+"cirbap"] = "bap"+num, "bap"+num
		if k < 6 {
			m["fladistctapp"+c] = "fladistctapp" + num
			m["fla"+c+"dca"], m["fla"+c+"distctapp"] = "fladistctapp"+num, "fladistctapp"+num
		}
	}
	m["2ndcir"], m["3rdcir"], m["2ndcircuit"], m["3rdcircuit"] = "ca2", "ca3", "ca2", "ca3"
	for _, s := range states {
		abbr, postal := squeeze(s.abbr), strings.ToLower(s.postal)
		m[abbr], m[squeeze(s.name)] = s.own, s.own
		for _, app := range []string{"app", "ctapp", "appct"} {
			if _, ok := m[abbr+app]; !ok && s.appeals != s.own {
				m[abbr+app] = s.appeals
			}
		}
		for _, d := range strings.Split(s.divisions, "") {
			if d == "-" {
				continue
			}
			dir := strings.ToLower(d)
			m[dir+"d"+abbr], m["bankr"+dir+"d"+abbr] = postal+dir+"d", bankruptcyCourt(postal, dir)
			m[dir+"d"+postal] = postal + dir + "d"
		}
		if s.divisions == "" {
			m["d"+abbr], m["bankrd"+abbr] = districtCourt(s.postal, ""), bankruptcyCourt(postal, "")
		}
	}
	return m
})

// Identifiers that do not follow their rule. Source: courts-db.
var (
	circuitIDs    = map[string]string{"circtdtn": "circttenn", "circtsdtx": "circtsdtex", "circtwdtx": "circtwdtex", "circtdny": "circtny"}
	bankruptcyIDs = map[string]string{"az": "arb", "ne": "nebraskab", "mp": "nmib"}
	// former are courts of districts that are no more.
	former = map[string]string{"IL e": "illinoised", "SC e": "southcarolinaed", "SC w": "southcarolinawd"}
	// undivided are the courts of states before they had several districts.
	undivided = map[string]string{
		"CA": "californiad", "IL": "illinoisd", "IN": "indianad", "OH": "ohiod", "PA": "pennsylvaniad", "TN": "tennessed", "WI": "wisconsind", "MS": "missd", "MI": "michd", "WA": "washd", "WV": "wvad", "MP": "nmid",
	}
)

func bankruptcyCourt(postal, division string) string {
	if id := bankruptcyIDs[postal]; id != "" {
		return id
	}
	return postal + division + "b"
}

// districtCourt is a state's federal district court; division is the initial of
// the district's name, empty if there is but one.
func districtCourt(postal, division string) string {
	p := strings.ToLower(postal)
	if division == "" {
		if id := undivided[postal]; id != "" {
			return id
		}
		return p + "d"
	}
	return p + division + "d"
}

// federalCourt is a district or bankruptcy court, or an early circuit court, of a
// state.
func federalCourt(n *courtName) string {
	state := n.state()
	us := n.has("united") || n.has("states") || n.has("federal")
	if state == "" && (us || n.division() != "") {
		state = n.seatState()
	}
	s := stateOf(state)
	if s == nil || n.has("circuit court appeals") || n.has("appellate panel") {
		return ""
	}
	postal := strings.ToLower(state)
	division := n.division()
	if id := former[state+" "+division]; id != "" && us && n.has("district") {
		return id
	}
	// "Massachusetts District Court", where a state's own courts are called so.
	if !us && division == "" && ownDistrictCourts[state] && n.has(state+" district court") {
		return ""
	}
	// A district that the state does not have is part of something else's name.
	if division != "" && !strings.Contains(strings.ToLower(s.divisions), division) {
		division = ""
	}
	switch {
	case n.has("bankruptcy"):
		if division == "" && s.divisions != "" {
			division = soleCity(n, postal)
		}
		return bankruptcyCourt(postal, division)
	case n.has("circuit court") && !n.has("district court") && us && n.number == "":
		return circuitCourt(postal, division)
	case n.has("circuit court") && !n.has("district court") && division != "" && !n.has("county") && n.has("district"):
		return circuitCourt(postal, division)
	case n.has("district court") || n.has("district") && division != "" && !n.has("appeal") && !n.has("appeals") || us && n.has("district"):
		if n.has("appeal") || n.has("appeals") || n.has("supreme") || n.has("county") && !us || n.has("superior") || n.has("municipal") || n.has("probate") {
			return ""
		}
		named := us || division != "" || n.abbreviatedDistrict() || s.divisions == "" && (n.number == "" || n.has("#"+n.number+" division")) || n.has("territory")
		if !named {
			return ""
		}
		if division == "" && s.divisions != "" {
			division = soleCity(n, postal)
		}
		return districtCourt(state, division)
	case n.has("circuit court") && !us && !n.has("county") && (!circuitStates[state] || n.abbreviatedDistrict()):
		return circuitCourt(postal, "")
	}
	return ""
}

// circuitCourt is the federal circuit court, of before 1912, of a state's district.
func circuitCourt(postal, division string) string {
	id := "circt" + division + "d" + postal
	if irregular := circuitIDs[id]; irregular != "" {
		return irregular
	}
	return id
}

// ownDistrictCourts are states whose own trial courts are called district courts.
var ownDistrictCourts = fieldSet("AK AL MA MN NC NV")

// abbreviatedDistrict says whether the name has "District Court, D." before the
// state.
func (n *courtName) abbreviatedDistrict() bool {
	for k := 1; k < len(n.words); k++ {
		if len(n.words[k]) == 2 && isUpper(n.words[k][0]) && (n.words[k-1] == "d" || n.words[k-1] == "district" || n.words[k-1] == "court") {
			return true
		}
	}
	return false
}

// division is the initial of the district: the direction that is followed by
// "district" rather than "division", "" if there is none.
func (n *courtName) division() string {
	found := ""
	for k, w := range n.words {
		switch w {
		case "northern", "southern", "eastern", "western", "middle", "central":
		default:
			continue
		}
		next := ""
		if k+1 < len(n.words) {
			next = n.words[k+1]
		}
		if next == "district" || k > 0 && n.words[k-1] == "district" && next != "division" {
			return w[:1]
		}
		if found == "" {
			found = w[:1]
		}
	}
	return found
}

// soleCity tells a divided state's district by a city where the court sits.
// Source: 28 U.S.C. §§ 81-131.
func soleCity(n *courtName, postal string) string {
	for _, w := range n.words {
		if d := seats[postal+" "+w]; d != "" {
			return d
		}
	}
	return ""
}

var seats = func() map[string]string {
	m := make(map[string]string)
	for _, line := range strings.Split(`fl s miami lauderdale palm|fl m tampa orlando jacksonville|fl n tallahassee pensacola|ny s manhattan|ny e brooklyn|ny n albany syracuse|ny w buffalo rochester|
ca c angeles|ca n francisco oakland jose|ca s diego|ca e sacramento fresno|il n chicago rockford|il c springfield peoria|tx s houston laredo|tx n dallas worth|tx w austin antonio|tx e tyler beaumont|
oh n cleveland toledo akron|oh s cincinnati columbus dayton|pa e philadelphia|pa w pittsburgh erie|pa m harrisburg scranton|mi e detroit flint|mi w rapids|ga n atlanta|ga m macon|ga s savannah|
la e orleans|la m rouge|la w shreveport lafayette|mo e louis|mo w kansas|tn m nashville|tn w memphis|tn e knoxville chattanooga|va e alexandria richmond norfolk|va w roanoke|wa w seattle tacoma|wa e spokane|
wi e milwaukee|wi w madison|ky w louisville|ky e lexington covington|al n birmingham|al m montgomery|al s mobile|in s indianapolis|in n hammond|ia s moines|ms s jackson|ok n tulsa|ok w oklahoma|ar e rock|nc e raleigh|nc m greensboro|nc w charlotte asheville`, "|") {
		f := strings.Fields(line)
		for _, city := range f[2:] {
			m[f[0]+" "+city] = f[1]
		}
	}
	return m
}()

// seatState is the state of a city where a federal court sits, empty if no city of
// the name is one.
func (n *courtName) seatState() string {
	for _, w := range n.words {
		found := ""
		for key := range seats {
			if postal, city, _ := strings.Cut(key, " "); city == w {
				if found != "" {
					found = ""
					break
				}
				found = strings.ToUpper(postal)
			}
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// circuitStates have, or had, circuit courts of their own. In others a circuit
// court is the federal one of before 1912.
var circuitStates = fieldSet("AL AR FL HI IL IN KY MD MI MS MO OH OR SC SD TN VA WV WI CT NJ MA ND NY")

func stateOf(postal string) *state {
	for k := range states {
		if states[k].postal == postal {
			return &states[k]
		}
	}
	return nil
}
