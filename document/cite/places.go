package cite

import (
	"strings"
	"sync"
)

// Counties of the states whose local courts are told by the county alone, by what
// their names are in letters alone. Sources: the states' own lists; the districts
// of Ohio's courts of appeals by Ohio Rev. Code § 2501.01.
var (
	ohioDistricts = map[string]string{
		"1": "hamilton", "2": "champaign clark darke greene miami montgomery",
		"3": "allen auglaize crawford defiance hancock hardin henry logan marion mercer paulding putnam seneca shelby union vanwert wyandot",
		"4": "adams athens gallia highland hocking jackson lawrence meigs pickaway pike ross scioto vinton washington",
		"5": "ashland coshocton delaware fairfield guernsey holmes knox licking morgan morrow muskingum perry richland stark tuscarawas",
		"6": "erie fulton huron lucas ottawa sandusky williams wood",
		"7": "belmont carroll columbiana harrison jefferson mahoning monroe noble",
		"8": "cuyahoga", "9": "lorain medina summit wayne", "10": "franklin",
		"11": "ashtabula geauga lake portage trumbull", "12": "brown butler clermont clinton fayette madison preble warren",
	}
	pennsylvaniaCounties = fieldSet(`adams allegheny armstrong beaver bedford berks blair bradford bucks butler cambria cameron carbon centre chester clarion
clearfield clinton columbia crawford cumberland dauphin delaware elk erie fayette forest franklin fulton greene huntingdon indiana jefferson juniata lackawanna lancaster
lawrence lebanon lehigh luzerne lycoming mckean mercer mifflin monroe montgomery montour northampton northumberland perry philadelphia pike potter schuylkill snyder
somerset sullivan susquehanna tioga union venango warren washington wayne westmoreland wyoming york alleghany harrisburg wycoming green pittsburgh scranton`)
	newYorkCounties = fieldSet(`albany allegany bronx broome cattaraugus cayuga chautauqua chemung chenango clinton columbia cortland delaware dutchess erie essex
franklin fulton genesee greene hamilton herkimer jefferson kings lewis livingston madison monroe montgomery nassau newyork niagara oneida onondaga ontario orange orleans
oswego otsego putnam queens rensselaer richmond rockland saratoga schenectady schoharie schuyler seneca stlawrence steuben suffolk sullivan tioga tompkins ulster warren
washington wayne westchester wyoming yates king`)
	// New Jersey's that are none of Pennsylvania's.
	newJerseyCounties = fieldSet(`atlantic bergen burlington camden capemay essex gloucester hudson hunterdon middlesex monmouth morris ocean passaic salem sussex`)
	ohioCounties      = func() map[string]string {
		m := make(map[string]string)
		for n, list := range ohioDistricts {
			for _, c := range strings.Fields(list) {
				m[c] = n
			}
		}
		m["tascarawas"], m["clarke"], m["green"], m["wyandotte"] = "5", "2", "2", "3"
		return m
	}()
)

// circuits gives each county its circuit: "1 hillsdale | 2 berrien".
func circuits(list string) map[string]string {
	m := make(map[string]string)
	for _, c := range strings.Split(list, "|") {
		f := strings.Fields(c)
		for _, county := range f[1:] {
			m[county] = f[0]
		}
	}
	return m
}

// Counties by judicial circuit. Sources: Mich. Comp. Laws §§ 600.502-600.549g; Fla.
// Stat. § 26.021.
var (
	michiganCircuits = circuits(`1 hillsdale | 2 berrien | 3 wayne | 4 jackson | 5 barry | 6 oakland | 7 genesee | 8 ionia montcalm | 9 kalamazoo | 10 saginaw |
11 alger luce mackinac schoolcraft | 12 baraga houghton keweenaw | 13 antrim grandtraverse leelanau | 14 muskegon | 15 branch | 16 macomb | 17 kent | 18 bay |
19 benzie manistee | 20 ottawa | 21 isabella | 22 washtenaw | 23 alcona arenac iosco oscoda | 24 sanilac | 25 marquette | 26 alpena montmorency |
27 newaygo oceana | 28 missaukee wexford | 29 clinton gratiot | 30 ingham | 31 stclair | 32 gogebic ontonagon | 33 charlevoix | 34 ogemaw roscommon |
35 shiawassee | 36 vanburen | 37 calhoun | 38 monroe | 39 lenawee | 40 lapeer | 41 dickinson iron menominee | 42 midland | 43 cass | 44 livingston |
45 stjoseph | 46 crawford kalkaska otsego | 47 delta | 48 allegan | 49 mecosta osceola | 50 chippewa | 51 lake mason | 52 huron | 53 cheboygan presqueisle |
54 tuscola | 55 clare gladwin | 56 eaton | 57 emmet`)
	floridaCircuits = circuits(`1 escambia okaloosa santarosa walton | 2 franklin gadsden jefferson leon liberty wakulla | 3 columbia dixie hamilton lafayette madison suwannee taylor |
4 clay duval nassau | 5 citrus hernando lake marion sumter | 6 pasco pinellas | 7 flagler putnam stjohns volusia | 8 alachua baker bradford gilchrist levy union |
9 orange osceola | 10 hardee highlands polk | 11 miamidade dade | 12 desoto manatee sarasota | 13 hillsborough | 14 bay calhoun gulf holmes jackson washington |
15 palmbeach | 16 monroe munroe | 17 broward | 18 brevard seminole | 19 indianriver martin okeechobee stlucie | 20 charlotte collier glades hendry lee`)
)

func fieldSet(list string) map[string]bool {
	m := make(map[string]bool)
	for _, w := range strings.Fields(list) {
		m[w] = true
	}
	return m
}

// floridaCounties are numbered in the order of the alphabet, as the identifiers of
// their courts are.
var floridaCounties = sync.OnceValue(func() map[string]int {
	m := make(map[string]int)
	for k, c := range strings.Fields(`alachua baker bay bradford brevard broward calhoun charlotte citrus clay collier columbia desoto dixie duval escambia flagler franklin gadsden
gilchrist glades gulf hamilton hardee hendry hernando highlands hillsborough holmes indianriver jackson jefferson lafayette lake lee leon levy liberty madison manatee marion martin
miamidade monroe nassau okaloosa okeechobee orange osceola palmbeach pasco pinellas polk putnam stjohns stlucie santarosa sarasota seminole sumter suwannee taylor union volusia
wakulla walton washington`) {
		m[c] = k + 1
	}
	return m
})
